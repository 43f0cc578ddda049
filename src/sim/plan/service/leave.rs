//! A `leave:` line: friends of a channel leave it over time, and some of them block it.

use crate::sim::dice::{Share, Spread};
use crate::sim::model::ids::ChannelId;
use crate::sim::plan::Audience;
use crate::sim::time::SimTime;

/// A line.
#[derive(Clone, Debug)]
pub struct Leave {
    /// Which channel.
    pub channel: ChannelId,
    /// When it begins.
    pub at: SimTime,
    /// Who is looked at; only those who are friends when their moment comes leave.
    pub who: Audience,
    /// Share of them that leaves.
    pub share: Share,
    /// From the line's beginning to a person's leaving.
    pub after: Spread,
    /// Share of those who leave that blocks the channel, too.
    pub block: Share,
}
