//! Who may ask, beyond loopback: every request carries the bearer token, also those of phones and health checks. A browser
//! carries it in a cookie, once its user has pasted it at `/enter`. What somebody else has admitted (a class its students)
//! passes.
//!
//! `Host` and `Origin` are checked by whoever accepts the connection, before this. How a token gets here (a file, the
//! environment) is the command line's business.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Deserialize;

use crate::host::api::body;
use crate::host::api::problem::{Kind, Problem};
use crate::host::link::Admitted;

/// Shortest token that is taken, in bytes.
pub const TOKEN_MIN: usize = 32;

/// The token that every request must carry.
#[derive(Clone)]
pub struct Guard(Arc<str>);

/// The cookie's name.
const COOKIE: &str = "bongsu_token";
/// The page where a browser's user pastes the token, and what it loads: there for everybody.
const ENTRANCE: [&str; 4] = ["/enter", "/v1/enter", "/page/enter/", "/page/common/"];

/// Lets a request through, or answers it: a browser that looks for a page is shown the entrance.
pub async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    if request.extensions().get::<Admitted>().is_some() || is_entrance(request.uri().path()) {
        return next.run(request).await;
    }
    match guard.check(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(_) if wants_page(&request) => {
            (StatusCode::SEE_OTHER, [(header::LOCATION, entrance_for(request.uri().path()))]).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

/// The entrance, with the page behind its # to which it leads.
fn entrance_for(page: &str) -> String {
    if page == "/" { "/enter".to_owned() } else { format!("/enter#{page}") }
}

/// `POST /v1/enter`: a browser's user says the token once, and its browser keeps it until it closes.
pub fn entrance(guard: Guard) -> Router {
    Router::new().route("/v1/enter", post(enter)).with_state(guard)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EnterBody {
    token: String,
}

async fn enter(State(guard): State<Guard>, request: Request) -> Result<Response, Problem> {
    let EnterBody { token } = body::json(request).await?;
    if !same(token.as_bytes(), guard.0.as_bytes()) {
        return Err(Problem::new(Kind::Unauthorized, "the token is not this server's"));
    }
    let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict", hex(&guard.0));
    let cookie = HeaderValue::from_str(&cookie).expect("hexadecimal digits are plain");
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Any token is a plain cookie this way.
fn hex(token: &str) -> String {
    token.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn is_entrance(path: &str) -> bool {
    ENTRANCE.iter().any(|open| path == *open || (open.ends_with('/') && path.starts_with(open)))
}

fn wants_page(request: &Request) -> bool {
    let accepted = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    request.method() == Method::GET && accepted.split(',').any(|kind| kind.trim().starts_with("text/html"))
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
        if given.is_none() && self.in_cookies(headers) {
            return Ok(());
        }
        match given {
            Some(given) if same(given, self.0.as_bytes()) => Ok(()),
            Some(_) => Err(Problem::new(Kind::Unauthorized, "the token is not this server's")),
            None => Err(Problem::new(Kind::Unauthorized, "expected 'Authorization: Bearer <token>'")),
        }
    }
}

impl Guard {
    fn in_cookies(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut mine = pairs.filter(|(name, _)| *name == COOKIE).map(|(_, value)| value);
        mine.any(|value| same(value.as_bytes(), hex(&self.0).as_bytes()))
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
    fn a_browser_carries_the_token_in_a_cookie() {
        let guard = Guard::new(TOKEN).expect("long enough");
        let asked = |cookie: String| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_str(&cookie).expect("a header"));
            guard.check(&headers).is_ok()
        };
        let kept = super::hex(TOKEN);
        assert!(asked(format!("bongsu_token={kept}")) && asked(format!("a=b; bongsu_token={kept}")));
        assert!(!asked(format!("bongsu_token={TOKEN}")) && !asked(format!("token={kept}")) && !asked(String::new()));
    }

    #[test]
    fn the_entrance_is_open_and_nothing_beside_it() {
        for open in ["/enter", "/v1/enter", "/page/enter/main.js", "/page/common/style.css"] {
            assert!(super::is_entrance(open), "{open}");
        }
        for shut in ["/", "/enter/", "/v1/enters", "/v1/runs", "/page/stage/main.js", "/page/common", "/class", "/join"]
        {
            assert!(!super::is_entrance(shut), "{shut}");
        }
    }

    #[test]
    fn the_entrance_leads_to_the_page_that_was_asked_for() {
        assert_eq!(["/", "/class"].map(super::entrance_for), ["/enter", "/enter#/class"]);
    }

    #[test]
    fn a_short_or_unsendable_token_is_none() {
        assert!(Guard::new(&TOKEN[1..]).is_none());
        assert!(Guard::new(&format!("{TOKEN} ")).is_none());
        assert!(Guard::new(&format!("{TOKEN}\n")).is_none());
    }
}
