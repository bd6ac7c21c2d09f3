//! Transposing trace rows into vectors.

use p3_field::{PackedFieldPow2, PackedValue, PrimeCharacteristicRing};
use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{LANES, PackedVal, Val};

/// The columns of one table: preprocessed (fixed, shared) and main.
#[derive(Clone, Copy)]
pub struct TableRows<'a> {
    pub fixed: Option<&'a RowMajorMatrix<Val>>,
    pub shared: Option<&'a RowMajorMatrix<Val>>,
    pub main: &'a RowMajorMatrix<Val>,
}

impl TableRows<'_> {
    pub fn log_height(&self) -> usize {
        self.main.height().ilog2() as usize
    }

    /// First row from which on all are like the last.
    pub fn active(&self) -> usize {
        let height = self.main.height();
        let same = |row: usize| {
            [self.fixed, self.shared, Some(self.main)].into_iter().flatten().all(|matrix| {
                let width = matrix.width;
                matrix.values[row * width..][..width] == matrix.values[(height - 1) * width..]
            })
        };
        (0..height).rev().find(|&row| !same(row)).map_or(0, |row| row + 1)
    }

    /// Writes the fixed and then the shared columns of `rows`.
    pub fn pack_preprocessed(&self, rows: &[usize; LANES], out: &mut [PackedVal]) {
        let mut at = 0;
        for matrix in [self.fixed, self.shared].into_iter().flatten() {
            pack_columns(matrix, rows, &mut out[at..at + matrix.width]);
            at += matrix.width;
        }
    }

    /// Writes the main columns of `rows`.
    pub fn pack_main(&self, rows: &[usize; LANES], out: &mut [PackedVal]) {
        pack_columns(self.main, rows, out);
    }

    /// One column of `rows`, numbered through preprocessed and main columns.
    pub fn pack_one(&self, column: usize, rows: &[usize; LANES]) -> PackedVal {
        let mut column = column;
        for matrix in [self.fixed, self.shared, Some(self.main)].into_iter().flatten() {
            if column < matrix.width {
                return PackedVal::from_fn(|lane| matrix.values[rows[lane] * matrix.width + column]);
            }
            column -= matrix.width;
        }
        PackedVal::ZERO
    }
}

/// One vector for each column, lane `i` taken from row `rows[i]`.
#[inline]
pub fn pack_columns(matrix: &RowMajorMatrix<Val>, rows: &[usize; LANES], out: &mut [PackedVal]) {
    let width = matrix.width;
    let lanes = rows.map(|row| &matrix.values[row * width..][..width]);
    let whole = lanes.map(|row| PackedVal::pack_slice_with_suffix(row).0);
    let (blocks, rest) = out[..width].split_at_mut(width / LANES * LANES);
    for (i, block) in blocks.chunks_exact_mut(LANES).enumerate() {
        block.copy_from_slice(&transpose(whole.map(|vectors| vectors[i])));
    }
    let first = width - rest.len();
    for (i, slot) in rest.iter_mut().enumerate() {
        *slot = PackedVal::from_fn(|lane| lanes[lane][first + i]);
    }
}

#[inline(always)]
fn transpose(mut block: [PackedVal; LANES]) -> [PackedVal; LANES] {
    let mut size = 1;
    while size < LANES {
        for i in (0..LANES).filter(|i| i & size == 0) {
            (block[i], block[i + size]) = block[i].interleave(block[i + size], size);
        }
        size *= 2;
    }
    block
}
