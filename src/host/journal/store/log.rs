//! SQLite's log after a crash: a tail that was never acknowledged, or damage to what was.
//!
//! SQLite reads its log up to the first frame that does not match its checksum and takes the rest for a tail that a crash left
//! half written. A disk that loses a byte in the middle looks the same to it, and everything after that byte would be gone
//! without a word. It can be told apart: each commit is synced before the next one is written. So where frames of
//! *another* commit follow the first bad frame, that frame was acknowledged, and the store is refused.
//!
//! A frame that follows is one of the same log (its salts), and its checksum goes on from what stands in the frame before it;
//! what older, longer commits left behind that failed for want of room does not. Not told apart: damage to the last two
//! commits, and a log that somebody has taken away.
//!
//! The format: sqlite.org/fileformat.html, 4.1 and 4.2.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// Bytes of the log's header, of a frame's before its page, and of a page where the header does not tell.
const HEAD: usize = 32;
const FRAME: usize = 24;
const PAGE: usize = 4_096;
const MAGIC: u32 = 0x377f_0682;

/// What a look at the log came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Log {
    /// There is none, or SQLite will read all that was acknowledged.
    Whole,
    /// Its header is not one of SQLite's, and commits follow.
    Head,
    /// This frame, counted from 1, does not match its checksum, and commits follow.
    Frame(u64),
}

/// Two running sums over words of 32 bits.
type Sum = (u32, u32);

/// The parts of the header that frames are held against.
struct Head {
    /// Whether sums are over big-endian words.
    big: bool,
    page: usize,
    salts: [u8; 8],
    sum: Sum,
}

/// Reads the log of a database through; a file that is not there is whole.
pub(super) fn look(path: &Path) -> io::Result<Log> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Log::Whole),
        file => file?,
    };
    let mut from = BufReader::with_capacity(1 << 16, file);
    let mut bytes = [0; HEAD];
    if !fill(&mut from, &mut bytes)? || bytes == [0; HEAD] {
        // Nothing was acknowledged: the header is synced before the first frame.
        return Ok(Log::Whole);
    }
    frames(Head::of(&bytes), &mut from)
}

fn frames(head: Option<Head>, from: &mut impl Read) -> io::Result<Log> {
    // The first bad frame (0: the header), and whether the frame before this one is a commit after it.
    let (mut bad, mut commit) = (head.is_none().then_some(0), false);
    let mut head = head.unwrap_or(Head { big: cfg!(target_endian = "big"), page: PAGE, salts: [0; 8], sum: (0, 0) });
    let mut frame = vec![0; FRAME + head.page];
    let (mut good, mut kept) = (head.sum, head.sum);
    for number in 1.. {
        if !fill(from, &mut frame)? {
            break;
        }
        if bad == Some(0) && number == 1 {
            // The next best that tells frames of this log from what was there before.
            head.salts.copy_from_slice(&frame[8..16]);
        }
        let ours = frame[8..16] == head.salts;
        let stands = (word(&frame[16..]), word(&frame[20..]));
        let follows = ours && head.sum(head.sum(kept, &frame[..8]), &frame[FRAME..]) == stands;
        match bad {
            None if follows && kept == good => good = stands,
            None => bad = Some(number),
            Some(0) if follows && commit => return Ok(Log::Head),
            Some(first) if follows && commit => return Ok(Log::Frame(first)),
            Some(_) => {}
        }
        commit = bad.is_some() && ours && word(&frame[4..]) != 0;
        kept = stands;
    }
    Ok(Log::Whole)
}

impl Head {
    fn of(bytes: &[u8; HEAD]) -> Option<Head> {
        let magic = word(bytes);
        let big = magic & 1 == 1;
        let head = Head {
            big,
            page: usize::try_from(word(&bytes[8..])).ok()?,
            salts: bytes[16..24].try_into().ok()?,
            sum: (word(&bytes[24..]), word(&bytes[28..])),
        };
        let fits = magic & !1 == MAGIC && head.page.is_power_of_two() && (512..=65_536).contains(&head.page);
        (fits && head.sum((0, 0), &bytes[..24]) == head.sum).then_some(head)
    }

    fn sum(&self, (mut one, mut two): Sum, bytes: &[u8]) -> Sum {
        let word = |four: &[u8]| {
            let four = [four[0], four[1], four[2], four[3]];
            if self.big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
        };
        for eight in bytes.chunks_exact(8) {
            one = one.wrapping_add(word(&eight[..4])).wrapping_add(two);
            two = two.wrapping_add(word(&eight[4..])).wrapping_add(one);
        }
        (one, two)
    }
}

/// Four bytes, the first the highest, as the log's own numbers are written.
fn word(bytes: &[u8]) -> u32 {
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// Reads so many bytes; `false` if there are fewer.
fn fill(from: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(bytes) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        read => read.map(|()| true),
    }
}
