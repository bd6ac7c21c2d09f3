//! Guests of the Proofloom machine in Rust.
//!
//! ```ignore
//! #![no_std]
//! #![no_main]
//! proofloom_guest::entry!(main);
//!
//! fn main() {
//!     let input = proofloom_guest::read_input();
//!     proofloom_guest::write_output(&(input.len() as u64).to_le_bytes());
//! }
//! ```
//!
//! `alloc` works: there is a heap. A panic halts with [`EXIT_PANIC`]; so does running out of memory.
//!
//! With the feature `std` and the target `riscv64im_zicclsm-unknown-zkvm-elf` there are `std` and an
//! ordinary `main`. What it prints is no output of the guest; an emulator of Linux programs shows it
//! on stderr. There are no threads, files, arguments or clocks, and "random" numbers are zeros.

#![no_std]
#![warn(missing_docs)]

mod heap;
mod io;
mod start;
#[cfg(feature = "std")]
mod std_platform;

pub use io::{exit, read_input, write_output};
pub use start::Outcome;

/// Exit code of a panic.
pub const EXIT_PANIC: i32 = 101;

#[cfg(not(feature = "std"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    exit(EXIT_PANIC)
}
