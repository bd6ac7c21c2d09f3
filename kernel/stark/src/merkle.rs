//! Merkle trees over rows of matrices: upstream's, with openings of many rows verified in batches.

mod multiproof;

use p3_commit::{BatchOpening, BatchOpeningRef, Mmcs};
use p3_matrix::{Dimensions, Matrix};
use p3_merkle_tree::{MerkleTreeError, MerkleTreeMmcs};
use proofloom_field::{Compress, DIGEST_ELEMS, Hash, Val};

use crate::config::{PROOF_PARAMETERS, PackedVal};

// One root is all that an opening is compared with.
const _: () = assert!(PROOF_PARAMETERS.merkle_cap_height == 0);

type Tree = MerkleTreeMmcs<PackedVal, PackedVal, Hash, Compress, 2, DIGEST_ELEMS>;

/// Merkle tree over rows of base-field matrices of different heights.
///
/// Commitments, openings and what verifies are upstream's. Upstream hashes one row and one node at a
/// time when it verifies; here all of one level go to the hash together, which takes several at once
/// where the target has vectors.
#[derive(Clone, Debug)]
pub struct ValMmcs {
    tree: Tree,
    hash: Hash,
    compress: Compress,
}

impl ValMmcs {
    /// The commitment scheme over `hash` for rows and `compress` for nodes.
    pub fn new(hash: Hash, compress: Compress) -> Self {
        Self { tree: Tree::new(hash.clone(), compress.clone(), PROOF_PARAMETERS.merkle_cap_height), hash, compress }
    }
}

impl Mmcs<Val> for ValMmcs {
    type ProverData<M> = <Tree as Mmcs<Val>>::ProverData<M>;
    type Commitment = <Tree as Mmcs<Val>>::Commitment;
    type Proof = <Tree as Mmcs<Val>>::Proof;
    type MultiProof = <Tree as Mmcs<Val>>::MultiProof;
    type Error = MerkleTreeError;

    fn commit<M: Matrix<Val>>(&self, inputs: Vec<M>) -> (Self::Commitment, Self::ProverData<M>) {
        self.tree.commit(inputs)
    }

    fn open_batch<M: Matrix<Val>>(&self, index: usize, data: &Self::ProverData<M>) -> BatchOpening<Val, Self> {
        let (rows, proof) = self.tree.open_batch(index, data).unpack();
        BatchOpening::new(rows, proof)
    }

    fn get_matrices<'a, M: Matrix<Val>>(&self, data: &'a Self::ProverData<M>) -> Vec<&'a M> {
        self.tree.get_matrices(data)
    }

    fn verify_batch(
        &self,
        commit: &Self::Commitment,
        dimensions: &[Dimensions],
        index: usize,
        opening: BatchOpeningRef<'_, Val, Self>,
    ) -> Result<(), MerkleTreeError> {
        let (rows, proof) = opening.unpack();
        let opening = BatchOpeningRef::new(rows, proof);
        self.tree.verify_batch(commit, dimensions, index, opening)
    }

    fn open_multi_batch<M: Matrix<Val>>(
        &self,
        indices: &[usize],
        data: &Self::ProverData<M>,
    ) -> (Vec<Vec<Vec<Val>>>, Self::MultiProof) {
        self.tree.open_multi_batch(indices, data)
    }

    fn verify_multi_batch<R: AsRef<[Val]> + PartialEq>(
        &self,
        commit: &Self::Commitment,
        dimensions: &[Dimensions],
        indices: &[usize],
        rows: &[Vec<R>],
        proof: &Self::MultiProof,
    ) -> Result<(), MerkleTreeError> {
        // Upstream's check of the heights. One entry per level: its trees are binary.
        let depth = self.tree.proof_arity_schedule(dimensions)?.len();
        let root = self.root(dimensions, depth, indices, rows, &proof.sibling_hashes)?;
        if root.is_none_or(|root| commit.roots().first() == Some(&root)) {
            Ok(())
        } else {
            Err(MerkleTreeError::CapMismatch)
        }
    }
}

#[cfg(test)]
mod tests;
