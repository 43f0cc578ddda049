//! Numbers of expressions: counts, shares, times, money. All end as integers, and none is rounded.

use crate::sim::expect::metric::Unit;

/// The longest time that can be written; longer than any run.
const LONGEST_US: u64 = 1 << 48;

/// The number that a word writes in that unit: a count, parts per million, microseconds, hundredths of a won. `None` if
/// it does not, or would have to be rounded.
pub(super) fn read(word: &str, unit: Unit) -> Option<u64> {
    match unit {
        Unit::Count => digits(word),
        Unit::Share => share(word),
        Unit::Duration => duration(word),
        Unit::Won => won(word),
    }
}

/// What a number of that unit looks like, in Korean and English.
pub(super) const fn example(unit: Unit) -> (&'static str, &'static str) {
    match unit {
        Unit::Count => ("`5` 같은 정수", "a whole number such as `5`"),
        Unit::Share => (
            "`97.5%` 같은 0%~100%의 비율 (소수 넷째 자리까지)",
            "a share such as `97.5%`, 0% to 100%, at most four decimals",
        ),
        Unit::Duration => ("`90s`, `1h30m` 같은 시간", "a time such as `90s` or `1h30m`"),
        Unit::Won => ("`25000` 같은 금액 (원)", "an amount in won such as `25000`"),
    }
}

/// `90s`, `1h30m`, `400ms`: whole numbers with units, largest unit first.
pub(super) fn duration(word: &str) -> Option<u64> {
    const UNITS: [(&str, u64); 6] =
        [("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000), ("us", 1)];
    let mut rest = word;
    let mut next = 0;
    let mut sum = 0u64;
    while !rest.is_empty() {
        let (number, tail) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let (name, tail) = tail.split_at(tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len()));
        let place = next + UNITS[next..].iter().position(|unit| unit.0 == name)?;
        sum = sum.checked_add(digits(number)?.checked_mul(UNITS[place].1)?)?;
        (rest, next) = (tail, place + 1);
    }
    (!word.is_empty() && sum <= LONGEST_US).then_some(sum)
}

/// `p99.9` without its `p`: a rank above 0 and at most 100, in parts per million.
pub(super) fn rank(word: &str) -> Option<u32> {
    let ppm = decimal(word, 4)?;
    (1..=1_000_000).contains(&ppm).then_some(ppm as u32)
}

fn share(word: &str) -> Option<u64> {
    decimal(word.strip_suffix('%')?, 4).filter(|ppm| *ppm <= 1_000_000)
}

fn won(word: &str) -> Option<u64> {
    let bare = word.strip_suffix("won").or_else(|| word.strip_suffix('원')).unwrap_or(word);
    decimal(bare, 2)
}

/// A decimal number with at most `places` decimals, times ten to that power.
fn decimal(word: &str, places: usize) -> Option<u64> {
    let (whole, part) = match word.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, part)) => (whole, part),
        None => (word, ""),
    };
    if part.len() > places {
        return None;
    }
    let part = if part.is_empty() { 0 } else { digits(&format!("{part:0<places$}"))? };
    digits(whole)?.checked_mul(10u64.pow(places as u32))?.checked_add(part)
}

fn digits(word: &str) -> Option<u64> {
    let plain = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    if plain { word.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{rank, read};
    use crate::sim::expect::metric::Unit;

    #[test]
    fn numbers_are_exact_or_not_numbers() {
        assert_eq!(read("97.5%", Unit::Share), Some(975_000));
        assert_eq!(read("97.4999%", Unit::Share), Some(974_999));
        assert_eq!(read("100%", Unit::Share), Some(1_000_000));
        assert_eq!(read("1h30m", Unit::Duration), Some(5_400_000_000));
        assert_eq!(read("400ms", Unit::Duration), Some(400_000));
        assert_eq!(read("25000", Unit::Won), Some(2_500_000));
        assert_eq!(read("6.5won", Unit::Won), Some(650));
        assert_eq!(read("6.5원", Unit::Won), Some(650));
        assert_eq!(rank("99.9"), Some(999_000));
    }

    #[test]
    fn what_would_need_rounding_is_no_number() {
        for word in ["97.50001%", "100.1%", "97.5", "-1%", "%", ".5%", "1.%", "", "99999999999999999999%"] {
            assert_eq!(read(word, Unit::Share), None, "{word}");
        }
        for word in ["90", "m", "30m1h", "1m1m", "1.5s", "90 s", "999999999999d", "", "1년"] {
            assert_eq!(read(word, Unit::Duration), None, "{word}");
        }
        assert_eq!(read("1.5", Unit::Count), None);
        assert_eq!(read("1.555", Unit::Won), None);
        assert_eq!((rank("0"), rank("100.1"), rank("")), (None, None, None));
    }
}
