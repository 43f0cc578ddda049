//! A small plan for the tests of this module: one channel, a thousand tenants, one bill with two media.

use crate::sim::dice::{Seed, Share, Spread};
use crate::sim::medium;
use crate::sim::model::ids::{ButtonId, ChannelId, KindId, PersonId};
use crate::sim::model::medium::Medium;
use crate::sim::model::person::Groups;
use crate::sim::model::words::Words;
use crate::sim::network;
use crate::sim::plan::message::{Button, Content, Kind, Part, RouteLeg, Text, Until, Var, VarSource};
use crate::sim::plan::service::Services;
use crate::sim::plan::{
    Audience, Channel, Clock, Cohort, Habits, Listed, Pace, Plan, Policy, Send, Sender, SenderDrive,
};
use crate::sim::time::{SimTime, Span};

/// The rent bill of SCENARIO's example, without its faults.
pub fn rent() -> Plan {
    Plan {
        name: "rent".into(),
        title: Words::same("rent"),
        lesson: None,
        sources: Vec::new(),
        seed: Seed(20_221_015),
        // 2022-10-15 15:20 in Seoul.
        clock: Clock { start_unix_s: 1_665_814_800, offset_s: 32_400, stop: SimTime::ZERO + Span::from_hours(1) },
        channels: vec![Channel { key: "lh".into(), name: Words::same("LH"), search_id: "@lh".into() }],
        groups: Vec::new(),
        regions: Vec::new(),
        cohorts: vec![tenants()],
        magic: None,
        media: medium::all(),
        networks: network::all(),
        kinds: vec![bill()],
        buttons: vec!["pay".into()],
        sends: vec![Send { kind: KindId(0), at: SimTime::ZERO, to: everybody(), pace: Pace::Over(Span::ZERO) }],
        faults: Vec::new(),
        desk: Vec::new(),
        counters: Vec::new(),
        services: Services::default(),
        sender: Sender {
            drive: SenderDrive::Builtin,
            policy: Policy::Timer(None),
            patience: Span::from_secs(10),
            retries: 0,
            backoff: Span::from_secs(1),
            idempotent: true,
            speaks: None,
            receipts_to: None,
        },
    }
}

/// A text without variables.
pub fn fixed(text: &str) -> Text {
    Text { parts: vec![Part::Fixed(text.into())] }
}

/// A listed person of that name.
pub fn listed(name: &str) -> Listed {
    Listed { name: name.into(), ..Listed::plain() }
}

fn everybody() -> Audience {
    Audience {
        first: PersonId(0),
        count: 1_000,
        groups: Groups::default(),
        friends_of: None,
        regions: Vec::new(),
        standing_in: Vec::new(),
    }
}

fn tenants() -> Cohort {
    let habits = Habits {
        reads_after: Spread::Fixed(Span::from_secs(60)),
        never: Share::NONE,
        presses: Vec::new(),
        presses_any: Share::NONE,
        press_after: Spread::Fixed(Span::ZERO),
    };
    Cohort { habits, ..Cohort::plain("tenants", PersonId(0), 1_000) }
}

fn bill() -> Kind {
    let var = |name: &str, value| Var { name: name.into(), value };
    Kind {
        key: "rent".into(),
        title: Words::same("rent"),
        channel: ChannelId(0),
        vars: vec![
            var("name", VarSource::PersonName),
            var("amount", VarSource::Won(180_000, 420_000)),
            var("due", VarSource::Date(Span::from_days(10))),
        ],
        contents: vec![content(Medium::Alimtalk), content(Medium::Lms)],
        route: [Medium::Alimtalk, Medium::Lms].map(leg).into(),
        expires: None,
        for_groups: Vec::new(),
    }
}

fn leg(medium: Medium) -> RouteLeg {
    RouteLeg { medium, until: Until::Delivered, within: Some(Span::from_secs(60)), arrives: None }
}

fn content(medium: Medium) -> Content {
    let piece = |text: &str| Part::Fixed(text.into());
    Content {
        medium,
        template: None,
        title: if medium == Medium::Lms { fixed("LH 임대료 안내") } else { Text::default() },
        text: Text {
            parts: vec![
                piece("[LH] "),
                Part::Var(0),
                piece("님 12월 임대료 "),
                Part::Var(1),
                piece("원, 납부기한 "),
                Part::Var(2),
            ],
        },
        buttons: vec![Button { id: ButtonId(0), label: "납부하기".into(), kind: "WL".into() }],
        advert: false,
    }
}
