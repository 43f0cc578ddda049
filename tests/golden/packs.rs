//! Every outage pack over one and the same quiet day: what becomes of it, as the table of `docs/outages.md`, and what
//! each must come to, so that no two packs are one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use super::play::{Changes, play, read};
use super::{compare, root};
use bongsu::cli::library;
use bongsu::sim::expect::verdict::{Overall, Verdict};
use bongsu::sim::model::event::{Event, EventKind};
use bongsu::sim::model::medium::Medium;
use bongsu::sim::time::SimTime;

const PAGE: &str = "docs/outages.md";
const FROM: &str = "<!-- from here on made by: UPDATE_GOLDEN=1 cargo test packs -->";

/// The day that all packs are laid over: three hundred people, sent to over six hours, looked at for three hundred
/// days. The pack begins when an hour has gone by.
const DAY: [&str; 2] = ["timeline.0.over=6h", "clock.stop=300d"];
const BEGINS_S: u64 = 3_600;
const PEOPLE: u64 = 300;

/// What became of the three hundred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Row {
    /// First shown within two minutes, within an hour, within a day, later.
    within: [u64; 4],
    /// Shown more than once.
    twice: u64,
    /// Texts handed in.
    texts: u64,
    /// What it cost, in won.
    won: u64,
    /// Connections that a fault cut.
    cut: u64,
}

impl Row {
    fn never(self) -> u64 {
        PEOPLE - self.within.iter().sum::<u64>()
    }
}

fn row(events: &[Event], verdict: &Verdict) -> Row {
    let mut row = Row::default();
    let mut created: BTreeMap<u32, (SimTime, u64)> = BTreeMap::new();
    for event in events {
        match event.kind {
            EventKind::Created { notice, .. } => {
                created.insert(notice.0, (event.at, 0));
            }
            EventKind::Shown { attempt, .. } => {
                let (since, shown) = created.get_mut(&attempt.notice.0).expect("shown after it was made");
                *shown += 1;
                if *shown > 1 {
                    row.twice += u64::from(*shown == 2);
                    continue;
                }
                let minutes = event.at.since(*since).micros() / 60_000_000;
                row.within[[2, 60, 1_440].partition_point(|most| minutes >= *most)] += 1;
            }
            EventKind::Submitted { medium: Medium::Sms | Medium::Lms, .. } => row.texts += 1,
            EventKind::SessionClosed { fault: Some(_), .. } => row.cut += 1,
            _ => {}
        }
    }
    row.won = verdict.figures.cost.iter().sum::<u64>() / 100;
    row
}

fn under(pack: Option<&str>) -> (Row, Verdict) {
    let set = DAY.map(str::to_owned).to_vec();
    let outage = pack.map(|pack| (pack.to_owned(), BEGINS_S));
    let (events, verdict) = play(&read("lessons/quiet-day", &Changes { set, outage }));
    (row(&events, &verdict), verdict)
}

fn table(rows: &[(String, Row, Overall)]) -> String {
    let mut out = String::from(
        "\n| pack | ≤ 2 min | ≤ 1 h | ≤ 1 day | later | never | twice | texts | won | cut | verdict |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (name, row, overall) in rows {
        let [soon, hour, day, later] = row.within;
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "| {name} | {soon} | {hour} | {day} | {later} | {} | {} | {} | {} | {} | {} |",
            row.never(),
            row.twice,
            row.texts,
            row.won,
            row.cut,
            overall.name()
        );
    }
    out
}

#[test]
fn every_pack_bites_in_its_own_way() {
    let (calm, verdict) = under(None);
    assert_eq!((calm.within, calm.twice, calm.cut, verdict.overall), ([298, 0, 0, 0], 0, 0, Overall::Pass));
    let mut rows = vec![("*(none)*".to_owned(), calm, verdict.overall)];
    for pack in library::packs() {
        let (row, verdict) = under(Some(&pack));
        let hits: u64 = verdict.faults.iter().map(|fault| fault.hits).sum();
        assert!(hits > 0, "{pack} bit nobody");
        assert!(of_its_kind(&pack, row, calm), "{pack}: {row:?}");
        rows.push((format!("`{pack}`"), row, verdict.overall));
    }
    for (place, one) in rows.iter().enumerate() {
        let twin = rows[..place].iter().find(|other| other.1 == one.1);
        assert!(twin.is_none(), "{} does what {:?} does", one.0, twin.map(|twin| &twin.0));
    }
    let page = fs::read_to_string(root().join(PAGE)).expect("the page is there");
    let (by_hand, _) = page.split_once(FROM).expect("the page has the mark after which it is made");
    compare(PAGE, &format!("{by_hand}{FROM}\n{}", table(&rows)));
}

/// What the world says of each pack, in figures: a table that was rewritten without being read still fails here.
fn of_its_kind(pack: &str, row: Row, calm: Row) -> bool {
    let [soon, hour, day, later] = row.within;
    let more_texts = row.texts - calm.texts.min(row.texts);
    match pack {
        // Only texts stand still, and nobody looks at them any more: November.
        "2019-02-14-syniverse" => later >= 3 && later < calm.texts && row.twice == 0 && row.texts == calm.texts,
        // Calm for an hour, then the wall: told of failure, so nobody is late and nobody hears it twice.
        "2021-01-04-slack" => soon >= 290 && more_texts >= 80 && row.twice <= 3 && row.cut == 0,
        // Silence for four in ten: a text after a minute, and the talk when it is over.
        "2021-05-05-kakao" => soon >= 290 && more_texts >= 20 && row.twice >= 20 && row.cut == 0,
        // Everything: cut, silent first (those twice), refused afterwards (those once).
        "2022-10-15-pangyo" => row.cut >= 280 && more_texts >= 200 && (30..90).contains(&row.twice) && later == 0,
        // Six minutes of six hours.
        "2024-05-13-kakao" => (1..=8).contains(&more_texts) && row.twice == 0 && row.cut == 0,
        // All are cut once; who cannot come back gets the text and later the talk.
        "2024-05-21-kakao" => row.cut >= 280 && (1..=12).contains(&row.twice) && more_texts <= 15,
        // The sender is gone: nobody hears on any medium for days, and no text more than usual goes out.
        "2025-09-26-nirs" => later >= 200 && hour + day <= 30 && row.texts == calm.texts && row.cut == 0,
        // Talk and text of one house: hours late, by text, once.
        "2026-02-28-csid" => day >= 150 && more_texts >= 200 && row.twice == 0 && later == 0,
        // Some heard that it failed, and it had not.
        "accept-then-reset" => (1..=10).contains(&row.twice) && more_texts <= 10 && row.cut == 0,
        "receipts-lost-30pct" => (8..=30).contains(&row.twice) && more_texts >= row.twice && soon >= 290,
        unknown => panic!("{unknown} has no line here"),
    }
}

/// The shortest exercise there is, two minutes and a hundred people, is long enough to meet every pack.
#[test]
fn every_pack_bites_the_first_minute_too() {
    for pack in library::packs() {
        let changes = Changes { set: vec![], outage: Some((pack.clone(), 0)) };
        let scenario = read("first-minute", &changes);
        let (_, verdict) = play(&scenario);
        let of_pack = scenario.plan.faults.iter().zip(&verdict.faults);
        let hits: u64 = of_pack.filter(|(fault, _)| fault.pack.is_some()).map(|(_, told)| told.hits).sum();
        assert!(hits >= 5, "{pack}: {hits} hits");
    }
}
