//! The documents that describe the API, held against what really answers.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::host::api::operations;
use crate::host::api::problem::Kind;
use crate::host::api::routes::Operation;
use crate::host::api::{asyncapi, openapi};
use crate::host::class;
use crate::host::gateway;
use crate::host::testbed::{Stage, frame, say};
use crate::host::tests::api::{answer, api, ask, request, text};
use crate::sim::engine::input::Input;
use crate::sim::model::medium::Network;

/// Kinds that no operation names, because they come where there is none, or in a handshake.
const ELSEWHERE: [Kind; 4] = [Kind::MethodNotAllowed, Kind::UpgradeRequired, Kind::BadHandshake, Kind::NoPlace];

#[test]
fn the_gateway_tells_problems_in_the_words_of_the_api() {
    for kind in gateway::problem::ALL {
        let known = Kind::ALL.iter().map(|kind| kind.row()).find(|row| row.0 == kind.slug);
        assert_eq!(known, Some((kind.slug, kind.status, kind.ko, kind.en)));
    }
}

#[test]
fn the_class_tells_problems_in_the_words_of_the_api() {
    for kind in class::problem::ALL {
        let known = Kind::ALL.iter().map(|kind| kind.row()).find(|row| row.0 == kind.slug);
        assert_eq!(known, Some((kind.slug, kind.status, kind.ko, kind.en)));
    }
}

/// Every value of a document under a key of that name.
fn under<'a>(value: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if key == name {
                    found.push(value);
                }
                under(value, name, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| under(item, name, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn dangling(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    under(document, "$ref", &mut found);
    assert!(!found.is_empty(), "a document refers to its schemas");
    let targets = found.into_iter().filter_map(Value::as_str);
    targets.filter(|target| document.pointer(&target[1..]).is_none()).map(str::to_owned).collect()
}

#[tokio::test]
async fn what_is_documented_answers() {
    let (router, _trigger) = api();
    let (status, document) = ask(&router, "GET", "/openapi.json", Value::Null).await;
    assert_eq!((status, &document["openapi"]), (StatusCode::OK, &json!("3.1.0")));
    let paths = document["paths"].as_object().expect("paths");
    let mut asked = 0;
    for (path, methods) in paths {
        let path = path
            .replace("{kind}", "busy")
            .replace("{id}", "r1")
            .replace("{name}", "x")
            .replace("{phone}", "x")
            .replace("{file}", "x");
        for method in methods.as_object().expect("methods").keys() {
            let response = answer(&router, request(&method.to_uppercase(), &path, "{}")).await;
            let status = response.status();
            assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            let body = if status.is_success() { String::new() } else { text(response).await };
            assert!(!body.contains("/problems/not-found"), "{method} {path}: {body}");
            asked += 1;
        }
    }
    assert_eq!(asked, operations::all().count() + 1, "all operations and the inbox");
}

#[test]
fn an_operation_has_one_name_and_an_address_once() {
    let mut names: Vec<&str> = operations::all().map(|operation| operation.id).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), operations::all().count());
    for operation in operations::all() {
        assert!(!operation.ko.is_empty() && operation.en.ends_with('.'), "{}", operation.id);
    }
}

#[test]
fn every_kind_of_problem_is_in_the_document() {
    let document = openapi::document(Some(class::document::parts()));
    let types = &document["components"]["schemas"]["Problem"]["properties"]["type"]["enum"];
    let kinds: Vec<String> = Kind::ALL.iter().map(|kind| format!("/problems/{}", kind.row().0)).collect();
    assert_eq!(*types, json!(kinds));
    let paths = document["paths"].to_string();
    for kind in Kind::ALL.iter().filter(|kind| !ELSEWHERE.contains(kind)) {
        let slug = format!("`/problems/{}`", kind.row().0);
        assert!(paths.contains(&slug), "no operation says {slug}");
    }
}

#[test]
fn no_reference_leads_nowhere() {
    assert_eq!(dangling(&openapi::document(Some(class::document::parts()))), Vec::<String>::new());
    assert_eq!(dangling(&asyncapi::document()), Vec::<String>::new());
    assert_eq!(dangling(&json!({ "a": { "$ref": "#/b" } })), ["#/b"]);
}

#[test]
fn the_page_for_operators_names_every_address() {
    let page = include_str!("../../../docs/operators.md");
    let of_class = class::routes::OPERATIONS.iter().map(|operation| operation.path.to_owned());
    for template in operations::all().map(Operation::template).chain(of_class) {
        let short = template.rsplit_once('/').map_or("", |(_, last)| last);
        let named = page.contains(&template) || page.contains(&format!("`/{short}`"));
        assert!(named, "docs/operators.md does not say {template}");
    }
}

#[tokio::test]
async fn the_schema_of_scenarios_is_served() {
    let (router, _trigger) = api();
    let (status, schema) = ask(&router, "GET", "/schema/scenario.v1.json", Value::Null).await;
    assert_eq!((status, &schema["title"]), (StatusCode::OK, &json!("bongsu scenario, version 1")));
}

/// The example of a frame in the document.
fn example(document: &Value, name: &str) -> Value {
    document["components"]["messages"][name]["examples"][0]["payload"].clone()
}

#[tokio::test]
async fn frames_as_documented_are_understood() {
    let document = asyncapi::document();
    let mut stage = Stage::open().await;
    let mut phone = stage.connect(Network::Kakao).await.expect("a handshake");
    say(&mut phone, &example(&document, "hello")).await;
    assert_eq!(frame(&mut phone).await["type"], "welcome");
    for (name, understood) in [
        ("receipt", (|input| matches!(input, Input::Read { .. })) as fn(&Input) -> bool),
        ("press", |input| matches!(input, Input::Press { .. })),
        ("say", |input| matches!(input, Input::Say { .. })),
        ("follow", |input| matches!(input, Input::Follow { .. })),
        ("unfollow", |input| matches!(input, Input::Unfollow { .. })),
        ("block", |input| matches!(input, Input::Block { .. })),
    ] {
        say(&mut phone, &example(&document, name)).await;
        stage.hear(understood).await;
    }
    let heard = document["operations"]["hear"]["messages"].as_array().map(Vec::len);
    assert_eq!(heard, Some(7), "the hello and the six above");
}

#[tokio::test]
async fn frames_of_the_network_are_as_documented() {
    let document = asyncapi::document();
    let mut stage = Stage::open().await;
    let mut phone = stage.phone(Network::Kakao, &["010-0000-0001"], None).await;
    let session = stage.hello().await;
    let welcome = frame(&mut phone).await;
    stage.transmit(session, Network::Kakao, 1, 1).await;
    let notice = frame(&mut phone).await;
    say(&mut phone, &json!({ "type": "nonsense" })).await;
    let error = frame(&mut phone).await;
    for found in [welcome, notice, error] {
        let name = found["type"].as_str().expect("a type");
        let payload = &document["components"]["messages"][name]["payload"];
        for needed in payload["required"].as_array().expect("a list") {
            assert!(found.get(needed.as_str().expect("a name")).is_some(), "{name} has no {needed}: {found}");
        }
        for member in found.as_object().expect("an object").keys() {
            assert!(payload["properties"].get(member).is_some(), "{name} has an undocumented {member}");
        }
    }
}
