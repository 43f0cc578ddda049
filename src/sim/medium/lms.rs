//! 장문 문자: 2,000 bytes over the carrier, with a subject; three times the price of a short text.

use crate::sim::dice::{Share, Spread};
use crate::sim::medium::{Adverts, Answer, Capability, Form, Limit, MediumRules, Needs};
use crate::sim::model::medium::Network;
use crate::sim::time::Span;

/// A message's outer form.
pub const FORM: Form = Form {
    // NHN Cloud SMS API v3.0, 2026: subject 40 bytes of EUC-KR.
    title: Limit::Cp949Bytes(40),
    buttons: None,
    // Network Act Art. 50, 2026: an advert begins with `(광고)`; no carrier writes it for the sender.
    adverts: Adverts::Marked,
};

/// The sourced defaults.
pub fn rules() -> MediumRules {
    MediumRules {
        network: Network::Mobile,
        // assumed: slower than a short text, because the phone fetches it from the carrier's message centre.
        shows: Spread::Uniform(Span::from_secs(2), Span::from_secs(8)),
        // assumed: as sms.
        receipt: Spread::Uniform(Span::from_secs(1), Span::from_secs(10)),
        // NHN Cloud SMS guide, 2026: without a carrier's report after 80 h the result is 2000.
        answer: Answer::Polling(Span::from_hours(80)),
        tells_opened: false,
        needs: Needs::Phone,
        // NHN Cloud SMS API v3.0, 2026: 2,000 bytes of EUC-KR; counted in CP949, as Bizgo does.
        limit: Limit::Cp949Bytes(2_000),
        rate: None,
        // docs.hackle.io, 2026-01: 39 won; without VAT. An alimtalk of more than 90 bytes falls back to this price.
        price: 3_900,
        day_only: false,
        weekdays: false,
        returned: Share::NONE,
        astray: Share::NONE,
        stored: true,
        spoken: false,
        capability: Capability::Text,
    }
}
