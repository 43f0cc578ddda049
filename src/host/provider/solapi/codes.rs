//! The codes: what became of a message, in four digits.
//!
//! From the vendor's list (`solapi/documents`, api-reference/message-status-codes.md). Which of them bongsu's own codes
//! become is the table [`FAILURES`]; where the list has no fitting row, the nearest was chosen.

use crate::host::control::books::{ItemRecord, StepRecord, Told};
use crate::host::provider::ears;
use crate::sim::engine::call::Tale;
use crate::sim::model::code::Code;
use crate::sim::model::event::Claim;

/// A status: its digits, its sentence in Korean and in English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status(pub &'static str, pub &'static str, pub &'static str);

/// Something that a message needs is missing.
pub const MISSING: Status = Status("1010", "필수 입력 값 미입력", "a needed value is missing");
/// A value is not of its form.
pub const FORMAT: Status = Status("1011", "형식 오류", "format error");
/// This program has no room.
pub const SERVER: Status = Status("1024", "서버 오류", "server error");
/// A type that does not exist, or that bongsu does not carry.
pub const TYPE: Status =
    Status("1025", "잘못된 메시지 타입", "unknown message type, or one that bongsu does not carry");
/// The number stands in the request already.
pub const DUPLICATE: Status = Status("1026", "중복 수신번호", "duplicate recipient");
/// Longer than the medium carries.
pub const TOO_LONG: Status = Status("1031", "길이 초과", "too long");
/// No channel is named.
pub const CHANNEL: Status = Status("1041", "유효한 채널(pfId)이 아님", "not a valid channel (pfId)");
/// No such template.
pub const TEMPLATE: Status = Status("1042", "유효한 템플릿 아이디가 아님", "not a valid template id");
/// Variables have no value.
pub const CONTENT: Status = Status("1043", "등록한 템플릿과 내용이 다름", "content differs from the template");
/// Nobody has this number.
pub const NO_ROUTE: Status = Status("1058", "전송경로 없음", "no route to this number");
/// The sender's number is missing or is none.
pub const SENDER: Status = Status("1062", "발신번호 미등록", "sender number not registered");
/// Taken.
pub const TAKEN: Status = Status("2000", "정상 접수", "taken");
/// The platform could not go on with it.
pub const PLATFORM: Status = Status("2024", "서버 오류", "server error");
/// With Kakao or the carrier: a report is waited for.
pub const SENDING: Status = Status("3000", "이통사 또는 카카오로 접수 예정", "handed on, waiting for a report");
/// Nobody knows: chosen for a message whose receipt did not come.
pub const TIMEOUT: Status = Status("3040", "전송시간 초과", "no report in time");
/// Done.
pub const DONE: Status = Status("4000", "수신 완료", "received");
/// Anything else.
const UNKNOWN: Status = Status("3014", "알 수 없는 메시지 상태", "unknown state");

/// bongsu's codes of failure, and what they are here.
pub const FAILURES: [(Code, Status); 13] = [
    (Code::NOT_A_USER, Status("3104", "카카오톡 미사용자", "not a KakaoTalk user")),
    (Code::INACTIVE, Status("3107", "72시간 이내 미사용자 또는 알림톡 차단", "inactive, or blocked alimtalk")),
    (Code::BLOCKED, Status("3107", "72시간 이내 미사용자 또는 알림톡 차단", "inactive, or blocked alimtalk")),
    (Code::NOT_A_FRIEND, Status("3102", "친구 관계가 아님", "not a friend of the channel")),
    (Code::TEMPLATE_MISMATCH, Status("3103", "메시지와 템플릿 불일치", "differs from the template")),
    (Code::TEMPLATE_NOT_APPROVED, Status("3105", "미등록 템플릿", "template not approved")),
    (Code::TOO_LONG, Status("3011", "형식 오류 (길이)", "format error (length)")),
    (Code::CHARSET, Status("3011", "형식 오류 (문자)", "format error (characters)")),
    (Code::NIGHT, Status("3108", "메시지 발송 가능 시간이 아님", "not at this hour")),
    (Code::NOT_IN_SERVICE, Status("3012", "연동처 서버 오류", "partner server error")),
    (Code::INTERNAL, Status("3024", "서버 오류", "server error")),
    (Code::TOO_MANY, Status("3053", "서버 메시지 대기열 초과", "queue full")),
    (Code::POWER_OFF, Status("3043", "단말기 전원 꺼짐", "phone switched off")),
];

impl Status {
    /// Both sentences.
    pub fn words(self) -> String {
        format!("{} / {}", self.1, self.2)
    }

    /// The word of `status` on a stored message.
    pub fn state(self) -> &'static str {
        match self.0 {
            "2000" => "PENDING",
            "3000" => "SENDING",
            "4000" => "COMPLETE",
            _ => "FAILED",
        }
    }

    /// Whether something is still to come.
    pub fn is_pending(self) -> bool {
        matches!(self.0, "2000" | "3000")
    }
}

/// What became of a step.
pub fn of_told(told: Told) -> Status {
    match told.claim {
        Claim::Delivered | Claim::Shown | Claim::Opened => DONE,
        Claim::Uncertain => TIMEOUT,
        Claim::Failed => FAILURES.iter().find(|row| row.0 == told.code).map_or(UNKNOWN, |row| row.1),
    }
}

/// What became of a message: of its last step, unless another is still to come.
pub fn of_item(item: &ItemRecord) -> Status {
    let Some(last) = item.steps.last() else { return if item.rejected.is_some() { PLATFORM } else { TAKEN } };
    match last.told {
        None => SENDING,
        Some(told) if told.claim == Claim::Failed && goes_on(item) => SENDING,
        Some(told) => of_told(told),
    }
}

/// What an application that sees this message now comes to hear that it has not heard. The contract knows nothing
/// beyond "received": that a person read it is not told.
pub fn unheard(item: &ItemRecord) -> Vec<Tale> {
    news(item, |step, claim| step.heard != Some(claim))
}

/// The same for a webhook, which no question of the application's stops: what none has told so far, nor given up.
pub fn untold(item: &ItemRecord) -> Vec<Tale> {
    news(item, StepRecord::is_untold)
}

fn news(item: &ItemRecord, is_news: impl Fn(&StepRecord, Claim) -> bool) -> Vec<Tale> {
    let last = item.steps.len().saturating_sub(1);
    let mut news = Vec::new();
    for (place, step) in item.steps.iter().enumerate() {
        let Some(told) = step.told else { continue };
        let claim = ears::said(told);
        let still = place == last && claim == Claim::Failed && goes_on(item);
        if !still && is_news(step, claim) {
            news.push((step.attempt, claim, told.code));
        }
    }
    news
}

fn goes_on(item: &ItemRecord) -> bool {
    item.steps.len() < usize::from(item.steps_max)
}
