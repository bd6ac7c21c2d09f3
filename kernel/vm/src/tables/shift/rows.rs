//! Rows of SHIFT. Results are arguments, not computed here: a wrong result makes rows that cannot be proven.

use super::ShiftCols;
use crate::layout::{LIMBS, limbs};
use crate::opcode;
use crate::trace::counts::Counts;
use crate::trace::operation::Operation;
use crate::trace::rows::Rows;
use crate::trace::values::{bit, limb_vals, val};

/// The six shifts.
#[inline(never)]
pub fn fill(rows: &mut Rows, counts: &mut Counts, &Operation { code, a, b, c, .. }: &Operation) {
    let flags = code - opcode::SHIFT;
    let has = |flag: u32| flags & flag != 0;
    let (left, word) = (has(opcode::SHIFT_LEFT), has(opcode::SHIFT_WORD));
    let arithmetic = has(opcode::SHIFT_ARITHMETIC);
    let amount = (b & if word { 31 } else { 63 }) as u32;
    let (q, r) = ((amount / 16) as usize, amount % 16);
    let excess = limbs(b)[0] / if word { 32 } else { 64 };
    let cut = if left { 16 - r } else { r };
    let sign_in = arithmetic && (if word { a >> 31 } else { a >> 63 }) & 1 == 1;
    let operand = match (word, sign_in) {
        (false, _) => a,
        (true, false) => a & 0xffff_ffff,
        (true, true) => a | 0xffff_ffff_0000_0000,
    };
    let parts = limbs(operand);
    let low = parts.map(|x| x & ((1 << cut) - 1));
    let high = parts.map(|x| x >> cut);
    let joined: [u32; LIMBS] = core::array::from_fn(|i| {
        if left {
            let below = if i == 0 { 0 } else { high[i - 1] };
            (low[i] << (16 - cut)) + below
        } else if i == LIMBS - 1 {
            high[i] + if sign_in { (1 << 16) - (1 << (16 - cut)) } else { 0 }
        } else {
            high[i] + (low[i + 1] << (16 - cut))
        }
    });
    counts.range(r, 4);
    counts.range(excess, 11);
    for i in 0..LIMBS {
        counts.range(low[i], cut);
        counts.range(high[i], 16 - cut);
    }
    if arithmetic {
        counts.sign(limbs(a)[if word { 1 } else { 3 }]);
    }
    let result = limbs(c);
    if word {
        counts.sign(result[1]);
    }
    let cols = ShiftCols {
        sll: bit(left && !word),
        srl: bit(!left && !word),
        sllw: bit(left && word),
        srlw: bit(!left && word),
        arithmetic: bit(arithmetic),
        a: limb_vals(a),
        b: limb_vals(b),
        c: limb_vals(c),
        low: low.map(val),
        high: high.map(val),
        joined: joined.map(val),
        r: val(r),
        cut: val(cut),
        low_size: val(1 << cut),
        high_size: val(1 << (16 - cut)),
        by: core::array::from_fn(|i| bit(q == i + 1)),
        excess: val(excess),
        sign_in: bit(sign_in),
        sign_out: bit(word && result[1] >> 15 == 1),
    };
    cols.write(rows.push());
}
