//! Writes a run's folder while the run goes on.
//!
//! Lines are gathered in memory and handed to the kernel when there are many of them and at every flush, inputs always
//! before the events that they brought about: whatever a crash of this process cuts off, the inputs reach as far as the
//! events. What a full disk does not take stays in memory, up to a bound, and goes out when there is room again; a disk
//! that fails is an error, and the error stays: later calls repeat it.

use std::fs::{self, File};
use std::io::{self, Write as _};
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
/// Bytes that may wait for room on a full disk; beyond them the run ends. A live run is held long before.
const WAITING_MAX: usize = 64 << 20;

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
        Writer::begin(folder, meta, resolved, names, File::create_new)
    }

    /// Begins the files of a run again that was broken off: what is in them is derived from its inputs and will be
    /// written once more.
    pub fn again(folder: &Path, meta: &Meta, resolved: &str, names: Names) -> Result<Writer, JournalError> {
        Writer::begin(folder, meta, resolved, names, File::create)
    }

    fn begin(
        folder: &Path,
        meta: &Meta,
        resolved: &str,
        names: Names,
        open: fn(PathBuf) -> io::Result<File>,
    ) -> Result<Writer, JournalError> {
        fs::create_dir_all(folder).map_err(|error| JournalError::Io { path: folder.to_owned(), error })?;
        let mut run = serde_json::to_vec_pretty(meta).expect("plain data becomes JSON in memory");
        run.push(b'\n');
        whole(folder, RUN_FILE, &run, open)?;
        whole(folder, SCENARIO_FILE, resolved.as_bytes(), open)?;
        let inputs = Lines::create(folder, INPUTS_FILE, open)?;
        let events = Lines::create(folder, EVENTS_FILE, open)?;
        Ok(Writer { inputs, events, names, failed: None })
    }

    fn waiting(&self) -> usize {
        self.events.gathered.len() + self.inputs.gathered.len()
    }

    fn usable(&self) -> Result<(), RecordError> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    fn hand_over(&mut self) -> Result<(), RecordError> {
        let result = self.inputs.hand_over().and_then(|()| self.events.hand_over());
        if let Err(error) = &result
            && (!error.full || self.waiting() > WAITING_MAX)
        {
            self.failed = Some(RecordError { full: false, ..error.clone() });
        }
        result
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
        if self.waiting() <= GATHERED_MAX {
            return Ok(());
        }
        match self.hand_over() {
            // Nothing is lost: it waits here, and the next flush says so.
            Err(error) if error.full => self.usable(),
            result => result,
        }
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        self.usable()?;
        self.hand_over()
    }
}

impl Lines {
    fn create(folder: &Path, name: &str, open: fn(PathBuf) -> io::Result<File>) -> Result<Lines, JournalError> {
        let path = folder.join(name);
        match open(path.clone()) {
            Ok(file) => Ok(Lines { path, file, gathered: Vec::with_capacity(GATHERED_MAX) }),
            Err(error) => Err(JournalError::Io { path, error }),
        }
    }

    fn hand_over(&mut self) -> Result<(), RecordError> {
        let (mut done, mut result) = (0, Ok(()));
        while done < self.gathered.len() && result.is_ok() {
            match self.file.write(&self.gathered[done..]) {
                Ok(0) => result = Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => done += written,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => result = Err(error),
            }
        }
        // What the disk took is not written twice.
        self.gathered.drain(..done);
        result.map_err(|error| RecordError {
            full: is_full(&error),
            message: format!("cannot write {}: {error}", self.path.display()),
        })
    }
}

/// Whether an error goes away when somebody makes room.
pub fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}

fn whole(folder: &Path, name: &str, bytes: &[u8], open: fn(PathBuf) -> io::Result<File>) -> Result<(), JournalError> {
    let path = folder.join(name);
    let written = open(path.clone()).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| JournalError::Io { path, error })
}
