//! `junit.xml`: every promise a test case named by its `why`, for the test tabs of CI systems.
//!
//! What becomes of a promise that was not kept, chosen so that the colours of GitLab, Jenkins and GitHub's reporters
//! agree with the exit code:
//!
//! | promise | element | exit code |
//! |---|---|---|
//! | `must` broken | `<failure>` | 1 |
//! | `should` broken | `<skipped>` with the warning: yellow, never red | unchanged |
//! | `sometimes`, `steady` not met; anything with nothing to judge it by | `<error>`: the run proves nothing | 2 |
//! | `stop` condition held | `<error>` | 5 |
//! | a planned fault that never bit | an `<error>` of its own, in the class `faults` | 2 |
//!
//! No `time` is written: simulated seconds would read as the machine's.

use std::collections::BTreeSet;
use std::io;

use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::Writer;

use crate::report::json;
use crate::report::text::terminal::clean;
use crate::report::view::{ClauseView, FaultView, RunView};
use crate::report::words::pick;
use crate::sim::expect::Strength;
use crate::sim::expect::verdict::Outcome;
use crate::sim::model::words::Lang;

/// The whole file as text.
pub fn report(view: &RunView, lang: Lang) -> String {
    let cases = cases(view, lang);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    // The only errors of this writer are those of its output, and a `Vec` has none.
    write(&mut writer, view, &cases).expect("writing into memory cannot fail");
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).expect("only strings were written")
}

/// One test case.
struct Case {
    class: String,
    name: String,
    output: String,
    bad: Option<(Bad, String)>,
}

/// How a test case is not well.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bad {
    Failure,
    Error,
    Skipped,
}

impl Bad {
    const fn element(self) -> &'static str {
        match self {
            Bad::Failure => "failure",
            Bad::Error => "error",
            Bad::Skipped => "skipped",
        }
    }
}

fn cases(view: &RunView, lang: Lang) -> Vec<Case> {
    let mut taken = BTreeSet::new();
    let promises = view.clauses.iter().map(|clause| promise(view, clause, lang));
    let faults = view.faults.iter().filter(|fault| fault.planned).map(|fault| bite(view, fault, lang));
    let mut cases: Vec<Case> = promises.chain(faults).collect();
    for case in &mut cases {
        // Two promises may give the same reason; a test tab would fold them into one.
        let mut name = case.name.clone();
        let mut round = 2;
        while !taken.insert((case.class.clone(), name.clone())) {
            name = format!("{} ({round})", case.name);
            round += 1;
        }
        case.name = name;
    }
    cases
}

fn promise(view: &RunView, clause: &ClauseView, lang: Lang) -> Case {
    let why = clause.why.text(lang).trim();
    let reason = xml_text(clause.reason.text(lang));
    let mut output = vec![xml_text(&clause.source), reason.clone()];
    for witness in &clause.witnesses {
        output.push(xml_text(&format!("{} {} {}", witness.notice, witness.person, witness.story.text(lang))));
    }
    Case {
        class: xml_text(&format!("{}.{}", view.name, json::strength(clause.strength))),
        name: xml_text(if why.is_empty() { &clause.source } else { why }),
        output: output.join("\n"),
        bad: verdict(clause).map(|bad| (bad, reason)),
    }
}

fn verdict(clause: &ClauseView) -> Option<Bad> {
    if clause.kept() {
        return None;
    }
    Some(match (clause.strength, clause.outcome) {
        (Strength::Should, _) => Bad::Skipped,
        (Strength::Must, Outcome::Broken | Outcome::Held) => Bad::Failure,
        (Strength::Must | Strength::Sometimes | Strength::Steady | Strength::Stop, _) => Bad::Error,
    })
}

fn bite(view: &RunView, fault: &FaultView, lang: Lang) -> Case {
    let name = match lang {
        Lang::Ko => format!("{} 장애가 실제로 닿았다", fault.name),
        Lang::En => format!("the fault {} really bit", fault.name),
    };
    let never = pick(lang, "한 번도 닿지 않아 아무것도 증명하지 못함", "it never bit, so nothing is proved");
    Case {
        class: xml_text(&format!("{}.faults", view.name)),
        name: xml_text(&name),
        output: format!("hits={} notices={}", fault.hits, fault.notices),
        bad: (fault.hits == 0).then(|| (Bad::Error, never.to_owned())),
    }
}

/// Text that XML 1.0 can carry: no control characters, no non-characters.
fn xml_text(text: &str) -> String {
    clean(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

fn write(writer: &mut Writer<Vec<u8>>, view: &RunView, cases: &[Case]) -> io::Result<()> {
    let count = |kind: Bad| cases.iter().filter(|c| c.bad.as_ref().is_some_and(|b| b.0 == kind)).count().to_string();
    let (tests, failures) = (cases.len().to_string(), count(Bad::Failure));
    let (errors, skipped) = (count(Bad::Error), count(Bad::Skipped));
    let name = xml_text(&view.name);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let counts = [("tests", tests.as_str()), ("failures", &failures), ("errors", &errors)];
    writer.create_element("testsuites").with_attributes(counts).write_inner_content(|writer| {
        let suite = writer.create_element("testsuite").with_attribute(("name", name.as_str()));
        suite.with_attributes(counts).with_attribute(("skipped", skipped.as_str())).write_inner_content(|writer| {
            properties(writer, view)?;
            cases.iter().try_for_each(|case| test_case(writer, case))
        })?;
        Ok(())
    })?;
    Ok(())
}

fn properties(writer: &mut Writer<Vec<u8>>, view: &RunView) -> io::Result<()> {
    let seed = view.seed.to_string();
    let rows = [("verdict", view.verdict.name()), ("seed", seed.as_str())];
    writer.create_element("properties").write_inner_content(|writer| {
        for (name, value) in rows {
            writer.create_element("property").with_attributes([("name", name), ("value", value)]).write_empty()?;
        }
        Ok(())
    })?;
    Ok(())
}

fn test_case(writer: &mut Writer<Vec<u8>>, case: &Case) -> io::Result<()> {
    let names = [("classname", case.class.as_str()), ("name", case.name.as_str())];
    writer.create_element("testcase").with_attributes(names).write_inner_content(|writer| {
        let (element, message) = match &case.bad {
            Some((bad, message)) => (bad.element(), Some(message)),
            None => ("system-out", None),
        };
        let element = writer.create_element(element);
        let element = element.with_attributes(message.map(|message| ("message", message.as_str())));
        element.write_text_content(BytesText::new(&case.output))?;
        Ok(())
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use quick_xml::events::Event;
    use quick_xml::reader::Reader;

    use super::report;
    use crate::report::sample;
    use crate::report::view::RunView;
    use crate::sim::expect::Strength;
    use crate::sim::expect::verdict::Outcome;
    use crate::sim::model::words::{Lang, Words};

    /// Reads the whole file back and counts its elements by name; panics where it is not well-formed.
    fn elements(text: &str) -> Vec<String> {
        let mut reader = Reader::from_str(text);
        let mut names = Vec::new();
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Start(tag) | Event::Empty(tag) => {
                    for attribute in tag.attributes() {
                        attribute.expect("a sound attribute");
                    }
                    names.push(tag.name().as_ref().to_owned());
                }
                Event::Eof => return names,
                _ => {}
            }
        }
    }

    fn count(view: &RunView, element: &str) -> usize {
        elements(&report(view, Lang::Ko)).iter().filter(|name| *name == element).count()
    }

    #[test]
    fn the_whole_file() {
        sample::golden("junit.xml", &report(&sample::run(), Lang::Ko));
    }

    #[test]
    fn each_promise_and_each_fault_is_a_test_case() {
        let view = sample::run();
        assert_eq!(count(&view, "testcase"), view.clauses.len() + view.faults.len());
        assert_eq!((count(&view, "failure"), count(&view, "error"), count(&view, "skipped")), (1, 1, 1));
    }

    #[test]
    fn what_proves_nothing_is_an_error_and_never_a_pass() {
        let mut view = sample::run();
        view.clauses[1].outcome = Outcome::Inconclusive;
        view.clauses[5].outcome = Outcome::Held;
        assert_eq!(view.clauses[5].strength, Strength::Stop);
        view.faults[0].hits = 0;
        assert_eq!(count(&view, "error"), 4);
    }

    #[test]
    fn hostile_words_stay_text_and_twins_stay_two() {
        let mut view = sample::run();
        for clause in &mut view.clauses {
            clause.why = Words::same("]]></system-out><failure/>\u{0}\u{ffff}\" & <b>");
        }
        let text = report(&view, Lang::En);
        assert_eq!(elements(&text).iter().filter(|name| *name == "failure").count(), 1);
        assert_eq!(text.matches("&lt;failure/&gt;").count(), 6);
        assert!(text.contains(" (2)\""), "{text}");
    }
}
