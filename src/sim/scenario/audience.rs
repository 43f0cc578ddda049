//! `to:` of a send line: a row of `people:`, so many people, everybody, or a choice by group, friendship and region.

use crate::sim::model::ids::PersonId;
use crate::sim::model::person::Groups;
use crate::sim::plan::numbers::PEOPLE_MAX;
use crate::sim::plan::{Audience, Plan};
use crate::sim::scenario::faults::{groups, regions};
use crate::sim::scenario::people::friend;
use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::reader::{Fields, unknown};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::value::decimal;
use crate::sim::scenario::yaml::Node;

/// `to:`.
pub(super) const SHAPE: Shape = Shape::Either(&[Shape::Text, Shape::Table(&TABLE)]);

const TABLE: Table = Table {
    name: "to",
    needs: &[],
    rows: &[
        Row("people", Shape::Text, "대상 / a row of people, `100 people`, or everybody when left out"),
        Row("groups", Shape::List(&Shape::Text), "그룹 / only members of these groups"),
        Row("friends_of", Shape::Text, "채널 친구 / only friends of this channel"),
        Row("regions", Shape::List(&Shape::Text), "지역 / only people of these regions"),
        Row("standing_in", Shape::List(&Shape::Text), "지금 있는 지역 / only people who stand there now"),
    ],
};

/// Everybody, in the words of the file.
const EVERYBODY: &str = "everybody";

/// Reads `to:`.
pub(super) fn read(node: &Node, plan: &Plan, problems: &mut Problems) -> Option<Audience> {
    if node.entries().is_none() {
        return range(node, plan, problems);
    }
    let fields = Fields::of(node, "to", &TABLE, problems)?;
    let audience = match fields.get("people", problems) {
        Some(node) => range(node, plan, problems),
        None => Some(whole(plan)),
    };
    let groups = groups(&fields, plan, problems);
    let standing_in = regions(&fields, "standing_in", plan, problems);
    let regions = regions(&fields, "regions", plan, problems);
    let friends_of = fields.get("friends_of", problems).and_then(|node| friend(node, plan, problems));
    Some(Audience { groups, friends_of, regions, standing_in, ..audience? })
}

/// `100 people`, `100명`: how many.
pub(super) fn so_many(written: &str) -> Option<u64> {
    let number = ["people", "person", "명"].iter().find_map(|unit| written.trim().strip_suffix(unit))?;
    let number = number.trim_end();
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    // More than any number holds is still a number of people, and too many of them.
    decimal(number, 0).or_else(|| digits.then_some(u64::MAX))
}

/// Everybody.
pub(super) fn whole(plan: &Plan) -> Audience {
    Audience {
        first: PersonId(0),
        count: plan.people(),
        groups: Groups::default(),
        friends_of: None,
        regions: vec![],
        standing_in: vec![],
    }
}

fn range(node: &Node, plan: &Plan, problems: &mut Problems) -> Option<Audience> {
    let written = node.text().unwrap_or_default();
    if written == EVERYBODY {
        return Some(whole(plan));
    }
    if let Some(count) = so_many(written) {
        let known = plan.cohorts.iter().all(|cohort| cohort.count > 0);
        if count == 0 || known && count > u64::from(plan.people()) {
            // A file that only speaks of impossible numbers has no people at all.
            let there = if plan.cohorts.is_empty() { PEOPLE_MAX } else { plan.people() };
            let issue = Issue::new("보낼 수 없는 인원입니다", "so many people do not exist")
                .expected(format!("1명에서 {there}명"), format!("1 to {there} people"))
                .found(written);
            problems.add(node.at, issue);
            return None;
        }
        return Some(Audience { count: count as u32, ..whole(plan) });
    }
    if let Some(cohort) = plan.cohorts.iter().find(|cohort| cohort.key == written) {
        return Some(Audience { first: cohort.first, count: cohort.count, ..whole(plan) });
    }
    let known: Vec<&str> = plan.cohorts.iter().map(|cohort| cohort.key.as_str()).chain([EVERYBODY]).collect();
    problems.add(node.at, unknown(("대상", "row of people"), written, known.iter().copied()));
    None
}
