//! Where scenarios come from: files on disk, and the library that is built into the program.
//!
//! A path wins over a name: `bongsu run lh/rent-bill-blackout` means the file of that path if there is one, and the
//! built-in scenario otherwise; `rent-bill-blackout` alone is enough where only one ends so. Files that a scenario
//! names are read from its own tree only: below the folder that holds the nearest folder called `scenarios` around it
//! (so that `fixtures/` beside it can be read), or else below its own folder. Links and `..` may wander inside the
//! tree, not out of it. Built-in files see built-in files only; their names begin with `bongsu:`.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::report::text::terminal::clean;
use crate::sim::model::words::Words;
use crate::sim::scenario::{Library, Loaded};

/// The built-in library, as it stood in `scenarios/` when the program was built.
static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/scenarios");

/// The lists of people that built-in scenarios name, as they stood in `fixtures/people/`.
static PEOPLE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/people");
/// Where the two stand beside each other.
const PLACES: [(&str, &Dir<'static>); 2] = [("scenarios/", &BUILT_IN), ("fixtures/people/", &PEOPLE)];

/// How names of built-in files begin.
const SCHEME: &str = "bongsu:";
/// The folder of outage packs, which are not scenarios.
const OUTAGES: &str = "outages/";
/// Longest file that is read at all, in bytes: a list of a million people. What is longer is cut here and refused by
/// whoever reads it.
const FILE_MAX: u64 = 128 * 1_024 * 1_024;
/// Names that are suggested for one that does not exist.
const NEAREST_MAX: usize = 3;

/// A file of the library, on disk or built in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name: `bongsu:lh/rent-bill-blackout.yaml`, or its path as given.
    pub name: String,
    /// Its bytes.
    pub text: Vec<u8>,
}

/// The library as a scenario sees it: [`Library`] over disk and program.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Files that were named on the command line, which may lie anywhere.
    given: BTreeSet<PathBuf>,
}

/// What is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Scenario,
    Pack,
}

/// The one that stands first, and that `bongsu` alone plays.
pub const FIRST: &str = "first-minute";

/// Names of the built-in scenarios without their ending, in order but for [`FIRST`], which comes first.
pub fn scenarios() -> Vec<String> {
    let mut names: Vec<String> = built_in(&BUILT_IN).into_iter().filter(|name| !name.starts_with(OUTAGES)).collect();
    names.sort_by_key(|name| (name != FIRST, name.clone()));
    names
}

/// Names of the built-in outage packs, in order.
pub fn packs() -> Vec<String> {
    let names = built_in(&BUILT_IN);
    let mut packs: Vec<String> =
        names.iter().filter_map(|name| name.strip_prefix(OUTAGES)).map(str::to_owned).collect();
    packs.sort();
    packs
}

/// Whose scenarios stand in which folder. Channels have names of their own: a shop's, a campaign's.
const AGENCIES: [(&str, (&str, &str)); 13] = [
    ("eumseong", ("음성군", "Eumseong county")),
    ("gangnam", ("서울 강남구", "Gangnam district, Seoul")),
    ("geoje", ("거제시", "Geoje city")),
    ("gyeonggi", ("경기도", "Gyeonggi province")),
    ("kakao", ("카카오", "Kakao")),
    ("lh", ("LH 한국토지주택공사", "LH, Korea Land and Housing Corporation")),
    ("mapo", ("서울 마포구", "Mapo district, Seoul")),
    ("market", ("우리동네 단골시장", "The neighbourhood regulars' market")),
    ("moel", ("고용노동부", "Ministry of Employment and Labor")),
    ("mois", ("행정안전부", "Ministry of the Interior and Safety")),
    ("rehearse", ("내 발송 프로그램으로 연습", "Rehearse your own sender")),
    ("seoul", ("서울특별시", "Seoul Metropolitan Government")),
    ("suyeong", ("부산 수영구", "Suyeong district, Busan")),
];

/// Whose scenario a built-in one is; `None` for lessons and the first.
pub fn agency(name: &str) -> Option<Words> {
    let (folder, _) = name.split_once('/')?;
    let (_, (ko, en)) = AGENCIES.iter().find(|(known, _)| *known == folder)?;
    Some(Words { ko: (*ko).to_owned(), en: (*en).to_owned() })
}

/// A scenario by path or name. The error is a fragment with the nearest names.
pub fn scenario(wanted: &str) -> Result<Found, Words> {
    find(wanted, Sort::Scenario)
}

/// A scenario or an outage pack by path or name; a scenario's name comes first.
pub fn either(wanted: &str) -> Result<Found, Words> {
    find(wanted, Sort::Scenario).or_else(|why| find(wanted, Sort::Pack).map_err(|_| why))
}

/// A built-in scenario by its name or the end of it, as a name that [`Files`] will load; no path of this machine is
/// looked at. The error is the nearest name.
pub fn built_in_scenario(wanted: &str) -> Result<String, Option<String>> {
    built_in_name(wanted, "", &scenarios())
}

/// A built-in outage pack, likewise.
pub fn built_in_pack(wanted: &str) -> Result<String, Option<String>> {
    built_in_name(wanted, OUTAGES, &packs())
}

fn built_in_name(wanted: &str, folder: &str, known: &[String]) -> Result<String, Option<String>> {
    let plain = wanted.strip_suffix(".yaml").unwrap_or(wanted);
    match called(plain, known) {
        Some(name) => Ok(format!("{SCHEME}{folder}{name}.yaml")),
        None => Err(nearest(plain, known).into_iter().next()),
    }
}

/// An outage pack by path or name, as a name that [`Files`] will load.
pub fn pack(wanted: &str, files: &mut Files) -> Result<String, Words> {
    let found = find(wanted, Sort::Pack)?;
    if found.name.starts_with(SCHEME) {
        return Ok(found.name);
    }
    let path = canonical(Path::new(&found.name))?;
    let name = path.display().to_string();
    files.given.insert(path);
    Ok(name)
}

impl Library for Files {
    fn load(&self, from: &str, name: &str) -> Result<Loaded, Words> {
        if let Some(inside) = name.strip_prefix(SCHEME) {
            return load_built_in("", inside);
        }
        match from.strip_prefix(SCHEME) {
            Some(includer) if !self.given.contains(Path::new(name)) => load_built_in(includer, name),
            _ => self.load_file(Path::new(from), Path::new(name)),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

impl Files {
    fn load_file(&self, from: &Path, name: &Path) -> Result<Loaded, Words> {
        let own = from.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = canonical(own)?;
        let path = canonical(&folder.join(name))?;
        if !self.given.contains(&path) && !path.starts_with(tree(&folder)) {
            let name = name.display();
            return Err(Words {
                ko: format!("{name} 은(는) 시나리오 폴더 밖에 있음"),
                en: format!("{name} lies outside the scenario's folder"),
            });
        }
        Ok(Loaded { name: path.display().to_string(), text: read(&path)? })
    }
}

/// The folder that a scenario in `folder` may read from; see the head of this file.
fn tree(folder: &Path) -> &Path {
    let around = folder.ancestors().find(|above| above.file_name().is_some_and(|name| name == "scenarios"));
    // A tree that is the whole disk (`/scenarios` of a container) would be no tree at all.
    around.and_then(Path::parent).filter(|tree| tree.parent().is_some()).unwrap_or(folder)
}

fn find(wanted: &str, sort: Sort) -> Result<Found, Words> {
    if Path::new(wanted).exists() {
        return Ok(Found { name: wanted.to_owned(), text: read(Path::new(wanted))? });
    }
    let plain = wanted.strip_suffix(".yaml").unwrap_or(wanted);
    let (what, folder, known) = match sort {
        Sort::Scenario => (("시나리오", "scenario"), "", scenarios()),
        Sort::Pack => (("장애 꾸러미", "outage pack"), OUTAGES, packs()),
    };
    let named = called(plain, &known).map(|name| format!("{folder}{name}.yaml"));
    if let Some((name, file)) = named.and_then(|name| BUILT_IN.get_file(&name).map(|file| (name, file))) {
        return Ok(Found { name: format!("{SCHEME}{name}"), text: file.contents().to_vec() });
    }
    let (near, wanted) = (nearest(plain, &known).join(", "), shown(wanted));
    let (mut ko, mut en) = (
        format!("이름이 {wanted}인 파일도 내장 {}도 없음", what.0),
        format!("no file and no built-in {} is called {wanted}", what.1),
    );
    if !near.is_empty() {
        ko.push_str(&format!("; 혹시 {near}?"));
        en.push_str(&format!("; did you mean {near}?"));
    }
    Err(Words { ko, en })
}

/// The known name that is meant: itself, or the only one that ends so after a `/`.
fn called<'a>(wanted: &str, known: &'a [String]) -> Option<&'a String> {
    let ends_so = |name: &&String| name.strip_suffix(wanted).is_some_and(|before| before.ends_with('/'));
    let mut ending = known.iter().filter(ends_so);
    let only = ending.next().filter(|_| ending.next().is_none());
    known.iter().find(|name| name.as_str() == wanted).or(only)
}

fn load_built_in(from: &str, name: &str) -> Result<Loaded, Words> {
    let folder = Path::new("scenarios").join(Path::new(from).parent().unwrap_or(Path::new("")));
    let path = inside(&folder, Path::new(name));
    let place =
        |path: &String| PLACES.iter().find_map(|(place, dir)| Some((path.strip_prefix(place)?.to_owned(), *dir)));
    let (path, dir) = path.as_ref().and_then(place).ok_or_else(|| Words {
        ko: format!("{} 은(는) 내장 시나리오 밖에 있음", shown(name)),
        en: format!("{} lies outside the built-in library", shown(name)),
    })?;
    let file = dir.get_file(&path).ok_or_else(|| Words {
        ko: format!("이름이 {}인 내장 파일이 없음", shown(&path)),
        en: format!("no built-in file is called {}", shown(&path)),
    })?;
    Ok(Loaded { name: format!("{SCHEME}{path}"), text: file.contents().to_vec() })
}

/// A path inside the library with `.` and `..` worked off; `None` if it leaves it.
fn inside(folder: &Path, name: &Path) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.components().chain(name.components()) {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            Component::ParentDir => drop(parts.pop()?),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

fn built_in(dir: &Dir<'_>) -> Vec<String> {
    let files = dir.files().filter_map(|file| file.path().to_str()?.strip_suffix(".yaml"));
    let mut names: Vec<String> = files.map(str::to_owned).collect();
    names.extend(dir.dirs().flat_map(built_in));
    names
}

/// The known names nearest to one that is not known, the nearest first.
fn nearest(wanted: &str, known: &[String]) -> Vec<String> {
    // Long nonsense is not worth a comparison.
    if wanted.len() > 100 {
        return Vec::new();
    }
    let last = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    // More than half of the letters wrong is another word, not a slip of the hand.
    let distance = |wanted: &str, name: &str| {
        let away = strsim::damerau_levenshtein(wanted, name);
        (away * 2 <= name.len().max(wanted.len())).then_some(away)
    };
    let either =
        |name: &str| [distance(wanted, name), distance(&last(wanted), &last(name))].into_iter().flatten().min();
    let mut near: Vec<(usize, &String)> = known.iter().filter_map(|name| Some((either(name)?, name))).collect();
    near.sort();
    near.into_iter().take(NEAREST_MAX).map(|(_, name)| name.clone()).collect()
}

fn canonical(path: &Path) -> Result<PathBuf, Words> {
    path.canonicalize().map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Words {
    let path = path.display();
    Words { ko: format!("{path} 읽을 수 없음: {error}"), en: format!("cannot read {path}: {error}") }
}

/// The bytes of a plain file, up to more than any reader takes; pipes and devices are refused, because they may never end.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Words> {
    let failed = |error: std::io::Error| unreadable(path, &error);
    if !path.metadata().map_err(failed)?.is_file() {
        let path = path.display();
        return Err(Words { ko: format!("{path} 은(는) 파일이 아님"), en: format!("{path} is not a file") });
    }
    let mut text = Vec::new();
    File::open(path).map_err(failed)?.take(FILE_MAX).read_to_end(&mut text).map_err(failed)?;
    Ok(text)
}

/// A name as a message quotes it: at most 40 characters.
fn shown(name: &str) -> String {
    let mut text: String = clean(name).chars().take(40).collect();
    if name.chars().nth(40).is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{
        FIRST, Files, built_in_pack, built_in_scenario, called, inside, nearest, pack, scenario, scenarios, tree,
    };
    use crate::sim::scenario::Library as _;

    #[test]
    fn the_first_scenario_is_built_in() {
        assert_eq!(scenarios()[0], FIRST);
        for name in ["first-minute", "first-minute.yaml"] {
            let found = scenario(name).expect("built in");
            assert_eq!(found.name, "bongsu:first-minute.yaml");
            assert!(String::from_utf8_lossy(&found.text).contains("scenario: first-minute"));
        }
    }

    #[test]
    fn every_folder_of_the_library_is_somebodys() {
        for name in super::scenarios() {
            let known = !name.contains('/') || name.starts_with("lessons/") || super::agency(&name).is_some();
            assert!(known, "whose is {name}? AGENCIES does not say");
        }
    }

    #[test]
    fn an_unknown_name_names_its_neighbours() {
        let error = scenario("frist-minute").expect_err("unknown");
        assert_eq!(error.en, "no file and no built-in scenario is called frist-minute; did you mean first-minute?");
        assert_eq!(error.ko, "이름이 frist-minute인 파일도 내장 시나리오도 없음; 혹시 first-minute?");
        let error = scenario(&"x".repeat(300)).expect_err("unknown");
        assert_eq!(error.en, format!("no file and no built-in scenario is called {}…", "x".repeat(40)));
        let known = ["lh/rent-bill-blackout".to_owned(), "moel/accident-alert".to_owned()];
        assert_eq!(nearest("rent-bil-blackout", &known), ["lh/rent-bill-blackout"]);
        assert!(nearest("zzz", &known).is_empty());
        assert!(nearest("nosuch", &["lessons/class".to_owned()]).is_empty(), "another word, however short");
    }

    #[test]
    fn the_end_of_a_name_is_enough_where_only_one_ends_so() {
        let known = ["lh/rent".to_owned(), "moel/rent".to_owned(), "moel/alert".to_owned()];
        assert_eq!(called("alert", &known).map(String::as_str), Some("moel/alert"));
        assert_eq!(called("rent", &known), None);
        assert_eq!(called("ert", &known), None);
        assert_eq!(called("", &known), None);
    }

    #[test]
    fn a_name_from_afar_ends_like_a_built_in_one_and_is_no_path() {
        let rent = Ok("bongsu:lh/rent-bill-blackout.yaml".to_owned());
        for name in ["lh/rent-bill-blackout", "rent-bill-blackout", "rent-bill-blackout.yaml"] {
            assert_eq!(built_in_scenario(name), rent);
        }
        assert_eq!(built_in_scenario("rent-bil-blackout"), Err(Some("lh/rent-bill-blackout".to_owned())));
        assert_eq!(built_in_scenario(&"x".repeat(80)), Err(None));
        assert_eq!(built_in_pack("2024-05-13-kakao"), Ok("bongsu:outages/2024-05-13-kakao.yaml".to_owned()));
        assert_eq!(built_in_pack("2024-05-13-kakoa"), Err(Some("2024-05-13-kakao".to_owned())));
    }

    #[test]
    fn a_path_wins_over_a_name() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("first-minute.yaml");
        fs::write(&path, "mine").expect("written");
        let found = scenario(path.to_str().expect("UTF-8")).expect("found");
        assert_eq!(found.text, b"mine");
        let error = scenario(home.path().to_str().expect("UTF-8")).expect_err("a folder");
        assert_eq!(error.en, format!("{} is not a file", home.path().display()));
    }

    #[test]
    fn files_are_read_from_the_scenarios_own_tree_only() {
        let home = tempfile::tempdir().expect("a folder");
        let root = home.path().canonicalize().expect("a folder");
        for folder in ["repo/scenarios/lh", "repo/fixtures", "other"] {
            fs::create_dir_all(root.join(folder)).expect("made");
        }
        fs::write(root.join("repo/fixtures/people.csv"), "people").expect("written");
        fs::write(root.join("other/secret.yaml"), "secret").expect("written");
        std::os::unix::fs::symlink(root.join("other/secret.yaml"), root.join("repo/scenarios/link.yaml"))
            .expect("made");
        let from = root.join("repo/scenarios/lh/a.yaml").display().to_string();
        let files = Files::default();
        let loaded = files.load(&from, "../../fixtures/people.csv").expect("inside");
        assert_eq!(loaded.name, root.join("repo/fixtures/people.csv").display().to_string());
        for outside in ["../../../other/secret.yaml", "../link.yaml", "/etc/passwd"] {
            let error = files.load(&from, outside).expect_err("outside");
            assert_eq!(error.en, format!("{outside} lies outside the scenario's folder"));
            assert_eq!(error.ko, format!("{outside} 은(는) 시나리오 폴더 밖에 있음"));
        }
        let loose = root.join("other/b.yaml").display().to_string();
        assert!(files.load(&loose, "../repo/fixtures/people.csv").is_err(), "no scenarios folder: own folder only");
    }

    #[test]
    fn a_scenarios_folder_at_the_root_of_the_disk_opens_only_itself() {
        assert_eq!(tree(Path::new("/scenarios/lh")), Path::new("/scenarios/lh"));
        assert_eq!(tree(Path::new("/repo/scenarios/lh")), Path::new("/repo"));
    }

    #[test]
    fn a_pack_given_by_path_may_lie_anywhere() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("mine.yaml");
        fs::write(&path, "pack: mine").expect("written");
        let mut files = Files::default();
        let name = pack(path.to_str().expect("UTF-8"), &mut files).expect("found");
        assert_eq!(files.load("bongsu:first-minute.yaml", &name).expect("given").text, b"pack: mine");
        assert!(Files::default().load("bongsu:first-minute.yaml", &name).is_err(), "not given");
    }

    #[test]
    fn built_in_files_see_built_in_files_only() {
        assert_eq!(inside(Path::new("lh"), Path::new("../outages/a.yaml")).as_deref(), Some("outages/a.yaml"));
        assert_eq!(inside(Path::new("lh"), Path::new("../../a.yaml")), None);
        assert_eq!(inside(Path::new("lh"), Path::new("/a.yaml")), None);
        let error = Files::default().load("bongsu:lh/a.yaml", "../../../etc/passwd").expect_err("outside");
        assert_eq!(error.en, "../../../etc/passwd lies outside the built-in library");
    }
}
