//! The debrief: what each role was shown at an instant, what everybody believed, and what was true. Worked out anew from
//! the run's events up to that instant, by the same functions that showed it then.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::host::class::books::Books;
use crate::host::class::people::of_place;
use crate::host::class::problem::{self, Problem};
use crate::host::class::role::Role;
use crate::host::class::room::{Line, Member};
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
        self.room(|room| {
            let complaints: Vec<Line> = room.complaints().iter().filter(|line| line.at <= at).cloned().collect();
            let roles = Role::ALL.map(|role| told(role, &run, &books, &complaints, room.members(), at));
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
    loop {
        let page = run.events(books.since(), EVENTS_AT_ONCE);
        if page.events.is_empty() || !books.take_until(&page, at) {
            break;
        }
        tokio::task::yield_now().await;
    }
    books.time_is(at);
    books
}

fn told(role: Role, run: &Run, books: &Books, complaints: &[Line], members: &[Member], at: SimTime) -> Value {
    let mine = members.iter().filter(|member| member.wish.role == role);
    let wrote = mine.map(|member| {
        let belief = member.believed(at);
        let person = of_place(&run.people, member.place).filter(|_| role == Role::Citizen);
        let got = person.and_then(|person| books.got(person));
        json!({
            "nickname": member.wish.nickname.text(),
            "percent": belief.map(|belief| belief.percent),
            "words": belief.map(|belief| belief.words.as_str()),
            "wrote_us": belief.map(|belief| belief.at.micros()),
            "got": got.map(|(medium, when)| json!({ "medium": medium.name(), "at_us": when.micros() })),
        })
    });
    json!({
        "role": role.name(),
        "sees": view::sees(role, run, books, complaints, None),
        "wrote": wrote.collect::<Vec<Value>>(),
    })
}
