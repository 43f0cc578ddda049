//! Problems: what is wrong with a file, where, and what to write instead; all of a file's problems at once.
//!
//! Does not decide what is wrong: it keeps sources and places, and draws the carets (right under Hangul, too).

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::sim::model::words::{Lang, Words};

/// Everything that is wrong with a file and with the files it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Problem>,
    /// Problems beyond [`PROBLEMS_MAX`], counted only.
    more: usize,
    sources: Vec<Source>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file's name as the library or the caller gave it.
    pub file: String,
    /// Line, counting from 1.
    pub line: usize,
    /// Column in characters, counting from 1.
    pub column: usize,
    /// Bytes of the file.
    pub span: Range<usize>,
    /// What is wrong: a lowercase fragment.
    pub message: Words,
    /// What should stand there; empty when the message says it all.
    pub expected: Words,
    /// What stands there, cut to 40 characters; empty when nothing does.
    pub found: String,
    /// The nearest known word.
    pub nearest: Option<String>,
    source: u16,
}

/// Problems that are kept; the rest is counted. Nobody mends a hundred at once.
pub const PROBLEMS_MAX: usize = 100;

/// Found values are quoted up to so many characters.
const QUOTE_CHARS: usize = 40;
/// A line is shown up to so many bytes on either side of the place.
const SHOWN_BYTES: usize = 2_000;

/// A place in one of the files read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct At {
    pub(super) source: u16,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// What is wrong, before its place is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Issue {
    message: Words,
    expected: Words,
    found: String,
    nearest: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Source {
    name: String,
    text: String,
    /// First byte of each line.
    lines: Vec<u32>,
}

/// Both languages at once.
pub(super) fn words(ko: impl Into<String>, en: impl Into<String>) -> Words {
    Words { ko: ko.into(), en: en.into() }
}

/// A found value as messages quote it: one line, at most 40 characters.
pub(super) fn quote(text: &str) -> String {
    let mut quoted: String =
        text.chars().take(QUOTE_CHARS).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(QUOTE_CHARS).is_some() {
        quoted.push('…');
    }
    quoted
}

/// The known word nearest to what was written, if any is near enough to be meant.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    if word.len() > 100 {
        return None;
    }
    let score = |other: &str| strsim::damerau_levenshtein(&word.to_lowercase(), &other.to_lowercase());
    let close = |distance: usize, other: &str| distance * 3 <= other.chars().count().max(word.chars().count());
    known.map(|other| (score(other), other)).filter(|(d, other)| close(*d, other)).min().map(|(_, o)| o.to_owned())
}

impl Issue {
    pub(super) fn new(ko: impl Into<String>, en: impl Into<String>) -> Issue {
        Issue { message: words(ko, en), ..Issue::default() }
    }

    pub(super) fn said(message: Words) -> Issue {
        Issue { message, ..Issue::default() }
    }

    pub(super) fn expected(self, ko: impl Into<String>, en: impl Into<String>) -> Issue {
        Issue { expected: words(ko, en), ..self }
    }

    pub(super) fn expecting(self, expected: Words) -> Issue {
        Issue { expected, ..self }
    }

    pub(super) fn found(self, found: &str) -> Issue {
        Issue { found: quote(found), ..self }
    }

    pub(super) fn nearest(self, nearest: Option<String>) -> Issue {
        Issue { nearest, ..self }
    }
}

impl Problems {
    /// The problems, file by file and line by line; at most [`PROBLEMS_MAX`].
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// How many further problems there are that were not kept.
    pub fn more(&self) -> usize {
        self.more
    }

    /// All problems for a terminal: each with file, line, column, the line itself and carets under the place.
    pub fn render(&self, lang: Lang, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() }.decor_style(DecorStyle::Ascii);
        let mut text = String::new();
        for problem in &self.list {
            text.push_str(&self.render_one(problem, lang, &renderer));
            text.push_str("\n\n");
        }
        text.push_str(&self.total(lang));
        text
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether further problems are only counted: time to stop looking for the nearest word.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= PROBLEMS_MAX
    }

    /// In the order of the files and of their lines.
    pub(super) fn sorted(mut self) -> Problems {
        self.list.sort_by_key(|problem| (problem.source, problem.span.start));
        self
    }

    pub(super) fn count(&self) -> usize {
        self.list.len() + self.more
    }

    /// Takes a file in, so that places in it can be shown. At most 65,000 files; the includes' bound is far below.
    pub(super) fn source(&mut self, name: &str, text: &str) -> u16 {
        let mut lines = vec![0];
        lines.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(i, _)| i as u32 + 1));
        self.sources.push(Source { name: name.to_owned(), text: text.to_owned(), lines });
        (self.sources.len() - 1) as u16
    }

    pub(super) fn name_of(&self, source: u16) -> &str {
        &self.sources[usize::from(source)].name
    }

    pub(super) fn add(&mut self, at: At, issue: Issue) {
        if self.list.len() >= PROBLEMS_MAX {
            self.more += 1;
            return;
        }
        let source = &self.sources[usize::from(at.source)];
        let span = source.hold(at.start as usize..at.end as usize);
        let line = source.lines.partition_point(|first| *first as usize <= span.start).max(1);
        let first = source.lines[line - 1] as usize;
        self.list.push(Problem {
            file: source.name.clone(),
            line,
            column: source.text[first..span.start].chars().count() + 1,
            span,
            message: issue.message,
            expected: issue.expected,
            found: issue.found,
            nearest: issue.nearest,
            source: at.source,
        });
    }

    /// The place of a part of a scalar's value: exact when the file shows the value as it is, else the whole scalar.
    pub(super) fn inside(&self, at: At, value: &str, part: Range<usize>) -> At {
        match self.shown_from(at, value) {
            Some(start) if part.end <= value.len() => {
                At { source: at.source, start: start + part.start as u32, end: start + part.end as u32 }
            }
            _ => at,
        }
    }

    /// The byte from which the file shows a scalar's value as it is, without escapes or folding.
    pub(super) fn shown_from(&self, at: At, value: &str) -> Option<u32> {
        let source = &self.sources[usize::from(at.source)].text;
        let shown = source.get(at.start as usize..at.end as usize)?;
        shown.find(value).map(|offset| at.start + offset as u32)
    }

    fn total(&self, lang: Lang) -> String {
        let count = self.count();
        let hidden = self.more;
        match (lang, hidden) {
            (Lang::Ko, 0) => format!("문제 {count}개\n"),
            (Lang::Ko, _) => format!("문제 {count}개 (나머지 {hidden}개는 생략)\n"),
            (Lang::En, 0) => format!("{count} {}\n", if count == 1 { "problem" } else { "problems" }),
            (Lang::En, _) => format!("{count} problems ({hidden} not shown)\n"),
        }
    }

    fn render_one(&self, problem: &Problem, lang: Lang, renderer: &Renderer) -> String {
        let source = &self.sources[usize::from(problem.source)];
        let (window, shift) = source.window(problem);
        let start = problem.span.start - shift;
        let end = (problem.span.end - shift).min(window.len()).max(start);
        let label = problem.label(lang);
        let annotation = AnnotationKind::Primary.span(start..end);
        let annotation = if label.is_empty() { annotation } else { annotation.label(label.as_str()) };
        let snippet = Snippet::source(window).line_start(problem.line).annotation(annotation);
        let name = match lang {
            Lang::Ko => "오류",
            Lang::En => "error",
        };
        let title = Level::ERROR.with_name(name).primary_title(problem.message.text(lang));
        let group = if shift == source.lines[problem.line - 1] as usize {
            title.element(snippet.path(source.name.as_str()))
        } else {
            // The place is written out, because a line that was cut no longer knows its own columns.
            let place = Origin::path(source.name.as_str()).line(problem.line).char_column(problem.column);
            title.element(place).element(snippet)
        };
        let help = problem.help(lang);
        let group: Group<'_> = match (&help, lang) {
            (None, _) => group,
            (Some(help), Lang::Ko) => group.element(Level::HELP.with_name("도움").message(help.as_str())),
            (Some(help), Lang::En) => group.element(Level::HELP.message(help.as_str())),
        };
        renderer.render(&[group])
    }
}

impl Problem {
    /// `expected ..., found ...` in one language; empty when neither is known.
    pub fn label(&self, lang: Lang) -> String {
        let expected = self.expected.text(lang);
        match (lang, expected.is_empty(), self.found.is_empty()) {
            (_, true, true) => String::new(),
            (Lang::Ko, true, false) => format!("여기에는 `{}`", self.found),
            (Lang::Ko, false, true) => format!("올 수 있는 것: {expected}"),
            (Lang::Ko, false, false) => format!("올 수 있는 것: {expected}; 적힌 것: `{}`", self.found),
            (Lang::En, true, false) => format!("found `{}`", self.found),
            (Lang::En, false, true) => format!("expected {expected}"),
            (Lang::En, false, false) => format!("expected {expected}, found `{}`", self.found),
        }
    }

    fn help(&self, lang: Lang) -> Option<String> {
        let word = self.nearest.as_ref()?;
        Some(match lang {
            Lang::Ko => format!("`{word}`을(를) 쓰려던 것입니까?"),
            Lang::En => format!("did you mean `{word}`?"),
        })
    }
}

impl Source {
    /// The range, held inside the text and moved to character boundaries.
    fn hold(&self, range: Range<usize>) -> Range<usize> {
        let start = floor(&self.text, range.start);
        start..floor(&self.text, range.end).max(start)
    }

    /// The line of a problem, cut around the place when it is very long, and where that piece begins in the file.
    fn window(&self, problem: &Problem) -> (&str, usize) {
        let first = self.lines[problem.line - 1] as usize;
        let last = self.lines.get(problem.line).map_or(self.text.len(), |next| *next as usize - 1);
        let from = first.max(floor(&self.text, problem.span.start.saturating_sub(SHOWN_BYTES)));
        let to = last.min(floor(&self.text, problem.span.start + SHOWN_BYTES)).max(problem.span.start);
        (self.text[from..to].trim_end_matches('\r'), from)
    }
}

/// The last character boundary at or before `index`.
fn floor(text: &str, index: usize) -> usize {
    text.floor_char_boundary(index.min(text.len()))
}
