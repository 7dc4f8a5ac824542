#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| paymatch_fuzz::statements("statement.sta", bytes));
