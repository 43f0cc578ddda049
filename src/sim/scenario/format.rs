//! `bongsu fmt`: one layout for all scenario files, comments and order kept.
//!
//! It moves whole lines: two spaces a level, no trailing space, one blank line at most, one line end at the end. What
//! stands inside a line, and the lines of a text or bracket that runs over several, stay as they are. The result is
//! read again and must say the same as before; a file that would not is only freed of trailing space, or left alone.

use crate::sim::scenario::FILE_BYTES_MAX;
use crate::sim::scenario::include::take;
use crate::sim::scenario::problem::Problems;
use crate::sim::scenario::yaml::{Node, Value, parse};

/// The text in the canonical layout; a file that is not YAML, or breaks a bound, is answered with its problems.
pub fn format(name: &str, text: &[u8]) -> Result<String, Problems> {
    let mut problems = Problems::default();
    let read = take(name, text, FILE_BYTES_MAX, &mut problems).and_then(|(source, text)| {
        let root = parse(source, 0, &text, &mut problems)?;
        Some((text, root))
    });
    let Some((text, root)) = read.filter(|_| problems.is_empty()) else { return Err(problems) };
    let frozen = frozen(&root, &text);
    let tried = [layout(&text, &frozen), trimmed(&text, &frozen)];
    Ok(tried.into_iter().find(|after| same(after, &root)).unwrap_or(text))
}

/// What a line is to the layout.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    /// Starts something of its own.
    Free,
    /// Goes on with a bracket or a plain text of the line before: moved along with it, trailing space cut.
    Along,
    /// Inside a text: moved along with it and otherwise left alone.
    Inside,
}

/// One level of indentation: where it was, where it goes, and whether it is a list.
#[derive(Clone, Copy)]
struct Level {
    was: usize,
    is: usize,
    list: bool,
}

fn same(text: &str, root: &Node) -> bool {
    let mut problems = Problems::default();
    let source = problems.source("", text);
    parse(source, 0, text, &mut problems).is_some_and(|after| problems.is_empty() && after.same(root))
}

/// For every line, what it is.
fn frozen(root: &Node, text: &str) -> Vec<Line> {
    let mut starts = vec![0];
    starts.extend(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1));
    let mut lines = vec![Line::Free; starts.len()];
    mark(root, text, &starts, &mut lines);
    lines
}

fn mark(node: &Node, text: &str, starts: &[usize], lines: &mut [Line]) {
    let line_of = |byte: usize| starts.partition_point(|start| *start <= byte) - 1;
    let (start, end) = (node.at.start as usize, (node.end as usize).min(text.len()));
    let shown = text.as_bytes().get(start..end).unwrap_or_default();
    let quoted = matches!(shown, [b'"', .., b'"'] | [b'\'', .., b'\'']);
    let (what, with_first) = match &node.value {
        Value::Scalar { plain: true, .. } => (Line::Along, false),
        // A block's place begins with its first line, not with its `|`.
        Value::Scalar { plain: false, .. } => (Line::Inside, !quoted && !matches!(shown, [b'|' | b'>', ..])),
        Value::List(_) | Value::Map(_) if matches!(shown, [b'{' | b'[', ..]) => (Line::Along, false),
        Value::List(_) | Value::Map(_) => (Line::Free, false),
    };
    if what != Line::Free {
        let (first, last) = (line_of(start) + usize::from(!with_first), line_of(end.max(start + 1) - 1));
        for line in lines.iter_mut().take(last + 1).skip(first).filter(|line| **line != Line::Inside) {
            *line = what;
        }
    }
    match &node.value {
        Value::Scalar { .. } => {}
        Value::List(items) => items.iter().for_each(|item| mark(item, text, starts, lines)),
        Value::Map(entries) => entries.iter().for_each(|entry| mark(&entry.node, text, starts, lines)),
    }
}

/// Trailing space cut, line ends made one, nothing moved.
fn trimmed(text: &str, frozen: &[Line]) -> String {
    let lines = text.split('\n').zip(frozen);
    let cut = lines.map(|(line, what)| if *what == Line::Inside { line } else { line.trim_end() });
    finish(cut.map(str::to_owned).collect())
}

fn layout(text: &str, frozen: &[Line]) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut levels: Vec<Level> = Vec::new();
    let mut shift = 0_isize;
    let mut out = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match frozen[index] {
            Line::Inside => out.push(moved(line, shift)),
            Line::Along => out.push(moved(line, shift).trim_end().to_owned()),
            Line::Free if line.trim().is_empty() => {
                if out.last().is_some_and(|last: &String| !last.is_empty()) {
                    out.push(String::new());
                }
            }
            Line::Free if line.trim_start().starts_with('#') => {
                let is = comment(indent(line), &lines[index..], &frozen[index..], &levels);
                out.push(format!("{}{}", " ".repeat(is), line.trim()));
            }
            Line::Free => {
                let (placed, by) = place(line, &mut levels);
                shift = by;
                out.push(placed);
            }
        }
    }
    finish(out)
}

/// One line end at the end.
fn finish(mut lines: Vec<String>) -> String {
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// Where a comment goes: with the next line, if that stands in its column; else with the level whose column it has, or
/// the nearest one further out.
fn comment(was: usize, after: &[&str], frozen: &[Line], levels: &[Level]) -> usize {
    let next = after
        .iter()
        .zip(frozen)
        .find(|(line, what)| **what == Line::Free && !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    if let Some((line, _)) = next.filter(|(line, _)| indent(line) == was) {
        let list = line.trim_start().starts_with("- ") || line.trim() == "-";
        return settle(was, list, &mut levels.to_vec());
    }
    levels.iter().rev().find(|level| level.was <= was).map_or(0, |level| level.is)
}

/// Puts a line at its level; answers it and how far its content moved.
fn place(line: &str, levels: &mut Vec<Level>) -> (String, isize) {
    let mut column = indent(line);
    let mut rest = line.trim();
    let mut out = String::new();
    loop {
        let dash = rest == "-" || rest.starts_with("- ");
        let is = settle(column, dash, levels);
        out.extend(std::iter::repeat_n(' ', is.saturating_sub(out.len())));
        if !dash {
            break;
        }
        out.push('-');
        let inner = rest[1..].trim_start();
        column += rest.len() - inner.len();
        rest = inner;
        if rest.is_empty() || rest.starts_with('#') {
            break;
        }
        out.push(' ');
        if !opens_mapping(rest) && !rest.starts_with("- ") {
            break;
        }
    }
    let content = out.len() as isize;
    if rest.starts_with('#') && !out.is_empty() && out.ends_with('-') {
        out.push(' ');
    }
    out.push_str(rest);
    (out.trim_end().to_owned(), content - column as isize)
}

/// Whether a piece after a dash is the first key of a mapping; then its column is a level.
fn opens_mapping(rest: &str) -> bool {
    let flow = rest.starts_with(['{', '[', '"', '\'', '|', '>', '&', '*']);
    !flow && (rest.contains(": ") || rest.ends_with(':'))
}

/// The new column of what stood at `column`; opens or closes levels as needed.
fn settle(column: usize, list: bool, levels: &mut Vec<Level>) -> usize {
    while levels.last().is_some_and(|level| level.was > column || (level.was == column && level.list && !list)) {
        levels.pop();
    }
    match levels.last() {
        Some(level) if level.was == column && level.list == list => level.is,
        Some(level) => {
            let is = level.is + 2;
            levels.push(Level { was: column, is, list });
            is
        }
        None => {
            levels.push(Level { was: column, is: 0, list });
            0
        }
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn moved(line: &str, shift: isize) -> String {
    let was = indent(line);
    if was == line.len() {
        return line.to_owned();
    }
    let is = was.saturating_add_signed(shift);
    format!("{}{}", " ".repeat(is), &line[was..])
}
