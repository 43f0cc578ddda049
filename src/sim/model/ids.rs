//! Ids: dense numbers handed out by the plan or by the engine, each its own type so that none is taken for another.

use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($raw:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $raw);

        impl $name {
            /// The position in the table that this id points into.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(
    /// A person 시민, by place in the population; the phone number is `010-0000-0000` and upwards.
    PersonId(u32)
);
id!(
    /// A notice 알림: one message for one person. Written `n17`.
    NoticeId(u32)
);
id!(
    /// A row of `notices:`: the kind of message that notices are made from.
    KindId(u16)
);
id!(
    /// A row of `channels:`.
    ChannelId(u16)
);
id!(
    /// A group 그룹 of people; at most 64 in a scenario.
    GroupId(u8)
);
id!(
    /// A region that people live in.
    RegionId(u16)
);
id!(
    /// A fault 장애 of the plan, or one posted while the run goes on.
    FaultId(u16)
);
id!(
    /// A `send:` line of the timeline.
    SendId(u16)
);
id!(
    /// A counter of the desk.
    CounterId(u16)
);
id!(
    /// A row of `stocks:`.
    StockId(u16)
);
id!(
    /// A name of a button, shared by all notices that have one of that name.
    ButtonId(u16)
);
id!(
    /// A rule of the desk.
    RuleId(u16)
);
id!(
    /// A state that a talk with a channel can be in.
    StateId(u16)
);
id!(
    /// A WebSocket session, numbered by the host in the order of its hellos.
    SessionId(u32)
);

/// One attempt 시도: a notice on one medium, once. Written `n17/0`; the idempotency key everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptId {
    /// The notice.
    pub notice: NoticeId,
    /// 0 for the first attempt, counting up.
    pub ordinal: u8,
}

impl fmt::Display for NoticeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n{}", self.0)
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.notice, self.ordinal)
    }
}

impl NoticeId {
    /// Reads `n17`; `None` for anything else.
    pub fn parse(text: &str) -> Option<NoticeId> {
        digits(text.strip_prefix('n')?).map(NoticeId)
    }
}

impl AttemptId {
    /// Reads `n17/0`; `None` for anything else.
    pub fn parse(text: &str) -> Option<AttemptId> {
        let (notice, ordinal) = text.strip_prefix('n')?.split_once('/')?;
        Some(AttemptId { notice: NoticeId(digits(notice)?), ordinal: u8::try_from(digits(ordinal)?).ok()? })
    }
}

/// A plain decimal number: no sign, no leading zero, no space.
fn digits(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{AttemptId, NoticeId};

    #[test]
    fn an_attempt_id_reads_back_what_it_prints() {
        let id = AttemptId { notice: NoticeId(17), ordinal: 2 };
        assert_eq!(NoticeId::parse("n17"), Some(NoticeId(17)));
        assert_eq!((NoticeId::parse("17"), NoticeId::parse("n"), NoticeId::parse("n017")), (None, None, None));
        assert_eq!(id.to_string(), "n17/2");
        assert_eq!(AttemptId::parse("n17/2"), Some(id));
        for wrong in ["", "17/2", "n17", "n/2", "n17/", "n17/256", "n+17/2", "n017/2", "n17/2 ", "n99999999999/0"] {
            assert_eq!(AttemptId::parse(wrong), None, "{wrong}");
        }
    }
}
