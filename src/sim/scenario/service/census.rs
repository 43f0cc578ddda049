//! `census:` and `blast:` lines: all channels of the messenger at once, too many to be played one by one.

use crate::sim::model::medium::Medium;
use crate::sim::plan::Plan;
use crate::sim::plan::service::census::{Blast, Census};
use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::reader::Fields;
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::timeline::instant;
use crate::sim::scenario::value::Rate;
use crate::sim::scenario::yaml::Node;
use crate::sim::time::Span;

/// `census:`.
pub(in crate::sim::scenario) const CENSUS: Table = Table {
    name: "census",
    needs: &["channels", "rank", "friends", "users", "rate"],
    rows: &[
        Row("channels", Shape::Number, "채널 수 / how many channels there are"),
        Row("rank", Shape::Number, "조사한 순위 / the rank at which the count was taken"),
        Row("friends", Shape::Number, "그 순위의 친구 수 / friends of the channel of that rank"),
        Row("users", Shape::Number, "이용자 수 / nobody has more friends than there are users"),
        Row("call", Shape::Number, "한 번에 보낼 수 있는 수 / most recipients of one call; 10,000 when left out"),
        Row("rate", Shape::Rate, "플랫폼의 전달 속도 / recipients a second that the platform delivers to"),
    ],
};

/// The line.
pub(in crate::sim::scenario) const BLAST: Table = Table {
    name: "blast",
    needs: &["at", "blast"],
    rows: &[
        Row("at", Shape::Instant, "시작 / when the first channel may write"),
        Row("blast", Shape::Share, "보내는 채널 비율 / share of the channels that writes to all its friends"),
        Row("over", Shape::Span, "나누어 보내는 시간 / each at an instant of its own within so long"),
        Row("medium", Shape::Medium, "매체 / brand when left out"),
    ],
};

const CHANNELS_MAX: u64 = 10_000_000;
const USERS_MAX: u64 = 1_000_000_000;
/// What one bulk call of the vendors takes at most (SOLAPI `send-many/detail`, 2026: 10,000 messages).
const CALL: u32 = 10_000;

/// Reads `census:` into the plan.
pub(in crate::sim::scenario) fn read(node: &Node, plan: &mut Plan, problems: &mut Problems) {
    let Some(fields) = Fields::of(node, "census", &CENSUS, problems) else { return };
    let mut needed = |key: &str, max: u64| {
        fields.need(key, problems)?;
        fields.number(key, 1..max + 1, problems).map(|number| number as u32)
    };
    let (channels, rank) = (needed("channels", CHANNELS_MAX), needed("rank", CHANNELS_MAX));
    let (friends, users) = (needed("friends", USERS_MAX), needed("users", USERS_MAX));
    let recipients = match fields.has("call") {
        true => fields.number("call", 1..1_000_001, problems).map(|number| number as u32),
        false => Some(CALL),
    };
    let rate: Option<Rate> = fields.need_leaf("rate", problems);
    let (Some(channels), Some(rank), Some(friends), Some(users), Some(recipients), Some(rate)) =
        (channels, rank, friends, users, recipients, rate)
    else {
        return;
    };
    plan.services.census = Some(Census { channels, rank, friends, users, recipients, per_second: rate.0 });
}

/// Reads a line into the plan.
pub(in crate::sim::scenario) fn line(line: &Node, plan: &mut Plan, problems: &mut Problems) {
    let Some(fields) = Fields::of(line, "blast", &BLAST, problems) else { return };
    let at = instant(&fields, "at", plan, problems);
    let share = fields.need_leaf("blast", problems);
    let over: Option<Span> = if fields.has("over") { fields.leaf("over", problems) } else { Some(Span::ZERO) };
    let choices = Medium::ALL.map(|medium| (medium, medium.name()));
    let medium = if fields.has("medium") { fields.word("medium", &choices, problems) } else { Some(Medium::Brand) };
    if plan.services.census.is_none() {
        let issue = Issue::new("`census`가 없습니다", "`census` is missing");
        problems.add(line.at, issue.expected("센 채널들", "the channels that were counted"));
    }
    let (Some(at), Some(share), Some(over), Some(medium)) = (at, share, over, medium) else { return };
    let rules = plan.medium(medium);
    let (network, capability) = (rules.network, rules.capability);
    plan.services.blasts.push(Blast { at, over, share, medium, network, capability });
}
