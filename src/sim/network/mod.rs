//! Networks 망: who is connected, what is kept for those who are not, and for how long.
//!
//! Only the rules, each figure with its source; the sessions themselves are the engine's. A table and not a file a
//! network, because seven networks differ in two figures. Deliberately not here: capacity, which faults take away.

use crate::sim::dice::Spread;
use crate::sim::model::ids::GroupId;
use crate::sim::model::medium::Network;
use crate::sim::model::person::Groups;
use crate::sim::time::Span;

/// What a network does in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkRules {
    /// Phones hold a session on it (kakao, mobile, mail, app); a letter box does not.
    pub sessions: bool,
    /// How long it keeps what a phone without a session should get; zero keeps nothing.
    pub store: Span,
    /// First pause of a phone that lost its session, before it tries again; doubled each time, with full jitter.
    pub backoff: Span,
    /// Longest such pause.
    pub backoff_max: Span,
    /// How long connecting takes.
    pub connect: Spread,
    /// Who is on it at all.
    pub members: Members,
}

/// Who is on a network at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Members {
    /// Everybody.
    All,
    /// Only the people of this group.
    Of(GroupId),
    /// Nobody.
    Nobody,
}

impl Members {
    /// Whether somebody who is in these groups is on the network.
    pub fn has(self, groups: Groups) -> bool {
        match self {
            Members::All => true,
            Members::Of(group) => groups.has(group),
            Members::Nobody => false,
        }
    }
}

/// One row a network, in the order of `Network::ALL`.
const TABLE: [(Network, fn() -> NetworkRules); Network::COUNT] = [
    (Network::Kakao, kakao),
    (Network::Mobile, mobile),
    (Network::Mail, mail),
    (Network::App, app),
    (Network::Post, post),
    (Network::Cell, cell),
    (Network::Pay, pay),
];

/// The built-in rules of a network.
pub fn defaults(network: Network) -> NetworkRules {
    TABLE[network.index()].1()
}

/// The built-in rules of every network, by `Network::index`.
pub fn all() -> [NetworkRules; Network::COUNT] {
    TABLE.map(|row| row.1())
}

fn kakao() -> NetworkRules {
    NetworkRules {
        sessions: true,
        // NHN Cloud error codes, 2026-06, at 3005: kept encrypted, may still arrive within three days.
        store: Span::from_days(3),
        ..phones()
    }
}

fn mobile() -> NetworkRules {
    NetworkRules {
        sessions: true,
        // NHN Cloud SMS guide, 2026: a short text without a result after 25 h has failed, a long one after 80 h. A
        // network has one store; assumed: the shorter time, because reminders and codes are short texts, and late
        // copies of long ones are then undercounted rather than invented.
        store: Span::from_hours(25),
        ..phones()
    }
}

fn mail() -> NetworkRules {
    NetworkRules {
        sessions: true,
        // RFC 5321 section 4.5.4.1, 2008: a mail server keeps trying for at least 4 to 5 days.
        store: Span::from_days(5),
        ..phones()
    }
}

/// A letter box: always there. What is on the way is on the way, so nothing is stored for anybody.
fn post() -> NetworkRules {
    NetworkRules { sessions: false, store: Span::ZERO, ..phones() }
}

/// Cell broadcast: a phone in reach shows it, any other never does (TS 22.268: nothing is kept).
fn cell() -> NetworkRules {
    NetworkRules { sessions: false, store: Span::ZERO, ..phones() }
}

/// Payment: a call and its answer. Nobody holds a line, and an answer that finds nobody is gone.
fn pay() -> NetworkRules {
    NetworkRules { sessions: false, store: Span::ZERO, ..phones() }
}

/// Another application: nobody is on it unless the file says who picked it.
fn app() -> NetworkRules {
    NetworkRules {
        sessions: true,
        // assumed: four weeks, the usual time to live of a push message; the applications publish none.
        store: Span::from_days(28),
        members: Members::Nobody,
        ..phones()
    }
}

/// How phones connect and come back.
fn phones() -> NetworkRules {
    NetworkRules {
        sessions: false,
        store: Span::ZERO,
        // assumed: 1 s doubling to 60 s, the usual schedule of clients that mean well; no operator publishes its own.
        backoff: Span::from_secs(1),
        backoff_max: Span::from_secs(60),
        // assumed: a handshake and a login over a mobile network.
        connect: Spread::Uniform(Span::from_millis(50), Span::from_millis(400)),
        members: Members::All,
    }
}

#[cfg(test)]
mod tests {
    use super::{TABLE, all};
    use crate::sim::model::medium::Network;
    use crate::sim::time::Span;

    #[test]
    fn the_table_has_a_row_for_every_network_in_order() {
        assert_eq!(TABLE.map(|row| row.0), Network::ALL);
    }

    #[test]
    fn stores_and_sessions_are_the_sourced_ones() {
        let kept = all().map(|rules| (rules.sessions, rules.store));
        let expected = [
            (true, Span::from_days(3)),
            (true, Span::from_hours(25)),
            (true, Span::from_days(5)),
            (true, Span::from_days(28)),
            (false, Span::ZERO),
            (false, Span::ZERO),
            (false, Span::ZERO),
        ];
        assert_eq!(kept, expected);
    }
}
