//! Two people and a form, while each leg of it fails alone.

use super::{file, play, problems, reasons, story};
use crate::sim::engine::Phones;

const DESK: &str = r##"scenario: desk
clock: { stop: 4d }
media: { alimtalk: { shows: 1s, receipt: 1s } }
people: { all: { count: 2 } }
notices:
  received: { alimtalk: { template: A, text: "접수되었습니다" } }
  decided: { alimtalk: { template: B, text: "처리되었습니다" } }
intakes:
  damage: { patience: 10s, tries: 3, again_after: 1h, stages: [{ tell: received }, { after: 1d, tell: decided }] }
timeline:
  - { at: 0s, intake: damage, from: all, by_day: [1, 1] }
expect:
  - { must: "ratio(filed) == 100%", why: nothing lost }
  - { must: "count(filed_twice) == 0", why: one case }
  - { must: "count(unanswered) == 0", why: all heard }
  - { must: "max(time_to_answer) <= 1h", why: soon }
  - { must: "count(damage) >= 2", why: counter }
"##;

fn with(changes: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let (events, verdict) = play(&file(DESK, changes), Phones::Simulated, &[]);
    let story = story(&events).iter().map(|line| line.split_once("s ").expect("a time").1.to_owned()).collect();
    (story, reasons(&verdict))
}

/// One person, and a fault over the first so many hours.
fn struck(fault: &str) -> (Vec<String>, Vec<String>) {
    let line = format!("timeline:\n  - {{ at: 0s, fault: f, network: kakao, {fault} }}\n");
    with(&[("timeline:\n", &line), ("count: 2", "count: 1"), ("by_day: [1, 1]", "by_day: [1]")])
}

#[test]
fn a_form_becomes_a_case_that_moves_through_its_stages() {
    let (story, reasons) = with(&[]);
    let one = ["form_sent", "case_opened", "case_moved", "form_answered"];
    assert_eq!(story[..4], one);
    assert_eq!(story.iter().filter(|line| *line == "case_moved").count(), 4);
    assert!(reasons.iter().all(|reason| reason.contains("Held")), "{reasons:?}");
}

#[test]
fn somebody_who_is_refused_sends_again_until_the_tries_are_used_up() {
    let (story, reasons) = struck("kind: refuse, code: 3006, for: 4d");
    assert_eq!(story, ["form_sent", "form_failed", "form_sent", "form_failed", "form_sent", "form_failed"]);
    assert_eq!(reasons[0], "ratio(filed) == 100%: Broken, 0 of 1 = 0 %, exactly 100 % expected");
    assert_eq!(reasons[2], "count(unanswered) == 0: Broken, 1, exactly 0 expected");
}

#[test]
fn a_form_that_was_taken_unheard_is_put_to_its_case_when_it_comes_again() {
    let quiet = "kind: accept_then, then: reset, for: 25h }\n  - { at: 0s, fault: g, network: kakao, kind: loss, legs: [deliver], media: [alimtalk], for: 25h";
    let (story, reasons) = struck(quiet);
    assert!(story.contains(&"case_known".to_owned()), "{story:?}");
    assert!(reasons[1].contains("Held"), "{reasons:?}");
    let line = format!("timeline:\n  - {{ at: 0s, fault: f, network: kakao, {quiet} }}\n");
    let (_, reasons) = with(&[("timeline:\n", &line), ("tries: 3", "tries: 3, once_per: form")]);
    assert!(reasons[1].starts_with("count(filed_twice) == 0: Broken"), "{reasons:?}");
}

#[test]
fn the_first_notice_is_an_answer_too() {
    let (story, reasons) = struck("kind: accept_then, then: reset, for: 25h");
    assert_eq!(story[..4], ["form_sent", "form_failed", "case_opened", "case_moved"], "and it is not sent again");
    assert_eq!(story.len(), 5);
    assert!(reasons[2].contains("Held"), "{reasons:?}");
}

#[test]
fn a_phone_without_a_line_cannot_send() {
    let (story, reasons) = struck("kind: down, for: 4d");
    assert_eq!(story[..2], ["form_sent", "form_failed"]);
    assert!(reasons[0].contains("Broken"), "{reasons:?}");
}

#[test]
fn what_is_wrong_with_an_intake_is_said_where_it_stands() {
    assert_eq!(
        problems(
            DESK,
            &[("tell: received", "tell: recieved"), ("tries: 3", "tries: 99"), ("by_day: [1, 1]", "by_day: [0]")]
        ),
        [
            "9:35 `tries` is out of range",
            "9:73 there is no notice `recieved`",
            "11:50 these days add up to nothing, or to too much"
        ]
    );
    assert_eq!(problems(DESK, &[("intake: damage", "intake: damages")]), ["11:23 there is no intake `damages`"]);
}
