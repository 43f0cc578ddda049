//! 이메일: taken by the mail server at once, bounced minutes to days later if the address is dead.
//!
//! Not here: spam folders, attachments, several addresses of one person.

use crate::sim::dice::Share;
use crate::sim::medium::{Adverts, Answer, Capability, Form, Limit, MediumRules, Needs, log_normal};
use crate::sim::model::medium::Network;
use crate::sim::time::Span;

/// A message's outer form.
pub const FORM: Form = Form {
    title: Limit::None,
    buttons: None,
    // Network Act Art. 50, 2026. The mark belongs into the subject of a mail; here the text is looked at, as anywhere.
    adverts: Adverts::Marked,
};

/// The sourced defaults.
pub fn rules() -> MediumRules {
    MediumRules {
        network: Network::Mail,
        // assumed: seconds, and a quarter of an hour where the other side greylists.
        shows: log_normal(Span::from_secs(5), Span::from_secs(900)),
        // assumed: most bounces come in a minute; a server that does not answer is given up after days (RFC 5321
        // section 4.5.4.1, 2008: at least 4 to 5), which is why a bounce is late.
        receipt: log_normal(Span::from_secs(60), Span::from_days(4)),
        // The server's acceptance is all that the sender hears in good time.
        answer: Answer::Push,
        // assumed: the link in the mail tells its reading.
        tells_opened: true,
        needs: Needs::Address,
        limit: Limit::None,
        rate: None,
        // assumed: 1 won, the upper end of what is guessed for mail; no list price found.
        price: 100,
        day_only: false,
        weekdays: false,
        // assumed: 2 % dead addresses, a list that is cleaned about once a year.
        returned: Share::from_ppm(20_000),
        astray: Share::NONE,
        stored: true,
        spoken: false,
        capability: Capability::Mail,
    }
}
