//! The lower half of the terminal report: promises, those who were missed, the verdict, and what to try next.

use crate::report::next::next;
use crate::report::text::Page;
use crate::report::text::terminal::{Tone, clean, right, width, wrap};
use crate::report::view::{ClauseView, Missed, RunView, Witness};
use crate::report::words::{self, number, percent};
use crate::sim::expect::Strength;
use crate::sim::expect::verdict::{Outcome, Overall};
use crate::sim::model::words::Lang;

/// Witnesses printed for each broken promise; `verdict.json` has all.
const WITNESSES: usize = 3;
/// People printed of those who were missed.
const MISSED: usize = 5;

impl Page {
    pub(super) fn promises(&mut self, view: &RunView) {
        self.head("약속", "Promises");
        if view.clauses.is_empty() {
            self.line(&format!("  {}", self.pick("약속이 하나도 없음", "nothing was promised")));
        }
        for clause in &view.clauses {
            self.promise(clause);
        }
    }

    fn promise(&mut self, clause: &ClauseView) {
        let (sign, tone) = sign(clause);
        let strength = words::strength(clause.strength, self.lang);
        let why = clause.why.text(self.lang);
        let why = if why.trim().is_empty() { clause.source.as_str() } else { why };
        let indent = 4;
        for (i, line) in wrap(why, self.rest(0).saturating_sub(width(strength) + 2)).iter().enumerate() {
            if i == 0 {
                let mark = self.look.paint(tone, sign);
                let strength = self.look.paint(Tone::Faint, strength);
                self.line(&format!("  {mark} {line}  {strength}"));
            } else {
                self.line(&format!("    {line}"));
            }
        }
        if why != clause.source {
            self.block(indent, &clause.source, Some(Tone::Faint));
        }
        self.block(indent, clause.reason.text(self.lang), if clause.kept() { None } else { Some(tone) });
        if !clause.kept() {
            self.witnesses(&clause.witnesses, WITNESSES);
        }
    }

    fn witnesses(&mut self, witnesses: &[Witness], most: usize) {
        for witness in witnesses.iter().take(most) {
            let text = format!("{} {} {}", witness.notice, witness.person, witness.story.text(self.lang));
            let lines = wrap(&text, self.rest(0).saturating_sub(4));
            for (i, line) in lines.iter().enumerate() {
                let lead = if i == 0 { "└ " } else { "  " };
                self.line(&format!("    {lead}{line}"));
            }
        }
        let more = witnesses.len().saturating_sub(most);
        if more > 0 {
            let text = match self.lang {
                Lang::Ko => format!("그 밖에 {}건", number(more as u64)),
                Lang::En => format!("and {} more", number(more as u64)),
            };
            self.line(&format!("      {}", self.look.paint(Tone::Faint, &text)));
        }
    }

    pub(super) fn missed(&mut self, missed: &Missed, notices: u64) {
        if missed.count == 0 {
            return;
        }
        self.head("닿지 못한 사람", "Who was missed");
        let total = format!("{}  {}", number(missed.count), percent(missed.count, notices));
        self.row("전체", "in all", &total);
        for (reason, count) in &missed.reasons {
            let text = format!("{}  {}", right(&number(*count), 9), clean(reason.text(self.lang)));
            self.line(&format!("  {text}"));
        }
        self.witnesses(&missed.list, MISSED);
    }

    pub(super) fn verdict(&mut self, view: &RunView) {
        let tone = match view.verdict {
            Overall::Pass => Tone::Good,
            Overall::Fail | Overall::Stopped => Tone::Bad,
            Overall::Inconclusive => Tone::Warn,
        };
        self.head("판정", "Verdict");
        let word = self.look.paint(tone, &words::verdict(view.verdict, self.lang));
        self.line(&format!("  {word}  {}", words::verdict_means(view.verdict, self.lang)));
        for reason in view.reasons.iter().filter(|_| view.verdict != Overall::Pass) {
            self.block(2, reason.text(self.lang), None);
        }
        let next = next(view, self.lang);
        self.block(2, &next.text, Some(Tone::Faint));
        for command in &next.commands {
            self.line(&format!("    {}", self.look.paint(Tone::Faint, command)));
        }
    }
}

/// The sign of a promise: kept, broken, a warning, or nothing to judge by.
pub fn sign(clause: &ClauseView) -> (&'static str, Tone) {
    match (clause.kept(), clause.strength, clause.outcome) {
        (true, ..) => ("✔", Tone::Good),
        (false, Strength::Should, _) => ("!", Tone::Warn),
        (false, Strength::Must | Strength::Stop, Outcome::Broken | Outcome::Held) => ("✘", Tone::Bad),
        (false, ..) => ("?", Tone::Warn),
    }
}
