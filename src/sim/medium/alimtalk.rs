//! 알림톡: an informational template message to a phone number. Reviewed text, no adverts, no night rule.

use crate::sim::dice::Share;
use crate::sim::medium::{Adverts, Answer, Capability, Form, Limit, MediumRules, Needs, log_normal};
use crate::sim::model::medium::Network;
use crate::sim::time::Span;

/// A message's outer form.
pub const FORM: Form = Form {
    // NHN Cloud Alimtalk overview, 2026-06: title of an emphasised template 50 characters; at most 5 buttons.
    title: Limit::Chars(50),
    buttons: Some(5),
    // NHN Cloud Notification Hub, 2026: purpose AD cannot use alimtalk. Review turns an advert down.
    adverts: Adverts::Never,
};

/// The sourced defaults.
pub fn rules() -> MediumRules {
    MediumRules {
        network: Network::Kakao,
        // assumed: no operator publishes arrival times; under half a second in the usual case, seconds in the tail.
        shows: log_normal(Span::from_millis(400), Span::from_secs(3)),
        // assumed: one more crossing of the same network, and the vendor's webhook.
        receipt: log_normal(Span::from_millis(500), Span::from_secs(4)),
        // Bizgo SDK 1.2.0, 2026: `responseMethod: polling` waits 10 to 86,400 s for a receipt, 180 by default. The
        // other mode, push, is the vendor's default but would hide every silent outage; a scenario may ask for it.
        answer: Answer::Polling(Span::from_secs(180)),
        // assumed: the notice's link tells its reading, as in Mapo-gu's chain of 2020 (unread for 24 h, then a text).
        tells_opened: true,
        // NHN Cloud error codes, 2026-06: 3018, 3019, 3020; friendship is not needed.
        needs: Needs::KakaoAccount,
        // The guide says 1,000 characters, the API takes 1,300 (NHN Cloud release notes, 2026; Bizgo `text`). What
        // really refuses a message is the API, so its figure is the hard limit.
        limit: Limit::Chars(1_300),
        rate: None,
        // docs.hackle.io, 2026-01: 10 won list price, 8 won paid in practice; without VAT.
        price: 800,
        day_only: false,
        weekdays: false,
        returned: Share::NONE,
        astray: Share::NONE,
        stored: true,
        spoken: false,
        capability: Capability::Alimtalk,
    }
}
