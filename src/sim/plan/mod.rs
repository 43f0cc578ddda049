//! The plan: a scenario that has been read, resolved and checked. A `Plan` cannot be wrong.
//!
//! Everything here is indexed and flat, because the engine looks things up a million times a second: names stand in
//! tables, and ids point into them. The plan does not hold expectations (`sim::expect` does), nor anything of YAML.

use crate::sim::dice::{Seed, Share, Spread};
use crate::sim::fault::Fault;
use crate::sim::medium::MediumRules;
use crate::sim::model::ids::{ButtonId, ChannelId, CounterId, GroupId, KindId, PersonId, RegionId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::person::{Friends, Groups, KakaoState, Person, PhoneState};
use crate::sim::model::words::Words;
use crate::sim::network::NetworkRules;
use crate::sim::time::{SimTime, Span};

pub mod message;
pub mod numbers;
pub mod population;
pub mod magic;
pub mod traits;
pub mod render;
pub mod check;
pub mod contacts;
pub mod households;
pub mod service;
#[cfg(test)]
pub mod sample;

use contacts::Acquaintance;
use households::Households;
use magic::Magic;
use message::Kind;
use service::Services;
use service::terms::Terms;
use traits::Traits;

/// A whole scenario, ready to be stepped.
#[derive(Clone, Debug)]
pub struct Plan {
    /// `scenario:`, the name used in lists and folders.
    pub name: String,
    /// Title for people.
    pub title: Words,
    /// What a class does with it, if it is a lesson.
    pub lesson: Option<Lesson>,
    /// Rows of the source articles that this replays (`S11`).
    pub sources: Vec<String>,
    /// The seed of all luck.
    pub seed: Seed,
    /// When the run starts in the world's calendar, and when it stops.
    pub clock: Clock,
    /// The agencies' channels.
    pub channels: Vec<Channel>,
    /// Names of groups, by `GroupId`.
    pub groups: Vec<String>,
    /// Names of regions, by `RegionId`.
    pub regions: Vec<String>,
    /// Who there is. Cohorts are laid end to end: the first person of a cohort follows the last of the one before.
    pub cohorts: Vec<Cohort>,
    /// The magic people, who are the last cohort; `None` for a plan that was not made from a file.
    pub magic: Option<Magic>,
    /// What each medium does in this run, by `Medium::index`.
    pub media: [MediumRules; Medium::COUNT],
    /// What each network does in this run, by `Network::index`.
    pub networks: [NetworkRules; Network::COUNT],
    /// Kinds of notices.
    pub kinds: Vec<Kind>,
    /// Names of buttons, by `ButtonId`; one name means one button wherever it stands.
    pub buttons: Vec<String>,
    /// `send:` lines, in order of time.
    pub sends: Vec<Send>,
    /// Faults of the timeline and of its outage packs, in order of time.
    pub faults: Vec<Fault>,
    /// The desk's rules, in order of trial.
    pub desk: Vec<DeskRule>,
    /// Names of the desk's counters, by `CounterId`.
    pub counters: Vec<String>,
    /// What the channels offer beside messages.
    pub services: Services,
    /// Who sends, and by which policy.
    pub sender: Sender,
}

/// A lesson 수업: a question, what to predict before the run, and what the run shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The question.
    pub question: Words,
    /// What everybody writes down before the run.
    pub predict: Words,
    /// What the run shows.
    pub answer: Words,
}

/// The run's place in the world's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Start of the run, in seconds since 1970 UTC.
    pub start_unix_s: i64,
    /// Offset of local time from UTC in seconds; Korea: 32,400.
    pub offset_s: i32,
    /// When the run stops.
    pub stop: SimTime,
}

/// An agency's channel 채널.
#[derive(Clone, Debug)]
pub struct Channel {
    /// The key in the file.
    pub key: String,
    /// Name for people.
    pub name: Words,
    /// Search id, with its `@`.
    pub search_id: String,
}

/// A row of `people:`: many people alike, or people listed by name.
#[derive(Clone, Debug)]
pub struct Cohort {
    /// The key in the file.
    pub key: String,
    /// The first person.
    pub first: PersonId,
    /// How many.
    pub count: u32,
    /// Shares of the four Kakao states, in the order of `KakaoState::ALL`; they add up to the whole.
    pub kakao: [Share; 4],
    /// Share of people whose phone is dark.
    pub dark: Share,
    /// Friends of channels.
    pub friends: Vec<(ChannelId, Share)>,
    /// Members of groups.
    pub groups: Vec<(GroupId, Share)>,
    /// Bands of age, groups of which everybody is in one; shares that add up to the whole, or none.
    pub ages: Vec<(GroupId, Share)>,
    /// Where people live, in shares that add up to the whole; empty if the file does not say.
    pub regions: Vec<(RegionId, Share)>,
    /// Listed people, one row each; empty when people are drawn by the shares above.
    pub listed: Vec<Listed>,
    /// How many people they know.
    pub contacts: Acquaintance,
    /// Who lives together.
    pub households: Households,
    /// How these people read and answer.
    pub habits: Habits,
    /// What matters only to some services.
    pub traits: Traits,
    /// Habits and traits of each person, where those of a row differ; empty when they are alike.
    pub own: Vec<(Habits, Traits)>,
}

/// A person from a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Name.
    pub name: String,
    /// Kakao state.
    pub kakao: KakaoState,
    /// Phone state.
    pub phone: PhoneState,
    /// Groups.
    pub groups: Groups,
    /// Channels.
    pub friends: Friends,
    /// Region.
    pub region: Option<RegionId>,
    /// Who of the list lives together: those of the same number above 0.
    pub household: u32,
}

/// What people do after a message shows.
#[derive(Clone, Debug)]
pub struct Habits {
    /// From showing to reading.
    pub reads_after: Spread,
    /// Share of notices that are never read.
    pub never: Share,
    /// For each button, the share of readers who press it. The first whose roll succeeds is pressed, no other.
    pub presses: Vec<(ButtonId, Share)>,
    /// Share of readers who press a message's first button, of those who press none of the above.
    pub presses_any: Share,
    /// From reading to pressing.
    pub press_after: Spread,
}

/// A `send:` line.
#[derive(Clone, Debug)]
pub struct Send {
    /// What.
    pub kind: KindId,
    /// When it begins.
    pub at: SimTime,
    /// To whom.
    pub to: Audience,
    /// How it is paced.
    pub pace: Pace,
}

/// To whom a line sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    /// The first person of the range looked at.
    pub first: PersonId,
    /// How many people the range has.
    pub count: u32,
    /// Only members of one of these groups, if any are named.
    pub groups: Groups,
    /// Only friends of this channel, if named.
    pub friends_of: Option<ChannelId>,
    /// Only people of these regions, if any are named.
    pub regions: Vec<RegionId>,
    /// Only people who stand in these regions when the line begins, wherever they live, if any are named.
    pub standing_in: Vec<RegionId>,
}

/// How a line's notices follow each other.
#[derive(Clone, Debug, PartialEq)]
pub enum Pace {
    /// Evenly, the last one just before the span is over.
    Over(Span),
    /// Down a telephone tree: everybody who was reached calls the next `fanout` people, one after the other.
    Chain {
        /// Calls a person makes.
        fanout: u32,
        /// How long one call takes, to the next one.
        call: Spread,
    },
}

/// A rule of a desk 창구.
#[derive(Clone, Debug)]
pub struct DeskRule {
    /// What sets it off.
    pub when: Trigger,
    /// Only answers to this kind of notice, if named.
    pub from: Option<KindId>,
    /// Counts a person only once, however often they press.
    pub once: bool,
    /// The counter that goes up.
    pub count: Option<CounterId>,
    /// The reply, a notice of its own.
    pub reply: Option<KindId>,
    /// Whom it serves with what, and what it says to everybody else.
    pub terms: Terms,
}

/// What sets a rule of the desk off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// A button.
    Press(ButtonId),
    /// A word inside what a person writes; empty: whatever is written.
    Say(String),
    /// Somebody becomes a friend of the channel.
    Follow(ChannelId),
    /// Somebody leaves the channel, or blocks it.
    Leave(ChannelId),
    /// The counter has counted so often; once.
    Reaches(CounterId, u32),
}

/// Who sends.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The timeline itself, or an application outside.
    pub drive: SenderDrive,
    /// How the built-in sender decides to go to the next leg.
    pub policy: Policy,
    /// How long the built-in sender waits for an answer to a call.
    pub patience: Span,
    /// How often the built-in sender repeats a call that was refused as platform trouble, or brought no answer.
    pub retries: u8,
    /// Pause before the first retry; doubled each time, with jitter.
    pub backoff: Span,
    /// Whether the platform recognises a repeated attempt id and does not send it twice.
    pub idempotent: bool,
    /// The contract that an application outside speaks, like `solapi@4`, if the file says so.
    pub speaks: Option<String>,
    /// Where an application outside takes reports, if it takes them.
    pub receipts_to: Option<String>,
}

/// Who calls the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SenderDrive {
    /// The engine, by the plan's `send:` lines.
    Builtin,
    /// An application under test.
    External,
}

/// A built-in sender's rule for the next leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Never falls back.
    None,
    /// Falls back when told of a failure, as a vendor's alternative sending does.
    VendorOnly,
    /// Falls back on failure, and when the leg's time runs out. `Some` overrides the time of every leg.
    Timer(Option<Span>),
    /// Chooses the first medium by weights that move with errors and slowness, as GOV.UK Notify does.
    GovukWeights,
}

impl Plan {
    /// How many people there are, without those who stand by.
    pub fn people(&self) -> u32 {
        self.magic.filter(|magic| magic.standby).map_or_else(|| self.everyone(), |magic| magic.first.0)
    }

    /// How many people there are, with those who stand by.
    pub fn everyone(&self) -> u32 {
        self.cohorts.last().map_or(0, |last| last.first.0 + last.count)
    }

    /// The cohort of a person; `None` for an id beyond the population.
    pub fn cohort_of(&self, person: PersonId) -> Option<usize> {
        let after = self.cohorts.partition_point(|cohort| cohort.first <= person);
        let index = after.checked_sub(1)?;
        (person.0 - self.cohorts[index].first.0 < self.cohorts[index].count).then_some(index)
    }

    /// What a person does after a message shows; `None` for an id beyond the population.
    pub fn habits_of(&self, person: PersonId) -> Option<&Habits> {
        let cohort = &self.cohorts[self.cohort_of(person)?];
        Some(cohort.own_of(person).map_or(&cohort.habits, |own| &own.0))
    }

    /// What is true of a person and matters only to some services; `None` for an id beyond the population.
    pub fn traits_of(&self, person: PersonId) -> Option<&Traits> {
        let cohort = &self.cohorts[self.cohort_of(person)?];
        Some(cohort.own_of(person).map_or(&cohort.traits, |own| &own.1))
    }

    /// Kinds that answer somebody: replies of the desk and of the services. They are no notices of the agency's own.
    pub fn replies(&self) -> impl Iterator<Item = KindId> + '_ {
        let of_rules = self.desk.iter().flat_map(|rule| rule.reply.into_iter().chain(rule.terms.replies()));
        of_rules.chain(self.services.replies())
    }

    /// The rules of a medium in this run.
    pub fn medium(&self, medium: Medium) -> &MediumRules {
        &self.media[medium.index()]
    }
}

impl Cohort {
    /// People about whom nothing is said but how many there are.
    pub fn plain(key: &str, first: PersonId, count: u32) -> Cohort {
        Cohort {
            key: key.to_owned(),
            first,
            count,
            kakao: [Share::ALL, Share::NONE, Share::NONE, Share::NONE],
            dark: Share::NONE,
            friends: Vec::new(),
            groups: Vec::new(),
            ages: Vec::new(),
            regions: Vec::new(),
            listed: Vec::new(),
            contacts: Acquaintance::default(),
            households: Households::default(),
            habits: Habits {
                // Assumed: no source gives reading times of public notices; half within 20 minutes, nearly all in a day.
                reads_after: Spread::log_normal(Span::from_secs(1_200), Span::from_days(1))
                    .expect("20 m is under a day"),
                never: Share::NONE,
                presses: Vec::new(),
                presses_any: Share::NONE,
                // Assumed: time to find and press a button.
                press_after: Spread::Uniform(Span::from_secs(5), Span::from_secs(60)),
            },
            traits: Traits::default(),
            own: Vec::new(),
        }
    }

    fn own_of(&self, person: PersonId) -> Option<&(Habits, Traits)> {
        self.own.get(person.0.checked_sub(self.first.0)? as usize)
    }
}

impl Listed {
    /// Somebody about whom a list says nothing.
    pub fn plain() -> Listed {
        Listed {
            name: String::new(),
            kakao: KakaoState::Active,
            phone: PhoneState::Powered,
            groups: Groups::default(),
            friends: Friends::default(),
            region: None,
            household: 0,
        }
    }
}

impl Audience {
    /// Whether a person's groups and region are addressed.
    pub fn lives_in(&self, who: &Person) -> bool {
        (self.groups.0 == 0 || self.groups.0 & who.groups.0 != 0)
            && (self.regions.is_empty() || who.region.is_some_and(|region| self.regions.contains(&region)))
    }

    /// Whether a person of its range is addressed, by the friends there were when the run began.
    pub fn has(&self, who: &Person) -> bool {
        self.lives_in(who) && self.friends_of.is_none_or(|channel| who.friends.has(channel))
    }
}

impl Clock {
    /// Seconds since local midnight at an instant of the run.
    pub fn second_of_day(&self, at: SimTime) -> u32 {
        let local = self.start_unix_s + i64::from(self.offset_s) + (at.micros() / 1_000_000) as i64;
        local.rem_euclid(86_400) as u32
    }

    /// The instant itself on a working day, the same time of Monday on a weekend. Public holidays are not known.
    pub fn working_day(&self, at: SimTime) -> SimTime {
        let local = self.start_unix_s + i64::from(self.offset_s) + (at.micros() / 1_000_000) as i64;
        // Days since a Monday, of which 1970-01-01 was the Thursday after.
        match (local.div_euclid(86_400) + 3).rem_euclid(7) {
            5 => at + Span::from_days(2),
            6 => at + Span::from_days(1),
            _monday_to_friday => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;
    use crate::sim::time::{SimTime, Span};

    #[test]
    fn a_weekend_waits_for_monday() {
        // Friday, 2020-11-20, 23:00 in Korea.
        let clock = Clock { start_unix_s: 1_605_880_800, offset_s: 32_400, stop: SimTime::NEVER };
        let at = |hours| SimTime::ZERO + Span::from_hours(hours);
        let moved = [0, 1, 24, 25, 48, 49].map(|hours| clock.working_day(at(hours)));
        assert_eq!(moved, [0, 49, 72, 49, 72, 49].map(at));
    }
}
