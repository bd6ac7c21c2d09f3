//! Products of packed challenge-field elements, reduced once for each coefficient.
//!
//! With X^5 = 1 - X^2 coefficient k of a product is one sum of five base products, after differences
//! of b's coefficients that all rows share.

use super::arith::Wide;
use super::packed::PackedElem;

type Packed5 = [PackedElem; 5];

/// For each coefficient of a b the five elements that a's coefficients are multiplied by.
#[inline(always)]
fn rows(b: &Packed5) -> [Packed5; 5] {
    let (d14, d03, d42) = (b[1] - b[4], b[0] - b[3], b[4] - b[2]);
    let e = b[3] - d14;
    [
        [b[0], b[4], b[3], b[2], d14],
        [b[1], b[0], b[4], b[3], b[2]],
        [b[2], d14, d03, d42, e],
        [b[3], b[2], d14, d03, d42],
        [b[4], b[3], b[2], d14, d03],
    ]
}

/// a b.
#[inline(always)]
pub fn mul(a: &Packed5, b: &Packed5) -> Packed5 {
    sums([(a, rows(b))])
}

/// a b + c d.
#[inline(always)]
pub fn dot2(a: &Packed5, b: &Packed5, c: &Packed5, d: &Packed5) -> Packed5 {
    sums([(a, rows(b)), (c, rows(d))])
}

#[inline(always)]
fn sums<const N: usize>(terms: [(&Packed5, [Packed5; 5]); N]) -> Packed5 {
    core::array::from_fn(|k| {
        let mut sum = Wide::zero();
        let mut products = 0;
        for (a, rows) in &terms {
            for (x, y) in a.iter().zip(&rows[k]) {
                // Four products fit, afterwards two more for each fold.
                if products >= 4 && products % 2 == 0 {
                    sum = sum.fold();
                }
                sum = sum.add_product(x.to_vector(), y.to_vector());
                products += 1;
            }
        }
        // SAFETY: the reduction returns canonical lanes.
        unsafe { PackedElem::from_vector(sum.reduce()) }
    })
}
