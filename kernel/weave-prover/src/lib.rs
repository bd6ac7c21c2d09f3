//! The prover of the multilinear engine: everything that a verifier does without.

pub mod commit;
pub mod cube;
pub mod gkr;
mod grind;
mod halves;
mod lower;
pub mod multilinear;
mod packed;
mod progress;
mod prove;
pub mod reduce;
pub mod rounds;
pub mod staged;
pub mod sum;
mod trace;
pub mod whir;

#[cfg(test)]
mod tests;

pub use packed::{LANES, PackedChallenge, PackedVal};
pub use progress::Progress;
pub use prove::{GroupCommitment, Inputs, ProveError, prove, prove_placed};
pub use trace::TableTrace;
