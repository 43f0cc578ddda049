//! A run written as a scenario again: every fault comes back as it was, whatever its kind, scope and end.

use std::collections::BTreeMap;

use crate::sim::fault::{Fault, FaultKind};
use crate::sim::model::words::Lang;
use crate::sim::plan::Plan;
use crate::sim::scenario::tests::Shelf;
use crate::sim::scenario::{Happened, Options, Posting, as_played, fault_kinds, read, read_fault, read_posting};
use crate::sim::time::{SimTime, Span};

const SCENARIO: &str = "\
scenario: played
people:
  a: { count: 10, regions: { 서울: 100% }, groups: { senior: 20%, noisy: 10% } }
timeline:
  - { at: 0s, send: \"[모의] 알림\", to: 10 people }
  - { at: 1m, fault: planned, network: kakao, kind: silence, for: 10m }
  - { at: 20m, fault: later, network: kakao, kind: loss, for: 10m }
  - { at: 2m, lift: planned }
";

fn none() -> Shelf {
    Shelf(BTreeMap::new())
}

fn scenario(text: &str) -> Plan {
    let read = read("x.yaml", text.as_bytes(), &none(), &Options::default());
    read.unwrap_or_else(|problems| panic!("{text}\n{}", problems.render(Lang::En, false))).plan
}

fn secs(secs: u64) -> SimTime {
    SimTime::ZERO + Span::from_secs(secs)
}

fn posted(fault: Fault) -> Happened {
    let began = Some(fault.begins);
    Happened { fault, posted: true, began, lifted: None }
}

fn fault(plan: &Plan, line: &str) -> Fault {
    let read = read_fault("x", line.as_bytes(), plan, secs(90));
    read.unwrap_or_else(|problems| panic!("{line}\n{}", problems.render(Lang::En, false)))
}

/// Lines of every kind with every example of every key, and with every part of a scope.
fn lines() -> Vec<String> {
    let mut lines = Vec::new();
    for kind in fault_kinds() {
        let needed: String = kind
            .parameters
            .iter()
            .filter(|one| one.needed)
            .map(|one| format!(", {}: \"{}\"", one.key, one.values[0]))
            .collect();
        let mut more = vec![
            String::new(),
            ", share: 33.3333%, sticky: true, groups: [senior, noisy], regions: 서울, legs: [submit, connect]"
                .to_owned(),
            ", media: [alimtalk, chat]".to_owned(),
        ];
        if kind.recover.is_some() {
            more.extend(
                ["drop", "flush", "flush 20/s", "flush newest first", "flush newest first 3/s"]
                    .map(|word| format!(", recover: {word}")),
            );
            more.push(", recover: { staged: [{ after: 1m, gives: text }, { after: 2m, gives: ads }] }".to_owned());
        }
        for one in &kind.parameters {
            let given = |value: &&str| (!one.needed).then(|| format!(", {}: \"{value}\"", one.key));
            more.extend(one.values.iter().filter_map(given));
        }
        for end in ["for: 1h", "until: lifted"] {
            lines.extend(
                more.iter().map(|more| format!("fault: x, kind: {}, network: kakao, {end}{needed}{more}", kind.name)),
            );
        }
    }
    lines
}

#[test]
fn a_posted_fault_of_any_kind_is_the_same_fault_as_a_line() {
    let plan = scenario(SCENARIO);
    let lines = lines();
    assert!(lines.len() > 150, "{}", lines.len());
    for (place, line) in lines.iter().enumerate() {
        let name = format!("f{place}");
        let line = format!("{{ {} }}", line.replace("fault: x", &format!("fault: {name}")));
        let happened = posted(fault(&plan, &line));
        let text = as_played(SCENARIO.as_bytes(), &plan, std::slice::from_ref(&happened)).expect("a scenario");
        let again = scenario(&text);
        let found = again.faults.iter().find(|fault| fault.name == name);
        assert_eq!(found, Some(&happened.fault), "{line}\n{text}");
        assert_eq!(again.clock.stop, plan.clock.stop, "a line more must not move the end");
    }
}

#[test]
fn a_hurried_pack_comes_back_with_turns_shorter_than_a_file_may_have() {
    let plan = scenario(SCENARIO);
    let pack = "pack: quick\nfaults:\n  - { at: 0s, fault: planned, network: kakao, kind: flap, down: 20s, up: 40s, for: 1h }\n  \
                - { at: 1h, fault: b, network: mobile, kind: reorder, window: 5s, for: 1h }\n  \
                - { at: 2h, fault: c, network: mobile, kind: latency, add: \"lognormal(p50=3s, p99=60s)\", for: 1h }\n";
    let taken: Vec<String> = plan.faults.iter().map(|fault| fault.name.clone()).collect();
    let to = Posting { plan: &plan, taken: &taken, at: secs(7), times: 60 };
    let pack = read_posting("quick.yaml", pack.as_bytes(), &none(), to).expect("a pack");
    assert_eq!(pack.faults[0].name, "quick/planned", "the name is taken");
    assert_eq!(
        pack.faults[0].kind,
        FaultKind::Flap { down: Span::from_micros(333_333), up: Span::from_micros(666_666) }
    );
    assert_eq!((pack.faults[1].begins, pack.faults[1].ends), (secs(67), Some(secs(127))));
    let happened: Vec<Happened> = pack.faults.iter().cloned().map(posted).collect();
    let text = as_played(SCENARIO.as_bytes(), &plan, &happened).expect("a scenario");
    let again = scenario(&text);
    for fault in &pack.faults {
        assert_eq!(again.faults.iter().find(|one| one.name == fault.name), Some(fault), "{text}");
    }
}

#[test]
fn what_was_lifted_by_hand_is_lifted_by_a_line() {
    let plan = scenario(SCENARIO);
    let of = |name: &str| plan.faults.iter().find(|fault| fault.name == name).expect("planned").clone();
    let hand = fault(&plan, "{ fault: hand, network: kakao, kind: down, until: lifted }");
    let never = Fault { name: "never".to_owned(), begins: secs(900), ..hand.clone() };
    let happened = [
        // Earlier than its own line lifts it.
        Happened { fault: of("planned"), posted: false, began: Some(secs(60)), lifted: Some(secs(100)) },
        // Before it began.
        Happened { fault: of("later"), posted: false, began: None, lifted: Some(secs(110)) },
        // At its first instant.
        Happened { lifted: Some(secs(90)), ..posted(hand) },
        Happened { fault: never, posted: true, began: None, lifted: Some(secs(120)) },
    ];
    let again = scenario(&as_played(SCENARIO.as_bytes(), &plan, &happened).expect("a scenario"));
    let ends =
        |name: &str| again.faults.iter().find(|fault| fault.name == name).map(|fault| (fault.ends, fault.lifted));
    assert_eq!(ends("planned"), Some((Some(secs(100)), true)));
    assert_eq!(ends("later"), Some((Some(secs(110)), true)));
    assert_eq!(ends("hand"), Some((Some(secs(90) + Span::from_micros(1)), true)));
    assert_eq!(ends("never"), None);
}

#[test]
fn a_lift_ahead_of_a_beginning_has_to_say_so() {
    let text = SCENARIO.replace("at: 2m, lift: planned", "at: 30s, lift: planned");
    let problems = read("x.yaml", text.as_bytes(), &none(), &Options::default()).expect_err("not while it lasts");
    assert!(problems.render(Lang::En, false).contains("a fault can be lifted only while it lasts"));
    let early = scenario(&text.replace("lift: planned", "lift: planned, early: true"));
    assert_eq!(early.faults[0].ends, Some(secs(30)));
    let late = SCENARIO.replace("lift: planned", "lift: planned, early: true");
    let problems = read("x.yaml", late.as_bytes(), &none(), &Options::default()).expect_err("it has begun");
    assert!(problems.render(Lang::En, false).contains("the fault has begun by then"));
}
