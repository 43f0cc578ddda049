//! 단문 문자: 90 bytes over the carrier, to any phone.
//!
//! Not here: registration of sender numbers, spam filters, the cap of 500 a day on a personal number.

use crate::sim::dice::{Share, Spread};
use crate::sim::medium::{Adverts, Answer, Capability, Form, Limit, MediumRules, Needs};
use crate::sim::model::medium::Network;
use crate::sim::time::Span;

/// A message's outer form.
pub const FORM: Form = Form {
    // A short text has no subject; one that a file gives all the same is not sent.
    title: Limit::None,
    buttons: None,
    // Network Act Art. 50, 2026: an advert begins with `(광고)`; no carrier writes it for the sender.
    adverts: Adverts::Marked,
};

/// The sourced defaults.
pub fn rules() -> MediumRules {
    MediumRules {
        network: Network::Mobile,
        // assumed: seconds when the carrier is not loaded. NHN Cloud alimtalk console guide, 2026-06: a fallback text
        // may take tens of seconds to the phone, most of it before the carrier has it.
        shows: Spread::Uniform(Span::from_secs(1), Span::from_secs(8)),
        // assumed: the carrier's report comes within seconds of the phone's answer.
        receipt: Spread::Uniform(Span::from_secs(1), Span::from_secs(10)),
        // NHN Cloud SMS guide, 2026: without a carrier's report after 25 h the result is 2000.
        answer: Answer::Polling(Span::from_hours(25)),
        tells_opened: false,
        needs: Needs::Phone,
        // NHN Cloud SMS API v3.0, 2026: 90 bytes of EUC-KR; counted in CP949, as Bizgo does.
        limit: Limit::Cp949Bytes(90),
        rate: None,
        // docs.hackle.io, 2026-01: 12 won; without VAT.
        price: 1_200,
        // The carriers take adverts at any hour; the night is the sender's duty. A scenario may switch the rule on.
        day_only: false,
        weekdays: false,
        returned: Share::NONE,
        astray: Share::NONE,
        stored: true,
        spoken: false,
        capability: Capability::Text,
    }
}
