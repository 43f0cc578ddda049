//! `steady:`, `expect:` and `stop:`. What an expression means is `sim::expect`'s business; here it gets its place.

use crate::sim::expect::{Clause, Promise, Strength, parse, parse_stop};
use crate::sim::model::words::Words;
use crate::sim::plan::Plan;
use crate::sim::scenario::manners;
use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::reader::{Fields, items, one_of, text, to_words};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::yaml::Node;

/// `steady:`.
pub(super) const STEADY: Shape = Shape::List(&Shape::Either(&[Shape::Text, Shape::Table(&STEADY_TABLE)]));
/// `expect:`.
pub(super) const EXPECT: Shape = Shape::List(&Shape::Table(&EXPECT_TABLE));
/// `stop:`.
pub(super) const STOP: Shape = Shape::List(&Shape::Table(&STOP_TABLE));

const STEADY_TABLE: Table = Table {
    name: "steady",
    needs: &["must"],
    rows: &[
        Row("must", Shape::Text, "조건 / holds from the start to the first fault"),
        Row("why", Shape::Words, "이유 / the reason, for people"),
    ],
};

const EXPECT_TABLE: Table = Table {
    name: "expect",
    needs: &[],
    rows: &[
        Row("must", Shape::Text, "반드시 / FAIL if it does not hold"),
        Row("should", Shape::Text, "권고 / a warning if it does not hold"),
        Row("sometimes", Shape::Text, "상황 / INCONCLUSIVE if it does not hold"),
        Row("why", Shape::Words, "이유 / the reason, for people"),
    ],
};

const STOP_TABLE: Table = Table {
    name: "stop",
    needs: &["if"],
    rows: &[
        Row("if", Shape::Text, "조건 / ends the run when it holds"),
        Row("why", Shape::Words, "이유 / the reason, for people"),
    ],
};

const CLAUSES_MAX: usize = 256;
const STOPS_MAX: usize = 32;
const EXPRESSION_BYTES_MAX: usize = 4 << 10;

/// Reads all that the scenario promises, against a plan that has all its names.
pub(super) fn read(root: &Fields<'_>, plan: &Plan, problems: &mut Problems) -> Promise {
    let mut lists = |key, max, table: &Table, strengths: &[(Strength, &'static str)]| {
        let Some(node) = root.get(key, problems) else { return Vec::new() };
        let lines = items(key, node, max, problems);
        lines.iter().flat_map(|line| clause(line, key, table, strengths, plan, problems)).collect()
    };
    let strengths = [(Strength::Must, "must"), (Strength::Should, "should"), (Strength::Sometimes, "sometimes")];
    Promise {
        steady: lists("steady", CLAUSES_MAX, &STEADY_TABLE, &[(Strength::Steady, "must")]),
        expect: lists("expect", CLAUSES_MAX, &EXPECT_TABLE, &strengths),
        stop: lists("stop", STOPS_MAX, &STOP_TABLE, &[(Strength::Stop, "if")]),
    }
}

fn clause(
    line: &Node,
    name: &str,
    table: &Table,
    strengths: &[(Strength, &'static str)],
    plan: &Plan,
    problems: &mut Problems,
) -> Vec<Clause> {
    if line.entries().is_none() && name == "steady" {
        return understood(line, name, strengths[0].0, None, plan, problems);
    }
    let Some(fields) = Fields::of(line, name, table, problems) else { return Vec::new() };
    let why = fields.get("why", problems).and_then(|node| to_words("why", node, problems));
    let mut said = strengths.iter().filter(|row| fields.has(row.1));
    let Some((strength, key)) = said.next() else {
        // A misspelt condition has been said as an unknown key already.
        if fields.entries().all(|entry| entry.key == "why") {
            let known = strengths.iter().map(|row| row.1);
            let issue = Issue::new("조건이 없는 줄입니다", "the line has no condition").expecting(one_of(known));
            problems.add(line.at, issue);
        }
        return Vec::new();
    };
    if let Some((_, other)) = said.next() {
        let at = fields.entry(other).map_or(line.at, |entry| entry.key_at);
        problems.add(at, Issue::new("한 줄에 조건은 하나입니다", "one condition a line").found(other));
    }
    match fields.get(key, problems) {
        Some(node) => understood(node, key, *strength, why, plan, problems),
        None => Vec::new(),
    }
}

fn understood(
    node: &Node,
    name: &str,
    strength: Strength,
    why: Option<Words>,
    plan: &Plan,
    problems: &mut Problems,
) -> Vec<Clause> {
    let Some(source) = text(name, node, problems) else { return Vec::new() };
    if source.len() > EXPRESSION_BYTES_MAX {
        let issue =
            Issue::new("식이 너무 깁니다", "the expression is too long").expected("4 KiB 이하", "at most 4 KiB");
        problems.add(node.at, issue.found(source));
        return Vec::new();
    }
    if let Some((sources, usual)) = manners::named(source, plan).filter(|_| strength != Strength::Stop) {
        let why = why.unwrap_or(usual);
        let clauses = sources.into_iter().filter_map(|source| match parse(&source, plan) {
            Ok(expression) => Some(Clause { strength, source, expression, why: why.clone() }),
            Err(error) => {
                problems.add(node.at, Issue::said(error.message));
                None
            }
        });
        return clauses.collect();
    }
    let read = if strength == Strength::Stop { parse_stop(source, plan) } else { parse(source, plan) };
    match read {
        Ok(expression) => {
            let why = why.unwrap_or_else(|| Words::same(source));
            vec![Clause { strength, source: source.to_owned(), expression, why }]
        }
        Err(error) => {
            let at = problems.inside(node.at, source, error.at);
            problems.add(at, Issue::said(error.message).nearest(error.nearest));
            Vec::new()
        }
    }
}
