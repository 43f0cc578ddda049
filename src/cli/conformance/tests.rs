//! Every recorded pair is played; what is said of coverage is held to the routes.

use std::ffi::OsString;
use std::fs;

use serde_json::{Value, json};

use crate::cli::conformance::contract::APIS;
use crate::cli::exit::Exit;
use crate::cli::io::Io;
use crate::cli::io::tests::Shared;
use crate::cli::start;

fn bongsu(args: &[&str]) -> (Exit, String, String) {
    let (out, err) = (Shared::default(), Shared::default());
    let mut io = Io::new(out.clone(), err.clone());
    let args = std::iter::once("bongsu").chain(args.iter().copied()).map(OsString::from).collect();
    (start(args, &mut io), out.text(), err.text())
}

/// Every contract, as the command plays it.
#[test]
fn every_recorded_pair_is_answered_as_recorded() {
    let (exit, out, err) = bongsu(&["conformance", "--json", "--lang", "en"]);
    assert_eq!((exit, err.as_str()), (Exit::Pass, ""), "{out}");
    let found: Value = serde_json::from_str(&out).expect("JSON");
    for api in found["apis"].as_array().expect("a list") {
        let bare: Vec<&Value> = (api["operations"].as_array().expect("a list").iter())
            .filter(|row| row["state"] == "no_pair" || row["state"] == "served")
            .collect();
        assert!(bare.is_empty(), "served, and held by no pair: {bare:?}");
        assert!(api["pairs"].as_u64() > Some(0), "{}", api["api"]);
    }
}

/// A pair that says something else is found, with its place.
#[test]
fn a_planted_drift_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("bizgo");
    fs::create_dir(&to).expect("a folder");
    let pair = json!({ "case": "planted", "source": "nobody",
        "request": { "method": "GET", "path": "/api/comm/v1/report/inquiry/none" },
        "answer": { "status": 200, "body": { "common": { "authCode": "A000" } } } });
    fs::write(to.join("planted.json"), pair.to_string()).expect("written");
    let pairs = folder.path().to_str().expect("a path");
    let (exit, out, _) = bongsu(&["conformance", "bizgo", "--pairs", pairs, "--lang", "en"]);
    assert_eq!(exit, Exit::Fail, "{out}");
    assert!(out.contains("drift bizgo/planted /status: recorded 200, now 400"), "{out}");
    assert!(out.contains("drift bizgo/planted /body/data: recorded nothing, now {"), "{out}");
    fs::write(to.join("planted.json"), "{}").expect("written");
    let (exit, _, err) = bongsu(&["conformance", "bizgo", "--pairs", pairs, "--lang", "en"]);
    assert_eq!(exit, Exit::BadFile);
    assert!(err.contains("planted.json: missing field `case`"), "{err}");
    let (exit, _, err) = bongsu(&["conformance", "aligo", "--lang", "en"]);
    assert_eq!(
        (exit, err.as_str()),
        (Exit::BadFile, "bongsu: aligo: no such contract among solapi, nhn, bizgo, smtp\n")
    );
}

/// No route is served that a table does not have.
#[test]
fn every_route_stands_in_its_contracts_table() {
    let solapi = include_str!("../../host/provider/solapi/mod.rs");
    let bizgo = include_str!("../../host/provider/bizgo/mod.rs");
    let nhn = include_str!("../../host/provider/nhn/mod.rs");
    let known = |api: &str, end: &str| {
        let api = APIS.iter().find(|one| one.name == api).expect("a contract");
        let bare = |path: &str| {
            path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/")
        };
        api.operations.iter().any(|one| bare(one.path).ends_with(&bare(end)))
    };
    let routes = |text: &'static str, open: &'static str| {
        text.split(open)
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|path| path.starts_with('/'))
            // What is answered that it is none.
            .filter(|path| !path.contains("{*"))
    };
    let mut seen = 0;
    for (api, text, open) in [("solapi", solapi, ".route(\""), ("bizgo", bizgo, ".route(\""), ("nhn", nhn, "&at(\"")] {
        for path in routes(text, open) {
            assert!(known(api, path), "{api}: {path}");
            seen += 1;
        }
    }
    assert!(seen >= 30, "the routes are written another way now: {seen}");
}
