//! `POST /v1/people/{phone}/hand`: what a person does by hand, at a phone that a page shows or that nobody else plays.
//!
//! Each is one input of the engine, in the journal like those of a socket, so that it replays. It is for the run
//! that goes on. Whether it can be true (was that message ever on this phone?) is for the engine to judge.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::routing::post;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::host::api::body::Name;
use crate::host::api::problem::{Kind, Problem, cut, nearest};
use crate::host::api::routes::{Content, Operation, Verb};
use crate::host::api::{Api, body, runs};
use crate::host::control::run::Run;
use crate::host::control::{ByHand, Order};
use crate::sim::model::ids::{AttemptId, ButtonId, ChannelId, PersonId};

/// Most characters of what somebody writes: those of the protocol's `say`.
pub const SAY_CHARS_MAX: usize = 1_000;

/// The row of the table of operations.
pub const OPERATION: Operation = Operation {
    verb: Verb::Post,
    path: "/v1/people/{phone}/hand",
    id: "doByHand",
    ko: "시민이 손으로 하는 일: 읽고, 누르고, 쓴다",
    en: "Reads, presses or writes for a person by hand; an input of the run that goes on.",
    query: &[],
    body: Some(|schemas| schemas.subschema_for::<HandBody>()),
    answer: (200, Content::Json(|schemas| schemas.subschema_for::<DoneBody>())),
    problems: &[
        Kind::NoRun,
        Kind::RunEnded,
        Kind::UnknownPerson,
        Kind::Overloaded,
        Kind::DiskFull,
        Kind::InvalidRequest,
        Kind::Rejected,
    ],
    handler: || post(done),
};

/// What is done.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum HandBody {
    /// Opens a message.
    Read {
        /// As in `n17/0`.
        attempt: String,
    },
    /// Presses a button of a message.
    Press {
        /// As in `n17/0`.
        attempt: String,
        /// The button's name in the scenario.
        button: String,
    },
    /// Writes to a channel.
    Say {
        /// The channel's key in the scenario.
        channel: String,
        /// At most 1,000 characters.
        text: String,
    },
}

/// It was done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DoneBody {
    run: String,
    phone: String,
    /// Where the run stands now, in microseconds.
    at_us: u64,
}

/// `POST /v1/people/{phone}/hand`.
pub async fn done(State(api): State<Arc<Api>>, Name(phone): Name, request: Request) -> Result<Json<DoneBody>, Problem> {
    let asked: HandBody = body::json(request).await?;
    let run = runs::current(&api)?;
    let person = run.people.by_number(&phone);
    let unknown = || Problem::new(Kind::UnknownPerson, format!("nobody in this run has the number '{}'", cut(&phone)));
    let person = person.ok_or_else(unknown)?;
    run.ask(Order::ByHand(read(&run, person, asked)?)).await?;
    let (phone, at_us) = (run.people.numbers().number(person), run.status().at.micros());
    Ok(Json(DoneBody { run: run.id.to_string(), phone, at_us }))
}

fn read(run: &Run, person: PersonId, asked: HandBody) -> Result<ByHand, Problem> {
    Ok(match asked {
        HandBody::Read { attempt } => ByHand::Read { person, attempt: named(&attempt)? },
        HandBody::Press { attempt, button } => {
            let button = place("button", &button, run.plan.buttons.iter().map(String::as_str))?;
            ByHand::Press { person, attempt: named(&attempt)?, button: ButtonId(button) }
        }
        HandBody::Say { channel, text } => {
            let chars = text.chars().count();
            if !(1..=SAY_CHARS_MAX).contains(&chars) {
                let detail = format!("text: expected 1 to {SAY_CHARS_MAX} characters, found {chars}");
                return Err(Problem::new(Kind::InvalidRequest, detail));
            }
            let channel = place("channel", &channel, run.plan.channels.iter().map(|channel| channel.key.as_str()))?;
            ByHand::Say { person, channel: ChannelId(channel), text }
        }
    })
}

fn named(text: &str) -> Result<AttemptId, Problem> {
    let wrong =
        || Problem::new(Kind::InvalidRequest, format!("attempt: expected one like n17/0, found '{}'", cut(text)));
    AttemptId::parse(text).ok_or_else(wrong)
}

fn place<'a>(what: &str, wanted: &str, known: impl Iterator<Item = &'a str> + Clone) -> Result<u16, Problem> {
    let found = known.clone().position(|name| name == wanted).and_then(|place| u16::try_from(place).ok());
    found.ok_or_else(|| {
        let near = nearest(wanted, known).map(|near| format!(", did you mean '{near}'?")).unwrap_or_default();
        Problem::new(Kind::InvalidRequest, format!("{what}: this run has none called '{}'{near}", cut(wanted)))
    })
}
