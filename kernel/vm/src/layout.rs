//! Numbers that prover and verifier share: memory map, value sizes, token spaces, height caps.

/// 16-bit limbs of a 64-bit value.
pub const LIMBS: usize = 4;

/// First word (address / 8) of the private input region.
pub const INPUT_WORD: u32 = 0x4000_0000 / 8;
/// log2 of the most bytes of input: 256 MiB.
pub const LOG_MAX_INPUT: u32 = 28;
const _: () = assert!(proofloom_executor::map::INPUT_MAX_BYTES == 1 << LOG_MAX_INPUT);
/// Bits of the upper half of a number of input words, which are at most 2^25.
pub const INPUT_ROOM_BITS: u32 = LOG_MAX_INPUT - 3 + 1 - 16;
/// Bits of the upper half of a length in bytes, unless it is the largest.
pub const INPUT_LENGTH_BITS: u32 = LOG_MAX_INPUT - 16;
/// First word of the output region.
pub const OUTPUT_WORD: u32 = 0xf000_0000 / 8;
/// Bits of a word address: memory ends at 2^32 bytes.
pub const WORD_BITS: u32 = 29;

/// Token space of registers (address = register number).
pub const SPACE_REG: u32 = 0;
/// Token space of memory (address = word number).
pub const SPACE_MEM: u32 = 1;
/// Token space of the public output (address = word number, segment 0).
pub const SPACE_OUT: u32 = 2;
/// Token space of the program's image (address = word number, segment 0).
pub const SPACE_IMAGE: u32 = 3;

/// `pc` index after the halting ecall. No program row and no jump can produce it.
pub const HALT_INDEX: u32 = 1 << 30;
/// Target index of a branch or jump that leaves the text: no program row has it.
pub const INVALID_INDEX: u32 = (1 << 30) + 1;
/// Bits of a program index: no text spans more slots.
pub const INDEX_BITS: u32 = 21;
const _: () = assert!(proofloom_executor::map::MAX_TEXT_SPAN == 1 << INDEX_BITS);

/// Time stamps per cycle; an access at sub-step s of row r has stamp `STAMPS * (r + 1) + s`.
pub const STAMPS: u32 = 4;
/// Sub-step of the read of rs1.
pub const STAMP_RS1: u32 = 0;
/// Sub-step of the read of rs2.
pub const STAMP_RS2: u32 = 1;
/// Sub-step of a memory access (both words of a crossing access: they differ).
pub const STAMP_MEM: u32 = 2;
/// Sub-step of the write of rd.
pub const STAMP_RD: u32 = 3;

/// log2 of the smallest and the largest height of a table.
pub const LOG_MIN_HEIGHT: usize = 4;
/// See [`LOG_MIN_HEIGHT`].
pub const LOG_MAX_HEIGHT: usize = 20;
// PROGRAM has a row for each instruction.
const _: () = assert!(proofloom_executor::map::MAX_TEXT_SLOTS <= 1 << LOG_MAX_HEIGHT);
/// Most cycles of one segment: the CPU table keeps its last row as padding.
pub const MAX_SEGMENT_CYCLES: u64 = (1 << LOG_MAX_HEIGHT) - 1;
/// Cycles per segment unless the caller says otherwise.
pub const DEFAULT_SEGMENT_CYCLES: u64 = (1 << 18) - 1;
/// Most segments of one proof.
pub const MAX_SEGMENTS: u32 = 1 << 14;

/// The four 16-bit limbs of `value`, least significant first.
pub const fn limbs(value: u64) -> [u32; LIMBS] {
    [(value & 0xffff) as u32, (value >> 16 & 0xffff) as u32, (value >> 32 & 0xffff) as u32, (value >> 48) as u32]
}
