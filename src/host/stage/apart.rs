//! Writes a run's folder on a thread of its own while the run is rebuilt, so that a restart takes as long as its steps.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use crate::host::control::{RecordError, Recorder};
use crate::host::drive::held::{Act, Held};
use crate::host::journal::writer::Writer;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::time::SimTime;

/// Calls that are gathered before they go to the thread.
const GATHERED_MAX: usize = 4_096;
/// Gathered lots that may wait for the thread; whoever steps waits for room.
const LOTS_MAX: usize = 8;

type Lot = (Vec<(SimTime, Input)>, Vec<Act>);

/// A recorder whose work is done elsewhere.
pub struct Apart {
    held: Held,
    gathered: usize,
    lots: SyncSender<Lot>,
    thread: JoinHandle<(Writer, Result<(), RecordError>)>,
}

impl Apart {
    /// Begins; the thread ends with [`Apart::finish`].
    pub fn start(writer: Writer) -> std::io::Result<Apart> {
        let (lots, taken) = sync_channel(LOTS_MAX);
        let thread = std::thread::Builder::new().name("rebuild".to_owned()).spawn(move || write(writer, &taken))?;
        Ok(Apart { held: Held::default(), gathered: 0, lots, thread })
    }

    /// Waits until everything is written; the writer goes on from there.
    pub fn finish(mut self) -> Result<Writer, RecordError> {
        self.hand_over();
        drop(self.lots);
        let (writer, written) = self.thread.join().expect("a writer does not panic");
        written.map(|()| writer)
    }

    fn gather(&mut self, calls: usize) {
        self.gathered += calls;
        if self.gathered >= GATHERED_MAX {
            self.hand_over();
        }
    }

    fn hand_over(&mut self) {
        self.gathered = 0;
        // A thread that is gone has failed; `finish` says why.
        let _ = self.lots.send(self.held.release());
    }
}

impl Recorder for Apart {
    fn input(&mut self, at: SimTime, input: &Input) -> Result<(), RecordError> {
        self.held.input(at, input)?;
        self.gather(1);
        Ok(())
    }

    fn fault_named(&mut self, name: &str) -> Result<(), RecordError> {
        self.held.fault_named(name)
    }

    fn take(&mut self, effects: &[Effect]) -> Result<(), RecordError> {
        self.held.take(effects)?;
        self.gather(effects.len());
        Ok(())
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        Ok(())
    }
}

fn write(mut writer: Writer, lots: &Receiver<Lot>) -> (Writer, Result<(), RecordError>) {
    let written = lots.iter().try_for_each(|(inputs, acts)| {
        let mut inputs = inputs.into_iter();
        acts.into_iter().try_for_each(|act| match act {
            Act::Input => {
                let (at, input) = inputs.next().expect("every input that is held has its act");
                writer.input(at, &input)
            }
            Act::Named(name) => writer.fault_named(&name),
            Act::Effects(effects) => writer.take(&effects),
        })
    });
    (writer, written)
}
