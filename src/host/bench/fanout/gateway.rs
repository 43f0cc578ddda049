//! The gateway as it serves, on a runtime of its own kind, with a peer at the engine's end of the seam: it lets everybody
//! in, orders what the leader asks for, and counts receipts. The engine itself has a benchmark of its own.

use std::io::{self, BufRead, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Notify, mpsc};

use crate::host::bench::fanout::account;
use crate::host::bench::fanout::scenario::scenario;
use crate::host::bench::fanout::talk::{self, Order, now_us, unknown};
use crate::host::bench::story;
use crate::host::gateway::Gateway;
use crate::host::gateway::serve::{bind, serve};
use crate::host::gateway::visitor::Names;
use crate::host::link::{BATCH_MAX, Board, EngineEnd, ToEngine, ToGateway, seam};
use crate::host::shutdown::{Trigger, shutdown};
use crate::sim::engine::input::Input;
use crate::sim::model::ids::{AttemptId, KindId, NoticeId, PersonId, SessionId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::plan::population::Population;
use crate::sim::time::SimTime;

/// The same words for everybody.
const NEWS: KindId = KindId(0);
/// Words of each person's own.
const RENT: KindId = KindId(1);

/// What the peer at the engine's end shares with the part.
#[derive(Default)]
struct Heard {
    /// By person: the session that carries the phone.
    sessions: Mutex<Vec<SessionId>>,
    receipts: AtomicU64,
    /// How many receipts are waited for in all.
    wanted: AtomicU64,
    enough: Notify,
}

struct Served {
    runtime: Runtime,
    gateway: Gateway,
    port: u16,
    orders: mpsc::Sender<Vec<ToGateway>>,
    heard: Arc<Heard>,
    seq: u64,
    _trigger: Trigger,
}

/// Plays the part.
pub fn play(clients: u32, orders: impl BufRead, answers: impl Write) -> io::Result<()> {
    let mut served = Served::open(clients)?;
    talk::obey(orders, answers, |order| served.carry_out(order))
}

impl Served {
    fn open(clients: u32) -> io::Result<Served> {
        let runtime = Builder::new_multi_thread().enable_all().build()?;
        let (trigger, asked) = shutdown();
        let scenario = story(&scenario(clients, &[("news", 1), ("rent", 1)]));
        let plan = Arc::new(scenario.plan);
        let people = Arc::new(Population::of(&plan));
        let gateway = Gateway::new(asked.clone());
        let listener: TcpListener = runtime.block_on(async { bind(([127, 0, 0, 1], 0).into()) })?;
        let port = listener.local_addr()?.port();
        runtime.spawn(serve(listener, gateway.router(), Names::default(), asked));
        let (engine, end) = seam();
        let orders = engine.orders.clone();
        let board = Board { run: "r1".to_owned(), plan, people, words: Arc::default() };
        runtime.spawn(gateway.play(Arc::new(board), end));
        let heard = Arc::new(Heard::default());
        heard.sessions().resize(clients as usize, SessionId(0));
        runtime.spawn(let_in(engine, Arc::clone(&heard)));
        Ok(Served { runtime, gateway, port, orders, heard, seq: 0, _trigger: trigger })
    }

    fn carry_out(&mut self, order: &Order) -> io::Result<Vec<u64>> {
        let number = order.number(0);
        match order.word.as_str() {
            "port" => Ok(vec![u64::from(self.port)]),
            // The accept loop does that by itself; the clients say when it is done.
            "accept" => Ok(Vec::new()),
            "send" => self.send(NEWS, number, None),
            "prime" => self.send(NEWS, number, Some(PersonId(0))),
            "exchange" => self.exchange(),
            "account" => account::numbers(),
            "mailbox" => Ok(vec![self.gateway.mailbox_bytes()]),
            _ => Err(unknown(order)),
        }
    }

    /// Orders so many notices for each phone, or for one; those of a phone come one behind the other.
    fn send(&mut self, kind: KindId, times: u64, only: Option<PersonId>) -> io::Result<Vec<u64>> {
        let start = now_us();
        let sessions = self.heard.sessions().clone();
        let orders = self.orders.clone();
        let first = self.seq + 1;
        let chosen = sessions.into_iter().zip((0..).map(PersonId)).filter(|row| only.is_none_or(|only| only == row.1));
        let each = chosen.flat_map(|row| (0..times).map(move |_| row));
        let mut left =
            each.zip(first..).map(|((session, person), seq)| transmission(session, seq, person, kind)).peekable();
        self.runtime.block_on(async {
            while left.peek().is_some() {
                let batch: Vec<ToGateway> = left.by_ref().take(BATCH_MAX).collect();
                self.seq += batch.len() as u64;
                orders.send(batch).await.map_err(|_| io::Error::other("the gateway ended"))?;
            }
            Ok(vec![start])
        })
    }

    /// One notice with words of their own to each, and waits for all receipts.
    fn exchange(&mut self) -> io::Result<Vec<u64>> {
        let heard = Arc::clone(&self.heard);
        let wanted = heard.receipts.load(Ordering::Acquire) + heard.sessions().len() as u64;
        heard.wanted.store(wanted, Ordering::Release);
        let start = self.send(RENT, 1, None)?;
        self.runtime.block_on(async {
            while heard.receipts.load(Ordering::Acquire) < wanted {
                heard.enough.notified().await;
            }
        });
        Ok(start)
    }
}

impl Heard {
    fn sessions(&self) -> std::sync::MutexGuard<'_, Vec<SessionId>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn receipt(&self) {
        let receipts = self.receipts.fetch_add(1, Ordering::AcqRel) + 1;
        if receipts == self.wanted.load(Ordering::Acquire) {
            self.enough.notify_one();
        }
    }
}

/// The peer at the engine's end.
async fn let_in(mut engine: EngineEnd, heard: Arc<Heard>) {
    while let Some(ToEngine(input)) = engine.inputs.recv().await {
        match input {
            Input::Hello { session, people, .. } => {
                for person in &people {
                    heard.sessions()[person.index()] = session;
                }
                let admit = ToGateway::Admit { session, people, refused: Vec::new() };
                if engine.orders.send(vec![admit]).await.is_err() {
                    return;
                }
            }
            Input::Delivered { .. } => heard.receipt(),
            _ => {}
        }
    }
}

fn transmission(session: SessionId, seq: u64, person: PersonId, kind: KindId) -> ToGateway {
    let attempt = AttemptId { notice: NoticeId(seq as u32), ordinal: 0 };
    let (network, medium) = (Network::Kakao, Medium::Alimtalk);
    ToGateway::Transmit { session, network, seq, attempt, person, kind, medium, at: SimTime::from_micros(seq) }
}
