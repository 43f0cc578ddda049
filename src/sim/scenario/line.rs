//! A fault as a line of the timeline again: the way back from `faults`.
//!
//! Every figure is exact, so reading the line gives the same fault. What the format has a least length for (turns of a
//! flap, a window of reordering) may be shorter in a fault of a pack that was hurried; such a line is written slower and
//! hurried again.

use crate::sim::dice::{Share, Spread};
use crate::sim::fault::{DownHow, Fault, FaultKind, LieClaim, Over, Recover, Stage, Then};
use crate::sim::medium::Capability;
use crate::sim::model::ids::{GroupId, RegionId};
use crate::sim::plan::Plan;
use crate::sim::scenario::faults::{TURN_MIN, WINDOW_MIN};
use crate::sim::scenario::problem::At;
use crate::sim::scenario::yaml::{Entry, Node, Value};
use crate::sim::time::{SimTime, Span};

/// Where nodes stand that no file has.
pub(super) const NOWHERE: At = At { source: 0, start: 0, end: 0 };

/// The line of a fault that begins at `at`; of a fault of a pack, the pack around it.
pub(super) fn line(fault: &Fault, at: SimTime, plan: &Plan) -> Node {
    let times = slower(&fault.kind);
    let Some(pack) = fault.pack.clone().or_else(|| (times > 1).then(|| fault.name.clone())) else {
        return map([vec![("at", span(at.since(SimTime::ZERO)))], keys(fault, at, 1, plan)].concat());
    };
    // A pack's name stands before a fault's only where another fault has that name already; it will again.
    let own = fault.name.strip_prefix(&format!("{pack}/")).unwrap_or(&fault.name);
    let inner = Fault { name: own.to_owned(), ..fault.clone() };
    let inner = map([vec![("at", plain("0s"))], keys(&inner, at, times, plan)].concat());
    let pack = map(vec![("pack", quoted(&pack)), ("faults", list(vec![inner]))]);
    let mut outer = vec![("at", span(at.since(SimTime::ZERO))), ("outage", pack)];
    if times > 1 {
        outer.push(("speed", plain(format!("x{times}"))));
    }
    map(outer)
}

/// `lift:` of a fault; `early` before it began.
pub(super) fn lift(name: &str, at: SimTime, early: bool) -> Node {
    let mut keys = vec![("at", span(at.since(SimTime::ZERO))), ("lift", quoted(name))];
    if early {
        keys.push(("early", plain("true")));
    }
    map(keys)
}

type Keys = Vec<(&'static str, Node)>;

/// How many times slower a fault must be written so that every length in it is one that a file may have.
fn slower(kind: &FaultKind) -> u64 {
    let times = |least: Span, is: Span| least.micros().div_ceil(is.micros().max(1)).max(1);
    match kind {
        FaultKind::Sever { every: Some(every) } => times(TURN_MIN, *every),
        FaultKind::Flap { down, up } => times(TURN_MIN, *down).max(times(TURN_MIN, *up)),
        FaultKind::Reorder { window } => times(WINDOW_MIN, *window),
        FaultKind::Sever { every: None }
        | FaultKind::Down { .. }
        | FaultKind::Silence
        | FaultKind::Refuse { .. }
        | FaultKind::LateFailure { .. }
        | FaultKind::Latency { .. }
        | FaultKind::Loss
        | FaultKind::Duplicate { .. }
        | FaultKind::Throttle { .. }
        | FaultKind::Freeze { .. }
        | FaultKind::Lie { .. }
        | FaultKind::Login
        | FaultKind::AcceptThen { .. }
        | FaultKind::Creep { .. }
        | FaultKind::SenderDown => 1,
    }
}

fn keys(fault: &Fault, at: SimTime, times: u64, plan: &Plan) -> Keys {
    let mut keys = vec![("fault", quoted(&fault.name)), ("kind", plain(fault.kind.name()))];
    keys.extend(parameters(&fault.kind, times));
    keys.extend(scope(fault, plan));
    keys.push(match fault.ends {
        Some(ends) => ("for", span(ends.since(at).times(times))),
        None => ("until", plain("lifted")),
    });
    keys.extend(recover(fault, times).map(|recover| ("recover", recover)));
    keys
}

fn parameters(kind: &FaultKind, times: u64) -> Keys {
    let long = |is: Span| span(is.times(times));
    match kind {
        FaultKind::Down { how } => vec![("how", plain(how_word(*how)))],
        FaultKind::Refuse { code } => vec![("code", plain(code.0.to_string()))],
        FaultKind::LateFailure { after, code } => {
            vec![("after", spread(after, times)), ("code", plain(code.0.to_string()))]
        }
        FaultKind::Latency { add } => vec![("add", spread(add, times))],
        FaultKind::Duplicate { copies, after } => {
            vec![("copies", plain(copies.to_string())), ("after", spread(after, times))]
        }
        FaultKind::Reorder { window } => vec![("window", long(*window))],
        FaultKind::Throttle { per_second, over } => {
            vec![("rate", plain(format!("{per_second}/s"))), ("over", plain(over_word(*over)))]
        }
        FaultKind::Freeze { release: Some(release) } => vec![("release", long(*release))],
        FaultKind::Lie { claim: LieClaim::Delivered } => vec![("as", plain("delivered"))],
        FaultKind::Lie { claim: LieClaim::Failed } => vec![("as", plain("failed"))],
        FaultKind::Sever { every: Some(every) } => vec![("every", long(*every))],
        FaultKind::Flap { down, up } => vec![("down", long(*down)), ("up", long(*up))],
        FaultKind::AcceptThen { then: Then::Reset } => vec![("then", plain("reset"))],
        FaultKind::AcceptThen { then: Then::Close } => vec![("then", plain("close"))],
        FaultKind::AcceptThen { then: Then::Answer(after) } => {
            vec![("then", quoted(&format!("answer({})", after.times(times))))]
        }
        FaultKind::Creep { code, from, rises } => {
            vec![("code", plain(code.0.to_string())), ("from", share(*from)), ("rises", long(*rises))]
        }
        FaultKind::Silence
        | FaultKind::Loss
        | FaultKind::Freeze { release: None }
        | FaultKind::Sever { every: None }
        | FaultKind::Login
        | FaultKind::SenderDown => Vec::new(),
    }
}

fn scope(fault: &Fault, plan: &Plan) -> Keys {
    let scope = &fault.scope;
    let words = |words: Vec<&str>| list(words.into_iter().map(plain).collect());
    let mut keys = vec![
        ("networks", words(scope.networks.iter().map(|network| network.name()).collect())),
        ("legs", words(scope.legs.iter().map(|leg| leg.name()).collect())),
    ];
    if !scope.media.is_empty() {
        keys.push(("media", words(scope.media.iter().map(|medium| medium.name()).collect())));
    }
    keys.extend(scope.share.map(|part| ("share", share(part))));
    if scope.sticky {
        keys.push(("sticky", plain("true")));
    }
    let names = |names: Vec<&String>| list(names.into_iter().map(|name| quoted(name)).collect());
    let places = || (0_u8..).map(GroupId).take(plan.groups.len());
    let groups: Vec<&String> =
        places().zip(&plan.groups).filter(|(id, _)| scope.groups.has(*id)).map(|row| row.1).collect();
    if !groups.is_empty() {
        keys.push(("groups", names(groups)));
    }
    let regions: Vec<&String> =
        scope.regions.iter().filter_map(|RegionId(place)| plan.regions.get(usize::from(*place))).collect();
    if !regions.is_empty() {
        keys.push(("regions", names(regions)));
    }
    keys
}

/// What becomes of what it holds, for kinds that hold anything.
fn recover(fault: &Fault, times: u64) -> Option<Node> {
    super::kinds::kind(fault.kind.name())?.recover?;
    Some(match &fault.recover {
        Recover::Drop => plain("drop"),
        Recover::Flush { per_second, newest_first } => {
            let first = if *newest_first { " newest first" } else { "" };
            quoted(&per_second.map_or(format!("flush{first}"), |rate| format!("flush{first} {rate}/s")))
        }
        Recover::Staged(stages) => {
            let stage = |stage: &Stage| {
                map(vec![("after", span(stage.after.times(times))), ("gives", plain(capability_word(stage.gives)))])
            };
            map(vec![("staged", list(stages.iter().map(stage).collect()))])
        }
    })
}

const fn how_word(how: DownHow) -> &'static str {
    match how {
        DownHow::Reject => "reject",
        DownHow::Hang => "hang",
        DownHow::Reset => "reset",
    }
}

const fn over_word(over: Over) -> &'static str {
    match over {
        Over::Queue => "queue",
        Over::Drop => "drop",
        Over::TooMany => "429",
    }
}

const fn capability_word(capability: Capability) -> &'static str {
    match capability {
        Capability::Text => "text",
        Capability::Image => "image",
        Capability::Channel => "channel",
        Capability::Alimtalk => "alimtalk",
        Capability::Ads => "ads",
        Capability::Mail => "mail",
    }
}

fn spread(of: &Spread, times: u64) -> Node {
    let long = |is: &Span| is.times(times);
    match of {
        Spread::Fixed(is) => span(long(is)),
        Spread::Uniform(low, high) => quoted(&format!("uniform({}, {})", long(low), long(high))),
        Spread::LogNormal { p50, p99, .. } => quoted(&format!("lognormal(p50={}, p99={})", long(p50), long(p99))),
    }
}

/// Exact to a millionth, as shares are.
fn share(of: Share) -> Node {
    let (whole, part) = (of.ppm() / 10_000, of.ppm() % 10_000);
    let digits = format!("{part:04}");
    let digits = digits.trim_end_matches('0');
    plain(if digits.is_empty() { format!("{whole}%") } else { format!("{whole}.{digits}%") })
}

fn span(of: Span) -> Node {
    plain(of.to_string())
}

fn plain(text: impl Into<String>) -> Node {
    Node::plain(NOWHERE, text)
}

fn quoted(text: &str) -> Node {
    Node::quoted(NOWHERE, text)
}

fn list(items: Vec<Node>) -> Node {
    Node { at: NOWHERE, end: 0, value: Value::List(items) }
}

fn map(entries: Keys) -> Node {
    let entry = |(key, node): (&str, Node)| Entry { key: key.to_owned(), key_at: NOWHERE, node };
    Node { at: NOWHERE, end: 0, value: Value::Map(entries.into_iter().map(entry).collect()) }
}
