//! Rows of JUMP. Targets are arguments, not computed here: a wrong one makes rows that cannot be proven.

use super::JumpCols;
use crate::layout::limbs;
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;
use crate::trace::values::{bit, limb_vals, val};
use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

/// A JALR to `target` (index), linking `link`; `offset` is the instruction's.
#[inline(never)]
pub fn jalr(rows: &mut Rows, counts: &mut Counts, a: u64, link: u64, offset: i64, target: u32) {
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
