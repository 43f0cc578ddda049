//! The books: a run's events folded into what was true, what the sender was told, and how both stood at each earlier
//! instant. A few bytes a notice and a person; one pass over the events that are kept.

use std::collections::BTreeMap;

use crate::host::class::figures::Figures;
use crate::host::control::log::Page;
use crate::host::control::run::Run;
use crate::sim::behaviour;
use crate::sim::engine::Phones;
use crate::sim::model::code::Code;
use crate::sim::model::event::{Claim, Event, EventKind as E, Leg, Outcome};
use crate::sim::model::ids::{AttemptId, FaultId, KindId, NoticeId, PersonId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::plan::population::Population;
use crate::sim::plan::{Plan, SenderDrive};
use crate::sim::time::{SimTime, Span};

/// Stretches of the history.
const STRETCHES: u64 = 240;
/// Attempts of a notice whose media are remembered.
const ATTEMPTS_MAX: usize = 8;
/// A notice is late when it is shown so much of the run after it was due, within these bounds.
const LATE: (u64, Span, Span) = (10, Span::from_secs(10), Span::from_secs(30 * 60));

/// A run, as it is told to those who may know it.
pub struct Books {
    /// Everything as it stands.
    pub now: Figures,
    /// Refusals by code.
    pub codes: BTreeMap<Code, u64>,
    /// Faults whose windows are open, and since when.
    pub faults: BTreeMap<FaultId, SimTime>,
    /// Events that were no longer kept when they were wanted.
    pub missed: u64,
    history: Vec<Figures>,
    step: Span,
    late_after: Span,
    since: u64,
    rows: Vec<Row>,
    lines: Vec<Lines>,
    got: Vec<Option<(Medium, SimTime)>>,
    /// What people have been shown, the newest few of each.
    boxed: BTreeMap<PersonId, Vec<Boxed>>,
    networks: [Network; Medium::COUNT],
    outside: bool,
}

/// A message that somebody has been shown, by a phone, in a letter box, aloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Boxed {
    /// Which.
    pub attempt: AttemptId,
    /// What kind of notice.
    pub kind: KindId,
    /// By what.
    pub medium: Medium,
    /// When it first came.
    pub at: SimTime,
    /// When they opened it.
    pub opened: Option<SimTime>,
}

/// Messages of one person that are remembered.
const BOXED_MAX: usize = 12;

/// A notice.
#[derive(Clone, Copy)]
struct Row {
    person: PersonId,
    kind: KindId,
    created: SimTime,
    /// Whether it is one of those that the sender set out to send.
    counts: bool,
    media: [Option<Medium>; ATTEMPTS_MAX],
    /// Attempts that wait in a network, one bit each.
    waiting: u8,
    claim: Option<Claim>,
    shown: u16,
    opened: bool,
    fell_back: bool,
}

/// A phone's lines, one bit a network.
#[derive(Clone, Copy, Default)]
struct Lines {
    open: u8,
    cut: u8,
}

impl Books {
    /// The books of a run before its first event.
    pub fn of(run: &Run) -> Books {
        Books::new(&run.plan, &run.people, run.phones)
    }

    fn new(plan: &Plan, people: &Population, phones: Phones) -> Books {
        let sessions = |network: &Network| plan.networks[network.index()].sessions;
        let connected = |who| {
            let lines = Network::ALL.into_iter().filter(sessions);
            let open = lines.filter(|network| behaviour::connects(plan, who, *network)).map(bit);
            Lines { open: open.fold(0, |all, line| all | line), cut: 0 }
        };
        let lines: Vec<Lines> = match phones {
            Phones::Outside => vec![Lines::default(); people.all().len()],
            Phones::Simulated => people.all().iter().map(connected).collect(),
        };
        let open = |network| lines.iter().filter(|line| line.open & bit(network) != 0).count() as u64;
        let now = Figures { open: Network::ALL.map(open), ..Figures::default() };
        let stop = plan.clock.stop.micros();
        let late = Span::from_micros(stop / LATE.0).clamp(LATE.1, LATE.2);
        Books {
            now,
            codes: BTreeMap::new(),
            faults: BTreeMap::new(),
            missed: 0,
            history: vec![now],
            step: Span::from_micros((stop / STRETCHES).max(1_000_000)),
            late_after: late,
            since: 0,
            rows: Vec::new(),
            got: vec![None; lines.len()],
            lines,
            boxed: BTreeMap::new(),
            networks: Medium::ALL.map(|medium| plan.medium(medium).network),
            outside: plan.sender.drive == SenderDrive::External,
        }
    }

    /// The number of the last event that is in them.
    pub fn since(&self) -> u64 {
        self.since
    }

    /// What counts as late.
    pub fn late_after(&self) -> Span {
        self.late_after
    }

    /// Takes a page of the run's events.
    pub fn take(&mut self, page: &Page) {
        self.missed += page.missed;
        page.events.iter().for_each(|event| self.observe(event));
        self.since = page.first + page.events.len() as u64 - 1;
    }

    /// Takes those of a page that happened up to an instant; `false` once one came later.
    pub fn take_until(&mut self, page: &Page, until: SimTime) -> bool {
        self.missed += page.missed;
        for (number, event) in (page.first..).zip(&page.events) {
            if event.at > until {
                return false;
            }
            self.observe(event);
            self.since = number;
        }
        true
    }

    /// Time has come so far, whether anything happened or not.
    pub fn time_is(&mut self, at: SimTime) {
        let mut next = SimTime::ZERO + self.step.times(self.history.len() as u64);
        // A run may go on for a while after its stop; its history does not.
        while next <= at && (self.history.len() as u64) < STRETCHES * 2 {
            self.history.push(Figures { at: next, ..self.now });
            next += self.step;
        }
        self.now.at = self.now.at.max(at);
    }

    /// How everything stood so long ago, give or take a stretch.
    pub fn ago(&self, span: Span) -> Figures {
        let then = SimTime::ZERO + Span::from_micros(self.now.at.micros().saturating_sub(span.micros()));
        self.history.iter().rfind(|figures| figures.at <= then).copied().unwrap_or_default()
    }

    /// By what a person was first told, and when.
    pub fn got(&self, person: PersonId) -> Option<(Medium, SimTime)> {
        self.got.get(person.index()).copied().flatten()
    }

    /// What a person has been shown, the oldest first.
    pub fn boxed(&self, person: PersonId) -> &[Boxed] {
        self.boxed.get(&person).map_or(&[], Vec::as_slice)
    }

    /// Networks that a person's phone is connected to.
    pub fn lines(&self, person: PersonId) -> impl Iterator<Item = Network> {
        let open = self.lines.get(person.index()).map_or(0, |lines| lines.open);
        Network::ALL.into_iter().filter(move |network| open & bit(*network) != 0)
    }

    fn observe(&mut self, event: &Event) {
        self.time_is(event.at);
        match event.kind {
            E::FaultBegan { fault } => drop(self.faults.insert(fault, event.at)),
            E::FaultEnded { fault, .. } => drop(self.faults.remove(&fault)),
            E::Created { notice, person, kind, send } => self.created(notice, (person, kind), event.at, send.is_some()),
            E::Submitted { attempt, medium, .. } => self.submitted(attempt, medium),
            E::Retried { .. } => self.now.called += 1,
            E::Accepted { attempt } => {
                self.now.accepted += 1;
                self.add(attempt, |figures| &mut figures.taken);
            }
            E::Refused { code, .. } => {
                self.now.refused += 1;
                *self.codes.entry(code).or_default() += 1;
            }
            E::Unanswered { .. } => self.now.unanswered += 1,
            E::Reported { attempt, claim, .. } => self.reported(attempt, claim),
            E::FellBack { notice, .. } => self.fell_back(notice),
            E::RouteEnded { notice, outcome } if self.counts(notice) => match outcome {
                Outcome::Satisfied => self.now.satisfied += 1,
                Outcome::Exhausted | Outcome::GaveUp => self.now.given_up += 1,
            },
            E::Charged { price, .. } => self.now.cost += u64::from(price),
            E::Held { attempt, .. } => self.waits(attempt, true),
            E::Lost { attempt, leg: Leg::Deliver, .. } => {
                self.waits(attempt, false);
                self.add(attempt, |figures| &mut figures.lost);
            }
            E::Shown { attempt, .. } => self.shown(attempt, event.at),
            E::Opened { attempt, person } => self.opened(attempt, person, event.at),
            E::SessionOpened { person, network } => self.line(person, network, true, false),
            E::SessionClosed { person, network, fault } => self.line(person, network, false, fault.is_some()),
            E::SessionRefused { person, network, fault } => {
                self.now.turned_away[network.index()] += 1;
                self.line(person, network, false, fault.is_some());
            }
            E::HandshakesRefused { network, count, .. } => {
                self.now.turned_away[network.index()] += u64::from(count);
            }
            // Nothing that a role is told of.
            _ => {}
        }
    }

    fn created(&mut self, notice: NoticeId, (person, kind): (PersonId, KindId), created: SimTime, sent: bool) {
        // Notices are numbered without a gap; where the first ones are no longer kept, the others have no row.
        if notice.index() != self.rows.len() {
            return;
        }
        let counts = sent || self.outside;
        self.now.notices += u64::from(counts);
        self.rows.push(Row {
            person,
            kind,
            created,
            counts,
            media: [None; ATTEMPTS_MAX],
            waiting: 0,
            claim: None,
            shown: 0,
            opened: false,
            fell_back: false,
        });
    }

    fn counts(&self, notice: NoticeId) -> bool {
        self.rows.get(notice.index()).is_some_and(|row| row.counts)
    }

    fn submitted(&mut self, attempt: AttemptId, medium: Medium) {
        self.now.called += 1;
        let row = self.rows.get_mut(attempt.notice.index());
        if let Some(slot) = row.and_then(|row| row.media.get_mut(usize::from(attempt.ordinal))) {
            *slot = Some(medium);
        }
    }

    fn medium(&self, attempt: AttemptId) -> Option<Medium> {
        *self.rows.get(attempt.notice.index())?.media.get(usize::from(attempt.ordinal))?
    }

    /// Counts one more on the network of an attempt.
    fn add(&mut self, attempt: AttemptId, count: impl Fn(&mut Figures) -> &mut [u64; Network::COUNT]) {
        if let Some(medium) = self.medium(attempt) {
            count(&mut self.now)[self.networks[medium.index()].index()] += 1;
        }
    }

    fn reported(&mut self, attempt: AttemptId, claim: Claim) {
        let Some(row) = self.rows.get_mut(attempt.notice.index()).filter(|row| row.counts) else { return };
        if row.claim >= Some(claim) {
            return;
        }
        if let Some(before) = row.claim {
            self.now.claims[before as usize] -= 1;
        }
        row.claim = Some(claim);
        self.now.claims[claim as usize] += 1;
    }

    fn fell_back(&mut self, notice: NoticeId) {
        if let Some(row) = self.rows.get_mut(notice.index()).filter(|row| row.counts && !row.fell_back) {
            row.fell_back = true;
            self.now.fell_back += 1;
        }
    }

    fn waits(&mut self, attempt: AttemptId, waits: bool) {
        let Some(medium) = self.medium(attempt) else { return };
        let network = self.networks[medium.index()].index();
        let row = &mut self.rows[attempt.notice.index()];
        let mine = 1 << attempt.ordinal;
        match (row.waiting & mine != 0, waits) {
            (false, true) => {
                row.waiting |= mine;
                self.now.waiting[network] += 1;
            }
            (true, false) => {
                row.waiting &= !mine;
                self.now.waiting[network] -= 1;
            }
            (true, true) | (false, false) => {}
        }
    }

    fn shown(&mut self, attempt: AttemptId, at: SimTime) {
        self.waits(attempt, false);
        self.add(attempt, |figures| &mut figures.passed);
        let Some(medium) = self.medium(attempt) else { return };
        let row = &mut self.rows[attempt.notice.index()];
        let boxed = self.boxed.entry(row.person).or_default();
        if !boxed.iter().any(|one| one.attempt == attempt) {
            if boxed.len() >= BOXED_MAX {
                boxed.remove(0);
            }
            boxed.push(Boxed { attempt, kind: row.kind, medium, at, opened: None });
        }
        if !row.counts {
            return;
        }
        row.shown = row.shown.saturating_add(1);
        match row.shown {
            1 => {
                self.now.reached += 1;
                self.now.late += u64::from(at.since(row.created) > self.late_after);
            }
            2 => self.now.twice += 1,
            _ => {}
        }
        if let Some(got) = self.got.get_mut(row.person.index()) {
            got.get_or_insert((medium, at));
        }
    }

    fn opened(&mut self, attempt: AttemptId, person: PersonId, at: SimTime) {
        let boxed = self.boxed.get_mut(&person).into_iter().flatten();
        boxed.filter(|one| one.attempt == attempt).for_each(|one| one.opened = Some(at));
        if let Some(row) = self.rows.get_mut(attempt.notice.index()).filter(|row| row.counts && !row.opened) {
            row.opened = true;
            self.now.opened += 1;
        }
    }

    fn line(&mut self, person: PersonId, network: Network, open: bool, cut: bool) {
        let Some(lines) = self.lines.get_mut(person.index()) else { return };
        let (mine, place) = (bit(network), network.index());
        let was = (lines.open & mine != 0, lines.cut & mine != 0);
        lines.open = if open { lines.open | mine } else { lines.open & !mine };
        // Whoever was cut stays cut until the line is back.
        let cut = !open && (cut || was.1);
        lines.cut = if cut { lines.cut | mine } else { lines.cut & !mine };
        self.now.open[place] = self.now.open[place] + u64::from(open) - u64::from(was.0);
        self.now.cut[place] = self.now.cut[place] + u64::from(cut) - u64::from(was.1);
    }
}

const fn bit(network: Network) -> u8 {
    1 << network as u8
}

#[cfg(test)]
mod tests {
    use super::Books;
    use crate::host::control::log::Page;
    use crate::sim::engine::Phones;
    use crate::sim::model::code::Code;
    use crate::sim::model::event::{Claim, Ear, Event, EventKind as E, Hold, Leg, Loss, Outcome};
    use crate::sim::model::ids::{AttemptId, FaultId, KindId, NoticeId, PersonId, SendId};
    use crate::sim::model::medium::{Medium, Network};
    use crate::sim::plan::population::Population;
    use crate::sim::plan::sample;
    use crate::sim::time::{SimTime, Span};

    const fn at(second: u64) -> SimTime {
        SimTime::from_micros(second * 1_000_000)
    }

    fn books() -> Books {
        let plan = sample::rent();
        Books::new(&plan, &Population::of(&plan), Phones::Outside)
    }

    fn page(events: &[(u64, E)]) -> Page {
        let events = events.iter().map(|(second, kind)| Event { at: at(*second), kind: *kind }).collect();
        Page { first: 1, missed: 0, events }
    }

    fn story() -> Page {
        let (notice, person, fault) = (NoticeId(0), PersonId(4), Some(FaultId(0)));
        let attempt = |ordinal| AttemptId { notice, ordinal };
        let network = Network::Kakao;
        page(&[
            (1, E::SessionOpened { person, network }),
            (2, E::Created { notice, person, kind: KindId(0), send: Some(SendId(0)) }),
            (2, E::Submitted { attempt: attempt(0), medium: Medium::Alimtalk, person }),
            (2, E::Accepted { attempt: attempt(0) }),
            (3, E::SessionClosed { person, network, fault }),
            (4, E::Held { attempt: attempt(0), why: Hold::Offline, fault }),
            (5, E::Reported { attempt: attempt(0), claim: Claim::Delivered, ear: Ear::Answer, code: Code::OK, fault }),
            (
                60,
                E::FellBack {
                    notice,
                    from: Medium::Alimtalk,
                    to: Medium::Lms,
                    cause: crate::sim::model::event::Cause::NoReceipt,
                    fault,
                },
            ),
            (60, E::Submitted { attempt: attempt(1), medium: Medium::Lms, person }),
            (800, E::Shown { attempt: attempt(1), person, copy: 0, fault: None }),
            (801, E::Opened { attempt: attempt(1), person }),
            (900, E::Lost { attempt: attempt(0), leg: Leg::Deliver, why: Loss::Dropped, fault }),
            (901, E::RouteEnded { notice, outcome: Outcome::Satisfied }),
        ])
    }

    #[test]
    fn belief_and_truth_stand_beside_each_other() {
        let (mut books, page) = (books(), story());
        assert!(!books.take_until(&page, at(59)), "more comes later");
        assert_eq!((books.since(), books.now.notices), (7, 1));
        assert_eq!((books.now.believed(), books.now.reached), (1, 0), "the sender believes what is not so");
        let kakao = Network::Kakao.index();
        assert_eq!((books.now.open[kakao], books.now.cut[kakao], books.now.waiting[kakao]), (0, 1, 1));
        let mut books = self::books();
        books.take(&page);
        assert_eq!((books.now.reached, books.now.opened, books.now.late, books.now.twice), (1, 1, 1, 0));
        assert_eq!((books.now.fell_back, books.now.satisfied, books.now.given_up), (1, 1, 0));
        assert_eq!((books.now.waiting[kakao], books.now.lost[kakao]), (0, 1));
        assert_eq!(books.now.passed[Network::Mobile.index()], 1);
        assert_eq!(books.got(PersonId(4)), Some((Medium::Lms, at(800))));
        let boxed: Vec<_> = books.boxed(PersonId(4)).iter().map(|one| (one.medium, one.at, one.opened)).collect();
        assert_eq!(boxed, [(Medium::Lms, at(800), Some(at(801)))]);
        assert_eq!(books.lines(PersonId(4)).count(), 0);
    }

    #[test]
    fn an_earlier_instant_is_as_it_was() {
        let mut books = books();
        books.take(&story());
        books.time_is(at(1_000));
        assert_eq!((books.now.at, books.ago(Span::ZERO).reached), (at(1_000), 1));
        let then = books.ago(Span::from_secs(900));
        assert_eq!((then.believed(), then.reached), (1, 0), "{then:?}");
        assert_eq!(books.ago(Span::from_secs(999_999)).notices, 0);
    }

    #[test]
    fn a_line_that_a_fault_cut_is_cut_until_it_is_back() {
        let (mut books, person, network) = (books(), PersonId(4), Network::Kakao);
        let fault = Some(FaultId(0));
        books.take(&page(&[
            (1, E::SessionOpened { person, network }),
            (2, E::SessionClosed { person, network, fault }),
            (3, E::SessionRefused { person, network, fault }),
            (4, E::SessionClosed { person, network, fault: None }),
        ]));
        assert_eq!((books.now.open[0], books.now.cut[0], books.now.turned_away[0]), (0, 1, 1));
        books.take(&page(&[(9, E::SessionOpened { person, network })]));
        assert_eq!((books.now.open[0], books.now.cut[0]), (1, 0));
        assert_eq!(books.lines(person).collect::<Vec<_>>(), [network]);
    }
}
