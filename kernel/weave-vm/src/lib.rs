//! The virtual machine on the multilinear engine: one proof for each segment of a run, one for each shard of
//! its boundary, and the rules that make them a proof of the run.
//!
//! [`setup`] turns a program into a [`ProvingKey`]; a [`Job`] is that program on an input. Its parts are
//! contributed, [`challenge`] draws what all of them share, each part is proven under it by itself, and
//! [`verify`] checks all of them together.

mod challenge;
mod error;
mod job;
mod key;
mod leaf;
#[cfg(test)]
mod lies;
mod machine;
mod parts;
mod table;
mod verifier;

pub use challenge::{Leaves, challenge, cross_pair};
pub use error::{PartError, ProveError, VerifyError};
pub use job::{Contribution, Job, Part};
pub use key::{FORMAT_VERSION, ProvingKey, key_digest, setup};
pub use leaf::{SegmentLeaf, ShardLeaf, SharedColumns};
pub use machine::{segment_machine, shard_machine};
pub use parts::{SegmentProof, ShardProof};
pub use table::MachineTable;
pub use verifier::{Context, MAX_SHARDS, verify, verify_segment, verify_shard};
