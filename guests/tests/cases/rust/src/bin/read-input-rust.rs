//! Shows how long the input is said to be, and nothing of it.
//!
//! - output: the length (u64)

#![no_std]
#![no_main]

proofloom_guest::entry!(main);

fn main() {
    proofloom_guest::write_output(&(proofloom_guest::read_input().len() as u64).to_le_bytes());
}
