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
use p3_fri::BatchMultiOpening;
use proofloom_field::{Challenge, Challenger, Digest, Val};

pub use self::error::StarkError;
use self::point::{TablePoint, join};
use crate::config::{FriProof, FriProofWith, InputProof, PROOF_PARAMETERS, engine};
use crate::lift::{shift, shift_power, trace_domain};
use crate::lifted_mmcs::{LiftedMatrix, LiftedMmcs, LiftedRoot};
use crate::machine::Machine;
use crate::opening::{OpenedMatrix, Owner, RoundKind, Zeta, round_matrices, split};
use crate::proof::{RowOpenings, StarkProof};
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
    /// From the segment's commitment.
    pub shared_root: Option<Digest>,
    /// From the segment's commitment: log2 height of every table's shared columns.
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
        let zeta =
            Zeta { point: transcript::after_quotient(&mut challenger, proof.quotient_root), log_heights: &log_heights };
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
                zeta: zeta.of_table(i),
            };
            combined = point.fold(&self.tables()[i], combined);
        }
        check_quotient(zeta, combined, &proof.quotient)?;
        let total: Challenge = proof.terminals.iter().copied().sum();
        if total.is_zero() { Ok(()) } else { Err(StarkError::Unbalanced) }
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
        let mut rounds = Vec::new();
        for kind in RoundKind::ALL {
            let Some(root) = root_of(kind) else { continue };
            rounds.push((kind, root, round_matrices(&self.shapes, kind)));
        }
        let claims = rounds.iter().map(|(kind, root, matrices)| claim(*kind, *root, matrices, proof, zeta)).collect();
        let matrices: Vec<_> = rounds.iter().map(|(_, _, matrices)| &matrices[..]).collect();
        let fri = lifted_proof(&matrices, &proof.fri)?;
        let verified = engine().pcs.verify(claims, &fri, challenger);
        verified.map_err(|error| StarkError::Opening { reason: format!("{error:?}") })
    }
}

/// The proof with the rows of each commitment split as [`LiftedMmcs`] expects them.
fn lifted_proof(
    rounds: &[&[OpenedMatrix]],
    proof: &FriProof,
) -> Result<FriProofWith<InputProof<LiftedMmcs>>, StarkError> {
    if proof.input_openings.len() != rounds.len() {
        return Err(StarkError::Opening { reason: "another number of commitments".to_owned() });
    }
    let lift = |(matrices, opening)| lifted_rows(matrices, opening);
    let openings = rounds.iter().copied().zip(&proof.input_openings).map(lift);
    Ok(FriProofWith {
        batch_pow_witness: proof.batch_pow_witness,
        commit_phase_commits: proof.commit_phase_commits.clone(),
        commit_pow_witnesses: proof.commit_pow_witnesses.clone(),
        input_openings: openings.collect::<Result<_, _>>()?,
        commit_phase_openings: proof.commit_phase_openings.clone(),
        final_poly: proof.final_poly.clone(),
        query_pow_witness: proof.query_pow_witness,
    })
}

fn lifted_rows(
    matrices: &[OpenedMatrix],
    opening: &RowOpenings,
) -> Result<BatchMultiOpening<Val, LiftedMmcs>, StarkError> {
    let width = matrices.iter().map(|matrix| matrix.width).sum::<usize>();
    if opening.rows.len() != PROOF_PARAMETERS.queries * width {
        return Err(StarkError::Opening { reason: "other rows than the queries and the columns ask for".to_owned() });
    }
    let lists = |mut rows: &[Val]| {
        let row = |matrix: &OpenedMatrix| rows.split_off(..matrix.width).unwrap_or_default();
        let rows = matrices.iter().map(row);
        split(matrices.iter().map(|matrix| &matrix.next[..]), rows).into_lists()
    };
    Ok(BatchMultiOpening {
        opened_values: opening.rows.chunks_exact(width).map(lists).collect(),
        opening_proof: opening.path.clone(),
    })
}

/// Whether the point is neither a row nor a point of the evaluation domain, of any table.
fn check_point(zeta: Zeta<'_>) -> Result<(), StarkError> {
    let power = zeta.power();
    if power == Challenge::ONE || power.square() == shift_power().square().into() {
        return Err(StarkError::PointInDomain);
    }
    Ok(())
}

/// Whether the combined constraints are the quotient times the vanishing polynomial.
fn check_quotient(zeta: Zeta<'_>, combined: Challenge, chunks: &[Vec<Challenge>]) -> Result<(), StarkError> {
    let power = zeta.power();
    let chunk = |i: usize| join(&chunks[i]).first().copied().unwrap_or_default();
    let quotient = recompose(std::array::from_fn(chunk), power);
    if combined == quotient * (power - Challenge::ONE) { Ok(()) } else { Err(StarkError::Constraints) }
}

/// The claimed values of one commitment, lifted to the tallest table. Widths have been checked.
fn claim(
    kind: RoundKind,
    root: Digest,
    matrices: &[OpenedMatrix],
    proof: &StarkProof,
    zeta: Zeta<'_>,
) -> CommitmentOpening<Challenge, LiftedRoot, TwoAdicMultiplicativeCoset<Val>> {
    let values = |matrix: &OpenedMatrix| match matrix.owner {
        Owner::Table(table) => proof.openings[table].values(kind),
        Owner::Quotient(chunk) => (&proof.quotient[chunk][..], &[][..]),
    };
    let columns = matrices.iter().map(|matrix| &matrix.next[..]);
    let here = split(columns, matrices.iter().map(|matrix| values(matrix).0));
    let next = matrices.iter().flat_map(|matrix| values(matrix).1).copied();
    // The low-degree test takes the evaluation domain for the coset of the field's generator.
    let scale = Val::GENERATOR / shift(zeta.log_tallest());
    let point = |point: Challenge, values| PointOpening { point: point * scale, values };
    let lists =
        [vec![point(zeta.point, here.alone)], vec![point(zeta.point, here.both), point(zeta.next(), next.collect())]];
    let lists = lists.into_iter().filter(|points| !points[0].values.is_empty());
    CommitmentOpening {
        commitment: lifted_root(root, matrices, zeta),
        matrices: lists.map(|points| MatrixOpening { domain: trace_domain(zeta.log_tallest()), points }).collect(),
    }
}

fn lifted_root(root: Digest, matrices: &[OpenedMatrix], zeta: Zeta<'_>) -> LiftedRoot {
    let lifted = |matrix: &OpenedMatrix| LiftedMatrix {
        width: matrix.width,
        log_height: zeta.log_height(matrix),
        next: matrix.next.clone(),
    };
    LiftedRoot { root, matrices: matrices.iter().map(lifted).collect(), log_tallest: zeta.log_tallest() }
}
