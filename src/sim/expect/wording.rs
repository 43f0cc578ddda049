//! Numbers and reasons in words, Korean and English. Rounding happens only here, and never in a comparison.
//!
//! Shares are cut, not rounded, after the fourth decimal: a share that misses a threshold never prints as having met
//! it.

use crate::sim::expect::expression::Op;
use crate::sim::expect::ledger::Ledger;
use crate::sim::expect::measure::{Exact, Void};
use crate::sim::expect::metric::Unit;
use crate::sim::expect::verdict::{Measured, Threshold};
use crate::sim::model::words::Words;

/// "977 of 1,000 = 97.7 %, at least 97.5 % expected".
pub(super) fn judged(measured: &Measured, threshold: Threshold) -> Words {
    let (value_ko, value_en) = value(measured);
    let (asked_ko, asked_en) = asked(threshold);
    let group = measured.group.as_deref();
    let (group_ko, group_en) = match group {
        Some(name) => (format!("그룹 {name}: "), format!("group {name}: ")),
        None => (String::new(), String::new()),
    };
    Words {
        ko: format!("{group_ko}{value_ko}, 기준 {asked_ko}"),
        en: format!("{group_en}{value_en}, {asked_en} expected"),
    }
}

/// "534; more than 1,500 stops the run": a stop condition is not something to hope for.
pub(super) fn stopping(measured: &Measured, threshold: Threshold) -> Words {
    let (value_ko, value_en) = value(measured);
    let (asked_ko, asked_en) = asked(threshold);
    Words { ko: format!("{value_ko}, {asked_ko}(이)면 멈춤"), en: format!("{value_en}; {asked_en} stops the run") }
}

/// Why nothing can be concluded.
pub(super) fn void(void: Void, ledger: &Ledger) -> Words {
    match void {
        Void::EmptySet => words("해당하는 대상이 하나도 없음", "the set is empty: nothing it speaks of happened"),
        Void::NoValue => words("잴 수 있는 값이 하나도 없음", "nothing in the set has a value to measure"),
        Void::NeverBegan(fault) => {
            let name = ledger.fault_name(fault);
            Words { ko: format!("장애 {name} 이(가) 시작되지 않음"), en: format!("fault {name} never began") }
        }
        Void::NeverEnded(fault) => {
            let name = ledger.fault_name(fault);
            Words {
                ko: format!("장애 {name} 이(가) 끝나기 전에 실행이 끝남"),
                en: format!("the run ended before fault {name} did"),
            }
        }
        Void::NotYet(at) => {
            Words { ko: format!("{at} 이 되기 전에 실행이 끝남"), en: format!("the run ended before {at}") }
        }
        Void::Never => {
            words("값이 '끝내 없음'이라 비교할 수 없음", "the value is \"never\", which is not more than anything")
        }
        Void::Dropped(rows) => Words {
            ko: format!("보관 한도를 넘어 {}건을 세지 못함", thousands(u128::from(rows))),
            en: format!("{} rows were more than the watch keeps", thousands(u128::from(rows))),
        },
        Void::NotFollowed => words(
            "stop: 에는 실행 중에 셀 수 있는 합계만 쓸 수 있음",
            "only running totals can be followed under stop:",
        ),
    }
}

/// Those that missed their `within=` only because the run ended.
pub(super) fn too_young(reason: Words, count: u64) -> Words {
    if count == 0 {
        return reason;
    }
    let count = thousands(u128::from(count));
    Words {
        ko: format!("{} ({count}건은 시한 전에 실행이 끝났지만 못 지킨 것으로 셈)", reason.ko),
        en: format!("{} ({count} of the rest were still in time when the run ended)", reason.en),
    }
}

/// Why nothing can be said so far.
pub(super) fn not_yet(void: Void, ledger: &Ledger) -> Words {
    match void {
        Void::EmptySet => words("아직 해당하는 대상이 없음", "nothing that it speaks of has happened yet"),
        Void::NoValue => words("아직 잴 수 있는 값이 없음", "nothing in the set has a value to measure yet"),
        Void::NeverBegan(fault) => {
            let name = ledger.fault_name(fault);
            Words {
                ko: format!("장애 {name} 이(가) 아직 시작되지 않음"),
                en: format!("fault {name} has not begun yet"),
            }
        }
        Void::NeverEnded(fault) => {
            let name = ledger.fault_name(fault);
            Words {
                ko: format!("장애 {name} 이(가) 아직 끝나지 않음"), en: format!("fault {name} is not over yet")
            }
        }
        Void::NotYet(at) => Words { ko: format!("{at}에 판정"), en: format!("judged at {at}") },
        Void::Never | Void::Dropped(_) | Void::NotFollowed => self::void(void, ledger),
    }
}

/// Those whose `within=` is not over yet, while the run goes on.
pub(super) fn still_in_time(reason: Words, count: u64) -> Words {
    if count == 0 {
        return reason;
    }
    let count = thousands(u128::from(count));
    Words {
        ko: format!("{} ({count}건은 아직 시한이 남음)", reason.ko),
        en: format!("{} ({count} of the rest are still in time)", reason.en),
    }
}

/// A number with a comma every three digits.
pub fn thousands(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Parts per million as a percentage without needless zeros: `97.5 %`.
pub fn percent(ppm: u128) -> String {
    format!("{} %", decimal(ppm, 10_000))
}

/// Hundredths of a won as won: `25,000`, `6.5`.
pub fn won(hundredths: u128) -> String {
    decimal(hundredths, 100)
}

fn words(ko: &str, en: &str) -> Words {
    Words { ko: ko.to_owned(), en: en.to_owned() }
}

fn value(measured: &Measured) -> (String, String) {
    match measured.value {
        Exact::Never => ("끝내 없음".to_owned(), "never".to_owned()),
        Exact::Whole(number) => quantity(number, measured.unit),
        Exact::Fraction { part, whole } if measured.unit == Unit::Share => {
            let share = percent(part * 1_000_000 / u128::from(whole));
            let (part, whole) = (thousands(part), thousands(u128::from(whole)));
            (format!("{whole} 중 {part} = {share}"), format!("{part} of {whole} = {share}"))
        }
        Exact::Fraction { part, whole } => {
            let (ko, en) = quantity(part / u128::from(whole), measured.unit);
            let exact = part.is_multiple_of(u128::from(whole));
            let whole = thousands(u128::from(whole));
            let about = if exact { ("", "") } else { ("약 ", "about ") };
            (format!("{}{ko} ({whole}건 평균)", about.0), format!("{}{en} (mean of {whole})", about.1))
        }
    }
}

fn asked(threshold: Threshold) -> (String, String) {
    let (ko, en) = quantity(u128::from(threshold.value), threshold.unit);
    match threshold.op {
        Op::AtLeast => (format!("{ko} 이상"), format!("at least {en}")),
        Op::Above => (format!("{ko} 초과"), format!("more than {en}")),
        Op::AtMost => (format!("{ko} 이하"), format!("at most {en}")),
        Op::Below => (format!("{ko} 미만"), format!("less than {en}")),
        Op::Equal => (format!("정확히 {ko}"), format!("exactly {en}")),
        Op::Unequal => (format!("{ko} 아님"), format!("anything but {en}")),
    }
}

/// A number of that unit in words, Korean and English.
pub(super) fn quantity(number: u128, unit: Unit) -> (String, String) {
    match unit {
        Unit::Count => (thousands(number), thousands(number)),
        Unit::Share => (percent(number), percent(number)),
        Unit::Duration => {
            let micros = u64::try_from(number).unwrap_or(u64::MAX);
            (length(micros, ["일", "시간", "분", "초"], " "), length(micros, ["d", "h", "m", "s"], ""))
        }
        Unit::Won => (format!("{}원", won(number)), format!("{} won", won(number))),
    }
}

/// A length of time to the microsecond, in the units of a language: `1m7.70482s`, `1분 7.70482초`.
fn length(micros: u64, units: [&str; 4], between: &str) -> String {
    let (secs, rest) = (micros / 1_000_000, micros % 60_000_000);
    let mut parts: Vec<String> = Vec::new();
    let whole = [secs / 86_400, secs / 3_600 % 24, secs / 60 % 60];
    for (count, unit) in whole.into_iter().zip(units).filter(|part| part.0 > 0) {
        parts.push(format!("{count}{unit}"));
    }
    if rest > 0 || parts.is_empty() {
        parts.push(format!("{}{}", decimal(u128::from(rest), 1_000_000), units[3]));
    }
    parts.join(between)
}

/// A number of hundredths (or the like) with its decimals, without zeros at the end.
fn decimal(number: u128, one: u128) -> String {
    let (whole, part) = (thousands(number / one), number % one);
    if part == 0 {
        return whole;
    }
    let places = one.ilog10() as usize;
    let part = format!("{part:0places$}");
    format!("{whole}.{}", part.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::{percent, quantity, thousands, won};
    use crate::sim::expect::metric::Unit;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([975_000, 974_999, 1_000_000, 1].map(percent), ["97.5 %", "97.4999 %", "100 %", "0.0001 %"]);
        let lengths = [0, 67_704_820, 90_000_000, 3_600_000_000, 90_061_000_001].map(|n| quantity(n, Unit::Duration));
        assert_eq!(
            lengths.each_ref().map(|pair| pair.1.as_str()),
            ["0s", "1m7.70482s", "1m30s", "1h", "1d1h1m1.000001s"]
        );
        assert_eq!(lengths[1].0, "1분 7.70482초");
        assert_eq!([2_500_000, 650, 5].map(won), ["25,000", "6.5", "0.05"]);
    }
}
