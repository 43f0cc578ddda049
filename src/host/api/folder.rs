//! What is left of a run that is over: its files, all of them as one archive, its scenario as it was played, a replay, and
//! letting go of it.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::host::api::body::Name;
use crate::host::api::problem::{Kind, Problem, cut};
use crate::host::api::{Api, runs, tar};
use crate::host::control::run::RunId;
use crate::host::control::runs::{Difference, Replayed, Room, RunFile};

/// Pieces of an archive that may wait for a slow reader.
const PIECES_AHEAD: usize = 4;

/// `GET /v1/runs/{id}/files`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FilesBody {
    run: String,
    /// In the order in which a reader wants them.
    files: Vec<FileBody>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FileBody {
    name: &'static str,
    bytes: u64,
}

/// `POST /v1/runs/{id}/replay`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReplayedBody {
    run: String,
    /// Whether every event was the same, byte for byte.
    same: bool,
    /// Events that were the same: all, or those before the difference.
    events: u64,
    difference: Option<DifferenceBody>,
    /// The build that recorded the run, and this one.
    recorded_by: String,
    replayed_by: &'static str,
}

/// The first place where replay and recording differ.
#[derive(Debug, Serialize, JsonSchema)]
struct DifferenceBody {
    /// Line of `events.ndjson`, from 1.
    line: u64,
    /// Null: the recording is over.
    recorded: Option<String>,
    /// Null: the replay is over.
    replayed: Option<String>,
}

/// `DELETE /v1/runs/{id}`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DeletedBody {
    /// The run that is gone. Its number is not given again.
    deleted: String,
}

/// `GET /v1/runs/{id}/files`.
pub async fn files(State(api): State<Arc<Api>>, Name(name): Name) -> Result<Json<FilesBody>, Problem> {
    let (id, files) = opened(&api, &name).await?;
    let files = files.iter().map(|file| FileBody { name: file.name, bytes: file.bytes }).collect();
    Ok(Json(FilesBody { run: id.to_string(), files }))
}

/// `GET /v1/runs/{id}/files/{file}`: one of them, to be kept.
pub async fn file(
    State(api): State<Arc<Api>>,
    Path((name, wanted)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (id, files) = opened(&api, &name).await?;
    let file = files.into_iter().find(|file| file.name == wanted);
    let file = file.ok_or_else(|| Problem::new(Kind::UnknownFile, format!("no file is called '{}'", cut(&wanted))))?;
    let (called, bytes) = (format!("{id}-{}", file.name), file.bytes);
    Ok(download("application/octet-stream", &called, Some(bytes), pieces(move |take| tar::plain(file, take))))
}

/// `GET /v1/runs/{id}/archive`: all of them as one tar.
pub async fn archive(State(api): State<Arc<Api>>, Name(name): Name) -> Result<Response, Problem> {
    let (id, files) = opened(&api, &name).await?;
    let folder = id.to_string();
    let body = pieces(move |take| tar::archive(&folder, files, take));
    Ok(download("application/x-tar", &format!("bongsu-{id}.tar"), None, body))
}

/// `GET /v1/runs/{id}/as-played`: the scenario with what was done by hand.
pub async fn as_played(State(api): State<Arc<Api>>, Name(name): Name) -> Result<Response, Problem> {
    let run = runs::find(&api, &name).await?;
    let (stage, asked) = (api.stage.clone(), run.clone());
    // A scenario may hold a list of a city's people, and is read once more before it is handed out.
    let text = spawn_blocking(move || stage.as_played(&asked)).await;
    let text = text.map_err(|error| Problem::new(Kind::Failed, format!("writing the scenario broke off: {error}")))?;
    let text = text.map_err(|problems| Problem::located(Kind::ScenarioProblems, &problems))?;
    let called = format!("{}-as-played-{}.yaml", plain(&run.plan.name), run.id);
    Ok(download("application/yaml; charset=utf-8", &called, None, Body::from(text)))
}

/// `POST /v1/runs/{id}/replay`: answers when it has been played again.
pub async fn replay(State(api): State<Arc<Api>>, Name(name): Name) -> Result<Json<ReplayedBody>, Problem> {
    let id = over(&api, &name)?;
    let replayed = api.stage.replay(id).await?.ok_or_else(|| nothing(&api, id))?;
    let Replayed { events, difference, recorded_by, replayed_by } = replayed;
    let same = difference.is_none();
    let difference =
        difference.map(|Difference { line, recorded, replayed }| DifferenceBody { line, recorded, replayed });
    Ok(Json(ReplayedBody { run: id.to_string(), same, events, difference, recorded_by, replayed_by }))
}

/// `DELETE /v1/runs/{id}`: the run and its folder.
pub async fn delete(State(api): State<Arc<Api>>, Name(name): Name) -> Result<Json<DeletedBody>, Problem> {
    let id = over(&api, &name)?;
    let kept = api.stage.delete(id).await?;
    let here = api.runs.forget(id);
    if kept || here { Ok(Json(DeletedBody { deleted: id.to_string() })) } else { Err(unknown(id)) }
}

/// The number of a run that is over; whether there is one of it, is not said.
fn over(api: &Api, name: &str) -> Result<RunId, Problem> {
    let id = match name {
        "current" => runs::current(api)?.id,
        _ => RunId::parse(name)
            .ok_or_else(|| Problem::new(Kind::UnknownRun, format!("no run is called '{}'", cut(name))))?,
    };
    match api.runs.get(id).filter(|run| run.outcome().is_none()) {
        Some(run) => Err(Problem::new(Kind::NotEnded, format!("run {} is at {}", run.id, run.status().at))),
        None => Ok(id),
    }
}

async fn opened(api: &Api, name: &str) -> Result<(RunId, Vec<RunFile>), Problem> {
    let id = over(api, name)?;
    let files = api.stage.files(id).await?.ok_or_else(|| nothing(api, id))?;
    Ok((id, files))
}

/// There is no folder: of a run that is only in memory, or of none at all.
fn nothing(api: &Api, id: RunId) -> Problem {
    match api.runs.get(id) {
        Some(_) => Problem::new(Kind::NoFolder, not_kept(api)),
        None => unknown(id),
    }
}

/// Why a run that is known has no folder.
pub(super) fn not_kept(api: &Api) -> &'static str {
    match api.stage.room() {
        Room { journal_bytes: None, .. } => "the server keeps runs in memory only, without --data",
        Room { broken: Some(_), .. } => "it was not written: the journal's disk failed",
        Room { .. } => "its folder is gone: it has outgrown its stay (--keep, --keep-runs), or was purged",
    }
}

fn unknown(id: RunId) -> Problem {
    Problem::new(Kind::UnknownRun, format!("no run is called '{id}'"))
}

/// A name that every file system takes.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' }).collect()
}

/// A body that a thread of its own reads, a few pieces ahead of its reader; it ends with it.
fn pieces(work: impl FnOnce(&mut dyn FnMut(std::io::Result<Bytes>) -> bool) + Send + 'static) -> Body {
    let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
    spawn_blocking(move || work(&mut |piece| sender.blocking_send(piece).is_ok()));
    let next =
        |mut receiver: mpsc::Receiver<std::io::Result<Bytes>>| async { Some((receiver.recv().await?, receiver)) };
    Body::from_stream(stream::unfold(receiver, next))
}

fn download(kind: &'static str, called: &str, bytes: Option<u64>, body: Body) -> Response {
    let headers: [(HeaderName, String); 3] = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{called}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    let mut response = (StatusCode::OK, headers, body).into_response();
    if let Some(bytes) = bytes {
        response.headers_mut().insert(header::CONTENT_LENGTH, bytes.into());
    }
    response
}
