//! Words of our own in the events of services: closed lists, written and read as words.

use crate::sim::model::service::{Field, Sink, Source};

/// What a rider does who gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Instead {
    /// Hails on the street.
    Street,
    /// Calls by telephone.
    Telephone,
}

/// How loud a phone was about a cell broadcast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Tone {
    /// The alarm, whatever the phone's setting.
    Loud,
    /// As the phone is set.
    Own,
    /// No sound: safety information at night.
    Silent,
}

/// What a certificate is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Certificate {
    /// The platform took the document.
    Sent,
    /// The phone has it.
    Received,
    /// The person proved who they are and opened it.
    Read,
}

/// An end of a document's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum DocumentEnd {
    /// Who sent it.
    Sender,
    /// Who gets it.
    Recipient,
}

macro_rules! words {
    ($($type:ident { $($variant:ident = $word:literal),+ $(,)? })+) => {
        $(impl $type {
            /// All of them, with their words.
            pub const ALL: &'static [($type, &'static str)] = &[$(($type::$variant, $word)),+];

            /// The word in files and expressions.
            pub const fn name(self) -> &'static str {
                match self { $($type::$variant => $word),+ }
            }
        }

        impl Field for $type {
            fn write(self, key: &str, sink: &mut dyn Sink) {
                sink.word(key, self.name());
            }

            fn read(key: &str, source: &mut dyn Source) -> Result<$type, String> {
                let word = source.word(key)?;
                let found = $type::ALL.iter().find(|row| row.1 == word);
                found.map(|row| row.0).ok_or_else(|| format!("field '{key}' has no such word: {word}"))
            }
        })+
    };
}

words! {
    Instead { Street = "street", Telephone = "telephone" }
    Tone { Loud = "loud", Own = "own", Silent = "silent" }
    Certificate { Sent = "sent", Received = "received", Read = "read" }
    DocumentEnd { Sender = "sender", Recipient = "recipient" }
}
