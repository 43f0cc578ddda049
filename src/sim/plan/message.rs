//! What a notice says, on each medium that can carry it, and the promise of how it gets there.

use crate::sim::model::ids::{ButtonId, ChannelId, GroupId, KindId};
use crate::sim::model::medium::Medium;
use crate::sim::model::person::Groups;
use crate::sim::model::words::Words;
use crate::sim::time::Span;

/// A row of `notices:`.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The key in the file.
    pub key: String,
    /// Title for people; the key when the file gives none.
    pub title: Words,
    /// The channel it comes from.
    pub channel: ChannelId,
    /// Its variables; `Part::Var` points here.
    pub vars: Vec<Var>,
    /// Its content on each medium; media without content cannot stand in the route.
    pub contents: Vec<Content>,
    /// The legs, in order; never empty.
    pub route: Vec<RouteLeg>,
    /// After this long it is harm, not success, if it still shows.
    pub expires: Option<Span>,
    /// What differs for members of a group; of several groups that somebody is in, the first here decides.
    pub for_groups: Vec<ForGroup>,
}

/// What of a kind differs for members of a group.
#[derive(Clone, Debug)]
pub struct ForGroup {
    /// The group.
    pub group: GroupId,
    /// Their route; empty if it is everybody's.
    pub route: Vec<RouteLeg>,
    /// Contents that differ, or that only they get.
    pub contents: Vec<Content>,
    /// Their phones show it in large type: at most so many characters go on the screen.
    pub large: Option<u32>,
}

/// One leg of a route 경로.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteLeg {
    /// What is tried.
    pub medium: Medium,
    /// Which state, as far as the sender is told, ends the route.
    pub until: Until,
    /// How long the sender waits for that state before the next leg.
    pub within: Option<Span>,
    /// On a leg that waits for opening: how long the sender waits to hear that it arrived at all. Delivery fails in
    /// minutes and reading in days, so one time cannot watch for both.
    pub arrives: Option<Span>,
}

/// The state that satisfies a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    /// The platform says delivered.
    Delivered,
    /// The phone has acknowledged it.
    Shown,
    /// The person has opened it.
    Opened,
}

/// A notice's content on one medium.
#[derive(Clone, Debug)]
pub struct Content {
    /// The medium.
    pub medium: Medium,
    /// Template code, for media with reviewed templates.
    pub template: Option<Template>,
    /// Title or subject; empty where the medium has none.
    pub title: Text,
    /// The text.
    pub text: Text,
    /// Buttons, or links in a plain text.
    pub buttons: Vec<Button>,
    /// Whether this is an advert.
    pub advert: bool,
}

/// A reviewed template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its code.
    pub code: String,
    /// Where its review stands.
    pub review: Review,
    /// The approved text, when it differs from what is sent; then every message is refused with 3016.
    pub approved: Option<Text>,
}

/// Where a template's review stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Review {
    /// Handed in.
    Requested,
    /// Being looked at.
    Inspecting,
    /// May be sent.
    #[default]
    Approved,
    /// Turned down.
    Rejected,
    /// Unused for a year.
    Dormant,
    /// Blocked by the platform.
    Blocked,
}

/// A button, or a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// Its name, for presses and desk rules.
    pub id: ButtonId,
    /// What is printed on it.
    pub label: String,
    /// `WL` web, `AL` app, `BK` keyword, `MD` message, `AC` add channel ...
    pub kind: String,
}

/// A text with variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Fixed pieces and variables, in order.
    pub parts: Vec<Part>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// As written.
    Fixed(String),
    /// The value of the kind's variable at this place.
    Var(u16),
}

/// A variable of a kind of notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Var {
    /// Its name, without `#{}`.
    pub name: String,
    /// Where its value comes from.
    pub value: VarSource,
}

/// Where a variable's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VarSource {
    /// The person's name.
    PersonName,
    /// The person's name with all but its first and last letters masked, `홍*동`.
    NameMasked,
    /// The person's phone number, middle masked.
    PersonPhone,
    /// The person's phone number, whole.
    PhoneWhole,
    /// The person's region.
    PersonRegion,
    /// An amount in won, drawn evenly between the two, in steps of ten.
    Won(u32, u32),
    /// The amount that another kind of notice names for this person; that kind stands before this one.
    AmountOf(KindId),
    /// The local date so long after the run's start.
    Date(Span),
    /// A fixed text.
    Fixed(String),
}

impl Text {
    /// Whether words can be this text with its variables filled, each with anything, also with nothing.
    pub fn could_be(&self, words: &str) -> bool {
        let (mut left, mut free) = (words, false);
        for (number, part) in self.parts.iter().enumerate() {
            let Part::Fixed(piece) = part else {
                free = true;
                continue;
            };
            let last = number + 1 == self.parts.len();
            let place = match (free, last) {
                (false, _) => left.starts_with(piece.as_str()).then_some(0),
                (true, false) => left.find(piece.as_str()),
                (true, true) => left.ends_with(piece.as_str()).then(|| left.len() - piece.len()),
            };
            let Some(place) = place else { return false };
            left = &left[place + piece.len()..];
            free = false;
        }
        free || left.is_empty()
    }
}

impl Kind {
    /// The content for a medium, if this kind has one for everybody.
    pub fn content(&self, medium: Medium) -> Option<&Content> {
        self.contents.iter().find(|content| content.medium == medium)
    }

    /// The place of its first amount among its variables, and the range it is drawn from.
    pub fn won(&self) -> Option<(u16, u32, u32)> {
        let mut places = self.vars.iter().enumerate();
        places.find_map(|(place, var)| match var.value {
            VarSource::Won(low, high) => Some((place as u16, low, high)),
            VarSource::PersonName
            | VarSource::NameMasked
            | VarSource::PersonPhone
            | VarSource::PhoneWhole
            | VarSource::PersonRegion
            | VarSource::AmountOf(_)
            | VarSource::Date(_)
            | VarSource::Fixed(_) => None,
        })
    }

    /// Whether its words on a medium name the person openly: the whole name, or the whole phone number.
    pub fn names_openly(&self, medium: Medium) -> bool {
        let open = |part: &Part| match part {
            Part::Fixed(_) => false,
            Part::Var(place) => {
                let source = self.vars.get(usize::from(*place)).map(|var| &var.value);
                matches!(source, Some(VarSource::PersonName | VarSource::PhoneWhole))
            }
        };
        self.content(medium).is_some_and(|content| content.title.parts.iter().chain(&content.text.parts).any(open))
    }

    /// What differs for somebody who is in these groups.
    pub fn for_groups(&self, groups: Groups) -> Option<&ForGroup> {
        self.for_groups.iter().find(|row| groups.has(row.group))
    }

    /// The content for a medium that somebody in these groups gets.
    pub fn content_for(&self, medium: Medium, groups: Groups) -> Option<&Content> {
        let own = self.for_groups(groups).and_then(|row| row.contents.iter().find(|content| content.medium == medium));
        own.or_else(|| self.content(medium))
    }

    /// The route to somebody in these groups; never empty.
    pub fn route_for(&self, groups: Groups) -> &[RouteLeg] {
        self.for_groups(groups).map(|row| row.route.as_slice()).filter(|route| !route.is_empty()).unwrap_or(&self.route)
    }

    /// The legs of all its routes.
    pub fn legs(&self) -> impl Iterator<Item = &RouteLeg> {
        self.route.iter().chain(self.for_groups.iter().flat_map(|row| &row.route))
    }
}

#[cfg(test)]
mod tests {
    use super::{Content, ForGroup, Part, RouteLeg, Text, Until};
    use crate::sim::model::code::Code;
    use crate::sim::model::ids::{GroupId, KindId, PersonId};
    use crate::sim::model::medium::Medium;
    use crate::sim::model::person::Groups;
    use crate::sim::plan::population::Population;
    use crate::sim::plan::sample::{self, fixed};
    use crate::sim::plan::{Plan, check, render};

    /// A bill that seniors get as a letter, and read in large type on their phones; everybody is a senior.
    fn plan() -> Plan {
        let mut plan = sample::rent();
        plan.groups = vec!["senior".into()];
        plan.cohorts[0].groups = vec![(GroupId(0), crate::sim::dice::Share::ALL)];
        let leg = RouteLeg { medium: Medium::Letter, until: Until::Delivered, within: None, arrives: None };
        let large = Content { text: fixed("[LH] 12월 임대료"), ..plan.kinds[0].contents[0].clone() };
        plan.kinds[0].for_groups =
            vec![ForGroup { group: GroupId(0), route: vec![leg], contents: vec![large], large: Some(12) }];
        plan
    }

    #[test]
    fn words_can_be_a_text_with_its_variables_filled() {
        let text = |parts: &[&str]| Text {
            parts: parts
                .iter()
                .map(|part| if *part == "#" { Part::Var(0) } else { Part::Fixed((*part).into()) })
                .collect(),
        };
        for (parts, words, expected) in [
            (&["안녕 ", "#", "님"][..], "안녕 홍길동님", true),
            (&["안녕 ", "#", "님"], "안녕 님길동님", true),
            (&["안녕 ", "#", "님"], "안녕 님", true),
            (&["안녕 ", "#", "님"], "안녕 홍길동님!", false),
            (&["안녕 ", "#", "님"], " 안녕 홍길동님", false),
            (&["#", "님, ", "#"], "홍길동님, 12월", true),
            (&["#", "님, ", "#"], "홍길동씨, 12월", false),
            (&["#"], "", true),
            (&["가"], "가", true),
            (&["가"], "가가", false),
            (&[], "", true),
        ] {
            assert_eq!(text(parts).could_be(words), expected, "{parts:?} {words}");
        }
    }

    #[test]
    fn a_group_has_a_route_and_words_of_its_own() {
        let plan = plan();
        let (kind, senior) = (&plan.kinds[0], Groups::default().with(GroupId(0)));
        let media = |groups| kind.route_for(groups).iter().map(|leg| leg.medium).collect::<Vec<_>>();
        assert_eq!(media(senior), [Medium::Letter]);
        assert_eq!(media(Groups::default()), [Medium::Alimtalk, Medium::Lms]);
        let shown = |medium| {
            let people = Population::of(&plan);
            render::render(&plan, &people, KindId(0), medium, PersonId(0)).map(|shown| (shown.text, shown.large))
        };
        assert_eq!(shown(Medium::Alimtalk), Some(("[모의] [LH] 12월 임대료".into(), true)));
        let (lms, large) = shown(Medium::Lms).expect("everybody's words, where the group has none");
        assert!(lms.contains("납부기한") && large);
    }

    #[test]
    fn what_does_not_go_on_the_screen_in_large_type_is_refused() {
        let mut plan = plan();
        let judged = |plan: &Plan| {
            let content = &plan.kinds[0].for_groups[0].contents[0];
            check::admits(plan, &Population::of(plan), KindId(0), content, PersonId(0), 43_200)
        };
        assert_eq!(judged(&plan), Ok(()));
        plan.kinds[0].for_groups[0].large = Some(11);
        assert_eq!(judged(&plan), Err(Code::TOO_LONG));
    }
}
