//! What happened: the only thing that expectations, reports, plots and the journal ever see of a run.
//!
//! Events are small and `Copy`; a notice of the plainest kind makes five. `fault` always names the fault that caused
//! the event, so that a reader can ask "why" of any line. Accepted, delivered, shown and opened are four facts:
//! `Accepted` and `Reported` are what the sender was told, `Shown` and `Opened` are what really happened.

use std::fmt;

use crate::sim::model::code::Code;
use crate::sim::model::denial::Denial;
use crate::sim::model::ids::{
    AttemptId, ButtonId, CounterId, FaultId, KindId, NoticeId, PersonId, RuleId, SendId, SessionId,
};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::service::ServiceEvent;
use crate::sim::time::SimTime;

/// One fact, stamped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it happened.
    pub at: SimTime,
    /// What happened.
    pub kind: EventKind,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The run began. Always the first event.
    RunStarted,
    /// The run is over. Always the last event.
    RunEnded {
        /// Why.
        end: End,
    },
    /// A fault's window opened.
    FaultBegan {
        /// Which.
        fault: FaultId,
    },
    /// A fault's staged recovery gave one more capability back.
    FaultStaged {
        /// Which.
        fault: FaultId,
        /// The stage that was reached, counting from 0.
        stage: u8,
    },
    /// A fault's window closed.
    FaultEnded {
        /// Which.
        fault: FaultId,
        /// Lifted by hand or by a `lift:` line, before or instead of its own end.
        lifted: bool,
    },
    /// The sender decided that a person must learn something.
    Created {
        /// The notice, new.
        notice: NoticeId,
        /// For whom.
        person: PersonId,
        /// What kind of notice.
        kind: KindId,
        /// The timeline's line; absent for replies of a desk and for submissions from outside.
        send: Option<SendId>,
    },
    /// The sender called the platform.
    Submitted {
        /// The attempt, new.
        attempt: AttemptId,
        /// By what medium.
        medium: Medium,
        /// To whom.
        person: PersonId,
    },
    /// The platform took the message. This is not delivery.
    Accepted {
        /// Which.
        attempt: AttemptId,
    },
    /// The call was answered with a refusal.
    Refused {
        /// Which.
        attempt: AttemptId,
        /// The result code.
        code: Code,
        /// What the provider said, where it was the request of an application outside that it did not take.
        said: Option<Denial>,
        /// The fault that refused, if it was one.
        fault: Option<FaultId>,
    },
    /// Requests of an application outside were refused, and nobody can say for which notices: they could not be read,
    /// came from nobody known, or named people to whom nothing is owed.
    RequestsRefused {
        /// What the provider said.
        said: Denial,
        /// How many since the last such event.
        count: u32,
    },
    /// The call brought no answer: it hung, or the connection broke. The sender knows nothing.
    Unanswered {
        /// Which.
        attempt: AttemptId,
        /// Whether the platform has the message all the same.
        taken: bool,
        /// The fault, if it was one.
        fault: Option<FaultId>,
    },
    /// The message waits inside a network.
    Held {
        /// Which.
        attempt: AttemptId,
        /// For what.
        why: Hold,
        /// The fault that holds it, if it is one.
        fault: Option<FaultId>,
    },
    /// The message, or word of it, is gone for good.
    Lost {
        /// Which.
        attempt: AttemptId,
        /// On which leg.
        leg: Leg,
        /// How.
        why: Loss,
        /// The fault that lost it, if it was one.
        fault: Option<FaultId>,
    },
    /// The platform handed the message to the network and will bill it.
    Charged {
        /// Which.
        attempt: AttemptId,
        /// In hundredths of a won.
        price: u32,
    },
    /// The phone showed it (a letter: the letter box has it). Truth.
    Shown {
        /// Which.
        attempt: AttemptId,
        /// On whose phone.
        person: PersonId,
        /// 0 for the first showing of this attempt; 1, 2 ... for duplicates.
        copy: u8,
        /// The fault that delayed or doubled it, if it was one.
        fault: Option<FaultId>,
    },
    /// A provider's webhook was never taken, however often it was tried: an application that does not ask will not know.
    HookGivenUp {
        /// Of what it would have told; nothing, of a report on a whole group.
        attempt: Option<AttemptId>,
        /// How often it was tried.
        tries: u8,
    },
    /// The sender was told what became of an attempt, by answer, webhook or query. Belief.
    Reported {
        /// Which.
        attempt: AttemptId,
        /// What the sender was told.
        claim: Claim,
        /// By which way it heard so.
        ear: Ear,
        /// With which result code.
        code: Code,
        /// The fault that made or bent this report, if it was one.
        fault: Option<FaultId>,
    },
    /// The person read it. Truth.
    Opened {
        /// Which.
        attempt: AttemptId,
        /// Who.
        person: PersonId,
    },
    /// A letter came back to the sender.
    Returned {
        /// Which.
        attempt: AttemptId,
    },
    /// The sender went on to the next leg of the route.
    FellBack {
        /// Which notice.
        notice: NoticeId,
        /// The medium given up.
        from: Medium,
        /// The medium tried next.
        to: Medium,
        /// Why.
        cause: Cause,
        /// The fault behind it, if one is known to have touched the attempt given up.
        fault: Option<FaultId>,
    },
    /// The sender called the platform again for the same attempt.
    Retried {
        /// Which.
        attempt: AttemptId,
        /// 1 for the first retry.
        round: u8,
    },
    /// The sender is done with a notice.
    RouteEnded {
        /// Which.
        notice: NoticeId,
        /// How.
        outcome: Outcome,
    },
    /// A weighted sender policy moved its weights.
    WeightsMoved {
        /// The medium that lost weight, or is being given back its resting weight.
        medium: Medium,
        /// Its new weight, out of 100.
        weight: u8,
    },
    /// The person pressed a button (or a link in a text).
    Pressed {
        /// On which attempt.
        attempt: AttemptId,
        /// Who.
        person: PersonId,
        /// Which button.
        button: ButtonId,
    },
    /// The press or word reached the desk and a rule answered it.
    Answered {
        /// Which rule.
        rule: RuleId,
        /// Whose press or word.
        person: PersonId,
        /// Whether it counted; `false` for a repeat under `once_per`.
        counted: bool,
    },
    /// A counter of the desk went up by one.
    Counted {
        /// Which counter.
        counter: CounterId,
        /// For whom.
        person: PersonId,
        /// The amount of the notice in won, where its text has one; 0 otherwise.
        amount: u32,
    },
    /// The phone has a session on a network.
    SessionOpened {
        /// Whose phone.
        person: PersonId,
        /// On which network.
        network: Network,
    },
    /// The phone lost its session.
    SessionClosed {
        /// Whose phone.
        person: PersonId,
        /// On which network.
        network: Network,
        /// The fault that cut it, if it was one.
        fault: Option<FaultId>,
    },
    /// The phone tried to connect and was turned away.
    SessionRefused {
        /// Whose phone.
        person: PersonId,
        /// By which network.
        network: Network,
        /// The fault, if it was one.
        fault: Option<FaultId>,
    },
    /// Connections were turned away before they said who they were (live runs).
    HandshakesRefused {
        /// By which network.
        network: Network,
        /// How many since the last such event.
        count: u32,
        /// The fault.
        fault: Option<FaultId>,
    },
    /// A session read too slowly, and the host cut it (live runs).
    SlowSessionCut {
        /// Which.
        session: SessionId,
        /// On which network.
        network: Network,
    },
    /// Something happened in a channel's services, beside messages.
    Service(ServiceEvent),
    /// The outside world asked for something that cannot be; nothing else happened.
    InputRejected {
        /// What was wrong with it.
        why: Rejection,
    },
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// `clock.stop` was reached.
    Stop,
    /// Nothing was left to happen.
    Quiet,
    /// A `stop:` condition held; its place in the list.
    Condition(u8),
    /// Somebody stopped it.
    Asked,
}

/// The six places where a fault is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Leg {
    /// Sender to platform.
    Submit,
    /// Phone to network: handshake and login.
    Connect,
    /// Platform to phone.
    Deliver,
    /// Phone to platform.
    Receipt,
    /// Platform to sender: webhook and status query.
    Report,
    /// Person to platform: proof of identity, before something opens.
    Identify,
}

/// What a waiting message waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// The phone has no session.
    Offline,
    /// A fault.
    Fault,
    /// Room under a capacity limit.
    Capacity,
    /// The sender's own systems, which are gone: it has not been handed in yet.
    Sender,
}

/// How something was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// A fault dropped it.
    Dropped,
    /// The network kept it for as long as it keeps things.
    StoreExpired,
    /// A letter, or a phone's receipt, went missing without any fault.
    Astray,
}

/// What a sender is told of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// It failed.
    Failed,
    /// Sent, but no receipt came: nobody knows.
    Uncertain,
    /// The platform says delivered, on its own word (push mode, or a lie).
    Delivered,
    /// The phone acknowledged it.
    Shown,
    /// The person opened it.
    Opened,
}

impl Claim {
    /// Whether it says that the message came to its phone, in one way or another.
    pub const fn arrived(self) -> bool {
        match self {
            Claim::Delivered | Claim::Shown | Claim::Opened => true,
            Claim::Failed | Claim::Uncertain => false,
        }
    }
}

/// By which way a sender hears of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Ear {
    /// The answer to its own call.
    Answer,
    /// The platform or the provider called it, and it took the call.
    Webhook,
    /// It asked.
    Poll,
}

/// Why a sender went on to the next leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The platform refused, or reported failure.
    Failed,
    /// No receipt within the leg's time.
    NoReceipt,
    /// Not opened within the leg's time.
    NotOpened,
    /// The provider sent the next step by itself, because the one before failed.
    Provider,
}

/// How a sender's work on a notice ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A leg reached what its `until:` asks for, as far as the sender knows.
    Satisfied,
    /// Every leg was tried.
    Exhausted,
    /// The policy does not fall back.
    GaveUp,
}

/// What was wrong with an input from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// No such person in this run.
    UnknownPerson,
    /// No such attempt in this run.
    UnknownAttempt,
    /// The attempt was never sent to this person's phone.
    NotTheirs,
    /// No such button on that message.
    UnknownButton,
    /// No such channel.
    UnknownChannel,
    /// No such fault, or it is over.
    UnknownFault,
    /// A fault of that name is already there.
    FaultNameTaken,
    /// No session of that number is open.
    UnknownSession,
    /// No such kind of notice.
    UnknownKind,
    /// No such call of an application outside is open.
    UnknownCall,
    /// A bound of the engine is reached (notices, faults).
    Full,
}

macro_rules! words {
    ($($kind:ident { $($variant:ident $(($inner:pat))? = $word:literal),* $(,)? })*) => {
        $(
            impl $kind {
                /// The word used in events, reports and expressions.
                pub const fn name(self) -> &'static str {
                    match self { $($kind::$variant $(($inner))? => $word),* }
                }
            }
            impl fmt::Display for $kind {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(self.name())
                }
            }
        )*
    };
}

words! {
    End { Stop = "stop", Quiet = "quiet", Condition(_) = "condition", Asked = "asked" }
    Leg { Submit = "submit", Connect = "connect", Deliver = "deliver", Receipt = "receipt", Report = "report",
          Identify = "identify" }
    Hold { Offline = "offline", Fault = "fault", Capacity = "capacity", Sender = "sender" }
    Loss { Dropped = "dropped", StoreExpired = "store_expired", Astray = "astray" }
    Claim { Failed = "failed", Uncertain = "uncertain", Delivered = "delivered", Shown = "shown", Opened = "opened" }
    Ear { Answer = "answer", Webhook = "webhook", Poll = "poll" }
    Cause { Failed = "failed", NoReceipt = "no_receipt", NotOpened = "not_opened", Provider = "provider" }
    Outcome { Satisfied = "satisfied", Exhausted = "exhausted", GaveUp = "gave_up" }
    Rejection {
        UnknownPerson = "unknown_person", UnknownAttempt = "unknown_attempt", NotTheirs = "not_theirs",
        UnknownButton = "unknown_button", UnknownChannel = "unknown_channel", UnknownFault = "unknown_fault",
        FaultNameTaken = "fault_name_taken", UnknownSession = "unknown_session", UnknownKind = "unknown_kind",
        UnknownCall = "unknown_call", Full = "full",
    }
}

impl Ear {
    /// All ears, in the order of their numbers.
    pub const ALL: [Ear; 3] = [Ear::Answer, Ear::Webhook, Ear::Poll];
}

impl Leg {
    /// All legs, in the order a message takes them.
    pub const ALL: [Leg; 6] = [Leg::Submit, Leg::Connect, Leg::Deliver, Leg::Receipt, Leg::Report, Leg::Identify];

    /// The leg of that word.
    pub fn parse(word: &str) -> Option<Leg> {
        Leg::ALL.into_iter().find(|leg| leg.name() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::Event;

    /// Every notice makes several events: their size is the engine's memory traffic.
    #[test]
    fn an_event_stays_small() {
        assert!(std::mem::size_of::<Event>() <= 32, "{} bytes", std::mem::size_of::<Event>());
    }
}
