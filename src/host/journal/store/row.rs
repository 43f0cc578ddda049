//! Rows of the store as they are in memory, and their way there and back.

use rusqlite::Row;

use crate::host::control::run::RunId;
use crate::host::journal::meta::PhonesWord;
use crate::sim::engine::Phones;
use crate::sim::time::SimTime;

/// A run that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// Its number.
    pub id: RunId,
    /// The scenario's name.
    pub name: String,
    /// The name of its folder in the data folder.
    pub folder: String,
    /// The scenario as resolved.
    pub scenario: String,
    /// The seed of all luck.
    pub seed: u64,
    /// Who plays the phones that no session has claimed.
    pub phones: Phones,
    /// The build that plays it.
    pub build: String,
    /// Simulated seconds a real second; `None` for virtual time.
    pub speed: Option<u32>,
    /// When it began: seconds since 1970 by the real clock.
    pub begun_s: i64,
}

/// A run, as it stands on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRun {
    /// What it began as. `speed` is the newest.
    pub new: NewRun,
    /// Whether simulated time stands still because somebody asked for it.
    pub paused: bool,
    /// How far it came.
    pub at: SimTime,
    /// Inputs that it took.
    pub inputs: u64,
    /// How it ended; `None` while it goes on.
    pub ended: Option<Ended>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When: seconds since 1970 by the real clock.
    pub at_s: i64,
    /// The verdict in one word; `None` for a run that could not be gone on with.
    pub verdict: Option<String>,
    /// The exit code that goes with it.
    pub exit: Option<u8>,
}

/// The columns that [`stored`] reads.
pub const COLUMNS: &str = "id, name, folder, scenario, seed, phones, build, speed, paused, at_us, inputs, begun_s, \
                           ended_s, verdict, exit";

/// The word of the database.
pub fn word_of(phones: Phones) -> &'static str {
    match PhonesWord::from(phones) {
        PhonesWord::Simulated => "simulated",
        PhonesWord::Outside => "outside",
    }
}

/// Reads a row of `runs`.
pub fn stored(row: &Row<'_>) -> rusqlite::Result<StoredRun> {
    let phones: String = row.get(5)?;
    let phones = match phones.as_str() {
        "simulated" => Phones::Simulated,
        "outside" => Phones::Outside,
        _ => return Err(rusqlite::Error::InvalidColumnType(5, "phones".to_owned(), rusqlite::types::Type::Text)),
    };
    let ended_s: Option<i64> = row.get(12)?;
    let ended = match ended_s {
        Some(at_s) => Some(Ended { at_s, verdict: row.get(13)?, exit: row.get(14)? }),
        None => None,
    };
    Ok(StoredRun {
        new: NewRun {
            id: RunId(row.get(0)?),
            name: row.get(1)?,
            folder: row.get(2)?,
            scenario: row.get(3)?,
            // Sixty-four bits either way: SQLite's integers have a sign, seeds have none.
            seed: row.get::<_, i64>(4)?.cast_unsigned(),
            phones,
            build: row.get(6)?,
            speed: row.get(7)?,
            begun_s: row.get(11)?,
        },
        paused: row.get(8)?,
        at: SimTime::from_micros(row.get::<_, i64>(9)?.cast_unsigned()),
        inputs: row.get::<_, i64>(10)?.cast_unsigned(),
        ended,
    })
}
