//! The program: parses, calls, exits.

use std::process::ExitCode;

/// Many short texts of many payments: an allocator that is quick with them halves the time of a large night.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    keep_memory();
    paymatch::cli::main(std::env::args_os())
}

/// Lets the allocator keep memory that is free for a second, not for ten milliseconds: a night needs it again at once, and to be
/// given it anew by the system costs about a twentieth of the night.
#[expect(unsafe_code, reason = "options of the allocator have no safe interface")]
fn keep_memory() {
    /// `mi_option_purge_delay` in milliseconds, with its default. Another default would be another option: then it is left alone.
    const PURGE_DELAY: (libmimalloc_sys::mi_option_t, std::ffi::c_long) = (15, 10);
    // SAFETY: called once, before there is a second thread; both only read and write one number of the allocator.
    unsafe {
        if libmimalloc_sys::mi_option_get(PURGE_DELAY.0) == PURGE_DELAY.1 {
            libmimalloc_sys::mi_option_set(PURGE_DELAY.0, 1_000);
        }
    }
}
