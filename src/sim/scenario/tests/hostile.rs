//! Files that mean harm: refused in place, and never with a panic. How long it takes is held by `tests/scenario.rs`,
//! since nothing here reads a clock.

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use super::{FIRST_MINUTE, OutageAt, PACK, RENT, Reading, reading, rent, with};
use crate::sim::model::words::Lang;
use crate::sim::scenario::format;
use crate::sim::time::Span;

/// Reads a hostile file: it must be refused at the place given, without a panic.
#[track_caller]
fn hostile(file: &Reading, line: usize, message: &str) {
    let problems = file.problems();
    let rendered = problems.render(Lang::Ko, true);
    assert!(rendered.len() < 200_000, "{} bytes of errors", rendered.len());
    let said: Vec<String> = problems.list().iter().map(|p| std::format!("{}: {}", p.line, p.message.en)).collect();
    assert!(said.contains(&std::format!("{line}: {message}")), "{said:#?}");
}

fn bomb() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..10 {
        let many = vec![std::format!("*a{}", i - 1); 10].join(", ");
        text.push_str(&std::format!("a{i}: &a{i} [{many}]\n"));
    }
    text
}

#[test]
fn hostile_files_are_refused_quickly_and_in_place() {
    let too_much = "too much in one file: more than 200000 values, repeated ones included";
    hostile(&reading(bomb()), 6, too_much);
    hostile(
        &reading(std::format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(50_000), vec!["*a"; 5_000].join(", "))),
        2,
        too_much,
    );
    hostile(&reading("scenario: &a [*a]\n"), 1, "an alias inside what it stands for");
    hostile(&reading(std::format!("scenario: \"{}\"\n", "x".repeat(10 << 20))), 1, "the file is too large");
    hostile(&reading(std::format!("scenario: {}\ntimeline: []\n", "x".repeat(2 << 20))), 1, "this cannot be a name");
    hostile(&reading(b"scenario: a\ntitle: \xff\xfe\n".to_vec()), 2, "a byte that is not UTF-8");
    hostile(&reading(""), 1, "the file is empty");
    hostile(&reading("# nothing\n"), 1, "the file is empty");
    hostile(&reading("just a text"), 1, "`scenario` is not a mapping");
    hostile(&reading("- a\n- b\n"), 1, "`scenario` is not a mapping");
    hostile(&reading("a: 1\n---\nb: 2\n"), 2, "more than one document in a file");
    hostile(&reading("scenario: !!python/object x\ntimeline: []\n"), 1, "tags (`!`) are not used here");
    hostile(&reading("scenario: x\n? [a, b]\n: c\ntimeline: []\n"), 2, "a key must be a word");
    hostile(&reading("scenario: x\nscenario: y\ntimeline: []\n"), 2, "the key `scenario` stands twice");
    hostile(&reading("scenario:\ntimeline: []\n"), 1, "`scenario` has no value");
    hostile(
        &with("people", "").set("people", "{ a: { count: 99999999999999999999 } }"),
        1,
        "`count` is not a whole number",
    );
    hostile(&with("at: 20s", "at: -20s"), 4, "`at` is not a length of time");
    hostile(&with("for: 20s", "for: 999999999d"), 4, "`for` is not a length of time");
    hostile(&with("for: 20s", "for: [1, 2]"), 4, "`for` is not a length of time");
    hostile(&with("at: 20s", "at: 12:30:00"), 4, "`at` is not a length of time");
    hostile(&with("at: 20s", "at: \"1999-01-01T00:00:00Z\""), 4, "`at` is not an instant of this run");
    hostile(&with("network: kakao", "network: [kakao, kakoa]"), 4, "`network` does not know this word");
    hostile(
        &with("expect:", "  - { at: 1s, fault: blackout, network: mail, kind: loss, for: 1s }\nexpect:"),
        5,
        "two faults with one name",
    );
    hostile(&rent("stop: 50m", "stop: 401d"), 7, "`stop` is not a length of time");
    hostile(&rent("\"2022-10-15T15:20:00+09:00\"", "2022-10-15"), 7, "`start` is not a date and time");
    hostile(&rent("never: 12%", "never: 0.12"), 19, "`never` is not a share");
    hostile(&rent("kind: silence", "kind: sever, every: 1us"), 42, "`every` is too short");
    hostile(&rent("kind: silence", "kind: flap, down: 999ms, up: 1h"), 42, "`down` is too short");
    hostile(&rent("kind: silence, for: 10m", "kind: sever, every: 1s, for: 19h"), 42, "the fault turns too often");
    hostile(&rent("kind: silence", "kind: silence, share: 0%"), 42, "a fault that can strike nobody");
    hostile(&rent("for: 10m, recover", "until: for ever, recover"), 42, "`until` does not know this word");
}

#[test]
fn a_pack_that_is_none_is_never_passed_over() {
    let named = || with("expect:", "  - { at: 5m, outage: p }\nexpect:");
    for (text, message) in [
        ("root:x:0:0\n", "1:1 `outage` is not an outage pack"),
        ("- a\n", "1:3 `outage` is not an outage pack"),
        ("", "1:1 the file is empty"),
    ] {
        named().file("p", text).says(&[message]);
    }
    with("expect:", "  - { at: 5m, outage: [p] }\nexpect:").says(&["5:23 `outage` is not an outage pack"]);
    let mut file = reading(FIRST_MINUTE).file("p", "nothing of a pack");
    file.options.outages.push(OutageAt { name: "p".to_owned(), at: Span::ZERO });
    file.says(&["1:1 `outage` is not an outage pack"]);
}

#[test]
fn signs_that_yaml_does_not_take_survive_the_resolved_file() {
    let file = with("[OO구청] 모의 알림입니다", "a b\\uFFFE\\uFFFF\\u2028\\u0001\\uFEFF");
    let first = file.good();
    let again = reading(first.resolved.as_str()).good();
    assert_eq!(std::format!("{:?}", again.plan), std::format!("{:?}", first.plan), "{}", first.resolved);
}

#[test]
fn people_who_cannot_be_counted_are_too_many() {
    for count in ["20000001", "99999999999999999999999"] {
        with("100 people", &std::format!("{count} people")).says(&["3:45 so many people do not exist"]);
    }
}

#[test]
fn hostile_depth_is_refused_quickly() {
    for open in ["[", "{a: ", "- ", "? "] {
        let file = reading(std::format!("scenario: {}", open.repeat(100_000)));
        assert!(!file.problems().is_empty(), "{open}");
    }
    let deep: String = (0..5_000).map(|i| std::format!("{}a:\n", " ".repeat(i))).collect();
    assert!(!reading(deep).problems().is_empty());
}

#[test]
fn includes_that_lead_in_a_circle_are_refused() {
    let circle = |name: &str, to: &str| std::format!("pack: {name}\nfaults:\n  - {{ at: 0s, outage: {to} }}\n");
    let file =
        with("expect:", "  - { at: 5m, outage: a }\nexpect:").file("a", circle("a", "b")).file("b", circle("b", "a"));
    file.says(&["3:23 a file includes itself: s.yaml -> a -> b -> a"]);
    with("expect:", "  - { at: 5m, outage: s.yaml }\nexpect:")
        .file("s.yaml", FIRST_MINUTE)
        .says(&["5:23 a file includes itself: s.yaml -> s.yaml"]);
    with("expect:", "  - { at: 5m, outage: ../../gone.yaml }\nexpect:").fails(
        r#"
error: cannot read `../../gone.yaml`: no such file
 --> s.yaml:5:23
  |
5 |   - { at: 5m, outage: ../../gone.yaml }
  |                       ^^^^^^^^^^^^^^^

1 problem"#,
    );
}

#[test]
fn more_problems_than_anybody_mends_are_counted_only() {
    let lines = "  - { at: 1 }\n".repeat(500);
    let problems = reading(std::format!("scenario: x\npeople: {{ a: {{ count: 1 }} }}\ntimeline:\n{lines}")).problems();
    assert_eq!((problems.list().len(), problems.more()), (100, 400));
    assert!(problems.render(Lang::En, false).ends_with("500 problems (400 not shown)\n"));
}

/// Pieces that a drawn file is put together from: more likely to get past the first line than noise is.
const PIECES: [&str; 40] = [
    "scenario: x\n",
    "timeline:\n",
    "people:\n",
    "  a:\n",
    "    count: 3\n",
    "  - ",
    "{ at: 0s, ",
    "send: \"a b\", ",
    "to: a",
    " }\n",
    "fault: f, ",
    "kind: down, ",
    "network: kakao, ",
    "for: 1m",
    "until: lifted",
    "notices:\n",
    "  n:\n",
    "    sms: \"#{x}\"\n",
    "    vars: { x: \"won(1..2)\" }\n",
    "    route:\n",
    "      - { try: sms, within: 1s }\n",
    "expect:\n",
    "  - { must: \"x\" }\n",
    "&a ",
    "*a ",
    "<<: ",
    "|\n",
    ">\n",
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    ": ",
    "# c\n",
    "\t",
    "가나다",
    "outage: pangyo, speed: x9",
    "desk:\n",
];

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let file = reading(bytes.clone());
        if let Err(problems) = file.result() {
            prop_assert!(!problems.list().is_empty());
            problems.render(Lang::Ko, true);
        }
        let _ = format("s.yaml", &bytes);
    }

    #[test]
    fn no_file_of_known_pieces_panics(picks in proptest::collection::vec(0..PIECES.len(), 0..40)) {
        let text: String = picks.into_iter().map(|i| PIECES[i]).collect();
        let file = reading(text.as_str()).file("pangyo", PACK).set("people.b.count", "2");
        match file.result() {
            Ok(scenario) => {
                let again = reading(scenario.resolved.as_str()).good();
                prop_assert_eq!(std::format!("{:?}", again.plan), std::format!("{:?}", scenario.plan));
            }
            Err(problems) => prop_assert!(!problems.render(Lang::En, false).is_empty()),
        }
        if let Ok(once) = format("s.yaml", text.as_bytes()) {
            prop_assert_eq!(format("s.yaml", once.as_bytes()).ok(), Some(once));
        }
    }

    #[test]
    fn a_file_with_a_byte_changed_never_panics(at in 0..RENT.len(), byte in any::<u8>()) {
        let mut bytes = RENT.as_bytes().to_vec();
        bytes[at] = byte;
        match reading(bytes.clone()).result() {
            Ok(scenario) => {
                let again = reading(scenario.resolved.as_str()).good();
                prop_assert_eq!(std::format!("{:?}", again.plan), std::format!("{:?}", scenario.plan));
            }
            Err(problems) => prop_assert!(!problems.render(Lang::Ko, false).is_empty()),
        }
        let _ = format("s.yaml", &bytes);
    }
}

#[test]
fn endless_variety_costs_no_endless_time() {
    let keys: String = (0..50_000).map(|i| std::format!("k{i}: 1\n")).collect();
    assert_eq!(reading(std::format!("scenario: x\ntimeline: []\n{keys}")).problems().count(), 50_001);
    let vars = "#{x}".repeat(15_000);
    assert!(with("[OO구청] 모의 알림입니다", &std::format!("a {vars}")).problems().is_full());
    let anchors: String = (0..40).map(|i| std::format!("&a{i} [")).collect();
    let nested = std::format!("scenario: {anchors}{}{}\n", "x,".repeat(10_000), "]".repeat(40));
    reading(nested).says(&["1:126 anchors name too much"]);
}
