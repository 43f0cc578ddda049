//! What happens in a channel's services, beside messages: friends come and go, people talk, pay, ask, are granted.
//!
//! One table for all of them: an event's word in files, what it says in Korean and English, and its fields. Writing,
//! reading and "what is it about" follow from the table, so that a new service adds rows here and nothing elsewhere.
//! A field is written under its own name.

use crate::sim::model::ids::{AttemptId, ChannelId, CounterId, FaultId, NoticeId, PersonId, StateId, StockId};
use crate::sim::model::service::word::{Certificate, DocumentEnd, Instead, Tone};

mod field;
mod fields;
pub mod word;

pub use fields::{Field, Named, Sink, Source, Table};

macro_rules! service_events {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal ($ko:literal, $en:literal)
        { $($(#[doc = $field_doc:literal])+ $field:ident : $type:ty),+ $(,)? })+) => {
        /// One thing that happened in a service.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ServiceEvent {
            $($(#[doc = $doc])+ $variant { $($(#[doc = $field_doc])+ $field: $type),+ },)+
        }

        impl ServiceEvent {
            /// The words of all service events, in the order of the table.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// The word in files: past tense.
            pub const fn name(&self) -> &'static str {
                match self { $(ServiceEvent::$variant { .. } => $name,)+ }
            }

            /// What it says, in Korean and in English.
            pub const fn told(&self) -> (&'static str, &'static str) {
                match self { $(ServiceEvent::$variant { .. } => ($ko, $en),)+ }
            }

            /// Writes all fields, in the order of the table.
            pub fn write(&self, sink: &mut dyn Sink) {
                match *self { $(ServiceEvent::$variant { $($field),+ } => { $($field.write(stringify!($field), sink);)+ })+ }
            }

            /// Reads an event of that word; `None` if there is no such word.
            pub fn read(name: &str, source: &mut dyn Source) -> Option<Result<ServiceEvent, String>> {
                match name {
                    $($name => Some((|| Ok(ServiceEvent::$variant { $($field: Field::read(stringify!($field), source)?),+ }))()),)+
                    _ => None,
                }
            }

            /// The person that it is about: the first one it names.
            pub fn person(&self) -> Option<PersonId> {
                match *self { $(ServiceEvent::$variant { $($field),+ } => None$(.or(Field::person($field)))+,)+ }
            }

            /// The notice that it is about, if it is about one.
            pub fn notice(&self) -> Option<NoticeId> {
                match *self { $(ServiceEvent::$variant { $($field),+ } => None$(.or(Field::notice($field)))+,)+ }
            }

            /// The attempt that it is about, if it is about one.
            pub fn attempt(&self) -> Option<AttemptId> {
                match *self { $(ServiceEvent::$variant { $($field),+ } => None$(.or(Field::attempt($field)))+,)+ }
            }

            /// The fault that it names, if it names one.
            pub fn fault(&self) -> Option<FaultId> {
                match *self { $(ServiceEvent::$variant { $($field),+ } => None$(.or(Field::fault($field)))+,)+ }
            }
        }
    };
}

service_events! {
    /// The person added the channel, or came back to it. Truth: the platform knows it at once.
    FriendAdded "friend_added" ("채널 친구가 됨", "adds the channel") {
        /// Who.
        person: PersonId,
        /// Which channel.
        channel: ChannelId,
    }
    /// The person left the channel.
    FriendLeft "friend_left" ("채널 친구를 그만둠", "leaves the channel") {
        /// Who.
        person: PersonId,
        /// Which channel.
        channel: ChannelId,
        /// Blocked it, too.
        blocked: bool,
    }
    /// A channel of the census called the platform for many recipients at once.
    BlastCalled "blast_called" ("채널이 일괄 발송을 요청", "calls for many recipients") {
        /// The call, counted from 0 as planned.
        blast: u32,
        /// The channel, by its rank from 1.
        channel: u32,
        /// How many recipients.
        recipients: u32,
    }
    /// A call waits at the platform because of a fault.
    BlastHeld "blast_held" ("일괄 발송이 막혀 있음", "the call waits at the platform") {
        /// Which.
        blast: u32,
        /// The fault.
        fault: Option<FaultId>,
    }
    /// The last recipient of a call has it. Truth.
    BlastDelivered "blast_delivered" ("일괄 발송이 끝까지 전달됨", "the last recipient has it") {
        /// Which.
        blast: u32,
        /// The fault that kept it, if one did.
        fault: Option<FaultId>,
    }
    /// A call was given up, or dropped.
    BlastLost "blast_lost" ("일괄 발송이 사라짐", "the call is lost") {
        /// Which.
        blast: u32,
        /// The fault that did it.
        fault: Option<FaultId>,
    }
    /// The person's word that they add, leave or block the channel was lost on its way to the platform.
    FriendLost "friend_lost" ("채널 추가·해제가 전해지지 않음", "is not heard about the channel") {
        /// Who.
        person: PersonId,
        /// Which channel.
        channel: ChannelId,
        /// The fault that lost it.
        fault: Option<FaultId>,
    }
    /// The desk granted one of a stock. Truth: the stock is one less from this instant.
    Granted "granted" ("재고에서 하나를 받음", "is granted one of the stock") {
        /// To whom.
        person: PersonId,
        /// Of which stock.
        stock: StockId,
        /// Which one of the stock, counting from 1.
        number: u32,
    }
    /// The person asked after the last one of the stock was gone.
    SoldOut "sold_out" ("재고가 다 떨어진 뒤에 옴", "comes when the stock is gone") {
        /// Who.
        person: PersonId,
        /// Of which stock.
        stock: StockId,
    }
    /// The desk turned somebody away who is no friend of the channel.
    TurnedAway "turned_away" ("채널 친구가 아니어서 거절됨", "is turned away: no friend of the channel") {
        /// Who.
        person: PersonId,
        /// Which channel they would have to be a friend of.
        channel: ChannelId,
    }
    /// A counter of the desk came to the mark that a rule waits for. Happens once a rule.
    ThresholdReached "threshold_reached" ("집계가 목표에 이름", "the count comes to its mark") {
        /// Which counter.
        counter: CounterId,
        /// How often it had counted by then.
        count: u32,
        /// How many different people it had counted.
        people: u32,
    }
    /// The person passed a message on to somebody they know.
    Relayed "relayed" ("아는 사람에게 전함", "passes it on to somebody they know") {
        /// Who.
        person: PersonId,
        /// To whom.
        to: PersonId,
        /// As which notice.
        notice: NoticeId,
        /// How many hands it has gone through: 1 from somebody whom the agency itself had told.
        hops: u32,
    }
    /// What the person passed on was lost on its way to the platform.
    RelayLost "relay_lost" ("전하던 것이 사라짐", "passes it on, and it is lost") {
        /// Who.
        person: PersonId,
        /// The fault that lost it.
        fault: Option<FaultId>,
    }
    /// The person asks the payment platform to pay what a notice asks for.
    PaymentAsked "payment_asked" ("결제를 요청함", "asks to pay") {
        /// Who.
        person: PersonId,
        /// The notice that asks for the money.
        notice: NoticeId,
        /// 1 for the first time; the person who heard nothing asks again.
        round: u32,
    }
    /// The platform turned the request away, and the person saw so.
    PaymentRefused "payment_refused" ("결제 요청이 거절됨", "is turned away by the payment platform") {
        /// Who.
        person: PersonId,
        /// The notice that asks for the money.
        notice: NoticeId,
        /// The fault that refused.
        fault: Option<FaultId>,
    }
    /// The person gave the payment's page up without an answer.
    PaymentUnanswered "payment_unanswered" ("결제 결과를 듣지 못함", "hears nothing of the payment") {
        /// Who.
        person: PersonId,
        /// The notice that asks for the money.
        notice: NoticeId,
        /// Whether money moved all the same.
        taken: bool,
        /// The fault, if it was one.
        fault: Option<FaultId>,
    }
    /// Money moved. Truth.
    PaymentAuthorised "payment_authorised" ("돈이 나감", "money moves") {
        /// Whose money.
        person: PersonId,
        /// The notice that asked for it.
        notice: NoticeId,
        /// In won.
        amount: u32,
        /// 1 for the first time; more is once too often.
        round: u32,
    }
    /// The person saw that it is paid.
    PaymentConfirmed "payment_confirmed" ("결제 완료 화면을 봄", "sees that it is paid") {
        /// Who.
        person: PersonId,
        /// The notice that asked for the money.
        notice: NoticeId,
        /// The fault that made it wait, if one did.
        fault: Option<FaultId>,
    }
    /// The agency was told and books it as paid. Belief.
    PaymentBooked "payment_booked" ("기관 장부에 납부로 적힘", "the agency books it as paid") {
        /// Whose payment.
        person: PersonId,
        /// The notice that asked for the money.
        notice: NoticeId,
        /// In won.
        amount: u32,
    }
    /// A job's credit reached the person's wallet. Truth.
    Credited "credited" ("지급됨", "has it in the wallet") {
        /// Whose wallet.
        person: PersonId,
        /// Which credit.
        counter: CounterId,
        /// In won.
        amount: u32,
        /// It had been credited to this person before.
        again: bool,
    }
    /// A repeated call for a credit that the wallet's ledger knows: nothing moves.
    CreditRecognised "credit_recognised" ("이미 지급된 것을 원장이 알아봄", "has it already: the ledger knows the call") {
        /// Whose wallet.
        person: PersonId,
        /// Which credit.
        counter: CounterId,
    }
    /// A job's call for a credit brought no "done"; the job calls again.
    CreditFailed "credit_failed" ("지급 요청에 답이 없거나 거절됨", "the call for the credit fails") {
        /// For whom.
        person: PersonId,
        /// Which credit.
        counter: CounterId,
        /// The wallet has it all the same.
        taken: bool,
        /// The fault, if it was one.
        fault: Option<FaultId>,
    }
    /// The person sends a form.
    FormSent "form_sent" ("신고서를 보냄", "sends the form") {
        /// Who.
        person: PersonId,
        /// To which intake.
        counter: CounterId,
        /// 1 for the first time; the person who heard nothing sends it again.
        round: u32,
    }
    /// The form was refused, or the person gave the page up without an answer.
    FormFailed "form_failed" ("신고서에 답을 듣지 못함", "hears nothing of the form, or no") {
        /// Who.
        person: PersonId,
        /// Of which intake.
        counter: CounterId,
        /// Whether it arrived all the same.
        taken: bool,
        /// The fault, if it was one.
        fault: Option<FaultId>,
    }
    /// The page said that the form has arrived.
    FormAnswered "form_answered" ("접수 완료 화면을 봄", "sees that the form has arrived") {
        /// Who.
        person: PersonId,
        /// Of which intake.
        counter: CounterId,
        /// The fault that made it wait, if one did.
        fault: Option<FaultId>,
    }
    /// A form became a case.
    CaseOpened "case_opened" ("접수번호가 생김", "gets a case number") {
        /// Whose.
        person: PersonId,
        /// Of which intake.
        counter: CounterId,
        /// Its number, counting from 1.
        case: u32,
        /// The person had one already.
        again: bool,
    }
    /// A form that came again was put to the person's case.
    CaseKnown "case_known" ("다시 온 신고서를 알아봄", "sent the form again: it is put to the case") {
        /// Whose.
        person: PersonId,
        /// Of which intake.
        counter: CounterId,
        /// The case.
        case: u32,
    }
    /// A case reached its next stage, and the person is told.
    CaseMoved "case_moved" ("사건이 다음 단계로 감", "is told of the next stage") {
        /// Whose.
        person: PersonId,
        /// Of which intake.
        counter: CounterId,
        /// The case.
        case: u32,
        /// The stage, counting from 1.
        stage: u32,
    }
    /// A job was killed.
    JobCrashed "job_crashed" ("지급 작업이 죽음", "the job is killed") {
        /// Which credit's.
        counter: CounterId,
        /// So many people had been called for.
        called: u32,
        /// So many of them stand in its last checkpoint.
        saved: u32,
    }
    /// A job goes on from its last checkpoint.
    JobResumed "job_resumed" ("지급 작업이 마지막 기록부터 다시 시작함", "the job goes on from its last checkpoint") {
        /// Which credit's.
        counter: CounterId,
        /// From so many people on.
        saved: u32,
    }
    /// Word of a payment to the agency was lost.
    PaymentReportLost "payment_report_lost" ("기관에 갈 결제 결과가 사라짐", "word of the payment to the agency is lost") {
        /// Whose payment.
        person: PersonId,
        /// The notice that asked for the money.
        notice: NoticeId,
        /// The fault, if it was one.
        fault: Option<FaultId>,
    }
    /// The person gave proof of identity for a document, or could not. Truth.
    IdentityChecked "identity_checked" ("본인확인", "proves identity") {
        /// Of which message.
        attempt: AttemptId,
        /// Who.
        person: PersonId,
        /// It was taken.
        passed: bool,
        /// The fault that stopped it, if it was one; the person tries again later.
        fault: Option<FaultId>,
    }
    /// The link of a document ran out unread.
    LinkExpired "link_expired" ("열람 기한이 지남", "the link runs out unread") {
        /// Of which message.
        attempt: AttemptId,
        /// Whose.
        person: PersonId,
    }
    /// The platform reminded a person of a document.
    Reminded "reminded" ("열람을 다시 알림", "is reminded of the document") {
        /// Of which message.
        attempt: AttemptId,
        /// Whom.
        person: PersonId,
        /// By which notice.
        reminder: NoticeId,
    }
    /// The platform certified what it knows of a document: its record of proof.
    CertificateIssued "certificate_issued" ("증명 발급", "is certified") {
        /// Of which message.
        attempt: AttemptId,
        /// Of what.
        certificate: Certificate,
        /// To how many ends it goes.
        ends: u32,
    }
    /// A certificate cannot reach an end yet; the platform tries again.
    CertificateDelayed "certificate_delayed" ("증명 전달이 늦어짐", "the certificate has to wait") {
        /// Of which message.
        attempt: AttemptId,
        /// Of what.
        certificate: Certificate,
        /// At which end.
        end: DocumentEnd,
        /// The fault behind it, if it was one.
        fault: Option<FaultId>,
    }
    /// A certificate reached an end.
    CertificateHeld "certificate_held" ("증명 보관", "the certificate is in hand") {
        /// Of which message.
        attempt: AttemptId,
        /// Of what.
        certificate: Certificate,
        /// At which end.
        end: DocumentEnd,
    }
    /// A person asked for a ride.
    RideAsked "ride_asked" ("차를 부름", "asks for a ride") {
        /// Who.
        person: PersonId,
        /// The ride, counted from 0.
        ride: u32,
    }
    /// A request found no platform; the person asks again.
    RideRefused "ride_refused" ("호출이 닿지 못함", "the request does not get through") {
        /// Who.
        person: PersonId,
        /// Which ride.
        ride: u32,
        /// The fault, if it was one.
        fault: Option<FaultId>,
    }
    /// A driver was asked.
    RideOffered "ride_offered" ("기사에게 물음", "is offered a ride") {
        /// The driver.
        person: PersonId,
        /// Which ride.
        ride: u32,
        /// The notice that asks.
        notice: NoticeId,
    }
    /// The first driver who took a ride has it.
    RideAssigned "ride_assigned" ("배차됨", "has the ride") {
        /// The driver.
        person: PersonId,
        /// Which ride.
        ride: u32,
        /// For whom.
        rider: PersonId,
        /// How many cells away the driver is.
        cells: u32,
    }
    /// A driver took a ride that was gone.
    RideMissed "ride_missed" ("이미 배차된 호출", "is too late for the ride") {
        /// The driver.
        person: PersonId,
        /// Which ride.
        ride: u32,
    }
    /// A ride is over; the driver is free.
    RideEnded "ride_ended" ("운행을 마침", "is free again") {
        /// The driver.
        person: PersonId,
        /// Which ride.
        ride: u32,
    }
    /// A rider gave up waiting.
    RideGivenUp "ride_given_up" ("호출을 그만둠", "gives the ride up") {
        /// Who.
        person: PersonId,
        /// Which ride.
        ride: u32,
        /// For what.
        instead: Instead,
        /// A driver was on the way, and the rider did not know.
        in_vain: bool,
    }
    /// A phone showed a cell broadcast. Truth.
    AlertSounded "alert_sounded" ("재난문자가 울림", "sounds the alert") {
        /// Of which message.
        attempt: AttemptId,
        /// Whose phone.
        person: PersonId,
        /// How loud.
        tone: Tone,
        /// How many characters of the text it shows: an old phone has the short one.
        characters: u32,
    }
    /// One office wrote to another.
    DocumentSent "document_sent" ("기관이 문서를 보냄", "an office sends a document") {
        /// Which notice it is to the office that gets it.
        notice: NoticeId,
        /// Who writes.
        writer: PersonId,
    }
    /// The person redeemed one of what they had been granted; they hold one less.
    Redeemed "redeemed" ("받은 것을 사용함", "redeems one of the stock") {
        /// Who.
        person: PersonId,
        /// Of which stock.
        stock: StockId,
    }
    /// The person asked to redeem, and held none.
    RedeemRefused "redeem_refused" ("사용할 것이 없음", "holds none to redeem") {
        /// Who.
        person: PersonId,
        /// Of which stock.
        stock: StockId,
    }
    /// The person wrote to a channel. Truth: whether the channel's desk ever hears it is another matter.
    Said "said" ("채널에 말함", "writes to the channel") {
        /// Who.
        person: PersonId,
        /// To which channel.
        channel: ChannelId,
        /// The number of what was said, from 0, in the order of the run.
        word: u32,
    }
    /// What was said is gone for good: the desk never hears it.
    WordLost "word_lost" ("한 말이 사라짐", "what was said is lost on the way") {
        /// Whose.
        person: PersonId,
        /// To which channel.
        channel: ChannelId,
        /// What was said, by number.
        word: u32,
        /// The fault that lost it.
        fault: Option<FaultId>,
    }
    /// A rule of the desk puts the person through to somebody who works there.
    PutThrough "put_through" ("상담원에게 넘김", "is put through to a person") {
        /// Who.
        person: PersonId,
        /// To which channel.
        channel: ChannelId,
        /// What was said, by number.
        word: u32,
        /// Within the hours of the desk.
        open: bool,
    }
    /// The desk answered what was said.
    Replied "replied" ("창구가 말에 답함", "the desk replies") {
        /// To whom.
        person: PersonId,
        /// From which channel.
        channel: ChannelId,
        /// What was said, by number.
        word: u32,
        /// Somebody who works there wrote it, not the machine.
        human: bool,
    }
    /// A talk came to another state.
    TalkTurned "talk_turned" ("대화 상태가 바뀜", "the talk comes to another state") {
        /// With whom.
        person: PersonId,
        /// Of which channel.
        channel: ChannelId,
        /// The state.
        state: StateId,
    }
    /// The desk forgot where the talk was, because nothing was said for too long.
    TalkForgotten "talk_forgotten" ("대화 상태를 잊음", "the desk forgets where the talk was") {
        /// With whom.
        person: PersonId,
        /// Of which channel.
        channel: ChannelId,
        /// The state that it was in.
        state: StateId,
    }
}
