//! Reads a run's folder back.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

use crate::host::journal::input::read_input;
use crate::host::journal::meta::{FORMAT, Meta};
use crate::host::journal::{INPUTS_FILE, JournalError, RUN_FILE, SCENARIO_FILE};
use crate::report::text::terminal::excerpt;
use crate::sim::engine::input::Input;
use crate::sim::scenario::LIST_BYTES_MAX;
use crate::sim::time::SimTime;

/// Longest line of a journal, in bytes: a hello of all the phones that a frame can carry is far below.
const LINE_MAX: u64 = 1 << 20;
/// Longest `run.json`, in bytes.
const META_MAX: u64 = 1 << 20;
/// Longest `scenario.yaml`, in bytes: lists of people stand in it, so it is as long as the reader takes a resolved file.
const SCENARIO_MAX: u64 = LIST_BYTES_MAX as u64;

/// The recorded inputs of a run, one after the other.
pub struct Inputs {
    path: PathBuf,
    file: BufReader<File>,
    line: usize,
    buffer: Vec<u8>,
}

/// What is said about the run.
pub fn meta(folder: &Path) -> Result<Meta, JournalError> {
    let path = folder.join(RUN_FILE);
    let text = whole(&path, META_MAX)?;
    let wrong = |line, message| JournalError::Line { path: path.clone(), line, message };
    let meta: Meta = serde_json::from_slice(&text).map_err(|error| wrong(error.line(), excerpt(&error.to_string())))?;
    if meta.format != FORMAT {
        return Err(wrong(1, excerpt(&format!("format '{}', expected '{FORMAT}'", meta.format))));
    }
    Ok(meta)
}

/// The text of the scenario as resolved.
pub fn scenario(folder: &Path) -> Result<Vec<u8>, JournalError> {
    whole(&folder.join(SCENARIO_FILE), SCENARIO_MAX)
}

/// The recorded inputs.
pub fn inputs(folder: &Path) -> Result<Inputs, JournalError> {
    let path = folder.join(INPUTS_FILE);
    match open(&path) {
        Ok(file) => Ok(Inputs { path, file: BufReader::new(file), line: 0, buffer: Vec::new() }),
        Err(error) => Err(JournalError::Io { path, error }),
    }
}

/// Opens a plain file of a run's folder; pipes and devices are refused, because they may never answer or never end.
pub(super) fn open(path: &Path) -> std::io::Result<File> {
    if path.metadata()?.is_file() {
        return File::open(path);
    }
    Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, "not a file"))
}

fn whole(path: &Path, most: u64) -> Result<Vec<u8>, JournalError> {
    let mut bytes = Vec::new();
    let read = open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    read.map_err(|error| JournalError::Io { path: path.to_owned(), error })?;
    if bytes.len() as u64 > most {
        let message = format!("longer than {most} bytes");
        return Err(JournalError::Line { path: path.to_owned(), line: 1, message });
    }
    Ok(bytes)
}

impl Inputs {
    fn read(&mut self) -> Result<Option<(SimTime, Input)>, JournalError> {
        self.buffer.clear();
        self.line += 1;
        let read = (&mut self.file).take(LINE_MAX).read_until(b'\n', &mut self.buffer);
        let read = read.map_err(|error| JournalError::Io { path: self.path.clone(), error })?;
        if read == 0 {
            return Ok(None);
        }
        if self.buffer.last() != Some(&b'\n') && read as u64 == LINE_MAX {
            return Err(self.wrong(format!("longer than {LINE_MAX} bytes")));
        }
        if self.buffer.last() != Some(&b'\n') {
            return Err(JournalError::Truncated { path: self.path.clone(), line: self.line });
        }
        read_input(&self.buffer).map(Some).map_err(|message| self.wrong(message))
    }

    fn wrong(&self, message: String) -> JournalError {
        JournalError::Line { path: self.path.clone(), line: self.line, message }
    }
}

impl Iterator for Inputs {
    type Item = Result<(SimTime, Input), JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::{inputs, meta, scenario};
    use crate::host::journal::{INPUTS_FILE, RUN_FILE, SCENARIO_FILE};

    #[test]
    fn a_long_resolved_scenario_is_read_whole_and_a_folder_is_no_file() {
        let home = tempfile::tempdir().expect("a folder");
        std::fs::write(home.path().join(SCENARIO_FILE), vec![b'#'; 20 << 20]).expect("written");
        assert_eq!(scenario(home.path()).expect("read").len(), 20 << 20);
        for name in [RUN_FILE, INPUTS_FILE] {
            std::fs::create_dir(home.path().join(name)).expect("made");
        }
        let at = |name: &str| format!("{}: not a file", home.path().join(name).display());
        assert_eq!(meta(home.path()).expect_err("a folder").to_string(), at(RUN_FILE));
        assert_eq!(inputs(home.path()).map(|_| ()).expect_err("a folder").to_string(), at(INPUTS_FILE));
    }
}
