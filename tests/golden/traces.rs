//! One small variant of every scenario and of every pack: its trace, and what the verdict must say beside it.

use super::play::{Changes, play, read};
use super::trace::trace;
use super::{compare, yaml_files};
use bongsu::sim::expect::Strength;
use bongsu::sim::expect::verdict::{Outcome, Overall, Verdict};

/// A variant, and what the run must come to. Most break promises that are made for the whole number of people: that they
/// do, and which, is part of what is asserted.
struct Case {
    /// The golden file.
    trace: &'static str,
    /// The scenario's name in the library.
    scenario: &'static str,
    set: &'static [&'static str],
    outage: Option<(&'static str, u64)>,
    overall: Overall,
    /// Notices reached, of how many, and how many of them twice.
    reached: (u64, u64, u64),
    /// Fallbacks: told of failure, no receipt, not opened.
    fallbacks: [u64; 3],
    /// `must` lines that are broken, in their own words.
    broken: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        trace: "1-one-way",
        scenario: "lessons/1-one-way",
        set: &["people.residents.count=6"],
        outage: None,
        overall: Overall::Inconclusive,
        reached: (3, 6, 0),
        fallbacks: [0, 0, 0],
        broken: &[],
    },
    Case {
        trace: "2-silence",
        scenario: "lessons/2-silence",
        set: &["people.residents.count=6"],
        outage: None,
        overall: Overall::Fail,
        reached: (3, 6, 0),
        fallbacks: [0, 0, 0],
        broken: &["count(fallback{cause=failed}) >= 5"],
    },
    Case {
        trace: "3-how-long",
        scenario: "lessons/3-how-long",
        set: &["people.residents.count=6"],
        outage: None,
        overall: Overall::Fail,
        reached: (6, 6, 2),
        fallbacks: [0, 2, 0],
        broken: &["count(reached_twice) >= 30"],
    },
    Case {
        trace: "4-left-out",
        scenario: "lessons/4-left-out",
        set: &["people.young.count=4", "people.old.count=3"],
        outage: None,
        overall: Overall::Fail,
        reached: (5, 7, 0),
        fallbacks: [0, 0, 0],
        broken: &["ratio(reached) >= 85%"],
    },
    Case {
        trace: "5-belief",
        scenario: "lessons/5-belief",
        set: &["people.residents.count=6"],
        outage: None,
        overall: Overall::Fail,
        reached: (3, 6, 0),
        fallbacks: [0, 0, 0],
        broken: &["count(believed{claim=delivered, status=not_shown}) >= 60"],
    },
    Case {
        trace: "6-too-late",
        scenario: "lessons/6-too-late",
        set: &["people.residents.count=6"],
        outage: None,
        overall: Overall::Fail,
        reached: (2, 6, 0),
        fallbacks: [0, 0, 0],
        broken: &["count(expired) >= 150"],
    },
    Case {
        trace: "first-minute",
        scenario: "first-minute",
        set: &["timeline.0.to=6 people"],
        outage: None,
        overall: Overall::Fail,
        reached: (6, 6, 0),
        fallbacks: [2, 0, 0],
        broken: &["count(sessions_lost{network=kakao, hit=blackout}) == 100"],
    },
    Case {
        trace: "census",
        scenario: "kakao/census",
        set: &["census.channels=60", "census.rank=10", "census.friends=3000", "people.residents.count=2"],
        outage: None,
        overall: Overall::Fail,
        reached: (2, 2, 0),
        fallbacks: [0, 0, 0],
        broken: &["count(audience) >= 50000000"],
    },
    Case {
        trace: "quiet-day",
        scenario: "lessons/quiet-day",
        set: &["people.residents.count=6", "seed=11"],
        outage: None,
        overall: Overall::Fail,
        reached: (5, 6, 0),
        fallbacks: [1, 1, 0],
        broken: &[
            "ratio(reached, within=2m) >= 96%",
            "ratio(reached_by{medium=alimtalk}) >= 85%",
            "p95(time_to_reach) <= 20s",
        ],
    },
    Case {
        trace: "class",
        scenario: "lessons/class",
        set: &[],
        outage: None,
        overall: Overall::Pass,
        reached: (11, 12, 0),
        fallbacks: [3, 1, 0],
        broken: &[],
    },
    Case {
        trace: "rent-bill-blackout",
        scenario: "lh/rent-bill-blackout",
        set: &["people.tenants.count=6"],
        outage: None,
        overall: Overall::Inconclusive,
        reached: (6, 6, 0),
        fallbacks: [1, 3, 0],
        broken: &[],
    },
    Case {
        trace: "rent-bill-vendor-only",
        scenario: "lh/rent-bill-blackout",
        set: &["people.tenants.count=6", "sender.policy=vendor-only"],
        outage: None,
        overall: Overall::Fail,
        reached: (3, 6, 0),
        fallbacks: [1, 0, 0],
        broken: &["ratio(reached, within=30m) >= 97.5%", "p95(time_to_reach{hit=silence-10m}) <= 90s"],
    },
    Case {
        trace: "rent-bill-flushed",
        scenario: "lh/rent-bill-blackout",
        set: &["people.tenants.count=6", "timeline.1.recover=flush"],
        outage: None,
        overall: Overall::Inconclusive,
        reached: (6, 6, 3),
        fallbacks: [1, 3, 0],
        broken: &[],
    },
    Case {
        trace: "accident-alert",
        scenario: "moel/accident-alert",
        set: &["people.builders.count=5", "timeline.1.chain.fanout=2"],
        outage: None,
        overall: Overall::Fail,
        reached: (10, 10, 0),
        fallbacks: [0, 0, 0],
        broken: &["max(reached_after{kind=phoned}) >= 2h"],
    },
    Case {
        trace: "compensation",
        scenario: "kakao/compensation",
        set: &[
            "people.users.count=6",
            "timeline.0.over=20m",
            "timeline.0.checkpoint=2",
            "timeline.1.over=20m",
            "timeline.1.checkpoint=4",
            "timeline.2.at=9m",
            "timeline.3.at=30m",
            "timeline.4.at=24h17m",
            "timeline.5.at=24h30m",
            "timeline.6.at=0s",
            "seed=1",
        ],
        outage: None,
        overall: Overall::Fail,
        reached: (12, 12, 0),
        fallbacks: [0, 0, 0],
        broken: &[
            "count(first-round) >= 3000",
            "sum(credited) == 18000000",
            "sum(amount{name=second-round}) == 9000000",
        ],
    },
    Case {
        trace: "damage-desk",
        scenario: "kakao/damage-desk",
        set: &[
            "people.reporters.count=4",
            "timeline.0.by_day=[2,1,1]",
            "timeline.4.at=0s",
            "timeline.4.for=1d",
            "timeline.4.share=60%",
            "clock.stop=14d",
            "seed=2",
        ],
        outage: None,
        overall: Overall::Inconclusive,
        reached: (12, 12, 1),
        fallbacks: [1, 0, 0],
        broken: &[],
    },
    Case {
        trace: "acquisition-tax",
        scenario: "eumseong/acquisition-tax",
        set: &["people.homes.count=6", "seed=3"],
        outage: None,
        overall: Overall::Inconclusive,
        reached: (10, 12, 0),
        fallbacks: [1, 0, 0],
        broken: &[],
    },
    Case {
        trace: "local-tax-pay",
        scenario: "seoul/local-tax-pay",
        set: &[
            "people.households.count=3",
            "timeline.0.over=5m",
            "timeline.1.at=0s",
            "timeline.2.at=20m",
            "timeline.2.share=100%",
            "timeline.3.share=100%",
            "timeline.3.for=90m",
            "seed=7",
        ],
        outage: None,
        overall: Overall::Fail,
        reached: (3, 3, 0),
        fallbacks: [0, 0, 0],
        broken: &["count(payments) >= 600"],
    },
    Case {
        trace: "tax-refund",
        scenario: "suyeong/tax-refund",
        set: &["people.residents.count=6", "seed=38"],
        outage: None,
        overall: Overall::Fail,
        reached: (6, 6, 0),
        fallbacks: [1, 0, 0],
        broken: &["count(claimed) >= 150", "count(donated) >= 20", "sum(amount{name=claimed}) >= 4000000"],
    },
    Case {
        trace: "gangnam-emoticon",
        scenario: "gangnam/emoticon",
        set: &["people.residents.count=6", "seed=4"],
        outage: None,
        overall: Overall::Inconclusive,
        reached: (5, 5, 0),
        fallbacks: [0, 0, 0],
        broken: &[],
    },
    Case {
        trace: "gyeonggi-emoticons",
        scenario: "gyeonggi/emoticons",
        set: &["people.residents.count=8", "stocks.emoticon.count=3"],
        outage: None,
        overall: Overall::Inconclusive,
        reached: (8, 8, 0),
        fallbacks: [0, 0, 0],
        broken: &[],
    },
    Case {
        trace: "geoje-friends",
        scenario: "geoje/friends",
        set: &["people.users.count=20", "people.without.count=1", "seed=14"],
        outage: None,
        overall: Overall::Fail,
        reached: (11, 11, 0),
        fallbacks: [0, 0, 0],
        broken: &[
            "count(friends{channel=geoje}, at=0s) >= 37000",
            "ratio(friends{channel=geoje}, at=0s) >= 15.7%",
            "count(friends{channel=geoje}, at=102d) >= 100000",
            "count(notices{kind=new-year}) >= 100000",
        ],
    },
    Case {
        trace: "kakao-giving",
        scenario: "kakao/giving",
        set: &["people.members.count=8", "people.members.presses.agree=80%", "desk.1.when=reaches(agreed, 3)"],
        outage: None,
        overall: Overall::Fail,
        reached: (16, 16, 0),
        fallbacks: [0, 0, 0],
        broken: &["min(threshold{name=agreed}) == 500", "count(notices{kind=opened}) == 500"],
    },
    Case {
        trace: "seoul-catiquette",
        scenario: "seoul/catiquette",
        set: &["people.keepers.count=1", "people.keepers.contacts.others=6", "people.citizens.count=10", "seed=7"],
        outage: None,
        overall: Overall::Fail,
        reached: (12, 14, 0),
        fallbacks: [0, 0, 0],
        broken: &["count(pledged) >= 1200"],
    },
    Case {
        trace: "rent-bill-certified",
        scenario: "lh/rent-bill-certified",
        set: &["people.tenants.count=6", "seed=8"],
        outage: None,
        overall: Overall::Fail,
        reached: (6, 6, 1),
        fallbacks: [1, 0, 2],
        broken: &["ratio(opened{medium=certified, holder=own}) >= 65%", "count(certificates{certificate=read}) >= 600"],
    },
    Case {
        trace: "e-documents",
        scenario: "lh/e-documents",
        set: &["people.bodies.count=3", "timeline.0.count=4"],
        outage: None,
        overall: Overall::Fail,
        reached: (4, 4, 0),
        fallbacks: [0, 0, 0],
        broken: &["count(certificates{certificate=read, end=sender}) >= 400"],
    },
    Case {
        trace: "disaster-alert",
        scenario: "seoul/disaster-alert",
        set: &["people.citizens.count=12", "seed=4"],
        outage: None,
        overall: Overall::Inconclusive,
        reached: (4, 4, 0),
        fallbacks: [0, 0, 0],
        broken: &[],
    },
    Case {
        trace: "taxi",
        scenario: "kakao/taxi",
        set: &["people.riders.count=4", "people.drivers.count=4", "timeline.1.at=70m", "timeline.1.for=30m", "seed=1"],
        outage: None,
        overall: Overall::Fail,
        reached: (2, 2, 0),
        fallbacks: [0, 0, 0],
        broken: &["ratio(rides) >= 84%", "p75(time_to_ride) <= 30s"],
    },
    Case {
        trace: "test-drive-offer",
        scenario: "kakao/test-drive-offer",
        set: &["people.riders.count=3", "people.readers.count=2", "people.drivers.count=5", "seed=4"],
        outage: None,
        overall: Overall::Fail,
        reached: (9, 9, 0),
        fallbacks: [0, 0, 0],
        broken: &["count(clicked{kind=banner, button=drive}) >= 45", "count(notices{kind=offer}) >= 550"],
    },
    Case {
        trace: "2022-10-15-pangyo",
        scenario: "lessons/quiet-day",
        set: &["people.residents.count=12", "clock.stop=6d", "timeline.0.over=36h"],
        outage: Some(("2022-10-15-pangyo", 7_200)),
        overall: Overall::Fail,
        reached: (11, 12, 1),
        fallbacks: [8, 2, 0],
        broken: &[
            "ratio(reached, within=2m) >= 96%",
            "ratio(reached_by{medium=alimtalk}) >= 85%",
            "p95(time_to_reach) <= 20s",
            "count(reached_twice) == 0",
            "count(sessions_lost) == 0",
        ],
    },
    Case {
        trace: "2024-05-13-kakao",
        scenario: "lessons/quiet-day",
        set: &["people.residents.count=6"],
        outage: Some(("2024-05-13-kakao", 120)),
        overall: Overall::Fail,
        reached: (6, 6, 0),
        fallbacks: [3, 0, 0],
        broken: &["ratio(reached_by{medium=alimtalk}) >= 85%"],
    },
    Case {
        trace: "2024-05-21-kakao",
        scenario: "lessons/quiet-day",
        set: &["people.residents.count=6", "clock.stop=90m"],
        outage: Some(("2024-05-21-kakao", 120)),
        overall: Overall::Fail,
        reached: (6, 6, 1),
        fallbacks: [0, 1, 0],
        broken: &["p95(time_to_reach) <= 20s", "count(reached_twice) == 0", "count(sessions_lost) == 0"],
    },
    Case {
        trace: "opened-in-24h",
        scenario: "mapo/opened-in-24h",
        set: &["people.drivers.count=8"],
        outage: None,
        overall: Overall::Inconclusive,
        reached: (8, 8, 4),
        fallbacks: [1, 0, 7],
        broken: &[],
    },
    Case {
        trace: "2019-02-14-syniverse",
        scenario: "lh/rent-bill-blackout",
        set: &["people.tenants.count=6", "seed=4", "clock.stop=270d"],
        outage: Some(("2019-02-14-syniverse", 0)),
        overall: Overall::Fail,
        reached: (4, 6, 0),
        fallbacks: [0, 3, 0],
        broken: &["ratio(reached, within=30m) >= 97.5%", "p95(time_to_reach{hit=silence-10m}) <= 90s"],
    },
    Case {
        trace: "2021-01-04-slack",
        scenario: "lessons/quiet-day",
        set: &["people.residents.count=8", "timeline.0.over=6h", "clock.stop=8h"],
        outage: Some(("2021-01-04-slack", 600)),
        overall: Overall::Fail,
        reached: (8, 8, 0),
        fallbacks: [3, 0, 0],
        broken: &["ratio(reached_by{medium=alimtalk}) >= 85%"],
    },
    Case {
        trace: "2021-05-05-kakao",
        scenario: "lessons/quiet-day",
        set: &["people.residents.count=6", "seed=6", "clock.stop=3h"],
        outage: Some(("2021-05-05-kakao", 120)),
        overall: Overall::Fail,
        reached: (6, 6, 2),
        fallbacks: [0, 2, 0],
        broken: &["p95(time_to_reach) <= 20s", "count(reached_twice) == 0"],
    },
    Case {
        trace: "2025-09-26-nirs",
        scenario: "lessons/quiet-day",
        set: &["people.residents.count=6", "clock.stop=3d"],
        outage: Some(("2025-09-26-nirs", 120)),
        overall: Overall::Fail,
        reached: (6, 6, 0),
        fallbacks: [0, 0, 0],
        broken: &["ratio(reached, within=2m) >= 96%", "p95(time_to_reach) <= 20s"],
    },
    Case {
        trace: "2026-02-28-csid",
        scenario: "lessons/quiet-day",
        set: &["people.residents.count=6", "timeline.0.over=3h", "clock.stop=1d"],
        outage: Some(("2026-02-28-csid", 0)),
        overall: Overall::Fail,
        reached: (6, 6, 0),
        fallbacks: [6, 0, 0],
        broken: &[
            "ratio(reached, within=2m) >= 96%",
            "ratio(reached_by{medium=alimtalk}) >= 85%",
            "p95(time_to_reach) <= 20s",
        ],
    },
    Case {
        trace: "accept-then-reset",
        scenario: "lessons/quiet-day",
        set: &["people.residents.count=6", "sender.idempotent=false"],
        outage: Some(("accept-then-reset", 120)),
        overall: Overall::Fail,
        reached: (6, 6, 3),
        fallbacks: [0, 0, 0],
        broken: &["count(reached_twice) == 0"],
    },
    Case {
        trace: "receipts-lost-30pct",
        scenario: "lessons/quiet-day",
        set: &["people.residents.count=6"],
        outage: Some(("receipts-lost-30pct", 0)),
        overall: Overall::Fail,
        reached: (6, 6, 3),
        fallbacks: [0, 3, 0],
        broken: &["count(reached_twice) == 0"],
    },
];

#[test]
fn small_variants_go_as_written() {
    let mut differ = Vec::new();
    for case in CASES {
        let set = case.set.iter().map(|one| (*one).to_owned()).collect();
        let outage = case.outage.map(|(pack, at)| (pack.to_owned(), at));
        let scenario = read(case.scenario, &Changes { set, outage });
        let (events, verdict) = play(&scenario);
        compare(&format!("tests/golden/{}.trace", case.trace), &trace(&scenario.plan, &events));
        let figures = &verdict.figures;
        let reached = (figures.reached, figures.notices, figures.twice);
        let came = (verdict.overall, reached, figures.fallbacks, broken(&verdict));
        if came != (case.overall, case.reached, case.fallbacks, case.broken.to_vec()) {
            differ.push(format!("{}: {came:?}, {:?}", case.trace, verdict.reasons));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// A scenario or pack without a trace is not in the library.
#[test]
fn every_file_has_a_trace() {
    for path in yaml_files("scenarios") {
        let name = path.trim_start_matches("scenarios/").trim_end_matches(".yaml");
        let traced = match name.strip_prefix("outages/") {
            Some(pack) => CASES.iter().any(|case| case.outage.is_some_and(|(used, _)| used == pack)),
            None => CASES.iter().any(|case| case.outage.is_none() && case.scenario == name),
        };
        assert!(traced, "{path} has no trace");
    }
}

fn broken(verdict: &Verdict) -> Vec<&str> {
    let musts = verdict.clauses.iter().filter(|clause| clause.strength == Strength::Must);
    let broken = musts.filter(|clause| clause.outcome == Outcome::Broken);
    broken.map(|clause| clause.source.as_str()).collect()
}
