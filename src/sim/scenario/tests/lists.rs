//! Lists of people as offices have them, and what is said of lists that are wrong: every problem, where it stands.

use super::{Reading, reading};
use crate::sim::plan::Plan;
use crate::sim::plan::population::Population;

const FILE: &str = r#"scenario: list
channels: { gu: {} }
people: { all: { from: people.csv } }
timeline: [{ at: 0s, send: "[OO구청] 모의 알림입니다", to: everybody }]
expect: [{ must: "ratio(reached) >= 95%", why: everybody hears }]
"#;

fn list(text: impl Into<Vec<u8>>) -> Reading {
    reading(FILE).file("people.csv", text)
}

/// Everybody's groups and region, by name.
fn told(plan: &Plan) -> Vec<String> {
    let tell = |who: &crate::sim::model::person::Person| {
        let in_group = |bit: &usize| who.groups.0 >> bit & 1 == 1;
        let groups: Vec<&str> = (0..plan.groups.len()).filter(in_group).map(|bit| plan.groups[bit].as_str()).collect();
        let region = who.region.map_or("-", |region| plan.regions[region.index()].as_str());
        std::format!("{} {region} {} {}", groups.join("+"), who.kakao.name(), who.phone.name())
    };
    Population::of(plan).all().iter().map(tell).collect()
}

#[test]
fn ages_districts_and_households_become_groups_and_regions() {
    let text = "phone,age,district,household,kakao,powered,prefers\n\
                010-0000-0001,64,나래동,H1,none,no,kakao\n\
                010-0000-0000,65,나래동,H1,active,yes,app\n\
                010-0000-0002,7,가람동,H2,,,\n";
    let expected = ["65-+app 나래동 active powered", "19-64 나래동 none dark", "0-18+alone 가람동 active powered"];
    assert_eq!(told(&list(text).good().plan), expected);
    let bands = list(text).set("people.all.ages", "[0-64, 65-79]").good().plan;
    assert_eq!(bands.groups, ["0-64", "65-79", "app", "alone"]);
    list(text).set("people.all.ages", "[0-9, 10-64]").says(&["3:15 an age that is in no band of `ages`"]);
}

#[test]
fn an_office_s_spreadsheet_is_read_as_it_is() {
    // Korean headings, a mark of its encoding, CRLF, an address with a comma, a quote and a line break.
    let text = "행정동,휴대 전화,이름,나이,세대,주소,카카오톡,전원,앱\r\n\
                나래동,010-0000-0000,가,70,1,\"모의로 1, \"\"나\"\"동\r\n102호\",휴면,켜짐,카카오톡\r\n\
                나래동,01000000001,나,30,1,,사용,꺼짐,다른앱\r\n";
    let expected = ["65- 나래동 inactive powered", "19-64+app 나래동 active dark"];
    let plan = list(std::format!("\u{feff}{text}")).good().plan;
    assert_eq!(told(&plan), expected);
    assert_eq!(plan.cohorts[0].listed[0].name, "가");
    assert_eq!(told(&list(encoding_rs::EUC_KR.encode(text).0.into_owned()).good().plan), expected);
}

#[test]
fn neither_utf_8_nor_cp949_is_refused_with_a_sentence() {
    list(&b"phone,name\n010-0000-0000,\xff\xfe\n"[..]).says(&["2:15 neither UTF-8 nor CP949"]);
    let sixteen: Vec<u8> = "phone\n010-0000-0000\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut marked = vec![0xff, 0xfe];
    marked.extend(sixteen);
    list(marked).says(&["1:1 the list is UTF-16"]);
}

#[test]
fn every_problem_of_a_list_comes_at_once_and_where_it_stands() {
    let text = "phone,name,age,kakao\n\
                010-0000-0000,가,31,active\n\
                010-2345-6789,나,31,active\n\
                010-0000-0000,다,150,active\n\
                010-0000-0001,라\n\
                ,마,31,active\n\
                010-0000-0002,바,31,actve\n\
                010-0000-0003,사,31,active,x\n\
                010-1999-0001,아,-1,active\n\
                010-0000-0001,자,31,active\n";
    list(text).says(&[
        "3:1 a number that might ring, or no number",
        "4:1 the number stands twice",
        "4:17 no age",
        "5:15 the row has not as many cells as the heading",
        "6:1 a row without a number",
        "7:20 `kakao` does not know this word",
        "8:27 the row has not as many cells as the heading",
        "9:1 a number of the magic people",
        "9:17 no age",
    ]);
}

#[test]
fn a_heading_that_is_none_is_said() {
    list("010-0000-0000,가\n").says(&["1:1 the first line has no names of columns"]);
    list("phone;name\n010-0000-0000;가\n").says(&["1:1 columns are parted by commas"]);
    list("phone,휴대폰\n010-0000-0000,010-0000-0000\n").says(&["1:7 the column stands twice"]);
    list("phone,나이대\n010-0000-0000,31\n").says(&["1:7 unknown column"]);
    list("phone,,\n010-0000-0000,,\n").says(&["1:7 unknown column", "1:8 unknown column"]);
    list("phone\n010-0000-0000\n").set("people.all.ages", "[0-64]").says(&["1:1 the list has no column of ages"]);
    list("phone\n010-0000-0000,,\n\n\n").good();
}

#[test]
fn a_long_list_of_wrong_rows_stops_where_enough_is_said() {
    let mut text = "phone,name\n".to_owned();
    (0..200_000).for_each(|_| text.push_str("010-9999-0000,가\n"));
    let problems = list(text).problems();
    assert!((100..200).contains(&problems.count()), "{}", problems.count());
}

#[test]
fn a_list_longer_than_a_million_is_refused_where_it_is_too_long() {
    let mut text = "name\n".to_owned();
    (0..1_000_001).for_each(|_| text.push_str("가\n"));
    list(text).says(&["1000002:1 a list has at most 1000000 rows"]);
}

#[test]
fn generated_people_have_ages_and_households() {
    let file = reading(FILE).set(
        "people",
        "{ all: { count: 2000, ages: { 0-18: 15%, 19-64: 66%, 65-: 19% }, households: { 1: 50%, 3: 50% } } }",
    );
    let plan = file.good().plan;
    assert_eq!(plan.groups, ["0-18", "19-64", "65-", "alone"]);
    let people = Population::of(&plan);
    let members = |bit: u32| people.all().iter().filter(|who| who.groups.0 >> bit & 1 == 1).count();
    assert_eq!(members(0) + members(1) + members(2), 2_000, "everybody is in one band");
    assert!((330..430).contains(&members(2)) && (420..580).contains(&members(3)), "{} {}", members(2), members(3));

    let wrong = |ages: &str| reading(FILE).set("people", &std::format!("{{ all: {{ count: 9, ages: {ages} }} }}"));
    wrong("{ 0-18: 15%, 18-64: 85% }").says(&["1:46 bands of ages overlap"]);
    wrong("{ old: 100% }").says(&["1:35 no band of ages"]);
    wrong("{ 0-64: 50% }").says(&["1:33 the shares of `ages` do not add up"]);
    let homes = "{ all: { count: 9, households: { 0: 100% }, contacts: { household: 1, others: 0 } } }";
    reading(FILE).set("people", homes).says(&["1:41 no size of a household"]);
    let both = "{ all: { count: 9, households: { 2: 100% }, contacts: { household: 2, others: 0 } } }";
    reading(FILE).set("people", both).says(&["1:27 `households` and `contacts.household` exclude each other"]);
}

#[test]
fn magic_people_are_a_row_of_their_own() {
    let plan = reading(FILE).set("people", "{ m: { magic: true }, all: { count: 5 } }").good().plan;
    assert_eq!((plan.people(), plan.cohorts[1].key.as_str(), plan.cohorts[0].count), (20, "m", 5));
    assert_eq!(plan.sends[0].to.count, 20);
    let wrong = |people: &str| reading(FILE).set("people", people);
    wrong("{ m: { magic: true, count: 3 } }").says(&["1:28 `count` does not go with `magic`: their fates are fixed"]);
    wrong("{ m: { magic: true }, n: { magic: true } }").says(&["1:30 the magic people are there once only"]);
    wrong("{ m: { magic: false } }").says(&["1:22 `magic` can only be true"]);
    wrong("{ m: { magic: maybe } }").says(&["1:22 `magic` is not a truth value"]);
}
