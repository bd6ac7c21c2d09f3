//! Commitments: stacks of columns, Moebius transform, Reed-Solomon code, Merkle tree (the
//! specification's "Commitment").

use std::sync::OnceLock;

use p3_commit::Mmcs;
use p3_dft::TwoAdicSubgroupDft;
use p3_field::{Field, PackedValue, PrimeCharacteristicRing};
use p3_matrix::Matrix;
use p3_matrix::bitrev::BitReversibleMatrix;
use p3_matrix::dense::RowMajorMatrix;
use p3_merkle_tree::MerkleTreeMmcs;
use proofloom_field::{Compress, DIGEST_ELEMS, Dft, Digest, Hash, Val, default_perm};
use proofloom_weave::{Chunk, Group, Opened, Placement, Profile, chunks_of};

type PackedVal = <Val as Field>::Packing;
type Tree = MerkleTreeMmcs<PackedVal, PackedVal, Hash, Compress, 2, DIGEST_ELEMS>;

/// Rows of a block that stays in the cache while the lowest bits are transformed.
const LOG_BLOCK: usize = 8;

struct Scheme {
    dft: Dft,
    tree: Tree,
}

/// Shared by all commitments: the transform keeps its roots of unity.
fn scheme() -> &'static Scheme {
    static SCHEME: OnceLock<Scheme> = OnceLock::new();
    SCHEME.get_or_init(|| Scheme {
        dft: Dft::default(),
        tree: Tree::new(Hash::new(default_perm()), Compress::new(default_perm()), 0),
    })
}

/// The columns that one group has of each table, `None` where it has none. One row of a matrix is one row of
/// the table.
pub type Traces<'a> = [Option<&'a RowMajorMatrix<Val>>];

/// The stack of one group, row by row: `2^stack_variables` rows of `placement.width` cells.
pub fn stack(
    chunks: &[Chunk],
    group: Group,
    placement: &Placement,
    traces: &Traces<'_>,
    profile: &Profile,
) -> RowMajorMatrix<Val> {
    let width = usize::from(placement.width);
    let mut cells = Val::zero_vec(width << profile.stack_variables);
    let mut stack = StackMut { cells: &mut cells, width, log_rows: profile.stack_variables };
    for (chunk, &offset) in chunks_of(chunks, group).zip(&placement.offsets) {
        if let Some(trace) = traces[chunk.table] {
            stack.fill(chunk, offset as usize, trace);
        }
    }
    RowMajorMatrix::new(cells, width)
}

struct StackMut<'a> {
    cells: &'a mut [Val],
    width: usize,
    log_rows: usize,
}

impl StackMut<'_> {
    fn set(&mut self, address: usize, value: Val) {
        let row = address & ((1 << self.log_rows) - 1);
        self.cells[row * self.width + (address >> self.log_rows)] = value;
    }

    /// Copies the columns of a chunk, row by row.
    fn fill(&mut self, chunk: &Chunk, offset: usize, trace: &RowMajorMatrix<Val>) {
        let height = trace.height();
        let contiguous = chunk.columns.windows(2).all(|pair| pair[1] == pair[0] + 1);
        for (row, cells) in trace.row_slices().enumerate() {
            let addresses = (offset + row..).step_by(height);
            if contiguous {
                let cells = &cells[chunk.columns[0]..][..chunk.columns.len()];
                addresses.zip(cells).for_each(|(address, &cell)| self.set(address, cell));
            } else {
                addresses.zip(&chunk.columns).for_each(|(address, &column)| self.set(address, cells[column]));
            }
        }
    }
}

/// Replaces each column's values on the cube by monomial coefficients: for each bit of the row, the
/// row with the bit set minus the one without.
pub fn to_coefficients(values: &mut [Val], width: usize) {
    if values.is_empty() {
        return;
    }
    let log_height = (values.len() / width).ilog2() as usize;
    let low = log_height.min(LOG_BLOCK);
    for bit in low..log_height {
        subtract_halves(values, width << bit);
    }
    for block in values.chunks_exact_mut(width << low) {
        (0..low).for_each(|bit| subtract_halves(block, width << bit));
    }
}

fn subtract_halves(values: &mut [Val], half: usize) {
    for pair in values.chunks_exact_mut(2 * half) {
        let (without, with) = pair.split_at_mut(half);
        subtract(with, without);
    }
}

#[inline(never)]
fn subtract(from: &mut [Val], what: &[Val]) {
    let (from, from_rest) = PackedVal::pack_slice_with_suffix_mut(from);
    let (what, what_rest) = PackedVal::pack_slice_with_suffix(what);
    from.iter_mut().zip(what).for_each(|(x, &y)| *x -= y);
    from_rest.iter_mut().zip(what_rest).for_each(|(x, &y)| *x -= y);
}

/// Codewords of columns given by their values on the cube: row i holds the polynomials' values at
/// the generator to the power of i's reversed bits.
pub fn encode(columns: RowMajorMatrix<Val>, log_inverse_rate: usize) -> RowMajorMatrix<Val> {
    let width = columns.width;
    let mut values = columns.values;
    let len = values.len();
    to_coefficients(&mut values, width);
    values.resize(len << log_inverse_rate, Val::ZERO);
    if width == 0 {
        return RowMajorMatrix::new(values, width);
    }
    scheme().dft.dft_batch(RowMajorMatrix::new(values, width)).bit_reverse_rows().to_row_major_matrix()
}

/// Sums over the rows of each column's cell times the generator to the power of row times j, for all j: the
/// cells' own transform, in natural order.
pub fn transform(cells: RowMajorMatrix<Val>) -> RowMajorMatrix<Val> {
    scheme().dft.dft_batch(cells).to_row_major_matrix()
}

/// Codewords with the tree over their rows.
pub struct Committed {
    root: Digest,
    tree: <Tree as Mmcs<Val>>::ProverData<RowMajorMatrix<Val>>,
}

impl core::fmt::Debug for Committed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Committed").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Committed {
    /// Encodes columns given by their values on the cube, and hashes the rows.
    pub fn new(columns: RowMajorMatrix<Val>, log_inverse_rate: usize) -> Self {
        Self::of_codewords(encode(columns, log_inverse_rate))
    }

    /// Hashes the rows of codewords.
    pub fn of_codewords(codewords: RowMajorMatrix<Val>) -> Self {
        let (cap, tree) = scheme().tree.commit(vec![codewords]);
        // Trees have no cap: exactly one root.
        Self { root: cap.roots()[0], tree }
    }

    pub const fn root(&self) -> Digest {
        self.root
    }

    /// The codewords' values, one row a position.
    pub fn rows(&self) -> &RowMajorMatrix<Val> {
        scheme().tree.get_matrices(&self.tree)[0]
    }

    /// The row at a position.
    pub fn row(&self, position: u32) -> &[Val] {
        let rows = self.rows();
        &rows.values[position as usize * rows.width..][..rows.width]
    }

    /// Opens positions that are distinct and ascending.
    pub fn open(&self, positions: &[u32]) -> Opened {
        let positions: Vec<_> = positions.iter().map(|&position| position as usize).collect();
        let (rows, path) = scheme().tree.open_multi_batch(&positions, &self.tree);
        Opened { rows: rows.into_iter().flatten().flatten().collect(), path: path.sibling_hashes }
    }
}
