//! The prover of the multilinear engine: everything that a verifier does without.

pub mod gkr;
mod lower;
mod multilinear;
mod packed;
mod trace;

#[cfg(test)]
mod tests;

pub use packed::{LANES, PackedChallenge, PackedVal};
pub use trace::TableTrace;
