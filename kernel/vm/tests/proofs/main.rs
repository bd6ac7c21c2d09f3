//! Real proofs: made, checked, compared with recorded ones, and bent in every way.

mod bytes;
mod forged;
mod golden;
mod job;
mod plan;
mod proving;
mod structure;
