//! `GET /metrics`: gauges and counters as Prometheus text (exposition format 0.0.4), of the run that goes on (else the
//! last one) and of the process. Labels come from our own tables; no phone number is ever one.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::host::api::Api;
use crate::host::api::STREAMS_MAX;
use crate::host::api::process::{descriptors, resident_bytes};
use crate::host::api::wait::WAITS_MAX;
use crate::host::control::faults::Stands;
use crate::host::control::gauges::Webhooks;
use crate::host::control::run::Run;
use crate::host::control::tally::Counts;
use crate::sim::model::medium::{Medium, Network};

/// The handler.
pub async fn get(State(api): State<Arc<Api>>) -> Response {
    let mut out = Page::default();
    of_process(&mut out, &api);
    if let Some(run) = api.runs.current().or_else(|| api.runs.all().pop()) {
        of_run(&mut out, &run);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], out.0).into_response()
}

fn of_process(out: &mut Page, api: &Api) {
    let runs = api.runs.all();
    let ended = runs.iter().filter(|run| run.outcome().is_some()).count();
    out.family("bongsu_runs", "gauge", "Runs that are kept, by state.");
    out.row("bongsu_runs", &[("state", "ended")], ended as u64);
    out.row("bongsu_runs", &[("state", "going")], (runs.len() - ended) as u64);
    let streams = (STREAMS_MAX - api.streams.available_permits()) as u64;
    out.alone("bongsu_event_streams", "gauge", "Open event streams.", &[], streams);
    let waits = (WAITS_MAX - api.waits.available_permits()) as u64;
    out.alone("bongsu_waits", "gauge", "Waits for an event that go on.", &[], waits);
    out.family("bongsu_http_requests_total", "counter", "HTTP requests, by route and class of status.");
    for (route, class, count) in api.meter.rows() {
        out.row("bongsu_http_requests_total", &[("route", &route), ("status", &class)], count);
    }
    let room = api.stage.room();
    if let Some(bytes) = room.journal_bytes {
        out.alone("bongsu_journal_bytes", "gauge", "Bytes of the journal's database, its log included.", &[], bytes);
        let help = "1 once the journal's disk has failed: nothing is kept any more.";
        out.alone("bongsu_journal_broken", "gauge", help, &[], u64::from(room.broken.is_some()));
    }
    let name = "bongsu_provider_refusals_total";
    out.family(name, "counter", "Requests to providers that were refused, whole or in part, by the contract's code.");
    for (said, count) in api.runs.refusals().rows() {
        out.row(name, &[("contract", said.contract()), ("code", said.code())], count);
    }
    if let Some(bytes) = resident_bytes() {
        let help = "Resident memory of this process, in bytes.";
        out.alone("process_resident_memory_bytes", "gauge", help, &[], bytes);
    }
    if let Some(open) = descriptors() {
        out.alone("process_open_fds", "gauge", "Files and sockets that are open.", &[], open);
    }
    let sockets = api.gauge.sockets();
    let rows = [
        ("bongsu_handshakes_total", "counter", "Handshakes that became sessions.", sockets.handshakes),
        ("bongsu_messages_total", "counter", "Messages handed to sessions.", sockets.messages),
        ("bongsu_receipts_total", "counter", "Receipts that phones gave.", sockets.receipts),
        ("bongsu_frames_queued", "gauge", "Frames that wait for slow clients.", sockets.queued),
    ];
    for (name, kind, help, value) in rows {
        out.alone(name, kind, help, &[], value);
    }
}

fn of_run(out: &mut Page, run: &Run) {
    let (status, id) = (run.status(), run.id.to_string());
    let (counts, label) = (&status.counts, [("run", id.as_str())]);
    let on = run.faults().iter().filter(|fault| fault.stands == Stands::On).count() as u64;
    let seconds = status.at.micros() / 1_000_000;
    let rows = [
        ("bongsu_run_seconds", "gauge", "Simulated seconds since the run began.", seconds),
        ("bongsu_run_faults_on", "gauge", "Faults whose windows are open.", on),
        ("bongsu_run_events_total", "counter", "Events.", counts.events),
        ("bongsu_run_notices_total", "counter", "Notices created.", counts.notices),
        ("bongsu_run_reached_total", "counter", "Notices that some phone has shown.", counts.reached),
        ("bongsu_run_opened_total", "counter", "Notices that somebody has opened.", counts.opened),
        ("bongsu_run_fallbacks_total", "counter", "Times that a sender went on to the next leg.", counts.fallbacks),
        ("bongsu_run_lost_total", "counter", "Messages lost for good.", counts.lost),
        ("bongsu_run_hooks_given_up_total", "counter", "Reports that no webhook could tell.", counts.hooks_given_up),
        ("bongsu_run_inputs_rejected_total", "counter", "Inputs from outside that could not be.", counts.rejected),
    ];
    for (name, kind, help, value) in rows {
        out.alone(name, kind, help, &label, value);
    }
    states(out, &id, counts);
    webhooks(out, &id, &run.webhooks);
    let name = "bongsu_run_attempts_total";
    out.family(name, "counter", "Calls of the sender to a platform, by medium.");
    for medium in Medium::ALL {
        out.row(name, &[("run", &id), ("medium", medium.name())], counts.attempts_by[medium.index()]);
    }
    let networks = [
        ("bongsu_run_sessions", "gauge", "Phones connected now.", &counts.sessions),
        ("bongsu_run_turned_away_total", "counter", "Connections and logins turned away.", &counts.turned_away),
    ];
    for (name, kind, help, values) in networks {
        out.family(name, kind, help);
        for network in Network::ALL {
            out.row(name, &[("run", &id), ("network", network.name())], values[network.index()]);
        }
    }
}

/// Calls of webhooks by how they came out, and those that are still to come out.
fn webhooks(out: &mut Page, id: &str, webhooks: &Webhooks) {
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let name = "bongsu_run_webhooks_total";
    out.family(name, "counter", "Calls of webhooks, by how they came out; those of this process.");
    for (outcome, counter) in
        [("taken", &webhooks.taken), ("failed", &webhooks.failed), ("given_up", &webhooks.given_up)]
    {
        out.row(name, &[("run", id), ("outcome", outcome)], count(counter));
    }
    out.family("bongsu_run_webhooks", "gauge", "Webhooks that are not taken yet, by where they are.");
    for (place, counter) in [("under_way", &webhooks.under_way), ("waiting", &webhooks.waiting)] {
        out.row("bongsu_run_webhooks", &[("run", id), ("place", place)], count(counter));
    }
}

/// Notices by how far they came in truth, and by whether their sender is still at work.
fn states(out: &mut Page, id: &str, counts: &Counts) {
    let Counts { notices, reached, opened, settled, .. } = *counts;
    out.family("bongsu_run_notices", "gauge", "Notices by how far they came.");
    let stands = [
        ("unreached", notices.saturating_sub(reached)),
        ("reached", reached.saturating_sub(opened)),
        ("opened", opened),
    ];
    for (state, count) in stands {
        out.row("bongsu_run_notices", &[("run", id), ("state", state)], count);
    }
    out.family("bongsu_run_routes", "gauge", "Notices by whether their sender is still at work.");
    for (state, count) in [("going", notices.saturating_sub(settled)), ("ended", settled)] {
        out.row("bongsu_run_routes", &[("run", id), ("state", state)], count);
    }
}

/// The text. Writing to a `String` cannot fail.
#[derive(Default)]
struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn row(&mut self, name: &str, labels: &[(&str, &str)], value: u64) {
        self.0.push_str(name);
        for (place, (label, text)) in labels.iter().enumerate() {
            let _ = write!(self.0, "{}{label}=\"{text}\"", if place == 0 { '{' } else { ',' });
        }
        let _ = writeln!(self.0, "{} {value}", if labels.is_empty() { "" } else { "}" });
    }

    fn alone(&mut self, name: &str, kind: &str, help: &str, labels: &[(&str, &str)], value: u64) {
        self.family(name, kind, help);
        self.row(name, labels, value);
    }
}
