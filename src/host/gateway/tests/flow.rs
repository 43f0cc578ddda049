//! Hello, messages, receipts; catching up; taking over; goodbyes.

use serde_json::json;

use crate::host::link::ToGateway;
use crate::host::testbed::{Stage, closed, frame, next, say, transmission};
use crate::sim::engine::input::Input;
use crate::sim::model::ids::{AttemptId, ButtonId, ChannelId, NoticeId, PersonId, SessionId};
use crate::sim::model::medium::Network;
use crate::sim::plan::sample;

const ONE: &str = "010-0000-0001";
const TWO: &str = "010-0000-0002";

fn n(notice: u32) -> AttemptId {
    AttemptId { notice: NoticeId(notice), ordinal: 0 }
}

#[tokio::test]
async fn a_message_goes_out_and_its_receipts_come_back() {
    let mut stage = Stage::open().await;
    let mut phone = stage.phone(Network::Kakao, &[ONE], None).await;
    let session = stage.hello().await;
    assert_eq!(frame(&mut phone).await, json!({"type":"welcome","session":"s1","seq":0,"heartbeat_ms":20000}));
    assert_eq!(stage.gateway.phones(), [1, 0, 0, 0, 0, 0, 0]);
    stage.transmit(session, Network::Kakao, 1, 1).await;
    let notice = frame(&mut phone).await;
    assert_eq!(notice["type"], "notice");
    assert_eq!((&notice["seq"], &notice["attempt"], &notice["to"]), (&json!(1), &json!("n1/0"), &json!([ONE])));
    assert_eq!((&notice["channel"], &notice["medium"]), (&json!("lh"), &json!("alimtalk")));
    assert_eq!(notice["sent_at"], "2022-10-15T15:20:01.500+09:00");
    assert!(notice["text"].as_str().unwrap().contains("모의"), "{notice}");
    say(&mut phone, &json!({"type":"receipt","delivered":["n1/0"],"read":["n1/0"]})).await;
    let person = PersonId(1);
    assert_eq!(stage.hear(|_| true).await, Input::Delivered { person, attempt: n(1) });
    assert_eq!(stage.hear(|_| true).await, Input::Read { person, attempt: n(1) });
    drop(phone);
    assert_eq!(stage.hear(|_| true).await, Input::Bye { session });
}

#[tokio::test]
async fn orders_of_many_sessions_reach_each_in_their_order() {
    let mut stage = Stage::open().await;
    let mut phones = Vec::new();
    for number in [ONE, TWO, "010-0000-0003"] {
        let mut phone = stage.phone(Network::Kakao, &[number], None).await;
        let session = stage.hello().await;
        frame(&mut phone).await;
        phones.push((phone, session));
    }
    // In runs of all lengths, so that what is for one session is gathered from many places.
    let whose = |seq: u64| (seq * seq / 7 % 3) as usize;
    let order = |seq: u64| transmission(phones[whose(seq)].1, Network::Kakao, seq, 1 + whose(seq) as u32);
    let batches: [Vec<ToGateway>; 3] = [1..=400, 401..=401, 402..=600].map(|range| range.map(order).collect());
    for batch in batches {
        stage.orders.send(batch).await.expect("the gateway still obeys");
    }
    for (place, (phone, _)) in phones.iter_mut().enumerate() {
        for seq in (1..=600).filter(|seq| whose(*seq) == place) {
            assert_eq!(frame(phone).await["seq"], seq);
        }
    }
}

#[tokio::test]
async fn what_people_do_reaches_the_engine() {
    let mut stage = Stage::open().await;
    let mut phone = stage.phone(Network::Kakao, &[ONE, TWO], None).await;
    let session = stage.hello().await;
    frame(&mut phone).await;
    stage.transmit(session, Network::Kakao, 1, 2).await;
    frame(&mut phone).await;
    let channel = ChannelId(0);
    say(&mut phone, &json!({"type":"press","attempt":"n1/0","button":"pay"})).await;
    let press = Input::Press { person: PersonId(2), attempt: n(1), button: ButtonId(0) };
    assert_eq!(stage.hear(|_| true).await, press);
    say(&mut phone, &json!({"type":"say","channel":"lh","text":"상담","phone":TWO})).await;
    assert_eq!(stage.hear(|_| true).await, Input::Say { person: PersonId(2), channel, text: "상담".to_owned() });
    say(&mut phone, &json!({"type":"follow","channel":"lh"})).await;
    assert_eq!(stage.hear(|_| true).await, Input::Follow { person: PersonId(1), channel });
    assert_eq!(stage.hear(|_| true).await, Input::Follow { person: PersonId(2), channel });
    say(&mut phone, &json!({"type":"unfollow","channel":"lh","phones":[ONE]})).await;
    assert_eq!(stage.hear(|_| true).await, Input::Unfollow { person: PersonId(1), channel });
    say(&mut phone, &json!({"type":"block","channel":"lh","phones":["01000000002"]})).await;
    assert_eq!(stage.hear(|_| true).await, Input::Block { person: PersonId(2), channel });
}

#[tokio::test]
async fn a_mistake_is_answered_and_the_session_goes_on() {
    let mut stage = Stage::open().await;
    let mut phone = stage.phone(Network::Kakao, &[ONE, "010-2345-6789", TWO], None).await;
    stage.hello().await;
    let unknown = frame(&mut phone).await;
    assert_eq!((&unknown["code"], &unknown["phones"]), (&json!("unknown_phone"), &json!(["010-2345-6789"])));
    assert_eq!(frame(&mut phone).await["type"], "welcome");
    let long = "가".repeat(1_001);
    for (mistake, code) in [
        (json!({"type":"dance"}), "unknown_type"),
        (json!({"type":"receipt","delivered":[7]}), "bad_field"),
        (json!({"type":"receipt","delivered":["n01/0"]}), "bad_attempt"),
        (json!({"type":"receipt","delivered":vec!["n1/0"; 1_025]}), "too_long"),
        (json!({"type":"press","attempt":"n1/0","button":"no"}), "unknown_button"),
        (json!({"type":"say","channel":"lh","text":"?"}), "phone_needed"),
        (json!({"type":"say","channel":"lh","text":long,"phone":ONE}), "too_long"),
        (json!({"type":"say","channel":"kt","text":"?","phone":ONE}), "unknown_channel"),
        (json!({"type":"follow","channel":"lh","phones":["010-0000-0003"]}), "not_your_phone"),
        (json!({"type":"follow","channel":"lh","phones":["010-0009-9999"]}), "unknown_phone"),
        (json!({"type":"hello","phones":[ONE]}), "hello_twice"),
    ] {
        say(&mut phone, &mistake).await;
        let error = frame(&mut phone).await;
        assert_eq!((&error["type"], &error["code"], &error["fatal"]), (&json!("error"), &json!(code), &json!(false)));
    }
    say(&mut phone, &json!({"type":"receipt","delivered":["n9/0"]})).await;
    let passed_on = stage.hear(|_| true).await;
    assert_eq!(passed_on, Input::Delivered { person: PersonId(1), attempt: n(9) });
}

#[tokio::test]
async fn catching_up_under_live_traffic_has_no_gap_and_no_double() {
    let mut stage = Stage::open().await;
    let mut phone = stage.phone(Network::Kakao, &[ONE, TWO], None).await;
    let old = stage.hello().await;
    frame(&mut phone).await;
    drop(phone);
    stage.hear(|input| matches!(input, Input::Bye { .. })).await;
    for seq in 1..=2_000 {
        stage.transmit(old, Network::Kakao, seq, 1 + (seq % 3) as u32).await;
    }
    let mut phone = stage.phone(Network::Kakao, &[ONE, TWO], Some(500)).await;
    let new = stage.hello().await;
    let orders = stage.orders.clone();
    let live = tokio::spawn(async move {
        // Fewer than a session may have waiting: what is shown here is the hand-over, not the bound.
        for seq in 2_001..=3_000 {
            // The third person's phone is on a session of its own, which nobody watches here.
            let session = if seq % 3 == 2 { SessionId(999) } else { new };
            let order = transmission(session, Network::Kakao, seq, 1 + (seq % 3) as u32);
            orders.send(vec![order]).await.unwrap();
        }
    });
    assert_eq!(frame(&mut phone).await["seq"], 2_000);
    let mut seen = Vec::new();
    let wanted: Vec<u64> = (501..=3_000).filter(|seq| seq % 3 != 2).collect();
    while seen.len() < wanted.len() {
        seen.push(frame(&mut phone).await["seq"].as_u64().unwrap());
    }
    let differs = seen.iter().zip(&wanted).find(|(seen, wanted)| seen != wanted);
    assert_eq!(differs, None, "what was seen, and what should have been");
    live.await.unwrap();
}

#[tokio::test]
async fn the_newest_session_gets_the_phone() {
    let mut stage = Stage::open().await;
    let mut old = stage.phone(Network::Kakao, &[ONE, TWO], None).await;
    stage.hello().await;
    frame(&mut old).await;
    let mut new = stage.phone(Network::Kakao, &[TWO], None).await;
    let session = stage.hello().await;
    assert_eq!(frame(&mut new).await["type"], "welcome");
    let lost = frame(&mut old).await;
    assert_eq!((&lost["code"], &lost["phones"]), (&json!("taken_over"), &json!([TWO])));
    stage.transmit(session, Network::Kakao, 1, 2).await;
    assert_eq!(frame(&mut new).await["seq"], 1);
    let mut newest = stage.phone(Network::Kakao, &[ONE], None).await;
    assert_eq!(frame(&mut newest).await["type"], "welcome");
    assert_eq!(frame(&mut old).await["phones"], json!([ONE]));
    assert_eq!(closed(&mut old).await, (4009, "taken over".to_owned()));
    assert_eq!(stage.gateway.phones()[0], 2);
}

#[tokio::test]
async fn refused_logins_are_told_and_a_session_without_any_is_closed() {
    let mut stage = Stage::play(sample::rent(), vec![PersonId(1)]).await;
    let mut both = stage.phone(Network::Kakao, &[ONE, TWO], None).await;
    assert_eq!(frame(&mut both).await["type"], "welcome");
    let refused = frame(&mut both).await;
    assert_eq!((&refused["code"], &refused["phones"]), (&json!("login_refused"), &json!([ONE])));
    let mut alone = stage.phone(Network::Kakao, &[ONE], None).await;
    assert_eq!(frame(&mut alone).await["code"], "login_refused");
    assert_eq!(closed(&mut alone).await, (4003, "login refused".to_owned()));
    stage.hear(|input| matches!(input, Input::Bye { .. })).await;
}

#[tokio::test]
async fn everybody_is_told_when_the_run_ends() {
    let mut stage = Stage::open().await;
    let mut phone = stage.phone(Network::Mobile, &[ONE], None).await;
    stage.hello().await;
    frame(&mut phone).await;
    stage.order(ToGateway::RunEnded).await;
    assert_eq!(closed(&mut phone).await, (4010, "run ended".to_owned()));
    assert!(next(&mut phone).await.is_none(), "and the line is closed in order");
    let (head, body) = stage.get("/v1/inbox?phone=010-0000-0001", "Host: localhost\r\n").await;
    assert!(head.starts_with("HTTP/1.1 409 "), "{head}");
    assert!(body.contains("/problems/no-run"), "{body}");
}

#[tokio::test]
async fn a_shutdown_asks_everybody_to_come_back_at_their_own_time() {
    let mut stage = Stage::open().await;
    let mut phone = stage.phone(Network::Mobile, &[ONE], None).await;
    stage.hello().await;
    frame(&mut phone).await;
    stage.trigger.throw();
    let (code, reason) = closed(&mut phone).await;
    let millis: u32 = reason.strip_prefix("going away; reconnect_ms=").unwrap().parse().unwrap();
    assert!(code == 1001 && (500..=5_000).contains(&millis), "{code} {reason}");
    assert!(next(&mut phone).await.is_none());
    stage.server.await.unwrap();
}

#[tokio::test]
async fn whoever_has_not_said_hello_hears_of_the_end_too() {
    let stage = Stage::open().await;
    let mut silent = stage.connect(Network::Kakao).await.unwrap();
    stage.order(ToGateway::RunEnded).await;
    assert_eq!(closed(&mut silent).await, (4010, "run ended".to_owned()));
}
