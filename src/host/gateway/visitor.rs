//! Who may call: the `Host` must name this machine, and a page's `Origin` must be this machine or the same host.
//!
//! That is what keeps a stranger's web page from talking to a simulator on its reader's own machine (DNS rebinding,
//! cross-site WebSockets). It is no login: tokens are the caller's middleware, laid over the router it passes in.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::host::gateway::problem::{self, Problem};

/// Names besides loopback under which this server may be called, without ports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(pub Vec<String>);

/// The middleware: a problem document with 403 for a stranger.
pub async fn check(State(names): State<Arc<Names>>, request: Request, next: Next) -> Response {
    match names.judge(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

impl Names {
    fn judge(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = hosts.next().and_then(|host| host.to_str().ok()).and_then(name_of);
        let known = host.filter(|name| self.knows(name));
        let (Some(host), None) = (known, hosts.next()) else {
            let detail = "the Host header must name a loopback address or a configured host";
            return Err(Problem::new(problem::HOST_NOT_ALLOWED, detail));
        };
        let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
        let from = origin.to_str().ok().and_then(|origin| origin.split_once("://")).and_then(|(_, rest)| name_of(rest));
        if from.is_some_and(|name| is_loopback(name) || name.eq_ignore_ascii_case(host)) {
            return Ok(());
        }
        let detail = "the Origin header must be a loopback address or the same host";
        Err(Problem::new(problem::ORIGIN_NOT_ALLOWED, detail))
    }

    fn knows(&self, name: &str) -> bool {
        is_loopback(name) || self.0.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

fn is_loopback(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// `name:port`, `name`, `[v6]:port` or `[v6]` without port and brackets; `None` for anything else.
fn name_of(authority: &str) -> Option<&str> {
    let (name, port) = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let plain = !name.is_empty() && !name.contains(['/', '@', '?', '#', ' ']);
    let port_plain = port.is_empty()
        || port
            .strip_prefix(':')
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    (plain && port_plain).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(host: &[&str], origin: Option<&str>) -> Result<(), &'static str> {
        let mut headers = HeaderMap::new();
        for host in host {
            headers.append(header::HOST, host.parse().unwrap());
        }
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        Names(vec!["drill.example".to_owned()]).judge(&headers).map_err(|problem| problem.kind.slug)
    }

    #[test]
    fn this_machine_and_configured_names_are_let_in() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "127.8.8.8", "[::1]:80", "[::1]", "drill.example"] {
            assert_eq!(judged(&[host], None), Ok(()), "{host}");
        }
        assert_eq!(judged(&["127.0.0.1:80"], Some("http://localhost:3000")), Ok(()));
        assert_eq!(judged(&["drill.example"], Some("https://drill.example")), Ok(()));
    }

    #[test]
    fn strangers_are_kept_out() {
        for host in ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "", "[::1", "localhost:x"] {
            assert_eq!(judged(&[host], None), Err("host-not-allowed"), "{host}");
        }
        assert_eq!(judged(&[], None), Err("host-not-allowed"));
        assert_eq!(judged(&["localhost", "evil.example"], None), Err("host-not-allowed"));
        for origin in ["https://evil.example", "null", "http://localhost.evil.example", "localhost", "file://"] {
            assert_eq!(judged(&["localhost"], Some(origin)), Err("origin-not-allowed"), "{origin}");
        }
    }
}
