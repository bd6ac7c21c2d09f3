//! Places segments in the memory map. All functions take segments sorted by address.

use super::{ElfError, Segment};
use crate::map;
use crate::program::ImageInterval;

const WORD: u64 = map::WORD_BYTES;

impl Segment {
    /// Address past the last byte; exact once the segment is known to be inside the map.
    fn end(&self) -> u64 {
        self.addr.saturating_add(self.memory_bytes)
    }

    /// Words with initial values, rounded outwards. The zero bytes that a read-only segment has
    /// in memory only are part of the image: they are readable, and RAM does not reach there.
    fn image_words(&self) -> (u64, u64) {
        let start = self.addr / WORD;
        match if self.writable { self.file_bytes } else { self.memory_bytes } {
            0 => (start, start),
            bytes => (start, (self.addr + bytes).div_ceil(WORD)),
        }
    }

    /// Slots that lie wholly inside the segment.
    fn slots(&self, text_base: u64) -> (u32, u32) {
        let start = (self.addr - text_base).div_ceil(4);
        let end = (self.end() - text_base) / 4;
        (start as u32, end.max(start) as u32)
    }
}

/// Checks every segment's place and returns the start of RAM.
pub(super) fn check(segments: &[Segment]) -> Result<u64, ElfError> {
    for segment in segments {
        let (number, addr) = (segment.number, segment.addr);
        if addr < map::PROGRAM_BASE || segment.end() > map::ADDRESS_SPACE_END {
            let memory_bytes = segment.memory_bytes;
            return Err(ElfError::OutsideMap { segment: number, addr, memory_bytes });
        }
        if segment.writable && segment.executable {
            return Err(ElfError::WritableText { segment: number });
        }
    }
    for pair in segments.windows(2) {
        if pair[0].end() > pair[1].addr {
            return Err(ElfError::Overlap { first: pair[0].number, second: pair[1].number });
        }
    }
    check_regions(segments)
}

fn check_regions(segments: &[Segment]) -> Result<u64, ElfError> {
    let writable_start = start_of_ram(segments)?;
    for segment in segments {
        let number = segment.number;
        if !segment.writable && segment.end().div_ceil(WORD) * WORD > writable_start {
            return Err(ElfError::ReadOnlyAboveWritable { segment: number, writable_start });
        }
        if segment.file_bytes > 0 && segment.addr + segment.file_bytes > map::OUTPUT_BASE {
            return Err(ElfError::OutputRegion { segment: number });
        }
    }
    Ok(writable_start)
}

fn start_of_ram(segments: &[Segment]) -> Result<u64, ElfError> {
    match segments.iter().find(|segment| segment.writable) {
        None => Ok(map::DEFAULT_WRITABLE_START),
        Some(first) if first.addr / WORD * WORD <= map::OUTPUT_BASE => Ok(first.addr / WORD * WORD),
        Some(first) => Err(ElfError::OutputRegion { segment: first.number }),
    }
}

/// The text base is a multiple of this. The proof adds a jump's 12-bit offset to limbs of the base
/// and of the distance from it; a base whose low half is at most 0xf000 keeps that carry small.
const TEXT_ALIGN: u64 = 4096;

/// Text base and number of slots up to the end of the last executable segment.
pub(super) fn text_extent(segments: &[Segment]) -> Result<(u64, usize), ElfError> {
    let mut executable = segments.iter().filter(|segment| segment.executable);
    let first = executable.next().ok_or(ElfError::NoText)?;
    let last = executable.next_back().unwrap_or(first);
    let text_base = first.addr / TEXT_ALIGN * TEXT_ALIGN;
    let span = (last.end() - text_base).div_ceil(4);
    if span > map::MAX_TEXT_SPAN {
        return Err(ElfError::TextTooFarApart { slots: span });
    }
    let ranges = executable_slots(segments, text_base);
    let slots = ranges.iter().map(|&(start, end)| u64::from(end - start)).sum();
    if slots > map::MAX_TEXT_SLOTS {
        return Err(ElfError::TextTooLarge { slots });
    }
    Ok((text_base, span as usize))
}

/// Slot ranges of the executable segments.
pub(super) fn executable_slots(segments: &[Segment], text_base: u64) -> Vec<(u32, u32)> {
    let executable = segments.iter().filter(|segment| segment.executable);
    executable.map(|segment| segment.slots(text_base)).collect()
}

/// The image: word intervals of all segments, merged where they touch, filled from the file.
pub(super) fn build_image(file: &[u8], segments: &[Segment]) -> Result<Vec<ImageInterval>, ElfError> {
    let ranges = merge(segments.iter().map(Segment::image_words));
    let words = ranges.iter().map(|(start, end)| end - start).sum();
    if words > map::MAX_IMAGE_WORDS {
        return Err(ElfError::ImageTooLarge { words });
    }
    let mut image: Vec<ImageInterval> = ranges.into_iter().map(zeroed).collect();
    for segment in segments.iter().filter(|segment| segment.file_bytes > 0) {
        let first = segment.addr / WORD;
        let after = image.partition_point(|interval| u64::from(interval.start) <= first);
        fill(&mut image[after - 1], segment, file);
    }
    Ok(image)
}

fn zeroed((start, end): (u64, u64)) -> ImageInterval {
    ImageInterval { start: start as u32, words: vec![0; (end - start) as usize] }
}

/// Joins sorted ranges that overlap or touch; empty ones vanish.
fn merge(ranges: impl Iterator<Item = (u64, u64)>) -> Vec<(u64, u64)> {
    let mut merged: Vec<(u64, u64)> = Vec::new();
    for (start, end) in ranges.filter(|(start, end)| start < end) {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// Copies a segment's file contents into the interval that covers it.
fn fill(interval: &mut ImageInterval, segment: &Segment, file: &[u8]) {
    let contents = &file[segment.offset as usize..][..segment.file_bytes as usize];
    let base = segment.addr - u64::from(interval.start) * WORD;
    for (position, &byte) in contents.iter().enumerate() {
        let at = base + position as u64;
        interval.words[(at / WORD) as usize] |= u64::from(byte) << (8 * (at % WORD));
    }
}
