//! `join:` lines: a campaign brings people to a channel over time.

use crate::sim::dice::{Share, Spread};
use crate::sim::plan::Plan;
use crate::sim::plan::service::join::Join;
use crate::sim::scenario::audience;
use crate::sim::scenario::people::friend;
use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::reader::Fields;
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::timeline::instant;
use crate::sim::scenario::yaml::Node;
use crate::sim::time::Span;

/// The line.
pub(in crate::sim::scenario) const TABLE: Table = Table {
    name: "join",
    needs: &["at", "join", "to"],
    rows: &[
        Row("at", Shape::Instant, "시작 / when the campaign begins"),
        Row("join", Shape::Text, "채널 / the channel that people add"),
        Row("to", audience::SHAPE, "대상 / who is asked"),
        Row("share", Shape::Share, "더하는 비율 / share of them that joins; everybody when left out"),
        Row("after", Shape::Spread, "걸리는 시간 / from the beginning to a person's joining"),
        Row("over", Shape::Span, "나누어 / evenly over so long, instead of `after`"),
    ],
};

/// Reads a line into the plan.
pub(in crate::sim::scenario) fn read(line: &Node, plan: &mut Plan, problems: &mut Problems) {
    let Some(fields) = Fields::of(line, "join", &TABLE, problems) else { return };
    let at = instant(&fields, "at", plan, problems);
    let channel = fields.need("join", problems).and_then(|node| friend(node, plan, problems));
    let who = fields.need("to", problems).and_then(|node| audience::read(node, plan, problems));
    let share = if fields.has("share") { fields.leaf("share", problems) } else { Some(Share::ALL) };
    let after = after(&fields, problems);
    let (Some(at), Some(channel), Some(who), Some(share), Some(after)) = (at, channel, who, share, after) else {
        return;
    };
    plan.services.joins.push(Join { channel, at, who, share, after });
}

/// `after:`, or `over:` in its place.
pub(super) fn after(fields: &Fields<'_>, problems: &mut Problems) -> Option<Spread> {
    if let (true, Some(entry)) = (fields.has("after"), fields.entry("over")) {
        let issue = Issue::new("`after`와 `over` 중 하나만 씁니다", "`after` and `over` exclude each other");
        problems.add(entry.key_at, issue);
    }
    if fields.has("after") {
        return fields.leaf("after", problems);
    }
    let over: Span = if fields.has("over") { fields.leaf("over", problems)? } else { Span::ZERO };
    Some(Spread::Uniform(Span::ZERO, over))
}
