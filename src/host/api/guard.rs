//! Who may ask: the bearer token, and whether a browser on another site is being used against us.
//!
//! On loopback there is no token, so a page of another site could reach us through the browser of somebody here: a
//! foreign `Host` (DNS rebinding) or a foreign `Origin` is refused. Programs send no `Origin` and pass.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::host::api::problem::{Kind, Problem};

/// Shortest token that is taken, in bytes.
pub const TOKEN_MIN: usize = 32;

/// What is asked of a request.
#[derive(Clone, Default)]
pub struct Guard {
    /// The token that every request must carry; `None` on loopback.
    pub token: Option<Arc<str>>,
    /// Names besides loopback by which this server is called, without a port. A server that needs a token takes any.
    pub hosts: Vec<String>,
}

/// Lets a request through, or answers it.
pub async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    match guard.check(request.headers(), request.uri()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

impl Guard {
    /// Whether a request may pass.
    pub fn check(&self, headers: &HeaderMap, uri: &Uri) -> Result<(), Problem> {
        let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
        let host = host.or_else(|| uri.authority().map(|authority| authority.as_str()));
        self.check_host(host)?;
        if let Some(origin) = headers.get(header::ORIGIN) {
            self.check_origin(origin.to_str().unwrap_or("?"), host)?;
        }
        self.check_token(headers)
    }

    fn check_host(&self, host: Option<&str>) -> Result<(), Problem> {
        let Some(host) = host else {
            return Err(Problem::new(Kind::ForeignHost, "no Host header"));
        };
        // A page of another site cannot know the token, so with one the name does not matter.
        if self.token.is_some() || self.known(name_of(host)) {
            return Ok(());
        }
        Err(Problem::new(
            Kind::ForeignHost,
            format!("'{}' is not a name of this server", crate::host::api::problem::cut(host)),
        ))
    }

    fn check_origin(&self, origin: &str, host: Option<&str>) -> Result<(), Problem> {
        let place = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        match place {
            Some(place) if Some(place) == host || self.known(name_of(place)) => Ok(()),
            Some(_) | None => Err(Problem::new(
                Kind::ForeignOrigin,
                format!("'{}' is not a page of this server", crate::host::api::problem::cut(origin)),
            )),
        }
    }

    fn check_token(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let Some(token) = &self.token else { return Ok(()) };
        let given = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes());
        let given = given.and_then(|value| value.strip_prefix(b"Bearer "));
        match given {
            Some(given) if same(given, token.as_bytes()) => Ok(()),
            Some(_) => Err(Problem::new(Kind::Unauthorized, "the token is not this server's")),
            None => Err(Problem::new(Kind::Unauthorized, "expected 'Authorization: Bearer <token>'")),
        }
    }

    fn known(&self, name: &str) -> bool {
        is_loopback(name) || self.hosts.iter().any(|host| host.eq_ignore_ascii_case(name))
    }
}

/// Whether a host name or address means this machine itself.
pub fn is_loopback(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// A `Host` without its port and brackets.
fn name_of(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next().unwrap_or("");
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

/// Compares without telling by its time where the first difference is.
fn same(given: &[u8], token: &[u8]) -> bool {
    let differences = given.iter().zip(token).fold(0, |seen, (a, b)| seen | (a ^ b));
    given.len() == token.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, Uri, header};

    use super::Guard;
    use crate::host::api::problem::Kind;

    fn ask(guard: &Guard, host: &str, origin: Option<&str>, token: Option<&str>) -> Result<(), Kind> {
        let mut headers = HeaderMap::new();
        let value = |text: &str| HeaderValue::from_str(text).expect("a header");
        headers.insert(header::HOST, value(host));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, value(origin));
        }
        if let Some(token) = token {
            headers.insert(header::AUTHORIZATION, value(token));
        }
        guard.check(&headers, &Uri::from_static("/v1/runs")).map_err(|problem| problem.kind)
    }

    #[test]
    fn loopback_needs_no_token_but_a_name_of_its_own() {
        let guard = Guard::default();
        for host in ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080", "127.9.9.9"] {
            assert_eq!(ask(&guard, host, None, None), Ok(()), "{host}");
        }
        for host in ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "", "[::2]", "192.0.2.1"] {
            assert_eq!(ask(&guard, host, None, None), Err(Kind::ForeignHost), "{host}");
        }
    }

    #[test]
    fn pages_of_other_sites_are_refused() {
        let guard = Guard::default();
        for origin in ["http://localhost:3000", "http://127.0.0.1:8080", "https://[::1]"] {
            assert_eq!(ask(&guard, "127.0.0.1:8080", Some(origin), None), Ok(()), "{origin}");
        }
        for origin in ["http://evil.example", "null", "file://", "http://localhost.evil.example:80", ""] {
            assert_eq!(ask(&guard, "127.0.0.1:8080", Some(origin), None), Err(Kind::ForeignOrigin), "{origin}");
        }
    }

    #[test]
    fn with_a_token_every_request_must_carry_it() {
        let token = "0123456789abcdef0123456789abcdef";
        let guard = Guard { token: Some(token.into()), hosts: Vec::new() };
        let right = format!("Bearer {token}");
        assert_eq!(ask(&guard, "bongsu.example:443", None, Some(&right)), Ok(()));
        assert_eq!(ask(&guard, "bongsu.example", Some("https://bongsu.example"), Some(&right)), Ok(()));
        assert_eq!(ask(&guard, "bongsu.example", Some("https://evil.example"), Some(&right)), Err(Kind::ForeignOrigin));
        let longer = format!("Bearer {token}0");
        for wrong in [None, Some("Bearer "), Some(token), Some(&longer), Some(&right[..right.len() - 1])] {
            assert_eq!(ask(&guard, "bongsu.example", None, wrong), Err(Kind::Unauthorized), "{wrong:?}");
        }
    }
}
