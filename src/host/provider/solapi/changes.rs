//! Changes: what happens to a group that waits, as it is written down before its caller is answered. So a group that was
//! made, filled or given a date outlives the process, as what was handed in does.
//!
//! One list of changes a request, in JSON, in the run's own journal ([`Run::remember`]). Messages are written as they were
//! taken, with their words filled: what became of a request is not judged again. What was sent of a group is not written
//! here: calls are on record, and say which group they are of.
//!
//! [`Run::remember`]: crate::host::control::run::Run::remember

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::host::provider::solapi::kept::CallNote;
use crate::sim::engine::call::{HandIn, Said, Step};
use crate::sim::model::ids::{KindId, PersonId};
use crate::sim::model::medium::Medium;

/// One change of one group.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is made.
    Open {
        /// Its number.
        group: u32,
        /// When, in microseconds of simulated time.
        at_us: u64,
        /// What the request that made it said.
        base: CallNote,
    },
    /// Messages are put in; so many more were refused.
    Add {
        /// Its number.
        group: u32,
        /// The messages.
        items: Vec<Item>,
        /// How many were refused.
        failed: u32,
    },
    /// Messages are taken out, by their places among all that it ever had; the later ones move up.
    TakeOut {
        /// Its number.
        group: u32,
        /// The places, in rising order.
        places: Vec<u32>,
    },
    /// It has a date, or none any more.
    Due {
        /// Its number.
        group: u32,
        /// The instant, in microseconds of simulated time.
        at_us: Option<u64>,
    },
    /// It is gone.
    Close {
        /// Its number.
        group: u32,
    },
}

/// A message as this contract hands it in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Item {
    #[serde(rename = "p")]
    person: u32,
    #[serde(rename = "k", skip_serializing_if = "Option::is_none", default)]
    kind: Option<u16>,
    #[serde(rename = "n")]
    note: String,
    /// Medium, title and text.
    #[serde(rename = "s")]
    steps: Vec<(String, String, String)>,
}

impl From<&HandIn> for Item {
    fn from(item: &HandIn) -> Item {
        let step = |step: &Step| (step.medium.name().to_owned(), step.said.title.clone(), step.said.text.clone());
        Item {
            person: item.person.0,
            kind: item.kind.map(|kind| kind.0),
            note: item.note.to_string(),
            steps: item.steps.iter().map(step).collect(),
        }
    }
}

impl Item {
    /// The message; `None` of a medium that this build does not know.
    pub fn hand_in(self) -> Option<HandIn> {
        let step = |(medium, title, text): (String, String, String)| {
            Some(Step { medium: Medium::parse(&medium)?, said: Arc::new(Said { title, text }), answer: None })
        };
        let steps = self.steps.into_iter().map(step).collect::<Option<_>>()?;
        let (person, kind, note) = (PersonId(self.person), self.kind.map(KindId), self.note.into());
        Some(HandIn { person, kind, note, steps, on_uncertain: false })
    }
}

/// Changes as they are written.
pub fn written(changes: &[Change]) -> String {
    serde_json::to_string(changes).expect("plain data becomes JSON in memory")
}

/// Changes as they were written; none, where another build wrote what this one cannot read.
pub fn read(text: &str) -> Vec<Change> {
    serde_json::from_str(text).unwrap_or_default()
}
