//! Reed-Solomon encoding of coefficients.

use p3_matrix::dense::RowMajorMatrix;

use crate::{Dft, Val};

/// Values of each column's polynomial on the subgroup of `2^added_bits` times the height: row i holds
/// them at the generator to the power of i's reversed bits.
pub fn encode(dft: &Dft, coefficients: &RowMajorMatrix<Val>, added_bits: usize) -> RowMajorMatrix<Val> {
    #[cfg(any(feature = "force_own_field", all(target_arch = "wasm32", target_feature = "simd128")))]
    return dft.evaluate(coefficients, added_bits);
    #[cfg(not(any(feature = "force_own_field", all(target_arch = "wasm32", target_feature = "simd128"))))]
    {
        use p3_dft::TwoAdicSubgroupDft;
        use p3_field::PrimeCharacteristicRing;
        use p3_matrix::Matrix;
        use p3_matrix::bitrev::BitReversibleMatrix;
        let mut values = coefficients.values.clone();
        values.resize(values.len() << added_bits, Val::ZERO);
        let padded = RowMajorMatrix::new(values, coefficients.width);
        dft.dft_batch(padded).bit_reverse_rows().to_row_major_matrix()
    }
}
