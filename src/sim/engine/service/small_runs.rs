//! Documents, broadcasts and rides in small runs: what each must do, and what it must never do.

use crate::sim::dice::{Share, Spread};
use crate::sim::engine::tests::run;
use crate::sim::fault::{Fault, FaultKind, Recover, Scope};
use crate::sim::model::code::Code;
use crate::sim::model::event::{Event, EventKind, Leg};
use crate::sim::model::ids::{ButtonId, ChannelId, KindId, PersonId, RegionId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::service::ServiceEvent;
use crate::sim::model::service::word::{Certificate, DocumentEnd, Instead, Tone};
use crate::sim::plan::message::{RouteLeg, Until};
use crate::sim::plan::service::alert::{Alert, Level};
use crate::sim::plan::service::certified::{Certified, Ends, Identity};
use crate::sim::plan::service::dispatch::{Dispatch, Hail};
use crate::sim::plan::service::exchange::Exchange;
use crate::sim::plan::{Plan, sample};
use crate::sim::time::{SimTime, Span};

/// Twenty bills as certified documents whose link runs out after an hour, then paper.
fn certified() -> Plan {
    let mut plan = sample::rent();
    plan.cohorts[0].count = 20;
    plan.sends[0].to.count = 20;
    plan.clock.stop = SimTime::ZERO + Span::from_days(20);
    plan.kinds[0].contents[0].medium = Medium::Certified;
    plan.kinds[0].contents[1].medium = Medium::Letter;
    let hours = |n| Some(Span::from_hours(n));
    plan.kinds[0].route = vec![
        RouteLeg { medium: Medium::Certified, until: Until::Opened, within: hours(2), arrives: None },
        RouteLeg { medium: Medium::Letter, until: Until::Delivered, within: None, arrives: None },
    ];
    plan.services.certified = vec![Certified {
        kind: KindId(0),
        identity: Identity { takes: Spread::Fixed(Span::from_secs(30)), fails: Share::NONE },
        link: hours(1),
        reminder: None,
        certificates: Some(Ends::Sender),
    }];
    plan
}

fn trouble(legs: &[Leg], kind: FaultKind, until_s: u64) -> Fault {
    Fault {
        name: "trouble".into(),
        kind,
        scope: Scope { networks: vec![Network::Kakao], legs: legs.to_vec(), ..Scope::default() },
        begins: SimTime::ZERO,
        ends: Some(SimTime::ZERO + Span::from_secs(until_s)),
        recover: Recover::Drop,
        lifted: false,
        pack: None,
    }
}

fn count(events: &[Event], what: impl Fn(EventKind) -> bool) -> usize {
    events.iter().filter(|event| what(event.kind)).count()
}

fn is_paper(kind: EventKind) -> bool {
    matches!(kind, EventKind::Submitted { medium: Medium::Letter, .. })
}

fn is_opened(kind: EventKind) -> bool {
    matches!(kind, EventKind::Opened { attempt, .. } if attempt.ordinal == 0)
}

fn is_service(kind: EventKind, what: impl Fn(ServiceEvent) -> bool) -> bool {
    matches!(kind, EventKind::Service(event) if what(event))
}

#[test]
fn nobody_reads_before_the_proof_of_identity() {
    let events = run(certified());
    assert_eq!((count(&events, is_opened), count(&events, is_paper)), (20, 0));
    let mut proved = 0;
    for event in &events {
        match event.kind {
            EventKind::Service(ServiceEvent::IdentityChecked { passed: true, .. }) => proved += 1,
            EventKind::Opened { .. } => assert!(proved > 0, "opened without a proof"),
            _ => {}
        }
    }
    assert_eq!(proved, 20);
}

#[test]
fn who_cannot_prove_gets_paper_when_the_link_has_run_out() {
    let mut plan = certified();
    plan.services.certified[0].identity.fails = Share::ALL;
    let events = run(plan);
    assert_eq!((count(&events, is_opened), count(&events, is_paper)), (0, 20));
    let first = events.iter().find(|event| is_paper(event.kind)).map(|event| event.at);
    assert!(first >= Some(SimTime::ZERO + Span::from_hours(1)), "{first:?}");
}

#[test]
fn a_phone_in_another_name_is_refused_and_paper_goes_at_once() {
    let mut plan = certified();
    plan.cohorts[0].traits.other_holder = Share::ALL;
    let events = run(plan);
    let told = |kind| matches!(kind, EventKind::Reported { code: Code::NOT_THE_HOLDER, .. });
    let shown = |kind| matches!(kind, EventKind::Shown { attempt, .. } if attempt.ordinal == 0);
    assert_eq!((count(&events, told), count(&events, shown), count(&events, is_paper)), (20, 0, 20));
    let last = events.iter().rfind(|event| is_paper(event.kind)).map(|event| event.at);
    assert!(last <= Some(SimTime::ZERO + Span::from_secs(60)), "{last:?}");
}

#[test]
fn a_fault_on_the_proof_stops_the_proof_alone_and_people_try_again() {
    let mut plan = certified();
    plan.faults.push(trouble(&[Leg::Identify], FaultKind::Refuse { code: Code::UNKNOWN }, 600));
    let events = run(plan);
    let refused = |event| matches!(event, ServiceEvent::IdentityChecked { passed: false, fault: Some(_), .. });
    let shown = |kind| matches!(kind, EventKind::Shown { attempt, .. } if attempt.ordinal == 0);
    assert_eq!(count(&events, shown), 20, "messages arrive all the same");
    assert!(count(&events, |kind| is_service(kind, refused)) >= 20);
    assert_eq!((count(&events, is_opened), count(&events, is_paper)), (20, 0), "and all try again in time");
}

#[test]
fn the_sender_that_does_not_hear_of_the_link_waits_for_its_own_time() {
    let mut plan = certified();
    plan.services.certified[0].identity.fails = Share::ALL;
    plan.faults.push(trouble(&[Leg::Report], FaultKind::Loss, 3 * 3_600));
    let events = run(plan);
    let first = events.iter().find(|event| is_paper(event.kind)).map(|event| event.at);
    assert!(first >= Some(SimTime::ZERO + Span::from_hours(2)), "{first:?}");
    assert_eq!(count(&events, is_paper), 20);
}

#[test]
fn a_certificate_follows_every_fact_once_and_reaches_its_end_through_trouble() {
    let mut plan = certified();
    plan.services.certified[0].certificates = Some(Ends::Both);
    let quiet = FaultKind::Duplicate { copies: 3, after: Spread::Fixed(Span::from_secs(1)) };
    plan.faults.push(trouble(&[Leg::Deliver, Leg::Report], quiet, 3_600));
    plan.faults.push(trouble(&[Leg::Report], FaultKind::Loss, 1_800));
    let events = run(plan);
    for (certificate, _) in Certificate::ALL {
        let issued =
            |event| matches!(event, ServiceEvent::CertificateIssued { certificate: c, .. } if c == *certificate);
        assert_eq!(count(&events, |kind| is_service(kind, issued)), 20, "{}", certificate.name());
        for (end, _) in DocumentEnd::ALL {
            let held = |event| matches!(event, ServiceEvent::CertificateHeld { certificate: c, end: e, .. } if c == *certificate && e == *end);
            assert_eq!(count(&events, |kind| is_service(kind, held)), 20, "{} {}", certificate.name(), end.name());
        }
    }
    let delayed = |event| matches!(event, ServiceEvent::CertificateDelayed { end: DocumentEnd::Sender, .. });
    assert!(count(&events, |kind| is_service(kind, delayed)) >= 40, "and the trouble was real");
}

#[test]
fn offices_write_to_others_and_never_to_themselves() {
    let mut plan = certified();
    plan.sends.clear();
    let among = sample::rent().sends[0].to.clone();
    let among = crate::sim::plan::Audience { count: 5, ..among };
    let over = Span::from_hours(1);
    plan.services.exchanges = vec![Exchange { kind: KindId(0), at: SimTime::ZERO, among, count: 200, over }];
    let events = run(plan);
    let mut writer_of = None;
    let mut documents = 0;
    for event in &events {
        match event.kind {
            EventKind::Service(ServiceEvent::DocumentSent { notice, writer }) => writer_of = Some((notice, writer)),
            EventKind::Created { notice, person, .. } => {
                let (document, writer) = writer_of.take().expect("every notice here is a document");
                assert_eq!(document, notice);
                assert!(writer != person && writer.0 < 5 && person.0 < 5, "{writer:?} to {person:?}");
                documents += 1;
            }
            _ => {}
        }
    }
    assert_eq!(documents, 200);
}

/// Two hundred phones, half of them in the region that the broadcast is for, at half past three in the afternoon.
fn broadcast(level: Level) -> Plan {
    let mut plan = sample::rent();
    plan.cohorts[0].count = 200;
    plan.regions = vec!["here".into(), "there".into()];
    plan.cohorts[0].regions = vec![(RegionId(0), Share::from_ppm(500_000)), (RegionId(1), Share::from_ppm(500_000))];
    plan.kinds[0].contents.truncate(1);
    plan.kinds[0].contents[0].medium = Medium::Broadcast;
    plan.kinds[0].contents[0].buttons.clear();
    plan.kinds[0].contents[0].text = sample::fixed("짧은 글");
    plan.kinds[0].route =
        vec![RouteLeg { medium: Medium::Broadcast, until: Until::Delivered, within: None, arrives: None }];
    plan.sends[0].to.count = 200;
    plan.sends[0].to.standing_in = vec![RegionId(0)];
    let long = Some(sample::fixed("훨씬 더 긴 글"));
    plan.services.alerts = vec![Alert { kind: KindId(0), medium: Medium::Broadcast, level, long }];
    plan
}

fn sounded(events: &[Event], tone: Tone, characters: u32) -> usize {
    let is = |event| matches!(event, ServiceEvent::AlertSounded { tone: t, characters: c, .. } if t == tone && c == characters);
    count(events, |kind| is_service(kind, is))
}

fn shown(events: &[Event]) -> usize {
    count(events, |kind| matches!(kind, EventKind::Shown { .. }))
}

#[test]
fn a_broadcast_sounds_where_people_stand_and_as_loud_as_its_level() {
    let events = run(broadcast(Level::Urgent));
    let there = shown(&events);
    assert!((70..130).contains(&there), "half of 200 came out as {there}");
    assert_eq!(sounded(&events, Tone::Loud, 8), there, "and all of it, on newer phones");
    let told = count(&events, |kind| matches!(kind, EventKind::Reported { .. }));
    assert_eq!(told, 0, "no cell answers");

    let mut moved = broadcast(Level::Urgent);
    moved.cohorts[0].traits.stands = vec![(RegionId(1), Share::ALL)];
    assert_eq!(shown(&run(moved)), 0, "everybody is elsewhere");
}

#[test]
fn old_phones_show_the_short_text_and_a_night_is_silent_for_safety_alone() {
    let mut plan = broadcast(Level::Safety);
    plan.cohorts[0].traits.old_phone = Share::ALL;
    let events = run(plan.clone());
    assert_eq!(sounded(&events, Tone::Own, 4), shown(&events));
    plan.clock.start_unix_s += 8 * 3_600;
    let night = run(plan.clone());
    assert_eq!(sounded(&night, Tone::Silent, 4), shown(&night));
    let opened = |events: &[Event]| count(events, |kind| matches!(kind, EventKind::Opened { .. }));
    assert!(opened(&events) > 0 && opened(&night) == 0, "nobody wakes up from it");
}

#[test]
fn a_broadcast_can_be_switched_off_unless_it_is_critical() {
    let muted = |level| {
        let mut plan = broadcast(level);
        plan.cohorts[0].traits.mutes = [Share::NONE, Share::ALL, Share::ALL];
        shown(&run(plan))
    };
    assert_eq!((muted(Level::Urgent), muted(Level::Safety)), (0, 0));
    assert!(muted(Level::Critical) > 70);
}

/// Sixty riders in an hour, ten drivers who answer within seconds.
fn taxis() -> Plan {
    let mut plan = sample::rent();
    plan.sends.clear();
    plan.clock.stop = SimTime::ZERO + Span::from_hours(3);
    plan.cohorts[0].count = 70;
    plan.cohorts[0].habits.reads_after = Spread::Uniform(Span::from_secs(1), Span::from_secs(6));
    plan.cohorts[0].habits.presses = vec![(ButtonId(0), Share::from_ppm(700_000))];
    let mut coming = plan.kinds[0].clone();
    coming.contents[0].buttons.clear();
    coming.channel = ChannelId(0);
    plan.kinds.push(coming);
    let who = |first, count| crate::sim::plan::Audience {
        first: PersonId(first),
        count,
        groups: Default::default(),
        friends_of: None,
        regions: Vec::new(),
        standing_in: Vec::new(),
    };
    plan.services.dispatch = Some(Dispatch {
        drivers: who(60, 10),
        grid: 8,
        nearest: 3,
        radius: 16,
        offer: KindId(0),
        take: ButtonId(0),
        stands: Span::from_secs(15),
        coming: KindId(1),
        gone: Some(KindId(1)),
        ride: Spread::Fixed(Span::from_secs(300)),
        patience: Span::from_secs(240),
        phones: Share::NONE,
        after: None,
    });
    plan.services.hails = vec![Hail { who: who(0, 60), at: SimTime::ZERO, over: Span::from_hours(1) }];
    plan
}

#[test]
fn a_ride_has_one_driver_and_a_driver_one_ride_at_a_time() {
    let events = run(taxis());
    let mut on: [Option<u32>; 70] = [None; 70];
    let mut taken = [false; 60];
    for event in &events {
        match event.kind {
            EventKind::Service(ServiceEvent::RideAssigned { person, ride, .. }) => {
                assert_eq!(on[person.index()].replace(ride), None, "{person:?} was on a ride");
                assert!(!std::mem::replace(&mut taken[ride as usize], true), "ride {ride} has two drivers");
            }
            EventKind::Service(ServiceEvent::RideEnded { person, ride }) => {
                assert_eq!(on[person.index()].take(), Some(ride));
            }
            _ => {}
        }
    }
    let assigned = taken.iter().filter(|taken| **taken).count();
    assert!(assigned >= 50, "{assigned} of 60 rides");
    let late = |event| matches!(event, ServiceEvent::RideMissed { .. });
    assert!(count(&events, |kind| is_service(kind, late)) > 10, "several accept, one has it");
}

#[test]
fn without_a_platform_every_rider_goes_to_the_street() {
    let mut plan = taxis();
    let down = FaultKind::Down { how: crate::sim::fault::DownHow::Reject };
    plan.faults.push(trouble(&Leg::ALL, down, 3 * 3_600));
    let events = run(plan);
    let given_up = |event| matches!(event, ServiceEvent::RideGivenUp { instead: Instead::Street, in_vain: false, .. });
    let refused = |event| matches!(event, ServiceEvent::RideRefused { fault: Some(_), .. });
    assert_eq!(count(&events, |kind| is_service(kind, given_up)), 60);
    assert!(count(&events, |kind| is_service(kind, refused)) >= 60 * 7, "each asks again every half minute");
}
