//! Talk in the file: keys of the desk's rules (`channel`, `in`, `goto`, `takes`, `closed`), of channels (`hours`,
//! `forgets`) and of people (`says`).

use crate::sim::dice::{Share, Spread};
use crate::sim::model::ids::{ChannelId, KindId, StateId};
use crate::sim::plan::Plan;
use crate::sim::plan::service::talk::{Counter, Hours, Human, Saying, Turn};
use crate::sim::scenario::problem::{Issue, Problems};
use crate::sim::scenario::reader::{Fields, check_name, items, not_a, one_or_many, reference, text, unknown};
use crate::sim::scenario::service::terms;
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::yaml::Node;

pub(in crate::sim::scenario) const CHANNEL: Row =
    Row("channel", Shape::Text, "채널 / only what is said to this channel");
pub(in crate::sim::scenario) const IN: Row =
    Row("in", Shape::List(&Shape::Text), "대화 상태 / only in these states of the talk; `start` is none");
pub(in crate::sim::scenario) const GOTO: Row =
    Row("goto", Shape::Text, "다음 상태 / the state that the talk comes to; `end` is none");
pub(in crate::sim::scenario) const TAKES: Row =
    Row("takes", Shape::Spread, "상담원이 답하기까지 / somebody at the desk answers, so long after");
pub(in crate::sim::scenario) const CLOSED: Row =
    Row("closed", Shape::Text, "근무 시간 밖 자동 답장 / what the machine replies outside the hours");
pub(in crate::sim::scenario) const HOURS: Row =
    Row("hours", Shape::Text, "상담 시간 / when somebody works at the desk, like 09:00-18:00");
pub(in crate::sim::scenario) const FORGETS: Row =
    Row("forgets", Shape::Span, "대화 상태를 잊는 시간 / a talk that was silent for so long starts anew");
/// `says:`.
pub(in crate::sim::scenario) const SAYS: Shape = Shape::List(&Shape::Table(&SAYING));

const SAYING: Table = Table {
    name: "saying",
    needs: &["after", "say"],
    rows: &[
        Row("after", Shape::Text, "읽은 알림 / after reading this notice"),
        Row("say", Shape::Text, "하는 말 / what is said to its channel"),
        Row("share", Shape::Share, "비율 / share of readers; all of them when left out"),
        Row("wait", Shape::Spread, "읽고 말하기까지 / from reading to saying; as `press_after` when left out"),
    ],
};

const STATES_MAX: usize = 256;
const SAYINGS_MAX: usize = 256;
/// Words of the file for no state at all.
const START: &str = "start";
const END: &str = "end";

/// Makes the states that rules lead to, before any rule speaks of being in one.
pub(in crate::sim::scenario) fn states(rules: &[Node], plan: &mut Plan, problems: &mut Problems) {
    for node in rules.iter().filter_map(|rule| rule.get("goto")) {
        let Some(name) = node.text().filter(|name| !name.is_empty() && *name != END) else { continue };
        let states = &mut plan.services.talk.states;
        let fits = check_name(name, node.at, problems) && states.len() < STATES_MAX;
        if fits && !states.iter().any(|known| known == name) {
            states.push(name.to_owned());
        }
    }
}

/// The channel that a rule names.
pub(in crate::sim::scenario) fn channel(
    fields: &Fields<'_>,
    plan: &Plan,
    problems: &mut Problems,
) -> Option<ChannelId> {
    let known = plan.channels.iter().map(|channel| channel.key.as_str());
    let index = reference(("채널", "channel"), fields.get("channel", problems)?, known, problems)?;
    Some(ChannelId(index as u16))
}

/// What a talk adds to a rule, by its number in the file and the channel it speaks for, whose channel is named or not;
/// `says` tells that it answers words.
pub(in crate::sim::scenario) fn turn(
    fields: &Fields<'_>,
    named: Option<ChannelId>,
    says: bool,
    rule: (usize, ChannelId),
    plan: &mut Plan,
    problems: &mut Problems,
) -> Turn {
    let only_in = fields.get("in", problems).map_or_else(Vec::new, |node| {
        let names = one_or_many("in", node, STATES_MAX, problems);
        names.iter().filter_map(|name| state(name, START, plan, problems)).collect()
    });
    let goto = fields.get("goto", problems).and_then(|node| state(node, END, plan, problems));
    Turn { channel: named, only_in, goto, human: human(fields, says, rule, plan, problems) }
}

/// What a channel does about talks.
pub(in crate::sim::scenario) fn counter(fields: &Fields<'_>, problems: &mut Problems) -> Counter {
    let hours = fields.get("hours", problems).and_then(|node| {
        let hours = node.text().and_then(hours);
        if hours.is_none() {
            let issue = not_a("hours", ("근무 시간", "hours of the day"), node);
            problems.add(node.at, issue.expected("\"09:00-18:00\"", "\"09:00-18:00\""));
        }
        hours
    });
    Counter { hours, forgets: fields.leaf("forgets", problems) }
}

/// Reads `says:` of the row of people that is being read.
pub(in crate::sim::scenario) fn says(fields: &Fields<'_>, usual: &Spread, plan: &mut Plan, problems: &mut Problems) {
    let Some(node) = fields.get("says", problems) else { return };
    let cohort = plan.cohorts.len() as u16;
    for item in items("says", node, SAYINGS_MAX, problems) {
        let Some(fields) = Fields::of(item, "says", &SAYING, problems) else { continue };
        let after = fields.need("after", problems).and_then(|node| {
            let known: Vec<&str> = plan.kinds.iter().map(|kind| kind.key.as_str()).collect();
            reference(("알림", "notice"), node, known.iter().copied(), problems).map(|index| KindId(index as u16))
        });
        let said = fields.need("say", problems).and_then(|node| text("say", node, problems));
        let share = if fields.has("share") { fields.leaf("share", problems) } else { Some(Share::ALL) };
        let wait = if fields.has("wait") { fields.leaf("wait", problems) } else { Some(usual.clone()) };
        if let (Some(after), Some(said), Some(share), Some(wait)) = (after, said, share, wait) {
            plan.services.talk.says.push(Saying { cohort, after, text: said.to_owned(), share, wait });
        }
    }
}

/// A state by name; `none` is the word for no state.
fn state(node: &Node, none: &str, plan: &Plan, problems: &mut Problems) -> Option<Option<StateId>> {
    let name = text("goto", node, problems)?;
    if name == none {
        return Some(None);
    }
    let known = plan.services.talk.states.iter().map(String::as_str);
    let found = known.clone().position(|state| state == name);
    if found.is_none() {
        problems.add(node.at, unknown(("대화 상태", "state"), name, known.chain([none])));
    }
    found.map(|index| Some(StateId(index as u16)))
}

fn human(
    fields: &Fields<'_>,
    says: bool,
    rule: (usize, ChannelId),
    plan: &mut Plan,
    problems: &mut Problems,
) -> Option<Human> {
    if let (Some(entry), false) = (fields.entry("closed"), fields.has("takes")) {
        let issue = Issue::new("`closed`는 `takes`와 함께 씁니다", "`closed` goes with `takes` only");
        problems.add(entry.key_at, issue);
    }
    let takes = fields.leaf("takes", problems);
    if let (Some(entry), false) = (fields.entry("takes"), says) {
        let issue = Issue::new("`takes`는 say(...) 규칙에만 씁니다", "`takes` goes with say(...) only");
        problems.add(entry.key_at, issue);
    }
    let closed = terms::answer(fields, "closed", rule.0, rule.1, plan, problems);
    Some(Human { takes: takes?, closed })
}

/// `09:00-18:00`.
fn hours(written: &str) -> Option<Hours> {
    let (from, to) = written.split_once('-')?;
    Some(Hours { from_s: second(from.trim())?, to_s: second(to.trim())? })
}

fn second(written: &str) -> Option<u32> {
    let (hour, minute) = written.split_once(':')?;
    let two = |digits: &str| (digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse());
    let (hour, minute): (u32, u32) = (two(hour)?.ok()?, two(minute)?.ok()?);
    let fits = minute < 60 && hour * 60 + minute <= 24 * 60;
    fits.then_some((hour * 60 + minute) * 60)
}

#[cfg(test)]
mod tests {
    use super::hours;
    use crate::sim::plan::service::talk::Hours;

    #[test]
    fn hours_are_read_to_the_minute() {
        assert_eq!(hours("09:00-18:30"), Some(Hours { from_s: 32_400, to_s: 66_600 }));
        assert_eq!(hours("22:00 - 06:00"), Some(Hours { from_s: 79_200, to_s: 21_600 }));
        for wrong in ["", "9-18", "09:00", "09:60-10:00", "24:01-01:00", "+9:00-10:00", "09:00-18:00-19:00"] {
            assert_eq!(hours(wrong), None, "{wrong}");
        }
    }
}
