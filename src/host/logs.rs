//! Logs of the process: one line an occurrence on standard error, and no telephone number in any of them.
//!
//! Numbers are masked where lines are written, not where they are said, so that no caller can forget it: whatever looks
//! like a Korean mobile number keeps its prefix and its last four digits (`010-****-0007`). Logs say what happened to
//! the process; what happened in a run is in its events.

use std::io::{self, Write};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Digits of a mobile number after `010`, hyphens aside.
const REST: usize = 8;
/// How many of them are masked.
const MASKED: usize = 4;

/// Begins to log: what `bongsu` itself says from `info` up, anything else from `warn` up. Only the first call counts.
pub fn begin() {
    let wanted = Targets::new().with_default(LevelFilter::WARN).with_target("bongsu", LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(|| Masked(io::stderr()));
    // A test process may have begun already.
    let _ = tracing_subscriber::registry().with(wanted).with(lines).try_init();
}

/// Masks what goes through it; each write is a whole line.
struct Masked<W>(W);

impl<W: Write> Write for Masked<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(&masked(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The line with `*` in the place of the middle digits of numbers, whether written with hyphens, spaces or nothing.
pub fn masked(line: &[u8]) -> Vec<u8> {
    let mut out = line.to_vec();
    let mut at = 0;
    while at + 3 <= out.len() {
        match number(&line[at..]) {
            Some(length) if at == 0 || !line[at - 1].is_ascii_digit() => {
                let digits = (at + 3..at + length).filter(|place| line[*place].is_ascii_digit());
                digits.take(MASKED).for_each(|place| out[place] = b'*');
                at += length;
            }
            _ => at += 1,
        }
    }
    out
}

/// The length of the number that the text begins with, if it begins with one.
fn number(text: &[u8]) -> Option<usize> {
    let rest = text.strip_prefix(b"010")?;
    let mut digits = 0;
    for (place, byte) in rest.iter().enumerate() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'-' | b' ' if place == 0 || rest[place - 1].is_ascii_digit() => {}
            _ => return None,
        }
        if digits == REST {
            let longer = rest.get(place + 1).is_some_and(u8::is_ascii_digit);
            return (!longer).then_some(3 + place + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{Masked, masked};

    fn text(line: &str) -> String {
        String::from_utf8(masked(line.as_bytes())).expect("what was UTF-8 stays it")
    }

    #[test]
    fn numbers_are_masked_however_they_are_written() {
        assert_eq!(text("phone=010-0000-0007 cut"), "phone=010-****-0007 cut");
        assert_eq!(text("[\"01000000007\",\"010 1234 5678\"]"), "[\"010****0007\",\"010 **** 5678\"]");
        assert_eq!(text("단말 010-1234-5678과 010-1234-5679"), "단말 010-****-5678과 010-****-5679");
    }

    #[test]
    fn what_is_no_number_stays() {
        for line in [
            "",
            "010",
            "at_us=120010123456789",
            "r1 came to 00:10:00.010",
            "010-12-345678x 9",
            "n010/0",
            "0101234567890",
        ] {
            let expected = if line.starts_with("010-12") { "010-**-**5678x 9" } else { line };
            assert_eq!(text(line), expected);
        }
    }

    #[test]
    fn the_writer_says_that_it_took_the_whole_line() {
        let mut out = Vec::new();
        let line = b"hello 010-0000-0001\n";
        assert_eq!(Masked(&mut out).write(line).expect("memory"), line.len());
        assert_eq!(out, b"hello 010-****-0001\n");
    }
}
