//! The rows of a proof's tables.

use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;

/// The columns of one table. All groups that it has are of one height, a power of two.
#[derive(Clone, Copy, Debug)]
pub struct TableTrace<'a> {
    pub fixed: Option<&'a RowMajorMatrix<Val>>,
    pub shared: Option<&'a RowMajorMatrix<Val>>,
    pub main: &'a RowMajorMatrix<Val>,
}

impl TableTrace<'_> {
    /// log2 of the number of rows.
    pub fn log_height(&self) -> usize {
        self.main.height().ilog2() as usize
    }
}
