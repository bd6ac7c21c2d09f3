//! The virtual machine as tables: what a proof says and how it is made and checked.
//!
//! [`setup`] turns a program into a [`ProvingKey`]; a [`Job`] is that program on an input.
//! `plan`, `contribute`, `prove` and [`aggregate`] make a final proof, [`verify`] checks it.

mod accelerators;
mod bus;
mod columns;
mod cross;
mod debug;
mod encoding;
mod engine;
mod error;
mod gamma;
mod heights;
mod key;
pub mod layout;
mod limit;
mod memory;
mod opcode;
mod plan;
mod program;
mod proofs;
mod prover;
mod publics;
mod resume;
mod security;
#[cfg(test)]
mod soundness;
mod statement;
mod system;
mod tables;
mod trace;
mod verifier;

pub use accelerators::Accelerators;
pub use debug::{Checked, ClaimedExecution, Inspector, Violation};
pub use error::{KernelError, VerifyError};
pub use gamma::{PhaseOneCommitment, SegmentPublics, gamma as challenge};
pub use heights::table_of;
pub use key::{FORMAT_VERSION, ProvingKey, TABLES_REVISION, VerifyingKey, setup};
pub use limit::{Limit, OverLimit};
pub use plan::{Measures, Plan, Start, Stopped, Unprovable};
pub use proofs::{BoundaryProof, Composite, SegmentProof};
pub use prover::{BOUNDARY, Contribution, Job, Proven, aggregate, aggregate_verified};
pub use security::{security_bits, security_reports};
pub use statement::Statement;
pub use system::{boundary_machine, segment_machine};
pub use tables::{BOUNDARY_TABLES, SEGMENT_TABLES, VmTable};

/// What another proof engine needs of the machine: rows and public values, and the rules for whole runs.
pub mod rows {
    pub use crate::cross::CrossPair;
    pub use crate::engine::Engine;
    pub use crate::limit::MAX_ROWS;
    pub use crate::program::{Decoded, ProgramRow};
    pub use crate::publics::{ShardSums, segment as segment_publics, shard as shard_publics};
    pub use crate::resume::LastRun;
    pub use crate::tables::image::rows::sent as image_main;
    pub use crate::tables::initfin::rows::{BoundaryTrace, shards};
    pub use crate::tables::initfin::{LOG_MAX_SHARD, ShardPublics};
    pub use crate::tables::local::rows::{main as local_main, phase_one as local_words};
    pub use crate::trace::record::{Finish, Record, Run, Runner, Touched, program_rows};
    pub use crate::trace::segment::{SegmentTrace, build as segment};
    pub use crate::verifier::{MAX_TOKENS, TOKENS_PER_ROW, check_chain, check_publics, output_terms};
}
pub use verifier::{Context, Verified, hex, verify, verify_boundary, verify_segment};
