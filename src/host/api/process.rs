//! What the kernel says of this process: memory, descriptors. Nothing where it does not say.

use std::fs;

/// Memory that this process really has, in bytes.
pub fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1_024)
}

/// Files and sockets that are open.
pub fn descriptors() -> Option<u64> {
    // The folder that is read is one itself.
    Some((fs::read_dir("/proc/self/fd").ok()?.count() as u64).saturating_sub(1))
}

/// How many may be.
pub fn descriptors_max() -> Option<u64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{descriptors, descriptors_max, resident_bytes};

    #[test]
    fn a_process_has_memory_and_descriptors() {
        assert!(resident_bytes().is_some_and(|bytes| bytes > 1 << 20));
        let (now, most) = (descriptors().expect("open files"), descriptors_max().expect("a limit"));
        assert!(now >= 3 && now < most, "{now} of {most}");
    }
}
