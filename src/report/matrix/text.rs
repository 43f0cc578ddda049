//! The table of a matrix on a terminal.

use crate::report::matrix::{Matrix, Row};
use crate::report::text::terminal::{Look, Tone, clean, fit, right, width};
use crate::report::words::{length, money, number, percent, pick};
use crate::sim::expect::verdict::Overall;
use crate::sim::model::words::Lang;

/// Columns of the figures.
const REACHED: usize = 8;
const TWICE: usize = 8;
const SOON: usize = 10;
const COST: usize = 12;
/// Columns that a row's name takes at least, and those that the others take together.
const NAME_MIN: usize = 14;
const OTHERS: usize = 2 + REACHED + 1 + TWICE + 1 + SOON + 1 + COST + 2 + 13;

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
    let widest = matrix.rows.iter().map(|row| width(&row.name())).max().unwrap_or(0);
    let most = look.columns().saturating_sub(OTHERS).max(NAME_MIN);
    let name = widest.max(width(&matrix.axes.join(" · "))).clamp(NAME_MIN, most);
    out.push_str(&format!("{}\n", look.paint(Tone::Faint, head(matrix, name, lang).trim_end())));
    for row in &matrix.rows {
        out.push_str(&format!("{}\n", line(matrix, row, name, lang, look).trim_end()));
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

fn head(matrix: &Matrix, name: usize, lang: Lang) -> String {
    format!(
        "  {} {} {} {} {}  {}",
        fit(&matrix.axes.join(" · "), name),
        right(pick(lang, "닿음", "reached"), REACHED),
        right(pick(lang, "두 번", "twice"), TWICE),
        right(pick(lang, "95%까지", "95% after"), SOON),
        right(pick(lang, "비용", "cost"), COST),
        pick(lang, "판정", "verdict")
    )
}

fn line(matrix: &Matrix, row: &Row, name: usize, lang: Lang, look: Look) -> String {
    let mark = if matrix.is_unbeaten(row) { "◆" } else { " " };
    let tone = match row.verdict {
        Overall::Pass => Tone::Good,
        Overall::Fail | Overall::Stopped => Tone::Bad,
        Overall::Inconclusive => Tone::Warn,
    };
    format!(
        "{mark} {} {} {} {} {}  {}",
        fit(&row.name(), name),
        right(&percent(row.reached, row.notices), REACHED),
        right(&number(row.twice), TWICE),
        right(&soon(row, lang), SOON),
        right(&money(row.cost, lang), COST),
        look.paint(tone, pick(lang, row.verdict.ko(), row.verdict.name()))
    )
}

/// After how long 95 % were reached.
pub fn soon(row: &Row, lang: Lang) -> String {
    row.p95.map_or_else(|| pick(lang, "끝내 없음", "never").to_owned(), |span| length(span, lang))
}

#[cfg(test)]
mod tests {
    use super::table;
    use crate::report::matrix::sample::matrix;
    use crate::report::text::terminal::{Look, width};
    use crate::sim::model::words::Lang;

    #[test]
    fn a_table_of_policies() {
        let expected = "\
LH rent bills
lh-rent-blackout · 4 runs · seed 7

  sender.policy   reached    twice  95% after         cost  verdict
◆ none              48.0%        0      never    3,760 won  FAIL
  vendor-only       47.0%        0      never    4,000 won  FAIL
◆ timer:30s         99.0%       40        36s   19,000 won  PASS
◆ timer:60s         99.0%        0     1m 06s   18,178 won  PASS
◆ no other row is better in one of reach, doubles, time or cost without being
worse in another
";
        assert_eq!(table(&matrix(), Lang::En, Look::PLAIN), expected);
        let korean = table(&matrix(), Lang::Ko, Look::PLAIN);
        assert!(korean.contains("◆ timer:60s         99.0%        0    1분 6초     18,178원  합격\n"), "{korean}");
        assert!(korean.lines().all(|line| width(line) <= 80), "{korean}");
    }
}
