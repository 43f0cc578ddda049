//! The texts of errors, whole.

use super::{FIRST_MINUTE, reading, rent, with};
use crate::sim::model::words::Lang;

#[test]
fn settings_that_lead_nowhere_are_said() {
    reading(FIRST_MINUTE).set("timeline.9.for", "1m").says(&["1:1 no such place in the list"]);
    reading(FIRST_MINUTE).set("scenario.name", "x").says(&["1:1 there is nothing to hold `name`"]);
    reading(FIRST_MINUTE).set("sender.policy", "tmier").fails(
        r#"
error: `policy` is not a policy
 --> --set:1:15
  |
1 | sender.policy=tmier
  |               ^^^^^ expected one of none, vendor-only, timer, timer:30s, govuk-weights, found `tmier`
  |
  = help: did you mean `timer`?

1 problem"#,
    );
}

#[test]
fn a_parameter_of_another_kind_is_refused() {
    with("kind: down", "kind: latency, how: hang, recover: drop").says(&[
        "4:5 `add` is missing",
        "4:64 unknown key `how`",
        "4:75 unknown key `recover`",
    ]);
}

#[test]
fn errors_have_a_line_a_caret_and_the_nearest_word() {
    with("fault: blackout, network: kakao", "fautl: blackout, network: kakao").fails(
        r#"
error: the line does not say what happens
 --> s.yaml:4:16
  |
4 |   - { at: 20s, fautl: blackout, network: kakao, kind: down, for: 20s }
  |                ^^^^^ expected one of send, fault, lift, outage, join, blast, leave, credit, crash, resume, exchange, hail, intake
  |
  = help: did you mean `fault`?

1 problem"#,
    );
}

#[test]
fn carets_stand_right_under_hangul() {
    with("send: \"[OO구청] 모의 알림입니다\", to: 100 people", "send: \"[OO구청] 모의 알림입니다\", to: 서울 사람들")
        .fails(
            r#"
error: `people` is missing
 --> s.yaml:1:1
  |
1 | scenario: first-minute
  | ^

error: there is no row of people `서울 사람들`
 --> s.yaml:3:45
  |
3 |   - { at: 0s,  send: "[OO구청] 모의 알림입니다", to: 서울 사람들, over: 1m }
  |                                                      ^^^^^^^^^^^ expected everybody

2 problems"#,
        );
}

#[test]
fn errors_are_korean_for_koreans() {
    let rendered = with("for: 20s", "for: 20").problems().render(Lang::Ko, false);
    assert_eq!(
        rendered,
        r#"오류: `for`의 값은 시간 길이 형식이 아닙니다
 --> s.yaml:4:66
  |
4 |   - { at: 20s, fault: blackout, network: kakao, kind: down, for: 20 }
  |                                                                  ^^ 올 수 있는 것: 단위가 붙은 시간 (예: 20s, 20m, 20h); 적힌 것: `20`

문제 1개
"#
    );
}

#[test]
fn all_problems_come_at_once() {
    reading(
        "scenario: bad name\nseed: many\ntimeline:\n  - { at: 5, send: \"a b\", to: 10 people }\n  - { at: 1m, fault: f, kind: dwon, network: kakoa, for: 1m }\n  - { at: 1m, fault: g, kind: silence, network: kakao }\nexpect:\n  - { msut: x }\nextra: 1\n")
    .says(&["1:11 this cannot be a name", "2:7 `seed` is not a whole number", "4:11 `at` is not a length of time", "5:31 `kind` does not know this word", "5:46 `network` does not know this word", "6:5 the fault `g` has no end", "8:7 unknown key `msut`", "9:1 unknown key `extra`"]);
}

#[test]
fn people_must_add_up_and_exist() {
    rent("none: 4%", "none: 5%").says(&["15:12 the shares of `kakao` do not add up"]);
    rent("active: 93%", "active: 193%").says(&["15:22 `active` is not a share"]);
    rent("presses: { pay: 55% }", "presses: { pya: 55% }").says(&["20:16 there is no button `pya`"]);
    rent("count: 1000", "count: 20000001").says(&["14:12 `count` is out of range"]);
    rent("to: tenants", "to: { people: tenants, groups: [senoir] }").says(&["41:59 there is no group `senoir`"]);
    with("100 people", "0 people").says(&["3:45 so many people do not exist"]);
}

#[test]
fn texts_and_routes_refer_to_what_is_there() {
    rent("#{due}\", buttons", "#{deu}\", buttons").says(&["30:85 unknown variable `#{deu}`"]);
    rent("try: lms, ", "try: sms, ").says(&["34:16 the notice has no content for `sms`"]);
    rent("due: \"date(+10d)\"", "due: \"date(+10d)\", more: x").says(&["29:83 no text uses the variable `more`"]);
    rent("send: rent", "send: rnet").says(&["41:21 there is no notice `rnet`"]);
    rent("from: rent", "from: rnet").says(&["38:33 there is no notice `rnet`"]);
}

#[test]
fn lists_of_people_have_no_number_that_could_ring() {
    let list = |text: &str| {
        let file =
            reading(FIRST_MINUTE).set("people", "{ all: { from: people.csv } }").set("timeline.0.to", "everybody");
        file.file("people.csv", text)
    };
    list("phone,name\n010-2345-6789,가\n").fails(
        r#"
error: a number that might ring, or no number
 --> people.csv:2:1
  |
2 | 010-2345-6789,가
  | ^^^^^^^^^^^^^ expected a reserved number, 010-0xxx-xxxx or 010-1xxx-xxxx, found `010-2345-6789`

1 problem"#,
    );
    list("phone\n010-0000-0000\n010-0000-0000\n").says(&["3:1 the number stands twice"]);
    list("phone\n010-0000-0001\n").says(&["2:1 numbers must follow each other without a gap"]);
    list("fone,kakao\n010-0000-0000,actve\n").says(&["1:1 unknown column", "2:15 `kakao` does not know this word"]);
    list("").says(&["1:1 the list names nobody"]);
    let stray = "a quote that is not closed, or has something behind it";
    list("phone,name\n010-0000-0000,\"가\n나,다\n").says(&[&std::format!("2:15 {stray}")]);
    list("name\n\"가\" 나\n").says(&[&std::format!("2:1 {stray}")]);
    list("phone\n").says(&["1:1 the list names nobody"]);
}

#[test]
fn found_values_are_cut_to_forty_characters() {
    let long = "가".repeat(60);
    let problems = with("kind: down", &std::format!("kind: {long}")).problems();
    assert_eq!(problems.list()[0].found, std::format!("{}…", "가".repeat(40)));
}

#[test]
fn what_is_not_yaml_is_said_in_both_languages() {
    let problems = reading("scenario: x\ntimeline: [ { at: 0s }\n").problems();
    let said: Vec<&str> = problems.list().iter().map(|problem| problem.message.ko.as_str()).collect();
    assert_eq!(said, ["YAML 문법 오류: 괄호가 닫히지 않았습니다"]);
    let problems = reading("scenario: \"x\n").problems();
    assert_eq!(problems.list()[0].message.ko, "YAML 문법 오류: 따옴표가 닫히지 않았습니다");
    for text in ["a: [ - 1 ]\n", "a: - 1\n", "a: \"x\" y\n", "a: \"\\q\"\n", "a: @x\n", "a: %\n  b: !<\n", "? a: - b\n"]
    {
        let problems = reading(text).problems();
        let said = problems.list()[0].message.ko.strip_prefix("YAML 문법 오류: ").unwrap_or("그 밖의 문제").to_owned();
        assert!(said.starts_with(|c: char| ('가'..='힣').contains(&c)), "{text}: {said}");
    }
}

#[test]
fn no_text_of_a_file_has_a_number_that_could_ring() {
    let number = "010-2345-6789";
    let found = "a number that might ring";
    with("[OO구청] 모의 알림입니다", &std::format!("모의 {number}")).fails(
        r#"
error: a number that might ring
 --> s.yaml:3:26
  |
3 |   - { at: 0s,  send: "모의 010-2345-6789", to: 100 people, over: 1m }
  |                            ^^^^^^^^^^^^^ expected a reserved number, 010-0xxx-xxxx or 010-1xxx-xxxx, found `010-2345-6789`

1 problem"#,
    );
    with("scenario: first-minute", &std::format!("scenario: {number}")).says(&[&std::format!("1:11 {found}")]);
    reading(FIRST_MINUTE).set("title", "tel:01098765432").says(&[&std::format!("1:11 {found}")]);
}

#[test]
fn lines_that_end_in_cr_alone_are_lines() {
    reading("scenario: x\rtimeline: []\rseeed: 1\r").says(&["1:1 `people` is missing", "3:1 unknown key `seeed`"]);
}

#[test]
fn a_list_that_is_not_there_says_nothing_of_how_many_people_there_are() {
    let file = reading(FIRST_MINUTE).set("people", "{ all: { from: none.csv } }").set("timeline.0.to", "50 people");
    assert_eq!(file.problems().list().len(), 1);
}

#[test]
fn a_talk_that_cannot_be_is_said_where_it_stands() {
    let text = r#"scenario: talk
channels: { moms: { hours: "9-18" } }
people: { citizens: { count: 9, says: [{ after: welcom, say: "네" }] } }
notices: { welcome: { chat: "모의" } }
desk:
  - { when: "follow(mom)", reply: welcome, goto: door }
  - { when: "say(네)", in: doro, closed: "모의 닫힘" }
  - { when: "follow(moms)", takes: 5m }
timeline:
  - { at: 0s, join: moms, to: citizens }
expect:
  - { must: "count(said) >= 1", why: they talk }
"#;
    reading(text).says(&[
        "2:28 `hours` is not hours of the day",
        "3:49 there is no notice `welcom`",
        "6:13 there is no channel `mom`",
        "7:27 there is no state `doro`",
        "7:33 `closed` goes with `takes` only",
        "8:29 `takes` goes with say(...) only",
    ]);
}

#[test]
fn what_differs_for_a_group_is_checked_as_the_rest_is() {
    let text = r#"scenario: groups
people: { citizens: { count: 9, prefers: { app: 20%, kakao: 90% }, groups: { senior: 10% } } }
notices:
  sale:
    alimtalk: "모의 할인"
    for:
      senoir: { large: 20, route: [{ try: letter }] }
      app: { route: [{ try: push }], push: "모의 할인", larg: 3 }
timeline:
  - { at: 0s, send: sale, to: citizens }
"#;
    reading(text).says(&[
        "2:42 the shares of `prefers` do not add up",
        "7:7 nobody is in the group `senoir`",
        "7:43 the notice has no content for `letter`",
        "8:53 unknown key `larg`",
    ]);
}
