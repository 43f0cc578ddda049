//! What the store keeps, what it refuses, and what a full or broken disk does to it.

use std::fs;
use std::ops::Range;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use crate::host::control::keep::{Batch, Keep, KeepError};
use crate::host::control::run::RunId;
use crate::host::journal::store::purge::{Retention, purge};
use crate::host::journal::store::row::{Ended, NewRun, StoredRun};
use crate::host::journal::store::writer::Writer;
use crate::host::journal::store::{STORE_FILE, StoreError, open, read};
use crate::sim::engine::Phones;
use crate::sim::engine::input::Input;
use crate::sim::model::ids::{ChannelId, PersonId, SessionId};
use crate::sim::time::SimTime;

pub(super) fn new_run(id: u32) -> NewRun {
    NewRun {
        id: RunId(id),
        name: "lh/집세".to_owned(),
        folder: format!("folder-r{id}"),
        scenario: "scenario: rent\n".to_owned(),
        seed: u64::MAX,
        phones: Phones::Outside,
        build: "0.1.0".to_owned(),
        speed: Some(60),
        begun_s: 1_700_000_000 + i64::from(id),
    }
}

fn ended(at_s: i64) -> Ended {
    Ended { at_s, verdict: Some("PASS".to_owned()), exit: Some(0) }
}

pub(super) fn batch(run: u32, at: u64, inputs: Vec<Input>) -> Arc<Batch> {
    let stamped = |input| (SimTime::from_micros(at), input);
    let inputs = inputs.into_iter().map(stamped).collect();
    let at = SimTime::from_micros(at + 5);
    Arc::new(Batch { run: RunId(run), at, speed: Some(30), paused: true, inputs, key: None })
}

fn bye(session: u32) -> Input {
    Input::Bye { session: SessionId(session) }
}

pub(super) fn say(bytes: usize) -> Input {
    Input::Say { person: PersonId(1), channel: ChannelId(0), text: "말".repeat(bytes / 3) }
}

pub(super) fn writer(data: &Path) -> Writer {
    Writer::start(open::own(data, None).expect("ours")).expect("a thread")
}

fn runs(data: &Path) -> Vec<StoredRun> {
    read::runs(&open::beside(data, false).expect("ours")).expect("readable")
}

fn refused(data: &Path) -> String {
    open::own(data, None).map(drop).expect_err("refused").to_string()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("there").permissions().mode() & 0o777
}

#[tokio::test]
async fn what_was_acknowledged_is_read_back_and_nobody_else_may_read_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("deep/data");
    let writer = writer(&data);
    writer.begin(new_run(1)).await.expect("kept");
    writer.keep(batch(1, 10, vec![bye(1), bye(2)])).await.expect("kept");
    writer.keep(batch(1, 20, Vec::new())).await.expect("kept");
    writer.keep(batch(1, 30, vec![say(90)])).await.expect("kept");
    let going = StoredRun {
        new: NewRun { speed: Some(30), ..new_run(1) },
        paused: true,
        at: SimTime::from_micros(35),
        inputs: 3,
        ended: None,
    };
    assert_eq!(runs(&data), vec![going.clone()]);
    let inputs: Vec<_> = read::inputs(&data, RunId(1)).expect("ours").map(|input| input.expect("whole")).collect();
    let at = SimTime::from_micros;
    assert_eq!(inputs, vec![(at(10), bye(1)), (at(10), bye(2)), (at(30), say(90))]);

    writer.end(RunId(1), SimTime::ZERO, ended(1_700_000_500)).await.expect("kept");
    assert_eq!(runs(&data), vec![StoredRun { ended: Some(ended(1_700_000_500)), ..going }]);
    assert_eq!(mode(&data), 0o700);
    for file in fs::read_dir(&data).expect("there") {
        let path = file.expect("readable").path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[tokio::test]
async fn one_server_a_folder() {
    let data = tempfile::tempdir().expect("a folder");
    let first = writer(data.path());
    assert!(open::served(data.path()).expect("readable"));
    let path = data.path().join(STORE_FILE);
    assert_eq!(refused(data.path()), format!("{}: another bongsu serve writes this journal", path.display()));
    drop(first);
    assert!(!open::served(data.path()).expect("readable"));
    drop(writer(data.path()));
}

#[tokio::test]
async fn what_is_not_ours_or_is_newer_or_damaged_is_refused_by_name() {
    let data = tempfile::tempdir().expect("a folder");
    let path = data.path().join(STORE_FILE);
    let name = path.display();
    let missing = open::beside(data.path(), false).map(drop).expect_err("nothing there");
    assert_eq!(missing.to_string(), format!("{name}: no journal, expected the data folder of a serve"));

    fs::write(&path, "[구청] 모의 알림\n".repeat(200)).expect("writable");
    assert_eq!(refused(data.path()), format!("{name}: not a journal of bongsu, found no database"));

    fs::remove_file(&path).expect("there");
    Connection::open(&path).and_then(|db| db.execute_batch("CREATE TABLE cats (name TEXT)")).expect("a database");
    let foreign = "not a journal of bongsu, found a database of another program (application id 0x0)";
    assert_eq!(refused(data.path()), format!("{name}: {foreign}"));

    fs::remove_file(&path).expect("there");
    drop(writer(data.path()));
    Connection::open(&path).and_then(|db| db.execute_batch("PRAGMA user_version = 3")).expect("ours");
    let newer = "written by a newer bongsu in format 3, this one reads up to 2; use the newer one, or another --data";
    assert_eq!(refused(data.path()), format!("{name}: {newer}"));
    Connection::open(&path).and_then(|db| db.execute_batch("PRAGMA user_version = 2")).expect("ours");

    let writer = writer(data.path());
    writer.begin(new_run(1)).await.expect("kept");
    for at in 0..20 {
        writer.keep(batch(1, at, vec![say(3_000)])).await.expect("kept");
    }
    drop(writer);
    let whole = fs::read(&path).expect("readable");
    fs::write(&path, &whole[..whole.len() / 2]).expect("writable");
    let torn = refused(data.path());
    assert!(torn.starts_with(&format!("{name}: damaged, ")), "{torn}");
    assert!(torn.ends_with("; move it away to begin anew, or restore it"), "{torn}");
}

#[tokio::test]
async fn a_flipped_bit_and_a_missing_row_are_found() {
    let data = tempfile::tempdir().expect("a folder");
    let writer = writer(data.path());
    writer.begin(new_run(7)).await.expect("kept");
    for at in 1..=3 {
        writer.keep(batch(7, at, vec![bye(at as u32)])).await.expect("kept");
    }
    drop(writer);
    let path = data.path().join(STORE_FILE);
    let change = |sql: &str| Connection::open(&path).and_then(|db| db.execute_batch(sql)).expect("ours");
    let first_error = || {
        let mut inputs = read::inputs(data.path(), RunId(7)).expect("ours");
        inputs.find_map(Result::err).expect("damaged").to_string()
    };
    let damaged =
        |what: &str| format!("{}: damaged, run r7: {what}; move it away to begin anew, or restore it", path.display());
    change("UPDATE inputs SET lines = CAST(replace(CAST(lines AS TEXT), '2', '9') AS BLOB) WHERE n = 2");
    assert_eq!(first_error(), damaged("input row 2 does not match its checksum"));
    change("DELETE FROM inputs WHERE n = 2");
    assert_eq!(first_error(), damaged("input row 2 is missing"));
    change("DELETE FROM inputs WHERE n = 3");
    change("UPDATE inputs SET lines = CAST(replace(CAST(lines AS TEXT), '9', '2') AS BLOB) WHERE n = 2");
    assert_eq!(first_error(), damaged("its last 2 inputs are missing"));
}

#[tokio::test]
async fn a_full_disk_takes_nothing_and_the_same_again_when_there_is_room() {
    let data = tempfile::tempdir().expect("a folder");
    let writer = Writer::start(open::own(data.path(), Some(128 * 1_024)).expect("ours")).expect("a thread");
    writer.begin(new_run(1)).await.expect("kept");
    writer.end(RunId(1), SimTime::ZERO, ended(1)).await.expect("kept");
    writer.begin(new_run(2)).await.expect("kept");
    for at in 0..20 {
        writer.keep(batch(1, at, vec![say(3_000)])).await.expect("kept");
    }
    let mut at = 0;
    let error = loop {
        at += 1;
        if let Err(error) = writer.keep(batch(2, at, vec![say(3_000)])).await {
            break error;
        }
    };
    let path = data.path().join(STORE_FILE);
    let expected = format!("cannot write {}: database or disk is full", path.display());
    assert_eq!(error, KeepError::Full(expected));
    let stands = |data: &Path| (runs(data)[1].inputs, runs(data)[1].at);
    let before = (at - 1, SimTime::from_micros(at - 1 + 5));
    assert_eq!(stands(data.path()), before, "nothing of it is there");
    assert!(writer.keep(batch(2, at, vec![say(3_000)])).await.is_err());

    let gone = purge(&open::beside(data.path(), true).expect("ours"), Retention::NOTHING, 10).expect("purged");
    assert_eq!(gone, vec![RunId(1)]);
    writer.keep(batch(2, at, vec![say(3_000)])).await.expect("room again");
    assert_eq!(runs(data.path()).len(), 1);
    assert_eq!(runs(data.path())[0].inputs, at);
}

#[tokio::test]
async fn after_a_failure_nothing_is_acknowledged_ever_again() {
    let data = tempfile::tempdir().expect("a folder");
    let writer = writer(data.path());
    writer.begin(new_run(1)).await.expect("kept");
    assert_eq!(writer.broken(), None);
    let path = data.path().join(STORE_FILE);
    let change = |sql: &str| Connection::open(&path).and_then(|db| db.execute_batch(sql)).expect("ours");
    change("ALTER TABLE inputs RENAME TO hidden");
    let failed = KeepError::Broken(format!("cannot write {}: no such table: inputs", path.display()));
    let answer = writer.keep(batch(1, 1, vec![bye(1)])).await;
    let Err(KeepError::Broken(said)) = &answer else { panic!("{answer:?}") };
    assert!(said.starts_with(&failed.to_string()), "{said}");
    change("ALTER TABLE hidden RENAME TO inputs");
    assert_eq!(writer.keep(batch(1, 1, vec![bye(1)])).await, answer, "not even when it would work");
    assert_eq!(writer.begin(new_run(2)).await, answer);
    assert_eq!(writer.broken().as_ref(), Some(said));
}

#[test]
fn runs_outgrow_their_stay_by_age_and_by_number_but_never_while_they_go_on() {
    let run = |id: u32, ended_s: Option<i64>| StoredRun {
        new: new_run(id),
        paused: false,
        at: SimTime::ZERO,
        inputs: 0,
        ended: ended_s.map(ended),
    };
    let runs = [run(1, None), run(2, Some(100)), run(3, Some(300)), run(4, Some(200)), run(5, Some(400))];
    let gone = |age_s, runs_max| {
        let stay = Retention { age_s, runs: runs_max };
        stay.outgrown(&runs, 450).iter().map(|run| run.new.id.0).collect::<Vec<u32>>()
    };
    assert_eq!(gone(None, None), Vec::<u32>::new());
    assert_eq!(gone(Some(200), None), vec![2, 4]);
    assert_eq!(gone(None, Some(1)), vec![2, 3, 4]);
    assert_eq!(gone(Some(200), Some(3)), vec![2, 4]);
    assert_eq!(gone(None, Some(0)), vec![2, 3, 4, 5]);
    // A real clock that was put back keeps more, one that was put forward a day lets a day's worth go early; nobody else goes.
    let at = |now_s| Retention { age_s: Some(86_400), runs: None }.outgrown(&runs, now_s).len();
    assert_eq!([at(450 - 3_600), at(450), at(450 + 86_400), at(i64::MAX), at(i64::MIN)], [0, 0, 4, 4, 0]);
    assert!(Retention::default().keeps_all() && !Retention::NOTHING.keeps_all());
}

#[tokio::test]
async fn a_purge_takes_folders_along_and_nothing_outside() {
    let outside = tempfile::tempdir().expect("a folder");
    let data = outside.path().join("data");
    let writer = writer(&data);
    for id in 1..=2 {
        writer.begin(new_run(id)).await.expect("kept");
        fs::create_dir(data.join(format!("folder-r{id}"))).expect("made");
    }
    writer.end(RunId(1), SimTime::ZERO, ended(5)).await.expect("kept");
    assert_eq!(writer.purge(Retention::NOTHING, 10).await.expect("purged"), vec![RunId(1)]);
    assert!(!data.join("folder-r1").exists() && data.join("folder-r2").exists());

    fs::create_dir(outside.path().join("dear")).expect("made");
    writer.begin(NewRun { folder: "../dear".to_owned(), ..new_run(3) }).await.expect("kept");
    writer.end(RunId(3), SimTime::ZERO, ended(5)).await.expect("kept");
    let refused = writer.purge(Retention::NOTHING, 10).await.expect_err("no name");
    assert!(matches!(refused, StoreError::Foreign { .. }), "{refused}");
    assert!(outside.path().join("dear").exists());
}

/// A journal of format 1, written by version 0.1.0: a run that is over, and one that was killed after 14 inputs.
#[tokio::test]
async fn a_journal_of_format_1_is_read() {
    let data = tempfile::tempdir().expect("a folder");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/journals/v1").join(STORE_FILE);
    fs::copy(fixture, data.path().join(STORE_FILE)).expect("the fixture is there");
    drop(writer(data.path()));
    let runs = runs(data.path());
    let (over, killed) = (&runs[0], &runs[1]);
    assert_eq!((over.new.id, over.new.seed, over.new.phones, over.new.speed), (RunId(1), 7, Phones::Simulated, None));
    let verdict = Some("INCONCLUSIVE".to_owned());
    assert_eq!(over.ended, Some(Ended { at_s: 1_795_294_435, verdict, exit: Some(2) }));
    assert_eq!((killed.new.phones, killed.new.speed, &killed.ended), (Phones::Outside, Some(30), &None));
    assert!(killed.new.scenario.starts_with("scenario: kept\n"), "{}", killed.new.scenario);
    assert_eq!((killed.at, killed.inputs), (SimTime::from_micros(122_896_590), 14));
    assert_eq!(read::keys(data.path(), RunId(2)).expect("ours"), [], "it had none, and can have them now");
    let inputs: Vec<_> =
        read::inputs(data.path(), RunId(2)).expect("ours").map(|input| input.expect("whole")).collect();
    assert_eq!(inputs.len(), 14);
    assert!(matches!(&inputs[0].1, Input::Hello { .. }), "{:?}", inputs[0]);
    let posted = inputs.iter().any(|(_, input)| matches!(input, Input::PostFault(fault) if fault.name == "slow"));
    assert!(posted, "{inputs:?}");
}

/// A journal of format 2, written by version 0.1.0: a run that took a request with a key and was killed.
#[tokio::test]
async fn a_journal_of_format_2_is_read() {
    let data = tempfile::tempdir().expect("a folder");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/journals/v2").join(STORE_FILE);
    fs::copy(fixture, data.path().join(STORE_FILE)).expect("the fixture is there");
    drop(writer(data.path()));
    let runs = runs(data.path());
    assert_eq!((runs.len(), runs[0].new.id, &runs[0].ended), (1, RunId(1), &None));
    let keys = read::keys(data.path(), RunId(1)).expect("ours");
    let named: Vec<(&str, Range<u64>)> = keys.iter().map(|key| (key.keyed.key.as_str(), key.inputs.clone())).collect();
    assert_eq!(named, [("bill-17", 0..2), ("bill-18", 2..3)]);
    let inputs: Vec<Input> =
        read::inputs(data.path(), RunId(1)).expect("ours").map(|input| input.expect("whole").1).collect();
    assert_eq!(runs[0].inputs, inputs.len() as u64);
    assert!(inputs.iter().all(|input| matches!(input, Input::Submit { .. })), "{inputs:?}");
}

#[tokio::test]
async fn one_run_is_let_go_of_and_no_other_and_none_that_goes_on() {
    let data = tempfile::tempdir().expect("a folder");
    let writer = writer(data.path());
    for id in 1..=3 {
        writer.begin(new_run(id)).await.expect("kept");
        fs::create_dir(data.path().join(format!("folder-r{id}"))).expect("made");
    }
    for id in 1..=2 {
        writer.end(RunId(id), SimTime::ZERO, ended(5)).await.expect("kept");
    }
    assert_eq!(writer.forget(RunId(1)).await, Ok(true));
    assert_eq!(writer.forget(RunId(1)).await, Ok(false), "it is gone");
    assert_eq!(writer.forget(RunId(3)).await, Ok(false), "it goes on");
    let left = runs(data.path()).iter().map(|run| run.new.id.0).collect::<Vec<u32>>();
    assert_eq!(left, [2, 3]);
    assert!(!data.path().join("folder-r1").exists() && data.path().join("folder-r2").exists());
}
