//! 인증톡: a certified e-document that asks for proof of identity before it opens; reading it has legal force.
//!
//! Proof of identity, links that run out, reminders and certificates are `plan::service::certified`'s, because a scenario
//! says them kind by kind. Not here: consent to e-documents. It is addressed by connecting information (CI) in the
//! world, by the person here.

use crate::sim::dice::Share;
use crate::sim::medium::{Adverts, Answer, Capability, Form, Limit, MediumRules, Needs, log_normal};
use crate::sim::model::medium::Network;
use crate::sim::time::Span;

/// A message's outer form.
pub const FORM: Form = Form {
    // assumed: the invitation is a templated business message, in the form of alimtalk.
    title: Limit::Chars(50),
    buttons: Some(5),
    adverts: Adverts::Never,
};

/// The sourced defaults.
pub fn rules() -> MediumRules {
    MediumRules {
        network: Network::Kakao,
        // assumed: the relayer looks the person up first, so slower than alimtalk.
        shows: log_normal(Span::from_secs(1), Span::from_secs(5)),
        // assumed: as alimtalk.
        receipt: log_normal(Span::from_millis(500), Span::from_secs(4)),
        // assumed: the relayer waits as long as an alimtalk vendor does (Bizgo SDK 1.2.0, 2026: 180 s).
        answer: Answer::Polling(Span::from_secs(180)),
        // KISA npost.kr, 2026: the times of sending, receiving and reading are recorded and told.
        tells_opened: true,
        // LH, press articles of 2022: to the phone in the contract holder's own name.
        needs: Needs::KakaoHolder,
        // assumed: as alimtalk.
        limit: Limit::Chars(1_300),
        rate: None,
        // assumed: 5.5 won, what the police paid for a mobile e-notice (Hankyoreh, 2022-05-23); relayers differ.
        price: 550,
        day_only: false,
        weekdays: false,
        returned: Share::NONE,
        astray: Share::NONE,
        stored: true,
        spoken: false,
        capability: Capability::Alimtalk,
    }
}
