//! What a notice says, on each medium that can carry it, and the promise of how it gets there.

use crate::sim::model::ids::{ButtonId, ChannelId, KindId};
use crate::sim::model::medium::Medium;
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

impl Kind {
    /// The content for a medium, if this kind has one.
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
}
