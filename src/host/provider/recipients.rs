//! Recipients: numbers as contracts write them (`01000000001`, `010-0000-0001`, `+82 10-0000-0001`) become people.

use crate::host::control::run::Run;
use crate::sim::model::ids::PersonId;

/// Why a number is nobody here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nobody {
    /// No number of a mobile phone at all.
    NoNumber,
    /// A number that could be dialled: never taken, so that a real list cannot slip in.
    Dialable,
    /// A reserved number that nobody of this run has.
    NotHere,
}

impl Nobody {
    /// Why, in both languages.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Nobody::NoNumber => ("휴대전화 번호가 아닙니다.", "not a mobile number"),
            Nobody::Dialable => (
                "실제로 걸리는 번호는 받지 않습니다. 010-0xxx-xxxx 또는 010-1xxx-xxxx만 씁니다.",
                "a number that could be dialled is never taken: use 010-0xxx-xxxx or 010-1xxx-xxxx",
            ),
            Nobody::NotHere => ("이 실행에 없는 번호입니다.", "nobody of this run has this number"),
        }
    }
}

/// The person of a number.
pub fn person(run: &Run, written: &str) -> Result<PersonId, Nobody> {
    // As most write it.
    if let [b'0', b'1', b'0', b'0' | b'1', rest @ ..] = written.as_bytes()
        && rest.len() == 7
        && rest.iter().all(u8::is_ascii_digit)
    {
        return run.people.by_number(written).ok_or(Nobody::NotHere);
    }
    let digits: String = written.chars().filter(|c| c.is_ascii_digit()).collect();
    let foreign = written.chars().any(|c| !c.is_ascii_digit() && !matches!(c, '-' | ' ' | '+'));
    let national = match digits.strip_prefix("82") {
        Some(rest) if !digits.starts_with('0') => format!("0{}", rest.trim_start_matches('0')),
        Some(_) | None => digits,
    };
    if foreign || national.len() != 11 || !national.starts_with("010") {
        return Err(Nobody::NoNumber);
    }
    if !matches!(national.as_bytes()[3], b'0' | b'1') {
        return Err(Nobody::Dialable);
    }
    let number = format!("{}-{}-{}", &national[..3], &national[3..7], &national[7..]);
    let person = run.people.by_number(&number);
    person.ok_or(Nobody::NotHere)
}
