//! Other files: lists of people and outage packs are put into the tree where they are named.
//!
//! Finds circles and bounds how much comes in; finding files, and refusing those outside the folder, is the library's.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, EUC_KR};

use crate::sim::scenario::problem::{At, Issue, Problems, quote};
use crate::sim::scenario::reader::not_a;
use crate::sim::scenario::yaml::{Entry, Node, Value, parse};
use crate::sim::scenario::{FILE_BYTES_MAX, LIST_BYTES_MAX, Library, Loaded, OutageAt};

const FILES_MAX: usize = 64;
const DEEP_MAX: usize = 8;

struct Includes<'a> {
    library: &'a dyn Library,
    problems: &'a mut Problems,
    /// Canonical names of the files that we are inside of.
    inside: Vec<String>,
    files: usize,
}

/// Puts every included file into the tree, and the packs of `outages` at the end of the timeline.
pub(super) fn inline(
    root: &mut Node,
    name: &str,
    library: &dyn Library,
    outages: &[OutageAt],
    problems: &mut Problems,
) {
    let mut includes = Includes { library, problems, inside: vec![name.to_owned()], files: 0 };
    if let Some(Value::Map(rows)) = root.get_mut("people").map(|node| &mut node.value) {
        rows.iter_mut().for_each(|row| includes.list(&mut row.node));
    }
    if let Some(Value::List(lines)) = root.get_mut("timeline").map(|node| &mut node.value) {
        lines.iter_mut().for_each(|line| includes.pack(line));
        for outage in outages {
            lines.push(includes.added(name, outage));
        }
    }
}

/// Puts the packs that a pack names into it.
pub(super) fn inline_pack(root: &mut Node, name: &str, library: &dyn Library, problems: &mut Problems) {
    let mut includes = Includes { library, problems, inside: vec![name.to_owned()], files: 0 };
    if let Some(Value::List(faults)) = root.get_mut("faults").map(|node| &mut node.value) {
        faults.iter_mut().for_each(|fault| includes.pack(fault));
    }
}

/// A file's text, its byte-order mark taken off, and its place among the sources. Not UTF-8 or too long: said.
pub(super) fn take(name: &str, bytes: &[u8], max: usize, problems: &mut Problems) -> Option<(u16, String)> {
    if bytes.len() > max {
        let source = problems.source(name, "");
        let (is, most) = (bytes.len() >> 20, max >> 20);
        let issue = Issue::new("파일이 너무 큽니다", "the file is too large")
            .expected(format!("{most} MiB 이하"), format!("at most {most} MiB"))
            .found(&format!("{is} MiB"));
        problems.add(At { source, start: 0, end: 0 }, issue);
        return None;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let text = one_line_end(text);
            Some((problems.source(name, &text), text.into_owned()))
        }
        Err(error) => {
            let source = problems.source(name, &String::from_utf8_lossy(bytes));
            let start = error.valid_up_to() as u32;
            let issue = Issue::new("UTF-8이 아닌 바이트입니다", "a byte that is not UTF-8")
                .found(&format!("0x{:02x}", bytes[error.valid_up_to()]));
            problems.add(At { source, start, end: start + 1 }, issue);
            None
        }
    }
}

/// A text whose lines all end in CR alone, as old spreadsheets write them, with LF in their place: every byte stays where it
/// is, and problems find their lines.
fn one_line_end(text: &str) -> Cow<'_, str> {
    match text.contains('\r') && !text.contains('\n') {
        true => Cow::Owned(text.replace('\r', "\n")),
        false => Cow::Borrowed(text),
    }
}

impl Includes<'_> {
    /// `from:` of a row of people becomes `list:` with the file's text.
    fn list(&mut self, row: &mut Node) {
        let Value::Map(entries) = &mut row.value else { return };
        let Some(index) = entries.iter().position(|entry| entry.key == "from") else { return };
        if let Some(list) = entries.iter().find(|entry| entry.key == "list") {
            let issue = Issue::new("`from`과 `list` 중 하나만 씁니다", "`from` and `list` exclude each other");
            return self.problems.add(list.key_at, issue);
        }
        let (at, Some(name)) = (entries[index].node.at, entries[index].node.text().map(str::to_owned)) else {
            let issue = Issue::new("`from`은 파일 이름이어야 합니다", "`from` is not the name of a file");
            return self.problems.add(entries[index].node.at, issue);
        };
        let from = self.problems.name_of(at.source).to_owned();
        let Some(loaded) = self.load(&from, &name, at) else { return };
        if let Some(node) = self.people(loaded) {
            entries[index] = Entry { key: "list".to_owned(), key_at: entries[index].key_at, node };
        }
    }

    /// A list's text: UTF-8, or CP949 as spreadsheets in Korean offices still write it.
    fn people(&mut self, loaded: Loaded) -> Option<Node> {
        let Loaded { name, text } = loaded;
        if text.len() > LIST_BYTES_MAX || std::str::from_utf8(&text).is_ok() {
            return self.list_of(&name, &text);
        }
        match cp949(&text) {
            Ok(korean) => self.list_of(&name, korean.as_bytes()),
            Err(_) if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") => {
                let issue = Issue::new("명단이 UTF-16입니다", "the list is UTF-16");
                self.refuse(&name, &[], 0, issue)
            }
            Err(at) => {
                let issue = Issue::new("UTF-8도 CP949도 아닙니다", "neither UTF-8 nor CP949");
                let found = format!("0x{:02x}", text.get(at).copied().unwrap_or_default());
                self.refuse(&name, &text, at, issue.found(&found))
            }
        }
    }

    fn list_of(&mut self, name: &str, bytes: &[u8]) -> Option<Node> {
        let (source, text) = take(name, bytes, LIST_BYTES_MAX, self.problems)?;
        let at = At { source, start: 0, end: text.len() as u32 };
        Some(Node::quoted(at, text))
    }

    /// A list in no encoding that is read. What stands before the byte in question is shown as well as it can be.
    fn refuse(&mut self, name: &str, bytes: &[u8], at: usize, issue: Issue) -> Option<Node> {
        let (before, _, _) = EUC_KR.decode(&bytes[..at.min(bytes.len())]);
        let before = std::str::from_utf8(&bytes[..at.min(bytes.len())]).map_or(before, Into::into);
        let start = before.len() as u32;
        let source = self.problems.source(name, &format!("{before}\u{fffd}"));
        let ways = ("UTF-8로 저장한 파일 (엑셀: CSV UTF-8)", "a file saved as UTF-8 (in Excel: CSV UTF-8)");
        self.problems.add(At { source, start, end: start + 3 }, issue.expected(ways.0, ways.1));
        None
    }

    /// `outage:` of a line becomes the pack itself, and so do the packs inside it.
    fn pack(&mut self, line: &mut Node) {
        let Some(node) = line.get_mut("outage") else { return };
        let depth = self.inside.len();
        if let Some(name) = node.text().map(str::to_owned) {
            let from = self.problems.name_of(node.at.source).to_owned();
            let Some(pack) = self.open(&from, &name, node.at) else { return };
            *node = pack;
        }
        if let Some(Value::List(faults)) = node.get_mut("faults").map(|node| &mut node.value) {
            faults.iter_mut().for_each(|fault| self.pack(fault));
        }
        self.inside.truncate(depth);
    }

    /// A pack's tree; from now on we are inside it.
    fn open(&mut self, from: &str, name: &str, at: At) -> Option<Node> {
        let loaded = self.load(from, name, at)?;
        let (source, text) = take(&loaded.name, &loaded.text, FILE_BYTES_MAX, self.problems)?;
        self.inside.push(loaded.name);
        let pack = parse(source, 0, &text, self.problems)?;
        if pack.entries().is_none() {
            let issue =
                not_a("outage", ("장애 꾸러미", "an outage pack"), &pack).expected("pack, faults", "pack, faults");
            self.problems.add(pack.at, issue);
            return None;
        }
        Some(pack)
    }

    fn added(&mut self, name: &str, outage: &OutageAt) -> Node {
        let source = self.problems.source("--outage", &outage.name);
        let at = At { source, start: 0, end: outage.name.len() as u32 };
        let entry = |key: &str, node| Entry { key: key.to_owned(), key_at: at, node };
        let mut node = Node::quoted(at, outage.name.as_str());
        if let Some(pack) = self.open(name, &outage.name, at) {
            node = pack;
        }
        let entries = vec![entry("at", Node::plain(at, outage.at.to_string())), entry("outage", node)];
        let mut line = Node { at, end: at.end, value: Value::Map(entries) };
        if line.get("outage").is_some_and(|node| node.entries().is_some()) {
            self.pack(&mut line);
        }
        self.inside.truncate(1);
        line
    }

    fn load(&mut self, from: &str, name: &str, at: At) -> Option<Loaded> {
        self.files += 1;
        if self.files > FILES_MAX || self.inside.len() > DEEP_MAX {
            self.problems.add(at, Issue::new("포함한 파일이 너무 많습니다", "too many included files"));
            return None;
        }
        match self.library.load(from, name) {
            Ok(loaded) if self.inside.contains(&loaded.name) => {
                let circle: Vec<&str> = self.inside.iter().chain([&loaded.name]).map(String::as_str).collect();
                let circle = quote_all(&circle);
                let issue = Issue::new(
                    format!("파일이 자기 자신을 포함합니다: {circle}"),
                    format!("a file includes itself: {circle}"),
                );
                self.problems.add(at, issue);
                None
            }
            Ok(loaded) => Some(loaded),
            Err(why) => {
                let name = quote(name);
                let ko = format!("`{name}` 파일을 읽을 수 없습니다: {}", why.ko);
                self.problems.add(at, Issue::new(ko, format!("cannot read `{name}`: {}", why.en)));
                None
            }
        }
    }
}

fn quote_all(names: &[&str]) -> String {
    names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(" -> ")
}

/// The bytes as CP949; the error is where they are none.
fn cp949(bytes: &[u8]) -> Result<String, usize> {
    let mut decoder = EUC_KR.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or_default();
    let mut text = vec![0; room];
    let (result, read, written) = decoder.decode_to_utf8_without_replacement(bytes, &mut text, true);
    text.truncate(written);
    match result {
        DecoderResult::InputEmpty => String::from_utf8(text).map_err(|error| error.utf8_error().valid_up_to()),
        DecoderResult::OutputFull => Err(read),
        // The decoder has read the bytes in question, and may have read one more.
        DecoderResult::Malformed(bad, after) => Err(read.saturating_sub(usize::from(bad) + usize::from(after))),
    }
}
