//! WHIR in unique decoding: the value of g_1 at one point, against the stacks' trees.

use p3_field::{BasedVectorSpace, PackedValue, PrimeCharacteristicRing, PrimeField32, TwoAdicField};
use p3_matrix::dense::RowMajorMatrix;
use p3_util::reverse_bits_len;
use proofloom_field::{Challenge, LANES, PackedExt, PackedVal, Val};

use crate::commit::{Committed, codewords, pow, to_coefficients};
use crate::layout::LOG_ROWS;
use crate::mle::{eq, eq_packed, eq_table};
use crate::reduce::Reduced;
use crate::sponge::Transcript;
use crate::verify::Opening;

/// Folded variables, log2 of 1 / rate and queries per oracle; oracle 0 are the stacks.
pub const ORACLES: [(usize, usize, usize); 4] = [(0, 1, 208), (4, 1, 208), (3, 2, 128), (3, 2, 128)];
pub const FINAL: usize = 7;
pub const GRINDING: u32 = 16;

/// What a proof opens.
#[derive(Default)]
pub struct Opened {
    pub rows: usize,
    pub bytes: usize,
    /// Per oracle and query, one opening a tree.
    pub openings: Vec<Vec<Vec<Opening>>>,
}

/// An oracle of challenge-field elements.
struct Oracle {
    tree: Committed,
    depth: usize,
}

/// The columns of g: its top variables.
fn commit(g: &[PackedExt], variables: usize, (folded, log_blowup, _): (usize, usize, usize)) -> Oracle {
    let rows = 1usize << (variables - folded);
    let width = 5 << folded;
    let mut values = Val::zero_vec(rows * width);
    for (j, column) in g.chunks_exact(rows / LANES).enumerate() {
        for (i, vector) in column.iter().enumerate() {
            for lane in 0..LANES {
                let row = i * LANES + lane;
                for d in 0..5 {
                    values[row * width + 5 * j + d] = vector.0[d].as_slice()[lane];
                }
            }
        }
    }
    let mut matrix = RowMajorMatrix::new(values, width);
    to_coefficients(&mut matrix);
    Oracle { tree: Committed::new(codewords(&matrix, log_blowup)), depth: variables - folded + log_blowup }
}

#[inline(never)]
fn sum_halves(g: &[PackedExt], weight: &[PackedExt]) -> [PackedExt; 2] {
    let half = g.len() / 2;
    let (mut at_zero, mut leading) = (PackedExt::ZERO, PackedExt::ZERO);
    for i in 0..half {
        at_zero += g[i].times(weight[i]);
        leading += (g[i + half] - g[i]).times(weight[i + half] - weight[i]);
    }
    [at_zero, leading]
}

#[inline(never)]
fn fold_halves(rows: &mut Vec<PackedExt>, z: PackedExt) {
    let half = rows.len() / 2;
    for i in 0..half {
        let (a, b) = (rows[i], rows[i + half]);
        rows[i] = a + (b - a) * z;
    }
    rows.truncate(half);
}

/// Weights on the cube that give the sum of coefficient times value over all queries: the sparse sum of
/// powers by one transform, then the transpose of the Moebius transform.
fn query_weights(queries: &[(usize, Challenge)], depth: usize, variables: usize) -> Vec<PackedExt> {
    const WIDTH: usize = 8;
    let mut sparse = Val::zero_vec(WIDTH << depth);
    for &(position, weight) in queries {
        let coefficients: &[Val] = weight.as_basis_coefficients_slice();
        let at = reverse_bits_len(position, depth) * WIDTH;
        for (d, &coefficient) in coefficients.iter().enumerate() {
            sparse[at + d] += coefficient;
        }
    }
    // Row i holds the sum at omega^bitrev(i): the power j is at row bitrev(j).
    let sums = codewords(&RowMajorMatrix::new(sparse, WIDTH), 0);
    let mut rows: Vec<PackedExt> = (0..1usize << variables)
        .step_by(LANES)
        .map(|j| {
            PackedExt(core::array::from_fn(|d| {
                PackedVal::from_fn(|lane| sums.values[reverse_bits_len(j + lane, depth) * WIDTH + d])
            }))
        })
        .collect();
    transpose_moebius(&mut rows);
    rows
}

/// For each bit: rows without the bit minus those with it.
fn transpose_moebius(rows: &mut [PackedExt]) {
    let mut step = 1;
    while step < LANES {
        for row in rows.iter_mut() {
            *row = PackedExt(row.0.map(|v| {
                let lanes = v.as_slice();
                PackedVal::from_fn(|l| if l & step == 0 { lanes[l] - lanes[l + step] } else { lanes[l] })
            }));
        }
        step *= 2;
    }
    let mut step = 1;
    while step < rows.len() {
        for pair in rows.chunks_exact_mut(2 * step) {
            let (without, with) = pair.split_at_mut(step);
            for (x, &y) in without.iter_mut().zip(&*with) {
                *x -= y;
            }
        }
        step *= 2;
    }
}

/// The point that the queried position stands for.
fn position_point(position: usize, depth: usize) -> Val {
    Val::two_adic_generator(depth).exp_u64(reverse_bits_len(position, depth) as u64)
}

/// Value of a multilinear polynomial given on the cube by vectors.
fn evaluate(g: &[PackedExt], point: &[Challenge]) -> Challenge {
    eq_packed(point, Challenge::ONE).iter().zip(g).map(|(&a, &b)| a * b).sum::<PackedExt>().sum_lanes()
}

/// Makes the opening. `stacks` are the trees of oracle 0 in the order of the oracle points.
pub fn prove(
    reduced: Reduced,
    stacks: [Option<&Committed>; 3],
    transcript: &mut Transcript,
    mut lap: impl FnMut(&'static str),
) -> Opened {
    let mut opened = Opened::default();
    let mut g = reduced.folded;
    let mut variables = LOG_ROWS;
    let mut weight = eq_packed(&reduced.u, Challenge::ONE);
    let mut claim = reduced.value;
    let mut oracle: Option<Oracle> = None;
    // Statements about what is left, for the check at the end.
    let mut statements = vec![(Challenge::ONE, reduced.u.clone())];
    let mut bound: Vec<Challenge> = Vec::new();
    let mut last_fold: Vec<Challenge> = Vec::new();
    let column_eq = eq_table(&reduced.v, Challenge::ONE);
    let oracle_eq = eq_table(&reduced.w, Challenge::ONE);
    for i in 0..ORACLES.len() {
        let next = ORACLES.get(i + 1).map(|&shape| commit(&g, variables, shape));
        match &next {
            Some(next) => transcript.send(&next.tree.root),
            None => {
                let values: Vec<Challenge> = g.iter().flat_map(|v| (0..LANES).map(|l| v.lane(l))).collect();
                transcript.absorb_ext(&moebius(values));
            }
        }
        lap("whir oracles");
        let _ = transcript.grind(GRINDING);
        lap("whir grinding");
        let depth = oracle.as_ref().map_or(LOG_ROWS + 1, |oracle| oracle.depth);
        let positions = draw(transcript, ORACLES[i].2, depth);
        let mut answers = Vec::with_capacity(positions.len());
        opened.openings.push(Vec::with_capacity(positions.len()));
        for &position in &positions {
            let mut trees = Vec::new();
            let answer = match &oracle {
                None => {
                    let mut sum = Challenge::ZERO;
                    for (tree, &weight) in stacks.iter().zip(&oracle_eq) {
                        let Some(tree) = tree else { continue };
                        let (row, path) = tree.open(position);
                        opened.rows += 1;
                        opened.bytes += 4 * row.len() + 32 * path.len();
                        let own: Challenge = row.iter().zip(&column_eq).map(|(&x, &e)| e * x).sum();
                        sum += own * weight;
                        trees.push(Opening { row, path });
                    }
                    sum
                }
                Some(oracle) => {
                    let (row, path) = oracle.tree.open(position);
                    opened.rows += 1;
                    opened.bytes += 4 * row.len() + 32 * path.len();
                    let weights = eq_table(&last_fold, Challenge::ONE);
                    let answer = row
                        .as_chunks::<5>()
                        .0
                        .iter()
                        .zip(&weights)
                        .map(|(x, &e)| e * Challenge::from_basis_coefficients_fn(|d| x[d]))
                        .sum();
                    trees.push(Opening { row, path });
                    answer
                }
            };
            answers.push(answer);
            opened.openings[i].push(trees);
        }
        let delta = transcript.challenge();
        let mut power = Challenge::ONE;
        let mut queries = Vec::with_capacity(positions.len());
        for (&position, &answer) in positions.iter().zip(&answers) {
            power *= delta;
            claim += power * answer;
            queries.push((position, power));
            let z = pow(position_point(position, depth), variables);
            statements.push((power, z.into_iter().map(Challenge::from).collect()));
        }
        if let (Some(&position), Some(&answer)) = (positions.first(), answers.first()) {
            let z: Vec<Challenge> =
                pow(position_point(position, depth), variables).into_iter().map(Challenge::from).collect();
            assert_eq!(evaluate(&g, &z), answer, "oracle {i} does not answer as the folded polynomial");
        }
        lap("whir queries");
        let added = query_weights(&queries, depth, variables);
        weight.iter_mut().zip(added).for_each(|(w, added)| *w += added);
        lap("whir weights");
        let rounds = ORACLES.get(i + 1).map_or(FINAL - crate::mle::LOG_LANES, |shape| shape.0);
        last_fold = Vec::new();
        for _ in 0..rounds {
            let [a, c] = sum_halves(&g, &weight);
            let z = round(transcript, &mut claim, a.sum_lanes(), c.sum_lanes());
            fold_halves(&mut g, PackedExt::splat(z));
            fold_halves(&mut weight, PackedExt::splat(z));
            variables -= 1;
            last_fold.insert(0, z);
            bound.insert(0, z);
        }
        oracle = next;
        lap("whir rounds");
    }
    let scalars = |v: &[PackedExt]| -> Vec<Challenge> { (0..LANES).map(|lane| v[0].lane(lane)).collect() };
    let (mut g, mut weight) = (scalars(&g), scalars(&weight));
    while g.len() > 1 {
        let half = g.len() / 2;
        let a = (0..half).map(|i| g[i] * weight[i]).sum();
        let c = (0..half).map(|i| (g[i + half] - g[i]) * (weight[i + half] - weight[i])).sum();
        let z = round(transcript, &mut claim, a, c);
        for v in [&mut g, &mut weight] {
            for i in 0..half {
                let (a, b) = (v[i], v[i + half]);
                v[i] = a + (b - a) * z;
            }
            v.truncate(half);
        }
        bound.insert(0, z);
    }
    let expected: Challenge =
        statements.iter().map(|(power, point)| *power * eq(point, &bound[..point.len()])).sum();
    assert_eq!(expected, weight[0], "the weights at the end are not those of the statements");
    assert_eq!(claim, g[0] * weight[0], "the last rounds do not end in the final polynomial's value");
    lap("whir rounds");
    opened
}

fn round(transcript: &mut Transcript, claim: &mut Challenge, at_zero: Challenge, leading: Challenge) -> Challenge {
    let linear = *claim - at_zero.double() - leading;
    transcript.absorb_ext(&[linear, leading]);
    let z = transcript.challenge();
    *claim = at_zero + z * (linear + z * leading);
    z
}

fn draw(transcript: &mut Transcript, queries: usize, depth: usize) -> Vec<usize> {
    let blocks = (queries + 1).div_ceil(8);
    let elements: Vec<Val> = (0..blocks).flat_map(|_| transcript.squeeze()).collect();
    assert_eq!(elements[0].as_canonical_u32() & ((1 << GRINDING) - 1), 0, "the nonce does not grind");
    let mask = (1 << depth) - 1;
    elements[1..=queries].iter().map(|x| x.as_canonical_u32() as usize & mask).collect()
}

fn moebius(mut values: Vec<Challenge>) -> Vec<Challenge> {
    let mut step = 1;
    while step < values.len() {
        for i in 0..values.len() {
            if i & step != 0 {
                let without = values[i - step];
                values[i] -= without;
            }
        }
        step *= 2;
    }
    values
}
