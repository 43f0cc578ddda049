//! What must never happen, under two hundred seeds: nothing oversold, nothing granted, counted or credited twice, no
//! claim lost. With few people each, so that it stays quick; `.ci/run` plays the whole scenarios under as many seeds.

use std::sync::atomic::{AtomicU64, Ordering};

use super::play::{Changes, play, read};
use bongsu::sim::dice::Seed;
use bongsu::sim::expect::verdict::Outcome;

const SEEDS: u64 = 200;

/// A scenario, made small, and its promises that no luck may break.
struct Case {
    scenario: &'static str,
    set: &'static [&'static str],
    never: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        scenario: "suyeong/tax-refund",
        set: &["people.residents.count=60"],
        never: &["count(pressed_lost) == 0", "sum(unbalanced) == 0", "count(oversold) == 0"],
    },
    Case {
        scenario: "gangnam/emoticon",
        set: &["people.residents.count=100"],
        never: &[
            "count(granted_twice{stock=greeting}) == 0",
            "count(counted_twice{name=gifted}) == 0",
            "count(oversold{rule=1}) == 0",
        ],
    },
    Case {
        scenario: "gyeonggi/emoticons",
        set: &["people.residents.count=100", "stocks.emoticon.count=31"],
        never: &["count(oversold) == 0", "count(granted_twice{stock=emoticon}) == 0", "count(pressed_lost) == 0"],
    },
    Case { scenario: "kakao/compensation", set: &["people.users.count=60"], never: &["count(credited_twice) == 0"] },
    Case {
        scenario: "kakao/giving",
        set: &["people.members.count=100", "desk.1.when=reaches(agreed, 20)"],
        never: &["count(counted_twice{name=agreed}) == 0", "count(pressed_lost{button=agree}) == 0"],
    },
];

/// The promises of a case that a seed breaks, or says nothing about.
fn broken(case: &Case) -> Vec<String> {
    let changes = Changes { set: case.set.iter().map(|set| (*set).to_owned()).collect(), outage: None };
    let scenario = read(case.scenario, &changes);
    let (first, next) = (scenario.plan.seed.0, AtomicU64::new(0));
    let work = || {
        let (mut scenario, mut broken) = (scenario.clone(), Vec::new());
        loop {
            let step = next.fetch_add(1, Ordering::Relaxed);
            if step >= SEEDS {
                return broken;
            }
            scenario.plan.seed = Seed(first + step);
            let verdict = play(&scenario).1;
            for never in case.never {
                let clause = verdict.clauses.iter().find(|clause| clause.source == *never);
                let clause = clause.unwrap_or_else(|| panic!("{} does not promise {never}", case.scenario));
                if clause.outcome != Outcome::Held {
                    broken.push(format!("{} seed {}: {never}: {:?}", case.scenario, first + step, clause.reason));
                }
            }
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no seed panics")).collect()
    })
}

#[test]
fn what_must_never_happen_happens_under_none_of_two_hundred_seeds() {
    let broken: Vec<String> = CASES.iter().flat_map(broken).collect();
    assert_eq!(broken, Vec::<String>::new());
}
