//! From the arguments of `run` and `check` to the files they mean: a folder is all scenarios below it.
//!
//! A shell gives `scenarios/**` as folders, as files, or as it stands, one as the other depending on its settings; all three come to
//! the same here. Whoever asks for several files gets the outage packs among them left out where only scenarios can be
//! run, and of other files that a shell's `**` finds (a list of people, a page of text) those that are no scenario; one file
//! alone is told as what it is. What is named twice is run once. Links to folders are not followed, and
//! names that begin with a dot are passed over.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::library;
use crate::report::text::terminal::clean;
use crate::sim::model::words::Words;
use crate::sim::scenario;

/// Files that are taken from folders at most.
const FILES_MAX: usize = 10_000;
/// Folders within folders that are looked into.
const DEPTH_MAX: usize = 32;

/// What is wanted of what was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Scenarios, which can be run.
    Scenarios,
    /// Outage packs too, which can be checked.
    Packs,
}

/// The files and names that the arguments mean, each once, in the order of the arguments and by name below a folder.
pub fn expand(arguments: &[String], wanted: Wanted) -> Result<Vec<String>, Words> {
    let mut all: Vec<String> = Vec::new();
    for argument in arguments {
        let found = below(argument, wanted)?;
        for name in found.unwrap_or_else(|| vec![argument.clone()]) {
            if !all.contains(&name) {
                all.push(name);
            }
        }
    }
    if all.len() > 1 {
        all.retain(|name| !(is_beside(name) || wanted == Wanted::Scenarios && is_pack(name)));
    }
    if all.is_empty() {
        return Err(nothing_below(&arguments.join(" ")));
    }
    Ok(all)
}

fn nothing_below(what: &str) -> Words {
    let what = clean(what);
    Words {
        ko: format!("{what} 아래에 시나리오 파일(.yaml)이 없음"),
        en: format!("there is no scenario file (.yaml) below {what}"),
    }
}

/// What lies below a folder of the disk or of the library; `None` for what is no folder.
fn below(argument: &str, wanted: Wanted) -> Result<Option<Vec<String>>, Words> {
    let plain = ["/**/*.yaml", "/**", "/"].iter().find_map(|end| argument.strip_suffix(end)).unwrap_or(argument);
    if Path::new(plain).is_dir() {
        let mut files = Vec::new();
        walk(Path::new(plain), 0, &mut files)?;
        if files.is_empty() {
            return Err(nothing_below(argument));
        }
        let mut names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        names.retain(|name| wanted == Wanted::Packs || !is_pack(name));
        return Ok(Some(names));
    }
    if Path::new(plain).exists() || library::either(plain).is_ok() {
        return Ok(None);
    }
    let folder = plain.strip_prefix("scenarios").map_or(plain, |rest| rest.trim_start_matches('/'));
    let inside =
        |name: &String| folder.is_empty() || name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let mut names: Vec<String> = library::scenarios().into_iter().filter(inside).collect();
    if wanted == Wanted::Packs {
        names.extend(library::packs().into_iter().filter(|pack| inside(&format!("outages/{pack}"))));
    }
    Ok((!names.is_empty()).then_some(names))
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Words> {
    let unreadable = |error: std::io::Error| Words {
        ko: format!("폴더 {}을(를) 읽을 수 없음: {error}", folder.display()),
        en: format!("cannot read the folder {}: {error}", folder.display()),
    };
    let mut entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(unreadable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, sort) = (entry.path(), entry.file_type().map_err(unreadable)?);
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if sort.is_dir() && depth < DEPTH_MAX {
            walk(&path, depth + 1, files)?;
        } else if !sort.is_dir() && is_scenario_name(&path) {
            if files.len() == FILES_MAX {
                return Err(Words {
                    ko: format!("폴더 {} 아래에 파일이 너무 많음: 한 번에 {FILES_MAX}개까지", folder.display()),
                    en: format!("too many files below {}: at most {FILES_MAX} at once", folder.display()),
                });
            }
            files.push(path);
        }
    }
    Ok(())
}

/// Whether a name is that of a file which lies beside scenarios and is none: it is not called one and does not begin as
/// one. What cannot be read is left to whoever reads it in earnest.
fn is_beside(name: &str) -> bool {
    let path = Path::new(name);
    if is_scenario_name(path) || !path.is_file() {
        return false;
    }
    let begins = |line: &[u8]| line.starts_with(b"scenario:") || line.starts_with(b"pack:");
    library::either(name).is_ok_and(|found| !found.text.split(|byte| *byte == b'\n').any(begins))
}

fn is_scenario_name(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "yaml" || end == "yml")
}

/// Whether a file is an outage pack; one that cannot be read is left to whoever reads it in earnest.
fn is_pack(name: &str) -> bool {
    library::either(name).is_ok_and(|found| scenario::is_pack(&found.text))
}

#[cfg(test)]
mod tests {
    use super::{Wanted, expand};
    use std::fs;

    const PACK: &str = "pack: small\n";
    const SCENARIO: &str = "scenario: small\n";

    fn expanded(arguments: &[String], wanted: Wanted) -> Vec<String> {
        expand(arguments, wanted).expect("what is there")
    }

    #[test]
    fn a_folder_is_all_scenarios_below_it_and_nothing_twice() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = |name: &str| dir.path().join(name).display().to_string();
        fs::create_dir_all(dir.path().join("b/c")).expect("folders");
        for (name, text) in [
            ("z.yaml", SCENARIO),
            ("b/c/a.yml", SCENARIO),
            ("b/pack.yaml", PACK),
            ("b/notes.txt", ""),
            (".hid.yaml", ""),
        ] {
            fs::write(dir.path().join(name), text).expect("a file");
        }
        let whole = vec![path("b/c/a.yml"), path("z.yaml")];
        for folder in ["", "**", "**/*.yaml"] {
            assert_eq!(expanded(&[path(folder)], Wanted::Scenarios), whole, "{folder}");
        }
        assert_eq!(
            expanded(&[path("z.yaml"), path("b"), path("z.yaml")], Wanted::Scenarios),
            [path("z.yaml"), path("b/c/a.yml")]
        );
        assert_eq!(expanded(&[path("b/pack.yaml"), path("z.yaml")], Wanted::Scenarios), [path("z.yaml")]);
        assert_eq!(
            expanded(&[path("b/pack.yaml")], Wanted::Scenarios),
            [path("b/pack.yaml")],
            "alone it is told as what it is"
        );
        assert_eq!(expanded(&[path("b")], Wanted::Packs), [path("b/c/a.yml"), path("b/pack.yaml")]);
    }

    #[test]
    fn what_a_shell_makes_of_two_stars_is_the_scenarios_in_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = |name: &str| dir.path().join(name).display().to_string();
        fs::create_dir(dir.path().join("b")).expect("a folder");
        let files = [("b/class.csv", "phone\n010-0000-0000\n"), ("b/old.txt", SCENARIO), ("b/x.yaml", SCENARIO)];
        for (name, text) in files.into_iter().chain([("pack.yaml", PACK)]) {
            fs::write(dir.path().join(name), text).expect("a file");
        }
        let globbed = ["", "b", "b/class.csv", "b/old.txt", "b/x.yaml", "pack.yaml"].map(path);
        assert_eq!(expanded(&globbed, Wanted::Scenarios), [path("b/x.yaml"), path("b/old.txt")]);
        assert_eq!(expanded(&globbed, Wanted::Packs), [path("b/x.yaml"), path("pack.yaml"), path("b/old.txt")]);
        assert_eq!(expanded(&[path("b/class.csv")], Wanted::Scenarios), [path("b/class.csv")], "alone it is read");
    }

    #[test]
    fn a_folder_of_the_library_is_what_it_holds() {
        let lh = expanded(&["scenarios/lh/**".to_owned()], Wanted::Scenarios);
        assert!(lh.len() >= 3 && lh.iter().all(|name| name.contains("lh/")), "{lh:?}");
        assert_eq!(expanded(&["no-such-thing".to_owned()], Wanted::Scenarios), ["no-such-thing"]);
        assert_eq!(expanded(&["lh/rent-bill-blackout".to_owned()], Wanted::Scenarios), ["lh/rent-bill-blackout"]);
    }

    #[test]
    fn an_empty_folder_is_said_to_be_empty() {
        let dir = tempfile::tempdir().expect("a folder");
        let error = expand(&[dir.path().display().to_string()], Wanted::Scenarios).expect_err("nothing there");
        assert!(error.en.starts_with("there is no scenario file (.yaml) below"), "{}", error.en);
    }
}
