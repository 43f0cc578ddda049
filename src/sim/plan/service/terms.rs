//! Terms: whom a rule of the desk serves, with what, and what it says to everybody else.

use crate::sim::model::ids::{ChannelId, KindId, StockId};

/// The terms of a rule; one without any serves whoever sets it off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Only friends of this channel are served, by what the platform knows at that instant.
    pub friend_of: Option<ChannelId>,
    /// The reply to somebody who is none, or who holds none of what is redeemed.
    pub otherwise: Option<KindId>,
    /// What is granted: one to everybody who is counted.
    pub grant: Option<StockId>,
    /// What is redeemed: one is taken back from whoever holds one, and nobody else is served.
    pub redeem: Option<StockId>,
    /// The reply when the stock is gone.
    pub sold_out: Option<KindId>,
    /// The reply to a repeat; the rule's own reply if none is named.
    pub repeat: Option<KindId>,
    /// A notice to everybody whom the counter has counted, when its mark is reached.
    pub tell: Option<KindId>,
}

impl Terms {
    /// Kinds that the rule answers with, beside its reply.
    pub fn replies(&self) -> impl Iterator<Item = KindId> + use<> {
        [self.otherwise, self.sold_out, self.repeat, self.tell].into_iter().flatten()
    }
}
