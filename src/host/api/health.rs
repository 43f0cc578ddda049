//! Health and gauges, for whoever watches the process.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::host::api::Api;
use crate::host::api::problem::{Kind, Problem};
use crate::host::control::faults::Stands;
use crate::host::control::run::Run;
use crate::sim::model::medium::Network;

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the process takes runs and phones; 503 while it ends.
pub async fn ready(State(api): State<Arc<Api>>) -> Result<&'static str, Problem> {
    if api.shutdown.is_asked() {
        return Err(Problem::new(Kind::ShuttingDown, "drain in progress"));
    }
    Ok("ready\n")
}

/// `GET /metrics`: Prometheus text, of the run that goes on (else the last one) and of the process.
pub async fn metrics(State(api): State<Arc<Api>>) -> Response {
    let runs = api.runs.all();
    let mut out = String::new();
    let ended = runs.iter().filter(|run| run.outcome().is_some()).count();
    family(&mut out, "bongsu_runs", "gauge", "Runs that are kept, by state.");
    row(&mut out, "bongsu_runs", "state=\"ended\"", ended as u64);
    row(&mut out, "bongsu_runs", "state=\"going\"", (runs.len() - ended) as u64);
    let open = crate::host::api::STREAMS_MAX - api.streams.available_permits();
    family(&mut out, "bongsu_event_streams", "gauge", "Open event streams.");
    row(&mut out, "bongsu_event_streams", "", open as u64);
    if let Some(run) = api.runs.current().or_else(|| runs.last().cloned()) {
        of_run(&mut out, &run);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], out).into_response()
}

fn of_run(out: &mut String, run: &Run) {
    let (status, id) = (run.status(), format!("run=\"{}\"", run.id));
    let on = run.faults().iter().filter(|fault| fault.stands == Stands::On).count() as u64;
    let counts = &status.counts;
    let rows = [
        ("bongsu_run_seconds", "gauge", "Simulated seconds since the run began.", status.at.micros() / 1_000_000),
        ("bongsu_run_faults_on", "gauge", "Faults whose windows are open.", on),
        ("bongsu_run_events_total", "counter", "Events.", counts.events),
        ("bongsu_run_notices_total", "counter", "Notices created.", counts.notices),
        ("bongsu_run_reached_total", "counter", "Notices that some phone has shown.", counts.reached),
        ("bongsu_run_opened_total", "counter", "Notices that somebody has opened.", counts.opened),
        ("bongsu_run_attempts_total", "counter", "Calls of the sender to a platform.", counts.attempts),
        ("bongsu_run_fallbacks_total", "counter", "Times that a sender went on to the next leg.", counts.fallbacks),
        ("bongsu_run_inputs_rejected_total", "counter", "Inputs from outside that could not be.", counts.rejected),
    ];
    for (name, kind, help, value) in rows {
        family(out, name, kind, help);
        row(out, name, &id, value);
    }
    let networks = [
        ("bongsu_run_sessions", "gauge", "Phones connected now.", &counts.sessions),
        ("bongsu_run_turned_away_total", "counter", "Connections and logins turned away.", &counts.turned_away),
    ];
    for (name, kind, help, values) in networks {
        family(out, name, kind, help);
        for network in Network::ALL {
            row(out, name, &format!("{id},network=\"{}\"", network.name()), values[network.index()]);
        }
    }
}

fn family(out: &mut String, name: &str, kind: &str, help: &str) {
    // Writing to a String cannot fail.
    let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
}

fn row(out: &mut String, name: &str, labels: &str, value: u64) {
    let _ = match labels {
        "" => writeln!(out, "{name} {value}"),
        labels => writeln!(out, "{name}{{{labels}}} {value}"),
    };
}
