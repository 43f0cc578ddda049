//! The data folder of a server: where runs are kept, found again after a crash, and let go of when they are old.

use std::collections::BTreeSet;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::runtime::Handle;

use crate::host::control::keep::{Batch, Keep, KeepError};
use crate::host::control::run::{Outcome, RunId};
use crate::host::control::runs::{DeleteError, StartError};
use crate::host::control::{RecordError, Recorder};
use crate::host::journal::RUN_FILE;
use crate::host::journal::store::purge::Retention;
use crate::host::journal::store::row::{Ended, NewRun, StoredRun};
use crate::host::journal::store::writer::Writer;
use crate::host::journal::store::{StoreError, open, read};
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::time::SimTime;

/// A data folder, and what may stay in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataOptions {
    /// The folder; made if it is not there.
    pub folder: PathBuf,
    /// Which ended runs stay.
    pub stay: Retention,
    /// The most that the database may take, in bytes; `None`: what the disk has.
    pub bytes_max: Option<u64>,
}

/// An open data folder.
pub struct Archive {
    options: DataOptions,
    store: Arc<Writer>,
}

impl Archive {
    /// Opens the folder for this process alone; answers the runs in it too, oldest first.
    pub fn open(options: DataOptions) -> Result<(Archive, Vec<StoredRun>), StoreError> {
        let opened = open::own(&options.folder, options.bytes_max)?;
        let runs = read::runs(&opened)?;
        strangers(&options.folder, &runs);
        let path = opened.path.clone();
        let store = Writer::start(opened).map_err(|error| StoreError::Io { path, message: error.to_string() })?;
        Ok((Archive { options, store: Arc::new(store) }, runs))
    }

    /// The folder.
    pub fn data(&self) -> &Path {
        &self.options.folder
    }

    /// Why nothing can be kept any more, if the disk has failed.
    pub fn broken(&self) -> Option<String> {
        self.store.broken()
    }

    /// Makes the folder of a run, for its owner alone.
    pub fn make_folder(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.data().join(name);
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(path)
    }

    /// A run begins; it is on disk when this answers.
    pub async fn begin(&self, run: NewRun) -> Result<(), StartError> {
        self.store.begin(run).await.map_err(|error| match error {
            KeepError::Full(message) => StartError::Full(message),
            KeepError::Broken(message) => StartError::Failed(message),
        })
    }

    /// Who keeps the batches of live runs.
    pub fn keep(&self) -> Arc<dyn Keep> {
        self.store.clone()
    }

    /// Who keeps the inputs of a run in virtual time. For a thread that may wait.
    pub fn keep_inputs(&self, run: RunId) -> KeptInputs {
        KeptInputs { keep: self.keep(), run, waiting: Handle::current() }
    }

    /// A run came to this.
    pub async fn end(&self, run: RunId, outcome: &Outcome) -> Result<(), KeepError> {
        let verdict = Some(outcome.verdict.to_owned());
        self.store.end(run, outcome.at, Ended { at_s: now_s(), verdict, exit: Some(outcome.exit) }).await
    }

    /// A run that was broken off cannot go on.
    pub async fn give_up(&self, run: RunId) -> Result<(), KeepError> {
        self.store.end(run, SimTime::ZERO, Ended { at_s: now_s(), verdict: None, exit: None }).await
    }

    /// Lets go of one run that is over; whether there was one.
    pub async fn delete(&self, run: RunId) -> Result<bool, DeleteError> {
        self.store.forget(run).await
    }

    /// Lets go of the runs that have outgrown their stay.
    pub async fn purge(&self) {
        if self.options.stay.keeps_all() {
            return;
        }
        match self.store.purge(self.options.stay, now_s()).await {
            Ok(gone) if gone.is_empty() => {}
            Ok(gone) => tracing::info!(runs = gone.len(), "old runs purged"),
            Err(error) => tracing::warn!(%error, "old runs cannot be purged"),
        }
    }
}

/// Says which folders of runs the journal does not know: they came from elsewhere, or the journal has lost them.
fn strangers(data: &Path, runs: &[StoredRun]) {
    let known: BTreeSet<&str> = runs.iter().map(|run| run.new.folder.as_str()).collect();
    let folders = std::fs::read_dir(data).into_iter().flatten().flatten();
    for folder in folders.filter(|entry| entry.path().join(RUN_FILE).is_file()) {
        let name = folder.file_name().to_string_lossy().into_owned();
        if !known.contains(name.as_str()) {
            tracing::warn!(folder = name, "the journal knows nothing of this run's folder");
        }
    }
}

/// The present, in seconds since 1970.
pub fn now_s() -> i64 {
    Timestamp::now().as_second()
}

/// Puts each input of a run in virtual time on disk before it is stepped. There are few: orders of the API.
pub struct KeptInputs {
    keep: Arc<dyn Keep>,
    run: RunId,
    waiting: Handle,
}

impl Recorder for KeptInputs {
    fn input(&mut self, at: SimTime, input: &Input) -> Result<(), RecordError> {
        let inputs = vec![(at, input.clone())];
        let batch = Batch { run: self.run, at, speed: None, paused: false, inputs, key: None };
        self.waiting.block_on(self.keep.keep(Arc::new(batch))).map_err(RecordError::from)
    }

    fn fault_named(&mut self, _name: &str) -> Result<(), RecordError> {
        Ok(())
    }

    fn take(&mut self, _effects: &[Effect]) -> Result<(), RecordError> {
        Ok(())
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        Ok(())
    }
}
