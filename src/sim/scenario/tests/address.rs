//! `sender.receipts_to`: addresses of this machine, and the variable at their beginning.

use super::{FIRST_MINUTE, Reading, reading};

fn to(address: &str) -> Reading {
    let sender = format!("sender: {{ drive: external, receipts_to: \"{address}\" }}\n");
    reading(format!("{FIRST_MINUTE}{sender}"))
        .file("$APP_URL", "http://[::1]:8000/")
        .file("$KEY", "s3cret")
        .file("$NONE", "")
}

#[track_caller]
fn is(written: &str, address: &str) {
    let scenario = to(written).good();
    assert_eq!(scenario.plan.sender.receipts_to.as_deref(), Some(address));
    // What was filled in stands in the file as resolved: it needs no environment.
    let again = reading(scenario.resolved).good();
    assert_eq!(again.plan.sender.receipts_to.as_deref(), Some(address));
}

#[test]
fn addresses_of_this_machine_are_taken() {
    for address in ["http://127.0.0.1:9000/hooks", "http://localhost", "http://127.8.9.1/a?b=c", "http://[::1]:80/"] {
        is(address, address);
    }
}

#[test]
fn a_variable_stands_for_the_beginning_and_a_default_for_the_variable() {
    is("${APP_URL:-http://127.0.0.1:9000}/hooks", "http://[::1]:8000/hooks");
    is("${APP_URL}/hooks", "http://[::1]:8000/hooks");
    is("${NOT_SET:-http://127.0.0.1:9000}/hooks", "http://127.0.0.1:9000/hooks");
    is("${NONE:-http://127.0.0.1:9000}", "http://127.0.0.1:9000");
}

#[test]
fn nothing_leaves_this_machine() {
    for address in [
        "http://example.com/hooks",
        "https://127.0.0.1/",
        "127.0.0.1:9000",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1@example.com/",
        "http://localhost:0/",
        "http://127.0.0.1:99999/",
        "http://0.0.0.0:9000/",
        "http://127.0.0.1:9000/a b",
        "http://[::1/",
        "${NOT_SET:-http://127.0.0.1}.example.com/",
    ] {
        to(address).says(&["7:41 `receipts_to` is not an address of this machine"]);
    }
}

#[test]
fn a_variable_that_cannot_be_filled_in_is_said_without_what_it_holds() {
    for (address, said) in [
        ("${KEY}/hooks", "what KEY holds is not an address of this machine"),
        ("${NOT_SET}/hooks", "NOT_SET is not set and has no default"),
        ("${NONE}/hooks", "NONE is not set and has no default"),
        ("${NOT_SET:-example.com}/hooks", "the default of NOT_SET is not an address of this machine"),
        ("${NOT SET}/hooks", "this is no name of a variable"),
        ("${}/hooks", "this is no name of a variable"),
        ("${APP_URL/hooks", "the variable is not closed"),
        ("http://127.0.0.1:9000/${KEY}", "`receipts_to` is not an address of this machine"),
    ] {
        let problems = to(address).problems();
        let rendered = problems.render(crate::sim::model::words::Lang::En, false);
        to(address).says(&[&format!("7:41 {said}")]);
        assert!(!rendered.contains("s3cret"), "{rendered}");
    }
}

#[test]
fn a_contract_that_nobody_speaks_is_refused() {
    reading(format!("{FIRST_MINUTE}sender: {{ drive: external, speaks: solapi@5 }}\n")).fails(
        r#"
error: `speaks` does not know this word
 --> s.yaml:7:36
  |
7 | sender: { drive: external, speaks: solapi@5 }
  |                                    ^^^^^^^^ expected one of solapi@4, nhn@2.3, bizgo@1, smtp, found `solapi@5`
  |
  = help: did you mean `solapi@4`?

1 problem"#,
    );
}
