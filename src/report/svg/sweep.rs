//! A sweep: four small plots over the values of the first axis, a line for every combination of the others.

use std::fmt::Write as _;

use crate::report::matrix::{Matrix, Row};
use crate::report::svg::{Drawing, WIDTH, label, scale, style};
use crate::report::words::{length, money, percent, pick};
use crate::sim::model::medium::Medium;
use crate::sim::model::words::Lang;
use crate::sim::time::Span;

const LEFT: u64 = 110;
const RIGHT: u64 = 560;
/// The height of one plot, and of its drawing area.
const PLOT: u64 = 150;
const ROOM: u64 = 90;
const TOP: u64 = 30;
/// Values that are written under the axis at most, and lines that the key names at most.
const VALUES_MAX: usize = 8;
const LINES_MAX: usize = 20;
/// A row of the key.
const KEY: u64 = 20;

/// What one plot shows: its name, a row's height in millionths of the room, and the value at the top.
struct Plot {
    name: &'static str,
    top: String,
    millionths: Vec<u64>,
}

/// All four plots.
pub fn sweep(matrix: &Matrix, lang: Lang) -> Drawing {
    let values = first_values(matrix);
    let plots = plots(matrix, lang);
    let mut strokes = String::new();
    for (plot, place) in plots.iter().zip(0..) {
        let _ = write!(strokes, r#"<g transform="translate(0 {})">"#, place * PLOT);
        draw(&mut strokes, matrix, plot, &values);
        strokes.push_str("</g>");
    }
    let below = plots.len() as u64 * PLOT + 6;
    for (i, value) in values.iter().enumerate().step_by(values.len().div_ceil(VALUES_MAX).max(1)) {
        strokes.push_str(&label(x_of(i, values.len()), below, "middle", value));
    }
    let axis = matrix.axes.first().map_or("", String::as_str);
    strokes.push_str(&label((LEFT + RIGHT) / 2, below + 22, "middle", axis));
    let height = key(&mut strokes, matrix, below + 46);
    Drawing {
        id: "sweep",
        title: format!("{} · {}", matrix.title.text(lang), matrix.axes.join(" · ")),
        described: plots.iter().map(|plot| plot.name).collect::<Vec<_>>().join(", "),
        width: WIDTH,
        height,
        strokes,
    }
}

/// The values of the first axis, each once, in order.
fn first_values(matrix: &Matrix) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for value in matrix.rows.iter().filter_map(|row| row.values.first()) {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    values
}

fn plots(matrix: &Matrix, lang: Lang) -> [Plot; 4] {
    const WHOLE: u64 = 1_000_000;
    let rows = &matrix.rows;
    let share = |of: fn(&Row) -> u64| rows.iter().map(|row| scale(of(row), row.notices, WHOLE)).collect::<Vec<_>>();
    let twice = share(|row| row.twice);
    let most_twice = twice.iter().copied().max().unwrap_or(0);
    let slowest = rows.iter().filter_map(|row| row.p95).max().unwrap_or(Span::ZERO);
    let dearest = rows.iter().map(|row| row.cost).max().unwrap_or(0);
    // "Never" lies at the top, above every time.
    let late = |row: &Row| row.p95.map_or(WHOLE, |span| scale(span.micros(), slowest.micros(), WHOLE * 8 / 10));
    let soon_top = if rows.iter().any(|row| row.p95.is_none()) {
        pick(lang, "끝내 없음", "never").to_owned()
    } else {
        length(Span::from_micros(slowest.micros() / 8 * 10), lang)
    };
    [
        Plot {
            name: pick(lang, "닿은 알림", "reached"), top: "100%".to_owned(), millionths: share(|row| row.reached)
        },
        Plot {
            name: pick(lang, "두 번 닿은 알림", "reached twice"),
            top: if most_twice == 0 { String::new() } else { percent(most_twice, WHOLE) },
            millionths: twice.iter().map(|n| scale(*n, most_twice, WHOLE)).collect(),
        },
        Plot {
            name: pick(lang, "95%에 닿기까지", "95% reached after"),
            top: soon_top,
            millionths: rows.iter().map(late).collect(),
        },
        Plot {
            name: pick(lang, "비용", "cost"),
            top: money(dearest, lang),
            millionths: rows.iter().map(|row| scale(row.cost, dearest, WHOLE)).collect(),
        },
    ]
}

fn x_of(place: usize, of: usize) -> u64 {
    let steps = (of as u64).saturating_sub(1).max(1);
    LEFT + (RIGHT - LEFT) * place as u64 / steps
}

fn draw(out: &mut String, matrix: &Matrix, plot: &Plot, values: &[String]) {
    let bottom = TOP + ROOM;
    out.push_str(&label(LEFT, TOP - 10, "start", plot.name));
    for (y, text) in [(TOP, plot.top.as_str()), (bottom, "0")] {
        let _ = write!(out, r#"<path d="M{LEFT} {y}H{RIGHT}" stroke="currentColor" stroke-opacity="0.2"/>"#);
        out.push_str(&label(LEFT - 8, y + 5, "end", text));
    }
    for (line, (_, rows)) in lines(matrix).into_iter().enumerate() {
        let (color, dash) = line_style(line);
        let mut path = String::new();
        for row in rows {
            let place = values.iter().position(|value| Some(value) == matrix.rows[row].values.first()).unwrap_or(0);
            let (x, y) = (x_of(place, values.len()), bottom - scale(plot.millionths[row], 1_000_000, ROOM));
            let _ = write!(path, "{}{x} {y}", if path.is_empty() { 'M' } else { 'L' });
            let _ = write!(out, r#"<circle cx="{x}" cy="{y}" r="4" fill="{color}"/>"#);
        }
        let _ = write!(
            out,
            r#"<path d="{path}" fill="none" stroke="{color}" stroke-width="2" stroke-dasharray="{dash}"/>"#
        );
    }
}

/// Lines borrow the looks of media, which differ by colour and by dash.
const fn line_style(line: usize) -> (&'static str, &'static str) {
    const ORDER: [Medium; 8] = [
        Medium::Alimtalk,
        Medium::Lms,
        Medium::Chat,
        Medium::Sms,
        Medium::Brand,
        Medium::Certified,
        Medium::Letter,
        Medium::Call,
    ];
    style(ORDER[line % ORDER.len()])
}

/// Names of the lines, in two columns; answers where the drawing ends.
fn key(out: &mut String, matrix: &Matrix, top: u64) -> u64 {
    let names: Vec<String> = lines(matrix).into_iter().map(|line| line.0).filter(|name| !name.is_empty()).collect();
    let mut bottom = top;
    for (line, name) in names.iter().take(LINES_MAX).enumerate() {
        let (color, dash) = line_style(line);
        let (x, y) = (LEFT + (line as u64 % 2) * 300, top + line as u64 / 2 * KEY);
        let (mid, end) = (y.saturating_sub(5), x + 26);
        let _ =
            write!(out, r#"<path d="M{x} {mid}H{end}" stroke="{color}" stroke-width="2" stroke-dasharray="{dash}"/>"#);
        out.push_str(&label(end + 8, y, "start", name));
        bottom = y + KEY;
    }
    let more = names.len().saturating_sub(LINES_MAX);
    if more > 0 {
        out.push_str(&label(LEFT, bottom, "start", &format!("… +{more}")));
        bottom += KEY;
    }
    bottom
}

/// The rows of each combination of the other axes, with its name; in order.
fn lines(matrix: &Matrix) -> Vec<(String, Vec<usize>)> {
    let mut lines: Vec<(String, Vec<usize>)> = Vec::new();
    for (place, row) in matrix.rows.iter().enumerate() {
        let name = row.values.get(1..).unwrap_or_default().join(" · ");
        match lines.iter_mut().find(|line| line.0 == name) {
            Some(line) => line.1.push(place),
            None => lines.push((name, vec![place])),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{lines, sweep};
    use crate::report::matrix::Matrix;
    use crate::report::matrix::sample::{matrix, row};
    use crate::sim::model::words::Lang;

    fn two_axes() -> Matrix {
        let mut rows = Vec::new();
        for (wait, x) in [("30s", 1), ("60s", 2)] {
            for (load, y) in [("low", 1), ("high", 2)] {
                let mut row = row(wait, 900 + x * y, x, Some(30 * x), 100 * y);
                row.values.push(load.to_owned());
                rows.push(row);
            }
        }
        Matrix { axes: vec!["wait".to_owned(), "load".to_owned()], rows, ..matrix() }
    }

    #[test]
    fn every_combination_of_the_other_axes_has_a_line() {
        assert_eq!(lines(&two_axes()), [("low".to_owned(), vec![0, 2]), ("high".to_owned(), vec![1, 3])]);
        let svg = sweep(&two_axes(), Lang::En).alone(Lang::En);
        assert_eq!(svg.matches("<circle").count(), 16, "four points in each of four plots");
        assert!(svg.contains(">30s</text>") && svg.contains(">60s</text>"), "{svg}");
        assert_eq!(svg.matches(">high</text>").count(), 1, "{svg}");
    }

    #[test]
    fn one_value_and_none_are_drawn() {
        let mut one = matrix();
        one.rows.truncate(1);
        assert!(sweep(&one, Lang::Ko).inside(Lang::Ko).ends_with("</svg>"));
        one.rows.clear();
        assert!(sweep(&one, Lang::Ko).inside(Lang::Ko).ends_with("</svg>"));
    }
}
