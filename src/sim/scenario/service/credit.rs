//! `credit:` lines, and `crash:` and `resume:` of the jobs behind them.

use crate::sim::model::ids::{KindId, PersonId};
use crate::sim::model::person::Groups;
use crate::sim::plan::service::credit::{Crash, Credit};
use crate::sim::plan::{Audience, Plan};
use crate::sim::scenario::audience;
use crate::sim::scenario::desk::counter;
use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::reader::{Fields, reference};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::timeline::instant;
use crate::sim::scenario::yaml::Node;
use crate::sim::time::{SimTime, Span};

/// A `credit:` line.
pub(in crate::sim::scenario) const CREDIT: Table = Table {
    name: "credit",
    needs: &["at", "credit", "won", "to"],
    rows: &[
        Row("at", Shape::Instant, "시작 / when the job begins"),
        Row("credit", Shape::Text, "이름 / its name; expressions ask for it as for a counter"),
        Row("won", Shape::Number, "금액 / how much each person gets, in won"),
        Row("to", audience::SHAPE, "대상 / whom it is for"),
        Row("over", Shape::Span, "나누어 / evenly over so long; at once when left out"),
        Row("notice", Shape::Text, "알림 / what a person is told when it is in the wallet"),
        Row("checkpoint", Shape::Number, "중간 기록 / the job writes down how far it is after so many people"),
        Row("ledger", Shape::Flag, "지급 원장 / whether the wallet knows a repeated call"),
        Row("retry", Shape::Span, "다시 요청 / from a call without an answer to the next"),
    ],
};

/// A `crash:` line.
pub(in crate::sim::scenario) const CRASH: Table = Table {
    name: "crash",
    needs: &["at", "crash"],
    rows: &[
        Row("at", Shape::Instant, "시각 / when"),
        Row("crash", Shape::Text, "죽는 지급 작업 / the credit whose job is killed"),
    ],
};

/// A `resume:` line.
pub(in crate::sim::scenario) const RESUME: Table = Table {
    name: "resume",
    needs: &["at", "resume"],
    rows: &[
        Row("at", Shape::Instant, "시각 / when"),
        Row("resume", Shape::Text, "다시 시작할 지급 작업 / the credit whose job goes on from its last checkpoint"),
    ],
};

const WON_MAX: u64 = 1_000_000_000;
const CREDITS_MAX: usize = 256;
const CRASHES_MAX: usize = 256;

/// Reads a `credit:` line into the plan.
pub(in crate::sim::scenario) fn read(line: &Node, plan: &mut Plan, problems: &mut Problems) {
    let Some(fields) = Fields::of(line, "credit", &CREDIT, problems) else { return };
    let at = instant(&fields, "at", plan, problems);
    let name = fields.get("credit", problems).and_then(|node| Some((node, counter(node, plan, problems)?)));
    fields.need("won", problems);
    let amount = fields.number("won", 1..WON_MAX + 1, problems);
    let to = fields.need("to", problems).and_then(|node| audience::read(node, plan, problems));
    let notice = fields.get("notice", problems).and_then(|node| {
        let known: Vec<&str> = plan.kinds.iter().map(|kind| kind.key.as_str()).collect();
        reference(("알림", "notice"), node, known.into_iter(), problems).map(|place| KindId(place as u16))
    });
    let checkpoint = fields.number("checkpoint", 1..1_000_001, problems);
    let (over, ledger, retry) =
        (fields.leaf("over", problems), fields.leaf("ledger", problems), fields.leaf("retry", problems));
    // A line that is wrong still stands, so that nobody who speaks of its job is said to be wrong as well.
    let Some((node, counter)) = name else { return };
    if plan.services.credits.iter().any(|credit| credit.counter == counter) {
        let issue = Issue::new("지급 이름이 두 번 나옵니다", "two credits with one name");
        problems.add(node.at, issue.found(node.text().unwrap_or_default()));
    } else if plan.services.credits.len() < CREDITS_MAX {
        plan.services.credits.push(Credit {
            counter,
            amount: amount.unwrap_or(0) as u32,
            at: at.unwrap_or_default(),
            to: to.unwrap_or_else(nobody),
            over: over.unwrap_or(Span::ZERO),
            notice,
            checkpoint: checkpoint.unwrap_or(1_000) as u32,
            ledger: ledger.unwrap_or(true),
            retry: retry.unwrap_or(Span::from_secs(30)),
            crashes: Vec::new(),
        });
    }
}

/// In place of an audience that is wrong.
fn nobody() -> Audience {
    Audience {
        first: PersonId(0),
        count: 0,
        groups: Groups::default(),
        friends_of: None,
        regions: Vec::new(),
        standing_in: Vec::new(),
    }
}

/// Reads a `crash:` line, once all credits are known.
pub(in crate::sim::scenario) fn crash(line: &Node, plan: &mut Plan, problems: &mut Problems) {
    let Some(fields) = Fields::of(line, "crash", &CRASH, problems) else { return };
    let Some((at, place)) = job("crash", &fields, plan, problems) else { return };
    let crashes = &mut plan.services.credits[place].crashes;
    if crashes.len() < CRASHES_MAX {
        crashes.push(Crash { at, resumes: None });
        crashes.sort_by_key(|crash| crash.at);
    }
}

/// Reads a `resume:` line, once all crashes are known: it ends the last crash before it.
pub(in crate::sim::scenario) fn resume(line: &Node, plan: &mut Plan, problems: &mut Problems) {
    let Some(fields) = Fields::of(line, "resume", &RESUME, problems) else { return };
    let Some((at, place)) = job("resume", &fields, plan, problems) else { return };
    let mut before = plan.services.credits[place].crashes.iter_mut().rev();
    match before.find(|crash| crash.at < at).filter(|crash| crash.resumes.is_none()) {
        Some(crash) => crash.resumes = Some(at),
        None => {
            let issue = Issue::new("다시 시작할 작업이 죽어 있지 않습니다", "the job is not down at that time")
                .expected("앞선 `crash` 줄", "a `crash` line before it");
            problems.add(line.at, issue);
        }
    }
}

fn job(key: &str, fields: &Fields<'_>, plan: &Plan, problems: &mut Problems) -> Option<(SimTime, usize)> {
    let at = instant(fields, "at", plan, problems);
    let node = fields.get(key, problems)?;
    let known = plan.services.credits.iter().map(|credit| plan.counters[credit.counter.index()].as_str());
    let place = reference(("지급", "credit"), node, known, problems)?;
    Some((at?, place))
}
