//! The frame reader: any bytes as WebSocket frames, cut anywhere, and the text in them as frames of `bongsu.v1`.

use bongsu::host::gateway::frame::{self, Incoming};
use bongsu::host::gateway::wire::{self, Assembly, Broken, FRAME_MAX, Front, Heard, MESSAGE_MAX};

/// What a client was heard to say, and how it ended.
type Talk = (Vec<Said>, Option<Broken>);

#[derive(Clone, Debug, PartialEq)]
enum Said {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong,
    Close(Option<u16>),
}

/// One input: where the stream is cut, then the stream; and all of it as a frame's text.
pub fn run(data: &[u8]) {
    let Some((cut, stream)) = data.split_first() else { return };
    let whole = listen(stream, stream.len().max(1));
    assert_eq!(listen(stream, usize::from(*cut).max(1)), whole, "it matters where the stream is cut");
    for said in &whole.0 {
        match said {
            Said::Text(text) => words(text),
            Said::Ping(payload) => assert!(payload.len() <= 125, "a ping of {} bytes", payload.len()),
            Said::Close(Some(code)) => assert!((1_000..5_000).contains(code), "close code {code}"),
            Said::Binary(_) | Said::Pong | Said::Close(None) => {}
        }
    }
    if let Ok(text) = std::str::from_utf8(stream) {
        words(text);
        says_itself(text);
    }
}

/// Hears a stream that comes so many bytes at a time, as the gateway's reader keeps it.
fn listen(stream: &[u8], at_once: usize) -> Talk {
    let (mut said, mut assembly, mut kept) = (Vec::new(), Assembly::default(), Vec::new());
    for part in stream.chunks(at_once) {
        kept.extend_from_slice(part);
        loop {
            match assembly.take(&mut kept) {
                Err(broken) => return (said, Some(broken)),
                Ok(Front::Needs(needs)) => {
                    assert!(needs > kept.len() && needs <= FRAME_MAX, "{needs} bytes wanted, {} there", kept.len());
                    break;
                }
                Ok(Front::Part(used)) => drop(kept.drain(..used)),
                Ok(Front::Whole(used, heard)) => {
                    said.push(owned(heard));
                    kept.drain(..used);
                }
            }
        }
        assembly.rest();
    }
    (said, None)
}

fn owned(heard: Heard<'_>) -> Said {
    match heard {
        Heard::Text(text) => {
            assert!(text.len() <= MESSAGE_MAX, "a message of {} bytes", text.len());
            Said::Text(text.to_owned())
        }
        Heard::Binary(bytes) => Said::Binary(bytes.to_vec()),
        Heard::Ping(payload) => Said::Ping(payload.to_vec()),
        Heard::Pong => Said::Pong,
        Heard::Close(code) => Said::Close(code),
    }
}

/// A frame's text: the quick way of reading a receipt finds nothing else in it than the slow one.
fn words(text: &str) {
    let read = frame::read(text);
    let Some(quick) = frame::quick_receipt(text) else { return };
    match read {
        Ok(Incoming::Receipt(receipt)) => {
            assert_eq!(
                (receipt.delivered, receipt.read),
                (strings(&quick.delivered), strings(&quick.read)),
                "{text:?}"
            );
        }
        other => panic!("{text:?} is a receipt the quick way, and {other:?} the slow one"),
    }
}

fn strings(borrowed: &[&str]) -> Vec<String> {
    borrowed.iter().map(|text| (*text).to_owned()).collect()
}

/// What we write, masked as a client would, is read as it was.
fn says_itself(text: &str) {
    let mut ours = Vec::new();
    wire::put_text(&mut ours, text);
    let header = ours.len() - text.len();
    let mut theirs = ours[..header].to_vec();
    theirs[1] |= 0x80;
    theirs.extend([0; 4]);
    theirs.extend(text.as_bytes());
    assert_eq!(listen(&theirs, theirs.len()), (vec![Said::Text(text.to_owned())], None));
}
