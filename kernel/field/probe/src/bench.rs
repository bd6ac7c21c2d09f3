//! What is timed. Each function does a fixed amount of work; the caller holds the clock.

use p3_dft::TwoAdicSubgroupDft;
use p3_field::{
    BasedVectorSpace, Field, PackedFieldExtension, PackedValue, PrimeCharacteristicRing, PrimeField32,
    batch_multiplicative_inverse,
};
use p3_matrix::Matrix;
use p3_matrix::bitrev::BitReversibleMatrix;
use p3_matrix::dense::RowMajorMatrix;
use p3_merkle_tree::MerkleTree;
use p3_symmetric::Permutation;

use crate::backend::{Backend, Ext, PackedExt, Packing};
use crate::random::Random;

/// Elements that the element-wise cases work on: fits the first-level cache.
pub const SLICE: usize = 1024;

fn random_vec<B: Backend>(len: usize) -> Vec<B::F> {
    let mut random = Random::new(1);
    (0..len).map(|_| random.element()).collect()
}

/// `rounds` times a\[i\] *= b\[i\] over [`SLICE`] scalars.
pub fn mul_scalar<B: Backend>(rounds: usize) -> u32 {
    let (mut a, b) = (random_vec::<B>(SLICE), random_vec::<B>(SLICE));
    for _ in 0..rounds {
        a.iter_mut().zip(&b).for_each(|(x, y)| *x *= *y);
    }
    a[SLICE - 1].as_canonical_u32()
}

/// `rounds` times a\[i\] *= b\[i\] over [`SLICE`] elements, packed.
pub fn mul_packed<B: Backend>(rounds: usize) -> u32 {
    let (mut a, b) = (random_vec::<B>(SLICE), random_vec::<B>(SLICE));
    for _ in 0..rounds {
        let (x, y) = (Packing::<B>::pack_slice_mut(&mut a), Packing::<B>::pack_slice(&b));
        x.iter_mut().zip(y).for_each(|(x, y)| *x *= *y);
    }
    a[SLICE - 1].as_canonical_u32()
}

/// `rounds` extension products per element of a slice of 64.
pub fn ext_mul_scalar<B: Backend>(rounds: usize) -> u32 {
    let mut random = Random::new(1);
    let mut a: Vec<Ext<B>> = (0..64).map(|_| Ext::<B>::new(random.elements())).collect();
    let b: Vec<Ext<B>> = (0..64).map(|_| Ext::<B>::new(random.elements())).collect();
    for _ in 0..rounds {
        a.iter_mut().zip(&b).for_each(|(x, y)| *x *= *y);
    }
    let last: &[B::F] = a[63].as_basis_coefficients_slice();
    last[0].as_canonical_u32()
}

/// `rounds` extension products per element of a slice of 64, packed.
pub fn ext_mul_packed<B: Backend>(rounds: usize) -> u32 {
    let mut random = Random::new(1);
    let width = Packing::<B>::WIDTH;
    let mut draw = || -> Vec<PackedExt<B>> {
        let lanes: Vec<Ext<B>> = (0..64).map(|_| Ext::<B>::new(random.elements())).collect();
        lanes.chunks(width).map(<PackedExt<B> as PackedFieldExtension<B::F, Ext<B>>>::from_ext_slice).collect()
    };
    let (mut a, b) = (draw(), draw());
    for _ in 0..rounds {
        a.iter_mut().zip(&b).for_each(|(x, y)| *x *= *y);
    }
    let last = <PackedExt<B> as PackedFieldExtension<B::F, Ext<B>>>::extract(&a[0], 0);
    let last: &[B::F] = last.as_basis_coefficients_slice();
    last[0].as_canonical_u32()
}

/// `rounds` dependent permutations of one state.
pub fn permute_scalar<B: Backend>(rounds: usize) -> u32 {
    let perm = B::perm();
    let mut state: [B::F; 16] = Random::new(1).elements();
    for _ in 0..rounds {
        perm.permute_mut(&mut state);
    }
    state[0].as_canonical_u32()
}

/// `rounds` dependent permutations of one packed state.
pub fn permute_packed<B: Backend>(rounds: usize) -> u32 {
    let perm = B::perm();
    let mut random = Random::new(1);
    let mut state: [Packing<B>; 16] = core::array::from_fn(|_| Packing::<B>::from_fn(|_| random.element()));
    for _ in 0..rounds {
        perm.permute_mut(&mut state);
    }
    state[0].as_slice()[0].as_canonical_u32()
}

/// A random matrix of 2^`log_height` rows.
fn matrix<B: Backend>(log_height: usize, width: usize) -> RowMajorMatrix<B::F> {
    RowMajorMatrix::new(random_vec::<B>(width << log_height), width)
}

/// Merkle trees over the rows of a random matrix, `rounds` times.
pub fn commit<B: Backend>(log_height: usize, width: usize, rounds: usize) -> u32 {
    let (matrix, hash, compress) = (matrix::<B>(log_height, width), B::hash(), B::compress());
    let commit = |_| {
        let tree = MerkleTree::<B::F, B::F, _, 2, 8>::new::<Packing<B>, Packing<B>, _, _>(
            &hash,
            &compress,
            vec![matrix.clone()],
        );
        let root: [B::F; 8] = tree.root().into();
        root[0].as_canonical_u32()
    };
    (0..rounds).map(commit).fold(0, u32::wrapping_add)
}

/// Low-degree extension of a random matrix by a factor of two on a coset, in the order that the
/// tree commits to, `rounds` times.
pub fn extend<B: Backend>(log_height: usize, width: usize, rounds: usize) -> u32 {
    let (matrix, dft) = (matrix::<B>(log_height, width), B::Dft::default());
    let extend = |_| {
        let out = dft.coset_lde_batch(matrix.clone(), 1, B::F::GENERATOR);
        let out = out.bit_reverse_rows();
        out.get(1, 0).map_or(0, |x| x.as_canonical_u32())
    };
    (0..rounds).map(extend).fold(0, u32::wrapping_add)
}

/// Inverses of [`SLICE`] scalars, `rounds` times.
pub fn invert<B: Backend>(rounds: usize) -> u32 {
    let mut a = random_vec::<B>(SLICE);
    a.iter_mut().filter(|x| x.is_zero()).for_each(|x| *x = B::F::ONE);
    for _ in 0..rounds {
        a = batch_multiplicative_inverse(&a);
    }
    a[SLICE - 1].as_canonical_u32()
}
