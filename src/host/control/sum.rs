//! The checksum of what is kept: of lines in the journal, and of the bodies of requests.

/// FNV-1a, 64 bits: tells apart what differs by accident, not by malice. SQLite has none of its own for what lies in its
/// pages.
pub fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::sum;

    /// Vectors of the authors of FNV (Fowler, Noll, Vo: test_fnv.c).
    #[test]
    fn the_checksum_is_the_published_one() {
        assert_eq!(sum(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(sum(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(sum(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
