//! The terminal as commands see it: two writers, a language, and whether colour shows.
//!
//! A closed pipe is no error: once its reader has gone (`bongsu metrics | head -3`), a writer swallows the rest, and
//! the command ends with the code that it would have ended with. Every other error of a writer is one. Commands write
//! through `std::io::Write` and never print.

use std::io::{self, IsTerminal as _, Write};

use anstream::ColorChoice;

use crate::report::text::terminal::Look;
use crate::sim::model::words::Lang;

/// What a command reads and writes.
pub struct Io {
    /// Results.
    pub out: Box<dyn Write>,
    /// Problems, progress and remarks.
    pub err: Box<dyn Write>,
    /// The language to speak.
    pub lang: Lang,
    /// How results are to look.
    pub look: Look,
    /// Whether problems may be coloured.
    pub err_color: bool,
    /// Whether somebody watches the progress.
    pub err_watched: bool,
}

/// A writer that ends quietly when its reader has gone.
struct Quiet<W> {
    inner: W,
    closed: bool,
}

impl Io {
    /// The process's own: colour by terminal, `NO_COLOR` and `CLICOLOR_FORCE`; width by `COLUMNS`, or by the terminal that
    /// results go to.
    pub fn of_process() -> Io {
        let (out, err) = (io::stdout(), io::stderr());
        let color = anstream::AutoStream::choice(&out) != ColorChoice::Never;
        let err_color = anstream::AutoStream::choice(&err) != ColorChoice::Never;
        let err_watched = err.is_terminal();
        Io {
            look: Look { width: columns(&out).unwrap_or(Look::PLAIN.width), color },
            err_color,
            err_watched,
            ..Io::new(out, err)
        }
    }

    /// These two writers, plain, in Korean.
    pub fn new(out: impl Write + 'static, err: impl Write + 'static) -> Io {
        Io {
            out: Box::new(Quiet { inner: out, closed: false }),
            err: Box::new(Quiet { inner: err, closed: false }),
            lang: Lang::Ko,
            look: Look::PLAIN,
            err_color: false,
            err_watched: false,
        }
    }

    /// One of two texts, by language.
    pub fn pick<'a>(&self, ko: &'a str, en: &'a str) -> &'a str {
        crate::report::words::pick(self.lang, ko, en)
    }
}

/// `COLUMNS`, where somebody exports it; else what the terminal says of itself. `None` for a file or a pipe.
fn columns(out: &io::Stdout) -> Option<usize> {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    said.or_else(|| terminal_size::terminal_size_of(out).map(|(columns, _)| usize::from(columns.0)))
}

impl<W: Write> Write for Quiet<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        match self.inner.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(bytes.len())
            }
            other => other,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        match self.inner.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            other => other,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::ffi::OsString;
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::Io;
    use crate::cli::exit::Exit;
    use crate::cli::start;

    /// A writer whose bytes can be read while somebody else owns it.
    #[derive(Clone, Default)]
    pub struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Shared {
        pub fn text(&self) -> String {
            String::from_utf8(self.0.lock().expect("not poisoned").clone()).expect("UTF-8")
        }
    }

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("not poisoned").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The program, asked in English: how it ended, what it said, and what it complained of.
    pub fn bongsu(args: &[&str]) -> (Exit, String, String) {
        let (out, err) = (Shared::default(), Shared::default());
        let mut io = Io::new(out.clone(), err.clone());
        let args = ["bongsu", "--lang", "en"].iter().chain(args).map(OsString::from).collect();
        let exit = start(args, &mut io);
        (exit, out.text(), err.text())
    }

    /// A writer that always fails in the same way.
    pub struct Broken(pub io::ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_closed_pipe_is_quiet_and_a_full_disk_is_not() {
        let mut io = Io::new(Broken(io::ErrorKind::BrokenPipe), Broken(io::ErrorKind::StorageFull));
        io.out.write_all(b"a lot of text").expect("swallowed");
        io.out.flush().expect("swallowed");
        let error = io.err.write_all(b"x").expect_err("told");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
