//! Safe Rust alone (below `safe`): nothing but an impossible branch ever stores to SEALED. Must end
//! as a stack overflow when the input asks for it.
//!
//! - input: depth of the recursion, an index into the deepest frame, a value to put there (u64 each)
//! - output: SEALED, if it was overwritten
//! - exit: 1 if it was not

#![no_std]
#![no_main]

proofloom_guest::entry!(main);

fn main() -> Result<(), i32> {
    safe::main()
}

mod safe {
    #![forbid(unsafe_code)]
    use core::hint::black_box;
    use core::mem::MaybeUninit;
    use core::sync::atomic::{AtomicU64, Ordering};

    static SEALED: AtomicU64 = AtomicU64::new(0);

    /// What an empty input stands for: 300 frames of 64 KiB, the stack has 16 MiB.
    const DEEP: [u8; 24] = {
        let mut words = [0; 24];
        [words[0], words[1]] = 300_u16.to_le_bytes();
        words[16] = 1;
        words
    };

    /// Recursion as deep as the input says, as of a parser of nested data.
    #[inline(never)]
    fn dive(depth: u64, at: usize, value: u64) -> u64 {
        let mut room: [MaybeUninit<u64>; 8192] = [const { MaybeUninit::uninit() }; 8192];
        if depth == 0 {
            room[at] = MaybeUninit::new(value);
        }
        black_box(&mut room);
        if depth == 0 { 0 } else { black_box(dive(depth - 1, at, value)) + 1 }
    }

    pub fn main() -> Result<(), i32> {
        let input = proofloom_guest::read_input();
        let input = if input.is_empty() { &DEEP } else { input };
        let word = |i: usize| u64::from_le_bytes(input[8 * i..8 * i + 8].try_into().unwrap());
        if black_box(false) {
            SEALED.store(1, Ordering::Relaxed);
        }
        black_box(dive(word(0), word(1) as usize, word(2)));
        match SEALED.load(Ordering::Relaxed) {
            0 => Err(1),
            sealed => {
                proofloom_guest::write_output(&sealed.to_le_bytes());
                Ok(())
            }
        }
    }
}
