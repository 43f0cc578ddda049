//! `dispatch:` and `hail:` lines: who drives, how rides are offered, who asks for one.

use crate::sim::dice::{Share, Spread};
use crate::sim::model::ids::{ButtonId, KindId};
use crate::sim::plan::Plan;
use crate::sim::plan::service::dispatch::{Dispatch, Hail};
use crate::sim::scenario::audience;
use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::reader::{Fields, reference};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::timeline::instant;
use crate::sim::scenario::yaml::Node;
use crate::sim::time::Span;

/// `dispatch:`.
pub(in crate::sim::scenario) const DISPATCH: Table = Table {
    name: "dispatch",
    needs: &["drivers", "grid", "offer", "coming", "ride", "patience"],
    rows: &[
        Row("drivers", audience::SHAPE, "기사 / who drives"),
        Row("grid", Shape::Number, "격자 한 변의 칸 수 / cells on each side of the square"),
        Row("nearest", Shape::Number, "한 번에 묻는 기사 수 / drivers asked at once; 5 when left out"),
        Row("radius", Shape::Number, "묻는 거리 / most cells to a driver who is asked; the whole grid when left out"),
        Row("offer", Shape::Table(&OFFER), "호출 / what drivers are asked with"),
        Row("coming", Shape::Text, "배차 알림 / the notice that tells the rider"),
        Row("gone", Shape::Text, "마감 알림 / the notice that tells the other drivers"),
        Row("ride", Shape::Spread, "운행 시간 / how long a ride takes"),
        Row("patience", Shape::Span, "승객이 기다리는 시간 / how long a rider waits"),
        Row("phones", Shape::Share, "전화로 부르는 비율 / share who then telephone; the rest goes to the street"),
        Row("after", Shape::Text, "운행 뒤 알림 / the notice after a ride"),
    ],
};

/// `offer:`.
const OFFER: Table = Table {
    name: "offer",
    needs: &["send", "take", "for"],
    rows: &[
        Row("send", Shape::Text, "알림 / a row of notices"),
        Row("take", Shape::Text, "수락 버튼 / the button that takes the ride"),
        Row("for", Shape::Span, "기다리는 시간 / how long those asked are waited for"),
    ],
};

/// A `hail:` line.
pub(in crate::sim::scenario) const HAIL: Table = Table {
    name: "hail",
    needs: &["at", "hail"],
    rows: &[
        Row("at", Shape::Instant, "시작 / when the first one asks"),
        Row("hail", audience::SHAPE, "부르는 사람 / who asks for a ride, once each"),
        Row("over", Shape::Span, "나누어 / evenly over so long; at once when left out"),
    ],
};

const GRID_MAX: u64 = 10_000;
const NEAREST_MAX: u64 = 100;
/// Shortest time for which those asked are waited for: every round looks at every driver.
const FOR_MIN: Span = Span::from_secs(1);

/// Reads `dispatch:`.
pub(in crate::sim::scenario) fn read(node: &Node, plan: &mut Plan, problems: &mut Problems) {
    let Some(fields) = Fields::of(node, "dispatch", &DISPATCH, problems) else { return };
    let drivers = fields.need("drivers", problems).and_then(|node| audience::read(node, plan, problems));
    fields.need("grid", problems);
    let grid = fields.number("grid", 1..GRID_MAX + 1, problems);
    let nearest = optional(&fields, "nearest", 1, NEAREST_MAX, 5, problems);
    let radius = optional(&fields, "radius", 0, GRID_MAX * 2, GRID_MAX * 2, problems);
    let offer = fields.need("offer", problems).and_then(|node| offer(node, plan, problems));
    let coming = fields.need("coming", problems).and_then(|node| kind(node, plan, problems));
    let gone = fields.get("gone", problems).and_then(|node| kind(node, plan, problems));
    let after = fields.get("after", problems).and_then(|node| kind(node, plan, problems));
    let ride: Option<Spread> = fields.need_leaf("ride", problems);
    let patience: Option<Span> = fields.need_leaf("patience", problems);
    let phones: Share = fields.leaf("phones", problems).unwrap_or_default();
    let (Some(drivers), Some(grid), Some(offer), Some(coming), Some(ride), Some(patience)) =
        (drivers, grid, offer, coming, ride, patience)
    else {
        return;
    };
    let (offer, take, stands) = offer;
    let (grid, nearest, radius) = (grid as u32, nearest as u32, radius as u32);
    plan.services.dispatch = Some(Dispatch {
        drivers,
        grid,
        nearest,
        radius,
        offer,
        take,
        stands,
        coming,
        gone,
        ride,
        patience,
        phones,
        after,
    });
}

/// Reads a `hail:` line.
pub(in crate::sim::scenario) fn hail(line: &Node, plan: &mut Plan, problems: &mut Problems) {
    let Some(fields) = Fields::of(line, "hail", &HAIL, problems) else { return };
    let at = instant(&fields, "at", plan, problems);
    let who = fields.need("hail", problems).and_then(|node| audience::read(node, plan, problems));
    let over = if fields.has("over") { fields.leaf("over", problems) } else { Some(Span::ZERO) };
    // A dispatch that is wrong has been said to be.
    if plan.services.dispatch.is_none() && problems.is_empty() {
        let at = fields.entry("hail").map_or(line.at, |entry| entry.key_at);
        problems
            .add(at, Issue::new("`dispatch`가 없어 부를 차가 없습니다", "there is no `dispatch` to ask for a ride"));
    }
    let (Some(at), Some(who), Some(over)) = (at, who, over) else { return };
    plan.services.hails.push(Hail { who, at, over });
}

fn optional(fields: &Fields<'_>, key: &str, least: u64, most: u64, usual: u64, problems: &mut Problems) -> u64 {
    if fields.has(key) { fields.number(key, least..most + 1, problems).unwrap_or(usual) } else { usual }
}

fn offer(node: &Node, plan: &Plan, problems: &mut Problems) -> Option<(KindId, ButtonId, Span)> {
    let fields = Fields::of(node, "offer", &OFFER, problems)?;
    let id = fields.need("send", problems).and_then(|node| kind(node, plan, problems));
    let buttons = plan.buttons.iter().map(String::as_str);
    let take = fields.need("take", problems).and_then(|node| reference(("버튼", "button"), node, buttons, problems));
    let stands: Option<Span> = fields.need_leaf("for", problems);
    let (id, take, stands) = (id?, ButtonId(take? as u16), stands?);
    let has_it = |content: &crate::sim::plan::message::Content| content.buttons.iter().any(|button| button.id == take);
    if !plan.kinds[id.index()].contents.iter().any(has_it) {
        let at = fields.entry("take")?.node.at;
        problems.add(at, Issue::new("그 알림에는 이 버튼이 없습니다", "the notice has no such button"));
    }
    if stands < FOR_MIN {
        let at = fields.entry("for")?.node.at;
        let issue = Issue::new("너무 짧습니다", "this is too short").expected("1초 이상", "at least 1s");
        problems.add(at, issue.found(&stands.to_string()));
    }
    Some((id, take, stands))
}

fn kind(node: &Node, plan: &Plan, problems: &mut Problems) -> Option<KindId> {
    let known = plan.kinds.iter().map(|kind| kind.key.as_str());
    reference(("알림", "notice"), node, known, problems).map(|index| KindId(index as u16))
}
