//! A run's folder: `scenario.yaml`, `events.ndjson`, `verdict.json`, `junit.xml`, `report.html`.
//!
//! Everything is first written into a sibling with a temporary name and moved into place when it is complete, so a
//! reader never sees half a run. A folder that already holds a run is replaced; one that holds anything else is left
//! alone with a sentence. A run that is broken off leaves nothing behind. Replacing takes two renames: for an instant
//! the folder is absent, and if the second fails the old one is put back.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::report::view::RunView;
use crate::report::{html, json, junit};
use crate::sim::model::words::Lang;

/// The files that a run's folder may hold; `run.json` and `inputs.ndjson` are what a replay needs.
pub const FILES: [&str; 7] =
    ["scenario.yaml", "events.ndjson", "verdict.json", "junit.xml", "report.html", "run.json", "inputs.ndjson"];

/// Temporary names tried before giving up.
const TRIES: u32 = 100;

/// A folder being written, under a temporary name.
#[derive(Debug)]
pub struct Draft {
    target: PathBuf,
    work: PathBuf,
    done: bool,
}

/// Why a folder could not be written: a sentence in lower case with the path in it.
#[derive(Debug)]
pub enum FolderError {
    /// The folder holds something that no run wrote, or is not a folder.
    Foreign {
        /// The folder.
        folder: PathBuf,
        /// The first thing in it that is not a run's.
        found: String,
    },
    /// The system refused.
    Io {
        /// What was being written.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
}

impl std::fmt::Display for FolderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FolderError::Foreign { folder, found } => {
                write!(f, "{} is not a run's folder (found {found}); give a new or empty one", folder.display())
            }
            FolderError::Io { path, error } => write!(f, "cannot write {}: {error}", path.display()),
        }
    }
}

impl std::error::Error for FolderError {}

/// Writes the reports of a run into a folder that is its own already (a run of `serve`), each file by itself.
pub fn write_reports(dir: &Path, view: &RunView, build: &str, lang: Lang) -> Result<(), FolderError> {
    write_file(dir, "verdict.json", json::report(view, build).as_bytes())?;
    write_file(dir, "junit.xml", junit::report(view, lang).as_bytes())?;
    write_file(dir, "report.html", html::report(view, build, lang).as_bytes())
}

/// Writes a whole run at once; for runs whose events are in memory.
pub fn write_folder(
    dir: &Path,
    scenario: &str,
    events: &[u8],
    view: &RunView,
    build: &str,
    lang: Lang,
) -> Result<(), FolderError> {
    let draft = Draft::create(dir)?;
    draft.write("scenario.yaml", scenario.as_bytes())?;
    draft.write("events.ndjson", events)?;
    draft.finish(view, build, lang)
}

impl Draft {
    /// Begins a folder that shall become `target`. Fails before anything is run if `target` holds foreign files.
    pub fn create(target: &Path) -> Result<Draft, FolderError> {
        check(target)?;
        let name = match target.file_name() {
            Some(name) => name.to_string_lossy().into_owned(),
            None => return Err(foreign(target, "no name to write to")),
        };
        let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(|error| failed(parent, error))?;
        let work = fresh(parent, &name)?;
        Ok(Draft { target: target.to_owned(), work, done: false })
    }

    /// Where the files are until [`Draft::finish`]; a run's journal writes its own here while the run goes on.
    pub fn path(&self) -> &Path {
        &self.work
    }

    /// Writes one file whole.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        write_file(&self.work, name, bytes)
    }

    /// Writes the reports beside the journal and moves everything into place.
    pub fn finish(mut self, view: &RunView, build: &str, lang: Lang) -> Result<(), FolderError> {
        write_reports(&self.work, view, build, lang)?;
        self.place()
    }

    fn place(&mut self) -> Result<(), FolderError> {
        // Looked at again: a long run gives others time to put something there.
        check(&self.target)?;
        let mut old = self.work.clone().into_os_string();
        old.push("-old");
        let old = PathBuf::from(old);
        let had_one = self.target.exists();
        if had_one {
            fs::rename(&self.target, &old).map_err(|error| failed(&self.target, error))?;
        }
        if let Err(error) = fs::rename(&self.work, &self.target) {
            if had_one {
                // Nothing better can be done than to put the old one back; the first error is the one to tell.
                let _ = fs::rename(&old, &self.target);
            }
            return Err(failed(&self.target, error));
        }
        self.done = true;
        if had_one {
            fs::remove_dir_all(&old).map_err(|error| failed(&old, error))?;
        }
        Ok(())
    }
}

/// A draft that is not finished leaves nothing behind.
impl Drop for Draft {
    fn drop(&mut self) {
        if !self.done {
            // What cannot be removed has a name that says what it is; there is nobody left to tell.
            let _ = fs::remove_dir_all(&self.work);
        }
    }
}

fn write_file(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
    let path = dir.join(name);
    let written = File::create(&path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| failed(&path, error))
}

/// Whether the target may be written: absent, empty, or a run's.
fn check(target: &Path) -> Result<(), FolderError> {
    let kind = match fs::symlink_metadata(target) {
        Ok(meta) => meta.file_type(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(target, error)),
    };
    if !kind.is_dir() {
        return Err(foreign(target, if kind.is_symlink() { "a link" } else { "a file" }));
    }
    for entry in fs::read_dir(target).map_err(|error| failed(target, error))? {
        let entry = entry.map_err(|error| failed(target, error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let plain = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !plain || !FILES.contains(&name.as_str()) {
            return Err(foreign(target, &name));
        }
    }
    Ok(())
}

fn fresh(parent: &Path, name: &str) -> Result<PathBuf, FolderError> {
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for round in 0..TRIES {
        let path = parent.join(format!(".{name}.bongsu-{}-{round}", std::process::id()));
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(failed(&path, error)),
        }
    }
    Err(failed(&parent.join(name), last))
}

fn foreign(folder: &Path, found: &str) -> FolderError {
    FolderError::Foreign { folder: folder.to_owned(), found: found.to_owned() }
}

fn failed(path: &Path, error: io::Error) -> FolderError {
    FolderError::Io { path: path.to_owned(), error }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Draft, write_folder};
    use crate::report::sample;
    use crate::sim::model::words::Lang;

    fn write(dir: &Path, events: &[u8]) -> Result<(), String> {
        write_folder(dir, "scenario: x\n", events, &sample::run(), "test", Lang::Ko).map_err(|error| error.to_string())
    }

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_run_is_written_whole_and_replaced_whole() {
        let home = tempfile::tempdir().expect("a folder");
        let dir = home.path().join("deep").join("run");
        write(&dir, b"first\n").expect("written");
        assert_eq!(names(&dir), ["events.ndjson", "junit.xml", "report.html", "scenario.yaml", "verdict.json"]);
        fs::write(dir.join("inputs.ndjson"), "of a live run").expect("written");
        write(&dir, b"second\n").expect("replaced");
        assert_eq!(fs::read(dir.join("events.ndjson")).expect("events"), b"second\n");
        assert!(!dir.join("inputs.ndjson").exists(), "nothing of the old run is left");
        assert_eq!(names(dir.parent().expect("a parent")), ["run"], "no temporary folder is left");
    }

    #[test]
    fn what_is_not_a_run_is_left_alone() {
        let home = tempfile::tempdir().expect("a folder");
        fs::write(home.path().join("thesis.odt"), "years of work").expect("written");
        let error = write(home.path(), b"").expect_err("refused");
        let told =
            format!("{} is not a run's folder (found thesis.odt); give a new or empty one", home.path().display());
        assert_eq!(error, told);
        let file = home.path().join("thesis.odt");
        let error = write(&file, b"").expect_err("refused");
        assert_eq!(error, format!("{} is not a run's folder (found a file); give a new or empty one", file.display()));
        assert_eq!(names(home.path()), ["thesis.odt"]);
    }

    #[test]
    fn an_abandoned_draft_leaves_the_old_run_and_nothing_else() {
        let home = tempfile::tempdir().expect("a folder");
        let dir = home.path().join("run");
        write(&dir, b"old\n").expect("written");
        drop(Draft::create(&dir).expect("a draft"));
        assert_eq!(names(home.path()), ["run"]);
        assert_eq!(fs::read(dir.join("events.ndjson")).expect("events"), b"old\n");
    }
}
