//! Conditions on people: who they are, as the scenario drew them.

use crate::host::api::problem::Problem;
use crate::host::api::search::language::{Term, unknown, wrong};
use crate::sim::model::ids::{ChannelId, GroupId, PersonId, RegionId};
use crate::sim::model::person::{KakaoState, Person, PhoneState};
use crate::sim::plan::Plan;
use crate::sim::plan::population::Population;

/// The keys.
pub const KEYS: [&str; 7] = ["phone", "group", "region", "cohort", "kakao", "device", "friend"];

/// One condition on a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Is one of them.
    Phone(Vec<PersonId>),
    /// Is in one of these groups.
    Group(Vec<GroupId>),
    /// Lives in one of these regions.
    Region(Vec<RegionId>),
    /// Comes from one of these rows of `people:`.
    Cohort(Vec<u16>),
    /// Stands so with the messenger.
    Kakao(Vec<KakaoState>),
    /// Has such a phone.
    Device(Vec<PhoneState>),
    /// Was drawn as a friend of one of these channels.
    Friend(Vec<ChannelId>),
}

impl Condition {
    /// The condition of a term; `None` if its key is not about people.
    pub fn of(term: &Term, plan: &Plan, people: &Population) -> Result<Option<Condition>, Problem> {
        let places = |known: &[&str]| places(term, known);
        Ok(Some(match term.key {
            "phone" => Condition::Phone(each(term, |value| phone(people, value))?),
            "group" => Condition::Group(ids(places(&texts(&plan.groups))?, |place| GroupId(place as u8))),
            "region" => Condition::Region(ids(places(&texts(&plan.regions))?, |place| RegionId(place as u16))),
            "cohort" => {
                let known: Vec<&str> = plan.cohorts.iter().map(|cohort| cohort.key.as_str()).collect();
                Condition::Cohort(ids(places(&known)?, |place| place as u16))
            }
            "kakao" => {
                let known = KakaoState::ALL.map(|row| row.1);
                Condition::Kakao(ids(places(&known)?, |place| KakaoState::ALL[place].0))
            }
            "device" => {
                let known = PhoneState::ALL.map(|row| row.1);
                Condition::Device(ids(places(&known)?, |place| PhoneState::ALL[place].0))
            }
            "friend" => {
                let known: Vec<&str> = plan.channels.iter().map(|channel| channel.key.as_str()).collect();
                Condition::Friend(ids(places(&known)?, |place| ChannelId(place as u16)))
            }
            _ => return Ok(None),
        }))
    }

    /// Whether it holds.
    pub fn holds(&self, id: PersonId, who: &Person) -> bool {
        match self {
            Condition::Phone(any) => any.contains(&id),
            Condition::Group(any) => any.iter().any(|group| who.groups.has(*group)),
            Condition::Region(any) => who.region.is_some_and(|region| any.contains(&region)),
            Condition::Cohort(any) => any.contains(&who.cohort),
            Condition::Kakao(any) => any.contains(&who.kakao),
            Condition::Device(any) => any.contains(&who.phone),
            Condition::Friend(any) => any.iter().any(|channel| who.friends.has(*channel)),
        }
    }
}

/// The places of a term's values in a list of known words.
pub fn places(term: &Term, known: &[&str]) -> Result<Vec<usize>, Problem> {
    each(term, |value| {
        let place = known.iter().position(|word| *word == value.0);
        place.ok_or_else(|| unknown(term.key, value, known.iter().copied()))
    })
}

/// What each value of a term stands for.
pub fn each<T>(term: &Term, one: impl Fn(&(String, usize)) -> Result<T, Problem>) -> Result<Vec<T>, Problem> {
    term.values.iter().map(one).collect()
}

fn ids<T>(places: Vec<usize>, id: impl Fn(usize) -> T) -> Vec<T> {
    places.into_iter().map(id).collect()
}

fn texts(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

fn phone(people: &Population, (number, column): &(String, usize)) -> Result<PersonId, Problem> {
    let person = people.by_number(number);
    person.ok_or_else(|| wrong(*column, "expected the number of a person of this run".to_owned()))
}
