//! Rows of LOGIC. Results are arguments, not computed here: a wrong result makes rows that cannot be proven.

use super::LogicCols;
use crate::opcode;
use crate::trace::counts::Counts;
use crate::trace::operation::Operation;
use crate::trace::rows::Rows;
use crate::trace::values::{bit, byte_vals};

/// AND, OR, XOR.
#[inline(never)]
pub fn fill(rows: &mut Rows, counts: &mut Counts, &Operation { code, a, b, .. }: &Operation) {
    let (x, y) = (a.to_le_bytes(), b.to_le_bytes());
    for (&x, &y) in x.iter().zip(&y) {
        counts.byte_and(x, y);
    }
    let cols = LogicCols {
        and: bit(code == opcode::AND),
        or: bit(code == opcode::OR),
        xor: bit(code == opcode::XOR),
        a: byte_vals(x),
        b: byte_vals(y),
        both: byte_vals((a & b).to_le_bytes()),
    };
    cols.write(rows.push());
}
