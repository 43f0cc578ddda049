//! Denials: messages that an application asked a provider to send, and that the provider did not take for what the request
//! said. What the application was told is its belief like any other answer, so each is an attempt that was refused.
//!
//! For which notice it was, is less sure than of a message with words. Where the template is one of the scenario's, it is
//! that kind's newest notice, or one that the application is ahead with. Where it is not, it is what the person is owed
//! and nobody has tried, then what they were sent last; a notice is made only if there is one kind that it can be. What
//! belongs to no notice is counted, and nobody's belief. Nothing here can be shown to anybody.

use std::sync::Arc;

use crate::sim::engine::Engine;
use crate::sim::engine::call::{Denied, HandIn, ITEMS_MAX, Step};
use crate::sim::engine::provider::Row;
use crate::sim::model::code::Code;
use crate::sim::model::denial::Denial;
use crate::sim::model::event::{Claim, EventKind, Rejection};
use crate::sim::model::ids::{KindId, NoticeId};

impl Engine {
    /// An application outside is told that these are not taken.
    pub(in crate::sim::engine) fn take_denials(&mut self, all: &[Denied]) {
        let mut unnamed: Vec<(Denial, u32)> = Vec::new();
        for denied in all.iter().take(ITEMS_MAX as usize) {
            if self.people.get(denied.person).is_none() {
                self.emit(EventKind::InputRejected { why: Rejection::UnknownPerson });
                continue;
            }
            match self.notice_denied(denied) {
                Some(notice) => self.deny(notice, denied),
                None => match unnamed.iter_mut().find(|row| row.0 == denied.said) {
                    Some(row) => row.1 += 1,
                    None => unnamed.push((denied.said, 1)),
                },
            }
        }
        for (said, count) in unnamed {
            self.emit(EventKind::RequestsRefused { said, count });
        }
    }

    /// The notice that it would have been an attempt of; `None` if nobody can say, or it has had all it may have.
    fn notice_denied(&mut self, denied: &Denied) -> Option<NoticeId> {
        let person = denied.person;
        let kind = denied.kind.filter(|kind| kind.index() < self.plan.kinds.len());
        let known = match kind {
            Some(kind) => self.provider.newest.get(&(person, kind)).copied(),
            None => self.owed(denied).or_else(|| self.provider.latest.get(&person).copied()),
        };
        match known {
            Some(notice) => Some(notice).filter(|notice| self.notice(*notice).attempts < u8::MAX),
            None => self.bind_new(kind.or_else(|| self.only_kind(denied))?, person).ok(),
        }
    }

    /// The newest notice of a person that nobody has tried yet.
    fn owed(&self, denied: &Denied) -> Option<NoticeId> {
        let kinds = (denied.person, KindId(0))..=(denied.person, KindId(u16::MAX));
        let all = self.provider.newest.range(kinds).map(|row| *row.1);
        all.filter(|notice| self.notice(*notice).attempts == 0).max()
    }

    /// The kind that has words for the medium, or the only one that there is; `None` if it may be several.
    fn only_kind(&self, denied: &Denied) -> Option<KindId> {
        let kinds = || (0..).map(KindId).zip(&self.plan.kinds);
        let mut fitting = kinds().filter(|(_, kind)| kind.content(denied.medium).is_some()).map(|row| row.0);
        match (fitting.next(), fitting.next()) {
            (Some(kind), None) => Some(kind),
            (None, None) if self.plan.kinds.len() == 1 => Some(KindId(0)),
            (_, _) => None,
        }
    }

    fn deny(&mut self, notice: NoticeId, denied: &Denied) {
        let Denied { person, kind, medium, said } = *denied;
        self.note_fallback(notice, medium);
        let ix = self.make_attempt(notice, medium);
        let steps = vec![Step { medium, said: Arc::default(), answer: None }];
        let what = Arc::new(HandIn { person, kind, note: "".into(), steps, on_uncertain: false });
        let heard = Some(Claim::Failed);
        self.provider.rows.push(Row { ix, call: 0, item: 0, step: 0, what, heard, gone_on: true, denied: true });
        self.provider.latest.insert(person, notice);
        self.attempt_mut(ix).claim = Some(Claim::Failed);
        let attempt = self.attempt(ix).id();
        self.emit(EventKind::Submitted { attempt, medium, person });
        self.emit(EventKind::Refused { attempt, code: Code::NOT_TAKEN, said: Some(said), fault: None });
    }
}
