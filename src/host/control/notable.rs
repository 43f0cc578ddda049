//! Events of note: what whoever drives a run wants to be taken to. A fault begins, gives something back, ends; a line of
//! the timeline begins to send; a medium takes over for the first time; the run is over.
//!
//! What comes for the first time is known of this process only: a run that goes on after a crash may stop once more at a
//! line that had begun before.

use std::collections::BTreeSet;

use crate::sim::model::event::{Event, EventKind as E};
use crate::sim::model::ids::SendId;
use crate::sim::model::medium::Medium;

/// Knows what is new.
#[derive(Debug, Default)]
pub struct Notable {
    sends: BTreeSet<SendId>,
    took_over: [bool; Medium::COUNT],
}

impl Notable {
    /// Takes one event; whether it is of note.
    pub fn observe(&mut self, event: &Event) -> bool {
        match event.kind {
            E::FaultBegan { .. } | E::FaultStaged { .. } | E::FaultEnded { .. } | E::RunEnded { .. } => true,
            E::Created { send: Some(send), .. } => self.sends.insert(send),
            E::FellBack { to, .. } => !std::mem::replace(&mut self.took_over[to.index()], true),
            _of_no_note => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Notable;
    use crate::sim::model::event::{Cause, End, Event, EventKind as E};
    use crate::sim::model::ids::{FaultId, KindId, NoticeId, PersonId, SendId};
    use crate::sim::model::medium::Medium;
    use crate::sim::time::SimTime;

    #[test]
    fn the_first_of_a_line_and_of_a_fallback_is_of_note_and_every_turn_of_a_fault() {
        let mut notable = Notable::default();
        let mut noted = |kind: E| notable.observe(&Event { at: SimTime::ZERO, kind });
        let created = |send| E::Created { notice: NoticeId(0), person: PersonId(0), kind: KindId(0), send };
        let fell =
            |to| E::FellBack { notice: NoticeId(0), from: Medium::Alimtalk, to, cause: Cause::Failed, fault: None };
        let began = E::FaultBegan { fault: FaultId(0) };
        assert_eq!([E::RunStarted, created(None)].map(&mut noted), [false, false]);
        assert_eq!([created(Some(SendId(1))), created(Some(SendId(1)))].map(&mut noted), [true, false]);
        assert_eq!([fell(Medium::Lms), fell(Medium::Lms), fell(Medium::Sms)].map(&mut noted), [true, false, true]);
        assert_eq!([began, began, E::RunEnded { end: End::Stop }].map(&mut noted), [true, true, true]);
    }
}
