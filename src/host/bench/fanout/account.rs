//! What a process has used, by the kernel's own account (Linux: `/proc`).

use std::fs;
use std::io;

/// Nanoseconds of a tick of `/proc/self/stat`: a hundredth of a second on every Linux of today.
const TICK_NS: u64 = 10_000_000;

/// The account of this process as numbers: nanoseconds of processor time, of which user time and system time, bytes
/// resident, and the most that were resident since [`forget_peak`].
pub fn numbers() -> io::Result<Vec<u64>> {
    of("self")
}

/// The same of another process, by its number.
pub fn of(process: &str) -> io::Result<Vec<u64>> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // Names may hold spaces and brackets, so counting begins behind the last one; fields 14 and 15 of proc(5).
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: Vec<u64> = after.split_whitespace().skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    let (user, system) = (ticks.first().copied().unwrap_or(0), ticks.get(1).copied().unwrap_or(0));
    let busy = scheduled(process).unwrap_or((user + system) * TICK_NS);
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    Ok(vec![busy, user * TICK_NS, system * TICK_NS, kib(&status, "VmRSS:"), kib(&status, "VmHWM:")])
}

/// From now on the most that is resident is counted anew (proc(5), `clear_refs`).
pub fn forget_peak(process: &str) -> io::Result<()> {
    fs::write(format!("/proc/{process}/clear_refs"), "5")
}

/// Bytes of a line of `status`.
fn kib(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse::<u64>().ok()).unwrap_or(0) * 1_024
}

/// Exact processor time of all threads that live, where the kernel keeps it; ticks are too coarse for short slices. The processes
/// that are measured keep their threads from the first slice to the last.
fn scheduled(process: &str) -> Option<u64> {
    let mut sum = 0;
    for thread in fs::read_dir(format!("/proc/{process}/task")).ok()? {
        // A thread that has just ended has no account any more.
        let Ok(text) = fs::read_to_string(thread.ok()?.path().join("schedstat")) else { continue };
        sum += text.split_whitespace().next()?.parse::<u64>().ok()?;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::numbers;

    // Threads of other tests end while this one looks, and their exact time with them; ticks of a process keep all.
    #[test]
    fn processor_time_never_runs_backwards() {
        let (first, second) = (numbers().expect("Linux"), numbers().expect("Linux"));
        assert!(first[0] > 0 && second[0] > 0, "{first:?} {second:?}");
        assert!(first[1] + first[2] <= second[1] + second[2], "{first:?} {second:?}");
        assert!(first[3] > 0 && first[3] <= first[4], "{first:?}");
    }
}
