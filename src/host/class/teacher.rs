//! `/v1/class`: the teacher's side. Beyond loopback these need the server's token, as everything but a seat does.

use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use qrcode::{Color, EcLevel, QrCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::host::class::deeds::About;
use crate::host::class::people::of_place;
use crate::host::class::problem::{self, Problem};
use crate::host::class::role::Role;
use crate::host::class::room::{LINE_CHARS_MAX, MEMBERS_DEFAULT, MEMBERS_MAX, Member, Room};
use crate::host::class::{Class, body, view};
use crate::host::control::run::Run;
use crate::sim::model::ids::PersonId;
use crate::sim::model::medium::{Medium, Network};
use crate::sim::time::SimTime;

/// `POST /v1/class`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenBody {
    /// How many may sit in it, 1 to 60; 40 if absent.
    pub seats: Option<usize>,
}

/// `POST /v1/class/tell`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TellBody {
    /// A line for everybody, at most 200 characters.
    pub text: String,
}

/// `POST /v1/class/members/{number}`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CastBody {
    /// `citizen`, `sender`, `operator`, `ministry` or `press`.
    pub role: String,
}

/// `GET /v1/class/debrief`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtQuery {
    /// The instant, in microseconds of the run.
    pub at_us: u64,
}

/// `DELETE /v1/class`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClosedBody {
    /// How many had a seat. Nothing else of them is left.
    pub members: usize,
}

/// `POST /v1/class`: opens one.
pub async fn open(State(class): State<Arc<Class>>, request: Request) -> Result<Response, Problem> {
    let OpenBody { seats } = body::json(request).await?;
    let seats = seats.unwrap_or(MEMBERS_DEFAULT);
    if !(1..=MEMBERS_MAX).contains(&seats) {
        let detail = format!("seats: expected 1 to {MEMBERS_MAX}, found {seats}");
        return Err(Problem::new(problem::INVALID_REQUEST, detail));
    }
    class.open(seats)?;
    let about = Extension(About(seats.to_string()));
    Ok((StatusCode::CREATED, about, Json(whole(&class).await?)).into_response())
}

/// `GET /v1/class`.
pub async fn show(State(class): State<Arc<Class>>) -> Result<Json<Value>, Problem> {
    whole(&class).await.map(Json)
}

/// `DELETE /v1/class`.
pub async fn close(State(class): State<Arc<Class>>) -> Result<Json<ClosedBody>, Problem> {
    Ok(Json(ClosedBody { members: class.close()? }))
}

/// `POST /v1/class/tell`.
pub async fn tell(State(class): State<Arc<Class>>, request: Request) -> Result<Json<Value>, Problem> {
    let TellBody { text } = body::json(request).await?;
    let (text, at) = (body::line("text", &text, LINE_CHARS_MAX)?, instant(&class));
    class.room(|room| {
        room.tell(at, text);
        Ok(())
    })?;
    whole(&class).await.map(Json)
}

/// `POST /v1/class/ask`.
pub async fn ask(State(class): State<Arc<Class>>) -> Result<Json<Value>, Problem> {
    let at = instant(&class);
    class.room(|room| room.ask(at))?;
    whole(&class).await.map(Json)
}

/// `POST /v1/class/lunch`.
pub async fn lunch(State(class): State<Arc<Class>>) -> Result<Json<Value>, Problem> {
    class.room(|room| {
        room.ring();
        Ok(())
    })?;
    whole(&class).await.map(Json)
}

/// `POST /v1/class/reveal`.
pub async fn reveal(State(class): State<Arc<Class>>) -> Result<Json<Value>, Problem> {
    class.room(|room| {
        room.reveal();
        Ok(())
    })?;
    whole(&class).await.map(Json)
}

/// `POST /v1/class/members/{number}`.
pub async fn cast(
    State(class): State<Arc<Class>>,
    number: Result<Path<u32>, axum::extract::rejection::PathRejection>,
    request: Request,
) -> Result<(Extension<About>, Json<Value>), Problem> {
    let number = numbered(number)?;
    let CastBody { role } = body::json(request).await?;
    let wrong =
        || Problem::new(problem::INVALID_REQUEST, "role: expected citizen, sender, operator, ministry or press");
    let role = Role::parse(&role).ok_or_else(wrong)?;
    class.room(|room| room.cast(number, role))?;
    Ok((Extension(About(role.name().to_owned())), Json(whole(&class).await?)))
}

/// `DELETE /v1/class/members/{number}`.
pub async fn dismiss(
    State(class): State<Arc<Class>>,
    number: Result<Path<u32>, axum::extract::rejection::PathRejection>,
) -> Result<Json<Value>, Problem> {
    class.leave(numbered(number)?)?;
    whole(&class).await.map(Json)
}

/// `GET /v1/class/debrief?at_us=…`.
pub async fn debrief(
    State(class): State<Arc<Class>>,
    at: Result<Query<AtQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, Problem> {
    class.debrief(asked(at)?).await.map(Json)
}

fn numbered(number: Result<Path<u32>, axum::extract::rejection::PathRejection>) -> Result<u32, Problem> {
    let Path(number) = number.map_err(|error| Problem::new(problem::INVALID_REQUEST, error.body_text()))?;
    Ok(number)
}

/// The instant that a debrief is asked for.
pub fn asked(at: Result<Query<AtQuery>, axum::extract::rejection::QueryRejection>) -> Result<SimTime, Problem> {
    let Query(AtQuery { at_us }) = at.map_err(|error| Problem::new(problem::INVALID_QUERY, error.body_text()))?;
    Ok(SimTime::from_micros(at_us))
}

/// Where the run stands that the class follows; zero without one.
pub fn instant(class: &Class) -> SimTime {
    class.run().map_or(SimTime::ZERO, |run| run.status().at)
}

/// The class, as its teacher sees it.
pub async fn whole(class: &Class) -> Result<Value, Problem> {
    let run = class.run();
    let mut told = class.room(|room| Ok(of_room(room, &class.addresses, run.as_deref())))?;
    let Some(run) = run else { return Ok(told) };
    let people: Vec<Option<PersonId>> =
        class.room(|room| Ok(room.members().iter().map(|member| citizen(member, &run)).collect()))?;
    let networks = view::networks(&run.plan);
    let (truth, phones) = class
        .books(&run, |books| {
            let phone = |person: &Option<PersonId>| {
                let got = person.and_then(|person| books.got(person));
                let lines = person.map(|person| {
                    let open: Vec<Network> = books.lines(person).collect();
                    let line = |network: &Network| json!({ "network": network.name(), "open": open.contains(network) });
                    networks.iter().map(line).collect::<Vec<Value>>()
                });
                json!({ "lines": lines, "got": got.map(|(medium, _): (Medium, _)| medium.name()) })
            };
            (view::truth(books), people.iter().map(phone).collect::<Vec<Value>>())
        })
        .await;
    told["truth"] = truth;
    // Somebody may have come or gone meanwhile: the next look has it right.
    for (member, phone) in told["members"].as_array_mut().into_iter().flatten().zip(phones) {
        member["lines"] = phone["lines"].clone();
        member["got"] = phone["got"].clone();
    }
    Ok(told)
}

/// The person whom a member plays in a run.
pub fn citizen(member: &Member, run: &Run) -> Option<PersonId> {
    if member.wish.role == Role::Citizen { of_place(&run.people, member.place) } else { None }
}

fn of_room(room: &Room, addresses: &[String], run: Option<&Run>) -> Value {
    let code = room.code().to_string();
    let join: Vec<String> = addresses.iter().map(|address| format!("{address}/join#{code}")).collect();
    let last = room.rounds().len().checked_sub(1);
    let member = |member: &Member| {
        let phone = run.and_then(|run| Some(run.people.numbers().number(citizen(member, run)?)));
        let belief = last.and_then(|last| member.beliefs.iter().find(|belief| belief.round == last));
        json!({
            "number": member.number, "nickname": member.wish.nickname.text(), "role": member.wish.role.name(),
            "persona": member.wish.persona.name(), "phone": phone, "lines": null, "got": null,
            "believes": belief.map(|belief| belief.percent),
        })
    };
    let line = |line: &crate::host::class::room::Line| json!({ "at_us": line.at.micros(), "text": line.text });
    json!({
        "code": code,
        "qr": join.first().and_then(|address| qr(address)),
        "join": join,
        "seats": room.seats_max(),
        "members": room.members().iter().map(member).collect::<Vec<Value>>(),
        "lines": room.lines().iter().map(line).collect::<Vec<Value>>(),
        "complaints": room.complaints().len(),
        "asked_us": room.rounds().iter().map(|round| round.micros()).collect::<Vec<u64>>(),
        "lunch": room.is_lunch(),
        "revealed": room.is_revealed(),
        "run": run.map(|run| {
            let mut clock = view::clock(run, &run.status());
            clock["title"] = json!({ "ko": run.plan.title.ko, "en": run.plan.title.en });
            clock["phones"] = json!(run.phones == crate::sim::engine::Phones::Outside);
            clock
        }),
        "truth": null,
    })
}

/// The modules of a QR code, a text of `0` and `1` a row: the page draws it.
fn qr(text: &str) -> Option<Vec<String>> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let digit = |color: &Color| if *color == Color::Dark { '1' } else { '0' };
    Some(code.to_colors().chunks(code.width()).map(|row| row.iter().map(digit).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::qr;

    #[test]
    fn a_qr_code_is_a_square_with_its_three_eyes() {
        let rows = qr("http://192.0.2.7:8080/join#K7M2XQ").expect("short enough");
        assert!(rows.iter().all(|row| row.len() == rows.len()), "{rows:?}");
        let (eye, side) = ("1111111", rows.len());
        assert!(rows[0].starts_with(eye) && rows[0].ends_with(eye) && rows[side - 1].starts_with(eye));
        assert!(!rows[side - 1].ends_with(eye), "the fourth corner has none");
        assert_eq!(qr(&"x".repeat(9_999)), None);
    }
}
