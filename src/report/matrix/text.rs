//! The table of a matrix on a terminal. No name is cut: two rows must never read alike, so a table is rather too wide for a
//! terminal than short of what tells its rows apart.

use crate::report::matrix::{Matrix, Row};
use crate::report::text::terminal::{Look, Tone, clean, fit, right, width};
use crate::report::view::GroupFigures;
use crate::report::words::{self, length, money, number, percent, pick};
use crate::sim::expect::verdict::Overall;
use crate::sim::model::words::Lang;

/// Columns of the figures.
const REACHED: usize = 7;
const TWICE: usize = 7;
const SOON: usize = 10;
const COST: usize = 12;
const SHARE: usize = 7;
/// Columns of the mark and of all figures, with the gaps between and after them.
const FIGURES: usize = 2 + 1 + REACHED + 1 + TWICE + 1 + SOON + 1 + COST + 2;
/// Columns that a row's name and the worst group's name take at least.
const NAME_MIN: usize = 11;
const WORST_MIN: usize = 5;

/// Widths that depend on what the rows say.
#[derive(Clone, Copy)]
struct Layout {
    name: usize,
    /// Of the worst group's name; absent where no row has one.
    worst: Option<usize>,
}

/// The table, and what its mark means.
pub fn table(matrix: &Matrix, lang: Lang, look: Look) -> String {
    let mut out = format!("{}\n", look.paint(Tone::Head, &clean(matrix.title.text(lang))));
    let runs = number(matrix.rows.len() as u64);
    let seed = match (matrix.seed, lang) {
        (Some(seed), Lang::Ko) => format!("시드 {seed}"),
        (Some(seed), Lang::En) => format!("seed {seed}"),
        (None, _) => pick(lang, "시드 여럿", "several seeds").to_owned(),
    };
    let facts = match lang {
        Lang::Ko => format!("{} · 실행 {runs}번 · {seed}", clean(&matrix.name)),
        Lang::En => format!("{} · {runs} runs · {seed}", clean(&matrix.name)),
    };
    out.push_str(&format!("{}\n\n", look.paint(Tone::Faint, &facts)));
    let layout = layout(matrix, lang, look);
    for line in head(matrix, layout, lang) {
        out.push_str(&format!("{}\n", look.paint(Tone::Faint, line.trim_end())));
    }
    for row in &matrix.rows {
        out.push_str(&format!("{}\n", line(matrix, row, layout, lang, look).trim_end()));
    }
    if !matrix.is_choice() {
        return out;
    }
    let mark = pick(
        lang,
        "◆ 도달, 두 번 받음, 시간, 비용 모두에서 이보다 나은 줄이 없음",
        "◆ no other row is better in one of reach, doubles, time or cost without being worse in another",
    );
    for line in crate::report::text::terminal::wrap(mark, look.columns()) {
        out.push_str(&format!("{}\n", look.paint(Tone::Faint, &line)));
    }
    out
}

/// The names of what is varied widen their column only where the terminal has room for it.
fn layout(matrix: &Matrix, lang: Lang, look: Look) -> Layout {
    let widest = |of: &dyn Fn(&Row) -> usize| matrix.rows.iter().map(of).max().unwrap_or(0);
    let some = matrix.rows.iter().any(|row| row.worst.is_some());
    let group = |row: &Row| row.worst.as_ref().map_or(0, |group| width(&clean(&worst_name(group, lang))));
    let worst = some.then(|| widest(&group).max(WORST_MIN));
    let verdict = widest(&|row| width(verdict(row, lang))).max(width(verdict_head(lang)));
    let others = FIGURES + worst.map_or(0, |worst| worst + SHARE + 2) + verdict;
    let room = look.columns().saturating_sub(others);
    let name = widest(&|row| width(&clean(&row.name()))).max(NAME_MIN);
    Layout { name: name.max(width(&axes(matrix)).min(room)), worst }
}

fn axes(matrix: &Matrix) -> String {
    clean(&matrix.axes.join(" · "))
}

/// One line, or two: what is varied stands above the other heads where it is too long for its column.
fn head(matrix: &Matrix, layout: Layout, lang: Lang) -> Vec<String> {
    let axes = axes(matrix);
    let (above, axes) =
        if width(&axes) > layout.name { (Some(format!("  {axes}")), String::new()) } else { (None, axes) };
    let worst = pick(lang, "뒤처진 집단", "worst group");
    let worst = layout.worst.map(|columns| format!("{}  ", fit(worst, columns + SHARE))).unwrap_or_default();
    let heads = format!(
        "  {} {} {} {} {}  {worst}{}",
        fit(&axes, layout.name),
        right(pick(lang, "닿음", "reached"), REACHED),
        right(pick(lang, "두 번", "twice"), TWICE),
        right(pick(lang, "95%까지", "95% after"), SOON),
        right(pick(lang, "비용", "cost"), COST),
        verdict_head(lang)
    );
    above.into_iter().chain([heads]).collect()
}

fn line(matrix: &Matrix, row: &Row, layout: Layout, lang: Lang, look: Look) -> String {
    let mark = if matrix.is_unbeaten(row) { "◆" } else { " " };
    let tone = match row.verdict {
        Overall::Pass => Tone::Good,
        Overall::Fail | Overall::Stopped => Tone::Bad,
        Overall::Inconclusive => Tone::Warn,
    };
    format!(
        "{mark} {} {} {} {} {}  {}{}",
        fit(&row.name(), layout.name),
        right(&percent(row.reached, row.notices), REACHED),
        right(&number(row.twice), TWICE),
        right(&soon(row, lang), SOON),
        right(&money(row.cost, lang), COST),
        layout.worst.map(|columns| worst(row, columns, lang)).unwrap_or_default(),
        look.paint(tone, verdict(row, lang))
    )
}

fn worst(row: &Row, columns: usize, lang: Lang) -> String {
    let (name, share) = match &row.worst {
        Some(group) => (worst_name(group, lang), percent(group.reached, group.notices)),
        None => (String::new(), "–".to_owned()),
    };
    format!("{}{}  ", fit(&name, columns), right(&share, SHARE))
}

fn worst_name(group: &GroupFigures, lang: Lang) -> String {
    words::group(&group.name, group.region, lang)
}

fn verdict(row: &Row, lang: Lang) -> &'static str {
    pick(lang, row.verdict.ko(), row.verdict.name())
}

fn verdict_head(lang: Lang) -> &'static str {
    pick(lang, "판정", "verdict")
}

/// After how long 95 % were reached.
pub fn soon(row: &Row, lang: Lang) -> String {
    row.p95.map_or_else(|| pick(lang, "끝내 없음", "never").to_owned(), |span| length(span, lang))
}

#[cfg(test)]
mod tests {
    use super::table;
    use crate::report::matrix::Matrix;
    use crate::report::matrix::sample::{matrix, row};
    use crate::report::text::terminal::{Look, width};
    use crate::sim::model::words::Lang;

    #[test]
    fn a_table_of_policies() {
        let expected = "\
LH rent bills
lh-rent-blackout · 4 runs · seed 7

  sender.policy reached   twice  95% after         cost  worst group    verdict
◆ none            48.0%       0      never    3,760 won  senior  43.6%  FAIL
  vendor-only     47.0%       0      never    4,000 won  senior  42.7%  FAIL
◆ timer:30s       99.0%      40        36s   19,000 won  senior  90.0%  PASS
◆ timer:60s       99.0%       0     1m 06s   18,178 won  senior  90.0%  PASS
◆ no other row is better in one of reach, doubles, time or cost without being
worse in another
";
        assert_eq!(table(&matrix(), Lang::En, Look::PLAIN), expected);
        let korean = table(&matrix(), Lang::Ko, Look::PLAIN);
        assert!(
            korean.contains("◆ timer:60s       99.0%       0    1분 6초     18,178원  senior  90.0%  합격\n"),
            "{korean}"
        );
        assert!(korean.lines().all(|line| width(line) <= 80), "{korean}");
    }

    #[test]
    fn rows_that_differ_read_differently_however_narrow_the_terminal_is() {
        let rows = ["30s", "60s"].map(|wait| {
            let mut row = row("15m", 990, 0, Some(60), 500);
            row.values.push(format!("timer:{wait}"));
            row
        });
        let axes = ["timeline.1.for", "sender.policy"].map(str::to_owned).to_vec();
        let swept = Matrix { axes, rows: rows.to_vec(), ..matrix() };
        for columns in [20, 80, 160] {
            let told = table(&swept, Lang::En, Look { width: columns, color: false });
            assert!(told.contains("  15m · timer:30s ") && told.contains("  15m · timer:60s "), "{told}");
            assert!(told.contains("  timeline.1.for · sender.policy"), "{told}");
        }
        let expected = "  timeline.1.for · sender.policy\n                  reached   twice";
        let told = table(&swept, Lang::En, Look::PLAIN);
        assert!(told.contains(expected), "{told}");
        let told = table(&swept, Lang::En, Look { width: 160, color: false });
        assert!(told.contains("  timeline.1.for · sender.policy reached   twice"), "{told}");
    }
}
