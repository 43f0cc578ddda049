//! 앱 알림: a push message of another application than the messenger, to those who picked it, as a citizen of the national
//! secretary service picks the application that public notices come by (Ministry of the Interior and Safety, 2021-03).

use crate::sim::dice::Share;
use crate::sim::medium::{Adverts, Answer, Capability, Form, Limit, MediumRules, Needs, log_normal};
use crate::sim::model::medium::Network;
use crate::sim::time::Span;

/// A message's outer form.
pub const FORM: Form = Form {
    title: Limit::None,
    // assumed: as the messenger's notices, so that one wording goes by both.
    buttons: Some(5),
    // Network Act Art. 50, 2026: an advert begins with `(광고)`, and here its writer has to see to it.
    adverts: Adverts::Marked,
};

/// The defaults; the applications publish no figures.
pub fn rules() -> MediumRules {
    MediumRules {
        network: Network::App,
        // assumed: as alimtalk, which is a push message as well.
        shows: log_normal(Span::from_millis(400), Span::from_secs(3)),
        // assumed: as alimtalk.
        receipt: log_normal(Span::from_millis(500), Span::from_secs(4)),
        // assumed: as alimtalk.
        answer: Answer::Polling(Span::from_secs(180)),
        // assumed: as alimtalk.
        tells_opened: false,
        needs: Needs::Member,
        // assumed: as alimtalk.
        limit: Limit::Chars(1_300),
        rate: None,
        // assumed: as alimtalk.
        price: 800,
        day_only: false,
        returned: Share::NONE,
        astray: Share::NONE,
        stored: true,
        spoken: false,
        weekdays: false,
        // A network of its own comes back at once: it has no stages.
        capability: Capability::Text,
    }
}
