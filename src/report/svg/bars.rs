//! Bars that lie, one a row, with the value beside each: how fast people were reached, and what each medium cost.

use std::fmt::Write as _;

use crate::report::svg::{Drawing, WIDTH, label, scale};
use crate::report::view::RunView;
use crate::report::words::{self, length, money, pick};
use crate::sim::model::words::Lang;
use crate::sim::time::{SimTime, Span};

/// Where the bars begin, and where the longest ends.
const NAMES: u64 = 150;
const FULL: u64 = 580;
/// The height of a row.
const ROW: u64 = 28;

/// Lengths of time that the drawing asks about; those that a run did not last are left out.
const WITHIN: [Span; 9] = [
    Span::from_secs(1),
    Span::from_secs(10),
    Span::from_secs(30),
    Span::from_secs(60),
    Span::from_secs(120),
    Span::from_secs(300),
    Span::from_secs(1_800),
    Span::from_hours(1),
    Span::from_days(1),
];

/// One bar: its name, its length, and the value as shown.
type Row = (String, u64, String);

/// What share of all notices was reached within each of a few lengths of time.
pub fn time_to_reach(view: &RunView, lang: Lang) -> Drawing {
    let lasted = view.clock.ended.since(SimTime::ZERO);
    let within = WITHIN.into_iter().filter(|within| *within < lasted).chain([Span::FOREVER]);
    let row = |within: Span| {
        let percent = view.figures.percent_within(within);
        (within_label(within, lang), percent, format!("{percent}%"))
    };
    let title = pick(lang, "닿기까지 걸린 시간", "Time to reach");
    bars("time", title, "#0072B2", 100, &within.map(row).collect::<Vec<_>>())
}

/// What each medium cost.
pub fn cost(view: &RunView, lang: Lang) -> Drawing {
    let used = view.figures.media.iter().filter(|row| row.attempts > 0);
    let rows: Vec<Row> =
        used.map(|row| (words::medium(row.medium, lang).to_owned(), row.cost, money(row.cost, lang))).collect();
    let top = rows.iter().map(|row| row.1).max().unwrap_or(0);
    bars("cost", pick(lang, "매체별 비용", "Cost by medium"), "#009E73", top, &rows)
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

fn bars(id: &'static str, title: &str, color: &str, top: u64, rows: &[Row]) -> Drawing {
    let described: Vec<String> = rows.iter().map(|(name, _, shown)| format!("{name}: {shown}")).collect();
    let mut strokes = String::new();
    for (i, (name, value, shown)) in rows.iter().enumerate() {
        let y = 4 + i as u64 * ROW;
        let wide = if *value == 0 { 0 } else { scale(*value, top, FULL - NAMES).max(1) };
        strokes.push_str(&label(NAMES - 8, y + 15, "end", name));
        // Writing to a `String` cannot fail.
        let _ = write!(strokes, r#"<rect x="{NAMES}" y="{y}" width="{wide}" height="{}" fill="{color}"/>"#, ROW - 8);
        strokes.push_str(&label(NAMES + wide + 8, y + 15, "start", shown));
    }
    let height = ROW * rows.len().max(1) as u64 + 8;
    Drawing { id, title: title.to_owned(), described: described.join(", "), width: WIDTH, height, strokes }
}

#[cfg(test)]
mod tests {
    use super::{cost, time_to_reach};
    use crate::report::sample;
    use crate::report::view::Figures;
    use crate::sim::model::words::Lang;

    #[test]
    fn bars_tell_their_figures_to_a_screen_reader() {
        let svg = cost(&sample::run(), Lang::En).inside(Lang::En);
        assert!(svg.contains(r#"<desc id="cost-en-d">alimtalk: 8,000 won, lms: 11,124 won</desc>"#), "{svg}");
    }

    #[test]
    fn no_bar_asks_about_more_time_than_the_run_had() {
        let drawn = time_to_reach(&sample::run(), Lang::En);
        assert_eq!(
            drawn.described,
            "within 1s: 56%, within 10s: 56%, within 30s: 56%, within 1m: 56%, within 2m: 97%, within 5m: 97%, \
             within 30m: 97%, in the end: 97%"
        );
    }

    #[test]
    fn nothing_to_draw_and_too_much_to_draw_are_drawn() {
        let mut view = sample::run();
        view.figures = Figures::default();
        assert!(time_to_reach(&view, Lang::Ko).inside(Lang::Ko).ends_with("</svg>"));
        assert!(cost(&view, Lang::Ko).inside(Lang::Ko).ends_with("</svg>"));
        let mut view = sample::run();
        view.figures.media[0].cost = u64::MAX;
        assert!(cost(&view, Lang::En).inside(Lang::En).ends_with("</svg>"));
    }
}
