//! Comma-separated text into rows of cells, each with its place: `"quoted, cells"` with `""` for a quote, LF or CRLF.
//!
//! A row at a time, and cells are pieces of the text wherever they can be, so that a list of a million people costs no
//! more than the people. Deliberately not here: what a cell means.

use std::borrow::Cow;

use crate::sim::scenario::problem::{At, Issue, Problems};

/// A cell: its text and its place.
#[derive(Clone, Debug)]
pub(super) struct Cell<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) at: At,
}

/// Cuts a text into rows.
pub(super) struct Lines<'t> {
    text: &'t str,
    from: usize,
    /// The place of the whole list.
    whole: At,
    /// Where the file shows the list as it is, if it does: cells then have places of their own.
    shown_from: Option<u32>,
    /// Where a quote of the last row is not closed, or something stands behind it.
    stray: Option<usize>,
}

impl<'t> Lines<'t> {
    /// The rows of a text that stands at `whole`.
    pub(super) fn of(text: &'t str, whole: At, problems: &Problems) -> Lines<'t> {
        Lines { text, from: 0, whole, shown_from: problems.shown_from(whole, text), stray: None }
    }

    /// The next row; the last one's cells make room for it.
    pub(super) fn next_row(&mut self, row: &mut Vec<Cell<'t>>, problems: &mut Problems) -> bool {
        row.clear();
        if self.from >= self.text.len() {
            return false;
        }
        loop {
            let start = self.from;
            let (text, end) = self.cell();
            let own = |from: u32| At { start: from + start as u32, end: from + end as u32, ..self.whole };
            let at = self.shown_from.map_or(self.whole, own);
            row.push(Cell { text, at });
            let more = self.text.as_bytes().get(self.from) == Some(&b',');
            self.from += 1;
            if !more {
                self.say_stray(problems);
                return true;
            }
        }
    }

    fn say_stray(&mut self, problems: &mut Problems) {
        let Some(start) = self.stray.take() else { return };
        let own = |from: u32| At { start: from + start as u32, end: from + start as u32 + 1, ..self.whole };
        let issue = Issue::new(
            "따옴표가 닫히지 않았거나 뒤에 다른 글이 있습니다",
            "a quote that is not closed, or has something behind it",
        );
        problems.add(self.shown_from.map_or(self.whole, own), issue);
    }

    /// One cell: its value and where it ends; afterwards `from` stands on the comma or the line's end.
    fn cell(&mut self) -> (Cow<'t, str>, usize) {
        let text = self.text;
        let rest = &text[self.from..];
        if let Some(quoted) = rest.strip_prefix('"') {
            return self.quoted(quoted);
        }
        let length = ends(rest);
        self.from += length;
        (Cow::Borrowed(rest[..length].trim()), self.from)
    }

    fn quoted(&mut self, quoted: &'t str) -> (Cow<'t, str>, usize) {
        let start = self.from;
        let (mut value, mut offset, mut closed) = (Cow::Borrowed(""), 0, false);
        while let Some(quote) = quoted[offset..].find('"') {
            let piece = &quoted[offset..offset + quote];
            value = if value.is_empty() { Cow::Borrowed(piece) } else { value + piece };
            offset += quote + 1;
            if !quoted[offset..].starts_with('"') {
                closed = true;
                break;
            }
            value.to_mut().push('"');
            offset += 1;
        }
        self.from += 1 + offset;
        let junk = ends(&self.text[self.from..]);
        if !closed || !self.text[self.from..self.from + junk].trim().is_empty() {
            self.stray.get_or_insert(start);
        }
        // What a quote that is never closed swallows is not read as further rows.
        self.from = if closed { self.from + junk } else { self.text.len() };
        let value = match value {
            Cow::Borrowed(value) => Cow::Borrowed(value.trim()),
            Cow::Owned(value) => Cow::Owned(value.trim().to_owned()),
        };
        (value, self.from)
    }
}

/// Where a cell without quotes ends.
fn ends(rest: &str) -> usize {
    rest.bytes().position(|byte| matches!(byte, b',' | b'\n')).unwrap_or(rest.len())
}
