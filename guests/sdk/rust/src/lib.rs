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
//! `alloc` works: there is a heap, and nothing is ever freed. A panic halts with
//! [`EXIT_PANIC`]; so does running out of memory.

#![no_std]
#![warn(missing_docs)]

mod heap;
mod io;
mod start;

pub use io::{exit, read_input, write_output};
pub use start::Outcome;

/// Exit code of a panic.
pub const EXIT_PANIC: i32 = 101;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    exit(EXIT_PANIC)
}
