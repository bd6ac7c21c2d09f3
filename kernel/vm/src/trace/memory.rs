//! Rows of the three memory tables.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;
use proofloom_machine::MemAccess;

use crate::layout::{LIMBS, WORD_BITS, limbs};
use crate::opcode;
use crate::tables::LOW_BITS;
use crate::tables::aligned::AlignedCols;
use crate::tables::crossing::CrossingCols;
use crate::tables::narrow::NarrowCols;
use crate::trace::counts::Counts;
use crate::trace::operations::{bit, byte_vals, limb_vals, val};
use crate::trace::rows::Rows;

/// A load or store as the CPU row asks for it.
pub struct Request<'a> {
    /// Code of `crate::opcode`.
    pub code: u32,
    /// Base register.
    pub a: u64,
    /// Stored number; 0 for a load.
    pub b: u64,
    /// Loaded number; 0 for a store.
    pub c: u64,
    /// Signed address offset.
    pub t: i64,
    /// Stamp of the CPU row.
    pub clk: u32,
    /// What the access did.
    pub mem: &'a MemAccess,
    /// Stamps of the previous accesses of the touched words.
    pub previous: [u32; 2],
    /// First word of writable memory.
    pub writable: u32,
}

/// Columns that every memory table has.
struct Common {
    a: [Val; 2],
    t: Val,
    clk: Val,
    low: Val,
    high: Val,
    bound: Val,
}

/// Rows of the memory tables.
pub struct MemoryRows {
    pub aligned: Rows,
    pub narrow: Rows,
    pub crossing: Rows,
}

impl MemoryRows {
    /// Appends the row of one access.
    pub fn push(&mut self, counts: &mut Counts, request: &Request<'_>) {
        let store = is_store(request.code);
        let common = common(counts, request, store);
        if request.mem.count == 2 {
            crossing(&mut self.crossing, counts, request, &common);
        } else if matches!(request.code, opcode::LD | opcode::SD) {
            aligned(&mut self.aligned, request, &common);
        } else {
            narrow(&mut self.narrow, counts, request, &common);
        }
    }
}

fn is_store(code: u32) -> bool {
    code == opcode::SD || (code >= opcode::NARROW && code & opcode::NARROW_STORE != 0)
}

fn common(counts: &mut Counts, request: &Request<'_>, store: bool) -> Common {
    let word = request.mem.words[0].word;
    let (low, high) = (word & ((1 << LOW_BITS) - 1), word >> LOW_BITS);
    counts.range(low, LOW_BITS);
    counts.u16(high);
    let distance = word.wrapping_sub(request.writable);
    let bound = if store { distance & 0xffff } else { 0 };
    if store {
        counts.u16(bound);
        counts.range(distance >> 16, WORD_BITS - 16);
    }
    Common {
        a: [limbs(request.a)[0], limbs(request.a)[1]].map(val),
        t: Val::from_i64(request.t),
        clk: val(request.clk),
        low: val(low),
        high: val(high),
        bound: val(bound),
    }
}

#[inline(never)]
fn aligned(rows: &mut Rows, request: &Request<'_>, common: &Common) {
    let access = request.mem.words[0];
    let cols = AlignedCols {
        load: bit(request.code == opcode::LD),
        store: bit(request.code == opcode::SD),
        a: common.a,
        t: common.t,
        clk: common.clk,
        low: common.low,
        high: common.high,
        before: limb_vals(access.before),
        after: limb_vals(access.after),
        previous: val(request.previous[0]),
        bound: common.bound,
    };
    cols.write(rows.push());
}

/// Most significant bit of a byte, where it is a sign.
fn sign_of(counts: &mut Counts, top: u8, extends: bool) -> bool {
    if extends {
        counts.range(u32::from(top & 0x7f), 7);
    }
    extends && top >> 7 == 1
}

#[inline(never)]
fn narrow(rows: &mut Rows, counts: &mut Counts, request: &Request<'_>, common: &Common) {
    let flags = request.code - opcode::NARROW;
    let (store, unsigned) = (
        flags & opcode::NARROW_STORE != 0,
        flags & opcode::NARROW_UNSIGNED != 0,
    );
    let size = usize::from(request.mem.size);
    let start = (request.mem.addr % 8) as usize;
    let access = request.mem.words[0];
    let cell = access.before.to_le_bytes();
    let stored = request.b.to_le_bytes();
    let part: [u8; 4] = core::array::from_fn(|k| {
        if store {
            stored[k]
        } else {
            cell.get(start + k).copied().unwrap_or(0)
        }
    });
    counts.bytes(&cell);
    counts.bytes(&part);
    let top = part[size - 1];
    let sign = sign_of(counts, top, !store && !unsigned);
    let result = limbs(request.c);
    let cols = NarrowCols {
        byte: bit(size == 1),
        half: bit(size == 2),
        word: bit(size == 4),
        store: bit(store),
        unsigned: bit(unsigned),
        sign: bit(sign),
        top: Val::from_u8(top),
        a: common.a,
        t: common.t,
        clk: common.clk,
        low: common.low,
        high: common.high,
        at: core::array::from_fn(|i| bit(i == start)),
        cell: byte_vals(cell),
        part: byte_vals(part),
        after: limb_vals(access.after),
        b_high: [limbs(request.b)[2], limbs(request.b)[3]].map(val),
        c: [result[0], result[1]].map(val),
        previous: val(request.previous[0]),
        bound: common.bound,
    };
    cols.write(rows.push());
}

#[inline(never)]
fn crossing(rows: &mut Rows, counts: &mut Counts, request: &Request<'_>, common: &Common) {
    let size = usize::from(request.mem.size);
    let store = is_store(request.code);
    let narrow = size < 8;
    let unsigned =
        narrow && !store && (request.code - opcode::NARROW) & opcode::NARROW_UNSIGNED != 0;
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
    let cols = CrossingCols {
        half: bit(size == 2),
        word: bit(size == 4),
        double: bit(size == 8),
        store: bit(store),
        unsigned: bit(unsigned),
        extend: bit(extend),
        sign: bit(sign),
        top: Val::from_u8(top),
        a: common.a,
        t: common.t,
        clk: common.clk,
        low: common.low,
        high: common.high,
        at: core::array::from_fn(|i| bit(i + 1 == start)),
        cell: byte_vals(cell),
        part: byte_vals(part),
        after,
        c: limb_vals(request.c),
        previous: request.previous.map(val),
        bound: common.bound,
    };
    cols.write(rows.push());
}
