//! Poseidon2 of width 16 on vectors: four states at once, or one state spread over the lanes.
//!
//! Specification: <https://eprint.iacr.org/2023/323>, with upstream's constants and diagonal for
//! KoalaBear. S-box x^3, 4 + 4 external rounds, 20 internal rounds.
//!
//! Round constants are stored as c - P: adding one to a canonical lane gives a signed word in
//! [-P, P), which is what [`cube_signed`] takes, so the sum needs no reduction of its own.

use p3_koala_bear::{
    KOALABEAR_POSEIDON2_RC_16_EXTERNAL_FINAL, KOALABEAR_POSEIDON2_RC_16_EXTERNAL_INITIAL,
    KOALABEAR_POSEIDON2_RC_16_INTERNAL, KoalaBear,
};
use p3_symmetric::{CryptographicPermutation, Permutation};

use super::arith::{P, add_mod, cube_signed, div_2exp, halve, mul_mod, sub_mod};
use super::element::Elem;
use super::lanes::{LANES, V, add, and, from_lanes, splat, swap_halves, swap_neighbours, to_lanes, transpose};
use super::packed::PackedElem;

/// State width in elements.
pub const WIDTH: usize = 16;

/// State width in vectors when one state fills the lanes.
const ROWS: usize = WIDTH / LANES;

const HALF_EXTERNAL_ROUNDS: usize = 4;
const INTERNAL_ROUNDS: usize = 20;

/// The stored word of an upstream element.
const fn word(x: KoalaBear) -> u32 {
    // SAFETY: upstream's element is `repr(transparent)` over a `u32`.
    unsafe { core::mem::transmute(x) }
}

/// Words of `rc - P`, wrapping.
const fn shifted<const N: usize>(rc: &[KoalaBear; N]) -> [u32; N] {
    let mut out = [0; N];
    let mut i = 0;
    while i < N {
        out[i] = word(rc[i]).wrapping_sub(P);
        i += 1;
    }
    out
}

type ExternalConstants = [[u32; WIDTH]; HALF_EXTERNAL_ROUNDS];

const fn shifted_rounds(rc: &[[KoalaBear; WIDTH]; HALF_EXTERNAL_ROUNDS]) -> ExternalConstants {
    let mut out = [[0; WIDTH]; HALF_EXTERNAL_ROUNDS];
    let mut i = 0;
    while i < HALF_EXTERNAL_ROUNDS {
        out[i] = shifted(&rc[i]);
        i += 1;
    }
    out
}

static INITIAL: ExternalConstants = shifted_rounds(&KOALABEAR_POSEIDON2_RC_16_EXTERNAL_INITIAL);
static TERMINAL: ExternalConstants = shifted_rounds(&KOALABEAR_POSEIDON2_RC_16_EXTERNAL_FINAL);
static INTERNAL: [u32; INTERNAL_ROUNDS] = shifted(&KOALABEAR_POSEIDON2_RC_16_INTERNAL);

/// The permutation. Has no state: the constants are part of the program.
#[derive(Clone, Copy, Debug, Default)]
pub struct Poseidon2;

impl Permutation<[PackedElem; WIDTH]> for Poseidon2 {
    fn permute_mut(&self, state: &mut [PackedElem; WIDTH]) {
        let mut vectors = state.map(PackedElem::to_vector);
        permute_four(&mut vectors);
        // SAFETY: the permutation returns canonical lanes.
        *state = vectors.map(|v| unsafe { PackedElem::from_vector(v) });
    }
}

impl CryptographicPermutation<[PackedElem; WIDTH]> for Poseidon2 {}

impl Permutation<[Elem; WIDTH]> for Poseidon2 {
    fn permute_mut(&self, state: &mut [Elem; WIDTH]) {
        permute_one(state);
    }
}

impl CryptographicPermutation<[Elem; WIDTH]> for Poseidon2 {}

/// Permute four states; lane l of `state[i]` is element i of state l.
///
/// Never inlined: the body is large, and one copy serves every caller.
#[inline(never)]
pub(crate) fn permute_four(state: &mut [V; WIDTH]) {
    external_linear(state);
    for round in &INITIAL {
        external_round(state, round);
    }
    for &rc in &INTERNAL {
        internal_round(state, rc);
    }
    for round in &TERMINAL {
        external_round(state, round);
    }
}

#[inline(always)]
fn external_round(state: &mut [V; WIDTH], constants: &[u32; WIDTH]) {
    for (x, &rc) in state.iter_mut().zip(constants) {
        *x = cube_signed(add(*x, splat(rc)));
    }
    external_linear(state);
}

/// Multiply four vectors by the circulant matrix with first row (2, 3, 1, 1).
#[inline(always)]
fn mds4(x: [V; 4]) -> [V; 4] {
    let x01 = add_mod(x[0], x[1]);
    let x23 = add_mod(x[2], x[3]);
    let all = add_mod(x01, x23);
    let all1 = add_mod(all, x[1]);
    let all3 = add_mod(all, x[3]);
    [add_mod(all1, x01), add_mod(all1, add_mod(x[2], x[2])), add_mod(all3, x23), add_mod(all3, add_mod(x[0], x[0]))]
}

/// Multiply by circ(2 M, M, M, M), M the matrix of [`mds4`].
///
/// Written without loops: the state then stays in registers from end to end.
#[inline(always)]
fn external_linear(s: &mut [V; WIDTH]) {
    let a = mds4([s[0], s[1], s[2], s[3]]);
    let b = mds4([s[4], s[5], s[6], s[7]]);
    let c = mds4([s[8], s[9], s[10], s[11]]);
    let d = mds4([s[12], s[13], s[14], s[15]]);
    let column = |k: usize| add_mod(add_mod(a[k], b[k]), add_mod(c[k], d[k]));
    let sums = [column(0), column(1), column(2), column(3)];
    let add_sums = |x: [V; 4]| {
        let at = |k: usize| add_mod(x[k], sums[k]);
        [at(0), at(1), at(2), at(3)]
    };
    let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (add_sums(a), add_sums(b));
    let ([c0, c1, c2, c3], [d0, d1, d2, d3]) = (add_sums(c), add_sums(d));
    *s = [a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3];
}

/// S-box on element 0, then s -> sum(s) + V s with the diagonal V =
/// \[-2, 1, 2, 1/2, 3, 4, -1/2, -3, -4, 2^-8, 1/8, 2^-24, -2^-8, -1/8, -1/16, -2^-24\].
#[inline(always)]
fn internal_round(s: &mut [V; WIDTH], rc: u32) {
    let x = cube_signed(add(s[0], splat(rc)));
    let rest = sum_rest(s);
    let sum = add_mod(rest, x);
    let double = |x| add_mod(x, x);
    s[0] = sub_mod(rest, x);
    s[1] = add_mod(sum, s[1]);
    s[2] = add_mod(sum, double(s[2]));
    s[3] = add_mod(sum, halve(s[3]));
    s[4] = add_mod(sum, add_mod(double(s[4]), s[4]));
    s[5] = add_mod(sum, double(double(s[5])));
    s[6] = sub_mod(sum, halve(s[6]));
    s[7] = sub_mod(sum, add_mod(double(s[7]), s[7]));
    s[8] = sub_mod(sum, double(double(s[8])));
    s[9] = add_mod(sum, div_2exp(s[9], 8));
    s[10] = add_mod(sum, div_2exp(s[10], 3));
    s[11] = add_mod(sum, div_2exp(s[11], 24));
    s[12] = sub_mod(sum, div_2exp(s[12], 8));
    s[13] = sub_mod(sum, div_2exp(s[13], 3));
    s[14] = sub_mod(sum, div_2exp(s[14], 4));
    s[15] = sub_mod(sum, div_2exp(s[15], 24));
}

/// s\[1\] + .. + s\[15\], as a tree.
#[inline(always)]
fn sum_rest(s: &[V; WIDTH]) -> V {
    let pair = |i: usize| add_mod(s[i], s[i + 1]);
    let quad = |i: usize| add_mod(pair(i), pair(i + 2));
    let head = add_mod(quad(1), quad(5));
    add_mod(head, add_mod(quad(9), add_mod(pair(13), s[15])))
}

/// The diagonal V in rows of [`permute_one`]'s layout, with 0 for element 0, which that function
/// carries apart.
static DIAGONAL: [[u32; LANES]; ROWS] = {
    const fn inverse_power(n: usize) -> KoalaBear {
        // 2^-n = -127 * 2^(24-n).
        KoalaBear::new(P - (127 << (24 - n)))
    }
    const fn negated(x: KoalaBear) -> u32 {
        P - word(x)
    }
    const fn small(n: u32) -> u32 {
        word(KoalaBear::new(n))
    }
    let half = inverse_power(1);
    let eighth = inverse_power(3);
    [
        [0, small(3), negated(KoalaBear::new(4)), negated(inverse_power(8))],
        [small(1), small(4), word(inverse_power(8)), negated(eighth)],
        [small(2), negated(half), word(eighth), negated(inverse_power(4))],
        [word(half), negated(KoalaBear::new(3)), word(inverse_power(24)), negated(inverse_power(24))],
    ]
};

/// Round constants of one external round in [`permute_one`]'s layout.
const fn transposed(rounds: &ExternalConstants) -> [[[u32; LANES]; ROWS]; HALF_EXTERNAL_ROUNDS] {
    let mut out = [[[0; LANES]; ROWS]; HALF_EXTERNAL_ROUNDS];
    let mut i = 0;
    while i < HALF_EXTERNAL_ROUNDS * WIDTH {
        let (round, e) = (i / WIDTH, i % WIDTH);
        out[round][e % ROWS][e / ROWS] = rounds[round][e];
        i += 1;
    }
    out
}

static INITIAL_ONE: [[[u32; LANES]; ROWS]; HALF_EXTERNAL_ROUNDS] =
    transposed(&shifted_rounds(&KOALABEAR_POSEIDON2_RC_16_EXTERNAL_INITIAL));
static TERMINAL_ONE: [[[u32; LANES]; ROWS]; HALF_EXTERNAL_ROUNDS] =
    transposed(&shifted_rounds(&KOALABEAR_POSEIDON2_RC_16_EXTERNAL_FINAL));

/// Permute one state held in four vectors: lane j of row k is element 4 j + k.
///
/// In this layout the 4 x 4 matrix works on whole vectors, the sums over j are sums over the
/// lanes, and an external round costs four cubes instead of sixteen.
fn permute_one(state: &mut [Elem; WIDTH]) {
    let mut rows = transpose(load_rows(state));
    external_linear_one(&mut rows);
    for round in &INITIAL_ONE {
        external_round_one(&mut rows, round);
    }
    internal_rounds_one(&mut rows);
    for round in &TERMINAL_ONE {
        external_round_one(&mut rows, round);
    }
    store_rows(state, transpose(rows));
}

#[inline(always)]
fn load_rows(state: &[Elem; WIDTH]) -> [V; ROWS] {
    core::array::from_fn(|j| from_lanes(core::array::from_fn(|l| word(state[LANES * j + l].0))))
}

#[inline(always)]
fn store_rows(state: &mut [Elem; WIDTH], rows: [V; ROWS]) {
    for (chunk, row) in state.as_chunks_mut::<LANES>().0.iter_mut().zip(rows) {
        // SAFETY: the permutation returns canonical lanes.
        *chunk = unsafe { PackedElem::from_vector(row) }.0;
    }
}

#[inline(always)]
fn external_round_one(rows: &mut [V; ROWS], constants: &[[u32; LANES]; ROWS]) {
    for (x, &rc) in rows.iter_mut().zip(constants) {
        *x = cube_signed(add(*x, from_lanes(rc)));
    }
    external_linear_one(rows);
}

#[inline(always)]
fn external_linear_one(rows: &mut [V; ROWS]) {
    *rows = mds4(*rows).map(|x| add_mod(x, sum_lanes(x)));
}

/// The sum of the lanes, in every lane.
#[inline(always)]
fn sum_lanes(x: V) -> V {
    let x = add_mod(x, swap_halves(x));
    add_mod(x, swap_neighbours(x))
}

/// All internal rounds. Element 0 stands in every lane of a vector of its own, since only it goes
/// through the S-box; its place in row 0 holds 0 meanwhile.
#[inline(always)]
fn internal_rounds_one(rows: &mut [V; ROWS]) {
    let others = from_lanes([0, u32::MAX, u32::MAX, u32::MAX]);
    let mut first = splat(to_lanes(rows[0])[0]);
    rows[0] = and(rows[0], others);
    for &rc in &INTERNAL {
        let x = cube_signed(add(first, splat(rc)));
        let rest = sum_lanes(add_mod(add_mod(rows[0], rows[1]), add_mod(rows[2], rows[3])));
        let sum = add_mod(rest, x);
        first = sub_mod(rest, x);
        for (row, &d) in rows.iter_mut().zip(&DIAGONAL) {
            *row = add_mod(sum, mul_mod(*row, from_lanes(d)));
        }
        rows[0] = and(rows[0], others);
    }
    let only_first = from_lanes([u32::MAX, 0, 0, 0]);
    rows[0] = add(rows[0], and(first, only_first));
}
