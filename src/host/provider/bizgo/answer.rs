//! The envelope: `common` speaks for the gateway, `data` for the product behind it.

use axum::body::Body;
use axum::http::Response;
use serde_json::{Value, json};

use crate::host::provider::bizgo::CONTRACT;
use crate::host::provider::body::Unread;
use crate::host::provider::reception::Closed;
use crate::host::provider::refused::Refused;
use crate::host::provider::reply;

/// Why a request as a whole failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    status: u16,
    gateway: bool,
    code: &'static str,
    result: String,
    retry_after_s: Option<u64>,
}

impl Fault {
    /// A code of the product, its status, and why in both languages.
    pub fn of(status: u16, code: &'static str, ko: &str, en: &str) -> Fault {
        Fault { status, gateway: false, code, result: format!("{ko} ({en})"), retry_after_s: None }
    }

    /// A request that is not as it should be.
    pub fn bad(code: &'static str, ko: &str, en: &str) -> Fault {
        Fault::of(400, code, ko, en)
    }

    /// An address that is none.
    pub fn nowhere() -> Fault {
        Fault::of(404, "A999", "그런 주소가 없습니다", "no such address")
    }

    /// A method that an address does not take.
    pub fn method() -> Fault {
        Fault::of(405, "A999", "이 주소에서 쓸 수 없는 메서드입니다", "this address does not take this method")
    }

    /// The same of one recipient: code and words.
    pub fn words(&self) -> (&'static str, &str) {
        (self.code, &self.result)
    }

    /// Somebody without a key.
    pub fn stranger() -> Fault {
        Fault {
            gateway: true, ..Fault::of(401, "A401", "등록되지 않은 API 키입니다", "no account has this key")
        }
    }
}

impl From<Unread> for Fault {
    fn from(unread: Unread) -> Fault {
        let (ko, en) = unread.words();
        Fault::of(unread.status(), "A010", &ko, &en)
    }
}

impl From<Closed> for Fault {
    fn from(closed: Closed) -> Fault {
        let (ko, en) = closed.words();
        let code = if closed.status() == 429 { "A020" } else { "A920" };
        Fault { retry_after_s: Some(closed.retry_after_s()), ..Fault::of(closed.status(), code, ko, en) }
    }
}

/// A reply; `tracking` is what a client names when it asks about it.
pub fn reply(tracking: &str, answer: Result<Value, Fault>) -> Response<Body> {
    let common = |code: &str, result: &str| json!({ "authCode": code, "authResult": result, "infobankTrId": tracking });
    match answer {
        Ok(data) => reply::json(200, &json!({ "common": common("A000", "Success"), "data": data }), None),
        Err(Fault { status, gateway: true, code, result, retry_after_s }) => {
            let answer = reply::json(status, &json!({ "common": common(code, &result) }), retry_after_s);
            Refused::whole(CONTRACT, code).marked(answer)
        }
        Err(Fault { status, gateway: false, code, result, retry_after_s }) => {
            let data = json!({ "code": code, "result": result });
            // Only what comes back by itself says when.
            let refused = if retry_after_s.is_some() { Refused::closed } else { Refused::whole };
            let body = json!({ "common": common("A000", "Success"), "data": data });
            refused(CONTRACT, code).marked(reply::json(status, &body, retry_after_s))
        }
    }
}

/// What the product answers when all is well.
pub fn success(data: &Value) -> Value {
    json!({ "code": "A000", "result": "Success", "data": data })
}
