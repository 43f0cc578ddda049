//! A session: the dialogue over one line, command by command.
//!
//! A client may send commands ahead (pipelining): replies are kept until nothing more of it is here, and go out together.
//! While a mail is handed in, the line is listened to as well: a client that hangs up before its answer has heard
//! nothing, and the engine is told so.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use smtp_proto::{AUTH_LOGIN, AUTH_PLAIN, Error, MailFrom, RcptTo, Request};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use crate::host::provider::Providers;
use crate::host::provider::breaker::Breaker;
use crate::host::provider::reception::{Closed, ask, hand_in_directly};
use crate::host::provider::refused::{self, Refused};
use crate::host::provider::smtp::input::{Input, LINE_MAX, Line, MAIL_MAX, Mail};
use crate::host::provider::smtp::reply::Reply;
use crate::host::provider::smtp::{CONTRACT, address, letter};
use crate::host::shutdown::Shutdown;
use crate::sim::engine::call::{HandIn, Step};
use crate::sim::model::ids::PersonId;
use crate::sim::model::medium::{Medium, Network};

/// Most recipients of a mail: what RFC 5321 section 4.5.3.1.8 says a server must take.
pub const RECIPIENTS_MAX: usize = 100;
/// Errors of a client after which its line is closed.
pub const ERRORS_MAX: u32 = 20;
/// How long a command may take to come, from its first byte; a mail; and how long a client may not take its reply.
const LINE_WITHIN: Duration = Duration::from_secs(300);
const MAIL_WITHIN: Duration = Duration::from_secs(900);
const REPLY_WITHIN: Duration = Duration::from_secs(60);

/// One line's dialogue.
pub struct Session<'s, S> {
    stream: &'s mut S,
    providers: Arc<Providers>,
    breaker: Breaker,
    shutdown: Shutdown,
    input: Input,
    out: Vec<u8>,
    greeted: bool,
    known: bool,
    errors: u32,
    envelope: Option<Vec<PersonId>>,
    /// For whom a mail was that is not taken for what it is.
    denied: Vec<PersonId>,
    /// Whether the run knows already why a mail is not taken.
    on_record: bool,
}

/// What a line came to be.
enum Heard {
    /// One that can be looked at.
    Line(Vec<u8>),
    /// One that is answered already.
    Answered,
    /// The last one: nothing more is heard.
    Over,
}

impl<'s, S: AsyncRead + AsyncWrite + Unpin> Session<'s, S> {
    /// A session that has not begun.
    pub fn new(stream: &'s mut S, providers: Arc<Providers>, breaker: Breaker, shutdown: Shutdown) -> Session<'s, S> {
        let (input, out) = (Input::default(), Vec::new());
        Session {
            stream,
            providers,
            breaker,
            shutdown,
            input,
            out,
            greeted: false,
            known: false,
            errors: 0,
            envelope: None,
            denied: Vec::new(),
            on_record: false,
        }
    }

    /// Talks until one side ends it. A mail network that is down answers nobody, in whatever way it is down.
    pub async fn talk(mut self) -> io::Result<()> {
        if let Err(closed) = self.door().await {
            self.say(&closed.into());
            return self.flush().await;
        }
        self.say(&Reply::new(220, "", format!("{} ESMTP bongsu (a simulation: mail goes to nobody)", address::DOMAIN)));
        loop {
            let line = match self.hear().await? {
                Heard::Line(line) => line,
                Heard::Answered => continue,
                Heard::Over => return self.flush().await,
            };
            let reply = match Request::parse(&mut line.iter()) {
                Ok(request) => self.obey(request).await?,
                Err(error) => Some(wrong(&error)),
            };
            let Some(reply) = reply else { continue };
            self.tell_refused(&reply).await;
            if self.say(&reply) {
                return self.flush().await;
            }
        }
    }

    /// Tells log, counts and run of a reply that refuses something. What is wrong with a command alone is nobody's mail.
    async fn tell_refused(&mut self, reply: &Reply) {
        let (people, on_record) = (std::mem::take(&mut self.denied), std::mem::take(&mut self.on_record));
        if !reply.blames() {
            return;
        }
        let code = reply.code.to_string();
        let mut refused = match reply.code {
            535 | 550 | 552 | 554 if !on_record && people.is_empty() => Refused::whole(CONTRACT, &code),
            _ if people.is_empty() => Refused::closed(CONTRACT, &code),
            _ => Refused::default(),
        };
        people.iter().for_each(|person| refused.add(CONTRACT, &code, Some(*person), None, Medium::Email));
        refused::tell(&self.providers, refused, reply.code, "smtp").await;
    }

    /// The mail network's own outage, which no command escapes.
    async fn door(&self) -> Result<(), Closed> {
        match self.providers.run() {
            Some(run) => ask(&run, Network::Mail, &self.breaker).await,
            None => Ok(()),
        }
    }

    /// The next line of the client, after it has been told everything.
    async fn hear(&mut self) -> io::Result<Heard> {
        if !self.input.has_line() {
            self.flush().await?;
        }
        let line = tokio::select! {
            line = timeout(LINE_WITHIN, self.input.line(self.stream)) => line.unwrap_or_else(|late| Err(late.into())),
            () = self.shutdown.asked() => {
                self.say(&Reply::new(421, "4.3.2", "this server ends"));
                return Ok(Heard::Over);
            }
        };
        let reply = match line {
            Ok(Line::Whole(line)) => return Ok(Heard::Line(line)),
            Ok(Line::TooLong) => Reply::new(500, "5.5.2", format!("the line is longer than {LINE_MAX} bytes")),
            Ok(Line::Bare) => Reply::new(500, "5.5.2", "a line ends in CR and LF: this one has one without the other"),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                Reply::new(421, "4.4.2", format!("nothing was said for {} s", LINE_WITHIN.as_secs()))
            }
            Err(error) => return Err(error),
        };
        Ok(if self.say(&reply) { Heard::Over } else { Heard::Answered })
    }

    /// Keeps a reply for the line; whether the line ends with it.
    fn say(&mut self, reply: &Reply) -> bool {
        reply.write(&mut self.out);
        if reply.blames() {
            self.errors += 1;
        }
        if self.errors < ERRORS_MAX || reply.closes() {
            return reply.closes();
        }
        Reply::new(421, "4.7.0", "too many errors").write(&mut self.out);
        true
    }

    async fn flush(&mut self) -> io::Result<()> {
        let written = async {
            self.stream.write_all(&self.out).await?;
            self.stream.flush().await
        };
        timeout(REPLY_WITHIN, written).await??;
        self.out.clear();
        Ok(())
    }

    /// What a command brings; nothing, where it was answered on the way.
    async fn obey(&mut self, request: Request<std::borrow::Cow<'_, str>>) -> io::Result<Option<Reply>> {
        Ok(Some(match request {
            Request::Ehlo { .. } => {
                self.greet();
                self.tell_extensions();
                return Ok(None);
            }
            Request::Helo { .. } => {
                self.greet();
                Reply::new(250, "", address::DOMAIN)
            }
            Request::Mail { from } => self.begin(&from).await,
            Request::Rcpt { to } => self.add(&to),
            Request::Data => return self.data().await.map(Some),
            Request::Rset => {
                self.envelope = None;
                Reply::new(250, "2.0.0", "forgotten")
            }
            Request::Noop { .. } => Reply::new(250, "2.0.0", "yes"),
            Request::Vrfy { .. } => Reply::new(252, "2.5.2", "send some mail and see"),
            Request::Help { .. } => Reply::new(214, "2.0.0", "RFC 5321; docs/providers/smtp.md of bongsu"),
            Request::Quit => Reply::new(221, "2.0.0", "goodbye"),
            Request::Auth { mechanism, initial_response } => {
                return self.prove(mechanism, &initial_response).await;
            }
            Request::Lhlo { .. }
            | Request::Bdat { .. }
            | Request::Expn { .. }
            | Request::Etrn { .. }
            | Request::Atrn { .. }
            | Request::Burl { .. }
            | Request::StartTls => Reply::new(502, "5.5.1", "not here"),
        }))
    }

    fn greet(&mut self) {
        self.greeted = true;
        self.envelope = None;
    }

    fn tell_extensions(&mut self) {
        let size = format!("SIZE {MAIL_MAX}");
        let lines =
            [address::DOMAIN, "PIPELINING", &size, "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "AUTH PLAIN LOGIN"];
        for line in lines {
            self.out.extend_from_slice(format!("250-{line}\r\n").as_bytes());
        }
        self.out.extend_from_slice(b"250 HELP\r\n");
    }

    async fn begin(&mut self, from: &MailFrom<std::borrow::Cow<'_, str>>) -> Reply {
        if !self.greeted || self.envelope.is_some() {
            let expected = if self.greeted { "a mail has begun already" } else { "expected EHLO first" };
            return Reply::new(503, "5.5.1", expected);
        }
        if from.size > MAIL_MAX {
            return Reply::new(
                552,
                "5.3.4",
                format!("expected a mail of at most {MAIL_MAX} bytes, found {}", from.size),
            );
        }
        if let Err(closed) = self.door().await {
            return closed.into();
        }
        if self.providers.run().is_none() {
            return Closed::NoRun.into();
        }
        self.envelope = Some(Vec::new());
        Reply::new(250, "2.1.0", "begun")
    }

    fn add(&mut self, to: &RcptTo<std::borrow::Cow<'_, str>>) -> Reply {
        let Some(people) = &mut self.envelope else { return Reply::new(503, "5.5.1", "expected MAIL first") };
        if people.len() >= RECIPIENTS_MAX {
            return Reply::new(452, "4.5.3", format!("expected at most {RECIPIENTS_MAX} recipients of a mail"));
        }
        let Some(run) = self.providers.run() else { return Closed::NoRun.into() };
        match address::person(&run, &to.address) {
            Err(reply) => reply,
            Ok(person) => {
                // The same address twice is one recipient, as it is to any server.
                if !people.contains(&person) {
                    people.push(person);
                }
                Reply::new(250, "2.1.5", "added")
            }
        }
    }

    async fn data(&mut self) -> io::Result<Reply> {
        match self.envelope.as_deref() {
            None => return Ok(Reply::new(503, "5.5.1", "expected MAIL first")),
            Some([]) => return Ok(Reply::new(554, "5.5.1", "no recipient was taken")),
            Some([..]) => {}
        }
        self.say(&Reply::new(354, "", "end with a dot on a line of its own"));
        self.flush().await?;
        let mail = match timeout(MAIL_WITHIN, self.input.mail(self.stream)).await {
            Ok(Err(error)) if error.kind() == io::ErrorKind::TimedOut => return Ok(slow()),
            Ok(mail) => mail?,
            Err(_) => return Ok(slow()),
        };
        let people = self.envelope.take().unwrap_or_default();
        match mail {
            Mail::TooLarge => {
                self.denied = people;
                Ok(Reply::new(552, "5.3.4", format!("expected a mail of at most {MAIL_MAX} bytes")))
            }
            Mail::Bare => {
                self.denied = people;
                Ok(Reply::new(554, "5.6.0", "the mail has an LF without its CR, or a CR without its LF"))
            }
            Mail::Whole(mail) => match letter::read(&mail) {
                Ok(letter) => self.hand_in(people, letter).await,
                Err(reply) => {
                    self.denied = people;
                    Ok(reply)
                }
            },
        }
    }

    /// Hands a mail in; an error if the client did not wait for the answer.
    async fn hand_in(&mut self, people: Vec<PersonId>, letter: letter::Letter) -> io::Result<Reply> {
        let Some(run) = self.providers.run() else { return Ok(Closed::NoRun.into()) };
        let step = Step { medium: Medium::Email, said: Arc::new(letter.said), answer: None };
        let item =
            |person| HandIn { person, kind: None, note: "".into(), steps: vec![step.clone()], on_uncertain: false };
        let items: Vec<HandIn> = people.into_iter().map(item).collect();
        let note = json!({ "messageId": letter.id }).to_string();
        let handed = hand_in_directly(&run, CONTRACT, note, items, &self.breaker);
        let answer = tokio::select! {
            answer = handed => answer,
            gone = hung_up(&mut self.input, self.stream) => return Err(gone),
        };
        Ok(match answer {
            Err(turned) => {
                self.on_record = true;
                turned.into()
            }
            // All or nothing: there is one answer for all recipients, and it may not be wrong about one.
            Ok(answer) if answer.items.iter().any(Result::is_err) => Closed::Busy.into(),
            Ok(answer) => Reply::new(250, "2.0.0", format!("taken as {}-m{}", run.id, answer.call)),
        })
    }

    /// AUTH: a client may say who it is, and need not.
    async fn prove(&mut self, mechanism: u64, first: &str) -> io::Result<Option<Reply>> {
        if !self.greeted || self.known || self.envelope.is_some() {
            return Ok(Some(Reply::new(503, "5.5.1", "AUTH comes once, after EHLO and before MAIL")));
        }
        let proof = match mechanism {
            AUTH_PLAIN => self.plain(first).await?,
            AUTH_LOGIN => self.login(first).await?,
            _ => return Ok(Some(Reply::new(504, "5.5.4", "expected PLAIN or LOGIN"))),
        };
        let Some((key, secret)) = proof else {
            return Ok(Some(Reply::new(501, "5.5.2", "expected base64, of a key and a secret")));
        };
        self.known = self.providers.accounts.find(&key).is_some_and(|account| account.secret == secret);
        Ok(Some(match self.known {
            true => Reply::new(235, "2.7.0", "known"),
            false => Reply::new(535, "5.7.8", "nobody has this key and secret"),
        }))
    }

    async fn plain(&mut self, first: &str) -> io::Result<Option<(String, String)>> {
        let given = if first.is_empty() { self.challenge("").await? } else { decoded(first.as_bytes()) };
        let mut parts = given.as_deref().unwrap_or("").splitn(3, '\0').skip(1);
        Ok(parts.next().zip(parts.next()).map(|(key, secret)| (key.to_owned(), secret.to_owned())))
    }

    async fn login(&mut self, first: &str) -> io::Result<Option<(String, String)>> {
        let key = if first.is_empty() { self.challenge("Username:").await? } else { decoded(first.as_bytes()) };
        let secret = if key.is_some() { self.challenge("Password:").await? } else { None };
        Ok(key.zip(secret))
    }

    /// Asks for one line of a proof.
    async fn challenge(&mut self, asks: &str) -> io::Result<Option<String>> {
        self.say(&Reply::new(334, "", STANDARD.encode(asks)));
        self.flush().await?;
        let line = timeout(LINE_WITHIN, self.input.line(self.stream)).await??;
        Ok(match line {
            Line::Whole(line) => decoded(line.trim_ascii_end()),
            Line::TooLong | Line::Bare => None,
        })
    }
}

/// Text in base64.
fn decoded(bytes: &[u8]) -> Option<String> {
    String::from_utf8(STANDARD.decode(bytes).ok()?).ok()
}

/// Waits until the client is gone. What it says meanwhile is kept for later, up to a bound.
async fn hung_up(input: &mut Input, stream: &mut (impl AsyncRead + Unpin)) -> io::Error {
    loop {
        if input.is_full() {
            std::future::pending::<()>().await;
        }
        match input.more(stream).await {
            Ok(()) => {}
            // Silence is what a client owes us now.
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {}
            Err(error) => return error,
        }
    }
}

fn slow() -> Reply {
    Reply::new(421, "4.4.2", "the mail came too slowly")
}

/// What is wrong with a line that is no command.
fn wrong(error: &Error) -> Reply {
    match error {
        Error::SyntaxError { syntax } => Reply::new(501, "5.5.4", format!("expected {syntax}")),
        Error::InvalidParameter { param } => Reply::new(501, "5.5.4", format!("wrong parameter {param}")),
        Error::UnsupportedParameter { param } => {
            let shown: String = param.chars().take(40).collect();
            Reply::new(555, "5.5.4", format!("unknown parameter {shown}"))
        }
        Error::InvalidSenderAddress => Reply::new(501, "5.1.7", "no address of a sender"),
        Error::InvalidRecipientAddress => Reply::new(501, "5.1.3", "no address of a recipient"),
        Error::UnknownCommand
        | Error::NeedsMoreData { .. }
        | Error::ResponseTooLong
        | Error::InvalidResponse { .. } => Reply::new(500, "5.5.1", "no such command"),
    }
}
