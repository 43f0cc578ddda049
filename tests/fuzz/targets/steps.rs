//! The fuzzer's way into [`bongsu_fuzz::steps`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bongsu_fuzz::steps::run(data));
