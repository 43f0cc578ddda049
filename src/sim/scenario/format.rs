//! `bongsu fmt`: one layout for all scenario files, comments and order kept.
//!
//! It moves whole lines: two spaces a level, no trailing space, one blank line at most, one line end at the end. What
//! stands inside a line, and the lines of a text or bracket that runs over several, stay as they are. The result is
//! read again and must say the same as before; a file that would not is only freed of trailing space, or left alone.

use crate::sim::scenario::include::take;
use crate::sim::scenario::problem::{At, Problems};
use crate::sim::scenario::yaml::{Node, Value, parse};
use crate::sim::scenario::{FILE_BYTES_MAX, LIST_BYTES_MAX};

const _: () = assert!(FILE_BYTES_MAX <= LIST_BYTES_MAX);

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
    let mut over = |at: At, as_what: Line| {
        let last = (at.end as usize).max(at.start as usize + 1) - 1;
        for line in line_of(at.start as usize) + 1..=line_of(last.min(text.len())) {
            if lines[line] != Line::Inside {
                lines[line] = as_what;
            }
        }
    };
    match &node.value {
        Value::Scalar { plain, .. } => {
            let block = matches!(text.as_bytes().get(node.at.start as usize), Some(b'|' | b'>'));
            over(node.at, if *plain && !block { Line::Along } else { Line::Inside });
        }
        Value::List(items) => {
            if let Some(end) = bracket(node, text) {
                over(At { end, ..node.at }, Line::Along);
            }
            items.iter().for_each(|item| mark(item, text, starts, lines));
        }
        Value::Map(entries) => {
            if let Some(end) = bracket(node, text) {
                over(At { end, ..node.at }, Line::Along);
            }
            entries.iter().for_each(|entry| mark(&entry.node, text, starts, lines));
        }
    }
}

/// Where a bracket that opens at the node closes; `None` for block style. Quotes and comments are stepped over.
fn bracket(node: &Node, text: &str) -> Option<u32> {
    let bytes = text.as_bytes();
    let start = node.at.start as usize;
    if !matches!(bytes.get(start), Some(b'{' | b'[')) {
        return None;
    }
    let (mut depth, mut at, mut quote) = (0_usize, start, None);
    while let Some(byte) = bytes.get(at) {
        match (quote, byte) {
            (Some(b'"'), b'\\') => at += 1,
            (Some(open), byte) if open == *byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if !bytes[at - 1].is_ascii_alphanumeric() => quote = Some(*byte),
            (None, b'#') if bytes[at - 1].is_ascii_whitespace() => {
                at += text[at..].find('\n').unwrap_or(text.len() - at - 1);
            }
            (None, b'{' | b'[') => depth += 1,
            (None, b'}' | b']') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at as u32 + 1);
                }
            }
            (None, _) => {}
        }
        at += 1;
    }
    None
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

/// Where a comment goes: with the next line that says something, if that stands where the comment stands or further
/// out; else where its own column has gone.
fn comment(was: usize, after: &[&str], frozen: &[Line], levels: &[Level]) -> usize {
    let next = after
        .iter()
        .zip(frozen)
        .find(|(line, what)| **what == Line::Free && !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let column = next.map_or(was, |(line, _)| if indent(line) <= was { indent(line) } else { was });
    let mut levels = levels.to_vec();
    settle(column, next.is_some_and(|(line, _)| line.trim_start().starts_with('-')), &mut levels)
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
