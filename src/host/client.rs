//! A small HTTP client for our own API: one request, one connection, one answer that fits in memory. Plain HTTP only.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::host::control::deeds::{BY, By};

/// Longest time for a whole exchange: a stop waits for the verdict.
const WITHIN: Duration = Duration::from_secs(60);
/// Largest answer, in bytes: a resolved scenario may hold lists of people.
const ANSWER_MAX: usize = 128 << 20;

/// A server of ours: `http://HOST:PORT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    authority: String,
    token: Option<String>,
}

/// Why there is no proper answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientError {
    /// The address is not of the form `http://HOST:PORT`.
    Address(String),
    /// Nobody answers there, or not properly.
    Silent(String),
    /// The server says no, with these words.
    Refused {
        /// The HTTP status.
        status: u16,
        /// `title: detail`, and every located problem on a line of its own.
        message: String,
    },
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClientError::Address(found) => write!(f, "expected an address like http://127.0.0.1:8080, found '{found}'"),
            ClientError::Silent(why) => f.write_str(why),
            ClientError::Refused { status, message } => write!(f, "{message} (HTTP {status})"),
        }
    }
}

impl Server {
    /// A server by address; a token is sent with every request.
    pub fn at(url: &str, token: Option<String>) -> Result<Server, ClientError> {
        let wrong = || ClientError::Address(url.chars().take(60).collect());
        let authority = url.strip_prefix("http://").ok_or_else(wrong)?.trim_end_matches('/');
        let parsed: hyper::http::uri::Authority = authority.parse().map_err(|_| wrong())?;
        let authority = match parsed.port_u16() {
            Some(_) => authority.to_owned(),
            None => format!("{authority}:80"),
        };
        Ok(Server { authority, token })
    }

    /// Where phones connect.
    pub fn sockets(&self) -> String {
        format!("ws://{}", self.authority)
    }

    /// Asks without a body.
    pub async fn ask(&self, method: Method, path: &str) -> Result<Bytes, ClientError> {
        self.exchange(method, path, None).await
    }

    /// Sends a body of that type.
    pub async fn send(&self, method: Method, path: &str, kind: &str, body: Bytes) -> Result<Bytes, ClientError> {
        self.exchange(method, path, Some((kind, body))).await
    }

    async fn exchange(&self, method: Method, path: &str, body: Option<(&str, Bytes)>) -> Result<Bytes, ClientError> {
        let answer = timeout(WITHIN, self.exchanged(method, path, body)).await;
        let late = |_| ClientError::Silent(format!("no answer from {} in {} s", self.authority, WITHIN.as_secs()));
        let (status, bytes) = answer.map_err(late)??;
        match status {
            200..300 => Ok(bytes),
            _ => Err(ClientError::Refused { status, message: told(&bytes) }),
        }
    }

    async fn exchanged(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, Bytes)>,
    ) -> Result<(u16, Bytes), ClientError> {
        let silent = |why: &dyn fmt::Display| ClientError::Silent(format!("no answer from {}: {why}", self.authority));
        let mut request =
            Request::builder().method(method).uri(path).header(HOST, &self.authority).header(BY, By::Cli.name());
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some((kind, _)) = &body {
            request = request.header(CONTENT_TYPE, *kind);
        }
        let body = Full::new(body.map(|(_, bytes)| bytes).unwrap_or_default());
        let request = request.body(body).map_err(|error| silent(&error))?;
        answered(&self.authority, request).await
    }
}

/// One request of whatever kind, over a connection of its own: the status and the body.
pub async fn exchange(authority: &str, request: Request<Full<Bytes>>) -> Result<(u16, Bytes), ClientError> {
    let late = |_| ClientError::Silent(format!("no answer from {authority} in {} s", WITHIN.as_secs()));
    timeout(WITHIN, answered(authority, request)).await.map_err(late)?
}

async fn answered(authority: &str, request: Request<Full<Bytes>>) -> Result<(u16, Bytes), ClientError> {
    let silent = |why: &dyn fmt::Display| ClientError::Silent(format!("no answer from {authority}: {why}"));
    let stream = TcpStream::connect(authority).await.map_err(|error| silent(&error))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| silent(&error))?;
    let answered = async {
        let response = sender.send_request(request).await.map_err(|error| silent(&error))?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), ANSWER_MAX).collect().await;
        Ok((status, body.map_err(|error| silent(&error))?.to_bytes()))
    };
    let mut answered = std::pin::pin!(answered);
    tokio::select! {
        answer = answered.as_mut() => answer,
        // The connection may end before what it brought has been read.
        _ = connection => answered.await,
    }
}

/// The words of a problem document; the bytes themselves if it is none.
fn told(bytes: &[u8]) -> String {
    let Ok(document) = serde_json::from_slice::<Value>(bytes) else {
        return String::from_utf8_lossy(&bytes[..bytes.len().min(400)]).into_owned();
    };
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let mut out = format!("{}: {}", text(&document["title"]), text(&document["detail"]));
    for problem in document["problems"].as_array().into_iter().flatten() {
        let place = format!("{}:{}:{}", text(&problem["file"]), problem["line"], problem["column"]);
        out.push_str(&format!("\n  {place}: {}", text(&problem["message"])));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{ClientError, Server, told};

    #[test]
    fn an_address_is_plain_http_with_a_host() {
        let at = |url: &str| Server::at(url, None).map(|server| server.sockets());
        assert_eq!(at("http://127.0.0.1:8080"), Ok("ws://127.0.0.1:8080".to_owned()));
        assert_eq!(at("http://localhost/"), Ok("ws://localhost:80".to_owned()));
        for wrong in ["127.0.0.1:8080", "https://localhost", "http://", "http://a b", "http://a/b"] {
            assert_eq!(at(wrong), Err(ClientError::Address(wrong.to_owned())), "{wrong}");
        }
    }

    #[test]
    fn problems_are_told_with_their_places() {
        let document = br#"{"title":"the fault has problems","detail":"1 problem","problems":
            [{"file":"fault","line":1,"column":3,"message":"unknown key 'knd'"}]}"#;
        assert_eq!(told(document), "the fault has problems: 1 problem\n  fault:1:3: unknown key 'knd'");
        assert_eq!(told(b"<html>"), "<html>");
    }
}
