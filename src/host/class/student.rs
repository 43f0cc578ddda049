//! `/v1/class/seats` and `/v1/class/seat`: the students' side. The first takes the class code; everything else the key of the
//! seat that it gave.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::host::class::code::SeatKey;
use crate::host::class::nickname::{self, Nickname};
use crate::host::class::persona::Persona;
use crate::host::class::problem::{self, Problem};
use crate::host::class::role::Role;
use crate::host::class::room::{LINE_CHARS_MAX, Line, Room, Wish};
use crate::host::class::teacher::{self, AtQuery, citizen, instant};
use crate::host::class::{Class, body, view};
use crate::host::control::run::Run;
use crate::host::link::Peer;
use crate::sim::model::ids::PersonId;

/// `POST /v1/class/seats`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinBody {
    /// The class code.
    pub code: String,
    /// 1 to 20 characters.
    pub nickname: String,
    /// `citizen` if absent.
    #[serde(default)]
    pub role: Option<String>,
    /// `plain` if absent; `battery`, `blocked` or `lunch`.
    #[serde(default)]
    pub persona: Option<String>,
}

/// A seat.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SeatBody {
    /// Who has it may do what the member may: keep it.
    pub key: String,
    /// The member's number in this class.
    pub number: u32,
}

/// `POST /v1/class/seat/belief`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeliefBody {
    /// How many of a hundred people have been reached.
    pub percent: u8,
    /// Why; may be absent.
    #[serde(default)]
    pub words: Option<String>,
}

/// `POST /v1/class/seat/complaint`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComplaintBody {
    /// At most 200 characters.
    pub text: String,
}

/// It was taken.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TakenBody {
    /// Where the run stood.
    pub at_us: u64,
}

/// `POST /v1/class/seats`: takes a seat.
pub async fn join(State(class): State<Arc<Class>>, request: Request) -> Result<Response, Problem> {
    let from = request.extensions().get::<Peer>().and_then(|peer| peer.0);
    let asked: JoinBody = body::json(request).await?;
    if !class.guesses().may(from, class.now()) {
        return Err(Problem::new(problem::TOO_MANY_REQUESTS, "too many wrong codes, wait a little"));
    }
    let wish = wish(&asked)?;
    let joined = class.join(&asked.code, wish);
    if joined.as_ref().is_err_and(|problem| problem.kind == problem::WRONG_CODE) {
        class.guesses().wrong(from, class.now());
    }
    let member = joined?;
    let seat = SeatBody { key: member.key().digits().to_owned(), number: member.number };
    Ok((StatusCode::CREATED, Json(seat)).into_response())
}

fn wish(asked: &JoinBody) -> Result<Wish, Problem> {
    let bad = || {
        let detail = format!("expected 1 to {} characters in one line", nickname::CHARS_MAX);
        Problem::new(problem::BAD_NICKNAME, detail)
    };
    let wrong = |detail: &str| Problem::new(problem::INVALID_REQUEST, detail);
    let role = asked.role.as_deref().unwrap_or("citizen");
    let persona = asked.persona.as_deref().unwrap_or("plain");
    Ok(Wish {
        nickname: Nickname::read(&asked.nickname).ok_or_else(bad)?,
        role: Role::parse(role).ok_or_else(|| wrong("role: expected citizen, sender, operator, ministry or press"))?,
        persona: Persona::parse(persona).ok_or_else(|| wrong("persona: expected plain, battery, blocked or lunch"))?,
    })
}

/// `GET /v1/class/seat`.
pub async fn show(State(class): State<Arc<Class>>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    whole(&class, &body::key(&headers)?).await.map(Json)
}

/// `DELETE /v1/class/seat`.
pub async fn leave(State(class): State<Arc<Class>>, headers: HeaderMap) -> Result<StatusCode, Problem> {
    let number = class.seat(&body::key(&headers)?, |_, number| Ok(number))?;
    class.leave(number)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /v1/class/seat/belief`.
pub async fn believe(
    State(class): State<Arc<Class>>,
    headers: HeaderMap,
    request: Request,
) -> Result<Json<TakenBody>, Problem> {
    let key = body::key(&headers)?;
    let BeliefBody { percent, words } = body::json(request).await?;
    if percent > 100 {
        return Err(Problem::new(problem::INVALID_REQUEST, format!("percent: expected 0 to 100, found {percent}")));
    }
    let words = words.filter(|words| !words.trim().is_empty());
    let words = words.map(|words| body::line("words", &words, LINE_CHARS_MAX)).transpose()?.unwrap_or_default();
    let (at, now) = (instant(&class), class.now());
    class.seat(&key, |room, number| {
        room.writes(number, now)?;
        room.believe(number, at, percent, words)
    })?;
    Ok(Json(TakenBody { at_us: at.micros() }))
}

/// `POST /v1/class/seat/complaint`.
pub async fn complain(
    State(class): State<Arc<Class>>,
    headers: HeaderMap,
    request: Request,
) -> Result<Json<TakenBody>, Problem> {
    let key = body::key(&headers)?;
    let ComplaintBody { text } = body::json(request).await?;
    let text = body::line("text", &text, LINE_CHARS_MAX)?;
    let (at, now) = (instant(&class), class.now());
    let going = class.runs.current().is_some();
    class.seat(&key, |room, number| {
        room.writes(number, now)?;
        // The next run would begin without it: the press reads of the run that goes on.
        if !going {
            return Err(Problem::new(
                problem::NO_RUN,
                "there is nothing to complain about before it begins or after its end",
            ));
        }
        room.complain(at, text);
        Ok(())
    })?;
    Ok(Json(TakenBody { at_us: at.micros() }))
}

/// `GET /v1/class/seat/debrief?at_us=…`: once the teacher has revealed it.
pub async fn debrief(
    State(class): State<Arc<Class>>,
    headers: HeaderMap,
    at: Result<Query<AtQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let at = teacher::asked(at)?;
    class.seat(&body::key(&headers)?, |room, _| {
        let kept_back = || Problem::new(problem::NOT_REVEALED, "wait for the teacher");
        room.is_revealed().then_some(()).ok_or_else(kept_back)
    })?;
    class.debrief(at).await.map(Json)
}

/// What a seat is served: what its role may know, and nothing else.
pub async fn whole(class: &Class, key: &SeatKey) -> Result<Value, Problem> {
    let run = class.run();
    let (mut told, role, person, complaints) = class.seat(key, |room, number| of_seat(room, number, run.as_deref()))?;
    if let Some(run) = run {
        told["sees"] = class.books(&run, |books| view::sees(role, &run, books, &complaints, person)).await;
    }
    Ok(told)
}

type Seen = (Value, Role, Option<PersonId>, Vec<Line>);

fn of_seat(room: &mut Room, number: u32, run: Option<&Run>) -> Result<Seen, Problem> {
    let unknown = || Problem::new(problem::UNKNOWN_SEAT, "nobody sits there");
    let member = room.member(number).ok_or_else(unknown)?;
    let (role, person) = (member.wish.role, run.and_then(|run| citizen(member, run)));
    let last = room.rounds().len().checked_sub(1);
    let question = last.map(
        |last| json!({ "number": last + 1, "at_us": room.rounds()[last].micros(), "answered": member.answered(last) }),
    );
    let lines = room.lines().iter().map(|line| json!({ "at_us": line.at.micros(), "text": line.text }));
    let told = json!({
        "nickname": member.wish.nickname.text(),
        "number": number,
        "role": role.name(),
        "persona": member.wish.persona.name(),
        "lines": lines.collect::<Vec<Value>>(),
        "question": question,
        "lunch": room.is_lunch(),
        "revealed": room.is_revealed(),
        "run": run.map(|run| view::clock(run, &run.status())),
        "phone": run.zip(person).map(|(run, person)| view::phone(run, person)),
        "sees": null,
    });
    let complaints = if role == Role::Press { room.complaints().to_vec() } else { Vec::new() };
    Ok((told, role, person, complaints))
}
