//! The builders that evaluate a table: on packed rows (auxiliary columns and quotient), at one
//! point of the challenge field (verifier) and on single rows (debugging).

mod debug;
mod lookup;
mod packed;
mod verifier;

pub use debug::DebugFolder;
pub(crate) use debug::DebugRow;
pub(crate) use lookup::{LookupChallenges, LookupValues, group_fraction};
pub use packed::{AuxFolder, PackedFolder, QuotientFolder};
pub(crate) use packed::{PackedRow, PackedScratch};
pub use verifier::VerifierFolder;
pub(crate) use verifier::VerifierPoint;
