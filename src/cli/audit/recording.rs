//! A run's folder as a recording to be read: its scenario, and its events one after the other.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::cli::exit::Failure;
use crate::cli::io::Io;
use crate::cli::replay::Alone;
use crate::cli::told;
use crate::host::journal::{EVENTS_FILE, JournalError, SCENARIO_FILE, reader};
use crate::report::ndjson_read::Reader;
use crate::sim::model::event::{Event, EventKind};
use crate::sim::model::words::Lang;
use crate::sim::scenario::{self, Options, Scenario};

/// Longest line that is read, in bytes; our own are below 400.
const LINE_MAX: u64 = 1 << 16;

/// A run that was recorded.
pub struct Recording {
    /// What was run.
    pub scenario: Scenario,
    path: PathBuf,
    file: BufReader<File>,
    names: Reader,
    ended: bool,
    lang: Lang,
}

impl Recording {
    /// Opens a run's folder. What is missing or cannot be read is a wrong usage, told with its path.
    pub fn open(folder: &Path, io: &Io) -> Result<Recording, Failure> {
        if !folder.is_dir() {
            let folder = folder.display();
            return Err(Failure::Usage(match io.lang {
                Lang::Ko => format!("{folder}은(는) 실행 폴더가 아님"),
                Lang::En => format!("{folder} is not a run's folder"),
            }));
        }
        let path = folder.join(EVENTS_FILE);
        let file =
            File::open(&path).map_err(|error| unreadable(&JournalError::Io { path: path.clone(), error }, io.lang))?;
        let text = reader::scenario(folder).map_err(|error| unreadable(&error, io.lang))?;
        let options = Options { resolved: true, ..Options::default() };
        let read = scenario::read(SCENARIO_FILE, &text, &Alone, &options);
        let scenario = read.map_err(|problems| Failure::Problems(problems.render(io.lang, io.err_color)))?;
        let names = Reader::of(&scenario.plan);
        Ok(Recording {
            scenario,
            path,
            file: BufReader::with_capacity(1 << 16, file),
            names,
            ended: false,
            lang: io.lang,
        })
    }

    /// Reads all events in order; beside each stands the name of a fault that is new with it, because somebody posted it.
    pub fn each(&mut self, see: &mut dyn FnMut(&Event, Option<&str>)) -> Result<(), Failure> {
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let read = (&mut self.file).take(LINE_MAX).read_until(b'\n', &mut line);
            let read =
                read.map_err(|error| unreadable(&JournalError::Io { path: self.path.clone(), error }, self.lang))?;
            if read == 0 {
                break;
            }
            if line.last() != Some(&b'\n') {
                return Err(unreadable(&self.unfinished(number, read as u64), self.lang));
            }
            let known = self.names.faults().len();
            let event = self.names.read_event(&line).map_err(|message| {
                unreadable(&JournalError::Line { path: self.path.clone(), line: number, message }, self.lang)
            })?;
            self.ended |= matches!(event.kind, EventKind::RunEnded { .. });
            see(&event, self.names.faults().get(known).map(String::as_str));
        }
        Ok(())
    }

    /// The names that events speak of.
    pub fn names(&self) -> &Reader {
        &self.names
    }

    /// Says so if the recording ends before the run did.
    pub fn remark(&self, io: &mut Io) -> Result<(), Failure> {
        if !self.ended {
            let text = io.pick("기록이 실행의 끝 전에 멈춤", "the recording stops before the end of the run");
            let line = format!("bongsu: {}: {text}\n", self.path.display());
            io.err.write_all(line.as_bytes())?;
        }
        Ok(())
    }

    fn unfinished(&self, line: usize, read: u64) -> JournalError {
        let path = self.path.clone();
        match read {
            LINE_MAX => JournalError::Line { path, line, message: format!("longer than {LINE_MAX} bytes") },
            _shorter => JournalError::Truncated { path, line },
        }
    }
}

fn unreadable(error: &JournalError, lang: Lang) -> Failure {
    Failure::Usage(told::journal(error, lang))
}
