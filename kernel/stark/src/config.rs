//! The released proof profile and the commitment scheme that follows from it.

use std::sync::OnceLock;

use p3_commit::{ExtensionMmcs, Mmcs};
use p3_field::Field;
use p3_fri::{BatchMultiOpening, FriParameters, TwoAdicFriPcs};
use p3_matrix::dense::RowMajorMatrix;
use p3_security::fri::FriRegime;
use proofloom_field::{Challenge, Challenger, Compress, Dft, Hash, Perm, Val, default_perm};

use crate::lifted_mmcs::LiftedMmcs;
use crate::merkle::ValMmcs;
use crate::proof::RowOpenings;

/// Packed base field: one SIMD vector of [`Val`].
pub type PackedVal = <Val as Field>::Packing;

/// Packed challenge field: one SIMD vector of [`Challenge`].
pub type PackedChallenge = <Challenge as p3_field::ExtensionField<Val>>::ExtensionPacking;

/// The same tree over rows of challenge-field matrices (FRI layers).
pub type ChallengeMmcs = ExtensionMmcs<Val, Challenge, ValMmcs>;

/// Opening proofs are verified by FRI over two-adic cosets, all columns lifted to one height.
pub(crate) type Pcs = TwoAdicFriPcs<Val, Dft, LiftedMmcs, ChallengeMmcs>;

/// What the prover keeps of one commitment: extended matrices and tree.
pub(crate) type CommitData = <ValMmcs as Mmcs<Val>>::ProverData<RowMajorMatrix<Val>>;

/// Rows of all matrices of a commitment, one per query, and their common Merkle proof.
pub(crate) type InputProof<M> = Vec<BatchMultiOpening<Val, M>>;

/// Opening proof with the given openings of the commitments.
pub(crate) type FriProofWith<I> = p3_fri::FriProof<Challenge, ChallengeMmcs, Val, I>;

/// Opening proof on the wire.
pub(crate) type FriProof = FriProofWith<Vec<RowOpenings>>;

/// Base-field coefficients per challenge-field element.
pub const CHALLENGE_DEGREE: usize = 5;

/// Every number of a proof profile. The verifier takes them from here, never from a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofParameters {
    /// Name bound into the verifying key.
    pub id: &'static str,
    /// log2 of the Reed-Solomon blowup.
    pub log_blowup: usize,
    /// FRI queries.
    pub queries: usize,
    /// Grinding before the opening-batching challenge, in bits.
    pub batch_pow_bits: usize,
    /// Grinding before each FRI folding challenge, in bits.
    pub commit_pow_bits: usize,
    /// Grinding before the query indices, in bits.
    pub query_pow_bits: usize,
    /// log2 of the largest folding arity.
    pub max_log_arity: usize,
    /// log2 of the coefficient count of the final polynomial.
    pub log_final_poly_len: usize,
    /// log2 of the number of roots in a Merkle cap.
    pub merkle_cap_height: usize,
}

/// KoalaBear with a degree-5 challenge field, Poseidon2, blowup 2, unique decoding.
pub const PROOF_PARAMETERS: ProofParameters = ProofParameters {
    id: "kb5-p2-b2-udr",
    log_blowup: 1,
    queries: 206,
    batch_pow_bits: 0,
    commit_pow_bits: 0,
    query_pow_bits: 16,
    max_log_arity: 3,
    log_final_poly_len: 4,
    merkle_cap_height: 0,
};

/// Largest constraint degree (in multiples of the trace length) that blowup 2 can carry.
pub const MAX_CONSTRAINT_DEGREE: usize = 1 + (1 << PROOF_PARAMETERS.log_blowup);

/// log2 of the smallest admitted table height: a row for each lane of the widest vectors.
pub const MIN_LOG_HEIGHT: usize = 4;

/// log2 of the smallest height that the tallest table of a proof may have. All tables are lifted to
/// it, so what the low-degree test proves depends on this height alone.
pub const MIN_LOG_TALLEST: usize = 8;

/// log2 of the largest admitted table height.
pub const MAX_LOG_HEIGHT: usize = 20;

/// The commitment scheme and its parts.
pub(crate) struct Engine {
    pub dft: Dft,
    pub mmcs: ValMmcs,
    pub fri: FriParameters<ChallengeMmcs>,
    /// Verifies what was proven with `fri`.
    pub pcs: Pcs,
    /// The parameters of `fri`, as the security computation wants them.
    pub fri_regime: FriRegime,
}

/// The process-wide commitment scheme.
///
/// Shared because it caches the twiddle factors of its transforms, which cost as much as a
/// small commitment to compute.
pub(crate) fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| build_engine(default_perm()))
}

/// A transcript in its initial state. Callers seed it before handing it to the prover.
pub fn challenger() -> Challenger {
    Challenger::new(default_perm())
}

fn build_engine(perm: Perm) -> Engine {
    let hash = Hash::new(perm.clone());
    let mmcs = ValMmcs::new(hash, Compress::new(perm));
    let fri = FriParameters {
        log_blowup: PROOF_PARAMETERS.log_blowup,
        log_final_poly_len: PROOF_PARAMETERS.log_final_poly_len,
        max_log_arity: PROOF_PARAMETERS.max_log_arity,
        num_queries: PROOF_PARAMETERS.queries,
        batch_proof_of_work_bits: PROOF_PARAMETERS.batch_pow_bits,
        commit_proof_of_work_bits: PROOF_PARAMETERS.commit_pow_bits,
        query_proof_of_work_bits: PROOF_PARAMETERS.query_pow_bits,
        mmcs: ChallengeMmcs::new(mmcs.clone()),
    };
    let fri_regime = fri.security_regime();
    // The clone shares the twiddle cache.
    let dft = Dft::default();
    Engine { pcs: Pcs::new(dft.clone(), LiftedMmcs(mmcs.clone()), fri.clone()), dft, mmcs, fri, fri_regime }
}
