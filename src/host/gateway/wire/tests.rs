//! Framing, byte for byte: examples of RFC 6455 section 5.7, every limit, and any bytes at all.

use proptest::prelude::*;

use super::*;

/// A client's frame.
fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        short @ 0..=125 => frame.push(0x80 | short as u8),
        long @ 126..=65_535 => {
            frame.push(0x80 | 126);
            frame.extend((long as u16).to_be_bytes());
        }
        longer => {
            frame.push(0x80 | 127);
            frame.extend((longer as u64).to_be_bytes());
        }
    }
    let mask = [0x37, 0xfa, 0x21, 0x3d];
    frame.extend(mask);
    frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// What a client that sent these bytes is heard to say, as words, and how it ends.
fn heard(bytes: &[u8]) -> (Vec<String>, Result<(), Broken>) {
    let (mut said, mut assembly, mut at, mut bytes) = (Vec::new(), Assembly::default(), 0, bytes.to_vec());
    loop {
        match assembly.take(&mut bytes[at..]) {
            Ok(Front::Needs(_)) => return (said, Ok(())),
            Ok(Front::Part(used)) => at += used,
            Ok(Front::Whole(used, heard)) => {
                at += used;
                said.push(match heard {
                    Heard::Text(text) => text.to_owned(),
                    Heard::Ping(payload) => format!("ping {payload:?}"),
                    other => format!("{other:?}"),
                });
            }
            Err(broken) => return (said, Err(broken)),
        }
    }
}

#[test]
fn the_examples_of_the_rfc_are_read() {
    let hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    assert_eq!(heard(&hello), (vec!["Hello".to_owned()], Ok(())));
    let fragments = [masked(0x01, b"Hel"), masked(0x89, b"x"), masked(0x80, b"lo")].concat();
    assert_eq!(heard(&fragments), (vec!["ping [120]".to_owned(), "Hello".to_owned()], Ok(())));
    let close = masked(0x88, &[0x03, 0xe8, b'b', b'y', b'e']);
    assert_eq!(heard(&close), (vec!["Close(Some(1000))".to_owned()], Ok(())));
}

#[test]
fn what_breaks_the_framing_is_named() {
    for (bytes, broken) in [
        (vec![0x81, 0x01, b'x'], Broken::Framing),
        (masked(0xc1, b""), Broken::Framing),
        (masked(0x83, b""), Broken::Framing),
        (masked(0x09, b""), Broken::Framing),
        (masked(0x89, &[0; 126]), Broken::Framing),
        (masked(0x80, b""), Broken::Framing),
        ([masked(0x01, b"a"), masked(0x81, b"b")].concat(), Broken::Framing),
        (masked(0x88, &[3]), Broken::Framing),
        (masked(0x88, &1_005_u16.to_be_bytes()), Broken::Framing),
        (masked(0x88, &[0x03, 0xe8, 0xff]), Broken::NotUtf8),
        (masked(0x81, &[0xff]), Broken::NotUtf8),
        ([masked(0x01, &[0xea]), masked(0x80, &[0xff])].concat(), Broken::NotUtf8),
        // Judged by the header alone.
        (vec![0x81, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0], Broken::TooBig),
        ([masked(0x01, &[b' '; 40_000]), masked(0x80, &[b' '; 40_000])[..8].to_vec()].concat(), Broken::TooBig),
    ] {
        assert_eq!(heard(&bytes).1, Err(broken), "{:?}", &bytes[..bytes.len().min(12)]);
    }
}

#[test]
fn the_longest_message_is_taken_and_a_letter_may_lie_across_fragments() {
    let longest = "x".repeat(MESSAGE_MAX);
    let bytes = masked(0x81, longest.as_bytes());
    assert_eq!((bytes.len(), heard(&bytes)), (FRAME_MAX, (vec![longest], Ok(()))));
    let (front, back) = "가".as_bytes().split_at(1);
    assert_eq!(heard(&[masked(0x01, front), masked(0x80, back)].concat()), (vec!["가".to_owned()], Ok(())));
}

#[test]
fn frames_go_out_with_the_shortest_header() {
    for (length, header) in [
        (0, vec![0x81, 0]),
        (125, vec![0x81, 125]),
        (126, vec![0x81, 126, 0, 126]),
        (65_535, vec![0x81, 126, 0xff, 0xff]),
        (65_536, vec![0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
    ] {
        let mut out = b"before".to_vec();
        put_text(&mut out, &"x".repeat(length));
        assert_eq!(out, [&b"before"[..], &header, &vec![b'x'; length]].concat(), "{length}");
    }
    let mut out = Vec::new();
    put_close(&mut out, Some(1_001), &"가".repeat(50));
    assert_eq!((&out[..4], out.len()), (&[0x88, 125, 0x03, 0xe9][..], 127));
    assert!(std::str::from_utf8(&out[4..]).is_ok());
}

proptest! {
    #[test]
    fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = heard(&bytes);
    }

    #[test]
    fn frames_are_read_alike_however_they_are_cut(
        messages in proptest::collection::vec("[a-z가-힣]{0,200}", 1..8),
        pieces in 1..5_usize,
    ) {
        let mut bytes = Vec::new();
        for message in &messages {
            let chunk = message.len().div_ceil(pieces).max(1);
            let parts: Vec<&[u8]> = if message.is_empty() { vec![b""] } else { message.as_bytes().chunks(chunk).collect() };
            for (place, part) in parts.iter().enumerate() {
                let last = if place + 1 == parts.len() { 0x80 } else { 0 };
                bytes.extend(masked(last | u8::from(place == 0), part));
            }
        }
        prop_assert_eq!(heard(&bytes), (messages, Ok(())));
    }
}
