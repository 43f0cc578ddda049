//! What a run left behind, and questions about it.

use std::collections::BTreeMap;
use std::sync::Arc;

use bongsu::sim::engine::input::Input;
use bongsu::sim::model::event::{Event, EventKind};
use bongsu::sim::model::ids::{AttemptId, FaultId, KindId, NoticeId, PersonId};
use bongsu::sim::model::medium::Medium;
use bongsu::sim::plan::Plan;
use bongsu::sim::plan::population::Population;
use bongsu::sim::time::SimTime;

/// A run that has ended.
#[derive(Clone)]
pub struct Trace {
    pub plan: Arc<Plan>,
    pub people: Arc<Population>,
    /// Whether the outside world had a hand in it.
    pub outside: bool,
    /// What the outside world did, stamped.
    pub inputs: Vec<(SimTime, Input)>,
    pub events: Vec<Event>,
}

/// One attempt's part of a trace.
pub struct Life {
    pub id: AttemptId,
    pub medium: Medium,
    pub person: PersonId,
    pub kind: KindId,
    /// Its events in order, with `Submitted` first.
    pub events: Vec<Event>,
}

impl Trace {
    /// When the run ended.
    pub fn end(&self) -> SimTime {
        self.events.last().map_or(SimTime::ZERO, |event| event.at)
    }

    /// The kind and person of every notice.
    pub fn notices(&self) -> BTreeMap<NoticeId, (KindId, PersonId)> {
        let created = self.events.iter().filter_map(|event| match event.kind {
            EventKind::Created { notice, kind, person, .. } => Some((notice, (kind, person))),
            _ => None,
        });
        created.collect()
    }

    /// Every attempt's life, in order of id. Events that name an attempt before it was submitted are left out; a law of
    /// its own looks for those.
    pub fn lives(&self) -> Vec<Life> {
        let notices = self.notices();
        let mut lives: BTreeMap<AttemptId, Life> = BTreeMap::new();
        for event in &self.events {
            let Some(id) = attempt(&event.kind) else { continue };
            if let EventKind::Submitted { medium, person, .. } = event.kind {
                let kind = notices.get(&id.notice).map_or(KindId(0), |notice| notice.0);
                lives.entry(id).or_insert(Life { id, medium, person, kind, events: Vec::new() });
            }
            if let Some(life) = lives.get_mut(&id) {
                life.events.push(*event);
            }
        }
        lives.into_values().collect()
    }

    /// Where two traces part.
    pub fn first_difference(&self, other: &Trace) -> String {
        let (ours, theirs) = (&self.events, &other.events);
        let place = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
        format!("event {place}: {:?} against {:?}", ours.get(place), theirs.get(place))
    }
}

impl Life {
    /// When something first happened in this life.
    pub fn first(&self, is: impl Fn(&EventKind) -> bool) -> Option<SimTime> {
        self.events.iter().find(|event| is(&event.kind)).map(|event| event.at)
    }

    /// How often.
    pub fn count(&self, is: impl Fn(&EventKind) -> bool) -> usize {
        self.events.iter().filter(|event| is(&event.kind)).count()
    }

    /// Whether the platform has the message, as far as the trace shows.
    pub fn taken(&self) -> Option<SimTime> {
        self.first(|kind| matches!(kind, EventKind::Accepted { .. } | EventKind::Unanswered { taken: true, .. }))
    }
}

macro_rules! table {
    ($($variant:ident { $($pattern:tt)* } => $word:literal, $attempt:expr, $fault:expr;)*) => {
        /// Every kind of event.
        pub const WORDS: [&str; [$($word),*].len()] = [$($word),*];

        /// A kind of event as a word.
        pub fn word(kind: &EventKind) -> &'static str {
            match kind {
                $(EventKind::$variant { .. } => $word,)*
                EventKind::Service(event) => event.name(),
            }
        }

        /// The attempt that an event is about.
        #[allow(unused_variables, reason = "each row names all that both columns may need")]
        pub fn attempt(kind: &EventKind) -> Option<AttemptId> {
            match *kind {
                $(EventKind::$variant { $($pattern)* } => $attempt,)*
                EventKind::Service(event) => event.attempt(),
            }
        }

        /// The fault that an event names as its cause.
        #[allow(unused_variables, reason = "each row names all that both columns may need")]
        pub fn cause(kind: &EventKind) -> Option<FaultId> {
            match *kind {
                $(EventKind::$variant { $($pattern)* } => $fault,)*
                EventKind::Service(event) => event.fault(),
            }
        }
    };
}

table! {
    RunStarted {} => "run_started", None, None;
    RunEnded { .. } => "run_ended", None, None;
    FaultBegan { .. } => "fault_began", None, None;
    FaultStaged { .. } => "fault_staged", None, None;
    FaultEnded { .. } => "fault_ended", None, None;
    Created { .. } => "created", None, None;
    Submitted { attempt, .. } => "submitted", Some(attempt), None;
    Accepted { attempt } => "accepted", Some(attempt), None;
    Refused { attempt, fault, .. } => "refused", Some(attempt), fault;
    RequestsRefused { .. } => "requests_refused", None, None;
    Unanswered { attempt, fault, .. } => "unanswered", Some(attempt), fault;
    Held { attempt, fault, .. } => "held", Some(attempt), fault;
    Lost { attempt, fault, .. } => "lost", Some(attempt), fault;
    HookGivenUp { attempt, .. } => "hook_given_up", attempt, None;
    Charged { attempt, .. } => "charged", Some(attempt), None;
    Shown { attempt, fault, .. } => "shown", Some(attempt), fault;
    Reported { attempt, fault, .. } => "reported", Some(attempt), fault;
    Opened { attempt, .. } => "opened", Some(attempt), None;
    Returned { attempt } => "returned", Some(attempt), None;
    FellBack { fault, .. } => "fell_back", None, fault;
    Retried { attempt, .. } => "retried", Some(attempt), None;
    RouteEnded { .. } => "route_ended", None, None;
    WeightsMoved { .. } => "weights_moved", None, None;
    Pressed { attempt, .. } => "pressed", Some(attempt), None;
    Answered { .. } => "answered", None, None;
    Counted { .. } => "counted", None, None;
    SessionOpened { .. } => "session_opened", None, None;
    SessionClosed { fault, .. } => "session_closed", None, fault;
    SessionRefused { fault, .. } => "session_refused", None, fault;
    HandshakesRefused { fault, .. } => "handshakes_refused", None, fault;
    SlowSessionCut { .. } => "slow_session_cut", None, None;
    InputRejected { .. } => "input_rejected", None, None;
}
