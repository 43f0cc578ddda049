//! The verdict over whole runs, and the exactness of comparisons.

use std::cmp::Ordering;

use proptest::prelude::{ProptestConfig, proptest};

use crate::sim::expect::expression::Op;
use crate::sim::expect::measure::{Exact, holds};
use crate::sim::expect::metric::{self, Form, Unit};
use crate::sim::expect::script::{clause, fault, judged, must, plan, verdict, watch};
use crate::sim::expect::verdict::{Outcome, Overall, Verdict};
use crate::sim::expect::{Promise, Strength, parse};
use crate::sim::model::event::{End, Event, EventKind};
use crate::sim::model::medium::Medium;
use crate::sim::time::{SimTime, Span};

/// The outage bites, the fallback runs, everybody but one hears.
const GOOD: &str = "
    0s    created n0 p0
    0s    submitted n0/0 alimtalk
    1s    charged n0/0 800
    1s    shown n0/0
    2s    reported n0/0 shown
    5m    began silence-10m
    6m    created n1 p2
    6m    submitted n1/0 alimtalk
    6m    lost n1/0 by silence-10m
    7m    fellback n1 alimtalk lms no_receipt by silence-10m
    7m    submitted n1/1 lms
    424s  charged n1/1 2700
    424s  shown n1/1
    425s  reported n1/1 delivered
    8m    created n2 p8
    8m    submitted n2/0 alimtalk
    8m    lost n2/0 by silence-10m
    15m   ended silence-10m
    50m   end stop";

fn reasons(verdict: &Verdict) -> Vec<&str> {
    verdict.reasons.iter().map(|words| words.en.as_str()).collect()
}

#[test]
fn a_run_that_kept_its_promises_passes() {
    let verdict = verdict(GOOD, &["ratio(reached) >= 66%", "count(fallback{to=lms}) >= 1"]);
    assert_eq!(verdict.overall, Overall::Pass);
    assert_eq!(reasons(&verdict), ["every expectation held"]);
    assert_eq!(verdict.overall.exit_code(), 0);
    assert_eq!(verdict.clauses[0].reason.ko, "3 중 2 = 66.6666 %, 기준 66 % 이상");
    let bitten = &verdict.faults[0];
    assert_eq!((bitten.name.as_str(), bitten.hits, bitten.notices_hit), ("silence-10m", 3, 2));
    assert_eq!(
        (bitten.began.map(|at| at.to_string()), bitten.ended.map(|at| at.to_string())),
        (Some("00:05:00".into()), Some("00:15:00".into()))
    );
}

#[test]
fn a_broken_must_fails_and_names_its_witnesses() {
    let verdict = verdict(
        GOOD,
        &["ratio(reached) >= 97.5%", "count(expired{group=senior}) == 0", "count(late{region=busan}) == 0"],
    );
    assert_eq!(verdict.overall, Overall::Fail, "a broken must outweighs the inconclusive clause");
    assert_eq!(verdict.overall.exit_code(), 1);
    assert_eq!(
        reasons(&verdict),
        [
            "ratio(reached) >= 97.5%: 2 of 3 = 66.6666 %, at least 97.5 % expected",
            "count(late{region=busan}) == 0: the set is empty: nothing it speaks of happened",
        ]
    );
    let witnesses = &verdict.clauses[0].witnesses;
    assert_eq!(witnesses.len(), 1);
    assert_eq!(witnesses[0].person.0, 8);
    assert_eq!(witnesses[0].line.en, "created 00:08:00: alimtalk lost (told nothing) [faults: silence-10m]");
    assert_eq!(witnesses[0].line.ko, "00:08:00 생성: 알림톡 유실 (보고 없음) [장애 silence-10m]");
}

#[test]
fn a_double_is_told_with_both_media() {
    let script = GOOD.replace("50m   end", "20m shown n1/0\n50m   end");
    let verdict = verdict(&script, &["count(reached_twice) == 0"]);
    assert_eq!(
        verdict.clauses[0].witnesses[0].line.en,
        "created 00:06:00: alimtalk shown 00:20:00 (told nothing), then lms shown 00:07:04 (told delivered) \
         [faults: silence-10m]"
    );
}

#[test]
fn nothing_promised_or_nothing_sent_proves_nothing() {
    assert_eq!(reasons(&verdict(GOOD, &[])), ["nothing was promised"]);
    let empty = verdict("5m began silence-10m\n50m end stop", &["count(sessions_lost) < 5"]);
    assert_eq!(empty.overall, Overall::Inconclusive);
    assert_eq!(empty.overall.exit_code(), 2);
    assert_eq!(reasons(&empty), ["no notice was created", "fault silence-10m never bit: no event names it"]);
    let stop_only =
        Promise { stop: vec![clause(&plan(), Strength::Stop, "count(attempts) > 50")], ..Promise::default() };
    assert_eq!(reasons(&watch(plan(), GOOD, stop_only).finish()), ["nothing was promised"]);
}

#[test]
fn a_fault_that_never_bit_or_never_came_proves_nothing() {
    let holds = ["count(notices) >= 1"];
    let toothless = GOOD.replace(" by silence-10m", "");
    assert_eq!(reasons(&verdict(&toothless, &holds)), ["fault silence-10m never bit: no event names it"]);
    let early = "0s created n0 p0\n1m end stop";
    assert_eq!(reasons(&verdict(early, &holds)), ["fault silence-10m: the run ended before its window opened"]);
}

#[test]
fn a_fault_posted_while_the_run_goes_on_need_not_bite() {
    let script = GOOD.replace("50m   end", "20m began f7\n21m ended f7\n50m   end");
    let verdict = verdict(&script, &["count(notices) >= 1"]);
    assert_eq!(verdict.overall, Overall::Pass);
    assert_eq!(verdict.faults.last().map(|fault| fault.name.as_str()), Some("posted-7"));
}

#[test]
fn faults_beyond_the_64th_are_told_apart() {
    let mut plan = plan();
    plan.faults = (0..70).map(|number| fault(&format!("f{number}"), 0, 900)).collect();
    let promise =
        must(&plan, &["count(notices{hit=f69}) == 1", "count(notices{hit=f5}) == 1", "count(notices{hit=f68}) == 0"]);
    let script = "0s created n0 p0\n0s submitted n0/0 lms\n1s lost n0/0 by f69\n1s lost n0/0 by f5\n9m end stop";
    let verdict = watch(plan, script, promise).finish();
    let outcomes: Vec<Outcome> = verdict.clauses.iter().map(|clause| clause.outcome).collect();
    assert_eq!(outcomes, [Outcome::Held, Outcome::Held, Outcome::Inconclusive]);
    assert_eq!((verdict.faults[69].hits, verdict.faults[69].notices_hit), (1, 1));
}

#[test]
fn strengths_weigh_differently() {
    let weigh = |strength, source: &str| {
        let plan = plan();
        let mut promise = must(&plan, &["count(notices) == 3"]);
        match strength {
            Strength::Steady => promise.steady.push(clause(&plan, strength, source)),
            Strength::Must | Strength::Should | Strength::Sometimes => {
                promise.expect.push(clause(&plan, strength, source))
            }
            Strength::Stop => promise.stop.push(clause(&plan, strength, source)),
        }
        watch(plan, GOOD, promise).finish().overall
    };
    let false_one = "count(notices) == 99";
    assert_eq!(weigh(Strength::Must, false_one), Overall::Fail);
    assert_eq!(weigh(Strength::Should, false_one), Overall::Pass);
    assert_eq!(weigh(Strength::Sometimes, false_one), Overall::Inconclusive);
    assert_eq!(weigh(Strength::Steady, false_one), Overall::Inconclusive);
    assert_eq!(weigh(Strength::Stop, false_one), Overall::Pass);
    let empty_one = "count(notices{region=busan, group=senior}) >= 1";
    assert_eq!(weigh(Strength::Must, empty_one), Overall::Inconclusive);
    assert_eq!(weigh(Strength::Should, empty_one), Overall::Pass);
}

#[test]
fn steady_looks_at_what_was_created_before_the_first_fault() {
    let judge = |script: &str| {
        let plan = plan();
        let mut promise = must(&plan, &["count(notices) >= 1"]);
        promise.steady.push(clause(&plan, Strength::Steady, "ratio(reached_by{medium=alimtalk}) >= 85%"));
        let verdict = watch(plan, script, promise).finish();
        (verdict.overall, verdict.clauses[0].reason.en.clone())
    };
    assert_eq!(judge(GOOD), (Overall::Pass, "1 of 1 = 100 %, at least 85 % expected".into()));
    let from_the_start = GOOD.replace("5m    began", "0s    began");
    let from_the_start = from_the_start.lines().filter(|line| !line.contains("began")).collect::<Vec<_>>().join("\n");
    let from_the_start = format!("0s began silence-10m\n{from_the_start}");
    assert_eq!(
        judge(&from_the_start),
        (Overall::Inconclusive, "the set is empty: nothing it speaks of happened".into())
    );
}

#[test]
fn a_stop_condition_is_asked_at_the_first_event_of_a_later_second() {
    let plan_a = plan();
    let promise = Promise {
        expect: must(&plan_a, &["ratio(reached) >= 99%"]).expect,
        stop: ["count(attempts{medium=sms}) > 0", "count(attempts) > 1"]
            .map(|source| clause(&plan_a, Strength::Stop, source))
            .to_vec(),
        ..Promise::default()
    };
    let script = "0s created n0 p0\n100ms submitted n0/0 alimtalk\n200ms submitted n0/1 lms\n900ms accepted n0/0";
    assert_eq!(watch(plan(), script, promise.clone()).stopped(), None);
    let script = format!("{script}\n1s accepted n0/1");
    assert_eq!(watch(plan(), &script, promise.clone()).stopped(), Some(1));

    let mut stopped = watch(plan(), &script, promise);
    stopped.observe(&Event {
        at: SimTime::ZERO + Span::from_secs(2),
        kind: EventKind::RunEnded { end: End::Condition(1) },
    });
    let verdict = stopped.finish();
    assert_eq!(verdict.overall, Overall::Stopped, "stopped outweighs the broken must");
    assert_eq!(verdict.overall.exit_code(), 5);
    assert_eq!(verdict.reasons[0].en, "the stop condition came true: count(attempts) > 1");
    assert_eq!(verdict.clauses[2].outcome, Outcome::Held);
    assert_eq!(verdict.clauses[2].reason.en, "2; more than 1 stops the run");
}

#[test]
fn a_share_of_nothing_stops_no_run() {
    let promise = Promise { stop: vec![clause(&plan(), Strength::Stop, "ratio(reached) < 50%")], ..Promise::default() };
    let nothing = "1s began silence-10m\n2s ended silence-10m";
    assert_eq!(watch(plan(), nothing, promise.clone()).stopped(), None);
    let unreached = format!("{nothing}\n2s created n0 p0\n4s submitted n0/0 lms");
    assert_eq!(watch(plan(), &unreached, promise).stopped(), Some(0));
}

#[test]
fn a_stop_condition_that_cannot_be_followed_proves_nothing() {
    let plan = plan();
    let mut promise = must(&plan, &["count(notices) >= 1"]);
    let mut unfollowed = clause(&plan, Strength::Must, "p95(time_to_reach) > 1h");
    unfollowed.strength = Strength::Stop;
    promise.stop.push(unfollowed);
    let verdict = watch(plan, GOOD, promise).finish();
    assert_eq!(verdict.overall, Overall::Inconclusive);
    assert_eq!(reasons(&verdict), ["p95(time_to_reach) > 1h: only running totals can be followed under stop:"]);
}

#[test]
fn facts_without_a_notice_have_witnesses_too() {
    let script = "0s created n0 p0\n6m offline p1\n9m end stop";
    let verdict = verdict(script, &["max(time_to_reconnect) <= 2m"]);
    let witness = &verdict.clauses[0].witnesses[0];
    assert_eq!((witness.notice, witness.person.0), (None, 1));
    assert_eq!(witness.line.en, "00:06:00 time_to_reconnect never");
    assert_eq!(witness.line.ko, "00:06:00 time_to_reconnect 끝내 없음");
}

#[test]
fn a_run_that_somebody_stopped_or_that_has_not_ended_does_not_pass() {
    let asked = verdict(&GOOD.replace("end stop", "end asked"), &["count(notices) >= 1"]);
    assert_eq!((asked.overall, reasons(&asked)), (Overall::Stopped, vec!["somebody stopped the run"]));
    let open = verdict(&GOOD.replace("50m   end stop", ""), &["count(notices) >= 1"]);
    assert_eq!((open.overall, reasons(&open)), (Overall::Inconclusive, vec!["the run did not end"]));
}

#[test]
fn the_worst_group_decides_and_is_named() {
    let script = "
        0s created n0 p0
        0s submitted n0/0 lms
        1s shown n0/0
        0s created n1 p1
        0s created n2 p2
        0s submitted n2/0 lms
        1s shown n2/0
        9m end stop";
    assert_eq!(
        judged(script, "worst_group(ratio(reached)) >= 97%"),
        "broken: group senior: 1 of 2 = 50 %, at least 97 % expected"
    );
    assert_eq!(judged(script, "worst_group(p50(time_to_reach)) <= 5s"), "held: group senior: 1s, at most 5s expected");
    assert_eq!(
        judged(script, "worst_group(p100(time_to_reach)) <= 5s"),
        "broken: group senior: never, at most 5s expected"
    );
    assert_eq!(
        judged(script, "worst_group(ratio(reached{region=busan})) >= 97%"),
        "inconclusive: the set is empty: nothing it speaks of happened"
    );
}

#[test]
fn a_share_a_millionth_short_does_not_pass() {
    let ratio = |part, whole| holds(Exact::Fraction { part, whole }, Unit::Share, Op::AtLeast, 975_000);
    assert_eq!(ratio(974_999, 1_000_000), Ok(false));
    assert_eq!(ratio(975_000, 1_000_000), Ok(true));
    assert_eq!(ratio(39, 40), Ok(true));
    assert_eq!(ratio(974_999_999_999, 1_000_000_000_000), Ok(false), "rounds to 97.5 % everywhere but here");
}

/// Over a run in which nothing happens at all, no expression holds; over one in which notices are created and nothing
/// else, none of those that speak of harm does.
#[test]
fn nothing_ever_happens_and_nothing_holds() {
    const HARM: [&str; 9] = [
        "reached_twice",
        "late",
        "expired",
        "status_mismatch",
        "silent_fallback",
        "fallback",
        "receipts_late",
        "rate_limited",
        "pressed_lost",
    ];
    for metric in metric::ALL {
        for source in sources(metric) {
            let nothing = judged("9m end stop", &source);
            let people_are_there = metric.name == "sessions_lost";
            assert!(!nothing.starts_with("held") || people_are_there, "{source}: {nothing}");
            let created = judged("0s created n0 p0\n9m end stop", &source);
            assert!(!created.starts_with("held") || !HARM.contains(&metric.name), "{source}: {created}");
            let verdict = verdict("9m end stop", &[&source]);
            assert_ne!(verdict.overall, Overall::Pass, "{source}");
        }
    }
}

/// Every aggregate and comparison of a metric that says anything.
fn sources(metric: &metric::Metric) -> Vec<String> {
    let mut sources = Vec::new();
    for form in metric.aggregates {
        let (word, number) = match form {
            Form::Count => ("count", "1"),
            Form::Ratio => ("ratio", "50%"),
            Form::Percentile => ("p95", if metric.unit == Unit::Duration { "5s" } else { "5" }),
            Form::Sum | Form::Min | Form::Max | Form::Mean => {
                (form.name(), if metric.unit == Unit::Duration { "5s" } else { "5" })
            }
        };
        for (_, sign) in Op::ALL {
            sources.push(format!("{word}({}) {sign} {number}", metric.name));
        }
    }
    sources
}

#[test]
fn every_example_of_the_catalogue_reads() {
    use crate::sim::expect::catalogue;
    use crate::sim::model::words::Lang;
    let rows = catalogue::metrics(Lang::Ko);
    assert_eq!(rows.len(), metric::ALL.len());
    for row in rows {
        assert_eq!(parse(&row.example, &plan()).map(|_| ()), Ok(()), "{}", row.example);
    }
    assert_eq!(catalogue::labels(Lang::En)[0].meaning, "people of that group");
}

#[test]
fn figures_add_up() {
    let figures = verdict(GOOD, &[]).figures;
    assert_eq!((figures.notices, figures.reached, figures.twice, figures.missed.count), (3, 2, 0, 1));
    let by = |medium: Medium| medium.index();
    assert_eq!(figures.first_medium[by(Medium::Alimtalk)], 1);
    assert_eq!(figures.first_medium[by(Medium::Lms)], 1);
    assert_eq!((figures.attempts[by(Medium::Alimtalk)], figures.attempts[by(Medium::Lms)]), (3, 1));
    assert_eq!((figures.cost[by(Medium::Alimtalk)], figures.cost[by(Medium::Lms)]), (800, 2_700));
    assert_eq!(figures.fallbacks, [0, 1, 0, 0]);
    assert_eq!(figures.belief, [[0, 1], [0, 0], [0, 0], [1, 0], [1, 0], [0, 0]]);
    assert_eq!(figures.missed.reasons[0].0.en, "phone off or out of coverage");
    assert_eq!(figures.missed.listed[0].person.0, 8);
    assert_eq!(figures.series.bucket, Span::from_secs(26));
    assert!(figures.series.created.len() <= 120);
    assert_eq!(figures.series.created.iter().sum::<u64>(), 3);
    assert_eq!(figures.series.reached.iter().flatten().sum::<u64>(), 2);
    assert_eq!(figures.reach_curve.len(), 101);
    assert_eq!(figures.reach_curve[33], Some(Span::from_secs(1)));
    assert_eq!(figures.reach_curve[34], Some(Span::from_secs(64)));
    assert_eq!(figures.reach_curve[67], None);
    assert_eq!(figures.groups[0].reached, 1);
    let region = &figures.groups[3];
    assert!(region.region && region.notices > 0 && region.reached == 0, "{:?}", figures.groups);
    assert_eq!(figures.worst_group, Some(3), "where nobody was reached, a region as well as a group");
}

#[test]
fn events_of_unknown_notices_and_attempts_change_nothing() {
    let script = format!(
        "{}\n51m shown n99/0\n51m shown n0/9\n51m reported n99/3 failed\n51m fellback n99 sms lms failed by f3",
        GOOD
    );
    let strange = verdict(&script, &["count(reached) == 2"]);
    assert_eq!(strange.clauses[0].outcome, Outcome::Held);
    assert_eq!(strange.figures.notices, 3);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Comparing a share with parts per million is comparing two fractions by subtraction of cross products.
    #[test]
    fn shares_compare_as_rational_numbers(
        whole in 1u64..=u64::from(u32::MAX),
        part in 0u64..=u64::from(u32::MAX),
        ppm in 0u64..=1_000_000,
    ) {
        let part = part.min(whole);
        let difference = i128::from(part) * 1_000_000 - i128::from(ppm) * i128::from(whole);
        let order = difference.cmp(&0);
        let value = Exact::Fraction { part: u128::from(part), whole };
        for (op, expected) in [
            (Op::AtLeast, order != Ordering::Less),
            (Op::Above, order == Ordering::Greater),
            (Op::AtMost, order != Ordering::Greater),
            (Op::Below, order == Ordering::Less),
            (Op::Equal, order == Ordering::Equal),
            (Op::Unequal, order != Ordering::Equal),
        ] {
            assert_eq!(holds(value, Unit::Share, op, ppm), Ok(expected));
        }
    }
}
