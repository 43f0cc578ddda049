//! The power fails: of what was not synced any part may be on the disk, in any order. What was acknowledged must be there
//! again; what was not may be, as long as nothing is missing before it.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use rusqlite::Connection;

use crate::host::control::keep::Keep;
use crate::host::control::run::RunId;
use crate::host::journal::store::tests::{batch, new_run, say, writer};
use crate::host::journal::store::writer::Writer;
use crate::host::journal::store::{STORE_FILE, StoreError, open, read};
use crate::sim::engine::input::Input;

/// Inputs of the journal, each synced by itself; some are longer than a page.
const INPUTS: u64 = 14;
/// Sizes of SQLite's log (sqlite.org/fileformat.html, 4.1): its header, and that of a frame before its page.
const LOG_HEAD: usize = 32;
const FRAME_HEAD: usize = 24;
const PAGE: usize = 4_096;
const SECTOR: usize = 512;

/// The files of a journal at one moment.
#[derive(Clone)]
struct Files {
    db: Vec<u8>,
    log: Vec<u8>,
}

/// What the end of the log is like after the cut.
#[derive(Clone, Copy, Debug)]
enum Tail {
    /// The file is no longer.
    Gone,
    /// As long as it would have been, and empty.
    Zeros,
    /// Whatever the disk had there before.
    Noise,
    /// One page is not there, and those after it are.
    Hole,
}

impl Files {
    fn of(data: &Path) -> Files {
        let read = |name: String| fs::read(data.join(name)).unwrap_or_default();
        Files { db: read(STORE_FILE.to_owned()), log: read(format!("{STORE_FILE}-wal")) }
    }

    fn put(&self, data: &Path) {
        fs::write(data.join(STORE_FILE), &self.db).expect("writable");
        fs::write(data.join(format!("{STORE_FILE}-wal")), &self.log).expect("writable");
    }

    /// How long the log was when the commit was whole that was being written at that byte.
    fn commit_after(&self, at: usize) -> usize {
        let frames = self.log[LOG_HEAD..].chunks_exact(FRAME_HEAD + PAGE).zip(1..);
        let ends = frames.filter(|(frame, _)| frame[4..8] != [0; 4]).map(|(_, n)| LOG_HEAD + n * (FRAME_HEAD + PAGE));
        ends.into_iter().find(|end| *end > at).unwrap_or(self.log.len())
    }

    fn cut(&self, at: usize, tail: Tail) -> Files {
        let mut log = self.log.clone();
        let hole = (at + FRAME_HEAD + PAGE).min(log.len());
        match tail {
            Tail::Gone => log.truncate(at),
            Tail::Zeros => log[at..].fill(0),
            Tail::Noise => garble(&mut log[at..]),
            Tail::Hole => garble(&mut log[at..hole]),
        }
        Files { db: self.db.clone(), log }
    }
}

fn garble(bytes: &mut [u8]) {
    bytes
        .iter_mut()
        .zip(0_u32..)
        .for_each(|(byte, place)| *byte ^= (place.wrapping_mul(2_654_435_761) >> 24) as u8 | 1);
}

/// A journal that is being written, its files before the first input and at the end, and how long its log was when each
/// input was acknowledged.
async fn written(data: &Path) -> (Writer, Files, Vec<usize>) {
    let writer = writer(data);
    writer.begin(new_run(1)).await.expect("kept");
    let mut synced = vec![Files::of(data).log.len()];
    for at in 1..=INPUTS {
        writer.keep(batch(1, at, vec![said(at)])).await.expect("kept");
        synced.push(Files::of(data).log.len());
    }
    (writer, Files::of(data), synced)
}

fn said(at: u64) -> Input {
    say(30 * at as usize + if at.is_multiple_of(4) { 9_000 } else { 0 })
}

/// The inputs that a journal gives again; an error refuses it by name.
fn again(files: &Files) -> Result<Vec<Input>, StoreError> {
    let data = tempfile::tempdir().expect("a folder");
    files.put(data.path());
    drop(open::own(data.path(), None)?);
    read::inputs(data.path(), RunId(1))?.map(|input| input.map(|(_, input)| input)).collect()
}

/// Whether these are the first inputs of the journal, whole and in order.
fn are_first(inputs: &[Input]) -> bool {
    inputs.iter().zip(1..).all(|(input, at)| *input == said(at))
}

fn tell(what: &str, tried: usize) {
    // Shown with `--nocapture`; a pipe that is closed is no failure.
    let _ = writeln!(std::io::stderr(), "{what}: {tried} tried");
}

#[tokio::test]
async fn no_cut_of_the_log_loses_what_was_acknowledged() {
    let data = tempfile::tempdir().expect("a folder");
    let (_writer, files, synced) = written(data.path()).await;
    let frames = (files.log.len() - LOG_HEAD) / (FRAME_HEAD + PAGE);
    assert_eq!(LOG_HEAD + frames * (FRAME_HEAD + PAGE), files.log.len(), "the log is whole frames");
    let boundaries = (0..=frames).map(|frame| LOG_HEAD + frame * (FRAME_HEAD + PAGE));
    let torn = boundaries.clone().flat_map(|at| [at + FRAME_HEAD, at + FRAME_HEAD + 3 * SECTOR]);
    let whole = std::iter::once(0).chain(boundaries);
    let tails = [Tail::Gone, Tail::Zeros, Tail::Noise, Tail::Hole];
    let cuts = whole
        .flat_map(|at| tails.map(|tail| (at, tail)))
        .chain(torn.flat_map(|at| [(at, Tail::Gone), (at, Tail::Noise)]));
    let mut tried = 0;
    for (at, tail) in cuts.filter(|(at, _)| *at <= files.log.len()) {
        tried += 1;
        let acknowledged = synced.iter().filter(|length| **length <= at).count().saturating_sub(1);
        let mut cut = files.cut(at, tail);
        if let Tail::Hole = tail {
            // Nothing after the commit that was being written: it was not synced yet.
            cut.log.truncate(files.commit_after(at));
        }
        let found = again(&cut).unwrap_or_else(|error| panic!("cut at {at}, {tail:?}: {error}"));
        assert!(found.len() >= acknowledged, "cut at {at}, {tail:?}: {} of {acknowledged} inputs", found.len());
        assert!(are_first(&found), "cut at {at}, {tail:?}: an input is wrong or missing");
    }
    assert!(tried > 8 * INPUTS as usize, "{tried} are too few");
    tell("cuts of the log", tried);
}

#[tokio::test]
async fn a_checkpoint_that_is_cut_loses_nothing() {
    let data = tempfile::tempdir().expect("a folder");
    let (_writer, before, _) = written(data.path()).await;
    let checkpoint = "PRAGMA wal_checkpoint(PASSIVE)";
    let db = Connection::open(data.path().join(STORE_FILE)).expect("ours");
    let moved: i64 = db.query_row(checkpoint, [], |row| row.get(2)).expect("a checkpoint");
    let after = Files::of(data.path());
    assert!(moved > 10 && after.db.len() > before.db.len(), "{moved} pages went into the database");
    let mut old = before.db.clone();
    old.resize(after.db.len(), 0);
    let mut tried = 0;
    for from in (0..after.db.len()).step_by(PAGE) {
        // Of the page nothing, its first half or its second half has come; of the others everything, or nothing after it.
        for (range, rest) in [(0..PAGE, true), (0..PAGE / 2, true), (PAGE / 2..PAGE, true), (0..PAGE, false)] {
            tried += 1;
            let mut torn = after.clone();
            let end = if rest { from + range.end } else { torn.db.len() };
            torn.db[from + range.start..end].copy_from_slice(&old[from + range.start..end]);
            let found = again(&torn).unwrap_or_else(|error| panic!("page at {from}, {range:?}: {error}"));
            assert!(found.len() == INPUTS as usize && are_first(&found), "page at {from}, {range:?}: {}", found.len());
        }
    }
    tell("cuts of a checkpoint", tried);
}

/// No power cut does this, but disks do.
#[tokio::test]
async fn a_flipped_byte_is_found_or_changes_nothing() {
    let data = tempfile::tempdir().expect("a folder");
    let (writer, _, _) = written(data.path()).await;
    drop(writer);
    let whole = Files::of(data.path());
    assert!(whole.log.is_empty(), "a store that was closed has no log");
    let (mut tried, mut refused) = (0, 0);
    for place in (0..whole.db.len()).step_by(SECTOR - 3) {
        tried += 1;
        let mut flipped = whole.clone();
        flipped.db[place] ^= 0x41;
        match again(&flipped) {
            Ok(found) => assert!(found.len() == INPUTS as usize && are_first(&found), "byte {place}: {}", found.len()),
            Err(StoreError::Torn { .. } | StoreError::Foreign { .. } | StoreError::Newer { .. }) => refused += 1,
            Err(error) => panic!("byte {place}: {error}"),
        }
    }
    // The others lie in what nobody reads, and in the row of the run, which has no checksum of its own.
    assert!(refused * 3 > tried, "only {refused} of {tried} were found");
    tell("flipped bytes", tried);
}

#[tokio::test]
async fn damage_in_the_midst_of_the_log_is_no_tail_and_is_refused_by_name() {
    let data = tempfile::tempdir().expect("a folder");
    let (_writer, files, synced) = written(data.path()).await;
    let (mut tried, mut refused) = (0, 0);
    // Of the last two commits it is a tail like any other.
    let certain = synced[synced.len() - 3];
    for place in (0..files.log.len()).step_by(SECTOR - 3) {
        tried += 1;
        let mut flipped = files.clone();
        flipped.log[place] ^= 0x41;
        match again(&flipped) {
            // Whatever a frame's header says of other pages, nobody asks here.
            Ok(found) => assert!(are_first(&found) && place >= certain, "byte {place}: {} inputs", found.len()),
            Err(StoreError::Torn { path, .. }) => {
                assert!(path.ends_with(format!("{STORE_FILE}-wal")), "byte {place}: {}", path.display());
                refused += 1;
            }
            Err(error) => panic!("byte {place}: {error}"),
        }
    }
    assert!(refused * 4 > tried * 3, "only {refused} of {tried} were found");
    tell("flipped bytes of the log", tried);
}
