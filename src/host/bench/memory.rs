//! Resident memory of this process, from the kernel's own account.

/// Bytes resident now; `None` where the kernel has no `/proc`.
pub fn resident() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * PAGE)
}

/// Linux on the machines that bongsu is built for has pages of 4 KiB.
const PAGE: u64 = 4_096;
