//! Rows of COMPARE. Results are arguments, not computed here: a wrong result makes rows that cannot be proven.

use super::CompareCols;
use crate::layout::{LIMBS, limbs};
use crate::opcode;
use crate::trace::counts::Counts;
use crate::trace::operation::Operation;
use crate::trace::rows::Rows;
use crate::trace::values::{bit, limb_vals, val};
use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

const fn has(code: u32, flag: u32) -> bool {
    (code - opcode::CMP) & flag != 0
}

/// What a comparison finds.
const fn verdict(&Operation { code, a, b, .. }: &Operation) -> bool {
    let found = if has(code, opcode::CMP_EQUAL) {
        a == b
    } else if has(code, opcode::CMP_SIGNED) {
        (a as i64) < b as i64
    } else {
        a < b
    };
    found != has(code, opcode::CMP_NEGATED)
}

/// Whether a branch is taken; a comparison that is no branch never is.
pub const fn taken(operation: &Operation) -> bool {
    verdict(operation) && has(operation.code, opcode::CMP_BRANCH)
}

/// Comparisons and branches; `t` is the branch target.
#[inline(never)]
pub fn fill(rows: &mut Rows, counts: &mut Counts, operation: &Operation) {
    let &Operation { code, a, b, t, .. } = operation;
    let signed = has(code, opcode::CMP_SIGNED);
    let top = |x: u64| {
        if signed { x as i64 >> 48 } else { (x >> 48) as i64 }
    };
    let parts = |x: u64| {
        let [x0, x1, x2, _] = limbs(x).map(i64::from);
        [x0, x1, x2, top(x)]
    };
    let (x, y) = (parts(a), parts(b));
    let differs = (0..LIMBS).rev().find(|&i| x[i] != y[i]);
    let less = differs.is_some_and(|i| x[i] < y[i]);
    let gap = differs.map_or(0, |i| (x[i] - y[i]).unsigned_abs() as u32);
    let bias = if signed { 1 << 15 } else { 0 };
    counts.u16((x[3] + bias) as u32);
    counts.u16((y[3] + bias) as u32);
    if gap != 0 {
        counts.u16(gap - 1);
    }
    let cols = CompareCols {
        real: Val::ONE,
        signed: bit(signed),
        equal: bit(has(code, opcode::CMP_EQUAL)),
        negated: bit(has(code, opcode::CMP_NEGATED)),
        branch: bit(has(code, opcode::CMP_BRANCH)),
        a: limb_vals(a),
        b: limb_vals(b),
        t: Val::from_i64(t),
        top_a: Val::from_i64(x[3]),
        top_b: Val::from_i64(y[3]),
        mark: core::array::from_fn(|i| bit(differs == Some(i))),
        gap: val(gap),
        less: bit(less),
        verdict: bit(verdict(operation)),
        taken: bit(taken(operation)),
    };
    cols.write(rows.push());
}
