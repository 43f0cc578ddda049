//! Messages that a provider did not take, in the journal: a row a message, of numbers and words.

use serde::{Deserialize, Serialize};

use crate::sim::engine::call::Denied;
use crate::sim::model::denial::Denial;
use crate::sim::model::ids::{KindId, PersonId};
use crate::sim::model::medium::Medium;

/// All messages of one request that were not taken: person, kind, medium, contract and code of each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeniedLine(Vec<(u32, Option<u16>, String, String, String)>);

impl From<&[Denied]> for DeniedLine {
    fn from(all: &[Denied]) -> DeniedLine {
        let row = |denied: &Denied| {
            let Denied { person, kind, medium, said } = denied;
            let (by, code) = (said.contract().to_owned(), said.code().to_owned());
            (person.0, kind.map(|kind| kind.0), medium.name().to_owned(), by, code)
        };
        DeniedLine(all.iter().map(row).collect())
    }
}

impl DeniedLine {
    /// The messages; an error says what is impossible about one.
    pub fn denied(self) -> Result<Vec<Denied>, String> {
        let one = |(person, kind, medium, by, code): (u32, Option<u16>, String, String, String)| {
            let medium = Medium::parse(&medium).ok_or_else(|| format!("unknown medium '{medium}'"))?;
            let (person, kind) = (PersonId(person), kind.map(KindId));
            Ok(Denied { person, kind, medium, said: said_by(&by, &code)? })
        };
        self.0.into_iter().map(one).collect()
    }
}

/// What a provider said; a code that this build has no row for is the contract's `other`.
pub fn said_by(by: &str, code: &str) -> Result<Denial, String> {
    Denial::find(by, code).ok_or_else(|| format!("unknown contract '{by}'"))
}
