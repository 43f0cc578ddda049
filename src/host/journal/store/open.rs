//! Opens a store, makes one where there is none, and refuses what is not one that this build can read.
//!
//! Data folders that are made here are for their owner alone (0700), the database always (0600). A folder that was there
//! keeps its mode. A tail that a crash left half written is cut off by SQLite's own checksums: it was never
//! acknowledged. What looks like one and is damage, `log` finds.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::host::journal::store::log::{self, Log};
use crate::host::journal::store::{APPLICATION, FORMAT, LOCK_FILE, STORE_FILE, StoreError};

/// The oldest SQLite without the fault of resetting a WAL that others read (sqlite.org/wal.html, 2026-03).
const LIBRARY_MIN: i32 = 3_051_003;
/// How long one process waits for another's write.
const BUSY_MAX: Duration = Duration::from_secs(5);
/// The first format.
const FORMAT_WITHOUT_KEYS: i32 = 1;
/// Stores up to this size are read through at the start, in bytes; it takes about a second a GB.
const CHECKED_MAX: u64 = 64 << 20;

const SCHEMA: &str = "
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        folder TEXT NOT NULL,
        scenario TEXT NOT NULL,
        seed INTEGER NOT NULL,
        phones TEXT NOT NULL,
        build TEXT NOT NULL,
        speed INTEGER,
        paused INTEGER NOT NULL,
        at_us INTEGER NOT NULL,
        inputs INTEGER NOT NULL,
        begun_s INTEGER NOT NULL,
        ended_s INTEGER,
        verdict TEXT,
        exit INTEGER
    ) STRICT;
    CREATE TABLE inputs (
        run INTEGER NOT NULL,
        n INTEGER NOT NULL,
        lines BLOB NOT NULL,
        sum INTEGER NOT NULL,
        PRIMARY KEY (run, n)
    ) STRICT, WITHOUT ROWID;
";

/// What format 2 has besides. Added to a store of format 1 when a `serve` of this build takes it over.
const SCHEMA_2: &str = "
    CREATE TABLE keys (
        run INTEGER NOT NULL,
        key TEXT NOT NULL,
        body INTEGER NOT NULL,
        since INTEGER NOT NULL,
        first INTEGER NOT NULL,
        count INTEGER NOT NULL,
        at_s INTEGER NOT NULL,
        PRIMARY KEY (run, key)
    ) STRICT, WITHOUT ROWID;
";

/// A database that is ours, and who holds it.
#[derive(Debug)]
pub struct Opened {
    /// The data folder.
    pub data: PathBuf,
    /// The connection.
    pub db: Connection,
    /// The database's file.
    pub path: PathBuf,
    /// Held as long as this is open; nobody else writes runs meanwhile. `None` for a look beside a `serve`.
    pub lock: Option<File>,
    /// Whether it keeps idempotency keys: format 1 did not.
    pub has_keys: bool,
}

/// Opens the store of a data folder for a `serve`, which must be the only one; makes what is not there.
/// `bytes_max` bounds the size of the database.
pub fn own(data: &Path, bytes_max: Option<u64>) -> Result<Opened, StoreError> {
    known_good(rusqlite::version_number(), rusqlite::version())?;
    folder(data)?;
    let lock = lock(data)?.ok_or_else(|| StoreError::InUse(data.join(STORE_FILE)))?;
    let path = data.join(STORE_FILE);
    acknowledged(&path)?;
    let made = private().create_new(true).open(&path);
    for file in [path.clone(), beside_it(&path, "-wal"), beside_it(&path, "-shm")] {
        for_its_owner_alone(&file)?;
    }
    if made.is_ok() {
        // The name must outlive a crash as the content does.
        File::open(data).and_then(|folder| folder.sync_all()).map_err(io(data))?;
    }
    let db = Connection::open_with_flags(&path, flags(OpenFlags::SQLITE_OPEN_READ_WRITE)).map_err(wrong(&path))?;
    db.busy_timeout(BUSY_MAX).map_err(wrong(&path))?;
    let fresh = is_blank(&db).map_err(wrong(&path))?;
    let format = if fresh { 0 } else { ours(&db, &path)? };
    if !fresh {
        sound(&db, &path)?;
    }
    set_up(&db, format, bytes_max).map_err(wrong(&path))?;
    Ok(Opened { data: data.to_owned(), db, path, lock: Some(lock), has_keys: true })
}

/// Opens the store of a data folder beside a `serve`, to look or, if `write`, to purge.
pub fn beside(data: &Path, write: bool) -> Result<Opened, StoreError> {
    let path = data.join(STORE_FILE);
    match fs::metadata(&path) {
        Ok(meta) if meta.is_file() => {}
        Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Err(io(&path)(error));
        }
        Ok(_) | Err(_) => return Err(StoreError::Missing(path)),
    }
    let how = if write { OpenFlags::SQLITE_OPEN_READ_WRITE } else { OpenFlags::SQLITE_OPEN_READ_ONLY };
    match look(data, &path, &path, how) {
        Err(StoreError::Io { .. }) if !write && is_closed(&path) => {
            look(data, &path, &unchanging(&path), how | OpenFlags::SQLITE_OPEN_URI)
        }
        opened => opened,
    }
}

fn look(data: &Path, path: &Path, name: &Path, how: OpenFlags) -> Result<Opened, StoreError> {
    let db = Connection::open_with_flags(name, flags(how)).map_err(wrong(path))?;
    db.busy_timeout(BUSY_MAX).map_err(wrong(path))?;
    let has_keys = ours(&db, path)? > FORMAT_WITHOUT_KEYS;
    Ok(Opened { data: data.to_owned(), db, path: path.to_owned(), lock: None, has_keys })
}

/// Whether the last `serve` closed it: nothing is left in its log.
fn is_closed(path: &Path) -> bool {
    fs::metadata(beside_it(path, "-wal")).map_or(true, |meta| meta.len() == 0)
}

/// The name of a database that nobody can change, for a file system that is read-only: SQLite then needs no files of its own
/// beside it (sqlite.org/uri.html, `immutable`).
fn unchanging(path: &Path) -> PathBuf {
    let mut name = "file:".to_owned();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'/' | b'.' | b'-' | b'_' => name.push(char::from(*byte)),
            other => name.push_str(&format!("%{other:02x}")),
        }
    }
    PathBuf::from(name + "?immutable=1")
}

/// Whether a `serve` holds the store of this folder.
pub fn served(data: &Path) -> Result<bool, StoreError> {
    let path = data.join(LOCK_FILE);
    if !path.is_file() {
        return Ok(false);
    }
    // To look is enough: the file system may be read-only.
    match File::open(&path).map_err(io(&path))?.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(io(&path)(error)),
    }
}

/// What SQLite said, as an error about the file.
pub(super) fn wrong(path: &Path) -> impl Fn(rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    move |error| {
        let (path, message) = (path.clone(), error.to_string());
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => StoreError::Foreign { path, found: "no database".to_owned() },
            Some(ErrorCode::DatabaseCorrupt) => StoreError::Torn { path, message },
            // A schema that is not ours any more, by a flipped byte.
            None if matches!(error, rusqlite::Error::SqlInputError { .. }) => StoreError::Torn { path, message },
            _ => StoreError::Io { path, message },
        }
    }
}

/// Refuses a store whose log has lost what was acknowledged.
fn acknowledged(path: &Path) -> Result<(), StoreError> {
    let path = beside_it(path, "-wal");
    let message = match log::look(&path).map_err(io(&path))? {
        Log::Whole => return Ok(()),
        Log::Head => "its header is not one of SQLite's and commits follow".to_owned(),
        Log::Frame(frame) => format!("frame {frame} does not match its checksum and commits follow"),
    };
    Err(StoreError::Torn { path, message })
}

/// A file of the database beside it.
fn beside_it(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> StoreError {
    let path = path.to_owned();
    move |error| StoreError::Io { path: path.clone(), message: error.to_string() }
}

fn known_good(number: i32, name: &str) -> Result<(), StoreError> {
    if number >= LIBRARY_MIN { Ok(()) } else { Err(StoreError::Library(name.to_owned())) }
}

fn folder(data: &Path) -> Result<(), StoreError> {
    if data.is_dir() {
        return Ok(());
    }
    if let Some(parent) = data.parent() {
        fs::create_dir_all(parent).map_err(io(parent))?;
    }
    DirBuilder::new().mode(0o700).create(data).map_err(io(data))
}

fn lock(data: &Path) -> Result<Option<File>, StoreError> {
    let path = data.join(LOCK_FILE);
    let file = private().create(true).truncate(false).open(&path).map_err(io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(io(&path)(error)),
    }
}

/// A database that was copied here may be for others to read too.
fn for_its_owner_alone(file: &Path) -> Result<(), StoreError> {
    match fs::metadata(file) {
        Ok(meta) if meta.permissions().mode() & 0o077 != 0 => {
            fs::set_permissions(file, Permissions::from_mode(0o600)).map_err(io(file))
        }
        // The others are made when they are needed, like the database.
        Ok(_) | Err(_) => Ok(()),
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    options
}

/// Each connection is used by one thread at a time, and a name is a name, never an address.
fn flags(how: OpenFlags) -> OpenFlags {
    how | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

fn pragma(db: &Connection, name: &str) -> rusqlite::Result<i64> {
    db.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
}

/// Whether nothing was ever acknowledged here: a file that has just been made, or one whose maker was cut off before the
/// first sync.
fn is_blank(db: &Connection) -> rusqlite::Result<bool> {
    if pragma(db, "page_count")? == 0 {
        return Ok(true);
    }
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    Ok(tables == 0 && pragma(db, "application_id")? == 0 && pragma(db, "user_version")? == 0)
}

/// The format of a store that is ours.
fn ours(db: &Connection, path: &Path) -> Result<i32, StoreError> {
    let number = |name| pragma(db, name).map_err(wrong(path));
    let foreign = |found: String| Err(StoreError::Foreign { path: path.to_owned(), found });
    if number("page_count")? == 0 {
        return foreign("an empty file".to_owned());
    }
    let application = number("application_id")?;
    if application != i64::from(APPLICATION) {
        return foreign(format!("a database of another program (application id {application:#x})"));
    }
    match i32::try_from(number("user_version")?) {
        Ok(format @ FORMAT_WITHOUT_KEYS..=FORMAT) => Ok(format),
        Ok(format) if format > FORMAT => Err(StoreError::Newer { path: path.to_owned(), format }),
        other => foreign(format!("format {}", other.unwrap_or(i32::MIN))),
    }
}

fn sound(db: &Connection, path: &Path) -> Result<(), StoreError> {
    if fs::metadata(path).map_err(io(path))?.len() > CHECKED_MAX {
        return Ok(());
    }
    let said: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(wrong(path))?;
    // SQLite heads its answer with the name of the schema.
    let message = said.replace("*** in database main ***", "").trim().replace('\n', " ");
    if said == "ok" { Ok(()) } else { Err(StoreError::Torn { path: path.to_owned(), message }) }
}

/// Makes a store of this build's format; `format` is the present one, 0 if there is nothing yet.
fn set_up(db: &Connection, format: i32, bytes_max: Option<u64>) -> rusqlite::Result<()> {
    if format == 0 {
        // Before anything is written: pages of purged runs can be given back.
        db.execute_batch("PRAGMA auto_vacuum = INCREMENTAL")?;
    }
    let mode: String = db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    debug_assert_eq!(mode, "wal", "a file of ours can be in WAL mode");
    db.execute_batch("PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;")?;
    if let Some(bytes) = bytes_max {
        let pages = bytes / pragma(db, "page_size")?.unsigned_abs().max(1);
        pragma(db, &format!("max_page_count = {}", pages.clamp(1, i32::MAX as u64)))?;
    }
    if format == FORMAT {
        return Ok(());
    }
    let head = format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT};");
    let first = if format == 0 { SCHEMA } else { "" };
    db.execute_batch(&format!("BEGIN IMMEDIATE; {head} {first} {SCHEMA_2} COMMIT;"))
}

#[cfg(test)]
mod tests {
    use super::{OpenFlags, known_good, look, own, unchanging};
    use crate::host::journal::store::{STORE_FILE, read};

    #[test]
    fn a_store_that_nobody_can_change_is_read_whatever_its_folder_is_called() {
        let home = tempfile::tempdir().expect("a folder");
        let data = home.path().join("자료 100%? #1");
        drop(own(&data, None).expect("made"));
        let path = data.join(STORE_FILE);
        let how = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let opened = look(&data, &path, &unchanging(&path), how).expect("it can be read");
        assert_eq!(read::runs(&opened).expect("read").len(), 0);
        assert!(!data.join("journal.db-shm").exists(), "nothing is written beside it");
    }

    #[test]
    fn an_old_library_is_refused_and_ours_is_not() {
        known_good(rusqlite::version_number(), rusqlite::version()).expect("ours");
        let error = known_good(3_050_004, "3.50.4").expect_err("old");
        assert_eq!(error.to_string(), "SQLite 3.50.4 may lose data on a reset of its log, expected 3.51.3 or later");
    }
}
