//! The door: what a class lets in where everything else needs a token. The page on which students join and what it loads;
//! the addresses that check the class code or the key of a seat themselves; and the sockets of a seat's own phone, whose
//! key comes as a second subprotocol, because a browser can send no other header with a handshake.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::host::class::Class;
use crate::host::class::code::SeatKey;
use crate::host::class::problem::{self, Problem};
use crate::host::class::teacher::citizen;
use crate::host::link::{Admitted, Seat};

/// What stands before the key among the subprotocols.
const WORD: &str = "seat.";
/// What the page of students loads.
const FILES: [&str; 3] = ["/page/common/", "/page/phone/", "/page/join/"];

/// The middleware.
pub async fn door(State(class): State<Arc<Class>>, mut request: Request, next: Next) -> Response {
    if opens(request.method(), request.uri().path()) {
        request.extensions_mut().insert(Admitted);
        return next.run(request).await;
    }
    let key = if request.uri().path().starts_with("/ws/") { offered(request.headers()) } else { None };
    if let Some(key) = key {
        match class.seat_of(&key) {
            Ok(seat) => {
                request.extensions_mut().insert(Admitted);
                request.extensions_mut().insert(seat);
            }
            Err(problem) => return problem.into_response(),
        }
    }
    next.run(request).await
}

/// Whether a student may ask this without a token. What is behind it asks for the code, or for the key of a seat.
fn opens(method: &Method, path: &str) -> bool {
    match path {
        "/join" => *method == Method::GET,
        "/v1/class/seats" => *method == Method::POST,
        "/v1/class/seat" => *method == Method::GET || *method == Method::DELETE,
        "/v1/class/seat/live" | "/v1/class/seat/debrief" => *method == Method::GET,
        "/v1/class/seat/belief" | "/v1/class/seat/complaint" => *method == Method::POST,
        _ => *method == Method::GET && FILES.iter().any(|folder| path.starts_with(folder)),
    }
}

/// The key among the subprotocols, if there is something of that form.
fn offered(headers: &HeaderMap) -> Option<SeatKey> {
    let values = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    let mut words = values.flat_map(|value| value.split(','));
    words.find_map(|word| word.trim().strip_prefix(WORD)).and_then(SeatKey::read)
}

impl Class {
    fn seat_of(&self, key: &SeatKey) -> Result<Seat, Problem> {
        let run = self.run().ok_or_else(|| Problem::new(problem::NO_RUN, "wait for the teacher"))?;
        let (number, person) =
            self.seat(key, |room, number| Ok((number, room.member(number).and_then(|member| citizen(member, &run)))))?;
        let without = || Problem::new(problem::UNKNOWN_SEAT, "this seat has no phone in this run");
        let gone = || Problem::new(problem::UNKNOWN_SEAT, "nobody sits there");
        Ok(Seat { person: person.ok_or_else(without)?, over: self.seat_over(number).ok_or_else(gone)? })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, Method, header};

    use super::{offered, opens};

    #[test]
    fn students_may_ask_for_their_page_and_their_seat_alone() {
        for (method, path) in [
            (Method::GET, "/join"),
            (Method::GET, "/page/join/main.js"),
            (Method::GET, "/page/phone/phone.css"),
            (Method::GET, "/page/common/words.js"),
            (Method::POST, "/v1/class/seats"),
            (Method::GET, "/v1/class/seat"),
            (Method::DELETE, "/v1/class/seat"),
            (Method::GET, "/v1/class/seat/live"),
            (Method::GET, "/v1/class/seat/debrief"),
            (Method::POST, "/v1/class/seat/belief"),
            (Method::POST, "/v1/class/seat/complaint"),
        ] {
            assert!(opens(&method, path), "{method} {path}");
        }
        for path in [
            "/",
            "/class",
            "/enter",
            "/join/",
            "/joinx",
            "/v1/class",
            "/v1/class/",
            "/v1/class/live",
            "/v1/class/seat/",
            "/v1/class/seats/1",
            "/v1/class/members/1",
            "/v1/class/debrief",
            "/v1/class/tell",
            "/v1/runs",
            "/v1/inbox",
            "/v1/people/010-0000-0000/hand",
            "/metrics",
            "/openapi.json",
            "/ws/kakao",
            "/page/class/main.js",
            "/page/stage/main.js",
            "/page",
            "/v1/class/seat/../../runs",
            "//join",
            "/page/../v1/runs",
        ] {
            for method in [Method::GET, Method::POST, Method::DELETE, Method::PUT, Method::HEAD] {
                assert!(!opens(&method, path), "{method} {path}");
            }
        }
        assert!(!opens(&Method::POST, "/join") && !opens(&Method::DELETE, "/v1/class/seats"));
        assert!(!opens(&Method::POST, "/page/join/main.js"));
    }

    #[test]
    fn a_seat_is_known_by_the_second_subprotocol() {
        let key = "0123456789abcdef0123456789abcdef";
        let asked = |words: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_str(words).expect("a header"));
            offered(&headers).map(|key| key.digits().to_owned())
        };
        assert_eq!(asked(&format!("bongsu.v1, seat.{key}")), Some(key.to_owned()));
        for none in ["bongsu.v1", "bongsu.v1, seat.", "bongsu.v1, seat.xyz", key] {
            assert_eq!(asked(none), None, "{none}");
        }
    }
}
