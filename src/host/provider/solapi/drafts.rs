//! Groups that are made and filled, and not sent yet. What is told of one is on disk first, where there is a disk, as
//! [`changes`]; from them, and from the calls on record, a process that starts again has the same groups. A group that is
//! sent lives in the books.
//!
//! Bounded by [`GROUPS_MAX`] groups and [`MESSAGES_MAX`] messages in all; over it a request is refused.
//!
//! [`changes`]: crate::host::provider::solapi::changes

use std::collections::{BTreeMap, BTreeSet};

use crate::host::control::run::{Run, RunId};
use crate::host::provider::solapi::CONTRACT;
use crate::host::provider::solapi::changes::{self, Change, Item};
use crate::host::provider::solapi::kept::{CallNote, Kept, in_group, wall};
use crate::sim::engine::call::{HandIn, How};
use crate::sim::time::SimTime;

/// Groups at one time.
pub const GROUPS_MAX: usize = 1_000;
/// Messages of one group, by the vendor's documents; also of all groups together.
pub const MESSAGES_MAX: usize = 1_000_000;

/// A group that is not sent yet.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its number in the run.
    pub number: u32,
    /// When it was made.
    pub made: SimTime,
    /// The same on the wall, in fourteen digits.
    pub wall: String,
    /// What the request that made it said.
    pub base: CallNote,
    /// Its messages; those that were handed in are gone from here.
    pub items: Vec<HandIn>,
    /// The place of the first of them in the group.
    pub first: u32,
    /// How many were refused.
    pub failed: u32,
    /// Numbers that it has.
    pub seen: BTreeSet<String>,
    /// When it is to be sent.
    pub due: Option<SimTime>,
}

/// Those of the run that goes on, by number.
#[derive(Debug, Default)]
pub struct Drafts {
    run: Option<RunId>,
    groups: BTreeMap<u32, Draft>,
    last: u32,
}

impl Draft {
    /// The note of its next call.
    pub fn note(&self) -> CallNote {
        let (group, wall, first) = (Some(self.number), self.wall.clone(), self.first);
        CallNote { group, wall, first, failed: self.failed, ..self.base.clone() }
    }

    /// Those that were handed in are gone from it; `upto` is the place of the first that was not.
    fn hand_in(&mut self, upto: u32) {
        let count = (upto.saturating_sub(self.first) as usize).min(self.items.len());
        self.items.drain(..count);
        self.first += count as u32;
        self.failed = 0;
    }
}

impl Drafts {
    /// Turns to a run: to one that was not seen before with what its books remember of an earlier process. Whether these are
    /// its groups: those of a run that is over are gone.
    pub fn turn_to(&mut self, run: &Run) -> bool {
        if self.run < Some(run.id) {
            *self = Drafts { run: Some(run.id), ..Drafts::default() };
            self.remember(run);
        }
        self.run == Some(run.id)
    }

    fn remember(&mut self, run: &Run) {
        for text in run.books(|books| books.take_notes(CONTRACT)) {
            for change in changes::read(&text) {
                self.make(run, change);
            }
        }
        for (group, upto) in handed_in(run) {
            self.last = self.last.max(group);
            let Some(draft) = self.groups.get_mut(&group) else { continue };
            draft.hand_in(upto);
            if draft.items.is_empty() {
                self.groups.remove(&group);
            }
        }
    }

    /// Makes a change. One of a group that is not there does nothing.
    pub fn make(&mut self, run: &Run, change: Change) {
        match change {
            Change::Open { group, at_us, base } => {
                let made = SimTime::from_micros(at_us);
                let (number, wall, items, seen) = (group, wall(run, made), Vec::new(), BTreeSet::new());
                let draft = Draft { number, made, wall, base, items, first: 0, failed: 0, seen, due: None };
                self.last = self.last.max(group);
                self.groups.insert(group, draft);
            }
            Change::Add { group, items, failed } => {
                let items = items.into_iter().filter_map(Item::hand_in).collect();
                self.add(group, items, failed);
            }
            Change::TakeOut { group, places } => {
                let Some(draft) = self.groups.get_mut(&group) else { return };
                for place in places.into_iter().rev() {
                    let place = place.checked_sub(draft.first).map(|place| place as usize);
                    if let Some(place) = place.filter(|place| *place < draft.items.len()) {
                        draft.items.remove(place);
                    }
                }
            }
            Change::Due { group, at_us } => {
                if let Some(draft) = self.groups.get_mut(&group) {
                    draft.due = at_us.map(SimTime::from_micros);
                }
            }
            Change::Close { group } => drop(self.groups.remove(&group)),
        }
    }

    /// Puts messages in.
    pub fn add(&mut self, group: u32, items: Vec<HandIn>, failed: u32) {
        let Some(draft) = self.groups.get_mut(&group) else { return };
        draft.seen.extend(items.iter().map(|item| Kept::read(&item.note).to));
        draft.items.extend(items);
        draft.failed += failed;
    }

    /// The number of a new group; `None` when there is no room.
    pub fn next(&self) -> Option<u32> {
        (self.groups.len() < GROUPS_MAX).then_some(self.last + 1)
    }

    /// A group.
    pub fn get(&mut self, number: u32) -> Option<&mut Draft> {
        self.groups.get_mut(&number)
    }

    /// All groups, newest first.
    pub fn all(&self) -> impl Iterator<Item = &Draft> {
        self.groups.values().rev()
    }

    /// Whether so many more messages find room.
    pub fn has_room(&self, more: usize) -> bool {
        self.groups.values().map(|draft| draft.items.len()).sum::<usize>() + more <= MESSAGES_MAX
    }

    /// Lets go of a group.
    pub fn close(&mut self, number: u32) -> Option<Draft> {
        self.groups.remove(&number)
    }
}

/// Of each group that calls on record are of, the place after the last message that was handed in. A call that was refused
/// has handed nothing in; one that has no answer yet has.
fn handed_in(run: &Run) -> BTreeMap<u32, u32> {
    let mut all = BTreeMap::new();
    run.books(|books| {
        for call in books.calls_of(CONTRACT, 0).filter(|call| in_group(call)) {
            let note = CallNote::of(call);
            let refused = call.answer.as_ref().is_some_and(|answer| matches!(answer.how, How::Refused(_)));
            let count = u32::try_from(call.items.len()).unwrap_or(u32::MAX);
            let upto: &mut u32 = all.entry(note.group.unwrap_or(0)).or_default();
            *upto = (*upto).max(if refused { 0 } else { note.first.saturating_add(count) });
        }
    });
    all
}
