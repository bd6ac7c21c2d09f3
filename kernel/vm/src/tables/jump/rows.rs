//! Rows of JUMP. Targets are arguments, not computed here: a wrong one makes rows that cannot be proven.

use super::JumpCols;
use crate::layout::limbs;
use crate::trace::counts::Counts;
use crate::trace::rows::{Ending, Rows};
use crate::trace::values::{bit, limb_vals, val};
use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

/// A jump, or an ECALL of the machine itself.
pub enum Jumping {
    Jalr {
        a: u64,
        link: u64,
        /// The instruction's.
        offset: i64,
        /// Index of the target.
        target: u32,
    },
    Ecall {
        /// a7 and a0.
        registers: [u64; 2],
        /// Index after the call.
        next: u32,
        /// Where the call leads.
        target: u32,
        /// Stamp of the CPU row.
        clk: u32,
        text_base: u64,
    },
}

/// Appends the row of a jump or a call.
pub fn fill(rows: &mut Rows, counts: &mut Counts, jumping: &Jumping) {
    let cols = match *jumping {
        Jumping::Jalr { a, link, offset, target } => jalr(counts, a, link, offset, target),
        Jumping::Ecall { registers, next, target, clk, text_base } => ecall(text_base, registers, [next, target], clk),
    };
    cols.write(rows.push());
}

/// A row without a jump.
pub fn pad(row: &mut [Val], ending: &Ending) {
    let cols = JumpCols { distance: idle_distance(ending.text_base), ..JumpCols::<Val>::default() };
    cols.write(row);
}

#[inline(never)]
fn jalr(counts: &mut Counts, a: u64, link: u64, offset: i64, target: u32) -> JumpCols<Val> {
    let odd = a.wrapping_add_signed(offset) & 1;
    let distance = u64::from(target) * 4 + odd;
    let (low, far) = ((distance & 0xffff) as u32, (distance >> 16) as u32);
    counts.u16(low);
    counts.range(far, crate::layout::INDEX_BITS + 2 - 16);
    JumpCols {
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
    }
}

#[inline(never)]
fn ecall(text_base: u64, [call, argument]: [u64; 2], [next, x]: [u32; 2], clk: u32) -> JumpCols<Val> {
    let a = [limbs(call)[0], limbs(call)[1]].map(val);
    let t = val(next);
    JumpCols {
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
    }
}

/// The distance of a row without a jump: it makes the carry of the address sum zero.
fn idle_distance(text_base: u64) -> Val {
    -val(limbs(text_base)[0])
}
