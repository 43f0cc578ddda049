//! Compares what happens with the recorded `events.ndjson`, byte for byte, as it happens.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

use crate::host::control::{RecordError, Recorder};
use crate::host::journal::{EVENTS_FILE, JournalError, reader};
use crate::report::names::Names;
use crate::report::ndjson::write_event;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::time::SimTime;

/// Longest recorded line that is looked at, in bytes; our own are below 400.
const LINE_MAX: u64 = 1 << 16;

/// A recorder that writes nothing: it reads along. The first difference ends the replay.
pub struct Compare {
    path: PathBuf,
    recorded: BufReader<File>,
    names: Names,
    lines: u64,
    line: Vec<u8>,
    expected: Vec<u8>,
    difference: Option<Difference>,
}

/// The first place where a replay and its recording differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Line of `events.ndjson`, from 1.
    pub line: u64,
    /// The recorded line; `None` when the recording is over.
    pub recorded: Option<String>,
    /// The replayed line; `None` when the replay is over.
    pub replayed: Option<String>,
}

impl Compare {
    /// Opens the recorded events of a folder.
    pub fn open(folder: &Path, names: Names) -> Result<Compare, JournalError> {
        let path = folder.join(EVENTS_FILE);
        let file = reader::open(&path).map_err(|error| JournalError::Io { path: path.clone(), error })?;
        let recorded = BufReader::with_capacity(1 << 16, file);
        let (line, expected) = (Vec::new(), Vec::new());
        Ok(Compare { path, recorded, names, lines: 0, line, expected, difference: None })
    }

    /// The replay is over: how many lines were equal, or the first difference. A recorded rest that the replay does not
    /// have is one.
    pub fn finish(mut self) -> Result<Result<u64, Difference>, JournalError> {
        if self.difference.is_none() {
            let path = self.path.clone();
            self.read().map_err(|error| JournalError::Io { path, error })?;
            if !self.expected.is_empty() {
                let recorded = Some(text(&self.expected));
                self.difference = Some(Difference { line: self.lines + 1, recorded, replayed: None });
            }
        }
        Ok(self.difference.map_or(Ok(self.lines), Err))
    }

    fn read(&mut self) -> std::io::Result<()> {
        self.expected.clear();
        (&mut self.recorded).take(LINE_MAX).read_until(b'\n', &mut self.expected).map(drop)
    }

    fn compare(&mut self) -> Result<(), RecordError> {
        self.read().map_err(|error| RecordError {
            message: format!("cannot read {}: {error}", self.path.display()),
            full: false,
        })?;
        if self.line == self.expected {
            self.lines += 1;
            return Ok(());
        }
        let recorded = if self.expected.is_empty() { None } else { Some(text(&self.expected)) };
        self.difference = Some(Difference { line: self.lines + 1, recorded, replayed: Some(text(&self.line)) });
        Err(RecordError {
            message: format!("the replay differs at line {} of {}", self.lines + 1, self.path.display()),
            full: false,
        })
    }
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line).trim_end_matches('\n').to_owned()
}

impl Recorder for Compare {
    fn input(&mut self, _at: SimTime, _input: &Input) -> Result<(), RecordError> {
        Ok(())
    }

    fn fault_named(&mut self, name: &str) -> Result<(), RecordError> {
        self.names.add_fault(name);
        Ok(())
    }

    fn take(&mut self, effects: &[Effect]) -> Result<(), RecordError> {
        for effect in effects {
            if let Effect::Event(event) = effect {
                self.line.clear();
                write_event(&mut self.line, &self.names, event);
                self.compare()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        Ok(())
    }
}
