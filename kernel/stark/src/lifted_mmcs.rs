//! Merkle trees as the low-degree test sees them: all columns lifted to the tallest table.
//!
//! A column of height `n` stands for the polynomial `f(x^m)` over the evaluation domain of the
//! tallest (`lift.rs`), whose value at position `i` there is the column's value at position `i / m`
//! of its own. So the test runs on one height, and this wrapper turns positions and rows into those
//! that the tree under the root was built from.

use p3_commit::{BatchOpening, BatchOpeningRef, Mmcs};
use p3_matrix::{Dimensions, Matrix};
use p3_symmetric::MerkleCap;
use p3_util::log2_ceil_usize;
use proofloom_field::{Digest, Val};
use serde::{Deserialize, Serialize};

use crate::config::PROOF_PARAMETERS;
use crate::merkle::ValMmcs;
use crate::opening::runs;

/// A root with the shape of the rows under it. The shape comes from the machine and the heights the
/// verifier has checked, never from the openings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LiftedRoot {
    pub root: Digest,
    /// In commitment order.
    pub matrices: Vec<LiftedMatrix>,
    /// log2 of the largest height of the proof.
    pub log_tallest: usize,
}

/// One matrix under a root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LiftedMatrix {
    pub width: usize,
    pub log_height: usize,
    /// Columns opened at the next row as well, ascending.
    pub next: Vec<usize>,
}

impl LiftedRoot {
    /// Columns opened at the point alone, and at the next row as well.
    fn widths(&self) -> [usize; 2] {
        let both = self.matrices.iter().map(|matrix| matrix.next.len()).sum();
        let all: usize = self.matrices.iter().map(|matrix| matrix.width).sum();
        [all - both, both]
    }

    /// The rows of the matrices, from the lists that `opening::split` makes of them.
    fn join<R: AsRef<[Val]>>(&self, lists: &[R]) -> Option<Vec<Vec<Val>>> {
        let widths = self.widths();
        let mut lists = lists.iter().map(AsRef::as_ref);
        let mut parts: [&[Val]; 2] = [&[], &[]];
        for (part, width) in parts.iter_mut().zip(widths) {
            if width > 0 {
                *part = lists.next().filter(|list| list.len() == width)?;
            }
        }
        let join = |matrix: &LiftedMatrix| {
            let mut row = Vec::with_capacity(matrix.width);
            for (columns, also_next) in runs(&matrix.next, matrix.width) {
                let part = &mut parts[usize::from(also_next)];
                let (taken, rest) = part.split_at(columns.len());
                row.extend_from_slice(taken);
                *part = rest;
            }
            row
        };
        let rows = self.matrices.iter().map(join).collect();
        lists.next().is_none().then_some(rows)
    }

    fn cap(&self) -> MerkleCap<Val, Digest> {
        MerkleCap::new(vec![self.root])
    }

    fn dimensions(&self) -> Vec<Dimensions> {
        let of_matrix = |matrix: &LiftedMatrix| Dimensions {
            width: matrix.width,
            height: 1 << (matrix.log_height + PROOF_PARAMETERS.log_blowup),
        };
        self.matrices.iter().map(of_matrix).collect()
    }

    /// Bits that positions of the tallest have more than those of this tree's leaves.
    fn surplus_bits(&self) -> usize {
        let heights = self.matrices.iter().map(|matrix| matrix.log_height);
        self.log_tallest.saturating_sub(heights.max().unwrap_or(self.log_tallest))
    }
}

/// Why rows do not belong to a root.
#[derive(Debug)]
pub(crate) enum LiftedError {
    /// The tree itself refuses; whoever prints the refusal reads why.
    Tree(#[allow(dead_code)] TreeError),
    /// Rows of other widths than the root's.
    Widths,
}

type Tree<M> = <ValMmcs as Mmcs<Val>>::ProverData<M>;
type TreeError = <ValMmcs as Mmcs<Val>>::Error;

/// [`ValMmcs`] with all matrices lifted to the tallest and their columns sorted by opening points.
///
/// The prover needs only [`ValMmcs`]; what this commits to and opens itself is the case without
/// further tables and next rows.
#[derive(Clone, Debug)]
pub(crate) struct LiftedMmcs(pub ValMmcs);

impl Mmcs<Val> for LiftedMmcs {
    type ProverData<M> = Tree<M>;
    type Commitment = LiftedRoot;
    type Proof = <ValMmcs as Mmcs<Val>>::Proof;
    type MultiProof = <ValMmcs as Mmcs<Val>>::MultiProof;
    type Error = LiftedError;

    fn commit<M: Matrix<Val>>(&self, inputs: Vec<M>) -> (LiftedRoot, Tree<M>) {
        let matrices = inputs.iter().map(|input| LiftedMatrix {
            width: input.width(),
            log_height: log2_ceil_usize(input.height()) - PROOF_PARAMETERS.log_blowup,
            next: Vec::new(),
        });
        let matrices: Vec<_> = matrices.collect();
        let log_tallest = matrices.iter().map(|matrix| matrix.log_height).max();
        let (cap, tree) = self.0.commit(inputs);
        let root = LiftedRoot { root: cap.roots()[0], matrices, log_tallest: log_tallest.unwrap_or(0) };
        (root, tree)
    }

    fn open_batch<M: Matrix<Val>>(&self, index: usize, tree: &Tree<M>) -> BatchOpening<Val, Self> {
        let (rows, proof) = self.0.open_batch(index, tree).unpack();
        BatchOpening::new(vec![rows.concat()], proof)
    }

    fn get_matrices<'a, M: Matrix<Val>>(&self, tree: &'a Tree<M>) -> Vec<&'a M> {
        self.0.get_matrices(tree)
    }

    fn verify_batch(
        &self,
        commit: &LiftedRoot,
        _lifted: &[Dimensions],
        index: usize,
        opening: BatchOpeningRef<'_, Val, Self>,
    ) -> Result<(), LiftedError> {
        let (lists, proof) = opening.unpack();
        let rows = commit.join(lists).ok_or(LiftedError::Widths)?;
        let opening = BatchOpeningRef::new(&rows, proof);
        let index = index >> commit.surplus_bits();
        let verified = self.0.verify_batch(&commit.cap(), &commit.dimensions(), index, opening);
        verified.map_err(LiftedError::Tree)
    }

    fn open_multi_batch<M: Matrix<Val>>(
        &self,
        indices: &[usize],
        tree: &Tree<M>,
    ) -> (Vec<Vec<Vec<Val>>>, Self::MultiProof) {
        let (queries, proof) = self.0.open_multi_batch(indices, tree);
        let lists = queries.into_iter().map(|rows| vec![rows.concat()]);
        (lists.collect(), proof)
    }

    fn verify_multi_batch<R: AsRef<[Val]> + PartialEq>(
        &self,
        commit: &LiftedRoot,
        _lifted: &[Dimensions],
        indices: &[usize],
        lists: &[Vec<R>],
        proof: &Self::MultiProof,
    ) -> Result<(), LiftedError> {
        let rows: Option<Vec<_>> = lists.iter().map(|lists| commit.join(lists)).collect();
        let rows = rows.ok_or(LiftedError::Widths)?;
        let bits = commit.surplus_bits();
        let indices: Vec<_> = indices.iter().map(|index| index >> bits).collect();
        let (cap, dimensions) = (commit.cap(), commit.dimensions());
        let verified = self.0.verify_multi_batch(&cap, &dimensions, &indices, &rows, proof);
        verified.map_err(LiftedError::Tree)
    }
}

#[cfg(test)]
mod tests {
    use p3_field::PrimeCharacteristicRing;
    use p3_matrix::dense::RowMajorMatrix;

    use super::*;
    use crate::config::engine;

    fn matrix(log_height: usize, width: usize) -> RowMajorMatrix<Val> {
        let cells = (width << (log_height + 1)) as u32;
        let values = (0..cells).map(|i| Val::from_u32(i + 1000 * width as u32));
        RowMajorMatrix::new(values.collect(), width)
    }

    /// Matrices of heights 2^4 and 2^3 in a proof whose tallest table has 2^6 rows.
    fn committed() -> (LiftedMmcs, LiftedRoot, Tree<RowMajorMatrix<Val>>) {
        let mmcs = LiftedMmcs(engine().mmcs.clone());
        let (mut root, tree) = mmcs.commit(vec![matrix(3, 2), matrix(4, 3)]);
        assert_eq!(root.log_tallest, 4);
        root.log_tallest = 6;
        root.matrices[1].next = vec![1];
        (mmcs, root, tree)
    }

    #[test]
    fn positions_of_the_tallest_find_the_rows_of_every_height() {
        let (mmcs, root, tree) = committed();
        for index in [0, 5, 64, 127] {
            let (low, tall) = (index >> 3, index >> 2);
            let [low, tall] = [
                &mmcs.get_matrices(&tree)[0].values[2 * low..][..2],
                &mmcs.get_matrices(&tree)[1].values[3 * tall..][..3],
            ];
            let lists = vec![vec![low[0], low[1], tall[0], tall[2]], vec![tall[1]]];
            let (_, proof) = mmcs.open_batch(index >> 2, &tree).unpack();
            let verify =
                |index, lists: &[Vec<Val>]| mmcs.verify_batch(&root, &[], index, BatchOpeningRef::new(lists, &proof));
            assert!(verify(index, &lists).is_ok());
            assert!(verify(index ^ 8, &lists).is_err(), "another position");
            let mut moved = lists.clone();
            moved[1][0] += Val::ONE;
            assert!(verify(index, &moved).is_err(), "another value");
        }
    }

    #[test]
    fn lists_of_other_widths_are_refused() {
        let (mmcs, root, tree) = committed();
        let (_, proof) = mmcs.open_multi_batch(&[3], &tree);
        let zeros = |widths: &[usize]| widths.iter().map(|&w| Val::zero_vec(w)).collect::<Vec<_>>();
        for widths in [&[4][..], &[5], &[3, 1], &[4, 2], &[4, 1, 1], &[]] {
            let lists = [zeros(widths)];
            let refused = mmcs.verify_multi_batch(&root, &[], &[12], &lists, &proof);
            assert!(matches!(refused, Err(LiftedError::Widths)), "{widths:?}");
        }
        let refused = mmcs.verify_multi_batch(&root, &[], &[12], &[zeros(&[4, 1])], &proof);
        assert!(matches!(refused, Err(LiftedError::Tree(_))));
    }
}
