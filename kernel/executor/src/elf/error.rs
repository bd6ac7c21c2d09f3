//! What can be wrong with a program file.

use core::fmt;

use crate::map::{
    ADDRESS_SPACE_END, MAX_IMAGE_WORDS, MAX_TEXT_SLOTS, MAX_TEXT_SPAN, OUTPUT_BASE, PROGRAM_BASE, WORD_BYTES,
};

/// Why a file is not a program for this machine. Segment numbers count the program headers from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElfError {
    /// The file ends inside a structure that it announces.
    Truncated {
        /// What was being read.
        what: &'static str,
        /// Bytes needed.
        needed: u64,
        /// Bytes in the file.
        len: u64,
    },
    /// The first four bytes are not those of an ELF file.
    NotElf,
    /// A field of the file header has an unsupported value.
    Header {
        /// The field.
        field: &'static str,
        /// What the machine needs.
        expected: &'static str,
        /// What the file has.
        got: u64,
    },
    /// The program needs a dynamic linker.
    NotStatic {
        /// The segment that says so.
        segment: u16,
    },
    /// No segment is executable.
    NoText,
    /// More bytes in the file than in memory.
    FileLargerThanMemory {
        /// The segment.
        segment: u16,
        /// Bytes in the file.
        file_bytes: u64,
        /// Bytes in memory.
        memory_bytes: u64,
    },
    /// A segment outside the part of the memory map that programs may use.
    OutsideMap {
        /// The segment.
        segment: u16,
        /// First address.
        addr: u64,
        /// Bytes in memory.
        memory_bytes: u64,
    },
    /// A segment is both writable and executable.
    WritableText {
        /// The segment.
        segment: u16,
    },
    /// Two segments share a byte.
    Overlap {
        /// The segment with the lower start.
        first: u16,
        /// The other one.
        second: u16,
    },
    /// A read-only segment that does not end before the writable ones begin.
    ReadOnlyAboveWritable {
        /// The read-only segment.
        segment: u16,
        /// First writable address, rounded down to 8.
        writable_start: u64,
    },
    /// The output region would be read-only, or a segment puts file contents into it.
    OutputRegion {
        /// The segment.
        segment: u16,
    },
    /// Too many instruction slots in executable segments.
    TextTooLarge {
        /// Slots of 4 bytes.
        slots: u64,
    },
    /// Too many instruction slots between the first and the last executable byte.
    TextTooFarApart {
        /// Slots of 4 bytes, gaps included.
        slots: u64,
    },
    /// Too many words with initial values.
    ImageTooLarge {
        /// Words of 8 bytes.
        words: u64,
    },
    /// The entry point is no executable slot.
    BadEntry {
        /// The entry address.
        entry: u64,
    },
}

impl ElfError {
    /// A stable name of the reason, for programs to compare.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "ELF_TRUNCATED",
            Self::NotElf => "ELF_NOT_ELF",
            Self::Header { .. } => "ELF_UNSUPPORTED_HEADER",
            Self::NotStatic { .. } => "ELF_NOT_STATIC",
            Self::NoText => "ELF_NO_TEXT",
            Self::FileLargerThanMemory { .. } => "ELF_FILE_LARGER_THAN_MEMORY",
            Self::OutsideMap { .. } => "ELF_OUTSIDE_MAP",
            Self::WritableText { .. } => "ELF_WRITABLE_TEXT",
            Self::Overlap { .. } => "ELF_OVERLAP",
            Self::ReadOnlyAboveWritable { .. } => "ELF_READ_ONLY_ABOVE_WRITABLE",
            Self::OutputRegion { .. } => "ELF_OUTPUT_REGION",
            Self::TextTooLarge { .. } => "ELF_TEXT_TOO_LARGE",
            Self::TextTooFarApart { .. } => "ELF_TEXT_TOO_FAR_APART",
            Self::ImageTooLarge { .. } => "ELF_IMAGE_TOO_LARGE",
            Self::BadEntry { .. } => "ELF_BAD_ENTRY",
        }
    }
}

impl fmt::Display for ElfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Truncated { what, needed, len } => {
                write!(f, "the file is cut off: {what} needs {needed} bytes, there are {len}")
            }
            Self::NotElf => f.write_str("not an ELF file"),
            Self::Header { field, expected, got } => {
                write!(f, "ELF {field} is {got}, expected {expected}")
            }
            Self::NotStatic { segment } => {
                write!(f, "segment {segment} asks for a dynamic linker: link with -static")
            }
            Self::NoText => f.write_str("no executable segment"),
            Self::FileLargerThanMemory { segment, file_bytes, memory_bytes } => {
                write!(f, "segment {segment} has {file_bytes} bytes for {memory_bytes} of memory")
            }
            Self::OutsideMap { segment, addr, memory_bytes } => write!(
                f,
                "segment {segment} ({memory_bytes} bytes at {addr:#x}) is outside \
                 {PROGRAM_BASE:#x}..{ADDRESS_SPACE_END:#x}: use the SDK's linker script"
            ),
            Self::WritableText { segment } => {
                write!(f, "segment {segment} is writable and executable: give text a segment of its own")
            }
            Self::Overlap { first, second } => {
                write!(f, "segments {first} and {second} overlap")
            }
            Self::ReadOnlyAboveWritable { segment, writable_start } => write!(
                f,
                "read-only segment {segment} does not end below the writable memory \
                 at {writable_start:#x}"
            ),
            Self::OutputRegion { segment } => write!(
                f,
                "segment {segment} covers the output region at {OUTPUT_BASE:#x}, which must be \
                 writable and start as zeros"
            ),
            Self::TextTooLarge { slots } => write!(
                f,
                "the executable segments have {slots} instruction slots of 4 bytes, the limit is {MAX_TEXT_SLOTS}: \
                 compile for size, and give constants a read-only segment that is not executable"
            ),
            Self::TextTooFarApart { slots } => write!(
                f,
                "the executable segments span {slots} instruction slots of 4 bytes, gaps included, the limit is \
                 {MAX_TEXT_SPAN}: put them next to one another"
            ),
            Self::ImageTooLarge { words } => {
                write!(f, "the image has {words} words of {WORD_BYTES} bytes, the limit is {MAX_IMAGE_WORDS}")
            }
            Self::BadEntry { entry } => {
                write!(f, "the entry point {entry:#x} is no executable 4-byte slot")
            }
        }
    }
}

impl core::error::Error for ElfError {}
