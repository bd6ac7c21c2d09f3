//! The prover of the multilinear engine: everything that a verifier does without.

mod trace;

#[cfg(test)]
mod tests;

pub use trace::TableTrace;
