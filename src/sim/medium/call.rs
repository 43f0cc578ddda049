//! 전화: a telephone call by a person, as in an emergency contact chain: the baseline that messages are compared with.

use crate::sim::dice::{Share, Spread};
use crate::sim::medium::{Adverts, Answer, Capability, Form, Limit, MediumRules, Needs};
use crate::sim::model::medium::Network;
use crate::sim::time::Span;

/// A call's outer form.
pub const FORM: Form = Form { title: Limit::None, buttons: None, adverts: Adverts::Free };

/// The sourced defaults.
pub fn rules() -> MediumRules {
    MediumRules {
        network: Network::Mobile,
        // assumed: looking the number up, dialling and ringing until somebody answers.
        shows: Spread::Uniform(Span::from_secs(10), Span::from_secs(40)),
        // The caller hears the answer.
        receipt: Spread::Fixed(Span::ZERO),
        // assumed: nobody lets it ring for longer.
        answer: Answer::Polling(Span::from_secs(60)),
        // Who answers has heard it; there is no later reading that anybody could tell of.
        tells_opened: false,
        needs: Needs::Phone,
        limit: Limit::None,
        rate: None,
        // assumed: staff make the calls in their working time; a scenario that pays for them gives a price.
        price: 0,
        day_only: false,
        weekdays: false,
        // assumed: one call in five is not answered, because people are at work, driving or asleep.
        returned: Share::from_ppm(200_000),
        astray: Share::NONE,
        stored: false,
        spoken: true,
        capability: Capability::Text,
    }
}
