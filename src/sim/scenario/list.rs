//! Lists of people: CSV with a heading, in Korean or English, its columns in any order.
//!
//! People are numbered without a gap, so a list's numbers must be the reserved ones from the first free number on, in
//! any order; a list without a column of numbers is numbered as it stands. Never a number that could ring. Several
//! groups or channels of one person are parted by `;`. An address is allowed and not read. A household is a name or
//! number: whoever has the same one lives together.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::sim::model::ids::{GroupId, PersonId};
use crate::sim::model::person::{Friends, Groups, KakaoState, PhoneState};
use crate::sim::plan::households::ALONE;
use crate::sim::plan::numbers::{PEOPLE_MAX, digits_of, phone_number};
use crate::sim::plan::{Listed, Plan};
use crate::sim::scenario::ages::{self, AGE_MAX, Band};
use crate::sim::scenario::csv::{Cell, Lines};
use crate::sim::scenario::people::{friend, group, on_app, region};
use crate::sim::scenario::problem::{At, Issue, Problems, nearest};
use crate::sim::scenario::reader::{Fields, check_name, one_of, word};
use crate::sim::scenario::yaml::Node;

/// Rows of a list.
pub(super) const ROWS_MAX: usize = 1_000_000;

/// What a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Phone,
    Name,
    Groups,
    Kakao,
    Region,
    Powered,
    Friends,
    Address,
    Prefers,
    Age,
    Household,
}

const COLUMNS: usize = 11;

/// The headings of a column; the first is the one that messages speak of.
const HEADINGS: [(Column, &[&str]); COLUMNS] = [
    (Column::Phone, &["phone", "전화번호", "휴대전화", "휴대폰", "휴대폰번호", "연락처"]),
    (Column::Name, &["name", "이름", "성명"]),
    (Column::Groups, &["groups", "그룹"]),
    (Column::Kakao, &["kakao", "카카오", "카카오톡"]),
    (Column::Region, &["region", "district", "지역", "구", "동", "행정동"]),
    (Column::Powered, &["powered", "전원"]),
    (Column::Friends, &["friends", "친구", "채널"]),
    (Column::Address, &["address", "주소"]),
    (Column::Prefers, &["prefers", "앱", "선호앱"]),
    (Column::Age, &["age", "나이", "연령"]),
    (Column::Household, &["household", "세대", "가구"]),
];

const KAKAO: [(KakaoState, &str); 8] = [
    (KakaoState::Active, "active"),
    (KakaoState::Inactive, "inactive"),
    (KakaoState::Blocked, "blocked"),
    (KakaoState::None, "none"),
    (KakaoState::Active, "사용"),
    (KakaoState::Inactive, "휴면"),
    (KakaoState::Blocked, "차단"),
    (KakaoState::None, "미가입"),
];

const POWERED: [(PhoneState, &str); 10] = [
    (PhoneState::Powered, "powered"),
    (PhoneState::Powered, "true"),
    (PhoneState::Powered, "yes"),
    (PhoneState::Powered, "1"),
    (PhoneState::Dark, "dark"),
    (PhoneState::Dark, "false"),
    (PhoneState::Dark, "no"),
    (PhoneState::Dark, "0"),
    (PhoneState::Powered, "켜짐"),
    (PhoneState::Dark, "꺼짐"),
];

/// Whether somebody picked the other application.
const PREFERS: [(bool, &str); 5] =
    [(false, "kakao"), (true, "app"), (false, "카카오"), (false, "카카오톡"), (true, "다른앱")];

/// Where each column stands.
#[derive(Clone, Copy, Debug, Default)]
struct Columns([Option<usize>; COLUMNS]);

/// A row that was read: whose, where it stands, and what it says.
struct Row {
    /// `None` for a number that is wrong.
    person: Option<PersonId>,
    at: At,
    listed: Listed,
}

/// What rows share.
struct Reading<'t> {
    columns: Columns,
    bands: Vec<Band>,
    households: BTreeMap<Cow<'t, str>, u32>,
}

/// Reads a list whose first person has the id `first`, with the bands of age that its row names.
pub(super) fn read(
    node: &Node,
    first: PersonId,
    fields: &Fields<'_>,
    plan: &mut Plan,
    problems: &mut Problems,
) -> Option<Vec<Listed>> {
    if node.text().is_some_and(|text| text.trim().is_empty()) {
        problems.add(node.at, nobody());
        return None;
    }
    let text = super::reader::text("list", node, problems)?;
    let (mut lines, mut row) = (Lines::of(text, node.at, problems), Vec::new());
    lines.next_row(&mut row, problems);
    let (columns, width) = (columns(&row, problems)?, row.len());
    let bands = if columns.has(Column::Age) { ages::by_name(fields, node.at, plan, problems) } else { Vec::new() };
    if let Some(entry) = fields.entry("ages").filter(|_| !columns.has(Column::Age)) {
        let issue = Issue::new("명단에 나이 열이 없습니다", "the list has no column of ages");
        problems.add(entry.key_at, issue);
    }
    let mut reading = Reading { columns, bands, households: BTreeMap::new() };
    let mut people: Vec<Row> = Vec::new();
    while lines.next_row(&mut row, problems) {
        if row.iter().all(|cell| cell.text.is_empty()) {
            continue;
        }
        if problems.is_full() {
            return None;
        }
        if people.len() >= ROWS_MAX {
            let issue =
                Issue::new(format!("명단은 {ROWS_MAX}줄까지입니다"), format!("a list has at most {ROWS_MAX} rows"));
            problems.add(row[0].at, issue);
            return None;
        }
        if is_ragged(&row, width, problems) {
            continue;
        }
        let next = PersonId(first.0 + people.len() as u32);
        let (person, at) = reading.number(&row, next, problems);
        people.push(Row { person, at, listed: reading.listed(&row, plan, problems) });
    }
    if people.is_empty() {
        problems.add(node.at, nobody());
        return None;
    }
    if columns.has(Column::Phone) {
        in_order(&mut people, first, problems);
    }
    let mut people: Vec<Listed> = people.into_iter().map(|row| row.listed).collect();
    if columns.has(Column::Household) {
        mark_alone(&mut people, reading.households.len(), group(ALONE, node.at, plan, problems)?);
    }
    Some(people)
}

fn nobody() -> Issue {
    Issue::new("명단이 비어 있습니다", "the list names nobody")
}

/// Sorts by number; says every number that stands twice, and the first one that is not the next from `first` on.
fn in_order(people: &mut [Row], first: PersonId, problems: &mut Problems) {
    people.sort_by_key(|row| row.person);
    let mut expected = Some(first);
    for row in people.iter() {
        match (row.person, expected) {
            // A number that is wrong has been said, and leaves a gap that is none.
            (None, _) => expected = None,
            (Some(person), Some(next)) if person == next => expected = Some(PersonId(next.0 + 1)),
            (Some(person), Some(next)) if person.0 + 1 != next.0 => {
                let should = phone_number(next);
                let issue =
                    Issue::new("번호는 빠짐없이 이어져야 합니다", "numbers must follow each other without a gap");
                problems.add(row.at, issue.expected(should.clone(), should).found(&phone_number(person)));
                expected = None;
            }
            (Some(_), _) => {}
        }
    }
    let twice = |pair: &&[Row]| pair[0].person.is_some() && pair[0].person == pair[1].person;
    for row in people.windows(2).filter(twice).map(|pair| &pair[1]) {
        let number = row.person.map(phone_number).unwrap_or_default();
        problems.add(row.at, Issue::new("번호가 두 번 나옵니다", "the number stands twice").found(&number));
    }
}

/// Whoever has a household to themselves is in the group of those who live alone, and so is who has none.
fn mark_alone(people: &mut [Listed], households: usize, alone: GroupId) {
    let mut sizes = vec![0_u32; households + 1];
    people.iter().for_each(|who| sizes[who.household as usize] += 1);
    for who in people.iter_mut().filter(|who| who.household == 0 || sizes[who.household as usize] == 1) {
        who.groups = who.groups.with(alone);
    }
}

fn columns(heading: &[Cell<'_>], problems: &mut Problems) -> Option<Columns> {
    let mut columns = Columns::default();
    if let Some(cell) = heading.iter().find(|cell| digits_of(&cell.text).is_some()) {
        let issue = Issue::new("첫 줄에 열 이름이 없습니다", "the first line has no names of columns")
            .expecting(one_of(names()))
            .found(&cell.text);
        problems.add(cell.at, issue);
        return None;
    }
    for (place, cell) in heading.iter().enumerate() {
        let name = cell.text.to_lowercase().replace(' ', "");
        let known = HEADINGS.iter().position(|(_, names)| names.contains(&name.as_str()));
        let Some(column) = known else {
            problems.add(cell.at, unknown(cell, &name, heading.len()));
            continue;
        };
        if columns.0[column].replace(place).is_some() {
            problems.add(cell.at, Issue::new("열이 두 번 나옵니다", "the column stands twice").found(&cell.text));
        }
    }
    Some(columns)
}

fn unknown(cell: &Cell<'_>, name: &str, columns: usize) -> Issue {
    if columns == 1 && cell.text.contains([';', '\t']) {
        return Issue::new("열은 쉼표로 나눕니다", "columns are parted by commas").found(&cell.text);
    }
    let every = HEADINGS.iter().flat_map(|(_, names)| names.iter().copied());
    Issue::new("모르는 열입니다", "unknown column")
        .expecting(one_of(names()))
        .found(&cell.text)
        .nearest(nearest(name, every))
}

fn names() -> impl Iterator<Item = &'static str> {
    HEADINGS.iter().map(|(_, names)| names[0])
}

/// A row with fewer cells than the heading, or with something behind its last column.
fn is_ragged(row: &[Cell<'_>], width: usize, problems: &mut Problems) -> bool {
    let extra = row.iter().skip(width).find(|cell| !cell.text.is_empty());
    if row.len() >= width && extra.is_none() {
        return false;
    }
    let at = extra.unwrap_or(&row[row.len() - 1]).at;
    let cells = |count: usize| (format!("{count}칸"), format!("{count} cells"));
    let (ko, en) = cells(width);
    let issue = Issue::new("칸 수가 첫 줄과 다릅니다", "the row has not as many cells as the heading");
    problems.add(at, issue.expected(ko, en).found(&row.len().to_string()));
    true
}

impl Columns {
    fn has(self, column: Column) -> bool {
        self.0[column as usize].is_some()
    }

    /// The cell of a column, if there is one with something in it.
    fn cell<'r, 't>(self, row: &'r [Cell<'t>], column: Column) -> Option<&'r Cell<'t>> {
        row.get(self.0[column as usize]?).filter(|cell| !cell.text.is_empty())
    }
}

impl<'t> Reading<'t> {
    /// Whose row it is; `next` where the list has no numbers.
    fn number(&self, row: &[Cell<'t>], next: PersonId, problems: &mut Problems) -> (Option<PersonId>, At) {
        let place = self.columns.0[Column::Phone as usize];
        let Some(cell) = place.map(|place| &row[place]) else { return (Some(next), row[0].at) };
        let found = digits_of(&cell.text);
        match found {
            Some(digits) if digits < PEOPLE_MAX => return (Some(PersonId(digits)), cell.at),
            Some(_) => {
                let issue = Issue::new("운명이 정해진 시민의 번호입니다", "a number of the magic people")
                    .expected("010-1998-9999까지의 번호", "a number up to 010-1998-9999");
                problems.add(cell.at, issue.found(&cell.text));
            }
            None if cell.text.is_empty() => {
                problems.add(cell.at, Issue::new("번호가 없습니다", "a row without a number"));
            }
            None => {
                let issue = Issue::new(
                    "쓸 수 없는 번호입니다: 걸릴 수 있는 번호는 받지 않습니다",
                    "a number that might ring, or no number",
                );
                let expected = "예약된 번호 010-0xxx-xxxx, 010-1xxx-xxxx";
                let issue = issue.expected(expected, "a reserved number, 010-0xxx-xxxx or 010-1xxx-xxxx");
                problems.add(cell.at, issue.found(&cell.text));
            }
        }
        (None, cell.at)
    }

    fn listed(&mut self, row: &[Cell<'t>], plan: &mut Plan, problems: &mut Problems) -> Listed {
        let columns = self.columns;
        let value = |column: Column| columns.cell(row, column);
        let mut groups = Groups::default();
        let mut friends = Friends::default();
        for name in value(Column::Groups).into_iter().flat_map(several) {
            groups = named_group(&name, plan, problems).map_or(groups, |id| groups.with(id));
        }
        let band = value(Column::Age).and_then(|cell| self.band(cell, problems));
        groups = band.map_or(groups, |id| groups.with(id));
        let picked = value(Column::Prefers).map(|cell| (cell.at, word("prefers", &node(cell), &PREFERS, problems)));
        if let Some((at, Some(true))) = picked {
            groups = on_app(at, plan, problems).map_or(groups, |id| groups.with(id));
        }
        for part in value(Column::Friends).into_iter().flat_map(several) {
            friends = friend(&node(&part), plan, problems).map_or(friends, |id| friends.with(id));
        }
        let kakao = value(Column::Kakao).and_then(|cell| word("kakao", &node(cell), &KAKAO, problems));
        let phone = value(Column::Powered).and_then(|cell| word("powered", &node(cell), &POWERED, problems));
        Listed {
            name: value(Column::Name).map(|cell| cell.text.clone().into_owned()).unwrap_or_default(),
            kakao: kakao.unwrap_or(KakaoState::Active),
            phone: phone.unwrap_or(PhoneState::Powered),
            groups,
            friends,
            region: value(Column::Region).and_then(|cell| {
                let good =
                    plan.regions.iter().any(|name| *name == cell.text) || check_name(&cell.text, cell.at, problems);
                if good { region(&cell.text, cell.at, plan, problems) } else { None }
            }),
            household: value(Column::Household).map_or(0, |cell| {
                let next = self.households.len() as u32 + 1;
                *self.households.entry(cell.text.clone()).or_insert(next)
            }),
        }
    }

    fn band(&self, cell: &Cell<'_>, problems: &mut Problems) -> Option<GroupId> {
        let age = cell.text.parse::<u8>().ok().filter(|age| *age <= AGE_MAX);
        let Some(age) = age else {
            let issue = Issue::new("나이가 아닙니다", "no age")
                .expected(format!("0에서 {AGE_MAX}까지의 수"), format!("a number from 0 to {AGE_MAX}"));
            problems.add(cell.at, issue.found(&cell.text));
            return None;
        };
        let band = ages::of(&self.bands, age);
        if band.is_none() {
            let issue = Issue::new("어느 나이대에도 들지 않습니다", "an age that is in no band of `ages`");
            problems.add(cell.at, issue.found(&cell.text));
        }
        band
    }
}

fn named_group(name: &Cell<'_>, plan: &mut Plan, problems: &mut Problems) -> Option<GroupId> {
    let good = plan.groups.iter().any(|known| *known == name.text) || check_name(&name.text, name.at, problems);
    if good { group(&name.text, name.at, plan, problems) } else { None }
}

fn node(cell: &Cell<'_>) -> Node {
    Node::quoted(cell.at, &*cell.text)
}

fn several<'c>(cell: &'c Cell<'_>) -> impl Iterator<Item = Cell<'c>> {
    let parts = cell.text.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| Cell { text: Cow::Borrowed(part), at: cell.at })
}

#[cfg(test)]
mod tests {
    use super::HEADINGS;

    #[test]
    fn headings_stand_in_the_order_of_the_columns_and_mean_one_thing_each() {
        for (place, (column, _)) in HEADINGS.iter().enumerate() {
            assert_eq!(*column as usize, place);
        }
        let all: Vec<&str> = HEADINGS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        assert!(all.iter().all(|name| all.iter().filter(|other| *other == name).count() == 1));
    }
}
