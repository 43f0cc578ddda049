//! Small plots in a line of text: bars for shares, columns for what happens over time, a line for fault windows.

use crate::report::view::RunView;
use crate::sim::time::SimTime;

/// A bar of `part` out of `whole` in so many columns, by eighths of a column. Something is never drawn as nothing.
pub fn bar(part: u64, whole: u64, columns: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if whole == 0 || part == 0 {
        return String::new();
    }
    let scaled = u128::from(part.min(whole)) * columns as u128 * 8 / u128::from(whole);
    let eighths = (scaled as usize).max(1);
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// Numbers over time in eight heights, each `each` columns wide; `top` is the full height. Nothing is a space.
pub fn columns(numbers: &[u64], top: u64, each: usize) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let height = |n: u64| {
        let level = (u128::from(n) * 8).div_ceil(u128::from(top.max(1))).clamp(1, 8) as usize;
        if n == 0 { ' ' } else { HEIGHTS[level - 1] }
    };
    numbers.iter().flat_map(|n| std::iter::repeat_n(height(*n), each)).collect()
}

/// The numbers summed into at most so many columns.
pub fn squeeze(numbers: &[u64], columns: usize) -> Vec<u64> {
    let (have, want) = (numbers.len(), numbers.len().min(columns));
    (0..want).map(|i| numbers[i * have / want..(i + 1) * have / want].iter().sum()).collect()
}

/// Where fault windows lie, in so many columns over the time that the plots cover: `━` under a fault.
pub fn windows(view: &RunView, columns: usize) -> String {
    let covered = covered(view);
    let inside = |i: usize| {
        let (from, to) = (edge(i, columns, covered), edge(i + 1, columns, covered));
        let hit =
            |window: Option<(SimTime, SimTime)>| window.is_some_and(|(a, b)| a.micros() < to && b.micros() > from);
        view.faults.iter().any(|fault| hit(fault.window(view.clock.ended)))
    };
    (0..columns).map(|i| if inside(i) { '━' } else { ' ' }).collect()
}

/// How much time the plots cover, in microseconds; never zero.
pub fn covered(view: &RunView) -> u64 {
    let longest = view.figures.media.iter().map(|row| row.over_time.len()).max().unwrap_or(0);
    view.figures.bucket.times(longest as u64).micros().max(1)
}

fn edge(column: usize, columns: usize, covered: u64) -> u64 {
    (u128::from(covered) * column as u128 / columns.max(1) as u128) as u64
}

#[cfg(test)]
mod tests {
    use super::{bar, columns, squeeze};

    #[test]
    fn a_bar_shows_the_smallest_part_and_never_overflows() {
        assert_eq!(bar(1, 2, 4), "██");
        assert_eq!(bar(1, 1_000_000, 4), "▏");
        assert_eq!(bar(9, 4, 4), "████");
        assert_eq!(bar(0, 4, 4), "");
        assert_eq!(bar(1, 0, 4), "");
    }

    #[test]
    fn columns_keep_something_apart_from_nothing() {
        assert_eq!(columns(&[0, 1, 50, 100], 100, 1), " ▁▄█");
        assert_eq!(columns(&[0, 0], 0, 2), "    ");
    }

    #[test]
    fn squeezing_keeps_the_sum() {
        assert_eq!(squeeze(&[1, 2, 3, 4, 5], 2), [3, 12]);
        assert_eq!(squeeze(&[1, 2], 10), [1, 2]);
        assert_eq!(squeeze(&[], 10), [0_u64; 0]);
    }
}
