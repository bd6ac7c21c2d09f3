//! The rows of a proof's tables, in vectors.

use p3_field::{PackedFieldPow2, PackedValue, PrimeCharacteristicRing};
use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;

use crate::packed::{LANES, PackedVal};

/// The columns of one table. All groups that it has are of one height, a power of two.
#[derive(Clone, Copy, Debug)]
pub struct TableTrace<'a> {
    pub fixed: Option<&'a RowMajorMatrix<Val>>,
    pub shared: Option<&'a RowMajorMatrix<Val>>,
    pub main: &'a RowMajorMatrix<Val>,
}

impl<'a> TableTrace<'a> {
    /// log2 of the number of rows.
    pub fn log_height(&self) -> usize {
        self.main.height().ilog2() as usize
    }

    /// Fixed, shared, main: those that the table has.
    pub fn groups(&self) -> impl Iterator<Item = &'a RowMajorMatrix<Val>> {
        [self.fixed, self.shared, Some(self.main)].into_iter().flatten()
    }

    /// Columns of all groups.
    pub fn width(&self) -> usize {
        self.groups().map(|matrix| matrix.width).sum()
    }

    /// The first row from which on all are like the last.
    pub fn first_of_equal_rows(&self) -> usize {
        let height = self.main.height();
        let of = |matrix: &RowMajorMatrix<Val>| {
            let rows = matrix.values.chunks_exact(matrix.width);
            let last = &matrix.values[(height - 1) * matrix.width..];
            height - rows.rev().take_while(|row| *row == last).count()
        };
        self.groups().map(of).max().unwrap_or(0)
    }

    /// A column, numbered through all groups, at the rows in the lanes.
    pub fn gather_one(&self, column: usize, rows: &[usize; LANES]) -> PackedVal {
        let mut column = column;
        for matrix in self.groups() {
            if column < matrix.width {
                return PackedVal::from_fn(|lane| matrix.values[rows[lane] * matrix.width + column]);
            }
            column -= matrix.width;
        }
        PackedVal::ZERO
    }

    /// All columns at the rows in the lanes.
    pub fn gather(&self, rows: &[usize; LANES], out: &mut [PackedVal]) {
        let mut first = 0;
        for matrix in self.groups() {
            gather(matrix, rows, &mut out[first..first + matrix.width]);
            first += matrix.width;
        }
    }
}

/// One vector for each column of a matrix, lane i taken from row `rows[i]`.
#[inline]
pub fn gather(matrix: &RowMajorMatrix<Val>, rows: &[usize; LANES], out: &mut [PackedVal]) {
    let width = matrix.width;
    let lanes = rows.map(|row| &matrix.values[row * width..][..width]);
    let whole = lanes.map(|row| PackedVal::pack_slice_with_suffix(row).0);
    let (blocks, rest) = out.split_at_mut(width / LANES * LANES);
    for (i, block) in blocks.chunks_exact_mut(LANES).enumerate() {
        block.copy_from_slice(&transpose(whole.map(|vectors| vectors[i])));
    }
    let first = blocks.len();
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
