//! Playing: a server of this process, a run for applications outside, and every pair in its order.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, interval};

use crate::cli::conformance::contract::Api;
use crate::cli::conformance::exchange::{Asked, Line};
use crate::cli::conformance::mails;
use crate::cli::conformance::pair::{Auth, Pair};
use crate::cli::conformance::shape::{Drift, differences};
use crate::cli::stage::House;
use crate::host::control::runs::{Source, Start};
use crate::host::serve::{ServeOptions, Server, serve};
use crate::sim::engine::Phones;
use crate::sim::model::words::Lang;

/// What is played in: people, templates, and nothing that the timeline sends.
const SCENARIO: &str = include_str!("../../../fixtures/providers/scenario.yaml");
/// Simulated seconds a real one: three minutes without a receipt are a fifth of a second.
const SPEED: u32 = 1_000;
/// How long an answer that comes eventually may take, and how often it is asked for.
const EVENTUALLY: Duration = Duration::from_secs(30);
const UNRECORDED: Duration = Duration::from_secs(3);
const AGAIN: Duration = Duration::from_millis(50);

/// A pair that was played.
pub struct Played {
    /// The pair, with the recorded answer.
    pub pair: Pair,
    /// The HTTP status, and the body.
    http: Option<(u16, Value)>,
    /// The replies of SMTP.
    mail: Vec<String>,
}

/// Plays all pairs of a contract in one run.
pub async fn all(api: &'static Api, pairs: &[Pair], lang: Lang) -> Result<Vec<Played>, String> {
    let server = open(lang).await?;
    let mut line = Line::to(server.address.to_string(), api.name);
    let (mut kept, mut played) = (BTreeMap::new(), Vec::new());
    for pair in pairs {
        let one = if api.name == "smtp" {
            let mail = mails::talk(post_office(&server)?, &pair.says.request.say).await;
            Played { pair: pair.clone(), http: None, mail: mail.map_err(|why| format!("{}: {why}", pair.name))? }
        } else {
            let asked = filled(pair, &kept)?;
            let answer = eventually(api, &mut line, pair, &asked).await?;
            for (name, at) in &pair.says.keep {
                let value =
                    answer.1.pointer(at).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                kept.insert(name.clone(), value.unwrap_or_default());
            }
            Played { pair: pair.clone(), http: Some(answer), mail: Vec::new() }
        };
        played.push(one);
    }
    server.end().await;
    Ok(played)
}

/// Which operations of a contract the server knows, asked of it one by one.
pub async fn served(api: &'static Api, lang: Lang) -> Result<Vec<bool>, String> {
    let server = open(lang).await?;
    let mut line = Line::to(server.address.to_string(), api.name);
    let mut served = Vec::new();
    for operation in api.operations {
        served.push(if api.name == "smtp" {
            let command = format!("{} {}", operation.method, operation.path).trim_end().to_owned();
            let heard = mails::talk(post_office(&server)?, &[command]).await?;
            !matches!(heard[1].get(..3), Some("500" | "502"))
        } else {
            let path = operation.path.replace("{appkey}", crate::host::provider::accounts::USUAL_KEY);
            let path = path.replace(['{', '}'], "");
            let (method, body) = (operation.method.to_owned(), b"{}".to_vec());
            let nowhere = Asked {
                method: operation.method.to_owned(),
                path: format!("{path}/no/such/address"),
                headers: Vec::new(),
                body: b"{}".to_vec(),
                auth: Auth::Usual,
            };
            let asked = Asked { method, path, headers: Vec::new(), body, auth: Auth::Usual };
            let (status, body) = line.ask(&asked).await?;
            // A path that nobody knows is answered too: in nobody's words, or as any other such path.
            let known = status != 404 || (body.get(api.mark).is_some() && body != line.ask(&nowhere).await?.1);
            status != 405 && known
        });
    }
    server.end().await;
    Ok(served)
}

async fn open(lang: Lang) -> Result<Server, String> {
    let any: SocketAddr = ([127, 0, 0, 1], 0).into();
    let options = ServeOptions { smtp: Some(any), ..ServeOptions::at(any) };
    let shelf = Arc::new(House { lang, told: None });
    let server = serve(options, shelf).await.map_err(|error| error.to_string())?;
    let start = Start {
        scenario: Source::Text(SCENARIO.to_owned()),
        speed: Some(SPEED),
        seed: None,
        outages: Vec::new(),
        settings: Vec::new(),
        phones: Phones::Simulated,
    };
    server.start(start).await.map_err(|error| format!("the run of the pairs did not begin: {error:?}"))?;
    Ok(server)
}

fn post_office(server: &Server) -> Result<SocketAddr, String> {
    server.smtp.ok_or_else(|| "the server takes no mails".to_owned())
}

/// A request with the values that earlier answers gave.
fn filled(pair: &Pair, kept: &BTreeMap<String, String>) -> Result<Asked, String> {
    let says = &pair.says;
    let fill = |text: &str| {
        kept.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
    };
    let mut body = says.request.body.clone();
    if let Some(times) = &says.times {
        let rows = body.pointer_mut(&times.at).and_then(Value::as_array_mut).filter(|rows| !rows.is_empty());
        let rows = rows.ok_or_else(|| format!("{}: times: expected a list with a row at {}", pair.name, times.at))?;
        *rows = vec![rows[0].clone(); times.count];
    }
    let body = match (&says.request.raw, &body) {
        (Some(raw), _) => fill(raw),
        (None, Value::Null) => String::new(),
        (None, body) => fill(&body.to_string()),
    };
    let headers = says.request.headers.iter().map(|(name, value)| (name.clone(), fill(value))).collect();
    let (method, path) = (says.request.method.clone(), fill(&says.request.path));
    Ok(Asked { method, path, headers, body: body.into_bytes(), auth: says.auth })
}

/// The answer; where it takes its time, the first that is the recorded one, or the last.
async fn eventually(api: &Api, line: &mut Line, pair: &Pair, asked: &Asked) -> Result<(u16, Value), String> {
    let (began, mut every) = (Instant::now(), interval(AGAIN));
    loop {
        every.tick().await;
        let answer = line.ask(asked).await.map_err(|why| format!("{}: {why}", pair.name))?;
        let same = differences(&pair.name, &pair.says.answer.body, &answer.1, api.volatile).is_empty();
        // Nothing to wait for where nothing was recorded yet: what is there after a little is what there is.
        let patience = if pair.says.answer.body.is_null() { UNRECORDED } else { EVENTUALLY };
        if !pair.says.eventually || same || began.elapsed() > patience {
            return Ok(answer);
        }
    }
}

impl Played {
    /// Which operations of a contract it is of, by their places in its table.
    pub fn operations(&self, api: &Api) -> Vec<usize> {
        let request = &self.pair.says.request;
        if self.http.is_some() {
            let path = request.path.replace("{{", "").replace("}}", "");
            let fits = api.operations.iter().enumerate().filter(|(_, one)| one.is(&request.method, &path));
            return fits.max_by_key(|(_, one)| one.fixed()).map(|(place, _)| place).into_iter().collect();
        }
        let said = |command: &str| {
            let begins =
                |line: &String| line.split([' ', '\r']).next().is_some_and(|word| word.eq_ignore_ascii_case(command));
            request
                .say
                .iter()
                .zip(self.mail.iter().skip(1))
                .any(|(line, reply)| begins(line) && !reply.starts_with("50"))
        };
        (0..).zip(api.operations).filter(|(_, one)| said(one.method)).map(|(place, _)| place).collect()
    }

    /// How it differs from what was recorded.
    pub fn drift(&self, api: &Api) -> Vec<Drift> {
        let (name, recorded) = (&self.pair.name, &self.pair.says.answer);
        let Some((status, body)) = &self.http else {
            return differences(name, &json!(recorded.hear), &json!(self.mail), &[]);
        };
        let mut drift = differences(name, &recorded.body, body, api.volatile);
        if recorded.status != *status {
            drift.insert(0, Drift::new(name, "/status", recorded.status.to_string(), status.to_string()));
        }
        drift
    }

    /// What was heard, as an answer is recorded.
    pub fn heard(&self) -> Value {
        match &self.http {
            Some((status, body)) => json!({ "status": status, "body": body }),
            None => json!({ "hear": self.mail }),
        }
    }
}
