//! 재난문자 (CBS): cell broadcast to every phone of an area. No receipt from anybody, no charge, nothing personal.
//!
//! Levels, tones and the longer text of newer phones are `plan::service::alert`'s, because a scenario says them kind by
//! kind; who stands in a region is `plan::traits`'. Not here: the 24-hour check for doubles, the shapes of cells.

use crate::sim::dice::{Share, Spread};
use crate::sim::medium::{Adverts, Answer, Capability, Form, Limit, MediumRules, Needs};
use crate::sim::model::medium::Network;
use crate::sim::time::Span;

/// A message's outer form.
pub const FORM: Form = Form { title: Limit::None, buttons: None, adverts: Adverts::Never };

/// The sourced defaults.
pub fn rules() -> MediumRules {
    MediumRules {
        network: Network::Cell,
        // assumed: the cells repeat a message every few seconds (TS 22.268 asks for prompt delivery, no figure).
        shows: Spread::Uniform(Span::from_secs(1), Span::from_secs(10)),
        receipt: Spread::Fixed(Span::ZERO),
        // TS 22.268 (KPAS), release 11: cell broadcast has no acknowledgement.
        answer: Answer::Silent,
        tells_opened: false,
        needs: Needs::Phone,
        // 90 characters on every phone. 157 have been tried in four cities since 2025-10 and were planned for the
        // whole country for 2026-10; phones from before 2019 stay at 90, so nobody may count on more.
        limit: Limit::Chars(90),
        rate: None,
        // Disaster Act Art. 38-2, 2026: free of charge.
        price: 0,
        // Its own rule (06-21 h for the mildest level) is about alarm tones, not about adverts.
        day_only: false,
        weekdays: false,
        returned: Share::NONE,
        astray: Share::NONE,
        stored: false,
        spoken: false,
        capability: Capability::Text,
    }
}
