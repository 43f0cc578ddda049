//! A job that credits 3,000 won to six people, one a minute, and is killed on the way.

use super::{file, play, problems, reasons, story};
use crate::sim::engine::Phones;

const JOB: &str = r##"scenario: credits
clock: { stop: 3h }
people: { all: { count: 6 } }
notices:
  cash: { alimtalk: { template: A, text: "3,000캐시를 드렸습니다" } }
timeline:
  - { at: 0s, credit: cash-1, won: 3000, to: all, over: 6m, notice: cash, checkpoint: 2, retry: 30s }
  - { at: 3m30s, crash: cash-1 }
  - { at: 10m, resume: cash-1 }
expect:
  - { must: "sum(credited) == 18000", why: sum }
  - { must: "count(credited_twice) == 0", why: once }
  - { sometimes: "count(recredited) >= 1", why: repeated }
  - { must: "count(cash-1) >= 6", why: counter }
  - { must: "ratio(reached) == 100%", why: told }
"##;

fn with(changes: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let (events, verdict) = play(&file(JOB, changes), Phones::Simulated, &[]);
    (story(&events), reasons(&verdict))
}

#[test]
fn a_job_goes_on_from_its_checkpoint_and_the_ledger_knows_the_rest() {
    let (story, reasons) = with(&[]);
    assert_eq!(
        story,
        [
            "0s credited",
            "60s credited",
            "120s credited",
            "180s credited",
            "210s job_crashed",
            "600s job_resumed",
            "600s credited",
            "660s credited",
        ],
        "after four people the checkpoint is fresh: nothing is repeated"
    );
    assert_eq!(reasons[2], "count(recredited) >= 1: Inconclusive, the set is empty: nothing it speaks of happened");
    let (story, reasons) = with(&[("checkpoint: 2", "checkpoint: 3")]);
    assert_eq!(story[5..], ["600s job_resumed", "600s credit_recognised", "660s credited", "720s credited"]);
    assert!(reasons.iter().all(|reason| reason.contains("Held")), "{reasons:?}");
}

#[test]
fn without_a_ledger_whoever_is_called_for_again_has_it_twice() {
    let (story, reasons) = with(&[("checkpoint: 2", "checkpoint: 1000, ledger: false")]);
    assert_eq!(story.iter().filter(|line| line.ends_with("s credited")).count(), 10);
    assert_eq!(
        reasons[..3],
        [
            "sum(credited) == 18000: Broken, 30,000 won, exactly 18,000 won expected",
            "count(credited_twice) == 0: Broken, 4, exactly 0 expected",
            "count(recredited) >= 1: Held, 4, at least 1 expected",
        ]
    );
}

#[test]
fn a_job_that_is_not_taken_up_again_leaves_people_out() {
    let (_, reasons) = with(&[("  - { at: 10m, resume: cash-1 }\n", "")]);
    assert_eq!(reasons[0], "sum(credited) == 18000: Broken, 12,000 won, exactly 18,000 won expected");
}

#[test]
fn a_call_without_an_answer_keeps_the_checkpoint_back_and_is_made_again() {
    let fault = "timeline:\n  - { at: 50s, fault: f, network: pay, kind: accept_then, then: close, for: 20s }\n";
    let (story, reasons) = with(&[("timeline:\n", fault), ("retry: 30s", "retry: 10m")]);
    assert_eq!(
        story[..4],
        ["0s credited", "60s credited", "60s credit_failed", "120s credited"],
        "the second person has it, and the job does not know"
    );
    assert_eq!(
        story[5..],
        [
            "210s job_crashed",
            "600s job_resumed",
            "600s credit_recognised",
            "660s credit_recognised",
            "720s credit_recognised",
            "780s credited",
            "840s credited"
        ],
        "everybody from the second on is called for again"
    );
    assert!(reasons.iter().all(|reason| reason.contains("Held")), "{reasons:?}");
}

#[test]
fn refused_calls_are_made_until_they_succeed() {
    let fault = "timeline:\n  - { at: 0s, fault: f, network: pay, kind: down, for: 45s }\n";
    let (story, reasons) = with(&[("timeline:\n", fault)]);
    assert_eq!(story[..3], ["0s credit_failed", "30s credit_failed", "60s credited"]);
    assert!(reasons[0].contains("Held"), "{reasons:?}");
}

#[test]
fn what_is_wrong_with_a_credit_is_said_where_it_stands() {
    assert_eq!(
        problems(JOB, &[("won: 3000", "won: 0"), ("crash: cash-1", "crash: cash-2"), ("notice: cash", "notice: cahs")]),
        [
            "7:36 `won` is out of range",
            "7:66 there is no notice `cahs`",
            "8:25 there is no credit `cash-2`",
            "9:5 the job is not down at that time"
        ]
    );
    assert_eq!(
        problems(JOB, &[("  - { at: 3m30s, crash: cash-1 }\n", "  - { at: 1s, credit: cash-1, won: 1, to: all }\n")]),
        ["8:23 two credits with one name", "9:5 the job is not down at that time"]
    );
}
