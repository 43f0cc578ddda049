//! Writes a run's folder while the run goes on.
//!
//! Lines are gathered in memory and handed to the kernel when there are many of them and at every flush, inputs always
//! before the events that they brought about: whatever a crash of this process cuts off, the inputs reach as far as the
//! events. A disk that takes no more is an error, and the error stays: later calls repeat it.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::host::control::{RecordError, Recorder};
use crate::host::journal::input::write_input;
use crate::host::journal::meta::Meta;
use crate::host::journal::{EVENTS_FILE, INPUTS_FILE, JournalError, RUN_FILE, SCENARIO_FILE};
use crate::report::names::Names;
use crate::report::ndjson::write_event;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::time::SimTime;

/// Bytes that are gathered before they go to the kernel.
const GATHERED_MAX: usize = 256 * 1_024;

/// A run's folder being written.
pub struct Writer {
    inputs: Lines,
    events: Lines,
    names: Names,
    failed: Option<RecordError>,
}

/// A file of lines, and those not yet handed to the kernel.
struct Lines {
    path: PathBuf,
    file: File,
    gathered: Vec<u8>,
}

impl Writer {
    /// Begins the files of a run in a folder, which is made if it is not there. Files of an earlier run in the folder
    /// are an error: nothing is overwritten.
    pub fn create(folder: &Path, meta: &Meta, resolved: &str, names: Names) -> Result<Writer, JournalError> {
        fs::create_dir_all(folder).map_err(|error| JournalError::Io { path: folder.to_owned(), error })?;
        let mut run = serde_json::to_vec_pretty(meta).expect("plain data becomes JSON in memory");
        run.push(b'\n');
        whole(folder, RUN_FILE, &run)?;
        whole(folder, SCENARIO_FILE, resolved.as_bytes())?;
        let inputs = Lines::create(folder, INPUTS_FILE)?;
        let events = Lines::create(folder, EVENTS_FILE)?;
        Ok(Writer { inputs, events, names, failed: None })
    }

    fn kept<T>(&mut self, result: Result<T, RecordError>) -> Result<T, RecordError> {
        if let Err(error) = &result {
            self.failed = Some(error.clone());
        }
        result
    }

    fn usable(&self) -> Result<(), RecordError> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    fn hand_over(&mut self) -> Result<(), RecordError> {
        let result = self.inputs.hand_over().and_then(|()| self.events.hand_over());
        self.kept(result)
    }
}

impl Recorder for Writer {
    fn input(&mut self, at: SimTime, input: &Input) -> Result<(), RecordError> {
        self.usable()?;
        write_input(&mut self.inputs.gathered, at, input);
        Ok(())
    }

    fn fault_named(&mut self, name: &str) -> Result<(), RecordError> {
        self.names.add_fault(name);
        Ok(())
    }

    fn take(&mut self, effects: &[Effect]) -> Result<(), RecordError> {
        self.usable()?;
        for effect in effects {
            if let Effect::Event(event) = effect {
                write_event(&mut self.events.gathered, &self.names, event);
            }
        }
        if self.events.gathered.len() + self.inputs.gathered.len() > GATHERED_MAX {
            self.hand_over()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        self.usable()?;
        self.hand_over()
    }
}

impl Lines {
    fn create(folder: &Path, name: &str) -> Result<Lines, JournalError> {
        let path = folder.join(name);
        match File::create_new(&path) {
            Ok(file) => Ok(Lines { path, file, gathered: Vec::with_capacity(GATHERED_MAX) }),
            Err(error) => Err(JournalError::Io { path, error }),
        }
    }

    fn hand_over(&mut self) -> Result<(), RecordError> {
        let written = self.file.write_all(&self.gathered);
        self.gathered.clear();
        written.map_err(|error| RecordError { message: format!("cannot write {}: {error}", self.path.display()) })
    }
}

fn whole(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), JournalError> {
    let path = folder.join(name);
    let written = File::create_new(&path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| JournalError::Io { path, error })
}
