//! Products of packed challenge-field elements, reduced once for each coefficient.
//!
//! With X^5 = 1 - X^2 coefficient k of a product is one sum of five base products, after differences
//! of b's coefficients that all coefficients share. Written out, without arrays of arrays: the values
//! then stay in registers.

use super::arith::{Wide, sub_mod};
use super::lanes::V;
use super::packed::PackedElem;

type Packed5 = [PackedElem; 5];

#[inline(always)]
fn vectors(a: &Packed5) -> [V; 5] {
    [a[0].to_vector(), a[1].to_vector(), a[2].to_vector(), a[3].to_vector(), a[4].to_vector()]
}

/// b1 - b4, b0 - b3, b4 - b2, b3 - b1 + b4.
#[inline(always)]
fn differences([b0, b1, b2, b3, b4]: [V; 5]) -> [V; 4] {
    let d14 = sub_mod(b1, b4);
    [d14, sub_mod(b0, b3), sub_mod(b4, b2), sub_mod(b3, d14)]
}

/// The sum of five products.
#[inline(always)]
fn five([a0, a1, a2, a3, a4]: [V; 5], x: [V; 5]) -> Wide {
    Wide::product(a0, x[0])
        .add_product(a1, x[1])
        .add_product(a2, x[2])
        .add_product(a3, x[3])
        .fold()
        .add_product(a4, x[4])
}

/// A sum from [`five`] and five more products.
#[inline(always)]
fn ten(sum: Wide, [a0, a1, a2, a3, a4]: [V; 5], x: [V; 5]) -> Wide {
    sum.add_product(a0, x[0])
        .fold()
        .add_product(a1, x[1])
        .add_product(a2, x[2])
        .fold()
        .add_product(a3, x[3])
        .add_product(a4, x[4])
}

/// # Safety
/// None beyond the reduction's, which returns canonical lanes.
#[inline(always)]
fn reduce(sum: Wide) -> PackedElem {
    // SAFETY: the reduction returns canonical lanes.
    unsafe { PackedElem::from_vector(sum.reduce()) }
}

/// a b.
#[inline(always)]
pub fn mul(a: &Packed5, b: &Packed5) -> Packed5 {
    let (a, b) = (vectors(a), vectors(b));
    let [d14, d03, d42, e] = differences(b);
    let [b0, b1, b2, b3, b4] = b;
    [
        reduce(five(a, [b0, b4, b3, b2, d14])),
        reduce(five(a, [b1, b0, b4, b3, b2])),
        reduce(five(a, [b2, d14, d03, d42, e])),
        reduce(five(a, [b3, b2, d14, d03, d42])),
        reduce(five(a, [b4, b3, b2, d14, d03])),
    ]
}

/// a b + c d.
#[inline(always)]
pub fn dot2(a: &Packed5, b: &Packed5, c: &Packed5, d: &Packed5) -> Packed5 {
    let (a, b, c, d) = (vectors(a), vectors(b), vectors(c), vectors(d));
    let [d14, d03, d42, e] = differences(b);
    let [b0, b1, b2, b3, b4] = b;
    let [f14, f03, f42, g] = differences(d);
    let [d0, d1, d2, d3, d4] = d;
    [
        reduce(ten(five(a, [b0, b4, b3, b2, d14]), c, [d0, d4, d3, d2, f14])),
        reduce(ten(five(a, [b1, b0, b4, b3, b2]), c, [d1, d0, d4, d3, d2])),
        reduce(ten(five(a, [b2, d14, d03, d42, e]), c, [d2, f14, f03, f42, g])),
        reduce(ten(five(a, [b3, b2, d14, d03, d42]), c, [d3, d2, f14, f03, f42])),
        reduce(ten(five(a, [b4, b3, b2, d14, d03]), c, [d4, d3, d2, f14, f03])),
    ]
}
