//! `ages:`: bands of age. Each is a group of its own name, so that expectations, reports and `for:` can speak of it.
//!
//! Of people by number, the file says how many are in each band; of people by list, a column says how old each is, and
//! the bands may be named. Deliberately not here: what people of an age do; that is a row of its own.

use crate::sim::dice::Share;
use crate::sim::model::ids::GroupId;
use crate::sim::plan::Plan;
use crate::sim::scenario::people::{group, shares, whole};
use crate::sim::scenario::problem::{At, Issue, Problems};
use crate::sim::scenario::reader::{Fields, items, text};
use crate::sim::scenario::table::Shape;

/// `ages:`.
pub(super) const SHAPE: Shape = Shape::Either(&[Shape::Named(&Shape::Share), Shape::List(&Shape::Text)]);

/// Nobody is older.
pub(super) const AGE_MAX: u8 = 130;

const BANDS_MAX: usize = 32;
/// What a list's ages are sorted into when its row does not say: minors, adults, and those whom the Act on welfare of
/// the aged calls old.
const USUAL: [&str; 3] = ["0-18", "19-64", "65-"];

/// A band, its group, and the share of people in it if the file says.
pub(super) struct Band {
    low: u8,
    high: u8,
    pub(super) group: GroupId,
    pub(super) share: Share,
}

/// Bands with shares, of people by number.
pub(super) fn by_share(fields: &Fields<'_>, plan: &mut Plan, problems: &mut Problems) -> Vec<Band> {
    let Some(entry) = fields.entry("ages") else { return Vec::new() };
    let mut bands = Vec::new();
    let rows = shares(fields, "ages", problems);
    for (row, share) in &rows {
        add(&row.key, *share, row.key_at, &mut bands, plan, problems);
    }
    if !rows.is_empty() {
        whole("ages", &entry.node, rows.iter().map(|row| row.1), problems);
    }
    bands
}

/// Bands by name, for a list with ages; the usual ones if the row names none.
pub(super) fn by_name(fields: &Fields<'_>, at: At, plan: &mut Plan, problems: &mut Problems) -> Vec<Band> {
    let mut bands = Vec::new();
    match fields.get("ages", problems) {
        Some(node) => {
            for item in items("ages", node, BANDS_MAX, problems) {
                if let Some(name) = text("ages", item, problems) {
                    add(name, Share::NONE, item.at, &mut bands, plan, problems);
                }
            }
        }
        None => USUAL.iter().for_each(|name| add(name, Share::NONE, at, &mut bands, plan, problems)),
    }
    bands
}

/// The group of an age; `None` where no band has it.
pub(super) fn of(bands: &[Band], age: u8) -> Option<GroupId> {
    bands.iter().find(|band| (band.low..=band.high).contains(&age)).map(|band| band.group)
}

fn add(name: &str, share: Share, at: At, bands: &mut Vec<Band>, plan: &mut Plan, problems: &mut Problems) {
    let Some((low, high)) = range(name) else {
        let issue = Issue::new("나이대가 아닙니다", "no band of ages")
            .expected("0-18 또는 65- 같은 나이대", "one like 0-18 or 65-")
            .found(name);
        return problems.add(at, issue);
    };
    if bands.iter().any(|band| low <= band.high && band.low <= high) {
        let issue = Issue::new("나이대가 겹칩니다", "bands of ages overlap").found(name);
        return problems.add(at, issue);
    }
    bands.extend(group(name, at, plan, problems).map(|group| Band { low, high, group, share }));
}

/// `19-64`, `65-`.
fn range(name: &str) -> Option<(u8, u8)> {
    let age = |text: &str| text.parse::<u8>().ok().filter(|age| *age <= AGE_MAX);
    let (low, high) = name.split_once('-')?;
    let (low, high) = (age(low)?, if high.is_empty() { AGE_MAX } else { age(high)? });
    (low <= high).then_some((low, high))
}
