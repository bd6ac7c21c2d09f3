//! Tests of the prover against direct summation, and attacks that the verifier has to refuse.

mod direct;
mod program;
mod proofs;
mod toy;
mod whole;
