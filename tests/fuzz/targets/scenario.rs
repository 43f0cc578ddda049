//! The fuzzer's way into [`bongsu_fuzz::scenario`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bongsu_fuzz::scenario::run(data));
