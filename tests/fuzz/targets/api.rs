//! The fuzzer's way into [`bongsu_fuzz::api`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bongsu_fuzz::api::run(data));
