//! Whether it was for want of room that a write failed. SQLite has a code for a full disk alone; a quota that is used up and
//! a file that may not grow (`ulimit -f`) are to it errors like any other.
//!
//! A write that fails is undone, and nothing of it was synced: so it is safe to try again, once it is known why.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::host::journal::store::STORE_FILE;
use crate::host::journal::writer::is_full;

/// The name of a file that is there for a moment.
const PROBE_FILE: &str = "journal.room";
/// How much is written to find out, in bytes: more than a sync usually writes.
const PROBE: usize = 1 << 20;

/// Whether the folder's next megabyte, at the place in a file where the database's files end, is refused for want of room.
pub fn is_short(data: &Path) -> bool {
    let length = |name: String| fs::metadata(data.join(name)).map_or(0, |file| file.len());
    let place = length(STORE_FILE.to_owned()).max(length(format!("{STORE_FILE}-wal")));
    matches!(probe(&data.join(PROBE_FILE), place), Err(error) if is_full(&error))
}

fn probe(path: &PathBuf, place: u64) -> io::Result<()> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    let written = file.write_all_at(&vec![0; PROBE], place).and_then(|()| file.sync_all());
    // What cannot be removed is empty the next time.
    let _ = fs::remove_file(path);
    written
}

#[cfg(test)]
mod tests {
    use super::{PROBE_FILE, is_short};

    #[test]
    fn where_there_is_room_nothing_is_short_and_nothing_is_left() {
        let data = tempfile::tempdir().expect("a folder");
        assert!(!is_short(data.path()));
        assert!(!data.path().join(PROBE_FILE).exists());
        assert!(!is_short(&data.path().join("nowhere")), "what is not there is not full");
    }
}
