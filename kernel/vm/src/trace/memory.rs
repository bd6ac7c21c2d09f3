//! Rows of the three memory tables.

use crate::layout::{WORD_BITS, limbs};
use crate::opcode;
use crate::tables::LOW_BITS;
use crate::tables::{aligned, sub_word, unaligned};
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;
use crate::trace::values::val;
use p3_field::PrimeCharacteristicRing;
use proofloom_executor::MemAccess;
use proofloom_field::Val;

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
pub struct Common {
    pub a: [Val; 2],
    pub t: Val,
    pub clk: Val,
    pub low: Val,
    pub high: Val,
    pub bound: Val,
}

/// Rows of the memory tables.
pub struct MemoryRows {
    pub aligned: Rows,
    pub sub_word: Rows,
    pub unaligned: Rows,
}

impl MemoryRows {
    /// Appends the row of one access.
    pub fn push(&mut self, counts: &mut Counts, request: &Request<'_>) {
        let store = is_store(request.code);
        let common = common(counts, request, store);
        if request.mem.count == 2 {
            unaligned::rows::push(&mut self.unaligned, counts, request, &common);
        } else if matches!(request.code, opcode::LD | opcode::SD) {
            aligned::rows::push(&mut self.aligned, request, &common);
        } else {
            sub_word::rows::push(&mut self.sub_word, counts, request, &common);
        }
    }
}

pub fn is_store(code: u32) -> bool {
    code == opcode::SD || (code >= opcode::SUB_WORD && code & opcode::SUB_WORD_STORE != 0)
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

/// Most significant bit of a byte, where it is a sign.
pub fn sign_of(counts: &mut Counts, top: u8, extends: bool) -> bool {
    if extends {
        counts.range(u32::from(top & 0x7f), 7);
    }
    extends && top >> 7 == 1
}
