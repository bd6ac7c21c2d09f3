//! How often the rows of the preprocessed tables are looked up.

use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;

use crate::program::ProgramRow;
use crate::tables::ENTRIES;
use crate::tables::byte::ByteCols;
use crate::tables::range::RangeCols;
use crate::trace::rows::Rows;

/// Multiplicities of RANGE, BYTE and PROGRAM.
///
/// A value that a table lacks is not counted: the proof of such a row cannot be made, and saying
/// so is the verifier's business.
#[derive(Clone, Debug)]
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

    /// Main columns of RANGE.
    pub fn range_main(&self) -> RowMajorMatrix<Val> {
        let (short, u16s) = self.range.split_at(range_entry(0, 16));
        debug_assert_eq!(RangeCols::<Val>::WIDTH, KINDS * ENTRIES);
        counted([short, u16s])
    }

    /// Main columns of BYTE.
    pub fn byte_main(&self) -> RowMajorMatrix<Val> {
        debug_assert_eq!(ByteCols::<Val>::WIDTH, KINDS * ENTRIES);
        counted([&self.and, &self.pair])
    }

    /// Main columns of PROGRAM for the program's slots: its rows are those with an instruction.
    pub fn program_main(&self, slots: &[Option<ProgramRow>]) -> RowMajorMatrix<Val> {
        let mut rows = Rows::new(1);
        let counts = self.program.iter().zip(slots).filter(|(_, slot)| slot.is_some());
        for (&times, _) in counts {
            rows.push()[0] = Val::from_u32(times);
        }
        rows.finish()
    }
}

/// Kinds of entries that RANGE and BYTE have side by side.
const KINDS: usize = 2;

/// Position of an entry's count among the main cells of RANGE or BYTE.
pub const fn count_cell(entry: usize, kind: usize) -> usize {
    (entry / ENTRIES * KINDS + kind) * ENTRIES + entry % ENTRIES
}

/// Main columns of a table from the counts of both kinds of its 2^16 entries; missing ones are 0.
fn counted(counts: [&[u32]; KINDS]) -> RowMajorMatrix<Val> {
    let mut values = Val::zero_vec(KINDS << 16);
    for (kind, counts) in counts.into_iter().enumerate() {
        for (entry, &count) in counts.iter().enumerate() {
            values[count_cell(entry, kind)] = Val::from_u32(count);
        }
    }
    RowMajorMatrix::new(values, KINDS * ENTRIES)
}
