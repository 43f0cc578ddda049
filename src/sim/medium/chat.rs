//! 채널 대화: talk inside a channel, both ways, with its friends only. What a desk answers with.

use crate::sim::dice::Share;
use crate::sim::medium::{Adverts, Answer, Capability, Form, Limit, MediumRules, Needs, log_normal};
use crate::sim::model::medium::Network;
use crate::sim::time::Span;

/// A message's outer form.
pub const FORM: Form = Form {
    title: Limit::None,
    // assumed: as every other message of the platform.
    buttons: Some(5),
    // Network Act Art. 50, 2026: an advert begins with `(광고)`, and here its writer has to see to it.
    adverts: Adverts::Marked,
};

/// The sourced defaults.
pub fn rules() -> MediumRules {
    MediumRules {
        network: Network::Kakao,
        // assumed: as alimtalk, on the same platform.
        shows: log_normal(Span::from_millis(400), Span::from_secs(3)),
        // assumed: as alimtalk.
        receipt: log_normal(Span::from_millis(500), Span::from_secs(4)),
        // assumed: the channel's console shows a message as sent at once.
        answer: Answer::Push,
        // assumed: the unread mark beside a message goes away when it is read.
        tells_opened: true,
        needs: Needs::KakaoFriend,
        // assumed: the length that `say` has in bongsu's own protocol.
        limit: Limit::Chars(1_000),
        rate: None,
        // assumed: talk inside a channel is not billed by message.
        price: 0,
        day_only: false,
        weekdays: false,
        returned: Share::NONE,
        astray: Share::NONE,
        stored: true,
        spoken: false,
        capability: Capability::Channel,
    }
}
