//! Loads static ELF64 executables.

mod error;
mod header;
mod layout;

pub use error::ElfError;

use crate::decode::decode;
use crate::program::{Program, fnv1a};
use header::Segment;

/// Checks an ELF file against the memory map and decodes its text.
///
/// Undecodable slots are no error: they trap when execution reaches them.
///
/// # Errors
/// [`ElfError`] for everything that is no static little-endian RISC-V ELF64 executable laid out as
/// [`map`](crate::map) says. Work and memory are bounded by the file's size and the map's limits.
pub fn load_elf(file: &[u8]) -> Result<Program, ElfError> {
    let headers = header::parse(file)?;
    let mut segments = headers.segments;
    segments.sort_by_key(|segment| segment.addr);

    let writable_start = layout::check(&segments)?;
    let (text_base, slots) = layout::text_extent(&segments)?;
    let executable = layout::executable_slots(&segments, text_base);
    let image = layout::build_image(file, &segments)?;
    let mut program =
        Program { entry: 0, text_base, text: vec![None; slots], executable, writable_start, image, fingerprint: 0 };
    decode_text(&mut program);
    program.entry = entry_slot(&program, headers.entry)?;
    program.fingerprint = fingerprint(&program);
    Ok(program)
}

fn decode_text(program: &mut Program) {
    for (start, end) in program.executable.clone() {
        for index in start..end {
            program.text[index as usize] = program.text_word(index).and_then(decode);
        }
    }
}

fn entry_slot(program: &Program, entry: u64) -> Result<u32, ElfError> {
    let slot = program.index(entry);
    slot.filter(|&index| program.text_word(index).is_some()).ok_or(ElfError::BadEntry { entry })
}

fn fingerprint(program: &Program) -> u64 {
    let start = [u64::from(program.entry), program.text_base, program.writable_start];
    let text = program.executable.iter().map(|&(from, to)| u64::from(from) << 32 | u64::from(to));
    let image = program.image.iter().flat_map(|interval| {
        let place = u64::from(interval.start) << 32 | interval.words.len() as u64;
        core::iter::once(place).chain(interval.words.iter().copied())
    });
    fnv1a(start.into_iter().chain(text).chain(image))
}
