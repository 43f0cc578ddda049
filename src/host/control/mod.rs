//! Control: what the owner of a run (the drive), its recorders, and those who ask about it (API, progress lines) say to
//! each other.
//!
//! It owns no task and does no input or output. A run's run is read under short locks that are never held across
//! an await; only the drive writes it.

use std::fmt;

use tokio::sync::oneshot;

use crate::host::control::keep::Keyed;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::expect::Watch;
use crate::sim::fault::Fault;
use crate::sim::model::event::Rejection;
use crate::sim::model::ids::{AttemptId, ButtonId, ChannelId, KindId, NoticeId, PersonId};
use crate::sim::time::{SimTime, Span};

pub mod pace;
pub mod lease;
pub mod tally;
pub mod log;
pub mod deeds;
pub mod gauges;
pub mod sum;
pub mod keep;
pub mod ledger;
pub mod books;
pub mod refusals;
pub mod notable;
pub mod faults;
pub mod run;
pub mod runs;

/// Who writes a run down. Called by the drive only, in the order in which things happen.
pub trait Recorder: Send {
    /// An outside input, stamped, before it is stepped.
    fn input(&mut self, at: SimTime, input: &Input) -> Result<(), RecordError>;

    /// A posted fault was taken: it is the next of the run's faults by number. Comes before the effects that name it.
    fn fault_named(&mut self, name: &str) -> Result<(), RecordError>;

    /// What a step brought about.
    fn take(&mut self, effects: &[Effect]) -> Result<(), RecordError>;

    /// The same of effects that nobody else needs: they may be taken away.
    fn take_away(&mut self, effects: &mut Vec<Effect>) -> Result<(), RecordError> {
        self.take(effects)
    }

    /// About once a second of real time, and at the end: what was taken so far should outlive a crash of this process.
    /// An error for want of room is not final: the drive holds the run and asks again.
    fn flush(&mut self) -> Result<(), RecordError>;
}

/// Why a run could not be written down. The run stops, or waits for room; nothing is lost silently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordError {
    /// What could not be done, and why: a lowercase fragment.
    pub message: String,
    /// Whether it was for want of room alone: nothing is lost, and the same call may succeed later.
    pub full: bool,
}

/// What somebody asks of a run that is going on.
#[derive(Debug)]
pub enum Order {
    /// Freeze simulated time; sockets stay up.
    Pause,
    /// Let it go on.
    Resume,
    /// End the run now.
    Stop,
    /// So many simulated seconds a real second.
    Speed(u32),
    /// Post a fault. A window that began in the past begins now.
    PostFault(Box<Fault>),
    /// Post several at one instant: an outage pack.
    PostFaults(Vec<Fault>),
    /// Lift the fault of that name.
    LiftFault(String),
    /// Lift every fault whose window is open.
    LiftAll,
    /// Submit notices from outside, all at one instant.
    Submit(Submission),
    /// Let so much simulated time pass at once. Only for a run that stands still.
    Advance(Span),
    /// Let simulated time pass at once to where something of that sort happens, or to the end.
    Leap(Until),
    /// Take what a person did by hand.
    ByHand(ByHand),
    /// Give a copy of the watch, as of the last event that everybody was shown. Only a live run does.
    Watch(oneshot::Sender<WatchCopy>),
}

/// The watch of a run as it stands: for a follower that has missed events.
#[derive(Debug)]
pub struct WatchCopy {
    /// It.
    pub watch: Watch,
    /// Number of the last event that it has taken.
    pub last: u64,
    /// Simulated time.
    pub at: SimTime,
    /// How many posted faults it has names of.
    pub posted: usize,
}

/// What a person does with a phone by hand, whoever plays the phone: as far as the engine is concerned it is theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ByHand {
    /// Open a message.
    Read {
        /// Who.
        person: PersonId,
        /// Which attempt.
        attempt: AttemptId,
    },
    /// Press a button of a message.
    Press {
        /// Who.
        person: PersonId,
        /// Which attempt.
        attempt: AttemptId,
        /// Which button.
        button: ButtonId,
    },
    /// Write to a channel.
    Say {
        /// Who.
        person: PersonId,
        /// To which channel.
        channel: ChannelId,
        /// What, at most 1,000 characters.
        text: String,
    },
}

impl From<ByHand> for Input {
    fn from(done: ByHand) -> Input {
        match done {
            ByHand::Read { person, attempt } => Input::Read { person, attempt },
            ByHand::Press { person, attempt, button } => Input::Press { person, attempt, button },
            ByHand::Say { person, channel, text } => Input::Say { person, channel, text },
        }
    }
}

/// To what a leap goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// The next event of any kind.
    Event,
    /// The next event of note; see [`notable`].
    Note,
}

/// Notices from outside.
#[derive(Debug)]
pub struct Submission {
    /// What to whom.
    pub items: Vec<(KindId, PersonId)>,
    /// The idempotency key that it came with: on disk with it, so that a retry after a crash does nothing twice.
    pub key: Option<Keyed>,
    /// Where the notices' numbers go, in the order of the items.
    pub made: oneshot::Sender<Vec<Option<Made>>>,
}

/// What became of one item of a submission; there is none if the run ended before it.
pub type Made = Result<NoticeId, Rejection>;

/// An order, and where its answer goes.
#[derive(Debug)]
pub struct Ordered {
    /// What is asked.
    pub order: Order,
    /// The answer; an asker who has left is no error.
    pub reply: oneshot::Sender<Result<(), Refusal>>,
}

/// Why an order was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The run is over.
    Ended,
    /// A run in virtual time has no pace of its own: it cannot be paused or sped up.
    NotPaced,
    /// A run in virtual time takes no notices from outside: it would be over before its sender could hear of them.
    NotLive,
    /// Only a run that stands still can be advanced.
    NotPaused,
    /// A run in lock-step has no speed: it moves when its leases let it.
    Lockstep,
    /// The engine refused it.
    Rejected(Rejection),
    /// Too many orders are waiting already.
    Busy,
    /// The disk is full: the run is held until there is room.
    Full,
}

/// How many orders may wait for a drive; over it an order is refused as [`Refusal::Busy`].
pub const ORDERS_MAX: usize = 64;

impl<R: Recorder + ?Sized> Recorder for &mut R {
    fn input(&mut self, at: SimTime, input: &Input) -> Result<(), RecordError> {
        (**self).input(at, input)
    }

    fn fault_named(&mut self, name: &str) -> Result<(), RecordError> {
        (**self).fault_named(name)
    }

    fn take(&mut self, effects: &[Effect]) -> Result<(), RecordError> {
        (**self).take(effects)
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        (**self).flush()
    }
}

/// Records into each of several recorders, in order; the first error ends it.
pub struct Tee<'a>(pub Vec<&'a mut dyn Recorder>);

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RecordError {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Ended => f.write_str("the run is over"),
            Refusal::NotPaced => f.write_str("a run in virtual time has no pace to change"),
            Refusal::NotLive => f.write_str("a run in virtual time takes no notices from outside"),
            Refusal::NotPaused => f.write_str("only a run that stands still can be advanced: pause it first"),
            Refusal::Lockstep => f.write_str("a run in lock-step has no speed: it moves when its leases let it"),
            Refusal::Rejected(why) => write!(f, "refused by the engine: {why}"),
            Refusal::Full => f.write_str("the disk is full, the run is held until there is room"),
            Refusal::Busy => write!(f, "{ORDERS_MAX} orders are waiting already"),
        }
    }
}

impl Recorder for Tee<'_> {
    fn input(&mut self, at: SimTime, input: &Input) -> Result<(), RecordError> {
        self.0.iter_mut().try_for_each(|recorder| recorder.input(at, input))
    }

    fn fault_named(&mut self, name: &str) -> Result<(), RecordError> {
        self.0.iter_mut().try_for_each(|recorder| recorder.fault_named(name))
    }

    fn take(&mut self, effects: &[Effect]) -> Result<(), RecordError> {
        self.0.iter_mut().try_for_each(|recorder| recorder.take(effects))
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        self.0.iter_mut().try_for_each(|recorder| recorder.flush())
    }
}
