//! Replies: a code of three digits, an enhanced code (RFC 2034), and a sentence.
//!
//! Sentences are ASCII, because RFC 5321 section 4.2 allows nothing else before a client has said SMTPUTF8, and senders
//! show them in their own logs: the only place here that speaks English alone.

use crate::host::provider::reception::{Closed, Turned};
use crate::host::provider::recipients::Nobody;
use crate::sim::model::code::{Code, Family};

/// One reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The code.
    pub code: u16,
    /// The enhanced code; some replies have none.
    enhanced: &'static str,
    text: String,
}

impl Reply {
    /// A reply.
    pub fn new(code: u16, enhanced: &'static str, text: impl Into<String>) -> Reply {
        Reply { code, enhanced, text: text.into() }
    }

    /// Whether the line ends with it.
    pub fn closes(&self) -> bool {
        matches!(self.code, 221 | 421)
    }

    /// Whether the client did something wrong.
    pub fn blames(&self) -> bool {
        (500..600).contains(&self.code)
    }

    /// The bytes on the line.
    pub fn write(&self, out: &mut Vec<u8>) {
        let gap = if self.enhanced.is_empty() { "" } else { " " };
        let text: String = self.text.chars().map(|c| if c.is_ascii() && !c.is_control() { c } else { '?' }).collect();
        out.extend_from_slice(format!("{} {}{gap}{text}\r\n", self.code, self.enhanced).as_bytes());
    }
}

impl From<Closed> for Reply {
    fn from(closed: Closed) -> Reply {
        let (_, en) = closed.words();
        match closed {
            Closed::OutOfService => Reply::new(421, "4.3.2", en),
            Closed::TooMany => Reply::new(451, "4.7.1", format!("{en}: come back in {} s", closed.retry_after_s())),
            Closed::Busy => Reply::new(452, "4.3.1", en),
            Closed::NoRun => Reply::new(451, "4.3.0", en),
        }
    }
}

impl From<Turned> for Reply {
    fn from(turned: Turned) -> Reply {
        match turned {
            Turned::Closed(closed) => closed.into(),
            Turned::Refused(code) => refused(code),
        }
    }
}

/// What a mail server says with a result code: whose matter it is decides whether to come back.
fn refused(code: Code) -> Reply {
    let words = Code::TABLE.iter().find(|row| row.0 == code).map_or("refused (a fault)", |row| row.3);
    let text = format!("{words} ({code})");
    match code.family() {
        Family::Recipient => Reply::new(550, "5.1.1", text),
        Family::Content => Reply::new(554, "5.6.0", text),
        Family::Platform | Family::Uncertain | Family::Success => Reply::new(451, "4.3.0", text),
        Family::Night => Reply::new(451, "4.7.1", text),
    }
}

impl From<Nobody> for Reply {
    fn from(nobody: Nobody) -> Reply {
        let (_, en) = nobody.words();
        match nobody {
            Nobody::NoNumber | Nobody::NotHere => Reply::new(550, "5.1.1", en),
            Nobody::Dialable => Reply::new(550, "5.7.1", en),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reply;
    use crate::host::provider::reception::{Closed, Turned};
    use crate::sim::model::code::Code;

    fn written(reply: impl Into<Reply>) -> String {
        let mut out = Vec::new();
        reply.into().write(&mut out);
        String::from_utf8(out).expect("ASCII")
    }

    #[test]
    fn codes_say_who_should_act() {
        let code = |code| written(Turned::Refused(code));
        assert_eq!(code(Code::NO_ADDRESS), "550 5.1.1 no such address (9550)\r\n");
        assert_eq!(code(Code::TOO_LONG), "554 5.6.0 message too long (3014)\r\n");
        assert_eq!(code(Code::INTERNAL), "451 4.3.0 internal platform error (3006)\r\n");
        assert_eq!(code(Code(4_000)), "451 4.3.0 refused (a fault) (4000)\r\n");
        assert_eq!(written(Closed::OutOfService), "421 4.3.2 the service is down (a fault)\r\n");
        assert_eq!(written(Closed::TooMany), "451 4.7.1 too many requests (a fault): come back in 5 s\r\n");
    }

    #[test]
    fn a_reply_is_one_line_of_ascii() {
        assert_eq!(written(Reply::new(550, "5.1.1", "가\r\n250 x")), "550 5.1.1 ???250 x\r\n");
    }
}
