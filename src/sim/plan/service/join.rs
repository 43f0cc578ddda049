//! A `join:` line: people add a channel over time, as a campaign brings them.

use crate::sim::dice::{Share, Spread};
use crate::sim::model::ids::ChannelId;
use crate::sim::plan::Audience;
use crate::sim::time::SimTime;

/// A line.
#[derive(Clone, Debug)]
pub struct Join {
    /// Which channel.
    pub channel: ChannelId,
    /// When the campaign begins.
    pub at: SimTime,
    /// Who is asked.
    pub who: Audience,
    /// Share of them that joins.
    pub share: Share,
    /// From the campaign's beginning to a person's joining.
    pub after: Spread,
}
