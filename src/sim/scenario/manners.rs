//! Manners: promises by name, for senders under test. `must: bounded_retries` stands for the expressions that say it.
//!
//! A name is one word where an expression stands. What it stands for is made from the plan, so that a route with another
//! time has another timer; the verdict shows the expressions.

use crate::sim::model::words::Words;
use crate::sim::plan::Plan;
use crate::sim::plan::message::Until;
use crate::sim::time::Span;

/// How much later than its time a timer may ring: a sender looks at its list now and then. Assumed.
const SLACK: Span = Span::from_secs(5);

/// One name.
pub struct Manner {
    /// The word.
    pub name: &'static str,
    /// What it asks, in Korean and English.
    pub why: (&'static str, &'static str),
    says: fn(&Plan) -> Vec<String>,
}

/// All names.
pub const ALL: [Manner; 7] = [
    Manner {
        name: "bounded_retries",
        why: ("재시도에는 끝이 있다", "retries end"),
        says: |_| vec!["count(overcalled) == 0".to_owned()],
    },
    Manner {
        name: "honours_retry_after",
        why: ("기다리라면 기다린다", "asked to wait, it waits"),
        says: |_| vec!["count(hasty_retries) == 0".to_owned()],
    },
    Manner {
        name: "idempotent",
        why: ("다시 요청해도 한 번만 보낸다", "a repeated request sends once"),
        says: |_| vec!["count(sent_twice) == 0".to_owned()],
    },
    Manner {
        name: "timer_exact",
        why: ("정한 시간에 대체 발송한다", "it falls back at its time, neither before nor much later"),
        says: timer_exact,
    },
    Manner {
        name: "no_silent_fallback",
        why: ("대체 발송의 결과를 안다", "it knows what became of its fallbacks"),
        says: |_| vec!["count(silent_fallback) == 0".to_owned()],
    },
    Manner {
        name: "fails_back",
        why: ("장애가 끝나면 다시 알림톡으로 보낸다", "after an outage it goes back to the first medium"),
        says: fails_back,
    },
    Manner {
        name: "no_double_fallback",
        why: ("대체 발송은 한쪽만 한다", "either the provider falls back or the sender, not both"),
        says: |_| vec!["count(double_fallback) == 0".to_owned()],
    },
];

/// What a word stands for; `None` if it is no such name.
pub fn named(word: &str, plan: &Plan) -> Option<(Vec<String>, Words)> {
    let manner = ALL.iter().find(|manner| manner.name == word.trim())?;
    let (ko, en) = manner.why;
    Some(((manner.says)(plan), Words { ko: ko.to_owned(), en: en.to_owned() }))
}

/// The time of the first leg that waits for delivery, of the first kind that has one.
fn timer_exact(plan: &Plan) -> Vec<String> {
    let legs = plan.kinds.iter().filter_map(|kind| kind.route.first());
    let timed = legs.filter(|leg| leg.until != Until::Opened).find_map(|leg| leg.within);
    let within = timed.unwrap_or(Span::from_secs(60));
    let seconds = |span: Span| format!("{}s", span.micros().div_ceil(1_000_000));
    vec![
        format!("min(fallback_delay{{cause=no_receipt}}) >= {}", seconds(within)),
        format!("p99(fallback_delay{{cause=no_receipt}}) <= {}", seconds(within + SLACK)),
    ]
}

/// Nine in ten notices of the time after the last fault go out by the first medium and arrive by it.
fn fails_back(plan: &Plan) -> Vec<String> {
    let first = plan.kinds.iter().find_map(|kind| kind.route.first()).map_or("alimtalk", |leg| leg.medium.name());
    match plan.faults.last() {
        Some(fault) => vec![format!("ratio(first_medium{{is={first}}}, after={}+2m) >= 85%", fault.name)],
        None => vec![format!("ratio(first_medium{{is={first}}}) >= 85%")],
    }
}
