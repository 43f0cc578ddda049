//! Who holds time, who lets it go, and where it may jump to.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, advance, timeout};

use super::{Full, LEASES_MAX, LeaseId, Leases, NotHeld, SILENT_MAX, TURN_MAX, Woken};
use crate::sim::time::{SimTime, Span};

const WAIT: Duration = Duration::from_secs(5);

fn secs(secs: u64) -> SimTime {
    SimTime::ZERO + Span::from_secs(secs)
}

/// Where time may jump to at this moment.
fn clear(leases: &Leases, wakeup: Option<SimTime>) -> Option<SimTime> {
    leases.book().clear(wakeup)
}

/// Lets the tasks that are ready have their turn.
async fn settle() {
    for _ in 0..16 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn time_moves_to_the_earliest_timer_when_everybody_is_idle() {
    let leases = Arc::new(Leases::default());
    assert_eq!(clear(&leases, Some(secs(9))), None, "nobody has come yet");
    let (one, two) = (leases.take("one".into()).unwrap().id, leases.take("two".into()).unwrap().id);
    let idle = |id, until| {
        let leases = leases.clone();
        tokio::spawn(async move { leases.idle(id, until, WAIT).await })
    };
    let first = idle(one, Some(secs(60)));
    settle().await;
    assert_eq!(clear(&leases, Some(secs(9))), None, "two still works");
    let second = idle(two, None);
    settle().await;
    assert_eq!(clear(&leases, Some(secs(9))), Some(secs(9)));
    assert_eq!(clear(&leases, Some(secs(99))), Some(secs(60)));
    assert_eq!(clear(&leases, None), Some(secs(60)));

    leases.moved(secs(9));
    settle().await;
    assert!(!first.is_finished(), "its instant has not come");
    leases.moved(secs(60));
    assert_eq!(first.await.unwrap(), Ok(Woken::Due));
    assert_eq!(clear(&leases, Some(secs(99))), None, "one works again");
    assert_eq!(leases.idle(one, Some(secs(60)), WAIT).await, Ok(Woken::Due), "what is past is there at once");
    leases.end();
    assert_eq!(second.await.unwrap(), Ok(Woken::Ended));
}

#[tokio::test(start_paused = true)]
async fn what_is_in_flight_holds_time() {
    let leases = Arc::new(Leases::default());
    let lease = leases.take("app".into()).unwrap().id;
    assert_eq!(leases.idle(lease, None, Duration::ZERO).await, Ok(Woken::Waiting));
    let (call, hook) = (leases.in_flight("call"), leases.in_flight("webhook"));
    let waiting = tokio::spawn({
        let leases = leases.clone();
        async move { leases.clear(Some(secs(1))).await }
    });
    settle().await;
    assert_eq!(leases.standing().in_flight, [("call", 1), ("webhook", 1)]);
    drop(call);
    settle().await;
    assert!(!waiting.is_finished(), "the webhook is not delivered");
    drop(hook);
    assert_eq!(waiting.await.unwrap(), secs(1));
}

#[test]
fn a_call_of_a_busy_application_lets_time_move_until_it_is_answered() {
    let leases = Arc::new(Leases::default());
    leases.take("caller".into()).expect("room");
    leases.call_comes(1);
    assert_eq!(clear(&leases, Some(secs(1))), None, "the engine does not have it");
    leases.call_waits(1);
    assert_eq!(clear(&leases, Some(secs(1))), Some(secs(1)), "its caller cannot be idle before the answer");
    leases.take("worker".into()).expect("room");
    assert_eq!(clear(&leases, Some(secs(1))), None, "one of the two works");
    leases.release(LeaseId(2)).expect("held");
    leases.call_answered(1);
    leases.call_waits(1);
    assert_eq!(clear(&leases, Some(secs(1))), None, "the answer is on its way to the caller");
    leases.call_over(1);
    assert_eq!(clear(&leases, Some(secs(1))), None, "the caller has it and works");
}

#[test]
fn news_holds_time_until_those_who_attend_have_looked() {
    let leases = Arc::new(Leases::default());
    leases.take("gone".into()).expect("room");
    leases.release(LeaseId(1)).expect("held");
    leases.news();
    assert_eq!(clear(&leases, Some(secs(1))), Some(secs(1)), "nobody promised to look");
    let attending = leases.attend();
    leases.news();
    assert_eq!((clear(&leases, Some(secs(1))), leases.standing().in_flight), (None, vec![("news", 1)]));
    let hook = leases.in_flight("webhook");
    attending.looked();
    assert_eq!(clear(&leases, Some(secs(1))), None, "the webhook is not delivered");
    drop(hook);
    assert_eq!(clear(&leases, Some(secs(1))), Some(secs(1)));
    leases.news();
    drop(attending);
    assert_eq!(clear(&leases, Some(secs(1))), Some(secs(1)));
}

#[test]
fn time_goes_no_further_than_an_alarm_and_stands_there_until_it_is_dropped() {
    let leases = Arc::new(Leases::default());
    leases.take("gone".into()).expect("room");
    leases.release(LeaseId(1)).expect("held");
    let (first, second) = (leases.alarm(secs(30)), leases.alarm(secs(90)));
    assert_eq!((clear(&leases, Some(secs(9))), clear(&leases, Some(secs(99)))), (Some(secs(9)), Some(secs(30))));
    leases.moved(secs(30));
    assert_eq!(clear(&leases, Some(secs(99))), None, "what was to be done at 30 s is not done");
    drop(first);
    assert_eq!(clear(&leases, Some(secs(99))), Some(secs(90)));
    let past = leases.alarm(secs(1));
    assert_eq!(clear(&leases, Some(secs(99))), None, "its instant is past");
    drop((past, second));
    assert_eq!((clear(&leases, Some(secs(99))), clear(&leases, None)), (Some(secs(99)), None));
}

#[tokio::test(start_paused = true)]
async fn a_webhook_has_its_turn_after_the_engine_and_the_applications() {
    let leases = Arc::new(Leases::default());
    let lease = leases.take("app".into()).unwrap().id;
    let attending = leases.attend();
    let turn = || {
        let leases = leases.clone();
        tokio::spawn(async move { leases.turn().await })
    };
    let waiting = turn();
    settle().await;
    assert!(!waiting.is_finished(), "there is nothing to tell");
    leases.moved(secs(7));
    leases.news();
    settle().await;
    assert!(!waiting.is_finished(), "the engine may bring more at this instant");
    let idle = leases.drive_waits();
    settle().await;
    assert!(!waiting.is_finished(), "the application works, and may call once more");
    let call = tokio::spawn({
        let leases = leases.clone();
        async move { leases.idle(lease, None, WAIT).await }
    });
    assert_eq!(waiting.await.unwrap(), secs(7));

    attending.looked();
    leases.busy(lease).unwrap();
    assert_eq!(call.await.unwrap(), Ok(Woken::Busy));
    let (alarm, begun) = (leases.alarm(secs(7)), Instant::now());
    assert_eq!(turn().await.unwrap(), secs(7), "an application that waits for its webhook is not waited for");
    assert_eq!(begun.elapsed(), TURN_MAX);
    drop((alarm, idle));
}

#[tokio::test(start_paused = true)]
async fn a_call_is_answered_by_a_busy_word_and_by_a_newer_call() {
    let leases = Arc::new(Leases::default());
    let lease = leases.take("app".into()).unwrap().id;
    let idle = |until| {
        let leases = leases.clone();
        tokio::spawn(async move { leases.idle(lease, until, WAIT).await })
    };
    let old = idle(Some(secs(60)));
    settle().await;
    let new = idle(Some(secs(30)));
    assert_eq!(old.await.unwrap(), Ok(Woken::Replaced));
    assert_eq!(clear(&leases, None), Some(secs(30)));
    leases.busy(lease).expect("held");
    assert_eq!(new.await.unwrap(), Ok(Woken::Busy));
    assert_eq!(clear(&leases, None), None);
}

#[tokio::test(start_paused = true)]
async fn a_silent_lease_is_dropped_and_a_waiting_one_is_not() {
    let leases = Arc::new(Leases::default());
    let (dead, alive) = (leases.take("dead".into()).unwrap().id, leases.take("alive".into()).unwrap().id);
    let waiting = tokio::spawn({
        let leases = leases.clone();
        async move { leases.idle(alive, None, SILENT_MAX * 3).await }
    });
    settle().await;
    advance(SILENT_MAX).await;
    assert_eq!(leases.sweep(Instant::now()), []);
    advance(Duration::from_millis(1)).await;
    let dropped = leases.sweep(Instant::now());
    assert_eq!(dropped.iter().map(|gone| (gone.id, gone.dropped)).collect::<Vec<_>>(), [(dead, true)]);
    assert_eq!(leases.busy(dead), Err(NotHeld));
    assert_eq!(leases.idle(dead, None, WAIT).await, Err(NotHeld));
    assert_eq!(clear(&leases, Some(secs(1))), Some(secs(1)), "the living one is idle");
    assert_eq!(leases.standing().gone, dropped);

    // A call that breaks off is a last word.
    waiting.abort();
    assert!(waiting.await.is_err());
    advance(SILENT_MAX).await;
    assert_eq!(leases.sweep(Instant::now()), []);
    advance(Duration::from_millis(1)).await;
    assert_eq!(leases.sweep(Instant::now()).len(), 1);
    assert_eq!(clear(&leases, Some(secs(1))), Some(secs(1)), "after the last one time runs on");
}

#[tokio::test(start_paused = true)]
async fn a_word_now_and_then_keeps_a_lease() {
    let leases = Leases::default();
    let lease = leases.take("slow".into()).unwrap().id;
    for _ in 0..5 {
        advance(SILENT_MAX).await;
        assert_eq!(leases.sweep(Instant::now()), []);
        leases.busy(lease).expect("held");
    }
    let gone = leases.release(lease).expect("held");
    assert!(!gone.dropped);
    assert_eq!(leases.release(lease), Err(NotHeld));
}

#[tokio::test(start_paused = true)]
async fn a_lease_too_many_is_refused() {
    let leases = Leases::default();
    for _ in 0..LEASES_MAX {
        leases.take("app".into()).expect("room");
    }
    assert_eq!(leases.take("app".into()), Err(Full));
    leases.release(LeaseId(1)).expect("held");
    assert_eq!(leases.take("app".into()).expect("room").id, LeaseId(65), "numbers are not given again");
    timeout(WAIT, leases.begun()).await.expect("somebody has come");
}

#[test]
fn an_id_reads_back_what_it_prints() {
    assert_eq!(LeaseId::parse("l17"), Some(LeaseId(17)));
    assert_eq!(LeaseId(17).to_string(), "l17");
    for wrong in ["", "l", "17", "l-1", "l017", "l99999999999", "L1", "l1 "] {
        assert_eq!(LeaseId::parse(wrong), None, "{wrong}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_application_is_woken_after_what_happens_by_itself_at_its_instant() {
    let leases = Arc::new(Leases::default());
    let id = leases.take("one".into()).unwrap().id;
    let alarm = leases.alarm_first(secs(60));
    let idle = |until: SimTime| {
        let leases = leases.clone();
        tokio::spawn(async move { leases.idle(id, Some(until), WAIT).await })
    };
    let waits = idle(secs(60));
    settle().await;
    assert_eq!(clear(&leases, Some(secs(99))), Some(secs(60)));
    leases.moved(secs(60));
    settle().await;
    assert!(!waits.is_finished(), "the group goes first");
    assert_eq!(clear(&leases, Some(secs(99))), None);
    // Whoever comes now waits as well.
    let comes = idle(secs(60));
    settle().await;
    assert_eq!((waits.await.unwrap(), comes.is_finished()), (Ok(Woken::Replaced), false));
    drop(alarm);
    assert_eq!(comes.await.unwrap(), Ok(Woken::Due));
    // An alarm of the other sort comes after the applications.
    let _late = leases.alarm(secs(90));
    let waits = idle(secs(90));
    settle().await;
    leases.moved(secs(90));
    assert_eq!(waits.await.unwrap(), Ok(Woken::Due));
}
