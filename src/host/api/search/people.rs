//! `GET /v1/people` and `GET /v1/people/{phone}`: who there is, and what came to one of them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use schemars::JsonSchema;
use serde::Serialize;

use crate::host::api::body::{self, Name};
use crate::host::api::problem::{Kind, Problem, cut};
use crate::host::api::search::language::terms;
use crate::host::api::search::notices::{NoticeBody, of_person};
use crate::host::api::search::person::{Condition, KEYS};
use crate::host::api::search::{LOOKED_AT_MAX, SearchQuery};
use crate::host::api::{Api, runs};
use crate::host::control::run::Run;
use crate::sim::model::ids::{ChannelId, GroupId, PersonId};
use crate::sim::model::person::Person;

/// Most notices that come with a person; `GET /v1/notices?query=phone:…` has them all.
const NOTICES_MAX: usize = 100;

/// A page of people.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PeoplePage {
    run: String,
    /// In order of their numbers.
    people: Vec<PersonBody>,
    /// Ask with this cursor for the next page; null: that was all.
    next: Option<String>,
}

/// A person, as the scenario drew them. What phones changed since (friends, blocks) is not in it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PersonBody {
    phone: String,
    /// Of people who are listed by name.
    name: Option<String>,
    cohort: String,
    groups: Vec<String>,
    region: Option<String>,
    /// `active`, `inactive`, `blocked`, `none`.
    kakao: &'static str,
    /// `powered` or `dark`.
    device: &'static str,
    /// Channels.
    friends: Vec<String>,
    /// Of a magic person: which of the fixed fates.
    fate: Option<&'static str>,
}

/// A person and their notices.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PersonStory {
    run: String,
    person: PersonBody,
    /// The first hundred.
    notices: Vec<NoticeBody>,
    /// Whether there are more.
    more: bool,
}

/// `GET /v1/people?query=group:senior -kakao:active&limit=100&cursor=…&run=r1`.
pub async fn list(State(api): State<Arc<Api>>, request: Request) -> Result<Json<PeoplePage>, Problem> {
    let asked: SearchQuery = body::query(&request)?;
    let run = runs::find(&api, asked.run()).await?;
    let mut search: Vec<(bool, Condition)> = Vec::new();
    for term in terms(&asked.query, &KEYS)? {
        search.extend(Condition::of(&term, &run.plan, &run.people)?.map(|condition| (term.negated, condition)));
    }
    let (limit, mut place) = (asked.limit()?, asked.place(&run, "people")?);
    let (all, mut people, until) = (run.people.all(), Vec::new(), place + LOOKED_AT_MAX);
    while place < until.min(all.len()) && people.len() < limit {
        let id = PersonId(u32::try_from(place).unwrap_or(u32::MAX));
        if search.iter().all(|(negated, condition)| condition.holds(id, &all[place]) != *negated) {
            people.push(PersonBody::of(&run, id, &all[place]));
        }
        place += 1;
    }
    let next = (place < all.len()).then(|| asked.cursor(&run, "people", place));
    Ok(Json(PeoplePage { run: run.id.to_string(), people, next }))
}

/// `GET /v1/people/{phone}`: of the run that goes on, else of the last one.
pub async fn show(State(api): State<Arc<Api>>, Name(phone): Name) -> Result<Json<PersonStory>, Problem> {
    let run = runs::latest(&api)?;
    let found = run.people.by_number(&phone).and_then(|id| Some((id, *run.people.get(id)?)));
    let Some((id, who)) = found else {
        return Err(Problem::new(Kind::UnknownPerson, format!("nobody has the number '{}'", cut(&phone))));
    };
    let (notices, more) = of_person(&run, |row| row.person == id, NOTICES_MAX).await;
    Ok(Json(PersonStory { run: run.id.to_string(), person: PersonBody::of(&run, id, &who), notices, more }))
}

impl PersonBody {
    fn of(run: &Run, id: PersonId, who: &Person) -> PersonBody {
        let plan = &run.plan;
        let cohort = &plan.cohorts[usize::from(who.cohort)];
        let listed = cohort.listed.get((id.0 - cohort.first.0) as usize);
        let groups = (0..).zip(&plan.groups).filter(|(place, _)| who.groups.has(GroupId(*place)));
        let friends = (0..).zip(&plan.channels).filter(|(place, _)| who.friends.has(ChannelId(*place)));
        PersonBody {
            phone: run.people.numbers().number(id),
            name: listed.map(|listed| listed.name.clone()).filter(|name| !name.is_empty()),
            cohort: cohort.key.clone(),
            groups: groups.map(|(_, name)| name.clone()).collect(),
            region: who.region.and_then(|region| plan.regions.get(region.index()).cloned()),
            kakao: who.kakao.name(),
            device: who.phone.name(),
            friends: friends.map(|(_, channel)| channel.key.clone()).collect(),
            fate: plan.fate_of(id).map(|fate| fate.key),
        }
    }
}
