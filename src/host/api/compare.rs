//! `GET /v1/compare?runs=r1,r2`: what changed from one run to another, as `bongsu report --baseline` tells it: verdict,
//! promises and figures, each with whether it went better or worse.

use std::io::Read as _;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

use crate::host::api::problem::{Kind, Problem, cut};
use crate::host::api::{Api, body};
use crate::host::control::run::RunId;
use crate::report::baseline::{Comparison, FIGURES, FigureUnit, PromiseChange, Promised, Summary, Way, compare, read};
use crate::sim::model::words::Words;

/// Longest verdict that is compared, in bytes.
const VERDICT_MAX: u64 = 64 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    runs: String,
}

/// Two runs side by side.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ComparedBody {
    before: SideBody,
    after: SideBody,
    /// Whether scenario and seed are the same, so that only settings and build can differ.
    alike: bool,
    /// Whether the verdict is worse, or a promise that was kept is not.
    worse: bool,
    /// Which way the verdict went: `same`, `other`, `better` or `worse`.
    verdict: &'static str,
    figures: Vec<FigureBody>,
    promises: Vec<PromiseBody>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SideBody {
    run: String,
    scenario: String,
    seed: u64,
    build: String,
    verdict: String,
    notices: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FigureBody {
    figure: &'static str,
    name: BothBody,
    /// `notices` (also a share of all), `count`, `us` or `won_cents`.
    unit: &'static str,
    way: &'static str,
    /// Null: never.
    before: Option<u64>,
    after: Option<u64>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct PromiseBody {
    strength: String,
    expression: String,
    why: BothBody,
    way: &'static str,
    /// Null where the run had no such promise.
    before: Option<KeptBody>,
    after: Option<KeptBody>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct KeptBody {
    kept: bool,
    reason: BothBody,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BothBody {
    ko: String,
    en: String,
}

/// The handler.
pub async fn two(State(api): State<Arc<Api>>, request: Request) -> Result<Json<ComparedBody>, Problem> {
    let Asked { runs } = body::query(&request)?;
    let expected = || {
        let detail = format!("runs: expected two runs like r1,r2, found '{}'", cut(&runs));
        Problem::new(Kind::InvalidQuery, detail)
    };
    let [before, after] = *runs.split(',').collect::<Vec<&str>>() else { return Err(expected()) };
    let ids = [before, after].map(RunId::parse);
    let [Some(before), Some(after)] = ids else { return Err(expected()) };
    let sides = [summary(&api, before).await?, summary(&api, after).await?];
    let [old, new] = sides;
    if old.scenario != new.scenario {
        let detail = format!("runs of one scenario, expected '{}', found '{}'", cut(&old.scenario), cut(&new.scenario));
        return Err(Problem::new(Kind::NotComparable, detail));
    }
    Ok(Json(told(&compare(old, new), before, after)))
}

async fn summary(api: &Api, id: RunId) -> Result<Summary, Problem> {
    let document = document(api, id).await?;
    read::summary(document.as_bytes()).map_err(|why| Problem::new(Kind::NotComparable, format!("{id}: {why}")))
}

/// The verdict of a run that is over, from memory or from its folder.
async fn document(api: &Api, id: RunId) -> Result<String, Problem> {
    if let Some(run) = api.runs.get(id) {
        let not_ended = || Problem::new(Kind::NotEnded, format!("run {id} is at {}", run.status().at));
        return run.outcome().map(|outcome| outcome.document.clone()).ok_or_else(not_ended);
    }
    let files = api.stage.files(id).await?;
    let unknown = || Problem::new(Kind::UnknownRun, format!("no run is called '{id}'"));
    let file = files.ok_or_else(unknown)?.into_iter().find(|file| file.name == "verdict.json");
    let file = file.ok_or_else(|| Problem::new(Kind::NotComparable, format!("{id} has no verdict")))?;
    let work = spawn_blocking(move || {
        let mut text = String::new();
        file.file.take(VERDICT_MAX).read_to_string(&mut text).map(|_| text)
    });
    let failed = |why: String| Problem::new(Kind::Failed, format!("verdict.json of {id}: {why}"));
    work.await.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))
}

fn told(comparison: &Comparison, before: RunId, after: RunId) -> ComparedBody {
    let figures = FIGURES.iter().zip(&comparison.figures).enumerate().map(|(place, (figure, way))| FigureBody {
        figure: figure.key,
        name: BothBody { ko: figure.names.0.to_owned(), en: figure.names.1.to_owned() },
        unit: unit(figure.unit),
        way: word(*way),
        before: comparison.before.figures.get(place).copied().flatten(),
        after: comparison.after.figures.get(place).copied().flatten(),
    });
    ComparedBody {
        before: side(&comparison.before, before),
        after: side(&comparison.after, after),
        alike: comparison.is_like(),
        worse: comparison.is_worse(),
        verdict: word(comparison.verdict),
        figures: figures.collect(),
        promises: comparison.promises.iter().filter_map(promise).collect(),
    }
}

fn side(of: &Summary, run: RunId) -> SideBody {
    let Summary { scenario, seed, build, verdict, notices, .. } = of.clone();
    SideBody { run: run.to_string(), scenario, seed, build, verdict, notices }
}

fn promise(change: &PromiseChange) -> Option<PromiseBody> {
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    let one: &Promised = after.or(before)?;
    let kept = |promised: &Promised| KeptBody { kept: promised.kept, reason: both(&promised.reason) };
    Some(PromiseBody {
        strength: one.strength.clone(),
        expression: one.expression.clone(),
        why: both(&one.why),
        way: word(change.way),
        before: before.map(kept),
        after: after.map(kept),
    })
}

fn both(words: &Words) -> BothBody {
    BothBody { ko: words.ko.clone(), en: words.en.clone() }
}

const fn unit(unit: FigureUnit) -> &'static str {
    match unit {
        FigureUnit::Notices => "notices",
        FigureUnit::Count => "count",
        FigureUnit::Time => "us",
        FigureUnit::Won => "won_cents",
    }
}

const fn word(way: Way) -> &'static str {
    match way {
        Way::Same => "same",
        Way::Other => "other",
        Way::Better => "better",
        Way::Worse => "worse",
    }
}
