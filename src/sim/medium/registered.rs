//! 등기우편: a letter that somebody signs for. Days, as any letter; but the sender is told who has it, or gets it back.
//!
//! Not here: proof of contents (내용증명), special service of court papers, public notice after a failed delivery.

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
        // assumed: as an ordinary letter with a day less at the end, because it is carried to the door and not with the
        // round: printing and post, two to six days.
        shows: Spread::Uniform(Span::from_days(2), Span::from_days(6)),
        // assumed: the postman's hand terminal sends the signature the same day.
        receipt: Spread::Uniform(Span::from_secs(60), Span::from_hours(8)),
        // assumed: after two weeks without a signature the sender's own list calls it open.
        answer: Answer::Polling(Span::from_days(14)),
        // A signature says who took it, not who read it.
        tells_opened: false,
        needs: Needs::Address,
        limit: Limit::None,
        rate: None,
        // Korea Post tariff since 2025-06-01 (tlaa8.com, 2025): 430 won and 2,400 won for the registration.
        price: 283_000,
        day_only: false,
        // Korea Post, 2026: letters are carried to the door from Monday to Friday; public holidays are left out here.
        weekdays: true,
        // assumed: 15 % come back. One call at the door and four days at the counter, then it goes back; homes of one
        // person or of two who work are empty by day (Seoul Shinmun, 2026-03-06, on Gangnam's fines).
        returned: Share::from_ppm(150_000),
        // Every hand that takes it writes so: none goes missing unseen.
        astray: Share::NONE,
        stored: false,
        spoken: false,
        capability: Capability::Mail,
    }
}
