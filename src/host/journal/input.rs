//! `inputs.ndjson`: one stamped input a line, `{"t":<microseconds>,"in":{<input>}}`, read back exactly as it was.
//!
//! Ids are the numbers of the run, not names: a replay has the same plan, so the same numbers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::host::journal::call::{self, CallLine, EarLine, claim_of};
use crate::host::journal::denied::{DeniedLine, said_by};
use crate::host::journal::fault::FaultLine;
use crate::host::journal::hook::HookLine;
use crate::host::journal::quick;
use crate::report::text::terminal::excerpt;
use crate::sim::engine::call::Note;
use crate::sim::engine::input::Input;
use crate::sim::model::code::Code;
use crate::sim::model::ids::{AttemptId, ButtonId, ChannelId, FaultId, KindId, PersonId, SessionId};
use crate::sim::model::medium::Network;
use crate::sim::time::SimTime;

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    t: u64,
    r#in: InputLine,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum InputLine {
    Hello { session: u32, network: String, people: Vec<u32> },
    Bye { session: u32 },
    Delivered { person: u32, attempt: String },
    Read { person: u32, attempt: String },
    Press { person: u32, attempt: String, button: u16 },
    Say { person: u32, channel: u16, text: String },
    Follow { person: u32, channel: u16 },
    Unfollow { person: u32, channel: u16 },
    Block { person: u32, channel: u16 },
    PostFault(Box<FaultLine>),
    LiftFault { fault: u16 },
    Submit { kind: u16, person: u32 },
    Call(Box<CallLine>),
    HungUp { call: u32 },
    Denied(DeniedLine),
    RequestsRefused { by: String, code: String, count: u32 },
    Heard { attempt: String, claim: String, code: u16, ear: EarLine },
    Hook(Box<HookLine>),
    Note { number: u32, contract: String, text: String },
    HandshakesRefused { network: String, count: u32 },
    SlowSessionCut { session: u32 },
    Stop {},
    StopCondition { condition: u8 },
}

/// Appends an input as one line, line feed included.
pub fn write_input(out: &mut Vec<u8>, at: SimTime, input: &Input) {
    if let Input::Call(call) = input {
        call::write(out, at, call);
    } else if !quick::write(out, at, input) {
        let line = Line { t: at.micros(), r#in: InputLine::from(input) };
        serde_json::to_writer(&mut *out, &line).expect("plain data becomes JSON in memory");
    }
    out.push(b'\n');
}

/// Reads a line; an error says what is wrong with it, on one line of its own.
pub fn read_input(line: &[u8]) -> Result<(SimTime, Input), String> {
    if let Some(read) = quick::read(line) {
        return Ok(read);
    }
    let read = |line: Line| line.r#in.input().map(|input| (SimTime::from_micros(line.t), input));
    // Both quote the line, and whoever changed it may have written anything.
    serde_json::from_slice(line).map_err(|error| error.to_string()).and_then(read).map_err(|why| excerpt(&why))
}

impl From<&Input> for InputLine {
    fn from(input: &Input) -> InputLine {
        match input {
            Input::Hello { session, network, people } => InputLine::Hello {
                session: session.0,
                network: network.name().to_owned(),
                people: people.iter().map(|person| person.0).collect(),
            },
            Input::Bye { session } => InputLine::Bye { session: session.0 },
            Input::Delivered { person, attempt } => {
                InputLine::Delivered { person: person.0, attempt: attempt.to_string() }
            }
            Input::Read { person, attempt } => InputLine::Read { person: person.0, attempt: attempt.to_string() },
            Input::Press { person, attempt, button } => {
                InputLine::Press { person: person.0, attempt: attempt.to_string(), button: button.0 }
            }
            Input::Say { person, channel, text } => {
                InputLine::Say { person: person.0, channel: channel.0, text: text.clone() }
            }
            Input::Follow { person, channel } => InputLine::Follow { person: person.0, channel: channel.0 },
            Input::Unfollow { person, channel } => InputLine::Unfollow { person: person.0, channel: channel.0 },
            Input::Block { person, channel } => InputLine::Block { person: person.0, channel: channel.0 },
            Input::PostFault(fault) => InputLine::PostFault(Box::new(FaultLine::from(&**fault))),
            Input::LiftFault(fault) => InputLine::LiftFault { fault: fault.0 },
            Input::Submit { kind, person } => InputLine::Submit { kind: kind.0, person: person.0 },
            Input::Call(call) => InputLine::Call(Box::new(CallLine::from(&**call))),
            Input::Denied(all) => InputLine::Denied(DeniedLine::from(&**all)),
            Input::RequestsRefused { said, count } => InputLine::RequestsRefused {
                by: said.contract().to_owned(),
                code: said.code().to_owned(),
                count: *count,
            },
            Input::HungUp { call } => InputLine::HungUp { call: *call },
            Input::Heard { attempt, claim, code, ear } => InputLine::Heard {
                attempt: attempt.to_string(),
                claim: claim.name().to_owned(),
                code: code.0,
                ear: EarLine::from(*ear),
            },
            Input::Hook(word) => InputLine::Hook(Box::new(HookLine::from(&**word))),
            Input::Note(note) => {
                let Note { number, contract, text } = &**note;
                InputLine::Note { number: *number, contract: contract.clone(), text: text.clone() }
            }
            Input::HandshakesRefused { network, count } => {
                InputLine::HandshakesRefused { network: network.name().to_owned(), count: *count }
            }
            Input::SlowSessionCut { session } => InputLine::SlowSessionCut { session: session.0 },
            Input::Stop => InputLine::Stop {},
            Input::StopCondition(condition) => InputLine::StopCondition { condition: *condition },
        }
    }
}

impl InputLine {
    fn input(self) -> Result<Input, String> {
        let (person, channel, session) = (PersonId, ChannelId, SessionId);
        Ok(match self {
            InputLine::Hello { session: number, network, people } => Input::Hello {
                session: session(number),
                network: network_of(&network)?,
                people: people.into_iter().map(person).collect(),
            },
            InputLine::Bye { session: number } => Input::Bye { session: session(number) },
            InputLine::Delivered { person: who, attempt } => {
                Input::Delivered { person: person(who), attempt: attempt_of(&attempt)? }
            }
            InputLine::Read { person: who, attempt } => {
                Input::Read { person: person(who), attempt: attempt_of(&attempt)? }
            }
            InputLine::Press { person: who, attempt, button } => {
                Input::Press { person: person(who), attempt: attempt_of(&attempt)?, button: ButtonId(button) }
            }
            InputLine::Say { person: who, channel: to, text } => {
                Input::Say { person: person(who), channel: channel(to), text }
            }
            InputLine::Follow { person: who, channel: to } => {
                Input::Follow { person: person(who), channel: channel(to) }
            }
            InputLine::Unfollow { person: who, channel: to } => {
                Input::Unfollow { person: person(who), channel: channel(to) }
            }
            InputLine::Block { person: who, channel: to } => Input::Block { person: person(who), channel: channel(to) },
            InputLine::PostFault(fault) => Input::PostFault(Box::new(fault.fault()?)),
            InputLine::LiftFault { fault } => Input::LiftFault(FaultId(fault)),
            InputLine::Submit { kind, person: who } => Input::Submit { kind: KindId(kind), person: person(who) },
            InputLine::Call(call) => Input::Call(Arc::new(call.call()?)),
            InputLine::Denied(all) => Input::Denied(all.denied()?),
            InputLine::RequestsRefused { by, code, count } => {
                Input::RequestsRefused { said: said_by(&by, &code)?, count }
            }
            InputLine::HungUp { call } => Input::HungUp { call },
            InputLine::Heard { attempt, claim, code, ear } => Input::Heard {
                attempt: attempt_of(&attempt)?,
                claim: claim_of(&claim)?,
                code: Code(code),
                ear: ear.into(),
            },
            InputLine::Hook(word) => Input::Hook(Box::new(word.word()?)),
            InputLine::Note { number, contract, text } => Input::Note(Arc::new(Note { number, contract, text })),
            InputLine::HandshakesRefused { network, count } => {
                Input::HandshakesRefused { network: network_of(&network)?, count }
            }
            InputLine::SlowSessionCut { session: number } => Input::SlowSessionCut { session: session(number) },
            InputLine::Stop {} => Input::Stop,
            InputLine::StopCondition { condition } => Input::StopCondition(condition),
        })
    }
}

fn attempt_of(text: &str) -> Result<AttemptId, String> {
    AttemptId::parse(text).ok_or_else(|| format!("'{text}' is no attempt, expected one like n17/0"))
}

fn network_of(text: &str) -> Result<Network, String> {
    Network::parse(text).ok_or_else(|| format!("unknown network '{text}'"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Line, read_input, write_input};
    use crate::sim::dice::{Share, Spread};
    use crate::sim::engine::call::{Call, Denied, HandIn, HookHow, HookWord, Note, Said, Step, Tale};
    use crate::sim::engine::input::Input;
    use crate::sim::fault::{DownHow, Fault, FaultKind, LieClaim, Over, Recover, Scope, Stage, Then};
    use crate::sim::medium::{Answer, Capability};
    use crate::sim::model::code::Code;
    use crate::sim::model::denial::Denial;
    use crate::sim::model::event::{Claim, Ear, Leg};
    use crate::sim::model::ids::{
        AttemptId, ButtonId, ChannelId, FaultId, KindId, NoticeId, PersonId, RegionId, SessionId,
    };
    use crate::sim::model::medium::{Medium, Network};
    use crate::sim::model::person::Groups;
    use crate::sim::time::{SimTime, Span};

    fn kinds() -> Vec<FaultKind> {
        let (second, hour) = (Span::from_secs(1), Span::from_hours(1));
        let uniform = Spread::Uniform(second, hour);
        let log_normal = Spread::log_normal(second, hour).expect("a proper spread");
        vec![
            FaultKind::Down { how: DownHow::Hang },
            FaultKind::Silence,
            FaultKind::Refuse { code: Code(3018) },
            FaultKind::LateFailure { after: log_normal, code: Code(9999) },
            FaultKind::Latency { add: Spread::Fixed(second) },
            FaultKind::Loss,
            FaultKind::Duplicate { copies: 2, after: uniform },
            FaultKind::Reorder { window: second },
            FaultKind::Throttle { per_second: 20, over: Over::TooMany },
            FaultKind::Freeze { release: None },
            FaultKind::Freeze { release: Some(hour) },
            FaultKind::Lie { claim: LieClaim::Failed },
            FaultKind::Sever { every: Some(hour) },
            FaultKind::Flap { down: second, up: hour },
            FaultKind::Login,
            FaultKind::AcceptThen { then: Then::Answer(second) },
            FaultKind::AcceptThen { then: Then::Close },
            FaultKind::Creep { code: Code(9998), from: Share::from_ppm(10), rises: hour },
            FaultKind::SenderDown,
        ]
    }

    fn fault(kind: FaultKind) -> Fault {
        let stages = vec![Stage { after: Span::from_hours(10), gives: Capability::Text }];
        Fault {
            name: "먹통 \"1\"".to_owned(),
            kind,
            scope: Scope {
                networks: vec![Network::Kakao, Network::Mobile],
                media: vec![Medium::Alimtalk],
                legs: vec![Leg::Submit, Leg::Report],
                share: Some(Share::from_ppm(81_234)),
                sticky: true,
                groups: Groups(u64::MAX),
                regions: vec![RegionId(7)],
            },
            begins: SimTime::from_micros(5),
            ends: None,
            recover: Recover::Staged(stages),
            lifted: false,
            pack: None,
        }
    }

    fn call(person: PersonId) -> Call {
        let said = |text: &str| Arc::new(Said { title: "안내".to_owned(), text: text.to_owned() });
        let answers = [None, Some(Answer::Push), Some(Answer::Polling(Span::from_secs(60))), Some(Answer::Silent)];
        let steps = answers.map(|answer| Step { medium: Medium::Alimtalk, said: said("모의\n\"1\""), answer });
        let item =
            HandIn { person, kind: Some(KindId(3)), note: "{}".into(), steps: steps.to_vec(), on_uncertain: true };
        let plain = HandIn { kind: None, on_uncertain: false, ..item.clone() };
        Call {
            number: 7,
            contract: "solapi".to_owned(),
            note: "주의".to_owned(),
            direct: true,
            items: vec![Arc::new(item), Arc::new(plain)],
        }
    }

    fn denied(person: PersonId) -> Vec<Denied> {
        let said = Denial::find("bizgo", "A505").expect("a row");
        let named = Denied { person, kind: Some(KindId(3)), medium: Medium::Alimtalk, said };
        let other = Denial::find("nhn", "no such code").expect("a row");
        vec![named, Denied { kind: None, medium: Medium::Sms, said: other, ..named }]
    }

    fn hook(how: HookHow, tells: Vec<Tale>, whole: Option<u32>) -> HookWord {
        HookWord { tells, whole, tries: 255, how }
    }

    fn inputs() -> Vec<Input> {
        let (person, channel, session) = (PersonId(12_345), ChannelId(1), SessionId(u32::MAX));
        let attempt = AttemptId { notice: NoticeId(u32::MAX), ordinal: 255 };
        let flush = Fault {
            recover: Recover::Flush { per_second: Some(20), newest_first: true },
            ends: Some(SimTime::NEVER),
            scope: Scope { networks: vec![Network::Cell], ..Scope::default() },
            ..fault(FaultKind::Silence)
        };
        let mut inputs = vec![
            Input::Hello { session, network: Network::Kakao, people: vec![PersonId(0), person] },
            Input::Bye { session },
            Input::Delivered { person, attempt },
            Input::Read { person, attempt },
            Input::Press { person, attempt, button: ButtonId(3) },
            Input::Say { person, channel, text: "환급\n\u{0} \"신청\"".to_owned() },
            Input::Follow { person, channel },
            Input::Unfollow { person, channel },
            Input::Block { person, channel },
            Input::LiftFault(FaultId(9)),
            Input::Submit { kind: KindId(2), person },
            Input::HandshakesRefused { network: Network::Mobile, count: 4_000_000_000 },
            Input::SlowSessionCut { session },
            Input::Call(Arc::new(call(person))),
            Input::HungUp { call: u32::MAX },
            Input::Denied(denied(person)),
            Input::Denied(Vec::new()),
            Input::RequestsRefused { said: Denial::find("solapi", "ValidationError").expect("a row"), count: u32::MAX },
            Input::Heard { attempt, claim: Claim::Uncertain, code: Code(3005), ear: Ear::Webhook },
            Input::Heard { attempt, claim: Claim::Failed, code: Code(3018), ear: Ear::Poll },
            Input::Heard { attempt, claim: Claim::Shown, code: Code::OK, ear: Ear::Answer },
            Input::Hook(Box::new(hook(HookHow::Taken, vec![(attempt, Claim::Shown, Code::OK)], None))),
            Input::Hook(Box::new(hook(HookHow::Failed, Vec::new(), Some(7)))),
            Input::Note(Arc::new(Note { number: 7, contract: "solapi@4".into(), text: "[\"모의\\n\"]".into() })),
            Input::Hook(Box::new(hook(HookHow::GivenUp, vec![(attempt, Claim::Failed, Code(3018)); 2], None))),
            Input::Stop,
            Input::StopCondition(255),
            Input::PostFault(Box::new(flush)),
        ];
        inputs.extend(kinds().into_iter().map(|kind| Input::PostFault(Box::new(fault(kind)))));
        inputs
    }

    #[test]
    fn every_input_reads_back_exactly_and_takes_one_line() {
        for (at, input) in inputs().into_iter().enumerate() {
            let at = SimTime::from_micros(u64::MAX - at as u64);
            let mut line = Vec::new();
            write_input(&mut line, at, &input);
            let ends = line.iter().filter(|byte| **byte == b'\n').count();
            assert_eq!((ends, line.last()), (1, Some(&b'\n')), "{input:?}");
            let slow: Line = serde_json::from_slice(&line).expect("it is JSON");
            assert_eq!(serde_json::to_string(&slow).expect("plain data") + "\n", String::from_utf8_lossy(&line));
            assert_eq!(slow.r#in.input(), Ok(input.clone()), "the quick way says what the other one does");
            assert_eq!(read_input(&line), Ok((at, input)));
        }
    }

    #[test]
    fn the_format_stays_what_it_is() {
        let mut out = Vec::new();
        write_input(&mut out, SimTime::from_micros(7), &Input::Stop);
        let attempt = AttemptId { notice: NoticeId(17), ordinal: 0 };
        write_input(&mut out, SimTime::from_micros(8), &Input::Read { person: PersonId(3), attempt });
        let text = String::from_utf8(out).expect("UTF-8");
        assert_eq!(
            text,
            "{\"t\":7,\"in\":{\"stop\":{}}}\n{\"t\":8,\"in\":{\"read\":{\"person\":3,\"attempt\":\"n17/0\"}}}\n"
        );
    }

    #[test]
    fn impossible_lines_say_what_is_wrong() {
        let read = |line: &str| read_input(line.as_bytes()).expect_err("impossible");
        assert_eq!(
            read(r#"{"t":1,"in":{"read":{"person":1,"attempt":"n017/0"}}}"#),
            "'n017/0' is no attempt, expected one like n17/0"
        );
        assert_eq!(
            read(r#"{"t":1,"in":{"handshakes_refused":{"network":"telex","count":1}}}"#),
            "unknown network 'telex'"
        );
        assert_eq!(read(""), "EOF while parsing a value at line 1 column 0");
    }

    #[test]
    fn a_changed_line_cannot_write_on_the_terminal_that_it_is_quoted_on() {
        let line = format!(r#"{{"t":1,"in":{{"bye":{{"\u001b[2J\n{}":1}}}}}}"#, "x".repeat(1_000));
        let why = read_input(line.as_bytes()).expect_err("no such field");
        assert!(why.starts_with("unknown field `\u{fffd}[2J\u{fffd}xxx") && why.ends_with("xxx…"), "{why}");
        assert_eq!(why.chars().count(), 301);
        let why = read_input(br#"{"t":1,"in":{"bye":{"session":"\u001b[2J"}}}"#).expect_err("no number");
        assert_eq!(why, "invalid type: string \"\\u{1b}[2J\", expected u32 at line 1 column 41");
    }
}
