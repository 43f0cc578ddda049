//! Refuse 거절: a share of crossings is answered with a result code.
//!
//! Seen in: KakaoTalk, 2024-05-13 (80 % of users for six minutes) and 2024-05-21 (8 % for 54 minutes).

use crate::sim::fault::judge::Bite;
use crate::sim::model::code::Code;
use crate::sim::model::event::Leg;

/// What a crossing meets. A receipt or report that is refused is gone: nobody sends it again.
pub fn bite(code: Code, leg: Leg) -> Bite {
    match leg {
        Leg::Submit | Leg::Connect | Leg::Deliver | Leg::Identify => Bite::Refuse(code),
        Leg::Receipt | Leg::Report => Bite::Drop,
    }
}
