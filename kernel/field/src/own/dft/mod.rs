//! Low-degree extension in six passes over memory.
//!
//! The transform evaluates by halving: a polynomial modulo X^2m - c^2 splits into its remainders
//! modulo X^m - c and X^m + c, which is the butterfly (a + c b, a - c b) on the two halves of its
//! coefficients. Starting from X^n - s^n this gives the values on the coset s H in bit-reversed
//! order, which is the order that the tree commits to, and a coset costs nothing extra. All rows of
//! a block share one factor c, so neighbouring rows are one long vector.
//!
//! Interpolation runs the same steps backwards, from evaluations whose rows are fetched in
//! bit-reversed order. Nothing else is ever permuted.
//!
//! Each transform makes two passes: layers with a large stride on groups of rows that are far
//! apart, then layers with a small stride on contiguous blocks; either fits the second-level cache.

mod butterfly;
mod passes;
mod roots;

use p3_dft::{Layout, Radix2DitParallel, TwoAdicSubgroupDft};
use p3_field::TwoAdicField;
use p3_matrix::Matrix;
use p3_matrix::bitrev::{BitReversalPerm, BitReversedMatrixView};
use p3_matrix::dense::{RowMajorMatrix, RowMajorMatrixViewMut};
use p3_util::log2_strict_usize;

use super::element::Elem;
use passes::Shape;
use roots::Roots;

/// Two-adic transform whose extension by a factor of two is our own; everything else, which is
/// rare or small, is upstream's.
#[derive(Clone, Debug, Default)]
pub struct Dft {
    roots: Roots,
    upstream: Radix2DitParallel<Elem>,
}

impl TwoAdicSubgroupDft<Elem> for Dft {
    type Evaluations = BitReversedMatrixView<RowMajorMatrix<Elem>>;

    fn dft_batch(&self, mat: RowMajorMatrix<Elem>) -> Self::Evaluations {
        self.upstream.dft_batch(mat)
    }

    fn coset_dft_batch(&self, mat: RowMajorMatrix<Elem>, shift: Elem) -> Self::Evaluations {
        self.upstream.coset_dft_batch(mat, shift)
    }

    fn idft_batch(&self, mat: RowMajorMatrix<Elem>) -> RowMajorMatrix<Elem> {
        self.upstream.idft_batch(mat)
    }

    fn coset_idft_batch(&self, mat: RowMajorMatrix<Elem>, shift: Elem) -> RowMajorMatrix<Elem> {
        self.upstream.coset_idft_batch(mat, shift)
    }

    fn coset_lde_batch_with_transform<T>(
        &self,
        mat: RowMajorMatrix<Elem>,
        added_bits: usize,
        shift: Elem,
        transform: T,
    ) -> Self::Evaluations
    where
        T: FnOnce(&mut RowMajorMatrixViewMut<'_, Elem>, Layout),
    {
        if added_bits == 1 && mat.height() > 1 && mat.width > 0 {
            return BitReversalPerm::new_view(self.double(mat, shift, transform));
        }
        self.upstream.coset_lde_batch_with_transform(mat, added_bits, shift, transform)
    }
}

impl Dft {
    /// Values on `shift * K`, K of twice the height, in bit-reversed order, from values on H.
    fn double<T>(&self, mat: RowMajorMatrix<Elem>, shift: Elem, transform: T) -> RowMajorMatrix<Elem>
    where
        T: FnOnce(&mut RowMajorMatrixViewMut<'_, Elem>, Layout),
    {
        let (width, log_height) = (mat.width, log2_strict_usize(mat.height()));
        let shape = Shape::new(width, log_height);
        let roots = self.roots.up_to(log_height);
        let mut values = mat.values;
        let len = values.len();
        values.reserve_exact(len);
        shape.fetch_bit_reversed(&mut values);

        // The coefficients live where the second coset will be, so that the first can be computed
        // from them out of place and the second in place.
        let (first, second) = values.split_at_mut(len);
        shape.interpolate(second, &roots);
        transform(&mut RowMajorMatrixViewMut::new(second, width), Layout::Natural);
        shape.evaluate_from(second, first, &roots, shift);
        let odd_coset = shift * Elem::two_adic_generator(log_height + 1);
        shape.evaluate(second, &roots, odd_coset);
        RowMajorMatrix::new(values, width)
    }
}
