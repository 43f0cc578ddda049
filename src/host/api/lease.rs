//! `/v1/clock/leases`: how an outside application lets the time of a run in lock-step pass.
//!
//! Take a lease, do what there is to do, say `idle` with the instant of the next timer, and go on when that is answered.
//! What leases mean stands in `control::lease`; here is only what they look like over HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::host::api::body::{self, Name};
use crate::host::api::deeds::about;
use crate::host::api::problem::{Kind, Problem, cut};
use crate::host::api::{Api, runs};
use crate::host::control::lease::{Gone, LEASES_MAX, Lease, LeaseId, Leases, NotHeld, Stands, Woken};
use crate::host::control::run::Run;
use crate::sim::time::SimTime;

/// Longest name of an application, in characters.
pub const NAME_MAX: usize = 64;
/// Longest wait of one idle call, in milliseconds of real time.
pub const WAIT_MS_MAX: u64 = 60_000;
/// The wait when the client does not say.
pub const WAIT_MS_DEFAULT: u64 = 20_000;

/// Who takes a lease.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeBody {
    /// What the application calls itself, for those who wonder why time stands.
    #[schemars(length(min = 1, max = 64))]
    name: String,
}

/// What the application waits for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdleBody {
    /// The instant of the application's own next timer, in microseconds since the run began; without it, it has none.
    #[serde(default)]
    until_us: Option<u64>,
    /// Longest wait in milliseconds of real time; 20,000 if absent.
    #[serde(default)]
    #[schemars(range(max = 60_000))]
    wait_ms: Option<u64>,
}

/// A lease.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LeaseBody {
    run: String,
    lease: String,
    name: String,
    /// `busy`, `idle`, or `released`.
    state: &'static str,
    /// The instant that it is idle until.
    until_us: Option<u64>,
    /// Simulated time since the run began.
    at: String,
    at_us: u64,
    /// When the run began in simulated time, in seconds since 1970 UTC.
    start_unix_s: i64,
    /// Local time's offset from UTC in seconds.
    offset_s: i32,
}

/// Time has moved, or something else has happened.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MovedBody {
    run: String,
    lease: String,
    /// `due`: the instant has come. `busy`: another call said so. `replaced`: a newer call waits. `waiting`: the real
    /// time of this call is up, call again. `ended`: the run is over.
    why: &'static str,
    /// Simulated time since the run began.
    at: String,
    at_us: u64,
}

/// Who holds time.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LeasesBody {
    run: String,
    at: String,
    at_us: u64,
    leases: Vec<HeldBody>,
    /// What is being done on behalf of applications, and how often.
    in_flight: BTreeMap<&'static str, usize>,
    /// Leases that are over, the newest 64, oldest first.
    gone: Vec<GoneBody>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct HeldBody {
    lease: String,
    name: String,
    state: &'static str,
    until_us: Option<u64>,
    /// Real time since it was last heard of, in milliseconds.
    silent_ms: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct GoneBody {
    lease: String,
    name: String,
    /// `released`, or `dropped` because nothing was heard of it.
    why: &'static str,
    at: String,
    at_us: u64,
}

/// Holds the time of a run in lock-step while a request that changes something is answered.
pub async fn holding(State(api): State<Arc<Api>>, request: Request, next: Next) -> Response {
    let current = api.runs.current();
    let _held = current.as_ref().and_then(|run| run.leases.as_ref()).map(|leases| leases.in_flight("api"));
    next.run(request).await
}

/// `POST /v1/clock/leases`.
pub async fn take(State(api): State<Arc<Api>>, request: Request) -> Result<(StatusCode, Json<LeaseBody>), Problem> {
    let TakeBody { name } = body::json(request).await?;
    let length = name.chars().count();
    if length == 0 || length > NAME_MAX || name.chars().any(char::is_control) {
        let detail = format!("name: expected 1 to {NAME_MAX} characters, no control characters");
        return Err(Problem::new(Kind::InvalidRequest, detail));
    }
    about(name.clone());
    let (run, leases) = in_lockstep(&api)?;
    let lease =
        leases.take(name).map_err(|_| Problem::new(Kind::Overloaded, format!("{LEASES_MAX} leases are held")))?;
    Ok((StatusCode::CREATED, Json(LeaseBody::held(&run, &lease))))
}

/// `GET /v1/clock/leases`.
pub async fn list(State(api): State<Arc<Api>>) -> Result<Json<LeasesBody>, Problem> {
    let (run, leases) = in_lockstep(&api)?;
    let (standing, now) = (leases.standing(), Instant::now());
    Ok(Json(LeasesBody {
        run: run.id.to_string(),
        at: standing.at.to_string(),
        at_us: standing.at.micros(),
        leases: standing.held.iter().map(|lease| HeldBody::of(lease, now)).collect(),
        in_flight: standing.in_flight.into_iter().collect(),
        gone: standing.gone.iter().map(GoneBody::of).collect(),
    }))
}

/// `POST /v1/clock/leases/{id}/idle`: answers when time has come there.
pub async fn idle(State(api): State<Arc<Api>>, Name(id): Name, request: Request) -> Result<Json<MovedBody>, Problem> {
    let IdleBody { until_us, wait_ms } = body::json(request).await?;
    let wait_ms = wait_ms.unwrap_or(WAIT_MS_DEFAULT);
    if wait_ms > WAIT_MS_MAX {
        let detail = format!("wait_ms: expected at most {WAIT_MS_MAX}, found {wait_ms}");
        return Err(Problem::new(Kind::InvalidRequest, detail));
    }
    let (run, leases) = in_lockstep(&api)?;
    let lease = parsed(&id)?;
    let until = until_us.map(SimTime::from_micros);
    let woken = leases.idle(lease, until, Duration::from_millis(wait_ms)).await.map_err(|_| unknown(&id))?;
    Ok(Json(MovedBody::of(&run, lease, woken)))
}

/// `POST /v1/clock/leases/{id}/busy`.
pub async fn busy(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Json<LeaseBody>, Problem> {
    let (run, leases) = in_lockstep(&api)?;
    let lease = leases.busy(parsed(&id)?).map_err(|NotHeld| unknown(&id))?;
    Ok(Json(LeaseBody::held(&run, &lease)))
}

/// `DELETE /v1/clock/leases/{id}`.
pub async fn release(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Json<LeaseBody>, Problem> {
    let (run, leases) = in_lockstep(&api)?;
    let gone = leases.release(parsed(&id)?).map_err(|NotHeld| unknown(&id))?;
    about(gone.name.clone());
    Ok(Json(LeaseBody::new(&run, gone.id, gone.name, "released", None)))
}

fn in_lockstep(api: &Api) -> Result<(Arc<Run>, Arc<Leases>), Problem> {
    let run = runs::current(api)?;
    match run.leases.clone() {
        Some(leases) => Ok((run, leases)),
        None => Err(Problem::new(Kind::NotLockstep, "expected a run that was started with \"clock\": \"lockstep\"")),
    }
}

fn parsed(id: &str) -> Result<LeaseId, Problem> {
    LeaseId::parse(id).ok_or_else(|| unknown(id))
}

fn unknown(id: &str) -> Problem {
    Problem::new(Kind::UnknownLease, format!("no lease '{}' is held", cut(id)))
}

/// The word for what an application is doing, and what it waits for.
fn state_of(lease: &Lease) -> (&'static str, Option<u64>) {
    match lease.stands {
        Stands::Busy(_) => ("busy", None),
        Stands::Idle(until) => ("idle", until.map(SimTime::micros)),
    }
}

impl LeaseBody {
    fn held(run: &Run, lease: &Lease) -> LeaseBody {
        let (state, until_us) = state_of(lease);
        LeaseBody::new(run, lease.id, lease.name.clone(), state, until_us)
    }

    fn new(run: &Run, id: LeaseId, name: String, state: &'static str, until_us: Option<u64>) -> LeaseBody {
        let (at, clock) = (run.status().at, run.plan.clock);
        LeaseBody {
            run: run.id.to_string(),
            lease: id.to_string(),
            name,
            state,
            until_us,
            at: at.to_string(),
            at_us: at.micros(),
            start_unix_s: clock.start_unix_s,
            offset_s: clock.offset_s,
        }
    }
}

impl MovedBody {
    fn of(run: &Run, lease: LeaseId, woken: Woken) -> MovedBody {
        let at = run.status().at;
        let (run, lease) = (run.id.to_string(), lease.to_string());
        MovedBody { run, lease, why: woken.name(), at: at.to_string(), at_us: at.micros() }
    }
}

impl HeldBody {
    fn of(lease: &Lease, now: Instant) -> HeldBody {
        let (state, until_us) = state_of(lease);
        let silent = if lease.waits() { Duration::ZERO } else { now.saturating_duration_since(lease.heard) };
        let silent_ms = u64::try_from(silent.as_millis()).unwrap_or(u64::MAX);
        HeldBody { lease: lease.id.to_string(), name: lease.name.clone(), state, until_us, silent_ms }
    }
}

impl GoneBody {
    fn of(gone: &Gone) -> GoneBody {
        GoneBody {
            lease: gone.id.to_string(),
            name: gone.name.clone(),
            why: if gone.dropped { "dropped" } else { "released" },
            at: gone.at.to_string(),
            at_us: gone.at.micros(),
        }
    }
}
