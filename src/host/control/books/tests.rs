//! The books follow effects, whoever brings them about.

use std::sync::Arc;

use crate::host::control::books::Books;
use crate::sim::engine::call::{Call, HandIn, Said, Step, Word};
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::engine::{Engine, Phones};
use crate::sim::model::code::Code;
use crate::sim::model::event::Claim;
use crate::sim::model::ids::{KindId, PersonId};
use crate::sim::model::medium::Medium;
use crate::sim::plan::message::{Review, Template};
use crate::sim::plan::population::Population;
use crate::sim::plan::{SenderDrive, sample};
use crate::sim::time::{SimTime, Span};

fn item(person: u32) -> HandIn {
    let step = |medium, text: &str| {
        let said = Arc::new(Said { title: String::new(), text: text.to_owned() });
        Step { medium, said, answer: None }
    };
    // Not the template's words, so the platform refuses it and the provider sends the text message.
    let steps = vec![step(Medium::Alimtalk, "다른 글"), step(Medium::Lms, "임대료 안내")];
    HandIn { person: PersonId(person), kind: Some(KindId(0)), note: "{}".into(), steps, on_uncertain: false }
}

#[test]
fn a_message_is_followed_from_its_call_to_its_last_step() {
    let mut plan = sample::rent();
    plan.sender.drive = SenderDrive::External;
    plan.sends.clear();
    plan.kinds[0].contents[0].template = Some(Template { code: "T".into(), review: Review::Approved, approved: None });
    let people = Arc::new(Population::of(&plan));
    let mut engine = Engine::new(Arc::new(plan), people, Phones::Simulated);
    let mut books = Books::default();
    let call = Call {
        number: books.next_call(),
        contract: "test".into(),
        note: String::new(),
        direct: false,
        items: vec![Arc::new(item(3))],
    };
    books.note_call(SimTime::ZERO, &call);
    let mut effects = Vec::new();
    engine.step(SimTime::ZERO, Some(Input::Call(Arc::new(call))), &mut effects);
    engine.step(SimTime::ZERO + Span::from_secs(120), None, &mut effects);
    for effect in &effects {
        match effect {
            Effect::Handed(handed) => books.note_handed(handed),
            Effect::CallAnswered(answer) => books.note_answer(answer),
            Effect::Word(word) => books.note_word(word),
            _ => {}
        }
    }
    let call = books.call(1).expect("on record");
    assert!(call.answer.is_some() && call.items[0].is_replaced() && call.items[0].is_settled());
    let claims: Vec<_> = call.items[0].steps.iter().map(|step| step.told.map(|told| told.claim)).collect();
    assert_eq!(claims, [Some(Claim::Failed), Some(Claim::Shown)]);
    assert_eq!(books.news(0, 10).len(), 2);
    assert_eq!(books.news(2, 10), []);
    // That somebody opened it is no news.
    let (step, last) = (call.items[0].steps[1].attempt, call.items[0].steps[1].told);
    let at = SimTime::ZERO + Span::from_secs(3_600);
    books.note_word(&Word { at, attempt: step, claim: Claim::Opened, code: Code::OK, fault: None });
    assert_eq!((books.news(2, 10), books.call(1).expect("on record").items[0].steps[1].told), (&[][..], last));
}
