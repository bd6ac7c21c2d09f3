//! Constraints and interactions of CROSSING.

use super::columns::*;
use crate::bus::{self, Access, Operation, Side, VmBuilder};
use crate::layout::{LIMBS, SPACE_MEM, STAMP_MEM};
use crate::opcode;
use crate::tables::address::{self, Address};
use crate::tables::{limb, pair};
use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let main = b.main();
    let l = UnalignedCols::<B::Var>::read(main.current_slice());
    let real = l.half + l.word + l.double;
    eval_flags(b, &l, &real);
    eval_parts(b, &l);
    eval_after(b, &l);
    eval_loaded(b, &l);
    for pair in l.cell.as_chunks::<2>().0.iter().chain(l.part.as_chunks::<2>().0) {
        bus::bytes(b, pair[0].into(), pair[1].into(), real.clone());
    }
    eval_access(b, &l, real);
}

fn eval_flags<B: VmBuilder>(b: &mut B, l: &UnalignedCols<B::Var>, real: &B::Expr) {
    b.assert_bools([l.half, l.word, l.double, l.store, l.unsigned, l.extend, l.sign]);
    b.assert_bools(l.at);
    b.assert_bool(real.clone());
    let starts = l.at.iter().fold(B::Expr::ZERO, |sum, &at| sum + at);
    b.assert_eq(starts, real.clone());
    // The access reaches the next word.
    b.when(l.half).assert_one(l.at[6]);
    b.when(l.word).assert_one(l.at[4] + l.at[5] + l.at[6]);
    b.when(l.store).assert_one(real.clone());
    // A narrow load is one of signed and unsigned.
    let narrow_load = (l.half + l.word) * (B::Expr::ONE - l.store);
    b.assert_eq(l.unsigned + l.extend, narrow_load);
    b.when(l.sign).assert_one(l.extend);
}

/// A load accesses the words' own bytes.
fn eval_parts<B: VmBuilder>(b: &mut B, l: &UnalignedCols<B::Var>) {
    for (k, &part) in l.part.iter().enumerate() {
        let found = (0..7).fold(B::Expr::ZERO, |sum, o| sum + l.at[o] * l.cell[o + 1 + k]);
        b.when(B::Expr::ONE - l.store).assert_eq(part, found);
    }
}

/// Byte i becomes part k where the access starts at i - k and has more than k bytes.
fn eval_after<B: VmBuilder>(b: &mut B, l: &UnalignedCols<B::Var>) {
    let covers = |k: usize| -> B::Expr {
        match k {
            0 | 1 => B::Expr::ONE,
            2 | 3 => l.word + l.double,
            _ => l.double.into(),
        }
    };
    let cell = |i: usize| {
        let starts = (0..8).filter(|k| (1..8).contains(&(i as i32 - k)));
        starts.fold(l.cell[i].into(), |cell: B::Expr, k| {
            let k = k as usize;
            cell + covers(k) * l.at[i - k - 1] * (l.part[k] - l.cell[i])
        })
    };
    for (j, &limb) in l.after.iter().enumerate() {
        b.assert_eq(limb, pair::<B>(cell(2 * j), cell(2 * j + 1)));
    }
}

/// The loaded number: accessed bytes, extended.
fn eval_loaded<B: VmBuilder>(b: &mut B, l: &UnalignedCols<B::Var>) {
    let part = limb::<B>(l.part);
    let extension: B::Expr = l.sign * B::Expr::from_u32(0xffff);
    let above_half = l.half * extension.clone();
    let above_word = (l.half + l.word) * extension;
    let loaded = [
        part[0].clone(),
        part[1].clone() * (l.word + l.double) + above_half,
        part[2].clone() * l.double + above_word.clone(),
        part[3].clone() * l.double + above_word,
    ];
    for (c, expected) in l.c.into_iter().zip(loaded) {
        b.when(B::Expr::ONE - l.store).assert_eq(c, expected);
        b.when(l.store).assert_zero(c);
    }
    b.assert_eq(l.top, l.half * l.part[1] + l.word * l.part[3]);
    let sign = l.sign * B::Expr::from_u32(0x80);
    bus::range(b, sign * -B::Expr::ONE + l.top, 7, l.extend.into());
}

fn eval_access<B: VmBuilder>(b: &mut B, l: &UnalignedCols<B::Var>, real: B::Expr) {
    let byte = (0..7).fold(B::Expr::ZERO, |sum, i| sum + l.at[i] * B::Expr::from_u32(i as u32 + 1));
    let at = Address { a: l.a.map(Into::into), t: l.t.into(), low: l.low.into(), high: l.high.into(), byte };
    let base = address::constrain(b, &at, real.clone());
    address::writable(b, at.word(), l.bound.into(), l.store.into());
    let narrow = l.half * B::Expr::from_u32(opcode::SUB_WORD + opcode::SUB_WORD_HALF)
        + l.word * B::Expr::from_u32(opcode::SUB_WORD + opcode::SUB_WORD_WORD)
        + l.unsigned * B::Expr::from_u32(opcode::SUB_WORD_UNSIGNED)
        + (l.half + l.word) * l.store * B::Expr::from_u32(opcode::SUB_WORD_STORE);
    let whole = l.double * (l.store * B::Expr::from_u32(opcode::SD - opcode::LD) + B::Expr::from_u32(opcode::LD));
    let done = Operation {
        opcode: narrow + whole,
        a: base,
        b: limb::<B>(l.part).map(|limb| limb * l.store),
        c: l.c.map(Into::into),
        x: l.clk.into(),
        t: l.t.into(),
    };
    bus::operation(b, Side::Receive, done, real.clone());
    let before = l.cell.as_chunks::<8>().0;
    let after = l.after.as_chunks::<LIMBS>().0;
    for k in 0..2 {
        let access = Access {
            space: B::Expr::from_u32(SPACE_MEM),
            address: at.word() + B::Expr::from_u32(k as u32),
            before: limb::<B>(before[k]),
            after: after[k].map(Into::into),
            previous: l.previous[k].into(),
            stamp: l.clk + B::Expr::from_u32(STAMP_MEM),
        };
        bus::access(b, access, real.clone());
    }
}
