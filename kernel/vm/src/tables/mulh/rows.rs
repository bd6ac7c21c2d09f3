//! Rows of MULH.

use super::CARRY_BITS;
use super::{CARRY_OFFSET, MulhCols};
use crate::layout::{LIMBS, limbs};
use crate::opcode;
use crate::trace::counts::Counts;
use crate::trace::operation::Operation;
use crate::trace::products::limb_sums;
use crate::trace::rows::Rows;
use crate::trace::values::{bit, byte_vals, val};
use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

/// MULH, MULHSU, MULHU.
#[inline(never)]
pub fn fill(rows: &mut Rows, counts: &mut Counts, &Operation { code, a, b, .. }: &Operation) {
    let (x, y) = (a.to_le_bytes(), b.to_le_bytes());
    let sign_a = code != opcode::MULHU && a >> 63 == 1;
    let sign_b = code == opcode::MULH && b >> 63 == 1;
    let (xs, ys) = (limbs(a).map(i64::from), limbs(b).map(i64::from));
    let sums = limb_sums(x, y);
    let mut product = [0u32; 8];
    let mut carry = [0i64; 8];
    let mut over = 0;
    for (m, sum) in sums.iter().enumerate() {
        let mut sum = sum + over;
        if m >= LIMBS {
            sum -= i64::from(sign_a) * ys[m - LIMBS] + i64::from(sign_b) * xs[m - LIMBS];
        }
        product[m] = (sum & 0xffff) as u32;
        over = sum >> 16;
        carry[m] = over;
        counts.u16(product[m]);
    }
    let [carry @ .., last] = carry;
    for carry in carry {
        counts.range((carry + i64::from(CARRY_OFFSET)) as u32, CARRY_BITS);
    }
    counts.bytes(&x);
    counts.bytes(&y);
    if code != opcode::MULHU {
        counts.range(u32::from(x[7] & 0x7f), 7);
    }
    if code == opcode::MULH {
        counts.range(u32::from(y[7] & 0x7f), 7);
    }
    let cols = MulhCols {
        mulh: bit(code == opcode::MULH),
        mulhsu: bit(code == opcode::MULHSU),
        mulhu: bit(code == opcode::MULHU),
        a: byte_vals(x),
        b: byte_vals(y),
        product: product.map(val),
        carry: carry.map(Val::from_i64),
        negative: Val::from_i64(-last),
        sign_a: bit(sign_a),
        sign_b: bit(sign_b),
    };
    cols.write(rows.push());
}
