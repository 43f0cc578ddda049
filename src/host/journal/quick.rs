//! The two lines that nearly all of a journal consists of, a phone's receipt and a person's reading, written and read
//! without the JSON machinery: a restart reads them by the hundred thousand.
//!
//! The format is [`input`](super::input)'s, byte for byte. Whatever is not exactly such a line is left to it.

use crate::sim::engine::input::Input;
use crate::sim::model::ids::{AttemptId, NoticeId, PersonId};
use crate::sim::time::SimTime;

/// Appends the input as a line without its line feed; `false` if it is none of the two.
pub fn write(out: &mut Vec<u8>, at: SimTime, input: &Input) -> bool {
    let (word, person, attempt) = match input {
        Input::Delivered { person, attempt } => ("delivered", person, attempt),
        Input::Read { person, attempt } => ("read", person, attempt),
        _ => return false,
    };
    let [mut stamp, mut who, mut notice, mut ordinal] = [itoa::Buffer::new(); 4];
    for piece in [
        "{\"t\":",
        stamp.format(at.micros()),
        ",\"in\":{\"",
        word,
        "\":{\"person\":",
        who.format(person.0),
        ",\"attempt\":\"n",
        notice.format(attempt.notice.0),
        "/",
        ordinal.format(attempt.ordinal),
        "\"}}}",
    ] {
        out.extend_from_slice(piece.as_bytes());
    }
    true
}

/// Reads a line with or without its line feed; `None` if it is none of the two, or not as we write them.
pub fn read(line: &[u8]) -> Option<(SimTime, Input)> {
    let (at, rest) = number(line.strip_prefix(b"{\"t\":")?)?;
    let rest = rest.strip_prefix(b",\"in\":{\"")?;
    let (rest, shown) = match rest.strip_prefix(b"delivered") {
        Some(rest) => (rest, true),
        None => (rest.strip_prefix(b"read")?, false),
    };
    let (person, rest) = number(rest.strip_prefix(b"\":{\"person\":")?)?;
    let (notice, rest) = number(rest.strip_prefix(b",\"attempt\":\"n")?)?;
    let (ordinal, rest) = number(rest.strip_prefix(b"/")?)?;
    let (b"\"}}}" | b"\"}}}\n") = rest else { return None };
    let person = PersonId(person.try_into().ok()?);
    let attempt = AttemptId { notice: NoticeId(notice.try_into().ok()?), ordinal: ordinal.try_into().ok()? };
    let input = if shown { Input::Delivered { person, attempt } } else { Input::Read { person, attempt } };
    Some((SimTime::from_micros(at), input))
}

/// A plain decimal number, without sign or leading zero, and what comes after it.
fn number(text: &[u8]) -> Option<(u64, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(digits);
    if digits.is_empty() || (digits[0] == b'0' && digits.len() > 1) {
        return None;
    }
    let add = |sum: u64, digit: &u8| sum.checked_mul(10)?.checked_add(u64::from(digit - b'0'));
    Some((digits.iter().try_fold(0, add)?, rest))
}

#[cfg(test)]
mod tests {
    use super::{read, write};
    use crate::sim::engine::input::Input;
    use crate::sim::model::ids::{AttemptId, NoticeId, PersonId, SessionId};
    use crate::sim::time::SimTime;

    #[test]
    fn the_two_lines_read_back_and_others_are_left_alone() {
        let line = br#"{"t":18446744073709551615,"in":{"delivered":{"person":0,"attempt":"n4294967295/255"}}}"#;
        let attempt = AttemptId { notice: NoticeId(u32::MAX), ordinal: 255 };
        let shown = Input::Delivered { person: PersonId(0), attempt };
        let mut out = Vec::new();
        assert!(write(&mut out, SimTime::from_micros(u64::MAX), &shown));
        assert_eq!(out, line);
        assert_eq!(read(&out), Some((SimTime::from_micros(u64::MAX), shown)));
        assert!(!write(&mut out, SimTime::ZERO, &Input::Bye { session: SessionId(1) }));
        assert_eq!(out, line, "nothing was begun");
    }

    #[test]
    fn a_line_that_differs_in_any_byte_is_not_taken_for_another() {
        let line = br#"{"t":10,"in":{"read":{"person":3,"attempt":"n17/0"}}}"#;
        assert!(read(line).is_some());
        for place in 0..line.len() {
            let mut wrong = line.to_vec();
            for byte in [b'0', b'9', b'"', b'x', b'\n', 0, 255] {
                wrong[place] = byte;
                if let Some((at, input)) = read(&wrong) {
                    let mut again = Vec::new();
                    assert!(write(&mut again, at, &input));
                    assert_eq!(again, wrong, "what is read is what stands there");
                }
            }
            assert_eq!(read(&line[..place]), None);
        }
        for wrong in ["n017/0", "n17/256", "n17/", "n/0", "n4294967296/0", "n-1/0"] {
            let line = format!("{{\"t\":10,\"in\":{{\"read\":{{\"person\":3,\"attempt\":\"{wrong}\"}}}}}}");
            assert_eq!(read(line.as_bytes()), None, "{wrong}");
        }
    }
}
