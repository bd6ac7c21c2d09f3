//! Butterflies on slices of equal length, vectors first and the odd elements after.

use p3_field::{PackedValue, PrimeField32};

use crate::own::arith::{Factor, P, add_mod, sub_lazy, sub_mod};
use crate::own::element::Elem;
use crate::own::lanes::{V, add};
use crate::own::packed::PackedElem;

/// What a layer does to a pair of vectors, and to a pair of stored words.
trait Butterfly: Copy {
    fn vectors(self, a: V, b: V) -> (V, V);
    fn words(self, a: u32, b: u32) -> (u32, u32);
}

/// (a + c b, a - c b).
pub(super) fn forward(a: &mut [Elem], b: &mut [Elem], c: Factor) {
    in_place(a, b, Forward(c));
}

/// (a + c b, a - c b), from `a`, `b` to `to_a`, `to_b`.
pub(super) fn forward_into(a: &[Elem], b: &[Elem], to_a: &mut [Elem], to_b: &mut [Elem], c: Factor) {
    to_a.copy_from_slice(a);
    to_b.copy_from_slice(b);
    in_place(to_a, to_b, Forward(c));
}

/// (a + b, (a - b) / c); `None` stands for c = 1.
pub(super) fn backward(a: &mut [Elem], b: &mut [Elem], inverse: Option<Factor>) {
    match inverse {
        Some(c) => in_place(a, b, Backward(c)),
        None => in_place(a, b, Plain),
    }
}

/// (s (a + b), s (a - b)).
pub(super) fn scaled(a: &mut [Elem], b: &mut [Elem], s: Factor) {
    in_place(a, b, Scaled(s));
}

#[inline(always)]
fn in_place(a: &mut [Elem], b: &mut [Elem], butterfly: impl Butterfly) {
    let (a, a_rest) = PackedElem::pack_slice_with_suffix_mut(a);
    let (b, b_rest) = PackedElem::pack_slice_with_suffix_mut(b);
    for (x, y) in a.iter_mut().zip(b) {
        let (u, v) = butterfly.vectors(x.to_vector(), y.to_vector());
        // SAFETY: butterflies return canonical lanes.
        (*x, *y) = unsafe { (PackedElem::from_vector(u), PackedElem::from_vector(v)) };
    }
    for (x, y) in a_rest.iter_mut().zip(b_rest) {
        let (u, v) = butterfly.words(x.to_unique_u32(), y.to_unique_u32());
        // SAFETY: butterflies return canonical words.
        (*x, *y) = unsafe { (Elem::from_word(u), Elem::from_word(v)) };
    }
}

/// a + b for canonical words.
#[inline(always)]
const fn add_words(a: u32, b: u32) -> u32 {
    let sum = a + b;
    if sum < P { sum } else { sum - P }
}

/// a - b for canonical words.
#[inline(always)]
const fn sub_words(a: u32, b: u32) -> u32 {
    if a < b { a + P - b } else { a - b }
}

#[derive(Clone, Copy)]
struct Forward(Factor);

impl Butterfly for Forward {
    #[inline(always)]
    fn vectors(self, a: V, b: V) -> (V, V) {
        let b = self.0.splat().mul(b);
        (add_mod(a, b), sub_mod(a, b))
    }

    #[inline(always)]
    fn words(self, a: u32, b: u32) -> (u32, u32) {
        let b = self.0.mul_word(b);
        (add_words(a, b), sub_words(a, b))
    }
}

#[derive(Clone, Copy)]
struct Backward(Factor);

impl Butterfly for Backward {
    #[inline(always)]
    fn vectors(self, a: V, b: V) -> (V, V) {
        (add_mod(a, b), self.0.splat().mul(sub_lazy(a, b)))
    }

    #[inline(always)]
    fn words(self, a: u32, b: u32) -> (u32, u32) {
        (add_words(a, b), self.0.mul_word(a + P - b))
    }
}

#[derive(Clone, Copy)]
struct Plain;

impl Butterfly for Plain {
    #[inline(always)]
    fn vectors(self, a: V, b: V) -> (V, V) {
        (add_mod(a, b), sub_mod(a, b))
    }

    #[inline(always)]
    fn words(self, a: u32, b: u32) -> (u32, u32) {
        (add_words(a, b), sub_words(a, b))
    }
}

#[derive(Clone, Copy)]
struct Scaled(Factor);

impl Butterfly for Scaled {
    #[inline(always)]
    fn vectors(self, a: V, b: V) -> (V, V) {
        let s = self.0.splat();
        // A factor takes any word, so neither sum nor difference needs reducing.
        (s.mul(add(a, b)), s.mul(sub_lazy(a, b)))
    }

    #[inline(always)]
    fn words(self, a: u32, b: u32) -> (u32, u32) {
        (self.0.mul_word(a + b), self.0.mul_word(a + P - b))
    }
}
