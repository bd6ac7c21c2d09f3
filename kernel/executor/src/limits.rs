//! What an execution may use.

use crate::map;

/// Bounds of one execution. Passing one ends it with the [`Trap`](crate::Trap) named there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most retired instructions, the halting `ecall` included (`CYCLE_LIMIT`).
    pub max_cycles: u64,
    /// Most bytes of memory touched by loads and stores, counted in whole pages of
    /// [`PAGE_BYTES`](crate::PAGE_BYTES), input pages included (`MEMORY_LIMIT`).
    pub max_memory_bytes: u64,
    /// Most bytes of public output (`OUTPUT_TOO_LONG`).
    pub max_output_bytes: u64,
    /// Most bytes of private input (`INPUT_TOO_LONG`); never above [`map::INPUT_MAX_BYTES`].
    pub max_input_bytes: u64,
}

impl Default for Limits {
    /// 2^32 cycles, 512 MiB touched, 1 MiB of output, an input as large as its region.
    fn default() -> Self {
        Self {
            max_cycles: 1 << 32,
            max_memory_bytes: 512 << 20,
            max_output_bytes: 1 << 20,
            max_input_bytes: map::INPUT_MAX_BYTES,
        }
    }
}
