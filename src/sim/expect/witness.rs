//! Witnesses: who speaks against a clause, and the life of a notice in one line.

use crate::sim::expect::deed::NOBODY;
use crate::sim::expect::expression::{Aggregate, Body, Op};
use crate::sim::expect::ledger::Ledger;
use crate::sim::expect::measure::Reading;
use crate::sim::expect::metric::Fact;
use crate::sim::expect::query::{Query, Subject, gather};
use crate::sim::expect::record::{AttemptRecord, Belief, Mark};
use crate::sim::expect::verdict::Witness;
use crate::sim::expect::view::View;
use crate::sim::expect::wording;
use crate::sim::model::words::Words;
use crate::sim::time::SimTime;

/// Most witnesses of a clause.
const WITNESSES_MAX: usize = 10;
/// Most attempts told in one line.
const TOLD_MAX: usize = 6;

/// Up to ten of the set that are on the wrong side: those that do not count where more was asked for, those that do
/// where less was; for times and money, those beyond the threshold.
pub(super) fn against(body: &Body, ledger: &Ledger, reading: &Reading, until: Option<SimTime>) -> Vec<Witness> {
    let Ok(query) = Query::new(body, ledger, until) else { return Vec::new() };
    let mut witnesses: Vec<Witness> = Vec::new();
    let in_group = |person| {
        reading.group.is_none_or(|group| ledger.people.get(person).is_some_and(|known| known.groups.has(group)))
    };
    gather(body, &query, |subject, fact| {
        let told = witnesses.last().is_some_and(|last| subject.notice.is_some() && last.notice == subject.notice);
        // What the desk or a session did not do is nobody's; what a notice missed is.
        let nobody = subject.person == NOBODY || subject.notice.is_none() && fact == Fact::No;
        let against = is_against(body, fact) && !nobody && in_group(subject.person);
        if witnesses.len() < WITNESSES_MAX && !told && against {
            witnesses.push(witness(body, ledger, subject, fact));
        }
    });
    witnesses
}

/// The life of a notice in one line: what was tried, what the phone showed, what the sender heard, and which faults.
pub(super) fn life(view: View<'_>) -> Words {
    let mut ko: Vec<String> = Vec::new();
    let mut en: Vec<String> = Vec::new();
    for attempt in view.attempts().take(TOLD_MAX) {
        let words = attempt_words(attempt);
        ko.push(words.ko);
        en.push(words.en);
    }
    if ko.is_empty() {
        ko.push("발송되지 않음".to_owned());
        en.push("never submitted".to_owned());
    }
    let faults: Vec<String> = view.hits().map(|fault| view.ledger.fault_name(fault)).collect();
    let (mut ko, mut en) = (ko.join(" → "), en.join(", then "));
    if !faults.is_empty() {
        ko.push_str(&format!(" [장애 {}]", faults.join(", ")));
        en.push_str(&format!(" [faults: {}]", faults.join(", ")));
    }
    Words { ko: format!("{} 생성: {ko}", view.created()), en: format!("created {}: {en}", view.created()) }
}

/// Facts without a notice (of sessions and of the desk) are told by their instant, the metric and the measure.
fn witness(body: &Body, ledger: &Ledger, subject: Subject, fact: Fact) -> Witness {
    let line = subject.notice.and_then(|id| ledger.view(id)).map(life).unwrap_or_else(|| {
        let (at, name) = (subject.at, body.metric.name);
        let (ko, en) = match fact {
            Fact::Value(value) => wording::quantity(u128::from(value), body.metric.unit),
            Fact::Never => ("끝내 없음".to_owned(), "never".to_owned()),
            Fact::Yes | Fact::No | Fact::Many { .. } | Fact::Outside => return Words::same(format!("{at} {name}")),
        };
        Words { ko: format!("{at} {name} {ko}"), en: format!("{at} {name} {en}") }
    });
    Witness { notice: subject.notice, person: subject.person, line }
}

fn is_against(body: &Body, fact: Fact) -> bool {
    let counting = matches!(body.aggregate, Aggregate::Count | Aggregate::Ratio);
    let more = match body.op {
        Op::AtLeast | Op::Above => true,
        Op::AtMost | Op::Below => false,
        // `== 0` asks for nothing, `== 100%` for everything; anything between is read as asking for more.
        Op::Equal => body.threshold > 0,
        Op::Unequal => body.threshold == 0,
    };
    match fact {
        // Nobody in particular can be named for many.
        Fact::Outside | Fact::Many { .. } => false,
        Fact::No => counting && more,
        Fact::Yes => counting && !more,
        Fact::Never => {
            if counting {
                !more
            } else {
                true
            }
        }
        // No single part of a sum speaks against the whole.
        Fact::Value(_) if body.aggregate == Aggregate::Sum => false,
        Fact::Value(_) if counting => !more,
        Fact::Value(value) if more => value < body.threshold,
        Fact::Value(value) => value > body.threshold,
    }
}

fn attempt_words(attempt: &AttemptRecord) -> Words {
    let medium = attempt.medium;
    let truth = match attempt.shown.time() {
        Some(at) if attempt.showings > 1 => Words {
            ko: format!("{} {at} 표시 ({}회)", medium.ko(), attempt.showings),
            en: format!("{} shown {at} ({} times)", medium.name(), attempt.showings),
        },
        Some(at) => Words { ko: format!("{} {at} 표시", medium.ko()), en: format!("{} shown {at}", medium.name()) },
        None => {
            let (ko, en) = fate(attempt);
            Words { ko: format!("{} {ko}", medium.ko()), en: format!("{} {en}", medium.name()) }
        }
    };
    let (told_ko, told_en) = told(attempt.belief());
    Words { ko: format!("{} ({told_ko})", truth.ko), en: format!("{} ({told_en})", truth.en) }
}

fn fate(attempt: &AttemptRecord) -> (&'static str, &'static str) {
    if attempt.has(Mark::Returned) {
        ("반송", "came back")
    } else if attempt.has(Mark::Lost) {
        ("유실", "lost")
    } else if attempt.has(Mark::Accepted) {
        ("접수 후 미표시", "accepted, never shown")
    } else if attempt.has(Mark::Refused) {
        ("거절", "refused")
    } else {
        ("응답 없음", "no answer")
    }
}

fn told(belief: Belief) -> (&'static str, &'static str) {
    match belief {
        Belief::None => ("보고 없음", "told nothing"),
        Belief::Failed => ("실패 보고", "told failed"),
        Belief::Uncertain => ("불명 보고", "told uncertain"),
        Belief::Delivered => ("전달 보고", "told delivered"),
        Belief::Shown => ("표시 보고", "told shown"),
        Belief::Opened => ("열람 보고", "told opened"),
    }
}
