//! Writes a run's folder on a thread of its own while the run is rebuilt, and behind it: the run goes on before its files
//! have caught up, because whatever stands in them can be had again from the inputs.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use crate::host::control::{RecordError, Recorder};
use crate::host::drive::held::{Held, Lot};
use crate::host::journal::writer::Writer;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::time::SimTime;

/// Calls that are gathered before they go to the thread.
const GATHERED_MAX: usize = 4_096;
/// Gathered lots that may wait for the thread, in all a million calls in some 60 MB; whoever steps then waits for room.
const LOTS_MAX: usize = 256;
/// Calls of a run that goes on which may wait for the thread to end; its drive then waits for it.
const WAITING_MAX: usize = 1 << 16;

/// A recorder whose work is done elsewhere.
pub struct Apart {
    held: Held,
    gathered: usize,
    lots: SyncSender<Lot>,
    thread: Writing,
}

type Writing = JoinHandle<(Writer, Result<(), RecordError>)>;

/// The folder of a run that goes on.
pub struct RunFolder(Hand);

/// Whose hand writes.
enum Hand {
    /// The caller's own.
    Own(Box<Writer>),
    /// A thread that has not caught up, and what came since.
    Behind { thread: Writing, held: Held, waiting: usize },
    /// Nobody's: the thread broke.
    Lost,
}

impl Apart {
    /// Begins; the thread ends with [`Apart::behind`].
    pub fn start(writer: Writer) -> std::io::Result<Apart> {
        let (lots, taken) = sync_channel(LOTS_MAX);
        let thread = std::thread::Builder::new().name("rebuild".to_owned()).spawn(move || write(writer, &taken))?;
        Ok(Apart { held: Held::default(), gathered: 0, lots, thread })
    }

    /// The run has been rebuilt, and goes on while the thread writes what is left.
    pub fn behind(mut self) -> RunFolder {
        self.hand_over();
        RunFolder(Hand::Behind { thread: self.thread, held: Held::default(), waiting: 0 })
    }

    fn gather(&mut self, calls: usize) {
        self.gathered += calls;
        if self.gathered >= GATHERED_MAX {
            self.hand_over();
        }
    }

    fn hand_over(&mut self) {
        self.gathered = 0;
        // A thread that is gone has failed; whoever joins it hears why.
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
    let written = lots.iter().try_for_each(|lot| lot.repeat(&mut writer));
    (writer, written)
}

impl RunFolder {
    /// A folder that has only begun.
    pub fn new(writer: Writer) -> RunFolder {
        RunFolder(Hand::Own(Box::new(writer)))
    }

    /// Everything is in the files, and handed to the kernel; waits for it.
    pub fn finish(&mut self) -> Result<(), RecordError> {
        self.caught_up()?.flush()
    }

    /// Who takes the next so many calls.
    fn hand(&mut self, calls: usize) -> Result<&mut dyn Recorder, RecordError> {
        if let Hand::Behind { thread, waiting, .. } = &mut self.0 {
            *waiting += calls;
            if thread.is_finished() || *waiting > WAITING_MAX {
                self.caught_up()?;
            }
        }
        match &mut self.0 {
            Hand::Own(writer) => Ok(writer.as_mut()),
            Hand::Behind { held, .. } => Ok(held),
            Hand::Lost => Err(lost()),
        }
    }

    /// Waits for the thread, if there is one, and writes what came since.
    fn caught_up(&mut self) -> Result<&mut Writer, RecordError> {
        match std::mem::replace(&mut self.0, Hand::Lost) {
            Hand::Behind { thread, mut held, .. } => {
                let (mut writer, written) = thread.join().map_err(|_| lost())?;
                let written = written.and_then(|()| held.release().repeat(&mut writer));
                self.0 = Hand::Own(Box::new(writer));
                // It is final: a writer that has failed fails again with the same words.
                written?;
            }
            Hand::Own(writer) => self.0 = Hand::Own(writer),
            Hand::Lost => {}
        }
        match &mut self.0 {
            Hand::Own(writer) => Ok(writer.as_mut()),
            Hand::Behind { .. } | Hand::Lost => Err(lost()),
        }
    }
}

impl Recorder for RunFolder {
    fn input(&mut self, at: SimTime, input: &Input) -> Result<(), RecordError> {
        self.hand(1)?.input(at, input)
    }

    fn fault_named(&mut self, name: &str) -> Result<(), RecordError> {
        self.hand(1)?.fault_named(name)
    }

    fn take(&mut self, effects: &[Effect]) -> Result<(), RecordError> {
        self.hand(effects.len())?.take(effects)
    }

    /// While the thread has not caught up there is nothing to hand to the kernel; [`RunFolder::finish`] waits.
    fn flush(&mut self) -> Result<(), RecordError> {
        self.hand(0)?.flush()
    }
}

fn lost() -> RecordError {
    RecordError { message: "the thread that wrote the run's folder broke".to_owned(), full: false }
}

#[cfg(test)]
mod tests {
    use super::{Apart, RunFolder};
    use crate::host::control::Recorder;
    use crate::host::journal::meta::Meta;
    use crate::host::journal::writer::Writer;
    use crate::host::journal::{EVENTS_FILE, INPUTS_FILE};
    use crate::report::names::Names;
    use crate::sim::engine::Phones;
    use crate::sim::engine::effect::Effect;
    use crate::sim::engine::input::Input;
    use crate::sim::model::event::{Event, EventKind, Rejection};
    use crate::sim::model::ids::SessionId;
    use crate::sim::time::SimTime;

    fn play(recorder: &mut dyn Recorder, steps: std::ops::Range<u64>) {
        for micros in steps {
            let at = SimTime::from_micros(micros);
            let kind = EventKind::InputRejected { why: Rejection::UnknownFault };
            recorder.input(at, &Input::Bye { session: SessionId(micros as u32) }).expect("taken");
            recorder.take(&[Effect::Event(Event { at, kind })]).expect("taken");
        }
        recorder.flush().expect("taken");
    }

    #[test]
    fn what_is_written_behind_is_what_one_hand_would_have_written() {
        let home = tempfile::tempdir().expect("a folder");
        let writer = |name: &str| {
            let meta = Meta::of("x", 1, Phones::Outside, Some(1));
            Writer::create(&home.path().join(name), &meta, "", Names::default()).expect("a folder")
        };
        let mut own = RunFolder::new(writer("own"));
        play(&mut own, 0..100_000);
        own.finish().expect("written");
        let mut apart = Apart::start(writer("behind")).expect("a thread");
        play(&mut apart, 0..20_000);
        let mut behind = apart.behind();
        play(&mut behind, 20_000..100_000);
        behind.finish().expect("written");
        for file in [INPUTS_FILE, EVENTS_FILE] {
            let read = |name: &str| std::fs::read(home.path().join(name).join(file)).expect("there");
            assert!(read("own") == read("behind") && read("own").iter().filter(|b| **b == b'\n').count() == 100_000);
        }
    }
}
