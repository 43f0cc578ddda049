//! `/v1/faults`: faults of the run that goes on, posted and lifted by hand. A posted fault is the same event as a line
//! of the scenario.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::host::api::body::Name;
use crate::host::api::deeds::about;
use crate::host::api::problem::{Kind, Problem, cut};
use crate::host::api::wire::{FaultBody, FaultsBody, LiftedBody};
use crate::host::api::{Api, body, runs};
use crate::host::control::Order;
use crate::host::control::faults::{FaultRow, Stands};
use crate::host::control::run::Run;

/// Types that a fault may come as; it is read as YAML, which JSON is.
const TYPES: [&str; 4] = ["application/json", "application/yaml", "application/x-yaml", "text/yaml"];

/// `POST /v1/faults`: a mapping as in a scenario's timeline.
pub async fn create(State(api): State<Arc<Api>>, request: Request) -> Result<Response, Problem> {
    let text = body::bytes(request, &TYPES).await?;
    let run = runs::current(&api)?;
    let fault = api.stage.read_fault(&run, &text, run.status().at);
    let fault = fault.map_err(|problems| Problem::located(Kind::FaultProblems, &problems))?;
    let name = fault.name.clone();
    about(format!("{name}: {}", fault.kind.name()));
    run.ask(Order::PostFault(Box::new(fault))).await?;
    let address = HeaderValue::from_str(&format!("/v1/faults/{}", encoded(&name))).expect("percent-encoded text");
    Ok((StatusCode::CREATED, [(header::LOCATION, address)], Json(row(&run, &name)?)).into_response())
}

/// `GET /v1/faults`.
pub async fn list(State(api): State<Arc<Api>>) -> Result<Json<FaultsBody>, Problem> {
    let run = runs::current(&api)?;
    let faults = run.faults().into_iter().map(FaultBody::from).collect();
    Ok(Json(FaultsBody { run: run.id.to_string(), faults }))
}

/// `GET /v1/faults/{name}`.
pub async fn show(State(api): State<Arc<Api>>, Name(name): Name) -> Result<Json<FaultBody>, Problem> {
    row(&*runs::current(&api)?, &name).map(Json)
}

/// `DELETE /v1/faults/{name}`: lifts it.
pub async fn lift(State(api): State<Arc<Api>>, Name(name): Name) -> Result<Json<FaultBody>, Problem> {
    about(name.clone());
    let run = runs::current(&api)?;
    run.ask(Order::LiftFault(name.clone())).await?;
    row(&run, &name).map(Json)
}

/// `DELETE /v1/faults`: lifts every fault whose window is open.
pub async fn lift_all(State(api): State<Arc<Api>>) -> Result<Json<LiftedBody>, Problem> {
    let run = runs::current(&api)?;
    let on = |fault: FaultRow| (fault.stands == Stands::On).then_some(fault.name);
    let lifted: Vec<String> = run.faults().into_iter().filter_map(on).collect();
    run.ask(Order::LiftAll).await?;
    Ok(Json(LiftedBody { run: run.id.to_string(), lifted }))
}

fn row(run: &Run, name: &str) -> Result<FaultBody, Problem> {
    let row = run.faults().into_iter().find(|fault| fault.name == name);
    let unknown = || Problem::new(Kind::UnknownFault, format!("no fault is called '{}'", cut(name)));
    row.map(FaultBody::from).ok_or_else(unknown)
}

/// A name as a part of an address: everything but letters, digits and `-._/` as percent escapes of its UTF-8.
pub fn encoded(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
