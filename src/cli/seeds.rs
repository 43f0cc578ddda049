//! `--seeds N`: the same scenario under N seeds, to tell what holds from what was luck.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Mutex;

use crate::cli::exit::{Exit, Failure};
use crate::cli::interrupt::Interrupt;
use crate::cli::io::Io;
use crate::cli::rehearse::{self, Nowhere};
use crate::report::text::terminal::{Tone, clean, fit, right};
use crate::report::view::RunView;
use crate::report::words::{self, number, percent};
use crate::sim::dice::Seed;
use crate::sim::expect::verdict::Overall;
use crate::sim::model::words::Lang;
use crate::sim::scenario::Scenario;

/// Seeds that are named of those that did not pass.
const NAMED_MAX: usize = 10;
/// Seeds that are played at once; each needs the memory of a run.
const AT_ONCE_MAX: usize = 8;
/// Columns of a promise's reason.
const WHY: usize = 48;

/// What came of all seeds.
#[derive(Debug, Default)]
struct Table {
    runs: u64,
    verdicts: BTreeMap<Overall, u64>,
    /// Kept so often, by the promise's place.
    kept: Vec<u64>,
    not_passed: Vec<u64>,
    last: Option<RunView>,
}

/// What the workers share.
#[derive(Debug, Default)]
struct State {
    /// The next seed to take, counted from the scenario's own.
    next: u64,
    /// What came of seeds before which another is still missing: fewer than there are workers.
    early: BTreeMap<u64, RunView>,
    table: Table,
    failed: Option<String>,
}

/// Runs the scenario's own seed and the ones after it; the exit is the worst verdict's. Each processor takes the next
/// seed, and what came of them is told in their order: the table does not depend on who was quick.
pub fn run(scenario: &Scenario, count: u32, quiet: bool, interrupt: &Interrupt, io: &mut Io) -> Result<Exit, Failure> {
    let state = Mutex::new(State::default());
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(AT_ONCE_MAX);
    std::thread::scope(|scope| {
        for _ in 0..workers.min(count as usize) {
            scope.spawn(|| work(scenario, u64::from(count), &state, interrupt));
        }
    });
    let State { table, failed, .. } = state.into_inner().expect("a worker that panics has ended the program");
    if let Some(why) = failed {
        return Err(Failure::Simulator(why));
    }
    let text = if quiet { table.line(io.lang) } else { table.text(io) };
    io.out.write_all(text.as_bytes())?;
    Ok(table.verdicts.keys().copied().map(Exit::of).max().unwrap_or(Exit::Stopped))
}

/// Takes seeds until there are none.
fn work(scenario: &Scenario, count: u64, state: &Mutex<State>, interrupt: &Interrupt) {
    let lock = || state.lock().expect("no worker panics with the lock");
    let mut scenario = scenario.clone();
    let first = scenario.plan.seed.0;
    loop {
        let step = {
            let mut state = lock();
            if interrupt.is_asked() || state.next == count || state.failed.is_some() {
                return;
            }
            state.next += 1;
            state.next - 1
        };
        scenario.plan.seed = Seed(first.wrapping_add(step));
        let view = rehearse::in_virtual_time(&scenario, &mut Nowhere, interrupt, &mut |_| {});
        let mut state = lock();
        match view {
            Ok(view) => state.take(step, view),
            Err(error) => state.failed = Some(error.message),
        }
    }
}

impl State {
    /// Takes what came of a seed, and tells whatever is next in order.
    fn take(&mut self, step: u64, view: RunView) {
        self.early.insert(step, view);
        while let Some(view) = self.early.remove(&self.table.runs) {
            self.table.add(view);
        }
    }
}

impl Table {
    fn add(&mut self, view: RunView) {
        self.runs += 1;
        *self.verdicts.entry(view.verdict).or_default() += 1;
        if view.verdict != Overall::Pass && self.not_passed.len() < NAMED_MAX {
            self.not_passed.push(view.seed);
        }
        self.kept.resize(view.clauses.len(), 0);
        for (kept, clause) in self.kept.iter_mut().zip(&view.clauses) {
            *kept += u64::from(clause.kept());
        }
        self.last = Some(view);
    }

    fn line(&self, lang: Lang) -> String {
        let count = |overall: Overall| self.verdicts.get(&overall).copied().unwrap_or(0);
        let all = [Overall::Pass, Overall::Fail, Overall::Inconclusive, Overall::Stopped];
        let counts = all.map(|overall| format!("{} {}", words::verdict(overall, lang), number(count(overall))));
        let name = self.last.as_ref().map_or("", |view| view.name.as_str());
        format!("{}: {}\n", clean(name), counts.join(" · "))
    }

    fn text(&self, io: &Io) -> String {
        let mut out = self.line(io.lang);
        let runs = match io.lang {
            Lang::Ko => format!("시드 {}개에서 약속이 지켜진 비율", number(self.runs)),
            Lang::En => format!("how often each promise was kept, over {} seeds", number(self.runs)),
        };
        out.push_str(&format!("{}\n", io.look.paint(Tone::Head, &runs)));
        let clauses = self.last.iter().flat_map(|view| &view.clauses);
        for (clause, kept) in clauses.zip(&self.kept) {
            let why = clause.why.text(io.lang);
            let why = if why.trim().is_empty() { &clause.source } else { why };
            let (sign, tone) = if *kept == self.runs { ("✔", Tone::Good) } else { ("✘", Tone::Bad) };
            let share = right(&percent(*kept, self.runs), 7);
            let line = format!(
                "{} {} {} {share}  {}",
                io.look.paint(tone, sign),
                fit(why, WHY),
                fit(words::strength(clause.strength, io.lang), 10),
                number(*kept)
            );
            out.push_str(&format!("  {line}\n"));
        }
        if !self.not_passed.is_empty() {
            let seeds: Vec<String> = self.not_passed.iter().map(u64::to_string).collect();
            let more = if self.not_passed.len() == NAMED_MAX { " …" } else { "" };
            out.push_str(&format!(
                "{} {}{more}\n",
                io.pick("통과하지 못한 시드:", "seeds that did not pass:"),
                seeds.join(", ")
            ));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::Table;
    use crate::cli::io::Io;
    use crate::report::sample;
    use crate::sim::expect::verdict::Overall;
    use crate::sim::model::words::Lang;

    #[test]
    fn every_promise_has_its_share_and_the_bad_seeds_are_named() {
        let mut table = Table::default();
        table.add(sample::run());
        let mut good = sample::run();
        good.verdict = Overall::Pass;
        good.clauses[2].outcome = good.clauses[1].outcome;
        table.add(good);
        let mut io = Io::new(Vec::new(), Vec::new());
        io.lang = Lang::En;
        let expected = "\
lh-rent-blackout: PASS 1 · FAIL 1 · INCONCLUSIVE 0 · STOPPED 0
how often each promise was kept, over 2 seeds
  ✔ alimtalk works before the fault                  steady      100.0%  2
  ✔ nobody is lost to the outage                     must        100.0%  2
  ✘ one bill for one home                            must         50.0%  1
  ✘ the budget in won                                should        0.0%  0
  ✘ the flood really came                            sometimes     0.0%  0
  ✔ runaway sender                                   stop        100.0%  2
seeds that did not pass: 20221015
";
        assert_eq!(table.text(&io), expected);
    }
}
