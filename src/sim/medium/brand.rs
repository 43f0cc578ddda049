//! 브랜드 메시지: adverts to a channel's friends, the successor of 친구톡 since 2026-01-01. Never at night.
//!
//! Not here: sending to consenting people who are not friends (targets M and N), which needs 50,000 friends.

use crate::sim::dice::Share;
use crate::sim::medium::{Adverts, Answer, Capability, Form, Limit, MediumRules, Needs, log_normal};
use crate::sim::model::medium::Network;
use crate::sim::time::Span;

/// A message's outer form.
pub const FORM: Form = Form {
    // The text type has a body and buttons only; a title that a file gives all the same is not measured.
    title: Limit::None,
    // sendon SDK documentation v0.9.7, 2025: at most 5 buttons on the text type.
    buttons: Some(5),
    // Bizgo agent documentation, 2026: `adFlag: Y` is required, and the platform prints `(광고)`.
    adverts: Adverts::Always,
};

/// The sourced defaults.
pub fn rules() -> MediumRules {
    MediumRules {
        network: Network::Kakao,
        // assumed: as alimtalk, on the same platform.
        shows: log_normal(Span::from_millis(400), Span::from_secs(3)),
        // assumed: as alimtalk.
        receipt: log_normal(Span::from_millis(500), Span::from_secs(4)),
        // assumed: an advert is billed when it is handed over; nobody waits for its receipt.
        answer: Answer::Push,
        // assumed: the partner centre counts readers of adverts.
        tells_opened: true,
        // Target I, friends of the channel (NHN Cloud brand message guide, 2026).
        needs: Needs::KakaoFriend,
        // Bizgo agent documentation, 2026: text type 1,300 characters.
        limit: Limit::Chars(1_300),
        rate: None,
        // docs.hackle.io, 2026-01: 25 won to a friend (35 to others); without VAT.
        price: 2_500,
        // Network Act Art. 50 forbids 21:00-08:00 without a separate consent; the platform stops at 20:50 with 3022.
        day_only: true,
        weekdays: false,
        returned: Share::NONE,
        astray: Share::NONE,
        stored: true,
        spoken: false,
        capability: Capability::Ads,
    }
}
