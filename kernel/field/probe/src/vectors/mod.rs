//! Digests of every operation over random inputs, as lines `name scalar packed`.
//!
//! A block is sixteen elements, a multiple of every packing width, so the same inputs go through
//! every packing. The digests depend on the values only: equal lines mean equal arithmetic, be it
//! upstream's or ours, scalar or packed, native or WASM.

mod extension;
mod hashing;
mod ring;

use p3_field::{PackedValue, PrimeField32};

use crate::backend::{Backend, Packing};

/// Elements per block.
const BLOCK: usize = 16;

type Block<F> = [F; BLOCK];

/// A running digest (FNV-1a on words): enough to tell two runs apart, not a security hash.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Fold(u64);

impl Fold {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn absorb<F: PrimeField32>(&mut self, values: &[F]) {
        for value in values {
            self.0 = (self.0 ^ u64::from(value.as_canonical_u32())).wrapping_mul(0x100_0000_01b3);
        }
    }
}

/// Collects the lines of a run over `count` random blocks per operation.
struct Report {
    count: usize,
    seed: u64,
    lines: Vec<String>,
}

impl Report {
    fn line(&mut self, name: &str, scalar: Fold, packed: Fold) {
        self.lines.push(format!("{name} {:016x} {:016x}", scalar.0, packed.0));
        // Every operation sees inputs of its own.
        self.seed += 1;
    }
}

/// A block as packed elements.
fn pack<B: Backend>(block: &Block<B::F>) -> &[Packing<B>] {
    Packing::<B>::pack_slice(block)
}

/// Run every operation of `B` on `count` random blocks of sixteen; one line per operation.
pub fn report<B: Backend>(seed: u64, count: usize) -> String {
    let mut report = Report { count, seed, lines: Vec::new() };
    ring::run::<B>(&mut report);
    extension::run::<B>(&mut report);
    hashing::run::<B>(&mut report);
    report.lines.join("\n")
}
