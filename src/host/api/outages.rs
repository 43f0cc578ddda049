//! `/v1/fault-kinds` and `/v1/outages`: what a page needs to make its form of a fault, and the dated packs, which can be
//! posted to the run that goes on as a line of its timeline would be.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::host::api::deeds::about;
use crate::host::api::problem::{Kind, Problem, cut};
use crate::host::api::wire::{FaultBody, FaultsBody};
use crate::host::api::{Api, body, runs};
use crate::host::control::Order;
use crate::host::control::pace::SPEED_MAX;
use crate::host::control::run::Run;
use crate::host::control::runs::{Outage, OutageListing};
use crate::sim::fault::Fault;
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::words::Words;
use crate::sim::scenario::{KindForm, ParameterForm, capabilities, fault_kinds, fault_legs};

/// `POST /v1/outages`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutageBody {
    /// A pack of the library, by name.
    outage: String,
    /// How many times faster than it happened, as in `x60`.
    #[serde(default)]
    #[schemars(regex(pattern = "^x[1-9][0-9]{0,5}$"))]
    speed: Option<String>,
}

/// `GET /v1/fault-kinds`: every kind of fault with its own keys, and the networks, media, legs, groups and regions that a
/// fault may name in the run that goes on, else in the last one.
pub async fn kinds(State(api): State<Arc<Api>>) -> Json<Value> {
    let run = runs::latest(&api).ok();
    let plan = run.as_ref().map(|run| &run.plan);
    let network_of = |medium: Medium| match plan {
        Some(plan) => plan.medium(medium).network,
        None => crate::sim::medium::all()[medium.index()].network,
    };
    let medium = |medium: Medium| json!({ "name": medium.name(), "network": network_of(medium).name() });
    Json(json!({
        "kinds": fault_kinds().iter().map(kind).collect::<Vec<Value>>(),
        "networks": Network::ALL.map(Network::name),
        "media": Medium::ALL.into_iter().map(medium).collect::<Vec<Value>>(),
        "legs": fault_legs(),
        "groups": plan.map_or(&[][..], |plan| &plan.groups),
        "regions": plan.map_or(&[][..], |plan| &plan.regions),
        "capabilities": capabilities(),
    }))
}

fn kind(form: &KindForm) -> Value {
    let KindForm { name, title, does, legs, recover, parameters } = form;
    json!({
        "name": name, "title": both(title), "does": both(does), "legs": legs, "recover": recover,
        "parameters": parameters.iter().map(parameter).collect::<Vec<Value>>(),
    })
}

fn parameter(form: &ParameterForm) -> Value {
    let ParameterForm { key, needed, shape, means, values } = form;
    json!({ "key": key, "needed": needed, "shape": shape, "means": both(means), "values": values })
}

/// `GET /v1/outages`: the packs of the library, oldest outage first, those of no one date last.
pub async fn list(State(api): State<Arc<Api>>) -> Result<Json<Value>, Problem> {
    let stage = api.stage.clone();
    // The first call reads every file of the library.
    let listed = spawn_blocking(move || stage.outages()).await;
    let mut listed =
        listed.map_err(|error| Problem::new(Kind::Failed, format!("reading the library broke off: {error}")))?;
    listed.sort_by_key(|row| (row.pack.began.is_none(), row.pack.began.map(|(unix_s, _)| unix_s)));
    Ok(Json(json!({ "outages": listed.iter().map(row).collect::<Vec<Value>>() })))
}

fn row(listing: &OutageListing) -> Value {
    let (name, pack) = (&listing.name, &listing.pack);
    json!({
        "name": name, "title": both(&pack.title), "story": both(&pack.story), "sources": pack.sources,
        "began_unix_s": pack.began.map(|(unix_s, _)| unix_s), "offset_s": pack.began.map(|(_, offset_s)| offset_s),
        "lasts_us": pack.lasts().micros(), "faults": pack.faults.iter().map(planned).collect::<Vec<Value>>(),
    })
}

fn planned(fault: &Fault) -> Value {
    json!({
        "name": fault.name, "kind": fault.kind.name(),
        "networks": fault.scope.networks.iter().map(|network| network.name()).collect::<Vec<&str>>(),
        "begins_us": fault.begins.micros(), "ends_us": fault.ends.map(|ends| ends.micros()),
    })
}

/// `POST /v1/outages`: the pack's first hour begins now. All of its faults are posted at one instant, or none.
pub async fn create(State(api): State<Arc<Api>>, request: Request) -> Result<Response, Problem> {
    let asked: OutageBody = body::json(request).await?;
    about(asked.outage.clone());
    let outage = Outage { speed: speed(asked.speed.as_deref().unwrap_or("x1"))?, name: asked.outage };
    let run = runs::current(&api)?;
    let faults = api.stage.read_outage(&run, &outage, run.status().at);
    let faults = faults.map_err(|problems| Problem::located(Kind::FaultProblems, &problems))?;
    let names: Vec<String> = faults.iter().map(|fault| fault.name.clone()).collect();
    if let Some(taken) = names.iter().find(|name| run.fault_named(name).is_some()) {
        return Err(Problem::new(Kind::FaultNameTaken, format!("a fault is called '{}' already", cut(taken))));
    }
    run.ask(Order::PostFaults(faults)).await?;
    Ok((StatusCode::CREATED, Json(posted(&run, &names))).into_response())
}

fn posted(run: &Run, names: &[String]) -> FaultsBody {
    let faults = run.faults().into_iter().filter(|fault| names.contains(&fault.name)).map(FaultBody::from);
    FaultsBody { run: run.id.to_string(), faults: faults.collect() }
}

fn speed(word: &str) -> Result<u32, Problem> {
    let times = word.strip_prefix('x').and_then(|times| times.parse().ok());
    times.filter(|times| (1..=SPEED_MAX).contains(times)).ok_or_else(|| {
        let detail = format!("speed: expected x1 to x{SPEED_MAX}, found '{}'", cut(word));
        Problem::new(Kind::InvalidRequest, detail)
    })
}

fn both(words: &Words) -> Value {
    json!({ "ko": words.ko, "en": words.en })
}
