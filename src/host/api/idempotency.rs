//! Idempotency keys: the same key and the same body within a day give the same answer, and nothing is done twice.
//!
//! Keys belong to a run. A request that is being done holds its key; one that failed gives it back. With a data folder a
//! key is on disk in one sync with what its request did, and a server that goes on with the run after a crash knows the
//! answer again: it is made from what the rebuilt run says. Of a body it keeps
//! a checksum only.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::HeaderMap;
use bytes::Bytes;
use tokio::time::Instant;

use crate::host::api::problem::{Kind, Problem};
use crate::host::control::keep::Keyed;
use crate::host::control::run::RunId;
use crate::host::control::sum::sum;

/// The header.
pub const HEADER: &str = "idempotency-key";
/// Longest key, in bytes.
pub const KEY_MAX: usize = 255;
/// How long a key is remembered, in real time.
pub const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);
/// Bytes of keys and answers that are remembered; over it the oldest are let go before their day is over.
pub const BYTES_MAX: usize = 64 << 20;
/// What a key takes besides its own bytes, about.
const OVERHEAD: usize = 256;

/// The remembered keys.
#[derive(Clone, Debug, Default)]
pub struct Keys(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    rows: BTreeMap<Key, Row>,
    /// Done ones, the oldest first.
    done: VecDeque<(Instant, Key)>,
    bytes: usize,
}

type Key = (RunId, String);

#[derive(Debug)]
struct Row {
    /// Checksum of the request's body.
    body: u64,
    /// Absent while the request is being done.
    answer: Option<Bytes>,
}

/// What is known of a request's key.
pub enum Known {
    /// Nothing: do it, then [`Ticket::done`].
    New(Ticket),
    /// It was done; this was the answer.
    Done(Bytes),
}

/// A key that is held while its request is being done; given back when dropped.
pub struct Ticket {
    keys: Keys,
    key: Option<Key>,
    body: u64,
}

/// The key of a request, if it has one.
pub fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=KEY_MAX).contains(&key.len()));
    let wrong =
        || Problem::new(Kind::InvalidRequest, format!("Idempotency-Key: expected 1 to {KEY_MAX} ASCII letters"));
    key.map(|key| Some(key.to_owned())).ok_or_else(wrong)
}

impl Keys {
    /// Looks a key up, and holds it if it is new.
    pub fn begin(&self, run: RunId, key: String, body: &Bytes) -> Result<Known, Problem> {
        let (key, mut inner) = ((run, key), self.lock());
        inner.let_go(Instant::now());
        let body = sum(body);
        match inner.rows.get(&key) {
            Some(row) if row.body != body => {
                Err(Problem::new(Kind::IdempotencyKeyReused, "the first request with this key had another body"))
            }
            Some(Row { answer: Some(answer), .. }) => Ok(Known::Done(answer.clone())),
            Some(Row { answer: None, .. }) => {
                Err(Problem::new(Kind::IdempotencyKeyInUse, "the first request with this key has no answer yet"))
            }
            None => {
                inner.rows.insert(key.clone(), Row { body, answer: None });
                Ok(Known::New(Ticket { keys: self.clone(), key: Some(key), body }))
            }
        }
    }

    /// A request of an earlier process was done so long ago, with this answer. The oldest come first.
    pub fn remember(&self, run: RunId, key: String, body: u64, answer: Bytes, age: Duration) {
        let Some(at) = Instant::now().checked_sub(age).filter(|_| age < REMEMBERED) else { return };
        let (key, mut inner) = ((run, key), self.lock());
        inner.rows.insert(key.clone(), Row { body, answer: None });
        inner.done(at, key, answer);
    }

    /// Forgets every key whose request is done.
    pub fn forget(&self) {
        let mut inner = self.lock();
        while let Some((_, key)) = inner.done.pop_front() {
            inner.remove(&key);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    /// The request was done, with this answer.
    pub fn done(mut self, answer: &Bytes) {
        if let Some(key) = self.key.take() {
            self.keys.lock().done(Instant::now(), key, answer.clone());
        }
    }

    /// What is to be kept with what the request does; `since` is the number of the last event before it.
    pub fn keyed(&self, since: u64) -> Option<Keyed> {
        self.key.as_ref().map(|(_, key)| Keyed { key: key.clone(), body: self.body, since })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.keys.lock().rows.remove(&key);
        }
    }
}

impl Inner {
    fn done(&mut self, at: Instant, key: Key, answer: Bytes) {
        let Some(row) = self.rows.get_mut(&key) else { return };
        row.answer = Some(answer);
        self.bytes += self.size(&key);
        self.done.push_back((at, key));
        while self.bytes > BYTES_MAX
            && let Some((_, oldest)) = self.done.pop_front()
        {
            self.remove(&oldest);
        }
    }

    fn let_go(&mut self, now: Instant) {
        while let Some((at, _)) = self.done.front()
            && now.saturating_duration_since(*at) >= REMEMBERED
            && let Some((_, key)) = self.done.pop_front()
        {
            self.remove(&key);
        }
    }

    fn remove(&mut self, key: &Key) {
        self.bytes -= self.size(key);
        self.rows.remove(key);
    }

    fn size(&self, key: &Key) -> usize {
        let row = self.rows.get(key);
        row.map_or(0, |row| row.answer.as_ref().map_or(0, Bytes::len) + key.1.len() + OVERHEAD)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::{BYTES_MAX, Keys, Known, REMEMBERED, Ticket};
    use crate::host::api::problem::Problem;
    use crate::host::control::run::RunId;
    use crate::host::control::sum::sum;

    const RUN: RunId = RunId(1);

    fn begin(keys: &Keys, run: RunId, key: &str, body: &'static str) -> Result<Known, Problem> {
        keys.begin(run, key.to_owned(), &Bytes::from_static(body.as_bytes()))
    }

    fn new(keys: &Keys, key: &str, body: &'static str) -> Ticket {
        match begin(keys, RUN, key, body) {
            Ok(Known::New(ticket)) => ticket,
            Ok(Known::Done(answer)) => panic!("{key} was done: {answer:?}"),
            Err(problem) => panic!("{problem:?}"),
        }
    }

    fn found(known: Result<Known, Problem>) -> String {
        match known {
            Ok(Known::New(_)) => "new".to_owned(),
            Ok(Known::Done(answer)) => String::from_utf8_lossy(&answer).into_owned(),
            Err(problem) => problem.detail,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_gives_its_answer_again_for_a_day() {
        let keys = Keys::default();
        let ticket = new(&keys, "a", "body");
        assert_eq!(found(begin(&keys, RUN, "a", "body")), "the first request with this key has no answer yet");
        ticket.done(&Bytes::from_static(b"answer"));
        assert_eq!(found(begin(&keys, RUN, "a", "body")), "answer");
        assert_eq!(found(begin(&keys, RUN, "a", "other")), "the first request with this key had another body");
        assert_eq!(found(begin(&keys, RunId(2), "a", "other")), "new", "keys belong to a run");
        tokio::time::advance(REMEMBERED - Duration::from_secs(1)).await;
        assert_eq!(found(begin(&keys, RUN, "a", "body")), "answer");
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(found(begin(&keys, RUN, "a", "other")), "new");
    }

    #[tokio::test(start_paused = true)]
    async fn what_an_earlier_process_did_is_remembered_for_the_rest_of_its_day() {
        tokio::time::advance(2 * REMEMBERED).await;
        let (keys, hour) = (Keys::default(), Duration::from_secs(3_600));
        let answer = || Bytes::from_static(b"answer");
        keys.remember(RUN, "old".to_owned(), sum(b"body"), answer(), REMEMBERED);
        keys.remember(RUN, "late".to_owned(), sum(b"body"), answer(), REMEMBERED - hour);
        // As of a request whose instant lies ahead, because the clock was put back since.
        keys.remember(RUN, "ahead".to_owned(), sum(b"body"), answer(), Duration::ZERO);
        assert_eq!(found(begin(&keys, RUN, "old", "body")), "new");
        assert_eq!(found(begin(&keys, RUN, "late", "body")), "answer");
        assert_eq!(found(begin(&keys, RUN, "late", "other")), "the first request with this key had another body");
        tokio::time::advance(hour).await;
        assert_eq!(found(begin(&keys, RUN, "late", "other")), "new");
        assert_eq!(found(begin(&keys, RUN, "ahead", "body")), "answer");
    }

    #[test]
    fn a_request_that_failed_gives_its_key_back() {
        let keys = Keys::default();
        drop(new(&keys, "a", "body"));
        new(&keys, "a", "other").done(&Bytes::from_static(b"answer"));
        keys.forget();
        assert_eq!(found(begin(&keys, RUN, "a", "body")), "new");
        assert_eq!(keys.lock().bytes, 0);
    }

    #[test]
    fn over_the_bound_the_oldest_are_let_go() {
        let keys = Keys::default();
        let answer = Bytes::from(vec![b'x'; BYTES_MAX / 2 - 1_000]);
        for key in ["a", "b", "c"] {
            new(&keys, key, "body").done(&answer);
        }
        assert_eq!(found(begin(&keys, RUN, "a", "body")), "new");
        assert_eq!(found(begin(&keys, RUN, "b", "body")).len(), answer.len());
        assert!(keys.lock().bytes <= BYTES_MAX);
    }
}
