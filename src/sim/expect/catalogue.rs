//! The catalogue: what `bongsu metrics` prints, as data made from the table of metrics.

use crate::sim::expect::metric::{self, Label, Unit, Within};
use crate::sim::model::words::Lang;

/// One metric, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Unit of one value.
    pub unit: Unit,
    /// Aggregates it stands under.
    pub aggregates: Vec<&'static str>,
    /// Labels that choose the set.
    pub population: Vec<&'static str>,
    /// Labels that say what happened.
    pub outcomes: Vec<&'static str>,
    /// Whether it takes `within=`.
    pub within: bool,
    /// Whether it can stand under `stop:`.
    pub stop: bool,
    /// An expression that reads.
    pub example: String,
}

/// One label, in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelRow {
    /// Its name.
    pub name: &'static str,
    /// What it chooses.
    pub meaning: &'static str,
}

/// All metrics, in the order of the documents.
pub fn metrics(lang: Lang) -> Vec<Row> {
    metric::ALL.into_iter().map(|metric| row(metric, lang)).collect()
}

/// All labels.
pub fn labels(lang: Lang) -> Vec<LabelRow> {
    let meaning = |row: &(Label, &'static str, &'static str, &'static str)| match lang {
        Lang::Ko => row.2,
        Lang::En => row.3,
    };
    Label::ALL.iter().map(|row| LabelRow { name: row.1, meaning: meaning(row) }).collect()
}

fn row(metric: &'static metric::Metric, lang: Lang) -> Row {
    let names = |labels: &[Label]| labels.iter().map(|label| label.name()).collect();
    Row {
        name: metric.name,
        meaning: match lang {
            Lang::Ko => metric.ko,
            Lang::En => metric.en,
        },
        unit: metric.unit,
        aggregates: metric.aggregates.iter().map(|form| form.name()).collect(),
        population: names(metric.population),
        outcomes: names(metric.outcomes),
        within: metric.within != Within::Unused,
        stop: metric.live.is_some(),
        example: example(metric),
    }
}

fn example(metric: &metric::Metric) -> String {
    match metric.aggregates.last() {
        Some(metric::Form::Percentile) if metric.unit == Unit::Won => format!("sum({}) <= 25000", metric.name),
        Some(metric::Form::Percentile) if metric.unit == Unit::Count => format!("p95({}) <= 5", metric.name),
        Some(metric::Form::Percentile) => format!("p95({}) <= 90s", metric.name),
        Some(metric::Form::Ratio) => format!("ratio({}) >= 97.5%", metric.name),
        Some(_) | None => format!("count({}) >= 1", metric.name),
    }
}
