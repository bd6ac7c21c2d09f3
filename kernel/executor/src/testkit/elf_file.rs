//! Writes ELF64 executables.

/// One loadable segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElfSegment {
    /// Virtual address.
    pub addr: u64,
    /// Contents in the file.
    pub bytes: Vec<u8>,
    /// Bytes in memory, at least as many as in the file in a proper executable.
    pub memory_bytes: u64,
    /// Execute 1, write 2, read 4.
    pub flags: u32,
}

impl ElfSegment {
    /// Text: readable and executable.
    #[must_use]
    pub fn text(addr: u64, words: &[u32]) -> Self {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        Self { addr, memory_bytes: bytes.len() as u64, bytes, flags: 5 }
    }

    /// Read-only data.
    #[must_use]
    pub fn rodata(addr: u64, bytes: Vec<u8>) -> Self {
        Self { addr, memory_bytes: bytes.len() as u64, bytes, flags: 4 }
    }

    /// Writable data, zero after the contents.
    #[must_use]
    pub fn data(addr: u64, bytes: Vec<u8>, memory_bytes: u64) -> Self {
        Self { addr, bytes, memory_bytes, flags: 6 }
    }
}

/// An executable for RISC-V without any check: it may be as wrong as a test likes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElfFile {
    /// Entry address.
    pub entry: u64,
    /// Segments, in the order of their program headers.
    pub segments: Vec<ElfSegment>,
}

const FILE_HEADER_BYTES: usize = 64;
const PROGRAM_HEADER_BYTES: usize = 56;
const PAGE: usize = 4096;

impl ElfFile {
    /// Offset in the file of a segment's program header.
    #[must_use]
    pub fn program_header_offset(segment: usize) -> usize {
        FILE_HEADER_BYTES + segment * PROGRAM_HEADER_BYTES
    }

    /// The file: headers, then each segment's contents at an offset that agrees with its address
    /// modulo the page size, as memory mapping needs.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut file = self.file_header();
        let mut offset = Self::program_header_offset(self.segments.len());
        let mut contents = Vec::new();
        for segment in &self.segments {
            let page_offset = segment.addr as usize % PAGE;
            offset += (PAGE + page_offset - offset % PAGE) % PAGE;
            file.extend(program_header(segment, offset));
            contents.push((offset, &segment.bytes));
            offset += segment.bytes.len();
        }
        for (offset, bytes) in contents.into_iter().filter(|(_, bytes)| !bytes.is_empty()) {
            file.resize(offset, 0);
            file.extend(bytes);
        }
        file
    }

    fn file_header(&self) -> Vec<u8> {
        let mut header = b"\x7fELF\x02\x01\x01".to_vec();
        header.resize(16, 0);
        header.extend(2u16.to_le_bytes()); // static executable
        header.extend(243u16.to_le_bytes()); // RISC-V
        header.extend(1u32.to_le_bytes());
        header.extend(self.entry.to_le_bytes());
        header.extend((FILE_HEADER_BYTES as u64).to_le_bytes());
        header.extend([0; 8]); // no section headers
        header.extend([0; 4]); // no flags: no compressed code, soft float
        header.extend((FILE_HEADER_BYTES as u16).to_le_bytes());
        header.extend((PROGRAM_HEADER_BYTES as u16).to_le_bytes());
        header.extend((self.segments.len() as u16).to_le_bytes());
        header.extend([64, 0, 0, 0, 0, 0]); // no section headers
        header
    }
}

fn program_header(segment: &ElfSegment, offset: usize) -> Vec<u8> {
    let mut header = 1u32.to_le_bytes().to_vec();
    header.extend(segment.flags.to_le_bytes());
    let (file_bytes, align) = (segment.bytes.len() as u64, PAGE as u64);
    let fields = [offset as u64, segment.addr, segment.addr, file_bytes, segment.memory_bytes, align];
    header.extend(fields.into_iter().flat_map(u64::to_le_bytes));
    header
}
