//! Networks 망: who is connected, what is kept for those who are not, and for how long.

use crate::sim::dice::Spread;
use crate::sim::time::Span;

/// What a network does in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkRules {
    /// Phones hold a session on it (kakao, mobile, mail); a letter box does not.
    pub sessions: bool,
    /// How long it keeps what a phone without a session should get; zero keeps nothing.
    pub store: Span,
    /// First pause of a phone that lost its session, before it tries again; doubled each time, with full jitter.
    pub backoff: Span,
    /// Longest such pause.
    pub backoff_max: Span,
    /// How long connecting takes.
    pub connect: Spread,
}
