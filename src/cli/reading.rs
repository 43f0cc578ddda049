//! From an argument to a scenario that can be run: found, read, and changed as the command line asks.

use crate::cli::exit::Failure;
use crate::cli::io::Io;
use crate::cli::library::{self, Files};
use crate::cli::values::{OutageArg, SetArg};
use crate::report::next::quoted;
use crate::report::text::terminal::clean;
use crate::sim::model::words::Words;
use crate::sim::scenario::{self, Options, OutageAt, Scenario};

/// Changes to scenarios; the same ones for `run` and `check`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Changes {
    /// Lay an outage pack over the scenario, beginning at AT (start of the run when not given); may be repeated
    #[arg(long, value_name = "PACK[@AT]")]
    pub outage: Vec<OutageArg>,
    /// Another seed for all luck than the file's
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Change a value of the scenario, as in sender.policy=timer; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<SetArg>,
    /// Scale the population to N people
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=19_990_000))]
    pub phones: Option<u32>,
}

/// What is typed after `bongsu run` to read the same once more.
pub fn typed(wanted: &str, changes: &Changes) -> String {
    let Changes { outage, seed, set, phones } = changes;
    let mut words = vec![quoted(wanted)];
    let mut change = |flag: &str, value: &str| words.push(format!("{flag} {}", quoted(value)));
    outage.iter().for_each(|outage| change("--outage", &outage.to_string()));
    seed.iter().for_each(|seed| change("--seed", &seed.to_string()));
    set.iter().for_each(|SetArg(set)| change("--set", &format!("{}={}", set.path, set.value)));
    phones.iter().for_each(|phones| change("--phones", &phones.to_string()));
    words.join(" ")
}

/// Reads a scenario by path or name.
pub fn read(wanted: &str, changes: &Changes, io: &Io) -> Result<Scenario, Failure> {
    let usage = |words: Words| Failure::usage(&words, io.lang);
    let found = library::scenario(wanted).map_err(usage)?;
    if scenario::is_pack(&found.text) {
        let name = clean(wanted);
        return Err(usage(Words {
            ko: format!("{name}은(는) 시나리오가 아니라 장애 꾸러미임: 시나리오 위에 --outage {name} 으로 얹을 것"),
            en: format!("{name} is an outage pack and no scenario: lay it over one with --outage {name}"),
        }));
    }
    let mut files = Files::default();
    let mut outages = Vec::with_capacity(changes.outage.len());
    for arg in &changes.outage {
        outages.push(OutageAt { name: library::pack(&arg.pack, &mut files).map_err(usage)?, at: arg.at });
    }
    let options = Options {
        settings: changes.set.iter().map(|set| set.0.clone()).collect(),
        outages,
        seed: changes.seed,
        people: changes.phones,
        resolved: false,
    };
    let read = scenario::read(&found.name, &found.text, &files, &options);
    read.map_err(|problems| Failure::Problems(problems.render(io.lang, io.err_color)))
}

#[cfg(test)]
mod tests {
    use super::{Changes, typed};
    use crate::sim::scenario::Setting;

    #[test]
    fn what_is_typed_again_has_every_change() {
        assert_eq!(typed("first-minute", &Changes::default()), "first-minute");
        let set = |path: &str, value: &str| super::SetArg(Setting { path: path.to_owned(), value: value.to_owned() });
        let changes = Changes {
            outage: vec!["2022-10-15-pangyo@1h30m".parse().expect("a pack"), "slack".parse().expect("a pack")],
            seed: Some(9),
            set: vec![set("timeline.1.recover", "flush"), set("expect.0.must", "count(x) == 1")],
            phones: Some(500),
        };
        assert_eq!(
            typed("a b.yaml", &changes),
            "'a b.yaml' --outage 2022-10-15-pangyo@1h30m --outage slack --seed 9 --set timeline.1.recover=flush \
             --set 'expect.0.must=count(x) == 1' --phones 500"
        );
    }
}
