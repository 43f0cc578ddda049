//! `events.ndjson`: one event a line, as a JSON object with its fields always in the same order.
//!
//! Written by hand because a run writes millions of lines: no tree of values, no formatting machinery, one buffer
//! that the caller empties. The bytes are a contract: the same seed, build and inputs give the same file, and a
//! replayed run is compared with its recording byte for byte. Absent facts (`fault` above all) are left out.
//! `ndjson_read` reads lines back, for audits; replaying needs inputs, not events.
//!
//! Every line begins with `at` (a clock since the start, for eyes), `t` (microseconds, for programs) and `event`.

use crate::report::names::Names;
use crate::sim::model::code::Code;
use crate::sim::model::denial::Denial;
use crate::sim::model::event::{End, Event, EventKind};
use crate::sim::model::ids::{AttemptId, ButtonId, CounterId, FaultId, KindId, NoticeId, PersonId};
use crate::sim::model::service::{Named, Sink};
use crate::sim::time::SimTime;

/// Appends one event as one line, line feed included.
pub fn write_event(out: &mut Vec<u8>, names: &Names, event: &Event) {
    let mut line = Line { out, names };
    line.begin(event.at, name(&event.kind));
    fields(&mut line, &event.kind);
    line.raw("}\n");
}

/// The words of all events but those of services, which are `ServiceEvent::NAMES`.
pub const EVENTS: [&str; 32] = [
    "run_started",
    "run_ended",
    "fault_began",
    "fault_staged",
    "fault_ended",
    "created",
    "submitted",
    "accepted",
    "refused",
    "requests_refused",
    "unanswered",
    "held",
    "lost",
    "charged",
    "shown",
    "hook_given_up",
    "reported",
    "opened",
    "returned",
    "fell_back",
    "retried",
    "route_ended",
    "weights_moved",
    "pressed",
    "answered",
    "counted",
    "session_opened",
    "session_closed",
    "session_refused",
    "handshakes_refused",
    "slow_session_cut",
    "input_rejected",
];

/// The word of an event: past tense, as in the type.
pub const fn name(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::RunStarted => "run_started",
        EventKind::RunEnded { .. } => "run_ended",
        EventKind::FaultBegan { .. } => "fault_began",
        EventKind::FaultStaged { .. } => "fault_staged",
        EventKind::FaultEnded { .. } => "fault_ended",
        EventKind::Created { .. } => "created",
        EventKind::Submitted { .. } => "submitted",
        EventKind::Accepted { .. } => "accepted",
        EventKind::Refused { .. } => "refused",
        EventKind::RequestsRefused { .. } => "requests_refused",
        EventKind::Unanswered { .. } => "unanswered",
        EventKind::Held { .. } => "held",
        EventKind::Lost { .. } => "lost",
        EventKind::Charged { .. } => "charged",
        EventKind::Shown { .. } => "shown",
        EventKind::HookGivenUp { .. } => "hook_given_up",
        EventKind::Reported { .. } => "reported",
        EventKind::Opened { .. } => "opened",
        EventKind::Returned { .. } => "returned",
        EventKind::FellBack { .. } => "fell_back",
        EventKind::Retried { .. } => "retried",
        EventKind::RouteEnded { .. } => "route_ended",
        EventKind::WeightsMoved { .. } => "weights_moved",
        EventKind::Pressed { .. } => "pressed",
        EventKind::Answered { .. } => "answered",
        EventKind::Counted { .. } => "counted",
        EventKind::SessionOpened { .. } => "session_opened",
        EventKind::SessionClosed { .. } => "session_closed",
        EventKind::SessionRefused { .. } => "session_refused",
        EventKind::HandshakesRefused { .. } => "handshakes_refused",
        EventKind::SlowSessionCut { .. } => "slow_session_cut",
        EventKind::Service(event) => event.name(),
        EventKind::InputRejected { .. } => "input_rejected",
    }
}

/// One arm an event: the fields in the order of the file.
fn fields(line: &mut Line<'_>, kind: &EventKind) {
    use EventKind as E;
    let _ = match *kind {
        E::RunStarted => line,
        E::RunEnded { end: End::Condition(place) } => line.word("end", "condition").number("condition", place),
        E::RunEnded { end } => line.word("end", end.name()),
        E::FaultBegan { fault } => line.fault(Some(fault)),
        E::FaultStaged { fault, stage } => line.number("stage", stage).fault(Some(fault)),
        E::FaultEnded { fault, lifted } => line.truth("lifted", lifted).fault(Some(fault)),
        E::Created { notice, person, kind, send: None } => line.notice(notice).person(person).kind(kind),
        E::Created { notice, person, kind, send: Some(send) } => {
            line.notice(notice).person(person).kind(kind).number("send", send.0)
        }
        E::Submitted { attempt, medium, person } => line.attempt(attempt).person(person).word("medium", medium.name()),
        E::Accepted { attempt } | E::Returned { attempt } => line.attempt(attempt),
        E::Refused { attempt, said: Some(said), .. } => line.attempt(attempt).denial(said),
        E::Refused { attempt, code, said: None, fault } => line.attempt(attempt).code(code).fault(fault),
        E::RequestsRefused { said, count } => line.denial(said).number("count", count),
        E::Unanswered { attempt, taken, fault } => line.attempt(attempt).truth("taken", taken).fault(fault),
        E::Held { attempt, why, fault } => line.attempt(attempt).word("why", why.name()).fault(fault),
        E::Lost { attempt, leg, why, fault } => {
            line.attempt(attempt).word("leg", leg.name()).word("why", why.name()).fault(fault)
        }
        E::Charged { attempt, price } => line.attempt(attempt).number("price", price),
        E::Shown { attempt, person, copy, fault } => {
            line.attempt(attempt).person(person).number("copy", copy).fault(fault)
        }
        E::HookGivenUp { attempt: Some(attempt), tries } => line.attempt(attempt).number("tries", tries),
        E::HookGivenUp { attempt: None, tries } => line.number("tries", tries),
        E::Reported { attempt, claim, ear, code, fault } => {
            line.attempt(attempt).word("claim", claim.name()).word("ear", ear.name()).code(code).fault(fault)
        }
        E::Opened { attempt, person } => line.attempt(attempt).person(person),
        E::FellBack { notice, from, to, cause, fault } => {
            let line = line.notice(notice).word("from", from.name()).word("to", to.name());
            line.word("cause", cause.name()).fault(fault)
        }
        E::Retried { attempt, round } => line.attempt(attempt).number("round", round),
        E::RouteEnded { notice, outcome } => line.notice(notice).word("outcome", outcome.name()),
        E::WeightsMoved { medium, weight } => line.word("medium", medium.name()).number("weight", weight),
        E::Pressed { attempt, person, button } => line.attempt(attempt).person(person).button(button),
        E::Answered { rule, person, counted } => line.person(person).number("rule", rule.0).truth("counted", counted),
        E::Counted { counter, person, amount } => line.person(person).counter(counter).number("amount", amount),
        E::SessionOpened { person, network } => line.person(person).word("network", network.name()),
        E::SessionClosed { person, network, fault } | E::SessionRefused { person, network, fault } => {
            line.person(person).word("network", network.name()).fault(fault)
        }
        E::HandshakesRefused { network, count, fault } => {
            line.word("network", network.name()).number("count", count).fault(fault)
        }
        E::SlowSessionCut { session, network } => line.number("session", session.0).word("network", network.name()),
        E::Service(event) => {
            event.write(line);
            line
        }
        E::InputRejected { why } => line.word("why", why.name()),
    };
}

/// One line being written.
struct Line<'a> {
    out: &'a mut Vec<u8>,
    names: &'a Names,
}

impl Line<'_> {
    fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn digits(&mut self, n: u64) {
        self.raw(itoa::Buffer::new().format(n));
    }

    fn begin(&mut self, at: SimTime, name: &str) {
        self.raw("{\"at\":\"");
        self.clock(at);
        self.raw("\",\"t\":");
        self.digits(at.micros());
        self.raw(",\"event\":\"");
        self.raw(name);
        self.raw("\"");
    }

    /// The same text as `SimTime`'s `Display`, without the formatting machinery.
    fn clock(&mut self, at: SimTime) {
        let (secs, micros) = (at.micros() / 1_000_000, at.micros() % 1_000_000);
        let (days, rest) = (secs / 86_400, secs % 86_400);
        if days > 0 {
            self.digits(days);
            self.raw("d ");
        }
        self.padded(rest / 3_600, 2);
        self.raw(":");
        self.padded(rest / 60 % 60, 2);
        self.raw(":");
        self.padded(rest % 60, 2);
        if micros > 0 {
            self.raw(".");
            self.padded(micros, 6);
            while self.out.last() == Some(&b'0') {
                self.out.pop();
            }
        }
    }

    /// A number in exactly so many digits, 6 at most.
    fn padded(&mut self, n: u64, width: usize) {
        let mut digits = [b'0'; 6];
        let mut left = n;
        for slot in digits.iter_mut().rev() {
            *slot = b'0' + (left % 10) as u8;
            left /= 10;
        }
        self.out.extend_from_slice(&digits[6 - width..]);
    }

    fn key(&mut self, key: &str) {
        self.raw(",\"");
        self.raw(key);
        self.raw("\":");
    }

    /// A word of our own, which needs no escaping.
    fn word(&mut self, key: &str, word: &str) -> &mut Self {
        self.key(key);
        self.raw("\"");
        self.raw(word);
        self.raw("\"");
        self
    }

    fn number(&mut self, key: &str, n: impl Into<u64>) -> &mut Self {
        self.key(key);
        self.digits(n.into());
        self
    }

    fn truth(&mut self, key: &str, yes: bool) -> &mut Self {
        self.key(key);
        self.raw(if yes { "true" } else { "false" });
        self
    }

    /// A name that was quoted when the run began.
    fn quoted(&mut self, key: &str, name: &str) -> &mut Self {
        self.key(key);
        self.raw(name);
        self
    }

    fn kind(&mut self, kind: KindId) -> &mut Self {
        self.quoted("kind", self.names.kind(kind))
    }

    fn counter(&mut self, counter: CounterId) -> &mut Self {
        self.quoted("counter", self.names.counter(counter))
    }

    fn button(&mut self, button: ButtonId) -> &mut Self {
        self.quoted("button", self.names.button(button))
    }

    fn fault(&mut self, fault: Option<FaultId>) -> &mut Self {
        match fault {
            Some(fault) => self.quoted("fault", self.names.fault(fault)),
            None => self,
        }
    }

    /// A code keeps its four digits, as vendors print it.
    fn code(&mut self, code: Code) -> &mut Self {
        self.key("code");
        self.raw("\"");
        self.padded(u64::from(code.0), if code.0 > 9_999 { 5 } else { 4 });
        self.raw("\"");
        self
    }

    /// A provider's own code, and whose it is.
    fn denial(&mut self, said: Denial) -> &mut Self {
        self.word("code", said.code()).word("by", said.contract())
    }

    fn notice(&mut self, notice: NoticeId) -> &mut Self {
        self.raw(",\"notice\":\"n");
        self.digits(u64::from(notice.0));
        self.raw("\"");
        self
    }

    fn attempt(&mut self, attempt: AttemptId) -> &mut Self {
        self.raw(",\"attempt\":\"n");
        self.digits(u64::from(attempt.notice.0));
        self.raw("/");
        self.digits(u64::from(attempt.ordinal));
        self.raw("\"");
        self
    }

    fn person(&mut self, person: PersonId) -> &mut Self {
        self.person_as("person", person)
    }

    fn person_as(&mut self, key: &str, person: PersonId) -> &mut Self {
        self.key(key);
        self.raw("\"010-");
        let digits = self.names.numbers.digits(person);
        self.padded(u64::from(digits / 10_000), 4);
        self.raw("-");
        self.padded(u64::from(digits % 10_000), 4);
        self.raw("\"");
        self
    }
}

/// Events of services write themselves, field by field.
impl Sink for Line<'_> {
    fn number(&mut self, key: &str, value: u64) {
        Line::number(self, key, value);
    }

    fn truth(&mut self, key: &str, value: bool) {
        Line::truth(self, key, value);
    }

    fn word(&mut self, key: &str, word: &'static str) {
        Line::word(self, key, word);
    }

    fn person(&mut self, key: &str, person: PersonId) {
        self.person_as(key, person);
    }

    fn notice(&mut self, key: &str, notice: NoticeId) {
        self.key(key);
        self.raw("\"n");
        self.digits(u64::from(notice.0));
        self.raw("\"");
    }

    fn attempt(&mut self, key: &str, attempt: AttemptId) {
        self.key(key);
        self.raw("\"n");
        self.digits(u64::from(attempt.notice.0));
        self.raw("/");
        self.digits(u64::from(attempt.ordinal));
        self.raw("\"");
    }

    fn name(&mut self, key: &str, named: Named) {
        let names = self.names;
        self.quoted(key, names.of_table(named));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::write_event;
    use crate::report::names::Names;
    use crate::sim::model::code::Code;
    use crate::sim::model::denial::Denial;
    use crate::sim::model::event::{
        Cause, Claim, Ear, End, Event, EventKind as E, Hold, Leg, Loss, Outcome, Rejection,
    };
    use crate::sim::model::ids::{
        AttemptId, ButtonId, ChannelId, CounterId, FaultId, KindId, NoticeId, PersonId, RuleId, SendId, SessionId,
    };
    use crate::sim::model::medium::{Medium, Network};
    use crate::sim::model::service::ServiceEvent;
    use crate::sim::plan::numbers::phone_number;
    use crate::sim::time::SimTime;

    const ATTEMPT: AttemptId = AttemptId { notice: NoticeId(17), ordinal: 1 };
    const PERSON: PersonId = PersonId(12_345);
    const FAULT: Option<FaultId> = Some(FaultId(0));

    pub fn names() -> Names {
        let mut names = Names::default();
        names.add_fault("silence-10m");
        names.kinds = vec!["\"rent\"".to_owned()];
        names.counters = vec!["\"paid\"".to_owned()];
        names.buttons = vec!["\"pay\"".to_owned()];
        names.channels = vec!["\"lh\"".to_owned()];
        names
    }

    fn line(at: u64, kind: E) -> String {
        let mut out = Vec::new();
        write_event(&mut out, &names(), &Event { at: SimTime::from_micros(at), kind });
        String::from_utf8(out).expect("UTF-8")
    }

    /// Every variant, every optional field present and absent.
    pub fn golden() -> Vec<(E, &'static str)> {
        let (attempt, person, fault) = (ATTEMPT, PERSON, FAULT);
        let (notice, network) = (NoticeId(17), Network::Kakao);
        vec![
            (E::RunStarted, r#""event":"run_started""#),
            (E::RunEnded { end: End::Quiet }, r#""event":"run_ended","end":"quiet""#),
            (E::RunEnded { end: End::Condition(2) }, r#""event":"run_ended","end":"condition","condition":2"#),
            (E::FaultBegan { fault: FaultId(0) }, r#""event":"fault_began","fault":"silence-10m""#),
            (E::FaultBegan { fault: FaultId(9) }, r#""event":"fault_began","fault":"?""#),
            (
                E::FaultStaged { fault: FaultId(0), stage: 1 },
                r#""event":"fault_staged","stage":1,"fault":"silence-10m""#,
            ),
            (
                E::FaultEnded { fault: FaultId(0), lifted: true },
                r#""event":"fault_ended","lifted":true,"fault":"silence-10m""#,
            ),
            (
                E::Created { notice, person, kind: KindId(0), send: Some(SendId(3)) },
                r#""event":"created","notice":"n17","person":"010-0001-2345","kind":"rent","send":3"#,
            ),
            (
                E::Created { notice, person, kind: KindId(0), send: None },
                r#""event":"created","notice":"n17","person":"010-0001-2345","kind":"rent""#,
            ),
            (
                E::Submitted { attempt, medium: Medium::Lms, person },
                r#""event":"submitted","attempt":"n17/1","person":"010-0001-2345","medium":"lms""#,
            ),
            (E::Accepted { attempt }, r#""event":"accepted","attempt":"n17/1""#),
            (
                E::Refused { attempt, code: Code::NOT_TAKEN, said: Denial::find("bizgo", "A505"), fault: None },
                r#""event":"refused","attempt":"n17/1","code":"A505","by":"bizgo""#,
            ),
            (
                E::RequestsRefused { said: Denial::find("nhn", "-1001").expect("a row"), count: 3 },
                r#""event":"requests_refused","code":"-1001","by":"nhn","count":3"#,
            ),
            (
                E::Refused { attempt, code: Code::OK, said: None, fault: None },
                r#""event":"refused","attempt":"n17/1","code":"0000""#,
            ),
            (
                E::Refused { attempt, code: Code(65_535), said: None, fault },
                r#""event":"refused","attempt":"n17/1","code":"65535","fault":"silence-10m""#,
            ),
            (
                E::Unanswered { attempt, taken: false, fault },
                r#""event":"unanswered","attempt":"n17/1","taken":false,"fault":"silence-10m""#,
            ),
            (
                E::Held { attempt, why: Hold::Offline, fault: None },
                r#""event":"held","attempt":"n17/1","why":"offline""#,
            ),
            (
                E::Lost { attempt, leg: Leg::Deliver, why: Loss::Dropped, fault },
                r#""event":"lost","attempt":"n17/1","leg":"deliver","why":"dropped","fault":"silence-10m""#,
            ),
            (E::Charged { attempt, price: 800 }, r#""event":"charged","attempt":"n17/1","price":800"#),
            (
                E::Shown { attempt, person, copy: 0, fault },
                r#""event":"shown","attempt":"n17/1","person":"010-0001-2345","copy":0,"fault":"silence-10m""#,
            ),
            (
                E::HookGivenUp { attempt: Some(attempt), tries: 5 },
                r#""event":"hook_given_up","attempt":"n17/1","tries":5"#,
            ),
            (E::HookGivenUp { attempt: None, tries: 3 }, r#""event":"hook_given_up","tries":3"#),
            (
                E::Reported { attempt, claim: Claim::Uncertain, ear: Ear::Poll, code: Code::ACK_TIMEOUT, fault: None },
                r#""event":"reported","attempt":"n17/1","claim":"uncertain","ear":"poll","code":"3005""#,
            ),
            (E::Opened { attempt, person }, r#""event":"opened","attempt":"n17/1","person":"010-0001-2345""#),
            (E::Returned { attempt }, r#""event":"returned","attempt":"n17/1""#),
            (
                E::FellBack { notice, from: Medium::Alimtalk, to: Medium::Lms, cause: Cause::NoReceipt, fault },
                r#""event":"fell_back","notice":"n17","from":"alimtalk","to":"lms","cause":"no_receipt","fault":"silence-10m""#,
            ),
            (E::Retried { attempt, round: 2 }, r#""event":"retried","attempt":"n17/1","round":2"#),
            (
                E::RouteEnded { notice, outcome: Outcome::GaveUp },
                r#""event":"route_ended","notice":"n17","outcome":"gave_up""#,
            ),
            (
                E::WeightsMoved { medium: Medium::Sms, weight: 40 },
                r#""event":"weights_moved","medium":"sms","weight":40"#,
            ),
            (
                E::Pressed { attempt, person, button: ButtonId(0) },
                r#""event":"pressed","attempt":"n17/1","person":"010-0001-2345","button":"pay""#,
            ),
            (
                E::Answered { rule: RuleId(4), person, counted: false },
                r#""event":"answered","person":"010-0001-2345","rule":4,"counted":false"#,
            ),
            (
                E::Counted { counter: CounterId(0), person, amount: 250_000 },
                r#""event":"counted","person":"010-0001-2345","counter":"paid","amount":250000"#,
            ),
            (
                E::SessionOpened { person, network },
                r#""event":"session_opened","person":"010-0001-2345","network":"kakao""#,
            ),
            (
                E::SessionClosed { person, network, fault },
                r#""event":"session_closed","person":"010-0001-2345","network":"kakao","fault":"silence-10m""#,
            ),
            (
                E::SessionRefused { person, network, fault: None },
                r#""event":"session_refused","person":"010-0001-2345","network":"kakao""#,
            ),
            (
                E::HandshakesRefused { network, count: 12, fault },
                r#""event":"handshakes_refused","network":"kakao","count":12,"fault":"silence-10m""#,
            ),
            (
                E::SlowSessionCut { session: SessionId(8), network },
                r#""event":"slow_session_cut","session":8,"network":"kakao""#,
            ),
            (
                E::Service(ServiceEvent::FriendLeft { person, channel: ChannelId(0), blocked: true }),
                r#""event":"friend_left","person":"010-0001-2345","channel":"lh","blocked":true"#,
            ),
            (E::InputRejected { why: Rejection::NotTheirs }, r#""event":"input_rejected","why":"not_theirs""#),
        ]
    }

    #[test]
    fn every_event_has_its_line() {
        for (kind, expected) in golden() {
            let written = line(300_000_123, kind);
            assert_eq!(written, format!("{{\"at\":\"00:05:00.000123\",\"t\":300000123,{expected}}}\n"));
            serde_json::from_str::<serde_json::Value>(&written).expect("valid JSON");
        }
    }

    #[test]
    fn the_clock_reads_as_simulated_time_prints() {
        for at in [0, 7, 1_500_000, 86_399_999_999, 86_400_000_000, 459_000_000_120, u64::MAX] {
            let text = SimTime::from_micros(at).to_string();
            assert_eq!(
                line(at, E::RunStarted),
                format!("{{\"at\":\"{text}\",\"t\":{at},\"event\":\"run_started\"}}\n")
            );
        }
    }

    #[test]
    fn a_person_is_their_reserved_number() {
        for id in [0, 9_999, 10_000, 19_999_999] {
            let person = PersonId(id);
            let written = line(0, E::Opened { attempt: ATTEMPT, person });
            assert!(written.contains(&phone_number(person)), "{written}");
        }
    }
}
