//! `/v1/clock` and `/v1/reset`: simulated time of the run that goes on, for tests that want to be its master.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::host::api::deeds::about;
use crate::host::api::problem::{Kind, Problem};
use crate::host::api::wire::checked_speed;
use crate::host::api::{Api, body, runs};
use crate::host::control::run::Run;
use crate::host::control::{Order, Refusal, Until};
use crate::sim::time::Span;

/// Most simulated time that one request lets pass, in milliseconds: 31 days.
pub const ADVANCE_MS_MAX: u64 = 31 * 24 * 60 * 60 * 1_000;

/// The clock of a run.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClockBody {
    run: String,
    /// `running`, `paused`, or `ended` if it did so just now.
    state: &'static str,
    /// Simulated seconds a real second; null for virtual time, 0 in lock-step.
    speed: Option<u32>,
    /// Simulated time since the run began.
    at: String,
    at_us: u64,
    /// When the run stops by itself.
    stop_us: u64,
}

/// What is to become of the clock; what is absent stays. In the order of these members.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockOrder {
    /// `true` freezes simulated time, `false` lets it go on after everything else here is done.
    #[serde(default)]
    paused: Option<bool>,
    /// Simulated seconds a real second.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100_000))]
    speed: Option<u32>,
    /// Lets so much simulated time pass at once, in milliseconds. Only for a run that stands still.
    #[serde(default)]
    #[schemars(range(max = 2_678_400_000_u64))]
    advance_ms: Option<u64>,
    /// Lets simulated time pass at once to the next event, or to the next event of note; a run that goes on goes on from
    /// there.
    #[serde(default)]
    leap: Option<LeapWord>,
}

/// To what a leap goes.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LeapWord {
    /// Whatever happens next.
    Event,
    /// A fault begins, gives something back or ends; a line begins to send; a medium takes over; the run ends.
    Note,
}

/// What was stopped and forgotten.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ResetBody {
    /// Runs that went on.
    stopped: Vec<String>,
    /// Runs that are forgotten now, those included. Their folders stay.
    forgotten: Vec<String>,
}

/// `GET /v1/clock`.
pub async fn show(State(api): State<Arc<Api>>) -> Result<Json<ClockBody>, Problem> {
    Ok(Json(ClockBody::of(&*runs::current(&api)?)))
}

/// `POST /v1/clock`.
pub async fn order(State(api): State<Arc<Api>>, request: Request) -> Result<Json<ClockBody>, Problem> {
    let asked: ClockOrder = body::json(request).await?;
    let orders = asked.orders()?;
    about(orders.iter().map(told).collect::<Vec<String>>().join(", "));
    let run = runs::current(&api)?;
    for order in orders {
        run.ask(order).await?;
    }
    if run.status().at >= run.plan.clock.stop {
        // Time has come to the run's end: its verdict is part of what this brought about.
        run.ended().await;
    }
    Ok(Json(ClockBody::of(&run)))
}

/// `POST /v1/reset`: answers when every run that went on has its verdict.
pub async fn reset(State(api): State<Arc<Api>>) -> Result<Json<ResetBody>, Problem> {
    let mut stopped = Vec::new();
    for run in api.runs.all().into_iter().filter(|run| run.outcome().is_none()) {
        match run.ask(Order::Stop).await {
            // It ended by itself meanwhile.
            Ok(()) | Err(Refusal::Ended) => {}
            Err(refusal) => return Err(refusal.into()),
        }
        run.ended().await;
        stopped.push(run.id.to_string());
    }
    api.keys.forget();
    let forgotten = api.runs.forget_ended().into_iter().map(|id| id.to_string()).collect();
    Ok(Json(ResetBody { stopped, forgotten }))
}

/// An order to the clock, for the log of what was done.
fn told(order: &Order) -> String {
    match order {
        Order::Speed(speed) => format!("x{speed}"),
        Order::Advance(span) => format!("+{span}"),
        Order::Pause => "pause".to_owned(),
        Order::Resume => "resume".to_owned(),
        Order::Leap(Until::Event) => "leap event".to_owned(),
        Order::Leap(Until::Note) => "leap note".to_owned(),
        Order::Stop
        | Order::PostFault(_)
        | Order::PostFaults(_)
        | Order::LiftFault(_)
        | Order::LiftAll
        | Order::ByHand(_)
        | Order::Submit(_)
        | Order::Watch(_) => String::new(),
    }
}

impl ClockOrder {
    fn orders(self) -> Result<Vec<Order>, Problem> {
        let mut orders = Vec::new();
        if self.paused == Some(true) {
            orders.push(Order::Pause);
        }
        if let Some(speed) = self.speed {
            orders.push(Order::Speed(checked_speed(speed)?));
        }
        if let Some(ms) = self.advance_ms {
            if ms > ADVANCE_MS_MAX {
                let detail = format!("advance_ms: expected at most {ADVANCE_MS_MAX}, found {ms}");
                return Err(Problem::new(Kind::InvalidRequest, detail));
            }
            orders.push(Order::Advance(Span::from_millis(ms)));
        }
        match self.leap {
            Some(LeapWord::Event) => orders.push(Order::Leap(Until::Event)),
            Some(LeapWord::Note) => orders.push(Order::Leap(Until::Note)),
            None => {}
        }
        if self.paused == Some(false) {
            orders.push(Order::Resume);
        }
        Ok(orders)
    }
}

impl ClockBody {
    fn of(run: &Run) -> ClockBody {
        let status = run.status();
        ClockBody {
            run: run.id.to_string(),
            state: status.state.name(),
            speed: status.speed,
            at: status.at.to_string(),
            at_us: status.at.micros(),
            stop_us: run.plan.clock.stop.micros(),
        }
    }
}
