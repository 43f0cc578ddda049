//! From the tree to the plan: reads each part in the order in which they know each other's names.

use crate::sim::dice::Seed;
use crate::sim::expect::Promise;
use crate::sim::medium;
use crate::sim::model::ids::PersonId;
use crate::sim::model::words::Words;
use crate::sim::network;
use crate::sim::plan::magic;
use crate::sim::plan::numbers::PEOPLE_MAX;
use crate::sim::plan::service::Services;
use crate::sim::plan::{Channel, Clock, Cohort, Lesson, Plan};
use crate::sim::scenario::desk;
use crate::sim::scenario::media;
use crate::sim::scenario::notices;
use crate::sim::scenario::people;
use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::promise;
use crate::sim::scenario::reader::{Fields, check_name, items, rows, text};
use crate::sim::scenario::service::{census, dispatch, intake, payment, relay, stock, talk};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::timeline;
use crate::sim::scenario::value::Moment;
use crate::sim::scenario::variant;
use crate::sim::scenario::yaml::Node;
use crate::sim::time::{SimTime, Span};

/// The whole file.
pub(super) const ROOT: Table = Table {
    name: "scenario",
    needs: &["scenario", "timeline"],
    rows: &[
        Row("scenario", Shape::Text, "이름 / its name, for lists and folders"),
        Row("version", Shape::Number, "형식 판 / version of the format: 1"),
        Row("title", Shape::Words, "제목 / title for people"),
        Row("sources", Shape::List(&Shape::Text), "출처 / rows of the source articles that this replays"),
        Row("lesson", Shape::Table(&LESSON), "수업 / a question, a prediction to make, and what the run shows"),
        Row("each", Shape::Named(&Shape::Number), "반복 / what says <name> stands so many times, numbered from 1"),
        Row("seed", Shape::Number, "씨앗값 / the seed of all luck"),
        Row("clock", Shape::Table(&CLOCK), "시계 / when the run starts and how long it is"),
        Row("channels", Shape::Named(&Shape::Table(&CHANNEL)), "채널 / the agencies' channels"),
        Row("people", people::SHAPE, "사람 / who there is"),
        Row("media", Shape::Table(&media::MEDIA), "매체 / what differs from the sourced defaults"),
        Row("networks", Shape::Table(&media::NETWORKS), "망 / what differs from the sourced defaults"),
        Row("notices", notices::SHAPE, "알림 / kinds of notices"),
        Row(
            "dispatch",
            Shape::Table(&dispatch::DISPATCH),
            "배차 / people ask for rides, the nearest drivers are asked",
        ),
        Row("census", Shape::Table(&census::CENSUS), "채널 전수 / all channels of the messenger, by rank"),
        Row("stocks", stock::SHAPE, "재고 / what the desk can grant"),
        Row("relays", relay::SHAPE, "전달 / who passes what on to the people they know"),
        Row("desk", desk::SHAPE, "창구 / what the channel's counter does by itself"),
        Row("intakes", intake::SHAPE, "접수 / forms that people fill in, and what they are told"),
        Row("payments", payment::SHAPE, "결제 / what happens between a press on pay and the receipt"),
        Row("sender", Shape::Table(&desk::SENDER), "발신 / who sends, by which policy"),
        Row("timeline", timeline::SHAPE, "시간표 / what happens when"),
        Row("steady", promise::STEADY, "평상 조건 / holds from the start to the first fault"),
        Row("expect", promise::EXPECT, "기대 / what the run is judged by"),
        Row("stop", promise::STOP, "중단 조건 / what ends the run"),
    ],
};

const LESSON: Table = Table {
    name: "lesson",
    needs: &["question", "predict", "answer"],
    rows: &[
        Row("question", Shape::Words, "질문 / the question"),
        Row("predict", Shape::Words, "예상 / what everybody writes down before the run"),
        Row("answer", Shape::Words, "답 / what the run shows"),
    ],
};

const CLOCK: Table = Table {
    name: "clock",
    needs: &[],
    rows: &[
        Row("start", Shape::Moment, "시작 시각 / the run's place in the calendar"),
        Row("stop", Shape::Span, "길이 / how long the run is"),
    ],
};

const CHANNEL: Table = Table {
    name: "channel",
    needs: &[],
    rows: &[
        Row("name", Shape::Words, "이름 / name for people"),
        Row("search_id", Shape::Text, "검색용 아이디 / search id with its @"),
        talk::HOURS,
        talk::FORGETS,
    ],
};

const CHANNELS_MAX: usize = 256;
const SOURCES_MAX: usize = 256;
/// A Monday morning in Korea, for files that do not say when they start: 2026-01-05T10:00:00+09:00.
const USUAL_START: Clock = Clock { start_unix_s: 1_767_574_800, offset_s: 32_400, stop: SimTime::ZERO };
/// How long a run without `clock.stop` goes on after the last line and the longest route: enough to be late in.
const AFTERMATH: Span = Span::from_secs(600);

/// Reads the whole tree. The plan is whole only if no problem was said.
pub(super) fn lower(root: &Node, problems: &mut Problems) -> Option<(Plan, Promise)> {
    let fields = Fields::of(root, "scenario", &ROOT, problems)?;
    let mut plan = blank();
    head(&fields, &mut plan, problems);
    let stop = clock(&fields, &mut plan, problems);
    channels(&fields, &mut plan, problems);
    each(&fields, "media", &mut plan, problems, media::media);
    each(&fields, "networks", &mut plan, problems, media::networks);
    each(&fields, "notices", &mut plan, problems, notices::read);
    everybody(&fields, &mut plan, problems);
    each(&fields, "census", &mut plan, problems, census::read);
    each(&fields, "dispatch", &mut plan, problems, dispatch::read);
    each(&fields, "intakes", &mut plan, problems, intake::read);
    if let Some(node) = fields.entry("notices").map(|entry| &entry.node) {
        variant::check_groups(node, &plan, problems);
    }
    match fields.need("timeline", problems) {
        Some(node) => timeline::read(node, &mut plan, problems),
        None => return None,
    }
    each(&fields, "stocks", &mut plan, problems, stock::read);
    each(&fields, "relays", &mut plan, problems, relay::read);
    each(&fields, "desk", &mut plan, problems, desk::read);
    each(&fields, "payments", &mut plan, problems, payment::read);
    if let Some(node) = fields.get("sender", problems) {
        desk::sender(node, &mut plan.sender, problems);
    }
    plan.clock.stop = stop.unwrap_or_else(|| usual_stop(&plan));
    if plan.magic.is_none() {
        magic::join(&mut plan, magic::STANDBY, &[]);
    }
    let promise = promise::read(&fields, &plan, problems);
    Some((plan, promise))
}

/// A list of texts.
pub(super) fn texts(name: &str, node: &Node, problems: &mut Problems) -> Vec<String> {
    let items = items(name, node, SOURCES_MAX, problems);
    items.iter().filter_map(|item| text(name, item, problems)).map(str::to_owned).collect()
}

fn each(
    fields: &Fields<'_>,
    key: &str,
    plan: &mut Plan,
    problems: &mut Problems,
    read: fn(&Node, &mut Plan, &mut Problems),
) {
    if let Some(node) = fields.get(key, problems) {
        read(node, plan, problems);
    }
}

/// A plan of nothing and nobody.
pub(super) fn blank() -> Plan {
    Plan {
        name: String::new(),
        title: Words::default(),
        lesson: None,
        sources: Vec::new(),
        seed: Seed(1),
        clock: USUAL_START,
        channels: Vec::new(),
        groups: Vec::new(),
        regions: Vec::new(),
        cohorts: Vec::new(),
        magic: None,
        media: medium::all(),
        networks: network::all(),
        kinds: Vec::new(),
        buttons: Vec::new(),
        sends: Vec::new(),
        faults: Vec::new(),
        desk: Vec::new(),
        counters: Vec::new(),
        services: Services::default(),
        sender: desk::usual_sender(),
    }
}

fn head(fields: &Fields<'_>, plan: &mut Plan, problems: &mut Problems) {
    if let Some(node) = fields.need("scenario", problems)
        && let Some(name) = text("scenario", node, problems)
        && check_name(name, node.at, problems)
    {
        plan.name = name.to_owned();
    }
    plan.title = fields.words("title", problems).unwrap_or_else(|| Words::same(plan.name.as_str()));
    fields.number("version", 1..2, problems);
    plan.seed = Seed(fields.leaf("seed", problems).unwrap_or(1));
    plan.lesson = fields.get("lesson", problems).and_then(|node| lesson(node, problems));
    if let Some(node) = fields.get("sources", problems) {
        plan.sources = texts("sources", node, problems);
    }
}

fn lesson(node: &Node, problems: &mut Problems) -> Option<Lesson> {
    let fields = Fields::of(node, "lesson", &LESSON, problems)?;
    let mut needed = |key: &str| {
        fields.need(key, problems)?;
        fields.words(key, problems)
    };
    let (question, predict, answer) = (needed("question"), needed("predict"), needed("answer"));
    Some(Lesson { question: question?, predict: predict?, answer: answer? })
}

/// Reads the start into the plan, and answers the stop.
fn clock(fields: &Fields<'_>, plan: &mut Plan, problems: &mut Problems) -> Option<SimTime> {
    let node = fields.get("clock", problems)?;
    let clock = Fields::of(node, "clock", &CLOCK, problems)?;
    if let Some(moment) = clock.leaf::<Moment>("start", problems) {
        plan.clock = Clock { start_unix_s: moment.unix_s, offset_s: moment.offset_s, ..plan.clock };
    }
    let stop: Span = clock.leaf("stop", problems)?;
    if stop == Span::ZERO {
        let at = clock.entry("stop")?.node.at;
        problems.add(at, Issue::new("실행 시간이 0입니다", "a run of no length").found("0s"));
    }
    Some(SimTime::ZERO + stop)
}

fn channels(fields: &Fields<'_>, plan: &mut Plan, problems: &mut Problems) {
    let rows = fields.get("channels", problems).map(|node| rows("channels", node, CHANNELS_MAX, problems));
    for row in rows.into_iter().flatten() {
        let Some(fields) = Fields::of(&row.node, &row.key, &CHANNEL, problems) else { continue };
        let name = fields.words("name", problems).unwrap_or_else(|| Words::same(row.key.as_str()));
        let search_id = fields.text("search_id", problems).map_or_else(|| format!("@{}", row.key), str::to_owned);
        plan.channels.push(Channel { key: row.key.clone(), name, search_id });
        plan.services.talk.counters.push(talk::counter(&fields, problems));
    }
    if plan.channels.is_empty() {
        let name = Words { ko: "기관".to_owned(), en: "Agency".to_owned() };
        plan.channels.push(Channel { key: "agency".to_owned(), name, search_id: "@agency".to_owned() });
    }
}

/// `people:`, or as many alike as the timeline speaks of.
fn everybody(fields: &Fields<'_>, plan: &mut Plan, problems: &mut Problems) {
    if let Some(node) = fields.get("people", problems) {
        people::read(node, plan, problems);
        return;
    }
    let named = fields.entry("timeline").and_then(|entry| timeline::people_named(&entry.node));
    match named {
        Some(count @ 1..) if count <= u64::from(PEOPLE_MAX) => {
            plan.cohorts.push(Cohort::plain("people", PersonId(0), count as u32));
        }
        Some(_) => {} // Said where it stands, by the audience.
        None if fields.has("people") => {}
        None => fields.missing("people", problems),
    }
}

fn usual_stop(plan: &Plan) -> SimTime {
    let route = plan.kinds.iter().map(notices::longest).max().unwrap_or_default();
    timeline::last_instant(plan) + route + AFTERMATH
}
