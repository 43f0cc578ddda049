//! `/asyncapi.json`: what is said without being asked, as AsyncAPI 3.0: the WebSocket protocol `bongsu.v1` of phones,
//! and the stream of events. `docs/protocol.md` says the same with reasons.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::report::ndjson::EVENTS;
use crate::sim::model::medium::{Medium, Network};

static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());

/// Who says a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Phone,
    Network,
}

/// `GET /asyncapi.json`.
pub async fn get() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}

/// The document.
pub fn document() -> Value {
    let frames = frames();
    let references = |from: Option<From>| -> Vec<Value> {
        let of = frames.iter().filter(|frame| from.is_none_or(|from| frame.1 == from));
        of.map(|frame| json!({ "$ref": format!("#/channels/phones/messages/{}", frame.0) })).collect()
    };
    let in_channel =
        |frame: &Frame| (frame.0.to_owned(), json!({ "$ref": format!("#/components/messages/{}", frame.0) }));
    let in_phones: Map<String, Value> = frames.iter().map(in_channel).collect();
    let phones = json!({
        "address": "/ws/{network}",
        "description": "한 망의 소켓. One network's sockets: subprotocol bongsu.v1, one JSON object a text frame.",
        "parameters": { "network": { "enum": networks() } },
        "messages": in_phones,
        "bindings": { "ws": { "method": "GET" } },
    });
    let stream = json!({
        "address": "/v1/events/stream",
        "description": "사건 흐름. Events of a run as they happen, as server-sent events; the id is the event's number.",
        "messages": { "event": { "$ref": "#/components/messages/event" } },
    });
    let mut messages: Map<String, Value> = frames.iter().map(Frame::message).collect();
    messages.insert("event".to_owned(), event());
    json!({
        "asyncapi": "3.0.0",
        "info": { "title": "bongsu", "version": env!("CARGO_PKG_VERSION"), "license": { "name": "MIT" } },
        "defaultContentType": "application/json",
        "channels": { "phones": phones, "events": stream },
        "operations": {
            "hear": {
                "action": "receive", "channel": { "$ref": "#/channels/phones" }, "messages": references(Some(From::Phone)),
            },
            "tell": {
                "action": "send", "channel": { "$ref": "#/channels/phones" },
                "messages": references(Some(From::Network)),
            },
            "stream": { "action": "send", "channel": { "$ref": "#/channels/events" } },
        },
        "components": { "messages": messages },
    })
}

/// A frame: its type, who says it, what it is for, what it must have, its members, an example.
struct Frame(&'static str, From, &'static str, &'static [&'static str], Value, Value);

impl Frame {
    fn message(&self) -> (String, Value) {
        let Frame(name, _, summary, needs, members, example) = self;
        let mut properties = members.clone();
        properties["type"] = json!({ "const": name });
        let mut required = vec!["type"];
        required.extend(*needs);
        let payload = json!({ "type": "object", "required": required, "properties": properties });
        let message = json!({
            "name": name, "summary": summary, "payload": payload,
            "examples": [{ "payload": example }],
        });
        ((*name).to_owned(), message)
    }
}

fn networks() -> Vec<&'static str> {
    [Network::Kakao, Network::Mobile, Network::Mail].map(Network::name).to_vec()
}

fn frames() -> Vec<Frame> {
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer", "minimum": 0 }));
    let texts = json!({ "type": "array", "items": text });
    let phone = "010-0000-0001";
    let standing = |name: &'static str, summary: &'static str| {
        let members = json!({ "channel": text, "phones": texts });
        let example = json!({ "type": name, "channel": "lh", "phones": [phone] });
        Frame(name, From::Phone, summary, &["channel"], members, example)
    };
    vec![
        Frame(
            "hello",
            From::Phone,
            "First and once: which phones this session carries.",
            &["phones"],
            json!({ "phones": texts, "since": number }),
            json!({ "type": "hello", "phones": [phone], "since": 0 }),
        ),
        Frame(
            "receipt",
            From::Phone,
            "What the phones showed, and what their people opened; 1,024 attempts at most.",
            &[],
            json!({ "delivered": texts, "read": texts }),
            json!({ "type": "receipt", "delivered": ["n1/0"], "read": ["n1/0"] }),
        ),
        Frame(
            "press",
            From::Phone,
            "Somebody pressed a button.",
            &["attempt", "button"],
            json!({ "attempt": text, "button": text }),
            json!({ "type": "press", "attempt": "n1/0", "button": "pay" }),
        ),
        Frame(
            "say",
            From::Phone,
            "Somebody wrote to a channel.",
            &["channel", "text"],
            json!({ "channel": text, "text": { "type": "string", "maxLength": 1_000 }, "phone": text }),
            json!({ "type": "say", "channel": "lh", "text": "문의", "phone": phone }),
        ),
        standing("follow", "Somebody adds a channel."),
        standing("unfollow", "Somebody leaves a channel."),
        standing("block", "Somebody blocks a channel."),
        Frame(
            "welcome",
            From::Network,
            "Answers the hello.",
            &["session", "seq", "heartbeat_ms"],
            json!({ "session": text, "seq": number, "heartbeat_ms": number }),
            json!({ "type": "welcome", "session": "s7", "seq": 130, "heartbeat_ms": 20_000 }),
        ),
        Frame(
            "notice",
            From::Network,
            "A message for a phone of this session.",
            &["seq", "attempt", "to", "kind", "channel", "medium", "text", "sent_at"],
            json!({
                "seq": number, "attempt": text, "to": texts, "kind": text, "channel": text, "medium": { "enum": Medium::ALL.map(Medium::name) },
                "title": text, "text": text, "large": { "type": "boolean" }, "buttons": { "type": "array", "items": { "type": "object" } },
                "sent_at": { "type": "string", "format": "date-time" },
            }),
            json!({
                "type": "notice", "seq": 131, "attempt": "n1/0", "to": [phone], "kind": "rent", "channel": "lh", "medium": "alimtalk",
                "text": "[모의] 알림", "sent_at": "2022-10-15T15:20:01.500+09:00",
            }),
        ),
        Frame(
            "error",
            From::Network,
            "What was wrong with a frame or a login.",
            &["code", "message", "fatal"],
            json!({ "code": text, "message": text, "fatal": { "type": "boolean" }, "phones": texts }),
            json!({ "type": "error", "code": "unknown_type", "message": "unknown type", "fatal": false }),
        ),
    ]
}

fn event() -> Value {
    let number = json!({ "type": "integer", "minimum": 0 });
    let payload = json!({
        "type": "object",
        "required": ["at", "t", "event"],
        "properties": { "at": { "type": "string" }, "t": number, "event": { "enum": EVENTS } },
    });
    json!({ "name": "event", "summary": "A line of events.ndjson.", "payload": payload })
}
