//! `GET /ws/{network}`: the handshake (RFC 6455 section 4.2), after the gate has had its say.
//!
//! The order matters: a network that does not exist is a mistake and always told; a network that is down tells nobody
//! whether the rest of the request was right.

use axum::extract::{Extension, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::host::gateway::Gateway;
use crate::host::gateway::gate::{Gate, Turned};
use crate::host::gateway::problem::{self, Problem};
use crate::host::gateway::serve::Place;
use crate::host::gateway::session;
use crate::host::link::Seat;
use crate::sim::model::medium::Network;

/// The subprotocol that a client must offer.
pub const SUBPROTOCOL: &str = "bongsu.v1";

/// The handler.
pub async fn connect(
    State(gateway): State<Gateway>,
    Extension(place): Extension<Place>,
    Path(name): Path<String>,
    mut request: Request,
) -> Response {
    let network = match network(&name) {
        Ok(network) => network,
        Err(problem) => return problem.into_response(),
    };
    let Some(run) = gateway.run() else { return Problem::no_run().into_response() };
    if !run.board.plan.networks[network.index()].sessions {
        return unknown_network(&name).into_response();
    }
    if let Some(response) = turn_away(run.gate(network), network, &place).await {
        return response;
    }
    let key = match judge(request.method(), request.headers(), Some(SUBPROTOCOL)) {
        Ok(key) => key,
        Err(problem) => return *problem,
    };
    let upgrade = hyper::upgrade::on(&mut request);
    let seat = request.extensions_mut().remove::<Seat>();
    place.hand_over(
        upgrade,
        // Dropping the stream, which the session does last, is what breaks or closes the line.
        Box::new(move |line, read| Box::pin(session::serve(line, read, run, network, seat))),
    );
    switching(&key, Some(SUBPROTOCOL))
}

/// The network of a path; a problem for a word that names none.
pub fn network(name: &str) -> Result<Network, Problem> {
    Network::parse(name).ok_or_else(|| unknown_network(name))
}

fn unknown_network(name: &str) -> Problem {
    let name: String = name.chars().take(40).collect();
    let detail = format!("no network {name:?} takes connections; expected kakao, mobile or mail");
    Problem::new(problem::UNKNOWN_NETWORK, detail)
}

async fn turn_away(gate: &Gate, network: Network, place: &Place) -> Option<Response> {
    match gate.turn_away().await? {
        Turned::Answer => return Some(Problem::network_down(network.name()).into_response()),
        Turned::Drop => place.cut.close(),
        Turned::Reset => place.cut.reset(),
    }
    // The connection's task drops the line and this future with it; the client never gets an answer.
    std::future::pending().await
}

/// The client's key, if the request is a handshake, and for this protocol if there must be one.
pub fn judge(method: &Method, headers: &HeaderMap, protocol: Option<&str>) -> Result<String, Box<Response>> {
    let bad = |detail: &str| Problem::new(problem::BAD_HANDSHAKE, detail);
    if method != Method::GET
        || !has(headers, header::CONNECTION, "upgrade")
        || !has(headers, header::UPGRADE, "websocket")
    {
        let detail = "expected a WebSocket handshake with subprotocol bongsu.v1";
        let problem = Problem::new(problem::UPGRADE_REQUIRED, detail);
        return Err(Box::new(
            ([(header::UPGRADE, "websocket"), (header::CONNECTION, "upgrade")], problem).into_response(),
        ));
    }
    if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        let problem = bad("expected sec-websocket-version 13");
        return Err(Box::new(([(header::SEC_WEBSOCKET_VERSION, "13")], problem).into_response()));
    }
    if protocol.is_some_and(|protocol| !has(headers, header::SEC_WEBSOCKET_PROTOCOL, protocol)) {
        return Err(Box::new(bad("expected sec-websocket-protocol bongsu.v1").into_response()));
    }
    match headers.get(header::SEC_WEBSOCKET_KEY).and_then(|key| key.to_str().ok()) {
        Some(key) if key.len() == 24 => Ok(key.to_owned()),
        _ => Err(Box::new(bad("expected a sec-websocket-key of 24 characters").into_response())),
    }
}

/// Whether a header lists a word; words are compared without regard to case, as HTTP does.
fn has(headers: &HeaderMap, name: header::HeaderName, word: &str) -> bool {
    let values = headers.get_all(name);
    values
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').any(|token| token.trim().eq_ignore_ascii_case(word)))
}

/// The answer that makes a WebSocket of the connection.
pub fn switching(key: &str, protocol: Option<&'static str>) -> Response {
    let accept = derive_accept_key(key.as_bytes());
    let mut headers = HeaderMap::new();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    let accept = HeaderValue::from_str(&accept).expect("base64 is a valid header value");
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    if let Some(protocol) = protocol {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol));
    }
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}
