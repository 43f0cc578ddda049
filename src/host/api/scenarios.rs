//! `GET /v1/scenarios`: what can be played by name, for whoever wants to choose; and the file of one.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use tokio::task::{JoinError, spawn_blocking};

use crate::host::api::Api;
use crate::host::api::body::Name;
use crate::host::api::problem::{Kind, Problem};
use crate::host::control::runs::Listing;
use crate::sim::model::words::Words;
use crate::sim::plan::Lesson;
use crate::sim::scenario::sources::{SOURCES, Source};

/// `GET /v1/scenarios`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ScenariosBody {
    /// The first of the library first.
    scenarios: Vec<ScenarioRow>,
    /// What the codes of `sources` stand for, in order.
    sources: Vec<SourceRow>,
}

/// A system of the articles that scenarios replay.
#[derive(Debug, Serialize, JsonSchema)]
struct SourceRow {
    /// As in `sources`.
    code: &'static str,
    /// What ran.
    system: WordsBody,
    /// Whose it was.
    agency: WordsBody,
    /// The year in which it began or happened, closer where it is known.
    when: &'static str,
    /// What was reported of it.
    reported: WordsBody,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ScenarioRow {
    /// What `POST /v1/runs` takes.
    name: String,
    title: WordsBody,
    /// The folder of the library that it lies in; null at its top.
    folder: Option<String>,
    /// Who sends: the name of the first channel.
    agency: WordsBody,
    /// What a class does with it; null unless it is a lesson.
    lesson: Option<LessonBody>,
    /// Rows of the source articles that it replays.
    sources: Vec<String>,
    people: u32,
    /// Its length in simulated microseconds.
    stop_us: u64,
    /// Names of the faults that come by themselves.
    faults: Vec<String>,
    /// What it promises, in the words of its file.
    promises: Vec<WordsBody>,
}

/// A text in both languages.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WordsBody {
    ko: String,
    en: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LessonBody {
    question: WordsBody,
    /// What everybody writes down before the run.
    predict: WordsBody,
}

/// `GET /v1/scenarios`.
pub async fn list(State(api): State<Arc<Api>>) -> Result<Json<ScenariosBody>, Problem> {
    let stage = api.stage.clone();
    // The first call reads every file of the library.
    let listed = spawn_blocking(move || stage.scenarios()).await.map_err(|error| broke_off(&error))?;
    let sources = SOURCES.iter().map(SourceRow::from).collect();
    Ok(Json(ScenariosBody { scenarios: listed.into_iter().map(ScenarioRow::from).collect(), sources }))
}

/// `GET /v1/scenarios/{name}`: the file, as it was written.
pub async fn text(State(api): State<Arc<Api>>, Name(name): Name) -> Result<Response, Problem> {
    let stage = api.stage.clone();
    let text = spawn_blocking(move || stage.scenario_text(&name)).await.map_err(|error| broke_off(&error))??;
    Ok(([(header::CONTENT_TYPE, "application/yaml; charset=utf-8")], text).into_response())
}

fn broke_off(error: &JoinError) -> Problem {
    Problem::new(Kind::Failed, format!("reading the library broke off: {error}"))
}

impl From<Listing> for ScenarioRow {
    fn from(listing: Listing) -> ScenarioRow {
        let Listing { name, title, agency, lesson, sources, people, stop, faults, promises } = listing;
        ScenarioRow {
            folder: name.rsplit_once('/').map(|(folder, _)| folder.to_owned()),
            name,
            title: title.into(),
            agency: agency.into(),
            // What the run shows is not for whoever has yet to predict it.
            lesson: lesson.map(|Lesson { question, predict, .. }| LessonBody {
                question: question.into(),
                predict: predict.into(),
            }),
            sources,
            people,
            stop_us: stop.micros(),
            faults,
            promises: promises.into_iter().map(WordsBody::from).collect(),
        }
    }
}

impl From<&Source> for SourceRow {
    fn from(source: &Source) -> SourceRow {
        let both = |[ko, en]: [&str; 2]| WordsBody { ko: ko.to_owned(), en: en.to_owned() };
        SourceRow {
            code: source.code,
            system: both(source.system),
            agency: both(source.agency),
            when: source.when,
            reported: both(source.reported),
        }
    }
}

impl From<Words> for WordsBody {
    fn from(Words { ko, en }: Words) -> WordsBody {
        WordsBody { ko, en }
    }
}
