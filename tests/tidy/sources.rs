//! The files that the rules look at.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::lexer::{Split, split};

/// A Rust file.
pub struct Source {
    /// From the root of the repository, with `/`.
    pub path: String,
    /// As it is.
    pub text: String,
    /// Code and comments apart.
    pub split: Split,
}

impl Source {
    /// A file that is there, or one that a test plants.
    pub fn new(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.into(), split: split(text) }
    }

    /// Lines of code with their numbers, without the tests at the file's end.
    pub fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let outside = |(_, line): &(usize, &str)| !line.starts_with("mod tests {");
        (1..).zip(self.split.code.lines()).take_while(outside)
    }

    /// The names that stand under a folder on the way to this file: `["fault", "judge"]` for `src/sim/fault/judge.rs`.
    pub fn modules_under(&self, folder: &str) -> Option<Vec<&str>> {
        let rest = self.path.strip_prefix(folder)?.strip_suffix(".rs")?;
        Some(rest.split('/').filter(|name| *name != "mod").collect())
    }
}

/// Every Rust file under `src` and `tests`.
pub fn rust() -> Vec<Source> {
    let mut sources = Vec::new();
    for path in tracked() {
        let ours = path.starts_with("src/") || path.starts_with("tests/");
        if ours && path.ends_with(".rs") {
            sources.push(Source::new(&path, &read(&path).unwrap_or_default()));
        }
    }
    assert!(sources.len() > 20, "the source tree was not found: {} files", sources.len());
    sources
}

/// Every file of the repository: what git tracks or would track, or all files where there is no git.
pub fn tracked() -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .ok()
        .filter(|out| out.status.success() && !out.stdout.is_empty());
    let mut paths = match listed {
        Some(out) => String::from_utf8_lossy(&out.stdout).lines().map(String::from).collect(),
        None => walked(),
    };
    paths.sort();
    paths
}

/// A file's text; `None` if it is not there or not text.
pub fn read(path: &str) -> Option<String> {
    fs::read(root().join(path)).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn walked() -> Vec<String> {
    let mut paths = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && ["target", ".git", "node_modules"].iter().all(|skip| name != *skip) => {
                    folders.push(path);
                }
                Ok(kind) if kind.is_file() => {
                    let inside = path.strip_prefix(root()).unwrap_or(&path);
                    paths.push(inside.to_string_lossy().replace('\\', "/"));
                }
                Ok(_) | Err(_) => {}
            }
        }
    }
    paths
}
