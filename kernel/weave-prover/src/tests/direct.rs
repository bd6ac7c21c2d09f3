//! A prover by direct summation: what the product's prover is compared with, and what attacks are built on.
//!
//! It takes leaves and rows as they are given and follows the protocol, whether what it shows holds or not.

use p3_field::{Field, PrimeCharacteristicRing};
use proofloom_field::{Challenge, Val};
use proofloom_weave::gkr::{Folding, LeafClaim};
use proofloom_weave::staged::{StagedChallenges, TableWeights, summand, weights};
use proofloom_weave::{MAX_LOG_HEIGHT, Machine, Native, Row, Shape, Table, Transcript};

use crate::trace::TableTrace;

/// Any arithmetic over known elements: nothing is read from a tape.
pub fn plain() -> Native<'static, ()> {
    Native::new("", &[], ())
}

/// Values of a multilinear polynomial with its lowest variable set.
pub fn fold(values: &mut Vec<Challenge>, z: Challenge) {
    *values = values.as_chunks::<2>().0.iter().map(|&[a, b]| a + (b - a) * z).collect();
}

pub fn eq_table(point: &[Challenge]) -> Vec<Challenge> {
    proofloom_weave::eq_table(&mut plain(), point)
}

/// Value of a multilinear polynomial at a point.
pub fn evaluate(values: &[Challenge], point: &[Challenge]) -> Challenge {
    let mut values = values.to_vec();
    point.iter().for_each(|&x| fold(&mut values, x));
    values[0]
}

/// Columns of all groups of a table, fixed first.
pub fn columns(trace: &TableTrace<'_>) -> Vec<Vec<Challenge>> {
    let groups = [trace.fixed, trace.shared, Some(trace.main)].into_iter().flatten();
    let of_group = |matrix: &p3_matrix::dense::RowMajorMatrix<Val>| -> Vec<Vec<Challenge>> {
        let column = |c: usize| matrix.values.iter().skip(c).step_by(matrix.width).map(|&x| x.into()).collect();
        (0..matrix.width).map(column).collect()
    };
    groups.flat_map(of_group).collect()
}

/// The next row of each row, cyclically.
pub fn shifted(column: &[Challenge]) -> Vec<Challenge> {
    (0..column.len()).map(|row| column[(row + 1) % column.len()]).collect()
}

/// Numerators and denominators of all leaves, the slot in the low bits.
#[derive(Clone, Debug)]
pub struct Leaves {
    pub p: Vec<Challenge>,
    pub q: Vec<Challenge>,
}

/// The leaves of the given rows.
pub fn leaves<T: Table>(
    machine: &Machine<T>,
    traces: &[TableTrace<'_>],
    publics: &[Vec<Val>],
    folding: &Folding<Challenge>,
) -> Leaves {
    let n = traces.iter().map(TableTrace::log_height).max().unwrap_or(0);
    let sigma = machine.slot_variables();
    let mut all = Leaves { p: vec![Challenge::ZERO; 1 << (sigma + n)], q: vec![Challenge::ONE; 1 << (sigma + n)] };
    for ((shape, trace), publics) in machine.shapes().iter().zip(traces).zip(publics) {
        let columns = columns(trace);
        for row in 0..1usize << trace.log_height() {
            let cells: Vec<Challenge> = columns.iter().map(|column| column[row]).collect();
            for (k, (p, q)) in fractions(shape, &cells, publics, folding).into_iter().enumerate() {
                let at = shape.first_slot + k + (row << sigma);
                (all.p[at], all.q[at]) = (p, q);
            }
        }
    }
    all
}

fn fractions(
    shape: &Shape,
    cells: &[Challenge],
    publics: &[Val],
    folding: &Folding<Challenge>,
) -> Vec<(Challenge, Challenge)> {
    let zero = Challenge::ZERO;
    let row = Row { columns: cells, next: cells, publics, first: zero, last: zero };
    let values = shape.dag.evaluate(&mut plain(), &row);
    let of_slot = |slot: &proofloom_weave::Slot| {
        let len = slot.tuple.len();
        let tuple: Challenge =
            slot.tuple.iter().enumerate().map(|(j, &node)| values[node] * folding.weight(len, j)).sum();
        (values[slot.count], folding.prefixes[slot.bus] - tuple)
    };
    shape.slots.iter().map(of_slot).collect()
}

/// The product of a layer's fractions that differ in the last variable, layer by layer, the root first.
fn layers(leaves: &Leaves) -> Vec<Leaves> {
    let mut all = vec![leaves.clone()];
    while all[0].p.len() > 1 {
        let Leaves { p, q } = &all[0];
        let half = p.len() / 2;
        let sum = |i: usize| p[i] * q[i + half] + p[i + half] * q[i];
        let product = |i: usize| q[i] * q[i + half];
        all.insert(0, Leaves { p: (0..half).map(sum).collect(), q: (0..half).map(product).collect() });
    }
    all
}

/// Shows that all fractions add up to zero. Returns the list of active messages and the claim.
pub fn prove_lookups(
    sigma: usize,
    leaves: &Leaves,
    transcript: &mut Transcript,
) -> (Vec<Challenge>, LeafClaim<Challenge>) {
    let layers = layers(leaves);
    let last = layers.len() - 1;
    let values = |layer: &Leaves| [layer.p[0], layer.q[0], layer.p[1], layer.q[1]];
    let mut list = values(&layers[1]).to_vec();
    transcript.absorb_challenges(&list);
    let rho = transcript.challenge();
    let mut point = vec![rho];
    for (l, layer) in layers.iter().enumerate().skip(2).map(|(l, layer)| (l - 1, layer)) {
        let claims = [&layers[l].p, &layers[l].q].map(|values| evaluate(values, &point));
        point = prove_layer(layer, claims, &point, transcript, &mut list);
    }
    let (p, q) = (evaluate(&layers[last].p, &point), evaluate(&layers[last].q, &point));
    for layer in last..sigma + MAX_LOG_HEIGHT {
        idle_layer(layer, transcript);
        point.push(Challenge::ZERO);
    }
    let row = point.split_off(sigma);
    (list, LeafClaim { p, q, slot: point, row })
}

fn idle_layer(layer: usize, transcript: &mut Transcript) {
    let _ = transcript.challenge();
    for _ in 0..layer {
        transcript.absorb_challenges(&[Challenge::ZERO; 2]);
        let _ = transcript.challenge();
    }
    transcript.absorb_challenges(&[Challenge::ZERO; 4]);
    let _ = transcript.challenge();
}

fn prove_layer(
    layer: &Leaves,
    [p, q]: [Challenge; 2],
    point: &[Challenge],
    transcript: &mut Transcript,
    list: &mut Vec<Challenge>,
) -> Vec<Challenge> {
    let lambda = transcript.challenge();
    let mut claim = lambda * p + q;
    let half = layer.p.len() / 2;
    let halves = |values: &[Challenge]| [values[..half].to_vec(), values[half..].to_vec()];
    let ([mut p0, mut p1], [mut q0, mut q1]) = (halves(&layer.p), halves(&layer.q));
    let mut challenges = Vec::new();
    for (i, &x) in point.iter().enumerate() {
        let eq = eq_table(&point[i + 1..]);
        let at = |z: Challenge| -> Challenge {
            let line = |v: &[Challenge], j: usize| v[2 * j] + (v[2 * j + 1] - v[2 * j]) * z;
            let term = |(j, &weight): (usize, &Challenge)| {
                let [p0, p1, q0, q1] = [&p0, &p1, &q0, &q1].map(|v| line(v, j));
                weight * (lambda * (p0 * q1 + p1 * q0) + q0 * q1)
            };
            eq.iter().enumerate().map(term).sum()
        };
        let values = [at(Challenge::ZERO), at(Challenge::ONE), at(Challenge::TWO)];
        let coefficients = interpolate(&values);
        let z = send_round(x, &mut claim, &coefficients, transcript, list);
        [&mut p0, &mut p1, &mut q0, &mut q1].into_iter().for_each(|v| fold(v, z));
        challenges.push(z);
    }
    let values = [p0[0], q0[0], p1[0], q1[0]];
    transcript.absorb_challenges(&values);
    list.extend(values);
    challenges.push(transcript.challenge());
    challenges
}

/// Sends all coefficients but the constant one, draws z and makes the claim the value there, in the way the
/// verifier does: from the claim, not from what was summed.
fn send_round(
    x: Challenge,
    claim: &mut Challenge,
    coefficients: &[Challenge],
    transcript: &mut Transcript,
    list: &mut Vec<Challenge>,
) -> Challenge {
    let message = &coefficients[1..];
    transcript.absorb_challenges(message);
    list.extend(message);
    let z = transcript.challenge();
    *claim = proofloom_weave::gkr::round(&mut plain(), *claim, x, message, z);
    z
}

/// Coefficients of the polynomial with these values at 0, 1, 2, ..
fn interpolate(values: &[Challenge]) -> Vec<Challenge> {
    // Newton's differences, then products (X - 0)(X - 1)..
    let mut differences = values.to_vec();
    for i in 1..values.len() {
        for j in (i..values.len()).rev() {
            differences[j] = (differences[j] - differences[j - 1]) * Val::from_usize(i).inverse();
        }
    }
    let mut out = vec![Challenge::ZERO; values.len()];
    for i in (0..values.len()).rev() {
        // out = out (X - i) + differences[i]
        let node = Val::from_usize(i);
        for j in (0..values.len()).rev() {
            out[j] = if j > 0 { out[j - 1] } else { Challenge::ZERO } - out[j] * node;
        }
        out[0] += differences[i];
    }
    out
}

/// One table while its variables are set.
struct Folded {
    columns: Vec<Vec<Challenge>>,
    next: Vec<Vec<Challenge>>,
    first: Vec<Challenge>,
    last: Vec<Challenge>,
}

impl Folded {
    fn new(trace: &TableTrace<'_>, shift: Shift) -> Self {
        let columns = columns(trace);
        let height = 1usize << trace.log_height();
        let unit = |at: usize| (0..height).map(|row| Challenge::from_bool(row == at)).collect();
        Self { next: columns.iter().map(|c| shift(c)).collect(), columns, first: unit(0), last: unit(height - 1) }
    }

    fn fold(&mut self, z: Challenge) {
        let selectors = [&mut self.first, &mut self.last];
        self.columns.iter_mut().chain(&mut self.next).chain(selectors).for_each(|v| fold(v, z));
    }

    /// The summand between rows 2j and 2j + 1; on a single row that row.
    fn value(
        &self,
        shape: &Shape,
        weights: &TableWeights<Challenge>,
        publics: &[Val],
        j: usize,
        z: Challenge,
    ) -> Challenge {
        let line = |v: &Vec<Challenge>| if v.len() == 1 { v[0] } else { v[2 * j] + (v[2 * j + 1] - v[2 * j]) * z };
        let (columns, next): (Vec<_>, Vec<_>) =
            (self.columns.iter().map(line).collect(), self.next.iter().map(line).collect());
        let row = Row { columns: &columns, next: &next, publics, first: line(&self.first), last: line(&self.last) };
        summand(&mut plain(), shape, &row, weights)
    }
}

/// What the staged rounds left.
pub struct StagedProof {
    /// Active messages.
    pub list: Vec<Challenge>,
    /// Row variables.
    pub point: Vec<Challenge>,
    /// Values in claim order.
    pub values: Vec<Challenge>,
}

/// What a prover takes for the next rows of a column.
pub type Shift<'a> = &'a dyn Fn(&[Challenge]) -> Vec<Challenge>;

/// Follows the staged rounds.
#[allow(clippy::too_many_arguments)]
pub fn prove_staged<T: Table>(
    machine: &Machine<T>,
    traces: &[TableTrace<'_>],
    publics: &[Vec<Val>],
    folding: &Folding<Challenge>,
    leaf: &LeafClaim<Challenge>,
    shift: Shift,
    transcript: &mut Transcript,
) -> StagedProof {
    let (lambda, alpha) = (transcript.challenge(), transcript.challenge());
    let challenges = StagedChallenges { lambda, alpha, slot: leaf.slot.clone() };
    let weights = weights(&mut plain(), machine, folding, &challenges);
    let heights: Vec<usize> = traces.iter().map(TableTrace::log_height).collect();
    let n = heights.iter().copied().max().unwrap_or(0);
    let mut tables: Vec<Folded> = traces.iter().map(|trace| Folded::new(trace, shift)).collect();
    let mut claim = leaf.p + lambda * (leaf.q - Challenge::ONE);
    let (mut list, mut point) = (Vec::new(), Vec::new());
    for i in 0..n {
        let at = |z: Challenge| -> Challenge {
            let of_table = |t: usize| {
                let value = |j: usize| tables[t].value(&machine.shapes()[t], &weights[t], &publics[t], j, z);
                table_sum(heights[t], i, &leaf.row, &point, z, value)
            };
            (0..tables.len()).map(of_table).sum()
        };
        let values: Vec<Challenge> = (0..4).map(|z| at(Challenge::from_u32(z))).collect();
        let coefficients = interpolate(&values);
        let r = send_round(leaf.row[i], &mut claim, &coefficients, transcript, &mut list);
        for (table, _) in tables.iter_mut().zip(&heights).filter(|&(_, &height)| i < height) {
            table.fold(r);
        }
        point.push(r);
    }
    for _ in n..MAX_LOG_HEIGHT {
        transcript.absorb_challenges(&[Challenge::ZERO; 3]);
        let _ = transcript.challenge();
        point.push(Challenge::ZERO);
    }
    let values = claimed_values(machine, &tables);
    transcript.absorb_challenges(&values);
    StagedProof { list, point, values }
}

/// The sum over the variables behind i of `eq(xi, .)` times a table's part, variable i set to z.
fn table_sum(
    height: usize,
    i: usize,
    xi: &[Challenge],
    point: &[Challenge],
    z: Challenge,
    value: impl Fn(usize) -> Challenge,
) -> Challenge {
    let one = Challenge::ONE;
    let none = |xs: &[Challenge]| -> Challenge { xs.iter().map(|&x| one - x).product() };
    if i < height {
        let eq = eq_table(&xi[i + 1..height]);
        let sum: Challenge = eq.iter().enumerate().map(|(j, &weight)| weight * value(j)).sum();
        return sum * none(&xi[height..]);
    }
    value(0) * none(&point[height..]) * (one - z) * none(&xi[i + 1..])
}

fn claimed_values<T>(machine: &Machine<T>, tables: &[Folded]) -> Vec<Challenge> {
    let mut values = Vec::new();
    for chunk in machine.chunks() {
        let first = machine.shapes()[chunk.table].first_column(chunk.group);
        let table = &tables[chunk.table];
        values.extend(chunk.columns.iter().map(|c| table.columns[first + c][0]));
        if chunk.next {
            values.extend(chunk.columns.iter().map(|c| table.next[first + c][0]));
        }
    }
    assert_eq!(values.len(), machine.claims());
    values
}
