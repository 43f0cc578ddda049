//! What a platform looks at when a message is handed in: its template, its words, its length, the hour.
//!
//! [`fits`] decides once for a kind and a medium, from the shortest and longest values that the variables can have, so
//! that a run renders texts for judging only where it depends on the person. [`check`] judges one rendered message.
//! Both look at things in the same order and give the same code. Lengths are those of what the sender hands in, without
//! the mark 모의 (see `plan::render`).
//!
//! In `plan` and not in `medium`, because templates and texts are the plan's nouns. Deliberately not here: who may
//! receive a message (`Needs`), faults, and anything that a vendor checks in its own wording.

use crate::sim::medium::measure::{length, within};
use crate::sim::medium::{ADVERT_MARK, Adverts, Form, Limit, MediumRules, form};
use crate::sim::model::code::Code;
use crate::sim::model::ids::{KindId, PersonId};
use crate::sim::model::medium::Medium;
use crate::sim::plan::Plan;
use crate::sim::plan::message::{Content, Kind, Part, Review, Template, Text};
use crate::sim::plan::population::Population;
use crate::sim::plan::render::{extremes, plain};

/// Whether a kind's content can be handed in on its medium, whoever gets it. Says nothing of the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fits {
    /// For everybody.
    Always,
    /// For nobody, and this is why.
    Never(Code),
    /// On the person's own words: see [`admits`].
    Depends,
}

/// The second of the day at which the platform stops adverts: 20:50 (Kakao's rule, code 3022; the law says 21:00).
const NIGHT_FROM_S: u32 = (20 * 60 + 50) * 60;
/// The second of the day from which adverts go again: 08:00 (Network Act Art. 50).
const NIGHT_TO_S: u32 = 8 * 3_600;

/// Judges a content once for everybody.
pub fn fits(plan: &Plan, kind: &Kind, content: &Content) -> Fits {
    let form = form(content.medium);
    if let Err(code) = standing(form, content) {
        return Fits::Never(code);
    }
    let steps = [
        begins(form, content),
        spread(plan, kind, &content.title, form.title),
        spread(plan, kind, &content.text, plan.medium(content.medium).limit),
    ];
    // The first step that does not pass decides, as it does in `check`.
    steps.into_iter().find(|step| *step != Fits::Always).unwrap_or(Fits::Always)
}

/// Judges what one person would get, at a second of the local day: renders, then [`check`]s.
pub fn admits(
    plan: &Plan,
    people: &Population,
    kind: KindId,
    content: &Content,
    person: PersonId,
    second_of_day: u32,
) -> Result<(), Code> {
    let (title, text) = plain(plan, people, kind, content, person);
    let groups = people.get(person).map_or_else(Default::default, |who| who.groups);
    let large = plan.kinds.get(kind.index()).and_then(|row| row.for_groups(groups)?.large);
    if let Some(most) = large {
        measured(Limit::Chars(most), &text)?;
    }
    check(plan.medium(content.medium), content, &title, &text, second_of_day)
}

/// Judges one message as the sender hands it in (without the mark 모의), at a second of the local day.
///
/// The codes, in order: 3015 for a template that is not approved (also for an advert where none is carried: no review
/// lets one through), 3016 for a text other than the approved one or more buttons than a template can have, 9350 for
/// an advert without its mark, 9523 for characters that the carrier cannot store, 3014 for too long, 3022 for an
/// advert at night.
pub fn check(rules: &MediumRules, content: &Content, title: &str, text: &str, second_of_day: u32) -> Result<(), Code> {
    let form = form(content.medium);
    standing(form, content)?;
    if needs_mark(form, content) && !text.starts_with(ADVERT_MARK) {
        return Err(Code::ADVERT_UNMARKED);
    }
    measured(form.title, title)?;
    measured(rules.limit, text)?;
    hour(rules, content, second_of_day)
}

/// Judges words that an application outside handed in, without the mark 모의, at a second of the local day: as [`check`]
/// does, where the kind has something for the medium; a plain text needs nothing but to fit.
///
/// 3016 also for words that are not the template's with its variables filled.
pub fn handed_in(
    rules: &MediumRules,
    medium: Medium,
    content: Option<&Content>,
    title: &str,
    text: &str,
    second_of_day: u32,
) -> Result<(), Code> {
    let form = form(medium);
    match content.filter(|content| content.template.is_some()) {
        Some(content) => {
            standing(form, content)?;
            if !content.text.could_be(text) {
                return Err(Code::TEMPLATE_MISMATCH);
            }
            measured(form.title, title)?;
            measured(rules.limit, text)?;
            hour(rules, content, second_of_day)
        }
        None => {
            measured(form.title, title)?;
            measured(rules.limit, text)
        }
    }
}

/// Judges the hour alone: all that is left to ask of a content that always fits.
pub fn hour(rules: &MediumRules, content: &Content, second_of_day: u32) -> Result<(), Code> {
    let advert = content.advert || form(content.medium).adverts == Adverts::Always;
    let night = !(NIGHT_TO_S..NIGHT_FROM_S).contains(&second_of_day);
    if rules.day_only && advert && night { Err(Code::NIGHT) } else { Ok(()) }
}

/// What can be said without the words: review, approved text, buttons, whether adverts are carried at all.
fn standing(form: &Form, content: &Content) -> Result<(), Code> {
    if let Some(template) = &content.template {
        reviewed(template, content)?;
    }
    if content.advert && form.adverts == Adverts::Never {
        return Err(Code::TEMPLATE_NOT_APPROVED);
    }
    match form.buttons {
        Some(most) if content.buttons.len() > usize::from(most) => Err(Code::TEMPLATE_MISMATCH),
        Some(_) | None => Ok(()),
    }
}

fn reviewed(template: &Template, content: &Content) -> Result<(), Code> {
    match template.review {
        Review::Approved => {}
        Review::Requested | Review::Inspecting | Review::Rejected | Review::Dormant | Review::Blocked => {
            return Err(Code::TEMPLATE_NOT_APPROVED);
        }
    }
    match &template.approved {
        Some(approved) if *approved != content.text => Err(Code::TEMPLATE_MISMATCH),
        Some(_) | None => Ok(()),
    }
}

fn needs_mark(form: &Form, content: &Content) -> bool {
    content.advert && form.adverts == Adverts::Marked
}

fn measured(limit: Limit, text: &str) -> Result<(), Code> {
    match length(limit, text) {
        None => Err(Code::CHARSET),
        Some(length) if within(limit, length) => Ok(()),
        Some(_) => Err(Code::TOO_LONG),
    }
}

/// Whether a text begins as it must, as far as its first piece shows.
fn begins(form: &Form, content: &Content) -> Fits {
    if !needs_mark(form, content) {
        return Fits::Always;
    }
    match content.text.parts.first() {
        None => Fits::Never(Code::ADVERT_UNMARKED),
        Some(Part::Fixed(piece)) if piece.starts_with(ADVERT_MARK) => Fits::Always,
        Some(Part::Fixed(piece)) if !ADVERT_MARK.starts_with(piece.as_str()) => Fits::Never(Code::ADVERT_UNMARKED),
        Some(Part::Fixed(_) | Part::Var(_)) => Fits::Depends,
    }
}

/// Whether a text fits into a limit with all, no or some values of its variables.
fn spread(plan: &Plan, kind: &Kind, text: &Text, limit: Limit) -> Fits {
    let (mut shortest, mut longest, mut uncertain) = (0_u32, 0_u32, false);
    for part in &text.parts {
        match part {
            Part::Fixed(piece) => match length(limit, piece) {
                None => return Fits::Never(Code::CHARSET),
                Some(length) => {
                    shortest = shortest.saturating_add(length);
                    longest = longest.saturating_add(length);
                }
            },
            Part::Var(place) => {
                let (low, high, sure) = lengths(plan, kind, *place, limit);
                shortest = shortest.saturating_add(low);
                longest = longest.saturating_add(high);
                uncertain |= !sure;
            }
        }
    }
    match (within(limit, shortest), within(limit, longest)) {
        _ if uncertain => Fits::Depends,
        (true, true) => Fits::Always,
        (true, false) => Fits::Depends,
        (false, _) => Fits::Never(Code::TOO_LONG),
    }
}

/// The lengths of a variable's shortest and longest values, and whether every value has one.
fn lengths(plan: &Plan, kind: &Kind, place: u16, limit: Limit) -> (u32, u32, bool) {
    let Some(var) = kind.vars.get(usize::from(place)) else { return (0, 0, true) };
    let (mut shortest, mut longest, mut sure) = (u32::MAX, 0, true);
    extremes(plan, &var.value, &mut |value| match length(limit, value) {
        Some(length) => {
            shortest = shortest.min(length);
            longest = longest.max(length);
        }
        None => sure = false,
    });
    (shortest.min(longest), longest, sure)
}

#[cfg(test)]
mod tests {
    use super::{Fits, admits, check, fits, hour};
    use crate::sim::medium::Limit;
    use crate::sim::model::code::Code;
    use crate::sim::model::ids::{ButtonId, KindId, PersonId};
    use crate::sim::model::medium::Medium;
    use crate::sim::plan::Plan;
    use crate::sim::plan::message::{Button, Content, Review, Template, VarSource};
    use crate::sim::plan::population::Population;
    use crate::sim::plan::sample::{self, fixed, listed};

    const NOON: u32 = 12 * 3_600;

    /// A plan whose only content is the given text on a medium, made to measure by `change`.
    fn plan_of(medium: Medium, text: &str, change: impl Fn(&mut Content)) -> Plan {
        let mut plan = sample::rent();
        let mut content = Content { medium, text: fixed(text), template: None, ..plan.kinds[0].contents[0].clone() };
        content.buttons.clear();
        change(&mut content);
        plan.kinds[0].contents = vec![content];
        plan
    }

    /// Both judges, which must agree, at noon.
    fn judged(plan: &Plan) -> Result<(), Code> {
        let content = &plan.kinds[0].contents[0];
        let one = admits(plan, &Population::of(plan), KindId(0), content, PersonId(0), NOON);
        match fits(plan, &plan.kinds[0], content) {
            Fits::Always => assert_eq!(one, Ok(())),
            Fits::Never(code) => assert_eq!(one, Err(code)),
            Fits::Depends => {}
        }
        one
    }

    #[test]
    fn only_an_approved_template_is_carried() {
        let review = |review| {
            judged(&plan_of(Medium::Alimtalk, "안내", |content| {
                content.template = Some(Template { code: "T".into(), review, approved: None });
            }))
        };
        assert_eq!(review(Review::Approved), Ok(()));
        for other in [Review::Requested, Review::Inspecting, Review::Rejected, Review::Dormant, Review::Blocked] {
            assert_eq!(review(other), Err(Code::TEMPLATE_NOT_APPROVED), "{other:?}");
        }
    }

    #[test]
    fn a_text_other_than_the_approved_one_is_refused() {
        let approved = |approved: &str| {
            judged(&plan_of(Medium::Alimtalk, "안내", |content| {
                let approved = Some(fixed(approved));
                content.template = Some(Template { code: "T".into(), review: Review::Approved, approved });
            }))
        };
        assert_eq!(approved("안내"), Ok(()));
        assert_eq!(approved("안내."), Err(Code::TEMPLATE_MISMATCH));
    }

    #[test]
    fn five_buttons_are_the_most() {
        let buttons = |count: usize, medium| {
            let one = Button { id: ButtonId(0), label: "보기".into(), kind: "WL".into() };
            judged(&plan_of(medium, "안내", |content| content.buttons = vec![one.clone(); count]))
        };
        assert_eq!(buttons(5, Medium::Alimtalk), Ok(()));
        assert_eq!(buttons(6, Medium::Alimtalk), Err(Code::TEMPLATE_MISMATCH));
        assert_eq!(buttons(6, Medium::Lms), Ok(()));
    }

    #[test]
    fn lengths_end_where_the_vendors_say() {
        for (medium, text, verdict) in [
            (Medium::Alimtalk, "가".repeat(1_300), Ok(())),
            (Medium::Alimtalk, "가".repeat(1_301), Err(Code::TOO_LONG)),
            (Medium::Sms, "가".repeat(45), Ok(())),
            (Medium::Sms, "가".repeat(45) + "a", Err(Code::TOO_LONG)),
            (Medium::Lms, "가".repeat(1_000), Ok(())),
            (Medium::Lms, "가".repeat(1_000) + "a", Err(Code::TOO_LONG)),
            (Medium::Broadcast, "가".repeat(90), Ok(())),
            (Medium::Broadcast, "가".repeat(91), Err(Code::TOO_LONG)),
            (Medium::Email, "가".repeat(100_000), Ok(())),
            (Medium::Sms, "축하합니다 😀".into(), Err(Code::CHARSET)),
            (Medium::Alimtalk, "축하합니다 😀".into(), Ok(())),
        ] {
            assert_eq!(judged(&plan_of(medium, &text, |_| {})), verdict, "{} {}", medium.name(), text.len());
        }
    }

    #[test]
    fn an_lms_subject_has_forty_bytes() {
        let subject = |title: &str| judged(&plan_of(Medium::Lms, "안내", |content| content.title = fixed(title)));
        assert_eq!(subject(&"가".repeat(20)), Ok(()));
        assert_eq!(subject(&"가".repeat(21)), Err(Code::TOO_LONG));
    }

    #[test]
    fn an_advert_says_so_first_or_is_not_carried() {
        let advert = |medium, text| judged(&plan_of(medium, text, |content| content.advert = true));
        assert_eq!(advert(Medium::Sms, "(광고) 장터가 열립니다"), Ok(()));
        assert_eq!(advert(Medium::Sms, "장터가 열립니다 (광고)"), Err(Code::ADVERT_UNMARKED));
        assert_eq!(advert(Medium::Brand, "장터가 열립니다"), Ok(()));
        assert_eq!(advert(Medium::Alimtalk, "(광고) 장터가 열립니다"), Err(Code::TEMPLATE_NOT_APPROVED));
        assert_eq!(advert(Medium::Letter, "장터가 열립니다"), Ok(()));
    }

    #[test]
    fn adverts_rest_from_ten_to_nine_until_eight() {
        let plan = plan_of(Medium::Brand, "장터", |_| {});
        let content = &plan.kinds[0].contents[0];
        let at = |hour: u32, minute: u32| super::hour(plan.medium(Medium::Brand), content, (hour * 60 + minute) * 60);
        assert_eq!([at(8, 0), at(20, 49)], [Ok(()), Ok(())]);
        assert_eq!([at(20, 50), at(23, 59), at(0, 0), at(7, 59)], [Err(Code::NIGHT); 4]);
        assert_eq!(check(plan.medium(Medium::Brand), content, "", "장터", 0), Err(Code::NIGHT));
        let informs = plan_of(Medium::Alimtalk, "안내", |_| {});
        assert_eq!(hour(informs.medium(Medium::Alimtalk), &informs.kinds[0].contents[0], 0), Ok(()));
    }

    /// The same text, three limits: everybody, somebody, nobody.
    #[test]
    fn a_verdict_depends_only_between_the_shortest_and_the_longest_value() {
        let mut plan = sample::rent();
        plan.kinds[0].vars[1].value = VarSource::Won(10, 1_000_000);
        let content = plan.kinds[0].contents[0].clone();
        let mut at = |most| {
            plan.media[Medium::Alimtalk.index()].limit = Limit::Chars(most);
            fits(&plan, &plan.kinds[0], &content)
        };
        // Fixed words 23 characters, name 3, date 7, amount 2 to 9.
        let verdicts = [at(42), at(41), at(35), at(34)];
        assert_eq!(verdicts, [Fits::Always, Fits::Depends, Fits::Depends, Fits::Never(Code::TOO_LONG)]);
    }

    #[test]
    fn a_listed_name_that_a_carrier_cannot_store_is_that_persons_matter() {
        let mut plan = sample::rent();
        plan.cohorts[0].listed = vec![listed("가나다"), listed("José")];
        let people = Population::of(&plan);
        let content = plan.kinds[0].content(Medium::Lms).expect("content").clone();
        let one = |id| admits(&plan, &people, KindId(0), &content, PersonId(id), NOON);
        assert_eq!(fits(&plan, &plan.kinds[0], &content), Fits::Depends);
        assert_eq!([one(0), one(1)], [Ok(()), Err(Code::CHARSET)]);
    }
}
