//! Transposing trace rows into packed columns.

use p3_field::PackedValue;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;

use crate::config::PackedVal;

/// Rows evaluated at once.
pub(crate) const LANES: usize = <PackedVal as PackedValue>::WIDTH;

/// The column groups of one table, side by side: preprocessed (fixed, shared) and main.
#[derive(Clone, Copy)]
pub(crate) struct TableRows<'a> {
    pub fixed: Option<&'a RowMajorMatrix<Val>>,
    pub shared: Option<&'a RowMajorMatrix<Val>>,
    pub main: &'a RowMajorMatrix<Val>,
}

impl<'a> TableRows<'a> {
    /// Packs the fixed and then the shared columns of `rows`.
    pub fn pack_preprocessed(&self, rows: &[usize; LANES], out: &mut Vec<PackedVal>) {
        out.clear();
        for matrix in [self.fixed, self.shared].into_iter().flatten() {
            pack_rows(matrix, rows, out);
        }
    }

    /// Packs the main columns of `rows`.
    pub fn pack_main(&self, rows: &[usize; LANES], out: &mut Vec<PackedVal>) {
        out.clear();
        pack_rows(self.main, rows, out);
    }
}

/// Appends one packed value per column, lane `i` taken from row `rows[i]`.
pub(crate) fn pack_rows(
    matrix: &RowMajorMatrix<Val>,
    rows: &[usize; LANES],
    out: &mut Vec<PackedVal>,
) {
    pack_columns(matrix, rows, matrix.width, out);
}

/// Like [`pack_rows`], first `width` columns only.
pub(crate) fn pack_columns(
    matrix: &RowMajorMatrix<Val>,
    rows: &[usize; LANES],
    width: usize,
    out: &mut Vec<PackedVal>,
) {
    let lanes = rows.map(|row| &matrix.values[row * matrix.width..][..width]);
    out.extend((0..width).map(|column| PackedVal::from_fn(|lane| lanes[lane][column])));
}
