//! The words of the protocol: codes of `error` frames and codes of close frames. `docs/protocol.md` explains each.

/// What an `error` frame says is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// Not a JSON object with a `type`.
    BadFrame,
    /// The type is known, a field of it is missing or wrong.
    BadField,
    /// No such type.
    UnknownType,
    /// The first frame was no hello.
    HelloExpected,
    /// A second hello.
    HelloTwice,
    /// A number that is nobody's in this run.
    UnknownPhone,
    /// A number that this session does not carry.
    NotYourPhone,
    /// The session carries several phones and the frame does not say which.
    PhoneNeeded,
    /// Not an attempt id.
    BadAttempt,
    /// No button of that name in this run.
    UnknownButton,
    /// No channel of that name in this run.
    UnknownChannel,
    /// A text of more than 1,000 characters, or more than 1,024 attempts in one receipt.
    TooLong,
    /// The network refuses these phones' login.
    LoginRefused,
    /// The network dropped these phones; the others of the session stay.
    SessionLost,
    /// A newer session carries these phones now.
    TakenOver,
}

/// How a session is closed from this side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseWord {
    /// The process ends; come back later.
    GoingAway,
    /// Broken framing.
    Protocol,
    /// A binary message.
    Binary,
    /// Text that is not UTF-8.
    NotUtf8,
    /// Too many frames a second.
    Flood,
    /// A message over the limit.
    TooBig,
    /// Read too slowly.
    TooSlow,
    /// No hello in time.
    NoHello,
    /// A frame that is not a JSON object with a type.
    BadFrame,
    /// Something else before the hello.
    HelloExpected,
    /// Every phone's login was refused.
    LoginRefused,
    /// None of the numbers is anybody's.
    NobodyKnown,
    /// Newer sessions carry all the phones.
    TakenOver,
    /// The run is over.
    RunEnded,
    /// The class is over, or its teacher took the seat back.
    SeatGivenUp,
}

impl ErrorCode {
    /// The code as it stands in the frame, and its sentence in Korean and English.
    pub const fn row(self) -> (&'static str, &'static str) {
        match self {
            ErrorCode::BadFrame => ("bad_frame", "JSON 객체가 아님 (not a JSON object with a type)"),
            ErrorCode::BadField => ("bad_field", "필드가 없거나 잘못됨 (a field is missing or wrong)"),
            ErrorCode::UnknownType => ("unknown_type", "알 수 없는 type (unknown type)"),
            ErrorCode::HelloExpected => {
                ("hello_expected", "첫 프레임은 hello여야 함 (the first frame must be a hello)")
            }
            ErrorCode::HelloTwice => ("hello_twice", "hello는 한 번만 (a session says hello once)"),
            ErrorCode::UnknownPhone => ("unknown_phone", "이 실행에 없는 번호 (no such phone number in this run)"),
            ErrorCode::NotYourPhone => {
                ("not_your_phone", "이 세션의 번호가 아님 (this session does not carry that phone)")
            }
            ErrorCode::PhoneNeeded => ("phone_needed", "phone이 필요함 (the session carries several phones: name one)"),
            ErrorCode::BadAttempt => ("bad_attempt", "attempt 형식 오류 (an attempt id looks like n17/0)"),
            ErrorCode::UnknownButton => ("unknown_button", "없는 버튼 (no such button in this run)"),
            ErrorCode::UnknownChannel => ("unknown_channel", "없는 채널 (no such channel in this run)"),
            ErrorCode::TooLong => ("too_long", "너무 김 (more than the limit)"),
            ErrorCode::LoginRefused => ("login_refused", "로그인 거부 (the network refused the login)"),
            ErrorCode::SessionLost => ("session_lost", "접속 끊김 (the network dropped these phones)"),
            ErrorCode::TakenOver => ("taken_over", "다른 세션이 접속함 (a newer session carries these phones)"),
        }
    }
}

impl CloseWord {
    /// The close code and its reason. Codes from 4000 are our own.
    pub const fn row(self) -> (u16, &'static str) {
        match self {
            CloseWord::GoingAway => (1001, "going away"),
            CloseWord::Protocol => (1002, "protocol error"),
            CloseWord::Binary => (1003, "text frames only"),
            CloseWord::NotUtf8 => (1007, "text is not utf-8"),
            CloseWord::Flood => (1008, "too many frames a second"),
            CloseWord::TooBig => (1009, "message over 64 KiB"),
            CloseWord::TooSlow => (1013, "read too slowly"),
            CloseWord::NoHello => (4000, "no hello in time"),
            CloseWord::BadFrame => (4001, "bad frame"),
            CloseWord::HelloExpected => (4001, "hello expected"),
            CloseWord::LoginRefused => (4003, "login refused"),
            CloseWord::NobodyKnown => (4004, "no known phone"),
            CloseWord::TakenOver => (4009, "taken over"),
            CloseWord::RunEnded => (4010, "run ended"),
            CloseWord::SeatGivenUp => (4011, "seat given up"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CloseWord, ErrorCode};

    const ERRORS: [ErrorCode; 15] = [
        ErrorCode::BadFrame,
        ErrorCode::BadField,
        ErrorCode::UnknownType,
        ErrorCode::HelloExpected,
        ErrorCode::HelloTwice,
        ErrorCode::UnknownPhone,
        ErrorCode::NotYourPhone,
        ErrorCode::PhoneNeeded,
        ErrorCode::BadAttempt,
        ErrorCode::UnknownButton,
        ErrorCode::UnknownChannel,
        ErrorCode::TooLong,
        ErrorCode::LoginRefused,
        ErrorCode::SessionLost,
        ErrorCode::TakenOver,
    ];
    const CLOSES: [CloseWord; 14] = [
        CloseWord::GoingAway,
        CloseWord::Protocol,
        CloseWord::Binary,
        CloseWord::NotUtf8,
        CloseWord::Flood,
        CloseWord::TooBig,
        CloseWord::TooSlow,
        CloseWord::NoHello,
        CloseWord::BadFrame,
        CloseWord::HelloExpected,
        CloseWord::LoginRefused,
        CloseWord::NobodyKnown,
        CloseWord::TakenOver,
        CloseWord::RunEnded,
    ];

    #[test]
    fn the_protocol_page_knows_every_code() {
        let page = include_str!("../../../docs/protocol.md");
        for code in ERRORS.map(|code| code.row().0) {
            assert!(page.contains(&format!("`{code}`")), "docs/protocol.md does not say what {code} is");
        }
        for code in CLOSES.map(|close| close.row().0) {
            assert!(page.contains(&code.to_string()), "docs/protocol.md does not say what {code} is");
        }
    }
}
