//! `run.json`: what a replay needs to know besides the scenario and the inputs.

use serde::{Deserialize, Serialize};

use crate::sim::engine::Phones;

/// The format that this build writes and reads.
pub const FORMAT: &str = "bongsu.run.v1";

/// The file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// [`FORMAT`].
    pub format: String,
    /// The scenario's name.
    pub scenario: String,
    /// The seed of all luck.
    pub seed: u64,
    /// Who plays the phones that no session has claimed.
    pub phones: PhonesWord,
    /// The build that wrote it; another build may answer with other bytes.
    pub build: String,
    /// Simulated seconds a real second; absent for virtual time. For people: a replay does not need it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed: Option<u32>,
}

/// Who plays the phones, in the words of the file and of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PhonesWord {
    /// [`Phones::Simulated`].
    Simulated,
    /// [`Phones::Outside`].
    Outside,
}

impl Meta {
    /// The line about a run of this build.
    pub fn of(scenario: &str, seed: u64, phones: Phones, speed: Option<u32>) -> Meta {
        Meta {
            format: FORMAT.to_owned(),
            scenario: scenario.to_owned(),
            seed,
            phones: phones.into(),
            build: build().to_owned(),
            speed,
        }
    }
}

/// This build.
pub const fn build() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

impl From<Phones> for PhonesWord {
    fn from(phones: Phones) -> PhonesWord {
        match phones {
            Phones::Simulated => PhonesWord::Simulated,
            Phones::Outside => PhonesWord::Outside,
        }
    }
}

impl From<PhonesWord> for Phones {
    fn from(word: PhonesWord) -> Phones {
        match word {
            PhonesWord::Simulated => Phones::Simulated,
            PhonesWord::Outside => Phones::Outside,
        }
    }
}
