//! Whole files: good ones, wrong ones, hostile ones; and the builder that all of these are read with.

use std::collections::BTreeMap;

use super::{Library, Loaded, Options, OutageAt, Problems, Scenario, Setting, read};
use crate::sim::model::words::{Lang, Words};
use crate::sim::time::{SimTime, Span};

mod whole;
mod played;
mod errors;
mod lists;
mod services;
mod address;
mod documents;
mod each;
mod hostile;
mod layout;
mod manners;

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
    fn load(&self, _from: &str, name: &str) -> Result<Loaded, Words> {
        let text = self.0.get(name).ok_or_else(|| Words::same("no such file"))?;
        Ok(Loaded { name: name.to_owned(), text: text.clone() })
    }

    /// A variable is a file whose name begins with `$`.
    fn variable(&self, name: &str) -> Option<String> {
        self.0.get(&std::format!("${name}")).map(|text| String::from_utf8_lossy(text).into_owned())
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
