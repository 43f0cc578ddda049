//! `fmt` and the schema.

use super::{FIRST_MINUTE, PACK, RENT};
use crate::sim::fault::FaultKind;
use crate::sim::scenario::{format, schema};

#[test]
fn formatting_moves_lines_and_keeps_comments() {
    let before = "scenario:   x   \r\n\n\n\n# people\npeople:\n    a:   # row\n        count: 3  \n        groups:\n            old: 5%\n        # end of a\ntimeline:\n- at: 0s\n  send: \"a b\"\n  to: a\n-   { at: 1m,\n       fault: f,  # note\n      kind: loss, network: kakao, for: 1m }\ntitle: |\n   one\n     two  \n\n   three\n";
    let after = "scenario:   x\n\n# people\npeople:\n  a:   # row\n    count: 3\n    groups:\n      old: 5%\n    # end of a\ntimeline:\n  - at: 0s\n    send: \"a b\"\n    to: a\n  - { at: 1m,\n       fault: f,  # note\n      kind: loss, network: kakao, for: 1m }\ntitle: |\n   one\n     two  \n\n   three\n";
    assert_eq!(format("s.yaml", before.as_bytes()).expect("a good file"), after);
    for text in [FIRST_MINUTE, RENT, PACK, before] {
        let once = format("s.yaml", text.as_bytes()).expect("a good file");
        assert_eq!(format("s.yaml", once.as_bytes()).expect("still a good file"), once);
    }
    assert_eq!(format("s.yaml", RENT.as_bytes()).expect("a good file"), RENT);
    assert!(format("s.yaml", b"a: [").is_err());
}

#[test]
fn the_schema_is_json_and_knows_every_fault_kind() {
    let text = schema();
    let json = read_json(&text);
    assert_eq!(json, Some(""), "the schema is one JSON value");
    for kind in FaultKind::NAMES {
        assert!(text.contains(&std::format!("\"{kind}\"")), "{kind}");
    }
}

/// What is left after one JSON value; `None` when there is none. Enough to hold our own writer to its grammar.
fn read_json(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let (close, pairs) = match text.as_bytes().first()? {
        b'{' => ('}', true),
        b'[' => (']', false),
        b'"' => {
            let end = text[1..].char_indices().scan(false, |escaped, (i, c)| {
                let end = c == '"' && !*escaped;
                *escaped = c == '\\' && !*escaped;
                Some((i, end))
            });
            let end = end.into_iter().find(|(_, end)| *end)?.0;
            return Some(text[end + 2..].trim_start());
        }
        _ => {
            let end = text.find([',', '}', ']']).unwrap_or(text.len());
            let word = text[..end].trim();
            let good = matches!(word, "true" | "false" | "null") || word.parse::<u64>().is_ok();
            return good.then(|| &text[end..]);
        }
    };
    let mut rest = text[1..].trim_start();
    if let Some(after) = rest.strip_prefix(close) {
        return Some(after.trim_start());
    }
    loop {
        if pairs {
            rest = rest.starts_with('"').then(|| read_json(rest))??.strip_prefix(':')?;
        }
        rest = read_json(rest)?;
        match rest.strip_prefix(',') {
            Some(after) => rest = after.trim_start(),
            None => return rest.strip_prefix(close).map(str::trim_start),
        }
    }
}
