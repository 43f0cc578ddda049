//! `intakes:`, forms that people fill in, and `intake:` lines, which say when how many of them do.

use crate::sim::dice::Spread;
use crate::sim::model::ids::{ButtonId, CounterId, KindId};
use crate::sim::model::medium::Network;
use crate::sim::plan::service::intake::{Intake, Reports, Stage};
use crate::sim::plan::{Plan, Trigger};
use crate::sim::scenario::audience;
use crate::sim::scenario::desk::{counter, trigger};
use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::reader::{Fields, items, leaf, not_a, reference, rows};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::timeline::instant;
use crate::sim::scenario::yaml::{Entry, Node};
use crate::sim::time::Span;

/// `intakes:`.
pub(in crate::sim::scenario) const SHAPE: Shape = Shape::Named(&Shape::Table(&INTAKE));

const INTAKE: Table = Table {
    name: "intake",
    needs: &["stages"],
    rows: &[
        Row("network", Shape::Network, "망 / over which the form is sent; kakao when left out"),
        Row("when", Shape::Text, "계기 / press(button) that sends the form as well"),
        Row("patience", Shape::Span, "기다림 / how long a person looks at a silent page"),
        Row("tries", Shape::Number, "시도 / how often a person sends it in all, 1 to 20"),
        Row(
            "again_after",
            Shape::Spread,
            "다시 보내기까지 / from giving up to sending again; n times as long after the nth time",
        ),
        Row("once_per", Shape::OneOf(&["person", "form"]), "중복 / one case a person, or one a form that arrives"),
        Row("stages", Shape::List(&Shape::Table(&STAGE)), "단계 / what the person is told, and when"),
    ],
};

const STAGE: Table = Table {
    name: "stage",
    needs: &["tell"],
    rows: &[
        Row("after", Shape::Spread, "경과 / how long after the case was opened; at once when left out"),
        Row("tell", Shape::Text, "알림 / what the person is told"),
    ],
};

/// An `intake:` line.
pub(in crate::sim::scenario) const REPORTS: Table = Table {
    name: "reports",
    needs: &["at", "intake", "from"],
    rows: &[
        Row("at", Shape::Instant, "시작 / when the first day begins"),
        Row("intake", Shape::Text, "접수 / a row of intakes"),
        Row("from", audience::SHAPE, "신고하는 사람 / who sends the form"),
        Row("by_day", Shape::List(&Shape::Number), "날마다 / how many on each day; one day when left out"),
    ],
};

const INTAKES_MAX: usize = 64;
const STAGES_MAX: usize = 16;
const LINES_MAX: usize = 64;
const DAYS_MAX: usize = 400;

/// Reads `intakes:` into the plan.
pub(in crate::sim::scenario) fn read(node: &Node, plan: &mut Plan, problems: &mut Problems) {
    for row in rows("intakes", node, INTAKES_MAX, problems) {
        intake(row, plan, problems);
    }
}

/// Reads an `intake:` line into the plan.
pub(in crate::sim::scenario) fn line(line: &Node, plan: &mut Plan, problems: &mut Problems) {
    let Some(fields) = Fields::of(line, "intake", &REPORTS, problems) else { return };
    let at = instant(&fields, "at", plan, problems);
    let known = plan.services.intakes.iter().map(|intake| plan.counters[intake.counter.index()].as_str());
    let intake = fields.get("intake", problems).and_then(|node| reference(("접수", "intake"), node, known, problems));
    let from = fields.need("from", problems).and_then(|node| audience::read(node, plan, problems));
    let by_day = if fields.has("by_day") { by_day(&fields, problems) } else { Some(vec![1]) };
    let (Some(at), Some(intake), Some(from), Some(by_day)) = (at, intake, from, by_day) else { return };
    if plan.services.reports.len() < LINES_MAX {
        plan.services.reports.push(Reports { intake: intake as u16, at, from, by_day });
    }
}

fn intake(row: &Entry, plan: &mut Plan, problems: &mut Problems) {
    // A row that is wrong still stands, so that nobody who speaks of it is said to be wrong as well.
    let Some(counter) = counter(&Node::quoted(row.key_at, row.key.as_str()), plan, problems) else { return };
    let fields = Fields::of(&row.node, &row.key, &INTAKE, problems);
    let mut intake = usual(counter);
    if let Some(fields) = fields {
        fill(&fields, &mut intake, plan, problems);
    }
    plan.services.intakes.push(intake);
}

fn fill(fields: &Fields<'_>, intake: &mut Intake, plan: &mut Plan, problems: &mut Problems) {
    let networks = Network::ALL.map(|network| (network, network.name()));
    intake.network = fields.word("network", &networks, problems).unwrap_or(intake.network);
    intake.button = fields.get("when", problems).and_then(|node| pressed(node, plan, problems));
    intake.patience = fields.leaf("patience", problems).unwrap_or(intake.patience);
    intake.tries = fields.number("tries", 1..21, problems).map_or(intake.tries, |tries| tries as u8);
    if let Some(after) = fields.leaf("again_after", problems) {
        intake.again_after = after;
    }
    intake.once = fields.word("once_per", &[(true, "person"), (false, "form")], problems).unwrap_or(true);
    let Some(node) = fields.need("stages", problems) else { return };
    for item in items("stages", node, STAGES_MAX, problems) {
        intake.stages.extend(stage(item, plan, problems));
    }
}

fn stage(item: &Node, plan: &Plan, problems: &mut Problems) -> Option<Stage> {
    let fields = Fields::of(item, "stages", &STAGE, problems)?;
    let after = if fields.has("after") { fields.leaf("after", problems) } else { Some(Spread::Fixed(Span::ZERO)) };
    let known = plan.kinds.iter().map(|kind| kind.key.as_str());
    let tell = fields.need("tell", problems).and_then(|node| reference(("알림", "notice"), node, known, problems));
    Some(Stage { after: after?, tell: KindId(tell? as u16) })
}

fn by_day(fields: &Fields<'_>, problems: &mut Problems) -> Option<Vec<u32>> {
    let node = fields.get("by_day", problems)?;
    let items = items("by_day", node, DAYS_MAX, problems);
    let days: Vec<u64> = items.iter().filter_map(|item| leaf("by_day", item, problems)).collect();
    let wrong = days.iter().sum::<u64>() == 0 || days.iter().any(|day| *day > u64::from(u32::MAX));
    if wrong && days.len() == items.len() {
        let issue =
            Issue::new("하루하루의 수를 더하면 0이거나 너무 큽니다", "these days add up to nothing, or to too much");
        problems.add(node.at, issue.expected("[12000, 9000, 7000] 같은 목록", "a list like [12000, 9000, 7000]"));
        return None;
    }
    Some(days.into_iter().map(|day| day as u32).collect())
}

fn pressed(node: &Node, plan: &mut Plan, problems: &mut Problems) -> Option<ButtonId> {
    match trigger(node, plan, problems)? {
        Trigger::Press(button) => Some(button),
        Trigger::Say(_) | Trigger::Follow(_) | Trigger::Leave(_) | Trigger::Reaches(..) => {
            let issue = not_a("when", ("버튼", "a press"), node).expected("\"press(버튼)\"", "\"press(button)\"");
            problems.add(node.at, issue);
            None
        }
    }
}

/// Assumed: half a minute before a silent page, and another try after ten minutes, an hour, a day.
fn usual(counter: CounterId) -> Intake {
    Intake {
        counter,
        network: Network::Kakao,
        button: None,
        patience: Span::from_secs(30),
        tries: 10,
        again_after: Spread::log_normal(Span::from_secs(600), Span::from_hours(12))
            .expect("ten minutes are below 12 h"),
        once: true,
        stages: Vec::new(),
    }
}
