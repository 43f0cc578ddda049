//! Tables: for every mapping of the format, the keys it may have and the shape of their values.
//!
//! One truth for three readers: unknown keys are refused by these tables, the nearest word is looked up in them, and
//! `schema` prints them as JSON Schema. The value itself is read by the file that owns the table.

/// A mapping of the format with a closed list of keys.
#[derive(Debug)]
pub(super) struct Table {
    /// Its name in the schema.
    pub(super) name: &'static str,
    pub(super) rows: &'static [Row],
    /// Keys that must stand, for the schema; the reader asks for them itself.
    pub(super) needs: &'static [&'static str],
}

/// A key: its word, the shape of its value, and what it is for.
#[derive(Debug)]
pub(super) struct Row(pub(super) &'static str, pub(super) Shape, pub(super) &'static str);

/// The shape of a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Text,
    /// A text, or `{ ko, en }`.
    Words,
    Flag,
    Number,
    Span,
    /// A time from the start of the run, or a date and time.
    Instant,
    Moment,
    Spread,
    Share,
    Rate,
    Price,
    Speed,
    /// One of these.
    OneOf(&'static [&'static str]),
    Medium,
    Network,
    Table(&'static Table),
    /// Names chosen by the author, each with a value of one shape.
    Named(&'static Shape),
    List(&'static Shape),
    Either(&'static [Shape]),
}

impl Table {
    /// The words of its keys.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static str> + Clone + '_ {
        self.rows.iter().map(|row| row.0)
    }
}
