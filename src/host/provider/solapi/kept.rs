//! What the books keep for this contract: notes of calls and of messages, and how batches are found by them.
//!
//! A call that was refused or never reached the platform is no message here: the vendor would not know it.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::host::control::books::{Books, CallRecord, ItemRecord};
use crate::host::control::run::Run;
use crate::host::provider::calendar;
use crate::host::provider::solapi::CONTRACT;
use crate::host::provider::solapi::ids::{Batch, Number};
use crate::sim::engine::call::How;

/// What is remembered of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallNote {
    /// The group that was filled before, if it was; always written first.
    #[serde(rename = "g", skip_serializing_if = "Option::is_none", default)]
    pub group: Option<u32>,
    /// When that group was made, in fourteen digits.
    #[serde(rename = "w", skip_serializing_if = "String::is_empty", default)]
    pub wall: String,
    /// The place of the first message in the group.
    #[serde(rename = "n", default)]
    pub first: u32,
    /// How many were refused before they became messages.
    #[serde(rename = "f", default)]
    pub failed: u32,
    /// Whether a number may come twice.
    #[serde(rename = "d", default)]
    pub allow_duplicates: bool,
    /// `agent.sdkVersion`.
    #[serde(rename = "s", skip_serializing_if = "Option::is_none", default)]
    pub sdk: Option<String>,
    /// `agent.osPlatform`.
    #[serde(rename = "o", skip_serializing_if = "Option::is_none", default)]
    pub os: Option<String>,
    /// `appId`.
    #[serde(rename = "a", skip_serializing_if = "Option::is_none", default)]
    pub app: Option<String>,
    /// The account.
    #[serde(rename = "k", default)]
    pub account: String,
}

/// What is remembered of a message.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Kept {
    /// To whom, in digits.
    pub to: String,
    /// From whom, as written.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub from: String,
    /// `SMS`, `LMS` or `ATA`: what it was handed in as.
    #[serde(rename = "t")]
    pub kind: String,
    /// `kakaoOptions` as written.
    #[serde(rename = "k", skip_serializing_if = "Option::is_none", default)]
    pub kakao: Option<Box<RawValue>>,
    /// `customFields` as written.
    #[serde(rename = "c", skip_serializing_if = "Option::is_none", default)]
    pub custom: Option<Map<String, Value>>,
}

impl CallNote {
    /// Reads the note of a call.
    pub fn of(call: &CallRecord) -> CallNote {
        serde_json::from_str(&call.note).unwrap_or_default()
    }

    /// The note as the books keep it.
    pub fn written(&self) -> String {
        serde_json::to_string(self).expect("a note is always JSON")
    }

    /// The number of a call's message.
    pub fn number(&self, run: &Run, call: u32, item: usize) -> Number {
        let item = u32::try_from(item).unwrap_or(u32::MAX) + self.first;
        Number { run: run.id.0, batch: self.group.map_or(Batch::Call(call), Batch::Group), item }
    }

    /// The time in the numbers of a call.
    pub fn wall(&self, run: &Run, call: &CallRecord) -> String {
        if self.wall.is_empty() { wall(run, call.at) } else { self.wall.clone() }
    }
}

/// The time on the wall in fourteen digits.
pub fn wall(run: &Run, at: crate::sim::time::SimTime) -> String {
    calendar::local(run, at, "%Y%m%d%H%M%S")
}

impl Kept {
    /// Reads the note of a message.
    pub fn of(item: &ItemRecord) -> Kept {
        Kept::read(&item.note)
    }

    /// Reads a note as it was written.
    pub fn read(note: &str) -> Kept {
        serde_json::from_str(note).unwrap_or_default()
    }

    /// The note as the books keep it.
    pub fn written(&self) -> String {
        serde_json::to_string(self).expect("a note is always JSON")
    }
}

/// Whether the platform knows of a call. A line that broke before the platform had it says so by a fault that shuts;
/// `shut` are the numbers of those.
pub fn is_known(call: &CallRecord, shut: &[usize]) -> bool {
    let Some(answer) = &call.answer else { return true };
    match answer.how {
        How::Answered | How::Close => true,
        How::Refused(_) | How::Hang => false,
        How::Reset => !answer.fault.is_some_and(|fault| shut.contains(&fault.index())),
    }
}

/// The faults of a run that shut a network for everybody. To be asked before the books are.
pub fn shut(run: &Run) -> Vec<usize> {
    run.faults().iter().enumerate().filter(|(_, fault)| fault.shuts.is_some()).map(|(place, _)| place).collect()
}

/// The calls of a batch that the platform knows, oldest first. Whose they are, their notes say: a batch is one account's.
pub fn calls_of<'b>(books: &'b Books, shut: &[usize], batch: Batch) -> Vec<&'b CallRecord> {
    let mine = |call: &&CallRecord| call.contract == CONTRACT && is_known(call, shut);
    match batch {
        Batch::Call(number) => books.call(number).filter(mine).filter(|call| !in_group(call)).into_iter().collect(),
        Batch::Group(group) => {
            let calls = books.calls_of(CONTRACT, 0).filter(|call| in_group(call)).filter(mine);
            calls.filter(|call| CallNote::of(call).group == Some(group)).collect()
        }
    }
}

/// Whether a call is part of a group that was filled before, without reading all of its note.
pub fn in_group(call: &CallRecord) -> bool {
    call.note.starts_with("{\"g\":")
}
