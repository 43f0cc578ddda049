//! Whole files: those of the format's description, hostile ones, and the texts of errors.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{Library, Loaded, Options, OutageAt, Problems, Scenario, Setting, format, read, read_fault, schema};
use crate::sim::dice::{Seed, Share, Spread};
use crate::sim::fault::{Fault, FaultKind, Over, Recover, Then};
use crate::sim::model::ids::PersonId;
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::words::Lang;
use crate::sim::plan::{Pace, Plan, Policy};
use crate::sim::time::{SimTime, Span};

const FIRST_MINUTE: &str = r#"scenario: first-minute
timeline:
  - { at: 0s,  send: "[OO구청] 모의 알림입니다", to: 100 people, over: 1m }
  - { at: 20s, fault: blackout, network: kakao, kind: down, for: 20s }
expect:
  - { must: "ratio(reached, within=5m) >= 95%", why: everybody hears }
"#;

const RENT: &str = r#"# yaml-language-server: $schema=../../schema/scenario.v1.json
scenario: lh-rent-blackout
version: 1
title: { ko: "LH 임대료 고지 1,000세대, 카카오 10분 침묵", en: "LH rent bills to 1,000 homes, ten silent minutes" }
sources: [S11, S13]                 # rows of the source articles this replays
seed: 20221015
clock: { start: "2022-10-15T15:20:00+09:00", stop: 50m }

channels:
  lh: { name: { ko: "LH 한국토지주택공사", en: "LH" }, search_id: "@lh" }

people:
  tenants:
    count: 1000
    kakao: { active: 93%, inactive: 2%, blocked: 1%, none: 4% }
    phone: { powered: 99%, dark: 1% }
    friends_of: { lh: 40% }
    groups: { senior: 22% }
    reads:   { after: "lognormal(p50=20m, p99=1d)", never: 12% }
    presses: { pay: 55% }
    assumed: reading times have no source

media:                              # only what differs from the built-in, sourced defaults
  alimtalk: { shows: "lognormal(p50=400ms, p99=3s)", receipt: "lognormal(p50=500ms, p99=4s)", price: 8 }
  lms:      { shows: "uniform(2s, 8s)", limit: 20/s, price: 27 }

notices:
  rent:
    vars:  { name: person.name, amount: "won(180000..420000)", due: "date(+10d)" }
    alimtalk: { template: LH_RENT_01, text: "[LH] #{name}님 12월 임대료 #{amount}원, 납부기한 #{due}", buttons: [{ pay: WL, label: "납부하기" }] }
    lms:      { title: "LH 임대료 안내", text: "[LH] #{name}님 12월 임대료 #{amount}원, 납부기한 #{due}" }
    route:                          # the promise under test, and the built-in sender's rule
      - { try: alimtalk, until: delivered, within: 60s }
      - { try: lms,      until: delivered, within: 10m }
    expires: 7d                     # later than this is harm, not success

desk:                               # what the channel's counter does by itself
  - { when: "press(pay)", from: rent, once_per: person, count: paid, reply: "납부가 확인되었습니다. (모의)" }

timeline:
  - { at: 0s, send: rent, to: tenants, over: 20m }
  - { at: 5m, fault: silence-10m, network: kakao, kind: silence, for: 10m, recover: drop }

steady:                             # holds from 0s to the first fault, else INCONCLUSIVE
  - ratio(reached_by{medium=alimtalk}) >= 85%

expect:                             # must -> FAIL; should -> warning; sometimes -> else INCONCLUSIVE
  - { sometimes: "count(notices{hit=silence-10m}) >= 400",                why: the fault really bit }
  - { must: "ratio(reached, within=30m) >= 97.5%",                        why: nobody is lost to the outage }
  - { should: "sum(cost) <= 25000",                                       why: the budget in won }

stop:                               # ends the run, undoes faults, verdict STOPPED
  - { if: "count(attempts{medium=lms}) > 1500", why: runaway sender }
"#;

const PACK: &str = r#"pack: 2022-10-15-pangyo
title: { ko: "판교 화재", en: "Pangyo fire" }
sources: ["press, 2022-10-16"]
began: "2022-10-15T15:30:00+09:00"
faults:
  - at: 0s
    fault: dark
    kind: down
    network: kakao
    for: 10h
    recover: { staged: [{ after: 10h, gives: text }, { after: 24h, gives: alimtalk }] }
  - { at: 1h, fault: crowded, kind: throttle, network: mobile, rate: 100/s, over: "429", for: 2h }
"#;

/// Files in memory, by name.
#[derive(Default)]
struct Shelf(BTreeMap<String, Vec<u8>>);

impl Shelf {
    fn with(mut self, name: &str, text: impl Into<Vec<u8>>) -> Shelf {
        self.0.insert(name.to_owned(), text.into());
        self
    }
}

impl Library for Shelf {
    fn load(&self, _from: &str, name: &str) -> Result<Loaded, String> {
        let text = self.0.get(name).ok_or("no such file")?;
        Ok(Loaded { name: name.to_owned(), text: text.clone() })
    }
}

/// A reading of a text, to be asked what came of it.
struct Reading {
    text: Vec<u8>,
    shelf: Shelf,
    options: Options,
}

fn reading(text: impl Into<Vec<u8>>) -> Reading {
    Reading { text: text.into(), shelf: Shelf::default(), options: Options::default() }
}

impl Reading {
    fn file(mut self, name: &str, text: impl Into<Vec<u8>>) -> Reading {
        self.shelf = self.shelf.with(name, text);
        self
    }

    fn set(mut self, path: &str, value: &str) -> Reading {
        self.options.settings.push(Setting { path: path.to_owned(), value: value.to_owned() });
        self
    }

    fn outage(mut self, name: &str, at: Span) -> Reading {
        self.options.outages.push(OutageAt { name: name.to_owned(), at });
        self
    }

    fn result(&self) -> Result<Scenario, Problems> {
        read("s.yaml", &self.text, &self.shelf, &self.options)
    }

    #[track_caller]
    fn good(&self) -> Scenario {
        self.result().unwrap_or_else(|problems| panic!("{}", problems.render(Lang::En, false)))
    }

    #[track_caller]
    fn problems(&self) -> Problems {
        self.result().map(|scenario| scenario.plan).expect_err("the file has problems")
    }

    /// Asserts the whole rendered English error.
    #[track_caller]
    fn fails(&self, expected: &str) {
        let rendered = self.problems().render(Lang::En, false);
        assert_eq!(rendered.trim_end(), expected.trim_matches('\n'), "\n{rendered}");
    }

    /// Asserts the one-line forms of all problems: `line:column message`.
    #[track_caller]
    fn says(&self, expected: &[&str]) {
        let problems = self.problems();
        let said: Vec<String> =
            problems.list().iter().map(|p| std::format!("{}:{} {}", p.line, p.column, p.message.en)).collect();
        assert_eq!(said, expected, "\n{}", problems.render(Lang::En, false));
    }
}

/// The shortest file, with a piece of it replaced.
fn with(from: &str, to: &str) -> Reading {
    assert!(FIRST_MINUTE.contains(from), "{from}");
    reading(FIRST_MINUTE.replace(from, to))
}

/// The rent file, with a piece of it replaced.
fn rent(from: &str, to: &str) -> Reading {
    assert!(RENT.contains(from), "{from}");
    reading(RENT.replace(from, to))
}

fn secs(secs: u64) -> SimTime {
    SimTime::ZERO + Span::from_secs(secs)
}

#[test]
fn the_shortest_file_has_people_a_fallback_and_a_fault() {
    let scenario = reading(FIRST_MINUTE).good();
    let plan = &scenario.plan;
    assert_eq!((plan.name.as_str(), plan.people(), plan.seed), ("first-minute", 100, Seed(1)));
    let media: Vec<Medium> = plan.kinds[0].route.iter().map(|leg| leg.medium).collect();
    assert_eq!(media, [Medium::Alimtalk, Medium::Lms]);
    assert_eq!(plan.kinds[0].route[0].within, Some(Span::from_secs(60)));
    assert_eq!(plan.sends[0].pace, Pace::Over(Span::from_secs(60)));
    assert_eq!(plan.faults[0].scope.networks, [Network::Kakao]);
    assert_eq!((plan.faults[0].begins, plan.faults[0].ends), (secs(20), Some(secs(40))));
    assert_eq!(plan.clock.stop, secs(60 + 660 + 600));
    assert_eq!(scenario.promise.expect[0].why.en, "everybody hears");
}

#[test]
fn the_whole_file_is_read_to_its_last_line() {
    let scenario = reading(RENT).good();
    let plan = &scenario.plan;
    assert_eq!((plan.clock.start_unix_s, plan.clock.offset_s, plan.clock.stop), (1_665_814_800, 32_400, secs(3_000)));
    assert_eq!(plan.cohorts[0].kakao.map(Share::ppm), [930_000, 20_000, 10_000, 40_000]);
    assert_eq!(plan.medium(Medium::Lms).shows, Spread::Uniform(Span::from_secs(2), Span::from_secs(8)));
    assert_eq!((plan.medium(Medium::Lms).rate, plan.medium(Medium::Lms).price), (Some(20), 2_700));
    assert_eq!(plan.kinds[0].vars.len(), 3);
    assert_eq!(plan.kinds[0].expires, Some(Span::from_days(7)));
    assert_eq!(
        (plan.buttons.as_slice(), plan.counters.as_slice()),
        (&["pay".to_owned()][..], &["paid".to_owned()][..])
    );
    assert_eq!(plan.kinds[plan.desk[0].reply.expect("a reply").index()].contents[0].medium, Medium::Chat);
    assert_eq!(plan.sender.policy, Policy::Timer(None));
    let promise = &scenario.promise;
    assert_eq!((promise.steady.len(), promise.expect.len(), promise.stop.len()), (1, 3, 1));
}

#[test]
fn a_resolved_file_reads_back_to_the_same_plan() {
    let people = "phone,name,groups\n010-0000-0001,\"나, 둘\",senior;ward\n010-0000-0000,가나,\n";
    let files = [
        reading(FIRST_MINUTE),
        reading(RENT),
        reading(RENT).set("people.tenants.count", "200").set("timeline.1.for", "3m"),
        with("kind: down", "kind: down, assumed: \"guess: no # source\"").outage("pangyo", Span::from_secs(5)),
        rent("count: 1000", "from: people.csv").set("people.tenants", "{ from: people.csv, reads: { never: 5% } }"),
    ];
    for file in files {
        let file = file.file("pangyo", PACK).file("people.csv", people);
        let first = file.good();
        let again = reading(first.resolved.as_str()).good();
        assert_eq!(std::format!("{:?}", again.plan), std::format!("{:?}", first.plan), "{}", first.resolved);
        assert_eq!(again.resolved, first.resolved);
    }
}

#[test]
fn settings_change_the_tree() {
    let scenario = reading(RENT).set("sender.policy", "timer:30s").set("clock.stop", "10m").good();
    assert_eq!(scenario.plan.sender.policy, Policy::Timer(Some(Span::from_secs(30))));
    assert_eq!(scenario.plan.clock.stop, secs(600));
    let mut file = reading(RENT);
    file.options = Options { seed: Some(7), people: Some(50), ..Options::default() };
    assert_eq!((file.good().plan.seed, file.good().plan.people()), (Seed(7), 50));
    let mut file = reading(FIRST_MINUTE);
    file.options.people = Some(1_000);
    assert_eq!((file.good().plan.people(), file.good().plan.sends[0].to.count), (1_000, 1_000));
}

#[test]
fn settings_that_lead_nowhere_are_said() {
    reading(FIRST_MINUTE).set("timeline.9.for", "1m").says(&["1:1 no such place in the list"]);
    reading(FIRST_MINUTE).set("scenario.name", "x").says(&["1:1 there is nothing to hold `name`"]);
    reading(FIRST_MINUTE).set("sender.policy", "tmier").fails(
        r#"
error: `policy` is not a policy
 --> --set:1:15
  |
1 | sender.policy=tmier
  |               ^^^^^ expected one of none, vendor-only, timer, timer:30s, govuk-weights, found `tmier`
  |
  = help: did you mean `timer`?

1 problem"#,
    );
}

#[test]
fn a_pack_runs_faster_and_keeps_its_order() {
    let plan = with("expect:", "  - { at: 5m, outage: pangyo, speed: x60 }\nexpect:").file("pangyo", PACK).good().plan;
    let names: Vec<&str> = plan.faults.iter().map(|fault| fault.name.as_str()).collect();
    assert_eq!(names, ["blackout", "dark", "crowded"]);
    assert_eq!((plan.faults[1].begins, plan.faults[1].ends), (secs(300), Some(secs(900))));
    assert_eq!((plan.faults[2].begins, plan.faults[2].ends), (secs(360), Some(secs(480))));
    let Recover::Staged(stages) = &plan.faults[1].recover else { panic!("{:?}", plan.faults[1].recover) };
    assert_eq!(
        stages.iter().map(|stage| stage.after).collect::<Vec<_>>(),
        [Span::from_secs(600), Span::from_secs(1_440)]
    );
    assert_eq!(plan.faults[2].kind, FaultKind::Throttle { per_second: 100, over: Over::TooMany });
}

#[test]
fn a_packs_name_is_put_before_a_fault_that_is_already_there() {
    let plan = with("blackout", "dark").file("pangyo", PACK).outage("pangyo", Span::ZERO).good().plan;
    let names: Vec<&str> = plan.faults.iter().map(|fault| fault.name.as_str()).collect();
    assert_eq!(names, ["2022-10-15-pangyo/dark", "dark", "crowded"]);
    with("blackout", "dark")
        .file("pangyo", PACK)
        .outage("pangyo", Span::ZERO)
        .outage("pangyo", Span::ZERO)
        .says(&["7:12 two faults with one name"]);
}

#[test]
fn a_lift_line_ends_a_fault() {
    let plan = with("for: 20s }", "until: lifted }\n  - { at: 50s, lift: blackout }").good().plan;
    assert_eq!(plan.faults[0].ends, Some(secs(50)));
    with("for: 20s }", "until: lifted }\n  - { at: 10s, lift: blackout }\n  - { at: 1m, lift: blakout }")
        .says(&["5:22 a fault can be lifted only while it lasts", "6:21 there is no fault `blakout`"]);
}

fn plan() -> Plan {
    reading(RENT).good().plan
}

fn fault(text: &str) -> Fault {
    let at = secs(60);
    let read = read_fault("posted", text.as_bytes(), &plan(), at);
    read.unwrap_or_else(|problems| panic!("{text}\n{}", problems.render(Lang::En, false)))
}

#[test]
fn every_kind_of_fault_can_be_posted() {
    let parameters: [(&str, &str); 15] = [
        ("down", "how: hang"),
        ("silence", "recover: flush newest first 20/s"),
        ("refuse", "code: 3018, share: 80%, sticky: true"),
        ("late_failure", "after: 3s, code: 9998"),
        ("latency", "add: \"uniform(1s, 2s)\""),
        ("loss", "share: 5%"),
        ("duplicate", "copies: 2"),
        ("reorder", "window: 5s"),
        ("throttle", "rate: 20/s, over: queue"),
        ("freeze", "legs: [deliver]"),
        ("lie", "as: delivered"),
        ("sever", "every: 10s"),
        ("flap", "down: 5s, up: 5s"),
        ("login", "share: 8%, sticky: true, groups: senior"),
        ("accept_then", "then: answer(6s)"),
    ];
    assert_eq!(parameters.map(|row| row.0), FaultKind::NAMES);
    for (kind, rest) in parameters {
        let read = fault(&std::format!("{{ fault: f, network: kakao, kind: {kind}, for: 1m, {rest} }}"));
        assert_eq!((read.kind.name(), read.begins, read.ends), (kind, secs(60), Some(secs(120))));
        assert!(!read.scope.legs.is_empty(), "{kind}");
    }
    let json =
        r#"{"fault": "f", "kind": "accept_then", "networks": ["kakao"], "until": "lifted", "then": "answer(6s)"}"#;
    assert_eq!(fault(json).kind, FaultKind::AcceptThen { then: Then::Answer(Span::from_secs(6)) });
    assert_eq!(fault(json).ends, None);
    let flush = Recover::Flush { per_second: Some(20), newest_first: true };
    assert_eq!(
        fault("{ fault: f, media: alimtalk, kind: freeze, for: 1m, recover: flush newest first 20/s }").recover,
        flush
    );
}

#[test]
fn a_parameter_of_another_kind_is_refused() {
    with("kind: down", "kind: latency, how: hang, recover: drop").says(&[
        "4:5 `add` is missing",
        "4:64 unknown key `how`",
        "4:75 unknown key `recover`",
    ]);
}

#[test]
fn errors_have_a_line_a_caret_and_the_nearest_word() {
    with("fault: blackout, network: kakao", "fautl: blackout, network: kakao").fails(
        r#"
error: the line does not say what happens
 --> s.yaml:4:16
  |
4 |   - { at: 20s, fautl: blackout, network: kakao, kind: down, for: 20s }
  |                ^^^^^ expected one of send, fault, lift, outage
  |
  = help: did you mean `fault`?

1 problem"#,
    );
}

#[test]
fn carets_stand_right_under_hangul() {
    with("send: \"[OO구청] 모의 알림입니다\", to: 100 people", "send: \"[OO구청] 모의 알림입니다\", to: 서울 사람들")
        .fails(
            r#"
error: `people` is missing
 --> s.yaml:1:1
  |
1 | scenario: first-minute
  | ^

error: there is no row of people `서울 사람들`
 --> s.yaml:3:45
  |
3 |   - { at: 0s,  send: "[OO구청] 모의 알림입니다", to: 서울 사람들, over: 1m }
  |                                                      ^^^^^^^^^^^ expected everybody

2 problems"#,
        );
}

#[test]
fn errors_are_korean_for_koreans() {
    let rendered = with("for: 20s", "for: 20").problems().render(Lang::Ko, false);
    assert_eq!(
        rendered,
        r#"오류: `for`의 값은 시간 길이 형식이 아닙니다
 --> s.yaml:4:66
  |
4 |   - { at: 20s, fault: blackout, network: kakao, kind: down, for: 20 }
  |                                                                  ^^ 올 수 있는 것: 단위가 붙은 시간 (예: 20s, 20m, 20h); 적힌 것: `20`

문제 1개
"#
    );
}

#[test]
fn all_problems_come_at_once() {
    reading(
        "scenario: bad name\nseed: many\ntimeline:\n  - { at: 5, send: \"a b\", to: 10 people }\n  - { at: 1m, fault: f, kind: dwon, network: kakoa, for: 1m }\n  - { at: 1m, fault: g, kind: silence, network: kakao }\nexpect:\n  - { msut: x }\nextra: 1\n")
    .says(&["1:11 this cannot be a name", "2:7 `seed` is not a whole number", "4:11 `at` is not a length of time", "5:31 `kind` does not know this word", "5:46 `network` does not know this word", "6:5 the fault `g` has no end", "8:7 unknown key `msut`", "9:1 unknown key `extra`"]);
}

#[test]
fn people_must_add_up_and_exist() {
    rent("none: 4%", "none: 5%").says(&["15:12 the shares of `kakao` do not add up"]);
    rent("active: 93%", "active: 193%").says(&["15:22 `active` is not a share"]);
    rent("presses: { pay: 55% }", "presses: { pya: 55% }").says(&["20:16 there is no button `pya`"]);
    rent("count: 1000", "count: 20000001").says(&["14:12 `count` is out of range"]);
    rent("to: tenants", "to: { people: tenants, groups: [senoir] }").says(&["41:59 there is no group `senoir`"]);
    with("100 people", "0 people").says(&["3:45 so many people do not exist"]);
}

#[test]
fn texts_and_routes_refer_to_what_is_there() {
    rent("#{due}\", buttons", "#{deu}\", buttons").says(&["30:85 unknown variable `#{deu}`"]);
    rent("try: lms, ", "try: sms, ").says(&["34:16 the notice has no content for `sms`"]);
    rent("due: \"date(+10d)\"", "due: \"date(+10d)\", more: x").says(&["29:83 no text uses the variable `more`"]);
    rent("send: rent", "send: rnet").says(&["41:21 there is no notice `rnet`"]);
    rent("from: rent", "from: rnet").says(&["38:33 there is no notice `rnet`"]);
}

#[test]
fn lists_of_people_are_read_in_any_order_and_in_cp949() {
    let (cp949, _) = ("phone,name,region\n010-0000-0001,나,서울\n010-0000-0000,가,부산\n", ());
    let (bytes, _, _) = encoding_rs::EUC_KR.encode(cp949);
    let file = rent("count: 1000", "from: people.csv").set("people.tenants", "{ from: people.csv }");
    let plan = file.file("people.csv", bytes.into_owned()).good().plan;
    let names: Vec<&str> = plan.cohorts[0].listed.iter().map(|listed| listed.name.as_str()).collect();
    assert_eq!((names, plan.people(), plan.regions.len()), (vec!["가", "나"], 2, 2));
    assert_eq!(plan.cohorts[0].first, PersonId(0));
}

#[test]
fn lists_of_people_have_no_number_that_could_ring() {
    let list = |text: &str| {
        let file =
            reading(FIRST_MINUTE).set("people", "{ all: { from: people.csv } }").set("timeline.0.to", "everybody");
        file.file("people.csv", text)
    };
    list("phone,name\n010-2345-6789,가\n").fails(
        r#"
error: a number that might ring, or no number
 --> people.csv:2:1
  |
2 | 010-2345-6789,가
  | ^^^^^^^^^^^^^ expected a reserved number, 010-0xxx-xxxx or 010-1xxx-xxxx, found `010-2345-6789`

1 problem"#,
    );
    list("phone\n010-0000-0000\n010-0000-0000\n").says(&["3:1 the number stands twice"]);
    list("phone\n010-0000-0001\n").says(&["2:1 numbers must follow each other without a gap"]);
    list("fone,kakao\n010-0000-0000,actve\n").says(&["1:1 unknown column", "2:15 `kakao` does not know this word"]);
    list("").says(&["1:1 `list` is not a text"]);
    list("phone\n").says(&["1:1 the list names nobody"]);
}

/// A second in a release build on an idle machine; tests are neither. What is held off here takes minutes, or all memory.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads a hostile file: it must be refused in time, at the place given, and without a panic.
#[track_caller]
fn hostile(file: &Reading, line: usize, message: &str) {
    let begun = Instant::now();
    let problems = file.problems();
    let rendered = problems.render(Lang::Ko, true);
    assert!(begun.elapsed() < PATIENCE, "{message} took {:?}", begun.elapsed());
    assert!(rendered.len() < 200_000, "{} bytes of errors", rendered.len());
    let said: Vec<String> = problems.list().iter().map(|p| std::format!("{}: {}", p.line, p.message.en)).collect();
    assert!(said.contains(&std::format!("{line}: {message}")), "{said:#?}");
}

fn bomb() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..10 {
        let many = vec![std::format!("*a{}", i - 1); 10].join(", ");
        text.push_str(&std::format!("a{i}: &a{i} [{many}]\n"));
    }
    text
}

#[test]
fn hostile_files_are_refused_quickly_and_in_place() {
    let too_much = "too much in one file: more than 200000 values, repeated ones included";
    hostile(&reading(bomb()), 6, too_much);
    hostile(
        &reading(std::format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(50_000), vec!["*a"; 5_000].join(", "))),
        2,
        too_much,
    );
    hostile(&reading("scenario: &a [*a]\n"), 1, "an alias inside what it stands for");
    hostile(&reading(std::format!("scenario: \"{}\"\n", "x".repeat(10 << 20))), 1, "the file is too large");
    hostile(&reading(std::format!("scenario: {}\ntimeline: []\n", "x".repeat(2 << 20))), 1, "this cannot be a name");
    hostile(&reading(b"scenario: a\ntitle: \xff\xfe\n".to_vec()), 2, "a byte that is not UTF-8");
    hostile(&reading(""), 1, "the file is empty");
    hostile(&reading("# nothing\n"), 1, "the file is empty");
    hostile(&reading("just a text"), 1, "`scenario` is not a mapping");
    hostile(&reading("- a\n- b\n"), 1, "`scenario` is not a mapping");
    hostile(&reading("a: 1\n---\nb: 2\n"), 2, "more than one document in a file");
    hostile(&reading("scenario: !!python/object x\ntimeline: []\n"), 1, "tags (`!`) are not used here");
    hostile(&reading("scenario: x\n? [a, b]\n: c\ntimeline: []\n"), 2, "a key must be a word");
    hostile(&reading("scenario: x\nscenario: y\ntimeline: []\n"), 2, "the key `scenario` stands twice");
    hostile(&reading("scenario:\ntimeline: []\n"), 1, "`scenario` has no value");
    hostile(
        &with("people", "").set("people", "{ a: { count: 99999999999999999999 } }"),
        1,
        "`count` is not a whole number",
    );
    hostile(&with("at: 20s", "at: -20s"), 4, "`at` is not a length of time");
    hostile(&with("for: 20s", "for: 999999999d"), 4, "`for` is not a length of time");
    hostile(&with("for: 20s", "for: [1, 2]"), 4, "`for` is not a length of time");
    hostile(&with("at: 20s", "at: 12:30:00"), 4, "`at` is not a length of time");
    hostile(&with("at: 20s", "at: \"1999-01-01T00:00:00Z\""), 4, "`at` is not an instant of this run");
    hostile(&with("network: kakao", "network: [kakao, kakoa]"), 4, "`network` does not know this word");
    hostile(
        &with("expect:", "  - { at: 1s, fault: blackout, network: mail, kind: loss, for: 1s }\nexpect:"),
        5,
        "two faults with one name",
    );
    hostile(&rent("stop: 50m", "stop: 401d"), 7, "`stop` is not a length of time");
    hostile(&rent("\"2022-10-15T15:20:00+09:00\"", "2022-10-15"), 7, "`start` is not a date and time");
    hostile(&rent("never: 12%", "never: 0.12"), 19, "`never` is not a share");
    hostile(&rent("kind: silence", "kind: sever, every: 1us"), 42, "`every` is too short");
    hostile(&rent("kind: silence", "kind: silence, share: 0%"), 42, "a fault that can strike nobody");
    hostile(&rent("for: 10m, recover", "until: for ever, recover"), 42, "`until` does not know this word");
}

#[test]
fn hostile_depth_is_refused_quickly() {
    for open in ["[", "{a: ", "- ", "? "] {
        let file = reading(std::format!("scenario: {}", open.repeat(100_000)));
        let begun = Instant::now();
        assert!(!file.problems().is_empty(), "{open}");
        assert!(begun.elapsed() < PATIENCE, "{open} took {:?}", begun.elapsed());
    }
    let deep: String = (0..5_000).map(|i| std::format!("{}a:\n", " ".repeat(i))).collect();
    assert!(!reading(deep).problems().is_empty());
}

#[test]
fn includes_that_lead_in_a_circle_are_refused() {
    let circle = |name: &str, to: &str| std::format!("pack: {name}\nfaults:\n  - {{ at: 0s, outage: {to} }}\n");
    let file =
        with("expect:", "  - { at: 5m, outage: a }\nexpect:").file("a", circle("a", "b")).file("b", circle("b", "a"));
    file.says(&["3:23 a file includes itself: s.yaml -> a -> b -> a"]);
    with("expect:", "  - { at: 5m, outage: s.yaml }\nexpect:")
        .file("s.yaml", FIRST_MINUTE)
        .says(&["5:23 a file includes itself: s.yaml -> s.yaml"]);
    with("expect:", "  - { at: 5m, outage: ../../gone.yaml }\nexpect:").fails(
        r#"
error: cannot read `../../gone.yaml`: no such file
 --> s.yaml:5:23
  |
5 |   - { at: 5m, outage: ../../gone.yaml }
  |                       ^^^^^^^^^^^^^^^

1 problem"#,
    );
}

#[test]
fn packs_stand_in_packs_and_speeds_multiply() {
    let outer = "pack: outer\nfaults:\n  - { at: 10m, outage: pangyo, speed: x10 }\n";
    let file =
        with("expect:", "  - { at: 5m, outage: outer, speed: x6 }\nexpect:").file("outer", outer).file("pangyo", PACK);
    let plan = file.good().plan;
    assert_eq!((plan.faults[1].begins, plan.faults[1].ends), (secs(300 + 100), Some(secs(400 + 600))));
}

#[test]
fn more_problems_than_anybody_mends_are_counted_only() {
    let lines = "  - { at: 1 }\n".repeat(500);
    let problems = reading(std::format!("scenario: x\npeople: {{ a: {{ count: 1 }} }}\ntimeline:\n{lines}")).problems();
    assert_eq!((problems.list().len(), problems.more()), (100, 400));
    assert!(problems.render(Lang::En, false).ends_with("500 problems (400 not shown)\n"));
}

#[test]
fn found_values_are_cut_to_forty_characters() {
    let long = "가".repeat(60);
    let problems = with("kind: down", &std::format!("kind: {long}")).problems();
    assert_eq!(problems.list()[0].found, std::format!("{}…", "가".repeat(40)));
}

#[test]
fn formatting_moves_lines_and_keeps_comments() {
    let before = "scenario:   x   \r\n\n\n\n# people\npeople:\n    a:   # row\n        count: 3  \n        groups:\n            old: 5%\n        # end of a\ntimeline:\n- at: 0s\n  send: \"a b\"\n  to: a\n-   { at: 1m,\n       fault: f,  # note\n      kind: loss, network: kakao, for: 1m }\ntitle: |\n   one\n     two  \n\n   three\n";
    let after = "scenario:   x\n\n# people\npeople:\n  a:   # row\n    count: 3\n    groups:\n      old: 5%\n    # end of a\ntimeline:\n  - at: 0s\n    send: \"a b\"\n    to: a\n  - { at: 1m,\n       fault: f,  # note\n      kind: loss, network: kakao, for: 1m }\ntitle: |\n   one\n     two  \n\n   three\n";
    assert_eq!(format("s.yaml", before.as_bytes()).expect("a good file"), after);
    for text in [FIRST_MINUTE, RENT, PACK, before] {
        let once = format("s.yaml", text.as_bytes()).expect("a good file");
        assert_eq!(format("s.yaml", once.as_bytes()).expect("still a good file"), once);
    }
    assert_eq!(format("s.yaml", RENT.as_bytes()).expect("a good file"), RENT);
    assert!(format("s.yaml", b"a: [").is_err());
}

#[test]
fn the_schema_is_json_and_knows_every_fault_kind() {
    let text = schema();
    let json = read_json(&text);
    assert_eq!(json, Some(""), "the schema is one JSON value");
    for kind in FaultKind::NAMES {
        assert!(text.contains(&std::format!("\"{kind}\"")), "{kind}");
    }
}

/// What is left after one JSON value; `None` when there is none. Enough to hold our own writer to its grammar.
fn read_json(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let (close, pairs) = match text.as_bytes().first()? {
        b'{' => ('}', true),
        b'[' => (']', false),
        b'"' => {
            let end = text[1..].char_indices().scan(false, |escaped, (i, c)| {
                let end = c == '"' && !*escaped;
                *escaped = c == '\\' && !*escaped;
                Some((i, end))
            });
            let end = end.into_iter().find(|(_, end)| *end)?.0;
            return Some(text[end + 2..].trim_start());
        }
        _ => {
            let end = text.find([',', '}', ']']).unwrap_or(text.len());
            let word = text[..end].trim();
            let good = matches!(word, "true" | "false" | "null") || word.parse::<u64>().is_ok();
            return good.then(|| &text[end..]);
        }
    };
    let mut rest = text[1..].trim_start();
    if let Some(after) = rest.strip_prefix(close) {
        return Some(after.trim_start());
    }
    loop {
        if pairs {
            rest = rest.starts_with('"').then(|| read_json(rest))??.strip_prefix(':')?;
        }
        rest = read_json(rest)?;
        match rest.strip_prefix(',') {
            Some(after) => rest = after.trim_start(),
            None => return rest.strip_prefix(close).map(str::trim_start),
        }
    }
}

/// Pieces that a drawn file is put together from: more likely to get past the first line than noise is.
const PIECES: [&str; 40] = [
    "scenario: x\n",
    "timeline:\n",
    "people:\n",
    "  a:\n",
    "    count: 3\n",
    "  - ",
    "{ at: 0s, ",
    "send: \"a b\", ",
    "to: a",
    " }\n",
    "fault: f, ",
    "kind: down, ",
    "network: kakao, ",
    "for: 1m",
    "until: lifted",
    "notices:\n",
    "  n:\n",
    "    sms: \"#{x}\"\n",
    "    vars: { x: \"won(1..2)\" }\n",
    "    route:\n",
    "      - { try: sms, within: 1s }\n",
    "expect:\n",
    "  - { must: \"x\" }\n",
    "&a ",
    "*a ",
    "<<: ",
    "|\n",
    ">\n",
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    ": ",
    "# c\n",
    "\t",
    "가나다",
    "outage: pangyo, speed: x9",
    "desk:\n",
];

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let file = reading(bytes.clone());
        if let Err(problems) = file.result() {
            prop_assert!(!problems.list().is_empty());
            problems.render(Lang::Ko, true);
        }
        let _ = format("s.yaml", &bytes);
    }

    #[test]
    fn no_file_of_known_pieces_panics(picks in proptest::collection::vec(0..PIECES.len(), 0..40)) {
        let text: String = picks.into_iter().map(|i| PIECES[i]).collect();
        let file = reading(text.as_str()).file("pangyo", PACK).set("people.b.count", "2");
        match file.result() {
            Ok(scenario) => {
                let again = reading(scenario.resolved.as_str()).good();
                prop_assert_eq!(std::format!("{:?}", again.plan), std::format!("{:?}", scenario.plan));
            }
            Err(problems) => prop_assert!(!problems.render(Lang::En, false).is_empty()),
        }
        if let Ok(once) = format("s.yaml", text.as_bytes()) {
            prop_assert_eq!(format("s.yaml", once.as_bytes()).ok(), Some(once));
        }
    }

    #[test]
    fn a_file_with_a_byte_changed_never_panics(at in 0..RENT.len(), byte in any::<u8>()) {
        let mut bytes = RENT.as_bytes().to_vec();
        bytes[at] = byte;
        match reading(bytes.clone()).result() {
            Ok(scenario) => {
                let again = reading(scenario.resolved.as_str()).good();
                prop_assert_eq!(std::format!("{:?}", again.plan), std::format!("{:?}", scenario.plan));
            }
            Err(problems) => prop_assert!(!problems.render(Lang::Ko, false).is_empty()),
        }
        let _ = format("s.yaml", &bytes);
    }
}

#[test]
fn endless_variety_costs_no_endless_time() {
    let begun = Instant::now();
    let keys: String = (0..50_000).map(|i| std::format!("k{i}: 1\n")).collect();
    assert_eq!(reading(std::format!("scenario: x\ntimeline: []\n{keys}")).problems().count(), 50_001);
    let vars = "#{x}".repeat(15_000);
    assert!(with("[OO구청] 모의 알림입니다", &std::format!("a {vars}")).problems().is_full());
    let anchors: String = (0..40).map(|i| std::format!("&a{i} [")).collect();
    let nested = std::format!("scenario: {anchors}{}{}\n", "x,".repeat(10_000), "]".repeat(40));
    reading(nested).says(&["1:126 anchors name too much"]);
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}
