//! SHA256: the accelerator of SHA-256's compression (FIPS 180-4), one row a round.
//!
//! A compression is 64 rows in a row. Row t has the working variables before round t, their new
//! values, and the words W[t] to W[t + 15] of the message schedule. The hash's four words are accessed
//! in the rows 0 to 3, the block's eight in the even rows below 16.

use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;
use proofloom_machine::Accelerator;

use crate::bus::{self, Access, VmBuilder};
use crate::columns::columns;
use crate::layout::{LIMBS, SPACE_MEM, STAMP_MEM};
use crate::tables::accelerated::{self, Call, LIMB_BITS, first_word, packed, xor};

/// Rounds of a compression.
pub const ROUNDS: usize = 64;
/// Bits of a number.
pub const BITS: usize = 32;
/// Memory words of the hash; those of the block follow.
pub const HASH_WORDS: usize = 4;
/// Limbs of the hash.
pub const HASH_LIMBS: usize = HASH_WORDS * LIMBS;
/// Words of the schedule in a row.
pub const WINDOW: usize = 16;
/// Limbs of a number.
const HALVES: usize = 2;
/// Rounds in a group: the round is `group` times this plus `round`.
pub const GROUP: usize = 8;

/// K of the standard, by round.
pub const ROUND_CONSTANTS: [u32; ROUNDS] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

columns! {
    /// The columns of a SHA256 row that the row before it reads.
    CarriedCols {
        /// Marks the group of rounds; all zero on padding.
        group[ROUNDS / GROUP],
        /// Marks the round in its group; all zero on padding.
        round[GROUP],
        /// Round 0.
        first,
        /// Stamp of the CPU row.
        clk,
        /// Low 13 bits of the first word's number.
        low,
        /// High 16 bits of the first word's number.
        high,
        /// Number of the block's word that this row and the next may access.
        at,
        /// Working variables, bit by bit, least significant first.
        a[BITS],
        b[BITS],
        c[BITS],
        e[BITS],
        f[BITS],
        g[BITS],
        d[HALVES],
        h[HALVES],
        /// W[t], W[t + 1] and W[t + 14], bit by bit.
        w0[BITS],
        w1[BITS],
        w14[BITS],
        /// Limbs of the others of W[t] to W[t + 15], see [`in_window`].
        window[(WINDOW - 3) * HALVES],
        /// The hash before the compression, turned by a word each row: word t mod 4 comes first.
        hash[HASH_LIMBS],
        /// The hash after the compression, turned alike.
        result[HASH_LIMBS],
    }
}

columns! {
    /// The other columns of a SHA256 row.
    RoundCols {
        /// Round 63.
        last,
        /// The row accesses a word of the hash.
        reads_hash,
        /// The row accesses a word of the block.
        reads_block,
        /// Next index of the calling row (first round).
        t,
        /// See [`Call::bound`] (first round).
        bound,
        /// Stamp of the previous access of the hash's word.
        previous_hash,
        /// Stamp of the previous access of the block's word.
        previous_block,
        /// a and e of the next round.
        next_a[BITS],
        next_e[BITS],
        /// Carries out of both limbs of these sums, three bits each.
        carry_a[3 * HALVES],
        carry_e[3 * HALVES],
        /// W[t + 16].
        next_w[HALVES],
        /// Carries out of both limbs of this sum, two bits each.
        carry_w[2 * HALVES],
        /// Carries out of the limbs of the result (last round).
        carry_result[HASH_LIMBS],
    }
}

/// Columns of the table.
pub const WIDTH: usize = CarriedCols::<u8>::WIDTH + RoundCols::<u8>::WIDTH;

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
fn eval_rounds<B: VmBuilder>(
    b: &mut B,
    l: &CarriedCols<B::Var>,
    n: &CarriedCols<B::Var>,
    r: &RoundCols<B::Var>,
) {
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
fn eval_carried<B: VmBuilder>(
    b: &mut B,
    l: &CarriedCols<B::Var>,
    n: &CarriedCols<B::Var>,
    r: &RoundCols<B::Var>,
) {
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

/// Position of limb `j` of W[t + i] among those that are no bits.
pub const fn in_window(i: usize, j: usize) -> usize {
    let place = if i < 14 { i - 2 } else { i - 3 };
    HALVES * place + j
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
    let end = |j: usize| {
        [r.next_a, l.a, l.b, l.c, r.next_e, l.e, l.f, l.g].map(|bits| half::<B>(&bits, j))
    };
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
