//! Result codes: what a platform or carrier answers, in the numbers that Korean senders know.
//!
//! Kakao's four-digit codes are used for every medium on the kakao network (NHN Cloud error-code page, 2026-06);
//! carrier codes (four digits as NHN's SMS product prints them) for sms and lms. Codes above 9000 that no vendor uses
//! are bongsu's own and say so.

use std::fmt;

use crate::sim::time::Span;

/// A result code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

/// How long "come back later" asks a caller to wait, in the words of HTTP's Retry-After. Assumed: vendors name none.
pub const RETRY_AFTER: Span = Span::from_secs(5);

/// Who should act on a code, and whether the next leg of a route makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Done.
    Success,
    /// Sent, no receipt: may still arrive.
    Uncertain,
    /// This person cannot be reached on this medium: fall back.
    Recipient,
    /// The sender's own mistake: template, length, number.
    Content,
    /// The platform or carrier is in trouble: worth another try.
    Platform,
    /// Not at this hour.
    Night,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $family:ident, $ko:literal, $en:literal;)*) => {
        impl Code {
            $($(#[$doc])* pub const $name: Code = Code($number);)*
            /// Every code that bongsu itself answers: the constant, its family, its sentence in Korean and English.
            pub const TABLE: &'static [(Code, Family, &'static str, &'static str)] =
                &[$((Code::$name, Family::$family, $ko, $en)),*];
        }
    };
}

codes! {
    /// Delivered or, where no receipt exists, sent.
    OK = 0, Success, "성공", "success";
    /// Sent, no acknowledgement in time; kept and may arrive within three days.
    ACK_TIMEOUT = 3005, Uncertain, "수신 확인 없음", "sent, no receipt";
    /// Inactive account: no use in seven days, or barred.
    INACTIVE = 3018, Recipient, "메시지를 전송할 수 없음 (휴면 등)", "account inactive or not sendable";
    /// No KakaoTalk account on this number.
    NOT_A_USER = 3019, Recipient, "카카오톡 미사용자", "not a KakaoTalk user";
    /// The person blocked alimtalk from this channel.
    BLOCKED = 3020, Recipient, "알림톡 수신 차단", "blocked by the recipient";
    /// Not a friend of the channel (media that need friendship).
    NOT_A_FRIEND = 3102, Recipient, "채널 친구가 아님", "not a friend of the channel";
    /// The text is not the approved template with its variables filled.
    TEMPLATE_MISMATCH = 3016, Content, "템플릿 불일치", "text differs from the approved template";
    /// The template is not approved (still requested, inspecting, rejected, dormant).
    TEMPLATE_NOT_APPROVED = 3015, Content, "승인되지 않은 템플릿", "template not approved";
    /// Over the length the medium carries (3014 in Kakao's list; 3013 there is an empty message).
    TOO_LONG = 3014, Content, "길이 초과", "message too long";
    /// An advert that does not begin with `(광고)` (bongsu's own number: no vendor checks it, the law asks for it).
    ADVERT_UNMARKED = 9350, Content, "광고 표시 없음", "advert does not begin with its mark";
    /// Adverts are not carried between 20:50 and 08:00.
    NIGHT = 3022, Night, "야간 발송 제한 (20:50-08:00)", "adverts are not sent between 20:50 and 08:00";
    /// The phone is not in the person's own name: a document that is addressed by identity finds nobody (bongsu's own
    /// number: relayers answer in words).
    NOT_THE_HOLDER = 9353, Recipient, "본인 명의 단말이 아님", "the phone is in somebody else's name";
    /// Platform: internal failure.
    INTERNAL = 3006, Platform, "내부 시스템 오류", "internal platform error";
    /// Platform: not in service.
    NOT_IN_SERVICE = 9998, Platform, "서비스 중단", "not in service";
    /// Platform: unknown failure.
    UNKNOWN = 9999, Platform, "알 수 없는 오류", "unknown platform error";
    /// Too many requests for the capacity; HTTP 429 outside.
    TOO_MANY = 9429, Platform, "처리 한도 초과", "over the rate limit";
    /// The provider did not take the request for what it says; its own code stands beside (bongsu's own number).
    NOT_TAKEN = 9400, Content, "접수 거절", "the provider did not take the request";
    /// Carrier: the text has characters outside the carrier's charset, CP949 (bongsu's own number: NHN answers the
    /// call with -2023, and 1031 is SOLAPI's word for "too long").
    CHARSET = 9523, Content, "지원하지 않는 문자", "characters the carrier cannot carry";
    /// Carrier: no result before the report time ran out.
    CARRIER_TIMEOUT = 2000, Uncertain, "결과 미수신", "no carrier result in time";
    /// Carrier: phone switched off or out of reach for too long.
    POWER_OFF = 2003, Recipient, "전원 꺼짐", "phone switched off";
    /// Another application: not on this phone (bongsu's own number).
    NOT_ON_APP = 9560, Recipient, "앱 미사용자", "does not use the application";
    /// Mail: the address does not exist (bongsu's own number).
    NO_ADDRESS = 9550, Recipient, "주소 없음", "no such address";
    /// Post: returned to sender (bongsu's own number).
    RETURNED = 9701, Recipient, "반송", "returned to sender";
    /// Call: nobody answered (bongsu's own number).
    NO_ANSWER = 9801, Recipient, "응답 없음", "no answer";
}

impl Code {
    /// Whose matter this code is. A number that the table does not have came from a scenario's `refuse`; it is taken
    /// as the platform's trouble.
    pub fn family(self) -> Family {
        Code::TABLE.iter().find(|row| row.0 == self).map_or(Family::Platform, |row| row.1)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, Family};

    #[test]
    fn no_number_stands_twice() {
        let mut numbers: Vec<Code> = Code::TABLE.iter().map(|row| row.0).collect();
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), Code::TABLE.len());
    }

    #[test]
    fn a_foreign_code_counts_as_platform_trouble() {
        assert_eq!(Code(4_001).family(), Family::Platform);
        assert_eq!(Code::NOT_A_USER.family(), Family::Recipient);
        assert_eq!(Code(0).to_string(), "0000");
    }
}
