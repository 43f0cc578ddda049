//! What this process has used, by the kernel's own account (Linux: `/proc/self`).

use std::fs;
use std::io;

use crate::host::bench::memory;

/// Nanoseconds of a tick of `/proc/self/stat`: a hundredth of a second on every Linux of today.
const TICK_NS: u64 = 10_000_000;

/// The account as numbers: nanoseconds of processor time, of which user time, and bytes resident.
pub fn numbers() -> io::Result<Vec<u64>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // Names may hold spaces and brackets, so counting begins behind the last one; fields 14 and 15 of proc(5).
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: Vec<u64> = after.split_whitespace().skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    let (user, system) = (ticks.first().copied().unwrap_or(0), ticks.get(1).copied().unwrap_or(0));
    let busy = scheduled().unwrap_or((user + system) * TICK_NS);
    Ok(vec![busy, user * TICK_NS, system * TICK_NS, memory::resident().unwrap_or(0)])
}

/// Exact processor time of all threads, where the kernel keeps it; ticks are too coarse for short slices.
fn scheduled() -> Option<u64> {
    let mut sum = 0;
    for thread in fs::read_dir("/proc/self/task").ok()? {
        let text = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        sum += text.split_whitespace().next()?.parse::<u64>().ok()?;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn processor_time_never_runs_backwards() {
        let (first, second) = (numbers().expect("Linux"), numbers().expect("Linux"));
        assert!(first[0] > 0 && first[0] <= second[0], "{first:?} {second:?}");
        assert!(first[3] > 0, "{first:?}");
    }
}
