//! A row of `relays:`: who passes a message on to the people they know, and as what.

use crate::sim::dice::{Share, Spread};
use crate::sim::model::ids::{ButtonId, KindId};
use crate::sim::plan::Audience;

/// A row.
#[derive(Clone, Debug)]
pub struct Relay {
    /// Kinds of notices that are passed on.
    pub passes: Vec<KindId>,
    /// What makes somebody pass it on.
    pub when: Moves,
    /// Who passes on.
    pub by: Audience,
    /// Share of them that does; each person passes on once a row.
    pub share: Share,
    /// To how many of their contacts; to all of them if the file names no number.
    pub contacts: Option<u32>,
    /// From the reading or press to the passing on.
    pub after: Spread,
    /// The notice that the contacts get.
    pub kind: KindId,
    /// Through how many hands it goes at most.
    pub hops_max: u8,
}

/// What moves somebody to pass a message on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moves {
    /// Having read it.
    Opened,
    /// Having pressed that button of it.
    Pressed(ButtonId),
}
