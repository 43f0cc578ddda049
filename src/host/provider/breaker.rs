//! The breaker of a connection: what the accept loop lends to handlers whose fault breaks lines. Every request to a
//! provider carries one as an extension.

use std::fmt;
use std::sync::Arc;

/// Breaks the connection that a request came on.
#[derive(Clone)]
pub struct Breaker(Arc<dyn Fn(Break) + Send + Sync>);

/// How a line breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// The other end sees the line break (RST).
    Reset,
    /// The other end sees an orderly end without an answer (FIN).
    Close,
}

impl Breaker {
    /// A breaker that does this.
    pub fn new(act: impl Fn(Break) + Send + Sync + 'static) -> Breaker {
        Breaker(Arc::new(act))
    }

    /// Breaks the line. The handler must not answer afterwards, and is dropped.
    pub async fn pull(&self, how: Break) -> ! {
        (self.0)(how);
        std::future::pending().await
    }
}

impl fmt::Debug for Breaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Breaker")
    }
}
