//! Our low-degree extension equals upstream's at sizes that take every path through the passes.

use p3_dft::{Radix2DitParallel, TwoAdicSubgroupDft};
use p3_field::{Field, PrimeCharacteristicRing};
use p3_matrix::Matrix;
use p3_matrix::bitrev::BitReversibleMatrix;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::own::{Dft, Elem};

/// Elements that look random: powers of a generator.
fn matrix(log_height: usize, width: usize) -> RowMajorMatrix<Elem> {
    let values = Elem::GENERATOR.shifted_powers(Elem::from_usize(width + 1));
    RowMajorMatrix::new(values.collect_n(width << log_height), width)
}

fn stored(extended: impl BitReversibleMatrix<Elem>) -> RowMajorMatrix<Elem> {
    extended.bit_reverse_rows().to_row_major_matrix()
}

#[test]
fn extension_by_two_equals_upstream_for_every_small_shape() {
    let (own, upstream) = (Dft::default(), Radix2DitParallel::default());
    for log_height in 0..9 {
        for width in [1, 2, 3, 4, 5, 7, 8, 33, 50] {
            for shift in [Elem::ONE, Elem::GENERATOR] {
                let input = matrix(log_height, width);
                assert_eq!(
                    stored(own.coset_lde_batch(input.clone(), 1, shift)),
                    stored(upstream.coset_lde_batch(input, 1, shift)),
                    "2^{log_height} x {width}, shift {shift}"
                );
            }
        }
    }
}

#[test]
fn extension_by_two_equals_upstream_for_tall_matrices() {
    // From large to small, so that the smaller ones read a prefix of the larger one's roots.
    let (own, upstream) = (Dft::default(), Radix2DitParallel::default());
    for (log_height, width) in [(15, 6), (14, 3), (13, 11), (12, 1)] {
        let input = matrix(log_height, width);
        assert_eq!(
            stored(own.coset_lde_batch(input.clone(), 1, Elem::GENERATOR)),
            stored(upstream.coset_lde_batch(input, 1, Elem::GENERATOR)),
            "2^{log_height} x {width}"
        );
    }
}

#[test]
fn extension_by_other_factors_is_upstreams() {
    let (own, upstream) = (Dft::default(), Radix2DitParallel::default());
    for added_bits in [0, 2, 3] {
        let input = matrix(4, 3);
        assert_eq!(
            stored(own.coset_lde_batch(input.clone(), added_bits, Elem::GENERATOR)),
            stored(upstream.coset_lde_batch(input, added_bits, Elem::GENERATOR)),
        );
    }
}
