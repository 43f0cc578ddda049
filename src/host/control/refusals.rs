//! Requests that providers refused: counted for the process, and told to the run as far as it can know for whom they were.
//!
//! What names people goes to the run at once, as calls do, up to [`DENIED_MAX`] messages; what names nobody is only a count,
//! and a client in a loop must not fill a journal with it: over `INPUTS_A_SECOND` such inputs they are gathered for the
//! rest of that second. Of each code the first, tenth, hundredth ... request of a minute is worth a line in the log.
//! The second and the minute are real ones, because loops are.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::host::control::run::Run;
use crate::sim::engine::call::Denied;
use crate::sim::engine::input::Input;
use crate::sim::model::denial::{COUNT, Denial};

/// Most messages of one run that were not taken and are told to it one by one; those beyond are counted.
pub const DENIED_MAX: usize = 2_000_000;
/// Most inputs a second that only count requests.
const INPUTS_A_SECOND: u32 = 100;
const SECOND: Duration = Duration::from_secs(1);
/// How long requests of one code count as one flood.
const MINUTE: Duration = Duration::from_secs(60);

/// All refused requests of this process, by what was said.
#[derive(Debug)]
pub struct Refusals(Mutex<[Row; COUNT]>);

#[derive(Clone, Copy, Debug, Default)]
struct Row {
    total: u64,
    minute: Option<Instant>,
    in_minute: u64,
}

/// Requests of a run that wait to be told to it.
#[derive(Debug, Default)]
pub struct Gathered {
    second: Option<Instant>,
    told: u32,
    waiting: BTreeMap<Denial, u32>,
}

impl Default for Refusals {
    fn default() -> Refusals {
        Refusals(Mutex::new([Row::default(); COUNT]))
    }
}

impl Refusals {
    /// Counts a request whose answer says this. If that is worth a line: how many have in this minute.
    pub fn count(&self, said: Denial, now: Instant) -> Option<u64> {
        let row = &mut self.lock()[said.index()];
        row.total += 1;
        if row.minute.is_none_or(|began| now >= began + MINUTE) {
            (row.minute, row.in_minute) = (Some(now), 0);
        }
        row.in_minute += 1;
        Some(row.in_minute).filter(|count| 10_u64.pow(count.ilog10()) == *count)
    }

    /// Every code with its requests, in the order of the table.
    pub fn rows(&self) -> Vec<(Denial, u64)> {
        Denial::all().zip(self.lock().iter().map(|row| row.total)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, [Row; COUNT]> {
        // Plain counts: a thread that panicked cannot have left them half written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gathered {
    /// Whether this may be told at once; else it waits, and until when, if nobody waits for that yet.
    fn take(&mut self, said: Denial, count: u32, now: Instant) -> Result<(), Option<Instant>> {
        let began = match self.second {
            Some(began) if now < began + SECOND => began,
            Some(_) | None => {
                self.told = 0;
                *self.second.insert(now)
            }
        };
        let first = self.waiting.is_empty();
        if first && self.told < INPUTS_A_SECOND {
            self.told += 1;
            return Ok(());
        }
        let waiting = self.waiting.entry(said).or_default();
        *waiting = waiting.saturating_add(count);
        Err(first.then_some(began + SECOND))
    }
}

impl Run {
    /// An application outside was told that these are not taken. What became of a run that is over, nobody has to know.
    pub async fn denied(self: &Arc<Self>, all: Vec<Denied>) {
        if all.is_empty() {
            return;
        }
        if self.books(|books| books.denied()) + all.len() > DENIED_MAX {
            let mut counts: BTreeMap<Denial, u32> = BTreeMap::new();
            all.iter().for_each(|denied| *counts.entry(denied.said).or_default() += 1);
            for (said, count) in counts {
                self.requests_refused(said, count).await;
            }
            return;
        }
        self.hear_refusal(Input::Denied(all)).await;
    }

    /// So many requests were refused with this, and nobody can say for whom they were.
    pub async fn requests_refused(self: &Arc<Self>, said: Denial, count: u32) {
        let taken = self.gathered().take(said, count, Instant::now());
        match taken {
            Ok(()) => self.hear_refusal(Input::RequestsRefused { said, count }).await,
            Err(None) => {}
            Err(Some(until)) => {
                let run = self.clone();
                tokio::spawn(async move {
                    sleep_until(until).await;
                    let waiting = std::mem::take(&mut run.gathered().waiting);
                    for (said, count) in waiting {
                        run.hear_refusal(Input::RequestsRefused { said, count }).await;
                    }
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{Gathered, INPUTS_A_SECOND, Refusals};
    use crate::sim::model::denial::Denial;

    fn said() -> Denial {
        Denial::find("solapi", "1042").expect("a row")
    }

    #[tokio::test(start_paused = true)]
    async fn a_loop_writes_a_few_lines_a_minute_and_is_counted_whole() {
        let (refusals, now) = (Refusals::default(), Instant::now());
        let lines: Vec<u64> = (0..2_500).filter_map(|_| refusals.count(said(), now)).collect();
        assert_eq!(lines, [1, 10, 100, 1_000]);
        let other = Denial::find("nhn", "4").expect("a row");
        assert_eq!(refusals.count(other, now), Some(1), "each code for itself");
        assert_eq!(refusals.count(said(), now + Duration::from_secs(59)), None);
        assert_eq!(refusals.count(said(), now + Duration::from_secs(60)), Some(1));
        let counted: Vec<_> = refusals.rows().into_iter().filter(|row| row.1 > 0).collect();
        assert_eq!(counted, [(said(), 2_502), (other, 1)]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_names_nobody_is_gathered_when_there_is_too_much_of_it() {
        let (mut gathered, now) = (Gathered::default(), Instant::now());
        for _ in 0..INPUTS_A_SECOND {
            assert_eq!(gathered.take(said(), 1, now), Ok(()));
        }
        assert_eq!(
            gathered.take(said(), 1, now),
            Err(Some(now + Duration::from_secs(1))),
            "one that waits tells them all"
        );
        assert_eq!(gathered.take(said(), 4, now), Err(None));
        assert_eq!(gathered.waiting.get(&said()), Some(&5));
        gathered.waiting.clear();
        assert_eq!(gathered.take(said(), 1, now + Duration::from_secs(1)), Ok(()));
    }
}
