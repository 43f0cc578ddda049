//! Terms of a rule of the desk: `needs`, `grant`, `tell`, and what it says to those whom it does not serve.

use crate::sim::model::ids::{ChannelId, KindId, StockId};
use crate::sim::plan::service::terms::Terms;
use crate::sim::plan::{Plan, Trigger};
use crate::sim::scenario::notices;
use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::reader::{Fields, reference};

/// Reads the terms of a rule, the `number`th of the file, that speaks for this channel.
pub(in crate::sim::scenario) fn read(
    fields: &Fields<'_>,
    number: usize,
    channel: ChannelId,
    plan: &mut Plan,
    problems: &mut Problems,
) -> Terms {
    let friend_of = fields.word("needs", &[((), "friend")], problems).map(|()| channel);
    let grant = fields.get("grant", problems).and_then(|node| {
        let known: Vec<&str> = plan.services.stocks.iter().map(|stock| stock.key.as_str()).collect();
        reference(("재고", "stock"), node, known.into_iter(), problems).map(|index| StockId(index as u16))
    });
    let redeem = fields.get("redeem", problems).and_then(|node| {
        let known: Vec<&str> = plan.services.stocks.iter().map(|stock| stock.key.as_str()).collect();
        reference(("재고", "stock"), node, known.into_iter(), problems).map(|index| StockId(index as u16))
    });
    if let (Some(entry), true) = (fields.entry("redeem"), fields.has("grant")) {
        let issue = Issue::new("`grant`와 `redeem` 중 하나만 씁니다", "`grant` and `redeem` exclude each other");
        problems.add(entry.key_at, issue);
    }
    if !fields.has("redeem") {
        together(fields, "otherwise", "needs", problems);
    }
    for (key, other) in [("sold_out", "grant"), ("repeat", "once_per")] {
        together(fields, key, other, problems);
    }
    let mut reply = |key: &str, problems: &mut Problems| answer(fields, key, number, channel, plan, problems);
    Terms {
        friend_of,
        otherwise: reply("otherwise", problems),
        grant,
        redeem,
        sold_out: reply("sold_out", problems),
        repeat: reply("repeat", problems),
        tell: reply("tell", problems),
    }
}

/// What a rule answers with: a row of `notices:` by its key, or a text, which becomes a chat message of the channel.
pub(in crate::sim::scenario) fn answer(
    fields: &Fields<'_>,
    key: &str,
    number: usize,
    channel: ChannelId,
    plan: &mut Plan,
    problems: &mut Problems,
) -> Option<KindId> {
    let node = fields.get(key, problems)?;
    if let Some(index) = node.text().and_then(|text| plan.kinds.iter().position(|kind| kind.key == text)) {
        return Some(KindId(index as u16));
    }
    let kind = notices::reply(format!("{key}/{number}"), node, channel, problems)?;
    plan.kinds.push(kind);
    Some(KindId((plan.kinds.len() - 1) as u16))
}

/// What goes with which trigger: a mark tells people, and everything else serves one person.
pub(in crate::sim::scenario) fn fit(fields: &Fields<'_>, when: &Trigger, problems: &mut Problems) {
    let mark = matches!(when, Trigger::Reaches(..));
    if mark && !fields.has("tell") {
        fields.missing("tell", problems);
    }
    let pressed = matches!(when, Trigger::Press(_));
    for entry in fields.entries() {
        let key = entry.key.as_str();
        let fits = match key {
            "when" => true,
            "tell" => mark,
            "from" => pressed,
            _ => !mark,
        };
        if !fits {
            let ko = format!("이 계기에는 `{key}`을(를) 쓸 수 없습니다");
            problems.add(entry.key_at, Issue::new(ko, format!("`{key}` does not go with this trigger")));
        }
    }
}

fn together(fields: &Fields<'_>, key: &str, other: &str, problems: &mut Problems) {
    if let Some(entry) = fields.entry(key).filter(|_| !fields.has(other)) {
        let ko = format!("`{key}`은(는) `{other}`와 함께 씁니다");
        problems.add(entry.key_at, Issue::new(ko, format!("`{key}` goes with `{other}` only")));
    }
}
