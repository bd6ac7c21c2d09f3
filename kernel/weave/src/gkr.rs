//! Lookups: fractional GKR over the interactions of all tables, leaves recomputed when needed.
//!
//! Leaves are indexed by (slot, row), the slot in the low variables; each layer adds fractions whose
//! rows differ in the top row bit. So a table of height 2^h has 2^b rows in the layer of b row
//! variables, b < h, and above its height its leaves go on as they are, with neutral rows 0/1 beside
//! them. A layer keeps one vector of rows for each slot.
//!
//! In a layer's sumcheck the summand `lambda (p0 q1 + p1 q0) + q0 q1` is written as `u0 u1 + w0 w1` with
//! `u0 = q0`, `w0 = lambda p0`, `u1 = q1 + lambda p1`, `w1 = q1`: two products in place of three. In the
//! slot rounds u0 and w0 carry eq's weight of their row, so no round multiplies by it.

use p3_air::RowWindow;
use p3_field::{Field, PrimeCharacteristicRing};
use proofloom_field::{Challenge, LANES, PackedExt, PackedVal, Val};

use crate::sum::{PackedSum, fold};

use crate::folder::{Folding, LeafFolder, Window};
use crate::machine::{Machine, Shape, Table};
use crate::mle::{LOG_LANES, drop_lowest, eq_lanes_on_top, eq_packed, eq_table, fold_lowest};
use crate::rows::TableRows;
use crate::sponge::Transcript;

/// What is left to show of the leaves.
pub struct LeafClaim {
    pub p: Challenge,
    pub q: Challenge,
    /// Slot variables.
    pub slot: Vec<Challenge>,
    /// Row variables, the active ones.
    pub row: Vec<Challenge>,
}

/// Fractions of all slots of a table, rows of the lower and of the upper half apart.
struct Layer {
    p: Vec<[Vec<PackedExt>; 2]>,
    q: Vec<[Vec<PackedExt>; 2]>,
}

struct Leaves {
    p: Vec<Vec<PackedVal>>,
    q: Vec<Vec<PackedExt>>,
}

/// Challenges of all tables' fractions.
pub fn foldings<T: Table>(machine: &Machine<T>, alpha: Challenge, beta: Challenge) -> Vec<Folding> {
    let powers: Vec<Challenge> = beta.powers().take(machine.widest + 1).collect();
    let top = powers[machine.widest];
    let prefix = |bus: usize| PackedExt::splat(alpha + top * Val::from_usize(bus + 1));
    let of_table = |shape: &Shape| Folding {
        prefixes: shape.slots.iter().map(|slot| prefix(slot.bus)).collect(),
        widths: shape.slots.iter().map(|slot| slot.linear.len() - 1).collect(),
        betas: powers[..machine.widest].iter().map(|&x| PackedExt::splat(x)).collect(),
    };
    machine.shapes.iter().map(of_table).collect()
}

/// Evaluates fractions of one table, a vector of rows at a time.
struct LeafEvaluator<'a, T> {
    table: &'a T,
    shape: &'a Shape,
    rows: TableRows<'a>,
    publics: &'a [Val],
    folding: &'a Folding,
    main: Vec<PackedVal>,
    preprocessed: Vec<PackedVal>,
    zeros: Vec<PackedVal>,
}

impl<'a, T: Table> LeafEvaluator<'a, T> {
    fn new(table: &'a T, shape: &'a Shape, rows: TableRows<'a>, publics: &'a [Val], folding: &'a Folding) -> Self {
        Self {
            table,
            shape,
            rows,
            publics,
            folding,
            main: PackedVal::zero_vec(shape.main),
            preprocessed: PackedVal::zero_vec(shape.preprocessed()),
            zeros: PackedVal::zero_vec(shape.main.max(shape.preprocessed())),
        }
    }

    /// Fractions of the rows `row..row + LANES`. No interaction reads the next row.
    #[inline(never)]
    fn evaluate(&mut self, row: usize, p: &mut [PackedVal], q: &mut [PackedExt]) {
        let rows = core::array::from_fn(|lane| row + lane);
        self.rows.pack_main(&rows, &mut self.main);
        self.rows.pack_preprocessed(&rows, &mut self.preprocessed);
        let window = Window {
            main: RowWindow::from_two_rows(&self.main, &self.zeros[..self.shape.main]),
            preprocessed: RowWindow::from_two_rows(
                &self.preprocessed,
                &self.zeros[..self.shape.preprocessed()],
            ),
            first: PackedVal::ZERO,
            last: PackedVal::ZERO,
            transition: PackedVal::ZERO,
        };
        self.table.eval(&mut LeafFolder {
            window,
            publics: self.publics,
            folding: self.folding,
            numerators: p,
            denominators: q,
            next: 0,
        });
    }

    fn buffers(&self) -> (Vec<PackedVal>, Vec<PackedExt>) {
        let slots = self.shape.slots.len();
        (PackedVal::zero_vec(slots), vec![PackedExt::ZERO; slots])
    }

    fn leaves(&mut self, log_height: usize) -> Leaves {
        let slots = self.shape.slots.len();
        let vectors = (1usize << log_height) / LANES;
        let mut leaves = Leaves {
            p: vec![Vec::with_capacity(vectors); slots],
            q: vec![Vec::with_capacity(vectors); slots],
        };
        let (mut p, mut q) = self.buffers();
        for row in (0..1 << log_height).step_by(LANES) {
            self.evaluate(row, &mut p, &mut q);
            for k in 0..slots {
                leaves.p[k].push(p[k]);
                leaves.q[k].push(q[k]);
            }
        }
        leaves
    }
}

/// Halves of a layer of `rows` vectors; one vector is not cut.
fn halves(rows: usize, mut add: impl FnMut(core::ops::Range<usize>, &mut Vec<PackedExt>, &mut Vec<PackedExt>)) -> [[Vec<PackedExt>; 2]; 2] {
    let cut = if rows > 1 { rows / 2 } else { rows };
    let half = |range: core::ops::Range<usize>| (Vec::with_capacity(range.len()), Vec::with_capacity(range.len()));
    let ((mut p0, mut q0), (mut p1, mut q1)) = (half(0..cut), half(cut..rows));
    add(0..cut, &mut p0, &mut q0);
    add(cut..rows, &mut p1, &mut q1);
    [[p0, p1], [q0, q1]]
}

/// The layer below the leaves: rows that differ in the top bit, added.
fn first_layer(leaves: &Leaves) -> Layer {
    let slots = leaves.p.len();
    let mut out = Layer { p: Vec::with_capacity(slots), q: Vec::with_capacity(slots) };
    for (p, q) in leaves.p.iter().zip(&leaves.q) {
        let half = p.len() / 2;
        let ((p0, p1), (q0, q1)) = (p.split_at(half), q.split_at(half));
        let [p, q] = halves(half, |r, p, q| add_leaves(&p0[r.clone()], &q0[r.clone()], &p1[r.clone()], &q1[r], p, q));
        out.p.push(p);
        out.q.push(q);
    }
    out
}

#[inline(never)]
fn add_leaves(
    p0: &[PackedVal],
    q0: &[PackedExt],
    p1: &[PackedVal],
    q1: &[PackedExt],
    p: &mut Vec<PackedExt>,
    q: &mut Vec<PackedExt>,
) {
    for i in 0..p0.len() {
        p.push(PackedExt::weighted([(&q1[i], p0[i]), (&q0[i], p1[i])].into_iter()));
        q.push(q0[i].times(q1[i]));
    }
}

/// Adds the two halves of every slot's rows.
fn add_halves(layer: &Layer) -> Layer {
    let slots = layer.p.len();
    let mut out = Layer { p: Vec::with_capacity(slots), q: Vec::with_capacity(slots) };
    for ([p0, p1], [q0, q1]) in layer.p.iter().zip(&layer.q) {
        let [p, q] = halves(p0.len(), |r, p, q| add_rows(&p0[r.clone()], &q0[r.clone()], &p1[r.clone()], &q1[r], p, q));
        out.p.push(p);
        out.q.push(q);
    }
    out
}

#[inline(never)]
fn add_rows(
    p0: &[PackedExt],
    q0: &[PackedExt],
    p1: &[PackedExt],
    q1: &[PackedExt],
    p: &mut Vec<PackedExt>,
    q: &mut Vec<PackedExt>,
) {
    for i in 0..p0.len() {
        p.push(p0[i].dot2(q1[i], p1[i], q0[i]));
        q.push(q0[i].times(q1[i]));
    }
}

/// Rows of one slot with a counterpart in the other half, or of several folded. `e` and `v` carry the
/// rows' weights: `eq q0`, `eq lambda p0`, `q1 + lambda p1`, `q1`; the summand is `e u + v q`.
struct Tall {
    e: Vec<PackedExt>,
    v: Vec<PackedExt>,
    u: Vec<PackedExt>,
    q: Vec<PackedExt>,
}

/// A slot of a low table: its other half is neutral, and so are rows above its height.
#[derive(Clone, Copy)]
struct Low {
    weight: Challenge,
    table: usize,
    slot: usize,
}

/// One slot of a sumcheck, or several folded: the neutral column and what differs from it.
///
/// Neutral slots and slots of low tables change nothing but scalars: with rows' sums
/// `A = sum (e - eq)(u - 1) + v (q - 1)`, `B = sum (e - eq) + eq (u - 1) + v` a tall column that is
/// scaled by c towards the neutral one has the sum `1 + c B + c^2 A`, and a low one its own sum S and
/// its cross sum with the tall one.
#[derive(Default)]
struct Column {
    tall: Option<Tall>,
    /// How much of the tall column is left.
    scale: Challenge,
    a: Challenge,
    b: Challenge,
    /// Whether `a` and `b` are apart already; else `a` is their sum.
    apart: bool,
    low: Vec<Low>,
    low_sum: Challenge,
    cross: Challenge,
}

/// Rows worked on at a time.
const CHUNK: usize = 128;

#[inline(never)]
fn multiply_by(x: &mut [PackedExt], y: &[PackedExt]) {
    for (x, &y) in x.iter_mut().zip(y) {
        *x = x.times(y);
    }
}

/// p becomes q + lambda p.
#[inline(never)]
fn add_scaled(p: &mut [PackedExt], q: &[PackedExt], lambda: PackedExt) {
    for (p, &q) in p.iter_mut().zip(q) {
        *p = q + *p * lambda;
    }
}

#[inline(never)]
fn sum_dots(sum: &mut PackedSum, e: &[PackedExt], u: &[PackedExt], v: &[PackedExt], q: &[PackedExt]) {
    for (((&e, &u), &v), &q) in e.iter().zip(u).zip(v).zip(q) {
        sum.add_dot2(e, u, v, q);
    }
}

/// Sums products of the differences of two columns' pair of factors.
#[inline(never)]
fn sum_differences(sum: &mut PackedSum, [a, b]: [&[PackedExt]; 2], [c, d]: [&[PackedExt]; 2]) {
    for (((&a, &b), &c), &d) in a.iter().zip(b).zip(c).zip(d) {
        sum.add_mul(b - a, d - c);
    }
}

#[inline(never)]
fn sum_products(sum: &mut PackedSum, a: &[PackedExt], b: &[PackedExt]) {
    for (&a, &b) in a.iter().zip(b) {
        sum.add_mul(a, b);
    }
}

#[inline(never)]
fn sum_scaled(a: &[PackedExt], b: &[PackedVal]) -> PackedExt {
    PackedExt::weighted(a.iter().zip(b.iter().copied()))
}

impl Tall {
    fn len(&self) -> usize {
        self.e.len()
    }
    fn fold(&mut self, other: &Self, r: core::ops::Range<usize>, z: PackedExt) {
        fold(&mut self.e[r.clone()], &other.e[r.clone()], z);
        fold(&mut self.u[r.clone()], &other.u[r.clone()], z);
        fold(&mut self.v[r.clone()], &other.v[r.clone()], z);
        fold(&mut self.q[r.clone()], &other.q[r], z);
    }
    fn differences(&self, other: &Self, r: core::ops::Range<usize>, sum: &mut PackedSum) {
        sum_differences(sum, [&self.e[r.clone()], &other.e[r.clone()]], [&self.u[r.clone()], &other.u[r.clone()]]);
        sum_differences(sum, [&self.v[r.clone()], &other.v[r.clone()]], [&self.q[r.clone()], &other.q[r]]);
    }
}

fn chunks(len: usize) -> impl Iterator<Item = core::ops::Range<usize>> {
    (0..len).step_by(CHUNK).map(move |start| start..len.min(start + CHUNK))
}

/// A layer's running claim.
struct Rounds<'t> {
    transcript: &'t mut Transcript,
    claim: Challenge,
    challenges: Vec<Challenge>,
}

impl Rounds<'_> {
    /// One round from the value at 0 and the leading coefficient; `x` is the coordinate of eq.
    fn round(&mut self, x: Challenge, at_zero: Challenge, leading: Challenge) -> Challenge {
        let linear = (self.claim - at_zero) * x.inverse() - leading;
        self.transcript.absorb_ext(&[linear, leading]);
        let z = self.transcript.challenge();
        self.claim = at_zero + z * (linear + z * leading);
        self.challenges.push(z);
        z
    }
}

/// The four factors over all points of a small cube, one by one.
struct Dense {
    u0: Vec<Challenge>,
    w0: Vec<Challenge>,
    u1: Vec<Challenge>,
    w1: Vec<Challenge>,
}

impl Dense {
    /// All remaining rounds.
    fn rounds(&mut self, point: &[Challenge], rounds: &mut Rounds<'_>) {
        for i in 0..point.len() {
            let eq = eq_table(&point[i + 1..], Challenge::ONE);
            let (mut at_zero, mut leading) = (Challenge::ZERO, Challenge::ZERO);
            for (j, &weight) in eq.iter().enumerate() {
                let (a, b) = (2 * j, 2 * j + 1);
                let d = |v: &[Challenge]| v[b] - v[a];
                at_zero += weight * (self.u0[a] * self.u1[a] + self.w0[a] * self.w1[a]);
                leading += weight * (d(&self.u0) * d(&self.u1) + d(&self.w0) * d(&self.w1));
            }
            let z = rounds.round(point[i], at_zero, leading);
            for v in [&mut self.u0, &mut self.w0, &mut self.u1, &mut self.w1] {
                fold_lowest(v, z);
            }
        }
    }
}

/// Shows that all fractions add up to zero.
pub fn prove<'a, T: Table>(
    machine: &'a Machine<T>,
    tables: &[TableRows<'a>],
    publics: &'a [Vec<Val>],
    foldings: &'a [Folding],
    transcript: &mut Transcript,
    mut lap: impl FnMut(&'static str),
) -> LeafClaim {
    let sigma = machine.sigma;
    let log_heights: Vec<usize> = tables.iter().map(TableRows::log_height).collect();
    let rows = log_heights.iter().copied().max().unwrap_or(0);
    let evaluator = |t: usize| {
        LeafEvaluator::new(&machine.tables[t], &machine.shapes[t], tables[t], &publics[t], &foldings[t])
    };
    let leaves: Vec<Leaves> = (0..tables.len()).map(|t| evaluator(t).leaves(log_heights[t])).collect();
    lap("gkr leaves");
    // layers[t][b] has 2^b rows.
    let mut layers: Vec<Vec<Option<Layer>>> = Vec::new();
    for t in 0..tables.len() {
        let mut own: Vec<Option<Layer>> = (0..log_heights[t]).map(|_| None).collect();
        let mut layer = first_layer(&leaves[t]);
        for b in (LOG_LANES..log_heights[t]).rev() {
            let above = if b > LOG_LANES { Some(add_halves(&layer)) } else { None };
            own[b] = Some(layer);
            let Some(above) = above else { break };
            layer = above;
        }
        layers.push(own);
    }
    lap("gkr layers");

    let dense = dense_layers(machine, &layers);
    let (p, q) = &dense[1];
    assert_eq!(p[0] * q[1] + p[1] * q[0], Challenge::ZERO, "the fractions do not add up to zero");
    transcript.absorb_ext(&[p[0], q[0], p[1], q[1]]);
    let rho = transcript.challenge();
    let mut claim = LayerClaim {
        p: p[0] + rho * (p[1] - p[0]),
        q: q[0] + rho * (q[1] - q[0]),
        point: vec![rho],
    };
    for l in 1..sigma + LOG_LANES {
        claim = dense_layer(&dense[l + 1], claim, transcript);
    }
    for b in LOG_LANES..rows {
        let lambda = transcript.challenge();
        let pass = Pass::new(lambda, claim.point.split_off(sigma), &leaves);
        let columns = pass.columns(machine, &mut layers, &log_heights, b);
        claim = pass.rounds(columns, claim, transcript);
        lap("gkr sumchecks");
    }
    let row = claim.point.split_off(sigma);
    LeafClaim { p: claim.p, q: claim.q, slot: claim.point, row }
}

struct LayerClaim {
    p: Challenge,
    q: Challenge,
    point: Vec<Challenge>,
}

impl LayerClaim {
    /// The claim about the next layer, after its sumcheck has ended in these factors.
    fn next(rounds: Rounds<'_>, lambda: Challenge, [u0, w0, u1, w1]: [Challenge; 4]) -> Self {
        assert_eq!(rounds.claim, u0 * u1 + w0 * w1, "a layer's sumcheck does not end in its values");
        let inverse = lambda.inverse();
        let (p0, q0, p1, q1) = (w0 * inverse, u0, (u1 - w1) * inverse, w1);
        let Rounds { transcript, mut challenges, .. } = rounds;
        transcript.absorb_ext(&[p0, q0, p1, q1]);
        let rho = transcript.challenge();
        challenges.push(rho);
        Self { p: p0 + rho * (p1 - p0), q: q0 + rho * (q1 - q0), point: challenges }
    }
}

/// All layers of at most `sigma + LOG_LANES` variables, slot in the low bits.
fn dense_layers<T>(machine: &Machine<T>, layers: &[Vec<Option<Layer>>]) -> Vec<(Vec<Challenge>, Vec<Challenge>)> {
    let sigma = machine.sigma;
    let mut p = vec![Challenge::ZERO; LANES << sigma];
    let mut q = vec![Challenge::ONE; LANES << sigma];
    for (shape, own) in machine.shapes.iter().zip(layers) {
        let Some(layer) = &own[LOG_LANES] else { continue };
        for k in 0..shape.slots.len() {
            for lane in 0..LANES {
                let at = shape.first_slot + k + (lane << sigma);
                p[at] = layer.p[k][0][0].lane(lane);
                q[at] = layer.q[k][0][0].lane(lane);
            }
        }
    }
    let mut dense = vec![(p, q)];
    for _ in 0..sigma + LOG_LANES {
        let (p, q) = &dense[dense.len() - 1];
        let half = p.len() / 2;
        let sum_p = (0..half).map(|i| p[i] * q[i + half] + p[i + half] * q[i]).collect();
        let sum_q = (0..half).map(|i| q[i] * q[i + half]).collect();
        dense.push((sum_p, sum_q));
    }
    dense.reverse();
    dense
}

fn dense_layer((p, q): &(Vec<Challenge>, Vec<Challenge>), claim: LayerClaim, transcript: &mut Transcript) -> LayerClaim {
    let lambda = transcript.challenge();
    let half = p.len() / 2;
    let mut dense = Dense {
        u0: q[..half].to_vec(),
        w0: p[..half].iter().map(|&p| p * lambda).collect(),
        u1: p[half..].iter().zip(&q[half..]).map(|(&p, &q)| q + p * lambda).collect(),
        w1: q[half..].to_vec(),
    };
    let mut rounds = Rounds { transcript, claim: lambda * claim.p + claim.q, challenges: Vec::new() };
    dense.rounds(&claim.point, &mut rounds);
    LayerClaim::next(rounds, lambda, [dense.u0[0], dense.w0[0], dense.u1[0], dense.w1[0]])
}

/// One layer's sumcheck.
struct Pass<'l> {
    lambda: Challenge,
    row_point: Vec<Challenge>,
    eq: Vec<PackedExt>,
    /// `lambda eq`.
    weighted: Vec<PackedExt>,
    leaves: &'l [Leaves],
}

impl<'l> Pass<'l> {
    fn new(lambda: Challenge, row_point: Vec<Challenge>, leaves: &'l [Leaves]) -> Self {
        let eq = eq_packed(&row_point, Challenge::ONE);
        let weighted = eq_packed(&row_point, lambda);
        Self { lambda, row_point, eq, weighted, leaves }
    }

    /// The slots of the layer with b row variables; frees what it takes of the layers.
    fn columns<T>(
        &self,
        machine: &Machine<T>,
        layers: &mut [Vec<Option<Layer>>],
        log_heights: &[usize],
        b: usize,
    ) -> Vec<Column> {
        let mut columns: Vec<Column> = Vec::with_capacity(1 << machine.sigma);
        for (t, shape) in machine.shapes.iter().enumerate() {
            if log_heights[t] > b + 1 {
                let Some(layer) = layers[t][b + 1].take() else { continue };
                for ([p0, p1], [q0, q1]) in layer.p.into_iter().zip(layer.q) {
                    columns.push(self.tall(Tall { e: q0, v: p0, u: p1, q: q1 }));
                }
            } else if log_heights[t] == b + 1 {
                let leaves = &self.leaves[t];
                for (p, q) in leaves.p.iter().zip(&leaves.q) {
                    let half = p.len() / 2;
                    let (q0, q1) = q.split_at(half);
                    columns.push(self.tall_leaf(p, q0.to_vec(), q1.to_vec()));
                }
            } else {
                columns.extend((0..shape.slots.len()).map(|slot| self.low(t, slot)));
            }
        }
        columns.resize_with(1 << machine.sigma, Column::default);
        columns
    }

    fn tall(&self, mut tall: Tall) -> Column {
        let lambda = PackedExt::splat(self.lambda);
        let mut sum = PackedSum::new();
        for r in chunks(tall.len()) {
            multiply_by(&mut tall.e[r.clone()], &self.eq[r.clone()]);
            multiply_by(&mut tall.v[r.clone()], &self.weighted[r.clone()]);
            add_scaled(&mut tall.u[r.clone()], &tall.q[r.clone()], lambda);
            sum_dots(&mut sum, &tall.e[r.clone()], &tall.u[r.clone()], &tall.v[r.clone()], &tall.q[r]);
        }
        Self::clean(tall, sum.finish().sum_lanes() - Challenge::ONE)
    }

    fn tall_leaf(&self, p: &[PackedVal], e: Vec<PackedExt>, q: Vec<PackedExt>) -> Column {
        let lambda = PackedExt::splat(self.lambda);
        let half = e.len();
        let new = || Vec::with_capacity(half);
        let mut tall = Tall { e, v: new(), u: new(), q };
        let mut sum = PackedSum::new();
        for r in chunks(half) {
            multiply_by(&mut tall.e[r.clone()], &self.eq[r.clone()]);
            scale_leaves(&mut tall.v, &p[r.clone()], &self.weighted[r.clone()]);
            add_scaled_leaves(&mut tall.u, &p[half + r.start..half + r.end], &tall.q[r.clone()], lambda);
            sum_dots(&mut sum, &tall.e[r.clone()], &tall.u[r.clone()], &tall.v[r.clone()], &tall.q[r]);
        }
        Self::clean(tall, sum.finish().sum_lanes() - Challenge::ONE)
    }

    fn clean(tall: Tall, sum: Challenge) -> Column {
        Column { tall: Some(tall), scale: Challenge::ONE, a: sum, ..Column::default() }
    }

    fn low(&self, table: usize, slot: usize) -> Column {
        let leaves = &self.leaves[table];
        let (p, q) = (&leaves.p[slot], &leaves.q[slot]);
        let eq = &self.eq[..q.len()];
        let mut sum = PackedSum::new();
        sum_products(&mut sum, eq, q);
        let ones: PackedExt = eq.iter().copied().sum();
        let total = sum.finish() - ones + sum_scaled(&self.weighted[..p.len()], p);
        Column {
            low: vec![Low { weight: Challenge::ONE, table, slot }],
            low_sum: total.sum_lanes(),
            ..Column::default()
        }
    }

    /// `sum (e - eq)(u - 1) + v (q - 1)` of low slots, with the u and q of a tall column.
    fn cross(&self, tall: &Tall, low: &[Low]) -> Challenge {
        let rows = low.iter().map(|l| self.leaves[l.table].q[l.slot].len()).max().unwrap_or(0);
        if rows == 0 {
            return Challenge::ZERO;
        }
        let less_one = |x: &[PackedExt]| x[..rows].iter().map(|&x| x - PackedExt::ONE).collect::<Vec<_>>();
        let (mut g, mut h) = (less_one(&tall.u), less_one(&tall.q));
        multiply_by(&mut g, &self.eq[..rows]);
        multiply_by(&mut h, &self.weighted[..rows]);
        // Sums of g up to each height.
        let mut ones: Vec<(usize, Challenge)> = Vec::new();
        let mut total = Challenge::ZERO;
        for l in low {
            let leaves = &self.leaves[l.table];
            let (p, q) = (&leaves.p[l.slot], &leaves.q[l.slot]);
            let len = q.len();
            let one = ones.iter().find(|(known, _)| *known == len).map(|&(_, sum)| sum).unwrap_or_else(|| {
                let sum = g[..len].iter().copied().sum::<PackedExt>().sum_lanes();
                ones.push((len, sum));
                sum
            });
            let mut sum = PackedSum::new();
            sum_products(&mut sum, &g[..len], q);
            let own = sum.finish() + sum_scaled(&h[..len], p);
            total += l.weight * (own.sum_lanes() - one);
        }
        total
    }

    /// Brings `a` and `b` apart: `b = sum e - eq + eq (u - 1) + v`.
    fn part(&self, column: &mut Column) {
        let Some(tall) = column.tall.as_ref().filter(|_| !column.apart) else { return };
        let mut sum = PackedSum::new();
        sum_products(&mut sum, &self.eq, &tall.u);
        let plain: PackedExt = tall.e.iter().zip(&tall.v).map(|(&e, &v)| e + v).sum();
        column.b = (sum.finish() + plain).sum_lanes() - Challenge::TWO;
        column.a -= column.b;
        column.apart = true;
    }

    /// Makes a column all tall: nothing scaled, no low slots beside it.
    fn settle(&self, column: &mut Column) {
        let rows = self.eq.len();
        if column.tall.is_some() && column.scale == Challenge::ONE && column.low.is_empty() {
            return;
        }
        let one = PackedExt::ONE;
        let sum = column.sum();
        let mut tall = match column.tall.take() {
            Some(mut tall) => {
                if column.scale != Challenge::ONE {
                    let c = PackedExt::splat(column.scale);
                    for (e, &eq) in tall.e.iter_mut().zip(&self.eq) {
                        *e = eq + (*e - eq) * c;
                    }
                    for x in tall.u.iter_mut().chain(&mut tall.q) {
                        *x = one + (*x - one) * c;
                    }
                    for v in &mut tall.v {
                        *v = *v * c;
                    }
                }
                tall
            }
            None => Tall { e: self.eq.clone(), v: vec![PackedExt::ZERO; rows], u: vec![one; rows], q: vec![one; rows] },
        };
        let height = column.low.iter().map(|l| self.leaves[l.table].q[l.slot].len()).max().unwrap_or(0);
        let mut q = vec![PackedExt::ZERO; height];
        let mut p = vec![PackedExt::ZERO; height];
        for l in &column.low {
            let leaves = &self.leaves[l.table];
            add_low(&mut q, &mut p, &leaves.q[l.slot], &leaves.p[l.slot], PackedExt::splat(l.weight));
        }
        multiply_by(&mut q, &self.eq[..height]);
        multiply_by(&mut p, &self.weighted[..height]);
        for i in 0..height {
            tall.e[i] += q[i];
            tall.v[i] += p[i];
        }
        // One sum in place of four.
        column.a = sum;
        column.b = Challenge::ZERO;
        column.apart = false;
        column.tall = Some(tall);
        column.scale = Challenge::ONE;
        column.low = Vec::new();
        (column.low_sum, column.cross) = (Challenge::ZERO, Challenge::ZERO);
    }

    /// Value at 0 less the neutral one, and leading coefficient, between two columns.
    fn between(&self, x: &mut Column, y: &mut Column) -> [Challenge; 2] {
        match (x.tall.is_some(), y.tall.is_some()) {
            (false, false) => [x.low_sum, Challenge::ZERO],
            (true, true) => {
                self.settle(x);
                self.settle(y);
                let mut sum = PackedSum::new();
                if let (Some(a), Some(b)) = (&x.tall, &y.tall) {
                    for r in chunks(a.len()) {
                        a.differences(b, r, &mut sum);
                    }
                }
                [x.a + x.b, sum.finish().sum_lanes()]
            }
            (in_x, _) => {
                let (tall, other) = if in_x { (&mut *x, &mut *y) } else { (&mut *y, &mut *x) };
                self.part(tall);
                other.cross = tall.tall.as_ref().map_or(Challenge::ZERO, |tall| self.cross(tall, &other.low));
                let c = tall.scale;
                let difference = tall.cross - other.cross;
                let leading = c * (c * tall.a + difference);
                [if in_x { x.sum() } else { x.low_sum }, leading]
            }
        }
    }

    /// Folds two columns of which not both are tall. `between` has been called.
    fn join(mut x: Column, mut y: Column, z: Challenge) -> Column {
        let rest = Challenge::ONE - z;
        x.low.iter_mut().for_each(|l| l.weight *= rest);
        y.low.iter_mut().for_each(|l| l.weight *= z);
        let mut low = x.low;
        low.append(&mut y.low);
        let low_sum = rest * x.low_sum + z * y.low_sum;
        let cross = rest * x.cross + z * y.cross;
        let (tall, factor) = if x.tall.is_some() {
            ((x.tall, x.scale, x.a, x.b, x.apart), rest)
        } else {
            ((y.tall, y.scale, y.a, y.b, y.apart), z)
        };
        let (tall, scale, a, b, apart) = tall;
        Column { tall, scale: scale * factor, a, b, apart, low, low_sum, cross }
    }

    /// The leaves and the layer's end: all rounds.
    fn rounds(self, mut columns: Vec<Column>, claim: LayerClaim, transcript: &mut Transcript) -> LayerClaim {
        let lambda = self.lambda;
        let slot_point = claim.point;
        let mut rounds = Rounds { transcript, claim: lambda * claim.p + claim.q, challenges: Vec::new() };
        // Of the pairs: between.
        let mut sums: Vec<[Challenge; 2]> = pairs(&mut columns).map(|[x, y]| self.between(x, y)).collect();
        for (i, &x) in slot_point.iter().enumerate() {
            let weights = eq_table(&slot_point[i + 1..], Challenge::ONE);
            // The neutral 1 of every point is taken out of the sum.
            let (mut at_zero, mut leading) = (Challenge::ONE, Challenge::ZERO);
            for ([a, c], &weight) in sums.iter().zip(&weights) {
                at_zero += weight * *a;
                leading += weight * *c;
            }
            let z = rounds.round(x, at_zero, leading);
            let mut folded: Vec<Column> = Vec::with_capacity(columns.len() / 2);
            let mut next: Vec<[Challenge; 2]> = Vec::with_capacity(columns.len() / 4);
            let mut rest = columns.into_iter();
            let mut own = sums.into_iter();
            let packed = PackedExt::splat(z);
            while let (Some(mut a), Some(mut b), Some(first)) = (rest.next(), rest.next(), own.next()) {
                let (Some(mut c), Some(mut d), Some(second)) = (rest.next(), rest.next(), own.next()) else {
                    fold_pair(&mut a, &mut b, first, z);
                    if let (Some(x), Some(y)) = (&mut a.tall, &b.tall) {
                        for r in chunks(x.len()) {
                            x.fold(y, r, packed);
                        }
                        folded.push(a);
                    } else {
                        folded.push(Self::join(a, b, z));
                    }
                    continue;
                };
                let all = [&a, &b, &c, &d].iter().all(|x| x.tall.is_some());
                if all {
                    fold_pair(&mut a, &mut b, first, z);
                    fold_pair(&mut c, &mut d, second, z);
                    let mut sum = PackedSum::new();
                    if let (Some(x), Some(y), Some(v), Some(w)) = (&mut a.tall, &b.tall, &mut c.tall, &d.tall) {
                        for r in chunks(x.len()) {
                            x.fold(y, r.clone(), packed);
                            v.fold(w, r.clone(), packed);
                            x.differences(v, r, &mut sum);
                        }
                    }
                    next.push([a.a, sum.finish().sum_lanes()]);
                    folded.push(a);
                    folded.push(c);
                    continue;
                }
                let mut fold = |mut a: Column, mut b: Column, sums: [Challenge; 2]| {
                    if a.tall.is_some() && b.tall.is_some() {
                        fold_pair(&mut a, &mut b, sums, z);
                        if let (Some(x), Some(y)) = (&mut a.tall, &b.tall) {
                            for r in chunks(x.len()) {
                                x.fold(y, r, packed);
                            }
                        }
                        a
                    } else {
                        Self::join(a, b, z)
                    }
                };
                let (mut x, mut y) = (fold(a, b, first), fold(c, d, second));
                next.push(self.between(&mut x, &mut y));
                folded.push(x);
                folded.push(y);
            }
            columns = folded;
            sums = next;
        }
        let Some(mut column) = columns.pop() else { unreachable!("a layer has slots") };
        self.settle(&mut column);
        let Some(Tall { mut e, mut v, u, q }) = column.tall else { unreachable!("settled columns are tall") };
        // Without the rows' weights: eq's inverse is a product like eq.
        let inverse = eq_inverse(&self.row_point);
        multiply_by(&mut e, &inverse);
        multiply_by(&mut v, &inverse);
        let row_point = &self.row_point[..];
        let mut parts = [&e, &v, &u, &q].map(|part| lanes_on_top(part));
        let mut eq = eq_lanes_on_top(row_point, Challenge::ONE);
        let mut done = 0;
        while parts[0].len() > 1 {
            drop_lowest(&mut eq);
            let [at_zero, leading] = sum_rows(&parts, &eq);
            let z = rounds.round(row_point[done], at_zero.sum_lanes(), leading.sum_lanes());
            for part in &mut parts {
                fold_rows(part, PackedExt::splat(z));
            }
            done += 1;
        }
        let [u0, w0, u1, w1] = parts.map(|part| (0..LANES).map(|lane| part[0].lane(lane)).collect());
        let mut dense = Dense { u0, w0, u1, w1 };
        dense.rounds(&row_point[done..], &mut rounds);
        LayerClaim::next(rounds, lambda, [dense.u0[0], dense.w0[0], dense.u1[0], dense.w1[0]])
    }
}

impl Column {
    /// The sum over the rows, less the neutral one.
    fn sum(&self) -> Challenge {
        let c = self.scale;
        if self.tall.is_none() {
            return self.low_sum;
        }
        if c == Challenge::ONE {
            return self.low_sum + self.a + self.b + self.cross;
        }
        self.low_sum + c * (self.b + self.cross + c * self.a)
    }
}

/// Scalars of two settled tall columns, folded: the sum at z is known.
fn fold_pair(x: &mut Column, y: &mut Column, [at_zero, leading]: [Challenge; 2], z: Challenge) {
    let at_one = y.a + y.b;
    let sum = at_zero + z * (at_one - at_zero - leading) + z.square() * leading;
    if x.tall.is_some() && y.tall.is_some() {
        (x.a, x.b, x.apart) = (sum, Challenge::ZERO, false);
    }
}

fn pairs<T>(all: &mut [T]) -> impl Iterator<Item = &mut [T; 2]> {
    all.as_chunks_mut::<2>().0.iter_mut()
}

#[inline(never)]
fn scale_leaves(out: &mut Vec<PackedExt>, p: &[PackedVal], weights: &[PackedExt]) {
    for (&p, &weight) in p.iter().zip(weights) {
        out.push(weight * p);
    }
}

#[inline(never)]
fn add_scaled_leaves(out: &mut Vec<PackedExt>, p: &[PackedVal], q: &[PackedExt], lambda: PackedExt) {
    for (&p, &q) in p.iter().zip(q) {
        out.push(q + lambda * p);
    }
}

/// Adds `weight (q - 1)` and `weight p` of a low slot.
#[inline(never)]
fn add_low(q: &mut [PackedExt], p: &mut [PackedExt], own_q: &[PackedExt], own_p: &[PackedVal], weight: PackedExt) {
    for (q, &own) in q.iter_mut().zip(own_q) {
        *q += (own - PackedExt::ONE) * weight;
    }
    for (p, &own) in p.iter_mut().zip(own_p) {
        *p += weight * own;
    }
}

/// `1 / eq(point, i)` for all i, in vectors.
fn eq_inverse(point: &[Challenge]) -> Vec<PackedExt> {
    // 1 / eq(x, b) is eq(y, b) / s where y = (1 - x), s = x (1 - x).
    let swapped: Vec<Challenge> = point.iter().map(|&x| Challenge::ONE - x).collect();
    let scale: Challenge = point.iter().map(|&x| x * (Challenge::ONE - x)).product();
    eq_packed(&swapped, scale.inverse())
}

/// From consecutive rows in a vector to rows that differ in the top bits.
pub fn lanes_on_top(rows: &[PackedExt]) -> Vec<PackedExt> {
    let vectors = rows.len();
    let at = |row: usize| rows[row / LANES].lane(row % LANES);
    (0..vectors).map(|j| PackedExt::from_fn(|lane| at(j + lane * vectors))).collect()
}

#[inline(never)]
fn sum_rows(parts: &[Vec<PackedExt>; 4], eq: &[PackedExt]) -> [PackedExt; 2] {
    let [u0, w0, u1, w1] = parts;
    let (mut at_zero, mut leading) = (PackedExt::ZERO, PackedExt::ZERO);
    for (j, &weight) in eq.iter().enumerate() {
        let (a, b) = (2 * j, 2 * j + 1);
        at_zero += weight.times(u0[a].dot2(u1[a], w0[a], w1[a]));
        let top = (u0[b] - u0[a]).dot2(u1[b] - u1[a], w0[b] - w0[a], w1[b] - w1[a]);
        leading += weight.times(top);
    }
    [at_zero, leading]
}

/// Folds neighbouring vectors.
#[inline(never)]
pub fn fold_rows(rows: &mut Vec<PackedExt>, z: PackedExt) {
    for j in 0..rows.len() / 2 {
        let (a, b) = (rows[2 * j], rows[2 * j + 1]);
        rows[j] = a + (b - a) * z;
    }
    rows.truncate(rows.len() / 2);
}
