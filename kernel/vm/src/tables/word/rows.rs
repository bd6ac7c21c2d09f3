//! Rows of WORD. Results are arguments, not computed here: a wrong result makes rows that cannot be proven.

use super::WordCols;
use crate::layout::limbs;
use crate::opcode;
use crate::trace::counts::Counts;
use crate::trace::operation::Operation;
use crate::trace::rows::Rows;
use crate::trace::values::{bit, limb_vals, val};

/// ADDW, SUBW.
#[inline(never)]
pub fn fill(rows: &mut Rows, counts: &mut Counts, &Operation { code, a, b, c, .. }: &Operation) {
    let low = [limbs(c)[0], limbs(c)[1]];
    counts.u16(low[0]);
    counts.sign(low[1]);
    let cols = WordCols {
        add: bit(code == opcode::ADDW),
        sub: bit(code == opcode::SUBW),
        a: limb_vals(a),
        b: limb_vals(b),
        c: low.map(val),
        sign: bit(low[1] >> 15 == 1),
    };
    cols.write(rows.push());
}
