//! Words and rounded numbers for people, in Korean and English. Rounding is for the eye: nothing here is read back.

use crate::report::view::{Figures, PaceView};
use crate::sim::expect::Strength;
use crate::sim::expect::audit::{Contradiction, Told, Truth};
use crate::sim::expect::record::Belief;
use crate::sim::expect::verdict::Overall;
use crate::sim::model::denial::Denial;
use crate::sim::model::event::{Cause, Ear, End};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::words::Lang;
use crate::sim::time::Span;

/// One of two texts.
pub fn pick<'a>(lang: Lang, ko: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Ko => ko,
        Lang::En => en,
    }
}

/// `1,234,567`.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `97.7%`, one decimal, half up; but `100.0%` only of all and `0.0%` only of none. `–` of nothing.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let (part_wide, whole_wide) = (u128::from(part), u128::from(whole));
    let tenths = (part_wide * 2_000 + whole_wide) / (whole_wide * 2);
    let held = match tenths {
        0 if part > 0 => 1,
        1_000 if part < whole => 999,
        other => other,
    };
    format!("{}.{}%", held / 10, held % 10)
}

/// `412ms`, `12.3s`, `30s`, `1m 02s`, `1h 05m`, `5d 07h`: two units at most, the rest cut off.
pub fn length(span: Span, lang: Lang) -> String {
    let micros = span.micros();
    if span == Span::FOREVER {
        return pick(lang, "끝없음", "for ever").to_owned();
    }
    if micros == 0 {
        return pick(lang, "0초", "0s").to_owned();
    }
    if micros < 1_000 {
        return pick(lang, "1ms 미만", "under 1ms").to_owned();
    }
    if micros < 1_000_000 {
        return format!("{}ms", micros / 1_000);
    }
    let secs = micros / 1_000_000;
    if secs < 60 && micros.is_multiple_of(1_000_000) {
        return format!("{secs}{}", pick(lang, "초", "s"));
    }
    if secs < 60 {
        return format!("{secs}.{}{}", micros / 100_000 % 10, pick(lang, "초", "s"));
    }
    let (big, big_unit, small, small_unit) = match secs {
        0..3_600 => (secs / 60, ("분", "m"), secs % 60, ("초", "s")),
        3_600..86_400 => (secs / 3_600, ("시간", "h"), secs / 60 % 60, ("분", "m")),
        86_400.. => (secs / 86_400, ("일", "d"), secs / 3_600 % 24, ("시간", "h")),
    };
    match lang {
        Lang::Ko if small == 0 => format!("{big}{}", big_unit.0),
        Lang::En if small == 0 => format!("{big}{}", big_unit.1),
        Lang::Ko => format!("{big}{} {small}{}", big_unit.0, small_unit.0),
        Lang::En => format!("{big}{} {small:02}{}", big_unit.1, small_unit.1),
    }
}

/// Hundredths of a won as `12,345원` or `12,345 won`; decimals only when there are any.
pub fn money(hundredths: u64, lang: Lang) -> String {
    let (won, rest) = (number(hundredths / 100), hundredths % 100);
    let decimals = if rest == 0 { String::new() } else { format!(".{rest:02}") };
    match lang {
        Lang::Ko => format!("{won}{decimals}원"),
        Lang::En => format!("{won}{decimals} won"),
    }
}

/// The local calendar time of a run's start, `2022-10-15 15:20`; `None` for an instant no calendar has.
pub fn calendar(unix_s: i64, offset_s: i32) -> Option<String> {
    let offset = jiff::tz::Offset::from_seconds(offset_s).ok()?;
    let local = offset.to_datetime(jiff::Timestamp::from_second(unix_s).ok()?);
    Some(format!(
        "{:04}-{:02}-{:02} {:02}:{:02}",
        local.year(),
        local.month(),
        local.day(),
        local.hour(),
        local.minute()
    ))
}

/// A medium.
pub fn medium(medium: Medium, lang: Lang) -> &'static str {
    pick(lang, medium.ko(), medium.name())
}

/// A network.
pub fn network(network: Network, lang: Lang) -> &'static str {
    pick(lang, network.ko(), network.name())
}

/// A kind of fault, by the word of the file.
pub fn fault_kind(kind: &str, lang: Lang) -> &str {
    if lang == Lang::En {
        return kind;
    }
    match kind {
        "down" => "불통",
        "silence" => "침묵",
        "refuse" => "거절",
        "late_failure" => "뒤늦은 실패",
        "latency" => "지연",
        "loss" => "유실",
        "duplicate" => "중복",
        "reorder" => "순서 뒤바뀜",
        "throttle" => "처리량 제한",
        "freeze" => "대기열 정지",
        "lie" => "거짓 보고",
        "sever" => "연결 끊김",
        "flap" => "단속",
        "login" => "로그인 거절",
        "accept_then" => "접수 뒤 무응답",
        "creep" => "서서히 악화",
        "sender_down" => "발신 정지",
        other => other,
    }
}

/// What the sender was told last.
pub fn belief(belief: Belief, lang: Lang) -> &'static str {
    match belief {
        Belief::None => pick(lang, "통보 없음", "told nothing"),
        Belief::Failed => pick(lang, "실패", "failed"),
        Belief::Uncertain => pick(lang, "확인 불가", "uncertain"),
        Belief::Delivered => pick(lang, "전달", "delivered"),
        Belief::Shown => pick(lang, "표시", "shown"),
        Belief::Opened => pick(lang, "열람", "opened"),
    }
}

/// How many requests were refused that belong to no notice, and with which codes; nothing, if none was.
pub fn requests_refused(all: &[(Denial, u64)], lang: Lang) -> Option<String> {
    let count: u64 = all.iter().map(|row| row.1).sum();
    let by: Vec<String> = all.iter().map(|(said, count)| format!("{said} ×{}", number(*count))).collect();
    let (count, by) = (number(count), by.join(", "));
    (!all.is_empty()).then(|| match lang {
        Lang::Ko => format!("통째로 거절된 요청 {count}건: {by}"),
        Lang::En => format!("requests refused as a whole: {count}, by code: {by}"),
    })
}

/// What the sender was told last, with "accepted" as a word of its own.
pub fn told(told: Told, lang: Lang) -> &'static str {
    match told {
        Told::Nothing => pick(lang, "통보 없음", "nothing"),
        Told::Refused => pick(lang, "거절", "refused"),
        Told::Failed => pick(lang, "실패", "failed"),
        Told::Accepted => pick(lang, "접수", "accepted"),
        Told::Uncertain => pick(lang, "확인 불가", "uncertain"),
        Told::Delivered => pick(lang, "전달", "delivered"),
        Told::Shown => pick(lang, "표시", "shown"),
        Told::Opened => pick(lang, "열람", "opened"),
    }
}

/// How the sender heard.
pub fn ear(ear: Option<Ear>, lang: Lang) -> &'static str {
    match ear {
        None => "–",
        Some(Ear::Answer) => pick(lang, "응답", "answer"),
        Some(Ear::Webhook) => pick(lang, "웹훅", "webhook"),
        Some(Ear::Poll) => pick(lang, "조회", "poll"),
    }
}

/// What was true of a notice.
pub fn truth(truth: Truth, lang: Lang) -> &'static str {
    match truth {
        Truth::NotShown => pick(lang, "표시 안 됨", "not shown"),
        Truth::ShownOnce => pick(lang, "한 번 표시", "shown once"),
        Truth::Opened => pick(lang, "열람", "opened"),
        Truth::ShownTwice => pick(lang, "거듭 표시", "shown twice"),
    }
}

/// A contradiction between belief, money and truth.
pub fn contradiction(what: Contradiction, lang: Lang) -> &'static str {
    match what {
        Contradiction::DeliveredNotShown => {
            pick(lang, "전달됐다고 들었으나 한 번도 표시되지 않음", "told delivered, and it never showed")
        }
        Contradiction::AcceptedNotShown => {
            pick(lang, "접수됐다고만 들었고 한 번도 표시되지 않음", "told accepted and no more, and it never showed")
        }
        Contradiction::FailedButShown => {
            pick(lang, "실패라고 들었거나 들은 말이 없으나 표시됨", "told failed or nothing, and it showed")
        }
        Contradiction::ShownTwice => pick(lang, "두 번 이상 표시됨", "shown more than once"),
        Contradiction::PaidUnseen => pick(lang, "요금은 나갔으나 표시되지 않음", "paid for, and never seen"),
        Contradiction::SilentFallback => {
            pick(lang, "대체 발송이 표시됐으나 결과를 듣지 못함", "a fallback showed, and the sender never heard of it")
        }
    }
}

/// The name of a group as a table has it; a region is said to be one.
pub fn group(name: &str, region: bool, lang: Lang) -> String {
    match (region, lang) {
        (false, _) => name.to_owned(),
        (true, Lang::Ko) => format!("{name} (지역)"),
        (true, Lang::En) => format!("{name} (region)"),
    }
}

/// How long it took to reach a few shares of all notices; `None` when there was nothing to reach.
pub fn reach_times(figures: &Figures, lang: Lang) -> Option<String> {
    if figures.reach_curve.is_empty() {
        return None;
    }
    let after = |percent| match figures.reached_after(percent) {
        Some(span) => length(span, lang),
        None => pick(lang, "닿지 못함", "never").to_owned(),
    };
    Some([50, 90, 99, 100].map(|percent| format!("{percent}% {}", after(percent))).join(" · "))
}

/// Why a sender went on to the next leg.
pub fn cause(cause: Cause, lang: Lang) -> &'static str {
    match cause {
        Cause::Failed => pick(lang, "실패 통보", "failure reported"),
        Cause::NoReceipt => pick(lang, "응답 없음", "no receipt in time"),
        Cause::NotOpened => pick(lang, "미열람", "not opened in time"),
        Cause::Provider => pick(lang, "중계사 자동 대체", "the provider's own fallback"),
    }
}

/// How strong a promise is.
pub fn strength(strength: Strength, lang: Lang) -> &'static str {
    match strength {
        Strength::Must => pick(lang, "반드시", "must"),
        Strength::Should => pick(lang, "권고", "should"),
        Strength::Sometimes => pick(lang, "발생 확인", "sometimes"),
        Strength::Steady => pick(lang, "평시", "steady"),
        Strength::Stop => pick(lang, "중지 조건", "stop"),
    }
}

/// The verdict with its word.
pub fn verdict(overall: Overall, lang: Lang) -> String {
    match lang {
        Lang::Ko => format!("{} {}", overall.ko(), overall.name()),
        Lang::En => overall.name().to_owned(),
    }
}

/// What the verdict means, in a sentence.
pub fn verdict_means(overall: Overall, lang: Lang) -> &'static str {
    match overall {
        Overall::Pass => pick(lang, "약속한 것이 모두 지켜졌습니다.", "everything promised was kept."),
        Overall::Fail => pick(lang, "지켜지지 않은 약속이 있습니다.", "a promise was broken."),
        Overall::Inconclusive => {
            pick(lang, "이 실행으로는 어느 쪽도 증명되지 않았습니다.", "this run proves nothing either way.")
        }
        Overall::Stopped => pick(lang, "끝까지 가지 않고 멈춘 실행입니다.", "the run was stopped before its end."),
    }
}

/// Why the run ended.
pub fn end(end: Option<End>, lang: Lang) -> &'static str {
    match end {
        None => pick(lang, "끝나지 않음", "not ended"),
        Some(End::Stop) => pick(lang, "정해진 시각에 끝남", "ended at its set time"),
        Some(End::Quiet) => pick(lang, "더 일어날 일이 없어 끝남", "ended with nothing left to happen"),
        Some(End::Condition(_)) => pick(lang, "중지 조건으로 끝남", "ended by a stop condition"),
        Some(End::Asked) => pick(lang, "요청으로 끝남", "ended on request"),
    }
}

/// How time passed.
pub fn pace(pace: PaceView, lang: Lang) -> String {
    match pace {
        PaceView::Virtual => pick(lang, "가상 시간", "virtual time").to_owned(),
        PaceView::Lockstep => pick(lang, "보조 맞춤(lock-step)", "lock-step").to_owned(),
        PaceView::Live(1) => pick(lang, "실시간", "real time").to_owned(),
        PaceView::Live(times) => match lang {
            Lang::Ko => format!("실시간의 {times}배"),
            Lang::En => format!("{times} times real time"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{calendar, fault_kind, length, money, number, percent};
    use crate::sim::fault::FaultKind;
    use crate::sim::model::words::Lang;
    use crate::sim::time::Span;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let shown: Vec<String> = [0, 7, 999, 1_000, 1_234_567].into_iter().map(number).collect();
        assert_eq!(shown, ["0", "7", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_share_never_rounds_to_all_or_to_none() {
        assert_eq!(percent(977, 1_000), "97.7%");
        assert_eq!(percent(1_999_999, 2_000_000), "99.9%");
        assert_eq!(percent(1, 2_000_000), "0.1%");
        assert_eq!(percent(5, 5), "100.0%");
        assert_eq!(percent(0, 5), "0.0%");
        assert_eq!(percent(0, 0), "–");
        assert_eq!(percent(u64::MAX, u64::MAX), "100.0%");
    }

    #[test]
    fn lengths_are_as_long_as_the_eye_needs() {
        let spans = [0, 5, 412_000, 12_340_000, 60_000_000, 62_000_000, 3_900_000_000, 459_000_000_000];
        let en: Vec<String> = spans.into_iter().map(|us| length(Span::from_micros(us), Lang::En)).collect();
        assert_eq!(en, ["0s", "under 1ms", "412ms", "12.3s", "1m", "1m 02s", "1h 05m", "5d 07h"]);
        let ko: Vec<String> = spans.into_iter().map(|us| length(Span::from_micros(us), Lang::Ko)).collect();
        assert_eq!(ko, ["0초", "1ms 미만", "412ms", "12.3초", "1분", "1분 2초", "1시간 5분", "5일 7시간"]);
        assert_eq!(length(Span::FOREVER, Lang::En), "for ever");
    }

    #[test]
    fn money_shows_hundredths_only_when_there_are_any() {
        assert_eq!(money(2_500_000, Lang::Ko), "25,000원");
        assert_eq!(money(550, Lang::En), "5.50 won");
    }

    #[test]
    fn the_calendar_is_local() {
        assert_eq!(calendar(1_665_814_800, 32_400).as_deref(), Some("2022-10-15 15:20"));
        assert_eq!(calendar(i64::MAX, 0), None);
    }

    #[test]
    fn every_kind_of_fault_has_a_korean_word() {
        for kind in FaultKind::NAMES {
            assert_ne!(fault_kind(kind, Lang::Ko), kind);
        }
    }
}
