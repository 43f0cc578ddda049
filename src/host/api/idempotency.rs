//! Idempotency keys: the same key and the same body within a day give the same answer, and nothing is done twice.
//!
//! Keys belong to a run and live in memory, as the runs of this process do. A request that is being done holds its key;
//! one that failed gives it back.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::HeaderMap;
use bytes::Bytes;
use tokio::time::Instant;

use crate::host::api::problem::{Kind, Problem};
use crate::host::control::run::RunId;

/// The header.
pub const HEADER: &str = "idempotency-key";
/// Longest key, in bytes.
pub const KEY_MAX: usize = 255;
/// How long a key is remembered, in real time.
pub const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);
/// Bytes of keys, bodies and answers that are remembered; over it the oldest are let go before their day is over.
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
    body: Bytes,
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
        match inner.rows.get(&key) {
            Some(row) if row.body != *body => {
                Err(Problem::new(Kind::IdempotencyKeyReused, "the first request with this key had another body"))
            }
            Some(Row { answer: Some(answer), .. }) => Ok(Known::Done(answer.clone())),
            Some(Row { answer: None, .. }) => {
                Err(Problem::new(Kind::IdempotencyKeyInUse, "the first request with this key has no answer yet"))
            }
            None => {
                inner.rows.insert(key.clone(), Row { body: body.clone(), answer: None });
                Ok(Known::New(Ticket { keys: self.clone(), key: Some(key) }))
            }
        }
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
        let Some(key) = self.key.take() else { return };
        let mut inner = self.keys.lock();
        let Some(row) = inner.rows.get_mut(&key) else { return };
        row.answer = Some(answer.clone());
        inner.bytes += inner.size(&key);
        inner.done.push_back((Instant::now(), key));
        while inner.bytes > BYTES_MAX
            && let Some((_, oldest)) = inner.done.pop_front()
        {
            inner.remove(&oldest);
        }
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
        let sizes = row.map(|row| row.body.len() + row.answer.as_ref().map_or(0, Bytes::len));
        sizes.map_or(0, |sizes| sizes + key.1.len() + OVERHEAD)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::{BYTES_MAX, Keys, Known, REMEMBERED, Ticket};
    use crate::host::api::problem::Problem;
    use crate::host::control::run::RunId;

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
