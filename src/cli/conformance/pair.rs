//! Pairs: a recorded request and its answer, one a file, `fixtures/providers/API/NAME.json`.
//!
//! ```json
//! { "case": "what it shows", "source": "from where the request is known",
//!   "after": ["NAME"], "keep": { "group": "/groupInfo/groupId" },
//!   "auth": "usual", "eventually": false, "times": { "at": "/messages", "count": 10001 },
//!   "request": { "method": "POST", "path": "/...", "headers": {}, "body": {} },
//!   "answer": { "status": 200, "body": {} } }
//! ```
//!
//! `after` names pairs that come first; `keep` takes values of an answer, which later paths and bodies name as
//! `{{group}}`. `auth` is `usual`, `wrong`, `skewed`, `again` (the signature of the request before) or `stranger`.
//! `eventually` asks again until the answer is the recorded one. `times` repeats the first row of a list. `raw` in place of
//! `body` is text as it is. A pair of SMTP has `"request": { "say": [..] }` and `"answer": { "hear": [..] }`.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use serde_json::Value;

use crate::cli::conformance::play::Played;

/// The recorded pairs, as they stood when the program was built.
static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/providers");

/// Most pairs of one folder.
const PAIRS_MAX: usize = 1_000;

/// One pair.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The file's name without its ending.
    pub name: String,
    /// What the file says.
    pub says: Says,
    /// The file as it stands, for recording.
    pub document: Value,
}

/// What a file says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Says {
    #[serde(rename = "case")]
    _case: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(default)]
    pub after: Vec<String>,
    #[serde(default)]
    pub keep: BTreeMap<String, String>,
    #[serde(default)]
    pub auth: Auth,
    #[serde(default)]
    pub eventually: bool,
    pub times: Option<Times>,
    pub request: Request,
    pub answer: Answer,
}

/// How a request says who it is from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// As it should.
    #[default]
    Usual,
    /// With another secret.
    Wrong,
    /// By a clock that is an hour behind.
    Skewed,
    /// With the signature of the request before.
    Again,
    /// With a key that nobody has.
    Stranger,
}

/// A list that is longer than anybody would write down.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    pub at: String,
    pub count: usize,
}

/// The request.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: Value,
    pub raw: Option<String>,
    pub say: Vec<String>,
}

/// The answer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub hear: Vec<String>,
}

impl Pair {
    /// What is asked, in a few words.
    pub fn wanted(&self) -> String {
        format!("{} {}", self.says.request.method, self.says.request.path)
    }
}

/// The pairs of a contract that are built in.
pub fn built_in(api: &str) -> Result<Vec<Pair>, String> {
    let files = BUILT_IN.get_dir(api).map(|dir| dir.files().collect::<Vec<_>>()).unwrap_or_default();
    let texts = files.into_iter().map(|file| (file.path().to_path_buf(), file.contents().to_vec()));
    ordered(texts.collect())
}

/// The pairs of a folder.
pub fn in_folder(folder: &Path) -> Result<Vec<Pair>, String> {
    let wrong = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(wrong)?.take(PAIRS_MAX) {
        let path = entry.map_err(wrong)?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            let text = std::fs::read(&path).map_err(wrong)?;
            texts.push((path, text));
        }
    }
    ordered(texts)
}

/// Writes the answers that were heard into the files that asked.
pub fn record(folder: &Path, played: &[Played]) -> Result<(), String> {
    for one in played {
        let path = folder.join(format!("{}.json", one.pair.name));
        let mut document = one.pair.document.clone();
        document["answer"] = one.heard();
        let text = serde_json::to_string_pretty(&document).expect("JSON that was read") + "\n";
        std::fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(())
}

/// Reads files, and puts each after those that it needs.
fn ordered(mut texts: Vec<(std::path::PathBuf, Vec<u8>)>) -> Result<Vec<Pair>, String> {
    texts.sort();
    let mut waiting = texts.iter().map(|(path, text)| read(path, text)).collect::<Result<Vec<Pair>, String>>()?;
    let mut out: Vec<Pair> = Vec::new();
    while !waiting.is_empty() {
        let ready = |pair: &Pair| pair.says.after.iter().all(|name| out.iter().any(|done| done.name == *name));
        let Some(place) = waiting.iter().position(ready) else {
            let pair = &waiting[0];
            return Err(format!("{}: after: expected names of other pairs, found {:?}", pair.name, pair.says.after));
        };
        out.push(waiting.remove(place));
    }
    Ok(out)
}

fn read(path: &Path, text: &[u8]) -> Result<Pair, String> {
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let wrong = |error: serde_json::Error| format!("{}: {error}", path.display());
    let document: Value = serde_json::from_slice(text).map_err(wrong)?;
    let says = serde_json::from_slice(text).map_err(wrong)?;
    Ok(Pair { name, says, document })
}
