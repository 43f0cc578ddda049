//! The two tables of an audit: belief against truth with people to look at, and everybody who was not reached.

use std::path::Path;

use super::counted;
use crate::report::text::terminal::{Look, Tone, clean, fit, right, wrap};
use crate::report::words::{self, number, percent, pick};
use crate::sim::expect::record::Belief;
use crate::sim::expect::verdict::Verdict;
use crate::sim::model::ids::{NoticeId, PersonId};
use crate::sim::model::words::Lang;
use crate::sim::plan::numbers::Numbers;

/// Columns of a belief, of a truth and of a count.
const BELIEF: usize = 12;
const TRUTH: usize = 12;
const COUNT: usize = 9;

/// What senders believed against what was true, every cell with a few people.
pub fn belief(verdict: &Verdict, folder: &Path, numbers: Numbers, lang: Lang, look: Look) -> String {
    let figures = &verdict.figures;
    let mut out = String::new();
    let title = pick(lang, "기관이 들은 말과 실제", "What the sender was told, and the truth");
    out.push_str(&format!("{}\n", look.paint(Tone::Head, title)));
    let mut next = figures.twice_examples.first();
    let mut any = None;
    for (belief, _) in Belief::ALL {
        for (truth, people) in figures.examples[belief as usize].iter().enumerate() {
            let count = figures.belief[belief as usize][truth];
            if count == 0 {
                continue;
            }
            let wrong = is_wrong(belief, truth == 0);
            let truth =
                if truth == 0 { pick(lang, "표시됨", "shown") } else { pick(lang, "표시 안 됨", "not shown") };
            row(&mut out, wrong, words::belief(belief, lang), truth, count, &names(people, numbers), look);
            next = next.or(people.first().filter(|_| wrong));
            any = any.or(people.first());
        }
    }
    if figures.twice > 0 {
        let twice = pick(lang, "두 번 이상", "twice, more");
        row(
            &mut out,
            true,
            pick(lang, "(모두)", "(any)"),
            twice,
            figures.twice,
            &names(&figures.twice_examples, numbers),
            look,
        );
    }
    let wrong = pick(
        lang,
        "▲ 기관이 잘못 알고 있거나 두 번 표시된 알림",
        "▲ the sender is wrong about these, or they showed twice",
    );
    if out.contains('▲') {
        out.push_str(&format!("  {}\n", look.paint(Tone::Faint, wrong)));
    }
    if let Some((_, person)) = next.or(any) {
        let look_at =
            format!("bongsu audit {} --person {}", clean(&folder.display().to_string()), numbers.number(*person));
        out.push_str(&format!("{} {look_at}\n", pick(lang, "다음:", "next:")));
    }
    out
}

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

fn row(out: &mut String, wrong: bool, belief: &str, truth: &str, count: u64, people: &str, look: Look) {
    let sign = if wrong { "▲" } else { " " };
    let (belief, truth, count) = (fit(belief, BELIEF), fit(truth, TRUTH), right(&number(count), COUNT));
    let row = format!("  {sign} {belief} {truth} {count}  {people}");
    let row = if wrong { look.paint(Tone::Bad, &row) } else { row };
    out.push_str(&format!("{row}\n"));
}

fn names(people: &[(NoticeId, PersonId)], numbers: Numbers) -> String {
    // Two fit into a line of 80 columns.
    let each = people.iter().take(2).map(|(notice, person)| format!("{} ({notice})", numbers.number(*person)));
    each.collect::<Vec<_>>().join(", ")
}

/// Told of success and not shown, or told of failure, or nothing, and shown.
fn is_wrong(belief: Belief, shown: bool) -> bool {
    match belief {
        Belief::None | Belief::Failed => shown,
        Belief::Uncertain => false,
        Belief::Delivered | Belief::Shown | Belief::Opened => !shown,
    }
}
