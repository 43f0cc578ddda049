//! Binding: which notice a message of an application outside is for.
//!
//! An application knows people, templates and words, and nothing of notices. A message belongs to the newest notice of
//! its kind for its person: one that the timeline made and nobody has sent yet, one that it repeats word for word on the
//! same medium, or one that it falls back for on another medium. Other words on the route's first medium are a new
//! notice: the next bill. A plain text without a template belongs to what the person was sent last.

use crate::sim::engine::call::HandIn;
use crate::sim::engine::state::AttemptIx;
use crate::sim::engine::{Engine, NOTICES_MAX};
use crate::sim::model::event::{Cause, Claim, EventKind, Rejection};
use crate::sim::model::ids::{KindId, NoticeId, PersonId, SendId};
use crate::sim::model::medium::Medium;

impl Engine {
    /// A line of the timeline comes to a person who is to be told by an application outside: the notice is due from now
    /// on, unless the application was ahead of the line.
    pub(in crate::sim::engine) fn fall_due(&mut self, kind: KindId, person: PersonId, send: SendId) {
        if let Some(ahead) = self.provider.ahead.get_mut(&(person, kind)).filter(|ahead| **ahead > 0) {
            *ahead -= 1;
        } else if let Some(notice) = self.make(kind, person, Some(send)) {
            self.provider.newest.insert((person, kind), notice);
        }
    }

    /// The notice of a message; made, if there is none. Says that the application fell back, if that is what it did.
    pub(super) fn bind(&mut self, what: &HandIn) -> Result<NoticeId, Rejection> {
        let person = what.person;
        let medium = what.steps[0].medium;
        let kind = what.kind.or_else(|| self.kind_of_last(person)).or_else(|| self.kind_with(medium));
        let kind = kind.ok_or(Rejection::UnknownKind)?;
        let newest = match what.kind {
            Some(kind) => self.provider.newest.get(&(person, kind)),
            None => self.provider.latest.get(&person).or_else(|| self.provider.newest.get(&(person, kind))),
        };
        let newest = newest.copied().filter(|notice| self.belongs_to(*notice, what));
        let Some(notice) = newest else { return self.bind_new(kind, person) };
        self.note_fallback(notice, medium);
        Ok(notice)
    }

    pub(super) fn bind_new(&mut self, kind: KindId, person: PersonId) -> Result<NoticeId, Rejection> {
        if self.notices.len() >= NOTICES_MAX {
            return Err(Rejection::Full);
        }
        let notice = self.make(kind, person, None).ok_or(Rejection::Full)?;
        self.provider.newest.insert((person, kind), notice);
        *self.provider.ahead.entry((person, kind)).or_insert(0) += 1;
        Ok(notice)
    }

    /// Whether a message can be one more attempt of a notice.
    fn belongs_to(&self, notice: NoticeId, what: &HandIn) -> bool {
        let row = self.notice(notice);
        if row.attempts == 0 {
            return true;
        }
        if row.attempts == u8::MAX {
            return false;
        }
        let medium = what.steps[0].medium;
        let own = self.attempts_of(notice).filter(|ix| self.attempt(*ix).medium == medium && self.by_application(*ix));
        let mut own = own.peekable();
        let said = &what.steps[0].said;
        match own.peek() {
            // What was not taken is corrected and sent again, in whatever words.
            Some(_) if self.only_denied(notice, medium) => true,
            Some(_) => own.any(|ix| self.provider.said(ix) == Some(said)),
            None => self.plan.kinds[row.kind.index()].route[0].medium != medium,
        }
    }

    /// Whether the application tried a notice on a medium, and none of it was taken.
    fn only_denied(&self, notice: NoticeId, medium: Medium) -> bool {
        let mut on_medium = self.attempts_of(notice).filter(|ix| self.attempt(*ix).medium == medium);
        on_medium.all(|ix| self.provider.row(ix).is_some_and(|row| row.denied))
    }

    /// Attempts of a notice, newest first.
    pub(super) fn attempts_of(&self, notice: NoticeId) -> impl Iterator<Item = AttemptIx> + '_ {
        std::iter::successors(self.notice(notice).newest, |newest| self.attempt(newest.ix()).older)
            .map(|newest| newest.ix())
    }

    /// Whether the application itself handed an attempt in; the later steps are the provider's.
    fn by_application(&self, ix: AttemptIx) -> bool {
        self.provider.row(ix).is_some_and(|row| row.step == 0)
    }

    /// The application turns to another medium for a notice that it sent already. Why, follows from what it was told.
    pub(super) fn note_fallback(&mut self, notice: NoticeId, to: Medium) {
        let Some(last) = self.attempts_of(notice).find(|ix| self.by_application(*ix)) else { return };
        let from = self.attempt(last).medium;
        if from == to {
            return;
        }
        let cause = match self.provider.row(last).and_then(|row| row.heard) {
            Some(Claim::Failed) => Cause::Failed,
            Some(Claim::Delivered | Claim::Shown | Claim::Opened) => Cause::NotOpened,
            Some(Claim::Uncertain) | None => Cause::NoReceipt,
        };
        let fault = self.attempt(last).fault;
        self.emit(EventKind::FellBack { notice, from, to, cause, fault });
    }

    fn kind_of_last(&self, person: PersonId) -> Option<KindId> {
        self.provider.latest.get(&person).map(|notice| self.notice(*notice).kind)
    }

    /// The first kind of notice with words for a medium, or the first of all.
    fn kind_with(&self, medium: Medium) -> Option<KindId> {
        let kinds = &self.plan.kinds;
        let place = kinds.iter().position(|kind| kind.content(medium).is_some());
        place.or((!kinds.is_empty()).then_some(0)).and_then(|place| u16::try_from(place).ok()).map(KindId)
    }
}
