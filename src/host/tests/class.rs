//! The class over real addresses: what its door lets in beside the token, what a seat's socket may carry and how long, and
//! that guessing codes is slow.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::ClientRequestBuilder;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::host::api::guard::Guard;
use crate::host::serve::{ServeOptions, Server, serve};
use crate::host::tests::sockets::{LONG, options};
use crate::host::tests::{shelf, wanted};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A server that wants its token, on another address of loopback: to a class it is another machine's.
async fn guarded() -> Server {
    let token = Guard::new(TOKEN);
    let listen = SocketAddr::from(([127, 0, 0, 2], 0));
    serve(ServeOptions { token, listen, ..options(None) }, shelf()).await.expect("loopback")
}

/// Status and body of a request, with or without a bearer.
async fn ask(server: &Server, method: &str, path: &str, bearer: Option<&str>, body: Value) -> (u16, Value) {
    let mut stream = TcpStream::connect(server.address).await.expect("it answers");
    let bearer = bearer.map(|bearer| format!("Authorization: Bearer {bearer}\r\n")).unwrap_or_default();
    let body = body.to_string();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{bearer}\r\n{body}",
        server.address,
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    timeout(LONG, stream.read_to_string(&mut answer)).await.expect("in time").expect("UTF-8");
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let (_, body) = answer.split_once("\r\n\r\n").expect("headers end");
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

/// A request to a server that wants no token.
pub async fn asked(server: &Server, method: &str, path: &str, body: Value) -> (u16, Value) {
    ask(server, method, path, None, body).await
}

async fn join(server: &Server, code: &str, nickname: &str, role: &str) -> (u16, Value) {
    let body = json!({ "code": code, "nickname": nickname, "role": role });
    ask(server, "POST", "/v1/class/seats", None, body).await
}

/// A class with a citizen and a sender's desk in it: the code, and the keys of their seats.
async fn class(server: &Server) -> (String, String, String) {
    let (status, class) = ask(server, "POST", "/v1/class", Some(TOKEN), json!({ "seats": 3 })).await;
    assert_eq!(status, 201, "{class}");
    let code = class["code"].as_str().expect("a code").to_owned();
    assert_eq!(class["join"], json!([format!("http://{}/join#{code}", server.address)]));
    let mut keys = Vec::new();
    for (nickname, role) in [("고래", "citizen"), ("창구", "sender")] {
        let (status, seat) = join(server, &code, nickname, role).await;
        assert_eq!(status, 201, "{seat}");
        keys.push(seat["key"].as_str().expect("a key").to_owned());
    }
    let desk = keys.pop().expect("two");
    (code, keys.pop().expect("two"), desk)
}

async fn phone(server: &Server, words: &[&str], number: &str) -> Result<WebSocketStream<TcpStream>, Error> {
    let stream = TcpStream::connect(server.address).await.expect("it answers");
    let uri = format!("ws://{}/ws/kakao", server.address).parse().expect("an address");
    let request = words.iter().fold(ClientRequestBuilder::new(uri), |request, word| request.with_sub_protocol(*word));
    let (mut phone, response) = client_async(request, stream).await?;
    assert_eq!(response.headers()["sec-websocket-protocol"], "bongsu.v1", "the key is not sent back");
    phone.send(Message::text(json!({ "type": "hello", "phones": [number] }).to_string())).await.expect("sent");
    Ok(phone)
}

/// The type of the next frame, or the code of the close.
async fn next(phone: &mut WebSocketStream<TcpStream>) -> String {
    loop {
        match timeout(LONG, phone.next()).await.expect("in time") {
            Some(Ok(Message::Text(text))) => {
                let frame: Value = serde_json::from_str(&text).expect("JSON");
                if frame["type"] != "notice" {
                    return frame["type"].as_str().expect("a type").to_owned();
                }
            }
            Some(Ok(Message::Close(Some(close)))) => return u16::from(close.code).to_string(),
            Some(Ok(_)) => {}
            other => panic!("expected a frame, found {other:?}"),
        }
    }
}

#[tokio::test]
async fn students_need_the_code_and_everything_else_the_token() {
    let server = guarded().await;
    let (code, citizen, _) = class(&server).await;
    for path in ["/join", "/page/common/shell.js", "/page/phone/phone.js", "/enter"] {
        assert_eq!(ask(&server, "GET", path, None, Value::Null).await.0, 200, "{path}");
    }
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/class"),
        ("GET", "/v1/runs"),
        ("POST", "/v1/runs"),
        ("GET", "/v1/class"),
        ("GET", "/v1/class/live"),
        ("DELETE", "/v1/class"),
        ("POST", "/v1/class/reveal"),
        ("DELETE", "/v1/class/members/1"),
        ("GET", "/v1/class/debrief?at_us=0"),
        ("POST", "/v1/people/010-0000-0000/hand"),
        ("GET", "/v1/inbox?phone=010-0000-0000"),
        ("GET", "/ws/kakao"),
        ("GET", "/metrics"),
        ("GET", "/page/class/main.js"),
    ] {
        for bearer in [None, Some(citizen.as_str())] {
            let (status, problem) = ask(&server, method, path, bearer, json!({})).await;
            assert_eq!((status, &problem["type"]), (401, &json!("/problems/unauthorized")), "{method} {path}");
        }
    }
    let kind = |answer: (u16, Value)| (answer.0, answer.1["type"].as_str().unwrap_or("").to_owned());
    assert_eq!(kind(join(&server, "222222", "새", "citizen").await), (403, "/problems/wrong-code".to_owned()));
    assert_eq!(kind(join(&server, &code, "고래", "press").await), (409, "/problems/nickname-taken".to_owned()));
    assert_eq!(kind(join(&server, &code, " ", "press").await), (422, "/problems/bad-nickname".to_owned()));
    assert_eq!(kind(join(&server, &code, "새", "king").await), (400, "/problems/invalid-request".to_owned()));
    assert_eq!(join(&server, &code.to_lowercase(), "새", "press").await.0, 201);
    assert_eq!(kind(join(&server, &code, "쥐", "press").await), (409, "/problems/class-full".to_owned()));
    let seat = ask(&server, "GET", "/v1/class/seat", Some(TOKEN), Value::Null).await;
    assert_eq!(kind(seat), (401, "/problems/unknown-seat".to_owned()));
    let early = ask(&server, "GET", "/v1/class/seat/debrief?at_us=0", Some(&citizen), Value::Null).await;
    assert_eq!(kind(early), (409, "/problems/not-revealed".to_owned()));
    assert!(server.end().await);
}

#[tokio::test]
async fn the_operator_sees_what_the_teacher_did_and_nothing_of_the_students() {
    let server = guarded().await;
    let (code, citizen, _) = class(&server).await;
    join(&server, "222222", "새별명", "citizen").await;
    ask(&server, "POST", "/v1/class/seat/complaint", Some(&citizen), json!({ "text": "안 왔어요" })).await;
    for (method, path, body) in [
        ("POST", "tell", json!({ "text": "창밖을 보세요" })),
        ("POST", "ask", Value::Null),
        ("POST", "lunch", Value::Null),
        ("POST", "members/2", json!({ "role": "press" })),
        ("DELETE", "members/99", Value::Null),
        ("DELETE", "members/별명", Value::Null),
        ("POST", "reveal", Value::Null),
    ] {
        ask(&server, method, &format!("/v1/class/{path}"), Some(TOKEN), body).await;
    }
    ask(&server, "DELETE", "/v1/class", Some(TOKEN), Value::Null).await;
    let (_, seen) = ask(&server, "GET", "/v1/operator", Some(TOKEN), Value::Null).await;
    let rows = seen["deeds"].as_array().expect("a log").iter();
    let told: Vec<Value> =
        rows.map(|deed| json!([deed["by"], deed["what"], deed["about"], deed["run"], deed["status"]])).collect();
    let expected = json!([
        ["api", "openClass", "3", null, 201],
        ["api", "tellClass", "", null, 200],
        ["api", "askClass", "", null, 409],
        ["api", "ringLunch", "", null, 200],
        ["api", "castMember", "#2 press", null, 200],
        ["api", "dismissMember", "#99", null, 404],
        ["api", "dismissMember", "", null, 400],
        ["api", "revealClass", "", null, 200],
        ["api", "endClass", "", null, 200],
    ]);
    assert_eq!(Value::from(told), expected);
    let log = seen["deeds"].to_string();
    for private in ["별명", "창밖", "안 왔어요", &code, &citizen] {
        assert!(!log.contains(private), "{private} in {log}");
    }
    assert!(server.end().await);
}

#[tokio::test]
async fn guessing_is_slow_and_knowing_is_not() {
    let server = guarded().await;
    let (code, _, _) = class(&server).await;
    for guess in 0..10 {
        assert_eq!(join(&server, &format!("22222{}", guess.min(2) + 2), "새", "citizen").await.0, 403);
    }
    let (status, problem) = join(&server, &code, "새", "citizen").await;
    assert_eq!((status, &problem["type"]), (429, &json!("/problems/too-many-requests")), "even the right one waits");
    assert!(server.end().await);
}

#[tokio::test]
async fn a_seat_carries_its_own_phone_for_as_long_as_it_is_held() {
    let server = guarded().await;
    let (_, citizen, desk) = class(&server).await;
    server.start(wanted(Some(1))).await.expect("the library has it");
    let (_, seat) = ask(&server, "GET", "/v1/class/seat", Some(&citizen), Value::Null).await;
    let number = seat["phone"]["number"].as_str().expect("a phone").to_owned();
    let word = |key: &str| format!("seat.{key}");

    for (words, why) in [
        (vec!["bongsu.v1".to_owned()], "without a seat"),
        (vec!["bongsu.v1".to_owned(), word(&"0".repeat(32))], "a seat of nobody"),
        (vec!["bongsu.v1".to_owned(), word(&desk)], "a desk has no phone"),
    ] {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match phone(&server, &words, &number).await {
            Err(Error::Http(response)) => assert_eq!(response.status().as_u16(), 401, "{why}"),
            other => panic!("{why}: {other:?}"),
        }
    }
    let mine = word(&citizen);
    let mut foreign = phone(&server, &["bongsu.v1", &mine], "010-0000-0099").await.expect("a handshake");
    assert_eq!(next(&mut foreign).await, "error", "it is told that the session is over");
    assert_eq!(next(&mut foreign).await, "4004", "another's phone");
    let mut own = phone(&server, &["bongsu.v1", &mine], &number).await.expect("a handshake");
    assert_eq!(next(&mut own).await, "welcome");
    assert_eq!(ask(&server, "DELETE", "/v1/class/members/1", Some(TOKEN), Value::Null).await.0, 200);
    assert_eq!(next(&mut own).await, "4011", "the seat is taken back");
    assert!(server.end().await);
}

#[tokio::test]
async fn the_end_of_a_class_ends_its_sockets_and_forgets_its_people() {
    let server = guarded().await;
    let (_, citizen, _) = class(&server).await;
    let run = server.start(wanted(Some(1))).await.expect("the library has it");
    let (_, seat) = ask(&server, "GET", "/v1/class/seat", Some(&citizen), Value::Null).await;
    let number = seat["phone"]["number"].as_str().expect("a phone").to_owned();
    assert!(seat["run"]["title"].is_null() && seat["sees"].get("notices").is_none(), "{seat}");
    let mut own = phone(&server, &["bongsu.v1", &format!("seat.{citizen}")], &number).await.expect("a handshake");
    assert_eq!(next(&mut own).await, "welcome");
    let (_, closed) = ask(&server, "DELETE", "/v1/class", Some(TOKEN), Value::Null).await;
    assert_eq!(closed, json!({ "members": 2 }));
    assert_eq!(next(&mut own).await, "4011");
    let (status, problem) = ask(&server, "GET", "/v1/class/seat", Some(&citizen), Value::Null).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/no-class")));
    let (_, events) = ask(&server, "GET", &format!("/v1/runs/{}/events", run.id), Some(TOKEN), Value::Null).await;
    assert!(
        events["events"].as_array().is_some_and(|events| !events.is_empty()) && !events.to_string().contains("고래")
    );
    assert_eq!(ask(&server, "POST", "/v1/class", Some(TOKEN), json!({})).await.0, 201, "the next one");
    assert!(server.end().await);
}

#[tokio::test]
async fn what_is_documented_of_the_class_answers() {
    let server = guarded().await;
    let (_, document) = ask(&server, "GET", "/openapi.json", Some(TOKEN), Value::Null).await;
    let paths = document["paths"].as_object().expect("paths");
    let mut asked = 0;
    for (path, methods) in paths.iter().filter(|(path, _)| path.starts_with("/v1/class")) {
        for method in methods.as_object().expect("methods").keys() {
            let path = path.replace("{number}", "7");
            // Without a class even a stream is answered.
            let nothing = json!({ "seats": 0 });
            let (status, problem) = ask(&server, &method.to_uppercase(), &path, Some(TOKEN), nothing).await;
            assert_ne!((status, problem["type"].as_str()), (404, Some("/problems/not-found")), "{method} {path}");
            assert_ne!(status, 405, "{method} {path}");
            asked += 1;
        }
    }
    assert_eq!(asked, crate::host::class::routes::OPERATIONS.len());
    assert!(server.end().await);
}
