//! Cells that may hold anything, and why that harms nobody.

use super::Cells;

/// Columns of a table that are free on some rows.
pub struct Free {
    table: &'static str,
    /// Names without index.
    columns: &'static [&'static str],
    /// Which rows.
    on: fn(&Cells) -> bool,
    /// Why it does not matter.
    #[expect(dead_code, reason = "for the reader")]
    because: &'static str,
}

/// All cells that may be free.
pub const LIST: &[Free] = &[];

/// Position in [`LIST`] of what allows a column of a row to be free.
pub fn reason(table: &str, column: &str, cells: &Cells) -> Option<usize> {
    let name = column.split('[').next().unwrap_or(column);
    LIST.iter().position(|free| free.table == table && free.columns.contains(&name) && (free.on)(cells))
}
