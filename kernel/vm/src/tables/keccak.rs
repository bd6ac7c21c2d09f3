//! KECCAK: the accelerator of Keccak-f[1600] (FIPS 202), one row a round.
//!
//! A permutation is 24 rows in a row. The first receives the call and takes the words' old tokens,
//! the last leaves the new ones. Names of the steps are the standard's: theta, rho, pi, chi, iota.

use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;
use proofloom_machine::Accelerator;

use crate::bus::{self, Side, Token, VmBuilder};
use crate::columns::columns;
use crate::layout::{LIMBS, SPACE_MEM, STAMP_MEM};
use crate::tables::accelerated::{self, Call, LIMB_BITS, first_word, packed, xor};

/// Lanes of the state.
pub const LANES: usize = 25;
/// Rounds of a permutation.
pub const ROUNDS: usize = 24;
/// Bits of a lane.
const BITS: usize = 64;
/// Bits of lane 0 that iota may change.
pub const IOTA_BITS: [usize; 7] = [0, 1, 3, 7, 15, 31, 63];

/// Rotation of lane x + 5 y by rho.
pub const ROTATIONS: [usize; LANES] = [
    0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
];

/// What iota adds to lane 0, by round.
pub const ROUND_CONSTANTS: [u64; ROUNDS] = [
    0x0000_0000_0000_0001,
    0x0000_0000_0000_8082,
    0x8000_0000_0000_808a,
    0x8000_0000_8000_8000,
    0x0000_0000_0000_808b,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8009,
    0x0000_0000_0000_008a,
    0x0000_0000_0000_0088,
    0x0000_0000_8000_8009,
    0x0000_0000_8000_000a,
    0x0000_0000_8000_808b,
    0x8000_0000_0000_008b,
    0x8000_0000_0000_8089,
    0x8000_0000_0000_8003,
    0x8000_0000_0000_8002,
    0x8000_0000_0000_0080,
    0x0000_0000_0000_800a,
    0x8000_0000_8000_000a,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8080,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8008,
];

columns! {
    /// The columns of a KECCAK row that the row before it reads.
    CarriedCols {
        /// Marks the round; all zero on padding.
        round[ROUNDS],
        /// Stamp of the CPU row.
        clk,
        /// Low 13 bits of the first word's number.
        low,
        /// High 16 bits of the first word's number.
        high,
        /// The state before the round: lane x + 5 y is limbs 4 (x + 5 y) to 4 (x + 5 y) + 3.
        state[LANES * LIMBS],
    }
}

columns! {
    /// The other columns of a KECCAK row.
    RoundCols {
        /// Next index of the calling row (first round).
        t,
        /// See [`Call::bound`] (first round).
        bound,
        /// Stamps of the words' previous accesses (first round).
        previous[LANES],
        /// Parity of each column (x, z) before theta, bit 64 x + z.
        parity[5 * BITS],
        /// Parity of each column (x, z) after theta.
        mixed[5 * BITS],
        /// The state after theta: bit z of lane (x, y) is 64 (x + 5 y) + z.
        theta[LANES * BITS],
        /// The bits [`IOTA_BITS`] of lane 0 after chi.
        iota[IOTA_BITS.len()],
        /// The state after the round.
        after[LANES * LIMBS],
    }
}

/// Columns of the table.
pub const WIDTH: usize = CarriedCols::<u8>::WIDTH + RoundCols::<u8>::WIDTH;

/// Position of the bit that rho and pi move to bit `z` of lane (`x`, `y`).
pub const fn source(x: usize, y: usize, z: usize) -> usize {
    let lane = (x + 3 * y) % 5 + 5 * x;
    BITS * lane + (z + BITS - ROTATIONS[lane]) % BITS
}

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let (row, next) = (main.current_slice(), main.next_slice());
    let l = CarriedCols::<B::Var>::read(row);
    let n = CarriedCols::<B::Var>::read(next);
    let r = RoundCols::<B::Var>::read(&row[CarriedCols::<B::Var>::WIDTH..]);
    eval_rounds(b, &l, &n, &r.after);
    eval_theta(b, &l, &r);
    eval_chi(b, &l, &r);
    eval_call(b, &l, &r);
    eval_words(b, &l, &r);
}

/// Round i is followed by round i + 1 and nothing else precedes that; the table begins with no
/// later round and, as this holds from the last row to the first too, ends with no earlier one.
fn eval_rounds<B: VmBuilder>(
    b: &mut B,
    l: &CarriedCols<B::Var>,
    n: &CarriedCols<B::Var>,
    after: &[B::Var; LANES * LIMBS],
) {
    b.assert_bools(l.round);
    let sum = |rounds: &[B::Var]| {
        rounds
            .iter()
            .fold(B::Expr::ZERO, |sum, &round| sum + round)
    };
    b.assert_bool(sum(&l.round));
    b.when_first_row().assert_zero(sum(&l.round[1..]));
    for i in 1..ROUNDS {
        b.assert_eq(n.round[i], l.round[i - 1]);
    }
    let goes_on = sum(&l.round[..ROUNDS - 1]);
    b.when(goes_on.clone()).assert_eq(n.clk, l.clk);
    b.when(goes_on.clone()).assert_eq(first_word::<B>(n.low, n.high), first_word::<B>(l.low, l.high));
    for (&state, &after) in n.state.iter().zip(after) {
        b.when(goes_on.clone()).assert_eq(state, after);
    }
}

/// The state is `theta` with `parity` and `mixed` added; `mixed` is the parity of `theta`, so that
/// `parity` is that of the state: each column has five bits and both are added to each.
fn eval_theta<B: VmBuilder>(b: &mut B, l: &CarriedCols<B::Var>, r: &RoundCols<B::Var>) {
    let parity = |x: usize, z: usize| r.parity[BITS * (x % 5) + z % BITS];
    let mixed = |x: usize, z: usize| r.mixed[BITS * x + z];
    b.assert_bools(r.parity);
    b.assert_bools(r.theta);
    for x in 0..5 {
        for z in 0..BITS {
            let neighbours = xor::<B::Expr>(parity(x + 4, z).into(), parity(x + 1, z + BITS - 1).into());
            b.assert_eq(mixed(x, z), xor::<B::Expr>(parity(x, z).into(), neighbours));
            let ones = (0..5).fold(B::Expr::ZERO, |sum, y| sum + r.theta[BITS * (x + 5 * y) + z]);
            let rest = ones - mixed(x, z);
            b.assert_zero(rest.clone() * (rest.clone() - B::Expr::TWO) * (rest - B::Expr::from_u32(4)));
        }
    }
    for (i, &limb) in l.state.iter().enumerate() {
        let (x, first) = (i / LIMBS % 5, i % LIMBS * LIMB_BITS);
        let bits = |k: usize| {
            let z = first + k;
            let theta = r.theta[BITS * (i / LIMBS) + z];
            xor::<B::Expr>(theta.into(), xor::<B::Expr>(parity(x, z).into(), mixed(x, z).into()))
        };
        b.assert_eq(limb, packed::<B::Expr>(bits));
    }
}

/// Bit `z` of lane (`x`, `y`) after rho, pi and chi.
fn chi<B: VmBuilder>(r: &RoundCols<B::Var>, x: usize, y: usize, z: usize) -> B::Expr {
    let [own, one, two] = [0, 1, 2].map(|i| r.theta[source((x + i) % 5, y, z)]);
    xor::<B::Expr>(own.into(), (B::Expr::ONE - one) * two)
}

/// The state after rho, pi, chi and iota.
fn eval_chi<B: VmBuilder>(b: &mut B, l: &CarriedCols<B::Var>, r: &RoundCols<B::Var>) {
    for (k, &z) in IOTA_BITS.iter().enumerate() {
        b.assert_eq(r.iota[k], chi::<B>(r, 0, 0, z));
    }
    for (i, &limb) in r.after.iter().enumerate() {
        let (lane, first) = (i / LIMBS, i % LIMBS * LIMB_BITS);
        let bits = |k: usize| match IOTA_BITS.iter().position(|&z| lane == 0 && z == first + k) {
            Some(at) => xor::<B::Expr>(r.iota[at].into(), constant_bit::<B>(l, first + k)),
            None => chi::<B>(r, lane % 5, lane / 5, first + k),
        };
        b.assert_eq(limb, packed::<B::Expr>(bits));
    }
}

/// Bit `z` of the round's constant.
fn constant_bit<B: VmBuilder>(l: &CarriedCols<B::Var>, z: usize) -> B::Expr {
    let rounds = l.round.iter().zip(ROUND_CONSTANTS);
    rounds
        .filter(|(_, constant)| constant >> z & 1 == 1)
        .fold(B::Expr::ZERO, |sum, (&round, _)| sum + round)
}

/// The first row receives the call: a0 is the address of writable words.
fn eval_call<B: VmBuilder>(b: &mut B, l: &CarriedCols<B::Var>, r: &RoundCols<B::Var>) {
    let call = Call {
        accelerator: Accelerator::KeccakF,
        low: l.low.into(),
        high: l.high.into(),
        clk: l.clk.into(),
        next: r.t.into(),
        bound: r.bound.into(),
    };
    accelerated::receive(b, call, l.round[0].into());
}

/// The words' tokens: taken in the first round, left in the last. Limbs that are made of bits are
/// u16 without a lookup.
fn eval_words<B: VmBuilder>(b: &mut B, l: &CarriedCols<B::Var>, r: &RoundCols<B::Var>) {
    let stamp = l.clk + B::Expr::from_u32(STAMP_MEM);
    let [first, last] = [0, ROUNDS - 1].map(|i| l.round[i]);
    for lane in 0..LANES {
        let token = |limbs: &[B::Var; LANES * LIMBS], stamp: B::Expr| Token {
            space: B::Expr::from_u32(SPACE_MEM),
            address: first_word::<B>(l.low, l.high) + B::Expr::from_usize(lane),
            value: core::array::from_fn(|i| limbs[LIMBS * lane + i].into()),
            stamp,
        };
        let previous = r.previous[lane];
        bus::memory(b, Side::Receive, token(&l.state, previous.into()), first.into());
        bus::memory(b, Side::Send, token(&r.after, stamp.clone()), last.into());
        bus::u16(b, stamp.clone() - previous - B::Expr::ONE, first.into());
    }
}
