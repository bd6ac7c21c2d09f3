//! The verifier.
//!
//! Shapes come from the machine, never from the proof: everything the proof carries is compared
//! with what the machine expects before anything is computed from it.

mod checks;
mod error;
mod point;

use p3_commit::{CommitmentOpening, MatrixOpening, Pcs as _, PointOpening};
use p3_field::coset::TwoAdicMultiplicativeCoset;
use p3_field::{Field, PrimeCharacteristicRing};
use p3_symmetric::MerkleCap;
use proofloom_field::{Challenge, Challenger, Digest, Val};

pub use self::error::StarkError;
use self::point::{TablePoint, join};
use crate::config::{Commitment, engine};
use crate::lift::{lowered, shift_power, trace_domain};
use crate::machine::Machine;
use crate::opening::{OpenedMatrix, Owner, RoundKind, Zeta, round_matrices};
use crate::proof::StarkProof;
use crate::quotient::recompose;
use crate::table::Table;
use crate::transcript::{self, Preamble};

/// What the verifier knows of a proof besides the machine and the transcript's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyInput<'a> {
    /// From the verifying key.
    pub fixed_root: Option<Digest>,
    /// From the verifying key: log2 height of every table's fixed columns.
    pub fixed_log_heights: &'a [Option<usize>],
    /// From the segment's leaf.
    pub shared_root: Option<Digest>,
    /// From the segment's leaf: log2 height of every table's shared columns.
    pub shared_log_heights: &'a [Option<usize>],
    /// One list per table.
    pub publics: &'a [Vec<Val>],
}

impl<T: Table> Machine<T> {
    /// Checks a proof. `challenger` must be in the state the prover started from.
    ///
    /// Never panics, whatever the proof; does not loop on anything the proof says.
    ///
    /// # Errors
    /// [`StarkError`] names the first check that failed.
    pub fn verify(
        &self,
        input: &VerifyInput<'_>,
        mut challenger: Challenger,
        proof: &StarkProof,
    ) -> Result<(), StarkError> {
        let log_heights = self.check_shape(input, proof)?;
        let preamble = Preamble {
            log_heights: &log_heights,
            fixed_root: input.fixed_root,
            shared_root: input.shared_root,
            main_root: proof.main_root,
            publics: input.publics,
        };
        let (alpha, beta) = transcript::begin(self, &mut challenger, &preamble);
        let challenges = self.lookup_challenges(alpha, beta);
        let alpha = transcript::after_aux(&mut challenger, proof.aux_root, &proof.terminals);
        let zeta = Zeta {
            point: transcript::after_quotient(&mut challenger, proof.quotient_root),
            log_heights: &log_heights,
        };
        check_point(zeta)?;
        self.check_opening(input, proof, zeta, &mut challenger)?;
        let mut terminals = proof.terminals.iter();
        let mut combined = Challenge::ZERO;
        for (i, shape) in self.shapes.iter().enumerate() {
            let has_terminal = !shape.plan.is_empty();
            let terminal = has_terminal.then(|| terminals.next().copied()).flatten();
            let point = TablePoint {
                shape,
                log_height: log_heights[i],
                opening: &proof.openings[i],
                publics: &input.publics[i],
                challenges: &challenges[i],
                terminal: terminal.unwrap_or(Challenge::ZERO),
                alpha,
                zeta: lowered(zeta.point, zeta.log_tallest(), log_heights[i]),
            };
            combined = point.fold(&self.tables()[i], combined);
        }
        check_quotient(zeta, combined, &proof.quotient)?;
        let total: Challenge = proof.terminals.iter().copied().sum();
        if total.is_zero() {
            Ok(())
        } else {
            Err(StarkError::Unbalanced)
        }
    }

    /// Checks that the opened values are those of the commitments.
    fn check_opening(
        &self,
        input: &VerifyInput<'_>,
        proof: &StarkProof,
        zeta: Zeta<'_>,
        challenger: &mut Challenger,
    ) -> Result<(), StarkError> {
        let root_of = |kind| match kind {
            RoundKind::Fixed => input.fixed_root,
            RoundKind::Shared => input.shared_root,
            RoundKind::Main => Some(proof.main_root),
            RoundKind::Aux => proof.aux_root,
            RoundKind::Quotient => Some(proof.quotient_root),
        };
        let mut claims = Vec::new();
        for kind in RoundKind::ALL {
            let Some(root) = root_of(kind) else { continue };
            let matrices = round_matrices(&self.shapes, kind);
            let claim = |matrix| claim(kind, matrix, proof, zeta);
            let matrices = matrices.iter().map(claim).collect();
            claims.push(CommitmentOpening {
                commitment: cap(root),
                matrices,
            });
        }
        let verified = engine().pcs.verify(claims, &proof.fri, challenger);
        verified.map_err(|error| StarkError::Opening {
            reason: format!("{error:?}"),
        })
    }
}

fn cap(root: Digest) -> Commitment {
    MerkleCap::new(vec![root])
}

/// Whether the point is neither a row nor a point of the evaluation domain, of any table.
fn check_point(zeta: Zeta<'_>) -> Result<(), StarkError> {
    let power = zeta.point.exp_power_of_2(zeta.log_tallest());
    if power == Challenge::ONE || power.square() == shift_power().square().into() {
        return Err(StarkError::PointInDomain);
    }
    Ok(())
}

/// Whether the combined constraints are the quotient times the vanishing polynomial.
fn check_quotient(
    zeta: Zeta<'_>,
    combined: Challenge,
    chunks: &[Vec<Challenge>],
) -> Result<(), StarkError> {
    let power = zeta.point.exp_power_of_2(zeta.log_tallest());
    let chunk = |i: usize| join(&chunks[i]).first().copied().unwrap_or_default();
    let quotient = recompose(std::array::from_fn(chunk), power);
    if combined == quotient * (power - Challenge::ONE) {
        Ok(())
    } else {
        Err(StarkError::Constraints)
    }
}

/// The claimed values of one matrix. Widths have been checked.
fn claim(
    kind: RoundKind,
    matrix: &OpenedMatrix,
    proof: &StarkProof,
    zeta: Zeta<'_>,
) -> MatrixOpening<Challenge, TwoAdicMultiplicativeCoset<Val>> {
    let (here, next): (&[Challenge], &[Challenge]) = match matrix.owner {
        Owner::Table(table) => proof.openings[table].values(kind),
        Owner::Quotient(chunk) => (&proof.quotient[chunk], &[]),
    };
    let values = [here, next].into_iter().map(<[Challenge]>::to_vec);
    let points = zeta.points(matrix).into_iter().zip(values);
    MatrixOpening {
        domain: trace_domain(zeta.log_height(matrix)),
        points: points
            .map(|(point, values)| PointOpening { point, values })
            .collect(),
    }
}
