//! The class code, short enough to be read from a board, and the keys of seats, which nobody reads.
//!
//! Six letters of thirty-one are some 887 million codes: `bucket` sees to it that guessing takes years. Both are compared
//! without telling by the time it takes where the first difference is.

use std::fmt;

/// Letters of a code: none that is taken for another (0 and O, 1 and I and L).
const LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// Letters in a code.
pub const CODE_LENGTH: usize = 6;
/// Random bytes in a key.
const KEY_BYTES: usize = 16;

/// The code of a class.
#[derive(Clone, PartialEq, Eq)]
pub struct Code([u8; CODE_LENGTH]);

/// The key of a seat: 32 hexadecimal digits.
#[derive(Clone)]
pub struct SeatKey(String);

impl Code {
    /// A new code.
    pub fn draw() -> Result<Code, getrandom::Error> {
        let mut code = [0; CODE_LENGTH];
        let mut filled = 0;
        while filled < CODE_LENGTH {
            let mut bytes = [0; 16];
            getrandom::fill(&mut bytes)?;
            // Bytes above the last whole round of letters would favour some.
            let fair = bytes.iter().filter(|byte| usize::from(**byte) < 256 / LETTERS.len() * LETTERS.len());
            for byte in fair.take(CODE_LENGTH - filled) {
                code[filled] = LETTERS[usize::from(*byte) % LETTERS.len()];
                filled += 1;
            }
        }
        Ok(Code(code))
    }

    /// Whether somebody typed this code: small letters, spaces and hyphens do not matter.
    pub fn is(&self, typed: &str) -> bool {
        let letters = typed.bytes().filter(|byte| !matches!(byte, b' ' | b'-')).take(CODE_LENGTH + 1);
        same(&letters.map(|byte| byte.to_ascii_uppercase()).collect::<Vec<u8>>(), &self.0)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

/// A code is no secret from its own process, but nothing should print it by accident.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

impl SeatKey {
    /// A new key.
    pub fn draw() -> Result<SeatKey, getrandom::Error> {
        let mut bytes = [0; KEY_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(SeatKey(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// What a client sent, which may be no key of any seat; `None` for what cannot be one.
    pub fn read(text: &str) -> Option<SeatKey> {
        let plain = text.len() == KEY_BYTES * 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        plain.then(|| SeatKey(text.to_owned()))
    }

    /// Whether it is the same key.
    pub fn is(&self, other: &SeatKey) -> bool {
        same(self.0.as_bytes(), other.0.as_bytes())
    }

    /// The digits, for the one who sits there.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SeatKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeatKey(…)")
    }
}

/// Compares without telling by its time where the first difference is.
fn same(given: &[u8], kept: &[u8]) -> bool {
    let differences = given.iter().zip(kept).fold(0, |seen, (a, b)| seen | (a ^ b));
    given.len() == kept.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::{Code, LETTERS, SeatKey};

    #[test]
    fn a_code_is_known_however_it_is_typed_and_no_other_is() {
        let code = Code(*b"K7M2XQ");
        for typed in ["K7M2XQ", "k7m2xq", " k7m-2xq ", "K7M 2XQ"] {
            assert!(code.is(typed), "{typed}");
        }
        for typed in ["", "K7M2X", "K7M2XQQ", "K7M2XP", "L7M2XQ", "K7M2XQ; --", &"K7M2XQ".repeat(900)] {
            assert!(!code.is(typed), "{typed}");
        }
    }

    #[test]
    fn codes_and_keys_differ_and_have_their_form() {
        let codes: Vec<String> = (0..50).map(|_| Code::draw().expect("random numbers").to_string()).collect();
        assert!(codes.iter().all(|code| code.len() == 6 && code.bytes().all(|letter| LETTERS.contains(&letter))));
        assert!(codes.windows(2).all(|two| two[0] != two[1]), "{codes:?}");
        let (a, b) = (SeatKey::draw().expect("random numbers"), SeatKey::draw().expect("random numbers"));
        assert!(a.is(&SeatKey::read(a.digits()).expect("its own digits")) && !a.is(&b));
        assert!(SeatKey::read("short").is_none() && SeatKey::read(&"x".repeat(32)).is_none());
        assert_eq!(
            (format!("{a:?}"), format!("{:?}", Code(*b"K7M2XQ"))),
            ("SeatKey(…)".to_owned(), "Code(…)".to_owned())
        );
    }
}
