//! `GET /v1/runs/{id}/people/{phone}`: the biography of one person, from the events that are still kept: what was tried,
//! what the sender was told, what the phone showed. The whole of it is in the run's folder.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};
use tokio::task::yield_now;

use crate::host::api::live::subjects;
use crate::host::api::problem::{Kind, Problem, cut};
use crate::host::api::{Api, runs};
use crate::host::control::run::Run;
use crate::report::names::Names;
use crate::report::ndjson::write_event;
use crate::sim::model::event::{Event, EventKind};
use crate::sim::model::ids::{AttemptId, KindId, NoticeId, PersonId};
use crate::sim::model::medium::Medium;
use crate::sim::plan::render::{person_name, render, render_said};

/// Most events of a biography; those that came first are told.
const EVENTS_MAX: usize = 400;
/// Most messages whose words are told.
const MESSAGES_MAX: usize = 40;
/// Events read from the run at once, under its lock.
const EVENTS_AT_ONCE: usize = 16_384;

/// What was heard of a person.
#[derive(Default)]
struct Heard {
    notices: BTreeMap<NoticeId, KindId>,
    messages: Vec<Value>,
    events: Vec<Value>,
    missed: u64,
    more: bool,
}

/// `{"phone":…,"name":…,"missed":…,"more":…,"messages":[…],"events":[…]}`. `events` are lines of `events.ndjson`;
/// `messages` are the words of each attempt, as the phone would show them.
pub async fn story(
    State(api): State<Arc<Api>>,
    path: Result<Path<(String, String)>, axum::extract::rejection::PathRejection>,
) -> Result<Json<Value>, Problem> {
    let Path((id, phone)) = path.map_err(|error| Problem::new(Kind::InvalidRequest, error.body_text()))?;
    let run = runs::find(&api, &id).await?;
    let person = run.people.by_number(&phone);
    let unknown = || Problem::new(Kind::UnknownPerson, format!("nobody in this run has the number '{}'", cut(&phone)));
    let person = person.ok_or_else(unknown)?;
    let mut names = Names::of(&run.plan);
    run.faults().iter().filter(|fault| fault.posted).for_each(|fault| names.add_fault(&fault.name));
    let mut heard = Heard::default();
    let mut since = 0;
    loop {
        let page = run.events(since, EVENTS_AT_ONCE);
        heard.missed += page.missed;
        page.events.iter().for_each(|event| heard.take(event, person, &run, &names));
        since = page.first + page.events.len() as u64 - 1;
        if page.events.is_empty() || heard.more {
            break;
        }
        yield_now().await;
    }
    Ok(Json(json!({
        "phone": run.people.numbers().number(person), "name": person_name(&run.plan, person), "missed": heard.missed,
        "more": heard.more, "messages": heard.messages, "events": heard.events,
    })))
}

impl Heard {
    fn take(&mut self, event: &Event, person: PersonId, run: &Run, names: &Names) {
        let about = subjects::of(&event.kind);
        if about.person != Some(person) && !about.notice.is_some_and(|notice| self.notices.contains_key(&notice)) {
            return;
        }
        if self.events.len() == EVENTS_MAX {
            self.more = true;
            return;
        }
        match event.kind {
            EventKind::Created { notice, kind, .. } => drop(self.notices.insert(notice, kind)),
            EventKind::Submitted { attempt, medium, .. } if self.messages.len() < MESSAGES_MAX => {
                let words =
                    self.notices.get(&attempt.notice).and_then(|kind| words(run, *kind, attempt, medium, person));
                self.messages.extend(words.map(|words| json!({ "attempt": attempt.to_string(), "words": words })));
            }
            _has_no_words => {}
        }
        let mut line = Vec::new();
        write_event(&mut line, names, event);
        self.events.extend(serde_json::from_slice::<Value>(&line).ok());
    }
}

fn words(run: &Run, kind: KindId, attempt: AttemptId, medium: Medium, person: PersonId) -> Option<Value> {
    let shown = match run.words.of(attempt) {
        Some(said) => render_said(&run.plan, &run.people, kind, medium, person, (&said.title, &said.text))?,
        None => render(&run.plan, &run.people, kind, medium, person)?,
    };
    let buttons: Vec<&str> = shown.buttons.iter().map(|face| face.label).collect();
    Some(json!({ "title": shown.title, "text": shown.text, "buttons": buttons }))
}
