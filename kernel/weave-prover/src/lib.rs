//! The prover of the multilinear engine: everything that a verifier does without.

pub use proofloom_weave as weave;
