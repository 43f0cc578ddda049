//! Reading the tree: every getter answers what it found or says what is wrong, and the caller reads on.
//!
//! `None` always means "absent, or wrong and said so". Nothing here knows what a scenario is about.

use std::ops::Range;

use crate::sim::model::words::Words;
use crate::sim::scenario::problem::{At, Issue, Problems, nearest, quote, words};
use crate::sim::scenario::table::Table;
use crate::sim::scenario::value::Leaf;
use crate::sim::scenario::yaml::{Entry, Node, Value};

/// The key that may stand in every mapping: the reason of a figure that has no source.
pub(super) const ASSUMED: &str = "assumed";

/// Names are at most so long.
const NAME_CHARS_MAX: usize = 64;

/// A mapping whose keys have been held against their table.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) at: At,
    entries: &'a [Entry],
}

impl<'a> Fields<'a> {
    /// The node as a mapping of this table; unknown keys are said.
    pub(super) fn of(node: &'a Node, name: &str, table: &Table, problems: &mut Problems) -> Option<Fields<'a>> {
        let keys: Vec<&str> = table.keys().collect();
        Fields::with_keys(node, name, &keys, problems)
    }

    /// The same with a list of keys instead of a table.
    pub(super) fn with_keys(node: &'a Node, name: &str, keys: &[&str], problems: &mut Problems) -> Option<Fields<'a>> {
        let Some(entries) = node.entries() else {
            let listed = keys.join(", ");
            let issue = not_a(name, ("항목 모음", "a mapping"), node);
            problems
                .add(node.at, issue.expected(format!("항목: {listed}"), format!("a mapping with the keys {listed}")));
            return None;
        };
        for entry in entries.iter().filter(|entry| entry.key != ASSUMED && !keys.contains(&entry.key.as_str())) {
            if problems.is_full() {
                problems.add(entry.key_at, Issue::default());
                continue;
            }
            let key = quote(&entry.key);
            let issue = Issue::new(format!("모르는 항목입니다: `{key}`"), format!("unknown key `{key}`"))
                .expecting(one_of(keys.iter().copied()))
                .nearest(nearest(&entry.key, keys.iter().copied()));
            problems.add(entry.key_at, issue);
        }
        Some(Fields { at: node.at, entries })
    }

    /// The node as a mapping whose keys somebody else holds against a table.
    pub(super) fn unchecked(node: &'a Node) -> Option<Fields<'a>> {
        node.entries().map(|entries| Fields { at: node.at, entries })
    }

    /// The value of a key; a key without a value is said.
    pub(super) fn get(&self, key: &str, problems: &mut Problems) -> Option<&'a Node> {
        let entry = self.entry(key)?;
        if entry.node.is_null() {
            let issue = Issue::new(format!("`{key}` 항목에 값이 없습니다"), format!("`{key}` has no value"));
            problems.add(entry.key_at, issue);
            return None;
        }
        Some(&entry.node)
    }

    /// The value of a key that must stand.
    pub(super) fn need(&self, key: &str, problems: &mut Problems) -> Option<&'a Node> {
        if !self.has(key) {
            self.missing(key, problems);
        }
        self.get(key, problems)
    }

    /// Says that a key is missing.
    pub(super) fn missing(&self, key: &str, problems: &mut Problems) {
        let at = At { end: self.at.end.min(self.at.start + 1).max(self.at.start), ..self.at };
        problems.add(at, Issue::new(format!("`{key}` 항목이 없습니다"), format!("`{key}` is missing")));
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    pub(super) fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// All entries but `assumed`.
    pub(super) fn entries(&self) -> impl Iterator<Item = &'a Entry> + use<'a> {
        self.entries.iter().filter(|entry| entry.key != ASSUMED)
    }

    /// A leaf of a key.
    pub(super) fn leaf<L: Leaf>(&self, key: &str, problems: &mut Problems) -> Option<L> {
        leaf(key, self.get(key, problems)?, problems)
    }

    /// A leaf of a key that must stand.
    pub(super) fn need_leaf<L: Leaf>(&self, key: &str, problems: &mut Problems) -> Option<L> {
        leaf(key, self.need(key, problems)?, problems)
    }

    /// A whole number between two bounds.
    pub(super) fn number(&self, key: &str, range: Range<u64>, problems: &mut Problems) -> Option<u64> {
        let node = self.get(key, problems)?;
        let number = leaf::<u64>(key, node, problems)?;
        if range.contains(&number) {
            return Some(number);
        }
        let last = range.end - 1;
        let issue = Issue::new(format!("`{key}` 값이 범위를 벗어납니다"), format!("`{key}` is out of range"))
            .expected(
                format!("{}에서 {last}까지의 정수", range.start),
                format!("a whole number from {} to {last}", range.start),
            )
            .found(&number.to_string());
        problems.add(node.at, issue);
        None
    }

    /// A text of a key.
    pub(super) fn text(&self, key: &str, problems: &mut Problems) -> Option<&'a str> {
        text(key, self.get(key, problems)?, problems)
    }

    /// A text for people in two languages, or one text for both.
    pub(super) fn words(&self, key: &str, problems: &mut Problems) -> Option<Words> {
        to_words(key, self.get(key, problems)?, problems)
    }

    /// One of a closed list of words.
    pub(super) fn word<T: Copy>(&self, key: &str, choices: &[(T, &str)], problems: &mut Problems) -> Option<T> {
        word(key, self.get(key, problems)?, choices, problems)
    }
}

/// `name` is not what it should be.
pub(super) fn not_a(name: &str, what: (&str, &str), node: &Node) -> Issue {
    let found = match &node.value {
        Value::Scalar { text, .. } => quote(text),
        Value::List(_) => "[ ]".to_owned(),
        Value::Map(_) => "{ }".to_owned(),
    };
    Issue::new(format!("`{name}`의 값은 {} 형식이 아닙니다", what.0), format!("`{name}` is not {}", what.1))
        .found(&found)
}

/// `one of a, b or c`.
pub(super) fn one_of<'a>(known: impl Iterator<Item = &'a str>) -> Words {
    const SHOWN: usize = 30;
    let all: Vec<&str> = known.collect();
    let mut listed = all.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if all.len() > SHOWN {
        listed.push_str(", …");
    }
    match all.len() {
        0 => words("(아직 아무것도 없음)", "nothing: none is defined"),
        1 => words(listed.clone(), listed),
        _ => words(listed.clone(), format!("one of {listed}")),
    }
}

/// A leaf.
pub(super) fn leaf<L: Leaf>(name: &str, node: &Node, problems: &mut Problems) -> Option<L> {
    let Value::Scalar { text, plain } = &node.value else {
        problems.add(node.at, not_a(name, L::NAME, node));
        return None;
    };
    match L::read(text, *plain) {
        Ok(value) => Some(value),
        Err(expected) => {
            problems.add(node.at, not_a(name, L::NAME, node).expecting(expected));
            None
        }
    }
}

/// A text: any scalar that is not empty.
pub(super) fn text<'a>(name: &str, node: &'a Node, problems: &mut Problems) -> Option<&'a str> {
    match node.text() {
        Some(text) if !text.is_empty() && !node.is_null() => Some(text),
        _ => {
            problems.add(node.at, not_a(name, ("글", "a text"), node));
            None
        }
    }
}

/// A text for people: one for both languages, or `{ ko, en }`.
pub(super) fn to_words(name: &str, node: &Node, problems: &mut Problems) -> Option<Words> {
    if node.entries().is_none() {
        return text(name, node, problems).map(Words::same);
    }
    let fields = Fields::with_keys(node, name, &["ko", "en"], problems)?;
    let (ko, en) = (fields.text("ko", problems), fields.text("en", problems));
    match (ko, en) {
        (Some(ko), Some(en)) => Some(words(ko, en)),
        (Some(only), None) | (None, Some(only)) => Some(Words::same(only)),
        (None, None) => {
            if !fields.has("ko") && !fields.has("en") {
                fields.missing("ko", problems);
            }
            None
        }
    }
}

/// One of a closed list of words.
pub(super) fn word<T: Copy>(name: &str, node: &Node, choices: &[(T, &str)], problems: &mut Problems) -> Option<T> {
    let known = || choices.iter().map(|choice| choice.1);
    let written = node.text().unwrap_or_default();
    let choice = choices.iter().find(|choice| choice.1 == written);
    if choice.is_none() {
        let issue = Issue::new(format!("`{name}`에 쓸 수 없는 값입니다"), format!("`{name}` does not know this word"))
            .expecting(one_of(known()))
            .found(written)
            .nearest(nearest(written, known()));
        problems.add(node.at, issue);
    }
    choice.map(|choice| choice.0)
}

/// A reference to one of the names that the file defines.
pub(super) fn reference<'n>(
    what: (&str, &str),
    node: &Node,
    known: impl Iterator<Item = &'n str> + Clone,
    problems: &mut Problems,
) -> Option<usize> {
    let written = node.text().unwrap_or_default();
    let found = known.clone().position(|name| name == written);
    if found.is_none() {
        problems.add(node.at, unknown(what, written, known));
    }
    found
}

/// A name that the file does not define.
pub(super) fn unknown<'n>(what: (&str, &str), name: &str, known: impl Iterator<Item = &'n str> + Clone) -> Issue {
    let quoted = quote(name);
    Issue::new(format!("없는 {}입니다: `{quoted}`", what.0), format!("there is no {} `{quoted}`", what.1))
        .nearest(nearest(name, known.clone()))
        .expecting(one_of(known))
}

/// The items of a list with at most `max` items; a longer one is said and cut.
pub(super) fn items<'a>(name: &str, node: &'a Node, max: usize, problems: &mut Problems) -> &'a [Node] {
    let Value::List(items) = &node.value else {
        problems.add(node.at, not_a(name, ("목록", "a list"), node));
        return &[];
    };
    too_many(name, items.len(), max, node.at, problems);
    &items[..items.len().min(max)]
}

/// The items of a list, or the one thing that stands instead of a list.
pub(super) fn one_or_many<'a>(name: &str, node: &'a Node, max: usize, problems: &mut Problems) -> &'a [Node] {
    match &node.value {
        Value::Scalar { .. } => std::slice::from_ref(node),
        Value::List(_) | Value::Map(_) => items(name, node, max, problems),
    }
}

/// The rows of a mapping whose keys are names of the author's choice, `assumed` left out.
pub(super) fn rows<'a>(name: &str, node: &'a Node, max: usize, problems: &mut Problems) -> Vec<&'a Entry> {
    let Some(entries) = node.entries() else {
        problems.add(node.at, not_a(name, ("항목 모음", "a mapping"), node));
        return Vec::new();
    };
    too_many(name, entries.len(), max, node.at, problems);
    let rows: Vec<&Entry> = entries.iter().filter(|entry| entry.key != ASSUMED).take(max).collect();
    for row in &rows {
        check_name(&row.key, row.key_at, problems);
    }
    rows
}

/// Says that a list is too long.
pub(super) fn too_many(name: &str, count: usize, max: usize, at: At, problems: &mut Problems) {
    if count > max {
        let ko = format!("`{name}`은(는) {max}개까지입니다 (지금 {count}개)");
        problems.add(at, Issue::new(ko, format!("`{name}` has {count} rows, at most {max} are read")));
    }
}

/// Names are letters (of any script), digits, `-`, `_` and `.`; so an expression can name them.
pub(super) fn check_name(name: &str, at: At, problems: &mut Problems) -> bool {
    let letters = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let good = letters && (1..=NAME_CHARS_MAX).contains(&name.chars().count());
    if !good {
        let issue = Issue::new("이름으로 쓸 수 없습니다", "this cannot be a name")
            .expected("글자·숫자·`-`·`_`·`.` 1~64자", "1 to 64 letters, digits, `-`, `_` or `.`")
            .found(name);
        problems.add(at, issue);
    }
    good
}
