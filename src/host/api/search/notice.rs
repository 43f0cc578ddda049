//! Conditions on notices: where they stand, by what they came, what touched them, and whose they are.

use crate::host::api::problem::Problem;
use crate::host::api::search::language::{Term, terms};
use crate::host::api::search::person::{self, places};
use crate::host::control::ledger::NoticeRow;
use crate::host::control::run::Run;
use crate::sim::model::event::Claim;
use crate::sim::model::ids::{FaultId, KindId};
use crate::sim::model::medium::Medium;
use crate::sim::plan::population::Population;
use crate::sim::time::SimTime;

/// The keys: those of notices, then those of their people.
pub const KEYS: [&str; 11] =
    ["state", "medium", "kind", "hit", "phone", "group", "region", "cohort", "kakao", "device", "friend"];

/// Where a notice can stand. A notice stands in several of these at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// The sender is not done with it.
    Waiting,
    /// The sender is done with it.
    Settled,
    /// A phone showed it.
    Reached,
    /// No phone has shown it.
    Unreached,
    /// Somebody opened it.
    Opened,
    /// It was shown more than once.
    Twice,
    /// The sender was told that it arrived.
    Believed,
}

/// One condition on a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Condition {
    Stand(Vec<Stand>),
    Medium(Vec<Medium>),
    Kind(Vec<KindId>),
    Hit(Vec<FaultId>),
    Person(person::Condition),
}

/// A search among notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search(Vec<(bool, Condition)>);

impl Stand {
    /// All of them, with their words.
    pub const ALL: [(Stand, &'static str); 7] = [
        (Stand::Waiting, "waiting"),
        (Stand::Settled, "settled"),
        (Stand::Reached, "reached"),
        (Stand::Unreached, "unreached"),
        (Stand::Opened, "opened"),
        (Stand::Twice, "twice"),
        (Stand::Believed, "believed"),
    ];

    fn holds(self, row: &NoticeRow) -> bool {
        match self {
            Stand::Waiting => row.outcome.is_none(),
            Stand::Settled => row.outcome.is_some(),
            Stand::Reached => row.shown != SimTime::NEVER,
            Stand::Unreached => row.shown == SimTime::NEVER,
            Stand::Opened => row.opened != SimTime::NEVER,
            Stand::Twice => row.showings > 1,
            Stand::Believed => row.claim.is_some_and(|claim| claim >= Claim::Delivered),
        }
    }
}

impl Search {
    /// The search that a query asks for.
    pub fn read(run: &Run, query: &str) -> Result<Search, Problem> {
        let terms = terms(query, &KEYS)?;
        terms.iter().map(|term| Ok((term.negated, condition(run, term)?))).collect::<Result<_, _>>().map(Search)
    }

    /// Whether a notice is found.
    pub fn finds(&self, people: &Population, row: &NoticeRow) -> bool {
        self.0.iter().all(|(negated, condition)| condition.holds(people, row) != *negated)
    }
}

impl Condition {
    fn holds(&self, people: &Population, row: &NoticeRow) -> bool {
        match self {
            Condition::Stand(any) => any.iter().any(|stand| stand.holds(row)),
            Condition::Medium(any) => row.media().any(|medium| any.contains(&medium)),
            Condition::Kind(any) => any.contains(&row.kind),
            Condition::Hit(any) => row.hits.iter().any(|fault| any.contains(fault)),
            Condition::Person(of) => people.get(row.person).is_some_and(|who| of.holds(row.person, who)),
        }
    }
}

fn condition(run: &Run, term: &Term) -> Result<Condition, Problem> {
    if let Some(of) = person::Condition::of(term, &run.plan, &run.people)? {
        return Ok(Condition::Person(of));
    }
    let found = |known: &[&str]| Ok::<_, Problem>(places(term, known)?.into_iter());
    Ok(match term.key {
        "state" => Condition::Stand(found(&Stand::ALL.map(|row| row.1))?.map(|place| Stand::ALL[place].0).collect()),
        "medium" => Condition::Medium(found(&Medium::ALL.map(Medium::name))?.map(|place| Medium::ALL[place]).collect()),
        "kind" => {
            let known: Vec<&str> = run.plan.kinds.iter().map(|kind| kind.key.as_str()).collect();
            Condition::Kind(found(&known)?.map(|place| KindId(place as u16)).collect())
        }
        // The last of the keys: `terms` lets no other through.
        _ => {
            let faults = run.faults();
            let known: Vec<&str> = faults.iter().map(|fault| fault.name.as_str()).collect();
            Condition::Hit(found(&known)?.map(|place| FaultId(place as u16)).collect())
        }
    })
}
