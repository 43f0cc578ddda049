//! A comparison on a terminal: the verdicts, what got worse, what got better, what else changed, the figures.

use crate::report::baseline::{Comparison, FIGURES, Figure, FigureUnit, PromiseChange, Promised, Summary, Way};
use crate::report::text::terminal::{Look, Tone, clean, fit, right, wrap};
use crate::report::view::GroupFigures;
use crate::report::words::{length, money, number, percent, pick};
use crate::sim::model::words::Lang;
use crate::sim::time::Span;

/// Columns of a figure's name and of its values.
const NAME: usize = 20;
const VALUE: usize = 16;

/// The whole comparison.
pub fn comparison(comparison: &Comparison, lang: Lang, look: Look) -> String {
    let Comparison { before, after, .. } = comparison;
    let mut out = String::new();
    if !comparison.is_like() {
        let text = pick(lang, "같은 시나리오와 시드가 아님:", "not the same scenario and seed:");
        let runs = format!("{} {} / {} {}", clean(&before.scenario), before.seed, clean(&after.scenario), after.seed);
        line(&mut out, &look.paint(Tone::Warn, &format!("{text} {runs}")));
    }
    let verdicts = format!("{} → {}", clean(&before.verdict), clean(&after.verdict));
    line(&mut out, &look.paint(tone(comparison.verdict), &format!("{} {verdicts}", sign(comparison.verdict))));
    line(&mut out, "");
    for change in &comparison.promises {
        promise(&mut out, change, lang, look);
    }
    let same = comparison.promises.iter().filter(|change| change.way == Way::Same).count() as u64;
    let same = number(same);
    line(
        &mut out,
        &match lang {
            Lang::Ko => format!("  그대로인 약속 {same}개"),
            Lang::En => format!("  {same} promises came out just the same"),
        },
    );
    line(&mut out, "");
    for (figure, way) in FIGURES.iter().zip(&comparison.figures) {
        line(&mut out, &figure_row(figure, before, after, *way, lang, look));
    }
    groups(&mut out, before, after, lang, look);
    out
}

/// The sign of a way: the words carry the meaning, the sign repeats it.
const fn sign(way: Way) -> &'static str {
    match way {
        Way::Same => "=",
        Way::Other => "~",
        Way::Better => "▲",
        Way::Worse => "▼",
    }
}

const fn tone(way: Way) -> Tone {
    match way {
        Way::Same | Way::Other => Tone::Faint,
        Way::Better => Tone::Good,
        Way::Worse => Tone::Bad,
    }
}

fn promise(out: &mut String, change: &PromiseChange, lang: Lang, look: Look) {
    let Some(shown) = change.after.as_ref().or(change.before.as_ref()).filter(|_| change.way != Way::Same) else {
        return;
    };
    let what = match (&change.before, &change.after, change.way) {
        (None, _, _) => pick(lang, "새 약속", "new"),
        (_, None, _) => pick(lang, "없어진 약속", "gone"),
        (_, _, Way::Worse) => pick(lang, "더는 지켜지지 않음", "not kept any more"),
        (_, _, Way::Better) => pick(lang, "이제 지켜짐", "kept now"),
        (_, _, Way::Same | Way::Other) => pick(lang, "값이 달라짐", "another value"),
    };
    let why = shown.why.text(lang);
    let why = if why.trim().is_empty() { shown.expression.as_str() } else { why };
    let head = format!("{} {what}: {} ({})", sign(change.way), clean(why), clean(&shown.strength));
    for (i, wrapped) in wrap(&head, look.columns().saturating_sub(2)).iter().enumerate() {
        line(out, &look.paint(tone(change.way), &format!("{}{wrapped}", if i == 0 { "" } else { "  " })));
    }
    let reason = |side: &Option<Promised>| side.as_ref().map_or("–", |promised| promised.reason.text(lang)).to_owned();
    for text in [format!("{} →", reason(&change.before)), reason(&change.after)] {
        for wrapped in wrap(&text, look.columns().saturating_sub(4)) {
            line(out, &format!("    {wrapped}"));
        }
    }
}

fn figure_row(figure: &Figure, before: &Summary, after: &Summary, way: Way, lang: Lang, look: Look) -> String {
    let place = FIGURES.iter().position(|known| known.key == figure.key).unwrap_or(0);
    let shown = |of: &Summary| value(figure, of.figures.get(place).copied().flatten(), of.notices, lang);
    let name = fit(pick(lang, figure.names.0, figure.names.1), NAME);
    let row = format!("{} {name} {} → {}", sign(way), right(&shown(before), VALUE), right(&shown(after), VALUE));
    look.paint(tone(way), row.trim_end())
}

fn value(figure: &Figure, value: Option<u64>, notices: u64, lang: Lang) -> String {
    match (figure.unit, value) {
        (_, None) => pick(lang, "끝내 없음", "never").to_owned(),
        (FigureUnit::Notices, Some(n)) => format!("{} {}", number(n), right(&percent(n, notices), 6)),
        (FigureUnit::Count, Some(n)) => number(n),
        (FigureUnit::Time, Some(n)) => length(Span::from_micros(n), lang),
        (FigureUnit::Won, Some(n)) => money(n, lang),
    }
}

/// Groups that both runs have, where their reach changed.
fn groups(out: &mut String, before: &Summary, after: &Summary, lang: Lang, look: Look) {
    for group in &after.groups {
        let same = |old: &&GroupFigures| old.name == group.name && old.region == group.region;
        let Some(old) = before.groups.iter().find(same) else { continue };
        let share = |of: &GroupFigures, by: &GroupFigures| u128::from(of.reached) * u128::from(by.notices);
        let way = super::way(share(group, old).cmp(&share(old, group)), std::cmp::Ordering::Greater);
        if way == Way::Same {
            continue;
        }
        let (was, is) = (percent(old.reached, old.notices), percent(group.reached, group.notices));
        let what = if group.region { pick(lang, "지역", "region") } else { pick(lang, "집단", "group") };
        let name = fit(&format!("{what} {}", clean(&group.name)), NAME);
        let row = format!("{} {name} {} → {}", sign(way), right(&was, VALUE), right(&is, VALUE));
        line(out, &look.paint(tone(way), &row));
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}
