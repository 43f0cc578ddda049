//! The rules of the house as tests over the source text. Each rule is a function from sources to findings, and each is
//! shown to find what is planted.
//!
//! A rule reads text, not meaning: it is here to stop an honest mistake in review, not to outwit anybody. What the
//! compiler or clippy can hold (unsafe code, `todo!`, printing) is theirs, and repeated here only where tests and the
//! pure half need more.

mod lexer;
mod sources;
mod purity;
mod direction;
mod siblings;
mod files;
mod words;
mod twins;
mod lockfile;
mod docs;

/// What a rule found: one line each, `path:line: what`.
type Findings = Vec<String>;

/// No findings, in the type that `assert_eq!` wants.
const CLEAN: [&str; 0] = [];
