//! Lists of people: CSV with a heading, `phone,name,groups,kakao,region,powered,friends,prefers` in any order.
//!
//! People are numbered without a gap, so a list's numbers must be the reserved ones from the first free number on, in
//! any order; a list without a `phone` column is numbered as it stands. Never a number that could ring.
//! Several groups or channels of one person are parted by `;`. An `address` column is allowed and not read.

use crate::sim::model::ids::PersonId;
use crate::sim::model::person::{Friends, Groups, KakaoState, PhoneState};
use crate::sim::plan::population::{person_of_number, phone_number};
use crate::sim::plan::{Listed, Plan};
use crate::sim::scenario::people::{friend, group, on_app, region};
use crate::sim::scenario::problem::{At, Issue, Problems, nearest};
use crate::sim::scenario::reader::{check_name, one_of, word};
use crate::sim::scenario::yaml::Node;

/// Rows of a list.
pub(super) const ROWS_MAX: usize = 1_000_000;

const COLUMNS: [&str; 9] = ["phone", "name", "groups", "kakao", "region", "powered", "friends", "address", "prefers"];
const POWERED: [(PhoneState, &str); 8] = [
    (PhoneState::Powered, "powered"),
    (PhoneState::Powered, "true"),
    (PhoneState::Powered, "yes"),
    (PhoneState::Powered, "1"),
    (PhoneState::Dark, "dark"),
    (PhoneState::Dark, "false"),
    (PhoneState::Dark, "no"),
    (PhoneState::Dark, "0"),
];

/// Whether somebody picked the other application.
const PREFERS: [(bool, &str); 2] = [(false, "kakao"), (true, "app")];

/// A cell: its text and its place in the list's text.
struct Cell {
    text: String,
    at: At,
}

/// Reads a list whose first person has the id `first`.
pub(super) fn read(node: &Node, first: PersonId, plan: &mut Plan, problems: &mut Problems) -> Option<Vec<Listed>> {
    if node.text() == Some("") {
        problems.add(node.at, nobody());
        return None;
    }
    let text = super::reader::text("list", node, problems)?;
    let mut lines =
        Lines { stray: None, text, from: 0, whole: node.at, shown_from: problems.shown_from(node.at, text) };
    let heading = lines.next_row()?;
    let columns = columns(&heading, problems);
    lines.say_stray(problems);
    let mut people: Vec<(PersonId, At, Listed)> = Vec::new();
    let mut numbered = true;
    while let Some(row) = lines.next_row() {
        lines.say_stray(problems);
        if row.iter().all(|cell| cell.text.is_empty()) {
            continue;
        }
        if people.len() >= ROWS_MAX || problems.is_full() {
            let issue =
                Issue::new(format!("명단은 {ROWS_MAX}줄까지입니다"), format!("a list has at most {ROWS_MAX} rows"));
            if people.len() >= ROWS_MAX {
                problems.add(row[0].at, issue);
            }
            return None;
        }
        let next = PersonId(first.0 + people.len() as u32);
        let (person, at) = number(&row, &columns, problems).unwrap_or((next, row[0].at));
        numbered &= cell(&row, &columns, "phone").is_some();
        people.push((person, at, listed(&row, &columns, plan, problems)));
    }
    if people.is_empty() {
        problems.add(node.at, nobody());
        return None;
    }
    in_order(&mut people, numbered, first, problems);
    Some(people.into_iter().map(|row| row.2).collect())
}

fn nobody() -> Issue {
    Issue::new("명단이 비어 있습니다", "the list names nobody")
}

/// Sorts by number; says when the numbers are not those from `first` on.
fn in_order(people: &mut [(PersonId, At, Listed)], numbered: bool, first: PersonId, problems: &mut Problems) {
    if numbered {
        people.sort_by_key(|row| row.0);
    }
    let mut previous = None;
    for (offset, (person, at, _)) in people.iter().enumerate() {
        let expected = PersonId(first.0 + offset as u32);
        if previous == Some(*person) {
            problems
                .add(*at, Issue::new("번호가 두 번 나옵니다", "the number stands twice").found(&phone_number(*person)));
            return;
        }
        previous = Some(*person);
        if *person != expected {
            let issue = Issue::new("번호는 빠짐없이 이어져야 합니다", "numbers must follow each other without a gap")
                .expected(phone_number(expected), phone_number(expected))
                .found(&phone_number(*person));
            problems.add(*at, issue);
            return;
        }
    }
}

fn columns(heading: &[Cell], problems: &mut Problems) -> Vec<&'static str> {
    let mut columns = Vec::new();
    for cell in heading {
        if problems.is_full() {
            break;
        }
        let name = cell.text.trim().to_lowercase();
        let known = COLUMNS.into_iter().find(|column| *column == name);
        if known.is_none() {
            let issue = Issue::new("모르는 열입니다", "unknown column")
                .expecting(one_of(COLUMNS.into_iter()))
                .found(&cell.text)
                .nearest(nearest(&name, COLUMNS.into_iter()));
            problems.add(cell.at, issue);
        } else if columns.contains(&known.unwrap_or_default()) {
            problems.add(cell.at, Issue::new("열이 두 번 나옵니다", "the column stands twice").found(&cell.text));
        }
        columns.push(known.unwrap_or_default());
    }
    columns
}

fn cell<'r>(row: &'r [Cell], columns: &[&str], name: &str) -> Option<&'r Cell> {
    let index = columns.iter().position(|column| *column == name)?;
    row.get(index).filter(|cell| !cell.text.is_empty())
}

fn number(row: &[Cell], columns: &[&str], problems: &mut Problems) -> Option<(PersonId, At)> {
    let cell = cell(row, columns, "phone")?;
    let person = person_of_number(&cell.text);
    if person.is_none() {
        let issue = Issue::new(
            "쓸 수 없는 번호입니다: 걸릴 수 있는 번호는 받지 않습니다",
            "a number that might ring, or no number",
        )
        .expected("예약된 번호 010-0xxx-xxxx, 010-1xxx-xxxx", "a reserved number, 010-0xxx-xxxx or 010-1xxx-xxxx")
        .found(&cell.text);
        problems.add(cell.at, issue);
    }
    person.map(|person| (person, cell.at))
}

fn listed(row: &[Cell], columns: &[&str], plan: &mut Plan, problems: &mut Problems) -> Listed {
    let value = |name: &str| cell(row, columns, name);
    let node = |cell: &Cell| Node::quoted(cell.at, cell.text.as_str());
    let mut groups = Groups::default();
    let mut friends = Friends::default();
    for part in value("groups").into_iter().flat_map(several) {
        let good = plan.groups.contains(&part.text) || check_name(&part.text, part.at, problems);
        let id = if good { group(&part.text, part.at, plan, problems) } else { None };
        groups = id.map_or(groups, |id| groups.with(id));
    }
    let picked = value("prefers").map(|c| (c.at, word("prefers", &node(c), &PREFERS, problems)));
    if let Some((at, Some(true))) = picked {
        groups = on_app(at, plan, problems).map_or(groups, |id| groups.with(id));
    }
    for part in value("friends").into_iter().flat_map(several) {
        friends = friend(&node(&part), plan, problems).map_or(friends, |id| friends.with(id));
    }
    let states = KakaoState::ALL;
    Listed {
        name: value("name").map(|cell| cell.text.clone()).unwrap_or_default(),
        kakao: value("kakao").and_then(|c| word("kakao", &node(c), &states, problems)).unwrap_or(KakaoState::Active),
        phone: value("powered")
            .and_then(|c| word("powered", &node(c), &POWERED, problems))
            .unwrap_or(PhoneState::Powered),
        groups,
        friends,
        region: value("region").and_then(|cell| {
            let good = plan.regions.contains(&cell.text) || check_name(&cell.text, cell.at, problems);
            if good { region(&cell.text, cell.at, plan, problems) } else { None }
        }),
    }
}

fn several(cell: &Cell) -> Vec<Cell> {
    let parts = cell.text.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| Cell { text: part.to_owned(), at: cell.at }).collect()
}

/// Cuts a text into rows: commas, `"quoted, cells"` with `""` for a quote, LF or CRLF.
struct Lines<'t> {
    text: &'t str,
    from: usize,
    /// The place of the whole list.
    whole: At,
    /// Where the file shows the list as it is, if it does: cells then have places of their own.
    shown_from: Option<u32>,
    /// Where a quote of the last row is not closed, or something stands behind it.
    stray: Option<usize>,
}

impl Lines<'_> {
    fn next_row(&mut self) -> Option<Vec<Cell>> {
        if self.from >= self.text.len() {
            return None;
        }
        let mut row = Vec::new();
        loop {
            let start = self.from;
            let (text, end) = self.cell();
            let own = |from: u32| At { start: from + start as u32, end: from + end as u32, ..self.whole };
            let at = self.shown_from.map_or(self.whole, own);
            row.push(Cell { text, at });
            match self.text.as_bytes().get(self.from) {
                Some(b',') => self.from += 1,
                Some(_) => {
                    self.from += 1;
                    return Some(row);
                }
                None => return Some(row),
            }
        }
    }

    fn say_stray(&mut self, problems: &mut Problems) {
        let Some(start) = self.stray.take() else { return };
        let own = |from: u32| At { start: from + start as u32, end: from + start as u32 + 1, ..self.whole };
        let issue = Issue::new(
            "따옴표가 닫히지 않았거나 뒤에 다른 글이 있습니다",
            "a quote that is not closed, or has something behind it",
        );
        problems.add(self.shown_from.map_or(self.whole, own), issue);
    }

    /// One cell: its value and where it ends; afterwards `from` stands on the comma or the line's end.
    fn cell(&mut self) -> (String, usize) {
        let rest = &self.text[self.from..];
        if let Some(quoted) = rest.strip_prefix('"') {
            let start = self.from;
            let (mut value, mut offset, mut closed) = (String::new(), 0, false);
            while let Some(quote) = quoted[offset..].find('"') {
                value.push_str(&quoted[offset..offset + quote]);
                offset += quote + 1;
                if !quoted[offset..].starts_with('"') {
                    closed = true;
                    break;
                }
                value.push('"');
                offset += 1;
            }
            self.from += 1 + offset;
            let junk = self.text[self.from..].find([',', '\n']).unwrap_or(self.text.len() - self.from);
            if !closed || !self.text[self.from..self.from + junk].trim().is_empty() {
                self.stray.get_or_insert(start);
            }
            // What a quote that is never closed swallows is not read as further rows.
            self.from = if closed { self.from + junk } else { self.text.len() };
            return (value.trim().to_owned(), self.from);
        }
        let length = rest.find([',', '\n']).unwrap_or(rest.len());
        self.from += length;
        (rest[..length].trim().to_owned(), self.from)
    }
}
