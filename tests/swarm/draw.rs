//! From a seed to a plan: small, valid, and as odd as a file could make it.

use bongsu::sim::dice::{Seed, Share};
use bongsu::sim::medium::{self, Answer};
use bongsu::sim::model::ids::{ButtonId, ChannelId, CounterId, GroupId, KindId, PersonId, RegionId};
use bongsu::sim::model::medium::Medium;
use bongsu::sim::model::person::Groups;
use bongsu::sim::model::words::Words;
use bongsu::sim::network;
use bongsu::sim::plan::magic;
use bongsu::sim::plan::message::{
    Button, Content, Kind, Part, Review, RouteLeg, Template, Text, Until, Var, VarSource,
};
use bongsu::sim::plan::service::Services;
use bongsu::sim::plan::service::terms::Terms;
use bongsu::sim::plan::{
    Audience, Channel, Clock, Cohort, DeskRule, Habits, Pace, Plan, Policy, Send, Sender, SenderDrive, Trigger,
};
use bongsu::sim::time::{SimTime, Span};

use super::dice::Dice;
use super::faults;
use super::services;

/// Buttons that a drawn plan has.
pub const BUTTONS: [&str; 2] = ["pay", "ask"];
const GROUPS: u8 = 2;
const REGIONS: u16 = 2;

/// Draws a plan.
pub fn plan(seed: u64) -> Plan {
    let dice = &mut Dice::new(seed, 0);
    let stop_s = dice.one(&[1_800, 7_200, 21_600, 172_800, 777_600]);
    let channels = dice.between(1, 2) as u16;
    let cohorts = cohorts(dice, channels);
    let people = cohorts.last().map_or(0, |last| last.first.0 + last.count);
    let kinds = kinds(dice, channels);
    let sends = sends(dice, kinds.len() - 1, people, stop_s);
    let mut plan = Plan {
        name: format!("swarm-{seed}"),
        title: Words::same("swarm"),
        lesson: None,
        sources: Vec::new(),
        seed: Seed(seed),
        clock: Clock {
            start_unix_s: 1_665_814_800 + dice.below(86_400) as i64,
            offset_s: 32_400,
            stop: SimTime::ZERO + Span::from_secs(stop_s),
        },
        channels: (0..channels).map(channel).collect(),
        groups: (0..GROUPS).map(|group| format!("g{group}")).collect(),
        regions: (0..REGIONS).map(|region| format!("r{region}")).collect(),
        cohorts,
        magic: None,
        media: medium::all(),
        networks: network::all(),
        faults: faults::draw(dice, &sends, stop_s),
        sends,
        kinds,
        buttons: BUTTONS.map(String::from).into(),
        desk: Vec::new(),
        counters: vec!["counted".into()],
        services: Services::default(),
        sender: sender(dice),
    };
    plan.desk = desk(dice, &plan);
    bend(dice, &mut plan);
    services::draw(&mut Dice::new(seed, 3), &mut plan, stop_s);
    magic::join(&mut plan, magic::STANDBY, &[]);
    plan
}

/// Changes rules of media and networks as a file's `media:` would.
fn bend(dice: &mut Dice, plan: &mut Plan) {
    for rules in &mut plan.media {
        if dice.percent(30) {
            rules.shows = dice.spread(20);
            rules.receipt = dice.spread(20);
        }
        if dice.percent(20) {
            rules.answer = dice.one(&[Answer::Push, Answer::Silent, Answer::Polling(Span::from_secs(60))]);
        }
        if dice.percent(20) {
            rules.rate = Some(dice.between(1, 20) as u32);
        }
        if dice.percent(10) {
            rules.returned = dice.share();
            rules.astray = dice.share();
        }
    }
    for rules in &mut plan.networks {
        if dice.percent(20) {
            rules.store = dice.one(&[Span::ZERO, Span::from_secs(60), Span::from_days(30)]);
        }
    }
}

fn channel(number: u16) -> Channel {
    Channel { key: format!("c{number}"), name: Words::same("channel"), search_id: format!("@c{number}") }
}

fn cohorts(dice: &mut Dice, channels: u16) -> Vec<Cohort> {
    let (mut cohorts, mut first) = (Vec::new(), 0);
    for number in 0..dice.between(1, 3) {
        let count = dice.between(1, 15) as u32;
        let active = Share::from_ppm(dice.one(&[1_000_000, 900_000, 400_000]));
        let rest = (1_000_000 - active.ppm()) / 3;
        let none = Share::from_ppm(1_000_000 - active.ppm() - 2 * rest);
        let habits = Habits {
            reads_after: dice.spread(1_200),
            never: dice.one(&[Share::NONE, Share::from_ppm(300_000)]),
            presses: (0..BUTTONS.len()).map(|button| (ButtonId(button as u16), dice.share())).collect(),
            presses_any: Share::NONE,
            press_after: dice.spread(120),
        };
        cohorts.push(Cohort {
            kakao: [active, Share::from_ppm(rest), Share::from_ppm(rest), none],
            dark: dice.one(&[Share::NONE, Share::NONE, Share::from_ppm(200_000)]),
            friends: (0..channels).map(|channel| (ChannelId(channel), dice.share())).collect(),
            groups: (0..GROUPS).map(|group| (GroupId(group), dice.share())).collect(),
            regions: vec![(RegionId(0), Share::from_ppm(500_000)), (RegionId(1), Share::from_ppm(500_000))],
            habits,
            ..Cohort::plain(&format!("people{number}"), PersonId(first), count)
        });
        first += count;
    }
    cohorts
}

/// One to three kinds, and last the desk's reply.
fn kinds(dice: &mut Dice, channels: u16) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = (0..dice.between(1, 3)).map(|number| kind(dice, channels, number)).collect();
    let mut reply = content(dice, Medium::Chat);
    // A reply that could be answered would be answered for ever where nothing takes time.
    reply.buttons.clear();
    kinds.push(Kind {
        key: "reply".into(),
        title: Words::same("reply"),
        channel: ChannelId(0),
        vars: vars(dice),
        contents: vec![reply],
        route: vec![RouteLeg { medium: Medium::Chat, until: Until::Delivered, within: None, arrives: None }],
        expires: None,
        for_groups: Vec::new(),
    });
    kinds
}

fn kind(dice: &mut Dice, channels: u16, number: u64) -> Kind {
    let mut media = dice.some(&Medium::ALL, 25);
    if media.is_empty() {
        media = vec![Medium::Alimtalk, Medium::Lms];
    }
    media.truncate(4);
    let mut route: Vec<RouteLeg> = media.iter().map(|medium| leg(dice, *medium)).collect();
    if dice.percent(50) {
        route.reverse();
    }
    if dice.percent(10) {
        route.push(route[0]);
    }
    Kind {
        key: format!("k{number}"),
        title: Words::same("kind"),
        channel: ChannelId(dice.below(u64::from(channels)) as u16),
        vars: vars(dice),
        contents: media.iter().map(|medium| content(dice, *medium)).collect(),
        route,
        expires: dice.percent(30).then(|| dice.span(3_600)),
        for_groups: Vec::new(),
    }
}

fn leg(dice: &mut Dice, medium: Medium) -> RouteLeg {
    let until = dice.one(&[Until::Delivered, Until::Delivered, Until::Shown, Until::Opened]);
    let within = dice.percent(80).then(|| dice.span(600));
    RouteLeg { medium, until, within, arrives: (until == Until::Opened).then(|| dice.span(120)) }
}

fn vars(dice: &mut Dice) -> Vec<Var> {
    let won = VarSource::Won(0, dice.below(1_000_000) as u32);
    [("name", VarSource::PersonName), ("won", won)].map(|(name, value)| Var { name: name.into(), value }).into()
}

fn content(dice: &mut Dice, medium: Medium) -> Content {
    // Odd on purpose: over 90 bytes, over 2,000 bytes, outside CP949, an advert without its mark.
    let words = dice.one(&["안내 ".repeat(2), "안내 ".repeat(20), "안내 ".repeat(500), "안내 😀".into()]);
    let usual = dice.percent(85);
    let template = (dice.percent(20)).then(|| Template {
        code: "T".into(),
        review: if dice.percent(90) { Review::Approved } else { Review::Inspecting },
        approved: None,
    });
    let button = |id: usize| Button { id: ButtonId(id as u16), label: BUTTONS[id].into(), kind: "WL".into() };
    Content {
        medium,
        template,
        title: Text::default(),
        text: Text {
            parts: vec![
                Part::Fixed(if usual { "안내 ".into() } else { words }),
                Part::Var(0),
                Part::Fixed("님 ".into()),
                Part::Var(1),
                Part::Fixed("원".into()),
            ],
        },
        buttons: dice.some(&[0, 1], 50).into_iter().map(button).collect(),
        advert: dice.percent(8),
    }
}

fn sends(dice: &mut Dice, kinds: usize, people: u32, stop_s: u64) -> Vec<Send> {
    let mut sends: Vec<Send> = (0..dice.between(1, 3)).map(|_| send(dice, kinds, people, stop_s)).collect();
    sends.sort_by_key(|send| send.at);
    sends
}

fn send(dice: &mut Dice, kinds: usize, people: u32, stop_s: u64) -> Send {
    let first = dice.below(u64::from(people)) as u32;
    let pace = if dice.percent(15) {
        Pace::Chain { fanout: dice.between(1, 3) as u32, call: dice.spread(60) }
    } else {
        Pace::Over(dice.span(stop_s / 4))
    };
    Send {
        kind: KindId(dice.below(kinds as u64) as u16),
        at: SimTime::ZERO + dice.span(stop_s / 2),
        to: Audience {
            first: PersonId(first),
            count: dice.between(1, u64::from(people - first)) as u32,
            groups: if dice.percent(20) { Groups::default().with(GroupId(0)) } else { Groups::default() },
            friends_of: dice.percent(20).then_some(ChannelId(0)),
            regions: if dice.percent(20) { vec![RegionId(1)] } else { Vec::new() },
            standing_in: Vec::new(),
        },
        pace,
    }
}

fn desk(dice: &mut Dice, plan: &Plan) -> Vec<DeskRule> {
    let reply = KindId(plan.kinds.len() as u16 - 1);
    let rule = |dice: &mut Dice, when| DeskRule {
        when,
        from: dice.percent(30).then_some(KindId(0)),
        once: dice.percent(50),
        count: dice.percent(80).then_some(CounterId(0)),
        reply: dice.percent(50).then_some(reply),
        terms: Terms::default(),
    };
    let mut rules: Vec<DeskRule> = Vec::new();
    for button in 0..BUTTONS.len() as u16 {
        if dice.percent(70) {
            rules.push(rule(dice, Trigger::Press(ButtonId(button))));
        }
    }
    rules.push(rule(dice, Trigger::Say("안녕".into())));
    rules
}

fn sender(dice: &mut Dice) -> Sender {
    let timer = Policy::Timer(None);
    Sender {
        drive: SenderDrive::Builtin,
        policy: dice.one(&[
            Policy::None,
            Policy::VendorOnly,
            timer,
            timer,
            Policy::Timer(Some(Span::from_secs(90))),
            Policy::GovukWeights,
        ]),
        patience: Span::from_secs(dice.between(1, 30)),
        retries: dice.below(4) as u8,
        backoff: Span::from_secs(dice.between(1, 10)),
        idempotent: dice.percent(50),
        speaks: None,
        receipts_to: None,
    }
}
