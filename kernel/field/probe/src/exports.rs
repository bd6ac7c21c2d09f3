//! What `run.mjs` calls.

use std::sync::Mutex;

use crate::backend::{Backend, Own, Stock};
use crate::{RECORDED_BLOCKS, RECORDED_SEED, bench, vectors};

static OUTPUT: Mutex<String> = Mutex::new(String::new());

fn publish(text: String) -> usize {
    let mut output = OUTPUT
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    *output = text;
    output.len()
}

/// Address of the last published text.
#[unsafe(no_mangle)]
extern "C" fn output_ptr() -> *const u8 {
    OUTPUT
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
        .as_ptr()
}

/// Publish the report of our field; returns its length in bytes.
#[unsafe(no_mangle)]
extern "C" fn report_own() -> usize {
    publish(vectors::report::<Own>(RECORDED_SEED, RECORDED_BLOCKS))
}

/// Publish the report of upstream's field; returns its length in bytes.
#[unsafe(no_mangle)]
extern "C" fn report_stock() -> usize {
    publish(vectors::report::<Stock>(RECORDED_SEED, RECORDED_BLOCKS))
}

/// Time-free body of a benchmark: does the work of `case` with size parameter `n` on our field
/// (`own != 0`) or upstream's, and returns a word that depends on the result.
#[unsafe(no_mangle)]
extern "C" fn bench(case: u32, own: u32, n: usize, width: usize) -> u32 {
    if own != 0 {
        run::<Own>(case, n, width)
    } else {
        run::<Stock>(case, n, width)
    }
}

fn run<B: Backend>(case: u32, n: usize, width: usize) -> u32 {
    match case {
        0 => bench::mul_scalar::<B>(n),
        1 => bench::mul_packed::<B>(n),
        2 => bench::permute_scalar::<B>(n),
        3 => bench::permute_packed::<B>(n),
        4 => bench::ext_mul_scalar::<B>(n),
        5 => bench::ext_mul_packed::<B>(n),
        6 => bench::invert::<B>(n),
        7 => bench::commit::<B>(bench::matrix::<B>(n, width)),
        8 => bench::transform::<B>(&B::Dft::default(), bench::matrix::<B>(n, width)),
        9 => bench::extend::<B>(&B::Dft::default(), bench::matrix::<B>(n, width)),
        // What 7 to 9 spend on making their input.
        10 => bench::matrix::<B>(n, width).values.len() as u32,
        _ => u32::MAX,
    }
}
