//! The table of everybody who was not reached.

use super::counted;
use crate::report::text::terminal::{Look, Tone, clean, right, wrap};
use crate::report::words::{number, percent};
use crate::sim::expect::verdict::Verdict;
use crate::sim::model::words::Lang;
use crate::sim::plan::numbers::Numbers;

/// Columns of a count.
const COUNT: usize = 9;

/// Everybody who was not reached, a line each; reasons first.
pub fn missed(verdict: &Verdict, numbers: Numbers, lang: Lang, look: Look) -> String {
    let missed = &verdict.figures.missed;
    let share = percent(missed.count, verdict.figures.notices);
    let count = number(missed.count);
    let title = counted(
        lang,
        format!("닿지 못한 알림 {count}건 ({share})"),
        format!("{count} notices were not reached ({share})"),
    );
    let mut out = format!("{}\n", look.paint(Tone::Head, &title));
    for (reason, count) in &missed.reasons {
        out.push_str(&format!("  {}  {}\n", right(&number(*count), COUNT), clean(reason.text(lang))));
    }
    for row in &missed.listed {
        let text =
            format!("{} {} {}: {}", row.notice, numbers.number(row.person), row.reason.text(lang), row.life.text(lang));
        for (i, line) in wrap(&text, look.columns().saturating_sub(2)).iter().enumerate() {
            out.push_str(&format!("{}{line}\n", if i == 0 { "" } else { "  " }));
        }
    }
    let more = missed.count.saturating_sub(missed.listed.len() as u64);
    if more > 0 {
        let more = number(more);
        out.push_str(&counted(lang, format!("… 그 밖에 {more}건\n"), format!("… and {more} more\n")));
    }
    out
}
