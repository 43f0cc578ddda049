//! Services: what an agency's channel offers beside messages. One file each; each keeps its own state and does its own
//! duties.
//!
//! A service is set off by a person (who joins, speaks, presses, asks) or by a line of the timeline; it tells what
//! happened as a `ServiceEvent`, and reaches people only by notices, like everybody else. Faults judge its crossings
//! as they judge any other.

use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::state::AttemptIx;
use crate::sim::medium::Capability;
use crate::sim::model::event::{Leg, Loss};
use crate::sim::model::ids::{ChannelId, FaultId, NoticeId, PersonId};
use crate::sim::model::medium::Medium;
use crate::sim::model::service::word::Certificate;

pub(super) mod census;
mod crossing;
mod counsel;
pub(super) mod friends;
pub(super) mod stock;
pub(super) mod relay;
mod certified;
pub(super) mod certificate;
mod exchange;
pub(super) mod alert;
mod dispatch;
pub(super) mod fleet;
pub(super) mod talk;
#[cfg(test)]
mod talk_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod small_runs;

mod call;
mod credits;
mod intakes;
mod payments;

use credits::Credits;
use friends::Wished;
use intakes::Intakes;
use payments::Payments;

/// What services remember.
#[derive(Debug, Default)]
pub(super) struct Services {
    payments: Payments,
    credits: Credits,
    intakes: Intakes,
}

/// What a service asked to be woken for; what it is about stands beside it in the alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Duty {
    /// The next person of a `join:` line adds the channel.
    Join,
    /// A channel of the census calls the platform.
    Blast,
    /// A call of the census has its turn at the platform.
    BlastTurn,
    /// A call of the census has reached its last recipient.
    BlastEnds,
    /// The next person of a `leave:` line leaves the channel.
    Leave,
    /// A person's word about a channel is about to cross to the platform.
    Wish,
    /// It has crossed.
    WishArrives,
    /// A message is about to be passed on by whoever it is for.
    Relay,
    /// It has crossed.
    RelayArrives,
    /// A request to pay is at the payment platform; of: the round.
    PayTake,
    /// The platform's answer is on the person's page; of: the round.
    PayHeard,
    /// The person has looked at a silent page for long enough; of: the round.
    PayPatience,
    /// The person asks again to pay.
    PayAgain,
    /// Word of a payment is about to cross to the agency.
    PayReport,
    /// Word of a payment that has crossed reaches the agency.
    PayBook,
    /// Platform and agency compare their books; of: the row of `payments:`.
    PaySettle,
    /// A job calls for its next person; of: the row of `credit:`, row: the job's life.
    Credit,
    /// A job calls again for a person; of: the row of `credit:`, row: the place.
    CreditAgain,
    /// A job's call reaches the wallet; of: the row of `credit:`, row: the place.
    CreditArrives,
    /// A job is killed; of: the row of `credit:`.
    Crash,
    /// A job goes on; of: the row of `credit:`.
    Resume,
    /// A proof of identity crosses to the platform; `of` counts the tries before.
    Identify,
    /// A proof that has crossed is looked at.
    IdentityArrives,
    /// People who have not opened a document are reminded.
    Remind,
    /// The link of a document runs out.
    LinkEnds,
    /// Word of a link that ran out crosses to the sender.
    LinkWord,
    /// A delayed receipt of a document reaches the platform.
    CertifyReceipt,
    /// A certificate crosses to its end; `of` counts the tries before.
    HandOver,
    /// A certificate that has crossed is there.
    CertificateArrives,
    /// The next document of an `exchange:` line.
    Exchange,
    /// A person asks for a ride.
    Hail,
    /// A request for a ride tries to cross again.
    AskAgain,
    /// A request that has crossed is at the platform.
    Request,
    /// Drivers are asked, if the ride still waits.
    AskDrivers,
    /// A rider's patience ends.
    RiderLeaves,
    /// A ride is over.
    RideEnds,
    /// A person sends a form.
    FormSent,
    /// A form is at the desk; of: the round.
    FormArrives,
    /// The answer to a form is on the person's page; of: the round.
    FormAnswered,
    /// The person has looked at a silent page for long enough; of: the round.
    FormPatience,
    /// A case reaches a stage; of: the stage.
    CaseMoves,
    /// A person says something after reading a message: row of `says:`, the attempt that was read.
    Speak,
    /// What was said is about to cross to the desk.
    WordCrosses,
    /// What was said and has crossed reaches the desk.
    WordArrives,
    /// Somebody who works at the desk answers what was said.
    Counsel,
    /// A talk may have been silent for too long: the channel, the person.
    Forget,
}

impl Engine {
    /// At the beginning: the timeline's lines that are services' set their first alarms.
    pub(super) fn plan_services(&mut self) {
        self.plan_joins();
        self.plan_blasts();
        self.plan_leaves();
        self.plan_settlements();
        self.plan_credits();
        self.plan_exchanges();
        self.plan_dispatch();
        self.plan_reports();
    }

    /// A duty is due.
    pub(super) fn do_duty(&mut self, duty: Duty, of: u16, row: u32) {
        match duty {
            Duty::Join => self.join_next(of, row),
            Duty::Leave => self.leave_next(of, row),
            Duty::Wish => self.wish(Wished::of(of), PersonId(row)),
            Duty::WishArrives => self.wish_arrives(Wished::of(of), PersonId(row)),
            Duty::Relay => self.relay(of, NoticeId(row)),
            Duty::RelayArrives => self.relay_arrives(of, NoticeId(row)),
            Duty::Speak => self.speak(of, row),
            Duty::WordCrosses => self.word_crosses(row),
            Duty::WordArrives => self.word_arrives(row),
            Duty::Counsel => self.counsel(row),
            Duty::Forget => self.forget_talk(ChannelId(of), PersonId(row)),
            Duty::Blast => self.blast(row),
            Duty::BlastTurn => self.blast_turn(row),
            Duty::BlastEnds => self.blast_ends(row),
            Duty::PayTake => self.take_payment(row, of),
            Duty::PayHeard => self.payment_heard(row, of),
            Duty::PayPatience => self.payment_gives_up(row, of),
            Duty::PayAgain => self.ask_to_pay(row),
            Duty::PayReport => self.report_payment(row),
            Duty::PayBook => self.book_payment(row),
            Duty::PaySettle => self.settle_payments(of),
            Duty::Credit => self.credit_next(of, row),
            Duty::CreditAgain => self.credit_again(of, row),
            Duty::CreditArrives => self.credit(of, row),
            Duty::Crash => self.crash_job(of),
            Duty::Resume => self.resume_job(of),
            Duty::Identify => self.identity_crosses(AttemptIx(row), of),
            Duty::IdentityArrives => self.identity_arrives(AttemptIx(row)),
            Duty::Remind => self.remind(AttemptIx(row)),
            Duty::LinkEnds => self.link_ends(AttemptIx(row)),
            Duty::LinkWord => self.link_word_crosses(AttemptIx(row)),
            Duty::CertifyReceipt => self.certify(AttemptIx(row), Certificate::Received),
            Duty::HandOver => self.hand_over(row, of),
            Duty::CertificateArrives => self.certificate_held(row),
            Duty::Exchange => self.exchange_next(of, row),
            Duty::Hail => self.hail(PersonId(row)),
            Duty::AskAgain => self.request_crosses(row),
            Duty::Request => self.request_arrives(row),
            Duty::AskDrivers => self.ask_drivers(row),
            Duty::RiderLeaves => self.rider_leaves(row),
            Duty::RideEnds => self.ride_ends(row),
            Duty::FormSent => self.send_form(row),
            Duty::FormArrives => self.form_arrives(row, of),
            Duty::FormAnswered => self.form_answered(row, of),
            Duty::FormPatience => self.form_gives_up(row, of),
            Duty::CaseMoves => self.case_moves(row, of),
        }
    }

    /// A fault held something of a service, and drops it.
    pub(super) fn drop_duty(&mut self, duty: Duty, of: u16, row: u32, fault: FaultId) {
        match duty {
            Duty::Wish => self.wish_lost(Wished::of(of), PersonId(row), Some(fault)),
            Duty::Relay => self.relay_lost(NoticeId(row), Some(fault)),
            Duty::BlastTurn => self.blast_dropped(row, fault),
            Duty::PayReport => self.payment_report_lost(row, Some(fault)),
            Duty::LinkWord => self.lose(AttemptIx(row), Leg::Report, Loss::Dropped, Some(fault)),
            Duty::WordCrosses => self.lose_word(row, Some(fault)),
            Duty::Speak | Duty::WordArrives | Duty::Counsel | Duty::Forget => {}
            Duty::Join
            | Duty::Leave
            | Duty::WishArrives
            | Duty::RelayArrives
            | Duty::Blast
            | Duty::BlastEnds
            | Duty::PayTake
            | Duty::PayHeard
            | Duty::PayPatience
            | Duty::PayAgain
            | Duty::PayBook
            | Duty::PaySettle
            | Duty::Credit
            | Duty::CreditAgain
            | Duty::CreditArrives
            | Duty::Crash
            | Duty::Resume
            | Duty::Identify
            | Duty::IdentityArrives
            | Duty::Remind
            | Duty::LinkEnds
            | Duty::CertifyReceipt
            | Duty::HandOver
            | Duty::CertificateArrives
            | Duty::Exchange
            | Duty::Hail
            | Duty::AskAgain
            | Duty::Request
            | Duty::AskDrivers
            | Duty::RiderLeaves
            | Duty::RideEnds
            | Duty::FormSent
            | Duty::FormArrives
            | Duty::FormAnswered
            | Duty::FormPatience
            | Duty::CaseMoves => {}
        }
    }

    /// What a staged recovery counts a service's crossing as; `None` for what comes back with the first stage.
    pub(super) fn capability_of(&self, duty: Duty) -> Option<Capability> {
        (duty == Duty::WordCrosses).then(|| self.plan.medium(Medium::Chat).capability)
    }

    /// The alarm of a duty that is about a row alone.
    fn duty(duty: Duty, row: u32) -> Alarm {
        Alarm::Duty { duty, of: 0, row }
    }
}
