//! Test programs in the standard layout.

use super::asm::Assembler;
use super::elf_file::{ElfFile, ElfSegment};
use crate::map::{INPUT_BASE, OUTPUT_BASE, PROGRAM_BASE};

/// Where test programs have their text; also their entry.
pub const TEXT_BASE: u64 = PROGRAM_BASE;

/// Where test programs have their writable data.
pub const DATA_BASE: u64 = 0xa000_0000;

/// Bytes of the output region that a user-mode emulator gives to the program.
const OUTPUT_BYTES: u64 = 1 << 20;

/// A program with its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestProgram {
    /// What it is about.
    pub name: String,
    /// Text from [`TEXT_BASE`] on.
    pub text: Vec<u32>,
    /// Initial contents of the memory at [`DATA_BASE`].
    pub data: Vec<u8>,
    /// Bytes of memory at [`DATA_BASE`].
    pub data_bytes: u64,
    /// Private input.
    pub input: Vec<u8>,
}

impl TestProgram {
    /// A program without input and with zeroed data.
    #[must_use]
    pub fn new(name: impl Into<String>, text: Assembler, data_bytes: u64) -> Self {
        let (data, input) = (Vec::new(), Vec::new());
        Self { name: name.into(), text: text.finish(), data, data_bytes, input }
    }

    /// The executable for the machine.
    #[must_use]
    pub fn elf(&self) -> Vec<u8> {
        self.file().to_bytes()
    }

    /// The executable for a user-mode emulator, which has no input region: the same program with
    /// the region as one more segment.
    #[must_use]
    pub fn elf_with_input(&self) -> Vec<u8> {
        let mut region = (self.input.len() as u64).to_le_bytes().to_vec();
        region.extend(&self.input);
        region.resize(region.len().next_multiple_of(8), 0);
        let mut file = self.file();
        file.segments.push(ElfSegment::rodata(INPUT_BASE, region));
        file.to_bytes()
    }

    fn file(&self) -> ElfFile {
        let mut segments = vec![ElfSegment::text(TEXT_BASE, &self.text)];
        if self.data_bytes > 0 {
            segments.push(ElfSegment::data(DATA_BASE, self.data.clone(), self.data_bytes));
        }
        segments.push(ElfSegment::data(OUTPUT_BASE, Vec::new(), OUTPUT_BYTES));
        ElfFile { entry: TEXT_BASE, segments }
    }
}

/// The executable of a text at [`TEXT_BASE`] with `data_bytes` zeroed bytes at [`DATA_BASE`].
#[must_use]
pub fn elf(text: Assembler, data_bytes: u64) -> Vec<u8> {
    TestProgram::new("", text, data_bytes).elf()
}
