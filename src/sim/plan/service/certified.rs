//! Certified documents 인증톡: proof of identity before opening, a link that runs out, a reminder, certificates.

use crate::sim::dice::{Share, Spread};
use crate::sim::model::ids::KindId;
use crate::sim::time::Span;

/// What is special about a kind of notice that goes out as a certified document.
#[derive(Clone, Debug)]
pub struct Certified {
    /// The kind.
    pub kind: KindId,
    /// The proof of identity.
    pub identity: Identity,
    /// After this long, counted from the platform's taking it, nobody can open it any more; `None`: never.
    pub link: Option<Span>,
    /// The reminder, if there is one.
    pub reminder: Option<Reminder>,
    /// Who gets certificates of sending, receiving and reading; `None`: nobody.
    pub certificates: Option<Ends>,
}

/// The proof of identity that a person gives before a document opens.
#[derive(Clone, Debug)]
pub struct Identity {
    /// How long giving it takes.
    pub takes: Spread,
    /// Share of people who cannot: wrong password, no certificate, given up.
    pub fails: Share,
}

/// A message to people who have not opened yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// So long before the link runs out.
    pub before: Span,
    /// What it says.
    pub kind: KindId,
}

/// Who gets certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Who sent the document.
    Sender,
    /// Who sent it and who received it.
    Both,
}

impl Ends {
    /// All, with the words of the file.
    pub const ALL: [(Ends, &'static str); 2] = [(Ends::Sender, "sender"), (Ends::Both, "both")];
}
