//! A call of an application outside in the journal: the words as handed in, the provider's notes word for word.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::sim::engine::call::{Call, HandIn, Said, Step};
use crate::sim::medium::Answer;
use crate::sim::model::event::{Claim, Ear};
use crate::sim::model::ids::{KindId, PersonId};
use crate::sim::model::medium::Medium;
use crate::sim::time::{SimTime, Span};

/// A call as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallLine {
    number: u32,
    contract: String,
    note: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    direct: bool,
    items: Vec<ItemLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemLine {
    person: u32,
    kind: Option<u16>,
    note: String,
    steps: Vec<StepLine>,
    on_uncertain: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepLine {
    medium: String,
    title: String,
    text: String,
    answer: Option<AnswerLine>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum AnswerLine {
    Push {},
    Polling { us: u64 },
    Silent {},
}

/// A call as it is written, without a copy of its words: there may be ten thousand.
#[derive(Serialize)]
struct CallOut<'a> {
    number: u32,
    contract: &'a str,
    note: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    direct: bool,
    items: Vec<ItemOut<'a>>,
}

#[derive(Serialize)]
struct ItemOut<'a> {
    person: u32,
    kind: Option<u16>,
    note: &'a str,
    steps: Vec<StepOut<'a>>,
    on_uncertain: bool,
}

#[derive(Serialize)]
struct StepOut<'a> {
    medium: &'a str,
    title: &'a str,
    text: &'a str,
    answer: Option<AnswerLine>,
}

/// Appends the input as a line without its line feed; the same as [`CallLine`] would be.
pub fn write(out: &mut Vec<u8>, at: SimTime, call: &Call) {
    out.extend_from_slice(b"{\"t\":");
    out.extend_from_slice(itoa::Buffer::new().format(at.micros()).as_bytes());
    out.extend_from_slice(b",\"in\":{\"call\":");
    let items = call.items.iter().map(|item| ItemOut {
        person: item.person.0,
        kind: item.kind.map(|kind| kind.0),
        note: &item.note,
        steps: item.steps.iter().map(StepOut::of).collect(),
        on_uncertain: item.on_uncertain,
    });
    let line = CallOut {
        number: call.number,
        contract: &call.contract,
        note: &call.note,
        direct: call.direct,
        items: items.collect(),
    };
    serde_json::to_writer(&mut *out, &line).expect("plain data becomes JSON in memory");
    out.extend_from_slice(b"}}");
}

impl StepOut<'_> {
    fn of(step: &Step) -> StepOut<'_> {
        let Said { title, text } = &*step.said;
        StepOut { medium: step.medium.name(), title, text, answer: step.answer.map(AnswerLine::of) }
    }
}

impl AnswerLine {
    fn of(answer: Answer) -> AnswerLine {
        match answer {
            Answer::Push => AnswerLine::Push {},
            Answer::Polling(patience) => AnswerLine::Polling { us: patience.micros() },
            Answer::Silent => AnswerLine::Silent {},
        }
    }
}

/// How an application heard, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EarLine {
    /// By the answer.
    Answer,
    /// By webhook.
    Webhook,
    /// By asking.
    Query,
}

impl From<Ear> for EarLine {
    fn from(ear: Ear) -> EarLine {
        match ear {
            Ear::Answer => EarLine::Answer,
            Ear::Webhook => EarLine::Webhook,
            Ear::Poll => EarLine::Query,
        }
    }
}

impl From<EarLine> for Ear {
    fn from(ear: EarLine) -> Ear {
        match ear {
            EarLine::Answer => Ear::Answer,
            EarLine::Webhook => Ear::Webhook,
            EarLine::Query => Ear::Poll,
        }
    }
}

/// The claim of that word.
pub fn claim_of(word: &str) -> Result<Claim, String> {
    let all = [Claim::Failed, Claim::Uncertain, Claim::Delivered, Claim::Shown, Claim::Opened];
    all.into_iter().find(|claim| claim.name() == word).ok_or_else(|| format!("unknown claim '{word}'"))
}

impl From<&Call> for CallLine {
    fn from(call: &Call) -> CallLine {
        let items = call.items.iter().map(|item| ItemLine::from(&**item)).collect();
        let (contract, note) = (call.contract.clone(), call.note.clone());
        CallLine { number: call.number, contract, note, direct: call.direct, items }
    }
}

impl From<&HandIn> for ItemLine {
    fn from(item: &HandIn) -> ItemLine {
        ItemLine {
            person: item.person.0,
            kind: item.kind.map(|kind| kind.0),
            note: item.note.to_string(),
            steps: item.steps.iter().map(StepLine::from).collect(),
            on_uncertain: item.on_uncertain,
        }
    }
}

impl From<&Step> for StepLine {
    fn from(step: &Step) -> StepLine {
        let answer = step.answer.map(AnswerLine::of);
        let Said { title, text } = &*step.said;
        StepLine { medium: step.medium.name().to_owned(), title: title.clone(), text: text.clone(), answer }
    }
}

impl CallLine {
    /// The call; an error says what is impossible about it.
    pub fn call(self) -> Result<Call, String> {
        let items = self.items.into_iter().map(|item| item.item().map(Arc::new)).collect::<Result<_, _>>()?;
        Ok(Call { number: self.number, contract: self.contract, note: self.note, direct: self.direct, items })
    }
}

impl ItemLine {
    fn item(self) -> Result<HandIn, String> {
        let steps = self.steps.into_iter().map(StepLine::step).collect::<Result<_, _>>()?;
        let (person, kind) = (PersonId(self.person), self.kind.map(KindId));
        Ok(HandIn { person, kind, note: self.note.into(), steps, on_uncertain: self.on_uncertain })
    }
}

impl StepLine {
    fn step(self) -> Result<Step, String> {
        let medium = Medium::parse(&self.medium).ok_or_else(|| format!("unknown medium '{}'", self.medium))?;
        let answer = self.answer.map(|answer| match answer {
            AnswerLine::Push {} => Answer::Push,
            AnswerLine::Polling { us } => Answer::Polling(Span::from_micros(us)),
            AnswerLine::Silent {} => Answer::Silent,
        });
        Ok(Step { medium, said: Arc::new(Said { title: self.title, text: self.text }), answer })
    }
}
