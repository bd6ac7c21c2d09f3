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
pub use verifier::{Context, Verified, hex, verify, verify_boundary, verify_segment};
