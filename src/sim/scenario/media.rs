//! `media:` and `networks:`: what differs in this run from the built-in, sourced defaults.

use crate::sim::medium::{Answer, MediumRules};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::network::NetworkRules;
use crate::sim::plan::Plan;
use crate::sim::scenario::problem::{Problems, nearest};
use crate::sim::scenario::reader::{Fields, not_a};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::value::{Leaf, Price, Rate, call};
use crate::sim::scenario::yaml::Node;
use crate::sim::time::Span;

/// `media:`.
pub(super) const MEDIA: Table = Table {
    name: "media",
    needs: &[],
    rows: &[
        Row("alimtalk", MEDIUM, "알림톡 / alimtalk"),
        Row("brand", MEDIUM, "브랜드 메시지 / brand message"),
        Row("certified", MEDIUM, "인증톡 / certified e-document"),
        Row("chat", MEDIUM, "채널 대화 / chat in the channel"),
        Row("sms", MEDIUM, "단문 / sms"),
        Row("lms", MEDIUM, "장문 / lms"),
        Row("email", MEDIUM, "이메일 / e-mail"),
        Row("letter", MEDIUM, "우편 / letter"),
        Row("registered", MEDIUM, "등기우편 / registered letter"),
        Row("broadcast", MEDIUM, "재난문자 / cell broadcast"),
        Row("call", MEDIUM, "전화 / call"),
        Row("push", MEDIUM, "앱 알림 / push message of another application"),
    ],
};

/// `networks:`.
pub(super) const NETWORKS: Table = Table {
    name: "networks",
    needs: &[],
    rows: &[
        Row("kakao", NETWORK, "카카오 / the messenger"),
        Row("mobile", NETWORK, "이동통신 / the carriers"),
        Row("mail", NETWORK, "메일 / internet mail"),
        Row("app", NETWORK, "다른 앱 / another application than the messenger"),
        Row("post", NETWORK, "우편망 / the post office"),
        Row("cell", NETWORK, "재난문자망 / cell broadcast"),
        Row("pay", NETWORK, "결제망 / payment"),
    ],
};

const MEDIUM: Shape = Shape::Table(&MEDIUM_TABLE);
const NETWORK: Shape = Shape::Table(&NETWORK_TABLE);

const MEDIUM_TABLE: Table = Table {
    name: "medium",
    needs: &[],
    rows: &[
        Row("shows", Shape::Spread, "접수에서 표시까지 / from acceptance to the phone"),
        Row("receipt", Shape::Spread, "단말에서 발신자까지 / from the phone back to the sender"),
        Row("answer", Shape::Text, "응답 방식 / push, polling(180s) or silent"),
        Row("limit", Shape::Rate, "초당 발송 한도 / most messages a second"),
        Row("price", Shape::Price, "건당 가격(원) / price of one in won"),
        Row("tells_opened", Shape::Flag, "열람 통지 / whether the sender learns of opening"),
        Row("returned", Shape::Share, "반송·부재 비율 / share that comes back or is not answered"),
        Row("astray", Shape::Share, "분실 비율 / share that arrives nowhere"),
    ],
};

const NETWORK_TABLE: Table = Table {
    name: "network",
    needs: &[],
    rows: &[
        Row("store", Shape::Span, "보관 시간 / how long it keeps what an absent phone should get"),
        Row("backoff", Shape::Span, "첫 재접속 대기 / first pause before reconnecting"),
        Row("backoff_max", Shape::Span, "최대 재접속 대기 / longest such pause"),
        Row("connect", Shape::Spread, "접속 시간 / how long connecting takes"),
    ],
};

/// Reads `media:` over the defaults in the plan.
pub(super) fn media(node: &Node, plan: &mut Plan, problems: &mut Problems) {
    let Some(fields) = Fields::of(node, "media", &MEDIA, problems) else { return };
    for medium in Medium::ALL {
        if let Some(node) = fields.get(medium.name(), problems) {
            change(node, medium.name(), &mut plan.media[medium.index()], problems);
        }
    }
}

/// Reads `networks:` over the defaults in the plan.
pub(super) fn networks(node: &Node, plan: &mut Plan, problems: &mut Problems) {
    let Some(fields) = Fields::of(node, "networks", &NETWORKS, problems) else { return };
    for network in Network::ALL {
        if let Some(node) = fields.get(network.name(), problems) {
            retune(node, network.name(), &mut plan.networks[network.index()], problems);
        }
    }
}

fn change(node: &Node, name: &str, rules: &mut MediumRules, problems: &mut Problems) {
    let Some(fields) = Fields::of(node, name, &MEDIUM_TABLE, problems) else { return };
    put(&mut rules.shows, fields.leaf("shows", problems));
    put(&mut rules.receipt, fields.leaf("receipt", problems));
    put(&mut rules.answer, fields.get("answer", problems).and_then(|node| answer(node, problems)));
    put(&mut rules.rate, fields.leaf::<Rate>("limit", problems).map(|rate| Some(rate.0)));
    put(&mut rules.price, fields.leaf::<Price>("price", problems).map(|price| price.0));
    put(&mut rules.tells_opened, fields.leaf("tells_opened", problems));
    put(&mut rules.returned, fields.leaf("returned", problems));
    put(&mut rules.astray, fields.leaf("astray", problems));
}

fn retune(node: &Node, name: &str, rules: &mut NetworkRules, problems: &mut Problems) {
    let Some(fields) = Fields::of(node, name, &NETWORK_TABLE, problems) else { return };
    put(&mut rules.store, fields.leaf("store", problems));
    put(&mut rules.backoff, fields.leaf("backoff", problems));
    put(&mut rules.backoff_max, fields.leaf("backoff_max", problems));
    put(&mut rules.connect, fields.leaf("connect", problems));
}

fn put<T>(slot: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *slot = value;
    }
}

fn answer(node: &Node, problems: &mut Problems) -> Option<Answer> {
    let written = node.text().unwrap_or_default();
    let waits = call(written).filter(|(name, _)| *name == "polling");
    let answer = match (written, waits) {
        ("push", _) => Some(Answer::Push),
        ("silent", _) => Some(Answer::Silent),
        (_, Some((_, span))) => Span::read(span, true).ok().map(Answer::Polling),
        _ => None,
    };
    if answer.is_none() {
        let issue = not_a("answer", ("응답 방식", "a mode of answering"), node)
            .expected("push, polling(180s), silent 중 하나", "push, polling(180s) or silent")
            .nearest(nearest(written, ["push", "silent"].into_iter()));
        problems.add(node.at, issue);
    }
    answer
}
