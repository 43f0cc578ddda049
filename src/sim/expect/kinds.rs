//! Kinds side by side: how long each kind of notice took to reach its people, from the instant of its line.
//!
//! Two ways of telling people the same thing are two kinds; this is where they are compared.

use crate::sim::expect::ledger::Ledger;
use crate::sim::model::ids::KindId;
use crate::sim::model::words::Words;
use crate::sim::time::Span;

/// What became of all notices of a kind that `send:` lines made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindReach {
    /// Its title.
    pub title: Words,
    /// Notices of it.
    pub notices: u64,
    /// Of them, reached.
    pub reached: u64,
    /// Time after which 50, 90 and 99 percent of all were reached, from the line's instant; `None`: never.
    pub after: [Option<Span>; 3],
    /// When the last one was reached that was reached at all.
    pub last: Option<Span>,
}

/// The shares of [`KindReach::after`], in percent.
pub const SHARES: [u64; 3] = [50, 90, 99];

/// Every kind that a line sent, in the order of the file.
pub(super) fn of(ledger: &Ledger) -> Vec<KindReach> {
    let mut times: Vec<(u64, Vec<u64>)> = vec![(0, Vec::new()); ledger.plan.kinds.len()];
    for view in ledger.views() {
        let line = view.notice.send().and_then(|send| ledger.plan.sends.get(send.index()));
        let (Some(line), Some((notices, took))) = (line, times.get_mut(view.notice.kind().index())) else { continue };
        *notices += 1;
        took.extend(view.reached_at().map(|(at, _)| at.since(line.at).micros()));
    }
    let rows = times.into_iter().enumerate().filter(|(_, (notices, _))| *notices > 0);
    rows.map(|(kind, (notices, took))| row(ledger, KindId(kind as u16), notices, took)).collect()
}

fn row(ledger: &Ledger, kind: KindId, notices: u64, mut took: Vec<u64>) -> KindReach {
    took.sort_unstable();
    let after = SHARES.map(|percent| {
        let rank = (percent * notices).div_ceil(100).max(1) as usize;
        took.get(rank - 1).copied().map(Span::from_micros)
    });
    let title = ledger.plan.kinds[kind.index()].title.clone();
    KindReach { title, notices, reached: took.len() as u64, after, last: took.last().copied().map(Span::from_micros) }
}
