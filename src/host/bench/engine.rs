//! The engine in virtual time: a plain route, and the rent bill with a silent kakao network, fallback and expectations.

use std::time::{Duration, Instant};

use crate::host::bench::{Memory, Row, floor, median, memory};
use crate::sim::engine::Phones;
use crate::sim::engine::effect::Effect;
use crate::sim::rehearsal::Rehearsal;
use crate::sim::scenario::Scenario;
use crate::sim::time::SimTime;

/// A message and its receipt, nothing else.
const PLAIN: &str = r#"
scenario: bench-plain
seed: 1
clock: { start: "2022-10-15T15:20:00+09:00", stop: STOP }
channels: { lh: { name: { ko: "LH", en: "LH" }, search_id: "@lh" } }
people:
  tenants: { count: COUNT, kakao: { active: 100% }, reads: { after: 20m, never: 100% } }
media:
  alimtalk: { shows: "lognormal(p50=400ms, p99=3s)", receipt: "lognormal(p50=500ms, p99=4s)" }
notices:
  rent:
    alimtalk: { template: RENT, text: "[LH] 12월 임대료 고지 (모의)" }
    route: [ { try: alimtalk, until: delivered, within: 60s } ]
timeline:
  - { at: 0s, send: rent, to: tenants, over: OVER }
expect:
  - { must: "ratio(reached) >= 99%", why: everybody hears }
"#;

/// The rent bill of `lh/rent-bill-blackout`, with as many tenants as wanted.
const RENT: &str = r#"
scenario: bench-rent
seed: 20221015
clock: { start: "2022-10-15T15:20:00+09:00", stop: STOP }
channels: { lh: { name: { ko: "LH", en: "LH" }, search_id: "@lh" } }
people:
  tenants:
    count: COUNT
    kakao: { active: 93%, inactive: 2%, blocked: 1%, none: 4% }
    phone: { powered: 99%, dark: 1% }
    groups: { senior: 22% }
    reads: { after: "lognormal(p50=20m, p99=1d)", never: 12% }
media:
  alimtalk: { shows: "lognormal(p50=400ms, p99=3s)", receipt: "lognormal(p50=500ms, p99=4s)", price: 8 }
  lms: { shows: "uniform(2s, 8s)", price: 27 }
notices:
  rent:
    vars: { name: person.name, amount: "won(180000..420000)", due: "date(+10d)" }
    alimtalk: { template: RENT, text: "[LH] #{name}님 12월 임대료 #{amount}원, 납부기한 #{due}" }
    lms: { title: "LH 임대료 안내", text: "[LH] #{name}님 12월 임대료 #{amount}원, 납부기한 #{due}" }
    route:
      - { try: alimtalk, until: delivered, within: 60s }
      - { try: lms, until: delivered, within: 10m }
timeline:
  - { at: 0s, send: rent, to: tenants, over: OVER }
  - { at: QUARTER, fault: silence, network: kakao, kind: silence, for: HALF, recover: drop }
expect:
  - { sometimes: "count(fallback{to=lms, hit=silence}) >= 1", why: the fallback really ran }
  - { must: "ratio(reached, within=30m) >= 97.5%", why: nobody is lost }
  - { must: "worst_group(ratio(reached, within=30m)) >= 97%", why: no group is left behind }
  - { must: "p95(time_to_reach{hit=silence}) <= 90s", why: sixty seconds and one hop }
"#;

/// Everybody's message on its way and held, until the end: what an open notice costs.
const OPEN: &str = r#"
scenario: bench-open
seed: 1
clock: { start: "2022-10-15T15:20:00+09:00", stop: 30s }
channels: { lh: { name: { ko: "LH", en: "LH" }, search_id: "@lh" } }
people:
  tenants: { count: COUNT, kakao: { active: 100% } }
notices:
  rent:
    alimtalk: { template: RENT, text: "[LH] 12월 임대료 고지 (모의)" }
    route: [ { try: alimtalk, until: delivered, within: 60s } ]
timeline:
  - { at: 10s, send: rent, to: tenants, over: 1s }
expect:
  - { must: "count(notices) >= 1", why: something was sent }
"#;

/// Notices that the stories send a second of simulated time: a country-wide notice in an hour and a half. Ten times as
/// many keep ten times as many rows in use at once, and caches then decide the figure.
const PER_SECOND: u64 = 1_000;

/// Measures both stories at each size, `rounds` times, each round beside a round of the floor.
pub fn speed(sizes: &[u32], rounds: usize, mut done: impl FnMut(&Row)) {
    for (story, text) in [("plain", PLAIN), ("rent", RENT)] {
        for people in sizes {
            done(&measure(story, text, *people, rounds));
        }
    }
}

/// Measures what people and open notices keep in memory; `None` where the kernel does not tell.
pub fn memory(people: u32) -> Option<Memory> {
    let scenario = story(OPEN, people);
    let before = memory::resident()?;
    let mut run = Rehearsal::new(&scenario, Phones::Simulated);
    let mut effects = Vec::new();
    run.step(SimTime::ZERO, None, &mut effects);
    let with_people = memory::resident()?;
    // Ten seconds in, everything has been sent and nothing has been heard of yet at the half second before the last.
    let last_send = SimTime::from_micros(11_000_000);
    while run.next_wakeup().is_some_and(|due| due <= last_send) {
        let due = run.next_wakeup().expect("just seen");
        run.step(due, None, &mut effects);
        effects.clear();
    }
    let with_notices = memory::resident()?;
    let each = |bytes: u64| bytes as f64 / f64::from(people);
    Some(Memory {
        people,
        bytes_a_person: each(with_people.saturating_sub(before)),
        bytes_an_open_notice: each(with_notices.saturating_sub(with_people)),
    })
}

fn measure(story_name: &'static str, text: &str, people: u32, rounds: usize) -> Row {
    let scenario = story(text, people);
    let (mut times, mut ratios) = (Vec::new(), Vec::new());
    let mut last = (0, 0, String::new());
    for _ in 0..rounds.max(1) {
        let (took, notices, events, verdict) = play(&scenario);
        let floor = floor::run(notices, PER_SECOND, events);
        ratios.push(floor.as_secs_f64() / took.as_secs_f64());
        times.push(took);
        last = (notices, events, verdict);
    }
    let (notices, events, verdict) = last;
    Row { story: story_name, people, notices, events, took: median(times), of_floor: median(ratios), verdict }
}

/// One run with the watch following; the population is drawn before the clock starts.
fn play(scenario: &Scenario) -> (Duration, u64, u64, String) {
    let mut run = Rehearsal::new(scenario, Phones::Simulated);
    let (mut effects, mut events) = (Vec::with_capacity(1_024), 0);
    let started = Instant::now();
    while let Some(due) = run.next_wakeup() {
        run.step(due, None, &mut effects);
        if effects.len() >= 512 {
            events += effects.len() as u64;
            effects.clear();
        }
    }
    let took = started.elapsed();
    events += effects.iter().filter(|effect| matches!(effect, Effect::Event(_))).count() as u64;
    let verdict = run.into_watch().finish();
    (took, verdict.figures.notices, events, verdict.overall.name().to_owned())
}

fn story(text: &str, people: u32) -> Scenario {
    let over = (u64::from(people) / PER_SECOND).max(1);
    let text = text
        .replace("COUNT", &people.to_string())
        .replace("STOP", &format!("{}s", over + 900))
        .replace("OVER", &format!("{over}s"))
        .replace("QUARTER", &format!("{}ms", over * 250))
        .replace("HALF", &format!("{}ms", over * 500));
    crate::host::bench::story(&text)
}
