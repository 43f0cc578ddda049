//! A stage for tests: a gateway on a free port of loopback, and a peer at the engine's end of the seam that admits
//! whoever says hello (but those it is told to refuse) and passes every input on to the test.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::ClientRequestBuilder;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::host::gateway::Gateway;
use crate::host::gateway::serve;
use crate::host::gateway::visitor::Names;
use crate::host::link::{Board, EngineEnd, ToEngine, ToGateway, seam};
use crate::host::shutdown::{Shutdown, Trigger, shutdown};
use crate::sim::engine::input::Input;
use crate::sim::model::ids::{AttemptId, KindId, NoticeId, PersonId, SessionId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::plan::population::Population;
use crate::sim::plan::{Plan, sample};
use crate::sim::time::SimTime;

/// Longer than anything that should happen in a test.
pub const LONG: Duration = Duration::from_secs(20);

/// The stage.
pub struct Stage {
    /// Where the gateway listens.
    pub address: SocketAddr,
    /// The gateway.
    pub gateway: Gateway,
    /// The run.
    pub board: Arc<Board>,
    /// Orders, as from the engine.
    pub orders: mpsc::Sender<Vec<ToGateway>>,
    /// What the gateway told the engine.
    pub heard: mpsc::UnboundedReceiver<Input>,
    /// Ends the server.
    pub trigger: Trigger,
    /// For what else must end with it.
    pub shutdown: Shutdown,
    /// The server's task.
    pub server: JoinHandle<()>,
}

/// A phone's end of a connection.
pub type Phone = WebSocketStream<TcpStream>;

impl Stage {
    /// A stage whose engine's end is left to the test.
    pub async fn bare(plan: Plan) -> (EngineEnd, Stage) {
        Stage::bare_with(plan, true).await
    }

    /// The same, with a thread for the gateway or without.
    pub async fn bare_with(plan: Plan, apart: bool) -> (EngineEnd, Stage) {
        let people = Arc::new(Population::of(&plan));
        let board = Arc::new(Board { run: "r1".to_owned(), plan: Arc::new(plan), people, words: Arc::default() });
        let (trigger, shutdown) = shutdown();
        let gateway = if apart { Gateway::new(shutdown.clone()) } else { Gateway::within(shutdown.clone()) };
        let listener = serve::bind(([127, 0, 0, 1], 0).into()).unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(serve::serve(listener, gateway.router(), Names::default(), shutdown.clone()));
        let (engine, end) = seam();
        tokio::spawn(gateway.play(Arc::clone(&board), end));
        let (_, heard) = mpsc::unbounded_channel();
        let orders = engine.orders.clone();
        (engine, Stage { address, gateway, board, orders, heard, trigger, shutdown, server })
    }

    /// A stage that plays a plan and refuses the logins of these people.
    pub async fn play(plan: Plan, refused: Vec<PersonId>) -> Stage {
        let (engine, mut stage) = Stage::bare(plan).await;
        let (tell, heard) = mpsc::unbounded_channel();
        stage.heard = heard;
        tokio::spawn(admit_all(engine, refused, tell));
        stage
    }

    /// A stage that plays the rent bill.
    pub async fn open() -> Stage {
        Stage::play(sample::rent(), Vec::new()).await
    }

    /// The next input that the test cares about; others before it are dropped.
    pub async fn hear(&mut self, wanted: impl Fn(&Input) -> bool) -> Input {
        let search = async {
            loop {
                let input = self.heard.recv().await.expect("the gateway still talks to the engine");
                if wanted(&input) {
                    return input;
                }
            }
        };
        tokio::time::timeout(LONG, search).await.expect("the input comes")
    }

    /// The session of the next hello.
    pub async fn hello(&mut self) -> SessionId {
        match self.hear(|input| matches!(input, Input::Hello { .. })).await {
            Input::Hello { session, .. } => session,
            other => unreachable!("{other:?} was not asked for"),
        }
    }

    /// Gives an order.
    pub async fn order(&self, order: ToGateway) {
        self.orders.send(vec![order]).await.expect("the gateway still obeys");
    }

    /// Transmits a message of the rent bill: number `seq` of its network, as notice `seq`.
    pub async fn transmit(&self, session: SessionId, network: Network, seq: u64, person: u32) {
        self.order(transmission(session, network, seq, person)).await;
    }

    /// A handshake; the error if there is none.
    pub fn connect(&self, network: Network) -> impl Future<Output = Result<Phone, Error>> + use<> {
        let address = self.address;
        async move {
            let stream = TcpStream::connect(address).await?;
            let uri = format!("ws://{address}/ws/{}", network.name()).parse().unwrap();
            let request = ClientRequestBuilder::new(uri).with_sub_protocol("bongsu.v1");
            Ok(tokio_tungstenite::client_async(request, stream).await?.0)
        }
    }

    /// Connects and says hello for these phones.
    pub async fn phone(&self, network: Network, phones: &[&str], since: Option<u64>) -> Phone {
        let mut phone = self.connect(network).await.unwrap();
        say(&mut phone, &serde_json::json!({"type": "hello", "phones": phones, "since": since})).await;
        phone
    }

    /// A bare request with `Connection: close`: status line and headers, then the body.
    pub async fn get(&self, path: &str, headers: &str) -> (String, String) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        tokio::time::timeout(LONG, stream.read_to_string(&mut answer)).await.expect("an answer comes").unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").expect("headers end");
        (head.to_owned(), body.to_owned())
    }
}

/// The order that [`Stage::transmit`] gives.
pub fn transmission(session: SessionId, network: Network, seq: u64, person: u32) -> ToGateway {
    let medium = if network == Network::Kakao { Medium::Alimtalk } else { Medium::Lms };
    let attempt = AttemptId { notice: NoticeId(seq as u32), ordinal: 0 };
    let (person, kind, at) = (PersonId(person), KindId(0), SimTime::from_micros(1_500_000));
    ToGateway::Transmit { session, network, seq, attempt, person, kind, medium, at }
}

async fn admit_all(mut engine: EngineEnd, refused: Vec<PersonId>, tell: mpsc::UnboundedSender<Input>) {
    while let Some(ToEngine(input)) = engine.inputs.recv().await {
        if let Input::Hello { session, people, .. } = &input {
            let (out, people): (Vec<_>, Vec<_>) = people.iter().copied().partition(|person| refused.contains(person));
            let refused = out.into_iter().map(|person| (person, None)).collect();
            let admit = ToGateway::Admit { session: *session, people, refused };
            if engine.orders.send(vec![admit]).await.is_err() {
                return;
            }
        }
        // A test that is over listens no more.
        let _ = tell.send(input);
    }
}

/// Sends a frame.
pub async fn say(phone: &mut Phone, frame: &Value) {
    phone.send(Message::text(frame.to_string())).await.unwrap();
}

/// What comes next on the line, pings aside.
pub async fn next(phone: &mut Phone) -> Option<Result<Message, Error>> {
    loop {
        match tokio::time::timeout(LONG, phone.next()).await.expect("something comes") {
            Some(Ok(Message::Ping(_))) => {}
            other => return other,
        }
    }
}

/// The next frame.
pub async fn frame(phone: &mut Phone) -> Value {
    match next(phone).await {
        Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
        other => panic!("expected a frame, found {other:?}"),
    }
}

/// The code and reason of the close frame that comes next.
pub async fn closed(phone: &mut Phone) -> (u16, String) {
    match next(phone).await {
        Some(Ok(Message::Close(Some(frame)))) => (frame.code.into(), frame.reason.to_string()),
        other => panic!("expected a close frame, found {other:?}"),
    }
}
