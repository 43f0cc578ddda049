//! Frames of `bongsu.v1`: one JSON object a text frame. Shapes only; what they mean is the session's business.

use serde::{Deserialize, Serialize};

use crate::host::gateway::words::ErrorCode;
use crate::host::link::Board;
use crate::sim::engine::call::Said;
use crate::sim::model::ids::{KindId, PersonId};
use crate::sim::model::medium::Medium;
use crate::sim::plan::numbers::Numbers;
use crate::sim::plan::render::{Rendered, render, render_said};

/// Most attempts that one receipt frame may name.
pub const RECEIPTS_MAX: usize = 1_024;
/// Longest text that a `say` frame may carry, in characters.
pub const SAY_CHARS_MAX: usize = 1_000;

/// A frame from a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// The first frame: which phones the session carries.
    Hello(Hello),
    /// What the phones showed and their people opened.
    Receipt(Receipt),
    /// A person pressed a button.
    Press(Press),
    /// A person wrote to a channel.
    Say(Say),
    /// A person's standing with a channel changes.
    Standing(Standing, Channel),
}

/// What changes between a person and a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The person adds the channel.
    Follow,
    /// The person leaves it.
    Unfollow,
    /// The person blocks it.
    Block,
}

/// `hello`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Hello {
    /// Phone numbers.
    pub phones: Vec<String>,
    /// Last sequence number seen on this network; absent: only what comes from now on.
    pub since: Option<u64>,
}

/// `receipt`. Attempt ids.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Receipt {
    /// Shown.
    #[serde(default)]
    pub delivered: Vec<String>,
    /// Opened.
    #[serde(default)]
    pub read: Vec<String>,
}

/// `press`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Press {
    /// The attempt id.
    pub attempt: String,
    /// The button's name.
    pub button: String,
}

/// `say`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Say {
    /// The channel's key.
    pub channel: String,
    /// What is said.
    pub text: String,
    /// By which phone; may be absent when the session carries one.
    pub phone: Option<String>,
}

/// `follow`, `unfollow`, `block`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Channel {
    /// The channel's key.
    pub channel: String,
    /// Which phones; absent: all of the session.
    pub phones: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Tag {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Outgoing<'a> {
    Welcome {
        session: String,
        seq: u64,
        heartbeat_ms: u64,
    },
    Error {
        code: &'a str,
        message: &'a str,
        fatal: bool,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        phones: Vec<String>,
    },
}

/// The part of a notice that is what was written, without what is stamped on each copy.
#[derive(Serialize)]
struct Body<'a> {
    kind: &'a str,
    channel: &'a str,
    medium: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
    text: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    large: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    buttons: Vec<Button<'a>>,
}

#[derive(Serialize)]
struct Button<'a> {
    id: &'a str,
    label: &'a str,
    kind: &'a str,
}

/// A receipt whose words are borrowed: most of what a busy network reads, taken in one pass without copies.
#[derive(Debug, Deserialize)]
pub struct QuickReceipt<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    /// Shown.
    #[serde(default, borrow)]
    pub delivered: Vec<&'a str>,
    /// Opened.
    #[serde(default, borrow)]
    pub read: Vec<&'a str>,
}

/// A receipt without escapes in its words; `None` for anything else, which [`read`] reads.
pub fn quick_receipt(text: &str) -> Option<QuickReceipt<'_>> {
    single_receipt(text).or_else(|| any_receipt(text))
}

/// A receipt for one attempt, as nearly all are, and written as nearly all write it.
fn single_receipt(text: &str) -> Option<QuickReceipt<'_>> {
    let rest = text.strip_prefix(r#"{"type":"receipt",""#)?;
    let (rest, shown) = match rest.strip_prefix("delivered") {
        Some(rest) => (rest, true),
        None => (rest.strip_prefix("read")?, false),
    };
    let (attempt, rest) = rest.strip_prefix(r#"":[""#)?.split_once('"')?;
    let plain = attempt.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'/');
    if !plain || rest.trim_end_matches([' ', '\t', '\n', '\r']) != "]}" {
        return None;
    }
    let (delivered, read) = if shown { (vec![attempt], Vec::new()) } else { (Vec::new(), vec![attempt]) };
    Some(QuickReceipt { kind: "receipt", delivered, read })
}

fn any_receipt(text: &str) -> Option<QuickReceipt<'_>> {
    serde_json::from_str(text).ok().filter(|receipt: &QuickReceipt| receipt.kind == "receipt")
}

/// Reads a frame. `BadFrame` for what is no JSON object with a type, which is fatal; the other codes are not.
pub fn read(text: &str) -> Result<Incoming, ErrorCode> {
    let tag: Tag = serde_json::from_str(text).map_err(|_| ErrorCode::BadFrame)?;
    let read = match tag.kind.as_str() {
        "hello" => serde_json::from_str(text).map(Incoming::Hello),
        "receipt" => serde_json::from_str(text).map(Incoming::Receipt),
        "press" => serde_json::from_str(text).map(Incoming::Press),
        "say" => serde_json::from_str(text).map(Incoming::Say),
        "follow" => serde_json::from_str(text).map(|frame| Incoming::Standing(Standing::Follow, frame)),
        "unfollow" => serde_json::from_str(text).map(|frame| Incoming::Standing(Standing::Unfollow, frame)),
        "block" => serde_json::from_str(text).map(|frame| Incoming::Standing(Standing::Block, frame)),
        _ => return Err(ErrorCode::UnknownType),
    };
    read.map_err(|_| ErrorCode::BadField)
}

/// `welcome`.
pub fn welcome(session: impl ToString, seq: u64, heartbeat_ms: u64) -> String {
    text(&Outgoing::Welcome { session: session.to_string(), seq, heartbeat_ms })
}

/// `error`, about these phones if it is about phones.
pub fn error(code: ErrorCode, fatal: bool, phones: Vec<String>) -> String {
    let (code, message) = code.row();
    text(&Outgoing::Error { code, message, fatal, phones })
}

/// `error` about people.
pub fn error_about(code: ErrorCode, people: &[PersonId], numbers: Numbers) -> String {
    error(code, false, people.iter().map(|person| numbers.number(*person)).collect())
}

/// Appends the fields of a `notice` from `kind` to `buttons`, without braces; `false` for a kind that has no content
/// on that medium, which the engine never transmits. The `scribe` puts the rest of the frame around them.
pub fn put_body(out: &mut Vec<u8>, board: &Board, kind: KindId, medium: Medium, person: PersonId) -> bool {
    let Some(shown) = render(&board.plan, &board.people, kind, medium, person) else { return false };
    put_shown(out, board, kind, medium, &shown)
}

/// The same for words that an application outside handed in.
pub fn put_said(out: &mut Vec<u8>, board: &Board, kind: KindId, medium: Medium, person: PersonId, said: &Said) -> bool {
    let shown = render_said(&board.plan, &board.people, kind, medium, person, (&said.title, &said.text));
    shown.is_some_and(|shown| put_shown(out, board, kind, medium, &shown))
}

fn put_shown(out: &mut Vec<u8>, board: &Board, kind: KindId, medium: Medium, shown: &Rendered<'_>) -> bool {
    let Some(row) = board.plan.kinds.get(kind.index()) else { return false };
    let Some(channel) = board.plan.channels.get(row.channel.index()) else { return false };
    let buttons =
        shown.buttons.iter().map(|face| Button { id: face.name, label: face.label, kind: face.kind }).collect();
    let body = Body {
        kind: &row.key,
        channel: &channel.key,
        medium: medium.name(),
        title: &shown.title,
        text: &shown.text,
        large: shown.large,
        buttons,
    };
    let begins = out.len();
    serde_json::to_writer(&mut *out, &body).expect("a body has string keys and no maps that could fail");
    out.pop();
    out.remove(begins);
    true
}

fn text(frame: &Outgoing) -> String {
    serde_json::to_string(frame).expect("frames have string keys and no maps that could fail")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_and_unknown_fields_ignored() {
        let hello = read(r#"{"type":"hello","phones":["010-0000-0001"],"since":3,"extra":[1]}"#);
        assert_eq!(hello, Ok(Incoming::Hello(Hello { phones: vec!["010-0000-0001".to_owned()], since: Some(3) })));
        let receipt = read(r#"{"type":"receipt","read":["n1/0"]}"#);
        assert_eq!(receipt, Ok(Incoming::Receipt(Receipt { delivered: vec![], read: vec!["n1/0".to_owned()] })));
    }

    #[test]
    fn the_quick_way_takes_receipts_alone_and_reads_them_alike() {
        let text = r#"{"read":["n1/0"],"extra":{"a":[1]},"type":"receipt","delivered":["n2/0","n3/1"]}"#;
        let quick = quick_receipt(text).expect("a receipt");
        assert_eq!((quick.delivered.as_slice(), quick.read.as_slice()), (&["n2/0", "n3/1"][..], &["n1/0"][..]));
        assert!(matches!(read(text), Ok(Incoming::Receipt(receipt)) if receipt.delivered == quick.delivered));
        for one in [
            r#"{"type":"receipt","delivered":["n17/0"]}"#,
            "{\"type\":\"receipt\",\"read\":[\"n17/0\"]} \t\r\n ",
            r#"{"type":"receipt","delivered":["n17/0" ]}"#,
            r#"{"type":"receipt","delivered":["n17/0"],"read":[]}"#,
            r#"{"type":"receipt","delivered":["n17/0"]},"#,
            "{\"type\":\"receipt\",\"delivered\":[\"n1\u{1}\"]}",
            r#"{"type":"receipt","delivered":["n1\u002f0"]}"#,
        ] {
            let words = |receipt: QuickReceipt| (format!("{:?}", receipt.delivered), format!("{:?}", receipt.read));
            assert_eq!(quick_receipt(one).map(words), any_receipt(one).map(words), "{one}");
        }
        for other in
            [r#"{"type":"say"}"#, r#"{"type":"receipt","read":["\u006e1/0"]}"#, r#"{"type":"receipt","read":[1]}"#]
        {
            assert!(quick_receipt(other).is_none(), "{other}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_frame_has_a_code() {
        for bad in ["", "[]", "{}", "nul", r#"{"type":7}"#, r#"{"type":"hello""#, "\"hello\""] {
            assert_eq!(read(bad), Err(ErrorCode::BadFrame), "{bad}");
        }
        assert_eq!(read(r#"{"type":"dance"}"#), Err(ErrorCode::UnknownType));
        for bad in
            [r#"{"type":"hello"}"#, r#"{"type":"hello","phones":"x"}"#, r#"{"type":"hello","phones":[],"since":-1}"#]
        {
            assert_eq!(read(bad), Err(ErrorCode::BadField), "{bad}");
        }
    }

    #[test]
    fn frames_have_the_shape_of_the_protocol() {
        assert_eq!(welcome("s1", 130, 20_000), r#"{"type":"welcome","session":"s1","seq":130,"heartbeat_ms":20000}"#);
        let error = error_about(ErrorCode::LoginRefused, &[PersonId(1)], Numbers::default());
        let wanted = r#"{"type":"error","code":"login_refused","message":"로그인 거부 (the network refused the login)","fatal":false,"phones":["010-0000-0001"]}"#;
        assert_eq!(error, wanted);
    }
}
