//! From a person's events to their biography: every turn with what the sender believed and what was true after it, and
//! an answer to the question that people ask: why never, why late, why twice?

use std::collections::BTreeMap;

use crate::report::audit::select::Selected;
use crate::report::audit::{Believed, Biography, Stroke, Truth, Turn, Window, sentence};
use crate::report::ndjson_read::Reader;
use crate::report::words::{cause, length};
use crate::sim::expect::record::Belief;
use crate::sim::model::denial::Denial;
use crate::sim::model::event::{Cause, Event, EventKind};
use crate::sim::model::ids::{AttemptId, FaultId, NoticeId, PersonId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::words::{Lang, Words};
use crate::sim::plan::Plan;
use crate::sim::plan::population::Population;
use crate::sim::time::{SimTime, Span};

/// What is known of a notice while its story is told.
#[derive(Debug, Default)]
struct Life {
    kind: String,
    created: SimTime,
    /// By ordinal: the medium, and what the sender was last told.
    attempts: BTreeMap<u8, (Medium, Believed)>,
    truth: Truth,
    /// Each showing: when, by what medium, as which copy, and by which fault it was late or doubled.
    showings: Vec<(SimTime, Medium, u8, Option<FaultId>)>,
    /// Each fallback: when, to what medium, why.
    fallbacks: Vec<(SimTime, Medium, Cause)>,
    /// What the provider said last when it did not take a request.
    denied: Option<Denial>,
    /// Faults named in its events.
    faults: Vec<FaultId>,
}

/// Tells the story of what was selected; `None` if it holds no notice.
pub fn of(selected: &Selected, plan: &Plan, people: &Population, names: &Reader) -> Option<Biography> {
    let person = selected.person?;
    let mut lives: BTreeMap<NoticeId, Life> = BTreeMap::new();
    let mut turns: Vec<Turn> = Vec::new();
    for event in &selected.events {
        if let Some(turn) = turn(event, &mut lives, plan, names) {
            turns.push(turn);
        }
    }
    let windows = windows(&selected.events, &lives, names);
    let within = |turn: &Turn| is_told(turn, &lives, &windows, names);
    turns.retain(within);
    Some(Biography {
        number: people.numbers().number(person),
        about: about(person, plan, people),
        notices: lives.iter().map(|(id, life)| (*id, life.kind.clone())).collect(),
        turns,
        windows,
        answers: lives.iter().map(|(id, life)| answer(*id, life, names)).collect(),
    })
}

fn turn(event: &Event, lives: &mut BTreeMap<NoticeId, Life>, plan: &Plan, names: &Reader) -> Option<Turn> {
    if matches!(event.kind, EventKind::RunStarted) {
        return None;
    }
    let notice = event.kind.notice();
    let life = notice.map(|notice| lives.entry(notice).or_default());
    let (mut medium, mut believed, mut truth, mut since) = (None, None, None, Span::ZERO);
    if let Some(life) = life {
        medium = life.take(event, names);
        (believed, truth) = (Some(life.believed()), Some(life.truth));
        since = event.at.since(life.created);
    }
    let network = medium.map_or(Network::Kakao, |medium: Medium| plan.media[medium.index()].network);
    let told = sentence::told(event.kind, since, names);
    let stroke = sentence::stroke(event.kind, network);
    Some(Turn { event: *event, told, stroke, medium, believed, truth })
}

impl Life {
    /// Follows an event; answers its medium.
    fn take(&mut self, event: &Event, names: &Reader) -> Option<Medium> {
        if let Some(fault) = sentence::fault_of(event.kind).filter(|fault| !self.faults.contains(fault)) {
            self.faults.push(fault);
        }
        match event.kind {
            EventKind::Created { kind, .. } => {
                self.created = event.at;
                self.kind = names.kind_name(kind).to_owned();
            }
            EventKind::Submitted { attempt, medium, .. } => {
                self.attempts.insert(attempt.ordinal, (medium, Believed::Nothing));
            }
            EventKind::Accepted { attempt } => self.believe(attempt, Believed::Accepted),
            EventKind::Refused { attempt, said, .. } => {
                self.believe(attempt, Believed::Refused);
                self.denied = said.or(self.denied);
            }
            EventKind::Reported { attempt, claim, .. } => self.tell(attempt, Believed::Told(Belief::of(claim))),
            EventKind::Shown { attempt, copy, fault, .. } => {
                self.truth.showings += 1;
                let medium = self.medium(attempt)?;
                self.showings.push((event.at, medium, copy, fault));
            }
            EventKind::Opened { .. } => self.truth.opened = true,
            EventKind::FellBack { to, cause, .. } => {
                self.fallbacks.push((event.at, to, cause));
                return Some(to);
            }
            _others_change_no_fact => {}
        }
        event.kind.attempt().and_then(|attempt| self.medium(attempt))
    }

    fn medium(&self, attempt: AttemptId) -> Option<Medium> {
        self.attempts.get(&attempt.ordinal).map(|row| row.0)
    }

    /// Only makes a belief stronger.
    fn believe(&mut self, attempt: AttemptId, believed: Believed) {
        if let Some(row) = self.attempts.get_mut(&attempt.ordinal) {
            row.1 = row.1.max(believed);
        }
    }

    /// What was last told holds.
    fn tell(&mut self, attempt: AttemptId, believed: Believed) {
        if let Some(row) = self.attempts.get_mut(&attempt.ordinal) {
            row.1 = believed;
        }
    }

    /// The best over all attempts, as the report's table counts it.
    fn believed(&self) -> Believed {
        self.attempts.values().map(|row| row.1).max().unwrap_or(Believed::Nothing)
    }
}

/// Windows of the faults that touched the story or the phone's connections.
fn windows(events: &[Event], lives: &BTreeMap<NoticeId, Life>, names: &Reader) -> Vec<Window> {
    let mut named: Vec<FaultId> = lives.values().flat_map(|life| life.faults.iter().copied()).collect();
    named.extend(events.iter().filter_map(|event| sentence::fault_of(event.kind)));
    let mut windows: Vec<Window> = Vec::new();
    for event in events {
        match event.kind {
            EventKind::FaultBegan { fault } if named.contains(&fault) => {
                windows.push(Window { name: names.fault_name(fault).to_owned(), began: event.at, ended: None });
            }
            EventKind::FaultEnded { fault, .. } => {
                let name = names.fault_name(fault);
                if let Some(window) = windows.iter_mut().rev().find(|window| window.name == name) {
                    window.ended = Some(event.at);
                }
            }
            _not_a_window => {}
        }
    }
    windows
}

/// Faults that never touched the person are left out, and so are connections made before the first notice or long
/// after the last.
fn is_told(turn: &Turn, lives: &BTreeMap<NoticeId, Life>, windows: &[Window], names: &Reader) -> bool {
    let first = lives.values().map(|life| life.created).min().unwrap_or(SimTime::ZERO);
    match turn.event.kind {
        EventKind::FaultBegan { fault }
        | EventKind::FaultStaged { fault, .. }
        | EventKind::FaultEnded { fault, .. } => windows.iter().any(|window| window.name == names.fault_name(fault)),
        EventKind::SessionOpened { .. } => turn.event.at >= first && turn.event.at > SimTime::ZERO,
        _part_of_the_story => turn.stroke != Stroke::Edge || turn.event.at >= first,
    }
}

/// `senior, kakao active, phone powered`.
fn about(person: PersonId, plan: &Plan, people: &Population) -> Words {
    let Some(known) = people.get(person) else { return Words::default() };
    let mut parts: Vec<String> = Vec::new();
    parts.extend(plan.cohorts.get(usize::from(known.cohort)).map(|cohort| cohort.key.clone()));
    let groups = plan.groups.iter().enumerate();
    let inside = groups.filter(|(place, _)| *place < 64 && known.groups.0 >> place & 1 == 1);
    parts.extend(inside.map(|(_, name)| name.clone()));
    let (ko, en) = match known.kakao.name() {
        "active" => ("카카오톡 사용", "uses KakaoTalk"),
        "inactive" => ("카카오톡 휴면", "KakaoTalk account inactive"),
        "blocked" => ("채널 차단", "blocked the channel"),
        _none => ("카카오톡 미사용", "not a KakaoTalk user"),
    };
    let off = known.phone == crate::sim::model::person::PhoneState::Dark;
    let (phone_ko, phone_en) = if off { ("단말 꺼짐", "phone off") } else { ("단말 켜짐", "phone on") };
    let with = |kakao: &str, phone: &str| {
        parts.iter().map(String::as_str).chain([kakao, phone]).collect::<Vec<_>>().join(", ")
    };
    Words { ko: with(ko, phone_ko), en: with(en, phone_en) }
}

/// Why it showed as often as it did.
fn answer(id: NoticeId, life: &Life, names: &Reader) -> Words {
    let faults = faults(life, names);
    let fell = life.fallbacks.last().map(|(_, to, why)| fell_words(*to, *why));
    let how = |lang: Lang| fell.as_ref().map(|fell| format!(" {}", fell.text(lang))).unwrap_or_default();
    match life.showings.as_slice() {
        [] => Words {
            ko: format!("{id}: 한 번도 표시되지 않음.{}{}", how(Lang::Ko), faults.ko),
            en: format!("{id}: it never showed.{}{}", how(Lang::En), faults.en),
        },
        [(at, medium, _, _)] => {
            let after = at.since(life.created);
            Words {
                ko: format!(
                    "{id}: {}(으)로 한 번 표시됨, {} 만에.{}{}",
                    medium.ko(),
                    length(after, Lang::Ko),
                    how(Lang::Ko),
                    faults.ko
                ),
                en: format!(
                    "{id}: shown once, by {}, after {}.{}{}",
                    medium.name(),
                    length(after, Lang::En),
                    how(Lang::En),
                    faults.en
                ),
            }
        }
        many => {
            let each = |lang: Lang| {
                many.iter().map(|showing| showing_words(showing, names, lang)).collect::<Vec<_>>().join("; ")
            };
            Words {
                ko: format!("{id}: {}번 표시됨: {}.{}{}", many.len(), each(Lang::Ko), how(Lang::Ko), faults.ko),
                en: format!("{id}: shown {} times: {}.{}{}", many.len(), each(Lang::En), how(Lang::En), faults.en),
            }
        }
    }
}

fn showing_words(showing: &(SimTime, Medium, u8, Option<FaultId>), names: &Reader, lang: Lang) -> String {
    let (at, medium, copy, fault) = showing;
    let at = to_the_millisecond(*at);
    let fault = fault.map(|fault| names.fault_name(fault));
    match (lang, *copy > 0, fault) {
        (Lang::Ko, true, Some(fault)) => format!("{at} {} 사본 (장애 {fault})", medium.ko()),
        (Lang::Ko, false, Some(fault)) => format!("{at} {} (장애 {fault} 때문에 늦음)", medium.ko()),
        (Lang::Ko, true, None) => format!("{at} {} 사본", medium.ko()),
        (Lang::Ko, false, None) => format!("{at} {}", medium.ko()),
        (Lang::En, true, Some(fault)) => format!("a copy of the {} at {at} (fault {fault})", medium.name()),
        (Lang::En, false, Some(fault)) => format!("{} at {at} (late by fault {fault})", medium.name()),
        (Lang::En, true, None) => format!("a copy of the {} at {at}", medium.name()),
        (Lang::En, false, None) => format!("{} at {at}", medium.name()),
    }
}

/// An instant as a story tells it; `events.ndjson` has it whole.
pub fn to_the_millisecond(at: SimTime) -> SimTime {
    SimTime::from_micros(at.micros() / 1_000 * 1_000)
}

fn fell_words(to: Medium, why: Cause) -> Words {
    Words {
        ko: format!("발신자는 '{}' 때문에 {}(으)로 넘어갔음.", cause(why, Lang::Ko), to.ko()),
        en: format!("The sender went on to {}: {}.", to.name(), cause(why, Lang::En)),
    }
}

fn not_taken(said: Option<Denial>) -> Words {
    let Some(said) = said else { return Words::default() };
    Words {
        ko: format!(" 중계사가 접수하지 않은 요청이 있음: {said}."),
        en: format!(" The provider did not take a request for it: {said}."),
    }
}

/// What else had a part in it: what the provider did not take, and faults.
fn faults(life: &Life, names: &Reader) -> Words {
    let mut told = not_taken(life.denied);
    let list: Vec<&str> = life.faults.iter().map(|fault| names.fault_name(*fault)).collect();
    if !list.is_empty() {
        let list = list.join(", ");
        told.ko.push_str(&format!(" 닿은 장애: {list}."));
        told.en.push_str(&format!(" Touched by: {list}."));
    }
    told
}
