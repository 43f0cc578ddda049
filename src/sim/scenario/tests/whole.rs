//! What good files become.

use super::{FIRST_MINUTE, PACK, RENT, reading, rent, secs, with};
use crate::sim::dice::{Seed, Share, Spread};
use crate::sim::fault::{Fault, FaultKind, Over, Recover, Then};
use crate::sim::model::ids::PersonId;
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::words::Lang;
use crate::sim::plan::{Pace, Plan, Policy};
use crate::sim::scenario::{Options, format, read_fault};
use crate::sim::time::Span;

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
    let mut listed =
        reading(FIRST_MINUTE).set("people", "{ all: { list: \"name\\nA\\n\" } }").set("timeline.0.to", "all");
    listed.options.people = Some(50);
    listed.says(&["1:23 a list of people cannot be scaled"]);
    let mut file = reading(FIRST_MINUTE);
    file.options.people = Some(1_000);
    assert_eq!((file.good().plan.people(), file.good().plan.sends[0].to.count), (1_000, 1_000));
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
    let parameters: [(&str, &str); 17] = [
        ("down", "how: hang"),
        ("silence", "recover: flush newest first 20/s"),
        ("refuse", "code: 3018, share: 80%, sticky: true"),
        ("late_failure", "after: 3s, code: 9998"),
        ("latency", "add: \"uniform(1s, 2s)\""),
        ("loss", "share: 5%"),
        ("duplicate", "copies: 2"),
        ("reorder", "window: 5s"),
        ("throttle", "rate: 20/s, over: queue"),
        ("freeze", "legs: [deliver], release: 3m"),
        ("lie", "as: delivered"),
        ("sever", "every: 10s"),
        ("flap", "down: 5s, up: 5s"),
        ("login", "share: 8%, sticky: true, groups: senior"),
        ("accept_then", "then: answer(6s)"),
        ("creep", "code: 3006, from: 0.1%, share: 40%, rises: 30s"),
        ("sender_down", "recover: drop"),
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
fn packs_stand_in_packs_and_speeds_multiply() {
    let outer = "pack: outer\nfaults:\n  - { at: 10m, outage: pangyo, speed: x10 }\n";
    let file =
        with("expect:", "  - { at: 5m, outage: outer, speed: x6 }\nexpect:").file("outer", outer).file("pangyo", PACK);
    let plan = file.good().plan;
    assert_eq!((plan.faults[1].begins, plan.faults[1].ends), (secs(300 + 100), Some(secs(400 + 600))));
}

/// Every file of the library, alone and with each pack on top, and what it is resolved to.
#[test]
fn the_library_reads_with_every_pack() {
    let packs = [
        include_str!("../../../../scenarios/outages/2022-10-15-pangyo.yaml"),
        include_str!("../../../../scenarios/outages/2024-05-13-kakao.yaml"),
        include_str!("../../../../scenarios/outages/2024-05-21-kakao.yaml"),
    ];
    let files = [
        include_str!("../../../../scenarios/first-minute.yaml"),
        include_str!("../../../../scenarios/lh/rent-bill-blackout.yaml"),
        include_str!("../../../../scenarios/moel/accident-alert.yaml"),
        include_str!("../../../../scenarios/suyeong/tax-refund.yaml"),
    ];
    for file in files {
        assert_eq!(format("s.yaml", file.as_bytes()).as_deref(), Ok(file));
        let faults = reading(file).good().plan.faults.len();
        for pack in packs {
            let scenario = reading(file).file("pack", pack).outage("pack", Span::from_secs(600)).good();
            assert!(scenario.plan.faults.len() > faults);
            let again = reading(scenario.resolved.as_str()).good();
            assert_eq!(std::format!("{:?}", again.plan), std::format!("{:?}", scenario.plan));
        }
    }
}
