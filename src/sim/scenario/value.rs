//! Leaves: what a single value of the file may be, each read from its text and from nothing else.
//!
//! Every reader answers the value or the words for what it expected. No floats: shares, prices and times are exact.

use crate::sim::dice::{Share, Spread};
use crate::sim::model::words::Words;
use crate::sim::scenario::problem::words;
use crate::sim::time::Span;

/// A kind of leaf.
pub(super) trait Leaf: Sized {
    /// What it is called, in Korean and English.
    const NAME: (&'static str, &'static str);
    /// Reads it; `plain` says that it stood without quotes.
    fn read(text: &str, plain: bool) -> Result<Self, Words>;
}

/// So many a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate(pub(super) u32);

/// A price in hundredths of a won.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Price(pub(super) u32);

/// `x60`: how many times faster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Speed(pub(super) u32);

/// An instant of the world's calendar with its offset, in seconds since 1970 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) unix_s: i64,
    pub(super) offset_s: i32,
}

/// The longest time a file may name; no run is longer.
pub(super) const SPAN_MAX: Span = Span::from_days(400);

const UNITS: [(&str, u64); 6] =
    [("ms", 1_000), ("us", 1), ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000)];

impl Leaf for Span {
    const NAME: (&'static str, &'static str) = ("시간 길이", "a length of time");

    fn read(text: &str, _plain: bool) -> Result<Span, Words> {
        let text = text.trim();
        if text.starts_with('-') {
            return Err(words("0 이상의 시간 (예: 90s)", "a time that is not negative, like 90s"));
        }
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            let short: String = text.chars().take(12).collect();
            return Err(words(
                format!("단위가 붙은 시간 (예: {short}s, {short}m, {short}h)"),
                format!("a time with its unit, like {short}s, {short}m or {short}h"),
            ));
        }
        let micros = span_micros(text).ok_or_else(|| {
            words("90s, 5m, 1h30m, 24h, 3d, 400ms 같은 시간", "a time like 90s, 5m, 1h30m, 24h, 3d or 400ms")
        })?;
        if micros > SPAN_MAX.micros() {
            return Err(words("400일 이하의 시간", "a time of at most 400 days"));
        }
        Ok(Span::from_micros(micros))
    }
}

impl Leaf for Share {
    const NAME: (&'static str, &'static str) = ("비율", "a share");

    fn read(text: &str, _plain: bool) -> Result<Share, Words> {
        let expected = || words("12%나 97.5% 같은 비율", "a share like 12% or 97.5%");
        let number = text.trim().strip_suffix('%').ok_or_else(expected)?;
        let ppm = decimal(number.trim_end(), 4).ok_or_else(expected)?;
        if ppm > 1_000_000 {
            return Err(words("100% 이하의 비율", "a share of at most 100%"));
        }
        Ok(Share::from_ppm(ppm as u32))
    }
}

impl Leaf for Rate {
    const NAME: (&'static str, &'static str) = ("초당 건수", "a rate");

    fn read(text: &str, _plain: bool) -> Result<Rate, Words> {
        let rate = text.trim().strip_suffix("/s").and_then(|number| decimal(number.trim_end(), 0));
        match rate {
            Some(rate @ 1..=1_000_000_000) => Ok(Rate(rate as u32)),
            _ => Err(words("20/s 같은 초당 건수", "a rate like 20/s")),
        }
    }
}

impl Leaf for Price {
    const NAME: (&'static str, &'static str) = ("원 단위 가격", "a price in won");

    fn read(text: &str, _plain: bool) -> Result<Price, Words> {
        match decimal(text.trim(), 2) {
            Some(hundredths @ 0..=100_000_000) => Ok(Price(hundredths as u32)),
            _ => Err(words(
                "8이나 5.5 같은 원 단위 가격 (100만 원 이하)",
                "a price in won like 8 or 5.5, at most 1,000,000",
            )),
        }
    }
}

impl Leaf for Speed {
    const NAME: (&'static str, &'static str) = ("배속", "a speed");

    fn read(text: &str, _plain: bool) -> Result<Speed, Words> {
        match text.trim().strip_prefix('x').and_then(|number| decimal(number, 0)) {
            Some(times @ 1..=100_000) => Ok(Speed(times as u32)),
            _ => Err(words("x1에서 x100000까지의 배속 (예: x60)", "a speed from x1 to x100000, like x60")),
        }
    }
}

impl Leaf for u64 {
    const NAME: (&'static str, &'static str) = ("정수", "a whole number");

    fn read(text: &str, _plain: bool) -> Result<u64, Words> {
        decimal(text.trim(), 0).ok_or_else(|| words("0 이상의 정수", "a whole number, not negative"))
    }
}

impl Leaf for bool {
    const NAME: (&'static str, &'static str) = ("참/거짓 값", "a truth value");

    fn read(text: &str, plain: bool) -> Result<bool, Words> {
        match text {
            "true" if plain => Ok(true),
            "false" if plain => Ok(false),
            _ => Err(words("true 또는 false", "true or false")),
        }
    }
}

impl Leaf for Moment {
    const NAME: (&'static str, &'static str) = ("날짜와 시각", "a date and time");

    fn read(text: &str, _plain: bool) -> Result<Moment, Words> {
        moment(text.trim()).ok_or_else(|| {
            words(
                "\"2022-10-15T15:20:00+09:00\"처럼 시차가 붙은 날짜와 시각 (초 단위)",
                "a date and time with an offset, to the second, like \"2022-10-15T15:20:00+09:00\"",
            )
        })
    }
}

impl Leaf for Spread {
    const NAME: (&'static str, &'static str) = ("시간 분포", "a spread of times");

    fn read(text: &str, plain: bool) -> Result<Spread, Words> {
        let text = text.trim();
        let Some((name, inside)) = call(text) else {
            return Span::read(text, plain)
                .map(Spread::Fixed)
                .map_err(|why| if text.contains('(') { spread_words() } else { why });
        };
        let arguments: Vec<&str> = inside.split(',').map(str::trim).collect();
        match (name, arguments.as_slice()) {
            ("uniform", [low, high]) => {
                let (low, high) = (Span::read(low, plain)?, Span::read(high, plain)?);
                if low > high {
                    return Err(words(
                        "작은 시간이 먼저 오는 uniform(2s, 8s)",
                        "uniform(2s, 8s), the shorter time first",
                    ));
                }
                Ok(Spread::Uniform(low, high))
            }
            ("lognormal", [p50, p99]) => {
                let (Some(p50), Some(p99)) = (named(p50, "p50"), named(p99, "p99")) else {
                    return Err(spread_words());
                };
                let (p50, p99) = (Span::read(p50, plain)?, Span::read(p99, plain)?);
                Spread::log_normal(p50, p99).ok_or_else(|| {
                    words("0보다 큰 p50과 그 이상인 p99", "a p50 above zero and a p99 that is not below it")
                })
            }
            _ => Err(spread_words()),
        }
    }
}

/// `name(inside)`: the two pieces, if the text is of that form.
pub(super) fn call(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.trim().split_once('(')?;
    Some((name.trim(), rest.strip_suffix(')')?.trim()))
}

/// Digits with at most `places` decimals, as a whole number of the smallest unit; `None` for anything else.
pub(super) fn decimal(text: &str, places: usize) -> Option<u64> {
    let (whole, part) = match text.split_once('.') {
        Some((whole, part)) if !part.is_empty() && part.len() <= places => (whole, part),
        Some(_) => return None,
        None => (text, ""),
    };
    let plain = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 20 || !plain(whole) || !plain(part) {
        return None;
    }
    let digits = format!("{whole}{part:0<places$}");
    digits.parse().ok()
}

/// A spread as the file writes it.
fn spread_words() -> Words {
    words(
        "400ms, uniform(2s, 8s), lognormal(p50=20m, p99=1d) 중 하나",
        "400ms, uniform(2s, 8s) or lognormal(p50=20m, p99=1d)",
    )
}

fn named<'a>(argument: &'a str, name: &str) -> Option<&'a str> {
    let (left, right) = argument.split_once('=')?;
    (left.trim() == name).then(|| right.trim())
}

fn span_micros(mut text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    if text.is_empty() {
        return None;
    }
    while !text.is_empty() {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 18 {
            return None;
        }
        let (number, rest) = text.split_at(digits);
        let (unit, micros) = UNITS.into_iter().find(|(unit, _)| rest.starts_with(unit))?;
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(micros)?)?;
        text = &rest[unit.len()..];
    }
    Some(total)
}

fn moment(text: &str) -> Option<Moment> {
    let pieces = jiff::fmt::temporal::Pieces::parse(text).ok()?;
    let offset = pieces.to_numeric_offset()?;
    let time = pieces.time()?;
    let local = pieces.date().to_datetime(time);
    let stamp = offset.to_timestamp(local).ok()?;
    let year = pieces.date().year();
    let fits = stamp.subsec_nanosecond() == 0 && (1970..=2200).contains(&year);
    fits.then(|| Moment { unix_s: stamp.as_second(), offset_s: offset.seconds() })
}

#[cfg(test)]
mod tests {
    use super::{Leaf, Moment, Price, Rate, Speed};
    use crate::sim::dice::{Share, Spread};
    use crate::sim::time::Span;

    fn en<T: Leaf>(text: &str) -> String {
        T::read(text, true).err().expect("a wrong value").en
    }

    #[test]
    fn times_are_read_with_their_units() {
        for (text, micros) in [
            ("90s", 90_000_000),
            ("5m", 300_000_000),
            ("1h30m", 5_400_000_000),
            ("3d", 259_200_000_000),
            ("400ms", 400_000),
            ("7us", 7),
            ("0s", 0),
        ] {
            assert_eq!(Span::read(text, true), Ok(Span::from_micros(micros)), "{text}");
        }
    }

    #[test]
    fn a_time_without_a_unit_says_so() {
        assert_eq!(en::<Span>("90"), "a time with its unit, like 90s, 90m or 90h");
        assert_eq!(en::<Span>("-5m"), "a time that is not negative, like 90s");
        assert_eq!(en::<Span>("12:30:00"), "a time like 90s, 5m, 1h30m, 24h, 3d or 400ms");
        assert_eq!(en::<Span>("500d"), "a time of at most 400 days");
        assert_eq!(en::<Span>("99999999999999999999d"), "a time like 90s, 5m, 1h30m, 24h, 3d or 400ms");
        assert_eq!(en::<Span>(""), "a time like 90s, 5m, 1h30m, 24h, 3d or 400ms");
    }

    #[test]
    fn shares_rates_and_prices_are_exact() {
        assert_eq!(Share::read("97.5%", true).map(Share::ppm), Ok(975_000));
        assert_eq!(Share::read("0.0001%", true).map(Share::ppm), Ok(1));
        assert_eq!(en::<Share>("0.5"), "a share like 12% or 97.5%");
        assert_eq!(en::<Share>("101%"), "a share of at most 100%");
        assert_eq!(Rate::read("20/s", true), Ok(Rate(20)));
        assert_eq!(en::<Rate>("0/s"), "a rate like 20/s");
        assert_eq!(Price::read("5.5", true), Ok(Price(550)));
        assert_eq!(Speed::read("x60", true), Ok(Speed(60)));
        assert!(u64::read("18446744073709551616", true).is_err());
    }

    #[test]
    fn spreads_are_fixed_uniform_or_log_normal() {
        let s = Span::from_secs;
        assert_eq!(Spread::read("2s", true), Ok(Spread::Fixed(s(2))));
        assert_eq!(Spread::read("uniform(2s, 8s)", true), Ok(Spread::Uniform(s(2), s(8))));
        assert!(matches!(Spread::read("lognormal(p50=20m, p99=1d)", true), Ok(Spread::LogNormal { .. })));
        assert_eq!(en::<Spread>("uniform(8s, 2s)"), "uniform(2s, 8s), the shorter time first");
        assert_eq!(en::<Spread>("lognormal(20m, 1d)"), "400ms, uniform(2s, 8s) or lognormal(p50=20m, p99=1d)");
    }

    #[test]
    fn a_moment_needs_its_offset() {
        let start = Moment { unix_s: 1_665_814_800, offset_s: 32_400 };
        assert_eq!(Moment::read("2022-10-15T15:20:00+09:00", true), Ok(start));
        assert!(Moment::read("2022-10-15T15:20:00", true).is_err());
        assert!(Moment::read("12:30:00", true).is_err());
    }
}
