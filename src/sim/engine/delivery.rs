//! Delivery: a message that the platform took crosses to the phone, waits for it, or is lost on the way.

use crate::sim::dice::Subject;
use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::state::{AttemptIx, CHARGED, CHECKED, TRANSMITTED};
use crate::sim::fault::judge::{Bite, Ruling};
use crate::sim::fault::{FaultKind, LieClaim};
use crate::sim::medium::{Answer, Needs};
use crate::sim::model::code::Code;
use crate::sim::model::event::{Claim, EventKind, Hold, Leg, Loss};
use crate::sim::model::ids::FaultId;
use crate::sim::model::medium::Network;
use crate::sim::model::person::{KakaoState, PhoneState};
use crate::sim::plan::traits;
use crate::sim::time::Span;

/// What becomes of a message at the end of its way.
enum Door {
    /// The phone, letter box or ear is there.
    Open,
    /// The phone has no session; the network keeps the message.
    Away,
    /// Nobody can ever be there, and the sender is told so.
    Closed(Code),
    /// Nobody is there, and nobody is told.
    Nobody,
}

impl Engine {
    /// The message is about to cross to the phone: the faults of this instant have their say.
    pub(super) fn arrive(&mut self, ix: AttemptIx) {
        let ruling = self.judge(ix, Leg::Deliver, self.attempt(ix).shown);
        let Ruling { fate, delay, copies, copy_after, touched, charged: _ } = ruling;
        match fate {
            None => {
                for copy in 1..=u64::from(copies) {
                    self.agenda.set(self.now + delay + copy_after.times(copy), Alarm::Show(ix));
                }
                self.note_queue(ix, delay, touched);
                self.come_in(ix, delay);
            }
            Some((Bite::Hold, fault)) => {
                self.hold(fault, Alarm::Arrive(ix), Some(ix));
                self.poll(ix);
            }
            Some((Bite::FailLater { after, code }, _)) => {
                self.agenda.set(self.now + after, Alarm::Report { attempt: ix, claim: Claim::Failed, code });
            }
            Some((Bite::Refuse(code), _)) => self.report_later(ix, Claim::Failed, code),
            Some((Bite::TooMany, _)) => self.report_later(ix, Claim::Failed, Code::TOO_MANY),
            Some((Bite::Lie(LieClaim::Delivered), fault)) => {
                self.lose(ix, Leg::Deliver, Loss::Dropped, Some(fault));
                self.report_later(ix, Claim::Delivered, Code::OK);
            }
            Some((_gone, fault)) => {
                self.lose(ix, Leg::Deliver, Loss::Dropped, Some(fault));
                self.poll(ix);
            }
        }
    }

    /// The message has crossed: the phone shows it, or is sent it, or the network keeps it for later.
    pub(super) fn show(&mut self, ix: AttemptIx) {
        if !self.attempt(ix).is(CHECKED) && self.recipient_refusal(ix).is_some() {
            // A further copy for somebody whom the first one was refused for.
            return;
        }
        match self.door(ix) {
            Door::Open => self.show_now(ix),
            Door::Away => self.keep(ix),
            Door::Closed(code) => self.report_later(ix, Claim::Failed, code),
            Door::Nobody => {}
        }
    }

    /// The phone showed it. Truth, whoever plays the phone.
    pub(super) fn show_truth(&mut self, ix: AttemptIx) {
        let person = self.person_of(ix);
        let attempt = self.attempt_mut(ix);
        let (id, copy, fault) = (attempt.id(), attempt.shown, attempt.fault);
        attempt.shown = attempt.shown.saturating_add(1);
        self.emit(EventKind::Shown { attempt: id, person, copy, fault });
        if copy == 0 {
            self.pass_on(id.notice);
        }
    }

    pub(super) fn lose(&mut self, ix: AttemptIx, leg: Leg, why: Loss, fault: Option<FaultId>) {
        let attempt = self.attempt(ix).id();
        self.emit(EventKind::Lost { attempt, leg, why, fault });
    }

    /// Why the platform will not carry a message to this person, if it will not.
    pub(super) fn recipient_refusal(&self, ix: AttemptIx) -> Option<Code> {
        let attempt = self.attempt(ix);
        let notice = self.notice(attempt.notice);
        let who = self.people.get(notice.person).expect("every notice is for a person of the plan");
        let channel = self.plan.kinds[notice.kind.index()].channel;
        let needs = self.rules_of(ix).needs;
        // What people pass on comes from somebody they know, not from the channel.
        let from_channel = notice.hops == 0;
        if needs == Needs::KakaoFriend && from_channel && !self.sessions.may_chat(notice.person, channel, who) {
            return Some(Code::NOT_A_FRIEND);
        }
        let network = self.rules_of(ix).network;
        if needs == Needs::Member && !self.plan.networks[network.index()].members.has(who.groups) {
            return Some(Code::NOT_ON_APP);
        }
        if !matches!(needs, Needs::KakaoAccount | Needs::KakaoFriend | Needs::KakaoHolder) {
            return None;
        }
        if needs == Needs::KakaoHolder && traits::other_holder(&self.plan, notice.person) {
            return Some(Code::NOT_THE_HOLDER);
        }
        if from_channel && self.sessions.has_blocked(notice.person, channel) {
            return Some(Code::BLOCKED);
        }
        match who.kakao {
            KakaoState::Active => None,
            KakaoState::Inactive => Some(Code::INACTIVE),
            KakaoState::Blocked => Some(Code::BLOCKED),
            KakaoState::None => Some(Code::NOT_A_USER),
        }
    }

    /// Past the faults: the person is looked up, the price is charged, and the last stretch begins.
    fn come_in(&mut self, ix: AttemptIx, delay: Span) {
        if !self.attempt(ix).is(CHECKED) {
            if let Some(code) = self.recipient_refusal(ix) {
                return self.report_later(ix, Claim::Failed, code);
            }
            self.attempt_mut(ix).flags |= CHECKED;
            self.charge(ix);
            if self.goes_astray(ix) {
                return;
            }
        }
        if delay == Span::ZERO {
            self.show(ix);
        } else {
            self.poll_if_late(ix, delay);
            self.agenda.set(self.now + delay, Alarm::Show(ix));
        }
    }

    /// A message that a throttle makes wait is held for want of capacity, and the record says so.
    fn note_queue(&mut self, ix: AttemptIx, delay: Span, fault: Option<FaultId>) {
        let throttled = fault
            .and_then(|id| self.faults.get(id))
            .is_some_and(|live| matches!(live.fault.kind, FaultKind::Throttle { .. }));
        if throttled && delay > Span::ZERO {
            let attempt = self.attempt(ix).id();
            self.emit(EventKind::Held { attempt, why: Hold::Capacity, fault });
        }
    }

    fn show_now(&mut self, ix: AttemptIx) {
        let (person, network) = (self.person_of(ix), self.rules_of(ix).network);
        if let Some(session) = self.sessions.carrier(person, network) {
            let seq = self.sessions.next_seq(network);
            let attempt = self.attempt_mut(ix);
            attempt.flags |= TRANSMITTED;
            attempt.copies = attempt.copies.saturating_add(1);
            let (id, medium) = (attempt.id(), attempt.medium);
            let kind = self.notice(id.notice).kind;
            let at = self.now;
            self.poll(ix);
            self.out.push(Effect::Transmit { session, network, seq, attempt: id, person, kind, medium, at });
            return;
        }
        let first = self.attempt(ix).shown == 0;
        self.show_truth(ix);
        if first {
            self.acknowledge_later(ix);
            self.react(ix);
        }
    }

    /// The network keeps a message for a phone without a session; one that keeps nothing says "switched off".
    fn keep(&mut self, ix: AttemptIx) {
        let (person, network) = (self.person_of(ix), self.rules_of(ix).network);
        if !self.rules_of(ix).stored {
            return self.report_later(ix, Claim::Failed, Code::NO_ANSWER);
        }
        if self.plan.networks[network.index()].store == Span::ZERO {
            return self.report_later(ix, Claim::Failed, Code::POWER_OFF);
        }
        let fault = self.sessions.cut_by(person, network);
        let attempt = self.attempt_mut(ix);
        attempt.fault = fault.or(attempt.fault);
        let id = attempt.id();
        self.emit(EventKind::Held { attempt: id, why: Hold::Offline, fault });
        self.sessions.keep(person, network, Alarm::Arrive(ix), self.now);
        self.poll(ix);
    }

    fn door(&self, ix: AttemptIx) -> Door {
        let rules = self.rules_of(ix);
        let person = self.person_of(ix);
        let sessions = self.plan.networks[rules.network.index()].sessions;
        let dark = self.people.get(person).is_none_or(|who| who.phone == PhoneState::Dark);
        if sessions && self.sessions.online(person, rules.network) {
            Door::Open
        } else if sessions {
            Door::Away
        } else if self.is_muted(ix) {
            Door::Nobody
        } else if rules.needs != Needs::Phone || !dark {
            Door::Open
        } else if rules.answer == Answer::Silent {
            Door::Nobody
        } else {
            Door::Closed(Code::NO_ANSWER)
        }
    }

    fn charge(&mut self, ix: AttemptIx) {
        let price = self.rules_of(ix).price;
        if price == 0 || self.attempt(ix).is(CHARGED) {
            return;
        }
        self.attempt_mut(ix).flags |= CHARGED;
        let attempt = self.attempt(ix).id();
        self.emit(EventKind::Charged { attempt, price });
    }

    /// Letters come back or vanish, mail bounces, calls ring out: luck of the medium, without any fault.
    fn goes_astray(&mut self, ix: AttemptIx) -> bool {
        let rules = self.rules_of(ix);
        let (returned, astray, network) = (rules.returned, rules.astray, rules.network);
        let (seed, key) = (self.plan.seed, super::luck(self.attempt(ix).id(), 0));
        let moved = network == Network::Post && traits::moved(&self.plan, self.person_of(ix));
        if moved || seed.happens(returned, Subject::Letter, key, 0) {
            self.come_back(ix, network);
            return true;
        }
        if seed.happens(astray, Subject::Letter, key, 1) {
            self.lose(ix, Leg::Deliver, Loss::Astray, None);
            self.poll(ix);
            return true;
        }
        false
    }

    /// A letter is back: the sender holds it in the hand, and no platform has to say so.
    pub(super) fn come_home(&mut self, ix: AttemptIx) {
        let attempt = self.attempt(ix).id();
        self.emit(EventKind::Returned { attempt });
        self.tell(ix, Claim::Failed, Code::RETURNED, None);
    }

    fn come_back(&mut self, ix: AttemptIx, network: Network) {
        let attempt = self.attempt(ix).id();
        let code = match network {
            Network::Post => Code::RETURNED,
            Network::Mail => Code::NO_ADDRESS,
            Network::Mobile | Network::Kakao | Network::App | Network::Cell | Network::Pay => Code::NO_ANSWER,
        };
        if network == Network::Post {
            // The way back takes as long as a way out.
            let back = self.transit(ix, RETURN_ROUND);
            self.poll_if_late(ix, back);
            self.agenda.set(self.now + back, Alarm::Return(ix));
        } else {
            self.report_later(ix, Claim::Failed, code);
        }
        self.pass_on(attempt.notice);
    }
}

/// Tells the luck of a letter's way back from that of its way out.
const RETURN_ROUND: u8 = 254;
