//! What reads, and what every mistake is told.

use proptest::prelude::{ProptestConfig, any, proptest};

use crate::sim::expect::script::plan;
use crate::sim::expect::{parse, parse_stop};

/// The whole error of an expression: its bytes, Korean, English, nearest word.
fn error(text: &str) -> (String, String, String, Option<String>) {
    let error = parse(text, &plan()).expect_err("an error");
    (text[error.at].to_owned(), error.message.ko, error.message.en, error.nearest)
}

fn english(text: &str) -> String {
    let (at, _, en, nearest) = error(text);
    let nearest = nearest.map(|word| format!(" ({word}?)")).unwrap_or_default();
    format!("`{at}`: {en}{nearest}")
}

#[test]
fn every_expression_of_the_format_page_reads() {
    for text in [
        "ratio(reached_by{medium=alimtalk}) >= 85%",
        "count(notices{hit=silence-10m}) >= 400",
        "count(fallback{to=lms, hit=silence-10m}) >= 400",
        "ratio(reached, within=30m) >= 97.5%",
        "worst_group(ratio(reached, within=30m)) >= 97%",
        "p95(time_to_reach{hit=silence-10m}) <= 90s",
        "min(fallback_delay{cause=no_receipt}) >= 60s",
        "count(reached_twice) <= 5",
        "count(status_mismatch) == 0",
        "ratio(first_medium{is=alimtalk}, after=silence-10m+2m) >= 90%",
        "sum(cost) <= 25000",
        "count(attempts{medium=lms}) > 1500",
        "p99.9( time_to_reach { group = senior , kind=\"rent\" } , during = 'silence-10m' )<1h30m",
        "count(paid) != 3",
    ] {
        assert_eq!(parse(text, &plan()).map(|_| ()), Ok(()), "{text}");
    }
}

#[test]
fn errors_say_what_was_expected_and_found_in_both_languages() {
    assert_eq!(
        error("ratio(reached{gruop=senior}) >= 97%"),
        (
            "gruop".into(),
            "알 수 없는 reached 의 라벨 `gruop`: 다음 중 하나여야 함: \
             group, region, cohort, kakao, phone, holder, stands, channel, kind, send, hit"
                .into(),
            "unknown label of reached `gruop`: expected one of \
             group, region, cohort, kakao, phone, holder, stands, channel, kind, send, hit"
                .into(),
            Some("group".into()),
        )
    );
    assert_eq!(
        error("ratio(reached, within=30m) >= 97.55555%"),
        (
            "97.55555%".into(),
            "필요: `97.5%` 같은 0%~100%의 비율 (소수 넷째 자리까지), 발견: `97.55555%`".into(),
            "expected a share such as `97.5%`, 0% to 100%, at most four decimals, found `97.55555%`".into(),
            None,
        )
    );
    assert_eq!(
        error("p95(reached) <= 90s"),
        (
            "p95(reached".into(),
            "reached 에 쓸 수 있는 집계 함수: count, ratio, 발견: `p95`".into(),
            "expected one of count, ratio over reached, found `p95`".into(),
            None,
        )
    );
    assert_eq!(
        error("count(reached_twice) >= 0"),
        (
            ">= 0".into(),
            "`>= 0`: 무슨 일이 있어도 참이라 아무것도 약속하지 않음".into(),
            "`>= 0` holds whatever happens and promises nothing".into(),
            None,
        )
    );
}

#[test]
fn mistakes_of_shape_are_located() {
    let cases = [
        ("", "``: expected an aggregate, found the end"),
        ("ratio", "``: expected `(`, found the end"),
        ("ratio(reached", "``: expected `,` or `)`, found the end"),
        ("ratio(reached) 97%", "`97%`: expected a comparison (>=, >, <=, <, ==, !=), found `97%`"),
        ("ratio(reached) = 97%", "`=`: expected a comparison, found `=` (==?)"),
        ("count(notices) >= 5,000", "`,`: expected the end of the expression, found `,`"),
        ("count(notices{group}) >= 5", "`}`: expected `=`, found `}`"),
        ("count(notices{group=senior group=x}) >= 5", "`group`: expected `,` or `}`, found `group`"),
        ("count(notices{hit=\"x) >= 5", "`\"x) >= 5`: expected a closing quote, found the end"),
        ("count(notices) >= 5 € ", "`€`: expected a character of an expression, found `€`"),
        ("worst_group(ratio(reached) >= 5%", "`>=`: expected `)`, found `>=`"),
        (
            "worst_group(worst_group(ratio(reached))) >= 5%",
            "`worst_group`: unknown aggregate `worst_group`: expected \
          one of count, ratio, sum, min, max, mean, p50, p90, p95, p99, p99.9",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(english(text), expected, "{text}");
    }
}

#[test]
fn mistakes_of_meaning_are_located() {
    let cases = [
        (
            "ratoi(reached) >= 5%",
            "`ratoi`: unknown aggregate `ratoi`: expected one of count, ratio, sum, min, max, \
          mean, p50, p90, p95, p99, p99.9, worst_group (ratio?)",
        ),
        ("ratio(notices) >= 5%", "`ratio(notices`: expected one of count over notices, found `ratio`"),
        (
            "sum(time_to_reach) >= 5s",
            "`sum(time_to_reach`: expected one of min, max, mean, pN over time_to_reach, found `sum`",
        ),
        (
            "p0(time_to_reach) >= 5s",
            "`p0`: unknown aggregate `p0`: expected one of count, ratio, sum, min, max, mean, \
          p50, p90, p95, p99, p99.9, worst_group (p50?)",
        ),
        (
            "count(notices{group=seniors}) >= 5",
            "`seniors`: unknown group `seniors`: expected one of senior, disabled (senior?)",
        ),
        ("count(notices{hit=blackout}) >= 5", "`blackout`: unknown fault `blackout`: expected one of silence-10m"),
        (
            "ratio(reached, after=silence-1m+2m) >= 5%",
            "`silence-1m`: unknown fault `silence-1m`: expected one of \
          silence-10m (silence-10m?)",
        ),
        (
            "ratio(reached, widthin=2m) >= 5%",
            "`widthin`: unknown window `widthin`: expected one of within, during, after (within?)",
        ),
        ("count(notices, within=2m) >= 5", "`within`: notices does not take within="),
        ("ratio(reached, within=2m, within=3m) >= 5%", "`within`: `within=` stands twice"),
        ("ratio(reached, within=2) >= 5%", "`2`: expected a time such as `90s` or `1h30m`, found `2`"),
        ("count(notices{group=senior, group=disabled}) >= 5", "`group`: label `group` stands twice"),
        ("count(paid{name=paid}) >= 5", "`name`: label `name` stands twice"),
        ("count(counter{name=paied}) >= 5", "`paied`: unknown counter `paied`: expected one of paid (paid?)"),
        (
            "count(fallback{to=lsm}) >= 5",
            "`lsm`: unknown medium `lsm`: expected one of alimtalk, brand, certified, \
          chat, sms, lms, email, letter, registered, broadcast, call, push (lms?)",
        ),
        (
            "count(fallback{cause=silence}) >= 5",
            "`silence`: unknown cause `silence`: expected one of failed, no_receipt, not_opened, provider",
        ),
        (
            "count(believed{status=refused}) >= 5",
            "`refused`: unknown status `refused`: expected one of shown, not_shown",
        ),
        ("count(notices{send=2}) >= 5", "`2`: expected a number from 1 to 1, found `2`"),
        ("worst_group(count(notices)) == 5", "`==`: expected one of >=, >, <=, < with worst_group, found `==`"),
        ("count(notices) >= 5%", "`5%`: expected a whole number such as `5`, found `5%`"),
        ("ratio(reached) <= 100%", "`<= 100%`: `<= 100%` holds whatever happens and promises nothing"),
        ("sum(cost) <= 25000krw", "`25000krw`: expected an amount in won such as `25000`, found `25000krw`"),
    ];
    for (text, expected) in cases {
        assert_eq!(english(text), expected, "{text}");
    }
}

#[test]
fn names_that_a_scenario_does_not_have_say_so() {
    let mut plan = plan();
    plan.groups.clear();
    plan.faults.clear();
    let english = |text: &str| parse(text, &plan).expect_err("an error").message.en;
    assert_eq!(english("worst_group(ratio(reached)) >= 5%"), "worst_group: this scenario has no groups");
    assert_eq!(english("count(notices{hit=x}) >= 5"), "unknown fault `x`: this scenario has none");
}

#[test]
fn stop_takes_running_totals_only() {
    let english = |text: &str| parse_stop(text, &plan()).map(|_| ()).map_err(|error| error.message.en);
    for text in
        ["count(attempts{medium=lms}) > 1500", "sum(cost) > 25000", "ratio(reached_twice) > 5%", "count(paid) > 5"]
    {
        assert_eq!(english(text), Ok(()), "{text}");
    }
    let refused = "stop: takes running totals only: count, ratio or sum with outcome labels and without windows, over \
         notices, attempts, reached, reached_twice, first_medium, fallback, cost, counter, sessions_lost";
    for text in [
        "p95(time_to_reach) > 5m",
        "count(notices{group=senior}) > 5",
        "ratio(reached, within=5m) < 5%",
        "count(attempts, during=silence-10m) > 5",
        "worst_group(ratio(reached)) < 5%",
        "count(status_mismatch) > 5",
        "max(cost) > 5",
    ] {
        assert_eq!(english(text), Err(refused.to_owned()), "{text}");
    }
}

#[test]
fn an_endless_text_is_refused_before_it_is_read() {
    let text = "(".repeat(1_001);
    assert_eq!(
        english(&text).split_once("`: ").expect("a place").1,
        "expression too long: at most 1000 bytes expected, found 1001"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        check_range(&text);
    }

    #[test]
    fn no_shuffled_expression_makes_the_reader_panic(words in proptest::collection::vec(0..PIECES.len(), 0..24)) {
        let text: String = words.into_iter().map(|word| PIECES[word]).collect();
        check_range(&text);
    }
}

const PIECES: [&str; 32] = [
    "ratio",
    "count",
    "worst_group",
    "p99.9",
    "(",
    ")",
    "{",
    "}",
    "reached",
    "time_to_reach",
    "cost",
    "medium",
    "=",
    "alimtalk",
    ",",
    "within",
    "during",
    "after",
    "silence-10m",
    "+",
    "2m",
    ">=",
    "==",
    "<",
    "97.5%",
    "5",
    "90s",
    " ",
    "\"",
    "카카오",
    "hit",
    "group",
];

/// An error always points into its text.
fn check_range(text: &str) {
    if let Err(error) = parse(text, &plan()) {
        assert!(text.get(error.at.clone()).is_some(), "{:?} of {text:?}", error.at);
        assert!(!error.message.en.is_empty() && !error.message.ko.is_empty());
    }
}
