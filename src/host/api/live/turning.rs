//! Turning points: the few facts of a run that are worth a line to whoever watches it. Facts only; their words are the
//! page's, in its reader's language.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::sim::model::event::EventKind as E;
use crate::sim::model::event::{Cause, Event};
use crate::sim::model::ids::{FaultId, SendId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::plan::Plan;
use crate::sim::time::{SimTime, Span};

/// One turning point, stamped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turning {
    /// When.
    pub at: SimTime,
    /// What.
    pub what: What,
}

/// What turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A fault's window opened.
    Began(FaultId),
    /// A part of what a fault took came back.
    Partly(FaultId),
    /// A fault's window closed; whether by hand.
    Ended(FaultId, bool),
    /// So many connections of a network were cut by faults, within a second.
    Cut(Network, u64),
    /// All connections that faults had cut are back.
    Back(Network, u64),
    /// A medium begins to take over.
    TookOver(Medium, Cause),
    /// A line of the timeline begins to send.
    Sent(SendId),
}

/// Finds turning points among events.
#[derive(Clone, Debug, Default)]
pub struct Finder {
    sent: BTreeSet<SendId>,
    took_over: [bool; Medium::COUNT],
    lines: [Line; Network::COUNT],
}

/// The connections of a network.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    /// Cut by faults and not back yet.
    away: u64,
    /// Cut since the last telling, and when the first of them was.
    cut: u64,
    cut_at: SimTime,
    /// Back since all were there.
    back: u64,
}

/// Cuts that come within so long are told as one.
const TOGETHER: Span = Span::from_secs(1);

impl Finder {
    /// Takes one event; `known_cut` says whether the session that opens had been cut by a fault.
    pub fn observe(&mut self, event: &Event, known_cut: bool, found: &mut Vec<Turning>) {
        let at = event.at;
        self.cuts_until(at, found);
        let what = match event.kind {
            E::Created { send: Some(send), .. } if self.sent.insert(send) => What::Sent(send),
            E::FaultBegan { fault } => What::Began(fault),
            E::FaultStaged { fault, .. } => What::Partly(fault),
            E::FaultEnded { fault, lifted } => What::Ended(fault, lifted),
            E::FellBack { to, cause, .. } if !self.took_over[to.index()] => {
                self.took_over[to.index()] = true;
                What::TookOver(to, cause)
            }
            E::SessionClosed { network, fault: Some(_), .. } => return self.cut(at, network),
            E::SessionOpened { network, .. } if known_cut => match self.back(network) {
                Some(all) => What::Back(network, all),
                None => return,
            },
            E::RunEnded { .. } => return self.cuts_until(SimTime::NEVER, found),
            _turns_nothing => return,
        };
        found.push(Turning { at, what });
    }

    /// Tells of cuts that are older than a second by then.
    pub fn cuts_until(&mut self, now: SimTime, found: &mut Vec<Turning>) {
        for network in Network::ALL {
            let line = &mut self.lines[network.index()];
            if line.cut > 0 && now >= line.cut_at + TOGETHER {
                found.push(Turning { at: line.cut_at, what: What::Cut(network, std::mem::take(&mut line.cut)) });
            }
        }
    }

    fn cut(&mut self, at: SimTime, network: Network) {
        let line = &mut self.lines[network.index()];
        if line.cut == 0 {
            line.cut_at = at;
        }
        line.cut += 1;
        line.away += 1;
    }

    /// One is back; how many came back, once all are there.
    fn back(&mut self, network: Network) -> Option<u64> {
        let line = &mut self.lines[network.index()];
        if line.away == 0 {
            return None;
        }
        line.away -= 1;
        line.back += 1;
        (line.away == 0).then(|| std::mem::take(&mut line.back))
    }
}

impl Turning {
    /// As the stream says it; `faults` are names, by id.
    pub fn json(&self, plan: &Plan, faults: &[String]) -> Value {
        let fault = |id: FaultId| faults.get(id.index()).map_or("?", String::as_str);
        let mut told = match self.what {
            What::Began(id) => json!({ "what": "began", "fault": fault(id) }),
            What::Partly(id) => json!({ "what": "partly", "fault": fault(id) }),
            What::Ended(id, lifted) => json!({ "what": "ended", "fault": fault(id), "lifted": lifted }),
            What::Cut(network, count) => json!({ "what": "cut", "network": network.name(), "count": count }),
            What::Back(network, count) => json!({ "what": "back", "network": network.name(), "count": count }),
            What::Sent(send) => {
                let kind = plan.sends.get(send.index()).and_then(|send| plan.kinds.get(send.kind.index()));
                let title = kind.map(|kind| json!({ "ko": kind.title.ko, "en": kind.title.en }));
                json!({ "what": "sent", "kind": kind.map(|kind| kind.key.as_str()), "title": title })
            }
            What::TookOver(medium, cause) => {
                json!({ "what": "took_over", "medium": medium.name(), "cause": cause.name() })
            }
        };
        told["at_us"] = self.at.micros().into();
        told
    }
}

#[cfg(test)]
mod tests {
    use super::{Finder, What};
    use crate::sim::model::event::{Cause, Event, EventKind as E};
    use crate::sim::model::ids::{FaultId, NoticeId, PersonId};
    use crate::sim::model::medium::{Medium, Network};
    use crate::sim::plan::sample;
    use crate::sim::time::SimTime;

    #[test]
    fn cuts_of_one_second_are_told_once_and_the_last_to_come_back_is_told() {
        let (network, fault) = (Network::Kakao, Some(FaultId(0)));
        let mut finder = Finder::default();
        let mut found = Vec::new();
        let mut take = |at: u64, kind: E| {
            finder.observe(&Event { at: SimTime::from_micros(at), kind }, true, &mut found);
        };
        take(0, E::FaultBegan { fault: FaultId(0) });
        (0..3).for_each(|person| take(10, E::SessionClosed { person: PersonId(person), network, fault }));
        let fell = E::FellBack {
            notice: NoticeId(0),
            from: Medium::Alimtalk,
            to: Medium::Lms,
            cause: Cause::Failed,
            fault: None,
        };
        take(2_000_000, fell);
        take(2_000_001, fell);
        (0..3).for_each(|person| take(3_000_000, E::SessionOpened { person: PersonId(person), network }));
        take(4_000_000, E::FaultEnded { fault: FaultId(0), lifted: true });
        let whats: Vec<What> = found.iter().map(|turning| turning.what).collect();
        let expected = [
            What::Began(FaultId(0)),
            What::Cut(network, 3),
            What::TookOver(Medium::Lms, Cause::Failed),
            What::Back(network, 3),
            What::Ended(FaultId(0), true),
        ];
        assert_eq!(whats, expected);
        assert_eq!(found[1].at, SimTime::from_micros(10));
        let told = found[4].json(&sample::rent(), &["blackout".to_owned()]);
        assert_eq!(told.to_string(), r#"{"at_us":4000000,"fault":"blackout","lifted":true,"what":"ended"}"#);
    }
}
