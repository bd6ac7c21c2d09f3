//! The ELF64 file header and program headers.

use super::ElfError;

const FILE_HEADER_BYTES: u64 = 64;
const PROGRAM_HEADER_BYTES: u64 = 56;
/// Real programs have fewer than ten; a bound keeps hostile files cheap to refuse.
const MAX_PROGRAM_HEADERS: u64 = 64;

const PT_LOAD: u32 = 1;
const PT_DYNAMIC: u32 = 2;
const PT_INTERP: u32 = 3;

/// A loadable segment with at least one byte of memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    /// Number of its program header.
    pub number: u16,
    pub writable: bool,
    pub executable: bool,
    /// First byte in the file.
    pub offset: u64,
    pub addr: u64,
    pub file_bytes: u64,
    pub memory_bytes: u64,
}

/// What the loader needs from the headers.
pub(super) struct Headers {
    pub entry: u64,
    pub segments: Vec<Segment>,
}

/// Reads and checks the headers; every segment's file range is inside the file.
pub(super) fn parse(file: &[u8]) -> Result<Headers, ElfError> {
    if file.get(..4) != Some(b"\x7fELF") {
        return Err(ElfError::NotElf);
    }
    let header = slice(file, 0, FILE_HEADER_BYTES, "the file header")?;
    check_file_header(header)?;
    let (table_offset, count) = (read(header, 32, 8), read(header, 56, 2));
    let table = slice(file, table_offset, count * PROGRAM_HEADER_BYTES, "the program headers")?;

    let mut segments = Vec::new();
    for (number, entry) in table.chunks_exact(PROGRAM_HEADER_BYTES as usize).enumerate() {
        segments.extend(parse_segment(file, number as u16, entry)?);
    }
    Ok(Headers { entry: read(header, 24, 8), segments })
}

fn check_file_header(header: &[u8]) -> Result<(), ElfError> {
    const FIELDS: [(&str, usize, usize, u64, &str); 7] = [
        ("class", 4, 1, 2, "2 (64-bit)"),
        ("data encoding", 5, 1, 1, "1 (little-endian)"),
        ("identification version", 6, 1, 1, "1"),
        ("type", 16, 2, 2, "2 (static executable: link with -static -no-pie)"),
        ("machine", 18, 2, 243, "243 (RISC-V)"),
        ("version", 20, 4, 1, "1"),
        ("program header size", 54, 2, PROGRAM_HEADER_BYTES, "56"),
    ];
    for (field, offset, bytes, wanted, expected) in FIELDS {
        let got = read(header, offset, bytes);
        if got != wanted {
            return Err(ElfError::Header { field, expected, got });
        }
    }
    let count = read(header, 56, 2);
    if count > MAX_PROGRAM_HEADERS {
        let field = "program header count";
        return Err(ElfError::Header { field, expected: "at most 64", got: count });
    }
    Ok(())
}

fn parse_segment(file: &[u8], number: u16, entry: &[u8]) -> Result<Option<Segment>, ElfError> {
    match read(entry, 0, 4) as u32 {
        PT_LOAD => {}
        PT_DYNAMIC | PT_INTERP => return Err(ElfError::NotStatic { segment: number }),
        _ => return Ok(None),
    }
    let flags = read(entry, 4, 4);
    let segment = Segment {
        number,
        writable: flags & 2 != 0,
        executable: flags & 1 != 0,
        offset: read(entry, 8, 8),
        addr: read(entry, 16, 8),
        file_bytes: read(entry, 32, 8),
        memory_bytes: read(entry, 40, 8),
    };
    let Segment { offset, file_bytes, memory_bytes, .. } = segment;
    if file_bytes > memory_bytes {
        return Err(ElfError::FileLargerThanMemory { segment: number, file_bytes, memory_bytes });
    }
    // The offset of nothing means nothing; linkers let it point past the end.
    if file_bytes > 0 {
        slice(file, offset, file_bytes, "a segment")?;
    }
    Ok((memory_bytes > 0).then_some(segment))
}

/// `bytes` bytes of the file from `offset`.
fn slice<'f>(file: &'f [u8], offset: u64, bytes: u64, what: &'static str) -> Result<&'f [u8], ElfError> {
    let len = file.len() as u64;
    let needed = offset.saturating_add(bytes);
    if needed > len {
        return Err(ElfError::Truncated { what, needed, len });
    }
    Ok(&file[offset as usize..needed as usize])
}

/// Little-endian field of up to 8 bytes.
fn read(bytes: &[u8], offset: usize, count: usize) -> u64 {
    let field = &bytes[offset..offset + count];
    field.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte))
}
