//! Transposing trace rows into packed columns.

use p3_field::{
    Field, PackedFieldExtension, PackedFieldPow2, PackedValue, PrimeCharacteristicRing, batch_multiplicative_inverse,
};
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, Val};

use crate::config::{PackedChallenge, PackedVal};
use crate::next_rows::NextColumns;

/// Rows evaluated at once.
pub(crate) const LANES: usize = <PackedVal as PackedValue>::WIDTH;

/// The column groups of one table, side by side: preprocessed (fixed, shared) and main.
#[derive(Clone, Copy)]
pub(crate) struct TableRows<'a> {
    pub fixed: Option<&'a RowMajorMatrix<Val>>,
    pub shared: Option<&'a RowMajorMatrix<Val>>,
    pub main: &'a RowMajorMatrix<Val>,
}

impl TableRows<'_> {
    /// Packs the fixed and then the shared columns of `rows`.
    pub fn pack_preprocessed(&self, rows: &[usize; LANES], out: &mut Vec<PackedVal>) {
        out.clear();
        for matrix in [self.fixed, self.shared].into_iter().flatten() {
            pack_columns(matrix, rows, matrix.width, out);
        }
    }

    /// Packs the main columns of `rows`.
    pub fn pack_main(&self, rows: &[usize; LANES], out: &mut Vec<PackedVal>) {
        out.clear();
        pack_columns(self.main, rows, self.main.width, out);
    }

    /// Packs the given columns of `rows`; the others, which nothing reads, keep what they hold.
    pub fn pack_next(
        &self,
        columns: &NextColumns,
        rows: &[usize; LANES],
        main: &mut Vec<PackedVal>,
        preprocessed: &mut Vec<PackedVal>,
    ) {
        let fixed = self.fixed.map_or(0, |matrix| matrix.width);
        let shared = self.shared.map_or(0, |matrix| matrix.width);
        main.resize(self.main.width, PackedVal::ZERO);
        preprocessed.resize(fixed + shared, PackedVal::ZERO);
        for &column in &columns.main {
            main[column] = pack_column(self.main, rows, column);
        }
        let groups = [(self.fixed, &columns.fixed, 0), (self.shared, &columns.shared, fixed)];
        for (matrix, columns, first) in groups {
            let Some(matrix) = matrix else { continue };
            for &column in columns {
                preprocessed[first + column] = pack_column(matrix, rows, column);
            }
        }
    }
}

/// One packed value: a column of `rows`.
pub(crate) fn pack_column(matrix: &RowMajorMatrix<Val>, rows: &[usize; LANES], column: usize) -> PackedVal {
    PackedVal::from_fn(|lane| matrix.values[rows[lane] * matrix.width + column])
}

/// Appends one packed value per column of the first `width`, lane `i` taken from row `rows[i]`.
pub(crate) fn pack_columns(
    matrix: &RowMajorMatrix<Val>,
    rows: &[usize; LANES],
    width: usize,
    out: &mut Vec<PackedVal>,
) {
    let lanes = rows.map(|row| &matrix.values[row * matrix.width..][..width]);
    let whole = lanes.map(|row| PackedVal::pack_slice_with_suffix(row).0);
    for block in 0..whole[0].len() {
        out.extend(transpose(whole.map(|vectors| vectors[block])));
    }
    let rest = lanes.map(|row| PackedVal::pack_slice_with_suffix(row).1);
    out.extend((0..rest[0].len()).map(|column| PackedVal::from_fn(|lane| rest[lane][column])));
}

/// Rows to columns.
#[inline]
pub(crate) fn transpose(mut block: [PackedVal; LANES]) -> [PackedVal; LANES] {
    let mut size = 1;
    while size < LANES {
        for i in (0..LANES).filter(|i| i & size == 0) {
            (block[i], block[i + size]) = block[i].interleave(block[i + size], size);
        }
        size *= 2;
    }
    block
}

/// Inverts every lane of every value in place (Montgomery's trick, all lanes side by side).
/// `None` if some lane is zero.
pub(crate) fn invert(values: &mut [PackedChallenge]) -> Option<()> {
    let mut product = PackedChallenge::ONE;
    let mut prefixes = Vec::with_capacity(values.len());
    for &value in &*values {
        prefixes.push(product);
        product *= value;
    }
    let lanes: [Challenge; LANES] = std::array::from_fn(|lane| product.extract(lane));
    if lanes.iter().any(Field::is_zero) {
        return None;
    }
    let inverses = batch_multiplicative_inverse(&lanes);
    let mut inverse = PackedChallenge::from_ext_slice(&inverses);
    for (value, prefix) in values.iter_mut().zip(prefixes).rev() {
        (*value, inverse) = (prefix * inverse, inverse * *value);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_packed_from_any_rows_whatever_the_width() {
        let (height, width) = (64, 2 * LANES + 3);
        let values = (0..height * width).map(Val::from_usize).collect();
        let matrix = RowMajorMatrix::new(values, width);
        let rows = std::array::from_fn(|lane| (7 * lane + 3) % height);
        for width in [width, LANES, 1] {
            let mut packed = Vec::new();
            pack_columns(&matrix, &rows, width, &mut packed);
            let gathered = (0..width).map(|column| pack_column(&matrix, &rows, column));
            assert_eq!(packed, gathered.collect::<Vec<_>>());
        }
    }

    #[test]
    fn inverses_are_found_in_every_lane_and_a_zero_is_noticed() {
        let value = |i: usize| PackedChallenge::from(Challenge::from_usize(i + 1));
        let mut values: Vec<_> = (0..10).map(value).collect();
        assert_eq!(invert(&mut values), Some(()));
        for (i, inverse) in values.iter().enumerate() {
            assert_eq!(value(i) * *inverse, PackedChallenge::ONE);
        }
        values[4] = PackedChallenge::ZERO;
        assert_eq!(invert(&mut values), None);
    }
}
