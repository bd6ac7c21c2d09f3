//! Constraints and interactions of NARROW.

use super::columns::*;
use crate::bus::{self, Access, Operation, Side, VmBuilder};
use crate::layout::{SPACE_MEM, STAMP_MEM};
use crate::opcode;
use crate::tables::address::{self, Address};
use crate::tables::{arr, limb, pair};
use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = SubWordCols::<B::Var>::read(main.current_slice());
    let real = l.byte + l.half + l.word;
    eval_flags(b, &l, &real);
    eval_parts(b, &l);
    eval_after(b, &l);
    eval_loaded(b, &l, &real);
    for pair in l.cell.as_chunks::<2>().0.iter().chain(l.part.as_chunks::<2>().0) {
        bus::bytes(b, pair[0].into(), pair[1].into(), real.clone());
    }
    eval_access(b, &l, real);
}

fn eval_flags<B: VmBuilder>(b: &mut B, l: &SubWordCols<B::Var>, real: &B::Expr) {
    b.assert_bools([l.byte, l.half, l.word, l.store, l.unsigned, l.sign]);
    b.assert_bools(l.at);
    b.assert_bool(real.clone());
    let starts = l.at.iter().fold(B::Expr::ZERO, |sum, &at| sum + at);
    b.assert_eq(starts, real.clone());
    // The access ends inside the word.
    b.when(l.half).assert_zero(l.at[7]);
    b.when(l.word).assert_zero(l.at[5] + l.at[6] + l.at[7]);
    // store + unsigned <= real, and a sign only where it is extended.
    b.assert_bool(real.clone() - l.store - l.unsigned);
    b.when(l.sign).assert_one(real.clone() - l.store - l.unsigned);
}

/// A load accesses the word's own bytes.
fn eval_parts<B: VmBuilder>(b: &mut B, l: &SubWordCols<B::Var>) {
    for (k, &part) in l.part.iter().enumerate() {
        let found = (0..8 - k).fold(B::Expr::ZERO, |sum, o| sum + l.at[o] * l.cell[o + k]);
        b.when(B::Expr::ONE - l.store).assert_eq(part, found);
    }
}

/// Byte i becomes part k where the access starts at i - k and has more than k bytes.
fn eval_after<B: VmBuilder>(b: &mut B, l: &SubWordCols<B::Var>) {
    let covers: [B::Expr; 4] = [B::Expr::ONE, l.half + l.word, l.word.into(), l.word.into()];
    let cells: [B::Expr; 8] = core::array::from_fn(|i| {
        (0..=i.min(3))
            .fold(l.cell[i].into(), |cell: B::Expr, k| cell + covers[k].clone() * l.at[i - k] * (l.part[k] - l.cell[i]))
    });
    let [c0, c1, c2, c3, c4, c5, c6, c7] = cells;
    let after = [pair::<B>(c0, c1), pair::<B>(c2, c3), pair::<B>(c4, c5), pair::<B>(c6, c7)];
    for (limb, expected) in l.after.into_iter().zip(after) {
        b.assert_eq(limb, expected);
    }
}

/// The loaded number: accessed bytes, extended.
fn eval_loaded<B: VmBuilder>(b: &mut B, l: &SubWordCols<B::Var>, real: &B::Expr) {
    let wide = l.half + l.word;
    let above_byte = l.sign * B::Expr::from_u32(0xff00);
    let above_half = l.sign * B::Expr::from_u32(0xffff);
    let c0 = wide * l.part[1] * B::Expr::from_u32(256) + l.part[0] + above_byte * l.byte;
    let c1 = pair::<B>(l.part[2].into(), l.part[3].into()) * l.word + above_half * (l.byte + l.half);
    for (c, expected) in l.c.into_iter().zip([c0, c1]) {
        b.when(B::Expr::ONE - l.store).assert_eq(c, expected);
        b.when(l.store).assert_zero(c);
    }
    b.assert_eq(l.top, l.byte * l.part[0] + l.half * l.part[1] + l.word * l.part[3]);
    let sign = l.sign * B::Expr::from_u32(0x80);
    bus::range(b, sign * -B::Expr::ONE + l.top, 7, real.clone() - l.store - l.unsigned);
}

fn eval_access<B: VmBuilder>(b: &mut B, l: &SubWordCols<B::Var>, real: B::Expr) {
    let byte = (1..8).fold(B::Expr::ZERO, |sum, i| sum + l.at[i] * B::Expr::from_u32(i as u32));
    let at = Address { a: l.a.map(Into::into), t: l.t.into(), low: l.low.into(), high: l.high.into(), byte };
    let base = address::constrain(b, &at, real.clone());
    address::writable(b, at.word(), l.bound.into(), l.store.into());
    let flags = l.half * B::Expr::from_u32(opcode::SUB_WORD_HALF)
        + l.word * B::Expr::from_u32(opcode::SUB_WORD_WORD)
        + l.unsigned * B::Expr::from_u32(opcode::SUB_WORD_UNSIGNED)
        + l.store * B::Expr::from_u32(opcode::SUB_WORD_STORE);
    let stored = |i: usize| pair::<B>(l.part[i].into(), l.part[i + 1].into()) * l.store;
    let extension = l.sign * B::Expr::from_u32(0xffff);
    let done = Operation {
        opcode: flags + B::Expr::from_u32(opcode::SUB_WORD),
        a: base,
        b: [stored(0), stored(2), l.b_high[0].into(), l.b_high[1].into()],
        c: [l.c[0].into(), l.c[1].into(), extension.clone(), extension],
        x: l.clk.into(),
        t: l.t.into(),
    };
    bus::operation(b, Side::Receive, done, real.clone());
    let access = Access {
        space: B::Expr::from_u32(SPACE_MEM),
        address: at.word(),
        before: limb::<B>(l.cell),
        after: arr::<B, _>(l.after),
        previous: l.previous.into(),
        stamp: l.clk + B::Expr::from_u32(STAMP_MEM),
    };
    bus::access(b, access, real);
}
