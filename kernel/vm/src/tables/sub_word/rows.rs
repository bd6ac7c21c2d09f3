//! Rows of NARROW.

use super::SubWordCols;
use crate::layout::limbs;
use crate::opcode;
use crate::trace::counts::Counts;
use crate::trace::memory::{Address, Request, sign_of};
use crate::trace::rows::Rows;
use crate::trace::values::{bit, byte_vals, limb_vals, val};
use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

/// Accesses of a part of a word.
#[inline(never)]
pub fn fill(rows: &mut Rows, counts: &mut Counts, request: &Request<'_>) {
    let address = Address::new(counts, request);
    let flags = request.code - opcode::SUB_WORD;
    let (store, unsigned) = (flags & opcode::SUB_WORD_STORE != 0, flags & opcode::SUB_WORD_UNSIGNED != 0);
    let size = usize::from(request.mem.size);
    let start = (request.mem.addr % 8) as usize;
    let access = request.mem.words[0];
    let cell = access.before.to_le_bytes();
    let stored = request.b.to_le_bytes();
    let part: [u8; 4] =
        core::array::from_fn(|k| if store { stored[k] } else { cell.get(start + k).copied().unwrap_or(0) });
    counts.bytes(&cell);
    counts.bytes(&part);
    let top = part[size - 1];
    let sign = sign_of(counts, top, !store && !unsigned);
    let result = limbs(request.c);
    let cols = SubWordCols {
        byte: bit(size == 1),
        half: bit(size == 2),
        word: bit(size == 4),
        store: bit(store),
        unsigned: bit(unsigned),
        sign: bit(sign),
        top: Val::from_u8(top),
        a: address.a,
        t: address.t,
        clk: address.clk,
        low: address.low,
        high: address.high,
        at: core::array::from_fn(|i| bit(i == start)),
        cell: byte_vals(cell),
        part: byte_vals(part),
        after: limb_vals(access.after),
        b_high: [limbs(request.b)[2], limbs(request.b)[3]].map(val),
        c: [result[0], result[1]].map(val),
        previous: val(request.previous[0]),
        bound: address.bound,
    };
    cols.write(rows.push());
}
