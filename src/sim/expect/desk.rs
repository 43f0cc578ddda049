//! The desk's books, closed when the run is over: which press got which answer, and who was granted too much.
//!
//! An answer does not say which press it answers. It is taken to answer the oldest press of its rule's button that the
//! same person made before it and that nothing has answered yet.

use std::collections::BTreeSet;

use crate::sim::expect::ledger::Ledger;
use crate::sim::expect::rows::AnswerRow;
use crate::sim::plan::Trigger;

impl Ledger {
    /// Matches presses with answers and finds surplus grants; once, after the last event.
    pub(super) fn settle(&mut self) {
        self.clicks = self.presses.iter().map(|press| (press.notice, press.button)).collect();
        self.match_presses();
        self.find_surplus();
        self.recall_friends();
        self.match_receipts();
        self.close_credits();
        self.close_forms();
    }

    /// Each answer of a rule that waits for a button goes to the person's oldest unanswered press of that button.
    fn match_presses(&mut self) {
        let mut presses: Vec<(u32, u16, usize)> =
            self.presses.iter().enumerate().map(|(row, press)| (press.person.0, press.button.0, row)).collect();
        presses.sort_unstable();
        let button_of = |answer: &AnswerRow| match self.plan.desk.get(answer.rule.index()).map(|rule| &rule.when) {
            Some(Trigger::Press(button)) => Some(*button),
            Some(Trigger::Say(_) | Trigger::Follow(_) | Trigger::Leave(_) | Trigger::Reaches(..)) | None => None,
        };
        let mut answers: Vec<(u32, u16, usize)> = Vec::new();
        for (row, answer) in self.answers.iter().enumerate() {
            if let Some(button) = button_of(answer) {
                answers.push((answer.person.0, button.0, row));
            }
        }
        answers.sort_unstable();
        let mut next = 0;
        for (person, button, row) in answers {
            while presses.get(next).is_some_and(|press| (press.0, press.1) < (person, button)) {
                next += 1;
            }
            let Some(press) = presses.get(next).filter(|press| (press.0, press.1) == (person, button)) else {
                continue;
            };
            let (pressed, answered) = (self.presses[press.2].at.time(), self.answers[row].at.time());
            if pressed <= answered {
                self.presses[press.2].answered = self.answers[row].at;
                next += 1;
            }
        }
    }

    fn find_surplus(&mut self) {
        let mut granted: BTreeSet<(u16, u32)> = BTreeSet::new();
        let mut left: Vec<Option<u32>> = self.plan.services.stocks.iter().map(|stock| stock.count).collect();
        for answer in self.answers.iter_mut().filter(|answer| answer.counted) {
            let once = self.plan.desk.get(answer.rule.index()).is_some_and(|rule| rule.once);
            let again = once && !granted.insert((answer.rule.0, answer.person.0));
            let stock = answer.stock.and_then(|stock| left.get_mut(stock.index())?.as_mut());
            let gone = stock.as_deref() == Some(&0);
            if let Some(left) = stock {
                *left = left.saturating_sub(1);
            }
            answer.surplus = again || gone;
        }
    }
}
