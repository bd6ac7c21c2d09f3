//! A run that has been planned.

use proofloom_executor::Limits;
use proofloom_vm::layout::MAX_SEGMENT_CYCLES;
use proofloom_vm::{Job, ProvingKey};

use crate::fault::Fault;

pub fn check_segment_cycles(got: u64) -> Result<(), Fault> {
    if (1..=MAX_SEGMENT_CYCLES).contains(&got) {
        return Ok(());
    }
    Err(Fault::request(format!("segmentCycles is {got}, allowed is 1 to {MAX_SEGMENT_CYCLES}")))
}

/// A run that the coordinator has planned under its limits needs none of its own, but an end.
pub fn job<'a>(key: &'a ProvingKey, input: &'a [u8], segment_cycles: u64, max_cycles: u64) -> Job<'a> {
    let limits =
        Limits { max_cycles, max_memory_bytes: u64::MAX, max_output_bytes: u64::from(u32::MAX), ..Limits::default() };
    key.job(input, limits, segment_cycles)
}
