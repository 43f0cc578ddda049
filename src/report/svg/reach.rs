//! Reach over time: how many notices had shown, by the medium that showed them first and in all, with fault windows
//! shaded.

use std::fmt::Write as _;

use crate::report::svg::{Drawing, WIDTH, axis, label, scale, style};
use crate::report::text::plot::covered;
use crate::report::text::terminal::width;
use crate::report::view::{FaultView, MediumFigures, RunView};
use crate::report::words::{self, number, pick};
use crate::sim::model::words::Lang;
use crate::sim::time::SimTime;

const LEFT: u64 = 64;
const RIGHT: u64 = 570;
const TOP: u64 = 16;
const BOTTOM: u64 = 260;
const HEIGHT: u64 = BOTTOM + 32;
/// Heights between two names at the right edge, and between two names of faults.
const NAME: u64 = 18;
/// Rows above the plot over which the names of faults are spread, so that neighbours do not write over each other, nor
/// curves over them; where these are not enough they share rows.
const FAULT_ROWS: usize = 6;
/// The width of a letter, half of that of a Korean one.
const LETTER: u64 = 8;

/// One line of the drawing.
struct Curve {
    name: String,
    color: &'static str,
    dash: &'static str,
    width: u64,
    /// How many so far, at the end of each column of time.
    so_far: Vec<u64>,
}

/// The drawing of a run.
pub fn reach_over_time(view: &RunView, lang: Lang) -> Drawing {
    let curves = curves(view, lang);
    let most = curves.iter().filter_map(|curve| curve.so_far.last()).copied().max().unwrap_or(0);
    let ticks = axis::numbers(most.max(1), 5);
    let top = ticks.last().copied().unwrap_or(1);
    let mut plot = String::new();
    let shades = shades(&mut plot, view);
    axes(&mut plot, view, &ticks, lang);
    for curve in &curves {
        line(&mut plot, view, curve, top);
    }
    names(&mut plot, &curves, top);
    let (mut strokes, head) = fault_names(&shades);
    // Writing to a `String` cannot fail.
    let _ = write!(strokes, r#"<g transform="translate(0 {head})">{plot}</g>"#);
    Drawing {
        id: "reach",
        title: pick(lang, "시간에 따른 도달", "Reach over time").to_owned(),
        described: described(view, lang),
        width: WIDTH,
        height: HEIGHT + head,
        strokes,
    }
}

fn curves(view: &RunView, lang: Lang) -> Vec<Curve> {
    let rows: Vec<&MediumFigures> = view.figures.media.iter().filter(|row| row.first > 0).collect();
    let of_medium = |row: &&MediumFigures| {
        let (color, dash) = style(row.medium);
        let name = words::medium(row.medium, lang).to_owned();
        Curve { name, color, dash, width: 3, so_far: sums(row.over_time.iter().copied()) }
    };
    let mut curves: Vec<Curve> = rows.iter().map(of_medium).collect();
    if rows.len() > 1 {
        let columns = rows.iter().map(|row| row.over_time.len()).max().unwrap_or(0);
        let column = |i: usize| rows.iter().filter_map(|row| row.over_time.get(i)).sum();
        let so_far = sums((0..columns).map(column));
        let name = pick(lang, "전체", "in all").to_owned();
        curves.insert(0, Curve { name, color: "currentColor", dash: "", width: 2, so_far });
    }
    curves
}

fn sums(columns: impl Iterator<Item = u64>) -> Vec<u64> {
    columns
        .scan(0u64, |sum, n| {
            *sum = sum.saturating_add(n);
            Some(*sum)
        })
        .collect()
}

/// The description that a screen reader gives: the figures of the drawing.
fn described(view: &RunView, lang: Lang) -> String {
    let rows = view.figures.media.iter().filter(|row| row.first > 0);
    let media = rows.map(|row| format!("{} {}", words::medium(row.medium, lang), number(row.first)));
    let faults = view.faults.iter().filter_map(|fault| {
        let (from, to) = fault.window(view.clock.ended)?;
        Some(format!("{} {from} – {to}", fault.name))
    });
    media.chain(faults).collect::<Vec<_>>().join(", ")
}

/// The last instant of the time axis.
fn end(view: &RunView) -> u64 {
    match view.clock.ended.micros() {
        0 => covered(view),
        ended => ended.min(covered(view)),
    }
}

/// The place of an instant on the time axis.
fn time_x(view: &RunView, at: SimTime) -> u64 {
    LEFT + scale(at.micros(), end(view), RIGHT - LEFT)
}

/// Where the window of a fault is shaded.
struct Shade<'a> {
    name: &'a str,
    from: u64,
    to: u64,
}

fn shades<'a>(out: &mut String, view: &'a RunView) -> Vec<Shade<'a>> {
    let windows = view.faults.iter().filter_map(|fault| Some((fault, fault.window(view.clock.ended)?)));
    let shade = |(fault, (from, to)): (&'a FaultView, (SimTime, SimTime))| {
        let (from, to) = (time_x(view, from), time_x(view, to));
        let (wide, high) = (to.saturating_sub(from).max(1), BOTTOM - TOP);
        let _ = write!(
            out,
            r#"<rect x="{from}" y="{TOP}" width="{wide}" height="{high}" fill="currentColor" fill-opacity="0.13"/>"#
        );
        Shade { name: &fault.name, from, to }
    };
    windows.map(shade).collect()
}

/// The names of faults over their shades, and the room above the plot that they take: each in the lowest row in which
/// nothing is in its way.
fn fault_names(shades: &[Shade]) -> (String, u64) {
    let mut free = [0; FAULT_ROWS];
    let mut placed = Vec::new();
    for (place, shade) in shades.iter().enumerate() {
        let wide = width(shade.name) as u64 * LETTER;
        let (at, anchor, left) = if shade.from > (LEFT + RIGHT) / 2 {
            (shade.to, "end", shade.to.saturating_sub(wide))
        } else {
            (shade.from, "start", shade.from)
        };
        let row = free.iter().position(|end| *end <= left).unwrap_or(place % FAULT_ROWS);
        free[row] = left + wide + LETTER;
        placed.push((row as u64, at, anchor, shade.name));
    }
    let rows = placed.iter().map(|row| row.0 + 1).max().unwrap_or(0);
    let height = |row: u64| TOP + (rows - 1 - row) * NAME;
    let names = placed.into_iter().map(|(row, at, anchor, name)| label(at, height(row), anchor, name)).collect();
    (names, (rows * NAME).saturating_sub(TOP / 2))
}

fn axes(out: &mut String, view: &RunView, ticks: &[u64], lang: Lang) {
    let top = ticks.last().copied().unwrap_or(1);
    for tick in ticks {
        let y = BOTTOM - scale(*tick, top, BOTTOM - TOP);
        let _ = write!(out, r#"<path d="M{LEFT} {y}H{RIGHT}" stroke="currentColor" stroke-opacity="0.2"/>"#);
        out.push_str(&label(LEFT - 8, y + 5, "end", &number(*tick)));
    }
    for tick in axis::times(end(view)) {
        let x = time_x(view, SimTime::from_micros(tick));
        let _ = write!(out, r#"<path d="M{x} {BOTTOM}v5" stroke="currentColor"/>"#);
        out.push_str(&label(x, BOTTOM + 22, "middle", &axis::time(tick, lang)));
    }
}

fn line(out: &mut String, view: &RunView, curve: &Curve, top: u64) {
    let Curve { color, dash, width, so_far, .. } = curve;
    let mut path = format!("M{LEFT} {BOTTOM}");
    for (i, sum) in so_far.iter().enumerate() {
        let at = (SimTime::ZERO + view.figures.bucket.times(i as u64 + 1)).micros().min(end(view));
        let (x, y) = (time_x(view, SimTime::from_micros(at)), height(*sum, top));
        let _ = write!(path, "L{x} {y}");
    }
    let _ = write!(
        out,
        r#"<path d="{path}" fill="none" stroke="{color}" stroke-width="{width}" stroke-linejoin="round" stroke-dasharray="{dash}"/>"#
    );
}

fn height(sum: u64, top: u64) -> u64 {
    BOTTOM - scale(sum, top, BOTTOM - TOP)
}

/// The names stand where the lines end, moved apart where lines end close together.
fn names(out: &mut String, curves: &[Curve], top: u64) {
    let mut places: Vec<(u64, &Curve)> =
        curves.iter().map(|curve| (height(curve.so_far.last().copied().unwrap_or(0), top) + 5, curve)).collect();
    places.sort_by_key(|place| place.0);
    let room = NAME * places.len() as u64;
    let mut next = TOP;
    for (i, (wanted, curve)) in places.iter().enumerate() {
        let lowest = (BOTTOM + NAME * (i as u64 + 1)).saturating_sub(room);
        let y = (*wanted).min(lowest).max(next);
        next = y + NAME;
        let (from, to, mid) = (RIGHT + 8, RIGHT + 30, y.saturating_sub(5));
        let Curve { color, dash, width, name, so_far } = curve;
        let _ = write!(
            out,
            r#"<path d="M{from} {mid}H{to}" stroke="{color}" stroke-width="{width}" stroke-dasharray="{dash}"/>"#
        );
        let last = number(so_far.last().copied().unwrap_or(0));
        out.push_str(&label(to + 6, y, "start", &format!("{name} {last}")));
    }
}

#[cfg(test)]
mod tests {
    use super::{Shade, TOP, fault_names, reach_over_time};
    use crate::report::sample;
    use crate::report::view::Figures;
    use crate::sim::model::words::Lang;
    use crate::sim::time::Span;

    #[test]
    fn it_tells_its_figures_to_a_screen_reader() {
        let svg = reach_over_time(&sample::run(), Lang::Ko).inside(Lang::Ko);
        assert!(svg.contains(r#"<title id="reach-ko-t">시간에 따른 도달</title>"#), "{svg}");
        let desc = r#"<desc id="reach-ko-d">알림톡 565, 장문 문자 412, silence-10m 00:05:00 – 00:15:00</desc>"#;
        assert!(svg.contains(desc), "{svg}");
        assert!(svg.contains(r#"<text x="114" y="16" text-anchor="start">silence-10m</text><g transform"#), "{svg}");
        assert!(svg.contains(">전체 977</text>"), "{svg}");
    }

    #[test]
    fn the_shade_lies_where_the_fault_was() {
        // 5 to 15 of 50 minutes on an axis of 506 from 64.
        let svg = reach_over_time(&sample::run(), Lang::En).inside(Lang::En);
        assert!(svg.contains(r#"<rect x="114" y="16" width="101" height="244""#), "{svg}");
    }

    #[test]
    fn names_of_faults_stand_above_the_plot_and_out_of_each_others_way() {
        let shade = |name, from, to| Shade { name, from, to };
        let (names, head) =
            fault_names(&[shade("first", 100, 200), shade("second", 120, 130), shade("불통", 500, 560)]);
        for (name, x, y, anchor) in
            [("first", 100, 34, "start"), ("second", 120, 16, "start"), ("불통", 560, 34, "end")]
        {
            let expected = format!(r#"<text x="{x}" y="{y}" text-anchor="{anchor}">{name}</text>"#);
            assert!(names.contains(&expected), "{expected} in {names}");
        }
        assert!(TOP + head >= 34 + 6, "the plot begins below the lowest name: {head}");
        assert_eq!(fault_names(&[]), (String::new(), 0));
    }

    #[test]
    fn nothing_to_draw_and_too_much_to_draw_are_drawn() {
        let mut view = sample::run();
        view.figures = Figures::default();
        assert!(reach_over_time(&view, Lang::Ko).inside(Lang::Ko).ends_with("</svg>"));
        let mut view = sample::run();
        view.figures.bucket = Span::FOREVER;
        view.figures.media[0].over_time[0] = u64::MAX;
        assert!(reach_over_time(&view, Lang::En).inside(Lang::En).ends_with("</svg>"));
    }
}
