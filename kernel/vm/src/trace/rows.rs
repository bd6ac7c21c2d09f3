//! A table under construction: rows of equal width, padded with zeros to a power of two.

use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;

use crate::layout::LOG_MIN_HEIGHT;

/// What rows of padding carry on.
pub struct Ending {
    /// Stamp after the last cycle.
    pub clk: u32,
    /// Index after the last instruction.
    pub pc: u32,
    pub text_base: u64,
}

/// Rows of one table.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    values: Vec<Val>,
    width: usize,
}

impl Rows {
    /// No rows of `width` columns.
    pub const fn new(width: usize) -> Self {
        Self { values: Vec::new(), width }
    }

    /// No rows, and room for the table that `rows` of them will be: it need not be moved while it grows.
    pub fn with_room(width: usize, rows: usize) -> Self {
        Self { values: Vec::with_capacity(padded(rows) * width), width }
    }

    /// Appends a row of zeros and returns it.
    #[inline]
    pub fn push(&mut self) -> &mut [Val] {
        let start = self.values.len();
        self.values.resize(start + self.width, Val::ZERO);
        &mut self.values[start..]
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.values.len() / self.width
    }

    /// The rows padded to the height of the table.
    pub fn finish(self) -> RowMajorMatrix<Val> {
        self.finish_with(|_| {})
    }

    /// As [`Self::finish`]; `pad` fills the padding rows.
    pub fn finish_with(mut self, pad: impl Fn(&mut [Val])) -> RowMajorMatrix<Val> {
        let rows = self.len();
        let height = padded(rows);
        self.values.resize(height * self.width, Val::ZERO);
        for row in self.values[rows * self.width..].chunks_exact_mut(self.width) {
            pad(row);
        }
        RowMajorMatrix::new(self.values, self.width)
    }
}

/// Height of a table of so many rows.
fn padded(rows: usize) -> usize {
    rows.next_power_of_two().max(1 << LOG_MIN_HEIGHT)
}
