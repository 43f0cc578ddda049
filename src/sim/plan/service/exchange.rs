//! An `exchange:` line: documents between the people of a row, who stand for offices; anybody may write to anybody.

use crate::sim::model::ids::KindId;
use crate::sim::plan::Audience;
use crate::sim::time::{SimTime, Span};

/// A line.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What kind of document.
    pub kind: KindId,
    /// When the first one goes out.
    pub at: SimTime,
    /// Between whom.
    pub among: Audience,
    /// How many documents.
    pub count: u32,
    /// Evenly over so long.
    pub over: Span,
}
