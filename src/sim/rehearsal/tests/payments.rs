//! One bill of 10,000 won and somebody who pays it, while each leg of the payment fails alone.

use super::{file, play, problems, reasons, story};
use crate::sim::engine::Phones;
use crate::sim::engine::input::Input;
use crate::sim::model::ids::{AttemptId, ButtonId, NoticeId, PersonId, SessionId};
use crate::sim::model::medium::Network;

const BILL: &str = r##"scenario: pay
clock: { stop: 3h }
media: { alimtalk: { shows: 1s, receipt: 1s } }
people: { all: { count: 1, reads: { after: 58s }, presses: { pay: 100% }, press_after: 1s } }
notices:
  bill:
    vars: { amount: "won(10000..10000)" }
    alimtalk: { template: A, text: "#{amount}원", buttons: [{ pay: WL, label: "납부" }] }
  receipt:
    vars: { paid: "amount(bill)" }
    alimtalk: { template: B, text: "#{paid}원을 냈습니다" }
payments:
  - { when: "press(pay)", from: bill, takes: 2s, patience: 10s, tries: 3, again_after: 1m, receipt: receipt }
timeline:
  - { at: 0s, send: bill, to: all }
expect:
  - { must: "sum(payments) == 10000", why: paid }
  - { must: "sum(paid_twice) == 0", why: once }
  - { must: "count(paid_no_receipt) == 0", why: receipt }
  - { must: "sum(unbalanced) == 0", why: books }
"##;

/// Plays the bill with a line more in its timeline, and answers what happened and how each promise fared.
fn with(line: &str, changes: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let timeline = format!("to: all }}\n{line}");
    let mut all = vec![("to: all }\n", timeline.as_str())];
    all.extend(changes);
    let (events, verdict) = play(&file(BILL, &all), Phones::Simulated, &[]);
    (story(&events), reasons(&verdict))
}

#[test]
fn a_payment_goes_its_way_and_the_books_agree() {
    let (story, reasons) = with("", &[]);
    assert_eq!(story, ["60s payment_asked", "62s payment_authorised", "62s payment_booked", "62s payment_confirmed"]);
    assert_eq!(
        reasons,
        [
            "sum(payments) == 10000: Held, 10,000 won, exactly 10,000 won expected",
            "sum(paid_twice) == 0: Held, 0 won, exactly 0 won expected",
            "count(paid_no_receipt) == 0: Held, 0, exactly 0 expected",
            "sum(unbalanced) == 0: Held, 0 won, exactly 0 won expected",
        ]
    );
}

#[test]
fn somebody_who_is_turned_away_asks_again_later_and_later() {
    let down = "  - { at: 0s, fault: f, network: pay, kind: down, for: 150s }\n";
    let (story, reasons) = with(down, &[]);
    assert_eq!(
        story,
        [
            "60s payment_asked",
            "60s payment_refused",
            "120s payment_asked",
            "120s payment_refused",
            "240s payment_asked",
            "242s payment_authorised",
            "242s payment_booked",
            "242s payment_confirmed",
        ]
    );
    assert!(reasons.iter().all(|reason| reason.contains("Held")), "{reasons:?}");
    let (_, given_up) = with(down, &[("tries: 3", "tries: 2")]);
    assert_eq!(given_up[0], "sum(payments) == 10000: Broken, 0 won, exactly 10,000 won expected");
}

#[test]
fn money_that_moved_unheard_moves_again_only_where_the_platform_forgets() {
    let unheard = "  - { at: 0s, fault: f, network: pay, kind: accept_then, then: reset, for: 90s }
  - { at: 0s, fault: g, network: kakao, kind: silence, for: 150s }\n";
    let (story, known) = with(&unheard.replace("at: 0s, fault: g", "at: 30s, fault: g"), &[]);
    assert_eq!(
        story,
        [
            "60s payment_asked",
            "60s payment_unanswered",
            "62s payment_authorised",
            "62s payment_booked",
            "120s payment_asked",
            "122s payment_confirmed",
        ]
    );
    assert!(known[1].contains("Held"), "{known:?}");
    let late = unheard.replace("at: 0s, fault: g", "at: 30s, fault: g");
    let (_, forgotten) = with(&late, &[("tries: 3", "tries: 3, idempotent: false")]);
    assert_eq!(
        forgotten[..2],
        [
            "sum(payments) == 10000: Broken, 20,000 won, exactly 10,000 won expected",
            "sum(paid_twice) == 0: Broken, 10,000 won, exactly 0 won expected",
        ]
    );
    assert_eq!(forgotten[3], "sum(unbalanced) == 0: Broken, 10,000 won, exactly 0 won expected");
}

#[test]
fn a_receipt_in_the_hand_ends_the_asking() {
    let unheard = "  - { at: 0s, fault: f, network: pay, kind: accept_then, then: reset, for: 90s }\n";
    let (story, reasons) = with(unheard, &[("tries: 3", "tries: 3, idempotent: false")]);
    assert_eq!(story, ["60s payment_asked", "60s payment_unanswered", "62s payment_authorised", "62s payment_booked"]);
    assert!(reasons[1].contains("Held"), "{reasons:?}");
}

#[test]
fn a_silent_page_is_given_up_and_names_its_fault() {
    let silent = "  - { at: 0s, fault: f, network: pay, kind: silence, for: 90s }\n";
    let (story, _) = with(silent, &[("again_after: 1m", "again_after: 1s"), ("receipt: receipt ", "")]);
    assert_eq!(
        story[..4],
        ["60s payment_asked", "62s payment_authorised", "62s payment_booked", "70s payment_unanswered"]
    );
    assert_eq!(story.last().map(String::as_str), Some("93s payment_unanswered"), "{story:?}");
}

#[test]
fn lost_word_is_made_good_when_the_books_are_compared() {
    let lost = "  - { at: 0s, fault: f, network: pay, kind: loss, legs: [report], for: 30m }\n";
    let (story, reasons) = with(lost, &[]);
    assert_eq!(story[2], "62s payment_report_lost");
    assert_eq!(reasons[2], "count(paid_no_receipt) == 0: Broken, 1, exactly 0 expected");
    assert_eq!(reasons[3], "sum(unbalanced) == 0: Broken, 10,000 won, exactly 0 won expected");
    let (story, reasons) = with(lost, &[("tries: 3", "tries: 3, settles: 1h")]);
    assert_eq!(story.last().map(String::as_str), Some("3600s payment_booked"));
    assert!(reasons.iter().all(|reason| reason.contains("Held")), "{reasons:?}");
}

#[test]
fn word_that_a_fault_holds_comes_when_it_ends_or_is_dropped() {
    let frozen = "  - { at: 0s, fault: f, network: pay, kind: freeze, legs: [report], for: 30m, recover: flush }\n";
    let (story, _) = with(frozen, &[]);
    assert_eq!(story.last().map(String::as_str), Some("1800s payment_booked"));
    let (story, _) = with(&frozen.replace("flush", "drop"), &[]);
    assert_eq!(story.last().map(String::as_str), Some("1800s payment_report_lost"));
}

#[test]
fn a_press_from_outside_pays_like_any_other() {
    let hello = Input::Hello { session: SessionId(1), network: Network::Kakao, people: vec![PersonId(0)] };
    let attempt = AttemptId { notice: NoticeId(0), ordinal: 0 };
    let press = Input::Press { person: PersonId(0), attempt, button: ButtonId(0) };
    let delivered = Input::Delivered { person: PersonId(0), attempt };
    let inputs = [(0, hello), (10, delivered), (20, press.clone()), (21, press.clone()), (40, press)];
    let (events, verdict) = play(&file(BILL, &[]), Phones::Outside, &inputs);
    assert_eq!(
        story(&events),
        ["20s payment_asked", "22s payment_authorised", "22s payment_booked", "22s payment_confirmed"]
    );
    assert_eq!(
        reasons(&verdict)[2],
        "count(paid_no_receipt) == 0: Broken, 1, exactly 0 expected",
        "the phone said nothing of the receipt"
    );
}

#[test]
fn what_is_wrong_with_a_payment_is_said_where_it_stands() {
    assert_eq!(
        problems(
            BILL,
            &[("press(pay)", "press(buy)"), ("tries: 3", "trys: 3"), ("receipt: receipt ", "receipt: thanks ")]
        ),
        ["13:13 there is no button `buy`", "13:65 unknown key `trys`", "13:100 there is no notice `thanks`"]
    );
    assert_eq!(
        problems(BILL, &[("press(pay)", "say(pay)"), ("tries: 3", "tries: 0"), ("from: bill", "from: 3")]),
        ["13:13 `when` is not a press", "13:31 there is no notice `3`", "13:67 `tries` is out of range"]
    );
    assert_eq!(
        problems(BILL, &[("from: bill", "from: receipt"), ("amount(bill)", "amount(rent)")]),
        [
            "10:19 no notice before this one has that amount",
            "11:37 unknown variable `#{paid}`",
            "13:33 a notice without an amount cannot be paid"
        ]
    );
}
