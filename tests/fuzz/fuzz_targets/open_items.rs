#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| paymatch_fuzz::master_data("open_items.csv", bytes));
