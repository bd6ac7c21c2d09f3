//! Permutation, leaf hash and node compression, one by one and many at a time.

use core::array::from_fn;

use p3_field::{PackedValue, PrimeCharacteristicRing};
use p3_symmetric::{CryptographicHasher, Permutation, PseudoCompressionFunction};

use super::{BLOCK, Block, Fold, Report};
use crate::backend::{Backend, Digest, Packing};
use crate::random::Random;

pub(super) fn run<B: Backend>(r: &mut Report) {
    r.permutation::<B>();
    for width in [0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 50, 97] {
        for rows in [1, 2, 3, 4, 5, 7, 8, 9, 16, 19] {
            r.rows::<B>(width, rows);
        }
    }
    for nodes in [1, 3, 4, 7, 8, 9, 31] {
        r.nodes::<B>(nodes);
    }
}

impl Report {
    /// Sixteen states per block, as scalars and as packings.
    fn permutation<B: Backend>(&mut self) {
        let mut random = Random::new(self.seed);
        let perm = B::perm();
        let (mut s, mut p) = (Fold::new(), Fold::new());
        for _ in 0..self.count {
            let states: [Block<B::F>; BLOCK] = from_fn(|_| random.elements());
            for state in states {
                s.absorb(&perm.permute(state));
            }
            for chunk in states.chunks(Packing::<B>::WIDTH) {
                let packed: Block<Packing<B>> = Packing::<B>::pack_columns_fn(|lane| chunk[lane]);
                for state in Packing::<B>::unpack_iter(perm.permute(packed)) {
                    p.absorb(&state);
                }
            }
        }
        self.line("poseidon2_16", s, p);
    }

    /// Rows of `width` elements.
    fn rows<B: Backend>(&mut self, width: usize, rows: usize) {
        let mut random = Random::new(self.seed);
        let hash = B::hash();
        let input: Vec<B::F> = (0..width * rows).map(|_| random.element()).collect();
        let mut many = vec![[B::F::ZERO; 8]; rows];
        hash.hash_many(&input, &mut many);
        let (mut s, mut p) = (Fold::new(), Fold::new());
        for (row, digest) in many.iter().enumerate() {
            let one: Digest<B::F> = hash.hash_slice(&input[row * width..(row + 1) * width]);
            s.absorb(&one);
            p.absorb(digest);
        }
        self.line(&format!("hash_{rows}_rows_of_{width}"), s, p);
    }

    /// Pairs of digests.
    fn nodes<B: Backend>(&mut self, nodes: usize) {
        let mut random = Random::new(self.seed);
        let compress = B::compress();
        let input: Vec<[Digest<B::F>; 2]> = (0..nodes).map(|_| from_fn(|_| random.elements())).collect();
        let mut many = vec![[B::F::ZERO; 8]; nodes];
        compress.compress_many(&input, &mut many);
        let (mut s, mut p) = (Fold::new(), Fold::new());
        for (pair, digest) in input.iter().zip(&many) {
            s.absorb(&compress.compress(*pair));
            p.absorb(digest);
        }
        self.line(&format!("compress_{nodes}"), s, p);
    }
}
