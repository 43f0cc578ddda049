//! A choice between policies: how soon against what it costs, and who was missed against who heard twice. What nothing
//! beats is a filled diamond, what something beats is a ring; points have numbers, and the names stand in a key.

use std::fmt::Write as _;

use crate::report::matrix::text::soon;
use crate::report::matrix::{Matrix, Row};
use crate::report::svg::{Drawing, WIDTH, axis, label, scale};
use crate::report::words::{length, money, number, percent, pick};
use crate::sim::model::words::Lang;
use crate::sim::time::Span;

const LEFT: u64 = 96;
const RIGHT: u64 = 560;
/// The height of one of the two plots, and of its drawing area.
const PLOT: u64 = 290;
const ROOM: u64 = 200;
const TOP: u64 = 34;
/// A row of the key, and how many it has at most.
const NAME: u64 = 20;
const NAMES_MAX: usize = 20;
/// Points that are closer than this share one label.
const CLOSE: (u64, u64) = (30, 14);

/// One point: its place, its number, and whether nothing beats it.
struct Point {
    x: u64,
    y: u64,
    number: usize,
    unbeaten: bool,
}

/// Both plots, one above the other.
pub fn pareto(matrix: &Matrix, lang: Lang) -> Drawing {
    let mut strokes = String::new();
    time_and_cost(&mut strokes, matrix, lang);
    let _ = write!(strokes, r#"<g transform="translate(0 {PLOT})">"#);
    missed_and_twice(&mut strokes, matrix, lang);
    strokes.push_str("</g>");
    key(&mut strokes, matrix);
    Drawing {
        id: "pareto",
        title: format!(
            "{} · {}",
            matrix.title.text(lang),
            pick(lang, "얼마나 기다려야 하나?", "how long should we wait?")
        ),
        described: described(matrix, lang),
        width: WIDTH,
        height: 2 * PLOT,
        strokes,
    }
}

/// Every row in words.
fn described(matrix: &Matrix, lang: Lang) -> String {
    let row = |row: &Row| {
        let reached = percent(row.reached, row.notices);
        let (twice, soon, cost) = (number(row.twice), soon(row, lang), money(row.cost, lang));
        match lang {
            Lang::Ko => format!("{}: 닿음 {reached}, 두 번 {twice}, 95%까지 {soon}, {cost}", row.name()),
            Lang::En => format!("{}: reached {reached}, twice {twice}, 95% after {soon}, {cost}", row.name()),
        }
    };
    matrix.rows.iter().map(row).collect::<Vec<_>>().join("; ")
}

fn time_and_cost(out: &mut String, matrix: &Matrix, lang: Lang) {
    let slowest = matrix.rows.iter().filter_map(|row| row.p95).max().unwrap_or(Span::ZERO).micros();
    let end = slowest.saturating_add(slowest / 5).max(1_000_000);
    let dearest = matrix.rows.iter().map(|row| row.cost / 100).max().unwrap_or(0).max(1);
    let ticks = axis::numbers(dearest, 4);
    let top = ticks.last().copied().unwrap_or(1);
    // Beyond the end of the axis stands "never".
    let never = RIGHT - 10;
    let place = |micros: u64| LEFT + scale(micros, end, never - 70 - LEFT);
    heading(out, pick(lang, "비용(원) ↑, 95%에 닿기까지 걸린 시간 →", "cost in won ↑, until 95% were reached →"));
    frame(out, &ticks);
    for tick in axis::times(end) {
        bottom(out, place(tick), &length_or_zero(tick, lang));
    }
    if matrix.rows.iter().any(|row| row.p95.is_none()) {
        bottom(out, never, pick(lang, "끝내 없음", "never"));
    }
    let point = |(row, number): (&Row, usize)| Point {
        x: row.p95.map_or(never, |span| place(span.micros())),
        y: height(row.cost / 100, top),
        number,
        unbeaten: matrix.is_unbeaten(row),
    };
    points(out, matrix.rows.iter().zip(1..).map(point).collect());
}

fn missed_and_twice(out: &mut String, matrix: &Matrix, lang: Lang) {
    let missed = |row: &Row| row.notices.saturating_sub(row.reached);
    let rows = || matrix.rows.iter();
    let (ups, acrosses) = (
        axis::numbers(rows().map(missed).max().unwrap_or(0).max(1), 4),
        axis::numbers(rows().map(|row| row.twice).max().unwrap_or(0).max(1), 5),
    );
    let (top, end) = (ups.last().copied().unwrap_or(1), acrosses.last().copied().unwrap_or(1));
    let place = |twice: u64| LEFT + scale(twice, end, RIGHT - 90 - LEFT);
    heading(out, pick(lang, "닿지 못한 알림 ↑, 두 번 닿은 알림 →", "notices not reached ↑, reached twice →"));
    frame(out, &ups);
    for tick in acrosses {
        bottom(out, place(tick), &number(tick));
    }
    let point = |(row, number): (&Row, usize)| Point {
        x: place(row.twice),
        y: height(missed(row), top),
        number,
        unbeaten: matrix.is_unbeaten(row),
    };
    points(out, matrix.rows.iter().zip(1..).map(point).collect());
}

fn length_or_zero(micros: u64, lang: Lang) -> String {
    if micros == 0 { "0".to_owned() } else { length(Span::from_micros(micros), lang) }
}

fn height(value: u64, top: u64) -> u64 {
    TOP + ROOM - scale(value, top, ROOM)
}

fn heading(out: &mut String, text: &str) {
    out.push_str(&label(16, TOP - 18, "start", text));
}

fn frame(out: &mut String, ticks: &[u64]) {
    let top = ticks.last().copied().unwrap_or(1);
    for tick in ticks {
        let y = height(*tick, top);
        let _ = write!(out, r#"<path d="M{LEFT} {y}H{RIGHT}" stroke="currentColor" stroke-opacity="0.2"/>"#);
        out.push_str(&label(LEFT - 8, y + 5, "end", &number(*tick)));
    }
}

fn bottom(out: &mut String, x: u64, text: &str) {
    let y = TOP + ROOM;
    let _ = write!(out, r#"<path d="M{x} {y}v5" stroke="currentColor"/>"#);
    out.push_str(&label(x, y + 22, "middle", text));
}

fn mark(out: &mut String, x: u64, y: u64, unbeaten: bool) {
    if unbeaten {
        let _ = write!(out, r##"<path d="M{x} {}l7 7l-7 7l-7 -7Z" fill="#0072B2"/>"##, y.saturating_sub(7));
    } else {
        let _ = write!(out, r#"<circle cx="{x}" cy="{y}" r="6" fill="none" stroke="currentColor" stroke-width="2"/>"#);
    }
}

/// Points with their numbers; those that lie together share one label.
fn points(out: &mut String, mut points: Vec<Point>) {
    points.sort_by_key(|point| (point.y, point.x, point.number));
    let mut labels: Vec<(u64, u64, Vec<usize>)> = Vec::new();
    for Point { x, y, number, unbeaten } in points {
        mark(out, x, y, unbeaten);
        match labels.iter_mut().find(|label| label.0.abs_diff(x) < CLOSE.0 && label.1.abs_diff(y) < CLOSE.1) {
            Some(label) => {
                label.0 = label.0.max(x);
                label.2.push(number);
            }
            None => labels.push((x, y, vec![number])),
        }
    }
    for (x, y, mut numbers) in labels {
        numbers.sort_unstable();
        let text = numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
        out.push_str(&label(x + 11, y.saturating_sub(6), "start", &text));
    }
}

/// Numbers and names, beside the plots.
fn key(out: &mut String, matrix: &Matrix) {
    let x = RIGHT + 24;
    for ((row, number), place) in matrix.rows.iter().zip(1..).zip(0..NAMES_MAX as u64) {
        let y = TOP + 8 + place * NAME;
        mark(out, x, y, matrix.is_unbeaten(row));
        out.push_str(&label(x + 14, y + 5, "start", &format!("{number} {}", row.name())));
    }
    let more = matrix.rows.len().saturating_sub(NAMES_MAX);
    if more > 0 {
        out.push_str(&label(x, TOP + 13 + NAMES_MAX as u64 * NAME, "start", &format!("… +{more}")));
    }
}

#[cfg(test)]
mod tests {
    use super::pareto;
    use crate::report::matrix::Matrix;
    use crate::report::matrix::sample::matrix;
    use crate::sim::model::words::Lang;

    #[test]
    fn every_policy_has_its_point_and_its_words() {
        let drawn = pareto(&matrix(), Lang::En);
        let svg = drawn.alone(Lang::En);
        for name in ["1 none", "2 vendor-only", "3 timer:30s", "4 timer:60s"] {
            assert_eq!(svg.matches(&format!(">{name}</text>")).count(), 1, "{name}");
        }
        assert!(svg.contains(">1, 2</text>"), "two that lie together share a label: {svg}");
        assert_eq!(svg.matches("<circle").count(), 3, "one is beaten, in both plots and in the key");
        assert!(drawn.described.contains("timer:60s: reached 99.0%, twice 0, 95% after 1m 06s, 18,178 won"), "{svg}");
        assert!(svg.contains(">never</text>"), "{svg}");
    }

    #[test]
    fn nothing_to_draw_is_drawn() {
        let empty = Matrix { rows: Vec::new(), ..matrix() };
        assert!(pareto(&empty, Lang::Ko).inside(Lang::Ko).ends_with("</svg>"));
    }
}
