//! `each:`: what stands once in the file and many times in the run, as sixty shops of one market do.
//!
//! `each: { shop: 60 }` repeats every entry whose key has `<shop>` in it, and every item of a list that has it anywhere,
//! for 01 to 60, with the number in place of the mark. It works on the tree, before anything is read from it; what is
//! written out as resolved has no `each` any more.

use crate::sim::scenario::problem::{Issue, Problems, quote};
use crate::sim::scenario::reader::{leaf, rows};
use crate::sim::scenario::yaml::{Entry, Node, Value};

const NAMES_MAX: usize = 4;
const COPIES_MAX: u64 = 256;
/// Nodes of the tree after repeating: what a large file has, and no more.
const NODES_MAX: usize = 500_000;

/// Repeats what `each:` says, and takes it out of the tree.
pub(super) fn expand(root: &mut Node, problems: &mut Problems) {
    let Value::Map(entries) = &mut root.value else { return };
    let Some(place) = entries.iter().position(|entry| entry.key == "each") else { return };
    let each = entries.remove(place);
    for row in rows("each", &each.node, NAMES_MAX, problems) {
        let Some(count) = leaf::<u64>(&row.key, &row.node, problems) else { continue };
        if !(1..=COPIES_MAX).contains(&count) {
            let ko = format!("1에서 {COPIES_MAX}까지의 정수");
            let issue = Issue::new("반복 횟수가 범위를 벗어납니다", "so often nothing can be repeated")
                .expected(ko, format!("a whole number from 1 to {COPIES_MAX}"))
                .found(&count.to_string());
            problems.add(row.node.at, issue);
            continue;
        }
        let mut each = Each { mark: format!("<{}>", row.key), count: count as usize, nodes: 0 };
        each.inside(root);
        if each.nodes > NODES_MAX {
            let issue = Issue::new("반복한 내용이 너무 많습니다", "too much is repeated");
            problems.add(row.node.at, issue.found(&count.to_string()));
        } else if each.stands(root) {
            let mark = quote(&each.mark);
            let ko = format!("`{mark}`이(가) 반복되지 않는 곳에 있습니다");
            problems.add(row.key_at, Issue::new(ko, format!("`{mark}` stands where nothing is repeated")));
        } else if each.nodes == 0 {
            let mark = quote(&each.mark);
            let ko = format!("`{mark}`이(가) 어디에도 없습니다");
            problems.add(row.key_at, Issue::new(ko, format!("`{mark}` stands nowhere")));
        }
    }
}

/// One name of `each:`.
struct Each {
    mark: String,
    count: usize,
    /// Nodes made so far; nothing is made beyond the most.
    nodes: usize,
}

impl Each {
    fn inside(&mut self, node: &mut Node) {
        match &mut node.value {
            Value::Scalar { .. } => {}
            Value::Map(entries) => {
                for mut entry in std::mem::take(entries) {
                    if entry.key.contains(&self.mark) {
                        self.copies(&entry.node, |number, node| {
                            entries.push(Entry { key: number.1(&entry.key), key_at: entry.key_at, node });
                        });
                    } else {
                        self.inside(&mut entry.node);
                        entries.push(entry);
                    }
                }
            }
            Value::List(items) => {
                for mut item in std::mem::take(items) {
                    if self.stands(&item) {
                        self.copies(&item, |_, node| items.push(node));
                    } else {
                        self.inside(&mut item);
                        items.push(item);
                    }
                }
            }
        }
    }

    /// The node once for each number, as long as there is room.
    fn copies(&mut self, node: &Node, mut take: impl FnMut((usize, &dyn Fn(&str) -> String), Node)) {
        let width = self.count.to_string().len();
        for number in 1..=self.count {
            if self.nodes > NODES_MAX {
                return;
            }
            let fill = |text: &str| text.replace(&self.mark, &format!("{number:0width$}"));
            let (copy, nodes) = filled(node, &fill);
            self.nodes += nodes;
            take((number, &fill), copy);
        }
    }

    /// Whether the mark stands anywhere in it.
    fn stands(&self, node: &Node) -> bool {
        match &node.value {
            Value::Scalar { text, .. } => text.contains(&self.mark),
            Value::List(items) => items.iter().any(|item| self.stands(item)),
            Value::Map(entries) => {
                entries.iter().any(|entry| entry.key.contains(&self.mark) || self.stands(&entry.node))
            }
        }
    }
}

/// A copy with the number in place of the mark, and how many nodes it has.
fn filled(node: &Node, fill: &dyn Fn(&str) -> String) -> (Node, usize) {
    let mut nodes = 1;
    let mut below = |node: &Node| {
        let (copy, inside) = filled(node, fill);
        nodes += inside;
        copy
    };
    let value = match &node.value {
        Value::Scalar { text, plain } => Value::Scalar { text: fill(text), plain: *plain },
        Value::List(items) => Value::List(items.iter().map(&mut below).collect()),
        Value::Map(entries) => {
            let entry = |entry: &Entry| Entry { key: fill(&entry.key), key_at: entry.key_at, node: below(&entry.node) };
            Value::Map(entries.iter().map(entry).collect())
        }
    };
    (Node { at: node.at, end: node.end, value }, nodes)
}
