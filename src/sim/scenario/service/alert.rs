//! What a notice says of its cell broadcast beside the text: its level, and what newer phones show.

use crate::sim::model::ids::KindId;
use crate::sim::model::medium::Medium;
use crate::sim::plan::Plan;
use crate::sim::plan::message::Part;
use crate::sim::plan::service::alert::{Alert, Level};
use crate::sim::scenario::notices;
use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::reader::Fields;
use crate::sim::scenario::yaml::Node;

/// The words of `level:`.
pub(in crate::sim::scenario) const LEVELS: [&str; Level::COUNT] = ["critical", "urgent", "safety"];

/// Characters that newer phones show: tried in four cities since 2025-10, planned for the whole country for 2026-10.
const LONG_CHARS_MAX: usize = 157;

/// Reads what the content of a kind says, after the kind itself has been put into the plan.
pub(in crate::sim::scenario) fn read(node: &Node, kind: KindId, plan: &mut Plan, problems: &mut Problems) {
    // The keys have been held against their table with the content's own.
    let fields = Fields::unchecked(node);
    let level = fields.as_ref().and_then(|fields| fields.word("level", &Level::ALL, problems));
    let long = fields.as_ref().and_then(|fields| {
        let node = fields.get("long", problems)?;
        let text = notices::plain_text("long", node, problems)?;
        let length: usize = text.parts.iter().map(length).sum();
        if length > LONG_CHARS_MAX {
            let issue = Issue::new("긴 재난문자가 너무 깁니다", "the long text of a cell broadcast is too long");
            let most = LONG_CHARS_MAX;
            let issue = issue.expected(format!("{most}자 이하"), format!("at most {most} characters"));
            problems.add(node.at, issue.found(&length.to_string()));
        }
        Some(text)
    });
    plan.services.alerts.push(Alert { kind, medium: Medium::Broadcast, level: level.unwrap_or(Level::Safety), long });
}

fn length(part: &Part) -> usize {
    match part {
        Part::Fixed(text) => text.chars().count(),
        Part::Var(_) => 0,
    }
}
