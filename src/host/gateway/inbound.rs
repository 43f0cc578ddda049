//! What a client's frames mean: names are looked up, and each fact becomes one input to the engine's task.
//!
//! Whether a fact can be true (did this phone get that message?) is for the engine to judge; here only names are.

use crate::host::gateway::farewell::Ending;
use crate::host::gateway::frame::{self, Channel, Incoming, Press, RECEIPTS_MAX, SAY_CHARS_MAX, Say, Standing};
use crate::host::gateway::outbox::Outbox;
use crate::host::gateway::run::Run;
use crate::host::gateway::words::{CloseWord, ErrorCode};
use crate::sim::engine::input::Input;
use crate::sim::model::ids::{AttemptId, ButtonId, ChannelId, PersonId};

/// A hello whose phones were looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// The phones that are somebody's, each once.
    pub people: Vec<PersonId>,
    /// Where the client wants to go on.
    pub since: Option<u64>,
    /// What to answer about numbers that are nobody's.
    pub error: Option<String>,
}

/// Where a frame was said.
struct At<'a> {
    run: &'a Run,
    outbox: &'a Outbox,
}

/// Reads the first frame.
pub fn hello(run: &Run, text: &str) -> Result<Hello, Ending> {
    let hello = match frame::read(text) {
        Ok(Incoming::Hello(hello)) => hello,
        Err(ErrorCode::BadFrame) => return Err(Ending::Close(CloseWord::BadFrame)),
        _something_else => return Err(Ending::Close(CloseWord::HelloExpected)),
    };
    let (mut people, mut unknown) = (Vec::new(), Vec::new());
    for number in hello.phones {
        match known(run, &number) {
            Some(person) => people.push(person),
            None => unknown.push(clip(&number)),
        }
    }
    people.sort_unstable();
    people.dedup();
    if people.is_empty() {
        return Err(Ending::Close(CloseWord::NobodyKnown));
    }
    let error = (!unknown.is_empty()).then(|| frame::error(ErrorCode::UnknownPhone, false, unknown));
    Ok(Hello { people, since: hello.since, error })
}

/// Hears a later frame: what it says is put behind `inputs`, a mistake is answered.
pub fn hear(run: &Run, outbox: &Outbox, text: &str, inputs: &mut Vec<Input>) -> Result<(), Ending> {
    let at = At { run, outbox };
    if let Some(receipt) = frame::quick_receipt(text) {
        if let Err(code) = at.receipts(&receipt.delivered, &receipt.read, inputs) {
            outbox.say(&frame::error(code, false, Vec::new()), &run.scribe);
        }
        return Ok(());
    }
    let heard = match frame::read(text) {
        Ok(Incoming::Receipt(receipt)) => at.receipts(&receipt.delivered, &receipt.read, inputs),
        Ok(Incoming::Press(press)) => at.pressed(&press, inputs),
        Ok(Incoming::Say(say)) => at.said(say, inputs),
        Ok(Incoming::Standing(standing, channel)) => at.standings(standing, &channel, inputs),
        Ok(Incoming::Hello(_)) => Err(ErrorCode::HelloTwice),
        Err(ErrorCode::BadFrame) => return Err(Ending::Close(CloseWord::BadFrame)),
        Err(code) => Err(code),
    };
    if let Err(code) = heard {
        outbox.say(&frame::error(code, false, Vec::new()), &run.scribe);
    }
    Ok(())
}

impl At<'_> {
    /// All or nothing: a receipt with a mistake in it says nothing.
    fn receipts<S: AsRef<str>>(&self, delivered: &[S], read: &[S], inputs: &mut Vec<Input>) -> Result<(), ErrorCode> {
        if delivered.len() + read.len() > RECEIPTS_MAX {
            return Err(ErrorCode::TooLong);
        }
        let before = inputs.len();
        let delivered = delivered.iter().map(|text| (text, true));
        for (text, delivered) in delivered.chain(read.iter().map(|text| (text, false))) {
            let (person, attempt) = self.whose(text.as_ref()).inspect_err(|_| inputs.truncate(before))?;
            inputs.push(if delivered { Input::Delivered { person, attempt } } else { Input::Read { person, attempt } });
        }
        self.run.traffic.receipts((inputs.len() - before) as u64);
        Ok(())
    }

    fn pressed(&self, press: &Press, inputs: &mut Vec<Input>) -> Result<(), ErrorCode> {
        let (person, attempt) = self.whose(&press.attempt)?;
        let buttons = &self.run.board.plan.buttons;
        let button = buttons.iter().position(|name| *name == press.button).ok_or(ErrorCode::UnknownButton)?;
        inputs.push(Input::Press { person, attempt, button: ButtonId(button as u16) });
        Ok(())
    }

    fn said(&self, say: Say, inputs: &mut Vec<Input>) -> Result<(), ErrorCode> {
        if say.text.chars().count() > SAY_CHARS_MAX {
            return Err(ErrorCode::TooLong);
        }
        let channel = self.channel(&say.channel)?;
        let person = match say.phone {
            Some(number) => self.carried(&number)?,
            None => self.outbox.first(true).ok_or(ErrorCode::PhoneNeeded)?,
        };
        inputs.push(Input::Say { person, channel, text: say.text });
        Ok(())
    }

    fn standings(&self, standing: Standing, frame: &Channel, inputs: &mut Vec<Input>) -> Result<(), ErrorCode> {
        let channel = self.channel(&frame.channel)?;
        let people = match &frame.phones {
            Some(numbers) => numbers.iter().map(|number| self.carried(number)).collect::<Result<_, _>>()?,
            None => self.outbox.people(),
        };
        let input = |person| match standing {
            Standing::Follow => Input::Follow { person, channel },
            Standing::Unfollow => Input::Unfollow { person, channel },
            Standing::Block => Input::Block { person, channel },
        };
        inputs.extend(people.into_iter().map(input));
        Ok(())
    }

    /// The attempt, and whose receipt this is: its owner if the session carries that phone; else any phone of the
    /// session, so that the engine records what was wrong.
    fn whose(&self, text: &str) -> Result<(PersonId, AttemptId), ErrorCode> {
        let attempt = AttemptId::parse(text).ok_or(ErrorCode::BadAttempt)?;
        let outbox = self.outbox;
        if let Some(only) = outbox.first(true) {
            return Ok((only, attempt));
        }
        let owner = self.run.log(outbox.network).owner(attempt.notice).filter(|owner| outbox.carries(*owner));
        owner.or_else(|| outbox.first(false)).map(|person| (person, attempt)).ok_or(ErrorCode::NotYourPhone)
    }

    fn carried(&self, number: &str) -> Result<PersonId, ErrorCode> {
        let person = known(self.run, number).ok_or(ErrorCode::UnknownPhone)?;
        if self.outbox.carries(person) { Ok(person) } else { Err(ErrorCode::NotYourPhone) }
    }

    fn channel(&self, key: &str) -> Result<ChannelId, ErrorCode> {
        let channels = &self.run.board.plan.channels;
        let place = channels.iter().position(|channel| channel.key == key).ok_or(ErrorCode::UnknownChannel)?;
        Ok(ChannelId(place as u16))
    }
}

/// The person of a number, if this run has them.
pub fn known(run: &Run, number: &str) -> Option<PersonId> {
    run.board.people.by_number(number)
}

/// A client's own words, short enough to be quoted back to it.
fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}
