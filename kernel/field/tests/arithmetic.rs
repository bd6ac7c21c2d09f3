//! Every bound of the lane arithmetic at its extremes, against plain 128-bit arithmetic.
//!
//! The arithmetic is private to the crate, so its sources are compiled into this test.

#[allow(dead_code, unused_imports)]
#[path = "../src/own/arith.rs"]
mod arith;
#[allow(dead_code, unused_imports)]
#[path = "../src/own/lanes/mod.rs"]
mod lanes;

use arith::{Factor, P, Wide, add_mod, cube_signed, div_2exp, dot, halve, mul_mod, sub_lazy, sub_mod};
use lanes::{splat, to_lanes};

/// Words at which a carry, a borrow or a rounding flips.
const WORDS: [u32; 17] = [
    0,
    1,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x007f_ffff,
    0x0080_0000,
    0x00ff_ffff,
    0x0100_0000,
    0x3f80_0000,
    0x3f80_0001,
    0x4000_0000,
    0x7e00_0001,
    0x7eff_ffff,
    P - 2,
    P - 1,
];

const P64: u64 = P as u64;

/// x / 2^32 mod P: 2^32 = 2^25 - 2 has the inverse found by Fermat.
fn over_r(x: u128) -> u32 {
    let mut inverse = 1u64;
    let base = (1u64 << 32) % P64;
    for bit in (0..31).rev() {
        inverse = inverse * inverse % P64;
        if (P - 2) >> bit & 1 == 1 {
            inverse = inverse * base % P64;
        }
    }
    ((x % u128::from(P)) as u64 * inverse % P64) as u32
}

fn product(a: u32, b: u32) -> u128 {
    u128::from(a) * u128::from(b)
}

/// The common value of the lanes.
fn word(v: lanes::V) -> u32 {
    let [a, b, c, d] = to_lanes(v);
    assert!(a == b && b == c && c == d);
    a
}

fn for_all_pairs(check: impl Fn(u32, u32)) {
    for a in WORDS {
        for b in WORDS {
            check(a, b);
        }
    }
}

#[test]
fn sums_differences_and_products_are_canonical_and_right() {
    for_all_pairs(|a, b| {
        let (x, y) = (splat(a), splat(b));
        let sum = (u64::from(a) + u64::from(b)) % P64;
        let difference = (u64::from(a) + P64 - u64::from(b)) % P64;
        assert_eq!(u64::from(word(add_mod(x, y))), sum);
        assert_eq!(u64::from(word(sub_mod(x, y))), difference);
        assert_eq!(u64::from(word(sub_lazy(x, y))) % P64, difference);
        assert_eq!(word(mul_mod(x, y)), over_r(product(a, b)), "{a:x} {b:x}");
    });
}

#[test]
fn cubes_are_right_on_the_whole_signed_range() {
    for_all_pairs(|a, b| {
        // a + (b - P) covers [-P, P) with its ends.
        let x = a.wrapping_add(b.wrapping_sub(P));
        let value = (u64::from(a) + u64::from(b)) % P64;
        let square = over_r(u128::from(value * value));
        let cube = over_r(product(square, value as u32));
        assert_eq!(word(cube_signed(splat(x))), cube, "{a:x} {b:x}");
    });
}

#[test]
fn sums_of_products_are_right_at_their_largest() {
    for_all_pairs(|a, b| {
        let terms = |n: u128| over_r(n * product(a, b));
        assert_eq!(word(dot(&[splat(a); 2], &[splat(b); 2])), terms(2));
        assert_eq!(word(dot(&[splat(a); 3], &[splat(b); 3])), terms(3));
        assert_eq!(word(dot(&[splat(a); 4], &[splat(b); 4])), terms(4));
        assert_eq!(word(dot(&[splat(a); 5], &[splat(b); 5])), terms(5));
        assert_eq!(word(dot(&[splat(a); 64], &[splat(b); 64])), terms(64));
        let folded = (0..6).fold(Wide::zero(), |sum, _| sum.fold().add_product(splat(a), splat(b)));
        assert_eq!(word(folded.reduce()), terms(6));
    });
}

#[test]
fn division_by_powers_of_two_undoes_multiplication() {
    for a in WORDS {
        assert_eq!(word(halve(splat(a))), word(div_2exp(splat(a), 1)));
        for n in 0..=24 {
            let quotient = u64::from(word(div_2exp(splat(a), n)));
            assert!(quotient < P64);
            assert_eq!((quotient << n) % P64, u64::from(a), "{a:x} / 2^{n}");
        }
    }
}

#[test]
fn prepared_factors_take_any_word() {
    for w in WORDS {
        let monty = ((u64::from(w) << 32) % P64) as u32;
        let factor = Factor::new(w, monty);
        for x in WORDS.into_iter().chain([P, P + 1, 2 * P - 1, u32::MAX]) {
            let expected = (product(x, w) % u128::from(P)) as u32;
            assert_eq!(factor.mul_word(x), expected, "{x:x} * {w:x}");
            let vectors = factor.splat().mul(splat(x));
            assert_eq!(word(vectors), expected, "{x:x} * {w:x}");
        }
    }
}
