//! Columns of NOT.

use crate::columns::columns;
use crate::layout::LIMBS;

columns! {
    /// Columns of the NOT table.
    NotCols { real, a[LIMBS] }
}
