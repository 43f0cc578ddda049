//! Names for ids, ready to be written: every name stands here as a finished JSON string, quotes and escapes included,
//! so that writing an event copies bytes and nothing else.

use std::fmt::Write as _;

use crate::sim::model::ids::{ButtonId, CounterId, FaultId, KindId};
use crate::sim::model::service::{Named, Table};
use crate::sim::plan::Plan;
use crate::sim::plan::numbers::Numbers;

/// The names that events point at.
#[derive(Clone, Debug, Default)]
pub struct Names {
    faults: Vec<String>,
    pub(super) kinds: Vec<String>,
    pub(super) counters: Vec<String>,
    states: Vec<String>,
    pub(super) buttons: Vec<String>,
    pub(super) channels: Vec<String>,
    pub(super) stocks: Vec<String>,
    /// Who has which number.
    pub(super) numbers: Numbers,
}

impl Names {
    /// The names of a plan.
    pub fn of(plan: &Plan) -> Names {
        Names {
            faults: plan.faults.iter().map(|fault| quoted(&fault.name)).collect(),
            kinds: plan.kinds.iter().map(|kind| quoted(&kind.key)).collect(),
            counters: plan.counters.iter().map(|name| quoted(name)).collect(),
            states: plan.services.talk.states.iter().map(|name| quoted(name)).collect(),
            buttons: plan.buttons.iter().map(|name| quoted(name)).collect(),
            channels: plan.channels.iter().map(|channel| quoted(&channel.key)).collect(),
            stocks: plan.services.stocks.iter().map(|stock| quoted(&stock.key)).collect(),
            numbers: Numbers::of(plan),
        }
    }

    /// One more fault, posted while the run goes on; it gets the next `FaultId`.
    pub fn add_fault(&mut self, name: &str) {
        self.faults.push(quoted(name));
    }

    /// How many faults have names; the next [`Names::add_fault`] names this id.
    pub fn faults(&self) -> usize {
        self.faults.len()
    }

    pub(crate) fn fault(&self, id: FaultId) -> &str {
        known(&self.faults, id.index())
    }

    pub(crate) fn kind(&self, id: KindId) -> &str {
        known(&self.kinds, id.index())
    }

    pub(crate) fn counter(&self, id: CounterId) -> &str {
        known(&self.counters, id.index())
    }

    pub(crate) fn button(&self, id: ButtonId) -> &str {
        known(&self.buttons, id.index())
    }

    pub(crate) fn of_table(&self, named: Named) -> &str {
        let names = match named.table {
            Table::Channel => &self.channels,
            Table::Kind => &self.kinds,
            Table::Counter => &self.counters,
            Table::Stock => &self.stocks,
            Table::State => &self.states,
            Table::Fault => &self.faults,
        };
        known(names, named.place)
    }
}

/// A nameless id is a mistake of the caller, but no reason to lose a journal: it is written as `"?"`.
fn known(names: &[String], index: usize) -> &str {
    names.get(index).map_or("\"?\"", String::as_str)
}

/// A JSON string with its quotes.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            plain => out.push(plain),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_is_quoted_reads_back_as_it_was() {
        for text in ["", "pay", "납부", "a\"b\\c", "line\nbreak\ttab\r", "\u{0}\u{1f}\u{7f}\u{2028}", "👩‍👩‍👧"]
        {
            assert_eq!(serde_json::from_str::<String>(&quoted(text)).expect("valid JSON"), text);
        }
    }
}
