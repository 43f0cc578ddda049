//! Reports: what a run was, once it is over, in the forms that people and machines read.
//!
//! Every format is one file and one pure function from a [`view::RunView`] (or an event) to text; only
//! [`folder`] touches the disk. Nothing here judges: verdicts, reasons and witnesses come from `sim::expect` and are
//! only put into words, rows and drawings. Figures are rounded for the eye alone; whatever a program may read back
//! carries exact integers.
//!
//! | file | reader | format |
//! |---|---|---|
//! | `ndjson` | replay, `jq`, notebooks | one event a line, stable order of fields; `ndjson_read` reads it back |
//! | `text` | a person at a terminal | Korean or English, 80 columns, colour where it shows |
//! | `json` | dashboards, CI | `verdict.json`, `bongsu.verdict.v1` |
//! | `junit` | CI | each promise a test case |
//! | `html`, `svg` | a meeting, a classroom, an archive | one file, both languages, no script |

pub mod view;
pub mod judged;
pub mod haste;
pub mod words;
pub mod names;
pub mod ndjson;
pub mod ndjson_read;
pub mod next;
pub mod text;
pub mod json;
pub mod junit;
pub mod svg;
pub mod html;
pub mod audit;
pub mod matrix;
pub mod baseline;
pub mod folder;
/// The build that reports name: the program and its version.
pub const BUILD: &str = concat!("bongsu ", env!("CARGO_PKG_VERSION"));

#[cfg(test)]
pub(crate) mod sample;
