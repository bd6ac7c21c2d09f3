//! Equality and timing of our field against upstream's, natively and in WASM.
//!
//! Natively the tests of this package compare [`vectors::report`] of both backends. In WASM
//! `run.mjs` calls the exports below and compares the same report with the recorded one.

pub mod backend;
pub mod bench;
pub mod random;
pub mod vectors;

#[cfg(target_arch = "wasm32")]
mod exports;

/// Blocks of sixteen elements per operation in the recorded report.
pub const RECORDED_BLOCKS: usize = 256;

/// Seed of the recorded report.
pub const RECORDED_SEED: u64 = 0x5eed;
