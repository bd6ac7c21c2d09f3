//! Memory as it is before the first instruction.

use core::ops::Range;

use crate::map::{INPUT_BASE, WORD_BYTES};
use crate::program::Program;

/// Where a mapped word gets its initial value from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WordOrigin {
    /// The program file; fixed by the program.
    Image,
    /// The private input, its length word included.
    Input,
    /// RAM outside the image; zero.
    Ram,
}

/// The initial memory of a program on an input.
#[derive(Clone, Copy, Debug)]
pub struct InitialMemory<'p> {
    program: &'p Program,
    input: &'p [u8],
}

const INPUT_WORD: u32 = (INPUT_BASE / WORD_BYTES) as u32;

impl<'p> InitialMemory<'p> {
    /// `input` must not be longer than [`INPUT_MAX_BYTES`](crate::map::INPUT_MAX_BYTES): the
    /// region would run into others.
    #[must_use]
    pub fn new(program: &'p Program, input: &'p [u8]) -> Self {
        Self { program, input }
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// The private input.
    #[must_use]
    pub fn input(&self) -> &'p [u8] {
        self.input
    }

    /// Words of the input region: the length word, then the bytes padded to whole words.
    #[must_use]
    pub fn input_words(&self) -> Range<u32> {
        let count = 1 + self.input.len().div_ceil(WORD_BYTES as usize);
        INPUT_WORD..INPUT_WORD + count as u32
    }

    /// Origin and initial value of a word (address / 8); `None` if it is not mapped.
    #[must_use]
    pub fn word(&self, word: u32) -> Option<(WordOrigin, u64)> {
        if let Some(value) = self.program.image_word(word) {
            return Some((WordOrigin::Image, value));
        }
        if self.input_words().contains(&word) {
            return Some((WordOrigin::Input, self.input_word(word - INPUT_WORD)));
        }
        self.program.is_ram(word).then_some((WordOrigin::Ram, 0))
    }

    /// Whether a word (address / 8) may be loaded.
    #[must_use]
    pub fn is_mapped(&self, word: u32) -> bool {
        self.program.is_ram(word) || self.program.image_word(word).is_some() || self.input_words().contains(&word)
    }

    /// Writes the initial values of the words from `first` on into `words`, which must be zero,
    /// and returns how many of them come from the image or the input.
    pub(crate) fn fill(&self, first: u32, words: &mut [u64]) -> usize {
        let window = first..first + words.len() as u32;
        let image = self.program.image();
        let from = image.partition_point(|interval| interval.end() <= window.start);
        let mut filled = 0;
        for interval in image[from..].iter().take_while(|part| part.start < window.end) {
            let common = intersect(&window, &(interval.start..interval.end()));
            let source = &interval.words[offsets(&common, interval.start)];
            words[offsets(&common, first)].copy_from_slice(source);
            filled += common.len();
        }
        let common = intersect(&window, &self.input_words());
        for word in common.clone() {
            words[(word - first) as usize] = self.input_word(word - INPUT_WORD);
        }
        filled + common.len()
    }

    /// Word `position` of the input region; 0 is the length.
    fn input_word(&self, position: u32) -> u64 {
        let Some(chunk) = position.checked_sub(1) else {
            return self.input.len() as u64;
        };
        let start = chunk as usize * WORD_BYTES as usize;
        let end = self.input.len().min(start + WORD_BYTES as usize);
        let mut bytes = [0; WORD_BYTES as usize];
        bytes[..end - start].copy_from_slice(&self.input[start..end]);
        u64::from_le_bytes(bytes)
    }
}

fn intersect(a: &Range<u32>, b: &Range<u32>) -> Range<u32> {
    a.start.max(b.start)..a.end.min(b.end)
}

/// `words` as positions in a slice that begins with word `first`.
fn offsets(words: &Range<u32>, first: u32) -> Range<usize> {
    (words.start - first) as usize..(words.end - first) as usize
}
