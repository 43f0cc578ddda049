//! Drawings for the HTML report, by hand: integer coordinates, no script, no outside font or picture.
//!
//! Media differ by colour, by dash and by a label at the line's end, so that no reader depends on colour; the palette
//! is Okabe and Ito's (2008), made for colour-blind readers. Each drawing carries a title and a description.

use std::fmt::Write as _;

use crate::report::text::plot::covered;
use crate::report::text::terminal::clean;
use crate::report::view::{MediumFigures, RunView};
use crate::report::words::{self, length, money, number, pick};
use crate::sim::model::medium::Medium;
use crate::sim::model::words::Lang;
use crate::sim::time::{SimTime, Span};

const WIDTH: u64 = 720;
const LEFT: u64 = 64;
const RIGHT: u64 = 600;
const TOP: u64 = 16;
const BOTTOM: u64 = 220;

/// Text made safe for HTML and SVG, in elements and in attributes.
pub fn escape(text: &str) -> String {
    quick_xml::escape::escape(clean(text)).into_owned()
}

/// The colour and the dash of a medium's line.
pub const fn style(medium: Medium) -> (&'static str, &'static str) {
    match medium {
        Medium::Alimtalk => ("#0072B2", ""),
        Medium::Brand => ("#CC79A7", "2 3"),
        Medium::Certified => ("#56B4E9", "10 3"),
        Medium::Chat => ("#009E73", "1 4"),
        Medium::Sms => ("#E69F00", "4 3"),
        Medium::Lms => ("#D55E00", "8 4"),
        Medium::Email => ("#6B5B00", "6 2 1 2"),
        Medium::Letter => ("#555555", "12 4"),
        Medium::Broadcast => ("#000000", "3 2"),
        Medium::Call => ("#8C564B", "10 2 2 2"),
    }
}

/// How many people were reached first by each medium as time went on, with fault windows shaded.
pub fn reach_over_time(view: &RunView, lang: Lang) -> String {
    let rows: Vec<&MediumFigures> = view.figures.media.iter().filter(|row| row.first > 0).collect();
    let top = rows.iter().map(|row| row.over_time.iter().sum::<u64>()).max().unwrap_or(0).max(1);
    let mut out = open("reach", lang, 250, pick(lang, "시간에 따른 도달", "Reach over time"), &described(view, lang));
    for fault in &view.faults {
        if let Some((from, to)) = fault.window(view.clock.ended) {
            let (x, end) = (time_x(view, from), time_x(view, to));
            let shade = format!(
                r##"<rect x="{x}" y="{TOP}" width="{}" height="{}" fill="#999" fill-opacity="0.25"/>"##,
                end.saturating_sub(x).max(1),
                BOTTOM - TOP
            );
            out.push_str(&shade);
            out.push_str(&label(x + 3, TOP + 12, "start", &fault.name));
        }
    }
    axes(&mut out, view, top);
    for (i, row) in rows.iter().enumerate() {
        out.push_str(&line(view, row, top));
        let y = (TOP + 14 + i as u64 * 18).min(BOTTOM);
        out.push_str(&key(row.medium, y, lang));
    }
    close(out)
}

/// Lengths of time that the drawing asks about.
const WITHIN: [Span; 7] = [
    Span::from_secs(1),
    Span::from_secs(10),
    Span::from_secs(60),
    Span::from_secs(600),
    Span::from_hours(1),
    Span::from_days(1),
    Span::FOREVER,
];

/// What share of all notices was reached within each of a few lengths of time.
pub fn time_to_reach(view: &RunView, lang: Lang) -> String {
    let row = |within: Span| {
        let percent = view.figures.percent_within(within);
        (within_label(within, lang), percent, format!("{percent}%"))
    };
    bars("time", lang, pick(lang, "닿기까지 걸린 시간", "Time to reach"), "#0072B2", 100, &WITHIN.map(row))
}

/// What each medium cost.
pub fn cost(view: &RunView, lang: Lang) -> String {
    let used = view.figures.media.iter().filter(|row| row.attempts > 0);
    let rows: Vec<(String, u64, String)> =
        used.map(|row| (words::medium(row.medium, lang).to_owned(), row.cost, money(row.cost, lang))).collect();
    let top = rows.iter().map(|row| row.1).max().unwrap_or(0);
    bars("cost", lang, pick(lang, "매체별 비용", "Cost by medium"), "#009E73", top, &rows)
}

fn within_label(within: Span, lang: Lang) -> String {
    let text = length(within, lang);
    match lang {
        Lang::Ko if within == Span::FOREVER => "끝까지".to_owned(),
        Lang::En if within == Span::FOREVER => "in the end".to_owned(),
        Lang::Ko => format!("{text} 안"),
        Lang::En => format!("within {text}"),
    }
}

/// The description that a screen reader gives: the figures of the drawing.
fn described(view: &RunView, lang: Lang) -> String {
    let parts: Vec<String> = view
        .figures
        .media
        .iter()
        .filter(|row| row.first > 0)
        .map(|row| format!("{} {}", words::medium(row.medium, lang), number(row.first)))
        .collect();
    parts.join(", ")
}

fn open(id: &str, lang: Lang, height: u64, title: &str, description: &str) -> String {
    let id = format!("{id}-{}", pick(lang, "ko", "en"));
    format!(
        r#"<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{}</title><desc id="{id}-d">{}</desc>"#,
        escape(title),
        escape(description)
    )
}

fn close(mut out: String) -> String {
    out.push_str("</svg>");
    out
}

fn label(x: u64, y: u64, anchor: &str, text: &str) -> String {
    format!(r#"<text x="{x}" y="{y}" text-anchor="{anchor}">{}</text>"#, escape(text))
}

/// The place of an instant on the time axis.
fn time_x(view: &RunView, at: SimTime) -> u64 {
    let covered = covered(view);
    LEFT + scale(at.micros().min(covered), covered, RIGHT - LEFT)
}

/// The part of `room` that `n` is of `all`.
fn scale(n: u64, all: u64, room: u64) -> u64 {
    (u128::from(n.min(all)) * u128::from(room) / u128::from(all.max(1))) as u64
}

fn axes(out: &mut String, view: &RunView, top: u64) {
    for quarter in 0..=4 {
        let y = BOTTOM - (BOTTOM - TOP) * quarter / 4;
        let value = scale(quarter, 4, top);
        // Writing to a `String` cannot fail.
        let _ = write!(out, r##"<path d="M{LEFT} {y}H{RIGHT}" stroke="#ccc"/>"##);
        out.push_str(&label(LEFT - 6, y + 4, "end", &number(value)));
        let x = LEFT + (RIGHT - LEFT) * quarter / 4;
        let at = SimTime::from_micros(scale(quarter, 4, covered(view)) / 1_000_000 * 1_000_000);
        out.push_str(&label(x, BOTTOM + 20, "middle", &at.to_string()));
    }
}

/// A medium's line: the sum so far at the end of each column of time.
fn line(view: &RunView, row: &MediumFigures, top: u64) -> String {
    let (color, dash) = style(row.medium);
    let mut path = format!("M{LEFT} {BOTTOM}");
    let mut sum = 0;
    for (i, count) in row.over_time.iter().enumerate() {
        sum += count;
        let x = time_x(view, SimTime::ZERO + view.figures.bucket.times(i as u64 + 1));
        let y = BOTTOM - scale(sum, top, BOTTOM - TOP);
        let _ = write!(path, "L{x} {y}");
    }
    format!(r#"<path d="{path}" fill="none" stroke="{color}" stroke-width="3" stroke-dasharray="{dash}"/>"#)
}

fn key(medium: Medium, y: u64, lang: Lang) -> String {
    let (color, dash) = style(medium);
    let (from, to) = (RIGHT + 10, RIGHT + 34);
    let at = y.saturating_sub(4);
    let sample =
        format!(r#"<path d="M{from} {at}H{to}" stroke="{color}" stroke-width="3" stroke-dasharray="{dash}"/>"#);
    format!("{sample}{}", label(to + 6, y, "start", words::medium(medium, lang)))
}

/// Bars that lie, one a row, with the value beside each; `top` fills the width.
fn bars(id: &str, lang: Lang, title: &str, color: &str, top: u64, rows: &[(String, u64, String)]) -> String {
    const NAMES: u64 = 150;
    const ROW: u64 = 28;
    let described: Vec<String> = rows.iter().map(|(name, _, shown)| format!("{name}: {shown}")).collect();
    let mut out = open(id, lang, ROW * rows.len().max(1) as u64 + 8, title, &described.join(", "));
    for (i, (name, value, shown)) in rows.iter().enumerate() {
        let y = 4 + i as u64 * ROW;
        let wide = if *value == 0 { 0 } else { scale(*value, top, RIGHT - NAMES - 20).max(1) };
        out.push_str(&label(NAMES - 8, y + 18, "end", name));
        let _ = write!(out, r#"<rect x="{NAMES}" y="{y}" width="{wide}" height="{}" fill="{color}"/>"#, ROW - 8);
        out.push_str(&label(NAMES + wide + 8, y + 18, "start", shown));
    }
    close(out)
}

#[cfg(test)]
mod tests {
    use super::{cost, escape, reach_over_time, style, time_to_reach};
    use crate::report::sample;
    use crate::report::view::Figures;
    use crate::sim::model::medium::Medium;
    use crate::sim::model::words::Lang;
    use crate::sim::time::Span;

    #[test]
    fn no_two_media_look_alike() {
        let mut styles: Vec<_> = Medium::ALL.into_iter().map(style).collect();
        styles.sort_unstable();
        styles.dedup();
        assert_eq!(styles.len(), Medium::COUNT);
    }

    #[test]
    fn words_from_outside_are_escaped() {
        assert_eq!(escape("<img onerror='x'>&\"\u{1b}"), "&lt;img onerror=&apos;x&apos;&gt;&amp;&quot;\u{fffd}");
    }

    #[test]
    fn a_drawing_tells_its_figures_to_a_screen_reader() {
        let svg = reach_over_time(&sample::run(), Lang::Ko);
        assert!(svg.contains(r#"<title id="reach-ko-t">시간에 따른 도달</title>"#), "{svg}");
        assert!(svg.contains(r#"<desc id="reach-ko-d">알림톡 565, 장문 문자 412</desc>"#), "{svg}");
        assert!(svg.contains(">silence-10m</text>"), "{svg}");
        let svg = cost(&sample::run(), Lang::En);
        assert!(svg.contains(r#"<desc id="cost-en-d">alimtalk: 8,000 won, lms: 11,124 won</desc>"#), "{svg}");
    }

    #[test]
    fn the_shade_lies_where_the_fault_was() {
        // 5 to 15 of 50 minutes on an axis of 536 from 64.
        let svg = reach_over_time(&sample::run(), Lang::En);
        assert!(svg.contains(r#"<rect x="117" y="16" width="107" height="204""#), "{svg}");
    }

    #[test]
    fn nothing_to_draw_and_too_much_to_draw_are_drawn() {
        let mut view = sample::run();
        view.figures = Figures::default();
        for svg in [reach_over_time(&view, Lang::Ko), time_to_reach(&view, Lang::Ko), cost(&view, Lang::Ko)] {
            assert!(svg.ends_with("</svg>"), "{svg}");
        }
        let mut view = sample::run();
        view.figures.bucket = Span::FOREVER;
        view.figures.media[0].cost = u64::MAX;
        assert!(reach_over_time(&view, Lang::En).contains("</svg>"));
        assert!(cost(&view, Lang::En).contains("</svg>"));
    }
}
