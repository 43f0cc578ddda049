//! Intake 접수: people fill in a form, which becomes a case with a number; the case moves through its stages, and the
//! person is told at each.
//!
//! A form crosses the network as a call does: it can be refused, can arrive without an answer, can vanish. A person who
//! was not answered, neither by the page nor by the first notice, sends it again later. Whether that makes a second
//! case is the desk's doing (`once_per`). Deliberately not here: what a form says, and what is decided on it.

use std::collections::BTreeMap;

use crate::sim::dice::Subject;
use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::service::Duty;
use crate::sim::engine::service::call::Fate;
use crate::sim::engine::state::AttemptIx;
use crate::sim::model::event::Leg;
use crate::sim::model::ids::{ButtonId, CounterId, FaultId, NoticeId, PersonId};
use crate::sim::model::service::ServiceEvent;
use crate::sim::plan::service::intake::Intake;
use crate::sim::time::{SimTime, Span};

/// Who sends forms, one row a person and intake.
#[derive(Debug, Default)]
pub(in crate::sim::engine) struct Intakes {
    forms: Vec<Form>,
    /// The row of each person, by row of `intakes:`.
    by_person: BTreeMap<(u16, PersonId), u32>,
    /// How many cases each intake has.
    cases: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Form {
    person: PersonId,
    /// Row of `intakes:`.
    of: u16,
    /// How often it was sent.
    round: u8,
    /// The page of this round is open and says nothing yet.
    waiting: bool,
    /// The page said that it was taken.
    answered: bool,
    /// The case, by its number from 1; the last one if there are several.
    case: Option<u32>,
    /// The first notice, once it is sent.
    told: Option<NoticeId>,
    /// The fault that the last round met.
    fault: Option<FaultId>,
    /// So much later than it should the answer to this round comes.
    answer_after: Span,
}

impl Engine {
    /// Sets the instant at which each person of an `intake:` line sends the form.
    pub(super) fn plan_reports(&mut self) {
        let plan = self.plan.clone();
        self.services.intakes.cases = vec![0; plan.services.intakes.len()];
        for line in &plan.services.reports {
            let people = self.listed(&line.from);
            for (place, person) in people.iter().enumerate() {
                let day = line.day(place as u64, people.len() as u64);
                let key = u64::from(line.intake) << 32 | u64::from(person.0);
                let within = plan.seed.pick(Span::from_days(1).micros(), Subject::Report, key, 0);
                let row = self.form_of(line.intake, *person);
                let at = line.at + Span::from_days(day) + Span::from_micros(within);
                self.agenda.set(at, Alarm::Duty { duty: Duty::FormSent, of: 0, row });
            }
        }
    }

    /// A button was pressed, by whoever plays the phone: if it sends a form, the form goes out.
    pub(in crate::sim::engine) fn press_files(&mut self, ix: AttemptIx, button: ButtonId) {
        let mut intakes = self.plan.services.intakes.iter();
        let Some(of) = intakes.position(|intake| intake.button == Some(button)) else { return };
        let person = self.person_of(ix);
        let row = self.form_of(of as u16, person);
        self.send_form(row);
    }

    /// The person sends the form, unless they were answered, or wait for an answer already.
    pub(super) fn send_form(&mut self, row: u32) {
        let form = *self.form(row);
        let heard = form.answered || form.told.is_some_and(|notice| self.has_shown(notice));
        if form.waiting || heard || form.round == u8::MAX {
            return;
        }
        let (round, now, person) = (form.round + 1, self.now, form.person);
        let form = self.form_mut(row);
        (form.round, form.waiting, form.fault, form.answer_after) = (round, true, None, Span::ZERO);
        let counter = self.intake_of(row).counter;
        self.tell_of(ServiceEvent::FormSent { person, counter, round: u32::from(round) });
        let (network, patience) = (self.intake_of(row).network, self.intake_of(row).patience);
        if self.plan.networks[network.index()].sessions && !self.sessions.online(person, network) {
            return self.form_fails(row, false, self.sessions.cut_by(person, network));
        }
        match self.person_calls(network, person, self.form_key(row), round) {
            Fate::Arrives(later, fault) => {
                self.form_mut(row).fault = fault;
                self.form_arrives_at(now + later, row);
            }
            Fate::HeardLate(after, fault) => {
                let form = self.form_mut(row);
                (form.fault, form.answer_after) = (Some(fault), after);
                self.form_arrives_at(now, row);
            }
            Fate::Unheard(fault) => {
                self.form_arrives_at(now, row);
                self.form_fails(row, true, Some(fault));
            }
            Fate::Refused(fault) | Fate::Broken(fault) => self.form_fails(row, false, Some(fault)),
            Fate::Silent(fault) | Fate::Held(fault) => self.form_mut(row).fault = Some(fault),
        }
        if self.form(row).waiting {
            self.agenda.set(now + patience, Alarm::Duty { duty: Duty::FormPatience, of: u16::from(round), row });
        }
    }

    /// The form is at the desk: a case is opened, unless it is a repeat that is put to the person's case.
    pub(super) fn form_arrives(&mut self, row: u32, round: u16) {
        let form = *self.form(row);
        let (counter, once) = (self.intake_of(row).counter, self.intake_of(row).once);
        match form.case.filter(|_| once) {
            Some(case) => self.tell_of(ServiceEvent::CaseKnown { person: form.person, counter, case }),
            None => self.open_case(row, counter),
        }
        let network = self.intake_of(row).network;
        match self.service_crosses(network, Leg::Deliver, form.person, self.form_key(row), round as u8) {
            Fate::Arrives(later, fault) => {
                let form = self.form_mut(row);
                form.fault = fault.or(form.fault);
                let at = self.now + later + self.form(row).answer_after;
                self.agenda.set(at, Alarm::Duty { duty: Duty::FormAnswered, of: round, row });
            }
            Fate::Unheard(fault)
            | Fate::HeardLate(_, fault)
            | Fate::Refused(fault)
            | Fate::Broken(fault)
            | Fate::Silent(fault)
            | Fate::Held(fault) => self.form_mut(row).fault = Some(fault),
        }
    }

    /// The answer is on the person's page, if it is the page they still look at.
    pub(super) fn form_answered(&mut self, row: u32, round: u16) {
        let counter = self.intake_of(row).counter;
        let form = self.form_mut(row);
        if form.waiting && u16::from(form.round) == round {
            (form.waiting, form.answered) = (false, true);
            let (person, fault) = (form.person, form.fault);
            self.tell_of(ServiceEvent::FormAnswered { person, counter, fault });
        }
    }

    /// The person has looked at the page for long enough.
    pub(super) fn form_gives_up(&mut self, row: u32, round: u16) {
        let form = *self.form(row);
        if form.waiting && u16::from(form.round) == round {
            self.form_fails(row, form.case.is_some(), form.fault);
        }
    }

    /// The case has reached a stage: the person is told.
    pub(super) fn case_moves(&mut self, row: u32, stage: u16) {
        let Form { person, case: Some(case), .. } = *self.form(row) else { return };
        let intake = self.intake_of(row);
        let (counter, kind) = (intake.counter, intake.stages[usize::from(stage)].tell);
        self.tell_of(ServiceEvent::CaseMoved { person, counter, case, stage: u32::from(stage) + 1 });
        if stage == 0 {
            self.form_mut(row).told = Some(NoticeId(self.notices.len() as u32));
        }
        self.create(kind, person, None);
    }

    fn open_case(&mut self, row: u32, counter: CounterId) {
        let Form { of, person, .. } = *self.form(row);
        let cases = &mut self.services.intakes.cases[usize::from(of)];
        *cases += 1;
        let case = *cases;
        let again = self.form_mut(row).case.replace(case).is_some();
        self.tell_of(ServiceEvent::CaseOpened { person, counter, case, again });
        let plan = self.plan.clone();
        for (stage, what) in plan.services.intakes[usize::from(of)].stages.iter().enumerate() {
            let key = u64::from(of) << 32 | u64::from(case);
            let after = what.after.at(plan.seed.roll(Subject::Report, key, 1 + stage as u64));
            self.agenda.set(self.now + after, Alarm::Duty { duty: Duty::CaseMoves, of: stage as u16, row });
        }
    }

    fn form_arrives_at(&mut self, at: SimTime, row: u32) {
        let round = u16::from(self.form(row).round);
        self.agenda.set(at, Alarm::Duty { duty: Duty::FormArrives, of: round, row });
    }

    fn form_fails(&mut self, row: u32, taken: bool, fault: Option<FaultId>) {
        let (counter, tries) = (self.intake_of(row).counter, self.intake_of(row).tries);
        let key = self.form_key(row);
        let form = self.form_mut(row);
        form.waiting = false;
        let (person, round) = (form.person, form.round);
        self.tell_of(ServiceEvent::FormFailed { person, counter, taken, fault });
        if round < tries {
            let bits = self.plan.seed.roll(Subject::Again, key, u64::from(round));
            let pause = self.intake_of(row).again_after.at(bits).times(u64::from(round));
            self.agenda.set(self.now + pause, Alarm::Duty { duty: Duty::FormSent, of: 0, row });
        }
    }

    /// The row of a person's form, made when it is new.
    fn form_of(&mut self, of: u16, person: PersonId) -> u32 {
        let intakes = &mut self.services.intakes;
        let next = intakes.forms.len() as u32;
        let row = *intakes.by_person.entry((of, person)).or_insert(next);
        if row == next {
            intakes.forms.push(Form {
                person,
                of,
                round: 0,
                waiting: false,
                answered: false,
                case: None,
                told: None,
                fault: None,
                answer_after: Span::ZERO,
            });
        }
        row
    }

    /// What tells the luck of this form from that of others.
    fn form_key(&self, row: u32) -> u64 {
        let Form { of, person, .. } = *self.form(row);
        1 << 46 | u64::from(of) << 32 | u64::from(person.0)
    }

    fn intake_of(&self, row: u32) -> &Intake {
        &self.plan.services.intakes[usize::from(self.form(row).of)]
    }

    fn form(&self, row: u32) -> &Form {
        &self.services.intakes.forms[row as usize]
    }

    fn form_mut(&mut self, row: u32) -> &mut Form {
        &mut self.services.intakes.forms[row as usize]
    }
}
