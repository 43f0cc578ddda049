//! Once: requests that carry a key of their own are taken once, however often a client sends them. Each account has keys
//! of its own.
//!
//! Nothing is remembered here that the books do not say: the key stands in a call's note, so a run that was rebuilt
//! after a crash knows it still. What is kept is an index of the books, one entry a call at most, for one run at a time.
//! A request whose call was refused, or broke before its messages were taken, has not used its key up.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::host::control::run::{Run, RunId};
use crate::host::provider::accounts::Accounts;
use crate::sim::engine::call::How;
use crate::sim::time::Span;

/// The keys of one contract.
pub struct Once {
    contract: &'static str,
    /// The account and the key that a call's note names.
    key_of: fn(&str) -> Option<(String, String)>,
    /// Whose keys are those of notes that name no account.
    first: String,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    run: Option<RunId>,
    last: u32,
    calls: HashMap<Named, u32>,
    going: HashSet<Named>,
}

/// An account's key, and the caller's own.
type Named = (String, String);

/// A request with a key, until it has its answer. Dropping it lets the next one ask the books.
pub struct Going {
    once: Arc<Once>,
    key: Named,
}

impl Once {
    /// The keys of a contract, which writes them into its calls' notes.
    pub fn new(contract: &'static str, accounts: &Accounts, key_of: fn(&str) -> Option<Named>) -> Arc<Once> {
        Arc::new(Once { contract, key_of, first: accounts.owner("").key.clone(), known: Mutex::default() })
    }

    /// Begins a request with a key; `None` if one with that key was taken less than `window` ago, or is under way.
    pub fn begin(self: &Arc<Once>, run: &Run, account: &str, key: &str, window: Span) -> Option<Going> {
        let key = (account.to_owned(), key.to_owned());
        let mut known = self.lock();
        if known.run != Some(run.id) {
            *known = Known { run: Some(run.id), ..Known::default() };
        }
        run.books(|books| {
            for call in books.calls_of(self.contract, known.last) {
                known.last = call.number;
                if let Some((account, key)) = (self.key_of)(&call.note) {
                    let account = if account.is_empty() { self.first.clone() } else { account };
                    known.calls.insert((account, key), call.number);
                }
            }
        });
        let stands = known.calls.get(&key).is_some_and(|call| was_taken(run, *call, window));
        if stands || !known.going.insert(key.clone()) {
            return None;
        }
        Some(Going { once: self.clone(), key })
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        // An index of the books: a reader that panicked has left it no worse than incomplete.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        self.once.lock().going.remove(&self.key);
    }
}

/// Whether a call was taken, and not too long ago.
fn was_taken(run: &Run, number: u32, window: Span) -> bool {
    let now = run.status().at;
    let call = run.books(|books| books.call(number).map(|call| (call.at, call.answer.clone())));
    let Some((at, answer)) = call.filter(|(at, _)| now < *at + window) else { return false };
    debug_assert!(at <= now, "a call is on record before anybody asks");
    let Some(answer) = answer else { return true };
    match answer.how {
        How::Answered => true,
        How::Refused(_) => false,
        // A connection that broke: only one fault takes the messages first.
        How::Reset | How::Close | How::Hang => {
            let faults = run.faults();
            answer.fault.and_then(|fault| faults.get(fault.index())).is_some_and(|fault| fault.kind == "accept_then")
        }
    }
}
