//! `relays:` and `contacts:`: who knows how many people, and who passes what on to them.

use crate::sim::dice::{Share, Spread};
use crate::sim::model::ids::{ButtonId, KindId};
use crate::sim::plan::Plan;
use crate::sim::plan::contacts::{Acquaintance, STUBS_MAX};
use crate::sim::plan::service::relay::{Moves, Relay};
use crate::sim::scenario::audience;
use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::reader::{Fields, items, not_a, one_or_many, reference, unknown};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::value::call;
use crate::sim::scenario::yaml::Node;
use crate::sim::time::Span;

/// `relays:`.
pub(in crate::sim::scenario) const SHAPE: Shape = Shape::List(&Shape::Table(&TABLE));

const TABLE: Table = Table {
    name: "relay",
    needs: &["passes", "as"],
    rows: &[
        Row(
            "passes",
            Shape::Either(&[Shape::Text, Shape::List(&Shape::Text)]),
            "전하는 알림 / notices that are passed on",
        ),
        Row("when", Shape::Text, "계기 / opened, or press(button); opened when left out"),
        Row("by", audience::SHAPE, "전하는 사람 / who passes on; everybody when left out"),
        Row("share", Shape::Share, "전하는 비율 / share of them that does; everybody when left out"),
        Row("contacts", Shape::Number, "몇 명에게 / to how many of their contacts; to all when left out"),
        Row("after", Shape::Spread, "걸리는 시간 / from reading or pressing to passing on"),
        Row("as", Shape::Text, "받는 알림 / the notice that the contacts get"),
        Row("hops", Shape::Number, "몇 다리까지 / through how many hands at most; 8 when left out"),
    ],
};

/// `contacts:` of a row of people.
pub(in crate::sim::scenario) const CONTACTS: Table = Table {
    name: "contacts",
    needs: &[],
    rows: &[
        Row("household", Shape::Number, "한 집 / people of one home"),
        Row("others", Shape::Number, "그 밖의 아는 사람 / other people they know, an even number"),
    ],
};

const RELAYS_MAX: usize = 64;
const KINDS_MAX: usize = 64;
const HOUSEHOLD_MAX: u64 = 100;
const OTHERS_MAX: u64 = 5_000;
const HOPS_MAX: u64 = 100;
/// Hands a message goes through where the file does not say.
const HOPS_USUAL: u8 = 8;

/// Reads the rows into the plan.
pub(in crate::sim::scenario) fn read(node: &Node, plan: &mut Plan, problems: &mut Problems) {
    for item in items("relays", node, RELAYS_MAX, problems) {
        if let Some(relay) = row(item, plan, problems) {
            plan.services.relays.push(relay);
        }
    }
    let stubs: u64 = plan.cohorts.iter().map(|row| u64::from(row.count) * u64::from(row.contacts.others / 2)).sum();
    if stubs > STUBS_MAX {
        let most = STUBS_MAX * 2;
        let issue = Issue::new("아는 사람이 모두 합해 너무 많습니다", "too many contacts in all")
            .expected(format!("모두 합해 {most} 이하"), format!("at most {most} in all"))
            .found(&(stubs * 2).to_string());
        problems.add(node.at, issue);
    }
}

/// Reads `contacts:`.
pub(in crate::sim::scenario) fn contacts(fields: &Fields<'_>, problems: &mut Problems) -> Acquaintance {
    let Some(node) = fields.get("contacts", problems) else { return Acquaintance::default() };
    let Some(fields) = Fields::of(node, "contacts", &CONTACTS, problems) else { return Acquaintance::default() };
    let household = fields.number("household", 1..HOUSEHOLD_MAX + 1, problems).unwrap_or(1);
    let others = fields.number("others", 0..OTHERS_MAX + 1, problems).unwrap_or(0);
    if let Some(entry) = fields.entry("others").filter(|_| others % 2 == 1) {
        let issue = Issue::new("`others`가 홀수입니다", "`others` is odd")
            .expected("짝수", "an even number")
            .found(&others.to_string());
        problems.add(entry.node.at, issue);
    }
    Acquaintance { household: household as u32, others: others as u32 }
}

fn row(item: &Node, plan: &Plan, problems: &mut Problems) -> Option<Relay> {
    let fields = Fields::of(item, "relays", &TABLE, problems)?;
    let passes = fields.need("passes", problems).map(|node| {
        let kinds = one_or_many("passes", node, KINDS_MAX, problems).iter();
        kinds.filter_map(|node| kind(node, plan, problems)).collect()
    });
    let when = match fields.get("when", problems) {
        Some(node) => moves(node, plan, problems),
        None => Some(Moves::Opened),
    };
    let by = match fields.get("by", problems) {
        Some(node) => audience::read(node, plan, problems),
        None => Some(audience::whole(plan)),
    };
    let share = if fields.has("share") { fields.leaf("share", problems) } else { Some(Share::ALL) };
    let after: Option<Spread> =
        if fields.has("after") { fields.leaf("after", problems) } else { Some(Spread::Fixed(Span::ZERO)) };
    let contacts = fields.number("contacts", 1..OTHERS_MAX + 1, problems).map(|count| count as u32);
    let hops = fields.number("hops", 1..HOPS_MAX + 1, problems).map_or(HOPS_USUAL, |hops| hops as u8);
    let kind = fields.need("as", problems).and_then(|node| kind(node, plan, problems));
    Some(Relay {
        passes: passes?,
        when: when?,
        by: by?,
        share: share?,
        contacts,
        after: after?,
        kind: kind?,
        hops_max: hops,
    })
}

fn kind(node: &Node, plan: &Plan, problems: &mut Problems) -> Option<KindId> {
    let known = plan.kinds.iter().map(|kind| kind.key.as_str());
    reference(("알림", "notice"), node, known, problems).map(|index| KindId(index as u16))
}

fn moves(node: &Node, plan: &Plan, problems: &mut Problems) -> Option<Moves> {
    let written = node.text().unwrap_or_default();
    match call(written) {
        None if written == "opened" => Some(Moves::Opened),
        Some(("press", button)) => {
            let known = plan.buttons.iter().map(String::as_str);
            let index = known.clone().position(|name| name == button);
            if index.is_none() {
                problems.add(node.at, unknown(("버튼", "button"), button, known));
            }
            index.map(|index| Moves::Pressed(ButtonId(index as u16)))
        }
        _ => {
            let issue = not_a("when", ("계기", "a trigger"), node)
                .expected("\"opened\" 또는 \"press(버튼)\"", "\"opened\" or \"press(button)\"");
            problems.add(node.at, issue);
            None
        }
    }
}
