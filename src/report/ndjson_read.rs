//! Reads `events.ndjson` back: the other half of [`ndjson`](crate::report::ndjson), line for line.
//!
//! Names become ids again by the plan's tables, so that everything that follows events can follow a recording. A name
//! of a fault that the plan does not have was posted while the run went on; it gets the next id. A field that this
//! build does not know is passed over, an event that it does not know is an error: half a story is worse than none.

use std::borrow::Cow;

use serde::Deserialize;

use crate::report::text::terminal::excerpt;
use crate::sim::model::code::Code;
use crate::sim::model::denial::Denial;
use crate::sim::model::event::{Cause, Claim, Ear, End, Event, EventKind, Hold, Leg, Loss, Outcome, Rejection};
use crate::sim::model::ids::{
    AttemptId, ButtonId, CounterId, FaultId, KindId, NoticeId, PersonId, RuleId, SendId, SessionId,
};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::service::{ServiceEvent, Source, Table};
use crate::sim::plan::Plan;
use crate::sim::plan::numbers::Numbers;
use crate::sim::time::SimTime;

/// Reads lines; knows all names.
#[derive(Clone, Debug)]
pub struct Reader {
    faults: Vec<String>,
    kinds: Vec<String>,
    counters: Vec<String>,
    stocks: Vec<String>,
    states: Vec<String>,
    buttons: Vec<String>,
    channels: Vec<String>,
    numbers: Numbers,
}

/// A line as it stands in the file.
#[derive(Debug, Deserialize)]
struct Line<'a> {
    t: u64,
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(borrow)]
    attempt: Option<Cow<'a, str>>,
    #[serde(borrow)]
    notice: Option<Cow<'a, str>>,
    #[serde(borrow)]
    person: Option<Cow<'a, str>>,
    #[serde(borrow)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    medium: Option<Cow<'a, str>>,
    #[serde(borrow)]
    network: Option<Cow<'a, str>>,
    #[serde(borrow)]
    from: Option<Cow<'a, str>>,
    #[serde(borrow)]
    to: Option<Cow<'a, str>>,
    #[serde(borrow)]
    code: Option<Cow<'a, str>>,
    #[serde(borrow)]
    by: Option<Cow<'a, str>>,
    #[serde(borrow)]
    claim: Option<Cow<'a, str>>,
    #[serde(borrow)]
    ear: Option<Cow<'a, str>>,
    #[serde(borrow)]
    cause: Option<Cow<'a, str>>,
    #[serde(borrow)]
    outcome: Option<Cow<'a, str>>,
    #[serde(borrow)]
    leg: Option<Cow<'a, str>>,
    #[serde(borrow)]
    why: Option<Cow<'a, str>>,
    #[serde(borrow)]
    end: Option<Cow<'a, str>>,
    #[serde(borrow)]
    button: Option<Cow<'a, str>>,
    #[serde(borrow)]
    counter: Option<Cow<'a, str>>,
    #[serde(borrow)]
    fault: Option<Cow<'a, str>>,
    lifted: Option<bool>,
    taken: Option<bool>,
    counted: Option<bool>,
    send: Option<u16>,
    condition: Option<u8>,
    stage: Option<u8>,
    copy: Option<u8>,
    round: Option<u8>,
    tries: Option<u8>,
    weight: Option<u8>,
    rule: Option<u16>,
    price: Option<u32>,
    amount: Option<u32>,
    count: Option<u32>,
    session: Option<u32>,
}

/// What is wrong with a line: a lowercase fragment.
type Wrong = String;

impl Reader {
    /// A reader of runs of that plan.
    pub fn of(plan: &Plan) -> Reader {
        Reader {
            faults: plan.faults.iter().map(|fault| fault.name.clone()).collect(),
            kinds: plan.kinds.iter().map(|kind| kind.key.clone()).collect(),
            counters: plan.counters.clone(),
            stocks: plan.services.stocks.iter().map(|stock| stock.key.clone()).collect(),
            states: plan.services.talk.states.clone(),
            buttons: plan.buttons.clone(),
            channels: plan.channels.iter().map(|channel| channel.key.clone()).collect(),
            numbers: Numbers::of(plan),
        }
    }

    /// Reads one line, with or without its line feed. The error is a lowercase fragment that names the field, on one line:
    /// it quotes the event, and whoever changed the file may have written anything.
    pub fn read_event(&mut self, line: &[u8]) -> Result<Event, String> {
        self.event(line).map_err(|why| excerpt(&why))
    }

    /// The names of all faults read so far, by id: the plan's, then those that were posted.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// The name of a fault.
    pub fn fault_name(&self, fault: FaultId) -> &str {
        self.faults.get(fault.index()).map_or("?", String::as_str)
    }

    /// The name of a kind of notice.
    pub fn kind_name(&self, kind: KindId) -> &str {
        self.kinds.get(kind.index()).map_or("?", String::as_str)
    }

    /// The name of a counter.
    pub fn counter_name(&self, counter: CounterId) -> &str {
        self.counters.get(counter.index()).map_or("?", String::as_str)
    }

    /// The name of a button.
    pub fn button_name(&self, button: ButtonId) -> &str {
        self.buttons.get(button.index()).map_or("?", String::as_str)
    }

    fn event(&mut self, bytes: &[u8]) -> Result<Event, Wrong> {
        let line: Line<'_> = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let service = ServiceEvent::NAMES.contains(&&*line.event);
        let kind = if service { self.service(&line.event, bytes)? } else { self.kind_of(&line)? };
        Ok(Event { at: SimTime::from_micros(line.t), kind })
    }

    /// One arm an event, in the order of the writer's.
    fn kind_of(&mut self, line: &Line<'_>) -> Result<EventKind, Wrong> {
        use EventKind as E;
        let fault = line.fault.as_deref().map(|name| self.fault(name)).transpose()?;
        let needed = || fault.ok_or_else(|| missing("fault"));
        Ok(match &*line.event {
            "run_started" => E::RunStarted,
            "run_ended" => E::RunEnded { end: line.end()? },
            "fault_began" => E::FaultBegan { fault: needed()? },
            "fault_staged" => E::FaultStaged { fault: needed()?, stage: need(line.stage, "stage")? },
            "fault_ended" => E::FaultEnded { fault: needed()?, lifted: need(line.lifted, "lifted")? },
            "created" => E::Created {
                notice: line.notice()?,
                person: line.person(self.numbers)?,
                kind: KindId(place(&self.kinds, &line.kind, "kind")? as u16),
                send: line.send.map(SendId),
            },
            "submitted" => E::Submitted {
                attempt: line.attempt()?,
                medium: medium(&line.medium, "medium")?,
                person: line.person(self.numbers)?,
            },
            "accepted" => E::Accepted { attempt: line.attempt()? },
            "refused" => match line.denial()? {
                None => E::Refused { attempt: line.attempt()?, code: line.code()?, said: None, fault },
                said => E::Refused { attempt: line.attempt()?, code: Code::NOT_TAKEN, said, fault },
            },
            "requests_refused" => {
                E::RequestsRefused { said: need(line.denial()?, "by")?, count: need(line.count, "count")? }
            }
            "unanswered" => E::Unanswered { attempt: line.attempt()?, taken: need(line.taken, "taken")?, fault },
            "held" => E::Held { attempt: line.attempt()?, why: word(&HOLDS, Hold::name, &line.why, "why")?, fault },
            "lost" => E::Lost {
                attempt: line.attempt()?,
                leg: word(&Leg::ALL, Leg::name, &line.leg, "leg")?,
                why: word(&LOSSES, Loss::name, &line.why, "why")?,
                fault,
            },
            "charged" => E::Charged { attempt: line.attempt()?, price: need(line.price, "price")? },
            "shown" => E::Shown {
                attempt: line.attempt()?,
                person: line.person(self.numbers)?,
                copy: need(line.copy, "copy")?,
                fault,
            },
            "hook_given_up" => E::HookGivenUp {
                attempt: line.attempt.is_some().then(|| line.attempt()).transpose()?,
                tries: need(line.tries, "tries")?,
            },
            "reported" => E::Reported {
                attempt: line.attempt()?,
                claim: word(&CLAIMS, Claim::name, &line.claim, "claim")?,
                ear: line.ear()?,
                code: line.code()?,
                fault,
            },
            "opened" => E::Opened { attempt: line.attempt()?, person: line.person(self.numbers)? },
            "returned" => E::Returned { attempt: line.attempt()? },
            "fell_back" => E::FellBack {
                notice: line.notice()?,
                from: medium(&line.from, "from")?,
                to: medium(&line.to, "to")?,
                cause: word(&CAUSES, Cause::name, &line.cause, "cause")?,
                fault,
            },
            "retried" => E::Retried { attempt: line.attempt()?, round: need(line.round, "round")? },
            "route_ended" => E::RouteEnded {
                notice: line.notice()?,
                outcome: word(&OUTCOMES, Outcome::name, &line.outcome, "outcome")?,
            },
            "weights_moved" => {
                E::WeightsMoved { medium: medium(&line.medium, "medium")?, weight: need(line.weight, "weight")? }
            }
            "pressed" => E::Pressed {
                attempt: line.attempt()?,
                person: line.person(self.numbers)?,
                button: ButtonId(place(&self.buttons, &line.button, "button")? as u16),
            },
            "answered" => E::Answered {
                rule: RuleId(need(line.rule, "rule")?),
                person: line.person(self.numbers)?,
                counted: need(line.counted, "counted")?,
            },
            "counted" => E::Counted {
                counter: CounterId(place(&self.counters, &line.counter, "counter")? as u16),
                person: line.person(self.numbers)?,
                amount: need(line.amount, "amount")?,
            },
            "session_opened" => E::SessionOpened { person: line.person(self.numbers)?, network: line.network()? },
            "session_closed" => {
                E::SessionClosed { person: line.person(self.numbers)?, network: line.network()?, fault }
            }
            "session_refused" => {
                E::SessionRefused { person: line.person(self.numbers)?, network: line.network()?, fault }
            }
            "handshakes_refused" => {
                E::HandshakesRefused { network: line.network()?, count: need(line.count, "count")?, fault }
            }
            "slow_session_cut" => {
                E::SlowSessionCut { session: SessionId(need(line.session, "session")?), network: line.network()? }
            }
            "input_rejected" => E::InputRejected { why: word(&REJECTIONS, Rejection::name, &line.why, "why")? },
            other => return Err(format!("unknown event '{other}'")),
        })
    }

    /// An event of a service: its fields are its table's, so the line is read once more, as a mapping.
    fn service(&mut self, name: &str, line: &[u8]) -> Result<EventKind, Wrong> {
        let fields = serde_json::from_slice(line).map_err(|error| error.to_string())?;
        let mut source = Fields { fields, reader: self };
        let event = ServiceEvent::read(name, &mut source).unwrap_or_else(|| Err(format!("unknown event '{name}'")))?;
        Ok(EventKind::Service(event))
    }

    /// The id of a fault's name; a new name is a posted fault.
    fn fault(&mut self, name: &str) -> Result<FaultId, Wrong> {
        let place = match self.faults.iter().position(|known| known == name) {
            Some(place) => place,
            None => {
                self.faults.push(name.to_owned());
                self.faults.len() - 1
            }
        };
        u16::try_from(place).map(FaultId).map_err(|_| "more faults than a run may have".to_owned())
    }
}

impl Line<'_> {
    fn attempt(&self) -> Result<AttemptId, Wrong> {
        let text = need(self.attempt.as_deref(), "attempt")?;
        AttemptId::parse(text).ok_or_else(|| format!("attempt '{text}', expected one like n17/0"))
    }

    fn notice(&self) -> Result<NoticeId, Wrong> {
        let text = need(self.notice.as_deref(), "notice")?;
        NoticeId::parse(text).ok_or_else(|| format!("notice '{text}', expected one like n17"))
    }

    fn person(&self, numbers: Numbers) -> Result<PersonId, Wrong> {
        let text = need(self.person.as_deref(), "person")?;
        numbers.person(text).ok_or_else(|| format!("person '{text}', expected a reserved number"))
    }

    fn network(&self) -> Result<Network, Wrong> {
        word(&Network::ALL, Network::name, &self.network, "network")
    }

    /// A provider's own code, where the line says whose it is.
    fn denial(&self) -> Result<Option<Denial>, Wrong> {
        let Some(by) = self.by.as_deref() else { return Ok(None) };
        let code = need(self.code.as_deref(), "code")?;
        Denial::find(by, code).map(Some).ok_or_else(|| format!("unknown contract '{by}'"))
    }

    /// Recordings of builds that did not tell ears apart have none; nearly all that they tell came by webhook.
    fn ear(&self) -> Result<Ear, Wrong> {
        match &self.ear {
            None => Ok(Ear::Webhook),
            ear => word(&Ear::ALL, Ear::name, ear, "ear"),
        }
    }

    fn code(&self) -> Result<Code, Wrong> {
        let text = need(self.code.as_deref(), "code")?;
        text.parse().map(Code).map_err(|_| format!("code '{text}', expected a number"))
    }

    fn end(&self) -> Result<End, Wrong> {
        if self.end.as_deref() == Some("condition") {
            return need(self.condition, "condition").map(End::Condition);
        }
        word(&[End::Stop, End::Quiet, End::Asked], End::name, &self.end, "end")
    }
}

/// The fields of one line, for events of services.
struct Fields<'a> {
    fields: serde_json::Map<String, serde_json::Value>,
    reader: &'a mut Reader,
}

impl Fields<'_> {
    fn text(&self, key: &str) -> Result<&str, Wrong> {
        need(self.fields.get(key), key)?.as_str().ok_or_else(|| format!("field '{key}' is no text"))
    }
}

impl Source for Fields<'_> {
    fn number(&mut self, key: &str) -> Result<u64, Wrong> {
        need(self.fields.get(key), key)?.as_u64().ok_or_else(|| format!("field '{key}' is no number"))
    }

    fn truth(&mut self, key: &str) -> Result<bool, Wrong> {
        need(self.fields.get(key), key)?.as_bool().ok_or_else(|| format!("field '{key}' is neither true nor false"))
    }

    fn word(&mut self, key: &str) -> Result<String, Wrong> {
        self.text(key).map(str::to_owned)
    }

    fn person(&mut self, key: &str) -> Result<PersonId, Wrong> {
        let text = self.text(key)?;
        self.reader.numbers.person(text).ok_or_else(|| format!("{key} '{text}', expected a reserved number"))
    }

    fn notice(&mut self, key: &str) -> Result<NoticeId, Wrong> {
        let text = self.text(key)?;
        NoticeId::parse(text).ok_or_else(|| format!("{key} '{text}', expected one like n17"))
    }

    fn attempt(&mut self, key: &str) -> Result<AttemptId, Wrong> {
        let text = self.text(key)?;
        AttemptId::parse(text).ok_or_else(|| format!("{key} '{text}', expected one like n17/0"))
    }

    fn name(&mut self, key: &str, table: Table) -> Result<Option<usize>, Wrong> {
        if !self.fields.contains_key(key) {
            return Ok(None);
        }
        let text = self.text(key)?.to_owned();
        let names = match table {
            Table::Fault => return self.reader.fault(&text).map(|fault| Some(fault.index())),
            Table::Channel => &self.reader.channels,
            Table::Kind => &self.reader.kinds,
            Table::Counter => &self.reader.counters,
            Table::Stock => &self.reader.stocks,
            Table::State => &self.reader.states,
        };
        place(names, &Some(Cow::Borrowed(&text)), key).map(Some)
    }
}

const HOLDS: [Hold; 4] = [Hold::Offline, Hold::Fault, Hold::Capacity, Hold::Sender];
const LOSSES: [Loss; 3] = [Loss::Dropped, Loss::StoreExpired, Loss::Astray];
const CLAIMS: [Claim; 5] = [Claim::Failed, Claim::Uncertain, Claim::Delivered, Claim::Shown, Claim::Opened];
const CAUSES: [Cause; 4] = [Cause::Failed, Cause::NoReceipt, Cause::NotOpened, Cause::Provider];
const OUTCOMES: [Outcome; 3] = [Outcome::Satisfied, Outcome::Exhausted, Outcome::GaveUp];
const REJECTIONS: [Rejection; 11] = [
    Rejection::UnknownPerson,
    Rejection::UnknownAttempt,
    Rejection::NotTheirs,
    Rejection::UnknownButton,
    Rejection::UnknownChannel,
    Rejection::UnknownFault,
    Rejection::FaultNameTaken,
    Rejection::UnknownSession,
    Rejection::UnknownKind,
    Rejection::UnknownCall,
    Rejection::Full,
];

fn missing(field: &str) -> Wrong {
    format!("no field '{field}'")
}

fn need<T>(value: Option<T>, field: &str) -> Result<T, Wrong> {
    value.ok_or_else(|| missing(field))
}

/// The one of a few that has that word.
fn word<T: Copy>(all: &[T], name: fn(T) -> &'static str, text: &Option<Cow<'_, str>>, field: &str) -> Result<T, Wrong> {
    let text = need(text.as_deref(), field)?;
    let found = all.iter().copied().find(|one| name(*one) == text);
    found.ok_or_else(|| format!("unknown {field} '{text}'"))
}

fn medium(text: &Option<Cow<'_, str>>, field: &str) -> Result<Medium, Wrong> {
    word(&Medium::ALL, Medium::name, text, field)
}

/// The place of a name in a table of the plan.
fn place(names: &[String], text: &Option<Cow<'_, str>>, field: &str) -> Result<usize, Wrong> {
    let text = need(text.as_deref(), field)?;
    names.iter().position(|name| name == text).ok_or_else(|| format!("the scenario has no {field} '{text}'"))
}

#[cfg(test)]
mod tests {
    use super::{CAUSES, CLAIMS, HOLDS, LOSSES, OUTCOMES, REJECTIONS, Reader};
    use crate::report::names::Names;
    use crate::report::ndjson::tests::{golden, names};
    use crate::report::ndjson::write_event;
    use crate::sim::model::code::Code;
    use crate::sim::model::event::{Claim, Ear, Event, EventKind as E, Leg};
    use crate::sim::model::ids::{AttemptId, NoticeId};
    use crate::sim::model::medium::Medium;
    use crate::sim::plan::numbers::Numbers;
    use crate::sim::time::SimTime;

    fn reader() -> Reader {
        let one = |name: &str| vec![name.to_owned()];
        Reader {
            faults: one("silence-10m"),
            kinds: one("rent"),
            counters: one("paid"),
            stocks: one("emoticon"),
            states: one("menu"),
            buttons: one("pay"),
            channels: one("lh"),
            numbers: Numbers::default(),
        }
    }

    fn written(names: &Names, kind: E) -> Vec<u8> {
        let mut out = Vec::new();
        write_event(&mut out, names, &Event { at: SimTime::from_micros(300_000_123), kind });
        out
    }

    #[track_caller]
    fn assert_comes_back(kind: E) {
        let line = written(&names(), kind);
        let read = reader().read_event(&line).expect("our own line");
        assert_eq!(read, Event { at: SimTime::from_micros(300_000_123), kind }, "{}", String::from_utf8_lossy(&line));
    }

    #[test]
    fn every_event_comes_back_as_it_was_written() {
        // A fault without a name cannot come back; the writer's test has one.
        for (kind, line) in golden().into_iter().filter(|row| !row.1.contains("\"?\"")) {
            assert!(!line.is_empty());
            assert_comes_back(kind);
        }
    }

    #[test]
    fn every_word_comes_back() {
        let attempt = AttemptId { notice: NoticeId(17), ordinal: 1 };
        let (notice, code, fault) = (NoticeId(17), Code::OK, None);
        HOLDS.into_iter().for_each(|why| assert_comes_back(E::Held { attempt, why, fault }));
        CLAIMS
            .into_iter()
            .for_each(|claim| assert_comes_back(E::Reported { attempt, claim, ear: Ear::Webhook, code, fault }));
        let claim = Claim::Failed;
        Ear::ALL.into_iter().for_each(|ear| assert_comes_back(E::Reported { attempt, claim, ear, code, fault }));
        OUTCOMES.into_iter().for_each(|outcome| assert_comes_back(E::RouteEnded { notice, outcome }));
        REJECTIONS.into_iter().for_each(|why| assert_comes_back(E::InputRejected { why }));
        for leg in Leg::ALL {
            LOSSES.into_iter().for_each(|why| assert_comes_back(E::Lost { attempt, leg, why, fault }));
        }
        for to in Medium::ALL {
            CAUSES
                .into_iter()
                .for_each(|cause| assert_comes_back(E::FellBack { notice, from: Medium::Sms, to, cause, fault }));
        }
    }

    #[test]
    fn a_fault_that_the_plan_does_not_have_was_posted() {
        let mut reader = reader();
        let line = br#"{"t":1,"event":"fault_began","fault":"of the hour"}"#;
        let E::FaultBegan { fault } = reader.read_event(line).expect("a line").kind else { panic!("another event") };
        assert_eq!((fault.0, reader.fault_name(fault), reader.faults().len()), (1, "of the hour", 2));
    }

    #[test]
    fn what_is_wrong_with_a_line_is_told() {
        let told = |line: &str| reader().read_event(line.as_bytes()).expect_err("a wrong line");
        assert_eq!(told(r#"{"t":1,"event":"sneezed"}"#), "unknown event 'sneezed'");
        assert_eq!(told(r#"{"t":1,"event":"accepted"}"#), "no field 'attempt'");
        assert_eq!(told(r#"{"t":1,"event":"accepted","attempt":"17"}"#), "attempt '17', expected one like n17/0");
        let other = r#"{"t":1,"event":"created","notice":"n1","person":"010-0000-0001","kind":"tax"}"#;
        assert_eq!(told(other), "the scenario has no kind 'tax'");
        let real = r#"{"t":1,"event":"opened","attempt":"n1/0","person":"010-2345-6789"}"#;
        assert_eq!(told(real), "person '010-2345-6789', expected a reserved number");
        assert_eq!(told(r#"{"t":1,"event":"run_ended","end":"rain"}"#), "unknown end 'rain'");
        assert!(told("{\"t\":1,").starts_with("EOF while parsing"), "{}", told("{\"t\":1,"));
    }
}
