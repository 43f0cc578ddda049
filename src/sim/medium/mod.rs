//! Media 매체: what each can carry, to whom, when, for how much, and what it can tell the sender afterwards.
//!
//! One file a medium, each with the source of every figure: `rules()`, which a scenario may change, and `FORM`, which
//! it may not. The engine reads rules and forms only; it never asks which medium it is. Prices are in hundredths of a
//! won without VAT. Deliberately not here: templates and their review (`sim::plan::check`), networks, vendors.

use crate::sim::dice::{Share, Spread};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::time::Span;

mod alimtalk;
mod brand;
mod certified;
mod chat;
mod sms;
mod lms;
mod email;
mod letter;
mod registered;
mod broadcast;
mod call;
mod push;
pub mod measure;

/// What a medium does in a run: the built-in, sourced defaults with the scenario's changes on top.
#[derive(Clone, Debug, PartialEq)]
pub struct MediumRules {
    /// What it travels on.
    pub network: Network,
    /// From acceptance to the phone.
    pub shows: Spread,
    /// From the phone to the sender's knowledge.
    pub receipt: Spread,
    /// How the platform answers.
    pub answer: Answer,
    /// Whether the sender learns that the person opened it.
    pub tells_opened: bool,
    /// Who may receive it.
    pub needs: Needs,
    /// Longest text it carries.
    pub limit: Limit,
    /// Most messages a second the sender may hand in; the rest wait in line at the sender.
    pub rate: Option<u32>,
    /// Price of one message, in hundredths of a won.
    pub price: u32,
    /// Adverts only by day.
    pub day_only: bool,
    /// Brought from Monday to Friday only; what would come on a weekend comes on Monday.
    pub weekdays: bool,
    /// Share that comes back to the sender instead of arriving (letters), or is not answered (calls).
    pub returned: Share,
    /// Share that arrives nowhere (letters).
    pub astray: Share,
    /// Whether the network keeps it for a phone without a session; a call is not kept.
    pub stored: bool,
    /// Whether to get it is to know it: somebody who answers a call has heard it.
    pub spoken: bool,
    /// What a staged recovery counts it as.
    pub capability: Capability,
}

impl MediumRules {
    /// Whether it opens for nobody who has not proved who they are.
    pub fn needs_identity(&self) -> bool {
        self.needs == Needs::KakaoHolder
    }
}

/// How and when a platform tells the sender what became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Success as soon as the person is an active user; no receipt is awaited.
    Push,
    /// Waits for the phone's receipt; without one by then, "uncertain".
    Polling(Span),
    /// Says nothing at all (ordinary letters, cell broadcast).
    Silent,
}

/// Who can receive a medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// An active Kakao account that has not blocked the channel.
    KakaoAccount,
    /// That, and friendship with the channel.
    KakaoFriend,
    /// An account on a phone in the person's own name.
    KakaoHolder,
    /// To be on the network: to have picked its application.
    Member,
    /// A phone number.
    Phone,
    /// Nothing: everybody has one (letter box, mail address).
    Address,
}

/// The longest text a medium carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// In characters.
    Chars(u32),
    /// In bytes of CP949; characters outside it are refused.
    Cp949Bytes(u32),
    /// No limit that matters.
    None,
}

/// The steps in which a platform comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capability {
    /// Sessions, login and plain text between people.
    Text,
    /// Pictures and files.
    Image,
    /// Channel talk.
    Channel,
    /// Business notices: alimtalk and certified messages.
    Alimtalk,
    /// Adverts.
    Ads,
    /// Mail.
    Mail,
}

/// A message's outer form on a medium, the same in every run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Longest title or subject.
    pub title: Limit,
    /// Most buttons; `None` where buttons are mere links in the text.
    pub buttons: Option<u8>,
    /// What becomes of adverts.
    pub adverts: Adverts,
}

/// What a medium does about adverts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adverts {
    /// Carries none: no review lets one through.
    Never,
    /// Carries them if the text begins with `(광고)` (Network Act Art. 50).
    Marked,
    /// Carries nothing else, and prints `(광고)` itself.
    Always,
    /// Does not ask.
    Free,
}

/// The mark that an advert begins with (Network Act Art. 50, its decree's annex 6).
pub const ADVERT_MARK: &str = "(광고)";

/// A row of the table: the medium, its defaults, its form.
type Row = (Medium, fn() -> MediumRules, Form);

/// One row a medium, in the order of `Medium::ALL`.
const TABLE: [Row; Medium::COUNT] = [
    (Medium::Alimtalk, alimtalk::rules, alimtalk::FORM),
    (Medium::Brand, brand::rules, brand::FORM),
    (Medium::Certified, certified::rules, certified::FORM),
    (Medium::Chat, chat::rules, chat::FORM),
    (Medium::Sms, sms::rules, sms::FORM),
    (Medium::Lms, lms::rules, lms::FORM),
    (Medium::Email, email::rules, email::FORM),
    (Medium::Letter, letter::rules, letter::FORM),
    (Medium::Registered, registered::rules, registered::FORM),
    (Medium::Broadcast, broadcast::rules, broadcast::FORM),
    (Medium::Call, call::rules, call::FORM),
    (Medium::Push, push::rules, push::FORM),
];

/// The built-in rules of a medium.
pub fn defaults(medium: Medium) -> MediumRules {
    TABLE[medium.index()].1()
}

/// The built-in rules of every medium, by `Medium::index`.
pub fn all() -> [MediumRules; Medium::COUNT] {
    TABLE.map(|row| row.1())
}

/// A message's outer form on a medium.
pub fn form(medium: Medium) -> &'static Form {
    &TABLE[medium.index()].2
}

/// The log-normal spread of two constants of a medium's file.
fn log_normal(p50: Span, p99: Span) -> Spread {
    Spread::log_normal(p50, p99).expect("a median above zero and not above the 99th percentile")
}

#[cfg(test)]
mod tests {
    use super::{Adverts, Answer, Limit, TABLE, all, form};
    use crate::sim::model::medium::{Medium, Network};
    use crate::sim::time::Span;

    #[test]
    fn the_table_has_a_row_for_every_medium_in_order() {
        assert_eq!(TABLE.map(|row| row.0), Medium::ALL);
    }

    /// The figures that a reader looks for first; a change here is a change of every scenario's cost and length.
    #[test]
    fn prices_limits_and_answers_are_the_sourced_ones() {
        let rules = all();
        let rows = Medium::ALL.map(|m| (m.name(), rules[m.index()].price, rules[m.index()].limit));
        let expected = [
            ("alimtalk", 800, Limit::Chars(1_300)),
            ("brand", 2_500, Limit::Chars(1_300)),
            ("certified", 550, Limit::Chars(1_300)),
            ("chat", 0, Limit::Chars(1_000)),
            ("sms", 1_200, Limit::Cp949Bytes(90)),
            ("lms", 3_900, Limit::Cp949Bytes(2_000)),
            ("email", 100, Limit::None),
            ("letter", 43_000, Limit::None),
            ("registered", 283_000, Limit::None),
            ("broadcast", 0, Limit::Chars(90)),
            ("call", 0, Limit::None),
            ("push", 800, Limit::Chars(1_300)),
        ];
        assert_eq!(rows, expected);
        assert_eq!(rules[Medium::Alimtalk.index()].answer, Answer::Polling(Span::from_secs(180)));
        assert_eq!(rules[Medium::Sms.index()].answer, Answer::Polling(Span::from_hours(25)));
        assert_eq!(rules[Medium::Lms.index()].answer, Answer::Polling(Span::from_hours(80)));
    }

    /// A medium that answers by polling must give its own receipt the time to come, or every message is "uncertain".
    #[test]
    fn a_receipt_fits_into_the_time_that_is_waited_for_it() {
        for (medium, rules) in Medium::ALL.into_iter().zip(all()) {
            if let Answer::Polling(within) = rules.answer {
                let slowest = rules.shows.longest() + rules.receipt.longest();
                assert!(slowest <= within, "{}: {slowest} against {within}", medium.name());
            }
        }
    }

    #[test]
    fn only_the_brand_message_sleeps_at_night_and_is_always_an_advert() {
        let rules = all();
        let night: Vec<&str> = Medium::ALL.iter().filter(|m| rules[m.index()].day_only).map(|m| m.name()).collect();
        let adverts: Vec<&str> =
            Medium::ALL.iter().filter(|m| form(**m).adverts == Adverts::Always).map(|m| m.name()).collect();
        assert_eq!((night, adverts), (vec!["brand"], vec!["brand"]));
    }

    #[test]
    fn every_medium_travels_on_the_network_that_can_fail_under_it() {
        let rules = all();
        let on = |network| rules.iter().filter(|rules| rules.network == network).count();
        assert_eq!(Network::ALL.map(on), [4, 3, 1, 1, 2, 1, 0]);
    }
}
