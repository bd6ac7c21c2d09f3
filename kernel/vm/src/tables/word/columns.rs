//! Columns of WORD.

use crate::columns::columns;
use crate::layout::LIMBS;

columns! {
    /// Columns of the WORD table.
    WordCols { add, sub, a[LIMBS], b[LIMBS], /** Low 32 bits of the result. */ c[2], sign }
}
