//! The folders of runs that are over: their files for whoever takes them away, a run let go of, a recording played again.
//!
//! Only names that a run's folder has are opened, and only in a folder that the journal names.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::host::control::run::RunId;
use crate::host::control::runs::{RecallError, Replayed, RunFile};
use crate::host::journal::reader;
use crate::host::journal::store::row::StoredRun;
use crate::host::journal::store::{STORE_FILE, open, read};
use crate::host::stage::Shelf;
use crate::host::stage::again::again;
use crate::host::stage::recall::failed;
use crate::report::folder::FILES;

/// The files of a run that is over, in the order in which a reader wants them.
pub fn files(data: &Path, id: RunId) -> Result<Option<Vec<RunFile>>, RecallError> {
    let Some((folder, name)) = folder(data, id)? else { return Ok(None) };
    let mut files = Vec::new();
    for known in FILES {
        match opened(&folder.join(known), known) {
            Ok(file) => files.push(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unreadable(&format!("cannot read {known} of its folder: {error}"), &name)),
        }
    }
    if files.is_empty() { Err(unreadable("its folder is gone", &name)) } else { Ok(Some(files)) }
}

fn opened(path: &Path, name: &'static str) -> io::Result<RunFile> {
    let found = path.symlink_metadata()?;
    if !found.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file"));
    }
    let file = File::open(path)?;
    let found = file.metadata()?;
    let written = found.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    Ok(RunFile { name, bytes: found.len(), written_s: written.map_or(0, |at| at.as_secs()), file })
}

/// Plays a run that is over again.
pub fn replay(shelf: &dyn Shelf, data: &Path, id: RunId) -> Result<Option<Replayed>, RecallError> {
    let Some((folder, name)) = folder(data, id)? else { return Ok(None) };
    let wrong = |why: &dyn std::fmt::Display| unreadable(&why.to_string(), &name);
    let meta = reader::meta(&folder).map_err(|error| wrong(&error))?;
    let text = reader::scenario(&folder).map_err(|error| wrong(&error))?;
    let scenario = shelf.read_resolved(&text).map_err(|error| unreadable(&format!("{error:?}"), &name))?;
    again(&folder, &meta, &scenario).map(Some).map_err(|error| wrong(&error))
}

/// Bytes of the journal's database and its log.
pub fn journal_bytes(data: &Path) -> u64 {
    let length = |name: String| std::fs::metadata(data.join(name)).map_or(0, |file| file.len());
    length(STORE_FILE.to_owned()) + length(format!("{STORE_FILE}-wal"))
}

/// The folder of a run that is over, and its name.
fn folder(data: &Path, id: RunId) -> Result<Option<(PathBuf, String)>, RecallError> {
    let opened = open::beside(data, false).map_err(|error| failed(&error))?;
    let stored = read::run(&opened, id).map_err(|error| failed(&error))?;
    let Some(StoredRun { new, ended: Some(_), .. }) = stored else { return Ok(None) };
    Ok(Some((data.join(&new.folder), new.folder)))
}

fn unreadable(why: &str, folder: &str) -> RecallError {
    RecallError::Unreadable { why: why.to_owned(), folder: folder.to_owned() }
}
