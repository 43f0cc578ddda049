//! RFC 6455 framing, the server's side of it: bytes in, messages out, and frames for a buffer that goes out.
//!
//! Pure: it owns no socket and waits for nothing. A client's frame is unmasked where it lies in the reader's buffer; only
//! a message in fragments is copied together. Extensions are never agreed on, so reserved bits are an error, and a
//! declared length is judged before a byte of the payload is waited for.

use std::ops::Range;

/// Longest message from a client, in bytes, whole or in fragments.
pub const MESSAGE_MAX: usize = 64 * 1_024;
/// Longest frame that is ever waited for: a message and its header.
pub const FRAME_MAX: usize = MESSAGE_MAX + 14;

/// A frame that is final.
const FIN: u8 = 0x80;
/// Bits that only extensions may set.
const RESERVED: u8 = 0x70;
/// The bit that says that a frame is masked, as every client's must be (section 5.1).
const MASKED: u8 = 0x80;
/// Longest payload of a control frame (section 5.5).
const CONTROL_MAX: usize = 125;

/// What kind of frame it is (section 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opcode {
    /// More of a message.
    More,
    /// Text.
    Text,
    /// Bytes, which `bongsu.v1` has no use for.
    Binary,
    /// The other side is done.
    Close,
    /// Are you there?
    Ping,
    /// Yes.
    Pong,
}

/// Why a client's bytes are not the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Broken framing: close code 1002.
    Framing,
    /// Text, or the reason of a close frame, that is not UTF-8: 1007.
    NotUtf8,
    /// A message over the limit: 1009.
    TooBig,
}

/// What a client said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard<'a> {
    /// A text message.
    Text(&'a str),
    /// A binary message.
    Binary(&'a [u8]),
    /// A ping, to be answered with the same payload.
    Ping(&'a [u8]),
    /// A pong.
    Pong,
    /// A close frame, with its code if it has one.
    Close(Option<u16>),
}

/// The front of a buffer, looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front<'a> {
    /// Not a whole frame: so many bytes at least are needed in all.
    Needs(usize),
    /// So many bytes were a part of a message that is not whole yet.
    Part(usize),
    /// So many bytes were, or completed, this.
    Whole(usize, Heard<'a>),
}

/// What has come of a message in fragments.
#[derive(Debug)]
pub struct Assembly {
    message: Vec<u8>,
    /// What the message is; `None` between messages.
    kind: Option<Opcode>,
    /// Longest message, in bytes.
    longest: usize,
}

struct Header {
    last: bool,
    opcode: Opcode,
    mask: [u8; 4],
    payload: Range<usize>,
}

impl Default for Assembly {
    fn default() -> Assembly {
        Assembly::up_to(MESSAGE_MAX)
    }
}

impl Assembly {
    /// For messages of so many bytes at most.
    pub fn up_to(longest: usize) -> Assembly {
        Assembly { message: Vec::new(), kind: None, longest }
    }

    /// Takes one frame off the front of the buffer, which is unmasked in place.
    pub fn take<'a>(&'a mut self, input: &'a mut [u8]) -> Result<Front<'a>, Broken> {
        let header = match header(input, self.longest)? {
            Ok(header) if header.payload.end <= input.len() => header,
            Ok(header) => return self.room(&header).map(|()| Front::Needs(header.payload.end)),
            Err(needed) => return Ok(Front::Needs(needed)),
        };
        self.room(&header)?;
        let used = header.payload.end;
        let payload = &mut input[header.payload];
        unmask(payload, header.mask);
        let heard = match header.opcode {
            Opcode::Ping => Heard::Ping(payload),
            Opcode::Pong => Heard::Pong,
            Opcode::Close => Heard::Close(close_code(payload)?),
            Opcode::More | Opcode::Text | Opcode::Binary => match self.data(header.opcode, header.last, payload)? {
                Some(heard) => heard,
                None => return Ok(Front::Part(used)),
            },
        };
        Ok(Front::Whole(used, heard))
    }

    /// Whether the message may grow by this frame, and whether the frame may stand here at all.
    fn room(&self, header: &Header) -> Result<(), Broken> {
        match (header.opcode, self.kind) {
            (Opcode::More, None) | (Opcode::Text | Opcode::Binary, Some(_)) => Err(Broken::Framing),
            (Opcode::More, Some(_)) if self.message.len() + header.payload.len() > self.longest => Err(Broken::TooBig),
            _ => Ok(()),
        }
    }

    fn data<'a>(&'a mut self, opcode: Opcode, last: bool, payload: &'a [u8]) -> Result<Option<Heard<'a>>, Broken> {
        if last && opcode != Opcode::More {
            return whole(opcode, payload).map(Some);
        }
        let kind = match self.kind {
            Some(kind) => kind,
            None => {
                self.message.clear();
                *self.kind.insert(opcode)
            }
        };
        self.message.extend_from_slice(payload);
        if !last {
            return Ok(None);
        }
        self.kind = None;
        whole(kind, &self.message).map(Some)
    }

    /// Gives memory back between messages.
    pub fn rest(&mut self) {
        if self.kind.is_none() && self.message.capacity() > 0 {
            self.message = Vec::new();
        }
    }
}

/// The header at the front of a buffer, or how many bytes it needs.
fn header(input: &[u8], longest: usize) -> Result<Result<Header, usize>, Broken> {
    let [first, second, rest @ ..] = input else { return Ok(Err(2)) };
    let (last, opcode) = (first & FIN != 0, opcode(first & 0x0f)?);
    if first & RESERVED != 0 || second & MASKED == 0 {
        return Err(Broken::Framing);
    }
    let control = matches!(opcode, Opcode::Close | Opcode::Ping | Opcode::Pong);
    let short = usize::from(second & !MASKED);
    if control && (!last || short > CONTROL_MAX) {
        return Err(Broken::Framing);
    }
    let (length, begins) = match (short, rest) {
        (126, [a, b, ..]) => (u64::from(u16::from_be_bytes([*a, *b])), 4),
        (127, [a, b, c, d, e, f, g, h, ..]) => (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), 10),
        (126, _) => return Ok(Err(4)),
        (127, _) => return Ok(Err(10)),
        (short, _) => (short as u64, 2),
    };
    if length > longest as u64 {
        return Err(Broken::TooBig);
    }
    let begins: usize = begins + 4;
    let Some(mask) = input.get(begins - 4..begins) else { return Ok(Err(begins)) };
    let mask = [mask[0], mask[1], mask[2], mask[3]];
    Ok(Ok(Header { last, opcode, mask, payload: begins..begins + length as usize }))
}

fn opcode(bits: u8) -> Result<Opcode, Broken> {
    Ok(match bits {
        0 => Opcode::More,
        1 => Opcode::Text,
        2 => Opcode::Binary,
        8 => Opcode::Close,
        9 => Opcode::Ping,
        10 => Opcode::Pong,
        _ => return Err(Broken::Framing),
    })
}

/// Eight bytes at a time: a receipt of a thousand attempts is ten kilobytes.
fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let mut chunks = payload.chunks_exact_mut(8);
    for chunk in &mut chunks {
        let bytes: [u8; 8] = (&*chunk).try_into().expect("chunks of eight have eight bytes");
        chunk.copy_from_slice(&(u64::from_ne_bytes(bytes) ^ wide).to_ne_bytes());
    }
    for (byte, mask) in chunks.into_remainder().iter_mut().zip(mask.into_iter().cycle()) {
        *byte ^= mask;
    }
}

fn whole(kind: Opcode, payload: &[u8]) -> Result<Heard<'_>, Broken> {
    if kind == Opcode::Binary {
        return Ok(Heard::Binary(payload));
    }
    std::str::from_utf8(payload).map(Heard::Text).map_err(|_| Broken::NotUtf8)
}

fn close_code(payload: &[u8]) -> Result<Option<u16>, Broken> {
    match payload {
        [] => Ok(None),
        [_] => Err(Broken::Framing),
        [high, low, reason @ ..] => {
            let code = u16::from_be_bytes([*high, *low]);
            // Section 7.4: what an endpoint may send; 1004 to 1006 and 1015 never go over the wire.
            if !matches!(code, 1_000..=1_003 | 1_007..=1_014 | 3_000..=4_999) {
                return Err(Broken::Framing);
            }
            std::str::from_utf8(reason).map(|_| Some(code)).map_err(|_| Broken::NotUtf8)
        }
    }
}

/// Appends the header of a text frame; its payload, of so many bytes, is the caller's to append.
pub fn put_text_header(out: &mut Vec<u8>, length: usize) {
    put_header(out, 1, length);
}

/// Appends a text frame.
pub fn put_text(out: &mut Vec<u8>, text: &str) {
    put_header(out, 1, text.len());
    out.extend_from_slice(text.as_bytes());
}

/// Appends a frame of bytes.
pub fn put_binary(out: &mut Vec<u8>, bytes: &[u8]) {
    put_header(out, 2, bytes.len());
    out.extend_from_slice(bytes);
}

fn put_header(out: &mut Vec<u8>, bits: u8, length: usize) {
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if usize::from(short) <= CONTROL_MAX => out.extend_from_slice(&[FIN | bits, short]),
        (_, Ok(long)) => {
            let [high, low] = long.to_be_bytes();
            out.extend_from_slice(&[FIN | bits, 126, high, low]);
        }
        _ => {
            out.extend_from_slice(&[FIN | bits, 127]);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
}

/// Appends a ping or pong. Payloads are a client's own, which were judged when they came.
pub fn put_control(out: &mut Vec<u8>, opcode: Opcode, payload: &[u8]) {
    let bits = match opcode {
        Opcode::Ping => 9,
        Opcode::Pong => 10,
        Opcode::Close | Opcode::More | Opcode::Text | Opcode::Binary => 8,
    };
    let payload = &payload[..payload.len().min(CONTROL_MAX)];
    out.extend_from_slice(&[FIN | bits, payload.len() as u8]);
    out.extend_from_slice(payload);
}

/// Appends a close frame; the reason is cut to what fits.
pub fn put_close(out: &mut Vec<u8>, code: Option<u16>, reason: &str) {
    let Some(code) = code else { return put_control(out, Opcode::Close, &[]) };
    let mut payload = code.to_be_bytes().to_vec();
    let end = reason.floor_char_boundary(CONTROL_MAX - 2);
    payload.extend_from_slice(&reason.as_bytes()[..end]);
    put_control(out, Opcode::Close, &payload);
}

#[cfg(test)]
mod tests;
