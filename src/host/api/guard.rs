//! Who may ask, beyond loopback: every request carries the bearer token, also those of phones and health checks.
//!
//! `Host` and `Origin` are checked by whoever accepts the connection, before this. How a token gets here (a file, the
//! environment) is the command line's business.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::host::api::problem::{Kind, Problem};

/// Shortest token that is taken, in bytes.
pub const TOKEN_MIN: usize = 32;

/// The token that every request must carry.
#[derive(Clone)]
pub struct Guard(Arc<str>);

/// Lets a request through, or answers it.
pub async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    match guard.check(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

impl Guard {
    /// A guard for that token; `None` if it is shorter than [`TOKEN_MIN`] bytes or cannot stand in a header.
    pub fn new(token: &str) -> Option<Guard> {
        let plain = token.bytes().all(|byte| byte.is_ascii_graphic());
        (plain && token.len() >= TOKEN_MIN).then(|| Guard(token.into()))
    }

    fn check(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let given = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes());
        let given = given.and_then(|value| value.strip_prefix(b"Bearer "));
        match given {
            Some(given) if same(given, self.0.as_bytes()) => Ok(()),
            Some(_) => Err(Problem::new(Kind::Unauthorized, "the token is not this server's")),
            None => Err(Problem::new(Kind::Unauthorized, "expected 'Authorization: Bearer <token>'")),
        }
    }
}

/// Compares without telling by its time where the first difference is.
fn same(given: &[u8], token: &[u8]) -> bool {
    let differences = given.iter().zip(token).fold(0, |seen, (a, b)| seen | (a ^ b));
    given.len() == token.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::Guard;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn ask(token: Option<&str>) -> Result<(), String> {
        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_str(token).expect("a header"));
        }
        Guard::new(TOKEN).expect("long enough").check(&headers).map_err(|problem| problem.detail)
    }

    #[test]
    fn every_request_must_carry_the_token() {
        assert_eq!(ask(Some(&format!("Bearer {TOKEN}"))), Ok(()));
        let expected = Err("expected 'Authorization: Bearer <token>'".to_owned());
        assert_eq!(ask(None), expected);
        assert_eq!(ask(Some(TOKEN)), expected);
        let foreign = Err("the token is not this server's".to_owned());
        for wrong in [String::new(), format!("{TOKEN}0"), TOKEN[..31].to_owned(), TOKEN.replace('f', "e")] {
            assert_eq!(ask(Some(&format!("Bearer {wrong}"))), foreign, "{wrong}");
        }
    }

    #[test]
    fn a_short_or_unsendable_token_is_none() {
        assert!(Guard::new(&TOKEN[1..]).is_none());
        assert!(Guard::new(&format!("{TOKEN} ")).is_none());
        assert!(Guard::new(&format!("{TOKEN}\n")).is_none());
    }
}
