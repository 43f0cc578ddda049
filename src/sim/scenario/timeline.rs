//! `timeline:`: what is sent, what goes wrong, what is lifted, and whole outages, each at its time.

use crate::sim::dice::Spread;
use crate::sim::fault::{Fault, FaultKind, Recover, Scope};
use crate::sim::model::ids::{ChannelId, KindId};
use crate::sim::model::words::Words;
use crate::sim::plan::{Pace, Plan, Send};
use crate::sim::scenario::audience;
use crate::sim::scenario::faults;
use crate::sim::scenario::notices;
use crate::sim::scenario::pack::Pack;
use crate::sim::scenario::problem::{At, Issue, Problems, nearest, words};
use crate::sim::scenario::reader::{Fields, items, leaf, not_a, one_of, unknown};
use crate::sim::scenario::service::{census, credit, dispatch, exchange, intake, join, leave};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::value::{Moment, SPAN_MAX, Speed};
use crate::sim::scenario::yaml::{Node, Value};
use crate::sim::time::{SimTime, Span};

/// `timeline:`.
pub(super) const SHAPE: Shape = Shape::List(&Shape::Either(&[
    Shape::Table(&SEND),
    Shape::Table(&faults::TABLE),
    Shape::Table(&LIFT),
    Shape::Table(&OUTAGE),
    Shape::Table(&join::TABLE),
    Shape::Table(&census::BLAST),
    Shape::Table(&leave::TABLE),
    Shape::Table(&credit::CREDIT),
    Shape::Table(&credit::CRASH),
    Shape::Table(&credit::RESUME),
    Shape::Table(&exchange::TABLE),
    Shape::Table(&dispatch::HAIL),
    Shape::Table(&intake::REPORTS),
]));

const SEND: Table = Table {
    name: "send",
    needs: &["at", "send", "to"],
    rows: &[
        Row("at", Shape::Instant, "시작 / when it begins"),
        Row("send", Shape::Text, "보낼 알림 / a row of notices, or a text"),
        Row("to", audience::SHAPE, "받는 사람 / to whom"),
        Row("over", Shape::Span, "나누어 보내는 시간 / evenly over so long; at once when left out"),
        Row("chain", Shape::Table(&CHAIN), "비상연락망 / down a telephone tree instead"),
    ],
};

const CHAIN: Table = Table {
    name: "chain",
    needs: &["fanout", "call"],
    rows: &[
        Row("fanout", Shape::Number, "한 사람이 거는 수 / calls that a person makes"),
        Row("call", Shape::Spread, "통화 하나의 시간 / how long one call takes"),
    ],
};

const LIFT: Table = Table {
    name: "lift",
    needs: &["at", "lift"],
    rows: &[
        Row("at", Shape::Instant, "시각 / when"),
        Row("lift", Shape::Text, "해제할 장애 / the fault that is lifted"),
        Row("early", Shape::Flag, "시작 전에 해제 / `true`: before it begins, so that it never does"),
    ],
};

const OUTAGE: Table = Table {
    name: "outage",
    needs: &["at", "outage"],
    rows: &[
        Row("at", Shape::Instant, "시작 / when its first hour begins"),
        Row("outage", Shape::Either(&[Shape::Text, Shape::Table(&PACK)]), "장애 꾸러미 / a file, or the pack itself"),
        Row("speed", Shape::Speed, "배속 / x60 makes an hour a minute"),
    ],
};

/// A dated outage with its sources; a file of its own, or inside `outage:` once it is resolved.
pub(super) const PACK: Table = Table {
    name: "pack",
    needs: &["pack", "faults"],
    rows: &[
        Row("pack", Shape::Text, "이름 / its name, by convention date and place"),
        Row("title", Shape::Words, "제목 / title for people"),
        Row("story", Shape::Words, "이야기 / what happened, in a few sentences"),
        Row("sources", Shape::List(&Shape::Text), "출처 / where the figures come from"),
        Row("began", Shape::Moment, "실제 시작 / when it really began"),
        Row(
            "faults",
            Shape::List(&Shape::Table(&faults::TABLE)),
            "장애 / its faults; `at` counts from the outage's start",
        ),
    ],
};

const LINES_MAX: usize = 1_000;
const SENDS_MAX: usize = 1_000;
const FAULTS_MAX: usize = 1_000;
const PACKS_DEEP_MAX: usize = 8;
const SPEED_MAX: u64 = 100_000;

/// The reading of one pack: where it starts, how much faster it runs, how deep it stands in others.
#[derive(Clone, Copy)]
struct Course {
    start: SimTime,
    times: u64,
    depth: usize,
}

/// Reads the timeline's lines into the plan's sends, faults and short kinds.
pub(super) fn read(node: &Node, plan: &mut Plan, problems: &mut Problems) {
    let lines = items("timeline", node, LINES_MAX, problems);
    let mut faults = Vec::new();
    for line in lines {
        match what(line) {
            Some("send") => send(line, plan, problems),
            Some("fault") => fault(line, plan, &mut faults, problems),
            Some("join") => join::read(line, plan, problems),
            Some("blast") => census::line(line, plan, problems),
            Some("leave") => leave::read(line, plan, problems),
            Some("credit") => credit::read(line, plan, problems),
            Some("exchange") => exchange::read(line, plan, problems),
            Some("hail") => dispatch::hail(line, plan, problems),
            Some("intake") => intake::line(line, plan, problems),
            Some("outage") => outage(line, plan, &mut faults, problems),
            Some(_) => {} // `lift`, `crash`, `resume`: once all that they speak of is known.
            None => nothing(line, problems),
        }
    }
    for line in lines.iter().filter(|line| what(line) == Some("lift")) {
        lift(line, &mut faults, plan, problems);
    }
    for line in lines.iter().filter(|line| what(line) == Some("crash")) {
        credit::crash(line, plan, problems);
    }
    for line in lines.iter().filter(|line| what(line) == Some("resume")) {
        credit::resume(line, plan, problems);
    }
    faults.sort_by_key(|fault| fault.begins);
    plan.sends.sort_by_key(|send| send.at);
    plan.faults = faults;
    let notices: u64 = plan.sends.iter().map(|send| u64::from(send.to.count)).sum();
    if notices > u64::from(u32::MAX) / 2 {
        problems.add(
            node.at,
            Issue::new("알림이 너무 많습니다", "too many notices in one run").found(&notices.to_string()),
        );
    }
}

/// How many people the timeline speaks of, for a file without `people:`.
pub(super) fn people_named(node: &Node) -> Option<u64> {
    let Value::List(lines) = &node.value else { return None };
    lines.iter().filter_map(|line| audience::so_many(line.get("to")?.text()?)).max()
}

/// When the last line of the timeline is over, as far as that is known.
pub(super) fn last_instant(plan: &Plan) -> SimTime {
    let sends = plan.sends.iter().map(|send| match send.pace {
        Pace::Over(span) => send.at + span,
        Pace::Chain { .. } => send.at,
    });
    let faults = plan.faults.iter().map(|fault| fault.ends.unwrap_or(fault.begins));
    let joins = plan.services.joins.iter().map(|join| join.at + join.after.longest());
    let blasts = plan.services.blasts.iter().map(|blast| blast.at + blast.over);
    let leaves = plan.services.leaves.iter().map(|leave| leave.at + leave.after.longest());
    let reports = plan.services.reports.iter().map(|line| line.at + Span::from_days(line.by_day.len() as u64));
    let credits = plan.services.credits.iter().map(|credit| {
        let resumed = credit.crashes.iter().filter_map(|crash| crash.resumes).max();
        resumed.map_or(credit.at, |at| at.max(credit.at)) + credit.over
    });
    let hails = plan.services.hails.iter().map(|line| line.at + line.over);
    let exchanges = plan.services.exchanges.iter().map(|line| line.at + line.over);
    let services = joins.chain(blasts).chain(leaves).chain(credits).chain(exchanges).chain(hails).chain(reports);
    sends.chain(faults).chain(services).max().unwrap_or(SimTime::ZERO)
}

/// The keys that say what a line does.
const KEYS: [&str; 13] = [
    "send", "fault", "lift", "outage", "join", "blast", "leave", "credit", "crash", "resume", "exchange", "hail",
    "intake",
];

fn what(line: &Node) -> Option<&'static str> {
    KEYS.into_iter().find(|key| line.get(key).is_some())
}

fn nothing(line: &Node, problems: &mut Problems) {
    let found = line.entries().and_then(|entries| entries.iter().find(|entry| entry.key != "at"));
    let near = found.and_then(|entry| nearest(&entry.key, KEYS.into_iter()));
    let at = found.map_or(line.at, |entry| entry.key_at);
    let issue = Issue::new("이 줄이 무엇을 하는지 없습니다", "the line does not say what happens")
        .expecting(one_of(KEYS.into_iter()));
    problems.add(at, issue.nearest(near));
}

fn send(line: &Node, plan: &mut Plan, problems: &mut Problems) {
    let Some(fields) = Fields::of(line, "send", &SEND, problems) else { return };
    let at = instant(&fields, "at", plan, problems);
    let to = fields.need("to", problems).and_then(|node| audience::read(node, plan, problems));
    let pace = pace(&fields, problems);
    let kind = fields.get("send", problems).and_then(|node| kind(node, plan, problems));
    let (Some(at), Some(to), Some(pace), Some(kind)) = (at, to, pace, kind) else { return };
    if plan.sends.len() < SENDS_MAX {
        plan.sends.push(Send { kind, at, to, pace });
    }
}

/// The kind of notice: a row of `notices:` by its key, or a new one for a text. One word is always taken for a key.
fn kind(node: &Node, plan: &mut Plan, problems: &mut Problems) -> Option<KindId> {
    let written = super::reader::text("send", node, problems)?;
    if let Some(index) = plan.kinds.iter().position(|kind| kind.key == written) {
        return Some(KindId(index as u16));
    }
    let word = written.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if word {
        let known: Vec<&str> = plan.kinds.iter().map(|kind| kind.key.as_str()).collect();
        let issue = unknown(("알림", "notice"), written, known.iter().copied());
        problems.add(node.at, issue);
        return None;
    }
    let key = format!("send/{}", plan.sends.len() + 1);
    let kind = notices::short(key, node, ChannelId(0), problems)?;
    plan.kinds.push(kind);
    Some(KindId((plan.kinds.len() - 1) as u16))
}

fn pace(fields: &Fields<'_>, problems: &mut Problems) -> Option<Pace> {
    let Some(node) = fields.get("chain", problems) else {
        return if fields.has("over") {
            fields.leaf("over", problems).map(Pace::Over)
        } else {
            Some(Pace::Over(Span::ZERO))
        };
    };
    if let Some(entry) = fields.entry("over") {
        problems.add(
            entry.key_at,
            Issue::new("`chain`과 `over` 중 하나만 씁니다", "`chain` and `over` exclude each other"),
        );
    }
    let chain = Fields::of(node, "chain", &CHAIN, problems)?;
    chain.need("fanout", problems);
    let fanout = chain.number("fanout", 1..101, problems);
    let call: Option<Spread> = chain.need_leaf("call", problems);
    Some(Pace::Chain { fanout: fanout? as u32, call: call? })
}

fn fault(line: &Node, plan: &Plan, faults: &mut Vec<Fault>, problems: &mut Problems) {
    let at = Fields::unchecked(line).and_then(|fields| instant(&fields, "at", plan, problems));
    // Read even without a time, so that all that is wrong with the line is said at once.
    let fault = faults::read(line, at.unwrap_or(SimTime::ZERO), plan, problems);
    let name_at = line.get("fault").map_or(line.at, |node| node.at);
    let name = line.get("fault").and_then(Node::text);
    if let Some(fault) = fault.or_else(|| name.map(stand_in)) {
        push(fault, name_at, None, faults, problems);
    }
}

/// In place of a fault that is wrong, so that nobody who speaks of it is said to be wrong as well.
fn stand_in(name: &str) -> Fault {
    Fault {
        name: name.to_owned(),
        kind: FaultKind::Loss,
        scope: Scope::default(),
        begins: SimTime::ZERO,
        ends: None,
        recover: Recover::Drop,
        lifted: false,
        pack: None,
    }
}

/// Adds a fault under its own name. A pack's fault whose name is taken gets its pack's name before it; any other clash
/// is said.
fn push(mut fault: Fault, at: At, pack: Option<&str>, faults: &mut Vec<Fault>, problems: &mut Problems) {
    let taken = |name: &str| faults.iter().any(|other: &Fault| other.name == name);
    fault.pack = pack.map(str::to_owned);
    if let Some(pack) = pack.filter(|_| taken(&fault.name)) {
        fault.name = format!("{pack}/{}", fault.name);
    }
    if taken(&fault.name) {
        let issue = Issue::new("장애 이름이 두 번 나옵니다", "two faults with one name").found(&fault.name);
        problems.add(at, issue);
    } else if faults.len() < FAULTS_MAX {
        faults.push(fault);
    } else if faults.len() == FAULTS_MAX {
        let ko = format!("장애는 {FAULTS_MAX}개까지입니다");
        problems.add(at, Issue::new(ko, format!("at most {FAULTS_MAX} faults are possible")));
    }
}

fn outage(line: &Node, plan: &Plan, faults: &mut Vec<Fault>, problems: &mut Problems) {
    let Some(fields) = Fields::of(line, "outage", &OUTAGE, problems) else { return };
    let start = instant(&fields, "at", plan, problems);
    let speed: Option<Speed> = if fields.has("speed") { fields.leaf("speed", problems) } else { Some(Speed(1)) };
    let Some(node) = fields.get("outage", problems) else { return };
    if node.entries().is_none() {
        return not_read(node, problems);
    }
    let times = u64::from(speed.unwrap_or(Speed(1)).0);
    pack(node, Course { start: start.unwrap_or_default(), times, depth: 0 }, plan, faults, problems);
}

/// No pack stands here. Where a name still does, the file could not be read, and that has been said.
fn not_read(node: &Node, problems: &mut Problems) {
    if node.text().is_none() {
        let issue = not_a("outage", ("장애 꾸러미", "an outage pack"), node);
        problems.add(node.at, issue.expected("꾸러미 파일 이름", "the name of a pack's file"));
    }
}

/// A pack that is read by itself, beginning then and so many times faster. Names of `taken` faults are not given again.
pub(super) fn read_pack(
    node: &Node,
    plan: &Plan,
    taken: &[String],
    (start, times): (SimTime, u64),
    problems: &mut Problems,
) -> Option<Pack> {
    let mut faults: Vec<Fault> = taken.iter().map(|name| stand_in(name)).collect();
    let head = pack(node, Course { start, times, depth: 0 }, plan, &mut faults, problems);
    faults.drain(..taken.len());
    head.map(|head| Pack { faults, ..head })
}

/// Adds a pack's faults, and answers what it says of itself.
fn pack(node: &Node, pace: Course, plan: &Plan, faults: &mut Vec<Fault>, problems: &mut Problems) -> Option<Pack> {
    let fields = Fields::of(node, "outage", &PACK, problems)?;
    let name = fields.need("pack", problems).and_then(|node| super::reader::text("pack", node, problems));
    let title = fields.words("title", problems);
    let story = fields.words("story", problems);
    let began = fields.leaf::<Moment>("began", problems).map(|moment| (moment.unix_s, moment.offset_s));
    let sources = fields.get("sources", problems).map(|node| super::lower::texts("sources", node, problems));
    let list = fields.need("faults", problems)?;
    if matches!(&list.value, Value::List(faults) if faults.is_empty()) {
        problems.add(list.at, super::pack::empty());
    }
    for item in items("faults", list, FAULTS_MAX, problems) {
        if item.get("outage").is_some() {
            nested(item, pace, plan, faults, problems);
            continue;
        }
        let after = item.get("at").and_then(|node| leaf::<Span>("at", node, problems)).unwrap_or_default();
        let Some(mut fault) = faults::read(item, SimTime::ZERO + after, plan, problems) else { continue };
        let moved = |at: SimTime| pace.start + Span::from_micros(at.micros() / pace.times);
        (fault.begins, fault.ends) = (moved(fault.begins), fault.ends.map(moved));
        faults::hurry(&mut fault, pace.times);
        let at = item.get("fault").map_or(item.at, |node| node.at);
        push(fault, at, Some(name.unwrap_or("pack")), faults, problems);
    }
    let name = name?.to_owned();
    Some(Pack {
        title: title.unwrap_or_else(|| Words::same(name.as_str())),
        name,
        story: story.unwrap_or_default(),
        began,
        sources: sources.unwrap_or_default(),
        faults: Vec::new(),
    })
}

fn nested(item: &Node, pace: Course, plan: &Plan, faults: &mut Vec<Fault>, problems: &mut Problems) {
    let Some(fields) = Fields::of(item, "outage", &OUTAGE, problems) else { return };
    let after: Span = fields.leaf("at", problems).unwrap_or_default();
    let speed = fields.leaf::<Speed>("speed", problems).map_or(1, |speed| u64::from(speed.0));
    let times = pace.times.saturating_mul(speed).min(SPEED_MAX);
    let start = pace.start + Span::from_micros(after.micros() / pace.times);
    let Some(node) = fields.get("outage", problems) else { return };
    if node.entries().is_none() {
        return not_read(node, problems);
    }
    if pace.depth >= PACKS_DEEP_MAX {
        problems.add(item.at, Issue::new("꾸러미가 너무 깊이 들어 있습니다", "packs inside packs, too deep"));
        return;
    }
    pack(node, Course { start, times, depth: pace.depth + 1 }, plan, faults, problems);
}

/// A `lift:` line: the fault closes then, whatever its own end.
fn lift(line: &Node, faults: &mut [Fault], plan: &Plan, problems: &mut Problems) {
    let Some(fields) = Fields::of(line, "lift", &LIFT, problems) else { return };
    let at = instant(&fields, "at", plan, problems);
    let Some(node) = fields.get("lift", problems) else { return };
    let known: Vec<&str> = faults.iter().map(|fault| fault.name.as_str()).collect();
    let index = super::reader::reference(("장애", "fault"), node, known.iter().copied(), problems);
    let (Some(at), Some(index)) = (at, index) else { return };
    let fault = &mut faults[index];
    if fields.leaf("early", problems).unwrap_or(false) {
        return lift_early(fault, at, node, problems);
    }
    if at <= fault.begins || fault.ends.is_some_and(|ends| at >= ends) {
        let (from, to) = (fault.begins, fault.ends.map_or("…".to_owned(), |ends| ends.to_string()));
        let issue =
            Issue::new("장애가 벌어지는 동안에만 해제할 수 있습니다", "a fault can be lifted only while it lasts")
                .expected(format!("{from}와 {to} 사이"), format!("a time between {from} and {to}"))
                .found(&at.to_string());
        problems.add(node.at, issue);
        return;
    }
    (fault.ends, fault.lifted) = (Some(at), true);
}

/// A fault that is lifted before it begins never does.
fn lift_early(fault: &mut Fault, at: SimTime, node: &Node, problems: &mut Problems) {
    if at > fault.begins {
        let begins = fault.begins;
        let issue = Issue::new("이 시각에는 장애가 이미 시작되었습니다", "the fault has begun by then")
            .expected(format!("{begins} 이전"), format!("a time up to {begins}"))
            .found(&at.to_string());
        return problems.add(node.at, issue);
    }
    (fault.ends, fault.lifted) = (Some(at), true);
}

/// An instant of the run: a time from its start, or a date and time.
pub(super) fn instant(fields: &Fields<'_>, key: &str, plan: &Plan, problems: &mut Problems) -> Option<SimTime> {
    let node = fields.need(key, problems)?;
    let written = node.text().unwrap_or_default();
    if !written.contains('T') {
        return leaf::<Span>(key, node, problems).map(|span| SimTime::ZERO + span);
    }
    let moment: Moment = leaf(key, node, problems)?;
    let seconds = moment.unix_s - plan.clock.start_unix_s;
    let within = u64::try_from(seconds).ok().filter(|s| *s <= SPAN_MAX.micros() / 1_000_000);
    if within.is_none() {
        let issue = not_a(key, ("이 실행 안의 시각", "an instant of this run"), node)
            .expecting(words("`clock.start`부터 400일 안", "a time within 400 days from `clock.start`"));
        problems.add(node.at, issue);
    }
    within.map(|s| SimTime::ZERO + Span::from_secs(s))
}
