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
    /// Whether it is only there for tests: a module behind `#[cfg(test)]`, or inside one.
    pub tests_only: bool,
}

impl Source {
    /// A file that is there, or one that a test plants.
    pub fn new(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.into(), split: split(text), tests_only: false }
    }

    /// Lines of code with their numbers, without the tests at the file's end; none of a file that is there for tests.
    pub fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let outside = |(_, line): &(usize, &str)| !self.tests_only && !line.starts_with("mod tests {");
        (1..).zip(self.split.code.lines()).take_while(outside)
    }

    /// Where the modules lie that this file puts behind `#[cfg(test)]`, without `.rs`.
    fn test_modules(&self) -> Vec<String> {
        let inside = self.path.strip_suffix("/mod.rs").or_else(|| self.path.strip_suffix("/lib.rs"));
        let folder = inside.or_else(|| self.path.strip_suffix(".rs")).unwrap_or(&self.path);
        let lines: Vec<&str> = self.split.code.lines().map(str::trim).collect();
        let behind = lines.windows(2).filter(|pair| pair[0] == "#[cfg(test)]").map(|pair| pair[1]);
        let names = behind.filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'));
        names.map(|name| format!("{folder}/{name}")).collect()
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
    let test_modules: Vec<String> = sources.iter().flat_map(Source::test_modules).collect();
    for source in &mut sources {
        source.tests_only = test_modules.iter().any(|module| lies_in(&source.path, module));
    }
    sources
}

/// Whether a path is the module's file or inside its folder.
fn lies_in(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
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

#[test]
fn modules_behind_cfg_test_are_tests() {
    let parent = Source::new("src/sim/plan/mod.rs", "//! A.\n#[cfg(test)]\npub mod sample;\nmod check;\n");
    assert_eq!(parent.test_modules(), ["src/sim/plan/sample"]);
    assert!(lies_in("src/sim/plan/sample.rs", "src/sim/plan/sample"));
    assert!(lies_in("src/sim/plan/sample/rent.rs", "src/sim/plan/sample"));
    assert!(!lies_in("src/sim/plan/samples.rs", "src/sim/plan/sample"));
    assert_eq!(Source::new("src/a/judge.rs", "#[cfg(test)]\nmod tests;\n").test_modules(), ["src/a/judge/tests"]);
}
