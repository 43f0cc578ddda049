//! What a role may know: the one place where it is decided. What is not put into an answer here does not leave this
//! process for a seat of that role, whatever its page would like to show.

use serde_json::{Value, json};

use crate::host::class::books::Books;
use crate::host::class::figures::percent;
use crate::host::class::role::Role;
use crate::host::class::room::Line;
use crate::host::control::run::{Run, Status};
use crate::sim::model::ids::PersonId;
use crate::sim::model::medium::Network;
use crate::sim::plan::render::render;
use crate::sim::plan::{Channel, Plan};
use crate::sim::time::Span;

/// The platform that the operator runs.
const PLATFORM: Network = Network::Kakao;
/// One of so many people who have a reason to complain does.
const COMPLAINS: u64 = 10;
/// Reports reach the ministry after so much of the run, within these bounds.
const DELAY: (u64, Span, Span) = (12, Span::from_secs(15), Span::from_secs(30 * 60));
/// Complaints of the class that the press reads, the newest.
const LETTERS: usize = 12;
/// Codes that the sender is shown, the most frequent.
const CODES: usize = 6;

/// What a role sees of a run, as its books stand.
pub fn sees(role: Role, run: &Run, books: &Books, complaints: &[Line], person: Option<PersonId>) -> Value {
    match role {
        Role::Citizen => citizen(run, books, person),
        Role::Sender => sender(books),
        Role::Operator => operator(run, books),
        Role::Ministry => ministry(run, books),
        Role::Press => press(books, complaints),
    }
}

/// What their own phone, letter box and ears have shown them: also before a browser became that phone. What comes after that
/// the phone hears from the networks itself.
fn citizen(run: &Run, books: &Books, person: Option<PersonId>) -> Value {
    let boxed = person.map_or(&[][..], |person| books.boxed(person));
    let messages = boxed.iter().filter_map(|boxed| {
        let words = render(&run.plan, &run.people, boxed.kind, boxed.medium, person?)?;
        let network = run.plan.medium(boxed.medium).network;
        let channel = &run.plan.channels[run.plan.kinds[boxed.kind.index()].channel.index()];
        Some(json!({
            "attempt": boxed.attempt.to_string(), "medium": boxed.medium.name(), "channel": channel.key,
            "from": { "ko": channel.name.ko, "en": channel.name.en }, "title": words.title, "text": words.text,
            "large": words.large, "shown_us": boxed.at.micros(), "opened_us": boxed.opened.map(|at| at.micros()),
            "network": network.name(),
            "buttons": words.buttons.iter().map(|face| json!({ "id": face.name, "label": face.label })).collect::<Vec<Value>>(),
        }))
    });
    json!({ "messages": messages.collect::<Vec<Value>>() })
}

/// Belief alone: calls, answers, reports, its own decisions. Nothing that a phone showed.
fn sender(books: &Books) -> Value {
    let now = &books.now;
    let [failed, uncertain, delivered, shown, opened] = now.claims;
    let told = failed + uncertain + delivered + shown + opened;
    let mut codes: Vec<_> = books.codes.iter().collect();
    codes.sort_by_key(|(code, count)| (std::cmp::Reverse(**count), **code));
    let code = |(code, count): (&crate::sim::model::code::Code, &u64)| json!({ "code": code.0, "count": count });
    json!({
        "notices": now.notices, "called": now.called, "accepted": now.accepted, "refused": now.refused,
        "unanswered": now.unanswered, "codes": codes.into_iter().take(CODES).map(code).collect::<Vec<Value>>(),
        "told_failed": failed, "told_uncertain": uncertain, "told_arrived": now.believed(),
        "told_nothing": now.notices.saturating_sub(told), "fell_back": now.fell_back, "satisfied": now.satisfied,
        "given_up": now.given_up, "cost": now.cost, "believed_percent": percent(now.believed(), now.notices),
    })
}

/// One platform: lines, queues, faults. Not what it was about, nor whether somebody was told otherwise.
fn operator(run: &Run, books: &Books) -> Value {
    let (now, place) = (&books.now, PLATFORM.index());
    let rows = run.faults();
    let on = books.faults.iter().filter_map(|(fault, since)| Some((rows.get(fault.index())?, since)));
    let on = on.filter(|(row, _)| row.networks.contains(&PLATFORM));
    json!({
        "network": PLATFORM.name(), "open": now.open[place], "cut": now.cut[place],
        "turned_away": now.turned_away[place], "taken": now.taken[place], "waiting": now.waiting[place],
        "passed": now.passed[place], "lost": now.lost[place],
        "faults": on.map(|(row, since)| json!({ "kind": row.kind, "since_us": since.micros() })).collect::<Vec<Value>>(),
        "passed_percent": percent(now.passed[place], now.taken[place]),
    })
}

/// What the sender and the platform report, added up, and late.
fn ministry(run: &Run, books: &Books) -> Value {
    let delay = Span::from_micros(run.plan.clock.stop.micros() / DELAY.0).clamp(DELAY.1, DELAY.2);
    let then = books.ago(delay);
    let cut = then.cut[PLATFORM.index()];
    json!({
        "delay_us": delay.micros(), "as_of_us": books.now.at.micros().saturating_sub(delay.micros()),
        "notices": then.notices, "reported_arrived": then.believed(), "platform_hurt": cut > 0,
        "believed_percent": percent(then.believed(), then.notices),
    })
}

/// What people write in about: what they can notice. Somebody who never got a notice does not know it.
fn press(books: &Books, complaints: &[Line]) -> Value {
    let now = &books.now;
    let some = |people: u64| people.div_ceil(COMPLAINS);
    let letters = complaints.iter().rev().take(LETTERS);
    json!({
        "cut": Network::ALL.map(|network| (network, some(now.cut[network.index()]))).into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(network, count)| json!({ "network": network.name(), "count": count })).collect::<Vec<Value>>(),
        "twice": some(now.twice), "late": some(now.late), "late_after_us": books.late_after().micros(),
        "letters": letters.map(|line| json!({ "at_us": line.at.micros(), "text": line.text })).collect::<Vec<Value>>(),
    })
}

/// What was so: for the teacher, and for everybody once it is revealed.
pub fn truth(books: &Books) -> Value {
    let (now, place) = (&books.now, PLATFORM.index());
    json!({
        "notices": now.notices, "reached": now.reached, "opened": now.opened, "twice": now.twice, "late": now.late,
        "cost": now.cost, "believed": now.believed(), "open": now.open[place], "cut": now.cut[place],
        "faults_on": books.faults.len(), "reached_percent": percent(now.reached, now.notices),
        "opened_percent": percent(now.opened, now.notices), "missed": books.missed,
    })
}

/// The run's clock, which everybody may see; not its title, which tells what will happen.
pub fn clock(run: &Run, status: &Status) -> Value {
    json!({
        "id": run.id.to_string(), "state": status.state.name(), "at_us": status.at.micros(), "speed": status.speed,
        "stop_us": run.plan.clock.stop.micros(), "start_unix_s": run.plan.clock.start_unix_s,
        "offset_s": run.plan.clock.offset_s,
    })
}

/// The networks with sessions that a plan's notices travel on.
pub fn networks(plan: &Plan) -> Vec<Network> {
    let mut networks: Vec<Network> =
        plan.kinds.iter().flat_map(|kind| kind.legs()).map(|leg| plan.medium(leg.medium).network).collect();
    networks.sort_unstable();
    networks.dedup();
    networks.retain(|network| plan.networks[network.index()].sessions);
    networks
}

/// What a phone has to know to be one: its number, its networks and the channels that it can write to or block.
pub fn phone(run: &Run, person: PersonId) -> Value {
    let channel =
        |channel: &Channel| json!({ "key": channel.key, "name": { "ko": channel.name.ko, "en": channel.name.en } });
    json!({
        "number": run.people.numbers().number(person),
        "networks": networks(&run.plan).iter().map(|network| network.name()).collect::<Vec<&str>>(),
        "channels": run.plan.channels.iter().map(channel).collect::<Vec<Value>>(),
    })
}
