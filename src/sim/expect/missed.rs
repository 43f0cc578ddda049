//! Who was not reached, and the nearest reason for it.

use crate::sim::expect::ledger::Ledger;
use crate::sim::expect::record::Mark;
use crate::sim::expect::view::View;
use crate::sim::expect::witness;
use crate::sim::model::ids::{FaultId, NoticeId, PersonId};
use crate::sim::model::person::{KakaoState, PhoneState};
use crate::sim::model::words::Words;

/// Most of the missed who are listed by name, unless more are asked for.
pub(super) const LISTED_MAX: usize = 100;

/// Notices that were not reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missed {
    /// How many.
    pub count: u64,
    /// How many for each reason, most frequent first.
    pub reasons: Vec<(Words, u64)>,
    /// The first of them: a hundred, unless more were asked for.
    pub listed: Vec<MissedNotice>,
}

/// A notice that was not reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedNotice {
    /// Which.
    pub notice: NoticeId,
    /// Whose.
    pub person: PersonId,
    /// Why.
    pub reason: Words,
    /// What was tried, in one line.
    pub life: Words,
}

/// The nearest reason. Order matters: the first that applies is taken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    NeverSubmitted,
    Expired,
    DarkPhone,
    Fault(FaultId),
    NotAUser,
    Inactive,
    Blocked,
    Returned,
    Lost,
    Waiting,
    Refused,
    NoAnswer,
}

/// Goes through all notices; a desk's replies are nobody's loss here.
pub(super) fn of(ledger: &Ledger, listed: usize) -> Missed {
    let mut missed = Missed::default();
    let mut reasons: std::collections::BTreeMap<Reason, u64> = std::collections::BTreeMap::new();
    for view in ledger.views().filter(|view| !view.notice.reply && view.reached_at().is_none()) {
        let reason = reason(view);
        missed.count += 1;
        *reasons.entry(reason).or_default() += 1;
        if missed.listed.len() < listed {
            let (notice, person) = (view.id, view.notice.person());
            missed.listed.push(MissedNotice {
                notice,
                person,
                reason: words(reason, ledger),
                life: witness::life(view),
            });
        }
    }
    let mut rows: Vec<(Reason, u64)> = reasons.into_iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.1));
    missed.reasons = rows.into_iter().map(|(reason, count)| (words(reason, ledger), count)).collect();
    missed
}

fn reason(view: View<'_>) -> Reason {
    let any = |mark: Mark| view.attempts().any(|attempt| attempt.has(mark));
    let person = view.ledger.people.get(view.notice.person());
    let hit = view.hits().next();
    if view.attempts().next().is_none() {
        return hit.map_or(Reason::NeverSubmitted, Reason::Fault);
    }
    // Nothing of it ever came to where a phone or a fault could matter.
    if view.attempts().all(|attempt| attempt.heard.is_denial()) {
        return Reason::Refused;
    }
    if view.shown_at().is_some() {
        return Reason::Expired;
    }
    match (person.map(|person| person.phone), hit, person.map(|person| person.kakao)) {
        (Some(PhoneState::Dark), _, _) => Reason::DarkPhone,
        (_, Some(fault), _) => Reason::Fault(fault),
        (_, None, Some(KakaoState::None)) => Reason::NotAUser,
        (_, None, Some(KakaoState::Inactive)) => Reason::Inactive,
        (_, None, Some(KakaoState::Blocked)) => Reason::Blocked,
        (_, None, _) if any(Mark::Returned) => Reason::Returned,
        (_, None, _) if any(Mark::Lost) => Reason::Lost,
        (_, None, _) if any(Mark::Accepted) => Reason::Waiting,
        (_, None, _) if any(Mark::Refused) => Reason::Refused,
        (_, None, Some(KakaoState::Active) | None) => Reason::NoAnswer,
    }
}

fn words(reason: Reason, ledger: &Ledger) -> Words {
    let (ko, en) = match reason {
        Reason::NeverSubmitted => ("발송되지 않음", "never submitted"),
        Reason::Expired => ("만료 뒤에 표시됨", "shown only after it expired"),
        Reason::DarkPhone => ("단말 꺼짐", "phone off or out of coverage"),
        Reason::Fault(fault) => {
            let name = ledger.fault_name(fault);
            return Words { ko: format!("장애 {name}"), en: format!("lost to fault {name}") };
        }
        Reason::NotAUser => ("카카오톡 미사용", "not a KakaoTalk user"),
        Reason::Inactive => ("카카오톡 휴면", "KakaoTalk account inactive"),
        Reason::Blocked => ("채널 차단", "blocked the channel"),
        Reason::Returned => ("반송", "came back"),
        Reason::Lost => ("유실", "lost on the way"),
        Reason::Waiting => ("아직 대기 중", "still waiting"),
        Reason::Refused => ("거절", "refused"),
        Reason::NoAnswer => ("플랫폼 무응답", "no answer from the platform"),
    };
    Words { ko: ko.to_owned(), en: en.to_owned() }
}
