//! The audit: of every notice what the sender was told, how it heard so, and what was true; and the contradictions
//! that people ask for by name.
//!
//! Of each attempt the last word holds, and of a notice the best of its attempts: a text message that arrived outweighs
//! an alimtalk that failed. Unlike [`Belief`], "accepted" is a word of its own here, because that is what careless
//! senders take for delivery. A desk's replies are left out. Nothing here judges; a promise about any of it is a metric's
//! business.

use crate::sim::expect::record::{AttemptRecord, Belief, Mark};
use crate::sim::expect::view::View;
use crate::sim::expect::witness::life;
use crate::sim::model::event::Ear;
use crate::sim::model::ids::{NoticeId, PersonId};
use crate::sim::model::words::Words;
use crate::sim::time::SimTime;

/// Most examples of a contradiction.
pub const EXAMPLES_MAX: usize = 3;

/// What a sender was told last of a notice, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Told {
    /// Nothing: it never called, or no answer came.
    Nothing,
    /// Its own call was answered with a refusal.
    Refused,
    /// It was reported as failed.
    Failed,
    /// The platform has it, and said no more.
    Accepted,
    /// Nobody knows.
    Uncertain,
    /// Delivered, on the platform's own word.
    Delivered,
    /// The phone showed it.
    Shown,
    /// The person opened it.
    Opened,
}

/// What was true of a notice. Every notice is in exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Truth {
    /// No phone ever showed it.
    NotShown,
    /// Shown once, and not opened.
    ShownOnce,
    /// Shown once, and opened.
    Opened,
    /// Shown more than once, opened or not.
    ShownTwice,
}

/// The notices of which a sender was told the same by the same ear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it was told last.
    pub told: Told,
    /// How it heard that; absent if it heard nothing.
    pub ear: Option<Ear>,
    /// How many, by [`Truth`].
    pub truths: [u64; Truth::ALL.len()],
}

/// A way in which belief and truth, or money and truth, can disagree. A notice may be in several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Contradiction {
    /// Told delivered (or more), and it never showed.
    DeliveredNotShown,
    /// Told no more than "accepted", and it never showed.
    AcceptedNotShown,
    /// Told that it failed, or nothing, and it showed.
    FailedButShown,
    /// Shown more than once.
    ShownTwice,
    /// Billed, and never shown.
    PaidUnseen,
    /// A fallback showed, and nobody told the sender anything final of it.
    SilentFallback,
}

/// The notices of one contradiction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub what: Contradiction,
    /// How many notices.
    pub count: u64,
    /// What these notices cost in all, in hundredths of a won.
    pub cost: u64,
    /// The first few, to look at.
    pub examples: Vec<Example>,
}

/// A notice to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Which.
    pub notice: NoticeId,
    /// For whom.
    pub person: PersonId,
    /// When it came to be so: it showed (again), or what was told or billed was handed in.
    pub at: SimTime,
    /// Its life in one line.
    pub life: Words,
}

/// Belief against truth of a whole run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Rows that have notices, weakest belief first, then by ear.
    pub rows: Vec<Row>,
    /// Every contradiction, also those that nothing is in.
    pub found: Vec<Found>,
}

impl Told {
    /// All, weakest first, with their words.
    pub const ALL: [(Told, &'static str); 8] = [
        (Told::Nothing, "nothing"),
        (Told::Refused, "refused"),
        (Told::Failed, "failed"),
        (Told::Accepted, "accepted"),
        (Told::Uncertain, "uncertain"),
        (Told::Delivered, "delivered"),
        (Told::Shown, "shown"),
        (Told::Opened, "opened"),
    ];

    /// The word of reports.
    pub const fn name(self) -> &'static str {
        Told::ALL[self as usize].1
    }
}

impl Truth {
    /// All, with their words.
    pub const ALL: [(Truth, &'static str); 4] = [
        (Truth::NotShown, "not_shown"),
        (Truth::ShownOnce, "shown_once"),
        (Truth::Opened, "opened"),
        (Truth::ShownTwice, "shown_twice"),
    ];
}

impl Contradiction {
    /// All, with their words.
    pub const ALL: [(Contradiction, &'static str); 6] = [
        (Contradiction::DeliveredNotShown, "delivered_not_shown"),
        (Contradiction::AcceptedNotShown, "accepted_not_shown"),
        (Contradiction::FailedButShown, "failed_but_shown"),
        (Contradiction::ShownTwice, "shown_twice"),
        (Contradiction::PaidUnseen, "paid_unseen"),
        (Contradiction::SilentFallback, "silent_fallback"),
    ];

    /// The word of reports.
    pub const fn name(self) -> &'static str {
        Contradiction::ALL[self as usize].1
    }

    /// Whether a notice is in it, and since when.
    fn since(self, view: View<'_>, told: Told) -> Option<SimTime> {
        let never = view.shown_at().is_none();
        match self {
            Contradiction::DeliveredNotShown => {
                (told >= Told::Delivered && never).then(|| handed_in(view, |attempt| attempt.told().0 == told))
            }
            Contradiction::AcceptedNotShown => {
                (told == Told::Accepted && never).then(|| handed_in(view, |attempt| attempt.told().0 == told))
            }
            Contradiction::FailedButShown => view.shown_at().map(|shown| shown.0).filter(|_| told <= Told::Failed),
            Contradiction::ShownTwice => {
                let last = view.attempts().filter_map(|attempt| attempt.shown.time()).max();
                last.filter(|_| view.showings() > 1)
            }
            Contradiction::PaidUnseen => {
                (never && view.cost() > 0).then(|| handed_in(view, |attempt| attempt.cost > 0))
            }
            Contradiction::SilentFallback => view.silent_fallback(),
        }
    }
}

impl AttemptRecord {
    /// What the sender was told last of this attempt, and how it heard.
    pub(super) fn told(&self) -> (Told, Option<Ear>) {
        let told = match self.belief() {
            Belief::None if self.has(Mark::Accepted) => return (Told::Accepted, Some(Ear::Answer)),
            Belief::None => return (Told::Nothing, None),
            Belief::Failed if self.has(Mark::Refused) && self.heard.ear() == Ear::Answer => Told::Refused,
            Belief::Failed => Told::Failed,
            Belief::Uncertain => Told::Uncertain,
            Belief::Delivered => Told::Delivered,
            Belief::Shown => Told::Shown,
            Belief::Opened => Told::Opened,
        };
        (told, Some(self.heard.ear()))
    }
}

/// When the last attempt of that sort was handed in.
fn handed_in(view: View<'_>, sort: impl Fn(&AttemptRecord) -> bool) -> SimTime {
    let last = view.attempts().filter(|attempt| sort(attempt)).last();
    last.and_then(|attempt| attempt.submitted.time()).unwrap_or_else(|| view.created())
}

fn truth(view: View<'_>) -> Truth {
    match view.showings() {
        0 => Truth::NotShown,
        1 if view.notice.opened.is_never() => Truth::ShownOnce,
        1 => Truth::Opened,
        _more => Truth::ShownTwice,
    }
}

/// Adds notices up, one after the other.
#[derive(Debug)]
pub(super) struct Tally {
    /// By [`Told`], by ear (the last: none), by [`Truth`].
    counts: [[[u64; Truth::ALL.len()]; Ear::ALL.len() + 1]; Told::ALL.len()],
    found: [Found; Contradiction::ALL.len()],
}

impl Tally {
    pub(super) fn new() -> Tally {
        let found = Contradiction::ALL.map(|(what, _)| Found { what, count: 0, cost: 0, examples: Vec::new() });
        Tally { counts: Default::default(), found }
    }

    pub(super) fn add(&mut self, view: View<'_>) {
        let (told, ear) = view.told();
        let heard = ear.map_or(Ear::ALL.len(), |ear| ear as usize);
        self.counts[told as usize][heard][truth(view) as usize] += 1;
        for found in &mut self.found {
            let Some(at) = found.what.since(view, told) else { continue };
            found.count += 1;
            found.cost += view.cost();
            if found.examples.len() < EXAMPLES_MAX {
                found.examples.push(Example { notice: view.id, person: view.notice.person(), at, life: life(view) });
            }
        }
    }

    pub(super) fn done(self) -> Audit {
        let mut rows = Vec::new();
        for ((told, _), by_ear) in Told::ALL.into_iter().zip(self.counts) {
            for (ear, truths) in by_ear.into_iter().enumerate() {
                if truths != [0; Truth::ALL.len()] {
                    rows.push(Row { told, ear: Ear::ALL.get(ear).copied(), truths });
                }
            }
        }
        Audit { rows, found: self.found.into() }
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::audit::{Audit, Contradiction, Row, Told, Truth};
    use crate::sim::expect::script::verdict;
    use crate::sim::model::event::Ear;
    use crate::sim::time::{SimTime, Span};

    fn audit(script: &str) -> Audit {
        verdict(&format!("{script}\n50m end stop"), &[]).figures.audit
    }

    /// What one notice is: told, ear, truth, and the contradictions that it is in.
    fn one(script: &str) -> (Told, Option<Ear>, Truth, Vec<&'static str>) {
        let audit = audit(&format!("0s created n0 p0\n{script}"));
        let [Row { told, ear, truths }] = audit.rows.as_slice() else { panic!("{:?}", audit.rows) };
        let place = truths.iter().position(|count| *count == 1).expect("one notice");
        let found = audit.found.iter().filter(|found| found.count > 0);
        (*told, *ear, Truth::ALL[place].0, found.map(|found| found.what.name()).collect())
    }

    const HANDED_IN: &str = "0s submitted n0/0 alimtalk\n0s accepted n0/0";

    #[test]
    fn what_is_true_to_what_was_told_is_no_contradiction() {
        let told =
            one(&format!("{HANDED_IN}\n1s charged n0/0 800\n1s shown n0/0\n2s reported n0/0 shown\n9s opened n0/0"));
        assert_eq!(told, (Told::Shown, Some(Ear::Webhook), Truth::Opened, vec![]));
        let told = one("0s submitted n0/0 alimtalk\n0s refused n0/0 3018");
        assert_eq!(told, (Told::Refused, Some(Ear::Answer), Truth::NotShown, vec![]));
        let told = one("0s submitted n0/0 alimtalk\n0s denied n0/0 1042");
        assert_eq!(told, (Told::Refused, Some(Ear::Answer), Truth::NotShown, vec![]));
        let told = one("0s submitted n0/0 alimtalk\n0s denied n0/0 1042\n5s submitted n0/1 alimtalk\n5s accepted n0/1");
        assert_eq!(told.0, Told::Accepted, "a corrected call outweighs it");
        assert_eq!(one(""), (Told::Nothing, None, Truth::NotShown, vec![]));
        let told = one(&format!("{HANDED_IN}\n60s reported n0/0 uncertain poll"));
        assert_eq!(told, (Told::Uncertain, Some(Ear::Poll), Truth::NotShown, vec![]));
    }

    #[test]
    fn accepted_is_not_delivered() {
        let told = one(HANDED_IN);
        assert_eq!(told, (Told::Accepted, Some(Ear::Answer), Truth::NotShown, vec!["accepted_not_shown"]));
        let told = one(&format!("{HANDED_IN}\n1s shown n0/0"));
        assert_eq!(told, (Told::Accepted, Some(Ear::Answer), Truth::ShownOnce, vec![]));
    }

    #[test]
    fn told_delivered_and_paid_for_what_nobody_saw() {
        let told = one(&format!("{HANDED_IN}\n1s charged n0/0 800\n1s reported n0/0 delivered answer"));
        let names = vec!["delivered_not_shown", "paid_unseen"];
        assert_eq!(told, (Told::Delivered, Some(Ear::Answer), Truth::NotShown, names));
    }

    #[test]
    fn told_failed_or_nothing_of_what_showed() {
        let told = one("0s submitted n0/0 alimtalk\n5s unanswered n0/0\n6s shown n0/0");
        assert_eq!(told, (Told::Nothing, None, Truth::ShownOnce, vec!["failed_but_shown"]));
        let told = one(&format!("{HANDED_IN}\n1s shown n0/0\n9s reported n0/0 failed webhook"));
        assert_eq!(told, (Told::Failed, Some(Ear::Webhook), Truth::ShownOnce, vec!["failed_but_shown"]));
    }

    #[test]
    fn twice_by_a_copy_or_by_a_fallback() {
        let told = one(&format!("{HANDED_IN}\n1s shown n0/0\n2s shown n0/0\n2s reported n0/0 shown"));
        assert_eq!(told, (Told::Shown, Some(Ear::Webhook), Truth::ShownTwice, vec!["shown_twice"]));
        let fallback = "60s fellback n0 alimtalk lms no_receipt\n60s submitted n0/1 lms\n60s accepted n0/1";
        let told = one(&format!("{HANDED_IN}\n{fallback}\n64s shown n0/1\n70s shown n0/0"));
        assert_eq!(told.2, Truth::ShownTwice);
        assert_eq!(told.3, ["shown_twice", "silent_fallback"]);
    }

    #[test]
    fn a_fallback_of_which_nobody_tells_is_silent() {
        let fallback = "60s fellback n0 alimtalk lms failed\n60s submitted n0/1 lms\n60s accepted n0/1";
        let told = one(&format!("{HANDED_IN}\n50s reported n0/0 failed\n{fallback}\n64s shown n0/1"));
        let best = (Told::Accepted, Some(Ear::Answer), Truth::ShownOnce, vec!["silent_fallback"]);
        assert_eq!(told, best, "the text message's acceptance outweighs the alimtalk's failure");
    }

    #[test]
    fn money_people_and_instants_stand_beside_the_count() {
        let lives = (0..5).map(|n| {
            format!(
                "{n}s created n{n} p{n}\n{n}s submitted n{n}/0 alimtalk\n{n}s accepted n{n}/0\n{n}s charged n{n}/0 800"
            )
        });
        let audit = audit(&lives.collect::<Vec<_>>().join("\n"));
        let found = &audit.found[Contradiction::PaidUnseen as usize];
        assert_eq!((found.what.name(), found.count, found.cost), ("paid_unseen", 5, 4_000));
        let seen: Vec<(u32, u32, SimTime)> =
            found.examples.iter().map(|row| (row.notice.0, row.person.0, row.at)).collect();
        let at = |secs| SimTime::ZERO + Span::from_secs(secs);
        assert_eq!(seen, [(0, 0, at(0)), (1, 1, at(1)), (2, 2, at(2))], "three to look at");
        assert!(found.examples[0].life.en.contains("accepted, never shown"), "{:?}", found.examples[0]);
        assert_eq!(audit.rows.len(), 1);
        assert_eq!(audit.rows[0].truths.iter().sum::<u64>(), 5);
    }

    #[test]
    fn words_stand_where_their_numbers_say() {
        assert!(Told::ALL.iter().enumerate().all(|(place, row)| row.0 as usize == place));
        assert!(Truth::ALL.iter().enumerate().all(|(place, row)| row.0 as usize == place));
        assert!(Contradiction::ALL.iter().enumerate().all(|(place, row)| row.0 as usize == place));
        assert!(Ear::ALL.iter().enumerate().all(|(place, ear)| *ear as usize == place));
    }
}
