//! Commitments: Moebius transform, Reed-Solomon code, Merkle tree.

use std::sync::OnceLock;

use p3_commit::Mmcs;
use p3_field::{Field, PackedValue, PrimeCharacteristicRing};
use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use p3_merkle_tree::MerkleTreeMmcs;
use proofloom_field::{Compress, DIGEST_ELEMS, Dft, Digest, Hash, Val, default_perm, encode};

type Packing = <Val as Field>::Packing;
type Tree = MerkleTreeMmcs<Packing, Packing, Hash, Compress, 2, DIGEST_ELEMS>;

/// Codewords with the tree over their rows.
pub struct Committed {
    pub root: Digest,
    data: <Tree as Mmcs<Val>>::ProverData<RowMajorMatrix<Val>>,
}

struct Scheme {
    dft: Dft,
    tree: Tree,
}

fn scheme() -> &'static Scheme {
    static SCHEME: OnceLock<Scheme> = OnceLock::new();
    SCHEME.get_or_init(|| Scheme {
        dft: Dft::default(),
        tree: Tree::new(Hash::new(default_perm()), Compress::new(default_perm()), 0),
    })
}

/// Replaces values on the cube by monomial coefficients: for each bit of the row, rows with the bit
/// set minus those without.
pub fn to_coefficients(matrix: &mut RowMajorMatrix<Val>) {
    let log_height = matrix.height().ilog2() as usize;
    // High bits first on runs of columns that fit the cache, then the low bits block by block.
    let low = log_height.min(8);
    for bit in low..log_height {
        let half = matrix.width << bit;
        for pair in matrix.values.chunks_exact_mut(2 * half) {
            let (without, with) = pair.split_at_mut(half);
            subtract(with, without);
        }
    }
    let block = matrix.width << low;
    for block in matrix.values.chunks_exact_mut(block) {
        for bit in 0..low {
            let half = matrix.width << bit;
            for pair in block.chunks_exact_mut(2 * half) {
                let (without, with) = pair.split_at_mut(half);
                subtract(with, without);
            }
        }
    }
}

#[inline(never)]
fn subtract(from: &mut [Val], what: &[Val]) {
    let (from, from_rest) = Packing::pack_slice_with_suffix_mut(from);
    let (what, what_rest) = Packing::pack_slice_with_suffix(what);
    for (x, &y) in from.iter_mut().zip(what) {
        *x -= y;
    }
    for (x, &y) in from_rest.iter_mut().zip(what_rest) {
        *x -= y;
    }
}

/// Codewords of polynomials given by coefficients.
pub fn codewords(coefficients: &RowMajorMatrix<Val>, log_blowup: usize) -> RowMajorMatrix<Val> {
    encode(&scheme().dft, coefficients, log_blowup)
}

impl Committed {
    /// Hashes the rows of a matrix of codewords.
    pub fn new(codewords: RowMajorMatrix<Val>) -> Self {
        let (cap, data) = scheme().tree.commit(vec![codewords]);
        Self { root: cap.roots()[0], data }
    }

    /// One row and its siblings.
    pub fn open(&self, position: usize) -> (Vec<Val>, Vec<Digest>) {
        let (mut rows, proof) = scheme().tree.open_batch(position, &self.data).unpack();
        (rows.remove(0), proof)
    }
}

/// Squares of z: the point at which the multilinear polynomial has the value of the univariate.
pub fn pow(z: Val, variables: usize) -> Vec<Val> {
    core::iter::successors(Some(z), |z| Some(z.square())).take(variables).collect()
}
