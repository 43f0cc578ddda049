//! Reading a client: one buffer a thread, shared by all its sessions, and a few bytes of each session's own.
//!
//! A read takes all that the kernel has for the session (many receipts at once) and hands out whole messages where they
//! lie. Only the front of a frame that is not whole yet is kept with the session, at most one frame's length.

use std::cell::RefCell;
use std::io;
use std::ops::ControlFlow;

use crate::host::gateway::line::Line;
use crate::host::gateway::wire::{Assembly, Broken, FRAME_MAX, Front, Heard};

/// What one read may take: a frame that was kept, and as much again.
const BUFFER: usize = 2 * FRAME_MAX;

thread_local! {
    static SHARED: RefCell<Vec<u8>> = RefCell::new(vec![0; BUFFER]);
}

/// The reading side of one session.
#[derive(Debug, Default)]
pub struct Reader {
    /// Bytes that were read and not taken yet.
    kept: Vec<u8>,
    /// How many bytes in all the frame at the front needs; 0 if that is not known.
    needs: usize,
    /// Whether the last read took as much as it could.
    filled: bool,
    assembly: Assembly,
}

/// How a read went.
#[derive(Debug)]
pub enum Read<B> {
    /// Everything that was there has been handed out.
    Drained,
    /// The listener stopped it; what comes after is kept.
    Stopped(B),
    /// The end of the stream, or of the line.
    Gone,
    /// The client broke the protocol.
    Broken(Broken),
}

impl Reader {
    /// A reader that begins with bytes that were read already.
    pub fn beginning_with(kept: Vec<u8>) -> Reader {
        Reader { kept, ..Reader::default() }
    }

    /// A reader for messages of so many bytes, and of bytes that were read already.
    pub fn up_to(longest: usize, kept: Vec<u8>) -> Reader {
        Reader { kept, assembly: Assembly::up_to(longest), ..Reader::default() }
    }

    /// Reads once, without waiting, and hands out every whole message.
    pub fn read<B>(&mut self, line: &Line, mut each: impl FnMut(Heard<'_>) -> ControlFlow<B>) -> Read<B> {
        self.filled = false;
        SHARED.with_borrow_mut(|buffer| {
            if self.needs > FRAME_MAX {
                return self.read_long(line, buffer, &mut each);
            }
            let front = self.kept.len().min(FRAME_MAX);
            let read = match line.read_some(&mut buffer[front..]) {
                Ok(None) => return Read::Drained,
                Ok(Some(0)) | Err(_) => return Read::Gone,
                Ok(Some(read)) => read,
            };
            self.filled = front + read == buffer.len();
            if front + read < self.needs {
                self.kept.extend_from_slice(&buffer[front..front + read]);
                return Read::Drained;
            }
            buffer[..front].copy_from_slice(&self.kept);
            self.kept.clear();
            self.hand_out(&mut buffer[..front + read], &mut each)
        })
    }

    /// Whether the last read may have left something in the socket.
    pub fn may_have_left(&self) -> bool {
        self.filled
    }

    /// Hands out what is kept already, without reading.
    pub fn rest<B>(&mut self, mut each: impl FnMut(Heard<'_>) -> ControlFlow<B>) -> Read<B> {
        self.hand_out_kept(&mut each)
    }

    /// Reads once towards a frame that the shared buffer cannot hold: only where messages may be that long.
    fn read_long<B>(
        &mut self,
        line: &Line,
        buffer: &mut [u8],
        each: &mut impl FnMut(Heard<'_>) -> ControlFlow<B>,
    ) -> Read<B> {
        let missing = self.needs.saturating_sub(self.kept.len()).clamp(1, buffer.len());
        match line.read_some(&mut buffer[..missing]) {
            Ok(None) => return Read::Drained,
            Ok(Some(0)) | Err(_) => return Read::Gone,
            Ok(Some(read)) => {
                self.filled = read == missing;
                self.kept.extend_from_slice(&buffer[..read]);
            }
        }
        if self.kept.len() < self.needs { Read::Drained } else { self.hand_out_kept(each) }
    }

    fn hand_out_kept<B>(&mut self, each: &mut impl FnMut(Heard<'_>) -> ControlFlow<B>) -> Read<B> {
        let mut kept = std::mem::take(&mut self.kept);
        self.hand_out(&mut kept, each)
    }

    fn hand_out<B>(&mut self, input: &mut [u8], each: &mut impl FnMut(Heard<'_>) -> ControlFlow<B>) -> Read<B> {
        let mut at = 0;
        self.needs = 0;
        let ended = loop {
            match self.assembly.take(&mut input[at..]) {
                Err(broken) => return Read::Broken(broken),
                Ok(Front::Needs(needs)) => {
                    self.needs = needs;
                    break Read::Drained;
                }
                Ok(Front::Part(used)) => at += used,
                Ok(Front::Whole(used, heard)) => {
                    at += used;
                    if let ControlFlow::Break(why) = each(heard) {
                        break Read::Stopped(why);
                    }
                }
            }
        };
        self.assembly.rest();
        self.kept = if at < input.len() { input[at..].to_vec() } else { Vec::new() };
        ended
    }
}

/// Reads and throws away what a client goes on sending, at most so much: `true` at the end of the stream.
pub fn drain(line: &Line, left: &mut usize) -> io::Result<bool> {
    SHARED.with_borrow_mut(|buffer| {
        while *left > 0 {
            match line.read_some(buffer)? {
                None => return Ok(false),
                Some(0) => break,
                Some(read) => *left = left.saturating_sub(read),
            }
        }
        Ok(true)
    })
}
