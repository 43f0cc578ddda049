//! The fuzzer's way into [`bongsu_fuzz::frames`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bongsu_fuzz::frames::run(data));
