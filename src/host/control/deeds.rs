//! What was done by hand: a bounded log of control actions, for whoever operates the server. Not a journal: it is gone with
//! the process, and what an action brought about is in the run's own record.
//!
//! No phone number, no text of a message and nobody's name is ever in it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Deeds that are kept; older ones make room.
pub const DEEDS_MAX: usize = 500;
/// In this header of a request a client of ours says which it is.
pub const BY: &str = "x-bongsu-by";
/// Longest account of a deed, in characters; the rest is cut off.
pub const ABOUT_MAX: usize = 120;

/// Through what something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A page of ours.
    Page,
    /// The command line.
    Cli,
    /// Any other program.
    Api,
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// Its number, from 1.
    pub number: u64,
    /// When: milliseconds since 1970 by the real clock.
    pub at_ms: i64,
    /// Through what.
    pub by: By,
    /// The operation, by its name in the API.
    pub what: &'static str,
    /// With what: a fault's name, a speed, a scenario.
    pub about: String,
    /// The run that it was done to.
    pub run: Option<String>,
    /// Where that run stood then, in simulated microseconds.
    pub run_at_us: Option<u64>,
    /// The HTTP status that it was answered with.
    pub status: u16,
}

/// The log.
#[derive(Clone, Debug, Default)]
pub struct Deeds(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    kept: VecDeque<Deed>,
}

impl By {
    /// The word of the API, and of the header that says it.
    pub const fn name(self) -> &'static str {
        match self {
            By::Page => "page",
            By::Cli => "cli",
            By::Api => "api",
        }
    }

    /// What a client says it is; whoever says nothing we know is a program.
    pub fn told(word: &str) -> By {
        [By::Page, By::Cli].into_iter().find(|by| by.name() == word).unwrap_or(By::Api)
    }
}

impl Deeds {
    /// Adds a deed; its number is the next. The oldest makes room when the log is full.
    pub fn add(&self, mut deed: Deed) {
        let mut inner = self.lock();
        inner.last += 1;
        deed.number = inner.last;
        if deed.about.chars().count() > ABOUT_MAX {
            deed.about = deed.about.chars().take(ABOUT_MAX).chain(['…']).collect();
        }
        if inner.kept.len() == DEEDS_MAX {
            inner.kept.pop_front();
        }
        inner.kept.push_back(deed);
    }

    /// The deeds after that number, oldest first.
    pub fn after(&self, number: u64) -> Vec<Deed> {
        self.lock().kept.iter().filter(|deed| deed.number > number).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A list of whole deeds: nobody can leave it half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{ABOUT_MAX, By, DEEDS_MAX, Deed, Deeds};

    fn deed(about: &str) -> Deed {
        let (by, what, about) = (By::Page, "pauseRun", about.to_owned());
        Deed { number: 0, at_ms: 5, by, what, about, run: None, run_at_us: None, status: 200 }
    }

    #[test]
    fn the_log_is_bounded_and_numbered_without_gaps() {
        let deeds = Deeds::default();
        (0..DEEDS_MAX + 3).for_each(|_| deeds.add(deed("x")));
        let kept = deeds.after(0);
        let last = DEEDS_MAX as u64 + 3;
        assert_eq!((kept.len(), kept[0].number, kept[DEEDS_MAX - 1].number), (DEEDS_MAX, 4, last));
        assert_eq!(deeds.after(last - 1).len(), 1);
        deeds.add(deed(&"가".repeat(ABOUT_MAX + 1)));
        assert_eq!(deeds.after(last)[0].about.chars().count(), ABOUT_MAX + 1);
    }

    #[test]
    fn a_client_is_what_it_says_if_we_know_the_word() {
        assert_eq!(["page", "cli", "api", "", "teacher"].map(By::told), [By::Page, By::Cli, By::Api, By::Api, By::Api]);
    }
}
