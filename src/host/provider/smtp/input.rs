//! Input: what a client has said, as lines and as mails. Bytes come from the line in pieces of any size.
//!
//! Strict about ends of lines: CR and LF together, or it is none. A server that takes a bare LF for one, behind another that
//! does not, lets a sender smuggle a second mail into the first.

use std::io;
use std::time::Duration;

use smtp_proto::request::receiver::{DataReceiver, DummyDataReceiver};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

/// Longest line of a command, its end included (RFC 5321 asks for 512, and for more with SMTPUTF8 and AUTH).
pub const LINE_MAX: usize = 2_048;
/// Largest mail, in bytes, as told by SIZE.
pub const MAIL_MAX: usize = 1_024 * 1_024;
/// What a client may still send of a mail that is too large, before its line is cut.
const REST_MAX: usize = 32 * MAIL_MAX;
/// How long a client may say nothing (RFC 5321 section 4.5.3.2: a mail's pieces three minutes, commands at least five).
pub const PIECE_WITHIN: Duration = Duration::from_secs(300);
/// Bytes at a time.
const CHUNK: usize = 16 * 1_024;

/// What was read and not used yet.
#[derive(Debug, Default)]
pub struct Input {
    kept: Vec<u8>,
}

/// A line.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A proper one, with its end.
    Whole(Vec<u8>),
    /// One that is too long; it was thrown away.
    TooLong,
    /// One that ends in a bare LF, or has a bare CR in it.
    Bare,
}

/// A mail.
#[derive(Debug, PartialEq, Eq)]
pub enum Mail {
    /// Its bytes, dots unstuffed.
    Whole(Vec<u8>),
    /// Larger than [`MAIL_MAX`].
    TooLarge,
    /// With a bare LF or CR.
    Bare,
}

impl Input {
    /// Whether a whole line is here already: then nobody has to be waited for, and replies can go out together.
    pub fn has_line(&self) -> bool {
        self.kept.contains(&b'\n')
    }

    /// Reads more; an end of the line is an error, and so is [`PIECE_WITHIN`] without a word.
    pub async fn more(&mut self, from: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
        self.kept.reserve(CHUNK);
        let mut limited = from.take(CHUNK as u64);
        match timeout(PIECE_WITHIN, limited.read_buf(&mut self.kept)).await?? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// Whether so much is kept that a client should wait with more.
    pub fn is_full(&self) -> bool {
        self.kept.len() >= 4 * CHUNK
    }

    /// The next line.
    pub async fn line(&mut self, from: &mut (impl AsyncRead + Unpin)) -> io::Result<Line> {
        let mut too_long = false;
        loop {
            if let Some(end) = self.kept.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.kept.drain(..=end).collect();
                return Ok(match () {
                    () if too_long || line.len() > LINE_MAX => Line::TooLong,
                    () if has_bare(&line, 0) => Line::Bare,
                    () => Line::Whole(line),
                });
            }
            if self.kept.len() > LINE_MAX {
                too_long = true;
                self.kept.clear();
            }
            self.more(from).await?;
        }
    }

    /// The next mail, up to its lonely dot.
    pub async fn mail<R: AsyncRead + Unpin>(&mut self, from: &mut R) -> io::Result<Mail> {
        let (mut receiver, mut mail) = (DataReceiver::new(), Vec::new());
        // The end of the line with DATA on it: a dot that comes first stands at the beginning of a line too.
        receiver.ingest(&mut b"\r\n".iter(), &mut mail);
        mail.clear();
        let (mut bare, mut before) = (false, 0);
        loop {
            let mut bytes = self.kept.iter();
            let ended = receiver.ingest(&mut bytes, &mut mail);
            let used = self.kept.len() - bytes.len();
            bare |= has_bare(&self.kept[..used], before);
            before = self.kept[..used].last().copied().unwrap_or(before);
            self.kept.drain(..used);
            match (ended, bare) {
                (true, _) if mail.len() > MAIL_MAX => return Ok(Mail::TooLarge),
                (true, true) => return Ok(Mail::Bare),
                (true, false) => return Ok(Mail::Whole(mail)),
                (false, _) if mail.len() > MAIL_MAX => return self.rest(&receiver, from).await,
                (false, _) => self.more(from).await?,
            }
        }
    }

    /// Throws away what is left of a mail that is too large already.
    async fn rest(&mut self, so_far: &DataReceiver, from: &mut (impl AsyncRead + Unpin)) -> io::Result<Mail> {
        let (mut receiver, mut thrown) = (DummyDataReceiver::new_data(so_far), 0);
        while thrown <= REST_MAX {
            let mut bytes = self.kept.iter();
            let ended = receiver.ingest(&mut bytes);
            let used = self.kept.len() - bytes.len();
            thrown += used;
            self.kept.drain(..used);
            if ended {
                return Ok(Mail::TooLarge);
            }
            self.more(from).await?;
        }
        Err(io::ErrorKind::FileTooLarge.into())
    }
}

/// Whether an LF stands without its CR, or a CR without its LF. The last CR of a piece may have its LF in the next.
fn has_bare(bytes: &[u8], before: u8) -> bool {
    let mut last = before;
    for byte in bytes {
        if (*byte == b'\n') != (last == b'\r') {
            return true;
        }
        last = *byte;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Input, LINE_MAX, Line, MAIL_MAX, Mail};

    async fn mail(bytes: &[u8]) -> (Mail, Vec<u8>) {
        let (mut input, mut from) = (Input::default(), bytes);
        let mail = input.mail(&mut from).await.expect("a mail");
        let left = [input.kept, from.to_vec()].concat();
        (mail, left)
    }

    #[tokio::test]
    async fn lines_end_in_cr_and_lf_and_have_a_bound() {
        let long = "x".repeat(LINE_MAX);
        let said = format!("NOOP\r\nRSET\nQ\rUIT\r\n{long}\r\nQUIT\r\n");
        let (mut input, mut from) = (Input::default(), said.as_bytes());
        let mut lines = Vec::new();
        while let Ok(line) = input.line(&mut from).await {
            lines.push(line);
        }
        let whole = |text: &str| Line::Whole(text.as_bytes().to_vec());
        assert_eq!(lines, [whole("NOOP\r\n"), Line::Bare, Line::Bare, Line::TooLong, whole("QUIT\r\n")]);
    }

    #[tokio::test]
    async fn a_mail_ends_at_its_dot_and_what_follows_is_the_next_command() {
        let (whole, left) = mail(b"Subject: x\r\n\r\n..dots\r\n.\r\nQUIT\r\n").await;
        assert_eq!(whole, Mail::Whole(b"Subject: x\r\n\r\n.dots\r\n".to_vec()));
        assert_eq!(left, b"QUIT\r\n");
    }

    #[tokio::test]
    async fn a_mail_may_be_empty_and_begin_with_a_dot() {
        assert_eq!(mail(b".\r\nQUIT\r\n").await, (Mail::Whole(Vec::new()), b"QUIT\r\n".to_vec()));
        assert_eq!(mail(b"..x\r\n.\r\n").await.0, Mail::Whole(b".x\r\n".to_vec()));
    }

    #[tokio::test]
    async fn nothing_is_smuggled_past_a_bare_end_of_line() {
        for smuggled in ["\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r\n.\r"] {
            let bytes = format!("Subject: x\r\n\r\ny{smuggled}MAIL FROM:<a@b.test>\r\n.\r\n");
            assert_eq!(mail(bytes.as_bytes()).await, (Mail::Bare, Vec::new()), "{smuggled:?}");
        }
    }

    #[tokio::test]
    async fn a_mail_that_is_too_large_is_read_to_its_end() {
        let bytes = format!("{}\r\n.\r\nQUIT\r\n", "x\r\n".repeat(MAIL_MAX / 2));
        assert_eq!(mail(bytes.as_bytes()).await, (Mail::TooLarge, b"QUIT\r\n".to_vec()));
    }
}
