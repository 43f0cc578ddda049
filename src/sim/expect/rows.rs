//! Rows: what a run leaves beside notices and attempts, one row an occurrence.

use crate::sim::expect::record::Moment;
use crate::sim::model::ids::{ButtonId, CounterId, FaultId, NoticeId, PersonId, RuleId, StockId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::time::SimTime;

/// What a fault did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FaultRecord {
    pub(super) began: Option<SimTime>,
    pub(super) ended: Option<SimTime>,
    /// Events that name it, its own beginning, stages and end left out.
    pub(super) hits: u64,
}

/// A press of a button.
#[derive(Clone, Copy, Debug)]
pub(super) struct PressRow {
    pub(super) at: Moment,
    /// Known after `Ledger::settle`.
    pub(super) answered: Moment,
    pub(super) notice: NoticeId,
    pub(super) person: PersonId,
    pub(super) button: ButtonId,
    pub(super) medium: Medium,
}

/// An answer of a rule of the desk.
#[derive(Clone, Copy, Debug)]
pub(super) struct AnswerRow {
    pub(super) at: Moment,
    pub(super) person: PersonId,
    pub(super) rule: RuleId,
    pub(super) counted: bool,
    /// What was granted with it.
    pub(super) stock: Option<StockId>,
    /// A further grant where the rule allows one a person, or one more than there were in stock; known after
    /// `Ledger::settle`.
    pub(super) surplus: bool,
}

/// One more on a counter of the desk.
#[derive(Clone, Copy, Debug)]
pub(super) struct CountRow {
    pub(super) at: Moment,
    pub(super) person: PersonId,
    pub(super) amount: u32,
    pub(super) counter: CounterId,
    /// The counter had counted this person before.
    pub(super) again: bool,
}

/// A lost session.
#[derive(Clone, Copy, Debug)]
pub(super) struct LossRow {
    pub(super) at: Moment,
    pub(super) back: Moment,
    pub(super) person: PersonId,
    pub(super) fault: Option<FaultId>,
    pub(super) network: Network,
}
