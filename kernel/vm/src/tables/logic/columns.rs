//! Columns of LOGIC.

use crate::columns::columns;

columns! {
    /// Columns of the LOGIC table.
    LogicCols { and, or, xor, a[8], b[8], /** a & b, byte by byte. */ both[8] }
}
