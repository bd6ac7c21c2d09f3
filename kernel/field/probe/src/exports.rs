//! What `run.mjs` calls.

use std::sync::Mutex;

use crate::backend::{Backend, Own, Stock};
use crate::{RECORDED_BLOCKS, RECORDED_SEED, bench, vectors};

static OUTPUT: Mutex<String> = Mutex::new(String::new());

fn publish(text: String) -> usize {
    let mut output = OUTPUT.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    *output = text;
    output.len()
}

/// Address of the last published text.
#[unsafe(no_mangle)]
extern "C" fn output_ptr() -> *const u8 {
    OUTPUT.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).as_ptr()
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

/// Time-free body of a benchmark: does `rounds` times the work of `case` on our field (`own != 0`)
/// or upstream's, and returns a word that depends on the result. Cases on matrices take the
/// logarithm of the height and the width, the others ignore them.
#[unsafe(no_mangle)]
extern "C" fn bench(case: u32, own: u32, rounds: usize, log_height: usize, width: usize) -> u32 {
    if own != 0 { run::<Own>(case, rounds, log_height, width) } else { run::<Stock>(case, rounds, log_height, width) }
}

fn run<B: Backend>(case: u32, rounds: usize, log_height: usize, width: usize) -> u32 {
    match case {
        0 => bench::mul_scalar::<B>(rounds),
        1 => bench::mul_packed::<B>(rounds),
        2 => bench::permute_scalar::<B>(rounds),
        3 => bench::permute_packed::<B>(rounds),
        4 => bench::ext_mul_scalar::<B>(rounds),
        5 => bench::ext_mul_packed::<B>(rounds),
        6 => bench::invert::<B>(rounds),
        7 => bench::commit::<B>(log_height, width, rounds),
        8 => bench::extend::<B>(log_height, width, rounds),
        _ => u32::MAX,
    }
}
