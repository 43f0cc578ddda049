//! A tree as YAML again: block style, two spaces, quotes wherever they could matter. Comments are not kept.

use crate::sim::scenario::yaml::{Node, Value};

/// The text; reading it gives the same tree.
pub(super) fn emit(root: &Node) -> String {
    let mut out = String::new();
    match &root.value {
        Value::Map(entries) if !entries.is_empty() => block(root, 0, &mut out),
        Value::List(items) if !items.is_empty() => block(root, 0, &mut out),
        Value::Scalar { .. } | Value::List(_) | Value::Map(_) => inline(root, 0, &mut out),
    }
    out
}

fn block(node: &Node, indent: usize, out: &mut String) {
    match &node.value {
        Value::Map(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                if index > 0 {
                    pad(indent, out);
                }
                out.push_str(&word(&entry.key, is_safe(&entry.key)));
                out.push(':');
                below(&entry.node, indent, out);
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    pad(indent, out);
                }
                out.push('-');
                match &item.value {
                    Value::Map(entries) if !entries.is_empty() => {
                        out.push(' ');
                        block(item, indent + 2, out);
                    }
                    Value::Map(_) | Value::List(_) | Value::Scalar { .. } => below(item, indent, out),
                }
            }
        }
        Value::Scalar { .. } => inline(node, indent, out),
    }
}

/// A value after its key or dash: on the same line, or on the lines below.
fn below(node: &Node, indent: usize, out: &mut String) {
    let empty = match &node.value {
        Value::Map(entries) => entries.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Scalar { .. } => true,
    };
    if empty {
        out.push(' ');
        inline(node, indent, out);
        return;
    }
    out.push('\n');
    pad(indent + 2, out);
    block(node, indent + 2, out);
}

fn inline(node: &Node, indent: usize, out: &mut String) {
    match &node.value {
        Value::Map(_) => out.push_str("{}"),
        Value::List(_) => out.push_str("[]"),
        Value::Scalar { text, plain: true } if is_safe(text) => out.push_str(text),
        Value::Scalar { plain: true, .. } if node.is_null() => out.push_str("null"),
        Value::Scalar { text, .. } if is_page(text) => return page(text, indent, out),
        Value::Scalar { text, .. } => out.push_str(&word(text, false)),
    }
    out.push('\n');
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// Whether a text means the same without quotes wherever it stands.
fn is_safe(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next().is_some_and(|c| c.is_alphanumeric() || c == '_');
    first && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '%' | '+'))
}

/// Whether a text of several lines can stand as a literal block.
fn is_page(text: &str) -> bool {
    let inner = text.strip_suffix('\n').unwrap_or(text);
    let printable = !text.chars().any(|c| c != '\n' && is_escaped(c));
    let odd_line = inner.split('\n').any(|line| line.is_empty() || line.ends_with(' ') || line.starts_with(' '));
    inner.contains('\n') && printable && !odd_line
}

/// Whether YAML does not take a character as it is, or takes it for the end of a line (YAML 1.2, 5.1 and 5.4).
fn is_escaped(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn page(text: &str, indent: usize, out: &mut String) {
    out.push_str(if text.ends_with('\n') { "|\n" } else { "|-\n" });
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        pad(indent + 2, out);
        out.push_str(line);
        out.push('\n');
    }
}

fn word(text: &str, plain: bool) -> String {
    if plain {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if is_escaped(c) => {
                quoted.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
