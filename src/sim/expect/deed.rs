//! Deeds: what happened in the services, one row a deed, for the metrics that look at services.

use std::collections::BTreeMap;

use crate::sim::expect::ledger::{Ledger, keep};
use crate::sim::expect::query::Query;
use crate::sim::expect::record::Moment;
use crate::sim::model::ids::{AttemptId, ChannelId, CounterId, FaultId, NoticeId, PersonId, StockId};
use crate::sim::model::service::ServiceEvent;
use crate::sim::time::SimTime;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// A person added a channel; `of` is the channel.
    Joined,
    /// A person left a channel; `of` is the channel, `amount` 1 if they blocked it, too.
    Left,
    /// A call of the census; `amount` recipients.
    Blast,
    /// The desk granted one of a stock; `of` is the stock, `amount` how many the person has of it by then.
    Granted,
    /// The person came when the stock was gone; `of` is the stock.
    SoldOut,
    /// The person was turned away, being no friend; `of` is the channel.
    TurnedAway,
    /// A counter came to its mark; `of` is the counter, `amount` how many different people it had counted by then. The
    /// person is the last of them.
    Reached,
    /// The person passed a message on; `amount` is the number of hands.
    Relayed,
    /// The two sides of a person's account when the run is over; `amount` is their difference in won.
    Balance,
    /// What became of a credit for a person; `of` is its counter, `amount` the won, known after `Ledger::settle`.
    Credit,
    /// A call for a credit that had been made before; `of` is its counter.
    Recredit,
    /// A person proved who they are, or could not; `wrong` says that they could not.
    Identified,
    /// The link of a document ran out.
    Expired,
    /// A person was reminded of a document.
    Reminded,
    /// A certificate for one end; `of` is `documents::certificate_key`, `done` when the end had it, `wrong` that it is not
    /// so.
    Certified,
    /// An end had a certificate once more; `of` as above.
    CertifiedAgain,
    /// A person asked for a ride; `done` when a driver had it, `wrong` that the person gave it up.
    Ride,
    /// A driver was given a ride; `wrong` that the driver was on another.
    Assigned,
    /// What became of a person's form; `of` is the counter, `done` when a case was opened, `amount` how often it was sent,
    /// `times` how many cases there are. Known after `Ledger::settle`.
    Form,
    /// When a person first heard of their form; `of` is the counter. Known after `Ledger::settle`.
    Answer,
    /// A person redeemed one of a stock, or asked to; `of` is the stock, `amount` how many more they had redeemed than they
    /// were ever granted, `done` the redemption.
    Redeemed,
    /// A person said something to a channel; `of` is the channel, `done` the first answer.
    Said,
    /// Something that was said is gone; `of` is the channel.
    WordLost,
    /// A person was put through to somebody at the desk; `of` is the channel, `done` that person's answer.
    PutThrough,
    /// A talk came to a state; `of` is the state, `done` the instant at which the desk forgot it.
    Turned,
}

/// The person of a deed that is about nobody in particular.
pub(super) const NOBODY: PersonId = PersonId(u32::MAX);

/// One row.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeedRow {
    /// When.
    pub(super) at: Moment,
    /// When it was done; `NEVER` while it is not.
    pub(super) done: Moment,
    /// Whose; [`NOBODY`] where it is about nobody in particular.
    pub(super) person: PersonId,
    /// The fault that it met, if it met one.
    pub(super) fault: Option<FaultId>,
    /// How much, or how many: the deed says of what.
    pub(super) amount: u32,
    /// How often it was done.
    pub(super) times: u16,
    /// Of which row of the plan; the deed says which table.
    pub(super) of: u16,
    pub(super) deed: Deed,
    /// The attempt it is about, if it is about one.
    pub(super) attempt: Option<AttemptId>,
    /// It failed, or is not the truth.
    pub(super) wrong: bool,
}

/// Which rows further events of talks belong to.
#[derive(Clone, Debug, Default)]
pub(super) struct TalkBook {
    /// The row of each word that was said, by its number.
    words: BTreeMap<u32, usize>,
    /// The row of each word that was put through, by its number.
    through: BTreeMap<u32, usize>,
    /// The row of each talk's last turn.
    turns: BTreeMap<(PersonId, ChannelId), usize>,
}

impl Ledger {
    /// Takes one event of a service.
    pub(super) fn serve(&mut self, at: SimTime, event: ServiceEvent) {
        let row = |deed, person, of, amount| DeedRow { amount, ..DeedRow::new(deed, person, of, Moment::at(at)) };
        match event {
            ServiceEvent::BlastCalled { blast, recipients, .. } => {
                self.blasts.insert(blast, self.deeds.len());
                self.deed(row(Deed::Blast, NOBODY, 0, recipients));
            }
            ServiceEvent::BlastHeld { blast, fault } | ServiceEvent::BlastLost { blast, fault } => {
                self.name(fault);
                if let Some(row) = self.blast(blast) {
                    row.fault = fault;
                }
            }
            ServiceEvent::BlastDelivered { blast, fault } => {
                let Some(row) = self.blast(blast) else { return };
                row.done = Moment::at(at);
                row.fault = fault.or(row.fault);
            }
            ServiceEvent::FriendAdded { person, channel } => self.deed(row(Deed::Joined, person, channel.0, 0)),
            ServiceEvent::FriendLeft { person, channel, blocked } => {
                self.deed(row(Deed::Left, person, channel.0, u32::from(blocked)));
            }
            ServiceEvent::Granted { person, stock, .. } => {
                let times = self.granted(person, stock);
                self.deed(row(Deed::Granted, person, stock.0, times));
            }
            ServiceEvent::Redeemed { person, stock } => {
                let used = self.redeemed.entry((stock.0, person.0)).or_insert(0);
                *used += 1;
                let had = self.holdings.get(&(stock.0, person.0)).copied().unwrap_or(0);
                let surplus = used.saturating_sub(had);
                self.deed(DeedRow { done: Moment::at(at), ..row(Deed::Redeemed, person, stock.0, surplus) });
            }
            ServiceEvent::RedeemRefused { person, stock } => self.deed(row(Deed::Redeemed, person, stock.0, 0)),
            ServiceEvent::SoldOut { person, stock } => self.deed(row(Deed::SoldOut, person, stock.0, 0)),
            ServiceEvent::TurnedAway { person, channel } => self.deed(row(Deed::TurnedAway, person, channel.0, 0)),
            ServiceEvent::ThresholdReached { counter, .. } => {
                let (last, people) = self.people_of(counter);
                self.deed(row(Deed::Reached, last, counter.0, people));
            }
            ServiceEvent::Relayed { person, hops, .. } => self.deed(row(Deed::Relayed, person, 0, hops)),
            ServiceEvent::Said { person, channel, word } => {
                self.talk_book.words.insert(word, self.deeds.len());
                self.deed(row(Deed::Said, person, channel.0, 0));
            }
            ServiceEvent::WordLost { person, channel, fault, .. } => {
                self.name(fault);
                self.deed(row(Deed::WordLost, person, channel.0, 0));
            }
            ServiceEvent::PutThrough { person, channel, word, .. } => {
                self.talk_book.through.insert(word, self.deeds.len());
                self.deed(row(Deed::PutThrough, person, channel.0, 0));
            }
            ServiceEvent::Replied { word, human, .. } => {
                self.done(at, self.talk_book.words.get(&word).copied());
                if human {
                    self.done(at, self.talk_book.through.get(&word).copied());
                }
            }
            ServiceEvent::TalkTurned { person, channel, state } => {
                self.talk_book.turns.insert((person, channel), self.deeds.len());
                self.deed(row(Deed::Turned, person, state.0, 0));
            }
            ServiceEvent::TalkForgotten { person, channel, .. } => {
                self.done(at, self.talk_book.turns.get(&(person, channel)).copied());
            }
            ServiceEvent::FriendLost { fault, .. } | ServiceEvent::RelayLost { fault, .. } => self.name(fault),
            ServiceEvent::Credited { person, counter, amount, again } => {
                self.credited(at, person, counter, amount);
                if again {
                    self.deed(row(Deed::Recredit, person, counter.0, 0));
                }
            }
            ServiceEvent::CreditRecognised { person, counter } => self.deed(row(Deed::Recredit, person, counter.0, 0)),
            ServiceEvent::CreditFailed { fault, .. } => self.name(fault),
            ServiceEvent::FormSent { person, counter, .. }
            | ServiceEvent::CaseOpened { person, counter, .. }
            | ServiceEvent::CaseKnown { person, counter, .. }
            | ServiceEvent::CaseMoved { person, counter, .. } => self.filed(at, person, counter, event),
            ServiceEvent::FormFailed { person, counter, fault, .. }
            | ServiceEvent::FormAnswered { person, counter, fault } => {
                self.name(fault);
                self.filed(at, person, counter, event);
            }
            ServiceEvent::JobCrashed { .. } | ServiceEvent::JobResumed { .. } => {}
            ServiceEvent::PaymentAsked { person, notice, .. } => self.asked_to_pay(at, notice, person),
            ServiceEvent::PaymentAuthorised { person, notice, amount, .. } => {
                self.money_moved(at, notice, person, amount);
            }
            ServiceEvent::PaymentBooked { person, notice, amount } => self.booked_as_paid(at, notice, person, amount),
            ServiceEvent::PaymentRefused { notice, fault, .. }
            | ServiceEvent::PaymentUnanswered { notice, fault, .. }
            | ServiceEvent::PaymentConfirmed { notice, fault, .. }
            | ServiceEvent::PaymentReportLost { notice, fault, .. } => self.bite(notice, fault),
            ServiceEvent::IdentityChecked { attempt, person, passed, fault } => {
                self.identified(at, attempt, person, passed, fault);
            }
            ServiceEvent::LinkExpired { attempt, person } => self.of_document(at, Deed::Expired, attempt, person),
            ServiceEvent::Reminded { attempt, person, .. } => self.of_document(at, Deed::Reminded, attempt, person),
            ServiceEvent::CertificateIssued { attempt, certificate, ends } => {
                self.certified(at, attempt, certificate, ends);
            }
            ServiceEvent::CertificateHeld { attempt, certificate, end } => self.held_at(at, attempt, certificate, end),
            ServiceEvent::CertificateDelayed { attempt, fault, .. } => self.bite(attempt.notice, fault),
            ServiceEvent::RideAsked { person, ride } => self.ride_asked(at, ride, person),
            ServiceEvent::RideRefused { ride, fault, .. } => self.ride_refused(ride, fault),
            ServiceEvent::RideAssigned { person, ride, .. } => self.ride_assigned(at, ride, person),
            ServiceEvent::RideEnded { person, .. } => {
                self.driving.remove(&person);
            }
            ServiceEvent::RideGivenUp { ride, .. } => self.ride_given_up(ride),
            ServiceEvent::DocumentSent { .. }
            | ServiceEvent::AlertSounded { .. }
            | ServiceEvent::RideOffered { .. }
            | ServiceEvent::RideMissed { .. } => {}
        }
    }

    /// What the deed of a row asked for was done; only the first time counts.
    fn done(&mut self, at: SimTime, row: Option<usize>) {
        // A row that did not fit is counted as dropped, and there is nothing to note.
        if let Some(deed) = row.and_then(|row| self.deeds.get_mut(row)).filter(|deed| deed.done.is_never()) {
            deed.done = Moment::at(at);
        }
    }

    fn blast(&mut self, blast: u32) -> Option<&mut DeedRow> {
        let row = *self.blasts.get(&blast)?;
        self.deeds.get_mut(row)
    }

    fn deed(&mut self, row: DeedRow) {
        keep(&mut self.deeds, &mut self.dropped, row);
    }

    /// Notes a grant beside the answer that it came with, and says how many of the stock the person has now.
    fn granted(&mut self, person: PersonId, stock: StockId) -> u32 {
        if let Some(answer) = self.answers.last_mut().filter(|answer| answer.person == person && answer.counted) {
            answer.stock = Some(stock);
        }
        let times = self.holdings.entry((stock.0, person.0)).or_insert(0);
        *times += 1;
        *times
    }

    /// Who was counted last, and how many different people were, by what the counter itself counted and not by what the
    /// event says.
    fn people_of(&self, counter: CounterId) -> (PersonId, u32) {
        let counted = self.counts.iter().filter(|row| row.counter == counter);
        let last = counted.clone().next_back().map_or(PersonId(0), |row| row.person);
        (last, counted.filter(|row| !row.again).count() as u32)
    }
}

impl DeedRow {
    /// A row of which no more is known.
    pub(super) fn new(deed: Deed, person: PersonId, of: u16, at: Moment) -> DeedRow {
        let done = Moment::NEVER;
        DeedRow { at, done, person, fault: None, amount: 0, times: 0, of, deed, attempt: None, wrong: false }
    }

    /// The notice it is about, if it is about one.
    pub(super) fn notice(&self) -> Option<NoticeId> {
        self.attempt.map(|attempt| attempt.notice)
    }

    /// Whether it is such a deed, and met the fault of `hit=`.
    pub(super) fn is(&self, deed: Deed, query: &Query<'_>) -> bool {
        self.deed == deed && query.filter.hit.is_none_or(|hit| self.fault == Some(hit))
    }

    /// Whether it was done, and within `within=`.
    pub(super) fn done_in_time(&self, query: &Query<'_>) -> bool {
        match (self.at.time(), self.done.time()) {
            (Some(at), Some(done)) => query.in_time(at, done),
            (_, _) => false,
        }
    }
}
