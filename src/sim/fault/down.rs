//! Down 불통: the network is gone. Calls and handshakes fail as `how` says; what was on its way waits; reports wait.
//!
//! Seen in: KakaoTalk, 2022-10-15, the first ten hours. Sessions are cut when the window opens (`engine::sessions`).

use crate::sim::fault::DownHow;
use crate::sim::fault::judge::Bite;
use crate::sim::model::code::Code;
use crate::sim::model::event::Leg;

/// What a crossing meets.
pub fn bite(how: DownHow, leg: Leg) -> Bite {
    match (leg, how) {
        (Leg::Deliver | Leg::Receipt | Leg::Report, _) => Bite::Hold,
        (Leg::Submit | Leg::Connect | Leg::Identify, DownHow::Reject) => Bite::Refuse(Code::NOT_IN_SERVICE),
        (Leg::Submit | Leg::Connect | Leg::Identify, DownHow::Hang) => Bite::NoAnswer { hang: true },
        (Leg::Submit | Leg::Connect | Leg::Identify, DownHow::Reset) => Bite::NoAnswer { hang: false },
    }
}
