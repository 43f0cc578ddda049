//! Rendering: the words that one person gets, from a kind's texts and the person's variables.
//!
//! Pure and keyed: a person gets the same name and the same amount from a kind on every medium, in every run of the
//! seed, whatever else happens. So a bill and its fallback agree, and two runs with different faults can be compared
//! won by won. Keyed by person and kind, not by notice, because notices are numbered in the order of the run.
//!
//! Every message carries the mark 모의: `[모의] ` is put before a text whose own words do not say it already, as
//! carriers put `[Web발신]` before a text. The mark is the simulator's and not the sender's, so lengths are measured
//! without it ([`plain`]): a text that fits into 90 bytes in the world fits here.
//!
//! Deliberately not here: judging what was rendered (`plan::check`), encoding it for a socket.

use jiff::ToSpan;
use jiff::civil;

use crate::sim::dice::{Seed, Subject};
use crate::sim::medium::{ADVERT_MARK, Adverts, form};
use crate::sim::model::ids::{KindId, PersonId};
use crate::sim::model::medium::Medium;
use crate::sim::plan::message::{Button, Content, Kind, Part, Text, VarSource};
use crate::sim::plan::numbers::phone_number;
use crate::sim::plan::population::Population;
use crate::sim::plan::{Clock, Plan, traits};
use crate::sim::time::Span;

/// A message as a phone shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered<'p> {
    /// Title or subject; empty where there is none.
    pub title: String,
    /// The text, with the mark.
    pub text: String,
    /// In large type, as the phones of some groups show it.
    pub large: bool,
    /// The buttons, in order.
    pub buttons: Vec<Face<'p>>,
}

/// A button as a phone shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Face<'p> {
    /// Its name, for presses.
    pub name: &'p str,
    /// What is printed on it.
    pub label: &'p str,
    /// Its kind: `WL`, `AL`, `BK` ...
    pub kind: &'p str,
}

/// The mark of a simulated message.
pub const MARK: &str = "[모의] ";

/// The word that makes the mark unnecessary.
const MARK_WORD: &str = "모의";

/// What a person gets of a kind on a medium; `None` if there is no such kind or person, or the kind has nothing for
/// the medium.
pub fn render<'p>(
    plan: &'p Plan,
    people: &Population,
    kind: KindId,
    medium: Medium,
    person: PersonId,
) -> Option<Rendered<'p>> {
    let who = people.get(person)?;
    let row = plan.kinds.get(kind.index())?;
    let content = row.content_for(medium, who.groups)?;
    let large = row.for_groups(who.groups).is_some_and(|row| row.large.is_some());
    let (title, mut text) = plain(plan, people, kind, content, person);
    if let Some(long) = long_text(plan, kind, medium, person) {
        text = long;
    }
    let buttons = content.buttons.iter().map(|button| face(plan, button)).collect();
    Some(Rendered { title, text: marked(content, text), large, buttons })
}

/// What a person gets on a medium of words that an application outside handed in: the words, with the mark, and the
/// buttons that the kind has there. `None` if there is no such kind or person.
pub fn render_said<'p>(
    plan: &'p Plan,
    people: &Population,
    kind: KindId,
    medium: Medium,
    person: PersonId,
    (title, text): (&str, &str),
) -> Option<Rendered<'p>> {
    let groups = people.get(person)?.groups;
    let row = plan.kinds.get(kind.index())?;
    let content = row.content_for(medium, groups);
    let large = row.for_groups(groups).is_some_and(|row| row.large.is_some());
    let text = if text.contains(MARK_WORD) { text.to_owned() } else { format!("{MARK}{text}") };
    let buttons = content.into_iter().flat_map(|content| &content.buttons).map(|button| face(plan, button)).collect();
    Some(Rendered { title: title.to_owned(), text, large, buttons })
}

fn face<'p>(plan: &'p Plan, button: &'p Button) -> Face<'p> {
    let name = plan.buttons.get(button.id.index()).map_or("", String::as_str);
    Face { name, label: &button.label, kind: &button.kind }
}

/// What a newer phone shows of a cell broadcast instead of its short text.
fn long_text(plan: &Plan, kind: KindId, medium: Medium, person: PersonId) -> Option<String> {
    let alert = plan.services.alert(kind).filter(|alert| alert.medium == medium)?;
    let long = alert.long.as_ref().filter(|_| !traits::old_phone(plan, person))?;
    let parts = long.parts.iter().filter_map(|part| match part {
        Part::Fixed(piece) => Some(piece.as_str()),
        Part::Var(_) => None,
    });
    Some(parts.collect())
}

/// Title and text as the sender hands them in: variables filled, nothing added.
pub fn plain(plan: &Plan, people: &Population, kind: KindId, content: &Content, person: PersonId) -> (String, String) {
    let fill = |text: &Text| {
        let mut filled = String::new();
        for part in &text.parts {
            match part {
                Part::Fixed(piece) => filled.push_str(piece),
                Part::Var(place) => put_value(&mut filled, plan, people, kind, *place, person),
            }
        }
        filled
    };
    (fill(&content.title), fill(&content.text))
}

/// A person's name: the list's, or a synthetic one where it has none.
///
/// A synthetic name has its middle syllable masked (`김○수`), as public bodies print names: it reads like a real
/// message, has the length of a real name, and can name nobody.
pub fn person_name(plan: &Plan, person: PersonId) -> String {
    listed_name(plan, person).map_or_else(|| synthetic_name(plan.seed, person), str::to_owned)
}

/// The list's name of a person; a list may leave it out.
fn listed_name(plan: &Plan, person: PersonId) -> Option<&str> {
    let cohort = &plan.cohorts[plan.cohort_of(person)?];
    let listed = cohort.listed.get(person.index() - cohort.first.index())?;
    Some(listed.name.as_str()).filter(|name| !name.is_empty())
}

/// The value in won of the first amount among a kind's variables; 0 if it has none. A desk's counters sum it.
pub fn amount(plan: &Plan, kind: KindId, person: PersonId) -> u32 {
    let found = plan.kinds.get(kind.index()).and_then(Kind::won);
    match found {
        Some((place, low, high)) => won(plan.seed, kind, place, person, low, high),
        None => borrowed(plan, kind).map_or(0, |other| amount(plan, other, person)),
    }
}

/// The kind whose amount this one repeats, if it does. It stands before it, so no circle is possible.
fn borrowed(plan: &Plan, kind: KindId) -> Option<KindId> {
    let vars = &plan.kinds.get(kind.index())?.vars;
    vars.iter().find_map(|var| if let VarSource::AmountOf(other) = var.value { Some(other) } else { None })
}

/// Calls `visit` with values of a variable among which are its shortest and its longest one, and every one that could
/// have characters of its own.
pub fn extremes(plan: &Plan, source: &VarSource, visit: &mut dyn FnMut(&str)) {
    match source {
        VarSource::PersonName => {
            for cohort in &plan.cohorts {
                let named = cohort.listed.iter().filter(|row| !row.name.is_empty());
                named.clone().for_each(|row| visit(&row.name));
                if named.count() < cohort.count as usize {
                    visit(&synthetic_name(plan.seed, cohort.first));
                }
            }
        }
        VarSource::NameMasked => extremes(plan, &VarSource::PersonName, &mut |name| visit(&masked_name(name))),
        VarSource::PersonPhone => visit(&masked_phone(phone_number(PersonId(0)))),
        VarSource::PhoneWhole => visit(&phone_number(PersonId(0))),
        VarSource::PersonRegion => {
            visit("");
            plan.regions.iter().for_each(|name| visit(name));
        }
        VarSource::Won(low, high) => {
            visit(&commas(*low));
            visit(&commas(*high));
        }
        VarSource::AmountOf(other) => {
            if let Some((_, low, high)) = plan.kinds.get(other.index()).and_then(Kind::won) {
                extremes(plan, &VarSource::Won(low, high), visit);
            }
        }
        VarSource::Date(after) => visit(&date(&plan.clock, *after)),
        VarSource::Fixed(text) => visit(text),
    }
}

/// The text with the marks that a platform or this simulator adds, outermost first.
fn marked(content: &Content, text: String) -> String {
    let advert = form(content.medium).adverts == Adverts::Always && !text.starts_with(ADVERT_MARK);
    let says_so = |part: &Part| matches!(part, Part::Fixed(piece) if piece.contains(MARK_WORD));
    let simulated = !content.text.parts.iter().any(says_so);
    if !advert && !simulated {
        return text;
    }
    let gap = if advert { " " } else { "" };
    format!("{}{}{gap}{text}", if simulated { MARK } else { "" }, if advert { ADVERT_MARK } else { "" })
}

/// Appends a value. In place where it is short work: whoever sends to everybody pays for each.
fn put_value(out: &mut String, plan: &Plan, people: &Population, kind: KindId, place: u16, person: PersonId) {
    let vars = plan.kinds.get(kind.index()).map_or(&[][..], |row| &row.vars);
    match vars.get(usize::from(place)).map(|var| &var.value) {
        None => {}
        Some(VarSource::PersonName) => match listed_name(plan, person) {
            Some(name) => out.push_str(name),
            None => put_synthetic_name(out, plan.seed, person),
        },
        Some(VarSource::NameMasked) => out.push_str(&masked_name(&person_name(plan, person))),
        Some(VarSource::PersonPhone) => out.push_str(&masked_phone(people.numbers().number(person))),
        Some(VarSource::PhoneWhole) => out.push_str(&people.numbers().number(person)),
        Some(VarSource::PersonRegion) => {
            let region = people.get(person).and_then(|row| row.region);
            let name = region.and_then(|id| plan.regions.get(id.index()));
            out.push_str(name.map_or("", String::as_str));
        }
        Some(VarSource::Won(low, high)) => put_commas(out, won(plan.seed, kind, place, person, *low, *high)),
        Some(VarSource::AmountOf(other)) => put_commas(out, amount(plan, *other, person)),
        Some(VarSource::Date(after)) => put_date(out, &plan.clock, *after),
        Some(VarSource::Fixed(text)) => out.push_str(text),
    }
}

/// The twenty commonest family names of Korea (Statistics Korea, census of 2015).
const FAMILY: [&str; 20] = [
    "김", "이", "박", "최", "정", "강", "조", "윤", "장", "임", "한", "오", "서", "신", "권", "황", "안", "송", "전",
    "홍",
];

/// Last syllables that many given names end in.
const LAST: [&str; 20] = [
    "수", "호", "영", "진", "희", "민", "준", "우", "현", "연", "아", "은", "정", "지", "경", "선", "훈", "석", "미",
    "원",
];

fn synthetic_name(seed: Seed, person: PersonId) -> String {
    let mut name = String::new();
    put_synthetic_name(&mut name, seed, person);
    name
}

fn put_synthetic_name(out: &mut String, seed: Seed, person: PersonId) {
    let pick = |table: &[&'static str; 20], which: u64| {
        table[seed.pick(table.len() as u64, Subject::Name, u64::from(person.0), which) as usize]
    };
    for piece in [pick(&FAMILY, 0), "○", pick(&LAST, 1)] {
        out.push_str(piece);
    }
}

/// `홍*동`, `홍*`: the first letter and, of three or more, the last one stay, as public bodies print names.
fn masked_name(name: &str) -> String {
    let count = name.chars().count();
    let stays = |place: usize| place == 0 || (count > 2 && place == count - 1);
    name.chars().enumerate().map(|(place, letter)| if stays(place) { letter } else { '*' }).collect()
}

/// `010-****-2345`, as public bodies print numbers.
fn masked_phone(number: String) -> String {
    let (head, tail) = (&number[..4], &number[number.len() - 5..]);
    format!("{head}****{tail}")
}

/// An amount evenly drawn from `low` up to `high` in steps of ten won.
fn won(seed: Seed, kind: KindId, place: u16, person: PersonId, low: u32, high: u32) -> u32 {
    let steps = u64::from(high.saturating_sub(low) / 10) + 1;
    let what = u64::from(kind.0) << 16 | u64::from(place);
    let step = seed.pick(steps, Subject::Variable, u64::from(person.0), what);
    low + 10 * step as u32
}

/// `1,234,567`.
fn commas(amount: u32) -> String {
    let mut text = String::new();
    put_commas(&mut text, amount);
    text
}

fn put_commas(out: &mut String, amount: u32) {
    let mut digits = itoa::Buffer::new();
    let mut rest = digits.format(amount);
    while !rest.is_empty() {
        let (front, back) = rest.split_at((rest.len() - 1) % 3 + 1);
        out.push_str(front);
        if !back.is_empty() {
            out.push(',');
        }
        rest = back;
    }
}

/// `12월 5일`: the local date so long after the run's start. Dates that no calendar holds are the last one it does.
fn date(clock: &Clock, after: Span) -> String {
    let mut text = String::new();
    put_date(&mut text, clock, after);
    text
}

fn put_date(out: &mut String, clock: &Clock, after: Span) {
    let after_s = i64::try_from(after.micros() / 1_000_000).unwrap_or(i64::MAX);
    let local_s = clock.start_unix_s.saturating_add(i64::from(clock.offset_s)).saturating_add(after_s);
    // Within what a span of days may be: far beyond the calendar, so that the addition below is what saturates.
    let days = local_s.div_euclid(86_400).clamp(-5_000_000, 5_000_000);
    let date = civil::date(1970, 1, 1).saturating_add(days.days());
    let [mut month, mut day] = [itoa::Buffer::new(); 2];
    for piece in [month.format(date.month()), "월 ", day.format(date.day()), "일"] {
        out.push_str(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::{Face, amount, commas, date, extremes, person_name, render};
    use crate::sim::model::ids::{KindId, PersonId};
    use crate::sim::model::medium::Medium;
    use crate::sim::plan::Clock;
    use crate::sim::plan::message::VarSource;
    use crate::sim::plan::population::Population;
    use crate::sim::plan::sample;
    use crate::sim::time::{SimTime, Span};

    #[test]
    fn a_bill_and_its_fallback_say_the_same_words() {
        let plan = sample::rent();
        let people = Population::of(&plan);
        let talk = render(&plan, &people, KindId(0), Medium::Alimtalk, PersonId(7)).expect("content");
        let text = render(&plan, &people, KindId(0), Medium::Lms, PersonId(7)).expect("content");
        assert_eq!(talk.text, "[모의] [LH] 황○지님 12월 임대료 361,560원, 납부기한 10월 25일");
        assert_eq!((text.title.as_str(), &text.text), ("LH 임대료 안내", &talk.text));
        assert_eq!(talk.buttons, [Face { name: "pay", label: "납부하기", kind: "WL" }]);
        assert_eq!(amount(&plan, KindId(0), PersonId(7)), 361_560);
    }

    #[test]
    fn nothing_is_rendered_of_what_does_not_exist() {
        let plan = sample::rent();
        let people = Population::of(&plan);
        assert_eq!(render(&plan, &people, KindId(0), Medium::Letter, PersonId(7)), None);
        assert_eq!(render(&plan, &people, KindId(9), Medium::Alimtalk, PersonId(7)), None);
        assert_eq!(render(&plan, &people, KindId(0), Medium::Alimtalk, PersonId(10_000)), None);
        assert_eq!(amount(&plan, KindId(9), PersonId(7)), 0);
    }

    #[test]
    fn a_text_that_says_it_is_simulated_gets_no_second_mark() {
        let mut plan = sample::rent();
        plan.kinds[0].contents[0].text = sample::fixed("[OO구청] 모의 알림입니다");
        let people = Population::of(&plan);
        let talk = render(&plan, &people, KindId(0), Medium::Alimtalk, PersonId(0)).expect("content");
        assert_eq!(talk.text, "[OO구청] 모의 알림입니다");
    }

    #[test]
    fn the_platform_prints_the_mark_of_a_brand_advert() {
        let mut plan = sample::rent();
        plan.kinds[0].contents[0].medium = Medium::Brand;
        let people = Population::of(&plan);
        let mut text = |written: &str| {
            plan.kinds[0].contents[0].text = sample::fixed(written);
            render(&plan, &people, KindId(0), Medium::Brand, PersonId(0)).map(|r| r.text)
        };
        assert_eq!(text("장터가 열립니다").as_deref(), Some("[모의] (광고) 장터가 열립니다"));
        assert_eq!(text("(광고) 장터가 열립니다").as_deref(), Some("[모의] (광고) 장터가 열립니다"));
        assert_eq!(text("모의 장터").as_deref(), Some("(광고) 모의 장터"));
    }

    #[test]
    fn listed_people_keep_their_names_and_others_are_nobody() {
        let mut plan = sample::rent();
        plan.cohorts[0].listed = vec![sample::listed("가나다"), sample::listed("라마바")];
        assert_eq!(person_name(&plan, PersonId(1)), "라마바");
        for person in (2..1_000).map(PersonId) {
            let name = person_name(&plan, person);
            assert_eq!((name.chars().count(), name.chars().nth(1)), (3, Some('○')), "{name}");
        }
    }

    /// What `extremes` promises is what `plan::check` decides a whole run by.
    #[test]
    fn no_value_is_outside_the_extremes() {
        let plan = sample::rent();
        let people = Population::of(&plan);
        for (place, var) in plan.kinds[0].vars.iter().enumerate() {
            let (mut shortest, mut longest) = (usize::MAX, 0);
            extremes(&plan, &var.value, &mut |value| {
                shortest = shortest.min(value.chars().count());
                longest = longest.max(value.chars().count());
            });
            for person in (0..plan.people()).map(PersonId) {
                let mut value = String::new();
                super::put_value(&mut value, &plan, &people, KindId(0), place as u16, person);
                assert!((shortest..=longest).contains(&value.chars().count()), "{} {value}", var.name);
            }
        }
    }

    #[test]
    fn amounts_stay_in_their_range_and_reach_both_ends() {
        let mut plan = sample::rent();
        plan.kinds[0].vars[1].value = VarSource::Won(1_000, 1_040);
        let drawn: Vec<u32> = (0..500).map(|id| amount(&plan, KindId(0), PersonId(id))).collect();
        assert!(drawn.iter().all(|won| (1_000..=1_040).contains(won) && won % 10 == 0));
        assert!(drawn.contains(&1_000) && drawn.contains(&1_040));
        plan.kinds[0].vars[1].value = VarSource::Won(u32::MAX, u32::MAX);
        assert_eq!(amount(&plan, KindId(0), PersonId(0)), u32::MAX);
    }

    #[test]
    fn won_is_printed_with_commas() {
        let printed = [0, 999, 1_000, 184_320, 4_294_967_295].map(commas);
        assert_eq!(printed, ["0", "999", "1,000", "184,320", "4,294,967,295"]);
    }

    #[test]
    fn dates_are_local_and_never_fail() {
        // 2022-10-15 23:59:59 in Seoul.
        let clock = |start_unix_s| Clock { start_unix_s, offset_s: 32_400, stop: SimTime::ZERO };
        let eve = clock(1_665_845_999);
        assert_eq!(date(&eve, Span::ZERO), "10월 15일");
        assert_eq!(date(&eve, Span::from_secs(1)), "10월 16일");
        assert_eq!(date(&eve, Span::from_days(137)), "3월 1일");
        assert_eq!(date(&clock(i64::MAX), Span::FOREVER), "12월 31일");
        assert_eq!(date(&clock(i64::MIN), Span::ZERO), "1월 1일");
    }
}
