//! Exchanges: one signed request over a connection of its own, and its answer.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::cli::conformance::pair::Auth;
use crate::host::client;
use crate::host::provider::accounts::{USUAL_KEY, USUAL_SECRET};
use crate::host::provider::signature;

/// What is asked, with all its values filled in.
pub struct Asked {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub auth: Auth,
}

/// Asks, and hears.
pub struct Line {
    authority: String,
    api: &'static str,
    /// The signature of the request before.
    last: Option<String>,
}

impl Line {
    /// A line to a server, speaking a contract.
    pub fn to(authority: String, api: &'static str) -> Line {
        Line { authority, api, last: None }
    }

    /// One request: its status and its body, which is null where it is no JSON.
    pub async fn ask(&mut self, asked: &Asked) -> Result<(u16, Value), String> {
        let request = Request::builder().method(asked.method.as_str()).uri(&asked.path).header(HOST, &self.authority);
        let mut request = request.header(CONTENT_TYPE, "application/json");
        for (name, value) in asked.headers.iter().chain(&[self.proof(asked.auth)]) {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(asked.body.clone())));
        let request = request.map_err(|error| format!("{} {}: {error}", asked.method, asked.path))?;
        let answer = client::exchange(&self.authority, request).await.map_err(|error| error.to_string())?;
        Ok((answer.0, serde_json::from_slice(&answer.1).unwrap_or(Value::Null)))
    }

    /// The header that says who asks, as the contract has it.
    fn proof(&mut self, auth: Auth) -> (String, String) {
        let wrong = matches!(auth, Auth::Wrong);
        let key = if matches!(auth, Auth::Stranger) { "nobody" } else { USUAL_KEY };
        match self.api {
            "nhn" => ("x-secret-key".to_owned(), if wrong { "wrong" } else { USUAL_SECRET }.to_owned()),
            "bizgo" => (AUTHORIZATION.to_string(), if wrong { "wrong" } else { key }.to_owned()),
            _ => {
                let signed = match (auth, &self.last) {
                    (Auth::Again, Some(last)) => last.clone(),
                    _ => sign(key, if wrong { "wrong" } else { USUAL_SECRET }, matches!(auth, Auth::Skewed)),
                };
                self.last = Some(signed.clone());
                (AUTHORIZATION.to_string(), signed)
            }
        }
    }
}

fn sign(key: &str, secret: &str, skewed: bool) -> String {
    // Two commands at one time have servers of their own, so counting is enough to make a salt new.
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let salt = format!("{:032x}", COUNT.fetch_add(1, Ordering::Relaxed));
    let off = SignedDuration::from_hours(if skewed { -1 } else { 0 });
    let date = Timestamp::now().saturating_add(off).map_or_else(|_| String::new(), |date| date.to_string());
    let signature = signature::hex(secret, format!("{date}{salt}").as_bytes());
    format!("HMAC-SHA256 apiKey={key}, date={date}, salt={salt}, signature={signature}")
}
