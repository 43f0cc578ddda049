//! `desk:` and `sender:`: what the channel's counter does by itself, and who calls the platform, by which rule.

use crate::sim::model::ids::{ButtonId, ChannelId, CounterId, KindId};
use crate::sim::plan::service::talk::Turn;
use crate::sim::plan::{DeskRule, Plan, Policy, Sender, SenderDrive, Trigger};
use crate::sim::scenario::address::Address;
use crate::sim::scenario::people::friend;
use crate::sim::scenario::problem::{Issue, Problems, nearest, quote};
use crate::sim::scenario::reader::{Fields, check_name, items, not_a, one_of, reference, text, unknown};
use crate::sim::scenario::service::{talk, terms};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::value::{Leaf, call, decimal};
use crate::sim::scenario::yaml::Node;
use crate::sim::time::Span;

/// `desk:`.
pub(super) const SHAPE: Shape = Shape::List(&Shape::Table(&RULE));

const RULE: Table = Table {
    name: "rule",
    needs: &["when"],
    rows: &[
        Row(
            "when",
            Shape::Text,
            "계기 / press(button), say(word), say(*), follow(channel), leave(channel) or reaches(counter, 500)",
        ),
        Row("from", Shape::Text, "알림 / only answers to this notice"),
        Row("once_per", Shape::OneOf(&["person", "event"]), "한 번만 / counts a person only once, or every time"),
        Row("count", Shape::Text, "세는 이름 / the counter that goes up"),
        Row("reply", Shape::Text, "답장 / the reply: a chat message, or a row of notices"),
        Row("needs", Shape::OneOf(&["friend"]), "조건 / serves only friends of the channel"),
        Row("otherwise", Shape::Text, "조건이 안 될 때 답장 / the reply to somebody who is none"),
        Row("grant", Shape::Text, "내어주는 것 / the stock of which everybody who is counted gets one"),
        Row("redeem", Shape::Text, "사용하는 것 / the stock of which one is taken back from whoever holds one"),
        Row("sold_out", Shape::Text, "다 떨어졌을 때 답장 / the reply when the stock is gone"),
        Row("repeat", Shape::Text, "이미 받았을 때 답장 / the reply to a repeat; `reply` when left out"),
        Row("tell", Shape::Text, "모두에게 / what everybody whom the counter counted is told at its mark"),
        talk::CHANNEL,
        talk::IN,
        talk::GOTO,
        talk::TAKES,
        talk::CLOSED,
    ],
};

/// `sender:`.
pub(super) const SENDER: Table = Table {
    name: "sender",
    needs: &[],
    rows: &[
        Row("drive", Shape::OneOf(&["builtin", "external"]), "발신 주체 / the timeline, or an application outside"),
        Row("policy", Shape::Text, "대체발송 규칙 / none, vendor-only, timer, timer:30s or govuk-weights"),
        Row("patience", Shape::Span, "응답 대기 / how long it waits for an answer"),
        Row("retries", Shape::Number, "재시도 / how often it repeats a call"),
        Row("backoff", Shape::Span, "재시도 간격 / pause before the first retry, then doubled"),
        Row("idempotent", Shape::Flag, "중복 방지 / whether the platform knows a repeated attempt"),
        Row("speaks", Shape::OneOf(&CONTRACTS), "규격 / contract of an outside application, like solapi@4"),
        Row("receipts_to", Shape::Text, "결과 주소 / where an outside application takes reports"),
    ],
};

/// What applications outside can speak.
const CONTRACTS: [&str; 4] = ["solapi@4", "nhn@2.3", "bizgo@1", "smtp"];
const RULES_MAX: usize = 256;
const MARK_MAX: u64 = 1_000_000_000;
const POLICIES: [&str; 5] = ["none", "vendor-only", "timer", "timer:30s", "govuk-weights"];

/// The sender of a file that does not speak of one: falls back by the route's times. Assumed: an HTTP client that waits
/// 5 s (the default read time-out of the library under SOLAPI's Python SDK, measured 2026-11) and tries three times.
pub(super) fn usual_sender() -> Sender {
    Sender {
        drive: SenderDrive::Builtin,
        policy: Policy::Timer(None),
        patience: Span::from_secs(5),
        retries: 2,
        backoff: Span::from_secs(1),
        idempotent: true,
        speaks: None,
        receipts_to: None,
    }
}

/// Reads `sender:` over the usual one.
pub(super) fn sender(node: &Node, sender: &mut Sender, problems: &mut Problems) {
    let Some(fields) = Fields::of(node, "sender", &SENDER, problems) else { return };
    let drives = [(SenderDrive::Builtin, "builtin"), (SenderDrive::External, "external")];
    sender.drive = fields.word("drive", &drives, problems).unwrap_or(sender.drive);
    let policy = fields.get("policy", problems).and_then(|node| policy(node, problems));
    sender.policy = policy.unwrap_or(sender.policy);
    sender.patience = fields.leaf("patience", problems).unwrap_or(sender.patience);
    sender.retries = fields.number("retries", 0..21, problems).map_or(sender.retries, |tries| tries as u8);
    sender.backoff = fields.leaf("backoff", problems).unwrap_or(sender.backoff);
    sender.idempotent = fields.leaf("idempotent", problems).unwrap_or(sender.idempotent);
    let contracts = CONTRACTS.map(|contract| (contract, contract));
    sender.speaks = fields.word("speaks", &contracts, problems).map(str::to_owned).or(sender.speaks.take());
    let address = fields.leaf("receipts_to", problems).map(|Address(address)| address);
    sender.receipts_to = address.or(sender.receipts_to.take());
}

/// Reads `desk:` into the plan's rules, counters and kinds of reply.
pub(super) fn read(node: &Node, plan: &mut Plan, problems: &mut Problems) {
    let mut marks = Vec::new();
    let items = items("desk", node, RULES_MAX, problems);
    talk::states(items, plan, problems);
    for item in items {
        if let Some((rule, turn)) = rule(item, plan, problems) {
            if let Trigger::Reaches(counter, _) = rule.when {
                marks.push((item.get("when").map_or(item.at, |node| node.at), counter));
            }
            plan.desk.push(rule);
            plan.services.talk.turns.push(turn);
        }
    }
    for (at, counter) in marks {
        if !plan.desk.iter().any(|rule| rule.count == Some(counter)) {
            let name = quote(&plan.counters[counter.index()]);
            let ko = format!("`{name}`을(를) 세는 규칙이 없습니다");
            problems.add(at, Issue::new(ko, format!("no rule counts `{name}`")));
        }
    }
}

fn policy(node: &Node, problems: &mut Problems) -> Option<Policy> {
    let written = node.text().unwrap_or_default();
    let timer = written.strip_prefix("timer:").map(|span| Span::read(span, true));
    let policy = match (written, timer) {
        ("none", _) => Some(Policy::None),
        ("vendor-only", _) => Some(Policy::VendorOnly),
        ("timer", _) => Some(Policy::Timer(None)),
        ("govuk-weights", _) => Some(Policy::GovukWeights),
        (_, Some(Ok(span))) => Some(Policy::Timer(Some(span))),
        _ => None,
    };
    if policy.is_none() {
        let issue = not_a("policy", ("대체발송 규칙", "a policy"), node)
            .expecting(one_of(POLICIES.into_iter()))
            .nearest(nearest(written, POLICIES.into_iter()));
        problems.add(node.at, issue);
    }
    policy
}

fn rule(item: &Node, plan: &mut Plan, problems: &mut Problems) -> Option<(DeskRule, Turn)> {
    let fields = Fields::of(item, "desk", &RULE, problems)?;
    let when = fields.need("when", problems).and_then(|node| trigger(node, plan, problems));
    let from = fields.get("from", problems).and_then(|node| {
        let known: Vec<&str> = plan.kinds.iter().map(|kind| kind.key.as_str()).collect();
        reference(("알림", "notice"), node, known.into_iter(), problems).map(|index| KindId(index as u16))
    });
    let once = fields.word("once_per", &[(true, "person"), (false, "event")], problems).unwrap_or(false);
    let count = fields.get("count", problems).and_then(|node| counter(node, plan, problems));
    // A reply comes from the channel that it answers; a word without a notice is said to the first channel.
    let named = talk::channel(&fields, plan, problems);
    let channel = match (&when, from) {
        (Some(Trigger::Follow(channel) | Trigger::Leave(channel)), _) => *channel,
        (_, Some(kind)) => plan.kinds[kind.index()].channel,
        (_, None) => named.unwrap_or(ChannelId(0)),
    };
    let number = plan.desk.len() + 1;
    let reply = terms::answer(&fields, "reply", number, channel, plan, problems);
    let terms = terms::read(&fields, number, channel, plan, problems);
    if let Some(when) = &when {
        terms::fit(&fields, when, problems);
    }
    let says = matches!(when, Some(Trigger::Say(_)) | None);
    let turn = talk::turn(&fields, named, says, (number, channel), plan, problems);
    Some((DeskRule { when: when?, from, once, count, reply, terms }, turn))
}

/// What sets a rule off.
pub(super) fn trigger(node: &Node, plan: &mut Plan, problems: &mut Problems) -> Option<Trigger> {
    let written = node.text().unwrap_or_default();
    match call(written) {
        Some(("press", button)) => {
            let known = plan.buttons.iter().map(String::as_str);
            let index = known.clone().position(|name| name == button);
            if index.is_none() {
                problems.add(node.at, unknown(("버튼", "button"), button, known));
            }
            index.map(|index| Trigger::Press(ButtonId(index as u16)))
        }
        Some(("say", "*")) => Some(Trigger::Say(String::new())),
        Some(("say", word)) if !word.is_empty() => Some(Trigger::Say(word.to_owned())),
        Some(("follow", channel)) => friend(&Node::quoted(node.at, channel), plan, problems).map(Trigger::Follow),
        Some(("leave", channel)) => friend(&Node::quoted(node.at, channel), plan, problems).map(Trigger::Leave),
        Some(("reaches", inside)) => mark(inside, node, plan, problems),
        _ => {
            let issue = not_a("when", ("계기", "a trigger"), node).expected(
                "\"press(버튼)\", \"say(낱말)\", \"follow(채널)\", \"leave(채널)\", \"reaches(집계, 500)\" 중 하나",
                "\"press(button)\", \"say(word)\", \"follow(channel)\", \"leave(channel)\" or \"reaches(counter, 500)\"",
            );
            problems.add(node.at, issue);
            None
        }
    }
}

/// `reaches(counter, 500)`: the mark that a counter comes to.
fn mark(inside: &str, node: &Node, plan: &mut Plan, problems: &mut Problems) -> Option<Trigger> {
    let (name, count) = inside.split_once(',').unwrap_or((inside, ""));
    let counter = counter(&Node::quoted(node.at, name.trim()), plan, problems)?;
    match decimal(count.trim(), 0) {
        Some(count @ 1..=MARK_MAX) => Some(Trigger::Reaches(counter, count as u32)),
        _ => {
            let issue = not_a("when", ("계기", "a trigger"), node)
                .expected(format!("\"reaches(집계, 1~{MARK_MAX})\""), format!("\"reaches(counter, 1 to {MARK_MAX})\""));
            problems.add(node.at, issue);
            None
        }
    }
}

/// The place of a counter by name, made when it is new.
pub(super) fn counter(node: &Node, plan: &mut Plan, problems: &mut Problems) -> Option<CounterId> {
    let name = text("count", node, problems)?;
    if !check_name(name, node.at, problems) {
        return None;
    }
    let index = plan.counters.iter().position(|known| known == name).unwrap_or_else(|| {
        plan.counters.push(name.to_owned());
        plan.counters.len() - 1
    });
    Some(CounterId(index as u16))
}
