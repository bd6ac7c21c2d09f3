//! Calls of accelerators, as the rows of their tables need them.

use proofloom_executor::WordAccess;
use proofloom_field::Val;

use crate::layout::WORD_BITS;
use crate::tables::LOW_BITS;
use crate::trace::counts::Counts;
use crate::trace::values::val;

/// A call in its segment.
pub struct Call<'a> {
    /// The words, lowest address first.
    pub words: &'a [WordAccess],
    /// Stamps of their previous accesses.
    pub previous: &'a [u32],
    /// Stamp of the CPU row.
    pub clk: u32,
    /// Index after the call.
    pub next: u32,
    /// First word of writable memory.
    pub writable: u32,
}

impl Call<'_> {
    fn first(&self) -> u32 {
        self.words[0].word
    }

    fn distance(&self) -> u32 {
        self.first().wrapping_sub(self.writable)
    }

    /// Low part of the first word's number.
    pub fn low(&self) -> Val {
        val(self.first() & ((1 << LOW_BITS) - 1))
    }

    /// High part of the first word's number.
    pub fn high(&self) -> Val {
        val(self.first() >> LOW_BITS)
    }

    /// Low 16 bits of the first word's distance from the start of writable memory.
    pub fn bound(&self) -> Val {
        val(self.distance() & 0xffff)
    }

    /// Counts the lookups of the address.
    pub fn count(&self, counts: &mut Counts) {
        counts.range(self.first() & ((1 << LOW_BITS) - 1), LOW_BITS);
        counts.u16(self.first() >> LOW_BITS);
        counts.u16(self.distance() & 0xffff);
        counts.range(self.distance() >> 16, WORD_BITS - 16);
    }
}
