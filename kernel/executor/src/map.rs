//! The memory map: where a program, its input and its output live.
//!
//! The address space is 4 GiB, so that an 8-byte word has an index below 2^29.
//!
//! | range | what |
//! |---|---|
//! | [`INPUT_BASE`], one length word and the padded bytes | private input, read-only |
//! | [`PROGRAM_BASE`] up to the program's `writable_start` | text and rodata: only the words of the image |
//! | `writable_start` up to [`ADDRESS_SPACE_END`] | RAM, zero where the image has nothing |
//! | [`OUTPUT_BASE`], one length word and the bytes | public output, part of RAM |

/// Bytes per memory word, the unit of the image and of every memory event.
pub const WORD_BYTES: u64 = 8;

/// First address past the address space.
pub const ADDRESS_SPACE_END: u64 = 1 << 32;

/// First address of the input region: its length word (bytes, little-endian).
pub const INPUT_BASE: u64 = 0x4000_0000;

/// Most input bytes that fit the input region.
pub const INPUT_MAX_BYTES: u64 = 256 << 20;

/// First address at which a program may have a segment.
pub const PROGRAM_BASE: u64 = 0x8000_0000;

/// Start of RAM for a program without any writable segment.
pub const DEFAULT_WRITABLE_START: u64 = 0xa000_0000;

/// First address of the output region: its length word (bytes, little-endian).
pub const OUTPUT_BASE: u64 = 0xf000_0000;

/// Most output bytes that fit between [`OUTPUT_BASE`] and the end of the address space.
pub const OUTPUT_MAX_BYTES: u64 = ADDRESS_SPACE_END - OUTPUT_BASE - WORD_BYTES;

/// Most 4-byte instruction slots that the executable segments of a program may have.
pub const MAX_TEXT_SLOTS: u64 = 1 << 20;

/// Most slots from the text base to the end of the last executable segment, gaps included.
pub const MAX_TEXT_SPAN: u64 = 1 << 21;

/// Most 8-byte words a program image may have.
pub const MAX_IMAGE_WORDS: u64 = 1 << 20;
