//! Constraints and interactions of INITFIN.

use super::columns::*;
use crate::bus::{self, Side, VmBuilder};
use crate::cross;
use crate::layout::{INPUT_LENGTH_BITS, INPUT_ROOM_BITS, INPUT_WORD, LIMBS, SPACE_IMAGE, SPACE_OUT, WORD_BITS};
use crate::tables::{arr, inv_2_16};
use p3_air::{AirBuilder, WindowAccess};
use p3_field::PrimeCharacteristicRing;

/// A row's phase-one columns with the sums the constraints use.
struct Row<B: VmBuilder> {
    cols: InitfinPhaseOne<B::Var>,
    memory: B::Expr,
    real: B::Expr,
    address: B::Expr,
}

fn row<B: VmBuilder>(cells: &[B::Var]) -> Row<B> {
    let cols = InitfinPhaseOne::<B::Var>::read(cells);
    let memory = cols.ram + cols.input + cols.image;
    Row {
        real: memory.clone() + cols.register,
        address: cols.high * B::Expr::from_u32(1 << 16) + cols.low,
        memory,
        cols,
    }
}

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let phase_one = b.preprocessed().clone();
    let (l, n) = (row::<B>(phase_one.current_slice()), row::<B>(phase_one.next_slice()));
    let main = b.main();
    let m = InitfinMain::<B::Var>::read(main.current_slice());
    let next = InitfinMain::<B::Var>::read(main.next_slice());
    let c = &l.cols;
    b.assert_bools([c.register, c.ram, c.input, c.image, c.output]);
    b.assert_bool(l.real.clone());
    b.when(c.output).assert_one(c.ram);
    eval_order(b, &l, &n, &next);
    eval_region(b, &l, &m);
    bus::image_word(b, Side::Receive, l.address.clone(), arr::<B, _>(c.first), c.image.into());
    eval_length(b, &l, &m);
    b.when_first_row().assert_eq(c.input, m.length);
    eval_input(b, &l, &n, &m, &next);
    let token = output_token(&l);
    eval_tokens(b, &l, &m, &next, token, c.output.into());
}

/// Constraints and interactions of one of the table's shards.
#[inline(never)]
pub fn eval_shard<B: VmBuilder>(b: &mut B) {
    let phase_one = b.preprocessed().clone();
    let (l, n) = (row::<B>(phase_one.current_slice()), row::<B>(phase_one.next_slice()));
    let main = b.main();
    let m = InitfinMain::<B::Var>::read(main.current_slice());
    let next = InitfinMain::<B::Var>::read(main.next_slice());
    let c = &l.cols;
    b.assert_bools([c.register, c.ram, c.input, c.image, c.output]);
    b.assert_bool(l.real.clone());
    b.when(c.output).assert_one(c.ram);
    eval_keys(b, &l, &n, &m, &next);
    eval_region(b, &l, &m);
    eval_length(b, &l, &m);
    eval_input_ends(b, &l, &m);
    eval_input(b, &l, &n, &m, &next);
    let token = output_or_image_token(&l);
    eval_tokens(b, &l, &m, &next, token, c.output - c.image);
}

/// Registers first, then memory, then padding; addresses strictly increase in a space.
fn eval_order<B: VmBuilder>(b: &mut B, l: &Row<B>, n: &Row<B>, next: &InitfinMain<B::Var>) {
    b.when_transition().when(n.real.clone()).assert_one(l.real.clone());
    b.when_transition().when(n.cols.register).assert_one(l.cols.register);
    let same_space = n.cols.register + l.memory.clone() * n.memory.clone();
    let gap = next.gap[1] * B::Expr::from_u32(1 << 16) + next.gap[0];
    let distance = n.address.clone() - l.address.clone() - B::Expr::ONE;
    b.when_transition().assert_zero(same_space * (distance - gap));
}

/// A row's key. That of padding is its address.
fn key<B: VmBuilder>(row: &Row<B>) -> B::Expr {
    row.address.clone() + row.memory.clone() * B::Expr::from_u32(REGISTER_KEYS)
}

/// Keys strictly increase from the largest of the shards before on; padding repeats the last, which is the
/// shard's largest.
fn eval_keys<B: VmBuilder>(b: &mut B, l: &Row<B>, n: &Row<B>, m: &InitfinMain<B::Var>, next: &InitfinMain<B::Var>) {
    let [lo, hi]: [B::Expr; 2] = [shard::LO, shard::HI].map(|i| b.public_values()[i].into());
    let gap = |m: &InitfinMain<B::Var>| m.gap[1] * B::Expr::from_u32(1 << 16) + m.gap[0];
    b.when_first_row().assert_one(l.real.clone());
    b.when_first_row().assert_eq(key(l), lo + B::Expr::ONE + gap(m));
    b.when_transition().assert_zero(n.real.clone() * (B::Expr::ONE - l.real.clone()));
    b.when_transition().assert_zero(n.real.clone() * (key(n) - key(l) - B::Expr::ONE - gap(next)));
    b.when_transition().assert_zero((B::Expr::ONE - n.real.clone()) * (key(n) - key(l)));
    b.when_last_row().assert_eq(key(l), hi);
}

/// Where a word may lie and what it may hold at first.
fn eval_region<B: VmBuilder>(b: &mut B, l: &Row<B>, m: &InitfinMain<B::Var>) {
    let c = &l.cols;
    bus::u16(b, c.low.into(), l.real.clone());
    bus::range(b, c.high.into(), WORD_BITS - 16, l.real.clone());
    bus::u16(b, m.gap[0].into(), l.real.clone());
    bus::range(b, m.gap[1].into(), WORD_BITS - 16, l.real.clone());
    for limb in c.first {
        b.when(c.register + c.ram).assert_zero(limb);
    }
    bus::u16s(b, arr::<B, _>(c.first), c.input.into());
    let writable: B::Expr = b.public_values()[public::WRITABLE].into();
    let rest = (l.address.clone() - writable - m.bound) * inv_2_16();
    bus::u16(b, m.bound.into(), c.ram.into());
    bus::range(b, rest, WORD_BITS - 16, c.ram.into());
}

/// How many words of input lie behind a row's.
fn room<B: VmBuilder>(m: &InitfinMain<B::Var>) -> B::Expr {
    m.room[1] * B::Expr::from_u32(1 << 16) + m.room[0]
}

/// The word that holds the input's length: its place, its largest value, and how many words lie behind it.
///
/// A length below 2^28 has 12 bits in its second limb; 2^28 itself has a one more, and zeros below.
/// Then `8 room = length + padding` is between numbers below 2^29 + 8, so it holds over the integers.
fn eval_length<B: VmBuilder>(b: &mut B, l: &Row<B>, m: &InitfinMain<B::Var>) {
    let c = &l.cols;
    b.assert_bools([m.length, m.longest]);
    b.when(m.length).assert_one(c.input);
    b.when(m.longest).assert_one(m.length);
    b.when(m.length).assert_zero(c.low);
    b.when(m.length).assert_eq(c.high, B::Expr::from_u32(INPUT_WORD >> 16));
    b.when(m.length).assert_zero(c.first[2]);
    b.when(m.length).assert_zero(c.first[3]);
    b.when(m.longest).assert_zero(c.first[0]);
    bus::range(b, c.first[1] - m.longest, INPUT_LENGTH_BITS, m.length.into());
    let length = c.first[1] * B::Expr::from_u32(1 << 16) + c.first[0];
    let padding = room::<B>(m) * B::Expr::from_u32(8) - length;
    bus::range(b, padding, 3, m.length.into());
}

/// The rows of the input are next to one another, that of its length comes first, and none lies behind
/// the words that the length has room for.
fn eval_input<B: VmBuilder>(b: &mut B, l: &Row<B>, n: &Row<B>, m: &InitfinMain<B::Var>, next: &InitfinMain<B::Var>) {
    bus::u16(b, m.room[0].into(), l.cols.input.into());
    bus::range(b, m.room[1].into(), INPUT_ROOM_BITS, l.cols.input.into());
    // Boolean: the length is input.
    let follows = n.cols.input - next.length;
    b.when_transition().when(follows.clone()).assert_one(l.cols.input);
    b.when_transition().when(follows).assert_eq(input_end(n, next), input_end(l, m));
}

/// The word behind the input, as a row of input has it: below 2^30.
fn input_end<B: VmBuilder>(row: &Row<B>, m: &InitfinMain<B::Var>) -> B::Expr {
    row.address.clone() + room::<B>(m)
}

/// Input that goes on from shard to shard has one end. It is the shard's -1 where it does not go on, which
/// is no word.
fn eval_input_ends<B: VmBuilder>(b: &mut B, l: &Row<B>, m: &InitfinMain<B::Var>) {
    let [before, after]: [B::Expr; 2] = [shard::INPUT_BEFORE, shard::INPUT_AFTER].map(|i| b.public_values()[i].into());
    let end = input_end(l, m);
    b.when_first_row().when(l.cols.input - m.length).assert_eq(end.clone(), before);
    b.when_last_row().assert_eq(l.cols.input * (end + B::Expr::ONE), after + B::Expr::ONE);
}

/// The token of an output word.
fn output_token<B: VmBuilder>(l: &Row<B>) -> cross::Token<B::Expr> {
    cross::Token {
        space: B::Expr::from_u32(SPACE_OUT),
        address: l.address.clone(),
        value: arr::<B, _>(l.cols.last),
        segment: B::Expr::ZERO,
    }
}

/// The token of an output word or of an image word: no row is both.
fn output_or_image_token<B: VmBuilder>(l: &Row<B>) -> cross::Token<B::Expr> {
    let c = &l.cols;
    cross::Token {
        space: c.output * B::Expr::from_u32(SPACE_OUT) + c.image * B::Expr::from_u32(SPACE_IMAGE),
        address: l.address.clone(),
        value: core::array::from_fn(|i| c.output * c.last[i] + c.image * c.first[i]),
        segment: B::Expr::ZERO,
    }
}

/// Sends the first token, takes the last one, and sends `other` so many times: an output word, for the
/// verifier to take.
fn eval_tokens<B: VmBuilder>(
    b: &mut B,
    l: &Row<B>,
    m: &InitfinMain<B::Var>,
    next: &InitfinMain<B::Var>,
    other: cross::Token<B::Expr>,
    times: B::Expr,
) {
    let token = |space: B::Expr, value: [B::Var; LIMBS], segment: B::Expr| cross::Token {
        space,
        address: l.address.clone(),
        value: arr::<B, _>(value),
        segment,
    };
    // SPACE_MEM is 1: the flag is the space.
    let first = token(l.memory.clone(), l.cols.first, B::Expr::ZERO);
    let last = token(l.memory.clone(), l.cols.last, l.cols.segment.into());
    let fraction = cross::extension::<B>(arr::<B, _>(m.fraction));
    let output = cross::extension::<B>(arr::<B, _>(m.output_fraction));
    cross::exchange(b, fraction.clone(), first, last, l.real.clone());
    cross::send(b, output.clone(), other, times);
    let (now, then) = (cross::extension::<B>(arr::<B, _>(m.sum)), cross::extension::<B>(arr::<B, _>(next.sum)));
    cross::accumulate(b, now, then, fraction + output);
}
