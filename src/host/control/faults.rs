//! The faults of a run as they stand, by number: those of the plan first, then those that were posted and taken.

use std::sync::Arc;

use crate::sim::fault::{DownHow, Fault, FaultKind};
use crate::sim::model::medium::Network;
use crate::sim::model::person::Groups;
use crate::sim::scenario::Happened;
use crate::sim::time::SimTime;

/// A fault of a run, as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultRow {
    /// Its name.
    pub name: String,
    /// The word of its kind.
    pub kind: &'static str,
    /// Networks that it is about.
    pub networks: Vec<Network>,
    /// When its window opens.
    pub begins: SimTime,
    /// When it closes by itself.
    pub ends: Option<SimTime>,
    /// Whether it was posted while the run went on.
    pub posted: bool,
    /// How it closes its networks for everybody while it is on, if it does.
    pub shuts: Option<DownHow>,
    /// Since when it is one of the run's: zero for those of the plan.
    pub known: SimTime,
    /// Where it stands.
    pub stands: Stands,
    /// All of it, as planned or posted.
    pub fault: Arc<Fault>,
    /// When its window really opened.
    pub began: Option<SimTime>,
    /// When somebody lifted it by hand.
    pub lifted: Option<SimTime>,
}

/// Where a fault stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// Its window has not opened.
    Waiting,
    /// Its window is open.
    On,
    /// Its window has closed.
    Over,
}

impl Stands {
    /// The word of the API.
    pub const fn name(self) -> &'static str {
        match self {
            Stands::Waiting => "waiting",
            Stands::On => "on",
            Stands::Over => "over",
        }
    }
}

impl FaultRow {
    /// A fault whose window has not opened; one that was posted, with the instant of that.
    pub fn of(fault: &Fault, posted: Option<SimTime>) -> FaultRow {
        FaultRow {
            name: fault.name.clone(),
            kind: fault.kind.name(),
            networks: fault.scope.networks.clone(),
            begins: fault.begins,
            ends: fault.ends,
            posted: posted.is_some(),
            known: posted.unwrap_or(SimTime::ZERO),
            shuts: shuts(fault),
            stands: Stands::Waiting,
            fault: Arc::new(fault.clone()),
            began: None,
            lifted: None,
        }
    }

    /// Its window has opened.
    pub fn begins_at(&mut self, at: SimTime) {
        (self.stands, self.began) = (Stands::On, Some(at));
    }

    /// Its window has closed. What a line of the timeline lifts was lifted by nobody's hand.
    pub fn ends_at(&mut self, at: SimTime, lifted: bool) {
        let planned = self.fault.lifted && self.fault.ends == Some(at);
        self.stands = Stands::Over;
        self.lifted = (lifted && !planned).then_some(at);
    }

    /// What became of it, for a scenario of the run as it was played.
    pub fn happened(&self) -> Happened {
        let (fault, posted) = ((*self.fault).clone(), self.posted);
        Happened { fault, posted, began: self.began, lifted: self.lifted }
    }
}
/// How a fault closes its networks for everybody, if it does.
fn shuts(fault: &Fault) -> Option<DownHow> {
    match fault.kind {
        FaultKind::Down { how } if fault.scope.share.is_none() && fault.scope.groups == Groups::default() => Some(how),
        _ => None,
    }
}
