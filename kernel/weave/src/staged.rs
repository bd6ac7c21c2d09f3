//! Constraints and leaves of all tables: one sumcheck over the rows.
//!
//! Over x in {0,1}^20 the sum of `eq(xi, x) G(x)` is shown to be `p* + lambda (q* - 1)`, where G adds up, under
//! `Z_h(x)` of each table's height, `eq(k, xi_slot) (p_k + lambda (q_k - 1))` over its interactions and
//! `alpha^(i+1) C_i` over its constraints. All weights differ and no constraint has weight 1: else its violation
//! could be hidden in the leaves.

mod verify;
mod weights;

pub use verify::{Outcome, Statement, summand, verify};
pub use weights::{StagedChallenges, TableWeights, weights};
