//! What a run wrote down reads back as what happened: for every scenario of the library, event for event and byte for
//! byte.

use super::play::{Changes, play, read};
use super::yaml_files;
use bongsu::report::names::Names;
use bongsu::report::ndjson::write_event;
use bongsu::report::ndjson_read::Reader;

#[test]
fn every_event_of_every_scenario_reads_back() {
    let mut tried = 0;
    for file in yaml_files("scenarios").iter().filter(|file| !file.contains("/outages/")) {
        let name = file.trim_start_matches("scenarios/").trim_end_matches(".yaml");
        // A million and a half of channels are as many lines of one kind.
        let fewer = if name == "kakao/census" { vec!["census.channels=20000".to_owned()] } else { Vec::new() };
        let scenario = read(name, &Changes { set: fewer, outage: None });
        let (names, mut reader) = (Names::of(&scenario.plan), Reader::of(&scenario.plan));
        let (events, _) = play(&scenario);
        let (mut line, mut again) = (Vec::new(), Vec::new());
        for event in &events {
            line.clear();
            write_event(&mut line, &names, event);
            let back = reader.read_event(&line).unwrap_or_else(|error| panic!("{name}: {error}"));
            again.clear();
            write_event(&mut again, &names, &back);
            assert_eq!((&back, &again), (event, &line), "{name}");
        }
        tried += events.len();
    }
    assert!(tried > 10_000, "only {tried} events were tried");
}
