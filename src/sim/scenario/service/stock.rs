//! `stocks:`: what the desk can grant, and how many of it there are.

use crate::sim::plan::Plan;
use crate::sim::plan::service::stock::Stock;
use crate::sim::scenario::problem::Problems;
use crate::sim::scenario::reader::{Fields, rows};
use crate::sim::scenario::table::{Row, Shape, Table};
use crate::sim::scenario::yaml::Node;

/// `stocks:`.
pub(in crate::sim::scenario) const SHAPE: Shape = Shape::Named(&Shape::Table(&TABLE));

const TABLE: Table = Table {
    name: "stock",
    needs: &[],
    rows: &[Row("count", Shape::Number, "개수 / how many there are; without an end when left out")],
};

const STOCKS_MAX: usize = 256;
const COUNT_MAX: u64 = 1_000_000_000;

/// Reads the stocks into the plan.
pub(in crate::sim::scenario) fn read(node: &Node, plan: &mut Plan, problems: &mut Problems) {
    for row in rows("stocks", node, STOCKS_MAX, problems) {
        let fields = Fields::of(&row.node, &row.key, &TABLE, problems);
        let count = fields.and_then(|fields| fields.number("count", 0..COUNT_MAX + 1, problems));
        // A row that is wrong still stands, so that nobody who speaks of it is said to be wrong as well.
        plan.services.stocks.push(Stock { key: row.key.clone(), count: count.map(|count| count as u32) });
    }
}
