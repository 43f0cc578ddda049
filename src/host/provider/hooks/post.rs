//! The address that reports go to: plain HTTP on loopback, one connection kept for the next request.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::Request;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{HOST, USER_AGENT};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::Mutex;

use crate::host::provider::hooks::Hook;

/// Largest answer of an application, in bytes.
const ANSWER_MAX: usize = 64 * 1_024;
/// Idle connections that are kept.
const KEPT_MAX: usize = 64;

/// Where reports go.
#[derive(Clone)]
pub struct Sink {
    authority: String,
    path: String,
    idle: Arc<Mutex<Vec<SendRequest<Full<Bytes>>>>>,
}

/// Why an address cannot be used, or did not answer: a lowercase fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinkError(pub String);

impl fmt::Display for SinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Sink {
    /// The address `http://HOST:PORT/PATH`; the host must be loopback.
    pub fn at(url: &str) -> Result<Sink, SinkError> {
        let wrong = |why: &str| SinkError(format!("expected http://127.0.0.1:PORT/PATH, {why}"));
        let uri: hyper::Uri = url.parse().map_err(|_| wrong("found no address"))?;
        let host = uri.host().ok_or_else(|| wrong("found no host"))?;
        let plain = host.trim_start_matches('[').trim_end_matches(']');
        let loopback = plain == "localhost" || plain.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if uri.scheme_str() != Some("http") || !loopback {
            return Err(wrong("nothing leaves this machine"));
        }
        let port = uri.port_u16().unwrap_or(80);
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Sink { authority: format!("{host}:{port}"), path, idle: Arc::default() })
    }

    /// Sends a request; the answer's status and body.
    pub async fn post(&self, hook: &Hook) -> Result<(u16, Bytes), SinkError> {
        let failed = |error: &dyn fmt::Display| SinkError(error.to_string());
        let mut sender = self.connection().await?;
        let mut request = Request::post(self.path.as_str()).header(HOST, &self.authority);
        request = request.header(USER_AGENT, concat!("bongsu/", env!("CARGO_PKG_VERSION")));
        for (name, value) in &hook.headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(hook.body.clone())).map_err(|error| failed(&error))?;
        let response = sender.send_request(request).await.map_err(|error| failed(&error))?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), ANSWER_MAX).collect().await;
        let body = body.map_err(|error| failed(&error))?.to_bytes();
        let mut idle = self.idle.lock().await;
        if idle.len() < KEPT_MAX {
            idle.push(sender);
        }
        Ok((status, body))
    }

    /// A connection that is there already and still open, or a new one.
    async fn connection(&self) -> Result<SendRequest<Full<Bytes>>, SinkError> {
        let failed = |error: &dyn fmt::Display| SinkError(error.to_string());
        loop {
            let kept = self.idle.lock().await.pop();
            let Some(mut kept) = kept else { break };
            if !kept.is_closed() && kept.ready().await.is_ok() {
                return Ok(kept);
            }
        }
        let stream = TcpStream::connect(&self.authority).await.map_err(|error| failed(&error))?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| failed(&error))?;
        // It ends when the sender is dropped; a broken line is the sender's to notice.
        tokio::spawn(async move { drop(connection.await) });
        Ok(sender)
    }
}
