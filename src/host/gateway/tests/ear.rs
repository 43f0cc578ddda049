//! What the ear hands back, and that nothing is lost or overtakes when it does; alike where sessions hear for themselves.

use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::host::link::{EngineEnd, INPUTS_MAX, ToEngine, ToGateway};
use crate::host::testbed::{LONG, Phone, Stage, frame, say, transmission};
use crate::sim::engine::input::Input;
use crate::sim::model::ids::SessionId;
use crate::sim::model::medium::Network;
use crate::sim::plan::sample;

const ONE: &str = "010-0000-0001";

/// Both ways to hear.
const BOTH: [bool; 2] = [true, false];

/// A phone that is let in by an engine that the test plays.
async fn let_in(apart: bool) -> (Phone, SessionId, EngineEnd, Stage) {
    let (mut engine, stage) = Stage::bare_with(sample::rent(), apart).await;
    let mut phone = stage.phone(Network::Kakao, &[ONE], None).await;
    let Some(ToEngine(Input::Hello { session, people, .. })) = engine.inputs.recv().await else {
        panic!("a hello comes first");
    };
    stage.order(ToGateway::Admit { session, people, refused: Vec::new() }).await;
    assert_eq!(frame(&mut phone).await["type"], "welcome");
    (phone, session, engine, stage)
}

/// The next receipt's notice.
async fn receipt(inputs: &mut mpsc::Receiver<ToEngine>) -> u32 {
    match timeout(LONG, inputs.recv()).await.expect("something is heard") {
        Some(ToEngine(Input::Delivered { attempt, .. })) => attempt.notice.0,
        other => panic!("expected a receipt, found {other:?}"),
    }
}

#[tokio::test]
async fn an_engine_without_room_hears_everything_later_and_in_order() {
    for apart in BOTH {
        let (mut phone, _, mut engine, _stage) = let_in(apart).await;
        let count = 2 * INPUTS_MAX as u32;
        for first in (0..count).step_by(1_000) {
            let some: Vec<String> = (first..count.min(first + 1_000)).map(|notice| format!("n{notice}/0")).collect();
            say(&mut phone, &json!({"type": "receipt", "delivered": some})).await;
        }
        // The engine's channel is full, and the rest waits with the session or in its socket.
        let full = async {
            while engine.inputs.len() < INPUTS_MAX {
                tokio::task::yield_now().await;
            }
        };
        timeout(LONG, full).await.expect("the channel fills");
        for notice in 0..count {
            assert_eq!(receipt(&mut engine.inputs).await, notice, "apart: {apart}");
        }
        say(&mut phone, &json!({"type": "receipt", "delivered": ["n7/0"]})).await;
        assert_eq!(receipt(&mut engine.inputs).await, 7);
    }
}

#[tokio::test]
async fn a_socket_that_was_full_gets_everything_once_and_is_heard_again() {
    for apart in BOTH {
        let (mut phone, session, mut engine, stage) = let_in(apart).await;
        // More than the kernel holds for both ends (64 KiB and some hundred), less than a session may have waiting.
        let count = 1_000;
        for first in (1..=count).step_by(10) {
            let some = (first..first + 10).map(|seq| transmission(session, Network::Kakao, seq, 1));
            stage.orders.send(some.collect()).await.expect("the gateway still obeys");
        }
        say(&mut phone, &json!({"type": "receipt", "delivered": ["n1/0"]})).await;
        assert_eq!(receipt(&mut engine.inputs).await, 1, "it is heard while it takes nothing");
        for seq in 1..=count {
            assert_eq!(frame(&mut phone).await["seq"], seq, "apart: {apart}");
        }
        say(&mut phone, &json!({"type": "receipt", "delivered": ["n2/0"]})).await;
        assert_eq!(receipt(&mut engine.inputs).await, 2);
        stage.transmit(session, Network::Kakao, count + 1, 1).await;
        assert_eq!(frame(&mut phone).await["seq"], count + 1);
    }
}

#[tokio::test]
async fn what_was_said_before_a_goodbye_comes_before_it() {
    for apart in BOTH {
        let (mut phone, session, mut engine, _stage) = let_in(apart).await;
        for notice in 0..50 {
            say(&mut phone, &json!({"type": "receipt", "delivered": [format!("n{notice}/0")]})).await;
        }
        drop(phone);
        for notice in 0..50 {
            assert_eq!(receipt(&mut engine.inputs).await, notice);
        }
        assert_eq!(engine.inputs.recv().await, Some(ToEngine(Input::Bye { session })));
    }
}
