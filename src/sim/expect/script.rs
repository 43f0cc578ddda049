//! Runs written by hand, for tests: a line is an instant, a verb and its words. Nothing here runs outside tests.
//!
//! The stage: ten tenants (0 and 1 senior, 2 disabled; 8 has a dark phone, 9 no messenger; 0 to 4 live in seoul), the
//! notice `rent` (alimtalk for 60 s, then lms for 10 min; expires after a day), the reply `thanks`, the button `pay`
//! that the desk counts as `paid` once a person, three emoticons in stock, and the fault `silence-10m` from 5 to 15 min.

use std::sync::Arc;

use crate::sim::dice::{Seed, Share, Spread};
use crate::sim::expect::verdict::{Outcome, Verdict};
use crate::sim::expect::{Clause, Promise, Strength, Watch, parse, parse_stop};
use crate::sim::fault::{Fault, FaultKind, Recover, Scope};
use crate::sim::medium::{Answer, Capability, Limit, MediumRules, Needs};
use crate::sim::model::code::Code;
use crate::sim::model::denial::Denial;
use crate::sim::model::event::{Cause, Claim, Ear, End, Event, EventKind, Hold, Leg, Loss};
use crate::sim::model::ids::{
    AttemptId, ButtonId, ChannelId, CounterId, FaultId, GroupId, KindId, NoticeId, PersonId, RegionId, RuleId, SendId,
    StateId, StockId,
};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::person::{Groups, KakaoState, PhoneState};
use crate::sim::model::service::ServiceEvent;
use crate::sim::model::words::Words;
use crate::sim::network::{Members, NetworkRules};
use crate::sim::plan::message::{Kind, RouteLeg, Until};
use crate::sim::plan::population::Population;
use crate::sim::plan::service::Services;
use crate::sim::plan::service::stock::Stock;
use crate::sim::plan::service::terms::Terms;
use crate::sim::plan::{
    Audience, Channel, Clock, Cohort, DeskRule, Habits, Listed, Pace, Plan, Policy, Send, Sender, SenderDrive, Trigger,
};
use crate::sim::time::{SimTime, Span};

mod service;

/// What [`judged`] answers for an empty set.
pub(super) const EMPTY: &str = "inconclusive: the set is empty: nothing it speaks of happened";

/// Two homes, one of them by way of a fallback; three presses, one answered, counted and thanked for.
pub(super) const PRESSED_DAY: &str = "
    0s  created n0 p0
    0s  submitted n0/0 alimtalk
    60s fellback n0 alimtalk lms no_receipt by silence-10m
    60s submitted n0/1 lms
    64s shown n0/1
    0s  created n1 p1
    0s  submitted n1/0 alimtalk
    1s  shown n1/0
    2m pressed n1/0 p1 pay
    2m pressed n1/0 p1 pay
    3m pressed n0/1 p0 more
    4m answered p1 counted
    5m counted p1 180000
    6m created n2 p1 thanks
    9m  end stop";

/// Two homes, one of them by way of a fallback; nobody presses anything.
pub(super) const TWO_HOMES: &str = "
    0s  created n0 p0
    0s  submitted n0/0 alimtalk
    60s fellback n0 alimtalk lms no_receipt by silence-10m
    60s submitted n0/1 lms
    64s shown n0/1
    0s  created n1 p1
    0s  submitted n1/0 alimtalk
    1s  shown n1/0
    9m  end stop";

/// Four homes of which the sender is told four things, two of them untrue.
pub(super) const FOUR_BELIEFS: &str = "
    0s created n0 p0
    0s submitted n0/0 alimtalk
    1s reported n0/0 delivered
    0s created n1 p1
    0s submitted n1/0 alimtalk
    1s shown n1/0
    2s reported n1/0 failed
    0s created n2 p2
    0s submitted n2/0 alimtalk
    1s shown n2/0
    2s reported n2/0 shown
    0s created n3 p3
    0s submitted n3/0 alimtalk
    2s reported n3/0 uncertain
    9m end stop";

/// A notice that nothing is ever done about.
pub(super) const NOTHING_SENT: &str = "
    0s created n0 p0
    9m end stop";

/// Two phones lose their lines, one of them to a fault; one comes back.
pub(super) const TWO_LINES_CUT: &str = "
    0s created n0 p0
    1s online p0
    5m began silence-10m
    5m offline p0 by silence-10m
    6m offline p1
    7m online p0
    9m end stop";

/// Three things are said: one answered at once, one lost, one put through and answered by hand; one of two talks is
/// forgotten.
pub(super) const TALK: &str = "
    1m said p0 w0
    1m replied p0 w0 machine
    1m turned p0
    2m said p1 w1
    3m replied p1 w1 machine
    3m through p1 w1
    6m replied p1 w1 human
    7m turned p1
    7m said p5 w2
    8m wordlost p5 w2 by silence-10m
    9m forgot p0
    9m end stop";

/// A run in which nothing happens.
pub(super) const NOTHING: &str = "
    9m end stop";

/// The stage.
pub(crate) fn plan() -> Plan {
    let seconds = Span::from_secs;
    Plan {
        name: "script".into(),
        title: Words::same("script"),
        lesson: None,
        sources: Vec::new(),
        seed: Seed(1),
        clock: Clock { start_unix_s: 0, offset_s: 32_400, stop: SimTime::ZERO + seconds(3_000) },
        channels: vec![Channel { key: "lh".into(), name: Words::same("LH"), search_id: "@lh".into() }],
        groups: vec!["senior".into(), "disabled".into()],
        regions: vec!["seoul".into(), "busan".into()],
        cohorts: vec![cohort()],
        magic: None,
        media: std::array::from_fn(|_| medium()),
        networks: std::array::from_fn(|_| network()),
        kinds: vec![kind("rent", &[(Medium::Alimtalk, 60), (Medium::Lms, 600)]), kind("thanks", &[(Medium::Chat, 60)])],
        buttons: vec!["pay".into(), "more".into()],
        sends: vec![send()],
        faults: vec![fault("silence-10m", 300, 900)],
        desk: vec![DeskRule {
            when: Trigger::Press(ButtonId(0)),
            from: Some(KindId(0)),
            once: true,
            count: Some(CounterId(0)),
            reply: Some(KindId(1)),
            terms: Terms::default(),
        }],
        counters: vec!["paid".into()],
        services: Services { stocks: vec![Stock { key: "emoticon".into(), count: Some(3) }], ..Services::default() },
        sender: Sender {
            drive: SenderDrive::Builtin,
            policy: Policy::Timer(None),
            patience: seconds(5),
            retries: 0,
            backoff: seconds(1),
            idempotent: true,
            speaks: None,
            receipts_to: None,
        },
    }
}

/// A fault of the stage.
pub(super) fn fault(name: &str, begins: u64, ends: u64) -> Fault {
    Fault {
        name: name.into(),
        kind: FaultKind::Silence,
        scope: Scope { networks: vec![Network::Kakao], ..Scope::default() },
        begins: SimTime::ZERO + Span::from_secs(begins),
        ends: Some(SimTime::ZERO + Span::from_secs(ends)),
        recover: Recover::Drop,
        lifted: false,
        pack: None,
    }
}

/// A promise of `must` clauses.
pub(crate) fn must(plan: &Plan, sources: &[&str]) -> Promise {
    Promise {
        expect: sources.iter().map(|source| clause(plan, Strength::Must, source)).collect(),
        ..Promise::default()
    }
}

/// One clause.
pub(super) fn clause(plan: &Plan, strength: Strength, source: &str) -> Clause {
    let read = if strength == Strength::Stop { parse_stop(source, plan) } else { parse(source, plan) };
    let expression = read.unwrap_or_else(|error| panic!("{source}: {}", error.message.en));
    Clause { strength, source: source.into(), expression, why: Words::same("why") }
}

/// A watch that has seen the script, `RunStarted` before it.
pub(crate) fn watch(plan: Plan, script: &str, promise: Promise) -> Watch {
    let people = Arc::new(Population::of(&plan));
    let mut watch = Watch::new(Arc::new(plan), people, promise);
    watch.observe(&Event { at: SimTime::ZERO, kind: EventKind::RunStarted });
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        watch.observe(&event(line));
    }
    watch
}

/// The verdict on a script.
pub(super) fn verdict(script: &str, sources: &[&str]) -> Verdict {
    let plan = plan();
    let promise = must(&plan, sources);
    watch(plan, script, promise).finish()
}

/// One expression over a script: its outcome and its reason in English.
pub(super) fn judged(script: &str, source: &str) -> String {
    let verdict = verdict(script, &[source]);
    let clause = &verdict.clauses[0];
    match clause.outcome {
        Outcome::Held => format!("held: {}", clause.reason.en),
        Outcome::Broken => format!("broken: {}", clause.reason.en),
        Outcome::Inconclusive => format!("inconclusive: {}", clause.reason.en),
    }
}

/// Several expressions over a script, each with what [`judged`] has to answer.
pub(super) fn judge_all(script: &str, rows: &[(&str, &str)]) {
    for (source, expected) in rows {
        assert_eq!(judged(script, source), *expected, "{source}");
    }
}

/// `90s created n0 p1` to an event.
fn event(line: &str) -> Event {
    let words: Vec<&str> = line.split_whitespace().collect();
    Event { at: SimTime::ZERO + span(words[0]), kind: kind_of(words[1], &words[2..]) }
}

fn kind_of(verb: &str, words: &[&str]) -> EventKind {
    let fault = words.iter().position(|word| *word == "by").map(|place| fault_id(words[place + 1]));
    let first = words[0];
    match verb {
        "began" => EventKind::FaultBegan { fault: fault_id(first) },
        "ended" => EventKind::FaultEnded { fault: fault_id(first), lifted: false },
        "created" => {
            let reply = words.get(2) == Some(&"thanks");
            EventKind::Created {
                notice: NoticeId(number(first)),
                person: person(words[1]),
                kind: KindId(u16::from(reply)),
                send: (!reply).then_some(SendId(0)),
            }
        }
        "submitted" => {
            EventKind::Submitted { attempt: attempt(first), medium: medium_of(words[1]), person: PersonId(0) }
        }
        "accepted" => EventKind::Accepted { attempt: attempt(first) },
        "refused" => {
            let (attempt, said) = (attempt(first), None);
            EventKind::Refused { attempt, code: Code(words[1].parse().expect("a code")), said, fault }
        }
        "denied" => {
            let (attempt, said) = (attempt(first), Denial::find("solapi", words[1]));
            EventKind::Refused { attempt, code: Code::NOT_TAKEN, said, fault: None }
        }
        "unanswered" => EventKind::Unanswered { attempt: attempt(first), taken: false, fault },
        "waits" => EventKind::Held { attempt: attempt(first), why: Hold::Capacity, fault },
        "lost" => EventKind::Lost { attempt: attempt(first), leg: Leg::Deliver, why: Loss::Dropped, fault },
        "charged" => EventKind::Charged { attempt: attempt(first), price: words[1].parse().expect("a price") },
        "shown" => EventKind::Shown { attempt: attempt(first), person: PersonId(0), copy: 0, fault },
        "reported" => {
            let ear = Ear::ALL.into_iter().find(|ear| words.get(2) == Some(&ear.name())).unwrap_or(Ear::Webhook);
            EventKind::Reported { attempt: attempt(first), claim: claim(words[1]), ear, code: Code::OK, fault }
        }
        "opened" => EventKind::Opened { attempt: attempt(first), person: PersonId(0) },
        "returned" => EventKind::Returned { attempt: attempt(first) },
        "fellback" => EventKind::FellBack {
            notice: NoticeId(number(first)),
            from: medium_of(words[1]),
            to: medium_of(words[2]),
            cause: cause(words[3]),
            fault,
        },
        "retried" => EventKind::Retried { attempt: attempt(first), round: 1 },
        "pressed" => EventKind::Pressed {
            attempt: attempt(first),
            person: person(words[1]),
            button: ButtonId(u16::from(words[2] != "pay")),
        },
        "answered" => EventKind::Answered { rule: RuleId(0), person: person(first), counted: words[1] == "counted" },
        "counted" => {
            let amount = words[1].parse().expect("an amount");
            EventKind::Counted { counter: CounterId(0), person: person(first), amount }
        }
        "joins" => EventKind::Service(ServiceEvent::FriendAdded { person: person(first), channel: ChannelId(0) }),
        "leaves" => EventKind::Service(ServiceEvent::FriendLeft {
            person: person(first),
            channel: ChannelId(0),
            blocked: false,
        }),
        "granted" => EventKind::Service(ServiceEvent::Granted {
            person: person(first),
            stock: StockId(0),
            number: words[1].parse().expect("a number"),
        }),
        "soldout" => EventKind::Service(ServiceEvent::SoldOut { person: person(first), stock: StockId(0) }),
        "stranger" => EventKind::Service(ServiceEvent::TurnedAway { person: person(first), channel: ChannelId(0) }),
        "threshold" => EventKind::Service(ServiceEvent::ThresholdReached {
            counter: CounterId(0),
            count: words[1].parse().expect("a number"),
            people: words[1].parse().expect("a number"),
        }),
        "relayed" => EventKind::Service(ServiceEvent::Relayed {
            person: person(first),
            to: PersonId(3),
            notice: NoticeId(0),
            hops: words[1].parse().expect("a number"),
        }),
        "online" => EventKind::SessionOpened { person: person(first), network: Network::Kakao },
        "offline" => EventKind::SessionClosed { person: person(first), network: Network::Kakao, fault },
        "end" => EventKind::RunEnded { end: if first == "asked" { End::Asked } else { End::Stop } },
        other => {
            let of_talk = || talk(other, person(first), words).map(EventKind::Service);
            let event = service::kind_of(other, words, fault).or_else(of_talk);
            event.unwrap_or_else(|| panic!("no verb {other}"))
        }
    }
}

/// What happens in talks and with coupons.
fn talk(verb: &str, person: PersonId, words: &[&str]) -> Option<ServiceEvent> {
    let (channel, state) = (ChannelId(0), StateId(0));
    let word = || number(words[1]);
    Some(match verb {
        "redeemed" => ServiceEvent::Redeemed { person, stock: StockId(0) },
        "unredeemed" => ServiceEvent::RedeemRefused { person, stock: StockId(0) },
        "said" => ServiceEvent::Said { person, channel, word: word() },
        "wordlost" => ServiceEvent::WordLost { person, channel, word: word(), fault: Some(fault_id(words[3])) },
        "through" => ServiceEvent::PutThrough { person, channel, word: word(), open: true },
        "replied" => ServiceEvent::Replied { person, channel, word: word(), human: words[2] == "human" },
        "turned" => ServiceEvent::TalkTurned { person, channel, state },
        "forgot" => ServiceEvent::TalkForgotten { person, channel, state },
        _other_services => return None,
    })
}

fn span(word: &str) -> Span {
    let (number, unit) = word.split_at(word.find(|c: char| !c.is_ascii_digit()).expect("a unit"));
    let number: u64 = number.parse().expect("a number");
    match unit {
        "ms" => Span::from_millis(number),
        "s" => Span::from_secs(number),
        "m" => Span::from_secs(number * 60),
        "h" => Span::from_hours(number),
        other => panic!("no unit {other}"),
    }
}

fn number(word: &str) -> u32 {
    word[1..].parse().expect("a number after one letter")
}

fn person(word: &str) -> PersonId {
    PersonId(number(word))
}

fn attempt(word: &str) -> AttemptId {
    AttemptId::parse(word).expect("an attempt")
}

fn fault_id(word: &str) -> FaultId {
    FaultId(if word == "silence-10m" { 0 } else { number(word) as u16 })
}

fn medium_of(word: &str) -> Medium {
    Medium::ALL.into_iter().find(|medium| medium.name() == word).expect("a medium")
}

fn claim(word: &str) -> Claim {
    let all = [Claim::Failed, Claim::Uncertain, Claim::Delivered, Claim::Shown, Claim::Opened];
    all.into_iter().find(|claim| claim.name() == word).expect("a claim")
}

fn cause(word: &str) -> Cause {
    let all = [Cause::Failed, Cause::NoReceipt, Cause::NotOpened, Cause::Provider];
    all.into_iter().find(|cause| cause.name() == word).expect("a cause")
}

fn cohort() -> Cohort {
    let listed = |id: u32| Listed {
        name: format!("tenant {id}"),
        kakao: if id == 9 { KakaoState::None } else { KakaoState::Active },
        phone: if id == 8 { PhoneState::Dark } else { PhoneState::Powered },
        groups: match id {
            0 | 1 => Groups::default().with(GroupId(0)),
            2 => Groups::default().with(GroupId(1)),
            _ => Groups::default(),
        },
        region: Some(RegionId(u16::from(id > 4))),
        ..Listed::plain()
    };
    let habits = Habits {
        reads_after: Spread::Fixed(Span::from_secs(1)),
        never: Share::NONE,
        presses: Vec::new(),
        presses_any: Share::NONE,
        press_after: Spread::Fixed(Span::from_secs(1)),
    };
    Cohort { listed: (0..10).map(listed).collect(), habits, ..Cohort::plain("tenants", PersonId(0), 10) }
}

fn kind(key: &str, legs: &[(Medium, u64)]) -> Kind {
    let leg = |row: &(Medium, u64)| RouteLeg {
        medium: row.0,
        until: Until::Delivered,
        within: Some(Span::from_secs(row.1)),
        arrives: None,
    };
    Kind {
        key: key.into(),
        title: Words::same(key),
        channel: ChannelId(0),
        vars: Vec::new(),
        contents: Vec::new(),
        route: legs.iter().map(leg).collect(),
        expires: Some(Span::from_days(1)),
        for_groups: Vec::new(),
    }
}

fn send() -> Send {
    let to = Audience {
        first: PersonId(0),
        count: 10,
        groups: Groups::default(),
        friends_of: None,
        regions: Vec::new(),
        standing_in: Vec::new(),
    };
    Send { kind: KindId(0), at: SimTime::ZERO, to, pace: Pace::Over(Span::from_secs(60)) }
}

fn medium() -> MediumRules {
    MediumRules {
        network: Network::Kakao,
        shows: Spread::Fixed(Span::from_secs(1)),
        receipt: Spread::Fixed(Span::from_secs(1)),
        answer: Answer::Push,
        tells_opened: false,
        needs: Needs::Phone,
        limit: Limit::None,
        rate: None,
        price: 800,
        day_only: false,
        weekdays: false,
        returned: Share::NONE,
        astray: Share::NONE,
        stored: true,
        spoken: false,
        capability: Capability::Text,
    }
}

fn network() -> NetworkRules {
    NetworkRules {
        sessions: true,
        store: Span::ZERO,
        backoff: Span::from_secs(1),
        backoff_max: Span::from_secs(60),
        connect: Spread::Fixed(Span::ZERO),
        members: Members::All,
    }
}
