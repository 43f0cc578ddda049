//! A refund of 5,000 won that two people claim: the desk's books against what they pressed.

use super::{file, play, reasons};
use crate::sim::engine::Phones;
use crate::sim::engine::input::Input;
use crate::sim::model::ids::{AttemptId, ButtonId, NoticeId, PersonId, SessionId};
use crate::sim::model::medium::Network;

const REFUND: &str = r##"scenario: refund
clock: { stop: 3h }
media: { alimtalk: { shows: 1s, receipt: 1s } }
people: { all: { count: 2, reads: { after: 10s }, presses: { claim: 100% }, press_after: 10s } }
notices:
  refund:
    vars: { amount: "won(5000..5000)" }
    alimtalk:
      template: A
      text: "#{amount}원을 돌려드립니다"
      buttons: [{ claim: BK, label: "신청" }, { donate: BK, label: "기부" }]
desk:
  - { when: "press(claim)", from: refund, once_per: person, count: claimed }
  - { when: "press(donate)", from: refund, once_per: person, count: donated }
timeline:
  - { at: 0s, send: refund, to: all }
expect:
  - { must: "sum(unbalanced) == 0", why: books }
  - { must: "ratio(unbalanced) < 1%", why: accounts }
"##;

#[test]
fn what_is_pressed_and_counted_balances_and_what_is_open_does_too() {
    let held = [
        "sum(unbalanced) == 0: Held, 0 won, exactly 0 won expected",
        "ratio(unbalanced) < 1%: Held, 0 of 2 = 0 %, less than 1 % expected",
    ];
    assert_eq!(reasons(&play(&file(REFUND, &[]), Phones::Simulated, &[]).1), held);
    let open = file(REFUND, &[("claim: 100%", "claim: 0%")]);
    assert_eq!(reasons(&play(&open, Phones::Simulated, &[]).1), held);
}

#[test]
fn a_press_that_is_lost_leaves_its_won_missing() {
    let fault = "timeline:\n  - { at: 5s, fault: f, network: kakao, kind: silence, for: 1h, recover: drop }\n";
    let lost = file(REFUND, &[("timeline:\n", fault)]);
    assert_eq!(
        reasons(&play(&lost, Phones::Simulated, &[]).1),
        [
            "sum(unbalanced) == 0: Broken, 10,000 won, exactly 0 won expected",
            "ratio(unbalanced) < 1%: Broken, 2 of 2 = 100 %, less than 1 % expected",
        ]
    );
}

#[test]
fn a_refund_that_is_claimed_and_donated_is_counted_twice_and_found() {
    let person = PersonId(0);
    let attempt = AttemptId { notice: NoticeId(0), ordinal: 0 };
    let press = |button| Input::Press { person, attempt, button: ButtonId(button) };
    let hello = Input::Hello { session: SessionId(1), network: Network::Kakao, people: vec![person] };
    let inputs = [(0, hello), (5, Input::Delivered { person, attempt }), (20, press(0)), (30, press(1))];
    let (_, verdict) = play(&file(REFUND, &[]), Phones::Simulated, &inputs);
    assert_eq!(reasons(&verdict)[0], "sum(unbalanced) == 0: Broken, 5,000 won, exactly 0 won expected");
}
