//! Login 로그인 거절: phones that come anew are refused; those that are in stay in. Sticky, it is always the same phones.
//!
//! Seen in: KakaoTalk for PC, 2024-05-21, 54 minutes of the morning; the login storm of 2022-10-16.

use crate::sim::fault::judge::Bite;
use crate::sim::model::code::Code;
use crate::sim::model::event::Leg;

/// What a crossing meets.
pub fn bite(leg: Leg) -> Option<Bite> {
    (leg == Leg::Connect).then_some(Bite::Refuse(Code::NOT_IN_SERVICE))
}
