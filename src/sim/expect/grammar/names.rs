//! Values of labels: the plan's names, and the words of our own closed lists.

use std::ops::Range;

use crate::sim::expect::ExpressionError;
use crate::sim::expect::expression::{Filter, Status};
use crate::sim::expect::grammar::{quote, unexpected, unknown};
use crate::sim::expect::metric::{Label, Look, Metric};
use crate::sim::expect::record::Belief;
use crate::sim::model::event::Cause;
use crate::sim::model::ids::{
    ButtonId, ChannelId, CounterId, FaultId, GroupId, KindId, RegionId, RuleId, SendId, StockId,
};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::person::{KakaoState, PhoneState};
use crate::sim::model::service::word::{Certificate, DocumentEnd};
use crate::sim::plan::Plan;

/// A word of the text and where it stands.
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) at: Range<usize>,
}

/// Puts a label's value into the filter.
pub(super) fn set(
    filter: &mut Filter,
    label: Label,
    metric: &Metric,
    word: &Word<'_>,
    plan: &Plan,
) -> Result<(), ExpressionError> {
    match label {
        Label::Group => filter.group = Some(GroupId(place(word, "group", plan.groups.iter())? as u8)),
        Label::Region => filter.region = Some(RegionId(place(word, "region", plan.regions.iter())? as u16)),
        Label::Cohort => {
            filter.cohort = Some(place(word, "cohort", plan.cohorts.iter().map(|cohort| &cohort.key))? as u16);
        }
        Label::Channel => {
            let keys = plan.channels.iter().map(|channel| &channel.key);
            filter.channel = Some(ChannelId(place(word, "channel", keys)? as u16));
        }
        Label::Kind => {
            filter.kind = Some(KindId(place(word, "kind", plan.kinds.iter().map(|kind| &kind.key))? as u16));
        }
        Label::Name => filter.counter = Some(CounterId(place(word, "counter", plan.counters.iter())? as u16)),
        Label::Button => filter.button = Some(ButtonId(place(word, "button", plan.buttons.iter())? as u16)),
        Label::Hit => filter.hit = Some(fault(word, plan)?),
        Label::Send => filter.send = Some(SendId(ordinal(word, plan.sends.len())?)),
        Label::Stock => {
            let keys = plan.services.stocks.iter().map(|stock| &stock.key);
            filter.stock = Some(StockId(place(word, "stock", keys)? as u16));
        }
        Label::Rule => filter.rule = Some(RuleId(ordinal(word, plan.desk.len())?)),
        Label::Kakao => filter.kakao = Some(one_of(word, "kakao", &KakaoState::ALL)?),
        Label::Phone => filter.phone = Some(one_of(word, "phone", &PhoneState::ALL)?),
        Label::Medium | Label::Is => filter.medium = Some(medium(word)?),
        Label::From => filter.from = Some(medium(word)?),
        Label::To => filter.to = Some(medium(word)?),
        Label::Cause => filter.cause = Some(cause(word)?),
        Label::Claim => filter.claim = Some(one_of(word, "claim", &Belief::ALL)?),
        Label::Holder => filter.other_holder = Some(one_of(word, "holder", &[(false, "own"), (true, "other")])?),
        Label::Stands => filter.stands = Some(RegionId(place(word, "region", plan.regions.iter())? as u16)),
        Label::Certificate => filter.certificate = Some(one_of(word, "certificate", Certificate::ALL)?),
        Label::End => filter.end = Some(one_of(word, "end", DocumentEnd::ALL)?),
        Label::Status => filter.status = Some(status(word, metric)?),
        Label::Network => filter.network = Some(one_of(word, "network", &Network::ALL.map(|n| (n, n.name())))?),
    }
    Ok(())
}

/// A fault of the plan.
pub(super) fn fault(word: &Word<'_>, plan: &Plan) -> Result<FaultId, ExpressionError> {
    let place = place(word, "fault", plan.faults.iter().map(|fault| &fault.name))?;
    Ok(FaultId(place as u16))
}

/// What a kind of name is called, in Korean.
fn ko(what: &str) -> &str {
    match what {
        "group" => "그룹",
        "region" => "지역",
        "cohort" => "시민 행",
        "channel" => "채널",
        "kind" => "알림 종류",
        "counter" => "집계",
        "stock" => "재고",
        "button" => "버튼",
        "fault" => "장애",
        "medium" => "매체",
        "network" => "망",
        "cause" => "까닭",
        "holder" => "단말 명의",
        "certificate" => "증명",
        "end" => "당사자",
        other => other,
    }
}

fn place<'a>(
    word: &Word<'_>,
    what: &str,
    names: impl Iterator<Item = &'a String> + Clone,
) -> Result<usize, ExpressionError> {
    names.clone().position(|name| name == word.text).ok_or_else(|| {
        let known: Vec<&str> = names.map(String::as_str).collect();
        unknown(word.at.clone(), (ko(what), what), word.text, &known)
    })
}

fn one_of<T: Copy>(word: &Word<'_>, what: &str, rows: &[(T, &'static str)]) -> Result<T, ExpressionError> {
    rows.iter().find(|row| row.1 == word.text).map(|row| row.0).ok_or_else(|| {
        let known: Vec<&str> = rows.iter().map(|row| row.1).collect();
        unknown(word.at.clone(), (ko(what), what), word.text, &known)
    })
}

fn medium(word: &Word<'_>) -> Result<Medium, ExpressionError> {
    one_of(word, "medium", &Medium::ALL.map(|medium| (medium, medium.name())))
}

fn cause(word: &Word<'_>) -> Result<Cause, ExpressionError> {
    one_of(
        word,
        "cause",
        &[Cause::Failed, Cause::NoReceipt, Cause::NotOpened, Cause::Provider].map(|cause| (cause, cause.name())),
    )
}

/// Notices are shown or not; attempts are refused or held.
fn status(word: &Word<'_>, metric: &Metric) -> Result<Status, ExpressionError> {
    let rows = match metric.look {
        Look::Attempt(_) => &Status::ALL[2..],
        Look::Notice(_)
        | Look::Press(_)
        | Look::Answer(_)
        | Look::Count(_)
        | Look::Order(_)
        | Look::Deed(_)
        | Look::Person(_)
        | Look::Told(_)
        | Look::Loss(_) => &Status::ALL[..2],
    };
    one_of(word, "status", rows)
}

/// A number counted from 1, as an id counted from 0.
fn ordinal(word: &Word<'_>, count: usize) -> Result<u16, ExpressionError> {
    match word.text.parse::<u16>() {
        Ok(number) if number >= 1 && usize::from(number) <= count => Ok(number - 1),
        Ok(_) | Err(_) => {
            let (ko, en) = (format!("1~{count} 사이의 번호"), format!("a number from 1 to {count}"));
            Err(unexpected(word.at.clone(), &ko, &en, &quote(word.text)))
        }
    }
}
