//! The debrief: what each role was shown at an instant, what everybody believed, and what was true. Worked out anew from
//! the run's events up to that instant, by the same functions that showed it then.
//!
//! A belief is held against what was true when it was written down, whichever instant is looked at: who said 30 % while
//! it was 30 % was right, however the run ended.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::host::class::books::Books;
use crate::host::class::figures::percent;
use crate::host::class::people::of_place;
use crate::host::class::problem::{self, Problem};
use crate::host::class::role::Role;
use crate::host::class::room::{Line, Member, Room};
use crate::host::class::{Class, EVENTS_AT_ONCE, view};
use crate::host::control::run::Run;
use crate::sim::time::SimTime;

/// How long somebody waits for a turn.
const TURN_WITHIN: Duration = Duration::from_secs(20);

impl Class {
    /// The debrief of the run that the class follows, as of that instant.
    pub async fn debrief(&self, at: SimTime) -> Result<Value, Problem> {
        let run = self.run().ok_or_else(|| Problem::new(problem::NO_RUN, "nothing has been played in this class"))?;
        // A whole class looks at the same moment: each waits for its turn.
        let busy = |_| Problem::new(problem::OVERLOADED, "other instants are being worked out");
        let turn = timeout(TURN_WITHIN, self.debriefs.acquire()).await.map_err(busy)?;
        let _permit = turn.expect("the semaphore is never closed");
        let at = at.min(run.status().at);
        let books = books_at(&run, at).await;
        let written = self.room(|room| Ok(written(room, at)))?;
        let truths = truths(&run, written).await;
        self.room(|room| {
            let complaints: Vec<Line> = room.complaints().iter().filter(|line| line.at <= at).cloned().collect();
            let sees = |role| view::sees(role, &run, &books, &complaints, None);
            let wrote = |member: &Member| wrote(member, room.rounds(), at, &run, &books, &truths);
            let roles = Role::ALL.map(|role| {
                let mine = room.members().iter().filter(|member| member.wish.role == role);
                json!({ "role": role.name(), "sees": sees(role), "wrote": mine.map(wrote).collect::<Vec<Value>>() })
            });
            Ok(json!({
                "run": run.id.to_string(), "at_us": at.micros(), "truth": view::truth(&books), "roles": roles,
                "asked_us": room.rounds().iter().map(|round| round.micros()).collect::<Vec<u64>>(),
                "clock": view::clock(&run, &run.status()), "turns": turns(&run),
            }))
        })
    }
}

/// When faults began and ended: instants worth looking at.
fn turns(run: &Run) -> Vec<Value> {
    let now = run.status().at;
    let rows = run.faults().into_iter().filter(|row| row.begins <= now);
    rows.take(20).map(|row| json!({ "name": row.name, "begins_us": row.begins.micros(), "ends_us": row.ends.map(SimTime::micros) })).collect()
}

async fn books_at(run: &Run, at: SimTime) -> Books {
    let mut books = Books::of(run);
    fill(&mut books, run, at).await;
    books
}

async fn fill(books: &mut Books, run: &Run, at: SimTime) {
    loop {
        let page = run.events(books.since(), EVENTS_AT_ONCE);
        if page.events.is_empty() || !books.take_until(&page, at) {
            break;
        }
        tokio::task::yield_now().await;
    }
    books.time_is(at);
}

/// When the beliefs were written down that are shown at an instant.
fn written(room: &Room, at: SimTime) -> Vec<SimTime> {
    room.members().iter().filter_map(|member| member.believed(room.rounds(), at)).map(|belief| belief.at).collect()
}

/// How many of a hundred had been reached at each of these instants; one pass over the run.
async fn truths(run: &Run, mut instants: Vec<SimTime>) -> BTreeMap<SimTime, Option<u8>> {
    instants.sort_unstable();
    instants.dedup();
    let (mut books, mut truths) = (Books::of(run), BTreeMap::new());
    for at in instants {
        fill(&mut books, run, at).await;
        truths.insert(at, percent(books.now.reached, books.now.notices));
    }
    truths
}

fn wrote(
    member: &Member,
    rounds: &[SimTime],
    at: SimTime,
    run: &Run,
    books: &Books,
    truths: &BTreeMap<SimTime, Option<u8>>,
) -> Value {
    let belief = member.believed(rounds, at);
    let person = of_place(&run.people, member.place).filter(|_| member.wish.role == Role::Citizen);
    let got = person.and_then(|person| books.got(person));
    json!({
        "nickname": member.wish.nickname.text(),
        "percent": belief.map(|belief| belief.percent),
        "words": belief.map(|belief| belief.words.as_str()),
        "wrote_us": belief.map(|belief| belief.at.micros()),
        "true_percent": belief.and_then(|belief| truths.get(&belief.at).copied().flatten()),
        "got": got.map(|(medium, when)| json!({ "medium": medium.name(), "at_us": when.micros() })),
    })
}
