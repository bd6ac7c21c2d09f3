//! Real proofs: made, checked, compared with recorded ones, and bent in every way.

mod bytes;
mod findings;
mod forged;
mod golden;
mod job;
mod made;
mod plan;
mod structure;
