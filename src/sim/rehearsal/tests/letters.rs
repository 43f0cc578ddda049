//! Letters that get lost, with a name in them or a masked one.

use super::{file, play, reasons};
use crate::sim::engine::Phones;

const POST: &str = r##"scenario: post
clock: { start: "2022-06-06T09:00:00+09:00", stop: 20d }
media: { letter: { returned: 0%, astray: 100% } }
people: { all: { count: 5 } }
notices:
  note:
    vars: { name: person.name, phone: person.phone }
    letter: { title: "안내", text: "#{name}님 (#{phone}) 감면 사후관리 안내" }
timeline:
  - { at: 0s, send: note, to: all }
expect:
  - { must: "count(exposed) == 0", why: nobody is exposed }
  - { must: "ratio(exposed{medium=letter}) <= 1%", why: nor is a share }
"##;

fn with(changes: &[(&str, &str)]) -> Vec<String> {
    reasons(&play(&file(POST, changes), Phones::Simulated, &[]).1)
}

#[test]
fn a_lost_letter_exposes_whom_it_names_openly() {
    let broken = [
        "count(exposed) == 0: Broken, 5, exactly 0 expected",
        "ratio(exposed{medium=letter}) <= 1%: Broken, 5 of 5 = 100 %, at most 1 % expected",
    ];
    assert_eq!(with(&[]), broken);
    assert_eq!(with(&[("person.name", "person.name_masked"), ("person.phone }", "person.phone_whole }")]), broken);
}

#[test]
fn a_masked_name_and_number_expose_nobody_and_no_more_does_a_letter_that_comes_back() {
    let masked = with(&[("person.name", "person.name_masked")]);
    assert_eq!(masked[0], "count(exposed) == 0: Held, 0, exactly 0 expected");
    let back = with(&[("returned: 0%, astray: 100%", "returned: 100%, astray: 0%")]);
    assert_eq!(back[0], "count(exposed) == 0: Held, 0, exactly 0 expected");
}

#[test]
fn without_a_letter_nothing_is_said_of_letters() {
    let text = with(&[("    letter: {", "    lms: {")]);
    assert_eq!(text[0], "count(exposed) == 0: Inconclusive, the set is empty: nothing it speaks of happened");
}
