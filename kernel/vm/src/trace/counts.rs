//! How often the rows of the preprocessed tables are looked up.

use crate::program::ProgramRow;
use crate::tables::ENTRIES;

/// Multiplicities of RANGE, BYTE and PROGRAM.
///
/// A value that a table lacks is not counted: the proof of such a row cannot be made, and saying
/// so is the verifier's business.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    range: Vec<u32>,
    and: Vec<u32>,
    pair: Vec<u32>,
    program: Vec<u32>,
}

/// Place of `value` among the numbers of 0 to 16 bits, shorter ones first.
pub const fn range_entry(value: u32, bits: u32) -> usize {
    (1usize << bits) - 1 + value as usize
}

/// Place of `value` among the same numbers, by logarithm: 2^`bits` + `value`.
pub const fn log_range_entry(value: u32, bits: u32) -> usize {
    (1usize << bits) + value as usize
}

impl Counts {
    /// No lookups yet, for a program of `slots` slots.
    pub fn new(slots: usize) -> Self {
        Self {
            range: vec![0; range_entry(0, 17)],
            and: vec![0; 1 << 16],
            pair: vec![0; 1 << 16],
            program: vec![0; slots],
        }
    }

    /// `value` < 2^`bits`.
    #[inline]
    pub fn range(&mut self, value: u32, bits: u32) {
        if bits <= 16 && value >> bits == 0 {
            self.range[range_entry(value, bits)] += 1;
        }
    }

    /// `value` < 2^16.
    #[inline]
    pub fn u16(&mut self, value: u32) {
        self.range(value, 16);
    }

    /// Each limb < 2^16.
    #[inline]
    pub fn u16s<const N: usize>(&mut self, limbs: [u32; N]) {
        for limb in limbs {
            self.u16(limb);
        }
    }

    /// The bytes of `x & y`.
    #[inline]
    pub fn byte_and(&mut self, x: u8, y: u8) {
        self.and[usize::from(x) << 8 | usize::from(y)] += 1;
    }

    /// Neighbouring pairs of bytes.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) {
        for pair in bytes.as_chunks::<2>().0 {
            self.pair[usize::from(pair[0]) << 8 | usize::from(pair[1])] += 1;
        }
    }

    /// The top bit of a u16 limb was taken apart.
    #[inline]
    pub fn sign(&mut self, limb: u32) {
        self.range(limb & 0x7fff, 15);
    }

    /// The instruction in slot `index` was fetched.
    #[inline]
    pub fn fetch(&mut self, index: u32) {
        self.program[index as usize] += 1;
    }

    /// How often each entry of RANGE is looked up, row by row.
    pub fn range_times(&self) -> impl ExactSizeIterator<Item = Times> {
        let (short, u16s) = self.range.split_at(range_entry(0, 16));
        times([(0, short), (0, u16s)])
    }

    /// The same with the entries by logarithm.
    pub fn log_range_times(&self) -> impl ExactSizeIterator<Item = Times> {
        let (short, u16s) = self.range.split_at(range_entry(0, 16));
        times([(log_range_entry(0, 0), short), (0, u16s)])
    }

    /// How often each entry of BYTE is looked up, row by row.
    pub fn byte_times(&self) -> impl ExactSizeIterator<Item = Times> {
        times([(0, &self.and), (0, &self.pair)])
    }

    /// How often each instruction of the program is executed.
    pub fn program_times(&self, slots: &[Option<ProgramRow>]) -> Vec<u32> {
        let counts = self.program.iter().zip(slots).filter(|(_, slot)| slot.is_some());
        counts.map(|(&times, _)| times).collect()
    }
}

/// Kinds of entries that RANGE and BYTE have side by side.
const KINDS: usize = 2;

/// How often the entries of a row of RANGE or BYTE are looked up, by kind.
pub type Times = [[u32; ENTRIES]; KINDS];

/// Position of an entry's count among the main cells of RANGE or BYTE.
#[cfg(test)]
pub const fn count_cell(entry: usize, kind: usize) -> usize {
    (entry / ENTRIES * KINDS + kind) * ENTRIES + entry % ENTRIES
}

/// The counts of both kinds of 2^16 entries, row by row, each with its first entry; missing ones are 0.
fn times(counts: [(usize, &[u32]); KINDS]) -> impl ExactSizeIterator<Item = Times> {
    let count = |counts: &[u32], at: Option<usize>| at.and_then(|at| counts.get(at)).copied().unwrap_or(0);
    let row = move |first: usize| {
        counts.map(|(shift, counts)| core::array::from_fn(|i| count(counts, (first + i).checked_sub(shift))))
    };
    (0..1 << 16).step_by(ENTRIES).map(row)
}
