//! A tar archive (POSIX ustar) of a few files, as it is read: nothing is gathered in memory.
//!
//! Plain files with short names in one folder, so none of the format's extensions is needed. Lengths are those at the
//! opening; a file that has grown since is cut there, one that has shrunk breaks the archive off, as it must.

use std::io::{self, Read as _};

use bytes::Bytes;

use crate::host::control::runs::RunFile;

const BLOCK: usize = 512;
/// Bytes of a file handed over at once.
const PIECE: usize = 64 << 10;
/// The longest file that eleven octal digits can say.
const FILE_MAX: u64 = 0o77_777_777_777;
/// Longest name, with its folder.
const NAME_MAX: usize = 100;

/// The header of a file; an error if it is too long for the format, or its name is.
fn header(name: &str, bytes: u64, written_s: u64) -> io::Result<[u8; BLOCK]> {
    if name.len() > NAME_MAX || bytes > FILE_MAX {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{name} does not fit into a tar archive")));
    }
    let mut block = [0; BLOCK];
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    put(0, name.as_bytes());
    put(100, b"0000600\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{bytes:011o}\0").as_bytes());
    put(136, format!("{:011o}\0", written_s.min(FILE_MAX)).as_bytes());
    // The sum is made with spaces in its own place.
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    Ok(block)
}

/// Hands an archive of the files over, a piece at a time, until `take` wants no more. For a thread that may wait.
pub fn archive(folder: &str, files: Vec<RunFile>, take: &mut dyn FnMut(io::Result<Bytes>) -> bool) {
    for file in files {
        if let Err(error) = one(folder, file, take) {
            take(Err(error));
            return;
        }
    }
    take(Ok(Bytes::from_static(&[0; 2 * BLOCK])));
}

/// Hands one file over as it is.
pub fn plain(file: RunFile, take: &mut dyn FnMut(io::Result<Bytes>) -> bool) {
    if let Err(error) = content(file, take) {
        take(Err(error));
    }
}

fn one(folder: &str, file: RunFile, take: &mut dyn FnMut(io::Result<Bytes>) -> bool) -> io::Result<()> {
    let (bytes, head) = (file.bytes, header(&format!("{folder}/{}", file.name), file.bytes, file.written_s)?);
    take(Ok(Bytes::copy_from_slice(&head)));
    content(file, take)?;
    let rest = usize::try_from(bytes % BLOCK as u64).expect("less than a block");
    if rest > 0 {
        take(Ok(Bytes::copy_from_slice(&[0; BLOCK][rest..])));
    }
    Ok(())
}

fn content(file: RunFile, take: &mut dyn FnMut(io::Result<Bytes>) -> bool) -> io::Result<()> {
    let RunFile { bytes, mut file, .. } = file;
    let mut left = bytes;
    while left > 0 {
        let mut piece = vec![0; PIECE.min(usize::try_from(left).unwrap_or(PIECE))];
        file.read_exact(&mut piece)?;
        left -= piece.len() as u64;
        if !take(Ok(piece.into())) {
            return Err(io::Error::new(io::ErrorKind::BrokenPipe, "nobody takes it any more"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use super::{BLOCK, archive, header};
    use crate::host::control::runs::RunFile;

    #[test]
    fn an_archive_is_headers_bodies_and_two_empty_blocks() {
        let home = tempfile::tempdir().expect("a folder");
        let file = |name: &'static str, text: &str| {
            fs::write(home.path().join(name), text).expect("written");
            let file = File::open(home.path().join(name)).expect("there");
            RunFile { name, bytes: text.len() as u64, written_s: 1_700_000_000, file }
        };
        let whole = "x".repeat(2 * BLOCK);
        let mut out = Vec::new();
        archive("r1", vec![file("run.json", "{}"), file("events.ndjson", &whole)], &mut |piece| {
            out.extend_from_slice(&piece.expect("readable"));
            true
        });
        assert_eq!(out.len(), (2 + 3 + 2) * BLOCK);
        assert!(out.starts_with(b"r1/run.json\0") && &out[257..265] == b"ustar\x0000");
        assert_eq!((&out[124..136], &out[BLOCK..BLOCK + 3]), (&b"00000000002\0"[..], &b"{}\0"[..]));
        assert!(out[2 * BLOCK..].starts_with(b"r1/events.ndjson\0"));
        assert_eq!(&out[3 * BLOCK..5 * BLOCK], whole.as_bytes());
        assert!(out[5 * BLOCK..].iter().all(|byte| *byte == 0));
        // The sum of a header, as any reader checks it.
        let told = u32::from_str_radix(std::str::from_utf8(&out[148..154]).expect("digits"), 8).expect("octal");
        let sum: u32 = out[..BLOCK]
            .iter()
            .enumerate()
            .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) })
            .sum();
        assert_eq!(told, sum);
    }

    #[test]
    fn what_does_not_fit_and_what_has_shrunk_is_an_error() {
        assert!(header(&"x".repeat(101), 1, 0).is_err() && header("x", 1 << 33, 0).is_err());
        let file = tempfile::tempfile().expect("a file");
        let mut last = None;
        archive("r1", vec![RunFile { name: "run.json", bytes: 5, written_s: 0, file }], &mut |piece| {
            last = Some(piece.is_ok());
            true
        });
        assert_eq!(last, Some(false));
    }
}
