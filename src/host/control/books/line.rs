//! The line of an application outside: a call goes in, an answer comes out, and a caller who hangs up is noticed.
//!
//! An answer is there once the call is on disk (where a disk is) and its simulated instant has come. Whoever drops an
//! [`OpenCall`] without [`OpenCall::answered`] has hung up: the engine is told, because to the application that call
//! failed.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::host::control::Refusal;
use crate::host::control::lease::{InFlight, Leases};
use crate::host::control::run::{Run, State};
use crate::host::link::ToEngine;
use crate::sim::engine::call::{Call, CallAnswer, HandIn, HookWord, Note};
use crate::sim::engine::input::Input;
use crate::sim::model::code::Code;
use crate::sim::model::event::{Claim, Ear, Rejection};
use crate::sim::model::ids::AttemptId;

/// A call that has not been answered to its caller.
#[derive(Debug)]
pub struct OpenCall {
    /// Its number.
    pub number: u32,
    line: mpsc::Sender<ToEngine>,
    written: Option<oneshot::Receiver<()>>,
    answer: Option<oneshot::Receiver<CallAnswer>>,
    closed: bool,
    _time: Time,
}

/// What a call means for the time of a run in lock-step, until it is over however it ends.
#[derive(Debug)]
struct Time(u32, Option<Arc<Leases>>);

/// Something that a provider wants to be remembered, and that is not on record yet. In lock-step time stands for it.
#[derive(Debug)]
pub struct Remembering {
    written: oneshot::Receiver<()>,
    _time: Option<InFlight>,
}

impl Remembering {
    /// Waits until it is on record, and on disk where there is one; a run that ends before writes nothing more.
    pub async fn on_record(self) -> Result<(), Refusal> {
        self.written.await.map_err(|_| Refusal::Ended)
    }
}

impl OpenCall {
    /// Waits until the call is on record: from then on whoever asks hears of it, its caller or not.
    pub async fn on_record(&mut self) -> Result<(), Refusal> {
        let Some(written) = self.written.take() else { return Ok(()) };
        written.await.map_err(|_| Refusal::Ended)
    }

    /// Waits for the answer; a run that ends meanwhile gives none.
    pub async fn answer(&mut self) -> Result<CallAnswer, Refusal> {
        let Some(answer) = self.answer.take() else { return Err(Refusal::Ended) };
        answer.await.map_err(|_| Refusal::Ended)
    }

    /// The caller has its answer, or has seen its connection break as it should.
    pub fn answered(mut self) {
        self.closed = true;
    }
}

impl Time {
    fn held(call: u32, leases: Option<Arc<Leases>>) -> Time {
        if let Some(leases) = &leases {
            leases.call_comes(call);
        }
        Time(call, leases)
    }

    fn let_go(&self) {
        if let Some(leases) = &self.1 {
            leases.call_waits(self.0);
        }
    }
}

impl Drop for Time {
    fn drop(&mut self) {
        if let Some(leases) = &self.1 {
            leases.call_over(self.0);
        }
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        if self.closed {
            return;
        }
        let input = ToEngine(Input::HungUp { call: self.number });
        // A line that is full is waited for by a task of its own; one that is closed belongs to a run that is over.
        if let Err(mpsc::error::TrySendError::Full(input)) = self.line.try_send(input) {
            let line = self.line.clone();
            tokio::spawn(async move { drop(line.send(input).await) });
        }
    }
}

impl Run {
    /// An application outside calls: every message is on record, or none. The answer comes through [`OpenCall`].
    pub async fn call(&self, contract: &str, note: String, items: Vec<HandIn>) -> Result<OpenCall, Refusal> {
        let items = items.into_iter().map(Arc::new).collect();
        self.put_through(Call { number: 0, contract: contract.to_owned(), note, direct: false, items }).await
    }

    /// The same, where no provider stands between the caller and the network.
    pub async fn call_directly(&self, contract: &str, note: String, items: Vec<HandIn>) -> Result<OpenCall, Refusal> {
        let items = items.into_iter().map(Arc::new).collect();
        self.put_through(Call { number: 0, contract: contract.to_owned(), note, direct: true, items }).await
    }

    /// Gives a call its number and puts it through.
    async fn put_through(&self, call: Call) -> Result<OpenCall, Refusal> {
        let line = self.line()?;
        let (told, answer) = oneshot::channel();
        let (noted, written) = oneshot::channel();
        let number = self.books(|books| {
            if !books.has_room(call.items.len()) {
                return Err(Refusal::Rejected(Rejection::Full));
            }
            let number = books.next_call();
            books.wait_for(number, noted, told);
            Ok(number)
        })?;
        let time = Time::held(number, self.leases.clone());
        let call = Call { number, ..call };
        line.send(ToEngine(Input::Call(Arc::new(call)))).await.map_err(|_| Refusal::Ended)?;
        time.let_go();
        Ok(OpenCall { number, line, written: Some(written), answer: Some(answer), closed: false, _time: time })
    }

    /// A provider wants something remembered. It is in the order of its kind from now on, and on record after a while.
    pub fn remember(&self, contract: &str, text: String) -> Result<Remembering, Refusal> {
        if self.status().state == State::Held {
            return Err(Refusal::Full);
        }
        let room = self.line()?.try_reserve_owned().map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Refusal::Busy,
            mpsc::error::TrySendError::Closed(_) => Refusal::Ended,
        })?;
        let time = self.leases.as_ref().map(|leases| leases.in_flight("note"));
        let (noted, written) = oneshot::channel();
        let number = self.books(|books| books.next_note(noted));
        room.send(ToEngine(Input::Note(Arc::new(Note { number, contract: contract.to_owned(), text }))));
        Ok(Remembering { written, _time: time })
    }

    /// A webhook of an application outside was called.
    pub async fn hook(&self, word: HookWord) -> Result<(), Refusal> {
        self.line()?.send(ToEngine(Input::Hook(Box::new(word)))).await.map_err(|_| Refusal::Ended)
    }

    /// An application outside was refused something. Of a run that is over nobody has to know.
    pub(in crate::host::control) async fn hear_refusal(&self, input: Input) {
        if let Ok(line) = self.line() {
            let _ = line.send(ToEngine(input)).await;
        }
    }

    /// An application outside has heard what became of its message.
    pub async fn heard(&self, attempt: AttemptId, claim: Claim, code: Code, ear: Ear) -> Result<(), Refusal> {
        let input = Input::Heard { attempt, claim, code, ear };
        self.line()?.send(ToEngine(input)).await.map_err(|_| Refusal::Ended)
    }

    /// Gives the run the line on which applications outside are heard; once, before the run begins.
    pub fn connect(self: &Arc<Self>, line: mpsc::Sender<ToEngine>) {
        // A second line would be a bug of the stage; the first one stays.
        let _ = self.applications.set(line.downgrade());
    }

    fn line(&self) -> Result<mpsc::Sender<ToEngine>, Refusal> {
        if self.outcome().is_some() {
            return Err(Refusal::Ended);
        }
        // Weak, so that the run's end is not kept open by those who look at it.
        self.applications.get().ok_or(Refusal::NotLive)?.upgrade().ok_or(Refusal::Ended)
    }
}
