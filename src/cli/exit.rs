//! Exit codes, in one place.
//!
//! | code | name | when |
//! |---|---|---|
//! | 0 | PASS | every `must` held and the run proved something; or a command did what it was asked |
//! | 1 | FAIL | a `must` was broken; `fmt --check` found a file to format |
//! | 2 | INCONCLUSIVE | the run proves nothing either way |
//! | 3 | bad file or usage | a scenario with problems, an unknown name, wrong arguments |
//! | 4 | simulator error | a disk is full, a file cannot be written, a bug |
//! | 5 | STOPPED | a `stop:` condition ended the run |
//!
//! A command that did several things ends with the worst of their codes, in the order of [`Exit`].

use std::process::ExitCode;

use crate::sim::expect::verdict::Overall;
use crate::sim::model::words::{Lang, Words};

/// How the program ends; later is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything as it should be.
    Pass,
    /// Nothing was proved.
    Inconclusive,
    /// A promise was broken.
    Fail,
    /// A `stop:` condition ended a run.
    Stopped,
    /// A file or the usage is wrong.
    BadFile,
    /// The simulator itself could not go on.
    SimulatorError,
}

impl Exit {
    /// Every exit, with the word of the table above.
    pub const ALL: [(Exit, &'static str); 6] = [
        (Exit::Pass, "PASS"),
        (Exit::Fail, "FAIL"),
        (Exit::Inconclusive, "INCONCLUSIVE"),
        (Exit::BadFile, "bad file or usage"),
        (Exit::SimulatorError, "simulator error"),
        (Exit::Stopped, "STOPPED"),
    ];

    /// The code that a shell sees.
    pub const fn code(self) -> u8 {
        match self {
            Exit::Pass => 0,
            Exit::Fail => 1,
            Exit::Inconclusive => 2,
            Exit::BadFile => 3,
            Exit::SimulatorError => 4,
            Exit::Stopped => 5,
        }
    }

    /// The exit that a verdict asks for.
    pub const fn of(verdict: Overall) -> Exit {
        match verdict {
            Overall::Pass => Exit::Pass,
            Overall::Fail => Exit::Fail,
            Overall::Inconclusive => Exit::Inconclusive,
            Overall::Stopped => Exit::Stopped,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// Why a command could not do what it was asked; the text is what the person reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The arguments ask for something that cannot be. A lowercase fragment.
    Usage(String),
    /// A file has problems: their whole rendering, carets and all.
    Problems(String),
    /// This machine or this program got in the way. A lowercase fragment.
    Simulator(String),
}

impl Failure {
    /// A wrong usage, said in one language of the two.
    pub fn usage(words: &Words, lang: Lang) -> Failure {
        Failure::Usage(words.text(lang).to_owned())
    }

    /// How the program ends with it.
    pub const fn exit(&self) -> Exit {
        match self {
            Failure::Usage(_) | Failure::Problems(_) => Exit::BadFile,
            Failure::Simulator(_) => Exit::SimulatorError,
        }
    }
}

/// What cannot be written to a terminal or a pipe; a closed pipe is not one of them (see `cli::io`).
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::Simulator(format!("cannot write: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Exit, Failure};
    use crate::sim::expect::verdict::Overall;

    #[test]
    fn codes_are_the_documented_ones() {
        let table: Vec<(u8, &str)> = Exit::ALL.iter().map(|(exit, name)| (exit.code(), *name)).collect();
        let documented = [
            (0, "PASS"),
            (1, "FAIL"),
            (2, "INCONCLUSIVE"),
            (3, "bad file or usage"),
            (4, "simulator error"),
            (5, "STOPPED"),
        ];
        assert_eq!(table, documented);
    }

    #[test]
    fn a_verdict_and_its_exit_have_one_code() {
        for verdict in [Overall::Pass, Overall::Fail, Overall::Inconclusive, Overall::Stopped] {
            assert_eq!(Exit::of(verdict).code(), verdict.exit_code());
        }
    }

    #[test]
    fn the_worst_of_several_wins() {
        let worst = [Exit::Pass, Exit::Inconclusive, Exit::Stopped, Exit::Fail].into_iter().max();
        assert_eq!(worst, Some(Exit::Stopped));
        assert!(Failure::Usage(String::new()).exit() > Exit::Stopped);
    }
}
