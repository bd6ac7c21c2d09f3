//! The multilinear prover: one stacked commitment, lookups by GKR, one zerocheck, WHIR.

pub mod commit;
pub mod folder;
pub mod gkr;
pub mod layout;
pub mod machine;
pub mod mle;
pub mod prove;
pub mod reduce;
pub mod rows;
pub mod sponge;
pub mod staged;
pub mod sum;
pub mod terms;
pub mod verify;
pub mod whir;

pub use machine::Machine;
pub use prove::{Fixed, Phases, prove};
