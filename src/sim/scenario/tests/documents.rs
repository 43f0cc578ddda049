//! Certified documents, exchanges, broadcasts and dispatch in the file: what is read, and what is said of what cannot be.

use super::{reading, rent};
use crate::sim::dice::Share;
use crate::sim::model::medium::Medium;
use crate::sim::model::words::Lang;
use crate::sim::plan::service::alert::Level;
use crate::sim::plan::service::certified::Ends;
use crate::sim::time::Span;

const DOCUMENTS: &str = r#"scenario: documents
people: { offices: { count: 10, holder: { other: 10% }, reads: { heeds: 25% } } }
notices:
  bill:
    certified: { text: "고지", identity: { takes: 30s, fails: 2% }, link: 7d, remind: { before: 1d, text: "하루" }, certificates: both }
    letter: "고지"
    route: [{ try: certified, until: opened, within: 8d }, { try: letter }]
timeline:
  - { at: 0s, exchange: bill, among: offices, count: 30, over: 1h }
"#;

/// The file with a piece of it replaced.
fn documents(from: &str, to: &str) -> super::Reading {
    assert!(DOCUMENTS.contains(from), "{from}");
    reading(DOCUMENTS.replace(from, to))
}

#[test]
fn a_certified_document_is_read_whole_and_resolves_to_itself() {
    let scenario = reading(DOCUMENTS).good();
    let row = &scenario.plan.services.certified[0];
    assert_eq!((row.link, row.certificates), (Some(Span::from_days(7)), Some(Ends::Both)));
    assert_eq!((row.identity.fails, row.identity.takes.longest()), (Share::from_ppm(20_000), Span::from_secs(30)));
    let reminder = row.reminder.expect("a reminder");
    let kind = &scenario.plan.kinds[reminder.kind.index()];
    assert_eq!((kind.key.as_str(), kind.route[0].medium), ("remind/bill", Medium::Alimtalk));
    assert!(scenario.plan.replies().any(|reply| reply == reminder.kind), "it is no notice of the agency's own");
    let traits = &scenario.plan.cohorts[0].traits;
    assert_eq!((traits.other_holder, traits.heeds), (Share::from_ppm(100_000), Share::from_ppm(250_000)));
    let line = &scenario.plan.services.exchanges[0];
    assert_eq!((line.among.count, line.count, line.over), (10, 30, Span::from_hours(1)));
    let again = reading(scenario.resolved.clone()).good();
    assert_eq!(again.resolved, scenario.resolved);
}

#[test]
fn what_is_wrong_with_a_certified_document_is_said_where_it_stands() {
    documents("certificates: both", "certificates: all").says(&["5:127 `certificates` does not know this word"]);
    documents("link: 7d", "lnik: 7d")
        .says(&["5:67 unknown key `lnik`", "5:95 a reminder comes before the `link` runs out"]);
    documents("fails: 2%", "fails: 2").says(&["5:61 `fails` is not a share"]);
    documents("before: 1d", "before: 8d").says(&["5:95 a reminder comes before the `link` runs out"]);
    rent("alimtalk: {", "alimtalk: { link: 7d,").says(&["24:15 unknown key `link`", "30:17 unknown key `link`"]);
    documents("holder: { other: 10% }", "holder: { own: 80%, other: 10% }")
        .says(&["2:41 the shares of `holder` do not add up"]);
    let korean = documents("before: 1d", "before: 8d").problems().render(Lang::Ko, false);
    assert!(korean.starts_with("오류: 다시 알림은 `link` 기한 안이어야 합니다"), "{korean}");
}

#[test]
fn what_is_wrong_with_an_exchange_is_said_where_it_stands() {
    documents("exchange: bill", "exchange: bil").says(&["9:25 there is no notice `bil`"]);
    documents("among: offices", "among: 1 people").says(&["9:38 it takes two to exchange a document"]);
    documents("count: 30, ", "").says(&["9:5 `count` is missing"]);
    documents("count: 30", "count: 0").says(&["9:54 `count` is out of range"]);
}

const ALERT: &str = r#"scenario: alert
people: { all: { count: 10, regions: { a: 50%, b: 50% }, stands: { a: 30% }, old_phones: 10%, mutes: { safety: 20% } } }
notices: { cbs: { broadcast: { level: urgent, text: "짧게", long: "길게 씁니다" } } }
timeline:
  - { at: 0s, send: cbs, to: { standing_in: [a] } }
"#;

#[test]
fn a_cell_broadcast_is_read_whole_and_resolves_to_itself() {
    let scenario = reading(ALERT).good();
    let alert = scenario.plan.services.alert(scenario.plan.sends[0].kind).expect("a broadcast");
    assert_eq!((alert.level, alert.long.is_some(), alert.medium), (Level::Urgent, true, Medium::Broadcast));
    let traits = &scenario.plan.cohorts[0].traits;
    assert_eq!(traits.stands.iter().map(|row| row.1.ppm()).collect::<Vec<_>>(), [300_000]);
    assert_eq!((traits.old_phone.ppm(), traits.mutes.map(Share::ppm)), (100_000, [0, 0, 200_000]));
    assert_eq!(scenario.plan.sends[0].to.standing_in.len(), 1);
    assert_eq!(reading(scenario.resolved.clone()).good().resolved, scenario.resolved);
}

#[test]
fn what_is_wrong_with_a_cell_broadcast_is_said_where_it_stands() {
    let alert = |from: &str, to: &str| reading(ALERT.replace(from, to));
    alert("level: urgent", "level: loud").says(&["3:39 `level` does not know this word"]);
    alert("길게 씁니다", &"가".repeat(158)).says(&["3:65 the long text of a cell broadcast is too long"]);
    alert("standing_in: [a]", "standing_in: [c]").says(&["5:46 there is no region `c`"]);
    alert("mutes: { safety", "mutes: { critical").says(&["2:104 unknown key `critical`"]);
    alert("stands: { a: 30% }", "stands: { a: 70%, b: 40% }").says(&["2:66 the shares of `stands` are over 100%"]);
}

const TAXI: &str = r#"scenario: taxi
people: { riders: { count: 5 }, drivers: { count: 3, presses: { take: 60% } } }
notices:
  call: { alimtalk: { text: "부름", buttons: [{ take: BK, label: "수락" }] } }
  coming: { alimtalk: "갑니다" }
dispatch: { drivers: drivers, grid: 9, offer: { send: call, take: take, for: 15s }, coming: coming, ride: 9m, patience: 4m }
timeline: [{ at: 0s, hail: riders, over: 1h }]
"#;

#[test]
fn a_dispatch_is_read_whole_and_resolves_to_itself() {
    let scenario = reading(TAXI).good();
    let dispatch = scenario.plan.services.dispatch.as_ref().expect("a dispatch");
    assert_eq!((dispatch.drivers.first.0, dispatch.drivers.count), (5, 3));
    assert_eq!((dispatch.grid, dispatch.nearest, dispatch.stands), (9, 5, Span::from_secs(15)));
    assert_eq!(scenario.plan.replies().collect::<Vec<_>>(), [dispatch.coming], "offers are the run's own notices");
    assert_eq!(scenario.plan.services.hails[0].who.count, 5);
    assert_eq!(reading(scenario.resolved.clone()).good().resolved, scenario.resolved);
    let wrong = |from: &str, to: &str| reading(TAXI.replace(from, to));
    wrong("take: take", "take: tkae").says(&["6:67 there is no button `tkae`"]);
    wrong("send: call", "send: coming").says(&["6:69 the notice has no such button"]);
    wrong("for: 15s", "for: 0s").says(&["6:78 this is too short"]);
    wrong("grid: 9, ", "").says(&["6:11 `grid` is missing"]);
    reading("scenario: x\npeople: { a: { count: 2 } }\ntimeline: [{ at: 0s, hail: a }]\n")
        .says(&["3:22 there is no `dispatch` to ask for a ride"]);
    wrong("hail: riders", "hail: ridres").says(&["7:28 there is no row of people `ridres`"]);
}
