//! Belief against truth on a terminal and as JSON: what the sender was told last and how it heard, against what phones
//! showed; then every contradiction with its count, its money, and the commands that tell the lives behind it.

use serde::Serialize;

use crate::report::audit::biography::to_the_millisecond;
use crate::report::next::quoted;
use crate::report::text::terminal::{Look, Tone, fit, right, wrap};
use crate::report::view::{ExampleView, Figures, FoundView};
use crate::report::words::{contradiction, ear, money, number, pick, requests_refused, told, truth};
use crate::sim::expect::audit::{Row, Truth};
use crate::sim::model::denial::Denial;
use crate::sim::model::words::Lang;

/// The name of the format, first field of the document.
pub const FORMAT: &str = "bongsu.audit.v1";

/// Columns of what was told, of an ear and of a count.
const TOLD: usize = 14;
const EAR: usize = 10;
const COUNT: usize = 13;

/// The table and the contradictions; `folder` is what the commands name.
pub fn table(figures: &Figures, folder: &str, lang: Lang, look: Look) -> String {
    let mut out = String::new();
    let title = pick(lang, "기관이 마지막으로 들은 말과 실제", "What the sender was told last, and the truth");
    line(&mut out, &look.paint(Tone::Head, title));
    let heads = Truth::ALL.map(|(which, _)| right(truth(which, lang), COUNT)).concat();
    let (said, heard) = (pick(lang, "들은 말", "told"), pick(lang, "들은 길", "heard by"));
    line(&mut out, &look.paint(Tone::Faint, &format!("  {}{}{heads}", fit(said, TOLD), fit(heard, EAR))));
    for row in &figures.told {
        let counts = row.truths.map(|count| right(&number(count), COUNT)).concat();
        line(&mut out, &format!("  {}{}{counts}", fit(told(row.told, lang), TOLD), fit(ear(row.ear, lang), EAR)));
    }
    out.push('\n');
    line(&mut out, &look.paint(Tone::Head, pick(lang, "어긋난 것", "Contradictions")));
    let found: Vec<&FoundView> = figures.found.iter().filter(|found| found.count > 0).collect();
    let refused = requests_refused(&figures.requests_refused, lang);
    if found.is_empty() {
        line(
            &mut out,
            pick(lang, "  없음: 들은 말과 실제가 같음", "  none: what the sender was told is what happened"),
        );
    }
    for found in found {
        contradicted(&mut out, found, folder, lang, look);
    }
    if let Some(refused) = refused {
        out.push('\n');
        for wrapped in wrap(&refused, look.columns()) {
            line(&mut out, &wrapped);
        }
    }
    out
}

fn contradicted(out: &mut String, found: &FoundView, folder: &str, lang: Lang, look: Look) {
    let count = match lang {
        Lang::Ko => format!("{}건, {}", number(found.count), money(found.cost, lang)),
        Lang::En => format!("{} notices, {}", number(found.count), money(found.cost, lang)),
    };
    let text = format!("{}: {count}", contradiction(found.what, lang));
    for (i, wrapped) in wrap(&text, look.columns().saturating_sub(4)).iter().enumerate() {
        let sign = if i == 0 { "▲" } else { " " };
        line(out, &look.paint(Tone::Bad, &format!("  {sign} {wrapped}")));
    }
    for example in &found.examples {
        let at = to_the_millisecond(example.at).to_string();
        let command = format!("bongsu audit {} --person {}", quoted(folder), example.person);
        line(out, &format!("      {}{}{command}", fit(&example.notice, 9), fit(&at, 14)));
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}

/// A row of belief against truth, by ear.
#[derive(Serialize)]
pub struct ToldOut {
    told: &'static str,
    /// `answer`, `webhook` or `poll`; `null` where nothing was heard.
    ear: Option<&'static str>,
    not_shown: u64,
    shown_once: u64,
    opened: u64,
    shown_twice: u64,
}

/// A contradiction, also one that nothing is in.
#[derive(Serialize)]
pub struct FoundOut<'a> {
    name: &'static str,
    notices: u64,
    cost_won_cents: u64,
    examples: Vec<ExampleOut<'a>>,
}

#[derive(Serialize)]
struct ExampleOut<'a> {
    notice: &'a str,
    person: &'a str,
    at_us: u64,
    story: Story<'a>,
}

#[derive(Serialize)]
struct Story<'a> {
    ko: &'a str,
    en: &'a str,
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    scenario: &'a str,
    notices: u64,
    told: Vec<ToldOut>,
    contradictions: Vec<FoundOut<'a>>,
    requests_refused: Vec<RefusedOut>,
}

/// Requests that were refused and belong to no notice.
#[derive(Serialize)]
pub struct RefusedOut {
    by: &'static str,
    code: &'static str,
    count: u64,
}

/// The rows for programs, as `verdict.json` has them too.
pub fn told_out(figures: &Figures) -> Vec<ToldOut> {
    let row = |row: &Row| {
        let [not_shown, shown_once, opened, shown_twice] = row.truths;
        let ear = row.ear.map(|ear| ear.name());
        ToldOut { told: row.told.name(), ear, not_shown, shown_once, opened, shown_twice }
    };
    figures.told.iter().map(row).collect()
}

/// The contradictions for programs, as `verdict.json` has them too.
pub fn found_out(figures: &Figures) -> Vec<FoundOut<'_>> {
    figures.found.iter().map(one_out).collect()
}

/// The requests that belong to no notice, as `verdict.json` has them too.
pub fn refused_out(figures: &Figures) -> Vec<RefusedOut> {
    let row = |(said, count): &(Denial, u64)| RefusedOut { by: said.contract(), code: said.code(), count: *count };
    figures.requests_refused.iter().map(row).collect()
}

fn one_out(found: &FoundView) -> FoundOut<'_> {
    let FoundView { what, count, cost, examples } = found;
    let examples = examples.iter().map(example_out).collect();
    FoundOut { name: what.name(), notices: *count, cost_won_cents: *cost, examples }
}

fn example_out(example: &ExampleView) -> ExampleOut<'_> {
    let ExampleView { notice, person, at, story } = example;
    ExampleOut { notice, person, at_us: at.micros(), story: Story { ko: &story.ko, en: &story.en } }
}

/// The whole document, indented, ending with a line feed.
pub fn json(scenario: &str, figures: &Figures) -> String {
    let document = Document {
        format: FORMAT,
        scenario,
        notices: figures.notices,
        told: told_out(figures),
        contradictions: found_out(figures),
        requests_refused: refused_out(figures),
    };
    let mut text = serde_json::to_string_pretty(&document).expect("strings and numbers always serialize");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::{json, table};
    use crate::report::sample;
    use crate::report::text::terminal::{Look, width};
    use crate::report::view::Figures;
    use crate::sim::model::denial::Denial;
    use crate::sim::model::words::Lang;

    #[test]
    fn the_whole_table_with_the_commands_that_tell_the_lives() {
        let view = sample::run();
        let expected = "\
What the sender was told last, and the truth
  told          heard by      not shown   shown once       opened  shown twice
  nothing       –                     6            0            0            0
  failed        answer                0            3            0            0
  accepted      answer               14            0            0            0
  delivered     answer                3          100          312            0
  shown         webhook               0           50          489            6
  shown         poll                  0           17            0            0

Contradictions
  ▲ told delivered, and it never showed: 3 notices, 24 won
      n88      00:06:12.5    bongsu audit out --person 010-0000-0088
  ▲ told failed or nothing, and it showed: 3 notices, 24 won
  ▲ shown more than once: 6 notices, 210 won
      n17      00:16:02      bongsu audit out --person 010-0000-0017
";
        assert_eq!(table(&view.figures, "out", Lang::En, Look::PLAIN), expected);
        let korean = table(&view.figures, "out", Lang::Ko, Look::PLAIN);
        assert!(korean.contains("▲ 전달됐다고 들었으나 한 번도 표시되지 않음: 3건, 24원\n"), "{korean}");
        assert!(korean.lines().all(|line| width(line) <= 80), "{korean}");
    }

    #[test]
    fn without_contradictions_it_says_so() {
        let told = table(&Figures::default(), "out", Lang::En, Look::PLAIN);
        assert!(told.ends_with("Contradictions\n  none: what the sender was told is what happened\n"), "{told}");
    }

    #[test]
    fn requests_that_belong_to_nobody_stand_at_the_foot() {
        let said = |contract, code| Denial::find(contract, code).expect("a row");
        let refused = vec![(said("solapi", "SignatureDoesNotMatch"), 3), (said("nhn", "4"), 1_200)];
        let figures = Figures { requests_refused: refused, ..Figures::default() };
        let told = table(&figures, "out", Lang::En, Look::PLAIN);
        let expected =
            "\nrequests refused as a whole: 1,203, by code: solapi SignatureDoesNotMatch ×3,\nnhn 4 ×1,200\n";
        assert!(told.ends_with(expected), "{told}");
        let document: serde_json::Value = serde_json::from_str(&json("x", &figures)).expect("JSON");
        let row = serde_json::json!({ "by": "nhn", "code": "4", "count": 1_200 });
        assert_eq!(document["requests_refused"][1], row);
    }

    #[test]
    fn programs_get_exact_numbers_and_the_people() {
        let view = sample::run();
        let document: serde_json::Value = serde_json::from_str(&json(&view.name, &view.figures)).expect("JSON");
        assert_eq!(document["format"], "bongsu.audit.v1");
        assert_eq!(document["told"][0]["ear"], serde_json::Value::Null);
        assert_eq!(document["told"][3]["ear"], "answer");
        assert_eq!(document["told"][3]["not_shown"], 3);
        let found = &document["contradictions"][0];
        assert_eq!((&found["name"], &found["notices"]), (&"delivered_not_shown".into(), &3.into()));
        assert_eq!(found["cost_won_cents"], 2_400);
        assert_eq!(found["examples"][0]["at_us"], 372_500_000);
        assert_eq!(found["examples"][0]["person"], "010-0000-0088");
    }
}
