//! How often the rows of the fixed tables are looked up.

use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;

use crate::layout::LOG_MIN_HEIGHT;
use crate::tables::LOG_BYTE;

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
const fn range_row(value: u32, bits: u32) -> usize {
    (1usize << bits) - 1 + value as usize
}

impl Counts {
    /// No lookups yet, for a program of `slots` slots.
    pub fn new(slots: usize) -> Self {
        Self {
            range: vec![0; range_row(0, 17)],
            and: vec![0; 1 << LOG_BYTE],
            pair: vec![0; 1 << LOG_BYTE],
            program: vec![0; slots],
        }
    }

    /// `value` < 2^`bits`.
    #[inline]
    pub fn range(&mut self, value: u32, bits: u32) {
        if bits <= 16 && value >> bits == 0 {
            self.range[range_row(value, bits)] += 1;
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
        let (short, u16s) = self.range.split_at(range_row(0, 16));
        let rows = u16s.iter().enumerate().flat_map(|(i, &u16)| {
            // The last row of the numbers of fewer bits repeats the first.
            let short = short.get(i).copied().unwrap_or(0);
            [short, u16].map(Val::from_u32)
        });
        RowMajorMatrix::new(rows.collect(), 2)
    }

    /// Main columns of BYTE.
    pub fn byte_main(&self) -> RowMajorMatrix<Val> {
        let rows = self
            .and
            .iter()
            .zip(&self.pair)
            .flat_map(|(&a, &p)| [Val::from_u32(a), Val::from_u32(p)]);
        RowMajorMatrix::new(rows.collect(), 2)
    }

    /// Main columns of PROGRAM.
    pub fn program_main(&self) -> RowMajorMatrix<Val> {
        let height = self
            .program
            .len()
            .next_power_of_two()
            .max(1 << LOG_MIN_HEIGHT);
        let mut rows: Vec<Val> = self.program.iter().map(|&n| Val::from_u32(n)).collect();
        rows.resize(height, Val::ZERO);
        RowMajorMatrix::new(rows, 1)
    }
}
