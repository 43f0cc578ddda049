//! What a notice says of its certified document beside the text: proof of identity, link, reminder, certificates.

use crate::sim::dice::{Share, Spread};
use crate::sim::model::ids::KindId;
use crate::sim::model::medium::Medium;
use crate::sim::model::words::Words;
use crate::sim::plan::Plan;
use crate::sim::plan::message::{Content, Kind, RouteLeg, Text, Until};
use crate::sim::plan::service::certified::{Certified, Ends, Identity, Reminder};
use crate::sim::scenario::notices;
use crate::sim::scenario::problem::{Issue, Problems, quote};
use crate::sim::scenario::reader::Fields;
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::yaml::Node;
use crate::sim::time::Span;

/// `identity:`.
pub(in crate::sim::scenario) const IDENTITY: Table = Table {
    name: "identity",
    needs: &[],
    rows: &[
        Row("takes", Shape::Spread, "걸리는 시간 / how long the proof takes"),
        Row("fails", Shape::Share, "실패 비율 / share of people who cannot give it"),
    ],
};

/// `remind:`.
pub(in crate::sim::scenario) const REMIND: Table = Table {
    name: "remind",
    needs: &["before", "text"],
    rows: &[
        Row("before", Shape::Span, "기한 전 / so long before the link runs out"),
        Row("text", Shape::Text, "알림 글 / what the reminder says"),
    ],
};

/// The words of `certificates:`.
pub(in crate::sim::scenario) const CERTIFICATES: [&str; 2] = ["sender", "both"];

/// Reads what the content of a kind says, after the kind itself has been put into the plan.
pub(in crate::sim::scenario) fn read(node: &Node, kind: KindId, plan: &mut Plan, problems: &mut Problems) {
    // The keys have been held against their table with the content's own.
    let fields = Fields::unchecked(node);
    let identity = fields.as_ref().map_or_else(usual_identity, |fields| identity(fields, problems));
    let link = fields.as_ref().and_then(|fields| fields.leaf::<Span>("link", problems));
    let certificates = fields.as_ref().and_then(|fields| fields.word("certificates", &Ends::ALL, problems));
    let reminder = fields.as_ref().and_then(|fields| remind(fields, link, kind, plan, problems));
    plan.services.certified.push(Certified { kind, identity, link, reminder, certificates });
}

fn identity(fields: &Fields<'_>, problems: &mut Problems) -> Identity {
    let usual = usual_identity();
    let Some(node) = fields.get("identity", problems) else { return usual };
    let Some(fields) = Fields::of(node, "identity", &IDENTITY, problems) else { return usual };
    Identity {
        takes: fields.leaf("takes", problems).unwrap_or(usual.takes),
        fails: fields.leaf("fails", problems).unwrap_or(usual.fails),
    }
}

/// Assumed: a password or fingerprint of the wallet in half a minute; nobody publishes how many give up.
fn usual_identity() -> Identity {
    let takes = Spread::log_normal(Span::from_secs(20), Span::from_secs(180)).expect("20 s is less than 180 s");
    Identity { takes, fails: Share::NONE }
}

fn remind(
    fields: &Fields<'_>,
    link: Option<Span>,
    kind: KindId,
    plan: &mut Plan,
    problems: &mut Problems,
) -> Option<Reminder> {
    let node = fields.get("remind", problems)?;
    let rows = Fields::of(node, "remind", &REMIND, problems)?;
    let before: Option<Span> = rows.need_leaf("before", problems);
    let text = rows.need("text", problems).and_then(|node| notices::plain_text("remind", node, problems));
    let (Some(before), Some(text)) = (before, text) else { return None };
    if link.is_none_or(|link| before >= link) {
        let at = rows.entry("before")?.node.at;
        let issue =
            Issue::new("다시 알림은 `link` 기한 안이어야 합니다", "a reminder comes before the `link` runs out");
        let link = link.map_or("`link`".to_owned(), |link| link.to_string());
        problems.add(
            at,
            issue.expected(format!("{link}보다 짧은 시간"), format!("less than {link}")).found(&before.to_string()),
        );
        return None;
    }
    let reminder = KindId(plan.kinds.len() as u16);
    let of = &plan.kinds[kind.index()];
    let row = reminder_kind(format!("remind/{}", of.key), of, node.get("text").and_then(Node::text), text);
    plan.kinds.push(row);
    Some(Reminder { before, kind: reminder })
}

/// The kind of a reminder: one alimtalk from the same channel.
fn reminder_kind(key: String, of: &Kind, written: Option<&str>, text: Text) -> Kind {
    let medium = Medium::Alimtalk;
    Kind {
        key,
        title: Words::same(quote(written.unwrap_or_default())),
        channel: of.channel,
        vars: Vec::new(),
        contents: vec![Content {
            medium,
            template: None,
            title: Text::default(),
            text,
            buttons: Vec::new(),
            advert: false,
        }],
        route: vec![RouteLeg { medium, until: Until::Delivered, within: None, arrives: None }],
        expires: None,
        for_groups: Vec::new(),
    }
}
