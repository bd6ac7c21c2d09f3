//! Rows of CROSSING.

use super::UnalignedCols;
use crate::layout::LIMBS;
use crate::opcode;
use crate::trace::counts::Counts;
use crate::trace::memory::{Address, Request, is_store, sign_of};
use crate::trace::rows::Rows;
use crate::trace::values::{bit, byte_vals, limb_vals, val};
use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

/// Accesses that reach into two words.
#[inline(never)]
pub fn fill(rows: &mut Rows, counts: &mut Counts, request: &Request<'_>) {
    let address = Address::new(counts, request);
    let size = usize::from(request.mem.size);
    let store = is_store(request.code);
    let narrow = size < 8;
    let unsigned = narrow && !store && (request.code - opcode::SUB_WORD) & opcode::SUB_WORD_UNSIGNED != 0;
    let start = (request.mem.addr % 8) as usize;
    let [first, second] = request.mem.words;
    let mut cell = [0u8; 16];
    cell[..8].copy_from_slice(&first.before.to_le_bytes());
    cell[8..].copy_from_slice(&second.before.to_le_bytes());
    let stored = request.b.to_le_bytes();
    let part: [u8; 8] = core::array::from_fn(|k| if store { stored[k] } else { cell[start + k] });
    counts.bytes(&cell);
    counts.bytes(&part);
    let top = if narrow { part[size - 1] } else { 0 };
    let extend = narrow && !store && !unsigned;
    let sign = sign_of(counts, top, extend);
    let mut after = [Val::ZERO; 8];
    after[..LIMBS].copy_from_slice(&limb_vals(first.after));
    after[LIMBS..].copy_from_slice(&limb_vals(second.after));
    let cols = UnalignedCols {
        half: bit(size == 2),
        word: bit(size == 4),
        double: bit(size == 8),
        store: bit(store),
        unsigned: bit(unsigned),
        extend: bit(extend),
        sign: bit(sign),
        top: Val::from_u8(top),
        a: address.a,
        t: address.t,
        clk: address.clk,
        low: address.low,
        high: address.high,
        at: core::array::from_fn(|i| bit(i + 1 == start)),
        cell: byte_vals(cell),
        part: byte_vals(part),
        after,
        c: limb_vals(request.c),
        previous: request.previous.map(val),
        bound: address.bound,
    };
    cols.write(rows.push());
}
