//! Metrics: a closed list. One file a metric; each says what its set is, what counts in it and what is left out.
//!
//! A metric looks at one subject (a notice, an attempt, a press, a lost session, a person, an answer or a count of the
//! desk) and
//! answers a `Fact`. It never adds up: that is `measure`. The *set* of a metric is everything to which its fact
//! could have happened: a notice that was never shown cannot have been shown twice, so `count(reached_twice) == 0` over
//! a run in which nothing arrived is not a pass, it is an empty set. Labels of the population choose the set; labels of
//! the outcome only choose what counts inside it.
//!
//! What a desk replies (a notice without a `send:` line, of a kind that some rule of the desk replies with) is not one
//! of the notices that the agency set out to send: metrics over notices leave replies out unless `kind=` names their
//! kind. Metrics over attempts and money take them in, because they are sent and billed alike.
//!
//! Notices created so shortly before the end that `within=` was not over yet are taken in, as not reached. To leave
//! them out would let a run that ends early pass with the easy part; a scenario that wants them judged fairly puts its
//! `clock.stop` later. The verdict says how many of them did not count.

use crate::sim::expect::deed::DeedRow;
use crate::sim::expect::expression::Filter;
use crate::sim::expect::live::Tallies;
use crate::sim::expect::orders::OrderRow;
use crate::sim::expect::query::Query;
use crate::sim::expect::record::AttemptRecord;
use crate::sim::expect::rows::{AnswerRow, CountRow, LossRow, PressRow};
use crate::sim::expect::view::View;
use crate::sim::time::SimTime;

mod notices;
mod attempts;
mod reached;
mod reached_by;
mod reached_twice;
mod time_to_reach;
mod time_from_send;
mod reached_after;
mod first_medium;
mod fallback;
mod fallback_delay;
mod opened;
mod time_to_open;
mod returned;
mod exposed;
mod status_mismatch;
mod silent_fallback;
mod overcalled;
mod hasty_retries;
mod sent_twice;
mod double_fallback;
mod late;
mod expired;
mod cost;
mod receipts_late;
mod rate_limited;
mod believed;
mod pressed;
mod answered;
mod pressed_lost;
mod granted;
mod oversold;
pub(super) mod counter;
mod amount;
mod joined;
mod audience;
mod blasts;
mod blasts_lost;
mod time_to_blast;
mod left;
mod friends;
mod misdirected;
mod heard;
mod counted_twice;
mod granted_twice;
mod sold_out;
mod turned_away;
mod threshold;
mod relayed;
mod hops;
mod payments;
mod paid_twice;
mod paid_no_receipt;
mod unbalanced;
mod credited;
mod credited_twice;
mod recredited;
mod alerted;
mod time_to_alert;
mod certificates;
mod rides;
mod time_to_ride;
mod rides_given_up;
mod double_booked;
mod clicked;
mod time_to_certificate;
mod certificate_false;
mod certificate_twice;
mod identity_failed;
mod link_expired;
mod reminded;
mod filed;
mod filed_twice;
mod refiled;
mod unanswered;
mod time_to_answer;
mod redeemed;
mod redeemed_twice;
mod said;
mod said_lost;
mod replied;
mod time_to_reply;
mod counselled;
mod forgotten;
mod sessions_lost;
mod time_to_reconnect;

/// Every metric, in the order of the documents.
pub const ALL: [&Metric; 86] = [
    &notices::METRIC,
    &attempts::METRIC,
    &reached::METRIC,
    &reached_by::METRIC,
    &reached_twice::METRIC,
    &time_to_reach::METRIC,
    &time_from_send::METRIC,
    &reached_after::METRIC,
    &first_medium::METRIC,
    &fallback::METRIC,
    &fallback_delay::METRIC,
    &opened::METRIC,
    &time_to_open::METRIC,
    &returned::METRIC,
    &exposed::METRIC,
    &status_mismatch::METRIC,
    &silent_fallback::METRIC,
    &overcalled::METRIC,
    &hasty_retries::METRIC,
    &sent_twice::METRIC,
    &double_fallback::METRIC,
    &late::METRIC,
    &expired::METRIC,
    &cost::METRIC,
    &receipts_late::METRIC,
    &rate_limited::METRIC,
    &believed::METRIC,
    &pressed::METRIC,
    &answered::METRIC,
    &pressed_lost::METRIC,
    &granted::METRIC,
    &oversold::METRIC,
    &counter::METRIC,
    &amount::METRIC,
    &joined::METRIC,
    &audience::METRIC,
    &blasts::METRIC,
    &blasts_lost::METRIC,
    &time_to_blast::METRIC,
    &left::METRIC,
    &friends::METRIC,
    &misdirected::METRIC,
    &heard::METRIC,
    &counted_twice::METRIC,
    &granted_twice::METRIC,
    &sold_out::METRIC,
    &turned_away::METRIC,
    &threshold::METRIC,
    &relayed::METRIC,
    &hops::METRIC,
    &payments::METRIC,
    &paid_twice::METRIC,
    &paid_no_receipt::METRIC,
    &unbalanced::METRIC,
    &credited::METRIC,
    &credited_twice::METRIC,
    &recredited::METRIC,
    &alerted::METRIC,
    &time_to_alert::METRIC,
    &certificates::METRIC,
    &rides::METRIC,
    &time_to_ride::METRIC,
    &rides_given_up::METRIC,
    &double_booked::METRIC,
    &clicked::METRIC,
    &time_to_certificate::METRIC,
    &certificate_false::METRIC,
    &certificate_twice::METRIC,
    &identity_failed::METRIC,
    &link_expired::METRIC,
    &reminded::METRIC,
    &filed::METRIC,
    &filed_twice::METRIC,
    &refiled::METRIC,
    &unanswered::METRIC,
    &time_to_answer::METRIC,
    &redeemed::METRIC,
    &redeemed_twice::METRIC,
    &said::METRIC,
    &said_lost::METRIC,
    &replied::METRIC,
    &time_to_reply::METRIC,
    &counselled::METRIC,
    &forgotten::METRIC,
    &sessions_lost::METRIC,
    &time_to_reconnect::METRIC,
];

/// The metric for which accounts are made up; nobody else pays for them.
pub(super) const BALANCED: &str = unbalanced::METRIC.name;

/// One metric.
#[derive(Debug)]
pub struct Metric {
    /// Its name in expressions.
    pub name: &'static str,
    /// What it means, in Korean.
    pub ko: &'static str,
    /// What it means, in English.
    pub en: &'static str,
    /// Unit of one value. `count` and `ratio` are without a unit whatever this says.
    pub unit: Unit,
    /// Labels that choose the set.
    pub population: &'static [Label],
    /// Labels that say what happened.
    pub outcomes: &'static [Label],
    /// Aggregates it can stand under; `Form::Percentile` means every `pN`.
    pub aggregates: &'static [Form],
    /// What `within=` means to it.
    pub within: Within,
    /// What it looks at.
    pub(super) look: Look,
    /// Its running total and the total of its set, if it has them.
    pub(super) live: Option<Live>,
}

/// What `within=` means to a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Nothing: it is not taken.
    Unused,
    /// A time that something has to happen in; until it is over, what does not count yet may still come to count.
    Deadline,
    /// A part of the measure; what does not count will not come to count.
    Measure,
}

/// The unit of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number of things.
    Count,
    /// A part of a whole; thresholds in parts per million.
    Share,
    /// A length of time, in microseconds.
    Duration,
    /// Money, in hundredths of a won.
    Won,
}

/// A kind of aggregate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `count`
    Count,
    /// `ratio`
    Ratio,
    /// `sum`
    Sum,
    /// `min`
    Min,
    /// `max`
    Max,
    /// `mean`
    Mean,
    /// `p50` and the like
    Percentile,
}

/// A label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// People of a group.
    Group,
    /// People of a region.
    Region,
    /// People of a row of `people:`.
    Cohort,
    /// People by their standing with the messenger.
    Kakao,
    /// People by the state of their phone.
    Phone,
    /// Notices from a channel.
    Channel,
    /// Notices of a kind.
    Kind,
    /// Notices of a `send:` line, counted from 1 in order of time.
    Send,
    /// Notices in whose events a fault is named; sessions that a fault cut.
    Hit,
    /// On that medium.
    Medium,
    /// First on that medium.
    Is,
    /// The medium given up.
    From,
    /// The medium tried next.
    To,
    /// Why the sender went on.
    Cause,
    /// What the sender was told.
    Claim,
    /// What became of it.
    Status,
    /// On that network.
    Network,
    /// The counter of that name.
    Name,
    /// The button of that name.
    Button,
    /// The desk's rule, counted from 1.
    Rule,
    /// The stock of that name.
    Stock,
    /// People by the name that their phone is in.
    Holder,
    /// People by the region in which they stand.
    Stands,
    /// What a certificate is of.
    Certificate,
    /// The end that a certificate goes to.
    End,
}

/// What one subject says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    /// It is not in the set.
    Outside,
    /// It is in the set and does not count.
    No,
    /// It counts.
    Yes,
    /// It counts, with this measure in the metric's unit.
    Value(u64),
    /// It stands for so many, of whom so many count.
    Many {
        /// Who count.
        counted: u64,
        /// How many there are.
        of: u64,
    },
    /// It counts, with a measure longer than any: it never came.
    Never,
}

/// What a metric looks at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Look {
    /// Notices.
    Notice(fn(View<'_>, &Query<'_>) -> Fact),
    /// People, each with all of their notices in the set, and when the set's first notice was created.
    Told(fn(&[View<'_>], SimTime, &Query<'_>) -> Fact),
    /// Attempts.
    Attempt(fn(View<'_>, &AttemptRecord, &Query<'_>) -> Fact),
    /// Presses of buttons.
    Press(fn(&PressRow, &Query<'_>) -> Fact),
    /// Answers of the desk.
    Answer(fn(&AnswerRow, &Query<'_>) -> Fact),
    /// Counts of the desk.
    Count(fn(&CountRow, &Query<'_>) -> Fact),
    /// Notices that somebody wanted to pay.
    Order(fn(&OrderRow, &Query<'_>) -> Fact),
    /// Deeds of the services.
    Deed(fn(&DeedRow, &Query<'_>) -> Fact),
    /// Everybody: whether each of them counts, by person; `None` where there was nothing to count.
    Person(fn(&Query<'_>) -> Option<Vec<bool>>),
    /// Lost sessions.
    Loss(fn(&LossRow, &Query<'_>) -> Fact),
}

/// A metric's running total and the total of its set, under labels of the outcome.
pub(super) type Live = fn(&Tallies, &Filter) -> (u64, u64);

/// Labels of notices and of all that belongs to one.
pub(super) const OF_NOTICES: &[Label] = &[
    Label::Group,
    Label::Region,
    Label::Cohort,
    Label::Kakao,
    Label::Phone,
    Label::Holder,
    Label::Stands,
    Label::Channel,
    Label::Kind,
    Label::Send,
    Label::Hit,
];
/// Labels of people.
pub(super) const OF_PEOPLE: &[Label] =
    &[Label::Group, Label::Region, Label::Cohort, Label::Kakao, Label::Phone, Label::Holder, Label::Stands];
/// Labels of sessions.
pub(super) const OF_SESSIONS: &[Label] =
    &[Label::Group, Label::Region, Label::Cohort, Label::Kakao, Label::Phone, Label::Hit];
/// Aggregates of things that happen or do not.
pub(super) const COUNTED: &[Form] = &[Form::Count, Form::Ratio];
/// Aggregates of lengths of time.
pub(super) const TIMED: &[Form] = &[Form::Min, Form::Max, Form::Mean, Form::Percentile];
/// Aggregates of things that cost money.
pub(super) const COUNTED_AND_PAID: &[Form] = &[Form::Sum, Form::Count, Form::Ratio];
/// Aggregates of money.
pub(super) const PAID: &[Form] = &[Form::Sum, Form::Min, Form::Max, Form::Mean, Form::Percentile];

/// The metric of that name.
pub fn named(name: &str) -> Option<&'static Metric> {
    ALL.into_iter().find(|metric| metric.name == name)
}

impl Metric {
    /// Whether a label may stand with it.
    pub fn takes(&self, label: Label) -> bool {
        self.population.contains(&label) || self.outcomes.contains(&label)
    }
}

impl Fact {
    /// Counts or does not.
    pub(super) const fn of(counts: bool) -> Fact {
        if counts { Fact::Yes } else { Fact::No }
    }
}

impl Unit {
    /// The word of the catalogue.
    pub const fn name(self) -> &'static str {
        match self {
            Unit::Count => "count",
            Unit::Share => "share",
            Unit::Duration => "duration",
            Unit::Won => "won",
        }
    }
}

impl Form {
    /// The word of expressions; `pN` for percentiles.
    pub const fn name(self) -> &'static str {
        match self {
            Form::Count => "count",
            Form::Ratio => "ratio",
            Form::Sum => "sum",
            Form::Min => "min",
            Form::Max => "max",
            Form::Mean => "mean",
            Form::Percentile => "pN",
        }
    }
}

impl Label {
    /// All labels: the word, and what it chooses, in Korean and English.
    pub const ALL: [(Label, &'static str, &'static str, &'static str); 25] = [
        (Label::Group, "group", "그 그룹의 시민", "people of that group"),
        (Label::Region, "region", "그 지역의 시민", "people of that region"),
        (Label::Cohort, "cohort", "people: 의 그 행에 속한 시민", "people of that row of `people:`"),
        (Label::Kakao, "kakao", "카카오 이용 상태", "standing with the messenger: active, inactive, blocked, none"),
        (Label::Phone, "phone", "단말 상태", "state of the phone: powered, dark"),
        (Label::Channel, "channel", "그 채널이 보낸 알림", "notices from that channel"),
        (Label::Kind, "kind", "그 종류의 알림", "notices of that kind (the only way to see a desk's replies)"),
        (Label::Send, "send", "시간순 몇 번째 send: 행 (1부터)", "the send: line, counted from 1 in order of time"),
        (Label::Hit, "hit", "그 장애를 겪은 알림 (세션은 그 장애로 끊긴 것)", "touched by that fault"),
        (Label::Medium, "medium", "그 매체로", "on that medium"),
        (Label::Is, "is", "처음 표시한 매체가 그것", "first shown by that medium"),
        (Label::From, "from", "포기한 매체", "the medium given up"),
        (Label::To, "to", "다음에 시도한 매체", "the medium tried next"),
        (
            Label::Cause,
            "cause",
            "넘어간 까닭: failed, no_receipt, not_opened, provider",
            "why: failed, no_receipt, not_opened, provider",
        ),
        (
            Label::Claim,
            "claim",
            "발신이 들은 말: none, failed, uncertain, delivered, shown, opened",
            "what the sender was told: none, failed, uncertain, delivered, shown, opened",
        ),
        (
            Label::Status,
            "status",
            "실제 결과: believed 에는 shown, not_shown; rate_limited 에는 refused, held",
            "what became of it: shown, not_shown with believed; refused, held with rate_limited",
        ),
        (Label::Network, "network", "그 망에서", "on that network"),
        (Label::Name, "name", "그 이름의 집계", "the counter of that name"),
        (Label::Button, "button", "그 버튼", "that button"),
        (Label::Rule, "rule", "몇 번째 창구 규칙 (1부터)", "the desk's rule, counted from 1"),
        (Label::Stock, "stock", "그 이름의 재고", "the stock of that name"),
        (Label::Holder, "holder", "단말 명의: own, other", "the name that the phone is in: own, other"),
        (Label::Stands, "stands", "지금 그 지역에 있는 시민", "people who stand in that region now"),
        (Label::Certificate, "certificate", "무엇의 증명: sent, received, read", "what it is of: sent, received, read"),
        (Label::End, "end", "어느 쪽의 증명: sender, recipient", "which end it is for: sender, recipient"),
    ];

    /// The word of expressions.
    pub const fn name(self) -> &'static str {
        Label::ALL[self as usize].1
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Label};

    #[test]
    fn names_are_unique_and_every_metric_is_explained_in_both_languages() {
        let mut names: Vec<&str> = ALL.iter().map(|metric| metric.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
        for metric in ALL {
            assert!(metric.ko.chars().any(|c| ('가'..='힣').contains(&c)), "{}", metric.name);
            assert!(metric.en.is_ascii() && !metric.en.is_empty(), "{}", metric.name);
            assert!(!metric.aggregates.is_empty(), "{}", metric.name);
            assert!(metric.population.iter().all(|label| !metric.outcomes.contains(label)), "{}", metric.name);
        }
    }

    #[test]
    fn labels_stand_in_the_order_of_their_numbers() {
        for (place, row) in Label::ALL.iter().enumerate() {
            assert_eq!(row.0 as usize, place, "{}", row.1);
        }
    }
}
