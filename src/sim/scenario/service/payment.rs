//! `payments:`: what happens between a press on "pay" and the receipt.

use crate::sim::dice::Spread;
use crate::sim::model::ids::{ButtonId, KindId};
use crate::sim::plan::service::payment::Payment;
use crate::sim::plan::{Plan, Trigger};
use crate::sim::scenario::desk::trigger;
use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::reader::{Fields, items, not_a, reference};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::yaml::Node;
use crate::sim::time::Span;

/// `payments:`.
pub(in crate::sim::scenario) const SHAPE: Shape = Shape::List(&Shape::Table(&TABLE));

const TABLE: Table = Table {
    name: "payment",
    needs: &["when"],
    rows: &[
        Row("when", Shape::Text, "계기 / press(button) that asks to pay"),
        Row("from", Shape::Text, "알림 / only on this notice; its first amount is what is paid"),
        Row("takes", Shape::Spread, "승인까지 / from asking to the moment when money moves"),
        Row("patience", Shape::Span, "기다림 / how long a person looks at a silent page"),
        Row("tries", Shape::Number, "시도 / how often a person asks in all, 1 to 20"),
        Row(
            "again_after",
            Shape::Spread,
            "다시 누르기까지 / from giving up to asking again; n times as long after the nth time",
        ),
        Row("idempotent", Shape::Flag, "중복 방지 / whether the platform knows a repeated request for the same bill"),
        Row(
            "settles",
            Shape::Span,
            "대사 주기 / how often platform and agency compare their books; never when left out",
        ),
        Row("receipt", Shape::Text, "영수증 / the notice that the agency sends when it has booked the payment"),
    ],
};

const PAYMENTS_MAX: usize = 64;

/// Reads the rows into the plan.
pub(in crate::sim::scenario) fn read(node: &Node, plan: &mut Plan, problems: &mut Problems) {
    for item in items("payments", node, PAYMENTS_MAX, problems) {
        if let Some(payment) = payment(item, plan, problems) {
            plan.services.payments.push(payment);
        }
    }
}

fn payment(item: &Node, plan: &mut Plan, problems: &mut Problems) -> Option<Payment> {
    let fields = Fields::of(item, "payments", &TABLE, problems)?;
    let button = fields.need("when", problems).and_then(|node| pressed(node, plan, problems));
    let from = kind("from", &fields, plan, problems);
    let receipt = kind("receipt", &fields, plan, problems);
    let tries = fields.number("tries", 1..21, problems);
    Some(Payment {
        button: button?,
        from,
        // Assumed: no platform publishes how long an approval takes; a card payment in an app is a second or two.
        takes: fields.leaf("takes", problems).unwrap_or_else(usual_time),
        // Assumed: how long people look at a page that only turns.
        patience: fields.leaf("patience", problems).unwrap_or(Span::from_secs(20)),
        tries: tries.unwrap_or(4) as u8,
        again_after: fields.leaf("again_after", problems).unwrap_or_else(usual_pause),
        idempotent: fields.leaf("idempotent", problems).unwrap_or(true),
        settles: fields.leaf("settles", problems),
        receipt,
    })
}

fn usual_time() -> Spread {
    Spread::log_normal(Span::from_millis(900), Span::from_secs(6)).expect("a median below the 99th percentile")
}

/// Assumed: most press again within half a minute, some come back a while later.
fn usual_pause() -> Spread {
    Spread::log_normal(Span::from_secs(20), Span::from_secs(720)).expect("a median below the 99th percentile")
}

fn pressed(node: &Node, plan: &mut Plan, problems: &mut Problems) -> Option<ButtonId> {
    match trigger(node, plan, problems)? {
        Trigger::Press(button) => Some(button),
        Trigger::Say(_) | Trigger::Follow(_) | Trigger::Leave(_) | Trigger::Reaches(..) => {
            let issue = not_a("when", ("버튼", "a press"), node).expected("\"press(버튼)\"", "\"press(button)\"");
            problems.add(node.at, issue);
            None
        }
    }
}

/// A kind of notice by its key; one whose amount is to be paid must have an amount.
fn kind(key: &str, fields: &Fields<'_>, plan: &Plan, problems: &mut Problems) -> Option<KindId> {
    let node = fields.get(key, problems)?;
    let known = plan.kinds.iter().map(|kind| kind.key.as_str());
    let index = reference(("알림", "notice"), node, known, problems)?;
    if key == "from" && plan.kinds[index].won().is_none() {
        let issue = Issue::new("금액이 없는 알림은 낼 수 없습니다", "a notice without an amount cannot be paid");
        problems.add(node.at, issue.expected("won(..) 변수가 있는 알림", "a notice with a won(..) variable"));
        return None;
    }
    Some(KindId(index as u16))
}
