//! An outage pack by itself: read for its own sake, without a scenario to lay it over.
//!
//! The groups and regions that its faults name are the scenario's matter, so any name is taken here. Nothing is
//! changed by settings: they speak of scenarios.

use crate::sim::fault::Fault;
use crate::sim::model::words::Words;
use crate::sim::plan::Plan;
use crate::sim::scenario::dialable;
use crate::sim::scenario::include;
use crate::sim::scenario::lower;
use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::timeline;
use crate::sim::scenario::yaml::{self, Node, Value};
use crate::sim::scenario::{FILE_BYTES_MAX, Library};
use crate::sim::time::{SimTime, Span};

/// An outage pack that was read without a problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// Its name.
    pub name: String,
    /// Title for people.
    pub title: Words,
    /// What happened, in a few sentences; empty where the file does not tell.
    pub story: Words,
    /// When it really began: seconds since 1970 UTC, and the offset of local time from it.
    pub began: Option<(i64, i32)>,
    /// Where its figures come from.
    pub sources: Vec<String>,
    /// Its faults, those of packs inside it too; by itself it begins with the run.
    pub faults: Vec<Fault>,
}

/// Whether a text is an outage pack and not a scenario; `false` for what is no YAML at all.
pub fn is_pack(text: &[u8]) -> bool {
    let mut unheard = Problems::default();
    let taken = include::take("", text, FILE_BYTES_MAX, &mut unheard);
    let root = taken.and_then(|(source, text)| yaml::parse(source, 0, &text, &mut unheard));
    root.is_some_and(|root| root.get("pack").is_some() && root.get("scenario").is_none())
}

/// Reads an outage pack: all of it or all its problems.
pub fn read_pack(name: &str, text: &[u8], library: &dyn Library) -> Result<Pack, Problems> {
    let mut problems = Problems::default();
    let Some(root) = tree(name, text, library, &mut problems) else { return Err(problems) };
    let mut plan = lower::blank();
    name_places(&root, &mut plan);
    let pack = timeline::read_pack(&root, &plan, &[], (SimTime::ZERO, 1), &mut problems);
    done(pack, problems)
}

/// A pack that begins at an instant of a run that goes on, `times` as fast as it happened.
#[derive(Clone, Copy, Debug)]
pub struct Posting<'a> {
    /// The run's plan: groups and regions are its own.
    pub plan: &'a Plan,
    /// Names that the run's faults have already; a fault of the pack with such a name gets the pack's name before it.
    pub taken: &'a [String],
    /// When its first hour begins.
    pub at: SimTime,
    /// How many times faster.
    pub times: u32,
}

/// Reads an outage pack to be posted to a run: all of it or all its problems.
pub fn read_posting(name: &str, text: &[u8], library: &dyn Library, to: Posting<'_>) -> Result<Pack, Problems> {
    let mut problems = Problems::default();
    let Some(root) = tree(name, text, library, &mut problems) else { return Err(problems) };
    let pack = timeline::read_pack(&root, to.plan, to.taken, (to.at, u64::from(to.times.max(1))), &mut problems);
    done(pack, problems)
}

fn tree(name: &str, text: &[u8], library: &dyn Library, problems: &mut Problems) -> Option<Node> {
    let (source, text) = include::take(name, text, FILE_BYTES_MAX, problems)?;
    let mut root = yaml::parse(source, 0, &text, problems)?;
    dialable::check(&root, problems);
    include::inline_pack(&mut root, name, library, problems);
    Some(root)
}

fn done(pack: Option<Pack>, problems: Problems) -> Result<Pack, Problems> {
    match pack {
        Some(pack) if problems.is_empty() => Ok(pack),
        Some(_) | None => Err(problems.sorted()),
    }
}

impl Pack {
    /// How long it lasts, from its beginning until the last fault has ended and let go; a fault that somebody has to lift
    /// has no end.
    pub fn lasts(&self) -> Span {
        let over = |fault: &Fault| {
            let released = fault.kind.release().map(|release| fault.begins + release);
            fault.ends.unwrap_or(fault.begins).max(released.unwrap_or_default())
        };
        self.faults.iter().map(over).max().unwrap_or_default().since(SimTime::ZERO)
    }
}

/// Makes known whatever groups and regions the pack speaks of, as far as a plan has room for them.
fn name_places(node: &Node, plan: &mut Plan) {
    let faults = node.get("faults").or_else(|| node.get("outage")?.get("faults"));
    let Some(Value::List(faults)) = faults.map(|node| &node.value) else { return };
    for fault in faults {
        name_places(fault, plan);
        for (key, known) in [("groups", &mut plan.groups), ("regions", &mut plan.regions)] {
            let words = match fault.get(key).map(|node| &node.value) {
                Some(Value::List(items)) => items.iter().filter_map(Node::text).collect(),
                _one_or_none => Vec::from_iter(fault.get(key).and_then(Node::text)),
            };
            for word in words {
                if known.len() < PLACES_MAX && !known.iter().any(|one| one == word) {
                    known.push(word.to_owned());
                }
            }
        }
    }
}

/// Groups of a plan are bits of a number.
const PLACES_MAX: usize = 64;

/// What is said of a pack that does nothing.
pub(super) fn empty() -> Issue {
    Issue::new("꾸러미에 장애가 없습니다", "the pack has no fault")
}

#[cfg(test)]
mod tests {
    use super::{is_pack, read_pack};
    use crate::sim::model::words::{Lang, Words};
    use crate::sim::scenario::{Library, Loaded};
    use crate::sim::time::Span;

    struct Shelf(&'static [(&'static str, &'static str)]);

    impl Library for Shelf {
        fn load(&self, _from: &str, name: &str) -> Result<Loaded, Words> {
            let found = self.0.iter().find(|file| file.0 == name).ok_or_else(|| Words::same("not here"))?;
            Ok(Loaded { name: name.to_owned(), text: found.1.as_bytes().to_vec() })
        }
    }

    const INNER: &str = "pack: inner\nfaults:\n  - { at: 1h, fault: a, network: kakao, kind: loss, for: 2h }\n";

    fn problems(text: &str) -> String {
        let shelf = Shelf(&[("inner", INNER), ("self", "pack: self\nfaults: [{ at: 0s, outage: self }]\n")]);
        let read = read_pack("x.yaml", text.as_bytes(), &shelf);
        read.err().map_or_else(String::new, |problems| problems.render(Lang::En, false))
    }

    #[test]
    fn a_pack_is_told_from_a_scenario() {
        assert!(is_pack(b"pack: p\nfaults: []\n"));
        assert!(!is_pack(b"scenario: s\npack: p\n"));
        assert!(!is_pack(b"pack: [\n"));
        assert!(!is_pack(b"\xff"));
    }

    #[test]
    fn a_pack_stands_by_itself_with_the_packs_inside_it() {
        let text = "pack: outer\ntitle: { ko: 밖, en: outside }\nsources: [somebody]\nfaults:\n\
                    \x20 - { at: 0s, fault: b, network: mobile, kind: freeze, groups: [senior], regions: 부산, for: 1m }\n\
                    \x20 - { at: 30m, outage: inner, speed: x2 }\n";
        let pack = read_pack("x.yaml", text.as_bytes(), &Shelf(&[("inner", INNER)])).expect("well");
        assert_eq!(
            (pack.name.as_str(), pack.title.en.as_str(), pack.sources),
            ("outer", "outside", vec!["somebody".into()])
        );
        assert_eq!(pack.faults.iter().map(|fault| fault.name.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(pack.faults[1].ends.map(|at| at.micros()), Some(Span::from_secs(2 * 3_600).micros()));
        assert_eq!(pack.faults[0].scope.groups.0, 1);
    }

    const THREE: &str = "\
error: unknown key `fault`
 --> x.yaml:2:1
  |
2 | fault: []
  | ^^^^^ expected one of pack, title, story, sources, began, faults
  |
  = help: did you mean `faults`?

error: `network` does not know this word
 --> x.yaml:4:34
  |
4 |   - { at: 0s, fault: a, network: kakoa, kind: down, for: 1m }
  |                                  ^^^^^ expected one of kakao, mobile, mail, app, post, cell, pay, found `kakoa`
  |
  = help: did you mean `kakao`?

error: `rises` is missing
 --> x.yaml:5:5
  |
5 |   - { at: 0s, fault: b, network: kakao, kind: creep, code: 3006, for: 1m }
  |     ^

3 problems
";

    #[test]
    fn every_problem_of_a_pack_has_its_place() {
        let text = "pack: p\nfault: []\nfaults:\n  - { at: 0s, fault: a, network: kakoa, kind: down, for: 1m }\n  \
                    - { at: 0s, fault: b, network: kakao, kind: creep, code: 3006, for: 1m }\n";
        assert_eq!(problems(text), THREE);
        assert!(problems("pack: p\nfaults: []\n").contains("the pack has no fault"));
        assert!(problems("pack: p\nfaults: [{ at: 0s, outage: self }]\n").contains("a file includes itself"));
    }
}
