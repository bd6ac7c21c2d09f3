//! Files that someone bent on purpose.

use proofloom_executor::testkit::{ElfFile, Rng, random_program};
use proofloom_executor::{Limits, execute, load_elf};

/// Whatever the bytes, loading and running end with a value, in bounded time and memory.
#[test]
fn mutated_files_never_panic() {
    let limits = Limits { max_cycles: 20_000, max_memory_bytes: 1 << 20, ..Limits::default() };
    let mut outcomes = [0; 3];
    for seed in 0..3000 {
        let mut rng = Rng::new(seed);
        let mut elf = random_program(seed % 7).elf();
        for _ in 0..=rng.below(8) {
            mutate(&mut elf, &mut rng);
        }
        outcomes[match load_elf(&elf) {
            Err(error) => usize::from(error.to_string().is_empty()),
            Ok(program) => {
                let result = execute(&program, &[], limits, 1 + rng.below(5000));
                result.map_or_else(|trap| usize::from(!trap.to_string().is_empty()), |_| 2)
            }
        }] += 1;
    }
    assert!(outcomes.iter().all(|&count| count > 100), "one-sided mutations: {outcomes:?}");
}

/// Mostly headers and text; data matters less.
fn mutate(elf: &mut Vec<u8>, rng: &mut Rng) {
    let header_end = ElfFile::program_header_offset(3) as u64;
    let window = match rng.below(3) {
        0 => 0..header_end,
        _ => 4096..elf.len().min(6144) as u64,
    };
    let at = (window.start + rng.below(window.end.max(window.start + 1) - window.start)) as usize;
    match rng.below(12) {
        0 => elf.truncate(at),
        1 => elf.extend([0xa5; 9]),
        2 if at + 8 <= elf.len() => elf[at..at + 8].fill(0xff),
        _ if at < elf.len() => elf[at] ^= 1 << rng.below(8),
        _ => {}
    }
}
