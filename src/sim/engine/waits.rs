//! What waits, and for what: frozen queues, a sender whose own systems are gone, people who do not open, letters that
//! come back. Five people, everything takes a second, counted by hand.

use crate::sim::dice::{Share, Spread};
use crate::sim::engine::hostile::{fault, five, run};
use crate::sim::fault::{Fault, FaultKind, Recover};
use crate::sim::model::code::Code;
use crate::sim::model::event::{Cause, Claim, Event, EventKind, Hold, Leg, Outcome};
use crate::sim::model::ids::FaultId;
use crate::sim::model::medium::Medium;
use crate::sim::plan::message::{RouteLeg, Until};
use crate::sim::plan::{Pace, Plan, Policy};
use crate::sim::time::{SimTime, Span};

/// Five notices, one every ten seconds from the start, and a fault.
fn every_ten_seconds(fault: Fault) -> Plan {
    let mut plan = five();
    plan.sends[0].pace = Pace::Over(Span::from_secs(50));
    plan.faults = vec![fault];
    plan
}

/// The second and the notice of every event that is wanted, in order.
fn when(events: &[Event], wanted: impl Fn(&EventKind) -> Option<u32>) -> Vec<(u64, u32)> {
    let one = |event: &Event| wanted(&event.kind).map(|notice| (event.at.micros() / 1_000_000, notice));
    events.iter().filter_map(one).collect()
}

fn shown(kind: &EventKind) -> Option<u32> {
    if let EventKind::Shown { attempt, .. } = kind { Some(attempt.notice.0) } else { None }
}

fn submitted(kind: &EventKind) -> Option<u32> {
    if let EventKind::Submitted { attempt, .. } = kind { Some(attempt.notice.0) } else { None }
}

fn in_order(per_second: u32) -> Recover {
    Recover::Flush { per_second: Some(per_second), newest_first: false }
}

#[test]
fn a_frozen_queue_is_let_go_in_order_when_it_is_found() {
    let kind = FaultKind::Freeze { release: Some(Span::from_secs(500)) };
    let mut plan = every_ten_seconds(Fault { recover: in_order(1), ..fault("frozen", kind, 0, 30) });
    plan.sender.policy = Policy::VendorOnly;
    let rows = when(&run(plan), shown);
    assert_eq!(rows, [(31, 3), (41, 4), (500, 0), (501, 1), (502, 2)], "what comes after the window passes");
}

#[test]
fn a_frozen_queue_without_a_release_goes_on_at_the_end_in_one_instant() {
    let frozen = Fault { recover: in_order(1_000_000), ..fault("frozen", FaultKind::Freeze { release: None }, 0, 45) };
    let rows = when(&run(every_ten_seconds(frozen)), shown);
    assert_eq!(rows, [(45, 0), (45, 1), (45, 2), (45, 3), (45, 4)]);
}

#[test]
fn a_sender_that_is_down_hands_nothing_in_hears_nothing_and_minds_no_timer() {
    let down = Fault { recover: in_order(1), ..fault("dark", FaultKind::SenderDown, 1, 100) };
    let events = run(every_ten_seconds(down));
    // Before the four calls two reports were waiting: shown, and opened.
    assert_eq!(when(&events, submitted), [(0, 0), (102, 1), (103, 2), (104, 3), (105, 4)]);
    assert_eq!(when(&events, shown), [(1, 0), (103, 1), (104, 2), (105, 3), (106, 4)], "phones and networks go on");
    let held = when(&events, |kind| match kind {
        EventKind::Held { attempt, why: Hold::Sender, fault: Some(FaultId(0)) } => Some(attempt.notice.0),
        _ => None,
    });
    assert_eq!(held, [(10, 1), (20, 2), (30, 3), (40, 4)]);
    let told = when(&events, |kind| match kind {
        EventKind::Reported { attempt, claim: Claim::Shown, .. } => Some(attempt.notice.0),
        _ => None,
    });
    assert_eq!(told[0], (100, 0), "the report of the first minute is heard when there is somebody to hear it");
    assert_eq!(when(&events, |kind| matches!(kind, EventKind::FellBack { .. }).then_some(0)), [], "and in time");
}

#[test]
fn a_sender_that_loses_its_memory_never_sends_what_was_due() {
    let events = run(every_ten_seconds(fault("dark", FaultKind::SenderDown, 5, 100)));
    assert_eq!(when(&events, submitted), [(0, 0)]);
    let lost = when(&events, |kind| match kind {
        EventKind::Lost { attempt, leg: Leg::Submit, fault: Some(FaultId(0)), .. } => Some(attempt.notice.0),
        _ => None,
    });
    assert_eq!(lost, [(100, 1), (100, 2), (100, 3), (100, 4)]);
}

#[test]
fn refusals_creep_up() {
    let kind = FaultKind::Creep { code: Code::INTERNAL, from: Share::NONE, rises: Span::from_secs(40) };
    let mut plan = every_ten_seconds(fault("creep", kind, 0, 60));
    plan.cohorts[0].count = 1_000;
    plan.sends[0].to.count = 1_000;
    plan.sender.retries = 0;
    let rows = when(&run(plan), |kind| matches!(kind, EventKind::Refused { .. }).then_some(0));
    let of = |from: u64| rows.iter().filter(|row| (from..from + 10).contains(&row.0)).count();
    let tens = [of(0), of(10), of(20), of(30), of(40)];
    // Two hundred calls in ten seconds, of which on average an eighth, three, five and seven eighths are refused.
    assert!((10..40).contains(&tens[0]) && (55..95).contains(&tens[1]) && (105..145).contains(&tens[2]), "{tens:?}");
    assert!((155..195).contains(&tens[3]) && tens[4] == 200, "{tens:?}");
}

/// Five notices that are to be opened within 1,000 seconds, and to arrive within ten if that is asked for.
fn to_be_opened(arrives: Option<Span>) -> Plan {
    let mut plan = five();
    let (until, within) = (Until::Opened, Some(Span::from_secs(1_000)));
    plan.kinds[0].route[0] = RouteLeg { medium: Medium::Alimtalk, until, within, arrives };
    plan.media[Medium::Alimtalk.index()].tells_opened = true;
    plan
}

fn fallbacks(plan: Plan) -> Vec<(u64, Cause)> {
    let one = |event: &Event| match event.kind {
        EventKind::FellBack { cause, .. } => Some((event.at.micros() / 1_000_000, cause)),
        _ => None,
    };
    run(plan).iter().filter_map(one).collect()
}

#[test]
fn who_does_not_open_is_asked_again_after_the_time_to_open() {
    assert_eq!(fallbacks(to_be_opened(Some(Span::from_secs(10)))), [], "everybody reads after a second");
    let mut nobody_reads = to_be_opened(Some(Span::from_secs(10)));
    nobody_reads.cohorts[0].habits.never = Share::ALL;
    nobody_reads.sender.policy = Policy::Timer(Some(Span::from_secs(20)));
    assert_eq!(fallbacks(nobody_reads), [(1_000, Cause::NotOpened); 5], "a timer takes no time from readers");
}

#[test]
fn what_does_not_arrive_is_not_waited_for_as_long_as_what_is_not_opened() {
    let silent = |arrives, policy| {
        let mut plan = to_be_opened(arrives);
        plan.faults = vec![fault("silence", FaultKind::Silence, 0, 2_000)];
        plan.sender.policy = policy;
        fallbacks(plan)
    };
    assert_eq!(silent(None, Policy::Timer(None)), [(1_000, Cause::NoReceipt); 5]);
    assert_eq!(silent(Some(Span::from_secs(10)), Policy::Timer(None)), [(10, Cause::NoReceipt); 5]);
    assert_eq!(silent(None, Policy::Timer(Some(Span::from_secs(20)))), [(20, Cause::NoReceipt); 5]);
    assert_eq!(silent(Some(Span::from_secs(10)), Policy::VendorOnly), []);
}

#[test]
fn a_registered_letter_is_signed_for_or_comes_back_after_a_second_journey() {
    let by_letter = |returned, weekdays| {
        let mut plan = five();
        let content = plan.kinds[0].contents[0].clone();
        plan.kinds[0].contents.push(crate::sim::plan::message::Content { medium: Medium::Registered, ..content });
        plan.kinds[0].route =
            vec![RouteLeg { medium: Medium::Registered, until: Until::Shown, within: None, arrives: None }];
        let rules = &mut plan.media[Medium::Registered.index()];
        (rules.shows, rules.receipt) = (Spread::Fixed(Span::from_secs(300)), Spread::Fixed(Span::from_secs(60)));
        (rules.returned, rules.weekdays) = (returned, weekdays);
        plan.clock.stop = SimTime::ZERO + Span::from_days(9);
        run(plan)
    };
    let ended = |events: &[Event], wanted: Outcome| {
        let one = |kind: &EventKind| match kind {
            EventKind::RouteEnded { notice, outcome } if *outcome == wanted => Some(notice.0),
            _ => None,
        };
        when(events, one)
    };
    let signed = by_letter(Share::NONE, false);
    assert_eq!(when(&signed, shown).len(), 5);
    assert_eq!(ended(&signed, Outcome::Satisfied)[4], (360, 4));
    let back = by_letter(Share::ALL, false);
    let returned = |kind: &EventKind| matches!(kind, EventKind::Returned { .. }).then_some(0);
    assert_eq!(when(&back, returned), [(600, 0); 5]);
    assert_eq!(ended(&back, Outcome::Exhausted)[4], (600, 4));
    let on_monday = when(&by_letter(Share::NONE, true), shown);
    assert_eq!(on_monday[4], (2 * 86_400 + 300, 4), "the sample begins on a Saturday");
}
