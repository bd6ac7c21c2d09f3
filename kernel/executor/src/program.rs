//! A loaded program: decoded text and initial memory.

use crate::isa::Instr;
use crate::map::{ADDRESS_SPACE_END, WORD_BYTES};

/// A run of consecutive 8-byte words with the values they have at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageInterval {
    /// Index of the first word, address / 8.
    pub start: u32,
    /// Values, lowest address first; never empty.
    pub words: Vec<u64>,
}

impl ImageInterval {
    /// Index past the last word.
    #[must_use]
    pub fn end(&self) -> u32 {
        self.start + self.words.len() as u32
    }
}

/// A static RV64IM program, checked against the memory map; made by [`load_elf`](crate::load_elf).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub(crate) entry: u32,
    pub(crate) text_base: u64,
    pub(crate) text: Vec<Option<Instr>>,
    /// Slots `start..end` that are executable, sorted and disjoint.
    pub(crate) executable: Vec<(u32, u32)>,
    pub(crate) writable_start: u64,
    pub(crate) image: Vec<ImageInterval>,
    pub(crate) fingerprint: u64,
}

impl Program {
    /// Slot of the first instruction.
    #[must_use]
    pub fn entry_index(&self) -> u32 {
        self.entry
    }

    /// Address of slot 0: the lowest executable segment's, rounded down to a multiple of 4096.
    #[must_use]
    pub fn text_base(&self) -> u64 {
        self.text_base
    }

    /// One entry per 4-byte slot from the text base to the end of the last executable segment.
    /// `None`: no RV64IM instruction (data, unknown encodings, gaps before and between segments).
    #[must_use]
    pub fn text(&self) -> &[Option<Instr>] {
        &self.text
    }

    /// First address of RAM, a multiple of 8; everything below is read-only.
    #[must_use]
    pub fn writable_start(&self) -> u64 {
        self.writable_start
    }

    /// The words that the file gives values to: intervals sorted by address, with at least one
    /// word between two of them. Those below [`Self::writable_start`] are all the readable memory
    /// there is besides the input region.
    #[must_use]
    pub fn image(&self) -> &[ImageInterval] {
        &self.image
    }

    /// Number of words in the image.
    #[must_use]
    pub fn image_words(&self) -> usize {
        self.image.iter().map(|interval| interval.words.len()).sum()
    }

    /// Address of a slot.
    #[must_use]
    pub fn pc(&self, index: u32) -> u64 {
        self.text_base + 4 * u64::from(index)
    }

    /// Slot of an address; `None` when it is no multiple of 4 or outside the text.
    #[must_use]
    pub fn index(&self, pc: u64) -> Option<u32> {
        let offset = pc.wrapping_sub(self.text_base);
        let slot = offset / 4;
        (offset.is_multiple_of(4) && slot < self.text.len() as u64).then_some(slot as u32)
    }

    /// The undecoded 32 bits of a slot; `None` where no executable segment covers it.
    #[must_use]
    pub fn text_word(&self, index: u32) -> Option<u32> {
        let covered = |&(start, end): &(u32, u32)| start <= index && index < end;
        if !self.executable.iter().any(covered) {
            return None;
        }
        let pc = self.pc(index);
        let word = self.image_word((pc / WORD_BYTES) as u32)?;
        Some((word >> (8 * (pc % WORD_BYTES))) as u32)
    }

    /// Initial value of a word of the image; `None` for words outside the image.
    #[must_use]
    pub fn image_word(&self, word: u32) -> Option<u64> {
        let after = self.image.partition_point(|interval| interval.start <= word);
        let interval = &self.image[after.checked_sub(1)?];
        interval.words.get((word - interval.start) as usize).copied()
    }

    /// Hash of everything above, for telling programs apart; not collision-resistant.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// Whether a word is in RAM.
    #[must_use]
    pub fn is_ram(&self, word: u32) -> bool {
        let addr = u64::from(word) * WORD_BYTES;
        (self.writable_start..ADDRESS_SPACE_END).contains(&addr)
    }
}

/// FNV-1a over 64-bit words.
pub(crate) fn fnv1a(words: impl IntoIterator<Item = u64>) -> u64 {
    words.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, word| (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3))
}
