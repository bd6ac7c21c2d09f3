//! Constraints and interactions of SHA256.

use super::columns::*;
use crate::bus::{self, Access, VmBuilder};
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
    eval_booleans(b, &l, &r);
    eval_rounds(b, &l, &n, &r);
    eval_carried(b, &l, &n, &r);
    eval_round(b, &l, &r);
    eval_schedule(b, &l, &r);
    eval_result(b, &l, &r);
    eval_call(b, &l, &r);
    eval_words(b, &l, &r);
}

fn eval_booleans<B: VmBuilder>(b: &mut B, l: &CarriedCols<B::Var>, r: &RoundCols<B::Var>) {
    b.assert_bools(l.group);
    b.assert_bools(l.round);
    b.assert_bools([l.first, r.last, r.reads_hash, r.reads_block]);
    for number in [l.a, l.b, l.c, l.e, l.f, l.g, l.w0, l.w1, l.w14, r.next_a, r.next_e] {
        b.assert_bools(number);
    }
    b.assert_bools(r.carry_a);
    b.assert_bools(r.carry_e);
    b.assert_bools(r.carry_w);
    b.assert_bools(r.carry_result);
}

fn sum<B: VmBuilder>(columns: &[B::Var]) -> B::Expr {
    columns.iter().fold(B::Expr::ZERO, |sum, &x| sum + x)
}

/// Whether the next row is the next round of the same compression.
fn goes_on<B: VmBuilder>(l: &CarriedCols<B::Var>, r: &RoundCols<B::Var>) -> B::Expr {
    sum::<B>(&l.round) - r.last
}

/// Round t is followed by round t + 1 until the last, and only a row that goes on is followed by a
/// later round than the first.
fn eval_rounds<B: VmBuilder>(b: &mut B, l: &CarriedCols<B::Var>, n: &CarriedCols<B::Var>, r: &RoundCols<B::Var>) {
    let real = sum::<B>(&l.round);
    b.assert_bool(real.clone());
    b.assert_eq(real.clone(), sum::<B>(&l.group));
    b.assert_eq(l.first, l.group[0] * l.round[0]);
    b.assert_eq(r.last, l.group[ROUNDS / GROUP - 1] * l.round[GROUP - 1]);
    b.assert_eq(r.reads_hash, l.group[0] * sum::<B>(&l.round[..HASH_WORDS]));
    let even = l.round.iter().step_by(2).fold(B::Expr::ZERO, |sum, &x| sum + x);
    b.assert_eq(r.reads_block, (l.group[0] + l.group[1]) * even);
    b.when_first_row().assert_eq(real, l.first);
    let goes_on = goes_on::<B>(l, r);
    b.assert_eq(sum::<B>(&n.round) - n.first, goes_on.clone());
    let wraps = l.round[GROUP - 1];
    for i in 0..GROUP {
        b.when(goes_on.clone()).assert_eq(n.round[i], l.round[(i + GROUP - 1) % GROUP]);
        let before: B::Expr = if i == 0 { B::Expr::ZERO } else { l.group[i - 1].into() };
        b.when(goes_on.clone()).assert_eq(n.group[i], l.group[i] + (before - l.group[i]) * wraps);
    }
}

/// What one round hands to the next.
fn eval_carried<B: VmBuilder>(b: &mut B, l: &CarriedCols<B::Var>, n: &CarriedCols<B::Var>, r: &RoundCols<B::Var>) {
    let goes_on = goes_on::<B>(l, r);
    let odd = l.round.iter().skip(1).step_by(2).fold(B::Expr::ZERO, |sum, &x| sum + x);
    b.when(l.first).assert_eq(l.at, first_word::<B>(l.low, l.high) + B::Expr::from_usize(HASH_WORDS));
    let b = &mut b.when(goes_on);
    b.assert_eq(n.clk, l.clk);
    b.assert_eq(first_word::<B>(n.low, n.high), first_word::<B>(l.low, l.high));
    b.assert_eq(n.at, l.at + odd);
    let moved = [(n.a, r.next_a), (n.b, l.a), (n.c, l.b), (n.e, r.next_e), (n.f, l.e), (n.g, l.f)];
    for (next, bits) in moved {
        for (next, bit) in next.into_iter().zip(bits) {
            b.assert_eq(next, bit);
        }
    }
    for j in 0..HALVES {
        b.assert_eq(n.d[j], half::<B>(&l.c, j));
        b.assert_eq(n.h[j], half::<B>(&l.g, j));
        for i in 0..WINDOW - 1 {
            b.assert_eq(schedule::<B>(n, i, j), schedule::<B>(l, i + 1, j));
        }
        b.assert_eq(schedule::<B>(n, WINDOW - 1, j), r.next_w[j]);
    }
    for i in 0..HASH_LIMBS {
        b.assert_eq(n.hash[i], l.hash[(i + LIMBS) % HASH_LIMBS]);
        b.assert_eq(n.result[i], l.result[(i + LIMBS) % HASH_LIMBS]);
    }
}

/// Limb `j` of a number.
fn half<B: VmBuilder>(bits: &[B::Var; BITS], j: usize) -> B::Expr {
    packed(|i| bits[LIMB_BITS * j + i].into())
}

/// Limb `j` of W[t + i].
fn schedule<B: VmBuilder>(row: &CarriedCols<B::Var>, i: usize, j: usize) -> B::Expr {
    match i {
        0 => half::<B>(&row.w0, j),
        1 => half::<B>(&row.w1, j),
        14 => half::<B>(&row.w14, j),
        _ => row.window[in_window(i, j)].into(),
    }
}

/// Limb `j` of the sum modulo 2 of a number turned right by `turns`.
fn turned<B: VmBuilder>(bits: &[B::Var; BITS], turns: [usize; 3], j: usize) -> B::Expr {
    packed(|i| {
        let [x, y, z] = turns.map(|turn| bits[(LIMB_BITS * j + i + turn) % BITS].into());
        xor::<B::Expr>(x, xor(y, z))
    })
}

/// As [`turned`], but the last of the three is shifted: zeros come in.
fn shifted<B: VmBuilder>(bits: &[B::Var; BITS], [one, two, shift]: [usize; 3], j: usize) -> B::Expr {
    packed(|i| {
        let at = LIMB_BITS * j + i;
        let [x, y] = [one, two].map(|turn| bits[(at + turn) % BITS].into());
        let both = xor::<B::Expr>(x, y);
        match bits.get(at + shift) {
            Some(&z) => xor(both, z.into()),
            None => both,
        }
    })
}

/// A carry from its bits.
fn carry<B: VmBuilder>(bits: &[B::Var], width: usize, j: usize) -> B::Expr {
    let bits = &bits[width * j..][..width];
    bits.iter().rev().fold(B::Expr::ZERO, |carry, &bit| carry.double() + bit)
}

/// The carry into limb `j`.
fn carry_in<B: VmBuilder>(bits: &[B::Var], width: usize, j: usize) -> B::Expr {
    if j == 0 { B::Expr::ZERO } else { carry::<B>(bits, width, j - 1) }
}

/// The new a and e. Carries have room for every sum: at most seven numbers are added.
fn eval_round<B: VmBuilder>(b: &mut B, l: &CarriedCols<B::Var>, r: &RoundCols<B::Var>) {
    for j in 0..HALVES {
        let choose = packed(|i| {
            let [e, f, g] = [l.e, l.f, l.g].map(|bits| bits[LIMB_BITS * j + i]);
            e * (f - g) + g
        });
        let majority = packed(|i| {
            let [x, y, z] = [l.a, l.b, l.c].map(|bits| bits[LIMB_BITS * j + i]);
            // Where two agree, they are the majority; where not, the third decides.
            x * y + xor::<B::Expr>(x.into(), y.into()) * z
        });
        let one = turned::<B>(&l.e, [6, 11, 25], j) + choose + l.h[j] + constant::<B>(l, j) + half::<B>(&l.w0, j);
        let two = turned::<B>(&l.a, [2, 13, 22], j) + majority;
        let new_e = l.d[j] + one.clone() + carry_in::<B>(&r.carry_e, 3, j);
        b.assert_eq(new_e, overflowing::<B>(half::<B>(&r.next_e, j), carry::<B>(&r.carry_e, 3, j)));
        let new_a = one + two + carry_in::<B>(&r.carry_a, 3, j);
        b.assert_eq(new_a, overflowing::<B>(half::<B>(&r.next_a, j), carry::<B>(&r.carry_a, 3, j)));
    }
}

/// A sum from its limb and its carry.
fn overflowing<B: VmBuilder>(limb: B::Expr, carry: B::Expr) -> B::Expr {
    limb + carry * B::Expr::from_u32(1 << LIMB_BITS)
}

/// Limb `j` of the round's constant.
fn constant<B: VmBuilder>(l: &CarriedCols<B::Var>, j: usize) -> B::Expr {
    let mut constants = ROUND_CONSTANTS.iter().map(|k| k >> (LIMB_BITS * j) & 0xffff);
    l.group.iter().fold(B::Expr::ZERO, |total, &group| {
        let rounds = l.round.iter().zip(constants.by_ref().take(GROUP));
        let of_group = rounds.fold(B::Expr::ZERO, |sum, (&round, k)| sum + round * B::Expr::from_u32(k));
        total + of_group * group
    })
}

/// W[t + 16]. That its limbs are u16 shows two rows later, where they are those of W[t + 14], made of
/// bits; the words that no such row follows are not used in any round.
fn eval_schedule<B: VmBuilder>(b: &mut B, l: &CarriedCols<B::Var>, r: &RoundCols<B::Var>) {
    for j in 0..HALVES {
        let new_w = shifted::<B>(&l.w14, [17, 19, 10], j)
            + schedule::<B>(l, 9, j)
            + shifted::<B>(&l.w1, [7, 18, 3], j)
            + half::<B>(&l.w0, j)
            + carry_in::<B>(&r.carry_w, 2, j);
        b.assert_eq(new_w, overflowing::<B>(r.next_w[j].into(), carry::<B>(&r.carry_w, 2, j)));
    }
}

/// The working variables begin as the hash and are added to it in the end.
fn eval_result<B: VmBuilder>(b: &mut B, l: &CarriedCols<B::Var>, r: &RoundCols<B::Var>) {
    let begin = |j: usize| {
        let [a, b, c, e, f, g] = [l.a, l.b, l.c, l.e, l.f, l.g].map(|bits| half::<B>(&bits, j));
        [a, b, c, l.d[j].into(), e, f, g, l.h[j].into()]
    };
    let end = |j: usize| [r.next_a, l.a, l.b, l.c, r.next_e, l.e, l.f, l.g].map(|bits| half::<B>(&bits, j));
    for j in 0..HALVES {
        for (i, value) in begin(j).into_iter().enumerate() {
            b.when(l.first).assert_eq(l.hash[HALVES * i + j], value);
        }
        for (i, value) in end(j).into_iter().enumerate() {
            // Row 63 is turned by three words.
            let at = (HALVES * i + j + LIMBS) % HASH_LIMBS;
            let from_below = if j == 0 { B::Expr::ZERO } else { r.carry_result[at - 1].into() };
            let total = l.hash[at] + value + from_below;
            let shown = overflowing::<B>(l.result[at].into(), r.carry_result[at].into());
            b.when(r.last).assert_eq(total, shown);
        }
    }
}

/// The first row receives the call: a0 is the address of writable words.
fn eval_call<B: VmBuilder>(b: &mut B, l: &CarriedCols<B::Var>, r: &RoundCols<B::Var>) {
    let call = Call {
        accelerator: Accelerator::Sha256,
        low: l.low.into(),
        high: l.high.into(),
        clk: l.clk.into(),
        next: r.t.into(),
        bound: r.bound.into(),
    };
    accelerated::receive(b, call, l.first.into());
}

/// The accesses of the hash's and of the block's words.
fn eval_words<B: VmBuilder>(b: &mut B, l: &CarriedCols<B::Var>, r: &RoundCols<B::Var>) {
    let stamp = l.clk + B::Expr::from_u32(STAMP_MEM);
    let position = (1..HASH_WORDS).fold(B::Expr::ZERO, |sum, i| sum + l.round[i] * B::Expr::from_usize(i));
    let result: [B::Expr; LIMBS] = core::array::from_fn(|i| l.result[i].into());
    let hash = Access {
        space: B::Expr::from_u32(SPACE_MEM),
        address: first_word::<B>(l.low, l.high) + position,
        before: core::array::from_fn(|i| l.hash[i].into()),
        after: result.clone(),
        previous: r.previous_hash.into(),
        stamp: stamp.clone(),
    };
    bus::access(b, hash, r.reads_hash.into());
    bus::u16s(b, result, r.reads_hash.into());
    let bytes = message_word::<B>(l);
    let block = Access {
        space: B::Expr::from_u32(SPACE_MEM),
        address: l.at.into(),
        before: bytes.clone(),
        after: bytes,
        previous: r.previous_block.into(),
        stamp,
    };
    bus::access(b, block, r.reads_block.into());
}

/// The memory word of W[t] and W[t + 1], whose bytes come most significant first.
fn message_word<B: VmBuilder>(l: &CarriedCols<B::Var>) -> [B::Expr; LIMBS] {
    core::array::from_fn(|i| {
        let bits = if i < HALVES { &l.w0 } else { &l.w1 };
        // The upper half comes first, with its bytes exchanged.
        let first = LIMB_BITS * (1 - i % HALVES);
        packed(|k| bits[first + (k + LIMB_BITS / 2) % LIMB_BITS].into())
    })
}
