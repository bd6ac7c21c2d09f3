//! Rows of MUL.

use super::MulCols;
use crate::layout::LIMBS;
use crate::opcode;
use crate::tables::product::CARRY_BITS;
use crate::trace::counts::Counts;
use crate::trace::operation::Operation;
use crate::trace::products::limb_sums;
use crate::trace::rows::Rows;
use crate::trace::values::{bit, byte_vals, val};

/// MUL, MULW.
#[inline(never)]
pub fn fill(rows: &mut Rows, counts: &mut Counts, &Operation { code, a, b, .. }: &Operation) {
    let (x, y) = (a.to_le_bytes(), b.to_le_bytes());
    let sums = limb_sums(x, y);
    let word = code == opcode::MULW;
    let (mut product, mut carry) = ([0u32; LIMBS], [0u32; LIMBS]);
    let mut over = 0;
    let limbs = sums.iter().zip(&mut product).zip(&mut carry);
    for ((sum, product), carry) in limbs.take(if word { 2 } else { LIMBS }) {
        let sum = sum + over;
        *product = (sum & 0xffff) as u32;
        over = sum >> 16;
        *carry = over as u32;
    }
    let sign = word && product[1] >> 15 == 1;
    if word {
        counts.sign(product[1]);
        product[2..].fill(if sign { 0xffff } else { 0 });
    }
    counts.bytes(&x);
    counts.bytes(&y);
    counts.u16s(product);
    for carry in carry {
        counts.range(carry, CARRY_BITS);
    }
    let cols = MulCols {
        mul: bit(!word),
        mulw: bit(word),
        a: byte_vals(x),
        b: byte_vals(y),
        product: product.map(val),
        carry: carry.map(val),
        sign: bit(sign),
    };
    cols.write(rows.push());
}
