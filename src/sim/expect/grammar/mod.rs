//! The grammar of expressions:
//!
//! ```text
//! expression = measure op number
//! measure    = "worst_group" "(" inner ")" | inner
//! inner      = aggregate "(" metric [ "{" label "=" value { "," label "=" value } "}" ] { "," window } ")"
//! window     = "within" "=" duration | "during" "=" fault | "after" "=" fault [ "+" duration ]
//! aggregate  = "count" | "ratio" | "sum" | "min" | "max" | "mean" | "p" number
//! op         = ">=" | ">" | "<=" | "<" | "==" | "!="
//! number     = integer | number "%" | duration | number [ "won" ]
//! ```
//!
//! Names that are not plain words stand in quotes. Everything is checked here: that the metric takes the label, that
//! the aggregate makes sense of it, that every name is one of the plan's, and that the comparison says something at all
//! (`count(...) >= 0` holds whatever happens, and is refused). So an expression that was read cannot be wrong.

use std::ops::Range;

use crate::sim::expect::ExpressionError;
use crate::sim::expect::expression::Body;
use crate::sim::model::words::Words;
use crate::sim::plan::Plan;

mod lexer;
mod number;
mod names;
mod parser;

/// Longest expression that is read, in bytes.
pub(super) const LONGEST: usize = 1_000;

/// Reads an expression.
pub(super) fn parse(text: &str, plan: &Plan) -> Result<Body, ExpressionError> {
    if text.len() > LONGEST {
        let message = Words {
            ko: format!("식이 너무 김: 최대 {LONGEST}바이트, 발견: {}바이트", text.len()),
            en: format!("expression too long: at most {LONGEST} bytes expected, found {}", text.len()),
        };
        return Err(ExpressionError { at: 0..text.len(), message, nearest: None });
    }
    parser::Parser::new(text, plan)?.expression()
}

/// "expected X, found Y".
fn unexpected(at: Range<usize>, ko: &str, en: &str, found: &Words) -> ExpressionError {
    let message =
        Words { ko: format!("필요: {ko}, 발견: {}", found.ko), en: format!("expected {en}, found {}", found.en) };
    ExpressionError { at, message, nearest: None }
}

/// A word of the text, as an error names it.
fn quote(word: &str) -> Words {
    Words::same(format!("`{word}`"))
}

/// An error in words of its own.
fn wrong(at: Range<usize>, ko: String, en: String) -> ExpressionError {
    ExpressionError { at, message: Words { ko, en }, nearest: None }
}

/// `unknown WHAT "word": expected one of ...`, with the nearest of them.
fn unknown(at: Range<usize>, what: (&str, &str), word: &str, known: &[&str]) -> ExpressionError {
    const SHOWN: usize = 40;
    let mut list = known.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if known.len() > SHOWN {
        list.push_str(", ...");
    }
    let (ko, en) = if known.is_empty() {
        (
            format!("알 수 없는 {} `{word}`: 이 시나리오에는 하나도 없음", what.0),
            format!("unknown {} `{word}`: this scenario has none", what.1),
        )
    } else {
        (
            format!("알 수 없는 {} `{word}`: 다음 중 하나여야 함: {list}", what.0),
            format!("unknown {} `{word}`: expected one of {list}", what.1),
        )
    };
    ExpressionError { at, message: Words { ko, en }, nearest: nearest(word, known) }
}

/// The known word that is fewest slips away, if it is near enough to be meant.
fn nearest(word: &str, known: &[&str]) -> Option<String> {
    let slips = |candidate: &&&str| strsim::damerau_levenshtein(word, candidate);
    let best = known.iter().min_by_key(slips)?;
    let reach = (word.chars().count() / 3).max(2);
    (slips(&best) <= reach && slips(&best) < best.chars().count()).then(|| (*best).to_owned())
}

#[cfg(test)]
mod tests;
