//! The scenario library at work: small variants of every scenario and pack as readable traces, every verdict that a
//! file's header announces, and the commands and tables of the documents.
//!
//! `UPDATE_GOLDEN=1 cargo test` rewrites the traces and the generated part of `docs/metrics.md`; the difference is
//! reviewed as code. Each trace stands beside an assertion on the verdict, so that one that was rewritten without being
//! read still fails.

mod play;
mod trace;
mod traces;
mod packs;
mod lists;
mod headers;
mod seeds;
mod pages;
mod pictures;
mod sources;
mod recordings;
mod commands;
mod serving;

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compares bytes with their golden file, or rewrites the file when `UPDATE_GOLDEN` is set.
fn compare_bytes(path: &Path, actual: &[u8]) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(path, actual).expect("the golden file can be written");
        return;
    }
    assert!(fs::read(path).unwrap_or_default() == actual, "{} is not what the test draws", path.display());
}

/// Compares a text with its golden file, or rewrites the file when `UPDATE_GOLDEN` is set.
fn compare(path: &str, actual: &str) {
    let path = root().join(path);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, actual).expect("the golden file can be written");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if let Some((number, (old, new))) = difference(&expected, actual) {
        panic!("{}:{number}: the golden file has\n  {old}\nand the run gave\n  {new}", path.display());
    }
}

/// The first line that differs, with its number.
fn difference<'a>(old: &'a str, new: &'a str) -> Option<(usize, (&'a str, &'a str))> {
    let mut pairs = (old.lines(), new.lines());
    for number in 1.. {
        match (pairs.0.next(), pairs.1.next()) {
            (None, None) => return None,
            (old, new) if old == new => {}
            (old, new) => return Some((number, (old.unwrap_or("(nothing)"), new.unwrap_or("(nothing)")))),
        }
    }
    None
}

/// Every YAML file under a folder of the repository, in order, as paths from its root.
fn yaml_files(folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there").map(|entry| entry.expect("an entry")) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                let inside = path.strip_prefix(root()).expect("below the root");
                files.push(inside.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn the_first_difference_is_found_with_its_line() {
    assert_eq!(difference("a\nb\n", "a\nb\n"), None);
    assert_eq!(difference("a\nb\n", "a\nc\n"), Some((2, ("b", "c"))));
    assert_eq!(difference("a\n", "a\nb\n"), Some((2, ("(nothing)", "b"))));
}
