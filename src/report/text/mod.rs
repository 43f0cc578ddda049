//! The terminal report: what a person reads when a run is over.
//!
//! From top to bottom it answers, in this order: what was replayed, what was done to it, who was reached and how fast,
//! what it cost, what the sender believed, which promises were kept and why not, who was missed, and what to try next.
//! Signs carry the meaning (`✔ ✘ ! ?`); colour only repeats it. It never writes wider than it is
//! told, but for commands to be typed, which are not broken.

use crate::report::view::RunView;
use crate::report::words::{self, number, pick};
use crate::sim::model::words::Lang;

pub mod terminal;
pub mod plot;
mod figures;
mod promises;

pub use promises::sign;
use terminal::{Look, Tone, clean, fit, width, wrap};

/// Columns of the labels on the left of rows.
const LABEL: usize = 16;

/// The whole report.
pub fn report(view: &RunView, lang: Lang, look: Look) -> String {
    let mut page = Page { out: String::new(), lang, look };
    page.title(view);
    page.question(view);
    page.faults(view);
    page.reach(view);
    page.groups(view);
    page.kinds(view);
    page.over_time(view);
    page.cost(view);
    page.belief(view);
    page.promises(view);
    page.missed(&view.missed, view.figures.notices);
    page.answer(view);
    page.verdict(view);
    page.out
}

/// The report being written.
struct Page {
    out: String,
    lang: Lang,
    look: Look,
}

impl Page {
    fn title(&mut self, view: &RunView) {
        for line in wrap(view.title.text(self.lang), self.look.columns()) {
            self.line(&self.look.paint(Tone::Head, &line));
        }
        let mut facts = vec![clean(&view.name)];
        if !view.sources.is_empty() {
            facts.push(clean(&view.sources.join(", ")));
        }
        facts.push(match self.lang {
            Lang::Ko => format!("시민 {}명", number(view.people)),
            Lang::En => format!("{} people", number(view.people)),
        });
        facts.push(match self.lang {
            Lang::Ko => format!("알림 {}건", number(view.figures.notices)),
            Lang::En => format!("{} notices", number(view.figures.notices)),
        });
        facts.push(format!("{} {}", self.pick("시드", "seed"), view.seed));
        self.faint(&facts.join(" · "));
        let mut times = Vec::new();
        if let Some(start) = words::calendar(view.clock.start_unix_s, view.clock.offset_s) {
            times.push(start);
        }
        times.push(format!("+{}", view.clock.ended));
        times.push(words::pace(view.clock.pace, self.lang));
        times.push(words::end(view.end, self.lang).to_owned());
        self.faint(&times.join(" · "));
        if let Some(haste) = view.haste {
            self.block(0, haste.words().text(self.lang), Some(Tone::Warn));
        }
    }

    /// A lesson begins with its question, and with what everybody should have written down.
    fn question(&mut self, view: &RunView) {
        if let Some(lesson) = &view.lesson {
            self.head("질문", "The question");
            self.block(2, lesson.question.text(self.lang), None);
            self.row("예상", "Predict", lesson.predict.text(self.lang));
        }
    }

    fn answer(&mut self, view: &RunView) {
        if let Some(lesson) = &view.lesson {
            self.head("이 실행이 보여 준 것", "What the run shows");
            self.block(2, lesson.answer.text(self.lang), None);
        }
    }

    fn head(&mut self, ko: &str, en: &str) {
        self.out.push('\n');
        let text = self.look.paint(Tone::Head, self.pick(ko, en));
        self.line(&text);
    }

    /// A label and a plain value, on further lines if it is too long for one.
    fn row(&mut self, ko: &str, en: &str, value: &str) {
        let room = self.look.columns().saturating_sub(LABEL + 3);
        if width(value) <= room {
            return self.raw_row(ko, en, value);
        }
        for (i, line) in wrap(value, room).iter().enumerate() {
            let (ko, en) = if i == 0 { (ko, en) } else { ("", "") };
            self.raw_row(ko, en, line);
        }
    }

    /// A label and a value that is coloured, or fitted already.
    fn raw_row(&mut self, ko: &str, en: &str, value: &str) {
        let label = fit(self.pick(ko, en), LABEL);
        self.line(&format!("  {label} {value}"));
    }

    /// A text on as many lines as it takes, each indented.
    fn block(&mut self, indent: usize, text: &str, tone: Option<Tone>) {
        for line in wrap(text, self.look.columns().saturating_sub(indent)) {
            if line.is_empty() {
                continue;
            }
            let line = tone.map_or_else(|| line.clone(), |tone| self.look.paint(tone, &line));
            self.line(&format!("{}{line}", " ".repeat(indent)));
        }
    }

    fn faint(&mut self, text: &str) {
        self.block(0, text, Some(Tone::Faint));
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// Columns left beside a label of that width.
    fn rest(&self, label: usize) -> usize {
        self.look.columns().saturating_sub(label + 4)
    }

    fn pick<'a>(&self, ko: &'a str, en: &'a str) -> &'a str {
        pick(self.lang, ko, en)
    }
}

#[cfg(test)]
mod tests {
    use super::report;
    use crate::report::sample;
    use crate::report::text::terminal::{Look, width};
    use crate::report::view::GroupFigures;
    use crate::sim::expect::verdict::Overall;
    use crate::sim::model::words::Lang;

    #[test]
    fn korean() {
        sample::golden("report.ko.txt", &report(&sample::run(), Lang::Ko, Look::PLAIN));
    }

    #[test]
    fn english() {
        sample::golden("report.en.txt", &report(&sample::run(), Lang::En, Look::PLAIN));
    }

    #[test]
    fn groups_are_compared_where_there_are_several() {
        let mut run = sample::run();
        let group = |name: &str, reached| GroupFigures { name: name.to_owned(), region: false, reached, notices: 10 };
        run.figures.groups =
            vec![group("young", 9), GroupFigures { notices: 0, ..group("nobody", 0) }, group("old", 4)];
        let told = report(&run, Lang::En, Look::PLAIN);
        let (_, told) = told.split_once("Reach by group\n").expect("a section");
        let rows: Vec<&str> = told.lines().take_while(|line| !line.is_empty()).collect();
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert!(rows[0].contains("old") && rows[0].ends_with("40.0%") && rows[1].contains("young"), "{rows:?}");
        run.figures.groups.pop();
        assert!(!report(&run, Lang::En, Look::PLAIN).contains("Reach by group"));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for lang in [Lang::Ko, Lang::En] {
            for columns in [60, 80, 120] {
                for line in report(&sample::run(), lang, Look { width: columns, color: false }).lines() {
                    assert!(width(line) <= columns, "{columns}: {line}");
                }
            }
        }
    }

    #[test]
    fn colour_adds_codes_and_nothing_else() {
        let plain = report(&sample::run(), Lang::Ko, Look::PLAIN);
        let colored = report(&sample::run(), Lang::Ko, Look { width: 80, color: true });
        let mut bare = String::new();
        for (i, piece) in colored.split("\u{1b}[").enumerate() {
            bare.push_str(if i == 0 { piece } else { piece.split_once('m').expect("a whole code").1 });
        }
        let trimmed: Vec<&str> = bare.lines().map(str::trim_end).collect();
        assert_eq!(trimmed, plain.lines().collect::<Vec<_>>());
    }

    #[test]
    fn an_empty_run_still_has_a_report() {
        let mut view = sample::run();
        view.figures = crate::report::view::Figures::default();
        view.missed = crate::report::view::Missed::default();
        view.faults.clear();
        view.clauses.clear();
        view.verdict = Overall::Inconclusive;
        let text = report(&view, Lang::En, Look::PLAIN);
        assert!(text.contains("nothing was promised"), "{text}");
        assert!(text.contains("INCONCLUSIVE  this run proves nothing either way."), "{text}");
    }
}
