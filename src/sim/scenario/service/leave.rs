//! `leave:` lines: friends of a channel leave it over time.

use crate::sim::dice::Share;
use crate::sim::plan::Plan;
use crate::sim::plan::service::leave::Leave;
use crate::sim::scenario::audience;
use crate::sim::scenario::people::friend;
use crate::sim::scenario::problem::Problems;
use crate::sim::scenario::reader::Fields;
use crate::sim::scenario::service::join::after;
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::timeline::instant;
use crate::sim::scenario::yaml::Node;

/// The line.
pub(in crate::sim::scenario) const TABLE: Table = Table {
    name: "leave",
    needs: &["at", "leave", "to"],
    rows: &[
        Row("at", Shape::Instant, "시작 / when it begins"),
        Row("leave", Shape::Text, "채널 / the channel that people leave"),
        Row("to", audience::SHAPE, "대상 / who is looked at; only friends leave"),
        Row("share", Shape::Share, "떠나는 비율 / share of them that leaves; everybody when left out"),
        Row("after", Shape::Spread, "걸리는 시간 / from the beginning to a person's leaving"),
        Row("over", Shape::Span, "나누어 / evenly over so long, instead of `after`"),
        Row(
            "block",
            Shape::Share,
            "차단하는 비율 / share of those who leave that blocks the channel; nobody when left out",
        ),
    ],
};

/// Reads a line into the plan.
pub(in crate::sim::scenario) fn read(line: &Node, plan: &mut Plan, problems: &mut Problems) {
    let Some(fields) = Fields::of(line, "leave", &TABLE, problems) else { return };
    let at = instant(&fields, "at", plan, problems);
    let channel = fields.need("leave", problems).and_then(|node| friend(node, plan, problems));
    let who = fields.need("to", problems).and_then(|node| audience::read(node, plan, problems));
    let share = if fields.has("share") { fields.leaf("share", problems) } else { Some(Share::ALL) };
    let block = if fields.has("block") { fields.leaf("block", problems) } else { Some(Share::NONE) };
    let after = after(&fields, problems);
    if let (Some(at), Some(channel), Some(who), Some(share), Some(after), Some(block)) =
        (at, channel, who, share, after, block)
    {
        plan.services.leaves.push(Leave { channel, at, who, share, after, block });
    }
}
