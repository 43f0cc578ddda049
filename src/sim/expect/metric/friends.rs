//! `friends`: who is a friend of a channel at an instant.
//!
//! Set: everybody, unless nobody was a friend of anything at any time. Counts: friends of `channel=` (of any channel without it) at the instant `at=`, counted from the
//! beginning of the run, or at its end. `ratio` is the share of the population. It is found from what people were at
//! the beginning and from their joining and leaving since.

use crate::sim::expect::metric::{COUNTED, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::model::person::Friends;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "friends",
    ko: "그 시각(at=)의 채널 친구; 없으면 실행이 끝날 때",
    en: "people who are friends of the channel at the instant at=, or at the end",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Channel],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Person(look),
    live: None,
};

fn look(query: &Query<'_>) -> Option<Vec<bool>> {
    let is_one = |friends: Friends| match query.filter.channel {
        Some(channel) => friends.has(channel),
        None => friends != Friends::default(),
    };
    query.ledger.knows_friends().then(|| query.ledger.friends_at(query.instant, true).into_iter().map(is_one).collect())
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, TWO_HOMES, judge_all, plan};

    const COMING_AND_GOING: &str = "
        0s created n0 p0
        1m joins p0
        2m joins p1
        3m leaves p0
        4m joins p5
        9m end stop";

    #[test]
    fn friends_are_counted_at_an_instant_or_at_the_end() {
        judge_all(
            COMING_AND_GOING,
            &[
                ("count(friends{channel=lh}) == 2", "held: 2, exactly 2 expected"),
                ("count(friends{channel=lh}, at=59s) == 0", "held: 0, exactly 0 expected"),
                ("count(friends{channel=lh}, at=1m) == 1", "held: 1, exactly 1 expected"),
                ("ratio(friends, at=2m) == 20%", "held: 2 of 10 = 20 %, exactly 20 % expected"),
                ("count(friends{group=senior}) == 1", "held: 1, exactly 1 expected"),
                ("count(friends, at=10m) == 2", "inconclusive: the run ended before 10m"),
            ],
        );
        judge_all(TWO_HOMES, &[("count(friends) == 0", EMPTY)]);
    }

    #[test]
    fn people_are_looked_at_in_an_instant_and_not_over_a_window() {
        let read = |text: &str| crate::sim::expect::parse(text, &plan()).expect_err(text).message.en;
        assert_eq!(read("count(friends, within=5m) > 1"), "unknown window `within`: expected one of at");
        assert_eq!(read("count(friends, at=5m, at=6m) > 1"), "`at=` stands twice");
        assert_eq!(read("count(reached, at=5m) > 1"), "unknown window `at`: expected one of within, during, after");
    }
}
