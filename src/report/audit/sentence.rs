//! One event as a sentence, Korean and English, and how it is drawn.

use crate::report::audit::{Lane, Stroke, lanes_of};
use crate::report::ndjson_read::Reader;
use crate::report::words::{belief, cause, ear, length, money, number};
use crate::sim::expect::record::Belief;
use crate::sim::model::code::Code;
use crate::sim::model::event::{Ear, End, EventKind, Hold, Leg, Loss, Outcome};
use crate::sim::model::ids::FaultId;
use crate::sim::model::medium::Network;
use crate::sim::model::words::{Lang, Words};
use crate::sim::time::Span;

/// What an event says; `since` is the time since its notice was created.
pub fn told(kind: EventKind, since: Span, names: &Reader) -> Words {
    let said = match kind {
        EventKind::Created { kind, .. } => created(names.kind_name(kind)),
        EventKind::Submitted { medium, .. } => {
            words(format!("{} 발송 요청", medium.ko()), format!("hands in {}", medium.name()))
        }
        EventKind::Accepted { .. } => both("접수됨 (전달은 아님)", "accepted, which is not delivery"),
        EventKind::Refused { said: Some(said), .. } => {
            words(format!("접수 거절 ({said})"), format!("not taken ({said})"))
        }
        EventKind::Refused { code, said: None, .. } => refused(code),
        EventKind::Unanswered { taken: true, .. } => {
            both("응답 없음, 그러나 플랫폼은 받았음", "no answer, though the platform has it")
        }
        EventKind::Unanswered { taken: false, .. } => both("응답 없음", "no answer"),
        EventKind::Held { why, .. } => held(why),
        EventKind::Lost { leg, why, .. } => lost(leg, why),
        EventKind::Charged { price, .. } => charged(u64::from(price)),
        EventKind::Shown { copy, .. } => shown(copy, since),
        EventKind::HookGivenUp { tries, .. } => words(
            format!("웹훅을 {tries}번 보냈으나 발신이 받지 않아 포기"),
            format!("the webhook is given up after {tries} tries: the sender never took it"),
        ),
        EventKind::Reported { claim, ear, code, .. } => reported(Belief::of(claim), ear, code),
        EventKind::Opened { .. } => both("사람이 읽음", "the person reads it"),
        EventKind::Returned { .. } => both("우편이 반송됨", "the letter comes back"),
        EventKind::FellBack { from, to, cause: why, .. } => words(
            format!("{} 포기, {}(으)로 ({})", from.ko(), to.ko(), cause(why, Lang::Ko)),
            format!("gives up {}, goes on to {} ({})", from.name(), to.name(), cause(why, Lang::En)),
        ),
        EventKind::Retried { round, .. } => {
            words(format!("다시 요청 ({round}번째)"), format!("calls again (retry {round})"))
        }
        EventKind::RouteEnded { outcome, .. } => route_ended(outcome),
        EventKind::Pressed { button, .. } => {
            let button = names.button_name(button);
            words(format!("'{button}' 누름"), format!("presses '{button}'"))
        }
        EventKind::Answered { counted: true, .. } => both("창구가 답함", "the desk answers"),
        EventKind::Answered { counted: false, .. } => both("창구가 답함 (거듭된 것)", "the desk answers (a repeat)"),
        EventKind::Counted { counter, amount, .. } => counted(names.counter_name(counter), amount),
        EventKind::SessionOpened { network, .. } => {
            words(format!("단말이 {} 망에 접속", network.ko()), format!("the phone connects to {}", network.name()))
        }
        EventKind::SessionClosed { network, .. } => {
            words(format!("{} 망 접속이 끊김", network.ko()), format!("the phone loses {}", network.name()))
        }
        EventKind::SessionRefused { network, .. } => {
            words(format!("{} 망이 접속을 거절", network.ko()), format!("{} turns the phone away", network.name()))
        }
        EventKind::FaultBegan { fault } => of_fault(names.fault_name(fault), "시작", "begins"),
        EventKind::FaultStaged { fault, .. } => of_fault(names.fault_name(fault), "일부 복구", "gives something back"),
        EventKind::FaultEnded { fault, lifted: true } => of_fault(names.fault_name(fault), "해제", "is lifted"),
        EventKind::FaultEnded { fault, lifted: false } => of_fault(names.fault_name(fault), "끝", "ends"),
        EventKind::RunEnded { end } => run_ended(end),
        EventKind::Service(event) => {
            let (ko, en) = event.told();
            both(ko, en)
        }
        EventKind::RunStarted
        | EventKind::RequestsRefused { .. }
        | EventKind::WeightsMoved { .. }
        | EventKind::HandshakesRefused { .. }
        | EventKind::SlowSessionCut { .. }
        | EventKind::InputRejected { .. } => Words::default(),
    };
    blamed(said, fault_of(kind), names)
}

/// Where an event is drawn; `network` is that of its medium.
pub const fn stroke(kind: EventKind, network: Network) -> Stroke {
    use EventKind as E;
    match kind {
        E::Created { .. } | E::FellBack { .. } | E::RouteEnded { .. } => Stroke::Dot(Lane::Sender),
        E::Submitted { .. } | E::Retried { .. } => Stroke::Arrow(Lane::Sender, Lane::Platform),
        E::Accepted { .. } | E::Reported { .. } => Stroke::Arrow(Lane::Platform, Lane::Sender),
        E::Refused { .. } | E::Unanswered { taken: true, .. } | E::HookGivenUp { .. } => {
            Stroke::Cut(Lane::Platform, Lane::Sender)
        }
        E::Unanswered { taken: false, .. } => Stroke::Cut(Lane::Sender, Lane::Platform),
        E::Held { .. } => Stroke::Dot(Lane::Network(network)),
        E::Lost { leg, .. } => {
            let (from, to) = lanes_of(leg, network);
            Stroke::Cut(from, to)
        }
        E::Charged { .. } => Stroke::Arrow(Lane::Platform, Lane::Network(network)),
        E::Shown { .. } => Stroke::Arrow(Lane::Network(network), Lane::Phone),
        E::Opened { .. } => Stroke::Arrow(Lane::Phone, Lane::Person),
        E::Returned { .. } => Stroke::Arrow(Lane::Network(network), Lane::Sender),
        E::Pressed { .. } => Stroke::Arrow(Lane::Person, Lane::Platform),
        E::Answered { .. } => Stroke::Arrow(Lane::Platform, Lane::Person),
        E::Counted { .. } => Stroke::Dot(Lane::Platform),
        E::SessionOpened { network, .. } => Stroke::Arrow(Lane::Phone, Lane::Network(network)),
        E::SessionClosed { network, .. } => Stroke::Cut(Lane::Network(network), Lane::Phone),
        E::SessionRefused { network, .. } => Stroke::Cut(Lane::Phone, Lane::Network(network)),
        E::Service(_) => Stroke::Dot(Lane::Person),
        E::RunStarted
        | E::RequestsRefused { .. }
        | E::RunEnded { .. }
        | E::FaultBegan { .. }
        | E::FaultStaged { .. }
        | E::FaultEnded { .. }
        | E::WeightsMoved { .. }
        | E::HandshakesRefused { .. }
        | E::SlowSessionCut { .. }
        | E::InputRejected { .. } => Stroke::Edge,
    }
}

/// The fault that an event names as its cause.
pub fn fault_of(kind: EventKind) -> Option<FaultId> {
    use EventKind as E;
    match kind {
        E::Refused { fault, .. }
        | E::Unanswered { fault, .. }
        | E::Held { fault, .. }
        | E::Lost { fault, .. }
        | E::Shown { fault, .. }
        | E::Reported { fault, .. }
        | E::FellBack { fault, .. }
        | E::SessionClosed { fault, .. }
        | E::SessionRefused { fault, .. }
        | E::HandshakesRefused { fault, .. } => fault,
        E::Service(event) => event.fault(),
        E::HookGivenUp { .. }
        | E::RequestsRefused { .. }
        | E::RunStarted
        | E::RunEnded { .. }
        | E::FaultBegan { .. }
        | E::FaultStaged { .. }
        | E::FaultEnded { .. }
        | E::Created { .. }
        | E::Submitted { .. }
        | E::Accepted { .. }
        | E::Charged { .. }
        | E::Opened { .. }
        | E::Returned { .. }
        | E::Retried { .. }
        | E::RouteEnded { .. }
        | E::WeightsMoved { .. }
        | E::Pressed { .. }
        | E::Answered { .. }
        | E::Counted { .. }
        | E::SessionOpened { .. }
        | E::SlowSessionCut { .. }
        | E::InputRejected { .. } => None,
    }
}

fn words(ko: String, en: String) -> Words {
    Words { ko, en }
}

fn both(ko: &str, en: &str) -> Words {
    words(ko.to_owned(), en.to_owned())
}

fn blamed(told: Words, fault: Option<FaultId>, names: &Reader) -> Words {
    match fault.map(|fault| names.fault_name(fault)) {
        Some(name) => words(format!("{} [장애 {name}]", told.ko), format!("{} [fault {name}]", told.en)),
        None => told,
    }
}

fn created(kind: &str) -> Words {
    words(format!("발신자가 알려야 할 일이 생김 ({kind})"), format!("the sender has something to tell ({kind})"))
}

fn refused(code: Code) -> Words {
    match Code::TABLE.iter().find(|row| row.0 == code) {
        Some((_, _, ko, en)) => words(format!("거절 {code} ({ko})"), format!("refused {code} ({en})")),
        None => words(format!("거절 {code}"), format!("refused {code}")),
    }
}

fn charged(price: u64) -> Words {
    words(
        format!("망으로 넘어감, {} 청구", money(price, Lang::Ko)),
        format!("goes to the network, {} billed", money(price, Lang::En)),
    )
}

fn reported(claim: Belief, by: Ear, code: Code) -> Words {
    let by = |lang| ear(Some(by), lang);
    words(
        format!("발신자가 들은 말 ({}): {} ({code})", by(Lang::Ko), belief(claim, Lang::Ko)),
        format!("the sender is told by {}: {} ({code})", by(Lang::En), belief(claim, Lang::En)),
    )
}

fn counted(counter: &str, amount: u32) -> Words {
    let amount = number(u64::from(amount));
    words(format!("창구가 셈: {counter}, {amount}원"), format!("the desk counts: {counter}, {amount} won"))
}

fn of_fault(name: &str, ko: &str, en: &str) -> Words {
    words(format!("장애 {name} {ko}"), format!("fault {name} {en}"))
}

fn held(why: Hold) -> Words {
    match why {
        Hold::Offline => both("단말이 오프라인이라 망에서 대기", "waits in the network: the phone is offline"),
        Hold::Fault => both("망에 붙잡힘", "is held inside the network"),
        Hold::Sender => both("기관의 전산이 멈춰 발신하지 못함", "waits at the sender, whose own systems are gone"),
        Hold::Capacity => both("처리 한도 때문에 대기", "waits for room under the capacity"),
    }
}

fn lost(leg: Leg, why: Loss) -> Words {
    let (what_ko, what_en) = match leg {
        Leg::Submit => ("발송 요청이", "the call is"),
        Leg::Connect => ("접속이", "the connection is"),
        Leg::Deliver => ("메시지가", "the message is"),
        Leg::Receipt => ("단말의 수신 확인이", "the phone's receipt is"),
        Leg::Report => ("발신자에게 갈 결과가", "the report to the sender is"),
        Leg::Identify => ("본인확인이", "the proof of identity is"),
    };
    let (why_ko, why_en) = match why {
        Loss::Dropped => ("사라짐", "lost"),
        Loss::StoreExpired => ("보관 기한을 넘겨 버려짐", "thrown away: the network keeps nothing longer"),
        Loss::Astray => ("없어짐", "gone astray"),
    };
    words(format!("{what_ko} {why_ko}"), format!("{what_en} {why_en}"))
}

fn shown(copy: u8, since: Span) -> Words {
    if copy > 0 {
        return words(format!("단말이 또 표시함 (사본 {copy})"), format!("the phone shows it again (copy {copy})"));
    }
    let (ko, en) = (length(since, Lang::Ko), length(since, Lang::En));
    words(format!("단말이 표시함, 생긴 지 {ko}"), format!("the phone shows it, {en} after it was due"))
}

fn route_ended(outcome: Outcome) -> Words {
    match outcome {
        Outcome::Satisfied => both("발신자는 닿았다고 보고 끝냄", "the sender is done: it holds this for reached"),
        Outcome::Exhausted => both("발신자는 모든 수단을 써 보고 끝냄", "the sender is done: every leg was tried"),
        Outcome::GaveUp => both("발신자는 대체 수단 없이 끝냄", "the sender is done: its policy has no other way"),
    }
}

fn run_ended(end: End) -> Words {
    let (ko, en) = (crate::report::words::end(Some(end), Lang::Ko), crate::report::words::end(Some(end), Lang::En));
    words(format!("실행: {ko}"), format!("the run: {en}"))
}
