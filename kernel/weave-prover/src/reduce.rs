//! From the claims about all columns to one about the stacks (the specification's "Reduction").
//!
//! The sum over addresses is split at [`LOW`] bits. Tables of at least as many bits share the row kernels of
//! these bits, as all are claimed at the same point: their columns are combined by the claims' weights, and
//! their rows by the kernels of the bits above, in one pass over the trace. What is left of all of them are
//! three short products. Tables of fewer bits are summed cell by cell. Then the stacks are folded in one
//! pass, and all else is short.

use p3_field::{PackedField, PackedFieldExtension, PackedValue, PrimeCharacteristicRing};
use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, Val};
use proofloom_weave::reduce::Reduced;
use proofloom_weave::{Chunk, EXTENSION, Group, Placement, Profile, Transcript, chunks_of};

use crate::cube::{fold_lowest, join, shift_table, shift_tables, split, sums_lowest};
use crate::multilinear::{self, eq_table};
use crate::packed::{LANES, PackedChallenge, PackedVal, splat, sum_lanes, unpack, weighted};
use crate::rounds::Rounds;
use crate::sum::{Element, Products};
use crate::trace::gather;

/// Address bits that are bound before the stacks are folded.
const LOW: usize = 7;

/// By group, in the order of [`Group::ALL`].
type Groups<T> = [T; 3];

/// All columns and where they lie.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a> {
    pub profile: &'a Profile,
    pub chunks: &'a [Chunk],
    pub log_heights: &'a [usize],
    pub placements: &'a Groups<Placement>,
    /// Per table.
    pub traces: &'a Groups<Vec<Option<&'a RowMajorMatrix<Val>>>>,
    /// The stacks that the placements give.
    pub stacks: &'a Groups<RowMajorMatrix<Val>>,
}

/// What was sent, and what is left to show.
#[derive(Clone, Debug)]
pub struct Reduction {
    /// Two coefficients a round.
    pub sent: Vec<Challenge>,
    pub reduced: Reduced<Challenge>,
    /// Values on the cube of the stacks folded by v and w.
    pub folded: Vec<Challenge>,
}

/// All rounds; `point` has the row variables, `claims` are in claim order.
pub fn prove(
    columns: &Columns<'_>,
    point: &[Challenge],
    claims: &[Challenge],
    transcript: &mut Transcript,
) -> Reduction {
    let profile = columns.profile;
    let low = LOW.min(profile.stack_variables);
    let lambda = transcript.challenge();
    let powers: Vec<Challenge> = lambda.powers().take(claims.len()).collect();
    let claim = powers.iter().zip(claims).map(|(&power, &claim)| power * claim).sum();
    let mut rounds = Rounds::new(transcript, claim);
    let mut tall = Tall::new(columns, low, point, &powers);
    let mut blocks = Blocks::new(columns, low, point, &powers);
    let mut u = Vec::new();
    for _ in 0..low {
        let z = rounds.round(add(tall.sums(), blocks.sums()));
        tall.fold(z);
        blocks.fold(z);
        u.push(z);
    }
    let eq = eq_table(&u, Challenge::ONE);
    let mut cells = columns.stacks.each_ref().map(|stack| fold_rows(stack, &eq));
    let weights = dense_weights(columns, low, point, &powers, &tall.kernels(), &blocks);
    let mut weights = weights.map(|weights| by_columns(&weights, 1 << (profile.stack_variables - low)));
    for _ in low..profile.stack_variables {
        let sums = cells.iter().zip(&weights).map(|(cells, weights)| packed_sums(cells, weights)).fold(NOTHING, add);
        let z = rounds.round(sums);
        cells.iter_mut().chain(&mut weights).for_each(|values| multilinear::fold_lowest(values, z));
        u.push(z);
    }
    let [mut cells, mut weights] = [cells, weights].map(|groups| groups.map(|vectors| unpack(&vectors)));
    for _ in 0..profile.column_variables {
        let sums = cells.iter().zip(&weights).map(|(cells, weights)| sums_lowest(cells, weights)).fold(NOTHING, add);
        let z = rounds.round(sums);
        cells.iter_mut().chain(&mut weights).for_each(|values| fold_lowest(values, z));
        u.push(z);
    }
    let [mut cells, mut weights] = [cells, weights].map(by_oracle);
    let mut w = Vec::new();
    for _ in 0..profile.oracle_variables {
        let z = rounds.round(sums_lowest(&cells, &weights));
        fold_lowest(&mut cells, z);
        fold_lowest(&mut weights, z);
        w.push(z);
    }
    let value = cells[0];
    let Rounds { transcript, sent, .. } = rounds;
    transcript.absorb_challenges(&[value]);
    let v = u.split_off(profile.stack_variables);
    let folded = fold_columns(columns, &v, &w);
    Reduction { sent, reduced: Reduced { u, v, w, value }, folded }
}

const NOTHING: [Challenge; 2] = [Challenge::ZERO; 2];

fn add(a: [Challenge; 2], b: [Challenge; 2]) -> [Challenge; 2] {
    [a[0] + b[0], a[1] + b[1]]
}

/// [`sums_lowest`] of vectors, over all lanes.
#[inline(never)]
fn packed_sums(cells: &[PackedChallenge], weights: &[PackedChallenge]) -> [Challenge; 2] {
    let mut sums = [<PackedChallenge as Element>::Sum::new(); 2];
    for ([a0, a1], [b0, b1]) in cells.as_chunks::<2>().0.iter().zip(weights.as_chunks::<2>().0) {
        sums[0].add(*a0, *b0);
        sums[1].add(*a1 - *a0, *b1 - *b0);
    }
    sums.map(|sum| sum_lanes(&sum.finish()))
}

/// One value per oracle, at the place that the bits of its number give.
fn by_oracle(groups: Groups<Vec<Challenge>>) -> Vec<Challenge> {
    let mut values = vec![Challenge::ZERO; 4];
    for (group, of_group) in Group::ALL.into_iter().zip(groups) {
        let [b0, b1] = group.oracle_bits();
        values[usize::from(b0) + 2 * usize::from(b1)] = of_group.first().copied().unwrap_or(Challenge::ZERO);
    }
    values
}

/// Weights of a table's columns at the row and at the next row.
struct TableWeights {
    here: Groups<Vec<Challenge>>,
    /// Group, column, weight.
    next: Vec<(usize, usize, Challenge)>,
}

impl TableWeights {
    fn new(columns: &Columns<'_>, table: usize, powers: &[Challenge]) -> Self {
        let width = |traces: &Vec<Option<&RowMajorMatrix<Val>>>| traces[table].map_or(0, |trace| trace.width);
        let here = columns.traces.each_ref().map(|traces| vec![Challenge::ZERO; width(traces)]);
        let mut weights = Self { here, next: Vec::new() };
        for chunk in columns.chunks.iter().filter(|chunk| chunk.table == table) {
            let group = chunk.group as usize;
            for (i, &column) in chunk.columns.iter().enumerate() {
                weights.here[group][column] = powers[chunk.first_claim + i];
                if chunk.next {
                    weights.next.push((group, column, powers[chunk.first_next_claim() + i]));
                }
            }
        }
        weights
    }
}

/// The tables of at least [`LOW`] bits: kernels of the low bits, each with what it is multiplied with.
struct Tall {
    /// eq, and the two parts of the next row's kernel.
    kernels: [Vec<Challenge>; 3],
    values: [Vec<Challenge>; 3],
}

impl Tall {
    fn new(columns: &Columns<'_>, low: usize, point: &[Challenge], powers: &[Challenge]) -> Self {
        let [settled, carrying] = shift_tables(&point[..low]);
        let kernels = [eq_table(&point[..low], Challenge::ONE), settled, carrying];
        let mut values = [(); 3].map(|()| vec![PackedChallenge::ZERO; (1 << low) / LANES]);
        for (table, &log_height) in columns.log_heights.iter().enumerate() {
            if log_height >= low {
                let above = &point[low..log_height];
                let weights = TableWeights::new(columns, table, powers);
                combine(columns, table, &weights, [&eq_table(above, Challenge::ONE), &shift_table(above)], &mut values);
            }
        }
        Self { kernels, values: values.map(|values| unpack(&values)) }
    }

    fn sums(&self) -> [Challenge; 2] {
        self.kernels.iter().zip(&self.values).map(|(kernel, values)| sums_lowest(kernel, values)).fold(NOTHING, add)
    }

    fn fold(&mut self, z: Challenge) {
        self.kernels.iter_mut().chain(&mut self.values).for_each(|values| fold_lowest(values, z));
    }

    /// The kernels when all low bits are bound.
    fn kernels(&self) -> [Challenge; 3] {
        self.kernels.each_ref().map(|kernel| kernel[0])
    }
}

/// Adds one table's weighted columns, its rows weighted by the kernels of the bits above the low ones.
fn combine(
    columns: &Columns<'_>,
    table: usize,
    weights: &TableWeights,
    [eq, shift]: [&[Challenge]; 2],
    out: &mut [Vec<PackedChallenge>; 3],
) {
    let mut first = [0; 3];
    let mut here: Vec<PackedChallenge> = Vec::new();
    for (group, weights) in weights.here.iter().enumerate() {
        first[group] = here.len();
        here.extend(weights.iter().copied().map(splat));
    }
    let next: Vec<(usize, PackedChallenge)> =
        weights.next.iter().map(|&(group, column, weight)| (first[group] + column, splat(weight))).collect();
    let mut cells = vec![PackedVal::ZERO; here.len()];
    let [all, settled, carrying] = out;
    let vectors = all.len();
    for (high, (&eq, &shift)) in eq.iter().zip(shift).enumerate() {
        let (eq, shift) = (splat(eq), splat(shift));
        for (vector, sum) in all.iter_mut().enumerate() {
            let row = (high * vectors + vector) * LANES;
            for (group, traces) in columns.traces.iter().enumerate() {
                if let Some(trace) = traces[table] {
                    let rows = core::array::from_fn(|lane| row + lane);
                    gather(trace, &rows, &mut cells[first[group]..][..trace.width]);
                }
            }
            *sum += weighted(here.iter().zip(cells.iter().copied())).times(eq);
            if !next.is_empty() {
                let next = weighted(next.iter().map(|(at, weight)| (weight, cells[*at])));
                settled[vector] += next.times(eq);
                carrying[vector] += next.times(shift);
            }
        }
    }
}

fn row_of(matrix: &RowMajorMatrix<Val>, row: usize) -> &[Val] {
    &matrix.values[row * matrix.width..][..matrix.width]
}

/// Weights of the cells of a row, by vectors of cells.
struct RowWeights {
    vectors: Vec<[PackedVal; EXTENSION]>,
    rest: Vec<Challenge>,
}

impl RowWeights {
    fn new(weights: &[Challenge]) -> Self {
        let whole = weights.chunks_exact(LANES);
        let rest = whole.remainder().to_vec();
        let coefficient = |weight: &Challenge, d: usize| split(weight)[d];
        let vector =
            |group: &[Challenge]| core::array::from_fn(|d| PackedVal::from_fn(|lane| coefficient(&group[lane], d)));
        Self { vectors: whole.map(vector).collect(), rest }
    }

    /// The sum of weight times cell.
    fn dot(&self, row: &[Val]) -> Challenge {
        let (vectors, rest) = PackedVal::pack_slice_with_suffix(row);
        let pairs = self.vectors.iter().zip(vectors).map(|(weight, &cells)| (&weight[..], cells));
        let sums = PackedVal::coeffwise_dot_product(EXTENSION, pairs);
        let whole = join(|d| sums[d].as_slice().iter().copied().sum::<Val>());
        self.rest.iter().zip(rest).map(|(&weight, &cell)| weight * cell).fold(whole, |sum, part| sum + part)
    }
}

/// Blocks of stacked cells that tables of less than [`LOW`] bits lie in.
struct Blocks {
    /// Group and block, ascending.
    places: Vec<(usize, usize)>,
    weights: Vec<Vec<Challenge>>,
    cells: Vec<Vec<Challenge>>,
}

impl Blocks {
    fn new(columns: &Columns<'_>, low: usize, point: &[Challenge], powers: &[Challenge]) -> Self {
        let mut weighted: std::collections::BTreeMap<(usize, usize), Vec<Challenge>> = Default::default();
        for (group, chunk, offset) in placed(columns) {
            let log_height = columns.log_heights[chunk.table];
            if log_height >= low {
                continue;
            }
            let (here, next) = (eq_table(&point[..log_height], Challenge::ONE), shift_table(&point[..log_height]));
            for i in 0..chunk.columns.len() {
                let power = powers[chunk.first_claim + i];
                let next_power = if chunk.next { powers[chunk.first_next_claim() + i] } else { Challenge::ZERO };
                for (row, (&here, &next)) in here.iter().zip(&next).enumerate() {
                    let address = offset + (i << log_height) + row;
                    let block =
                        weighted.entry((group, address >> low)).or_insert_with(|| vec![Challenge::ZERO; 1 << low]);
                    block[address & ((1 << low) - 1)] += power * here + next_power * next;
                }
            }
        }
        let (places, weights): (Vec<_>, Vec<_>) = weighted.into_iter().unzip();
        let cells = places.iter().map(|&(group, block)| {
            let cell = |i: usize| Challenge::from(cell(&columns.stacks[group], columns.profile, (block << low) + i));
            (0..1 << low).map(cell).collect()
        });
        Self { cells: cells.collect(), places, weights }
    }

    fn sums(&self) -> [Challenge; 2] {
        self.weights.iter().zip(&self.cells).map(|(weights, cells)| sums_lowest(weights, cells)).fold(NOTHING, add)
    }

    fn fold(&mut self, z: Challenge) {
        self.weights.iter_mut().chain(&mut self.cells).for_each(|values| fold_lowest(values, z));
    }
}

fn cell(stack: &RowMajorMatrix<Val>, profile: &Profile, address: usize) -> Val {
    let row = address & ((1 << profile.stack_variables) - 1);
    row_of(stack, row)[address >> profile.stack_variables]
}

/// All chunks with group and offset.
fn placed<'a>(columns: &Columns<'a>) -> impl Iterator<Item = (usize, &'a Chunk, usize)> {
    let (chunks, placements) = (columns.chunks, columns.placements);
    Group::ALL.into_iter().zip(placements).flat_map(move |(group, placement)| {
        let offsets = placement.offsets.iter().map(|&offset| offset as usize);
        chunks_of(chunks, group).zip(offsets).map(move |(chunk, offset)| (group as usize, chunk, offset))
    })
}

/// Every `eq.len()` rows of a stack folded into one, in the order of [`by_columns`].
fn fold_rows(stack: &RowMajorMatrix<Val>, eq: &[Challenge]) -> Vec<PackedChallenge> {
    let blocks = stack.height() / eq.len();
    let vectors = stack.width.div_ceil(LANES);
    let weights: Vec<PackedChallenge> = eq.iter().copied().map(splat).collect();
    let mut out = vec![PackedChallenge::ZERO; vectors * blocks];
    for (block, rows) in stack.values.chunks_exact((stack.width * eq.len()).max(1)).enumerate() {
        for vector in 0..vectors {
            let cells = rows.chunks_exact(stack.width).map(|row| lanes_from(&row[vector * LANES..]));
            out[vector * blocks + block] = weighted(weights.iter().zip(cells));
        }
    }
    out
}

/// The first elements in the lanes; zeros where there are none.
fn lanes_from(cells: &[Val]) -> PackedVal {
    match cells.get(..LANES) {
        Some(cells) => *PackedVal::from_slice(cells),
        None => PackedVal::from_fn(|lane| cells.get(lane).copied().unwrap_or_default()),
    }
}

/// Values by column, then by block, in vectors of columns: lane l of vector `v blocks + b` is block b of column
/// `v LANES + l`.
fn by_columns(values: &[Challenge], blocks: usize) -> Vec<PackedChallenge> {
    let columns = values.len() / blocks;
    let at = |column: usize, block: usize| {
        if column < columns { values[column * blocks + block] } else { Challenge::ZERO }
    };
    let vector = |i: usize| {
        let (v, block) = (i / blocks, i % blocks);
        PackedChallenge::from_ext_fn(|lane| at(v * LANES + lane, block))
    };
    (0..columns.div_ceil(LANES) * blocks).map(vector).collect()
}

/// The weights of all addresses when their low bits are bound.
fn dense_weights(
    columns: &Columns<'_>,
    low: usize,
    point: &[Challenge],
    powers: &[Challenge],
    [eq, settled, carrying]: &[Challenge; 3],
    blocks: &Blocks,
) -> Groups<Vec<Challenge>> {
    let rest = columns.profile.stack_variables - low;
    let mut weights = columns.placements.each_ref().map(|p| vec![Challenge::ZERO; usize::from(p.width) << rest]);
    for (group, chunk, offset) in placed(columns) {
        let log_height = columns.log_heights[chunk.table];
        if log_height < low {
            continue;
        }
        let above = &point[low..log_height];
        let (here, shift) = (eq_table(above, Challenge::ONE), shift_table(above));
        let next: Vec<Challenge> = here.iter().zip(shift).map(|(&a, b)| *settled * a + *carrying * b).collect();
        for i in 0..chunk.columns.len() {
            let power = powers[chunk.first_claim + i] * *eq;
            let next_power = if chunk.next { powers[chunk.first_next_claim() + i] } else { Challenge::ZERO };
            let slots = &mut weights[group][(offset + (i << log_height)) >> low..][..here.len()];
            for (slot, (&here, &next)) in slots.iter_mut().zip(here.iter().zip(&next)) {
                *slot += power * here;
                if chunk.next {
                    *slot += next_power * next;
                }
            }
        }
    }
    for (&(group, block), weight) in blocks.places.iter().zip(&blocks.weights) {
        weights[group][block] += weight[0];
    }
    weights
}

/// The stacks folded by column and oracle.
fn fold_columns(columns: &Columns<'_>, v: &[Challenge], w: &[Challenge]) -> Vec<Challenge> {
    let oracles = eq_table(w, Challenge::ONE);
    let mut folded = vec![Challenge::ZERO; 1 << columns.profile.stack_variables];
    for (group, stack) in Group::ALL.into_iter().zip(columns.stacks) {
        let [b0, b1] = group.oracle_bits();
        let weights = eq_table(v, oracles[usize::from(b0) + 2 * usize::from(b1)]);
        let weights = RowWeights::new(&weights[..stack.width]);
        if stack.width > 0 {
            folded.iter_mut().zip(stack.row_slices()).for_each(|(value, row)| *value += weights.dot(row));
        }
    }
    folded
}
