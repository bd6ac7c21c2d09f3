//! Loads and stores, as the rows of the three memory tables need them.

use crate::layout::{WORD_BITS, limbs};
use crate::opcode;
use crate::tables::LOW_BITS;
use crate::trace::counts::Counts;
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

/// Columns of the address, which every memory table has.
pub struct Address {
    pub a: [Val; 2],
    pub t: Val,
    pub clk: Val,
    pub low: Val,
    pub high: Val,
    pub bound: Val,
}

impl Address {
    /// Those of an access, whose lookups are counted.
    pub fn new(counts: &mut Counts, request: &Request<'_>) -> Self {
        let word = request.mem.words[0].word;
        let (low, high) = (word & ((1 << LOW_BITS) - 1), word >> LOW_BITS);
        counts.range(low, LOW_BITS);
        counts.u16(high);
        let store = is_store(request.code);
        let distance = word.wrapping_sub(request.writable);
        let bound = if store { distance & 0xffff } else { 0 };
        if store {
            counts.u16(bound);
            counts.range(distance >> 16, WORD_BITS - 16);
        }
        Self {
            a: [limbs(request.a)[0], limbs(request.a)[1]].map(val),
            t: Val::from_i64(request.t),
            clk: val(request.clk),
            low: val(low),
            high: val(high),
            bound: val(bound),
        }
    }
}

pub fn is_store(code: u32) -> bool {
    code == opcode::SD || (code >= opcode::SUB_WORD && code & opcode::SUB_WORD_STORE != 0)
}

/// Most significant bit of a byte, where it is a sign.
pub fn sign_of(counts: &mut Counts, top: u8, extends: bool) -> bool {
    if extends {
        counts.range(u32::from(top & 0x7f), 7);
    }
    extends && top >> 7 == 1
}
