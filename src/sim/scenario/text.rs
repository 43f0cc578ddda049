//! Texts with variables: `#{name}` is the way that Alimtalk templates write them, so it is ours on every medium.

use crate::sim::model::ids::KindId;
use crate::sim::plan::message::{Kind, Part, Text, Var, VarSource};
use crate::sim::scenario::problem::{Issue, Problems, nearest, quote};
use crate::sim::scenario::reader::{one_of, rows, text};
use crate::sim::scenario::table::Shape;
use crate::sim::scenario::value::{Leaf, call, decimal};
use crate::sim::scenario::yaml::Node;
use crate::sim::time::Span;

/// Variables: `name: person.name`, `amount: "won(180000..420000)"`, `due: "date(+10d)"`, or a fixed text.
pub(super) const VARS: Shape = Shape::Named(&Shape::Text);

const VARS_MAX: usize = 64;
const TEXT_BYTES_MAX: usize = 64 << 10;
const PERSON: [(&str, VarSource); 5] = [
    ("person.name", VarSource::PersonName),
    ("person.name_masked", VarSource::NameMasked),
    ("person.phone", VarSource::PersonPhone),
    ("person.phone_whole", VarSource::PhoneWhole),
    ("person.region", VarSource::PersonRegion),
];

/// Reads `vars:`.
pub(super) fn vars(node: &Node, kinds: &[Kind], problems: &mut Problems) -> Vec<Var> {
    let mut vars = Vec::new();
    for row in rows("vars", node, VARS_MAX, problems) {
        let Some(written) = text(&row.key, &row.node, problems) else { continue };
        match source(written, kinds) {
            Some(value) => vars.push(Var { name: row.key.clone(), value }),
            None => problems.add(row.node.at, misspelt(written).found(written)),
        }
    }
    vars
}

/// Reads a text; a variable that is not among `vars` is said, and those that are used are ticked off in `used`.
pub(super) fn parts(node: &Node, name: &str, vars: &[Var], used: &mut [bool], problems: &mut Problems) -> Option<Text> {
    let written = text(name, node, problems)?;
    if written.len() > TEXT_BYTES_MAX {
        let issue = Issue::new("글이 너무 깁니다", "the text is too long").expected("64 KiB 이하", "at most 64 KiB");
        problems.add(node.at, issue.found(written));
        return None;
    }
    let mut parts = Vec::new();
    let mut from = 0;
    while let Some(open) = written[from..].find("#{").map(|i| from + i) {
        let Some(close) = written[open..].find('}').map(|i| open + i) else {
            let at = problems.inside(node.at, written, open..open + 2);
            problems.add(at, Issue::new("`#{`가 닫히지 않았습니다", "`#{` without its `}`"));
            break;
        };
        fixed(&mut parts, &written[from..open]);
        let variable = &written[open + 2..close];
        match vars.iter().position(|var| var.name == variable) {
            Some(index) => {
                used[index] = true;
                parts.push(Part::Var(index as u16));
            }
            None if problems.is_full() => return None,
            None => {
                let quoted = quote(variable);
                let issue = Issue::new(
                    format!("없는 변수입니다: `#{{{quoted}}}`"),
                    format!("unknown variable `#{{{quoted}}}`"),
                )
                .expecting(one_of(vars.iter().map(|var| var.name.as_str())))
                .nearest(nearest(variable, vars.iter().map(|var| var.name.as_str())));
                problems.add(problems.inside(node.at, written, open..close + 1), issue);
            }
        }
        from = close + 1;
    }
    fixed(&mut parts, &written[from..]);
    Some(Text { parts })
}

fn fixed(parts: &mut Vec<Part>, piece: &str) {
    if !piece.is_empty() {
        parts.push(Part::Fixed(piece.to_owned()));
    }
}

fn source(written: &str, kinds: &[Kind]) -> Option<VarSource> {
    if let Some((_, source)) = PERSON.iter().find(|(word, _)| *word == written) {
        return Some(source.clone());
    }
    match call(written) {
        Some(("won", inside)) => won(inside),
        Some(("date", inside)) => date(inside),
        Some(("amount", inside)) => amount_of(inside, kinds),
        Some(_) | None if written.starts_with("person.") => None,
        Some(_) | None => Some(VarSource::Fixed(written.to_owned())),
    }
}

/// What is wrong with a value that looks like one of ours and is none.
fn misspelt(written: &str) -> Issue {
    if written.starts_with("won") {
        return Issue::new("금액 범위가 잘못되었습니다", "this is not a range of amounts")
            .expected("won(180000..420000): 작은 수 먼저", "won(180000..420000), the smaller one first");
    }
    if written.starts_with("amount") {
        return Issue::new("금액을 가져올 알림이 앞에 없습니다", "no notice before this one has that amount").expected(
            "앞에 적은, won(..) 변수가 있는 알림: amount(bill)",
            "amount(bill), where `bill` stands before and has a won(..) variable",
        );
    }
    if written.starts_with("date") {
        return Issue::new("날짜가 잘못되었습니다", "this is not a date").expected("date(+10d)", "date(+10d)");
    }
    let known = PERSON.iter().map(|(word, _)| *word);
    Issue::new("사람에게 없는 속성입니다", "a person has no such attribute")
        .expecting(one_of(known.clone()))
        .nearest(nearest(written, known))
}

fn won(inside: &str) -> Option<VarSource> {
    let (low, high) = inside.split_once("..")?;
    let (low, high) = (decimal(low.trim(), 0)?, decimal(high.trim(), 0)?);
    let fits = low <= high && high <= 1_000_000_000;
    fits.then_some(VarSource::Won(low as u32, high as u32))
}

/// The amount of a kind that has been read already.
fn amount_of(inside: &str, kinds: &[Kind]) -> Option<VarSource> {
    let place = kinds.iter().position(|kind| kind.key == inside && kind.won().is_some())?;
    Some(VarSource::AmountOf(KindId(place as u16)))
}

fn date(inside: &str) -> Option<VarSource> {
    Span::read(inside.strip_prefix('+')?, true).ok().map(VarSource::Date)
}
