//! Faults 장애: what can go wrong, for whom, on which leg, when, and how it recovers.
//!
//! One file a kind. Every crossing of a leg is judged here and nowhere else ([`judge`]); what the ruling
//! then does to a message or a session is the engine's business. A sever has no file: it is an act, not a crossing.

use crate::sim::dice::{Share, Spread};
use crate::sim::medium::Capability;
use crate::sim::model::code::Code;
use crate::sim::model::event::Leg;
use crate::sim::model::ids::RegionId;
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::person::Groups;
use crate::sim::time::{SimTime, Span};

pub mod down;
pub mod silence;
pub mod refuse;
pub mod late_failure;
pub mod latency;
pub mod loss;
pub mod duplicate;
pub mod reorder;
pub mod throttle;
pub mod freeze;
pub mod lie;
pub mod flap;
pub mod login;
pub mod accept_then;
pub mod creep;
pub mod sender_down;
pub mod live;
pub mod judge;

/// A fault of the plan, or one posted while the run goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Its name: in events, labels (`hit=`) and windows (`during=`).
    pub name: String,
    /// What it does.
    pub kind: FaultKind,
    /// To whom and where.
    pub scope: Scope,
    /// When its window opens.
    pub begins: SimTime,
    /// When it closes by itself; `None` for `until: lifted`.
    pub ends: Option<SimTime>,
    /// What becomes of what it held.
    pub recover: Recover,
    /// A `lift:` line ends it then, and not its own window.
    pub lifted: bool,
    /// The outage pack it comes from. A pack is one story: it has bitten when any of its faults has.
    pub pack: Option<String>,
}

/// To whom and where a fault applies. Empty lists mean "all".
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// Networks; never empty.
    pub networks: Vec<Network>,
    /// Media.
    pub media: Vec<Medium>,
    /// Legs; filled with the kind's own legs when the file names none.
    pub legs: Vec<Leg>,
    /// Share of crossings that it bites, or of people when `sticky`.
    pub share: Option<Share>,
    /// Whether the same people are bitten every time.
    pub sticky: bool,
    /// Members of any of these groups.
    pub groups: Groups,
    /// People of these regions.
    pub regions: Vec<RegionId>,
}

/// What a fault does.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultKind {
    /// Sockets severed, handshakes refused, calls refused.
    Down {
        /// How calls and handshakes fail.
        how: DownHow,
    },
    /// Accepted, then nothing.
    Silence,
    /// Answered with a result code.
    Refuse {
        /// Which.
        code: Code,
    },
    /// Accepted, fails after a while.
    LateFailure {
        /// How long after.
        after: Spread,
        /// With which code.
        code: Code,
    },
    /// Takes longer.
    Latency {
        /// By how much.
        add: Spread,
    },
    /// Vanishes.
    Loss,
    /// Shown more than once.
    Duplicate {
        /// Further copies.
        copies: u8,
        /// How long after the first.
        after: Spread,
    },
    /// Out of order: each crossing is delayed by a random part of the window.
    Reorder {
        /// The window.
        window: Span,
    },
    /// Only so many a second.
    Throttle {
        /// How many.
        per_second: u32,
        /// What happens to the rest.
        over: Over,
    },
    /// The queue stands still and is released at the end, unmarked.
    Freeze {
        /// Released only so long after the fault's beginning, when its window has long been closed.
        release: Option<Span>,
    },
    /// The report is not the truth.
    Lie {
        /// What is claimed: `Delivered` though never shown, or `Failed` though shown.
        claim: LieClaim,
    },
    /// Cuts sessions, once or again and again.
    Sever {
        /// Repeat after this long; once when absent.
        every: Option<Span>,
    },
    /// Up and down by turns.
    Flap {
        /// Length of a down phase; the fault begins with one.
        down: Span,
        /// Length of an up phase.
        up: Span,
    },
    /// Logins refused; existing sessions go on.
    Login,
    /// The request is taken, then the caller gets no proper answer.
    AcceptThen {
        /// What the caller gets.
        then: Then,
    },
    /// Answered with a result code, ever more often; the scope's share is what it comes to.
    Creep {
        /// Which code.
        code: Code,
        /// The share at the beginning.
        from: Share,
        /// How long the rise takes.
        rises: Span,
    },
    /// The sender's own systems are gone.
    SenderDown,
}

/// How calls and handshakes fail while a network is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DownHow {
    /// Refused at once.
    Reject,
    /// Never answered.
    Hang,
    /// The connection is reset.
    Reset,
}

/// What happens to what is over a throttle's capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Waits in line.
    Queue,
    /// Vanishes.
    Drop,
    /// Refused with 429.
    TooMany,
}

/// What a lying report claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LieClaim {
    /// "Delivered", though it never shows.
    Delivered,
    /// "Failed", though it shows.
    Failed,
}

/// What the caller gets of a request that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The connection is reset.
    Reset,
    /// The connection is closed without an answer.
    Close,
    /// The answer comes after this long.
    Answer(Span),
}

/// What becomes of what a fault held, when it ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Recover {
    /// Gone.
    Drop,
    /// Let go, oldest first; `None`: all at once.
    Flush {
        /// So many a second.
        per_second: Option<u32>,
        /// The newest first instead.
        newest_first: bool,
    },
    /// Capabilities come back one after the other, and what waits for each with it.
    Staged(Vec<Stage>),
}

/// One step of a staged recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// When, counted from the fault's beginning.
    pub after: Span,
    /// What comes back.
    pub gives: Capability,
}

impl FaultKind {
    /// The words of the file, in the order of `docs/faults.md`.
    pub const NAMES: [&'static str; 17] = [
        "down",
        "silence",
        "refuse",
        "late_failure",
        "latency",
        "loss",
        "duplicate",
        "reorder",
        "throttle",
        "freeze",
        "lie",
        "sever",
        "flap",
        "login",
        "accept_then",
        "creep",
        "sender_down",
    ];

    /// How long after its beginning it lets go of what it held, where that is not at its end.
    pub const fn release(&self) -> Option<Span> {
        match self {
            FaultKind::Freeze { release } => *release,
            _lets_go_at_its_end => None,
        }
    }

    /// The word of the file.
    pub const fn name(&self) -> &'static str {
        match self {
            FaultKind::Down { .. } => "down",
            FaultKind::Silence => "silence",
            FaultKind::Refuse { .. } => "refuse",
            FaultKind::LateFailure { .. } => "late_failure",
            FaultKind::Latency { .. } => "latency",
            FaultKind::Loss => "loss",
            FaultKind::Duplicate { .. } => "duplicate",
            FaultKind::Reorder { .. } => "reorder",
            FaultKind::Throttle { .. } => "throttle",
            FaultKind::Freeze { .. } => "freeze",
            FaultKind::Lie { .. } => "lie",
            FaultKind::Sever { .. } => "sever",
            FaultKind::Flap { .. } => "flap",
            FaultKind::Login => "login",
            FaultKind::AcceptThen { .. } => "accept_then",
            FaultKind::Creep { .. } => "creep",
            FaultKind::SenderDown => "sender_down",
        }
    }

    /// The legs that a fault of this kind bites when the file names none.
    pub const fn own_legs(&self) -> &'static [Leg] {
        match self {
            FaultKind::Down { .. } | FaultKind::Flap { .. } => &Leg::ALL,
            FaultKind::Silence => &[Leg::Deliver, Leg::Receipt],
            FaultKind::Refuse { .. } | FaultKind::AcceptThen { .. } | FaultKind::Creep { .. } => &[Leg::Submit],
            FaultKind::SenderDown => &[Leg::Submit, Leg::Report],
            FaultKind::LateFailure { .. }
            | FaultKind::Latency { .. }
            | FaultKind::Loss
            | FaultKind::Duplicate { .. }
            | FaultKind::Reorder { .. }
            | FaultKind::Throttle { .. }
            | FaultKind::Freeze { .. }
            | FaultKind::Lie { claim: LieClaim::Delivered } => &[Leg::Deliver],
            FaultKind::Lie { claim: LieClaim::Failed } => &[Leg::Report],
            FaultKind::Sever { .. } | FaultKind::Login => &[Leg::Connect],
        }
    }
}
