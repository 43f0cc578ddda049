//! An application outside calls: its messages go out, fall back by the provider or by itself, and its belief is only what
//! it was told.

use std::sync::Arc;

use crate::sim::engine::call::{Call, CallAnswer, Denied, HandIn, How, Said, Step};
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::engine::{Engine, Phones};
use crate::sim::fault::{DownHow, Fault, FaultKind, Over, Recover, Scope, Then};
use crate::sim::model::code::Code;
use crate::sim::model::denial::Denial;
use crate::sim::model::event::{Cause, Claim, Ear, Event, EventKind, Leg, Rejection};
use crate::sim::model::ids::{AttemptId, KindId, NoticeId, PersonId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::plan::population::Population;
use crate::sim::plan::{Plan, SenderDrive, render, sample};
use crate::sim::time::{SimTime, Span};

struct Play {
    engine: Engine,
    plan: Arc<Plan>,
    people: Arc<Population>,
    effects: Vec<Effect>,
    calls: u32,
    direct: bool,
}

fn at(seconds: u64) -> SimTime {
    SimTime::ZERO + Span::from_secs(seconds)
}

impl Play {
    fn of(change: impl FnOnce(&mut Plan)) -> Play {
        let mut plan = sample::rent();
        plan.sender.drive = SenderDrive::External;
        plan.sends.clear();
        change(&mut plan);
        let (people, plan) = (Arc::new(Population::of(&plan)), Arc::new(plan));
        let engine = Engine::new(plan.clone(), people.clone(), Phones::Simulated);
        Play { engine, plan, people, effects: Vec::new(), calls: 0, direct: false }
    }

    fn with(kind: FaultKind) -> Play {
        Play::of(|plan| plan.faults.push(fault(kind)))
    }

    /// The rent bill of a person on a medium, as a sender of its own would render it.
    fn step(&self, person: u32, medium: Medium) -> Step {
        let content = self.plan.kinds[0].content(medium).expect("content");
        let (title, text) = render::plain(&self.plan, &self.people, KindId(0), content, PersonId(person));
        Step { medium, said: Arc::new(Said { title, text }), answer: None }
    }

    fn bill(&self, person: u32) -> HandIn {
        let steps = vec![self.step(person, Medium::Alimtalk)];
        HandIn { person: PersonId(person), kind: Some(KindId(0)), note: "".into(), steps, on_uncertain: false }
    }

    fn with_fallback(&self, person: u32) -> HandIn {
        let mut item = self.bill(person);
        item.steps.push(self.step(person, Medium::Lms));
        item
    }

    fn text(&self, person: u32) -> HandIn {
        HandIn { kind: None, steps: vec![self.step(person, Medium::Lms)], ..self.bill(person) }
    }

    fn call(&mut self, when: u64, items: Vec<HandIn>) -> u32 {
        self.calls += 1;
        let items = items.into_iter().map(Arc::new).collect();
        let call =
            Call { number: self.calls, contract: "test".into(), note: String::new(), direct: self.direct, items };
        self.tell(when, Input::Call(Arc::new(call)));
        self.calls
    }

    fn tell(&mut self, when: u64, input: Input) {
        self.engine.step(at(when), Some(input), &mut self.effects);
    }

    fn until(&mut self, when: u64) {
        self.engine.step(at(when), None, &mut self.effects);
    }

    fn answers(&self) -> Vec<&CallAnswer> {
        let answers = self.effects.iter().filter_map(|effect| match effect {
            Effect::CallAnswered(answer) => Some(&**answer),
            _ => None,
        });
        answers.collect()
    }

    fn words(&self) -> Vec<(AttemptId, Claim, Code)> {
        let words = self.effects.iter().filter_map(|effect| match effect {
            Effect::Word(word) => Some((word.attempt, word.claim, word.code)),
            _ => None,
        });
        words.collect()
    }

    fn events(&self) -> impl Iterator<Item = EventKind> + '_ {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Event(Event { kind, .. }) => Some(*kind),
            _ => None,
        })
    }

    fn count(&self, wanted: impl Fn(&EventKind) -> bool) -> usize {
        self.events().filter(|kind| wanted(kind)).count()
    }

    fn fallbacks(&self) -> Vec<Cause> {
        let causes = self.events().filter_map(|kind| match kind {
            EventKind::FellBack { cause, .. } => Some(cause),
            _ => None,
        });
        causes.collect()
    }
}

fn fault(kind: FaultKind) -> Fault {
    let legs = kind.own_legs().to_vec();
    Fault {
        name: "trouble".into(),
        kind,
        scope: Scope { networks: vec![Network::Kakao], legs, ..Scope::default() },
        begins: SimTime::ZERO,
        ends: Some(at(600)),
        recover: Recover::Drop,
        lifted: false,
        pack: None,
    }
}

fn attempt(notice: u32, ordinal: u8) -> AttemptId {
    AttemptId { notice: NoticeId(notice), ordinal }
}

#[test]
fn a_message_goes_out_and_the_application_believes_only_what_it_hears() {
    let mut play = Play::of(|_| {});
    let items = vec![play.bill(1), play.bill(2)];
    play.call(0, items);
    play.until(120);
    assert_eq!(play.answers().len(), 1);
    assert_eq!((play.answers()[0].how, play.answers()[0].items.len()), (How::Answered, 2));
    assert_eq!(play.count(|kind| matches!(kind, EventKind::Shown { .. })), 2);
    assert_eq!(play.count(|kind| matches!(kind, EventKind::Reported { .. })), 0, "nobody has told it yet");
    assert_eq!(play.words().iter().filter(|word| word.1 == Claim::Shown).count(), 2);
    let heard = |claim| Input::Heard { attempt: attempt(0, 0), claim, code: Code::OK, ear: Ear::Webhook };
    play.tell(121, heard(Claim::Shown));
    play.tell(122, heard(Claim::Shown));
    assert_eq!(play.count(|kind| matches!(kind, EventKind::Reported { .. })), 1, "what it knows is no news");
}

#[test]
fn the_provider_takes_the_next_step_when_one_fails_and_only_once() {
    let mut play = Play::of(|plan| plan.cohorts[0].kakao = [0, 0, 0, 1_000_000].map(crate::sim::dice::Share::from_ppm));
    let items = vec![play.with_fallback(1), play.bill(2)];
    play.call(0, items);
    play.until(120);
    assert_eq!(play.fallbacks(), [Cause::Provider]);
    let words = play.words();
    assert!(words.contains(&(attempt(0, 0), Claim::Failed, Code::NOT_A_USER)), "{words:?}");
    assert!(words.iter().any(|word| word.0 == attempt(0, 1) && word.1 >= Claim::Delivered), "{words:?}");
    assert!(words.contains(&(attempt(1, 0), Claim::Failed, Code::NOT_A_USER)), "no fallback was asked for: {words:?}");
    assert_eq!(play.count(|kind| matches!(kind, EventKind::Shown { .. })), 1);
}

#[test]
fn silence_is_uncertain_and_only_a_chain_that_minds_goes_on() {
    for (minds, shown) in [(false, 0), (true, 1)] {
        let mut play = Play::with(FaultKind::Silence);
        let mut item = play.with_fallback(1);
        item.on_uncertain = minds;
        play.call(0, vec![item]);
        play.until(590);
        assert!(play.words().iter().any(|word| word.1 == Claim::Uncertain), "{:?}", play.words());
        assert_eq!(play.count(|kind| matches!(kind, EventKind::Shown { .. })), shown);
    }
}

#[test]
fn what_breaks_a_connection_breaks_the_whole_call() {
    let shown = |kind| {
        let mut play = Play::with(kind);
        let items = vec![play.bill(1), play.bill(2)];
        let call = play.call(1, items);
        let how = play.answers().first().map(|answer| answer.how);
        play.until(20);
        if how == Some(How::Hang) {
            play.tell(30, Input::HungUp { call });
        }
        play.until(60);
        let unheard = play.count(|kind| matches!(kind, EventKind::Unanswered { .. }));
        (how, unheard, play.count(|kind| matches!(kind, EventKind::Shown { .. })))
    };
    let down = |how| FaultKind::Down { how };
    assert_eq!(shown(down(DownHow::Reject)), (Some(How::Refused(Code::NOT_IN_SERVICE)), 0, 0));
    assert_eq!(shown(down(DownHow::Reset)), (Some(How::Reset), 2, 0));
    assert_eq!(shown(down(DownHow::Hang)), (Some(How::Hang), 2, 0));
    let then = |then| FaultKind::AcceptThen { then };
    assert_eq!(shown(then(Then::Reset)), (Some(How::Reset), 2, 2), "taken all the same");
    assert_eq!(shown(then(Then::Close)), (Some(How::Close), 2, 2));
    assert_eq!(shown(then(Then::Answer(Span::from_secs(6)))), (None, 0, 2), "later");
}

#[test]
fn what_refuses_a_message_refuses_a_direct_call_and_is_its_answer() {
    let refuse = |direct| {
        let mut play = Play::with(FaultKind::Refuse { code: Code::NOT_A_USER });
        play.direct = direct;
        let items = vec![play.bill(1)];
        play.call(1, items);
        play.until(60);
        let refused = play.count(|kind| matches!(kind, EventKind::Refused { code: Code::NOT_A_USER, .. }));
        (play.answers()[0].how, refused, play.words().len())
    };
    assert_eq!(
        refuse(true),
        (How::Refused(Code::NOT_A_USER), 1, 0),
        "the sender heard it, and nobody else has to tell"
    );
    assert_eq!(refuse(false), (How::Answered, 0, 1), "a provider takes it and finds out");
}

/// A throttle on the calls, and what became of calls of so many messages every so many seconds: refused, shown, failed.
fn throttled(direct: bool, per_second: u32, calls: u64, every: u64, messages: u32) -> (usize, usize, usize) {
    let mut play = Play::of(|plan| {
        let mut narrow = fault(FaultKind::Throttle { per_second, over: Over::TooMany });
        narrow.scope.legs = vec![Leg::Submit];
        plan.faults.push(narrow);
    });
    play.direct = direct;
    for call in 0..calls {
        let first = call as u32 * messages;
        let items = (first..first + messages).map(|person| play.bill(person)).collect();
        play.call(call * every, items);
    }
    play.until(590);
    let refused = play.answers().iter().filter(|answer| answer.how == How::Refused(Code::TOO_MANY)).count();
    let failed = play.words().iter().filter(|word| word.2 == Code::TOO_MANY).count();
    (refused, play.count(|kind| matches!(kind, EventKind::Shown { .. })), failed)
}

#[test]
fn a_throttle_on_calls_counts_each_call_once_however_many_messages_it_carries() {
    for direct in [false, true] {
        assert_eq!(throttled(direct, 1, 20, 6, 1), (0, 20, 0), "one call every six seconds");
        assert_eq!(throttled(direct, 2, 2, 0, 1), (0, 2, 0), "two at once");
        assert_eq!(throttled(direct, 10, 12, 0, 1), (2, 10, 0), "two too many");
        assert_eq!(throttled(direct, 10, 2, 0, 30), (0, 60, 0), "it counts requests");
        assert_eq!(throttled(direct, 1, 3, 0, 30), (2, 30, 0));
    }
}

#[test]
fn a_throttle_counts_what_the_provider_sends_by_itself() {
    let mut play = Play::of(|plan| {
        plan.cohorts[0].kakao = [0, 0, 0, 1_000_000].map(crate::sim::dice::Share::from_ppm);
        let mut narrow = fault(FaultKind::Throttle { per_second: 3, over: Over::TooMany });
        narrow.scope.networks = vec![Network::Mobile];
        narrow.scope.legs = vec![Leg::Submit];
        plan.faults.push(narrow);
    });
    let items = (0..30).map(|person| play.with_fallback(person)).collect();
    play.call(0, items);
    play.until(120);
    let failed = play.words().iter().filter(|word| word.2 == Code::TOO_MANY).count();
    let shown = play.count(|kind| matches!(kind, EventKind::Shown { .. }));
    assert!(shown >= 3 && failed > 0 && shown + failed == 30, "{shown} shown, {failed} over the rate");
}

#[test]
fn a_caller_that_hangs_up_before_the_answer_believes_that_it_failed() {
    let mut play = Play::with(FaultKind::AcceptThen { then: Then::Answer(Span::from_secs(6)) });
    let item = play.bill(1);
    let call = play.call(0, vec![item]);
    play.tell(5, Input::HungUp { call });
    play.until(60);
    assert!(play.answers().is_empty());
    assert_eq!(play.count(|kind| matches!(kind, EventKind::Accepted { .. })), 0);
    assert_eq!(play.count(|kind| matches!(kind, EventKind::Unanswered { taken: true, .. })), 1);
    assert_eq!(play.count(|kind| matches!(kind, EventKind::Shown { .. })), 1);
    play.tell(61, Input::HungUp { call });
    assert_eq!(play.count(|kind| matches!(kind, EventKind::InputRejected { why: Rejection::UnknownCall })), 1);
}

#[test]
fn the_same_words_again_are_the_same_notice_and_others_are_another() {
    let mut play = Play::of(|_| {});
    let (bill, mut next) = (play.bill(1), play.bill(1));
    next.steps[0].said = Arc::new(Said { title: String::new(), text: "[LH] 다음 달".into() });
    play.call(0, vec![bill.clone()]);
    play.call(1, vec![bill]);
    play.call(2, vec![next]);
    let submitted: Vec<AttemptId> = play
        .events()
        .filter_map(|kind| if let EventKind::Submitted { attempt, .. } = kind { Some(attempt) } else { None })
        .collect();
    assert_eq!(submitted, [attempt(0, 0), attempt(0, 1), attempt(1, 0)]);
}

#[test]
fn a_plain_text_is_the_fallback_of_what_was_sent_last_and_its_cause_is_what_was_heard() {
    for (claim, cause) in [
        (None, Cause::NoReceipt),
        (Some(Claim::Uncertain), Cause::NoReceipt),
        (Some(Claim::Failed), Cause::Failed),
        (Some(Claim::Shown), Cause::NotOpened),
    ] {
        let mut play = Play::of(|_| {});
        let (bill, text) = (play.bill(1), play.text(1));
        play.call(0, vec![bill]);
        if let Some(claim) = claim {
            play.tell(1, Input::Heard { attempt: attempt(0, 0), claim, code: Code::OK, ear: Ear::Poll });
        }
        play.call(60, vec![text.clone()]);
        play.call(61, vec![text]);
        assert_eq!(play.fallbacks(), [cause], "the second is a repeat");
        assert_eq!(play.count(|kind| matches!(kind, EventKind::Created { .. })), 1);
    }
}

#[test]
fn a_line_makes_notices_due_that_somebody_has_to_send() {
    let mut play = Play::of(|plan| plan.sends = sample::rent().sends);
    play.until(1);
    let due = play.count(|kind| matches!(kind, EventKind::Created { .. }));
    assert_eq!((due, play.count(|kind| matches!(kind, EventKind::Submitted { .. }))), (1_000, 0));
    let item = play.bill(7);
    play.call(2, vec![item]);
    assert_eq!(play.count(|kind| matches!(kind, EventKind::Created { .. })), due, "it was due already");
}

#[test]
fn an_application_may_be_ahead_of_the_line() {
    let mut play = Play::of(|plan| {
        plan.sends = sample::rent().sends;
        plan.sends[0].at = at(60);
    });
    let item = play.bill(7);
    play.call(2, vec![item]);
    play.until(90);
    assert_eq!(play.count(|kind| matches!(kind, EventKind::Created { .. })), 1_000);
}

#[test]
fn strangers_and_too_many_steps_are_turned_away() {
    let mut play = Play::of(|_| {});
    let stranger = HandIn { person: PersonId(4_000_000), ..play.bill(1) };
    let bill = play.bill(1);
    play.call(0, vec![stranger, bill]);
    assert_eq!(play.answers()[0].items, [Err(Rejection::UnknownPerson), Ok(attempt(0, 0))]);
    let mut empty = play.bill(2);
    empty.steps.clear();
    play.call(1, vec![empty]);
    assert_eq!(play.answers()[1].items, [Err(Rejection::Full)]);
}

fn denied(person: u32, kind: Option<u16>, medium: Medium) -> Denied {
    let said = Denial::find("solapi", "1042").expect("a row");
    Denied { person: PersonId(person), kind: kind.map(KindId), medium, said }
}

#[test]
fn what_is_not_taken_is_an_attempt_of_what_is_owed_and_a_corrected_call_is_the_next() {
    for kind in [Some(0), None] {
        let mut play = Play::of(|plan| plan.sends = sample::rent().sends);
        play.tell(2, Input::Denied(vec![denied(7, kind, Medium::Alimtalk), denied(8, kind, Medium::Alimtalk)]));
        let said = Denial::find("solapi", "1042");
        let refused: Vec<EventKind> = play.events().filter(|kind| matches!(kind, EventKind::Refused { .. })).collect();
        let row = |notice| EventKind::Refused { attempt: attempt(notice, 0), code: Code::NOT_TAKEN, said, fault: None };
        assert_eq!(refused, [row(7), row(8)]);
        let bill = play.bill(7);
        play.call(60, vec![bill]);
        play.until(120);
        assert_eq!(play.count(|kind| matches!(kind, EventKind::Created { .. })), 1_000, "nothing new is owed");
        assert_eq!(play.answers()[0].items, [Ok(attempt(7, 1))]);
        assert_eq!(play.count(|kind| matches!(kind, EventKind::Shown { .. })), 1, "what was not taken shows nowhere");
    }
}

#[test]
fn who_turns_to_a_text_after_a_denial_falls_back_because_it_failed() {
    let mut play = Play::of(|plan| plan.sends = sample::rent().sends);
    play.tell(2, Input::Denied(vec![denied(7, None, Medium::Alimtalk)]));
    let text = play.text(7);
    play.call(3, vec![text]);
    assert_eq!(play.fallbacks(), [Cause::Failed]);
    assert_eq!(play.answers()[0].items, [Ok(attempt(7, 1))]);
}

#[test]
fn a_denial_ahead_of_the_line_is_of_the_line_s_notice() {
    let mut play = Play::of(|plan| {
        plan.sends = sample::rent().sends;
        plan.sends[0].at = at(60);
    });
    play.tell(2, Input::Denied(vec![denied(7, None, Medium::Alimtalk)]));
    play.until(90);
    assert_eq!(play.count(|kind| matches!(kind, EventKind::Created { .. })), 1_000);
    assert_eq!(play.count(|kind| matches!(kind, EventKind::Refused { .. })), 1);
}

#[test]
fn denials_of_nobody_and_beyond_what_a_notice_may_have_are_counted_or_turned_away() {
    let mut play = Play::of(|plan| {
        let other = plan.kinds[0].clone();
        plan.kinds.push(other);
    });
    play.tell(0, Input::Denied(vec![denied(7, None, Medium::Alimtalk); 2]));
    let counts = |play: &Play| -> Vec<u32> {
        let count = |kind| if let EventKind::RequestsRefused { count, .. } = kind { Some(count) } else { None };
        play.events().filter_map(count).collect()
    };
    assert_eq!(counts(&play), [2], "it may have been either of two kinds");
    play.tell(1, Input::Denied(vec![denied(4_000_000, None, Medium::Alimtalk)]));
    assert_eq!(play.count(|kind| matches!(kind, EventKind::InputRejected { why: Rejection::UnknownPerson })), 1);
    play.tell(2, Input::Denied(vec![denied(7, Some(0), Medium::Alimtalk); 300]));
    assert_eq!(play.count(|kind| matches!(kind, EventKind::Refused { .. })), usize::from(u8::MAX));
    assert_eq!(counts(&play), [2, 300 - u32::from(u8::MAX)]);
    play.tell(3, Input::RequestsRefused { said: Denial::find("nhn", "4").expect("a row"), count: 9 });
    assert_eq!(counts(&play).last(), Some(&9));
}
