//! Runs that an earlier process left behind go on: rebuilt from their inputs, at the instant that was on disk last.
//!
//! How long the process was dead does not count: simulated time goes on where it stood. Sessions of the dead process
//! get their goodbyes as inputs, so that a later replay sees what happened. A run of another build is not gone on with,
//! because that build might answer the same inputs with other events; its folder stays.

use std::sync::Arc;

use tokio::task::spawn_blocking;
use tokio::time::Instant;

use crate::host::control::Tee;
use crate::host::control::keep::Answered;
use crate::host::control::pace::Pace;
use crate::host::control::run::{Opening, Run, RunWriter};
use crate::host::control::runs::{Claim, Runs, StartError};
use crate::host::drive::rebuild::{self, Submitted};
use crate::host::drive::replay::ReplayError;
use crate::host::journal::JournalError;
use crate::host::journal::meta::{Meta, build};
use crate::host::journal::store::read::StoredKey;
use crate::host::journal::store::row::StoredRun;
use crate::host::journal::store::{STORE_FILE, StoreError, read};
use crate::host::journal::writer::{Writer, is_full};
use crate::host::stage::apart::Apart;
use crate::host::stage::archive::Archive;
use crate::host::stage::{House, Ready};
use crate::report::names::Names;
use crate::sim::rehearsal::Rehearsal;

/// Why a run of an earlier process does not go on.
enum Left {
    /// It alone cannot; the others may.
    Alone(String),
    /// The store is not what it was: nothing may go on.
    All(StoreError),
}

impl House {
    /// Sets going what was left, and counts new runs from the last. A damaged store is an error.
    ///
    /// Answers the requests with idempotency keys that the runs took.
    pub async fn resume(
        &self,
        runs: &Runs,
        stored: Vec<StoredRun>,
    ) -> Result<Vec<(Arc<Run>, Vec<Answered>)>, StoreError> {
        let Some(archive) = self.archive.clone() else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        runs.count_from(stored.iter().map(|run| run.new.id.0).max().unwrap_or(0));
        for run in stored.into_iter().filter(|run| run.ended.is_none()) {
            let (house, kept, runs, id) = (self.clone(), archive.clone(), runs.clone(), run.new.id);
            let again = spawn_blocking(move || house.again(&kept, &runs, run)).await;
            match again.unwrap_or_else(|error| Err(Left::Alone(format!("it broke: {error}")))) {
                Ok((ready, answered)) => {
                    tracing::info!(run = %id, at = %ready.at, "goes on after a crash");
                    all.push((self.set_going(ready), answered));
                }
                Err(Left::All(error)) => return Err(error),
                Err(Left::Alone(why)) => {
                    tracing::warn!(run = %id, why, "does not go on after a crash");
                    let path = archive.data().join(STORE_FILE);
                    let noted = archive.give_up(id).await;
                    noted.map_err(|error| StoreError::Io { path, message: error.to_string() })?;
                }
            }
        }
        archive.purge().await;
        Ok(all)
    }

    fn again(&self, archive: &Archive, runs: &Runs, stored: StoredRun) -> Result<(Ready, Vec<Answered>), Left> {
        let StoredRun { new, paused, at, .. } = stored;
        if new.build != build() {
            return Err(Left::Alone(format!("build {} began it, this is {}", new.build, build())));
        }
        let claim: Claim = runs.claim_again(new.id, new.speed.is_some()).map_err(|error| alone(&error))?;
        let scenario = self.shelf.read_resolved(new.scenario.as_bytes()).map_err(|error| alone(&error))?;
        let rehearsal = Rehearsal::new(&scenario, new.phones);
        let (plan, people) = (rehearsal.plan().clone(), rehearsal.people().clone());
        let folder = archive.data().join(&new.folder);
        let meta = Meta::of(&plan.name, plan.seed.0, new.phones, new.speed);
        if !folder.is_dir() {
            // If it cannot be made, the writer will say so.
            let _ = archive.make_folder(&new.folder);
        }
        let writer = Writer::again(&folder, &meta, &new.scenario, Names::of(&plan));
        let writer = writer.map_err(|error| match error {
            // There will be room again, and then the run goes on: it is not given up for that.
            JournalError::Io { path, error } if is_full(&error) => {
                Left::All(StoreError::Io { path, message: error.to_string() })
            }
            error => Left::Alone(error.to_string()),
        })?;
        let mut apart = Apart::start(writer).map_err(|error| Left::Alone(error.to_string()))?;
        let pace = |now| new.speed.map(|speed| Pace::going_on(now, at, speed, paused));
        let (phones, resolved) = (new.phones, new.scenario);
        let (promise, begun_s) = (rehearsal.watch().promise().clone(), new.begun_s);
        let pace_now = pace(Instant::now());
        let opening = Opening { id: new.id, plan, people, promise, resolved, phones, pace: pace_now, begun_s };
        let (run, orders) = Run::open(opening);
        let inputs = read::inputs(archive.data(), new.id).map_err(Left::All)?;
        let mut shown = RunWriter::new(run.clone());
        let rebuilt = rebuild::run(rehearsal, inputs, at, &mut Tee(vec![&mut apart, &mut shown]));
        let rebuilt = rebuilt.map_err(|error| match error {
            ReplayError::Recording(error) => Left::All(error),
            ReplayError::Backwards { .. } | ReplayError::Record(_) => Left::Alone(error.to_string()),
        })?;
        let writer = Some(apart.behind());
        let pace = pace(Instant::now());
        pace.into_iter().for_each(|pace| run.set_pace(pace));
        run.set_time(at, 0);
        let rebuild::Rebuilt { rehearsal, past, byes, made } = rebuilt;
        let keys = read::keys(archive.data(), run.id).map_err(Left::All)?;
        let answered = keys.into_iter().map(|key| answered(key, &made)).collect();
        let first = if rehearsal.ended() { Vec::new() } else { byes };
        let folder = Some(folder);
        Ok((Ready { claim, rehearsal, at, first, past, run, orders, writer, folder, pace }, answered))
    }
}

/// The notices of a request, of all that were submitted, in the order of their inputs.
fn answered(key: StoredKey, made: &[Submitted]) -> Answered {
    let StoredKey { keyed, inputs, at_s } = key;
    let first = made.partition_point(|one| one.input < inputs.start);
    let its = made[first..].iter().take_while(|one| one.input < inputs.end);
    let items = its.filter_map(|one| Some((one.kind, one.person, one.made?))).collect();
    Answered { keyed, at_s, items }
}

fn alone(error: &StartError) -> Left {
    Left::Alone(format!("{error:?}"))
}
