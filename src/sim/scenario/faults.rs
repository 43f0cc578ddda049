//! One fault, in the same words wherever it stands: a line of the timeline, of an outage pack, or posted to a run.

use crate::sim::dice::{Share, Spread};
use crate::sim::fault::{DownHow, Fault, FaultKind, LieClaim, Over, Recover, Scope, Then};
use crate::sim::model::code::Code;
use crate::sim::model::event::Leg;
use crate::sim::model::ids::RegionId;
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::person::Groups;
use crate::sim::plan::Plan;
use crate::sim::scenario::kinds;
use crate::sim::scenario::problem::{Issue, Problems, nearest, quote};
use crate::sim::scenario::reader::{Fields, check_name, not_a, one_of, one_or_many, reference, text, word};
use crate::sim::scenario::recover;
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::value::{Leaf, Rate, call};
use crate::sim::scenario::yaml::Node;
use crate::sim::time::{SimTime, Span};

/// Keys of every fault.
const COMMON: [&str; 14] = [
    "fault", "kind", "network", "networks", "media", "legs", "share", "sticky", "groups", "regions", "for", "until",
    "recover", "at",
];

/// A fault; `at` is left out where it is posted.
pub(super) const TABLE: Table = Table {
    name: "fault",
    needs: &["fault", "kind"],
    rows: &[
        Row("at", Shape::Instant, "시작 / when it begins"),
        Row("fault", Shape::Text, "이름 / its name, for labels and windows"),
        Row("kind", Shape::OneOf(&FaultKind::NAMES), "종류 / what it does"),
        Row("network", Shape::Network, "망 / the network it strikes"),
        Row("networks", Shape::List(&Shape::Network), "망 여럿 / several networks"),
        Row("media", Shape::List(&Shape::Medium), "매체 / only these media"),
        Row("legs", Shape::List(&Shape::OneOf(&LEG_WORDS)), "구간 / only these legs"),
        Row("share", Shape::Share, "비율 / share of crossings, or of people when sticky"),
        Row("sticky", Shape::Flag, "같은 사람에게 / the same people every time"),
        Row("groups", Shape::List(&Shape::Text), "그룹 / only members of these groups"),
        Row("regions", Shape::List(&Shape::Text), "지역 / only people of these regions"),
        Row("for", Shape::Span, "지속 시간 / how long"),
        Row("until", Shape::OneOf(&["lifted"]), "`lifted`: 해제할 때까지 / until somebody lifts it"),
        Row("recover", recover::SHAPE, "복구 / drop, flush [20/s], flush newest first, or { staged: [...] }"),
        Row("how", Shape::OneOf(&["reject", "hang", "reset"]), "down: 끊는 방식 / how calls fail"),
        Row("code", Shape::Number, "refuse, late_failure: 결과 코드 / the result code"),
        Row("after", Shape::Spread, "late_failure, duplicate: 지연 / how long after"),
        Row("add", Shape::Spread, "latency: 더해지는 시간 / by how much"),
        Row("copies", Shape::Number, "duplicate: 복사본 수 / further copies"),
        Row("window", Shape::Span, "reorder: 섞이는 범위 / the window"),
        Row("rate", Shape::Rate, "throttle: 초당 처리량 / how many a second"),
        Row("over", Shape::OneOf(&["queue", "drop", "429"]), "throttle: 넘치는 것 / what happens to the rest"),
        Row("as", Shape::OneOf(&["delivered", "failed"]), "lie: 거짓 보고 / what is claimed"),
        Row("every", Shape::Span, "sever: 반복 / again after this long"),
        Row("down", Shape::Span, "flap: 끊긴 시간 / length of a down phase"),
        Row("up", Shape::Span, "flap: 이어진 시간 / length of an up phase"),
        Row("then", Shape::Text, "accept_then: 그다음 / reset, close or answer(6s)"),
        Row("release", Shape::Span, "freeze: 풀리는 때(시작부터) / let go only so long after the beginning"),
        Row("from", Shape::Share, "creep: 처음 비율 / the share at the beginning; 0 when left out"),
        Row("rises", Shape::Span, "creep: 오르는 시간 / how long until `share` is reached"),
    ],
};

const LEGS: [(Leg, &str); 6] = [
    (Leg::Submit, "submit"),
    (Leg::Connect, "connect"),
    (Leg::Deliver, "deliver"),
    (Leg::Receipt, "receipt"),
    (Leg::Report, "report"),
    (Leg::Identify, "identify"),
];
const LEG_WORDS: [&str; 6] = ["submit", "connect", "deliver", "receipt", "report", "identify"];
const HOWS: [(DownHow, &str); 3] = [(DownHow::Reject, "reject"), (DownHow::Hang, "hang"), (DownHow::Reset, "reset")];
const OVERS: [(Over, &str); 3] = [(Over::Queue, "queue"), (Over::Drop, "drop"), (Over::TooMany, "429")];
const CLAIMS: [(LieClaim, &str); 2] = [(LieClaim::Delivered, "delivered"), (LieClaim::Failed, "failed")];

/// Shortest window of a reordering.
pub(super) const WINDOW_MIN: Span = Span::from_millis(100);
/// Shortest time between two turns of a fault: every turn looks at every phone.
pub(super) const TURN_MIN: Span = Span::from_secs(1);
/// Most turns of a fault that has an end: a run of days must not be drowned in rounds.
const TURNS_MAX: u64 = 65_535;
const SCOPE_MAX: usize = 64;

/// Reads one fault that begins at `begins`. Groups and regions are those of the plan.
pub(super) fn read(node: &Node, begins: SimTime, plan: &Plan, problems: &mut Problems) -> Option<Fault> {
    let name_of_kind = node.get("kind").and_then(Node::text).unwrap_or_default();
    let mut keys = COMMON.to_vec();
    match kinds::kind(name_of_kind) {
        None => keys = TABLE.keys().collect(), // Only the kind is said to be wrong, not what might belong to it.
        Some(known) => {
            keys.extend(known.parameters.iter().map(|parameter| parameter.0));
            keys.retain(|key| *key != "recover" || known.recover.is_some());
        }
    }
    let fields = Fields::with_keys(node, "fault", &keys, problems)?;
    let name = name(&fields, problems);
    let kind = kind(&fields, problems);
    let scope = scope(&fields, kind.as_ref(), plan, problems);
    let (ends, recover) = (ends(&fields, begins, problems), recover::read(&fields, name_of_kind, problems));
    if let (Some(kind), Some(Some(ends))) = (&kind, ends) {
        turns(kind, ends.since(begins), &fields, problems);
        release(kind, ends.since(begins), &fields, problems);
    }
    Some(Fault {
        name: name?,
        kind: kind?,
        scope: scope?,
        begins,
        ends: ends?,
        recover: recover?,
        lifted: false,
        pack: None,
    })
}

/// Everything that is a time in a fault, so many times shorter; its begin and end are the caller's.
pub(super) fn hurry(fault: &mut Fault, times: u64) {
    let short = |span: Span| Span::from_micros(span.micros() / times);
    let period = |span: Span| short(span).max(Span::from_millis(1));
    let spread = |spread: &Spread| match spread {
        Spread::Fixed(span) => Spread::Fixed(short(*span)),
        Spread::Uniform(low, high) => Spread::Uniform(short(*low), short(*high)),
        Spread::LogNormal { p50, p99, .. } => {
            Spread::log_normal(period(*p50), period(*p99)).expect("shortened alike, the order stays")
        }
    };
    match &mut fault.kind {
        FaultKind::LateFailure { after, .. } | FaultKind::Duplicate { after, .. } => *after = spread(after),
        FaultKind::Latency { add } => *add = spread(add),
        FaultKind::Reorder { window } => *window = short(*window),
        FaultKind::Sever { every } => *every = every.map(period),
        FaultKind::Flap { down, up } => (*down, *up) = (period(*down), period(*up)),
        FaultKind::AcceptThen { then: Then::Answer(span) } => *span = short(*span),
        FaultKind::Freeze { release } => *release = release.map(short),
        FaultKind::Creep { rises, .. } => *rises = short(*rises),
        FaultKind::AcceptThen { then: Then::Reset | Then::Close }
        | FaultKind::Down { .. }
        | FaultKind::Silence
        | FaultKind::Refuse { .. }
        | FaultKind::Loss
        | FaultKind::Throttle { .. }
        | FaultKind::Lie { .. }
        | FaultKind::Login
        | FaultKind::SenderDown => {}
    }
    if let Recover::Staged(stages) = &mut fault.recover {
        stages.iter_mut().for_each(|stage| stage.after = short(stage.after));
    }
}

fn name(fields: &Fields<'_>, problems: &mut Problems) -> Option<String> {
    let node = fields.need("fault", problems)?;
    let name = text("fault", node, problems)?;
    check_name(name, node.at, problems).then(|| name.to_owned())
}

fn kind(fields: &Fields<'_>, problems: &mut Problems) -> Option<FaultKind> {
    let node = fields.need("kind", problems)?;
    let choices = FaultKind::NAMES.map(|name| (name, name));
    let second = Spread::Fixed(Span::from_secs(1));
    Some(match word("kind", node, &choices, problems)? {
        "down" => FaultKind::Down { how: fields.word("how", &HOWS, problems).unwrap_or(DownHow::Reject) },
        "silence" => FaultKind::Silence,
        "refuse" => FaultKind::Refuse { code: code(fields, problems)? },
        "late_failure" => {
            let (after, code) = (fields.need_leaf("after", problems), code(fields, problems));
            FaultKind::LateFailure { after: after?, code: code? }
        }
        "latency" => FaultKind::Latency { add: fields.need_leaf("add", problems)? },
        "loss" => FaultKind::Loss,
        "duplicate" => FaultKind::Duplicate {
            copies: fields.number("copies", 1..11, problems).unwrap_or(1) as u8,
            after: fields.leaf("after", problems).unwrap_or(second),
        },
        "reorder" => FaultKind::Reorder { window: period("window", WINDOW_MIN, fields, problems)? },
        "throttle" => FaultKind::Throttle {
            per_second: fields.need_leaf::<Rate>("rate", problems)?.0,
            over: fields.word("over", &OVERS, problems).unwrap_or(Over::Queue),
        },
        "freeze" => FaultKind::Freeze { release: fields.leaf("release", problems) },
        "lie" => {
            fields.need("as", problems)?;
            FaultKind::Lie { claim: fields.word("as", &CLAIMS, problems)? }
        }
        "sever" => {
            let every = if fields.has("every") { Some(period("every", TURN_MIN, fields, problems)?) } else { None };
            FaultKind::Sever { every }
        }
        "flap" => {
            let (down, up) = (period("down", TURN_MIN, fields, problems), period("up", TURN_MIN, fields, problems));
            FaultKind::Flap { down: down?, up: up? }
        }
        "login" => FaultKind::Login,
        "accept_then" => FaultKind::AcceptThen { then: then(fields.need("then", problems)?, problems)? },
        "creep" => {
            let (code, rises) = (code(fields, problems), fields.need_leaf("rises", problems));
            let from = fields.leaf("from", problems).unwrap_or(Share::NONE);
            FaultKind::Creep { code: code?, from, rises: rises? }
        }
        "sender_down" => FaultKind::SenderDown,
        other => unreachable!("`{other}` is among the names of kinds and has no reader"),
    })
}

fn code(fields: &Fields<'_>, problems: &mut Problems) -> Option<Code> {
    fields.need("code", problems)?;
    fields.number("code", 1..10_000, problems).map(|code| Code(code as u16))
}

/// Says when a fault would turn more often than a run can bear.
fn turns(kind: &FaultKind, lasts: Span, fields: &Fields<'_>, problems: &mut Problems) {
    let round = match kind {
        FaultKind::Sever { every: Some(every) } => *every,
        FaultKind::Flap { down, up } => Span::from_micros((*down + *up).micros() / 2),
        _never_turns => return,
    };
    let turns = lasts.micros() / round.micros().max(1);
    if turns > TURNS_MAX {
        let issue = Issue::new("장애가 너무 자주 바뀝니다", "the fault turns too often")
            .expected(format!("{TURNS_MAX}번 이하"), format!("at most {TURNS_MAX} turns"))
            .found(&turns.to_string());
        problems.add(fields.entry("for").map_or(fields.at, |entry| entry.node.at), issue);
    }
}

/// Says when a frozen queue would be let go while it still stands still.
fn release(kind: &FaultKind, lasts: Span, fields: &Fields<'_>, problems: &mut Problems) {
    let (FaultKind::Freeze { release: Some(release) }, Some(entry)) = (kind, fields.entry("release")) else { return };
    if *release < lasts {
        let issue = Issue::new(
            "대기열이 멈춰 있는 동안에는 풀릴 수 없습니다",
            "a queue cannot be let go while it stands still",
        )
        .expected(format!("{lasts} 이상"), format!("at least {lasts}"))
        .found(&release.to_string());
        problems.add(entry.node.at, issue);
    }
}

fn period(key: &str, least: Span, fields: &Fields<'_>, problems: &mut Problems) -> Option<Span> {
    let span: Span = fields.need_leaf(key, problems)?;
    if span >= least {
        return Some(span);
    }
    let issue = Issue::new(format!("`{key}` 시간이 너무 짧습니다"), format!("`{key}` is too short"))
        .expected(format!("{least} 이상"), format!("at least {least}"))
        .found(&span.to_string());
    problems.add(fields.entry(key)?.node.at, issue);
    None
}

fn then(node: &Node, problems: &mut Problems) -> Option<Then> {
    let written = node.text().unwrap_or_default();
    let answer = call(written).filter(|(name, _)| *name == "answer");
    let then = match (written, answer) {
        ("reset", _) => Some(Then::Reset),
        ("close", _) => Some(Then::Close),
        (_, Some((_, span))) => Span::read(span, true).ok().map(Then::Answer),
        _ => None,
    };
    if then.is_none() {
        let issue = not_a("then", ("끝맺음", "an ending of a call"), node)
            .expected("reset, close, answer(6s) 중 하나", "reset, close or answer(6s)")
            .nearest(nearest(written, ["reset", "close"].into_iter()));
        problems.add(node.at, issue);
    }
    then
}

fn scope(fields: &Fields<'_>, kind: Option<&FaultKind>, plan: &Plan, problems: &mut Problems) -> Option<Scope> {
    let media = list(fields, "media", &Medium::ALL.map(|medium| (medium, medium.name())), problems);
    let all = Network::ALL.map(|network| (network, network.name()));
    let mut networks = list(fields, "networks", &all, problems);
    networks.extend(list(fields, "network", &all, problems));
    if networks.is_empty() {
        networks = media.iter().map(|medium| plan.medium(*medium).network).collect();
    }
    networks.sort();
    networks.dedup();
    if networks.is_empty() && kind == Some(&FaultKind::SenderDown) {
        // The agency's own systems stand before every network.
        networks = Network::ALL.to_vec();
    }
    if networks.is_empty() && !fields.has("network") && !fields.has("networks") && !fields.has("media") {
        fields.missing("network", problems);
    }
    let stray = media.iter().find(|medium| !networks.contains(&plan.medium(**medium).network));
    if let (Some(medium), Some(entry)) = (stray, fields.entry("media")) {
        let (name, network) = (medium.name(), plan.medium(*medium).network.name());
        let ko = format!("`{name}`은(는) 이 망으로 다니지 않습니다");
        let issue = Issue::new(ko, format!("`{name}` does not travel on this network")).expected(network, network);
        problems.add(entry.node.at, issue);
    }
    let mut legs = list(fields, "legs", &LEGS, problems);
    if legs.is_empty() && !fields.has("legs") {
        legs = kind.map_or_else(Vec::new, |kind| kind.own_legs().to_vec());
    }
    Some(Scope {
        networks,
        media,
        legs,
        share: share(fields, problems),
        sticky: fields.leaf("sticky", problems).unwrap_or(false),
        groups: groups(fields, plan, problems),
        regions: regions(fields, "regions", plan, problems),
    })
}

fn share(fields: &Fields<'_>, problems: &mut Problems) -> Option<Share> {
    let share: Share = fields.leaf("share", problems)?;
    if share == Share::NONE {
        let at = fields.entry("share")?.node.at;
        problems.add(at, Issue::new("아무에게도 닿지 않는 장애입니다", "a fault that can strike nobody").found("0%"));
    }
    Some(share)
}

fn list<T: Copy>(fields: &Fields<'_>, key: &str, choices: &[(T, &str)], problems: &mut Problems) -> Vec<T> {
    let Some(node) = fields.get(key, problems) else { return Vec::new() };
    let items = one_or_many(key, node, SCOPE_MAX, problems);
    items.iter().filter_map(|item| word(key, item, choices, problems)).collect()
}

/// `groups:` of a fault or of a send line.
pub(super) fn groups(fields: &Fields<'_>, plan: &Plan, problems: &mut Problems) -> Groups {
    let Some(node) = fields.get("groups", problems) else { return Groups::default() };
    let mut groups = Groups::default();
    for item in one_or_many("groups", node, SCOPE_MAX, problems) {
        let known = plan.groups.iter().map(String::as_str);
        if let Some(index) = reference(("그룹", "group"), item, known, problems) {
            groups = groups.with(crate::sim::model::ids::GroupId(index as u8));
        }
    }
    groups
}

/// Regions under a key of a fault or of a send line.
pub(super) fn regions(fields: &Fields<'_>, key: &str, plan: &Plan, problems: &mut Problems) -> Vec<RegionId> {
    let Some(node) = fields.get(key, problems) else { return Vec::new() };
    let mut regions = Vec::new();
    for item in one_or_many(key, node, SCOPE_MAX, problems) {
        let known = plan.regions.iter().map(String::as_str);
        regions.extend(reference(("지역", "region"), item, known, problems).map(|index| RegionId(index as u16)));
    }
    regions
}

/// When it ends: `Some(None)` for `until: lifted`.
fn ends(fields: &Fields<'_>, begins: SimTime, problems: &mut Problems) -> Option<Option<SimTime>> {
    match (fields.entry("for"), fields.entry("until")) {
        (Some(_), Some(until)) => {
            problems.add(
                until.key_at,
                Issue::new("`for`와 `until` 중 하나만 씁니다", "`for` and `until` exclude each other"),
            );
            None
        }
        (Some(entry), None) => {
            let span: Span = fields.leaf("for", problems)?;
            if span == Span::ZERO {
                problems.add(entry.node.at, Issue::new("장애 시간이 0입니다", "a fault of no length").found("0s"));
            }
            Some(Some(begins + span))
        }
        (None, Some(_)) => {
            fields.word("until", &[((), "lifted")], problems)?;
            Some(None)
        }
        (None, None) => {
            let name = quote(fields.entry("fault").and_then(|entry| entry.node.text()).unwrap_or_default());
            let issue = Issue::new(format!("장애 `{name}`에 끝이 없습니다"), format!("the fault `{name}` has no end"))
                .expecting(one_of(["for: 10m", "until: lifted"].into_iter()));
            problems.add(crate::sim::scenario::problem::At { end: fields.at.start + 1, ..fields.at }, issue);
            None
        }
    }
}
