//! Alarms: what the engine asked to be woken for. An alarm is a hint; when it fires, state decides whether it still
//! matters. Eight bytes each, because there are several for every open notice.

use crate::sim::engine::service::Duty;
use crate::sim::engine::state::AttemptIx;
use crate::sim::model::code::Code;
use crate::sim::model::event::Claim;
use crate::sim::model::ids::{ButtonId, FaultId, NoticeId, PersonId, SendId};
use crate::sim::model::medium::Network;

/// Something to do at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The next notice of a `send:` line.
    Send(SendId),
    /// The next call of a telephone tree, by position in its order.
    Call {
        /// The line.
        send: SendId,
        /// Who is called, by place in the line's order.
        place: u32,
    },
    /// The answer to a call of an application outside leaves.
    CallAnswered(u32),
    /// The sender calls the platform.
    Submit(AttemptIx),
    /// The platform's late answer reaches the sender.
    Accept(AttemptIx),
    /// The sender's patience with an unanswered call ends.
    Patience(AttemptIx),
    /// A message is about to cross to the phone.
    Arrive(AttemptIx),
    /// A message that already crossed reaches the phone.
    Show(AttemptIx),
    /// A receipt is about to cross from the phone to the platform.
    Receipt {
        /// Of which attempt.
        attempt: AttemptIx,
        /// Of the reading, not of the showing.
        read: bool,
    },
    /// A report is about to cross from the platform to the sender.
    Report {
        /// On which attempt.
        attempt: AttemptIx,
        /// What it claims.
        claim: Claim,
        /// With which code.
        code: Code,
    },
    /// A report that already crossed reaches the sender.
    Told {
        /// On which attempt.
        attempt: AttemptIx,
        /// What it claims.
        claim: Claim,
        /// With which code.
        code: Code,
    },
    /// The platform stops waiting for a receipt.
    Uncertain(AttemptIx),
    /// The time is up in which a leg that waits for opening must be heard to have arrived.
    Arrives {
        /// Of which notice.
        notice: NoticeId,
        /// While this attempt was the current one.
        ordinal: u8,
    },
    /// A letter is back at the sender's.
    Return(AttemptIx),
    /// A leg's time is up.
    Within {
        /// Of which notice.
        notice: NoticeId,
        /// While this attempt was the current one.
        ordinal: u8,
    },
    /// The person reads it.
    Open(AttemptIx),
    /// The person presses a button.
    Press {
        /// Of which message.
        attempt: AttemptIx,
        /// Which.
        button: ButtonId,
    },
    /// A press is about to cross from the phone to the desk.
    PressCrosses {
        /// Of which message.
        attempt: AttemptIx,
        /// Which.
        button: ButtonId,
    },
    /// A press that already crossed reaches the desk.
    PressArrives {
        /// Of which message.
        attempt: AttemptIx,
        /// Which.
        button: ButtonId,
    },
    /// A phone tries to connect.
    Reconnect {
        /// Whose.
        person: PersonId,
        /// To which network.
        network: Network,
    },
    /// A phone that was let in is connected.
    Connected {
        /// Whose.
        person: PersonId,
        /// To which network.
        network: Network,
    },
    /// A fault's window opens.
    FaultBegins(FaultId),
    /// A fault's window closes.
    FaultEnds(FaultId),
    /// A frozen queue is found and let go.
    FaultReleases(FaultId),
    /// A fault gives a capability back.
    FaultStage(FaultId, u8),
    /// A flapping fault turns, or a repeated sever cuts again; the round counts from 1.
    FaultTurns(FaultId, u16),
    /// Something that a service has to do.
    Duty {
        /// What.
        duty: Duty,
        /// Of which row of the plan.
        of: u16,
        /// To which row of the engine's table, or for which person.
        row: u32,
    },
    /// A weighted policy looks at its weights.
    Weigh,
    /// The run's last instant; `last` once everything else of that instant has happened.
    Stop {
        /// Everything else of this instant has happened.
        last: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::Alarm;

    #[test]
    fn an_alarm_is_eight_bytes() {
        assert_eq!(std::mem::size_of::<Alarm>(), 8);
    }
}
