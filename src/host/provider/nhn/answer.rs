//! The envelope: every answer has a header with code, message and a plain yes or no.

use axum::body::Body;
use axum::http::Response;
use serde_json::{Value, json};

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

    /// The same of one recipient: code and message.
    pub fn into_words(self) -> (i32, String) {
        (self.code, self.message)
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
