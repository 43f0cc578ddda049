//! A try of a webhook in the journal: what it told, which try it was, how it came out.

use serde::{Deserialize, Serialize};

use crate::host::journal::call::claim_of;
use crate::sim::engine::call::{HookHow, HookWord, Tale};
use crate::sim::model::code::Code;
use crate::sim::model::ids::AttemptId;

/// A try as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HookLine {
    /// Attempt, claim and code of each message.
    tells: Vec<(String, String, u16)>,
    whole: Option<u32>,
    tries: u8,
    how: HowLine,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum HowLine {
    Taken,
    Failed,
    GivenUp,
}

impl From<&HookWord> for HookLine {
    fn from(word: &HookWord) -> HookLine {
        let tell = |(attempt, claim, code): &Tale| (attempt.to_string(), claim.name().to_owned(), code.0);
        let how = match word.how {
            HookHow::Taken => HowLine::Taken,
            HookHow::Failed => HowLine::Failed,
            HookHow::GivenUp => HowLine::GivenUp,
        };
        HookLine { tells: word.tells.iter().map(tell).collect(), whole: word.whole, tries: word.tries, how }
    }
}

impl HookLine {
    /// The try; an error says what is impossible about it.
    pub fn word(self) -> Result<HookWord, String> {
        let tale = |(attempt, claim, code): (String, String, u16)| {
            let wrong = || format!("'{attempt}' is no attempt, expected one like n17/0");
            Ok::<Tale, String>((AttemptId::parse(&attempt).ok_or_else(wrong)?, claim_of(&claim)?, Code(code)))
        };
        let how = match self.how {
            HowLine::Taken => HookHow::Taken,
            HowLine::Failed => HookHow::Failed,
            HowLine::GivenUp => HookHow::GivenUp,
        };
        let tells = self.tells.into_iter().map(tale).collect::<Result<_, _>>()?;
        Ok(HookWord { tells, whole: self.whole, tries: self.tries, how })
    }
}
