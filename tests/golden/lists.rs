//! The lists in `fixtures/people`: four hundred residents who do not exist, drawn here and the same every time; once in
//! English, once as an office's spreadsheet writes it, once in CP949. All three must be the same people.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use bongsu::sim::dice::{Seed, Subject};
use bongsu::sim::model::ids::PersonId;
use bongsu::sim::plan::Plan;
use bongsu::sim::plan::numbers::phone_number;
use bongsu::sim::plan::population::Population;
use bongsu::sim::plan::render::person_name;
use encoding_rs::EUC_KR;

use super::compare_bytes;
use super::play::{self, Changes};

const RESIDENTS: u32 = 400;
const DISTRICTS: [&str; 4] = ["가람동", "나래동", "다솜동", "라온동"];

/// A resident: what a list says of them.
struct Resident {
    phone: String,
    name: String,
    age: u32,
    district: &'static str,
    household: u32,
    groups: &'static str,
    kakao: usize,
    powered: bool,
    app: bool,
}

/// assumed: an old neighbourhood; homes of 1 to 4, old people alone or in twos; who is old is seldom on the messenger.
fn residents() -> Vec<Resident> {
    let luck = |who: u32, what: u64, of: u64| Seed(400).pick(of, Subject::Variable, u64::from(who), what);
    let (mut all, mut household) = (Vec::new(), 0);
    // Names as public bodies print them, so that they can be nobody's.
    let mut quiet = play::read("lessons/quiet-day", &Changes::default()).plan;
    quiet.seed = Seed(400);
    while (all.len() as u32) < RESIDENTS {
        household += 1;
        let first = all.len() as u32;
        let old = luck(first, 0, 100) < 38;
        let size = if old { 1 + luck(first, 1, 2) } else { 1 + luck(first, 1, 4) } as u32;
        for who in first..(first + size).min(RESIDENTS) {
            let age = match (old, who - first) {
                (true, _) => 65 + luck(who, 2, 27),
                (false, 0 | 1) => 24 + luck(who, 2, 40),
                (false, _) => 8 + luck(who, 2, 16),
            } as u32;
            let kakao = match (age, luck(who, 3, 100)) {
                (65.., 0..22) | (_, 0..2) => 3,
                (65.., 22..30) | (_, 2..4) => 1,
                (_, 30..32) => 2,
                _ => 0,
            };
            all.push(Resident {
                phone: phone_number(PersonId(who)),
                name: person_name(&quiet, PersonId(who)),
                age,
                district: DISTRICTS[luck(first, 4, 4) as usize],
                household,
                groups: if luck(who, 5, 100) < 6 { "disabled" } else { "" },
                kakao,
                powered: luck(who, 6, 100) > 0,
                app: (19..65).contains(&age) && luck(who, 7, 100) < 12,
            });
        }
    }
    all
}

fn english() -> String {
    let mut out = "phone,name,age,district,household,groups,kakao,powered,prefers\n".to_owned();
    for Resident { phone, name, age, district, household, groups, kakao, powered, app } in residents() {
        let kakao = ["active", "inactive", "blocked", "none"][kakao];
        let (powered, app) = (if powered { "yes" } else { "no" }, if app { "app" } else { "kakao" });
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{phone},{name},{age},{district},H{household:03},{groups},{kakao},{powered},{app}");
    }
    out
}

/// With columns in another order, whole addresses in quotes, and CRLF.
fn korean() -> String {
    let mut out = "행정동,세대,이름,나이,휴대전화,주소,카카오톡,전원,앱,그룹\r\n".to_owned();
    for Resident { phone, name, age, district, household, groups, kakao, powered, app } in residents() {
        let kakao = ["사용", "휴면", "차단", "미가입"][kakao];
        let (powered, app) = (if powered { "켜짐" } else { "꺼짐" }, if app { "다른앱" } else { "카카오톡" });
        let address = format!("\"모의시 {district}, {household}번지 \"\"바\"\"동\"");
        let row =
            [district, &household.to_string(), &name, &age.to_string(), &phone, &address, kakao, powered, app, groups];
        let _ = write!(out, "{}\r\n", row.join(","));
    }
    out
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/people").join(name)
}

#[test]
fn the_lists_are_as_they_were_drawn() {
    compare_bytes(&file("residents.csv"), english().as_bytes());
    compare_bytes(&file("residents-ko.csv"), format!("\u{feff}{}", korean()).as_bytes());
    compare_bytes(&file("residents-cp949.csv"), &EUC_KR.encode(&korean()).0);
}

#[test]
fn in_whatever_hand_they_are_written_they_are_the_same_people() {
    let [first, second, third] = ["residents.csv", "residents-ko.csv", "residents-cp949.csv"].map(|name| {
        let set = vec![format!("people.residents.from=fixtures/people/{name}")];
        play::read("lessons/by-list", &Changes { set, outage: None }).plan
    });
    for other in [&second, &third] {
        assert_eq!(told(&first), told(other));
    }
    let people = told(&first);
    assert_eq!(people.len(), RESIDENTS as usize);
    assert!(people.iter().filter(|line| line.contains("65-") && line.contains("alone")).count() > 20, "{people:?}");
}

/// Everybody in words: groups by name, because the order in which a file names them is its own.
fn told(plan: &Plan) -> Vec<String> {
    let people = Population::of(plan);
    let tell = |(id, who): (u32, &bongsu::sim::model::person::Person)| {
        let mut groups: Vec<&str> =
            (0..64).filter(|bit| who.groups.0 >> bit & 1 == 1).map(|bit| plan.groups[bit].as_str()).collect();
        groups.sort_unstable();
        let region = who.region.map(|region| plan.regions[region.index()].as_str());
        format!("{} {groups:?} {region:?} {} {}", person_name(plan, PersonId(id)), who.kakao.name(), who.phone.name())
    };
    (0..).zip(people.all()).map(tell).collect()
}
