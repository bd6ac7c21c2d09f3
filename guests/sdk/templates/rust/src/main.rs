//! Adds up the bytes of its input. Output: the sum, 8 bytes. Exit code 1 without input.
#![no_std]
#![no_main]

proofloom_guest::entry!(main);

fn main() -> Result<(), i32> {
    let input = proofloom_guest::read_input();
    if input.is_empty() {
        return Err(1);
    }
    let sum: u64 = input.iter().map(|&byte| u64::from(byte)).sum();
    proofloom_guest::write_output(&sum.to_le_bytes());
    Ok(())
}
