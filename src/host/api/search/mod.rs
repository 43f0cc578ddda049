//! Search: notices and people of a run, by a small language of terms.
//!
//! `state:reached medium:lms,sms -group:senior hit:blackout`: every term must hold, `,` is "or", `-` is "not", quotes
//! hold spaces together. Long lists come in pages; a cursor says where the next one begins and for which search. Rows
//! are looked at in stretches, so that nobody who writes the run waits for somebody who searches it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::host::api::problem::{Kind, Problem, cut};
use crate::host::control::run::{Run, RunId};

pub mod language;
pub mod person;
pub mod notice;
pub mod people;
pub mod notices;

/// Rows of a page, when the client does not say.
pub const LIMIT_DEFAULT: usize = 100;
/// Most rows of a page.
pub const LIMIT_MAX: usize = 1_000;
/// Rows looked at under one lock.
const STRETCH: usize = 4_096;
/// Rows looked at for one page; a page may be short, or empty, and still have a next one.
const LOOKED_AT_MAX: usize = 200_000;

/// What stands in the address of a search.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchQuery {
    /// The terms; without any, everything is found.
    #[serde(default)]
    query: String,
    limit: Option<usize>,
    cursor: Option<String>,
    run: Option<String>,
}

impl SearchQuery {
    fn run(&self) -> &str {
        self.run.as_deref().unwrap_or("current")
    }

    fn limit(&self) -> Result<usize, Problem> {
        let limit = self.limit.unwrap_or(LIMIT_DEFAULT);
        if (1..=LIMIT_MAX).contains(&limit) {
            return Ok(limit);
        }
        Err(invalid(format!("limit: expected 1 to {LIMIT_MAX}, found {limit}")))
    }

    /// Where the page begins.
    fn place(&self, run: &Run, of: &str) -> Result<usize, Problem> {
        let Some(cursor) = &self.cursor else { return Ok(0) };
        let place = read(cursor, run.id, &self.query, of);
        place.ok_or_else(|| invalid(format!("cursor: '{}' is none of this search", cut(cursor))))
    }

    /// The cursor of the page that begins there.
    fn cursor(&self, run: &Run, of: &str, place: usize) -> String {
        format!("{:08x}{place:08x}{:016x}", run.id.0, hash(&self.query, of))
    }
}

fn read(cursor: &str, run: RunId, query: &str, of: &str) -> Option<usize> {
    let plain = cursor.len() == 32 && cursor.bytes().all(|b| b.is_ascii_hexdigit());
    let piece = |from: usize, to: usize| u64::from_str_radix(&cursor[from..to], 16).ok();
    let of_this = plain && piece(0, 8)? == u64::from(run.0) && piece(16, 32)? == hash(query, of);
    if of_this { usize::try_from(piece(8, 16)?).ok() } else { None }
}

/// Tells one search from another (FNV-1a, 64 bits).
fn hash(query: &str, of: &str) -> u64 {
    let bytes = of.bytes().chain([0]).chain(query.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

fn invalid(detail: String) -> Problem {
    Problem::new(Kind::InvalidQuery, detail)
}

#[cfg(test)]
mod tests {
    use super::{hash, read};
    use crate::host::control::run::RunId;

    #[test]
    fn a_cursor_is_good_for_its_own_search_only() {
        let cursor = format!("{:08x}{:08x}{:016x}", 3, 17, hash("state:reached", "notices"));
        assert_eq!(read(&cursor, RunId(3), "state:reached", "notices"), Some(17));
        assert_eq!(read(&cursor, RunId(4), "state:reached", "notices"), None);
        assert_eq!(read(&cursor, RunId(3), "state:opened", "notices"), None);
        assert_eq!(read(&cursor, RunId(3), "state:reached", "people"), None);
        for wrong in ["", "17", &"x".repeat(32), &"가".repeat(11), &cursor[1..]] {
            assert_eq!(read(wrong, RunId(3), "state:reached", "notices"), None, "{wrong}");
        }
    }
}
