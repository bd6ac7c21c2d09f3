//! A STARK engine for proofs made of several tables with three commitment phases.
//!
//! [`Machine`] is the entry point: it analyses a list of [`Table`]s once and then commits,
//! proves, verifies and debugs. The engine knows nothing of what the tables mean.

mod auxiliary;
mod commit;
mod config;
mod debug;
mod folder;
mod interactions;
mod lift;
mod lifted_mmcs;
mod machine;
mod merkle;
mod next_rows;
mod opening;
mod packing;
mod progress;
mod proof;
mod prove;
mod quotient;
mod security;
mod shape;
mod table;
mod transcript;
mod verify;
mod words;

pub use commit::{Fixed, Group, Shared, TraceError};
pub use config::{
    CHALLENGE_DEGREE, MAX_CONSTRAINT_DEGREE, MAX_LOG_HEIGHT, MIN_LOG_HEIGHT, MIN_LOG_TALLEST, PROOF_PARAMETERS,
    PackedChallenge, PackedVal, ProofParameters, challenger,
};
pub use debug::{DebugError, DebugReport, Imbalance, Place, RowReport, Sent, Traces, Violation};
pub use folder::{AuxFolder, DebugFolder, PackedFolder, QuotientFolder, VerifierFolder};
pub use machine::{Bus, Machine, MachineError, QUOTIENT_COLUMNS, TableStats};
pub use next_rows::NextColumns;
pub use progress::{Progress, Silent};
pub use proof::{DecodeError, MAX_PROOF_BYTES, RowOpenings, StarkProof, TableOpening};
pub use prove::ProveError;
pub use security::{CHALLENGE_BITS, DIGEST_BITS, SecurityReport, SecurityTerm};
pub use table::{SymbolicBuilder, Table, TableBuilder, join_ext};
pub use verify::{StarkError, VerifyInput};
