//! Constraints and interactions of KECCAK.

use super::columns::*;
use crate::bus::{self, Side, Token, VmBuilder};
use crate::layout::{LIMBS, SPACE_MEM, STAMP_MEM};
use crate::tables::accelerated::{self, Call, LIMB_BITS, first_word, packed, xor};
use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;
use proofloom_executor::Accelerator;

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
    let sum = |rounds: &[B::Var]| rounds.iter().fold(B::Expr::ZERO, |sum, &round| sum + round);
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
    rounds.filter(|(_, constant)| constant >> z & 1 == 1).fold(B::Expr::ZERO, |sum, (&round, _)| sum + round)
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
