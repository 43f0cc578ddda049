//! Promises by name.

use super::{FIRST_MINUTE, reading};

fn promised(line: &str) -> Vec<String> {
    let text = FIRST_MINUTE.replace(r#"must: "ratio(reached, within=5m) >= 95%""#, line);
    let scenario = reading(text).good();
    scenario.promise.expect.iter().map(|clause| clause.source.clone()).collect()
}

#[test]
fn a_name_stands_for_what_the_plan_makes_of_it() {
    assert_eq!(promised("must: bounded_retries"), ["count(overcalled) == 0"]);
    assert_eq!(
        promised("should: timer_exact"),
        ["min(fallback_delay{cause=no_receipt}) >= 60s", "p99(fallback_delay{cause=no_receipt}) <= 65s"]
    );
    assert_eq!(promised("must: fails_back"), ["ratio(first_medium{is=alimtalk}, after=blackout+2m) >= 85%"]);
    for name in ["honours_retry_after", "idempotent", "no_silent_fallback", "no_double_fallback"] {
        assert_eq!(promised(&format!("must: {name}")).len(), 1, "{name}");
    }
}

#[test]
fn a_reason_of_its_own_stays() {
    let text = FIRST_MINUTE.replace(r#""ratio(reached, within=5m) >= 95%""#, "idempotent");
    assert_eq!(reading(text).good().promise.expect[0].why.en, "everybody hears");
    let text = FIRST_MINUTE.replace(r#""ratio(reached, within=5m) >= 95%", why: everybody hears"#, "idempotent");
    assert_eq!(reading(text).good().promise.expect[0].why.en, "a repeated request sends once");
}
