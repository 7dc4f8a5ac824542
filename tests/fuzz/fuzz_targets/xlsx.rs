#![no_main]

use paymatch_fuzz::{master_data, statements, workbook};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let built = workbook(bytes);
    for file in [bytes, &built] {
        statements("statement.xlsx", file);
        master_data("open_items.xlsx", file);
    }
});
