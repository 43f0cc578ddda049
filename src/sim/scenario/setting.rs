//! `--set`, `--seed` and `--phones`: changes of the tree before anything is read from it.

use crate::sim::scenario::audience::so_many;
use crate::sim::scenario::problem::{At, Issue, Problems, quote};
use crate::sim::scenario::value::decimal;
use crate::sim::scenario::yaml::{Node, Value, parse};
use crate::sim::scenario::{Options, Setting};

/// Applies the settings in order, then seed and number of people.
pub(super) fn apply(root: &mut Node, options: &Options, problems: &mut Problems) {
    for setting in &options.settings {
        set(root, setting, problems);
    }
    if let Some(seed) = options.seed {
        root.set("seed", Node::plain(root.at, seed.to_string()));
    }
    if let Some(people) = options.people {
        scale(root, people, problems);
    }
}

fn set(root: &mut Node, setting: &Setting, problems: &mut Problems) {
    let shown = format!("{}={}", setting.path, setting.value);
    let source = problems.source("--set", &shown);
    let path = At { source, start: 0, end: setting.path.len() as u32 };
    if shown.len() > SETTING_BYTES_MAX {
        return problems.add(path, Issue::new("설정값이 너무 깁니다", "the setting is too long"));
    }
    let Some(node) = parse(source, path.end + 1, &setting.value, problems) else { return };
    let steps: Vec<&str> = setting.path.split('.').collect();
    put(root, &steps, path, node, problems);
}

const SETTING_BYTES_MAX: usize = 64 << 10;

/// Walks down the path; mappings that are not there are made, places in lists are not.
fn put(node: &mut Node, steps: &[&str], at: At, value: Node, problems: &mut Problems) {
    let Some((step, rest)) = steps.split_first() else {
        *node = value;
        return;
    };
    match &mut node.value {
        Value::List(items) => {
            let index = decimal(step, 0).and_then(|index| usize::try_from(index).ok());
            let count = items.len();
            match index.and_then(|index| items.get_mut(index)) {
                Some(item) => put(item, rest, at, value, problems),
                None => {
                    let last = count.saturating_sub(1);
                    let issue = Issue::new("목록에 그런 자리가 없습니다", "no such place in the list")
                        .expected(format!("0에서 {last}까지"), format!("a place from 0 to {last}"))
                        .found(step);
                    problems.add(at, issue);
                }
            }
        }
        Value::Map(_) => {
            if node.get(step).is_none() {
                let fresh = if rest.is_empty() {
                    Node::plain(at, "")
                } else {
                    Node { at, end: at.end, value: Value::Map(Vec::new()) }
                };
                node.set(step, fresh);
            }
            if let Some(below) = node.get_mut(step) {
                put(below, rest, at, value, problems);
            }
        }
        Value::Scalar { .. } => {
            let ko = format!("`{}` 아래에는 아무것도 없습니다", quote(step));
            problems.add(at, Issue::new(ko, format!("there is nothing to hold `{}`", quote(step))));
        }
    }
}

/// Makes the population `people` large; rows and `100 people` keep their part of the whole, and nothing becomes empty.
fn scale(root: &mut Node, people: u32, problems: &mut Problems) {
    for row in root.get("people").and_then(Node::entries).unwrap_or_default() {
        if let Some(from) = row.node.get("from").or(row.node.get("list")) {
            problems.add(from.at, Issue::new("명단의 인원은 바꿀 수 없습니다", "a list of people cannot be scaled"));
        }
    }
    let Some(whole) = whole(root) else { return };
    let part = |count: u64, before: u64| {
        let until =
            |count: u64| u64::try_from(u128::from(count) * u128::from(people) / u128::from(whole)).unwrap_or(u64::MAX);
        (until(before.saturating_add(count)) - until(before)).max(1)
    };
    let mut before: u64 = 0;
    if let Some(Value::Map(rows)) = root.get_mut("people").map(|node| &mut node.value) {
        for row in rows.iter_mut() {
            let Some(count) = count(&row.node) else { continue };
            let Some(node) = row.node.get_mut("count") else { continue };
            *node = Node::plain(node.at, part(count, before).to_string());
            before = before.saturating_add(count);
        }
    }
    let Some(Value::List(lines)) = root.get_mut("timeline").map(|node| &mut node.value) else { return };
    for line in lines {
        let Some(to) = line.get_mut("to") else { continue };
        let nested = to.entries().is_some();
        let Some(to) = (if nested { to.get_mut("people") } else { Some(to) }) else { continue };
        if let Some(count) = to.text().and_then(so_many) {
            *to = Node::quoted(to.at, format!("{} people", part(count, 0)));
        }
    }
}

fn count(row: &Node) -> Option<u64> {
    row.get("count").and_then(Node::text).and_then(|text| decimal(text, 0))
}

/// How many people the file has as it stands; `None` when it has none that can be counted.
fn whole(root: &Node) -> Option<u64> {
    let whole = match root.get("people").and_then(Node::entries) {
        Some(rows) => rows.iter().filter_map(|row| count(&row.node)).fold(0, u64::saturating_add),
        None => super::timeline::people_named(root.get("timeline")?)?,
    };
    (whole > 0).then_some(whole)
}
