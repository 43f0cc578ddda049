//! Records of a journal, as somebody may have changed them on disk: inputs, events and `run.json`.

use std::sync::LazyLock;

use bongsu::host::journal::input::{read_input, write_input};
use bongsu::host::journal::meta::Meta;
use bongsu::report::ndjson_read::Reader;
use bongsu::sim::plan::Plan;

use crate::scenario::read;

/// The plan whose events are read.
static PLAN: LazyLock<Plan> = LazyLock::new(|| {
    let text = include_bytes!("../../../scenarios/lh/rent-bill-blackout.yaml");
    read(text).expect("a scenario of the library").plan
});

/// One input: lines, each read as every record that it could be.
pub fn run(data: &[u8]) {
    let mut events = Reader::of(&PLAN);
    for line in data.split(|byte| *byte == b'\n') {
        an_input(line);
        if let Err(why) = events.read_event(line) {
            told(&why);
        }
        if let Ok(meta) = serde_json::from_slice::<Meta>(line) {
            let again = serde_json::to_vec(&meta).expect("plain data");
            assert_eq!(serde_json::from_slice::<Meta>(&again).ok(), Some(meta));
        }
    }
}

/// An input that is read is written as something that is read as the same.
fn an_input(line: &[u8]) {
    match read_input(line) {
        Ok((at, input)) => {
            let mut written = Vec::new();
            write_input(&mut written, at, &input);
            assert_eq!(written.iter().filter(|byte| **byte == b'\n').count(), 1, "{input:?} is one line");
            assert_eq!(read_input(&written), Ok((at, input)));
        }
        Err(why) => told(&why),
    }
}

/// Whoever reads the error is told something, in one line that fits a terminal's log.
fn told(why: &str) {
    assert!(!why.is_empty() && why.chars().count() <= 301 && !why.contains('\n'), "{why:?}");
}
