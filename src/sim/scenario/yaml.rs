//! YAML to a tree of nodes that know their places. The only module that knows the YAML library.
//!
//! The tree keeps every scalar as the text it was written as: nothing here turns `on` into a truth value or `12:30:00`
//! into a number. Refused, each with its place: duplicate keys, keys that are not plain words, tags, several documents,
//! and everything beyond the budgets below (alias bombs, deep nesting, endless files).

use std::collections::{BTreeMap, BTreeSet};

use serde_saphyr::granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, Span};

use crate::sim::scenario::problem::{At, Issue, Problems};

/// A value of the file, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Where it is pointed at: the whole of a scalar, the bracket or first key of anything larger.
    pub(super) at: At,
    /// The byte after its last one.
    pub(super) end: u32,
    pub(super) value: Value,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// A scalar as written, escapes resolved.
    Scalar {
        text: String,
        /// Written without quotes: may be a number, a truth value or nothing at all.
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_at: At,
    pub(super) node: Node,
}

/// Values a file may have, those that aliases repeat included.
const NODES_MAX: usize = 200_000;
/// Bytes that aliases may repeat.
const ALIAS_BYTES_MAX: usize = 1 << 20;
/// Bytes that anchors may name.
const KEPT_BYTES_MAX: usize = 16 << 20;
/// Brackets inside brackets, indentations inside indentations.
const DEPTH_MAX: usize = 48;

struct Builder<'p> {
    source: u16,
    base: u32,
    problems: &'p mut Problems,
    stack: Vec<Frame>,
    root: Option<Node>,
    anchors: BTreeMap<usize, (Node, Size)>,
    size: Size,
    kept: Size,
    documents: usize,
}

struct Frame {
    at: At,
    anchor: usize,
    before: Size,
    kind: FrameKind,
}

enum FrameKind {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, seen: BTreeSet<String>, key: Option<(String, At)>, skip: bool },
}

#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    alias_bytes: usize,
    bytes: usize,
}

/// Reads `text`, which stands at byte `base` of the source. `None`: it could not be read to its end, and why is said.
pub(super) fn parse(source: u16, base: u32, text: &str, problems: &mut Problems) -> Option<Node> {
    let before = problems.count();
    let mut options = Options::default();
    options.emit_comments = false;
    options.disallow_directives = true;
    options.flow_nesting_limit = DEPTH_MAX;
    options.block_nesting_limit = DEPTH_MAX;
    let mut builder = Builder {
        source,
        base,
        problems,
        stack: Vec::new(),
        root: None,
        anchors: BTreeMap::new(),
        size: Size::default(),
        kept: Size::default(),
        documents: 0,
    };
    for next in Parser::new_from_str_with_options(text, options) {
        match next {
            Ok((event, span)) => {
                builder.take(event, span)?;
            }
            Err(error) => {
                let start = error.marker().byte_offset().unwrap_or(0);
                let at = builder.place(start, start + 1);
                let what = error.info();
                let other = format!("이 자리에서는 읽을 수 없습니다 ({what})");
                let ko = korean(error.kind()).unwrap_or(&other);
                builder.problems.add(at, Issue::new(format!("YAML 문법 오류: {ko}"), format!("not YAML: {what}")));
                return None;
            }
        }
    }
    let root = builder.root.take();
    let whole = builder.place(0, 0);
    if root.is_none() && builder.problems.count() == before {
        builder.problems.add(whole, Issue::new("파일이 비어 있습니다", "the file is empty"));
    }
    root
}

impl Node {
    /// A scalar without quotes.
    pub(super) fn plain(at: At, text: impl Into<String>) -> Node {
        Node { at, end: at.end, value: Value::Scalar { text: text.into(), plain: true } }
    }

    /// A scalar with quotes.
    pub(super) fn quoted(at: At, text: impl Into<String>) -> Node {
        Node { at, end: at.end, value: Value::Scalar { text: text.into(), plain: false } }
    }

    /// The text of a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Whether nothing is written: an empty value, `~` or `null`.
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null"))
    }

    /// The entries of a mapping.
    pub(super) fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            Value::Scalar { .. } | Value::List(_) => None,
        }
    }

    /// The value of a key of a mapping.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// The value of a key of a mapping, to be changed.
    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        match &mut self.value {
            Value::Map(entries) => entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.node),
            Value::Scalar { .. } | Value::List(_) => None,
        }
    }

    /// Puts a value under a key of a mapping, in place of the old one or at the end. Nothing happens to other nodes.
    pub(super) fn set(&mut self, key: &str, node: Node) {
        let Value::Map(entries) = &mut self.value else { return };
        match entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) => entry.node = node,
            None => entries.push(Entry { key: key.to_owned(), key_at: node.at, node }),
        }
    }

    /// Whether two trees say the same, wherever it stands.
    pub(super) fn same(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Scalar { text: a, plain: p }, Value::Scalar { text: b, plain: q }) => a == b && p == q,
            (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b)),
            (Value::Map(a), Value::Map(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key && a.node.same(&b.node))
            }
            (Value::Scalar { .. } | Value::List(_) | Value::Map(_), _) => false,
        }
    }
}

impl Builder<'_> {
    /// Takes one event; `None` when it makes no sense to read on.
    fn take(&mut self, event: Event<'_>, span: Span) -> Option<()> {
        let start = span.start.byte_offset().unwrap_or(0);
        let at = self.place(start, span.end.byte_offset().unwrap_or(start));
        match event {
            Event::DocumentStart(..) => self.document(at),
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_tag(tag.is_some(), at);
                self.count(1, 0, at)?;
                self.size.bytes += text.len();
                let plain = style == ScalarStyle::Plain;
                let node = Node { at, end: at.end, value: Value::Scalar { text: text.into_owned(), plain } };
                let bytes = node.text().map_or(0, str::len);
                self.remember(anchor, &node, Size { nodes: 1, alias_bytes: 0, bytes })?;
                self.put(node)
            }
            Event::SequenceStart(_, anchor, tag) => self.open(at, anchor, tag.is_some(), FrameKind::List(Vec::new())),
            Event::MappingStart(_, anchor, tag) => {
                let kind = FrameKind::Map { entries: Vec::new(), seen: BTreeSet::new(), key: None, skip: false };
                self.open(at, anchor, tag.is_some(), kind)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(at.end),
            Event::Alias(anchor) => self.repeat(anchor, at),
            // The library may grow further events of presentation; nodes and aliases are all above.
            _ => Some(()),
        }
    }

    fn place(&self, start: usize, end: usize) -> At {
        At { source: self.source, start: self.base + start as u32, end: self.base + end as u32 }
    }

    fn document(&mut self, at: At) -> Option<()> {
        self.documents += 1;
        if self.documents > 1 {
            self.problems.add(at, Issue::new("문서가 둘 이상입니다", "more than one document in a file"));
            return None;
        }
        Some(())
    }

    fn refuse_tag(&mut self, tagged: bool, at: At) {
        if tagged {
            self.problems.add(at, Issue::new("`!` 태그는 쓰지 않습니다", "tags (`!`) are not used here"));
        }
    }

    fn count(&mut self, nodes: usize, alias_bytes: usize, at: At) -> Option<()> {
        self.size.nodes += nodes;
        self.size.alias_bytes += alias_bytes;
        if self.size.nodes > NODES_MAX || self.size.alias_bytes > ALIAS_BYTES_MAX {
            let en = format!("too much in one file: more than {NODES_MAX} values, repeated ones included");
            self.problems
                .add(at, Issue::new(format!("파일이 너무 큽니다: 반복을 포함해 값이 {NODES_MAX}개를 넘습니다"), en));
            return None;
        }
        Some(())
    }

    fn open(&mut self, at: At, anchor: usize, tagged: bool, kind: FrameKind) -> Option<()> {
        self.refuse_tag(tagged, at);
        let before = self.size;
        self.count(1, 0, at)?;
        self.stack.push(Frame { at, anchor, before, kind });
        Some(())
    }

    fn close(&mut self, end: u32) -> Option<()> {
        let frame = self.stack.pop().expect("the parser closes only what it opened");
        let (at, value) = match frame.kind {
            FrameKind::List(items) => {
                (items.first().map_or(frame.at, |item| opening(frame.at, item.at)), Value::List(items))
            }
            FrameKind::Map { entries, .. } => {
                (entries.first().map_or(frame.at, |entry| opening(frame.at, entry.key_at)), Value::Map(entries))
            }
        };
        let node = Node { at, end, value };
        let size = Size {
            nodes: self.size.nodes - frame.before.nodes,
            alias_bytes: 0,
            bytes: self.size.bytes - frame.before.bytes,
        };
        self.remember(frame.anchor, &node, size)?;
        self.put(node)
    }

    /// Keeps what an anchor names. Anchors inside anchors keep the same thing more than once, so that is bounded, too.
    fn remember(&mut self, anchor: usize, node: &Node, size: Size) -> Option<()> {
        if anchor == 0 {
            return Some(());
        }
        self.kept.nodes += size.nodes;
        self.kept.bytes += size.bytes;
        if self.kept.nodes > NODES_MAX || self.kept.bytes > KEPT_BYTES_MAX {
            self.problems.add(node.at, Issue::new("앵커가 너무 많은 것을 가리킵니다", "anchors name too much"));
            return None;
        }
        self.anchors.insert(anchor, (node.clone(), size));
        Some(())
    }

    fn repeat(&mut self, anchor: usize, at: At) -> Option<()> {
        let Some(size) = self.anchors.get(&anchor).map(|(_, size)| *size) else {
            self.problems.add(at, Issue::new("자기 자신을 가리키는 별칭입니다", "an alias inside what it stands for"));
            return None;
        };
        self.count(size.nodes, size.bytes, at)?;
        self.size.bytes += size.bytes;
        let node = self.anchors[&anchor].0.clone();
        self.put(node)
    }

    /// Puts a finished node where it belongs: as a key, a value, an item or the root.
    fn put(&mut self, node: Node) -> Option<()> {
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(node);
            return Some(());
        };
        match &mut frame.kind {
            FrameKind::List(items) => items.push(node),
            FrameKind::Map { entries, seen, key, skip } => match key.take() {
                Some((key, key_at)) if !*skip => entries.push(Entry { key, key_at, node }),
                Some(_) => *skip = false,
                None => {
                    let at = node.at;
                    let Value::Scalar { text, .. } = node.value else {
                        self.problems.add(at, Issue::new("항목 이름은 글자여야 합니다", "a key must be a word"));
                        *skip = true;
                        *key = Some((String::new(), at));
                        return Some(());
                    };
                    if !seen.insert(text.clone()) {
                        let ko = format!("`{}` 항목이 두 번 나옵니다", super::problem::quote(&text));
                        let en = format!("the key `{}` stands twice", super::problem::quote(&text));
                        self.problems.add(at, Issue::new(ko, en));
                        *skip = true;
                    }
                    *key = Some((text, at));
                }
            },
        }
        Some(())
    }
}

/// Where a list or mapping is pointed at: its bracket if it has one, else its first key or item.
fn opening(own: At, first: At) -> At {
    if own.end > own.start { own } else { first }
}

/// The commonest slips in Korean; of the rest the library's own English stands behind a Korean sentence.
fn korean(kind: &ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::UnclosedQuotedScalar | ErrorKind::InvalidQuotedScalarIndent => "따옴표가 닫히지 않았습니다",
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping => "괄호가 닫히지 않았습니다",
        ErrorKind::MisplacedFlowCollectionEnd | ErrorKind::MismatchedFlowCollectionEnd { .. } => {
            "여는 괄호와 맞지 않는 닫는 괄호입니다"
        }
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
            "들여쓰기에는 탭이 아니라 빈칸을 씁니다"
        }
        ErrorKind::InvalidIndentation => "들여쓰기가 맞지 않습니다",
        ErrorKind::UnknownAnchor => "정의되지 않은 별칭(*)입니다",
        ErrorKind::RecursionLimitExceeded => "너무 깊이 들어 있습니다",
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            "여기에는 `:`이 올 수 없습니다 (들여쓰기나 따옴표를 확인하십시오)"
        }
        ErrorKind::SimpleKeyExpected => "`항목: 값` 모양이어야 합니다",
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            "괄호 안의 항목 사이에 쉼표가 없습니다"
        }
        ErrorKind::ExpectedBlockMappingKey => "항목 이름이 와야 합니다",
        ErrorKind::BlockEntryInFlowCollection
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::ExpectedBlockSequenceEntry => {
            "여기에는 `-` 항목이 올 수 없습니다 (들여쓰기나 괄호를 확인하십시오)"
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "닫는 따옴표 뒤에 다른 글이 있습니다"
        }
        ErrorKind::UnknownQuotedScalarEscape | ErrorKind::InvalidQuotedScalarHexEscape => {
            "큰따옴표 안의 `\\` 뒤에 올 수 없는 글자입니다"
        }
        ErrorKind::UnexpectedCharacter { .. } => "여기에 올 수 없는 글자입니다 (따옴표로 감싸십시오)",
        ErrorKind::MappingKeyNotAllowed => "여기에는 항목 이름이 올 수 없습니다 (들여쓰기를 확인하십시오)",
        ErrorKind::UnexpectedEof | ErrorKind::UnexpectedEofBlockMapping | ErrorKind::UnexpectedEofBlockSequence => {
            "파일이 중간에 끝났습니다"
        }
        ErrorKind::ExpectedNodeContent => "값이 와야 합니다",
        _ => return None,
    })
}
