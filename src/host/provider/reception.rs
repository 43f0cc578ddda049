//! Reception: a request's messages are handed in, and its connection is answered, or breaks as a fault has it.
//!
//! What comes back is what a contract puts into its own words. A connection that is to be reset, closed or left hanging
//! never comes back: its handler ends here.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

use crate::host::control::Refusal;
use crate::host::control::books::line::{OpenCall, Remembering};
use crate::host::control::faults::Stands;
use crate::host::control::run::{Run, State};
use crate::host::provider::breaker::{Break, Breaker};
use crate::sim::engine::call::{CallAnswer, HandIn, How};
use crate::sim::fault::DownHow;
use crate::sim::model::code::{Code, RETRY_AFTER};
use crate::sim::model::medium::Network;

/// How long a connection may hang; then it is closed, so that dead callers cost nothing for ever.
pub const HANG_MAX: Duration = Duration::from_secs(300);

/// How long a held disk, or a run that stands still, may keep a caller waiting.
const WAIT_MAX: Duration = Duration::from_secs(120);

/// Why a request as a whole gets no proper answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// No run goes on.
    NoRun,
    /// The platform is out of service (a fault): HTTP 503.
    OutOfService,
    /// The platform has too much to do (a fault): HTTP 429 with Retry-After.
    TooMany,
    /// This program itself has no room: HTTP 503 with Retry-After.
    Busy,
}

impl Closed {
    /// The status that goes with it.
    pub fn status(self) -> u16 {
        match self {
            Closed::NoRun | Closed::OutOfService | Closed::Busy => 503,
            Closed::TooMany => 429,
        }
    }

    /// What `Retry-After` says, in seconds.
    pub fn retry_after_s(self) -> u64 {
        RETRY_AFTER.micros().div_ceil(1_000_000)
    }

    /// Why, in both languages.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Closed::NoRun => {
                ("진행 중인 실행이 없습니다. 시나리오를 먼저 시작하세요.", "no run goes on: start a scenario first")
            }
            Closed::OutOfService => ("서비스가 중단되었습니다. (장애)", "the service is down (a fault)"),
            Closed::TooMany => ("요청이 너무 많습니다. (장애)", "too many requests (a fault)"),
            Closed::Busy => ("지금은 받을 수 없습니다. 잠시 뒤 다시 시도하세요.", "no room just now: try again later"),
        }
    }
}

/// Why a mail, or whatever else is called directly, is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// For a reason that has nothing to do with it.
    Closed(Closed),
    /// With a result code.
    Refused(Code),
}

impl From<Closed> for Turned {
    fn from(closed: Closed) -> Turned {
        Turned::Closed(closed)
    }
}

/// Hands messages in and waits for the answer's instant. Every message is on record by then.
pub async fn hand_in(
    run: &Arc<Run>,
    contract: &str,
    note: String,
    items: Vec<HandIn>,
    breaker: &Breaker,
) -> Result<CallAnswer, Closed> {
    if run.status().state == State::Held {
        return Err(Closed::Busy);
    }
    let call = run.call(contract, note, items).await.map_err(refusal)?;
    answered(call, breaker).await
}

/// The answer of a provider, which has no codes of its own for a call as a whole.
async fn answered(call: OpenCall, breaker: &Breaker) -> Result<CallAnswer, Closed> {
    hear(call, breaker).await.map_err(|turned| match turned {
        Turned::Closed(closed) => closed,
        Turned::Refused(_) => Closed::OutOfService,
    })
}

/// The same, where the caller is told as soon as every message is on record, before the answer's instant.
pub async fn hand_in_and_tell(
    run: &Arc<Run>,
    contract: &str,
    note: String,
    items: Vec<HandIn>,
    breaker: &Breaker,
    on_record: impl FnOnce(),
) -> Result<CallAnswer, Closed> {
    if run.status().state == State::Held {
        return Err(Closed::Busy);
    }
    let mut call = run.call(contract, note, items).await.map_err(refusal)?;
    timeout(WAIT_MAX, call.on_record()).await.map_err(|_| Closed::Busy)?.map_err(refusal)?;
    on_record();
    answered(call, breaker).await
}

/// Waits until what a provider wants remembered is on record.
pub async fn remembered(run: &Run, remembering: Remembering) -> Result<(), Closed> {
    let on_record = remembering.on_record();
    tokio::select! {
        written = timeout(WAIT_MAX, on_record) => written.map_err(|_| Closed::Busy)?.map_err(refusal),
        _ = run.ended() => Err(Closed::NoRun),
    }
}

/// The same, where no provider stands between the caller and the network.
pub async fn hand_in_directly(
    run: &Arc<Run>,
    contract: &str,
    note: String,
    items: Vec<HandIn>,
    breaker: &Breaker,
) -> Result<CallAnswer, Turned> {
    if run.status().state == State::Held {
        return Err(Closed::Busy.into());
    }
    let call = run.call_directly(contract, note, items).await.map_err(refusal)?;
    hear(call, breaker).await
}

/// Waits for a call's answer.
async fn hear(mut call: OpenCall, breaker: &Breaker) -> Result<CallAnswer, Turned> {
    let answer = timeout(WAIT_MAX, call.answer()).await.map_err(|_| Closed::Busy)?.map_err(refusal)?;
    match answer.how {
        How::Answered => {}
        How::Refused(code) => {
            call.answered();
            return Err(match code {
                Code::TOO_MANY => Closed::TooMany.into(),
                Code::NOT_IN_SERVICE => Closed::OutOfService.into(),
                code => Turned::Refused(code),
            });
        }
        How::Reset => {
            call.answered();
            breaker.pull(Break::Reset).await
        }
        How::Close => {
            call.answered();
            breaker.pull(Break::Close).await
        }
        How::Hang => {
            // The call stays open: whoever hangs up drops this handler, and the engine hears of it.
            sleep_until(Instant::now() + HANG_MAX).await;
            breaker.pull(Break::Close).await
        }
    }
    call.answered();
    Ok(answer)
}

/// A request that hands nothing in (a status query, a list) meets the network's outage all the same.
pub async fn ask(run: &Arc<Run>, network: Network, breaker: &Breaker) -> Result<(), Closed> {
    match down(run, network) {
        None => Ok(()),
        Some(DownHow::Reject) => Err(Closed::OutOfService),
        Some(DownHow::Reset) => breaker.pull(Break::Reset).await,
        Some(DownHow::Hang) => {
            sleep_until(Instant::now() + HANG_MAX).await;
            breaker.pull(Break::Close).await
        }
    }
}

/// How the network is down for everybody just now, if it is.
fn down(run: &Run, network: Network) -> Option<DownHow> {
    let faults = run.faults();
    let on = faults.iter().filter(|fault| fault.stands == Stands::On);
    on.filter(|fault| fault.networks.is_empty() || fault.networks.contains(&network)).find_map(|fault| fault.shuts)
}

/// Why a run takes nothing, as an application is told.
pub fn refusal(why: Refusal) -> Closed {
    match why {
        Refusal::Ended | Refusal::NotLive | Refusal::NotPaced | Refusal::NotPaused | Refusal::Lockstep => Closed::NoRun,
        Refusal::Rejected(_) | Refusal::Busy | Refusal::Full => Closed::Busy,
    }
}
