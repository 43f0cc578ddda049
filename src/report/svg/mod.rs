//! Drawings for the HTML report and for pages that show one: by hand, integer coordinates, no script, nothing from
//! outside.
//!
//! Media differ by colour, by dash and by a label at the line's end, so that no reader depends on colour; the palette
//! is Okabe and Ito's (2008), made for colour-blind readers. All other ink is `currentColor`, so a drawing takes the
//! colour of the text around it. Each drawing carries a title and a description. This file has the strokes that all
//! drawings share; what is drawn stands in one file each.

use crate::report::text::terminal::clean;
use crate::report::words::pick;
use crate::sim::model::medium::Medium;
use crate::sim::model::words::Lang;

pub mod axis;
pub mod reach;
pub mod bars;
pub mod lamport;
pub mod pareto;
pub mod sweep;

/// The width of a report's drawings, in their own units.
pub const WIDTH: u64 = 720;

/// The colour and the dash of a medium's line.
pub const fn style(medium: Medium) -> (&'static str, &'static str) {
    match medium {
        Medium::Alimtalk => ("#0072B2", ""),
        Medium::Brand => ("#CC79A7", "2 3"),
        Medium::Certified => ("#56B4E9", "10 3"),
        Medium::Chat => ("#009E73", "1 4"),
        Medium::Sms => ("#E69F00", "4 3"),
        Medium::Lms => ("#D55E00", "8 4"),
        Medium::Email => ("#8A7A1F", "6 2 1 2"),
        Medium::Letter => ("#777777", "12 4"),
        Medium::Registered => ("#444444", "12 4 2 4"),
        Medium::Broadcast => ("currentColor", "3 2"),
        Medium::Call => ("#8C564B", "10 2 2 2"),
        Medium::Push => ("#332288", "5 5"),
    }
}

/// Text made safe for HTML and SVG, in elements and in attributes.
pub fn escape(text: &str) -> String {
    quick_xml::escape::escape(clean(text)).into_owned()
}

/// One drawing: what it is called, how high it is, what a screen reader says of it, and its strokes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// Tells it from other drawings on a page; a plain word.
    pub id: &'static str,
    /// What it shows.
    pub title: String,
    /// Its figures in words.
    pub described: String,
    /// Its width in its own units; [`WIDTH`] for what stands in a report.
    pub width: u64,
    /// Its height in its own units.
    pub height: u64,
    /// The elements inside.
    pub strokes: String,
}

impl Drawing {
    /// As an element of a page in that language.
    pub fn inside(&self, lang: Lang) -> String {
        let id = format!("{}-{}", self.id, pick(lang, "ko", "en"));
        let Drawing { width, height, strokes, .. } = self;
        let (title, described) = (escape(&self.title), escape(&self.described));
        format!(
            r#"<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{title}</title><desc id="{id}-d">{described}</desc>{strokes}</svg>"#
        )
    }

    /// As a file of its own, with paper and ink for light and for dark readers.
    pub fn alone(&self, lang: Lang) -> String {
        const HEAD: u64 = 44;
        let (id, code, width, strokes) = (self.id, pick(lang, "ko", "en"), self.width, &self.strokes);
        let (title, described) = (escape(&self.title), escape(&self.described));
        let height = self.height + HEAD;
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" lang="{code}" role="img" aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{title}</title><desc id="{id}-d">{described}</desc>
<style>svg{{color:#1f2328}}.paper{{fill:#fff}}text{{font:14px "Noto Sans KR","Noto Sans CJK KR","Apple SD Gothic Neo","Malgun Gothic",system-ui,sans-serif;fill:currentColor}}.head{{font-size:17px;font-weight:600}}@media (prefers-color-scheme:dark){{svg{{color:#e6edf3}}.paper{{fill:#0d1117}}}}</style>
<rect class="paper" width="{width}" height="{height}" rx="8"/><text class="head" x="16" y="28">{title}</text>
<g transform="translate(0 {HEAD})">{strokes}</g></svg>
"##
        )
    }
}

/// A word at a place; `anchor` is `start`, `middle` or `end`.
pub(super) fn label(x: u64, y: u64, anchor: &str, text: &str) -> String {
    format!(r#"<text x="{x}" y="{y}" text-anchor="{anchor}">{}</text>"#, escape(text))
}

/// The part of `room` that `n` is of `all`.
pub(super) fn scale(n: u64, all: u64, room: u64) -> u64 {
    (u128::from(n.min(all)) * u128::from(room) / u128::from(all.max(1))) as u64
}

#[cfg(test)]
mod tests {
    use quick_xml::events::Event;
    use quick_xml::reader::Reader;

    use super::{Drawing, escape, style};
    use crate::sim::model::medium::Medium;
    use crate::sim::model::words::Lang;

    #[test]
    fn no_two_media_look_alike() {
        let mut styles: Vec<_> = Medium::ALL.into_iter().map(style).collect();
        styles.sort_unstable();
        styles.dedup();
        assert_eq!(styles.len(), Medium::COUNT);
    }

    #[test]
    fn words_from_outside_are_escaped() {
        assert_eq!(escape("<img onerror='x'>&\"\u{1b}"), "&lt;img onerror=&apos;x&apos;&gt;&amp;&quot;\u{fffd}");
    }

    #[test]
    fn a_drawing_that_stands_alone_is_well_formed_and_has_both_themes() {
        let drawing = Drawing {
            id: "x",
            title: "a < b".to_owned(),
            described: "c & d".to_owned(),
            width: 20,
            height: 10,
            strokes: "<path d=\"M0 0H1\"/>".to_owned(),
        };
        let alone = drawing.alone(Lang::En);
        let mut reader = Reader::from_str(&alone);
        while reader.read_event().expect("well-formed") != Event::Eof {}
        assert!(alone.contains("prefers-color-scheme:dark"), "{alone}");
        assert!(alone.contains(r#"<title id="x-t">a &lt; b</title>"#), "{alone}");
        assert!(!alone.contains("url("), "{alone}");
    }
}
