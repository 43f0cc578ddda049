//! 우편: an ordinary letter. Days instead of seconds, and nobody tells the sender that it arrived.
//!
//! Not here: registered mail (`registered`), public notice after a failed delivery.

use crate::sim::dice::{Share, Spread};
use crate::sim::medium::{Adverts, Answer, Capability, Form, Limit, MediumRules, Needs};
use crate::sim::model::medium::Network;
use crate::sim::time::Span;

/// A message's outer form.
pub const FORM: Form = Form { title: Limit::None, buttons: None, adverts: Adverts::Free };

/// The sourced defaults.
pub fn rules() -> MediumRules {
    MediumRules {
        network: Network::Post,
        // Printing and the post together take 2 to 7 days; Jeonju gives 7 days for paper in 2025-11.
        shows: Spread::Uniform(Span::from_days(2), Span::from_days(7)),
        // Never asked: nobody reports. A letter that comes back takes as long again as the way out (`engine::delivery`).
        receipt: Spread::Uniform(Span::from_days(2), Span::from_days(7)),
        answer: Answer::Silent,
        tells_opened: false,
        needs: Needs::Address,
        limit: Limit::None,
        // assumed: what one print shop hands in; no figure found that binds.
        rate: None,
        // Korea Post tariff since 2025-06-01 (tlaa8.com, 2025): 430 won for an ordinary letter.
        price: 43_000,
        day_only: false,
        // Korea Post, 2026: letters are carried to the door from Monday to Friday; public holidays are left out here.
        weekdays: true,
        // assumed: 5 % come back, because about one household in eight moves in a year and the forwarding order lapses.
        returned: Share::from_ppm(50_000),
        // assumed: 0.5 % reach nobody: wrong box, thrown away unseen. An ordinary letter leaves no trace of it.
        astray: Share::from_ppm(5_000),
        stored: false,
        spoken: false,
        capability: Capability::Mail,
    }
}
