//! SMTP over a real line: what is taken, what is refused, and the mail network's faults as a mail client sees them.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::host::control::Order;
use crate::host::control::books::Books;
use crate::host::provider::smtp;
use crate::host::shutdown::{Trigger, shutdown};
use crate::host::testbed::LONG;
use crate::host::tests::down;
use crate::host::tests::outside::Desk;
use crate::sim::fault::{DownHow, Fault, FaultKind, Scope, Then};
use crate::sim::model::code::Code;
use crate::sim::model::event::{Event, EventKind};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::time::Span;

/// A desk that takes mails.
struct Office {
    desk: Desk,
    address: std::net::SocketAddr,
    trigger: Trigger,
}

/// A client's end of a line.
struct Client {
    lines: BufReader<OwnedReadHalf>,
    to: OwnedWriteHalf,
}

impl Office {
    async fn open() -> Office {
        let desk = Desk::open().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let address = listener.local_addr().expect("an address");
        let (trigger, asked) = shutdown();
        tokio::spawn(smtp::serve(listener, desk.providers.clone(), asked));
        Office { desk, address, trigger }
    }

    /// A line that has been greeted.
    async fn client(&self) -> Client {
        let mut client = self.line().await;
        assert_eq!(
            client.reply().await.as_deref(),
            Some("220 mail.bongsu.test ESMTP bongsu (a simulation: mail goes to nobody)")
        );
        assert!(client.ask("EHLO sender.test").await.ends_with("250 HELP"));
        client
    }

    async fn line(&self) -> Client {
        let (from, to) = TcpStream::connect(self.address).await.expect("loopback").into_split();
        Client { lines: BufReader::new(from), to }
    }

    async fn fault(&self, name: &str, kind: FaultKind) {
        let legs = kind.own_legs().to_vec();
        let fault = Fault { kind, begins: self.desk.run.status().at, ..down(name, 0, None) };
        let scope = Scope { networks: vec![Network::Mail], legs, ..fault.scope.clone() };
        let posted = self.desk.run.ask(Order::PostFault(Box::new(Fault { scope, ..fault }))).await;
        posted.expect("posted");
    }

    async fn lift(&self, name: &str) {
        self.desk.run.ask(Order::LiftFault(name.to_owned())).await.expect("lifted");
    }

    /// Mails in the books: their titles and texts.
    fn mails(&self) -> Vec<(String, String)> {
        let of = |books: &Books| {
            let steps = books.calls_of(smtp::CONTRACT, 0).flat_map(|call| &call.items).flat_map(|item| &item.steps);
            steps.map(|step| (step.said.title.clone(), step.said.text.clone())).collect()
        };
        self.desk.run.books(|books| of(books))
    }
}

impl Client {
    /// The next reply, its lines together; `None` when the line is over, however it ended.
    async fn reply(&mut self) -> Option<String> {
        let mut whole = String::new();
        loop {
            let mut line = String::new();
            let read = tokio::time::timeout(LONG, self.lines.read_line(&mut line)).await.expect("something comes");
            if read.unwrap_or(0) == 0 {
                return None;
            }
            whole.push_str(line.trim_end());
            if line.as_bytes().get(3) == Some(&b' ') {
                return Some(whole);
            }
            whole.push('\n');
        }
    }

    async fn say(&mut self, bytes: &[u8]) {
        self.to.write_all(bytes).await.expect("the line holds");
    }

    async fn ask(&mut self, command: &str) -> String {
        self.say(format!("{command}\r\n").as_bytes()).await;
        self.reply().await.expect("a reply")
    }

    /// A mail to these numbers, up to the reply after its dot.
    async fn send(&mut self, to: &[&str], mail: &str) -> Option<String> {
        assert!(self.ask("MAIL FROM:<office@agency.test>").await.starts_with("250 2.1.0"));
        for number in to {
            assert!(self.ask(&format!("RCPT TO:<{number}@mail.bongsu.test>")).await.starts_with("250 2.1.5"));
        }
        assert!(self.ask("DATA").await.starts_with("354"));
        self.say(format!("{mail}\r\n.\r\n").as_bytes()).await;
        self.reply().await
    }
}

const BILL: &str = "From: office@agency.test\r\nSubject: Rent\r\nMessage-ID: <1@agency.test>\r\n\r\n[LH] rent bill";

#[tokio::test]
async fn a_mail_is_taken_shown_and_believed_as_accepted_only() {
    let office = Office::open().await;
    let mut client = office.client().await;
    let reply = client.send(&["01000000001", "010-0000-0002", "01000000001"], BILL).await.expect("a reply");
    assert_eq!(reply, "250 2.0.0 taken as r1-m1");
    assert_eq!(office.mails(), vec![("Rent".to_owned(), "[LH] rent bill".to_owned()); 2], "one each");
    let place = |books: &Books| books.call(1).map(|call| (call.contract.clone(), call.note.clone(), call.items.len()));
    let call = office.desk.run.books(|books| place(books)).expect("on record");
    assert_eq!(call, ("smtp".to_owned(), r#"{"messageId":"1@agency.test"}"#.to_owned(), 2));
    office.desk.until(|books| books.call(1).is_some_and(|call| call.items.iter().all(|item| item.is_settled()))).await;
    let steps = office.desk.run.books(|books| books.call(1).expect("on record").items[0].steps.clone());
    assert_eq!((steps[0].medium, steps[0].heard), (Medium::Email, None), "nobody is told more than 250");
    assert!(client.ask("QUIT").await.starts_with("221"));
    assert_eq!(client.reply().await, None);
}

#[tokio::test]
async fn the_dialogue_keeps_its_order_and_its_bounds() {
    let office = Office::open().await;
    let mut client = office.line().await;
    client.reply().await.expect("a greeting");
    for (command, reply) in [
        ("MAIL FROM:<a@b.test>", "503 5.5.1"),
        ("HELO me", "250 mail.bongsu.test"),
        ("RCPT TO:<01000000001@mail.bongsu.test>", "503 5.5.1"),
        ("DATA", "503 5.5.1"),
        ("MAIL FROM:<a@b.test> SIZE=1048577", "552 5.3.4"),
        ("MAIL FROM:<a@b.test> SIZE=1000", "250 2.1.0"),
        ("MAIL FROM:<a@b.test>", "503 5.5.1"),
        ("DATA", "554 5.5.1"),
        ("RCPT TO:<01000000001@example.com>", "550 5.7.1"),
        ("RCPT TO:<01023456789@mail.bongsu.test>", "550 5.7.1"),
        ("RCPT TO:<01000009999@mail.bongsu.test>", "550 5.1.1"),
        ("RCPT TO:<office@mail.bongsu.test>", "550 5.1.1"),
        ("RSET", "250 2.0.0"),
        ("NOOP", "250 2.0.0"),
        ("VRFY somebody", "252"),
        ("STARTTLS", "502"),
        ("EXPN all", "502"),
        ("MAIL FROM:", "501"),
        ("RUBBISH", "500"),
        ("HELP", "214"),
    ] {
        let found = client.ask(command).await;
        assert!(found.starts_with(reply), "{command}: {found}");
    }
}

#[tokio::test]
async fn a_hundred_are_taken_at_once_and_the_next_is_asked_to_come_back() {
    let office = Office::open().await;
    let mut client = office.client().await;
    let mut ahead = "MAIL FROM:<a@b.test>\r\n".to_owned();
    for number in 0..=100 {
        ahead.push_str(&format!("RCPT TO:<0100000{number:04}@mail.bongsu.test>\r\n"));
    }
    client.say(format!("{ahead}DATA\r\n").as_bytes()).await;
    let mut replies = Vec::new();
    for _ in 0..103 {
        replies.push(client.reply().await.expect("a reply"));
    }
    assert!(replies[1..101].iter().all(|reply| reply.starts_with("250 2.1.5")), "{replies:?}");
    assert!(replies[101].starts_with("452 4.5.3"), "{}", replies[101]);
    client.say(format!("{BILL}\r\n.\r\n").as_bytes()).await;
    assert!(client.reply().await.expect("a reply").starts_with("250 2.0.0"));
    assert_eq!(office.mails().len(), 100);
}

#[tokio::test]
async fn what_is_no_mail_is_refused_and_the_line_goes_on() {
    let office = Office::open().await;
    let mut client = office.client().await;
    let smuggled = format!("{BILL}\n.\nMAIL FROM:<x@y.test>");
    assert!(client.send(&["01000000001"], &smuggled).await.expect("a reply").starts_with("554 5.6.0"));
    let large = format!("{BILL}\r\n{}", "x".repeat(smtp::input::MAIL_MAX));
    assert!(client.send(&["01000000001"], &large).await.expect("a reply").starts_with("552 5.3.4"));
    assert!(client.send(&["01000000001"], "Subject: nothing\r\n").await.expect("a reply").starts_with("554 5.6.0"));
    assert!(client.ask(&"x".repeat(5_000)).await.starts_with("500 5.5.2"));
    assert!(client.send(&["01000000001"], BILL).await.expect("a reply").starts_with("250"));
    assert_eq!(office.mails().len(), 1);
    let mut noise = office.client().await;
    noise.say(b"\x00\xff\xfe\r\n".repeat(30).as_slice()).await;
    let mut last = String::new();
    while let Some(reply) = noise.reply().await {
        last = reply;
    }
    assert_eq!(last, "421 4.7.0 too many errors");
}

#[tokio::test]
async fn a_client_may_say_who_it_is() {
    use base64::Engine as _;
    let encoded = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let office = Office::open().await;
    let proof = |secret: &str| encoded(&format!("\0bongsu-test-key\0{secret}"));
    let mut client = office.client().await;
    assert!(client.ask(&format!("AUTH PLAIN {}", proof("wrong"))).await.starts_with("535 5.7.8"));
    assert!(client.ask("AUTH PLAIN ?").await.starts_with("501"));
    assert!(client.ask("AUTH CRAM-MD5").await.starts_with("504"));
    assert!(client.ask(&format!("AUTH PLAIN {}", proof("bongsu-test-secret"))).await.starts_with("235 2.7.0"));
    let mut client = office.client().await;
    assert_eq!(client.ask("AUTH LOGIN").await, format!("334 {}", encoded("Username:")));
    assert_eq!(client.ask(&encoded("bongsu-test-key")).await, format!("334 {}", encoded("Password:")));
    assert!(client.ask(&encoded("bongsu-test-secret")).await.starts_with("235"));
}

#[tokio::test]
async fn faults_are_what_a_mail_client_sees() {
    let office = Office::open().await;
    office.fault("t1", FaultKind::Down { how: DownHow::Reject }).await;
    let mut turned = office.line().await;
    assert_eq!(turned.reply().await.as_deref(), Some("421 4.3.2 the service is down (a fault)"));
    assert_eq!(turned.reply().await, None);
    office.lift("t1").await;

    office.fault("t2", FaultKind::Down { how: DownHow::Reset }).await;
    assert_eq!(office.line().await.reply().await, None, "reset");
    office.lift("t2").await;

    office.fault("t3", FaultKind::Refuse { code: Code::NO_ADDRESS }).await;
    let mut client = office.client().await;
    let reply = client.send(&["01000000001"], BILL).await.expect("a reply");
    assert_eq!(reply, "550 5.1.1 no such address (9550)");
    office.lift("t3").await;
    assert!(client.send(&["01000000001"], BILL).await.expect("a reply").starts_with("250"), "the line goes on");

    office.fault("t4", FaultKind::AcceptThen { then: Then::Reset }).await;
    assert_eq!(client.send(&["01000000002"], BILL).await, None, "the line broke after the dot");
    office.lift("t4").await;
    office.fault("t5", FaultKind::AcceptThen { then: Then::Answer(Span::from_secs(180)) }).await;
    let mut client = office.client().await;
    let before = office.desk.run.status().at;
    assert!(client.send(&["01000000003"], BILL).await.expect("a reply").starts_with("250"));
    assert!(office.desk.run.status().at.since(before) >= Span::from_secs(180), "a slow answer is slow");
    office.lift("t5").await;
    let taken: Vec<usize> = office.desk.run.books(|books| {
        books
            .calls_of(smtp::CONTRACT, 0)
            .map(|call| call.items.iter().filter(|item| !item.steps.is_empty()).count())
            .collect()
    });
    assert_eq!(taken, [1, 1, 1, 1]);
}

#[tokio::test]
async fn a_network_that_hangs_answers_nobody_until_the_client_leaves() {
    let office = Office::open().await;
    let mut client = office.client().await;
    assert!(client.ask("MAIL FROM:<a@b.test>").await.starts_with("250"));
    assert!(client.ask("RCPT TO:<01000000001@mail.bongsu.test>").await.starts_with("250"));
    office.fault("t6", FaultKind::Down { how: DownHow::Hang }).await;
    assert!(client.ask("DATA").await.starts_with("354"));
    client.say(format!("{BILL}\r\n.\r\n").as_bytes()).await;
    office.desk.until(|books| books.call(1).is_some_and(|call| call.answer.is_some())).await;
    let silent = tokio::time::timeout(Duration::from_millis(100), client.reply()).await;
    assert!(silent.is_err(), "nothing comes");
    drop(client);
    // The engine hears that its caller is gone: the mail is unanswered, and was not taken.
    let mut changes = office.desk.run.changes();
    let unheard = |event: &Event| matches!(event.kind, EventKind::Unanswered { taken: false, .. });
    while !office.desk.run.events(0, usize::MAX).events.iter().any(unheard) {
        changes.changed().await.expect("the run goes on");
    }
}

#[tokio::test]
async fn a_server_that_ends_says_goodbye() {
    let office = Office::open().await;
    let mut client = office.client().await;
    office.trigger.throw();
    assert_eq!(client.reply().await.as_deref(), Some("421 4.3.2 this server ends"));
    assert_eq!(client.reply().await, None);
}
