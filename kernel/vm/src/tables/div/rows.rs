//! Rows of DIV.

use super::DivCols;
use crate::layout::{LIMBS, limbs};
use crate::opcode;
use crate::tables::product::CARRY_BITS;
use crate::trace::counts::Counts;
use crate::trace::operation::Operation;
use crate::trace::products::limb_sums;
use crate::trace::rows::Rows;
use crate::trace::values::{bit, byte_vals, limb_vals, val};
use p3_field::{Field, PrimeCharacteristicRing};
use proofloom_field::Val;

/// What a division works on: operands as its form sees them, with their absolute values.
struct Division {
    signed: bool,
    remainder: bool,
    word: bool,
    x_sign: bool,
    d_sign: bool,
    d: u64,
    q: u64,
    r: u64,
}

impl Division {
    fn new(code: u32, a: u64, b: u64) -> Self {
        let has = |flag: u32| (code - opcode::DIV) & flag != 0;
        let (signed, word) = (has(opcode::DIV_SIGNED), has(opcode::DIV_WORD));
        let operand = |x: u64| match (word, signed) {
            (false, _) => x,
            (true, false) => x & 0xffff_ffff,
            (true, true) => x as i32 as i64 as u64,
        };
        let negative = |x: u64| signed && x >> 63 == 1;
        let absolute = |x: u64| if negative(x) { x.wrapping_neg() } else { x };
        let (x, d) = (absolute(operand(a)), absolute(operand(b)));
        Self {
            signed,
            remainder: has(opcode::DIV_REMAINDER),
            word,
            x_sign: negative(operand(a)),
            d_sign: negative(operand(b)),
            d,
            // d = 0 gives -1.
            q: x.checked_div(d).unwrap_or(1),
            r: x.checked_rem(d).unwrap_or(x),
        }
    }

    /// The absolute value that the result is made of, and whether it is negated.
    const fn result(&self) -> (u64, bool) {
        if self.remainder { (self.r, self.x_sign) } else { (self.q, self.d == 0 || self.x_sign != self.d_sign) }
    }
}

/// Carries of |q| |d| + |r| = |x| over the limbs of x: a negative x stands on the other side.
fn carries(division: &Division, a: u64) -> [u32; 3] {
    let &Division { q, d, r, word, .. } = division;
    let sums = limb_sums(q.to_le_bytes(), d.to_le_bytes());
    let (x, r) = (limbs(a).map(i64::from), limbs(r).map(i64::from));
    let sign = i64::from(division.x_sign);
    let mut over = 0;
    core::array::from_fn(|m| {
        let x = match (m, word) {
            (2, true) => sign,
            _ => (1 - 2 * sign) * x[m],
        };
        over = (sums[m] + r[m] + over - x) >> 16;
        over as u32
    })
}

/// The eight divisions.
#[inline(never)]
pub fn fill(rows: &mut Rows, counts: &mut Counts, &Operation { code, a, b, c, .. }: &Operation) {
    let division = Division::new(code, a, b);
    let (rs, ds) = (limbs(division.r), limbs(division.d));
    let differs = (0..LIMBS).rev().find(|&i| rs[i] != ds[i]);
    let mark = differs.filter(|_| division.d != 0);
    let gap = mark.map_or(0, |i| ds[i].wrapping_sub(rs[i]));
    if division.d != 0 {
        counts.u16(gap.wrapping_sub(1));
    }
    cols(&division, counts, (a, b, c), mark, gap).write(rows.push());
}

fn cols(
    division: &Division,
    counts: &mut Counts,
    (a, b, c): (u64, u64, u64),
    mark: Option<usize>,
    gap: u32,
) -> DivCols<Val> {
    let &Division { signed, word, .. } = division;
    let top = if word { 1 } else { 3 };
    let (x_top, d_top) = (limbs(a)[top], limbs(b)[top]);
    if signed {
        counts.sign(x_top);
        counts.sign(d_top);
    }
    if word {
        counts.sign(limbs(c)[1]);
    }
    counts.bytes(&division.q.to_le_bytes());
    counts.bytes(&division.d.to_le_bytes());
    counts.u16s(limbs(division.r));
    let carry = carries(division, a);
    for carry in carry {
        counts.range(carry, CARRY_BITS);
    }
    let (value, negate) = division.result();
    let lowest = (0..LIMBS).find(|&i| negate && limbs(value)[i] != 0);
    DivCols {
        real: Val::ONE,
        signed: bit(signed),
        remainder: bit(division.remainder),
        word: bit(word),
        by_zero: bit(division.d == 0),
        x_sign: bit(division.x_sign),
        d_sign: bit(division.d_sign),
        d_sign_long: bit(division.d_sign && !word),
        sign_out: bit(word && limbs(c)[1] >> 15 == 1),
        negate: bit(negate),
        a: limb_vals(a),
        b: limb_vals(b),
        c: limb_vals(c),
        x_top: val(x_top),
        d_top: val(d_top),
        q: byte_vals(division.q.to_le_bytes()),
        d: byte_vals(division.d.to_le_bytes()),
        r: limb_vals(division.r),
        carry: carry.map(val),
        mark: core::array::from_fn(|i| bit(mark == Some(i))),
        gap: val(gap),
        over: core::array::from_fn(|i| bit(lowest.is_some_and(|lowest| i >= lowest))),
        inverse: lowest.map_or(Val::ZERO, |i| val(limbs(value)[i]).inverse()),
    }
}
