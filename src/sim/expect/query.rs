//! A query: an expression set over a run. It chooses the set, by the population's labels and by windows; what counts
//! inside the set is the metric's business.

use crate::sim::expect::deed::DeedRow;
use crate::sim::expect::expression::{Aggregate, Body, Filter};
use crate::sim::expect::ledger::Ledger;
use crate::sim::expect::measure::Void;
use crate::sim::expect::metric::{Fact, Look};
use crate::sim::expect::orders::OrderRow;
use crate::sim::expect::record::{AttemptRecord, Moment};
use crate::sim::expect::rows::PressRow;
use crate::sim::expect::view::View;
use crate::sim::model::ids::{GroupId, NoticeId, PersonId};
use crate::sim::plan::{Trigger, traits};
use crate::sim::time::{SimTime, Span};

/// An expression set over a run: windows are instants now.
pub(super) struct Query<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) filter: &'a Filter,
    pub(super) within: Option<Span>,
    /// The instant that is asked about: `at=`, or the last one.
    pub(super) instant: SimTime,
    /// First instant of the window.
    from: SimTime,
    /// First instant after it.
    until: Option<SimTime>,
}

/// Whose fact it is, and of when.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    /// The notice, if it is about one.
    pub(super) notice: Option<NoticeId>,
    pub(super) person: PersonId,
    /// When the notice was created, or when the rest happened.
    pub(super) at: SimTime,
}

/// Goes through the set and hands every fact on, with whose it is.
pub(super) fn gather(body: &Body, query: &Query<'_>, mut take: impl FnMut(Subject, Fact)) {
    let ledger = query.ledger;
    match body.metric.look {
        Look::Notice(look) => {
            for view in ledger.views().filter(|view| query.takes_notice(*view)) {
                take(Subject::of(view), look(view, query));
            }
        }
        Look::Told(look) => {
            let mut views: Vec<View<'_>> = ledger.views().filter(|view| query.takes_notice(*view)).collect();
            let began = views.iter().map(|view| view.created()).min().unwrap_or_default();
            views.sort_by_key(|view| view.notice.person());
            for theirs in views.chunk_by(|one, other| one.notice.person() == other.notice.person()) {
                take(Subject { at: began, ..Subject::of(theirs[0]) }, look(theirs, began, query));
            }
        }
        Look::Attempt(look) => {
            for view in ledger.views().filter(|view| query.has_created(*view) && query.labels_fit(*view)) {
                for attempt in view.attempts() {
                    take(Subject::of(view), look(view, attempt, query));
                }
            }
        }
        Look::Press(look) => {
            for press in ledger.presses.iter().filter(|press| query.takes_press(press)) {
                take(Subject::at(press.person, press.at, Some(press.notice)), look(press, query));
            }
        }
        Look::Answer(look) => {
            for row in ledger.answers.iter().filter(|row| query.takes_person(row.person, row.at)) {
                take(Subject::at(row.person, row.at, None), look(row, query));
            }
        }
        Look::Count(look) => {
            for row in ledger.counts.iter().filter(|row| query.takes_person(row.person, row.at)) {
                take(Subject::at(row.person, row.at, None), look(row, query));
            }
        }
        Look::Order(look) => {
            for row in ledger.orders.iter().filter(|row| query.takes_order(row)) {
                take(Subject::at(row.person, row.at, Some(row.notice)), look(row, query));
            }
        }
        Look::Deed(look) => {
            for row in ledger.deeds.iter().filter(|row| query.takes_deed(row)) {
                take(Subject::at(row.person, row.at, row.notice()), look(row, query));
            }
        }
        Look::Person(look) => {
            for (id, counts) in look(query).unwrap_or_default().into_iter().enumerate() {
                let (person, at) = (PersonId(id as u32), query.instant);
                if query.person_fits(person) {
                    take(Subject { notice: None, person, at }, Fact::of(counts));
                }
            }
        }
        Look::Loss(look) => {
            let hit = |fault| query.filter.hit.is_none_or(|hit| fault == Some(hit));
            for row in ledger.losses.iter().filter(|row| hit(row.fault) && query.takes_person(row.person, row.at)) {
                take(Subject::at(row.person, row.at, None), look(row, query));
            }
        }
    }
}

/// The set of `sessions_lost` is the people who could lose one, not the sessions that were lost.
pub(super) fn could_lose(body: &Body, query: &Query<'_>, group: Option<GroupId>) -> u64 {
    match (body.metric.look, body.aggregate) {
        (Look::Loss(_), Aggregate::Count) => {
            let people = query.ledger.people.all();
            let fits = |id: usize| {
                query.person_fits(PersonId(id as u32)) && group.is_none_or(|group| people[id].groups.has(group))
            };
            (0..people.len()).filter(|id| fits(*id)).count() as u64
        }
        (_, _) => 0,
    }
}

impl Subject {
    fn of(view: View<'_>) -> Subject {
        Subject { notice: Some(view.id), person: view.notice.person(), at: view.created() }
    }

    fn at(person: PersonId, at: Moment, notice: Option<NoticeId>) -> Subject {
        Subject { notice, person, at: at.time().unwrap_or(SimTime::ZERO) }
    }
}

impl<'a> Query<'a> {
    /// Turns windows that hang on faults into instants.
    pub(super) fn new(body: &'a Body, ledger: &'a Ledger, until: Option<SimTime>) -> Result<Query<'a>, Void> {
        let mut query = Query {
            ledger,
            filter: &body.filter,
            within: body.within,
            instant: ledger.now,
            from: SimTime::ZERO,
            until,
        };
        if let Some(at) = body.at {
            query.instant = SimTime::ZERO + at;
            if query.instant > ledger.now {
                return Err(Void::NotYet(at));
            }
        }
        query.instant = until.map_or(query.instant, |until| query.instant.min(until));
        if let Some(fault) = body.during {
            let record = ledger.faults.get(fault.index()).copied().unwrap_or_default();
            query.from = record.began.ok_or(Void::NeverBegan(fault))?;
            query.end_at(record.ended);
        }
        if let Some((fault, later)) = body.after {
            let record = ledger.faults.get(fault.index()).copied().unwrap_or_default();
            let ended = record.ended.ok_or(Void::NeverEnded(fault))?;
            query.from = query.from.max(ended + later);
        }
        Ok(query)
    }

    /// Whether something that took from one instant to another kept to `within=`.
    pub(super) fn in_time(&self, from: SimTime, at: SimTime) -> bool {
        self.within.is_none_or(|within| at.since(from) <= within)
    }

    /// When an attempt was first given up as `from=`, `to=` and `cause=` say; `None` if it never was.
    pub(super) fn fell(&self, view: View<'_>, attempt: &AttemptRecord) -> Option<SimTime> {
        let filter = self.filter;
        let mut fitting = view.falls(attempt).filter(|fall| {
            filter.to.is_none_or(|medium| fall.to == medium) && filter.cause.is_none_or(|why| fall.cause == why)
        });
        fitting.next().filter(|_| filter.from.is_none_or(|from| attempt.medium == from))?.at.time()
    }

    /// Whether a press is of `button=` and on `medium=`.
    pub(super) fn pressed(&self, press: &PressRow) -> bool {
        self.filter.button.is_none_or(|button| press.button == button)
            && self.filter.medium.is_none_or(|medium| press.medium == medium)
    }

    /// Whether a rule of the desk waits for such a press.
    pub(super) fn awaited(&self, press: &PressRow) -> bool {
        let kind = self.ledger.view(press.notice).map(|view| view.notice.kind());
        self.ledger
            .plan
            .desk
            .iter()
            .any(|rule| rule.when == Trigger::Press(press.button) && rule.from.is_none_or(|from| kind == Some(from)))
    }

    /// Whether a certificate is of `certificate=` and for `end=`.
    pub(super) fn certificate_fits(&self, row: &DeedRow) -> bool {
        let certificate = self.filter.certificate.is_none_or(|wanted| row.of >> 1 == wanted as u16);
        certificate && self.filter.end.is_none_or(|wanted| row.of & 1 == wanted as u16)
    }

    /// Whether its `within=` was not over yet when the run ended.
    pub(super) fn is_young(&self, subject: Subject) -> bool {
        self.within.is_some_and(|within| subject.at + within > self.ledger.now)
    }

    /// Whether its window is over: what is created from now on is not in it.
    pub(super) fn is_over(&self) -> bool {
        self.until.is_some_and(|until| until <= self.ledger.now)
    }

    fn end_at(&mut self, end: Option<SimTime>) {
        self.until = match (self.until, end) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    fn has(&self, at: SimTime) -> bool {
        at >= self.from && self.until.is_none_or(|until| at < until)
    }

    fn has_created(&self, view: View<'_>) -> bool {
        self.has(view.created())
    }

    /// Replies of a desk are seen only when their kind is named.
    fn takes_notice(&self, view: View<'_>) -> bool {
        (!view.notice.reply || self.filter.kind.is_some()) && self.has_created(view) && self.labels_fit(view)
    }

    fn takes_press(&self, press: &PressRow) -> bool {
        press.at.time().is_some_and(|at| self.has(at))
            && self.ledger.view(press.notice).is_some_and(|view| self.labels_fit(view))
    }

    fn takes_order(&self, row: &OrderRow) -> bool {
        row.at.time().is_some_and(|at| self.has(at))
            && self.ledger.view(row.notice).is_some_and(|view| self.labels_fit(view))
    }

    /// A deed about a notice goes by the notice's labels as well.
    fn takes_deed(&self, row: &DeedRow) -> bool {
        self.takes_person(row.person, row.at)
            && row.notice().is_none_or(|id| self.ledger.view(id).is_some_and(|view| self.labels_fit(view)))
    }

    fn takes_person(&self, person: PersonId, at: Moment) -> bool {
        at.time().is_some_and(|at| self.has(at)) && self.person_fits(person)
    }

    fn labels_fit(&self, view: View<'_>) -> bool {
        let filter = self.filter;
        let kind = view.notice.kind();
        let channel = || self.ledger.plan.kinds.get(kind.index()).map(|kind| kind.channel);
        filter.kind.is_none_or(|wanted| kind == wanted)
            && filter.send.is_none_or(|wanted| view.notice.send() == Some(wanted))
            && filter.channel.is_none_or(|wanted| channel() == Some(wanted))
            && filter.hit.is_none_or(|fault| view.hit_by(fault))
            && self.person_fits(view.notice.person())
    }

    fn person_fits(&self, person: PersonId) -> bool {
        let filter = self.filter;
        let plain = filter.group.is_none()
            && filter.region.is_none()
            && filter.cohort.is_none()
            && filter.kakao.is_none()
            && filter.phone.is_none()
            && filter.other_holder.is_none()
            && filter.stands.is_none();
        let plan = &self.ledger.plan;
        plain
            || self.ledger.people.get(person).is_some_and(|who| {
                filter.group.is_none_or(|group| who.groups.has(group))
                    && filter.region.is_none_or(|region| who.region == Some(region))
                    && filter.cohort.is_none_or(|cohort| who.cohort == cohort)
                    && filter.kakao.is_none_or(|kakao| who.kakao == kakao)
                    && filter.phone.is_none_or(|phone| who.phone == phone)
                    && filter.other_holder.is_none_or(|other| traits::other_holder(plan, person) == other)
                    && filter.stands.is_none_or(|region| traits::stands_in(plan, person, who) == Some(region))
            })
    }
}
