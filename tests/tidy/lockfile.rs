//! The dependencies that must not stand twice in the tree: their types meet, or their weight counts.

use super::sources::read;
use super::{CLEAN, Findings};

/// Crates of which there is one version, on every system. That nothing at all stands twice where it is shipped is for
/// `deny.toml` to say.
const ONCE: [&str; 16] = [
    "tungstenite",
    "tokio-tungstenite",
    "axum",
    "hyper",
    "hyper-util",
    "http",
    "http-body",
    "tokio",
    "rustls",
    "rustls-webpki",
    "tower",
    "bytes",
    "serde",
    "sha1",
    "clap",
    "tracing",
];

/// Crates that the lock file names more than once.
fn doubled(lock: &str) -> Findings {
    let names: Vec<&str> = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    let count = |name: &str| names.iter().filter(|other| **other == name).count();
    ONCE.iter().filter(|name| count(name) > 1).map(|name| format!("{name} stands {} times", count(name))).collect()
}

#[test]
fn the_tree_has_one_of_each() {
    let lock = read("Cargo.lock").expect("Cargo.lock is part of the repository");
    assert!(lock.contains("name = \"tungstenite\""), "the lock file is not ours");
    assert_eq!(doubled(&lock), CLEAN);
}

#[test]
fn a_planted_double_is_found() {
    let lock = "[[package]]\nname = \"tungstenite\"\nversion = \"0.29.0\"\n\n\
                [[package]]\nname = \"tungstenite\"\nversion = \"0.30.0\"\n\n\
                [[package]]\nname = \"bytes\"\nversion = \"1.11.1\"\n";
    assert_eq!(doubled(lock), ["tungstenite stands 2 times"]);
}
