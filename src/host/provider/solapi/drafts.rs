//! Groups that are made and filled, and not sent yet. They live in this process's memory, as the caller was promised
//! nothing of them; a group that is sent lives in the books.
//!
//! Bounded by [`GROUPS_MAX`] groups and [`MESSAGES_MAX`] messages in all; over it a request is refused.

use std::collections::{BTreeMap, BTreeSet};

use crate::host::control::run::Run;
use crate::host::provider::solapi::CONTRACT;
use crate::host::provider::solapi::kept::{CallNote, in_group, wall};
use crate::sim::engine::call::HandIn;
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

/// All of them, by run and number.
#[derive(Debug, Default)]
pub struct Drafts {
    groups: BTreeMap<(u32, u32), Draft>,
    last: BTreeMap<u32, u32>,
}

impl Draft {
    /// The note of its next call.
    pub fn note(&self) -> CallNote {
        let (group, wall, first) = (Some(self.number), self.wall.clone(), self.first);
        CallNote { group, wall, first, failed: self.failed, ..self.base.clone() }
    }
}

impl Drafts {
    /// A new group; `None` when there is no room.
    pub fn open(&mut self, run: &Run, base: CallNote) -> Option<u32> {
        self.groups.retain(|key, _| key.0 == run.id.0);
        self.last.retain(|of, _| *of == run.id.0);
        if self.groups.len() >= GROUPS_MAX {
            return None;
        }
        let last = self.last.entry(run.id.0).or_insert_with(|| last_on_record(run));
        *last += 1;
        let (number, made) = (*last, run.status().at);
        let draft = Draft {
            number,
            made,
            wall: wall(run, made),
            base,
            items: Vec::new(),
            first: 0,
            failed: 0,
            seen: BTreeSet::new(),
            due: None,
        };
        self.groups.insert((run.id.0, number), draft);
        Some(number)
    }

    /// A group.
    pub fn get(&mut self, run: &Run, number: u32) -> Option<&mut Draft> {
        self.groups.get_mut(&(run.id.0, number))
    }

    /// All groups of a run, newest first.
    pub fn all(&self, run: &Run) -> impl Iterator<Item = &Draft> {
        let run = run.id.0;
        self.groups.iter().rev().filter(move |row| row.0.0 == run).map(|row| row.1)
    }

    /// Whether so many more messages find room.
    pub fn has_room(&self, more: usize) -> bool {
        self.groups.values().map(|draft| draft.items.len()).sum::<usize>() + more <= MESSAGES_MAX
    }

    /// Lets go of a group.
    pub fn close(&mut self, run: &Run, number: u32) -> Option<Draft> {
        self.groups.remove(&(run.id.0, number))
    }
}

/// The highest number of a group that was sent: after a restart numbers go on from there.
fn last_on_record(run: &Run) -> u32 {
    run.books(|books| {
        let calls = books.calls_of(CONTRACT, 0).filter(|call| in_group(call));
        calls.filter_map(|call| CallNote::of(call).group).max().unwrap_or(0)
    })
}
