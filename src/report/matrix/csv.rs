//! The table of a matrix for spreadsheets: comma-separated, in the order of RFC 4180, exact integers, English heads.
//!
//! Money is in hundredths of a won and time in microseconds, as everywhere that programs read; `p95_us` is empty for
//! "never", `unbeaten` where rows are not choices of the sender,
//! and the worst group's cells where nobody is in a group.

use crate::report::matrix::{Matrix, Row};
use crate::report::view::GroupFigures;

/// The whole table, with its head.
pub fn table(matrix: &Matrix) -> String {
    let mut heads: Vec<String> = vec!["scenario".to_owned(), "seed".to_owned()];
    heads.extend(matrix.axes.iter().cloned());
    let fixed = [
        "verdict",
        "kept",
        "promises",
        "notices",
        "reached",
        "twice",
        "p95_us",
        "cost_hundredths",
        "unbeaten",
        "worst_group",
        "worst_reached",
        "worst_notices",
    ];
    heads.extend(fixed.map(str::to_owned));
    record(&heads) + &rows(matrix)
}

/// Its rows alone, to go on with the table of another scenario that was varied in the same way.
pub fn rows(matrix: &Matrix) -> String {
    matrix.rows.iter().map(|row| record(&cells(matrix, row))).collect()
}

fn cells(matrix: &Matrix, row: &Row) -> Vec<String> {
    let mut cells = vec![matrix.name.clone(), matrix.seed.map_or_else(String::new, |seed| seed.to_string())];
    cells.extend(row.values.iter().cloned());
    let p95 = row.p95.map(|span| span.micros().to_string()).unwrap_or_default();
    cells.push(row.verdict.name().to_owned());
    cells.extend([row.kept.0, row.kept.1, row.notices, row.reached, row.twice].map(|n| n.to_string()));
    let unbeaten = if matrix.is_choice() { matrix.is_unbeaten(row).to_string() } else { String::new() };
    cells.extend([p95, row.cost.to_string(), unbeaten]);
    let of = |worst: &GroupFigures| [worst.name.clone(), worst.reached.to_string(), worst.notices.to_string()];
    cells.extend(row.worst.as_ref().map(of).unwrap_or_default());
    cells
}

fn record(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell that a spreadsheet takes for a text, whatever is in it: quoted where it must be, and never a formula.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::{quoted, table};
    use crate::report::matrix::sample::matrix;

    #[test]
    fn a_table_of_policies() {
        let text = table(&matrix());
        let mut lines = text.split("\r\n");
        let head = "scenario,seed,sender.policy,verdict,kept,promises,notices,reached,twice,p95_us,cost_hundredths,unbeaten,worst_group,worst_reached,worst_notices";
        assert_eq!(lines.next(), Some(head));
        assert_eq!(lines.next(), Some("lh-rent-blackout,7,none,FAIL,3,4,1000,480,0,,376000,true,senior,96,220"));
        assert_eq!(
            lines.nth(2),
            Some("lh-rent-blackout,7,timer:60s,PASS,4,4,1000,990,0,66000000,1817800,true,senior,198,220")
        );
    }

    #[test]
    fn no_cell_breaks_its_row_or_is_a_formula() {
        assert_eq!(["a", "a,b", "say \"no\"", "=1+1"].map(quoted), ["a", "\"a,b\"", "\"say \"\"no\"\"\"", "'=1+1"]);
    }
}
