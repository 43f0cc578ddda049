//! Weights: the sender policy `govuk-weights`, after GOV.UK Notify (alphagov/notifications-api, 2026-08).
//!
//! The first medium of a notice is chosen by weights of the route's first two legs, resting at 51 and 49. More than
//! 50 errors in 60 seconds take 10 points from a medium, at most once a minute. Once a minute, if 15 % or more of the
//! messages of the last 15 minutes took longer than 5 seconds, 10 points are taken too, unless the weights moved
//! within 5 minutes or both media are slow. Untouched for 15 minutes, weights go back 10 points towards rest.
//! Left out: their 48 retries in 4 hours (use `sender.retries`), and their database locks.

use std::collections::VecDeque;

use crate::sim::dice::{Share, Subject};
use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::state::AttemptIx;
use crate::sim::model::event::EventKind;
use crate::sim::model::ids::{AttemptId, KindId, NoticeId};
use crate::sim::model::medium::Medium;
use crate::sim::plan::Policy;
use crate::sim::time::{SimTime, Span};

const RESTING_FIRST: u8 = 51;
const STEP: u8 = 10;
const ERRORS_MAX: usize = 50;
const ERROR_WINDOW: Span = Span::from_secs(60);
const LOOK_EVERY: Span = Span::from_secs(60);
const SLOW_WINDOW: Span = Span::from_secs(900);
const SLOW_AFTER: Span = Span::from_secs(5);
const SLOW_SHARE_PERCENT: usize = 15;
const SETTLE: Span = Span::from_secs(300);
const REST_AFTER: Span = Span::from_secs(900);

/// Weights of each pair of media that stands first in a route.
#[derive(Clone, Debug, Default)]
pub(super) struct Weights {
    pairs: Vec<Pair>,
}

#[derive(Clone, Debug)]
struct Pair {
    media: [Medium; 2],
    /// Weight of the first; the second has the rest of 100.
    first: u8,
    moved: SimTime,
    seen: [Seen; 2],
}

/// What the sender has seen of a medium lately. Both lists hold what is inside their window, and no more.
#[derive(Clone, Debug, Default)]
struct Seen {
    errors: VecDeque<SimTime>,
    /// When a message was submitted, and whether its success was heard of in time.
    calls: VecDeque<(SimTime, NoticeId, bool)>,
}

impl Seen {
    fn forget(&mut self, now: SimTime) {
        while self.errors.front().is_some_and(|at| now.since(*at) > ERROR_WINDOW) {
            self.errors.pop_front();
        }
        while self.calls.front().is_some_and(|call| now.since(call.0) > SLOW_WINDOW) {
            self.calls.pop_front();
        }
    }

    /// Whether enough of the messages that have had their time were slow.
    fn slow(&self, now: SimTime) -> bool {
        let judged = self.calls.iter().filter(|call| now.since(call.0) > SLOW_AFTER);
        let (all, late) = judged.fold((0, 0), |(all, late), call| (all + 1, late + usize::from(!call.2)));
        all > 0 && late * 100 >= all * SLOW_SHARE_PERCENT
    }
}

impl Engine {
    pub(super) fn plan_weights(&mut self) {
        if self.plan.sender.policy != Policy::GovukWeights {
            return;
        }
        let plan = self.plan.clone();
        for kind in plan.kinds.iter().filter(|kind| kind.route.len() > 1) {
            let media = [kind.route[0].medium, kind.route[1].medium];
            if !self.weights.pairs.iter().any(|pair| pair.media == media) {
                let seen = Default::default();
                self.weights.pairs.push(Pair { media, first: RESTING_FIRST, moved: SimTime::ZERO, seen });
            }
        }
        self.agenda.set(self.now + LOOK_EVERY, Alarm::Weigh);
    }

    /// Whether a new notice starts with its second leg.
    pub(super) fn starts_swapped(&mut self, notice: NoticeId, kind: KindId) -> bool {
        if self.weights.pairs.is_empty() {
            return false;
        }
        let (seed, now) = (self.plan.seed, self.now);
        let Some(pair) = self.pair_of(kind) else { return false };
        let first =
            seed.happens(Share::from_ppm(u32::from(pair.first) * 10_000), Subject::Weight, u64::from(notice.0), 0);
        pair.seen[usize::from(!first)].calls.push_back((now, notice, false));
        !first
    }

    /// A call failed.
    pub(super) fn note_error(&mut self, ix: AttemptIx) {
        if self.weights.pairs.is_empty() {
            return;
        }
        let (medium, now) = (self.attempt(ix).medium, self.now);
        let kind = self.notice(self.attempt(ix).notice).kind;
        let Some(pair) = self.pair_of(kind) else { return };
        let Some(side) = pair.media.iter().position(|one| *one == medium) else { return };
        pair.seen[side].errors.push_back(now);
        pair.seen[side].forget(now);
        if pair.seen[side].errors.len() > ERRORS_MAX && now.since(pair.moved) >= ERROR_WINDOW {
            self.move_weight(kind, side);
        }
    }

    /// A message is known to have arrived.
    pub(super) fn note_success(&mut self, id: AttemptId) {
        if self.weights.pairs.is_empty() || id.ordinal > 0 {
            return;
        }
        let now = self.now;
        let kind = self.notice(id.notice).kind;
        let Some(pair) = self.pair_of(kind) else { return };
        for seen in &mut pair.seen {
            // Calls are in order of their notices' numbers, because each is made with its notice.
            if let Ok(place) = seen.calls.binary_search_by_key(&id.notice, |call| call.1) {
                seen.calls[place].2 = now.since(seen.calls[place].0) <= SLOW_AFTER;
            }
        }
    }

    /// Once a minute: slowness takes weight, quiet gives it back.
    pub(super) fn weigh(&mut self) {
        let now = self.now;
        let plan = self.plan.clone();
        for kind in (0..plan.kinds.len()).map(|index| KindId(index as u16)) {
            let Some(pair) = self.pair_of(kind) else { continue };
            pair.seen.iter_mut().for_each(|seen| seen.forget(now));
            let slow = [pair.seen[0].slow(now), pair.seen[1].slow(now)];
            let quiet = now.since(pair.moved);
            match slow {
                [true, false] if quiet >= SETTLE => self.move_weight(kind, 0),
                [false, true] if quiet >= SETTLE => self.move_weight(kind, 1),
                _ if quiet >= REST_AFTER => self.rest(kind),
                _ => {}
            }
        }
        self.agenda.set(now + LOOK_EVERY, Alarm::Weigh);
    }

    fn move_weight(&mut self, kind: KindId, from: usize) {
        let now = self.now;
        let Some(pair) = self.pair_of(kind) else { return };
        let before = pair.first;
        pair.first = if from == 0 { before.saturating_sub(STEP) } else { (before + STEP).min(100) };
        pair.moved = now;
        if pair.first != before {
            self.tell_weight(kind, from);
        }
    }

    fn rest(&mut self, kind: KindId) {
        let now = self.now;
        let Some(pair) = self.pair_of(kind) else { return };
        if pair.first == RESTING_FIRST {
            return;
        }
        let step = STEP.min(pair.first.abs_diff(RESTING_FIRST));
        pair.first = if pair.first < RESTING_FIRST { pair.first + step } else { pair.first - step };
        pair.moved = now;
        self.tell_weight(kind, 0);
    }

    fn tell_weight(&mut self, kind: KindId, side: usize) {
        let Some(pair) = self.pair_of(kind) else { return };
        let weight = if side == 0 { pair.first } else { 100 - pair.first };
        let medium = pair.media[side];
        self.emit(EventKind::WeightsMoved { medium, weight });
    }

    fn pair_of(&mut self, kind: KindId) -> Option<&mut Pair> {
        let route = &self.plan.kinds[kind.index()].route;
        let media = [route.first()?.medium, route.get(1)?.medium];
        self.weights.pairs.iter_mut().find(|pair| pair.media == media)
    }
}
