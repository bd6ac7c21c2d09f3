//! Lookups: fractional GKR over the interactions of all tables, leaves recomputed when needed.
//!
//! Leaves are indexed by (slot, row), the slot in the low variables; each layer adds fractions whose
//! rows differ in the top row bit. So a table of height 2^h has 2^b rows in the layer of b row
//! variables, b < h, and above its height its leaves go on as they are, with neutral rows 0/1 beside
//! them. A layer keeps one vector of rows for each slot.
//!
//! In a layer's sumcheck the summand `lambda (p0 q1 + p1 q0) + q0 q1` is written as `u0 u1 + w0 w1` with
//! `w0 = -lambda p0`, `w1 = lambda p1`, `u = q + lambda p`: two products in place of three.

use p3_air::RowWindow;
use p3_field::{Field, PrimeCharacteristicRing};
use proofloom_field::{Challenge, LANES, PackedExt, PackedVal, Val};

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

/// Fractions of one slot: one vector for numerators and one for denominators.
struct Layer {
    p: Vec<Vec<PackedExt>>,
    q: Vec<Vec<PackedExt>>,
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

    /// The layer below the leaves: rows that differ in the top bit, added.
    fn first_layer(&mut self, log_height: usize) -> Layer {
        let slots = self.shape.slots.len();
        let half = 1usize << (log_height - 1);
        let new = || vec![Vec::with_capacity(half / LANES); slots];
        let mut layer = Layer { p: new(), q: new() };
        let ((mut p0, mut q0), (mut p1, mut q1)) = (self.buffers(), self.buffers());
        for row in (0..half).step_by(LANES) {
            self.evaluate(row, &mut p0, &mut q0);
            self.evaluate(row + half, &mut p1, &mut q1);
            for k in 0..slots {
                layer.p[k].push(q1[k] * p0[k] + q0[k] * p1[k]);
                layer.q[k].push(q0[k] * q1[k]);
            }
        }
        layer
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

/// Adds the two halves of every slot's rows.
fn add_halves(layer: &Layer) -> Layer {
    let slots = layer.p.len();
    let mut out = Layer { p: Vec::with_capacity(slots), q: Vec::with_capacity(slots) };
    for (p, q) in layer.p.iter().zip(&layer.q) {
        let half = p.len() / 2;
        let (mut sum_p, mut sum_q) = (Vec::with_capacity(half), Vec::with_capacity(half));
        add_rows(&p[..half], &q[..half], &p[half..], &q[half..], &mut sum_p, &mut sum_q);
        out.p.push(sum_p);
        out.q.push(sum_q);
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

/// The four factors of the summand at one vector of rows.
#[derive(Clone, Copy)]
struct Quad {
    u0: PackedExt,
    w0: PackedExt,
    u1: PackedExt,
    w1: PackedExt,
}

/// Rows of one slot as a sumcheck reads them.
trait Source: Copy {
    fn load(&self, i: usize) -> Quad;
}

#[derive(Clone, Copy)]
struct Neutral;

impl Source for Neutral {
    #[inline(always)]
    fn load(&self, _: usize) -> Quad {
        Quad { u0: PackedExt::ONE, w0: PackedExt::ZERO, u1: PackedExt::ONE, w1: PackedExt::ZERO }
    }
}

/// Rows with a counterpart in the other half.
#[derive(Clone, Copy)]
struct Tall<'a> {
    u: &'a [PackedExt],
    w: &'a [PackedExt],
}

impl Source for Tall<'_> {
    #[inline(always)]
    fn load(&self, i: usize) -> Quad {
        let half = self.u.len() / 2;
        Quad { u0: self.u[i], w0: self.w[i], u1: self.u[i + half], w1: self.w[i + half] }
    }
}

/// Rows without a counterpart: the other half is neutral.
#[derive(Clone, Copy)]
struct Low<'a> {
    u: &'a [PackedExt],
    w: &'a [PackedExt],
}

impl Source for Low<'_> {
    #[inline(always)]
    fn load(&self, i: usize) -> Quad {
        Quad { u0: self.u[i], w0: self.w[i], u1: PackedExt::ONE, w1: PackedExt::ZERO }
    }
}

#[derive(Clone, Copy)]
struct TallLeaf<'a> {
    p: &'a [PackedVal],
    q: &'a [PackedExt],
    lambda: PackedExt,
}

impl Source for TallLeaf<'_> {
    #[inline(always)]
    fn load(&self, i: usize) -> Quad {
        let half = self.p.len() / 2;
        let (w0, w1) = (self.lambda * self.p[i], self.lambda * self.p[i + half]);
        Quad { u0: self.q[i] + w0, w0: -w0, u1: self.q[i + half] + w1, w1 }
    }
}

#[derive(Clone, Copy)]
struct LowLeaf<'a> {
    p: &'a [PackedVal],
    q: &'a [PackedExt],
    lambda: PackedExt,
}

impl Source for LowLeaf<'_> {
    #[inline(always)]
    fn load(&self, i: usize) -> Quad {
        let w0 = self.lambda * self.p[i];
        Quad { u0: self.q[i] + w0, w0: -w0, u1: PackedExt::ONE, w1: PackedExt::ZERO }
    }
}

/// Sums over a range of rows: the summand at 0 without the neutral 1, and its leading coefficient.
#[inline(never)]
fn sum_pair<A: Source, B: Source>(a: A, b: B, eq: &[PackedExt], rows: core::ops::Range<usize>) -> [PackedExt; 2] {
    let (mut at_zero, mut leading) = (PackedExt::ZERO, PackedExt::ZERO);
    for i in rows {
        let (x, y) = (a.load(i), b.load(i));
        let value = x.u0.dot2(x.u1, x.w0, x.w1) - PackedExt::ONE;
        let (du0, dw0) = (y.u0 - x.u0, y.w0 - x.w0);
        let top = du0.dot2(y.u1 - x.u1, dw0, y.w1 - x.w1);
        at_zero += eq[i].times(value);
        leading += eq[i].times(top);
    }
    [at_zero, leading]
}

/// As [`sum_pair`] where both other halves are neutral: the summand is u0.
#[inline(never)]
fn sum_low<A: Source>(a: A, eq: &[PackedExt], rows: core::ops::Range<usize>) -> [PackedExt; 2] {
    let mut at_zero = PackedExt::ZERO;
    for i in rows {
        at_zero += eq[i].times(a.load(i).u0 - PackedExt::ONE);
    }
    [at_zero, PackedExt::ZERO]
}

/// Folds a range of rows of two tall slots.
#[inline(never)]
fn fold_tall<A: Source, B: Source>(a: A, b: B, z: PackedExt, rows: core::ops::Range<usize>, out: &mut TallColumn) {
    let half = out.u.len() / 2;
    for i in rows {
        let (x, y) = (a.load(i), b.load(i));
        out.u[i] = x.u0 + (y.u0 - x.u0) * z;
        out.w[i] = x.w0 + (y.w0 - x.w0) * z;
        out.u[i + half] = x.u1 + (y.u1 - x.u1) * z;
        out.w[i + half] = x.w1 + (y.w1 - x.w1) * z;
    }
}

#[inline(never)]
fn fold_low<A: Source, B: Source>(a: A, b: B, z: PackedExt, rows: core::ops::Range<usize>, out: &mut TallColumn) {
    for i in rows {
        let (x, y) = (a.load(i), b.load(i));
        out.u[i] = x.u0 + (y.u0 - x.u0) * z;
        out.w[i] = x.w0 + (y.w0 - x.w0) * z;
    }
}

/// Folds into the first of two stored tall slots.
#[inline(never)]
fn fold_in_place(x: &mut [PackedExt], y: &[PackedExt], z: PackedExt) {
    for (x, &y) in x.iter_mut().zip(y) {
        *x += (y - *x) * z;
    }
}

struct TallColumn {
    u: Vec<PackedExt>,
    w: Vec<PackedExt>,
}

/// One slot of a sumcheck, or several folded.
enum Column<'a> {
    Neutral,
    Tall(TallColumn),
    Low(TallColumn),
    TallLeaf(&'a [PackedVal], &'a [PackedExt]),
    LowLeaf(&'a [PackedVal], &'a [PackedExt]),
}

/// Calls `$body` with `$a` bound to the source of a column.
macro_rules! with_source {
    ($column:expr, $lambda:expr, |$a:ident| $body:expr) => {
        match $column {
            Column::Neutral => { let $a = Neutral; $body }
            Column::Tall(c) => { let $a = Tall { u: &c.u, w: &c.w }; $body }
            Column::Low(c) => { let $a = Low { u: &c.u, w: &c.w }; $body }
            Column::TallLeaf(p, q) => { let $a = TallLeaf { p: *p, q: *q, lambda: $lambda }; $body }
            Column::LowLeaf(p, q) => { let $a = LowLeaf { p: *p, q: *q, lambda: $lambda }; $body }
        }
    };
}

impl Column<'_> {
    /// Vectors of rows that are not neutral.
    fn rows(&self) -> usize {
        match self {
            Self::Neutral => 0,
            Self::Tall(c) => c.u.len() / 2,
            Self::Low(c) => c.u.len(),
            Self::TallLeaf(p, _) => p.len() / 2,
            Self::LowLeaf(p, _) => p.len(),
        }
    }

    const fn is_tall(&self) -> bool {
        matches!(self, Self::Tall(_) | Self::TallLeaf(..))
    }
}

fn sum_columns(a: &Column<'_>, b: &Column<'_>, eq: &[PackedExt], lambda: PackedExt) -> [PackedExt; 2] {
    let (rows_a, rows_b) = (a.rows(), b.rows());
    let both = rows_a.min(rows_b);
    if !a.is_tall() && !b.is_tall() {
        // At 0 only the first counts: rows of the second alone are neutral there.
        return with_source!(a, lambda, |a| sum_low(a, eq, 0..rows_a));
    }
    let mut sums = with_source!(a, lambda, |a| with_source!(b, lambda, |b| sum_pair(a, b, eq, 0..both)));
    let rest = if rows_a > both {
        with_source!(a, lambda, |a| sum_pair(a, Neutral, eq, both..rows_a))
    } else {
        with_source!(b, lambda, |b| sum_pair(Neutral, b, eq, both..rows_b))
    };
    sums[0] += rest[0];
    sums[1] += rest[1];
    sums
}

fn fold_columns<'a>(a: Column<'a>, b: Column<'a>, z: PackedExt, lambda: PackedExt) -> Column<'a> {
    if let (Column::Neutral, Column::Neutral) = (&a, &b) {
        return Column::Neutral;
    }
    let (a, b) = match (a, b) {
        (Column::Tall(mut x), Column::Tall(y)) => {
            fold_in_place(&mut x.u, &y.u, z);
            fold_in_place(&mut x.w, &y.w, z);
            return Column::Tall(x);
        }
        pair => pair,
    };
    let (rows_a, rows_b) = (a.rows(), b.rows());
    let (both, rows) = (rows_a.min(rows_b), rows_a.max(rows_b));
    let tall = a.is_tall() || b.is_tall();
    let len = rows << usize::from(tall);
    let mut out = TallColumn { u: vec![PackedExt::ZERO; len], w: vec![PackedExt::ZERO; len] };
    if tall {
        with_source!(&a, lambda, |a| with_source!(&b, lambda, |b| fold_tall(a, b, z, 0..both, &mut out)));
        if rows_a > both {
            with_source!(&a, lambda, |a| fold_tall(a, Neutral, z, both..rows, &mut out));
        } else {
            with_source!(&b, lambda, |b| fold_tall(Neutral, b, z, both..rows, &mut out));
        }
        return Column::Tall(out);
    }
    with_source!(&a, lambda, |a| with_source!(&b, lambda, |b| fold_low(a, b, z, 0..both, &mut out)));
    if rows_a > both {
        with_source!(&a, lambda, |a| fold_low(a, Neutral, z, both..rows, &mut out));
    } else {
        with_source!(&b, lambda, |b| fold_low(Neutral, b, z, both..rows, &mut out));
    }
    Column::Low(out)
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
    // layers[t][b] has 2^b rows.
    let mut layers: Vec<Vec<Option<Layer>>> = Vec::new();
    for t in 0..tables.len() {
        let mut own: Vec<Option<Layer>> = (0..log_heights[t]).map(|_| None).collect();
        let mut layer = evaluator(t).first_layer(log_heights[t]);
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
    let mut leaves: Vec<Option<Leaves>> = (0..tables.len()).map(|_| None).collect();
    for b in LOG_LANES..rows {
        for t in 0..tables.len() {
            if log_heights[t] == b + 1 {
                leaves[t] = Some(evaluator(t).leaves(log_heights[t]));
            }
        }
        lap("gkr leaves");
        let lambda = transcript.challenge();
        let columns = columns_of(machine, &mut layers, &leaves, &log_heights, b, lambda);
        claim = column_layer(columns, sigma, lambda, claim, transcript);
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
        let (p0, q0, p1, q1) = (-w0 * inverse, u0 + w0, w1 * inverse, u1 - w1);
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
                p[at] = layer.p[k][0].lane(lane);
                q[at] = layer.q[k][0].lane(lane);
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
    let w: Vec<Challenge> = p.iter().map(|&p| p * lambda).collect();
    let u: Vec<Challenge> = w.iter().zip(q).map(|(&w, &q)| w + q).collect();
    let mut dense = Dense {
        u0: u[..half].to_vec(),
        w0: w[..half].iter().map(|&w| -w).collect(),
        u1: u[half..].to_vec(),
        w1: w[half..].to_vec(),
    };
    let mut rounds = Rounds { transcript, claim: lambda * claim.p + claim.q, challenges: Vec::new() };
    dense.rounds(&claim.point, &mut rounds);
    LayerClaim::next(rounds, lambda, [dense.u0[0], dense.w0[0], dense.u1[0], dense.w1[0]])
}

/// The slots of the layer with b row variables; frees what it takes of the layers.
fn columns_of<'l, T>(
    machine: &Machine<T>,
    layers: &mut [Vec<Option<Layer>>],
    leaves: &'l [Option<Leaves>],
    log_heights: &[usize],
    b: usize,
    lambda: Challenge,
) -> Vec<Column<'l>> {
    let mut columns: Vec<Column<'l>> = Vec::with_capacity(1 << machine.sigma);
    let lambda = PackedExt::splat(lambda);
    for (t, shape) in machine.shapes.iter().enumerate() {
        if log_heights[t] > b + 1 {
            let Some(layer) = layers[t][b + 1].take() else { continue };
            for (w, u) in layer.p.into_iter().zip(layer.q) {
                columns.push(Column::Tall(to_factors(w, u, lambda)));
            }
        } else if let Some(leaves) = &leaves[t] {
            for k in 0..shape.slots.len() {
                let (p, q) = (&leaves.p[k][..], &leaves.q[k][..]);
                columns.push(if log_heights[t] == b + 1 {
                    Column::TallLeaf(p, q)
                } else {
                    Column::LowLeaf(p, q)
                });
            }
        }
    }
    columns.resize_with(1 << machine.sigma, || Column::Neutral);
    columns
}

/// Turns p, q into w, u in place.
#[inline(never)]
fn to_factors(mut p: Vec<PackedExt>, mut q: Vec<PackedExt>, lambda: PackedExt) -> TallColumn {
    let half = p.len() / 2;
    let (p0, p1) = p.split_at_mut(half);
    let (q0, q1) = q.split_at_mut(half);
    for (p, q) in p0.iter_mut().zip(q0) {
        let w = *p * lambda;
        *q += w;
        *p = -w;
    }
    for (p, q) in p1.iter_mut().zip(q1) {
        *p *= lambda;
        *q += *p;
    }
    TallColumn { u: q, w: p }
}

fn column_layer(
    mut columns: Vec<Column<'_>>,
    sigma: usize,
    lambda: Challenge,
    claim: LayerClaim,
    transcript: &mut Transcript,
) -> LayerClaim {
    let (slot_point, row_point) = claim.point.split_at(sigma);
    let packed_lambda = PackedExt::splat(lambda);
    let eq = eq_packed(row_point, Challenge::ONE);
    let mut rounds = Rounds { transcript, claim: lambda * claim.p + claim.q, challenges: Vec::new() };
    for (i, &x) in slot_point.iter().enumerate() {
        let weights = eq_table(&slot_point[i + 1..], Challenge::ONE);
        // The neutral 1 of every point is taken out of the sum.
        let (mut at_zero, mut leading) = (Challenge::ONE, Challenge::ZERO);
        for (pair, &weight) in columns.chunks_exact(2).zip(&weights) {
            let [a, c] = sum_columns(&pair[0], &pair[1], &eq, packed_lambda);
            at_zero += weight * a.sum_lanes();
            leading += weight * c.sum_lanes();
        }
        let z = PackedExt::splat(rounds.round(x, at_zero, leading));
        let mut folded = Vec::with_capacity(columns.len() / 2);
        let mut rest = columns.into_iter();
        while let (Some(a), Some(b)) = (rest.next(), rest.next()) {
            folded.push(fold_columns(a, b, z, packed_lambda));
        }
        columns = folded;
    }
    let Some(Column::Tall(column)) = columns.pop() else {
        unreachable!("some table is as high as the layer");
    };
    let half = column.u.len() / 2;
    let mut parts = [&column.u[..half], &column.w[..half], &column.u[half..], &column.w[half..]]
        .map(lanes_on_top);
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
