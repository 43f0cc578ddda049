//! Dispatch 배차: people ask for a ride, the nearest free drivers are asked, the first who takes it has it.

use crate::sim::dice::{Share, Spread};
use crate::sim::model::ids::{ButtonId, KindId};
use crate::sim::plan::Audience;
use crate::sim::time::{SimTime, Span};

/// The dispatch of a plan.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// Who drives.
    pub drivers: Audience,
    /// Cells on each side of the square that people and drivers stand on.
    pub grid: u32,
    /// How many drivers are asked at once.
    pub nearest: u32,
    /// How many cells away a driver is asked at most, streets being straight.
    pub radius: u32,
    /// What a driver is asked with.
    pub offer: KindId,
    /// The button that takes it.
    pub take: ButtonId,
    /// How long the drivers that were asked are waited for before others are.
    pub stands: Span,
    /// What the rider is told when somebody comes.
    pub coming: KindId,
    /// What the other drivers are told.
    pub gone: Option<KindId>,
    /// How long a ride takes from the rider's door.
    pub ride: Spread,
    /// How long a rider waits before going to the street or to the telephone.
    pub patience: Span,
    /// Share of those who then call by telephone; the others go to the street.
    pub phones: Share,
    /// What the rider gets when the ride is over.
    pub after: Option<KindId>,
}

/// A `hail:` line.
#[derive(Clone, Debug)]
pub struct Hail {
    /// Who asks for a ride.
    pub who: Audience,
    /// When the first one does.
    pub at: SimTime,
    /// Evenly over so long.
    pub over: Span,
}
