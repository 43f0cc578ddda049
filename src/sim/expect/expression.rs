//! An expression that was understood: what is measured, over whom, and against what.
//!
//! All names are ids here; nothing refers to text any more.

use std::fmt;
use std::ops::Range;

use crate::sim::expect::metric::{Metric, Unit};
use crate::sim::expect::record::Belief;
use crate::sim::model::event::Cause;
use crate::sim::model::ids::{
    ButtonId, ChannelId, CounterId, FaultId, GroupId, KindId, RegionId, RuleId, SendId, StockId,
};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::person::{KakaoState, PhoneState};
use crate::sim::model::service::word::{Certificate, DocumentEnd};
use crate::sim::time::Span;

/// `aggregate(metric{labels}, within=, during=, after=) op threshold`.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) aggregate: Aggregate,
    /// Wrapped in `worst_group( )`.
    pub(super) worst_group: bool,
    pub(super) metric: &'static Metric,
    pub(super) filter: Filter,
    pub(super) within: Option<Span>,
    pub(super) during: Option<FaultId>,
    pub(super) after: Option<(FaultId, Span)>,
    /// `at=`: so long after the run's beginning.
    pub(super) at: Option<Span>,
    pub(super) op: Op,
    pub(super) threshold: u64,
    /// Bytes of the part before the comparison.
    pub(super) left: Range<usize>,
}

/// How many facts become one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// How many.
    Count,
    /// How many of all that could have been.
    Ratio,
    /// All together.
    Sum,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// The average.
    Mean,
    /// The value at a rank (nearest rank), in parts per million: `p99.9` is 999,000.
    Percentile(u32),
}

/// How a value is compared with the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
}

/// Values of labels; `None` stands for any.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub(super) group: Option<GroupId>,
    pub(super) region: Option<RegionId>,
    pub(super) cohort: Option<u16>,
    pub(super) kakao: Option<KakaoState>,
    pub(super) phone: Option<PhoneState>,
    pub(super) channel: Option<ChannelId>,
    pub(super) kind: Option<KindId>,
    pub(super) send: Option<SendId>,
    pub(super) hit: Option<FaultId>,
    /// `medium=`, and `is=` of `first_medium`.
    pub(super) medium: Option<Medium>,
    pub(super) from: Option<Medium>,
    pub(super) to: Option<Medium>,
    pub(super) cause: Option<Cause>,
    pub(super) claim: Option<Belief>,
    pub(super) status: Option<Status>,
    pub(super) network: Option<Network>,
    pub(super) counter: Option<CounterId>,
    pub(super) button: Option<ButtonId>,
    pub(super) rule: Option<RuleId>,
    pub(super) stock: Option<StockId>,
    /// `holder=`: whether the phone is in somebody else's name.
    pub(super) other_holder: Option<bool>,
    /// `stands=`: where the person stands.
    pub(super) stands: Option<RegionId>,
    pub(super) certificate: Option<Certificate>,
    pub(super) end: Option<DocumentEnd>,
}

/// Values of `status=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Of `believed`: it was shown.
    Shown,
    /// Of `believed`: it was not shown.
    NotShown,
    /// Of `rate_limited`: refused with 429.
    Refused,
    /// Of `rate_limited`: waited in line.
    Held,
}

impl Status {
    /// All values, with their words.
    pub(super) const ALL: [(Status, &'static str); 4] = [
        (Status::Shown, "shown"),
        (Status::NotShown, "not_shown"),
        (Status::Refused, "refused"),
        (Status::Held, "held"),
    ];
}

impl Op {
    /// All comparisons, with their signs.
    pub const ALL: [(Op, &'static str); 6] = [
        (Op::AtLeast, ">="),
        (Op::Above, ">"),
        (Op::AtMost, "<="),
        (Op::Below, "<"),
        (Op::Equal, "=="),
        (Op::Unequal, "!="),
    ];

    /// The sign.
    pub const fn sign(self) -> &'static str {
        Op::ALL[self as usize].1
    }

    /// Whether the comparison holds for two numbers that stand in this order.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Op::AtLeast => order.is_ge(),
            Op::Above => order.is_gt(),
            Op::AtMost => order.is_le(),
            Op::Below => order.is_lt(),
            Op::Equal => order.is_eq(),
            Op::Unequal => order.is_ne(),
        }
    }

    /// Whether it asks for much (`>=`, `>`), for little (`<=`, `<`), or for one value (`None`).
    pub const fn wants_more(self) -> Option<bool> {
        match self {
            Op::AtLeast | Op::Above => Some(true),
            Op::AtMost | Op::Below => Some(false),
            Op::Equal | Op::Unequal => None,
        }
    }
}

impl Aggregate {
    /// The unit of its value over a metric of that unit.
    pub(super) const fn unit(self, metric: Unit) -> Unit {
        match self {
            Aggregate::Count => Unit::Count,
            Aggregate::Ratio => Unit::Share,
            Aggregate::Sum | Aggregate::Min | Aggregate::Max | Aggregate::Mean | Aggregate::Percentile(_) => metric,
        }
    }
}

impl fmt::Display for Aggregate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Aggregate::Count => f.write_str("count"),
            Aggregate::Ratio => f.write_str("ratio"),
            Aggregate::Sum => f.write_str("sum"),
            Aggregate::Min => f.write_str("min"),
            Aggregate::Max => f.write_str("max"),
            Aggregate::Mean => f.write_str("mean"),
            Aggregate::Percentile(ppm) => {
                write!(f, "p{}", ppm / 10_000)?;
                let rest = format!("{:04}", ppm % 10_000);
                let rest = rest.trim_end_matches('0');
                if rest.is_empty() { Ok(()) } else { write!(f, ".{rest}") }
            }
        }
    }
}
