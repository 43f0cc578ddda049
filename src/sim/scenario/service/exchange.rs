//! `exchange:` lines: documents between the people of a row, who stand for offices.

use crate::sim::model::ids::KindId;
use crate::sim::plan::Plan;
use crate::sim::plan::service::exchange::Exchange;
use crate::sim::scenario::audience;
use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::reader::{Fields, reference};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::timeline::instant;
use crate::sim::scenario::yaml::Node;
use crate::sim::time::Span;

/// The line.
pub(in crate::sim::scenario) const TABLE: Table = Table {
    name: "exchange",
    needs: &["at", "exchange", "among", "count"],
    rows: &[
        Row("at", Shape::Instant, "시작 / when the first document goes out"),
        Row("exchange", Shape::Text, "문서 / a row of notices"),
        Row("among", audience::SHAPE, "기관들 / between whom"),
        Row("count", Shape::Number, "문서 수 / how many documents"),
        Row("over", Shape::Span, "나누어 / evenly over so long; at once when left out"),
    ],
};

/// Most documents of a line.
const COUNT_MAX: u64 = 1_000_000;

/// Reads a line into the plan.
pub(in crate::sim::scenario) fn read(line: &Node, plan: &mut Plan, problems: &mut Problems) {
    let Some(fields) = Fields::of(line, "exchange", &TABLE, problems) else { return };
    let at = instant(&fields, "at", plan, problems);
    let known = plan.kinds.iter().map(|kind| kind.key.as_str());
    let kind = fields.need("exchange", problems).and_then(|node| reference(("알림", "notice"), node, known, problems));
    let among = fields.need("among", problems).and_then(|node| audience::read(node, plan, problems));
    fields.need("count", problems);
    let count = fields.number("count", 1..COUNT_MAX + 1, problems);
    let over = if fields.has("over") { fields.leaf("over", problems) } else { Some(Span::ZERO) };
    if let (Some(among), Some(entry)) = (&among, fields.entry("among"))
        && among.count < 2
    {
        let issue = Issue::new("문서를 주고받으려면 둘 이상이어야 합니다", "it takes two to exchange a document");
        problems.add(entry.node.at, issue.expected("2곳 이상", "two or more").found(&among.count.to_string()));
        return;
    }
    let (Some(at), Some(kind), Some(among), Some(count), Some(over)) = (at, kind, among, count, over) else { return };
    plan.services.exchanges.push(Exchange { kind: KindId(kind as u16), at, among, count: count as u32, over });
}
