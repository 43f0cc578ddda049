//! The fuzzer's way into [`bongsu_fuzz::journal`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bongsu_fuzz::journal::run(data));
