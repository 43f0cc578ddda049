//! How long a text is, in the unit that a medium counts: characters, or bytes of CP949 as Korean carriers store them.
//!
//! Only measures. What a platform does about a text that is too long is said in `sim::plan::check`.

use encoding_rs::{EUC_KR, EncoderResult};

use crate::sim::medium::Limit;

/// The length of a text in the unit of a limit; `None` when a character cannot be carried at all.
///
/// A character is a Unicode code point, as the platforms' own counters take it; no limit counts as length 0.
pub fn length(limit: Limit, text: &str) -> Option<u32> {
    match limit {
        Limit::Chars(_) => Some(text.chars().count().try_into().unwrap_or(u32::MAX)),
        Limit::Cp949Bytes(_) => cp949_bytes(text),
        Limit::None => Some(0),
    }
}

/// Whether a length is within a limit of the same unit.
pub fn within(limit: Limit, length: u32) -> bool {
    match limit {
        Limit::Chars(most) | Limit::Cp949Bytes(most) => length <= most,
        Limit::None => true,
    }
}

/// Bytes of a text in CP949, the superset of EUC-KR with all 11,172 syllables; `None` if a character is outside it.
pub fn cp949_bytes(text: &str) -> Option<u32> {
    let mut bytes = 0_u32;
    for c in text.chars() {
        bytes = bytes.saturating_add(cp949_bytes_of(c)?);
    }
    Some(bytes)
}

/// Bytes of one character. ASCII and modern syllables, nearly all of Korean text, are answered without the tables.
fn cp949_bytes_of(c: char) -> Option<u32> {
    match c {
        '\0'..='\x7f' => Some(1),
        '가'..='힣' => Some(2),
        _ => {
            let mut utf8 = [0; 4];
            // Four bytes: no character takes more than two, and the encoder asks for some room.
            let mut out = [0; 4];
            let (result, _, written) =
                EUC_KR.new_encoder().encode_from_utf8_without_replacement(c.encode_utf8(&mut utf8), &mut out, true);
            (result == EncoderResult::InputEmpty).then_some(written as u32)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{cp949_bytes, length, within};
    use crate::sim::medium::Limit;

    #[test]
    fn hangul_takes_two_bytes_and_ascii_one() {
        assert_eq!(cp949_bytes(""), Some(0));
        assert_eq!(cp949_bytes("LH 임대료\n"), Some(10));
        // 똠 and 뷁 are outside EUC-KR proper and inside CP949.
        assert_eq!(cp949_bytes("똠뷁"), Some(4));
        // Symbols and Hanja of KS X 1001.
        assert_eq!(cp949_bytes("○→·漢字ㄱ"), Some(12));
    }

    #[test]
    fn what_the_carriers_cannot_store_has_no_length() {
        for text in ["😀", "é", "中国", "a\u{200b}", "ᄀ"] {
            assert_eq!(cp949_bytes(text), None, "{text:?}");
        }
    }

    /// The fast path must say what the tables say, for every syllable.
    #[test]
    fn the_fast_path_agrees_with_the_encoder() {
        for c in ('\0'..='\u{ff}').chain('가'..='힣') {
            let text = c.to_string();
            let (bytes, _, failed) = encoding_rs::EUC_KR.encode(&text);
            let expected = (!failed).then_some(bytes.len() as u32);
            assert_eq!(cp949_bytes(&text), expected, "{c:?}");
        }
    }

    #[test]
    fn a_limit_is_kept_in_its_own_unit() {
        let ninety = Limit::Cp949Bytes(90);
        assert!(within(ninety, length(ninety, &"가".repeat(45)).unwrap_or(u32::MAX)));
        assert!(!within(ninety, length(ninety, &"가".repeat(46)).unwrap_or(u32::MAX)));
        assert_eq!(length(Limit::Chars(90), "가나다😀"), Some(4));
        assert_eq!(length(Limit::None, "anything"), Some(0));
    }
}
