//! Rows of the operation tables. Each function appends one row and counts its lookups.
//!
//! Results are arguments, not computed here: a wrong result makes rows that cannot be proven.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

use crate::layout::{LIMBS, limbs};
use crate::opcode;
use crate::tables::compare::CompareCols;
use crate::tables::jump::JumpCols;
use crate::tables::logic::LogicCols;
use crate::tables::not::NotCols;
use crate::tables::shift::ShiftCols;
use crate::tables::word::WordCols;
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;

/// A number as a field element.
pub fn val(x: u32) -> Val {
    Val::from_u32(x)
}

/// A flag as a field element.
pub fn bit(x: bool) -> Val {
    Val::from_bool(x)
}

/// The limbs of a 64-bit value as field elements.
pub fn limb_vals(x: u64) -> [Val; LIMBS] {
    limbs(x).map(val)
}

/// Bytes as field elements.
pub fn byte_vals<const N: usize>(bytes: [u8; N]) -> [Val; N] {
    bytes.map(Val::from_u8)
}

/// AND, OR, XOR.
#[inline(never)]
pub fn logic(rows: &mut Rows, counts: &mut Counts, code: u32, a: u64, b: u64) {
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

/// XORI with -1.
#[inline(never)]
pub fn not(rows: &mut Rows, a: u64) {
    let cols = NotCols {
        real: Val::ONE,
        a: limb_vals(a),
    };
    cols.write(rows.push());
}

/// ADDW, SUBW.
#[inline(never)]
pub fn word(rows: &mut Rows, counts: &mut Counts, code: u32, a: u64, b: u64, c: u64) {
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

/// Comparisons and branches; `t` is the branch target. Returns the verdict.
#[inline(never)]
pub fn compare(rows: &mut Rows, counts: &mut Counts, code: u32, a: u64, b: u64, t: Val) -> bool {
    let flags = code - opcode::CMP;
    let has = |flag: u32| flags & flag != 0;
    let signed = has(opcode::CMP_SIGNED);
    let top = |x: u64| {
        if signed {
            x as i64 >> 48
        } else {
            (x >> 48) as i64
        }
    };
    let parts = |x: u64| {
        let [x0, x1, x2, _] = limbs(x).map(i64::from);
        [x0, x1, x2, top(x)]
    };
    let (x, y) = (parts(a), parts(b));
    let differs = (0..LIMBS).rev().find(|&i| x[i] != y[i]);
    let less = differs.is_some_and(|i| x[i] < y[i]);
    let gap = differs.map_or(0, |i| (x[i] - y[i]).unsigned_abs() as u32);
    let asked = if has(opcode::CMP_EQUAL) {
        differs.is_none()
    } else {
        less
    };
    let verdict = asked != has(opcode::CMP_NEGATED);
    let bias = if signed { 1 << 15 } else { 0 };
    counts.u16((x[3] + bias) as u32);
    counts.u16((y[3] + bias) as u32);
    if gap != 0 {
        counts.u16(gap - 1);
    }
    let cols = CompareCols {
        real: Val::ONE,
        signed: bit(signed),
        equal: bit(has(opcode::CMP_EQUAL)),
        negated: bit(has(opcode::CMP_NEGATED)),
        branch: bit(has(opcode::CMP_BRANCH)),
        a: limb_vals(a),
        b: limb_vals(b),
        t,
        top_a: Val::from_i64(x[3]),
        top_b: Val::from_i64(y[3]),
        mark: core::array::from_fn(|i| bit(differs == Some(i))),
        gap: val(gap),
        less: bit(less),
        verdict: bit(verdict),
        taken: bit(verdict && has(opcode::CMP_BRANCH)),
    };
    cols.write(rows.push());
    verdict
}

/// The six shifts.
#[inline(never)]
pub fn shift(rows: &mut Rows, counts: &mut Counts, code: u32, a: u64, b: u64, c: u64) {
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
            high[i]
                + if sign_in {
                    (1 << 16) - (1 << (16 - cut))
                } else {
                    0
                }
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

/// A JALR to `target` (index), linking `link`; `offset` is the instruction's.
#[inline(never)]
pub fn jalr(
    rows: &mut Rows,
    counts: &mut Counts,
    a: u64,
    link: u64,
    offset: i64,
    target: u32,
) {
    let odd = a.wrapping_add_signed(offset) & 1;
    let distance = u64::from(target) * 4 + odd;
    let (low, far) = ((distance & 0xffff) as u32, (distance >> 16) as u32);
    counts.u16(low);
    counts.range(far, crate::layout::INDEX_BITS + 2 - 16);
    let cols = JumpCols {
        jalr: Val::ONE,
        halt: Val::ZERO,
        write: Val::ZERO,
        a: [limbs(a)[0], limbs(a)[1]].map(val),
        b: limb_vals(link),
        c0: limb_vals(link)[0],
        t: Val::from_i64(offset),
        x: val(target),
        odd: bit(odd == 1),
        distance: val(low),
    };
    cols.write(rows.push());
}

/// An ECALL of the machine itself: `call` is a7, `argument` a0, `next` the index after it, `x` where it
/// leads, `clk` the row's stamp.
#[inline(never)]
pub fn ecall(rows: &mut Rows, text_base: u64, [call, argument]: [u64; 2], [next, x]: [u32; 2], clk: u32) {
    let a = [limbs(call)[0], limbs(call)[1]].map(val);
    let t = val(next);
    let cols = JumpCols {
        jalr: Val::ZERO,
        halt: bit(x != next),
        write: bit(x == next),
        a,
        b: limb_vals(argument),
        c0: val(clk),
        t,
        x: val(x),
        odd: Val::ZERO,
        distance: idle_distance(text_base) + t + a[0],
    };
    cols.write(rows.push());
}

/// The distance of a row without a jump: it makes the carry of the address sum zero.
pub fn idle_distance(text_base: u64) -> Val {
    -val(limbs(text_base)[0])
}
