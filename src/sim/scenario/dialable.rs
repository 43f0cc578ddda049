//! No number that could ring stands anywhere in a file: neither in what phones show nor in names, reasons and addresses,
//! because texts are copied, and a number that is tapped is called.
//!
//! Looked for are mobile numbers, the ones that reach a person: `010` (or `+82 10`) and eight digits of which the first is 2
//! to 9, however they are parted. Numbers of offices (`02-...`, `1588-...`) are public and stay. Lists of people have their
//! own rule, which lets through reserved numbers only.

use std::ops::Range;

use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::yaml::{Node, Value};

/// What the digits of a mobile number begin with.
const PREFIXES: [&str; 4] = ["010", "+8210", "+82010", "8210"];
/// Digits after the prefix.
const REST: usize = 8;

/// Says every number in the tree that could ring.
pub(super) fn check(node: &Node, problems: &mut Problems) {
    match &node.value {
        Value::Scalar { text, .. } => {
            let Some(found) = dialable(text) else { return };
            let issue = Issue::new("걸릴 수 있는 번호입니다", "a number that might ring")
                .expected(
                    "예약된 번호 010-0xxx-xxxx, 010-1xxx-xxxx",
                    "a reserved number, 010-0xxx-xxxx or 010-1xxx-xxxx",
                )
                .found(&text[found.clone()]);
            problems.add(problems.inside(node.at, text, found), issue);
        }
        Value::List(nodes) => nodes.iter().for_each(|node| check(node, problems)),
        Value::Map(entries) => entries.iter().for_each(|entry| check(&entry.node, problems)),
    }
}

/// The first number in a text that could ring.
fn dialable(text: &str) -> Option<Range<usize>> {
    let mut before = ' ';
    for (start, c) in text.char_indices() {
        if (c.is_ascii_digit() || c == '+') && !before.is_ascii_alphanumeric() && before != '+' {
            let length = number(&text[start..]);
            if let Some(length) = length {
                return Some(start..start + length);
            }
        }
        before = c;
    }
    None
}

/// The bytes of the number that a text begins with, if it could ring.
fn number(text: &str) -> Option<usize> {
    let mut digits = String::new();
    let mut parted = 0;
    for (place, c) in text.char_indices() {
        match c {
            '+' if place == 0 => digits.push(c),
            '0'..='9' => {
                digits.push(c);
                parted = 0;
            }
            '-' | ' ' | '.' | '(' | ')' if parted < 2 => parted += 1,
            _ => break,
        }
        let rest = PREFIXES.iter().find_map(|prefix| digits.strip_prefix(prefix)).filter(|rest| rest.len() == REST);
        if let Some(rest) = rest {
            let longer = text[place + 1..].starts_with(|next: char| next.is_ascii_digit());
            return (!longer && matches!(rest.as_bytes()[0], b'2'..=b'9')).then_some(place + 1);
        }
        if digits.len() > REST + PREFIXES[2].len() {
            break;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::dialable;

    #[test]
    fn numbers_that_could_ring_are_found_however_they_are_written() {
        for (text, found) in [
            ("문의 010-2345-6789", "010-2345-6789"),
            ("tel:01023456789", "01023456789"),
            ("(010) 2345 6789로", "010) 2345 6789"),
            ("+82 10-2345-6789", "+82 10-2345-6789"),
            ("tel:+821098765432", "+821098765432"),
            ("010.9999.0000", "010.9999.0000"),
        ] {
            assert_eq!(dialable(text).map(|at| &text[at]), Some(found), "{text}");
        }
    }

    #[test]
    fn reserved_numbers_offices_and_other_digits_stay() {
        for text in [
            "010-0000-0001, 010-1999-0001",
            "대표번호 1588-0000, 02-2345-6789",
            "2010-2345-6789",
            "010-2345-67890",
            "접수번호 A010-2345-6789",
            "010-2345",
            "2024-05-13 010 2345",
            "",
        ] {
            assert_eq!(dialable(text), None, "{text}");
        }
    }
}
