//! Reduction of all column claims to one value of the stacks.
//!
//! The weights of a chunk are a product over address bits, so on the lowest [`LOW`] bits the tables of
//! one height are one product of a kernel with one combined column. Low tables, whose chunks are
//! smaller than that, are summed cell by cell. Then the stacks are folded in one pass, and the rest is
//! small.

use p3_field::{Field, PackedValue, PrimeCharacteristicRing};
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, LANES, PackedExt, PackedVal, Val};

use crate::gkr::{fold_rows, lanes_on_top};
use crate::layout::{Chunk, LOG_COLUMNS, LOG_ROWS, Layout};
use crate::mle::{LOG_LANES, eq_packed, eq_table, fold_lowest};
use crate::rows::{TableRows, pack_columns};
use crate::sponge::Transcript;

/// Address bits bound before the stacks are folded.
const LOW: usize = 10;
/// Least height of the tables whose rows fill vectors until then.
const TALL: usize = LOW + LOG_LANES;
const ADDRESS: usize = LOG_ROWS + LOG_COLUMNS;

/// What is left: g_1 = F(., v, w) has the value at u.
pub struct Reduced {
    pub u: Vec<Challenge>,
    pub v: Vec<Challenge>,
    pub w: Vec<Challenge>,
    pub value: Challenge,
    /// Values of g_1 on the cube, consecutive in vectors.
    pub folded: Vec<PackedExt>,
}

/// Tables of one height: kernel and combined columns, once for the rows and once for the next rows.
struct Height {
    log_height: usize,
    kernels: [Vec<PackedExt>; 2],
    columns: [Vec<PackedExt>; 2],
}

/// Blocks of 2^LOW cells with chunks of low tables, one to a lane.
struct Blocks {
    /// (oracle, block) in the order of lanes.
    places: Vec<(usize, usize)>,
    /// Per group of lanes: weights and values of its cells.
    weights: Vec<Vec<PackedExt>>,
    values: Vec<Vec<PackedExt>>,
}

struct Rounds<'t> {
    transcript: &'t mut Transcript,
    claim: Challenge,
    challenges: Vec<Challenge>,
}

impl Rounds<'_> {
    fn round(&mut self, at_zero: Challenge, leading: Challenge) -> Challenge {
        let linear = self.claim - at_zero.double() - leading;
        self.transcript.absorb_ext(&[linear, leading]);
        let z = self.transcript.challenge();
        self.claim = at_zero + z * (linear + z * leading);
        self.challenges.push(z);
        z
    }
}

/// Kernels of the rows and of the next rows: `eq(r, y)` and `eq(r, y - 1)`.
fn kernels(point: &[Challenge]) -> [Vec<Challenge>; 2] {
    let here = eq_table(point, Challenge::ONE);
    let mut next = here.clone();
    next.rotate_right(1);
    [here, next]
}

fn pack(values: &[Challenge]) -> Vec<PackedExt> {
    values.chunks_exact(LANES).map(|lanes| PackedExt::from_fn(|lane| lanes[lane])).collect()
}

impl Height {
    fn new(log_height: usize, point: &[Challenge], layout: &Layout, tables: &[TableRows<'_>], powers: &[Challenge]) -> Self {
        let kernels = kernels(&point[..log_height]).map(|kernel| lanes_on_top(&pack(&kernel)));
        let vectors = 1usize << (log_height - LOG_LANES);
        let mut columns = [vec![PackedExt::ZERO; vectors], Vec::new()];
        for (t, rows) in tables.iter().enumerate() {
            let chunks: Vec<&Chunk> =
                layout.chunks.iter().filter(|c| c.table == t && c.log_height == log_height).collect();
            if chunks.is_empty() {
                continue;
            }
            let width = rows.fixed.map_or(0, |m| m.width) + rows.shared.map_or(0, |m| m.width) + rows.main.width;
            let mut weights = vec![PackedExt::ZERO; width];
            let mut next = Vec::new();
            for chunk in chunks {
                for (i, &c) in chunk.columns.iter().enumerate() {
                    weights[c] = PackedExt::splat(powers[chunk.claim + i]);
                    if chunk.next {
                        next.push((c, PackedExt::splat(powers[chunk.claim + chunk.columns.len() + i])));
                    }
                }
            }
            combine(rows, &weights, &next, &mut columns);
        }
        Self { log_height, kernels, columns }
    }

    fn sums(&self) -> [PackedExt; 2] {
        let mut sums = [PackedExt::ZERO; 2];
        for (kernel, column) in self.kernels.iter().zip(&self.columns) {
            let [a, c] = sum_products(kernel, column);
            sums[0] += a;
            sums[1] += c;
        }
        sums
    }

    fn fold(&mut self, z: PackedExt) {
        for (kernel, column) in self.kernels.iter_mut().zip(&mut self.columns) {
            fold_rows(kernel, z);
            fold_rows(column, z);
        }
    }
}

/// Adds one table's weighted columns to those of its height.
#[inline(never)]
fn combine(rows: &TableRows<'_>, weights: &[PackedExt], next: &[(usize, PackedExt)], out: &mut [Vec<PackedExt>; 2]) {
    let vectors = out[0].len();
    let pre = rows.fixed.map_or(0, |m| m.width) + rows.shared.map_or(0, |m| m.width);
    let mut cells = PackedVal::zero_vec(weights.len());
    if !next.is_empty() {
        out[1].resize(vectors, PackedExt::ZERO);
    }
    for j in 0..vectors {
        let at = core::array::from_fn(|lane| j + lane * vectors);
        let (preprocessed, main) = cells.split_at_mut(pre);
        rows.pack_preprocessed(&at, preprocessed);
        rows.pack_main(&at, main);
        out[0][j] += PackedExt::weighted(weights.iter().zip(cells.iter().copied()));
        if !next.is_empty() {
            out[1][j] += PackedExt::weighted(next.iter().map(|(c, weight)| (weight, cells[*c])));
        }
    }
}

#[inline(never)]
fn sum_products(a: &[PackedExt], b: &[PackedExt]) -> [PackedExt; 2] {
    let (mut at_zero, mut leading) = (PackedExt::ZERO, PackedExt::ZERO);
    for (a, b) in a.as_chunks::<2>().0.iter().zip(b.as_chunks::<2>().0) {
        at_zero += a[0].times(b[0]);
        leading += (a[1] - a[0]).times(b[1] - b[0]);
    }
    [at_zero, leading]
}

impl Blocks {
    fn new(point: &[Challenge], layout: &Layout, stacks: &[RowMajorMatrix<Val>; 3], powers: &[Challenge]) -> Self {
        let low = |chunk: &&Chunk| chunk.log_height < TALL;
        let mut places: Vec<(usize, usize)> = layout
            .chunks
            .iter()
            .filter(low)
            .flat_map(|chunk| {
                let last = chunk.offset + chunk.cells() - 1;
                (chunk.offset >> LOW..=last >> LOW).map(|block| (chunk.oracle, block))
            })
            .collect();
        places.sort_unstable();
        places.dedup();
        let groups = places.len().div_ceil(LANES);
        let mut weights = vec![vec![PackedExt::ZERO; 1 << LOW]; groups];
        for chunk in layout.chunks.iter().filter(low) {
            let [here, next] = kernels(&point[..chunk.log_height]);
            for i in 0..chunk.columns.len() {
                let power = powers[chunk.claim + i];
                let power_next = chunk.next.then(|| powers[chunk.claim + chunk.columns.len() + i]);
                for row in 0..1usize << chunk.log_height {
                    let address = chunk.offset + (i << chunk.log_height) + row;
                    let mut weight = power * here[row];
                    if let Some(power) = power_next {
                        weight += power * next[row];
                    }
                    let place = places.binary_search(&(chunk.oracle, address >> LOW)).unwrap_or_default();
                    let slot = &mut weights[place / LANES][address & ((1 << LOW) - 1)];
                    add_lane(slot, place % LANES, weight);
                }
            }
        }
        let cell = |&(oracle, block): &(usize, usize), i: usize| {
            let address = (block << LOW) + i;
            let stack = &stacks[oracle];
            stack.values[(address & ((1 << LOG_ROWS) - 1)) * stack.width + (address >> LOG_ROWS)]
        };
        let values = places
            .chunks(LANES)
            .map(|places| {
                (0..1 << LOW)
                    .map(|i| PackedVal::from_fn(|lane| places.get(lane).map_or(Val::ZERO, |place| cell(place, i))).into())
                    .collect()
            })
            .collect();
        Self { places, weights, values }
    }
}

fn add_lane(vector: &mut PackedExt, lane: usize, value: Challenge) {
    use p3_field::BasedVectorSpace;
    let coefficients: &[Val] = value.as_basis_coefficients_slice();
    for (d, &coefficient) in coefficients.iter().enumerate() {
        vector.0[d].as_slice_mut()[lane] += coefficient;
    }
}

/// Folds every 2^LOW rows of a stack with the weights of an eq table.
#[inline(never)]
fn fold_stack(stack: &RowMajorMatrix<Val>, eq: &[PackedExt], out: &mut [Challenge]) {
    let width = stack.width;
    let blocks = 1usize << (LOG_ROWS - LOW);
    for block in 0..blocks {
        let rows = &stack.values[(block << LOW) * width..][..width << LOW];
        let rows = PackedVal::pack_slice(rows);
        for group in 0..width / LANES {
            let cells = (0..1 << LOW).map(|i| rows[i * (width / LANES) + group]);
            let sum = PackedExt::weighted(eq.iter().zip(cells));
            for lane in 0..LANES {
                out[(group * LANES + lane) * blocks + block] = sum.lane(lane);
            }
        }
    }
}

/// Adds the weighted columns of a stack, row by row.
#[inline(never)]
fn fold_columns(stack: &RowMajorMatrix<Val>, weights: &[PackedExt], out: &mut [PackedExt]) {
    let mut cells = PackedVal::zero_vec(stack.width);
    for (j, out) in out.iter_mut().enumerate() {
        let rows = core::array::from_fn(|lane| LANES * j + lane);
        pack_columns(stack, &rows, &mut cells);
        *out += PackedExt::weighted(weights.iter().zip(cells.iter().copied()));
    }
}

/// The reduction's 27 rounds; `values` are the claims in claim order.
pub fn prove(
    layout: &Layout,
    tables: &[TableRows<'_>],
    stacks: &[RowMajorMatrix<Val>; 3],
    point: &[Challenge],
    values: &[Challenge],
    transcript: &mut Transcript,
    mut lap: impl FnMut(&'static str),
) -> Reduced {
    let lambda = transcript.challenge();
    let powers: Vec<Challenge> = lambda.powers().take(values.len()).collect();
    let claim = powers.iter().zip(values).map(|(&power, &value)| power * value).sum();
    let mut heights: Vec<usize> = layout.chunks.iter().map(|c| c.log_height).filter(|&h| h >= TALL).collect();
    heights.sort_unstable();
    heights.dedup();
    let mut heights: Vec<Height> =
        heights.into_iter().map(|h| Height::new(h, point, layout, tables, &powers)).collect();
    lap("reduce combine");
    let mut blocks = Blocks::new(point, layout, stacks, &powers);
    lap("reduce low tables");
    let mut rounds = Rounds { transcript, claim, challenges: Vec::new() };
    for _ in 0..LOW {
        let mut sums = [PackedExt::ZERO; 2];
        let parts = heights.iter().map(Height::sums);
        let low = blocks.weights.iter().zip(&blocks.values).map(|(w, v)| sum_products(w, v));
        for [a, c] in parts.chain(low) {
            sums[0] += a;
            sums[1] += c;
        }
        let z = rounds.round(sums[0].sum_lanes(), sums[1].sum_lanes());
        let z = PackedExt::splat(z);
        heights.iter_mut().for_each(|height| height.fold(z));
        blocks.weights.iter_mut().chain(&mut blocks.values).for_each(|v| fold_rows(v, z));
    }
    lap("reduce rounds");
    let (mut f, mut weights) = dense(layout, stacks, &rounds.challenges, &heights, &blocks, &powers);
    lap("reduce fold");
    while f.len() > 1 {
        let (mut at_zero, mut leading) = (Challenge::ZERO, Challenge::ZERO);
        for (f, w) in f.as_chunks::<2>().0.iter().zip(weights.as_chunks::<2>().0) {
            if *f != [Challenge::ZERO; 2] {
                at_zero += f[0] * w[0];
                leading += (f[1] - f[0]) * (w[1] - w[0]);
            }
        }
        let z = rounds.round(at_zero, leading);
        fold_lowest(&mut f, z);
        fold_lowest(&mut weights, z);
    }
    let value = f[0];
    assert_eq!(rounds.claim, value * weights[0], "the reduction does not end in its value");
    let Rounds { transcript, mut challenges, .. } = rounds;
    transcript.absorb_ext(&[value]);
    let w = challenges.split_off(ADDRESS);
    let v = challenges.split_off(LOG_ROWS);
    let u = challenges;

    let mut folded = vec![PackedExt::ZERO; (1 << LOG_ROWS) / LANES];
    let oracles = eq_table(&w, Challenge::ONE);
    for (stack, &oracle) in stacks.iter().zip(&oracles) {
        let weights: Vec<PackedExt> =
            eq_table(&v, oracle).into_iter().take(stack.width).map(PackedExt::splat).collect();
        fold_columns(stack, &weights, &mut folded);
    }
    lap("reduce stack");
    let eq = eq_packed(&u, Challenge::ONE);
    let sum: PackedExt = eq.iter().zip(&folded).map(|(&a, &b)| a * b).sum();
    assert_eq!(sum.sum_lanes(), value, "the folded stack does not have the value");
    Reduced { u, v, w, value, folded }
}

/// F and the weights over the address bits from LOW on and the oracle's bits.
fn dense(
    layout: &Layout,
    stacks: &[RowMajorMatrix<Val>; 3],
    bound: &[Challenge],
    heights: &[Height],
    blocks: &Blocks,
    powers: &[Challenge],
) -> (Vec<Challenge>, Vec<Challenge>) {
    let size = 1usize << (ADDRESS - LOW);
    let mut f = vec![Challenge::ZERO; 4 * size];
    let mut weights = vec![Challenge::ZERO; 4 * size];
    let eq: Vec<PackedExt> = eq_table(bound, Challenge::ONE).into_iter().map(PackedExt::splat).collect();
    for (oracle, stack) in stacks.iter().enumerate() {
        fold_stack(stack, &eq, &mut f[oracle * size..]);
    }
    for chunk in layout.chunks.iter().filter(|chunk| chunk.log_height >= TALL) {
        let Some(height) = heights.iter().find(|height| height.log_height == chunk.log_height) else { continue };
        let kernels = height.kernels.each_ref().map(|kernel| {
            let vectors = kernel.len();
            (0..vectors * LANES).map(|row| kernel[row % vectors].lane(row / vectors)).collect::<Vec<_>>()
        });
        let count = chunk.columns.len();
        for i in 0..count {
            let first = oracle_at(chunk, size) + ((chunk.offset + (i << chunk.log_height)) >> LOW);
            for (row, slot) in weights[first..][..kernels[0].len()].iter_mut().enumerate() {
                *slot += powers[chunk.claim + i] * kernels[0][row];
                if chunk.next {
                    *slot += powers[chunk.claim + count + i] * kernels[1][row];
                }
            }
        }
    }
    for (i, &(oracle, block)) in blocks.places.iter().enumerate() {
        weights[oracle * size + block] += blocks.weights[i / LANES][0].lane(i % LANES);
    }
    (f, weights)
}

const fn oracle_at(chunk: &Chunk, size: usize) -> usize {
    chunk.oracle * size
}
