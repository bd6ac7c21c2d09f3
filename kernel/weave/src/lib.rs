//! The multilinear proof engine: what both sides share, and the verifier.
//!
//! A proof is about several tables (AIRs) whose columns are stacked under one commitment each for fixed,
//! shared and main columns. Lookups are shown by a fractional GKR, constraints by one sumcheck over the rows
//! of all tables, column values by one more sumcheck and a WHIR opening.
//!
//! [`Machine`] analyses a list of [`Table`]s once. Verification is written over [`Arith`] alone, so that the
//! same text checks a proof natively and can be recorded as a circuit: no branch on a value, no length from a
//! value, no data structure from a proof. Nothing of the prover is in this crate.

mod arith;
mod chunk;
pub mod closed;
mod codec;
mod expression;
pub mod gkr;
mod heights;
mod layout;
mod machine;
mod merkle;
pub mod messages;
mod multilinear;
mod native;
mod openings;
mod profile;
mod proof;
pub mod reduce;
pub mod security;
mod sponge;
pub mod staged;
mod table;
mod verify;
pub mod whir;

pub use arith::{Arith, Check, TreeShape};
pub use chunk::{Chunk, NextColumns, cut};
pub use codec::{DecodeError, Reader, Writer};
pub use expression::{Dag, Node, NodeId, Row};
pub use heights::Heights;
pub use layout::{
    LayoutError, MAX_MAIN_WIDTH, Placement, WIDTH_UNIT, check_main, check_main_width, chunks_of, columns_before, place,
};
pub use machine::{Bus, MAX_DEGREE, Machine, MachineError, Shape, Slot};
pub use merkle::{MerkleError, Root, hash_rows, root};
pub use multilinear::{eq, eq_table, prefix_products, suffix_products};
pub use native::{Native, Openings};
pub use openings::{Opened, Tree, Trees};
pub use profile::{MAX_LOG_HEIGHT, MIN_LOG_HEIGHT, OracleProfile, Profile, RELEASED, TESTS};
pub use proof::{ProofError, WeaveProof};
pub use reduce::Columns;
pub use sponge::{Encoder, Sponge, Transcript, bytes, digest, node_digest, number, row_digest};
pub use table::{Group, SymbolicBuilder, Table, TableBuilder, join_ext};
pub use verify::{DOMAIN, Instance, VerifyError, Work, verify, verify_proof};

/// Base-field coefficients of an element of the challenge field, constant term first.
pub const EXTENSION: usize = 5;
