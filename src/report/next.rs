//! What to do with a result next: a sentence, and the commands that do it.
//!
//! A command must come to this run and to no other: it repeats every change that was asked for, or names the folder
//! that was written. Where no command plays a run again (somebody called a server, posted faults, pressed buttons), none
//! is given. Commands stand on lines of their own and are never broken, so that they can be copied; what a shell would
//! read otherwise than it stands there is quoted.

use crate::report::text::terminal::clean;
use crate::report::view::{PaceView, RunView, Witness};
use crate::report::words::pick;
use crate::sim::expect::verdict::Overall;
use crate::sim::model::words::Lang;

/// The folder that a command writes where none was written.
const FOLDER: &str = "out";

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Why, in a sentence.
    pub text: String,
    /// How: lines for a shell, one after the other; none where no command does it.
    pub commands: Vec<String>,
}

/// What to do with this result next.
pub fn next(view: &RunView, lang: Lang) -> Next {
    let broken = view.clauses.iter().filter(|clause| !clause.kept());
    let witness = broken.flat_map(|clause| &clause.witnesses).next();
    match (view.verdict, witness) {
        (Overall::Fail | Overall::Stopped, Some(witness)) => look_at(view, witness, lang),
        (Overall::Fail | Overall::Stopped, None) => change(view, lang),
        (Overall::Inconclusive, _) => {
            let text = pick(
                lang,
                "다음: 위의 ? 줄을 보세요. 장애의 시각과 범위, 대상 인원이 장애가 실제로 닿을 만한지 확인하세요.",
                "next: see the lines with ? above, and check that the fault's window and scope meet people it can bite.",
            );
            Next { text: text.to_owned(), commands: Vec::new() }
        }
        (Overall::Pass, _) => luck(view, lang),
    }
}

fn look_at(view: &RunView, witness: &Witness, lang: Lang) -> Next {
    let (who, asked) = match witness.notice.as_str() {
        "" => (clean(&witness.person), "person"),
        notice => (clean(notice), "notice"),
    };
    let text = match lang {
        Lang::Ko => format!("다음: {who}에게 무슨 일이 있었는지 보세요."),
        Lang::En => format!("next: see what happened to {who}"),
    };
    let look = |folder: &str| format!("bongsu audit {} --{asked} {}", quoted(folder), quoted(&who));
    let commands = match (&view.folder, &view.again) {
        (Some(folder), _) => vec![look(folder)],
        (None, Some(again)) => {
            vec![format!("bongsu run {again}{} --report {FOLDER}", clock(view.clock.pace)), look(FOLDER)]
        }
        (None, None) => Vec::new(),
    };
    Next { text, commands }
}

fn change(view: &RunView, lang: Lang) -> Next {
    let text =
        pick(lang, "다음: 경로나 기준을 바꿔 다시 보세요.", "next: change the route or the thresholds and look again");
    let command = |again| format!("bongsu run {again}{} --set sender.policy=timer", clock(view.clock.pace));
    Next { text: text.to_owned(), commands: view.again.iter().map(command).collect() }
}

/// Many seeds are played in virtual time, whatever the clock was.
fn luck(view: &RunView, lang: Lang) -> Next {
    let text = pick(
        lang,
        "다음: 운이 좋았던 것은 아닌지 다른 시드로도 보세요.",
        "next: see with other seeds whether it was luck",
    );
    let command = |again| format!("bongsu run {again} --seeds 20");
    Next { text: text.to_owned(), commands: view.again.iter().map(command).collect() }
}

fn clock(pace: PaceView) -> String {
    match pace {
        PaceView::Virtual => String::new(),
        PaceView::Live(1) => " --clock real".to_owned(),
        PaceView::Live(times) => format!(" --clock x{times}"),
        PaceView::Lockstep => " --clock lockstep".to_owned(),
    }
}

/// A word as a shell must be given it: as it is, or between single quotes.
pub fn quoted(word: &str) -> String {
    let word = clean(word);
    let plain = |c: char| c.is_alphanumeric() || "-_./:,=@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word;
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::{next, quoted};
    use crate::report::sample;
    use crate::report::view::PaceView;
    use crate::sim::expect::verdict::Overall;
    use crate::sim::model::words::Lang;

    #[test]
    fn every_verdict_has_a_next_step_and_its_command_comes_to_this_run() {
        let mut view = sample::run();
        view.again = Some("lh/rent-bill-blackout --seed 7".to_owned());
        let told = next(&view, Lang::En);
        assert_eq!(told.text, "next: see what happened to n17");
        assert_eq!(
            told.commands,
            ["bongsu run lh/rent-bill-blackout --seed 7 --report out", "bongsu audit out --notice n17"]
        );
        view.clock.pace = PaceView::Live(60);
        for witness in view.clauses.iter_mut().flat_map(|clause| &mut clause.witnesses) {
            witness.notice.clear();
            witness.person = "010-0000-0003".into();
        }
        assert_eq!(
            next(&view, Lang::En).commands,
            [
                "bongsu run lh/rent-bill-blackout --seed 7 --clock x60 --report out",
                "bongsu audit out --person 010-0000-0003"
            ]
        );
        view.verdict = Overall::Pass;
        assert_eq!(next(&view, Lang::En).commands, ["bongsu run lh/rent-bill-blackout --seed 7 --seeds 20"]);
    }

    #[test]
    fn a_folder_that_was_written_is_looked_into_and_what_nobody_can_play_again_is_not_played() {
        let mut view = sample::run();
        view.folder = Some("my runs/it's".to_owned());
        assert_eq!(next(&view, Lang::Ko).commands, [r"bongsu audit 'my runs/it'\''s' --notice n17"]);
        (view.folder, view.again) = (None, None);
        for verdict in [Overall::Fail, Overall::Stopped, Overall::Inconclusive, Overall::Pass] {
            view.verdict = verdict;
            let told = next(&view, Lang::En);
            assert!(told.commands.is_empty() && told.text.starts_with("next: "), "{told:?}");
        }
    }

    #[test]
    fn a_shell_reads_what_stands_there() {
        assert_eq!(quoted("scenarios/lh/임대료.yaml"), "scenarios/lh/임대료.yaml");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("expect.0.must=count(x) <= $5"), "'expect.0.must=count(x) <= $5'");
        assert_eq!(quoted(""), "''");
    }
}
