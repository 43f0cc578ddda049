//! A biography on a terminal: time, what happened, what the sender believed, what was true.

use crate::report::audit::biography::to_the_millisecond;
use crate::report::audit::{Believed, Biography, Truth, Turn};
use crate::report::text::terminal::{Look, Tone, clean, fit, width, wrap};
use crate::report::words::{belief, pick};
use crate::sim::model::event::EventKind;
use crate::sim::model::words::Lang;

/// Columns of each of the two columns on the right.
const SIDE: usize = 13;

/// Columns on the left, as wide as this story needs them.
#[derive(Clone, Copy)]
struct Layout {
    look: Look,
    at: usize,
    id: usize,
    /// What is left for the sentences.
    told: usize,
}

/// The whole story.
pub fn biography(story: &Biography, left_out: u64, lang: Lang, look: Look) -> String {
    let mut out = String::new();
    let kinds: Vec<String> = story.notices.iter().map(|(id, kind)| format!("{id} {kind}")).collect();
    line(&mut out, &look.paint(Tone::Head, &format!("{}  {}", story.number, clean(story.about.text(lang)))));
    for wrapped in wrap(&format!("{}: {}", pick(lang, "알림", "notices"), kinds.join(", ")), look.columns()) {
        line(&mut out, &wrapped);
    }
    out.push('\n');
    let layout = layout(story, look);
    let head = row(
        layout,
        pick(lang, "시각", "time"),
        "",
        pick(lang, "있었던 일", "what happened"),
        pick(lang, "발신자는", "believed"),
        pick(lang, "실제는", "true"),
    );
    line(&mut out, &look.paint(Tone::Faint, head.trim_end()));
    for turn in &story.turns {
        told(&mut out, turn, lang, layout);
    }
    if left_out > 0 {
        line(
            &mut out,
            &match lang {
                Lang::Ko => format!("… 그 밖에 사건 {left_out}개"),
                Lang::En => format!("… and {left_out} more events"),
            },
        );
    }
    out.push('\n');
    for answer in &story.answers {
        for (i, wrapped) in wrap(answer.text(lang), look.columns().saturating_sub(2)).iter().enumerate() {
            line(&mut out, &format!("{}{wrapped}", if i == 0 { "" } else { "  " }));
        }
    }
    out
}

/// What a sender believes, in a word.
pub fn believed(believed: Believed, lang: Lang) -> &'static str {
    match believed {
        Believed::Nothing => "–",
        Believed::Refused => pick(lang, "거절", "refused"),
        Believed::Accepted => pick(lang, "접수", "accepted"),
        Believed::Told(told) => belief(told, lang),
    }
}

/// What is true, in a word or two.
pub fn truth(truth: Truth, lang: Lang) -> String {
    let word = match (truth.opened, truth.showings) {
        (_, 0) => return pick(lang, "표시 안 됨", "not shown").to_owned(),
        (true, _) => pick(lang, "열람", "opened"),
        (false, _) => pick(lang, "표시", "shown"),
    };
    match truth.showings {
        0 | 1 => word.to_owned(),
        times => format!("{word} ×{times}"),
    }
}

/// Whether the sender believes something that is not so.
pub fn is_wrong(turn: &Turn) -> bool {
    match (turn.believed, turn.truth) {
        (Some(Believed::Told(told)), Some(truth)) => told.is_success() != (truth.showings > 0),
        _no_claim => false,
    }
}

fn layout(story: &Biography, look: Look) -> Layout {
    let widest = |of: fn(&Turn) -> String| story.turns.iter().map(|turn| width(&of(turn))).max().unwrap_or(0) + 2;
    let (at, id) = (widest(clock).max(6), widest(id));
    Layout { look, at, id, told: look.columns().saturating_sub(at + id + 2 * SIDE).max(20) }
}

/// The instant as it is told.
pub fn clock(turn: &Turn) -> String {
    to_the_millisecond(turn.event.at).to_string()
}

/// The attempt, or the notice.
fn id(turn: &Turn) -> String {
    match (turn.event.kind.attempt(), turn.event.kind.notice()) {
        (Some(attempt), _) => attempt.to_string(),
        (None, Some(notice)) => notice.to_string(),
        (None, None) => String::new(),
    }
}

fn told(out: &mut String, turn: &Turn, lang: Lang, layout: Layout) {
    let sides = match (turn.believed, turn.truth) {
        (Some(belief), Some(fact)) => (believed(belief, lang).to_owned(), truth(fact, lang)),
        _of_no_notice => (String::new(), String::new()),
    };
    let tone = tone(turn);
    for (i, text) in wrap(turn.told.text(lang), layout.told - 2).iter().enumerate() {
        let row = match i {
            0 => row(layout, &clock(turn), &id(turn), text, &sides.0, &sides.1),
            _further => row(layout, "", "", text, "", ""),
        };
        match tone {
            Some(tone) => line(out, &layout.look.paint(tone, row.trim_end())),
            None => line(out, &row),
        }
    }
}

fn tone(turn: &Turn) -> Option<Tone> {
    match turn.event.kind {
        EventKind::FaultBegan { .. } | EventKind::FaultStaged { .. } | EventKind::FaultEnded { .. } => {
            Some(Tone::Faint)
        }
        EventKind::Shown { .. } | EventKind::Opened { .. } => Some(Tone::Good),
        EventKind::Lost { .. } | EventKind::Refused { .. } => Some(Tone::Bad),
        _plain => is_wrong(turn).then_some(Tone::Warn),
    }
}

fn row(layout: Layout, at: &str, id: &str, text: &str, believed: &str, truth: &str) -> String {
    let Layout { at: at_wide, id: id_wide, told, .. } = layout;
    format!("{}{}{}{}{}", fit(at, at_wide), fit(id, id_wide), fit(text, told), fit(believed, SIDE), fit(truth, SIDE))
}

fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}
