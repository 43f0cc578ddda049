//! A handset: one person's phone, letter box and ears, folded from the run's events.

use serde_json::{Value, json};

use crate::host::link::Words;
use crate::sim::behaviour::connects;
use crate::sim::engine::Phones;
use crate::sim::model::event::{Event, EventKind as E, Leg};
use crate::sim::model::ids::{AttemptId, ButtonId, FaultId, KindId, NoticeId, PersonId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::person::Person;
use crate::sim::plan::Plan;
use crate::sim::plan::population::Population;
use crate::sim::plan::render::{person_name, render, render_said};
use crate::sim::time::SimTime;

/// Messages that are told, the newest.
pub const MESSAGES_MAX: usize = 40;

/// A phone.
pub struct Handset {
    person: PersonId,
    who: Person,
    lines: Vec<(Network, Line)>,
    /// The kinds of the person's notices, the newest last.
    kinds: Vec<(NoticeId, KindId)>,
    messages: Vec<Message>,
    more: bool,
    /// Whether anything happened since it was told.
    pub changed: bool,
}

/// How a phone stands with a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// Never was connected, and has no reason to be: off, or without an account.
    Off,
    /// Connected.
    On,
    /// Cut off, or turned away, by a fault.
    Cut(FaultId),
    /// Left by itself.
    Out,
}

/// One attempt, as it stands for the one whom it is for.
struct Message {
    attempt: AttemptId,
    kind: KindId,
    medium: Medium,
    state: State,
    sent: SimTime,
    shown: Option<SimTime>,
    opened: Option<SimTime>,
    copies: u16,
    pressed: Vec<ButtonId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// On its way.
    Coming,
    /// A network or its fault keeps it.
    Held,
    /// The phone shows it.
    Shown,
    /// It never comes.
    Lost,
    /// A letter that went back.
    Returned,
    /// The platform did not take it.
    Refused,
}

impl State {
    const fn name(self) -> &'static str {
        match self {
            State::Coming => "coming",
            State::Held => "held",
            State::Shown => "shown",
            State::Lost => "lost",
            State::Returned => "returned",
            State::Refused => "refused",
        }
    }
}

impl Handset {
    /// A phone before anything happened; those that the engine plays are connected from the beginning.
    pub fn new(plan: &Plan, person: PersonId, who: &Person, phones: Phones) -> Handset {
        let mut networks: Vec<Network> =
            plan.kinds.iter().flat_map(|kind| kind.legs()).map(|leg| plan.medium(leg.medium).network).collect();
        networks.sort_unstable();
        networks.dedup();
        networks.retain(|network| plan.networks[network.index()].sessions);
        let line = |network| match phones {
            Phones::Simulated if connects(plan, who, network) => (network, Line::On),
            Phones::Simulated | Phones::Outside => (network, Line::Off),
        };
        let lines = networks.into_iter().map(line).collect();
        Handset { person, who: *who, lines, kinds: Vec::new(), messages: Vec::new(), more: false, changed: true }
    }

    /// Takes an event that is about this person.
    pub fn observe(&mut self, event: &Event) {
        match event.kind {
            E::Created { notice, kind, .. } => self.kinds.push((notice, kind)),
            E::Submitted { attempt, medium, .. } => self.submitted(attempt, medium, event.at),
            E::Held { attempt, .. } => self.becomes(attempt, State::Held),
            E::Lost { attempt, leg: Leg::Deliver, .. } => self.becomes(attempt, State::Lost),
            E::Refused { attempt, .. } => self.becomes(attempt, State::Refused),
            E::Returned { attempt } => self.becomes(attempt, State::Returned),
            E::Shown { attempt, .. } => self.shown(attempt, event.at),
            E::Opened { attempt, .. } => self.change(attempt, |message| message.opened = Some(event.at)),
            E::Pressed { attempt, button, .. } => self.change(attempt, |message| {
                if !message.pressed.contains(&button) {
                    message.pressed.push(button);
                }
            }),
            E::SessionOpened { network, .. } => self.line(network, Line::On),
            E::SessionClosed { network, fault, .. } | E::SessionRefused { network, fault, .. } => {
                self.line(network, fault.map_or(Line::Out, Line::Cut));
            }
            // What the sender is told, what it costs, and what the services do does not show on a phone.
            _ => {}
        }
    }

    fn submitted(&mut self, attempt: AttemptId, medium: Medium, at: SimTime) {
        let known = self.kinds.iter().rev().find(|(notice, _)| *notice == attempt.notice);
        let Some((_, kind)) = known.copied() else { return };
        if self.messages.len() == MESSAGES_MAX {
            self.messages.remove(0);
            self.more = true;
        }
        let (state, pressed) = (State::Coming, Vec::new());
        self.messages.push(Message {
            attempt,
            kind,
            medium,
            state,
            sent: at,
            shown: None,
            opened: None,
            copies: 0,
            pressed,
        });
        self.changed = true;
    }

    fn shown(&mut self, attempt: AttemptId, at: SimTime) {
        self.change(attempt, |message| {
            message.state = State::Shown;
            message.shown.get_or_insert(at);
            message.copies = message.copies.saturating_add(1);
        });
    }

    /// What a phone shows, it shows, whatever is said of another copy.
    fn becomes(&mut self, attempt: AttemptId, state: State) {
        self.change(attempt, |message| {
            if message.state != State::Shown {
                message.state = state;
            }
        });
    }

    fn change(&mut self, attempt: AttemptId, change: impl FnOnce(&mut Message)) {
        if let Some(message) = self.messages.iter_mut().rev().find(|message| message.attempt == attempt) {
            change(message);
            self.changed = true;
        }
    }

    fn line(&mut self, network: Network, line: Line) {
        if let Some(row) = self.lines.iter_mut().find(|row| row.0 == network) {
            self.changed |= row.1 != line;
            row.1 = line;
        }
    }

    /// The phone as a page shows it.
    pub fn json(&self, plan: &Plan, people: &Population, said: &Words, faults: &[String]) -> Value {
        let line = |(network, line): &(Network, Line)| {
            let (state, fault) = match line {
                Line::Off => ("off", None),
                Line::On => ("on", None),
                Line::Cut(fault) => ("cut", faults.get(fault.index())),
                Line::Out => ("out", None),
            };
            json!({ "network": network.name(), "state": state, "fault": fault })
        };
        let messages = self.messages.iter().filter_map(|message| message.json(plan, people, said, self.person));
        json!({
            "phone": people.numbers().number(self.person),
            "name": person_name(plan, self.person),
            "device": self.who.phone.name(),
            "kakao": self.who.kakao.name(),
            "lines": self.lines.iter().map(line).collect::<Vec<Value>>(),
            "messages": messages.collect::<Vec<Value>>(),
            "more": self.more,
        })
    }
}

impl Message {
    fn json(&self, plan: &Plan, people: &Population, said: &Words, person: PersonId) -> Option<Value> {
        let words = match said.of(self.attempt) {
            Some(said) => render_said(plan, people, self.kind, self.medium, person, (&said.title, &said.text))?,
            None => render(plan, people, self.kind, self.medium, person)?,
        };
        let channel = &plan.channels[plan.kinds[self.kind.index()].channel.index()];
        let faces = words.buttons.iter();
        let button = |button: &ButtonId| plan.buttons.get(button.index());
        Some(json!({
            "attempt": self.attempt.to_string(),
            "medium": self.medium.name(),
            "channel": channel.key,
            "from": { "ko": channel.name.ko, "en": channel.name.en },
            "title": words.title,
            "text": words.text,
            "large": words.large,
            "buttons": faces.map(|face| json!({ "id": face.name, "label": face.label })).collect::<Vec<Value>>(),
            "state": self.state.name(),
            "sent_us": self.sent.micros(),
            "shown_us": self.shown.map(|at| at.micros()),
            "opened_us": self.opened.map(|at| at.micros()),
            "copies": self.copies,
            "pressed": self.pressed.iter().filter_map(button).collect::<Vec<&String>>(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::Handset;
    use crate::host::link::Words;
    use crate::sim::engine::Phones;
    use crate::sim::model::event::{Event, EventKind as E, Hold};
    use crate::sim::model::ids::{AttemptId, FaultId, KindId, NoticeId, PersonId};
    use crate::sim::model::medium::{Medium, Network};
    use crate::sim::plan::population::Population;
    use crate::sim::plan::sample;
    use crate::sim::time::SimTime;

    #[test]
    fn a_phone_shows_what_came_and_tells_what_did_not() {
        let plan = sample::rent();
        let people = Population::of(&plan);
        let connected =
            |who: &&crate::sim::model::person::Person| crate::sim::behaviour::connects(&plan, who, Network::Kakao);
        let who = people.all().iter().find(connected).expect("somebody is connected");
        let (person, notice, fault) = (PersonId(0), NoticeId(3), Some(FaultId(0)));
        let attempt = |ordinal| AttemptId { notice, ordinal };
        let mut phone = Handset::new(&plan, person, who, Phones::Simulated);
        let events = [
            E::Created { notice, person, kind: KindId(0), send: None },
            E::Submitted { attempt: attempt(0), medium: Medium::Alimtalk, person },
            E::SessionClosed { person, network: Network::Kakao, fault },
            E::Held { attempt: attempt(0), why: Hold::Offline, fault },
            E::Submitted { attempt: attempt(1), medium: Medium::Lms, person },
            E::Shown { attempt: attempt(1), person, copy: 0, fault: None },
            E::Held { attempt: attempt(1), why: Hold::Offline, fault },
            E::Opened { attempt: attempt(1), person },
        ];
        for (second, kind) in (1..).zip(events) {
            phone.observe(&Event { at: SimTime::from_micros(second * 1_000_000), kind });
        }
        let told = phone.json(&plan, &people, &Words::default(), &["blackout".to_owned()]);
        assert_eq!(told["lines"][0], serde_json::json!({ "network": "kakao", "state": "cut", "fault": "blackout" }));
        assert_eq!((&told["messages"][0]["state"], &told["messages"][1]["state"]), (&"held".into(), &"shown".into()));
        assert_eq!(
            (&told["messages"][1]["shown_us"], &told["messages"][1]["opened_us"]),
            (&6_000_000.into(), &8_000_000.into())
        );
        assert!(told["messages"][0]["text"].as_str().is_some_and(|text| text.contains("모의")), "{told}");
    }
}
