//! Audits: why one person got what they got. A run's recorded events, those of one person or one notice alone, as a
//! story with two columns beside it: what the sender believed by then, and what was true.
//!
//! [`select`] picks the events out of a recording while it is read, [`biography`] makes the story, [`sentence`] puts one
//! event into words, [`text`] prints it, [`table`] is belief against truth of all notices, and `svg::lamport` draws it. [`proof`] is the relayer's record of certified documents. Nothing here judges, and nothing reads a file.

use crate::sim::expect::record::Belief;
use crate::sim::model::event::{Event, Leg};
use crate::sim::model::ids::NoticeId;
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::words::Words;
use crate::sim::time::SimTime;

pub mod select;
pub mod sentence;
pub mod biography;
pub mod text;
pub mod table;
pub mod proof;

/// One person's notices, told.
#[derive(Clone, Debug)]
pub struct Biography {
    /// The person's reserved number.
    pub number: String,
    /// What is true of the person, as `senior, kakao active`.
    pub about: Words,
    /// The notices, with the names of their kinds.
    pub notices: Vec<(NoticeId, String)>,
    /// What happened, in order of time.
    pub turns: Vec<Turn>,
    /// Faults whose windows touch the story.
    pub windows: Vec<Window>,
    /// How often each notice showed and why, a sentence or two each.
    pub answers: Vec<Words>,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Turn {
    /// The event itself.
    pub event: Event,
    /// What happened, as a sentence without a full stop.
    pub told: Words,
    /// Where it belongs in a drawing.
    pub stroke: Stroke,
    /// The medium it is about, if it is about one.
    pub medium: Option<Medium>,
    /// What the sender believed from then on of the notice; absent for events of no notice.
    pub believed: Option<Believed>,
    /// What was true of it from then on.
    pub truth: Option<Truth>,
}

/// What a sender believes of a notice at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Believed {
    /// Nothing was handed in yet.
    Nothing,
    /// The call was refused.
    Refused,
    /// The platform has it; more was not said.
    Accepted,
    /// What it was told, the best over all attempts.
    Told(Belief),
}

/// What is true of a notice at some moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// How often a phone showed it.
    pub showings: u32,
    /// Whether the person opened it.
    pub opened: bool,
}

/// A life line of a drawing, from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Who sends.
    Sender,
    /// Who takes the calls.
    Platform,
    /// What carries it.
    Network(Network),
    /// What shows it.
    Phone,
    /// Who reads it.
    Person,
}

/// How an event is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// An arrow from one lane to another.
    Arrow(Lane, Lane),
    /// An arrow that ends in a cross on its way.
    Cut(Lane, Lane),
    /// A dot on a lane.
    Dot(Lane),
    /// A fault's window opens or closes: a line across.
    Edge,
}

/// A fault's window within the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The fault's name.
    pub name: String,
    /// When it opened.
    pub began: SimTime,
    /// When it closed; absent if it was open to the end.
    pub ended: Option<SimTime>,
}

/// The lanes of something lost on a leg.
pub const fn lanes_of(leg: Leg, network: Network) -> (Lane, Lane) {
    match leg {
        Leg::Submit => (Lane::Sender, Lane::Platform),
        Leg::Connect => (Lane::Phone, Lane::Network(network)),
        Leg::Deliver => (Lane::Network(network), Lane::Phone),
        Leg::Receipt => (Lane::Phone, Lane::Platform),
        Leg::Report => (Lane::Platform, Lane::Sender),
        Leg::Identify => (Lane::Person, Lane::Platform),
    }
}
