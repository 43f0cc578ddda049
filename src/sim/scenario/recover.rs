//! `recover:`: what becomes of what a fault held.

use crate::sim::fault::{Recover, Stage};
use crate::sim::medium::Capability;
use crate::sim::scenario::kinds;
use crate::sim::scenario::problem::{Issue, Problems, nearest};
use crate::sim::scenario::reader::{Fields, items, not_a, word};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::value::{Leaf, Rate};
use crate::sim::scenario::yaml::Node;

/// `recover:`.
pub(super) const SHAPE: Shape = Shape::Either(&[Shape::Text, Shape::Table(&TABLE)]);

const TABLE: Table = Table {
    name: "recover",
    needs: &["staged"],
    rows: &[Row("staged", Shape::List(&Shape::Table(&STAGE)), "단계 복구 / capabilities one after the other")],
};

const STAGE: Table = Table {
    name: "stage",
    needs: &["after", "gives"],
    rows: &[
        Row("after", Shape::Span, "장애 시작부터 / counted from the fault's beginning"),
        Row("gives", Shape::OneOf(&CAPABILITY_WORDS), "돌아오는 기능 / what comes back"),
    ],
};

const CAPABILITIES: [(Capability, &str); 6] = [
    (Capability::Text, "text"),
    (Capability::Image, "image"),
    (Capability::Channel, "channel"),
    (Capability::Alimtalk, "alimtalk"),
    (Capability::Ads, "ads"),
    (Capability::Mail, "mail"),
];
/// Words that may stand under `gives:`.
pub(super) const CAPABILITY_WORDS: [&str; 6] = ["text", "image", "channel", "alimtalk", "ads", "mail"];
const STAGES_MAX: usize = 16;

/// Reads `recover:`. Without it a frozen queue is let go at once, as frozen queues are, and so is what a network that
/// was down kept for its phones (the messenger keeps undelivered messages for days); anything else is gone.
pub(super) fn read(fields: &Fields<'_>, kind: &str, problems: &mut Problems) -> Option<Recover> {
    let Some(node) = fields.get("recover", problems) else {
        let flush = Recover::Flush { per_second: None, newest_first: false };
        let flushes = kinds::kind(kind).is_some_and(|kind| kind.recover == Some("flush"));
        return Some(if flushes { flush } else { Recover::Drop });
    };
    if node.entries().is_some() {
        return staged(node, problems);
    }
    let written = node.text().unwrap_or_default();
    let recover = if written == "drop" { Some(Recover::Drop) } else { flush(written) };
    if recover.is_none() {
        let issue = not_a("recover", ("복구 방식", "a way of recovery"), node)
            .expected(
                "drop, flush, flush 20/s, flush newest first, { staged: [...] } 중 하나",
                "drop, flush, flush 20/s, flush newest first or { staged: [...] }",
            )
            .nearest(nearest(written, ["drop", "flush", "flush newest first"].into_iter()));
        problems.add(node.at, issue);
    }
    recover
}

fn flush(written: &str) -> Option<Recover> {
    let rest = written.strip_prefix("flush")?.trim_start();
    let newest_first = rest.starts_with("newest first");
    let rest = rest.strip_prefix("newest first").unwrap_or(rest).trim();
    let per_second = if rest.is_empty() { None } else { Some(Rate::read(rest, true).ok()?.0) };
    Some(Recover::Flush { per_second, newest_first })
}

fn staged(node: &Node, problems: &mut Problems) -> Option<Recover> {
    let fields = Fields::of(node, "recover", &TABLE, problems)?;
    let list = fields.need("staged", problems)?;
    let mut stages: Vec<Stage> = Vec::new();
    for item in items("staged", list, STAGES_MAX, problems) {
        let Some(fields) = Fields::of(item, "staged", &STAGE, problems) else { continue };
        let after = fields.need_leaf("after", problems);
        let gives = fields.need("gives", problems).and_then(|node| word("gives", node, &CAPABILITIES, problems));
        let (Some(after), Some(gives)) = (after, gives) else { continue };
        if stages.last().is_some_and(|last| last.after > after) {
            problems.add(item.at, Issue::new("단계는 시간순이어야 합니다", "stages must be in order of time"));
        }
        stages.push(Stage { after, gives });
    }
    if stages.is_empty() {
        problems.add(list.at, Issue::new("복구 단계가 없습니다", "no stage of recovery"));
    }
    Some(Recover::Staged(stages))
}
