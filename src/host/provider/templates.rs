//! Templates: the scenario's kinds of notice, as an application outside knows them, by the code of their reviewed text.
//!
//! A code of `*` in a scenario takes any template that no other kind has: for a first try with an application whose
//! templates nobody has written down yet. Its text is then made of the variables.

use crate::sim::model::ids::KindId;
use crate::sim::model::medium::Medium;
use crate::sim::plan::Plan;
use crate::sim::plan::message::{Content, Kind, Part, Review};

/// The code that stands for any.
pub const ANY: &str = "*";

/// A template of the scenario.
#[derive(Clone, Copy, Debug)]
pub struct Found<'p> {
    /// The kind of notice that it is.
    pub id: KindId,
    /// The kind.
    pub kind: &'p Kind,
    /// Its content on alimtalk.
    pub content: &'p Content,
    /// Where its review stands.
    pub review: Review,
    /// Whether the scenario takes any template here.
    pub any: bool,
}

/// All templates of a scenario, in the order of the file.
pub fn all(plan: &Plan) -> impl Iterator<Item = Found<'_>> {
    (0..).map(KindId).zip(&plan.kinds).filter_map(|(id, kind)| {
        let content = kind.content(Medium::Alimtalk)?;
        let template = content.template.as_ref()?;
        Some(Found { id, kind, content, review: template.review, any: template.code == ANY })
    })
}

/// The template of that code.
pub fn find<'p>(plan: &'p Plan, code: &str) -> Option<Found<'p>> {
    let coded = |found: &Found<'_>| found.content.template.as_ref().is_some_and(|template| template.code == code);
    all(plan).find(coded).or_else(|| all(plan).find(|found| found.any))
}

/// The template's text with its variables filled. An error names the variables that have no value.
///
/// Names come bare (`이름`) or as contracts write them (`#{이름}`). What the template does not know is ignored, as
/// vendors do.
pub fn filled<'v>(
    found: &Found<'_>,
    values: impl IntoIterator<Item = (&'v str, &'v str)>,
) -> Result<String, Vec<String>> {
    let bare = |name: &'v str| name.trim().trim_start_matches("#{").trim_end_matches('}');
    let mut values: Vec<(&str, &str)> = values.into_iter().map(|(name, value)| (bare(name), value)).collect();
    // Of two values for one name the later one counts, so the order among them stays.
    values.sort_by_key(|row| row.0);
    let value = |name: &str| {
        let after = values.partition_point(|row| row.0 <= name);
        values[..after].last().filter(|row| row.0 == name).map(|row| row.1)
    };
    if found.any {
        let names = values.chunk_by(|one, other| one.0 == other.0).filter_map(|same| same.last());
        return Ok(names.map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n"));
    }
    let (mut text, mut missing) = (String::new(), Vec::new());
    for part in &found.content.text.parts {
        match part {
            Part::Fixed(piece) => text.push_str(piece),
            Part::Var(place) => {
                let name = found.kind.vars.get(usize::from(*place)).map_or("", |var| var.name.as_str());
                match value(name) {
                    Some(value) => text.push_str(value),
                    None => missing.push(name.to_owned()),
                }
            }
        }
    }
    if missing.is_empty() { Ok(text) } else { Err(missing) }
}

/// The template's text as it was reviewed, `#{name}` where a variable stands.
pub fn reviewed(found: &Found<'_>) -> String {
    let piece = |part: &Part| match part {
        Part::Fixed(piece) => piece.clone(),
        Part::Var(place) => {
            let name = found.kind.vars.get(usize::from(*place)).map_or("", |var| var.name.as_str());
            format!("#{{{name}}}")
        }
    };
    found.content.text.parts.iter().map(piece).collect()
}
