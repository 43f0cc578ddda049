//! What a client's frames mean: names are looked up, and each fact becomes one input to the engine's task.
//!
//! Whether a fact can be true (did this phone get that message?) is for the engine to judge; here only names are.

use tokio::io::{AsyncRead, AsyncWrite};

use crate::host::gateway::farewell::Ending;
use crate::host::gateway::frame::{
    self, Channel, Incoming, Press, RECEIPTS_MAX, Receipt, SAY_CHARS_MAX, Say, Standing,
};
use crate::host::gateway::run::Run;
use crate::host::gateway::session::Session;
use crate::host::gateway::words::{CloseWord, ErrorCode};
use crate::sim::engine::input::Input;
use crate::sim::model::ids::{AttemptId, ButtonId, ChannelId, PersonId};
use crate::sim::plan::population::person_of_number;

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

/// Hears a later frame.
pub async fn hear<S: AsyncRead + AsyncWrite + Unpin>(session: &mut Session<S>, text: &str) -> Result<(), Ending> {
    let inputs = match frame::read(text) {
        Ok(Incoming::Receipt(receipt)) => receipts(session, &receipt),
        Ok(Incoming::Press(press)) => pressed(session, &press),
        Ok(Incoming::Say(say)) => said(session, say),
        Ok(Incoming::Standing(standing, channel)) => standings(session, standing, &channel),
        Ok(Incoming::Hello(_)) => Err(ErrorCode::HelloTwice),
        Err(ErrorCode::BadFrame) => return Err(Ending::Close(CloseWord::BadFrame)),
        Err(code) => Err(code),
    };
    match inputs {
        Err(code) => session.send(frame::error(code, false, Vec::new())),
        Ok(inputs) => {
            for input in inputs {
                session.tell(input).await?;
            }
            Ok(())
        }
    }
}

fn receipts<S>(session: &Session<S>, receipt: &Receipt) -> Result<Vec<Input>, ErrorCode> {
    if receipt.delivered.len() + receipt.read.len() > RECEIPTS_MAX {
        return Err(ErrorCode::TooLong);
    }
    let mut inputs = Vec::with_capacity(receipt.delivered.len() + receipt.read.len());
    for text in &receipt.delivered {
        let (person, attempt) = whose(session, text)?;
        inputs.push(Input::Delivered { person, attempt });
    }
    for text in &receipt.read {
        let (person, attempt) = whose(session, text)?;
        inputs.push(Input::Read { person, attempt });
    }
    Ok(inputs)
}

fn pressed<S>(session: &Session<S>, press: &Press) -> Result<Vec<Input>, ErrorCode> {
    let (person, attempt) = whose(session, &press.attempt)?;
    let buttons = &session.run.board.plan.buttons;
    let button = buttons.iter().position(|name| *name == press.button).ok_or(ErrorCode::UnknownButton)?;
    Ok(vec![Input::Press { person, attempt, button: ButtonId(button as u16) }])
}

fn said<S>(session: &Session<S>, say: Say) -> Result<Vec<Input>, ErrorCode> {
    if say.text.chars().count() > SAY_CHARS_MAX {
        return Err(ErrorCode::TooLong);
    }
    let channel = channel(session, &say.channel)?;
    let person = match say.phone {
        Some(number) => carried(session, &number)?,
        None => session.outbox.first(true).ok_or(ErrorCode::PhoneNeeded)?,
    };
    Ok(vec![Input::Say { person, channel, text: say.text }])
}

fn standings<S>(session: &Session<S>, standing: Standing, frame: &Channel) -> Result<Vec<Input>, ErrorCode> {
    let channel = channel(session, &frame.channel)?;
    let people = match &frame.phones {
        Some(numbers) => numbers.iter().map(|number| carried(session, number)).collect::<Result<_, _>>()?,
        None => session.outbox.people(),
    };
    let input = |person| match standing {
        Standing::Follow => Input::Follow { person, channel },
        Standing::Unfollow => Input::Unfollow { person, channel },
        Standing::Block => Input::Block { person, channel },
    };
    Ok(people.into_iter().map(input).collect())
}

/// The attempt, and whose receipt this is: its owner if the session carries that phone; else any phone of the session,
/// so that the engine records what was wrong.
fn whose<S>(session: &Session<S>, text: &str) -> Result<(PersonId, AttemptId), ErrorCode> {
    let attempt = AttemptId::parse(text).ok_or(ErrorCode::BadAttempt)?;
    let outbox = &session.outbox;
    if let Some(only) = outbox.first(true) {
        return Ok((only, attempt));
    }
    let owner = session.run.log(outbox.network).owner(attempt.notice).filter(|owner| outbox.carries(*owner));
    owner.or_else(|| outbox.first(false)).map(|person| (person, attempt)).ok_or(ErrorCode::NotYourPhone)
}

fn carried<S>(session: &Session<S>, number: &str) -> Result<PersonId, ErrorCode> {
    let person = known(&session.run, number).ok_or(ErrorCode::UnknownPhone)?;
    if session.outbox.carries(person) { Ok(person) } else { Err(ErrorCode::NotYourPhone) }
}

fn channel<S>(session: &Session<S>, key: &str) -> Result<ChannelId, ErrorCode> {
    let channels = &session.run.board.plan.channels;
    let place = channels.iter().position(|channel| channel.key == key).ok_or(ErrorCode::UnknownChannel)?;
    Ok(ChannelId(place as u16))
}

/// The person of a number, if this run has them.
pub fn known(run: &Run, number: &str) -> Option<PersonId> {
    person_of_number(number).filter(|person| run.board.people.get(*person).is_some())
}

/// A client's own words, short enough to be quoted back to it.
fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}
