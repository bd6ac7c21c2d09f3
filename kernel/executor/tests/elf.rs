//! Files that are no program for the machine, and what good files load to.

use proofloom_executor::testkit::{Assembler, DATA_BASE, ElfFile, ElfSegment, TEXT_BASE};
use proofloom_executor::{ElfError, ImageInterval, Op, load_elf, map};

const TEXT: u32 = 0x0000_0073;

fn text() -> ElfSegment {
    ElfSegment::text(TEXT_BASE, &[TEXT, TEXT])
}

fn file(segments: Vec<ElfSegment>) -> ElfFile {
    ElfFile { entry: TEXT_BASE, segments }
}

fn error_of(segments: Vec<ElfSegment>) -> ElfError {
    load_elf(&file(segments).to_bytes()).expect_err("a bad file was accepted")
}

fn patched(offset: usize, bytes: &[u8]) -> Vec<u8> {
    let data = ElfSegment::data(DATA_BASE, vec![1; 16], 64);
    let mut elf = file(vec![text(), data]).to_bytes();
    elf[offset..offset + bytes.len()].copy_from_slice(bytes);
    elf
}

fn error_of_patch(offset: usize, bytes: &[u8]) -> ElfError {
    load_elf(&patched(offset, bytes)).expect_err("a bad file was accepted")
}

#[test]
fn a_proper_file_loads_to_text_image_and_ram() {
    let words = [TEXT, 0, 0x0050_0513];
    let segments = vec![
        ElfSegment::text(TEXT_BASE + 4, &words),
        ElfSegment::rodata(TEXT_BASE + 16, vec![1, 2, 3]),
        ElfSegment { memory_bytes: 20, ..ElfSegment::rodata(TEXT_BASE + 64, vec![9]) },
        ElfSegment::data(DATA_BASE + 4, vec![0xff; 5], 1 << 20),
        ElfSegment::data(map::OUTPUT_BASE, vec![], 1 << 20),
    ];
    let program = load_elf(&ElfFile { entry: TEXT_BASE + 12, segments }.to_bytes()).expect("ELF");

    assert_eq!((program.text_base(), program.entry_index()), (TEXT_BASE, 3));
    let text: Vec<_> = program.text().iter().map(|slot| slot.map(|instr| instr.op)).collect();
    assert_eq!(text, [None, Some(Op::Ecall), None, Some(Op::Addi)]);
    assert_eq!(program.text_word(0), None);
    assert_eq!(program.text_word(2), Some(0));
    assert_eq!(program.text_word(4), None);
    assert_eq!(program.writable_start(), DATA_BASE);

    let word = |addr: u64| (addr / 8) as u32;
    let first = vec![u64::from(TEXT) << 32, 0x0050_0513 << 32, 0x03_0201];
    let expected = [
        ImageInterval { start: word(TEXT_BASE), words: first },
        ImageInterval { start: word(TEXT_BASE + 64), words: vec![9, 0, 0] },
        ImageInterval { start: word(DATA_BASE), words: vec![0xffff_ffff_0000_0000, 0xff] },
    ];
    assert_eq!(program.image(), expected);
    assert_eq!(program.image_words(), 8);
}

#[test]
fn the_text_base_is_a_multiple_of_4096() {
    for offset in [0, 4, 0xffc, 0x1000, 0xfffc] {
        let entry = TEXT_BASE + offset;
        let elf = ElfFile { entry, segments: vec![ElfSegment::text(entry, &[TEXT])] };
        let program = load_elf(&elf.to_bytes()).expect("ELF");
        assert_eq!(program.text_base(), entry / 4096 * 4096);
        assert_eq!(program.pc(program.entry_index()), entry);
        let slots = program.text();
        assert_eq!(slots.len() as u64, offset % 4096 / 4 + 1);
        assert!(slots[..slots.len() - 1].iter().all(Option::is_none));
    }
}

#[test]
fn every_truncation_is_refused() {
    let elf = patched(0, b"");
    for len in 0..elf.len() {
        let error = load_elf(&elf[..len]).expect_err("a truncated file was accepted");
        let expected = if len < 4 { "ELF_NOT_ELF" } else { "ELF_TRUNCATED" };
        assert_eq!(error.code(), expected, "{len} bytes: {error}");
    }
    load_elf(&elf).expect("the whole file");
}

#[test]
fn foreign_files_are_refused_by_name() {
    assert_eq!(load_elf(b""), Err(ElfError::NotElf));
    assert_eq!(load_elf(b"\0asm\x01\0\0\0"), Err(ElfError::NotElf));
    let fields = [
        (4, vec![1], "class"),
        (5, vec![2], "data encoding"),
        (6, vec![0], "identification version"),
        (16, vec![3, 0], "type"),
        (18, vec![62, 0], "machine"),
        (20, vec![2], "version"),
        (54, vec![32, 0], "program header size"),
        (56, vec![0xff, 0xff], "program header count"),
    ];
    for (offset, bytes, name) in fields {
        let error = error_of_patch(offset, &bytes);
        assert!(matches!(error, ElfError::Header { field, .. } if field == name), "{error}");
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn dynamic_executables_are_refused() {
    for kind in [2, 3] {
        let offset = ElfFile::program_header_offset(1);
        assert_eq!(error_of_patch(offset, &[kind]), ElfError::NotStatic { segment: 1 });
    }
}

#[test]
fn hostile_sizes_and_offsets_are_refused() {
    let header = ElfFile::program_header_offset(1);
    let huge = u64::MAX.to_le_bytes();
    let truncated = |error: ElfError| assert_eq!(error.code(), "ELF_TRUNCATED", "{error}");
    truncated(error_of_patch(32, &huge)); // table of program headers
    truncated(error_of_patch(header + 8, &huge)); // file offset
    let error = error_of_patch(header + 32, &huge); // bytes in the file
    assert_eq!(error.code(), "ELF_FILE_LARGER_THAN_MEMORY");
    let error = error_of_patch(header + 40, &huge); // bytes in memory
    assert_eq!(error.code(), "ELF_OUTSIDE_MAP");
    let error = error_of_patch(header + 16, &huge); // address
    assert_eq!(error.code(), "ELF_OUTSIDE_MAP");
}

#[test]
fn segments_must_lie_in_the_map() {
    let low = ElfSegment::rodata(map::PROGRAM_BASE - 8, vec![0; 8]);
    assert_eq!(error_of(vec![low, text()]).code(), "ELF_OUTSIDE_MAP");
    let input = ElfSegment::rodata(map::INPUT_BASE, vec![0; 8]);
    assert_eq!(error_of(vec![input, text()]).code(), "ELF_OUTSIDE_MAP");
    let high = ElfSegment::data(map::ADDRESS_SPACE_END - 8, vec![], 9);
    assert_eq!(error_of(vec![text(), high]).code(), "ELF_OUTSIDE_MAP");
    let above = ElfSegment::data(map::ADDRESS_SPACE_END, vec![], 1);
    assert_eq!(error_of(vec![text(), above]).code(), "ELF_OUTSIDE_MAP");
}

#[test]
fn segments_must_not_overlap() {
    let data = |addr, bytes| ElfSegment::data(addr, vec![], bytes);
    let pair = vec![text(), data(DATA_BASE + 8, 8), data(DATA_BASE, 9)];
    assert_eq!(error_of(pair), ElfError::Overlap { first: 2, second: 1 });
    let inside = vec![data(DATA_BASE, 1 << 20), text(), data(DATA_BASE + 64, 8)];
    assert_eq!(error_of(inside), ElfError::Overlap { first: 0, second: 2 });
    let touching = vec![text(), data(DATA_BASE, 8), data(DATA_BASE + 8, 8)];
    load_elf(&file(touching).to_bytes()).expect("segments that touch");
}

#[test]
fn text_is_never_writable() {
    let both = ElfSegment { flags: 7, ..text() };
    assert_eq!(error_of(vec![both]), ElfError::WritableText { segment: 0 });
}

#[test]
fn read_only_segments_end_below_ram() {
    let rodata = ElfSegment::rodata(DATA_BASE + 64, vec![0; 8]);
    let error = error_of(vec![text(), ElfSegment::data(DATA_BASE, vec![], 8), rodata]);
    let expected = ElfError::ReadOnlyAboveWritable { segment: 2, writable_start: DATA_BASE };
    assert_eq!(error, expected);

    let same_word = ElfSegment::data(TEXT_BASE + 12, vec![0; 4], 4);
    let ends_there = ElfSegment::text(TEXT_BASE, &[TEXT; 3]);
    assert_eq!(error_of(vec![ends_there, same_word]).code(), "ELF_READ_ONLY_ABOVE_WRITABLE");

    let without_writable = ElfSegment::rodata(map::DEFAULT_WRITABLE_START - 4, vec![0; 8]);
    let error = error_of(vec![text(), without_writable]);
    assert_eq!(error.code(), "ELF_READ_ONLY_ABOVE_WRITABLE");
}

#[test]
fn the_output_region_starts_as_zeros() {
    let contents = ElfSegment::data(map::OUTPUT_BASE + 4096, vec![1], 8);
    assert_eq!(error_of(vec![text(), contents]), ElfError::OutputRegion { segment: 1 });
    let reaching = ElfSegment::data(map::OUTPUT_BASE - 8, vec![1; 9], 16);
    assert_eq!(error_of(vec![text(), reaching]).code(), "ELF_OUTPUT_REGION");
    let ram_above = ElfSegment::data(map::OUTPUT_BASE + 8, vec![], 8);
    assert_eq!(error_of(vec![text(), ram_above]).code(), "ELF_OUTPUT_REGION");
}

#[test]
fn sizes_are_limited() {
    let far = ElfSegment::text(TEXT_BASE + 4 * map::MAX_TEXT_SPAN, &[TEXT]);
    let error = error_of(vec![text(), far]);
    assert_eq!(error, ElfError::TextTooFarApart { slots: map::MAX_TEXT_SPAN + 1 });

    let mut rodata = ElfSegment::rodata(TEXT_BASE + 0x10_0000, vec![]);
    rodata.memory_bytes = 8 * map::MAX_IMAGE_WORDS;
    let error = error_of(vec![text(), rodata.clone()]);
    assert_eq!(error, ElfError::ImageTooLarge { words: map::MAX_IMAGE_WORDS + 1 });
    rodata.memory_bytes -= 8;
    load_elf(&file(vec![text(), rodata]).to_bytes()).expect("as large as may be");
}

#[test]
fn the_entry_is_an_executable_slot() {
    let bad = [0, TEXT_BASE - 4, TEXT_BASE + 2, TEXT_BASE + 8, DATA_BASE, u64::MAX];
    for entry in bad {
        let elf = ElfFile { entry, segments: vec![text()] };
        assert_eq!(load_elf(&elf.to_bytes()), Err(ElfError::BadEntry { entry }));
    }
    let gap = ElfSegment::text(TEXT_BASE + 64, &[TEXT]);
    let elf = ElfFile { entry: TEXT_BASE + 32, segments: vec![text(), gap] };
    assert_eq!(load_elf(&elf.to_bytes()).expect_err("gap").code(), "ELF_BAD_ENTRY");
    assert_eq!(error_of(vec![]), ElfError::NoText);
    assert_eq!(error_of(vec![ElfSegment::data(DATA_BASE, vec![], 8)]), ElfError::NoText);
}

/// Text that begins or ends inside a slot does not make that slot executable.
#[test]
fn partly_covered_slots_are_not_executable() {
    let mut odd = ElfSegment::text(TEXT_BASE, &[TEXT; 3]);
    odd.addr += 2;
    let program = load_elf(&ElfFile { entry: TEXT_BASE + 4, segments: vec![odd] }.to_bytes());
    let program = program.expect("odd text");
    assert_eq!(program.text().len(), 4);
    assert_eq!(program.text_word(0), None);
    assert_eq!(program.text_word(1), Some(0x0073_0000));
    assert_eq!(program.text_word(3), None);
}

#[test]
fn the_same_text_assembles_to_the_same_fingerprint_only() {
    let mut first = Assembler::new(TEXT_BASE);
    first.exit(0);
    let mut second = Assembler::new(TEXT_BASE);
    second.exit(1);
    let fingerprint = |asm: Assembler| {
        let elf = file(vec![ElfSegment::text(TEXT_BASE, &asm.finish())]).to_bytes();
        load_elf(&elf).expect("ELF").fingerprint()
    };
    assert_eq!(fingerprint(first.clone()), fingerprint(first.clone()));
    assert_ne!(fingerprint(first), fingerprint(second));
}

/// Only executable bytes are text: gaps, and constants between two texts, are not counted.
#[test]
fn as_many_instructions_as_can_be_proven_load_beside_any_constants() {
    let slots = map::MAX_TEXT_SLOTS as usize;
    let half = vec![TEXT; slots / 2];
    let (first, second) = (TEXT_BASE + 64, TEXT_BASE + 0x40_0000);
    let segments = |more: &[u32]| {
        let constants = ElfSegment::rodata(TEXT_BASE + 0x30_0000, vec![1; 0x8_0000]);
        let upper = ElfSegment::text(second, &[&half, more].concat());
        vec![ElfSegment::text(first, &half), constants, upper]
    };
    let load = |more: &[u32]| {
        let file = ElfFile { entry: first, segments: segments(more) };
        load_elf(&file.to_bytes())
    };
    let program = load(&[]).expect("as large as may be");
    assert_eq!(program.text().iter().flatten().count(), slots);
    assert!(program.text().len() > slots);
    let error = load(&[TEXT]).expect_err("one too many");
    assert_eq!(error, ElfError::TextTooLarge { slots: slots as u64 + 1 });
    assert!(error.to_string().contains("1048577 instruction slots"), "{error}");
}
