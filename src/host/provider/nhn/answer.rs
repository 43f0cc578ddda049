//! The envelope: every answer has a header with code, message and a plain yes or no.

use axum::body::Body;
use axum::http::Response;
use serde_json::{Value, json};

use crate::host::provider::body::Unread;
use crate::host::provider::nhn::CONTRACT;
use crate::host::provider::reception::Closed;
use crate::host::provider::refused::Refused;
use crate::host::provider::reply;

/// Why a request as a whole failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    status: u16,
    code: i32,
    message: String,
    retry_after_s: Option<u64>,
}

impl Fault {
    /// A code and its message, which is HTTP 200.
    pub fn new(code: i32, message: impl Into<String>) -> Fault {
        Fault { status: 200, code, message: message.into(), retry_after_s: None }
    }

    /// The same in both languages.
    pub fn of(code: i32, ko: &str, en: &str) -> Fault {
        Fault::new(code, format!("{ko} ({en})"))
    }

    /// The code.
    pub fn code(&self) -> i32 {
        self.code
    }

    /// A body that is no request.
    pub fn unreadable(error: &serde_json::Error) -> Fault {
        Fault::of(4, "본문을 읽을 수 없습니다", &format!("the body cannot be read: {error}"))
    }

    /// An address that is none.
    pub fn nowhere() -> Fault {
        Fault { status: 404, ..Fault::of(4, "그런 주소가 없습니다", "no such address") }
    }

    /// A method that an address does not take.
    pub fn method() -> Fault {
        let (ko, en) = ("이 주소에서 쓸 수 없는 메서드입니다", "this address does not take this method");
        Fault { status: 405, ..Fault::of(4, ko, en) }
    }

    /// The same of one recipient: code and message.
    pub fn into_words(self) -> (i32, String) {
        (self.code, self.message)
    }
}

impl From<Unread> for Fault {
    fn from(unread: Unread) -> Fault {
        let (ko, en) = unread.words();
        Fault { status: unread.status(), ..Fault::of(-3002, &ko, &en) }
    }
}

impl From<Closed> for Fault {
    fn from(closed: Closed) -> Fault {
        let (ko, en) = closed.words();
        let code = if closed.status() == 429 { -9429 } else { -9998 };
        let fault = Fault::of(code, ko, en);
        Fault { status: closed.status(), retry_after_s: Some(closed.retry_after_s()), ..fault }
    }
}

/// The header of success.
pub fn success() -> Value {
    json!({ "resultCode": 0, "resultMessage": "SUCCESS", "isSuccessful": true })
}

/// A reply of the Kakao product.
pub fn reply(answer: Result<Value, Fault>) -> Response<Body> {
    reply_of(CONTRACT, answer)
}

/// A reply of either product.
pub fn reply_of(product: &str, answer: Result<Value, Fault>) -> Response<Body> {
    match answer {
        Ok(body) => reply::json(200, &body, None),
        Err(Fault { status, code, message, retry_after_s }) => {
            let header = json!({ "resultCode": code, "resultMessage": message, "isSuccessful": false });
            // Only what comes back by itself says when.
            let refused = if retry_after_s.is_some() { Refused::closed } else { Refused::whole };
            let answer = reply::json(status, &json!({ "header": header }), retry_after_s);
            refused(product, &code.to_string()).marked(answer)
        }
    }
}
