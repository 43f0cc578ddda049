//! A notice's life as Lamport drew messages between processes: a line for everybody who takes part, time running down,
//! an arrow for everything that passes from one to another. What is lost ends in a cross. Fault windows are shaded.
//!
//! Time is not to scale: every event has a row of its own, because what matters happens within milliseconds, and minutes
//! of waiting lie between. Long waits are marked.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::report::audit::text::{believed, clock, truth};
use crate::report::audit::{Biography, Lane, Stroke, Turn, Window};
use crate::report::svg::{Drawing, label, style};
use crate::report::words::{self, length, pick};
use crate::sim::model::event::EventKind;
use crate::sim::model::words::Lang;
use crate::sim::time::{SimTime, Span};

/// The first and the last lane, the words beside them, and the two columns of belief and truth.
const LANES: (u64, u64) = (150, 610);
const WORDS: u64 = 650;
const BELIEVED: u64 = 1_190;
const TRUTH: u64 = 1_290;
const WIDTH: u64 = 1_400;
/// Heights: of the names on top, of a row, of a mark for a wait, and how far an arrow falls.
const HEAD: u64 = 40;
const ROW: u64 = 30;
const WAIT: u64 = 22;
const FALL: u64 = 10;
/// A pause as long as this is marked.
const LONG: Span = Span::from_secs(10);
/// Most rows; the text has the rest.
const ROWS_MAX: usize = 400;
/// Most characters of a sentence: what fits between the lanes and the columns, where Hangul is wide.
const SENTENCE: (usize, usize) = (52, 76);

/// The drawing of a biography.
pub fn lamport(story: &Biography, lang: Lang) -> Drawing {
    let lanes = lanes(&story.turns);
    let turns = &story.turns[..story.turns.len().min(ROWS_MAX)];
    let (places, height) = places(turns);
    let mut strokes = String::new();
    for window in &story.windows {
        shade(&mut strokes, window, turns, &places, height);
    }
    for (lane, x) in &lanes {
        let _ = write!(strokes, r#"<path d="M{x} {HEAD}V{height}" stroke="currentColor" stroke-opacity="0.5"/>"#);
        strokes.push_str(&label(*x, HEAD - 14, "middle", &lane_name(*lane, lang)));
    }
    strokes.push_str(&label(BELIEVED, HEAD - 14, "start", pick(lang, "발신자는", "believed")));
    strokes.push_str(&label(TRUTH, HEAD - 14, "start", pick(lang, "실제는", "true")));
    let mut last: Option<SimTime> = None;
    for (turn, y) in turns.iter().zip(&places) {
        wait(&mut strokes, last, turn.event.at, *y, lang);
        row(&mut strokes, turn, *y, &lanes, lang);
        last = Some(turn.event.at);
    }
    let title = format!("{} · {}", story.number, story.about.text(lang));
    let described = story.answers.iter().map(|answer| answer.text(lang)).collect::<Vec<_>>().join(" ");
    Drawing { id: "life", title, described, width: WIDTH, height: height + 12, strokes }
}

/// The lanes that the story needs, with their places.
fn lanes(turns: &[Turn]) -> Vec<(Lane, u64)> {
    let mut used: BTreeSet<Lane> = [Lane::Sender, Lane::Platform, Lane::Phone, Lane::Person].into();
    for turn in turns {
        match turn.stroke {
            Stroke::Arrow(from, to) | Stroke::Cut(from, to) => used.extend([from, to]),
            Stroke::Dot(lane) => used.extend([lane]),
            Stroke::Edge => {}
        }
    }
    let last = used.len() as u64 - 1;
    used.into_iter().zip(0..).map(|(lane, i)| (lane, LANES.0 + (LANES.1 - LANES.0) * i / last)).collect()
}

/// The height of every row, and of the whole.
fn places(turns: &[Turn]) -> (Vec<u64>, u64) {
    let mut places = Vec::with_capacity(turns.len());
    let mut y = HEAD + 10;
    let mut last: Option<SimTime> = None;
    for turn in turns {
        if is_long(last, turn.event.at) {
            y += WAIT;
        }
        places.push(y);
        y += ROW;
        last = Some(turn.event.at);
    }
    (places, y)
}

fn is_long(last: Option<SimTime>, at: SimTime) -> bool {
    last.is_some_and(|last| at.since(last) >= LONG)
}

fn wait(out: &mut String, last: Option<SimTime>, at: SimTime, y: u64, lang: Lang) {
    if let (Some(last), true) = (last, is_long(last, at)) {
        let text = format!("⋮ {}", length(at.since(last), lang));
        out.push_str(&label(LANES.0 - 130, y - WAIT + 13, "start", &text));
    }
}

/// From the row in which the fault began to the row in which it ended.
fn shade(out: &mut String, window: &Window, turns: &[Turn], places: &[u64], height: u64) {
    let first_at = |at: SimTime| turns.iter().position(|turn| turn.event.at >= at).and_then(|row| places.get(row));
    let from = first_at(window.began).copied().unwrap_or(HEAD);
    let to = window.ended.and_then(first_at).copied().unwrap_or(height);
    let (x, wide) = (LANES.0 - 14, LANES.1 - LANES.0 + 28);
    let high = to.saturating_sub(from).max(2);
    let _ = write!(
        out,
        r#"<rect x="{x}" y="{from}" width="{wide}" height="{high}" fill="currentColor" fill-opacity="0.1"/>"#
    );
}

fn row(out: &mut String, turn: &Turn, y: u64, lanes: &[(Lane, u64)], lang: Lang) {
    let color = turn.medium.map_or("currentColor", |medium| style(medium).0);
    let x = |lane: Lane| lanes.iter().find(|row| row.0 == lane).map_or(LANES.0, |row| row.1);
    match turn.stroke {
        Stroke::Arrow(from, to) => arrow(out, (x(from), y), (x(to), y + FALL), color),
        Stroke::Cut(from, to) => cut(out, (x(from), y), (x(to), y + FALL), color),
        Stroke::Dot(lane) => {
            let _ = write!(out, r#"<circle cx="{}" cy="{}" r="5" fill="{color}"/>"#, x(lane), y + FALL / 2);
        }
        Stroke::Edge => {
            let (from, to) = (LANES.0 - 14, LANES.1 + 14);
            let _ = write!(
                out,
                r#"<path d="M{from} {y}H{to}" stroke="currentColor" stroke-opacity="0.6" stroke-dasharray="2 3"/>"#
            );
        }
    }
    let base = y + FALL;
    out.push_str(&label(LANES.0 - 130, base, "start", &clock(turn)));
    out.push_str(&label(WORDS, base, "start", &short(&told(turn, lang), lang)));
    if let (Some(belief), Some(fact)) = (turn.believed, turn.truth) {
        out.push_str(&label(BELIEVED, base, "start", believed(belief, lang)));
        out.push_str(&label(TRUTH, base, "start", &truth(fact, lang)));
    }
}

/// The sentence, with its medium where it does not name one itself: colour alone tells nobody enough.
fn told(turn: &Turn, lang: Lang) -> String {
    let text = turn.told.text(lang);
    match (turn.medium, turn.event.kind) {
        (_, EventKind::Submitted { .. } | EventKind::FellBack { .. }) | (None, _) => text.to_owned(),
        (Some(medium), _) => format!("{}: {text}", words::medium(medium, lang)),
    }
}

fn arrow(out: &mut String, from: (u64, u64), to: (u64, u64), color: &str) {
    let back = if to.0 >= from.0 { to.0.saturating_sub(9) } else { to.0 + 9 };
    let _ = write!(
        out,
        r#"<path d="M{} {}L{} {}" stroke="{color}" stroke-width="2"/><path d="M{} {}L{back} {}L{back} {}Z" fill="{color}"/>"#,
        from.0,
        from.1,
        to.0,
        to.1,
        to.0,
        to.1,
        to.1.saturating_sub(5),
        to.1 + 4,
    );
}

/// Two thirds of the way, then a cross.
fn cut(out: &mut String, from: (u64, u64), to: (u64, u64), color: &str) {
    let x = (from.0 + 2 * to.0) / 3;
    let y = (from.1 + 2 * to.1) / 3;
    let _ = write!(
        out,
        r#"<path d="M{} {}L{x} {y}" stroke="{color}" stroke-width="2" stroke-dasharray="5 3"/>"#,
        from.0, from.1
    );
    let _ = write!(
        out,
        r#"<path d="M{} {}l12 12m0 -12l-12 12" stroke="currentColor" stroke-width="3" fill="none"/>"#,
        x.saturating_sub(6),
        y.saturating_sub(6)
    );
}

/// A sentence that fits its column.
fn short(text: &str, lang: Lang) -> String {
    let most = match lang {
        Lang::Ko => SENTENCE.0,
        Lang::En => SENTENCE.1,
    };
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

fn lane_name(lane: Lane, lang: Lang) -> String {
    match lane {
        Lane::Sender => pick(lang, "발신자", "sender").to_owned(),
        Lane::Platform => pick(lang, "플랫폼", "platform").to_owned(),
        Lane::Network(network) => words::network(network, lang).to_owned(),
        Lane::Phone => pick(lang, "단말", "phone").to_owned(),
        Lane::Person => pick(lang, "시민", "person").to_owned(),
    }
}
