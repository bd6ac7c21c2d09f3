//! Constraints and leaves of all tables: one sumcheck over the rows.
//!
//! A table's summand is a linear form of its columns (elements of interactions of degree 1) and the
//! weighted sum of its terms of degree 2 and 3. Constraints of degree 1 are zero everywhere if they are
//! on the rows, and are left out. The first [`SMALL`] rounds come from one pass over the trace: sums of
//! the terms at all points of a grid, while columns are still base-field values ("small value
//! optimisation"). The linear form needs only the grid's points on the cube.

use p3_air::RowWindow;
use p3_field::{Field, PrimeCharacteristicRing};
use proofloom_field::{Challenge, LANES, PackedExt, PackedVal, Val};

use crate::folder::{BaseFolder, ExtFolder, Folding, Terms, Values, Window};
use crate::gkr::{LeafClaim, fold_rows};
use crate::machine::{Machine, Shape, Table};
use crate::mle::{cubic_at, cubic_coefficients, drop_lowest, eq_lanes_on_top, eq_packed, eq_table, fold_lowest};
use crate::rows::TableRows;
use crate::sponge::Transcript;

/// Rounds made from the trace itself.
const SMALL: usize = 2;
/// Rows that those rounds join.
const GROUP: usize = 1 << SMALL;
/// Points of a round polynomial: 0, 1, -1, 2.
const POINTS: usize = 4;
/// Points of the grid.
const GRID: usize = POINTS.pow(SMALL as u32);

/// Column values of a table at the final point.
pub struct TableClaims {
    /// Fixed, shared, main.
    pub columns: Vec<Challenge>,
    /// Columns read at the next row, in the order of [`Shape::next`].
    pub next: Vec<Challenge>,
}

pub struct Outcome {
    pub point: Vec<Challenge>,
    pub claims: Vec<TableClaims>,
}

/// The weights of one table's terms.
struct Weights {
    terms: Terms,
    /// Per column (fixed, shared, main, next) of the linear form.
    linear: Vec<PackedExt>,
    constant: Challenge,
    has_constraints: bool,
    has_elements: bool,
}

/// What all tables' weights are made from.
pub struct Challenges<'a> {
    pub lambda: Challenge,
    pub alpha: Challenge,
    pub slot: &'a [Challenge],
}

/// Number of the first constraint's power of alpha is one: no constraint has weight 1.
fn weights<T: Table>(table: &T, shape: &Shape, folding: &Folding, challenges: &Challenges<'_>, publics: &[Val]) -> Weights {
    let eq = eq_table(challenges.slot, Challenge::ONE);
    let mut terms = Terms::default();
    let mut linear_terms = Terms::default();
    let mut power = challenges.alpha.exp_u64(shape.first_constraint as u64 + 1);
    for &(nonlinear, ext) in &shape.constraints {
        terms.constraints.push(nonlinear);
        if nonlinear {
            let list = if ext { &mut terms.ext_weights } else { &mut terms.base_weights };
            list.push(PackedExt::splat(power));
        }
        power *= challenges.alpha;
    }
    linear_terms.constraints = vec![false; shape.constraints.len()];
    let mut constant = Challenge::ZERO;
    for (k, slot) in shape.slots.iter().enumerate() {
        let weight = eq[shape.first_slot + k];
        let scaled = weight * challenges.lambda;
        constant += scaled * (folding.prefixes[k].lane(0) - Challenge::ONE);
        let len = slot.linear.len() - 1;
        for (j, &linear) in slot.linear.iter().enumerate() {
            let own = if j == len { weight } else { -scaled * folding.betas[len - 1 - j].lane(0) };
            terms.elements.push(!linear);
            linear_terms.elements.push(linear);
            let list = if linear { &mut linear_terms } else { &mut terms };
            list.element_weights.push(PackedExt::splat(own));
        }
    }
    let (linear, at_zero) = linear_form(table, shape, &linear_terms, publics);
    Weights {
        has_constraints: !(terms.base_weights.is_empty() && terms.ext_weights.is_empty()),
        has_elements: !terms.element_weights.is_empty(),
        terms,
        linear,
        constant: constant + at_zero,
    }
}

/// Coefficients of an affine function of the columns, and its constant, from its values on unit rows.
fn linear_form<T: Table>(table: &T, shape: &Shape, terms: &Terms, publics: &[Val]) -> (Vec<PackedExt>, Challenge) {
    let width = shape.width();
    let zeros = PackedVal::zero_vec(width);
    let mut values = Values::default();
    let mut evaluate = |row: &[PackedVal]| {
        let (preprocessed, main) = row.split_at(shape.preprocessed());
        let (zeros_pre, zeros_main) = zeros.split_at(shape.preprocessed());
        let window = Window {
            main: RowWindow::from_two_rows(main, zeros_main),
            preprocessed: RowWindow::from_two_rows(preprocessed, zeros_pre),
            first: PackedVal::ZERO,
            last: PackedVal::ZERO,
            transition: PackedVal::ZERO,
        };
        let mut folder = BaseFolder::<false>::new(window, publics, terms, &mut values);
        table.eval(&mut folder);
        folder.sum()
    };
    let mut coefficients = Vec::with_capacity(width + shape.next.len());
    if terms.element_weights.is_empty() {
        coefficients.resize(width + shape.next.len(), PackedExt::ZERO);
        return (coefficients, Challenge::ZERO);
    }
    let constant = evaluate(&zeros).lane(0);
    for first in (0..width).step_by(LANES) {
        let mut row = zeros.clone();
        for lane in 0..LANES.min(width - first) {
            row[first + lane] = PackedVal::from_fn(|l| Val::from_bool(l == lane));
        }
        let sums = evaluate(&row);
        for lane in 0..LANES.min(width - first) {
            coefficients.push(PackedExt::splat(sums.lane(lane) - constant));
        }
    }
    // Interactions do not read the next row.
    coefficients.resize(width + shape.next.len(), PackedExt::ZERO);
    (coefficients, constant)
}

use p3_field::PackedValue;

/// One table on its way through the rounds.
struct Prover<'a, T> {
    table: &'a T,
    shape: &'a Shape,
    rows: TableRows<'a>,
    publics: &'a [Val],
    weights: Weights,
    log_height: usize,
    /// Claim of this table alone.
    claim: Challenge,
    /// Sums at the grid's points; later empty.
    grid: Vec<Challenge>,
    /// Columns row by row (fixed, shared, main, next, linear form), lanes on top.
    folded: Vec<PackedExt>,
    /// The same when a vector holds all rows.
    scalars: Vec<Vec<Challenge>>,
    eq: Vec<PackedExt>,
    first: Challenge,
    last: Challenge,
    buffers: Buffers,
}

#[derive(Default)]
struct Buffers {
    here: Vec<PackedExt>,
    next: Vec<PackedExt>,
}

impl<'a, T: Table> Prover<'a, T> {
    /// Columns and next columns.
    fn width(&self) -> usize {
        self.shape.width() + self.shape.next.len()
    }

    /// Sums over groups of rows at the points of the grid.
    #[inline(never)]
    fn sum_grid(&mut self, point: &[Challenge], scale: Challenge) {
        let log_groups = self.log_height - SMALL;
        let groups = 1usize << log_groups;
        let vectors = groups.div_ceil(LANES);
        let eq = if groups >= LANES {
            eq_packed(&point[SMALL..self.log_height], scale)
        } else {
            let table = eq_table(&point[SMALL..self.log_height], scale);
            vec![PackedExt::from_fn(|lane| table.get(lane).copied().unwrap_or_default())]
        };
        let active = self.rows.active();
        let mut pass = GridPass::new(self.shape);
        let mut sums = vec![PackedExt::ZERO; GRID];
        let mut linear = vec![PackedExt::ZERO; GROUP];
        let weights = &self.weights;
        for (j, &weight) in eq.iter().enumerate() {
            pass.load(&self.rows, self.shape, j, groups);
            for (g, sum) in linear.iter_mut().enumerate() {
                *sum += weight * pass.linear(g, &weights.linear);
            }
            let idle = j > 0 && j + 1 < vectors && j * LANES * GROUP >= active;
            if weights.has_constraints && !idle {
                pass.extend();
                pass.selectors(j, groups);
                for (g, sum) in sums.iter_mut().enumerate() {
                    let on_cube = corner(g).is_some();
                    if !on_cube {
                        *sum += weight * pass.evaluate::<T, true>(self.table, g, self.publics, &weights.terms);
                    } else if weights.has_elements {
                        *sum += weight * pass.evaluate::<T, false>(self.table, g, self.publics, &weights.terms);
                    }
                }
            } else if weights.has_elements {
                pass.extend();
                pass.selectors(j, groups);
                for (g, sum) in sums.iter_mut().enumerate() {
                    *sum += weight * pass.evaluate::<T, false>(self.table, g, self.publics, &weights.terms);
                }
            }
        }
        // The constant's weight is the sum of all the others', which is this scale.
        let corners: Vec<Challenge> =
            linear.iter().map(|sum| sum.sum_lanes() + weights.constant * scale).collect();
        let linear = extend_scalars(&corners);
        self.grid = sums.iter().zip(linear).map(|(sum, linear)| sum.sum_lanes() + linear).collect();
    }

    /// Values of the round polynomial at 0, 1, -1, 2, from the grid.
    fn grid_round(&self, point: &[Challenge], round: usize) -> [Challenge; 4] {
        // Later variables are summed over {0, 1} under eq.
        let mut values = self.grid.clone();
        for later in (round + 1..SMALL).rev() {
            let x = point[later];
            let len = values.len() / POINTS;
            values = (0..len).map(|i| values[i] + x * (values[i + len] - values[i])).collect();
        }
        [values[0], values[1], values[2], values[3]]
    }

    /// Sets the grid's lowest variable.
    fn bind_grid(&mut self, r: Challenge) {
        self.grid = self.grid.as_chunks::<POINTS>().0.iter().map(|&values| cubic_at(values, r)).collect();
    }

    /// Folds the trace with the challenges of the first rounds.
    #[inline(never)]
    fn fold_trace(&mut self, challenges: &[Challenge], point: &[Challenge], scale: Challenge) {
        let eq_group: Vec<PackedExt> =
            eq_table(challenges, Challenge::ONE).into_iter().map(PackedExt::splat).collect();
        let groups = 1usize << (self.log_height - SMALL);
        let vectors = groups.div_ceil(LANES);
        let height = 1usize << self.log_height;
        let (width, own) = (self.width(), self.shape.width());
        let mut folded = Vec::with_capacity(vectors * (width + 1));
        let pre = self.shape.preprocessed();
        let mut cells = PackedVal::zero_vec(GROUP * own);
        for j in 0..vectors {
            let row = |lane: usize, g: usize| GROUP * ((j + lane * vectors) % groups) + g;
            for g in 0..GROUP {
                let rows = core::array::from_fn(|lane| row(lane, g));
                let (preprocessed, main) = cells[g * own..][..own].split_at_mut(pre);
                self.rows.pack_preprocessed(&rows, preprocessed);
                self.rows.pack_main(&rows, main);
            }
            let start = folded.len();
            for c in 0..own {
                folded.push(PackedExt::weighted((0..GROUP).map(|g| (&eq_group[g], cells[g * own + c]))));
            }
            let behind = core::array::from_fn(|lane| row(lane, GROUP) % height);
            for &c in &self.shape.next {
                let wrapped = self.rows.pack_one(c, &behind);
                let cell = |g: usize| if g + 1 < GROUP { cells[(g + 1) * own + c] } else { wrapped };
                folded.push(PackedExt::weighted((0..GROUP).map(|g| (&eq_group[g], cell(g)))));
            }
            let mut linear = PackedExt::splat(self.weights.constant);
            for (c, weight) in self.weights.linear.iter().enumerate() {
                linear += folded[start + c] * *weight;
            }
            folded.push(linear);
        }
        self.first = challenges.iter().map(|&r| Challenge::ONE - r).product();
        self.last = challenges.iter().copied().product();
        if groups >= 2 * LANES {
            self.folded = folded;
            self.eq = eq_lanes_on_top(&point[SMALL..self.log_height], scale);
        } else {
            self.scalars = (0..groups)
                .map(|i| {
                    let (j, lane) = (i % vectors, i / vectors);
                    (0..=width).map(|c| folded[j * (width + 1) + c].lane(lane)).collect()
                })
                .collect();
        }
        self.grid = Vec::new();
    }

    /// Value of the summand (without the linear form) at one point.
    #[inline]
    fn evaluate(&mut self, columns: &[PackedExt], first: PackedExt, last: PackedExt) -> PackedExt {
        let width = self.width();
        if !self.weights.has_constraints && !self.weights.has_elements {
            return columns[width];
        }
        let own = self.shape.width();
        let (preprocessed, main) = columns[..own].split_at(self.shape.preprocessed());
        for (i, &c) in self.shape.next.iter().enumerate() {
            self.buffers.next[c] = columns[own + i];
        }
        let (next_pre, next_main) = self.buffers.next.split_at(self.shape.preprocessed());
        let window = Window {
            main: RowWindow::from_two_rows(main, next_main),
            preprocessed: RowWindow::from_two_rows(preprocessed, next_pre),
            first,
            last,
            transition: PackedExt::ONE - last,
        };
        let mut folder = ExtFolder::new(window, self.publics, &self.weights.terms);
        self.table.eval(&mut folder);
        folder.sum + columns[width]
    }

    /// Values of the round polynomial, from folded columns.
    fn folded_round(&mut self, x: Challenge, point_after: &[Challenge], scale: Challenge) -> [Challenge; 4] {
        let [v0, vm, v2] = if self.scalars.is_empty() {
            self.vector_round()
        } else {
            self.scalar_round(point_after, scale)
        };
        // claim = (1 - x) h(0) + x h(1)
        let v1 = (self.claim - (Challenge::ONE - x) * v0) * x.inverse();
        [v0, v1, vm, v2]
    }

    #[inline(never)]
    fn vector_round(&mut self) -> [Challenge; 3] {
        drop_lowest(&mut self.eq);
        let stride = self.width() + 1;
        let folded = core::mem::take(&mut self.folded);
        let eq = core::mem::take(&mut self.eq);
        let mut here = core::mem::take(&mut self.buffers.here);
        here.resize(stride, PackedExt::ZERO);
        let pairs = eq.len();
        let mut sums = [PackedExt::ZERO; 3];
        for (j, &weight) in eq.iter().enumerate() {
            let (a, b) = folded[2 * j * stride..][..2 * stride].split_at(stride);
            let lane = |on: bool, at: usize, value: Challenge| {
                if on { PackedExt::from_fn(|l| if l == at { value } else { Challenge::ZERO }) } else { PackedExt::ZERO }
            };
            let first = lane(j == 0, 0, self.first);
            let last = lane(j + 1 == pairs, LANES - 1, self.last);
            let zero = PackedExt::ZERO;
            sums[0] += weight * self.evaluate(a, first, zero);
            // At -1: 2a - b; at 2: 2b - a.
            for ((x, &a), &b) in here.iter_mut().zip(a).zip(b) {
                *x = a + (a - b);
            }
            sums[1] += weight * self.evaluate(&here, first + first, -last);
            for ((x, &a), &b) in here.iter_mut().zip(a).zip(b) {
                *x = b + (b - a);
            }
            sums[2] += weight * self.evaluate(&here, -first, last + last);
        }
        (self.folded, self.eq, self.buffers.here) = (folded, eq, here);
        sums.map(|sum| sum.sum_lanes())
    }

    fn scalar_round(&mut self, point_after: &[Challenge], scale: Challenge) -> [Challenge; 3] {
        let eq = eq_table(point_after, scale);
        let scalars = core::mem::take(&mut self.scalars);
        let weight = PackedExt::from_fn(|lane| eq.get(lane).copied().unwrap_or_default());
        let pairs = scalars.len() / 2;
        let pair = |lane: usize| lane.min(pairs - 1);
        let column = |c: usize, odd: usize| PackedExt::from_fn(|lane| scalars[2 * pair(lane) + odd][c]);
        let stride = self.width() + 1;
        let a: Vec<PackedExt> = (0..stride).map(|c| column(c, 0)).collect();
        let b: Vec<PackedExt> = (0..stride).map(|c| column(c, 1)).collect();
        let at = |place: usize, value: Challenge| {
            PackedExt::from_fn(|lane| if lane == place { value } else { Challenge::ZERO })
        };
        let (first, last) = (at(0, self.first), at(pairs - 1, self.last));
        let minus: Vec<PackedExt> = a.iter().zip(&b).map(|(&a, &b)| a + a - b).collect();
        let two: Vec<PackedExt> = a.iter().zip(&b).map(|(&a, &b)| b + b - a).collect();
        let sums = [
            self.evaluate(&a, first, PackedExt::ZERO),
            self.evaluate(&minus, first + first, -last),
            self.evaluate(&two, -first, last + last),
        ];
        self.scalars = scalars;
        sums.map(|sum| (sum * weight).sum_lanes())
    }

    /// Folds the columns with a round's challenge.
    fn bind(&mut self, r: Challenge) {
        self.first *= Challenge::ONE - r;
        self.last *= r;
        let stride = self.width() + 1;
        if !self.scalars.is_empty() {
            let mut columns: Vec<Vec<Challenge>> =
                (0..stride).map(|c| self.scalars.iter().map(|row| row[c]).collect()).collect();
            columns.iter_mut().for_each(|column| fold_lowest(column, r));
            let len = columns[0].len();
            self.scalars = (0..len).map(|i| columns.iter().map(|column| column[i]).collect()).collect();
            return;
        }
        fold_strided(&mut self.folded, stride, PackedExt::splat(r));
        if self.folded.len() == stride {
            let rows = |lane: usize| self.folded.iter().map(|x| x.lane(lane)).collect();
            self.scalars = (0..LANES).map(rows).collect();
            self.folded = Vec::new();
        }
    }

    /// The summand where all variables are set: must be what the rounds ended in.
    fn finish(&mut self) -> (TableClaims, Challenge) {
        let row: Vec<PackedExt> = self.scalars[0].iter().map(|&x| PackedExt::splat(x)).collect();
        let (first, last) = (PackedExt::splat(self.first), PackedExt::splat(self.last));
        let value = self.evaluate(&row, first, last).lane(0);
        let own = self.shape.width();
        let row = &self.scalars[0];
        let claims = TableClaims {
            columns: row[..own].to_vec(),
            next: row[own..self.width()].to_vec(),
        };
        (claims, value)
    }
}

#[inline(never)]
fn fold_strided(rows: &mut Vec<PackedExt>, stride: usize, r: PackedExt) {
    let pairs = rows.len() / stride / 2;
    for j in 0..pairs {
        for c in 0..stride {
            let (a, b) = (rows[2 * j * stride + c], rows[(2 * j + 1) * stride + c]);
            rows[j * stride + c] = a + (b - a) * r;
        }
    }
    rows.truncate(pairs * stride);
}

/// The corner of the cube at a point of the grid, if it is one.
fn corner(g: usize) -> Option<usize> {
    (0..GROUP).find(|&corner| place(corner) == g)
}

/// The digit of a grid point in one variable.
const fn digit(g: usize, variable: usize) -> usize {
    g >> (2 * variable) & 3
}

/// Index in the grid of a corner.
const fn place(corner: usize) -> usize {
    let (mut at, mut variable) = (0, 0);
    while variable < SMALL {
        at |= (corner >> variable & 1) << (2 * variable);
        variable += 1;
    }
    at
}

/// Coordinate of a grid point in one variable: 0, 1, -1, 2.
fn coordinate(g: usize, variable: usize) -> Val {
    [Val::ZERO, Val::ONE, Val::NEG_ONE, Val::TWO][digit(g, variable)]
}

/// From the corners to the grid, linear in each variable.
fn extend_scalars(corners: &[Challenge]) -> Vec<Challenge> {
    (0..GRID)
        .map(|g| {
            let mut sum = Challenge::ZERO;
            for (corner, &value) in corners.iter().enumerate() {
                let weight: Val = (0..SMALL)
                    .map(|v| {
                        let x = coordinate(g, v);
                        if corner >> v & 1 == 1 { x } else { Val::ONE - x }
                    })
                    .product();
                sum += value * weight;
            }
            sum
        })
        .collect()
}

/// Columns of a vector of groups at all points of the grid.
struct GridPass {
    main: Vec<PackedVal>,
    preprocessed: Vec<PackedVal>,
    next_main: Vec<PackedVal>,
    next_preprocessed: Vec<PackedVal>,
    widths: [usize; 2],
    next: [Vec<usize>; 2],
    first: Vec<PackedVal>,
    last: Vec<PackedVal>,
    values: Values,
}

impl GridPass {
    fn new(shape: &Shape) -> Self {
        let (pre, main) = (shape.preprocessed(), shape.main);
        let (next_pre, next_main): (Vec<_>, Vec<_>) = shape.next.iter().partition(|&&c| c < pre);
        Self {
            main: PackedVal::zero_vec(GRID * main),
            preprocessed: PackedVal::zero_vec(GRID * pre),
            next_main: PackedVal::zero_vec(GRID * main),
            next_preprocessed: PackedVal::zero_vec(GRID * pre),
            widths: [pre, main],
            next: [next_pre, next_main.into_iter().map(|c: usize| c - pre).collect()],
            first: PackedVal::zero_vec(GRID),
            last: PackedVal::zero_vec(GRID),
            values: Values::default(),
        }
    }

    /// The rows of the vector number `j` of groups, at the corners.
    fn load(&mut self, rows: &TableRows<'_>, shape: &Shape, j: usize, groups: usize) {
        let [pre, main] = self.widths;
        let height = groups * GROUP;
        for corner in 0..GROUP {
            let at = place(corner);
            let row = |lane: usize| GROUP * ((LANES * j + lane) % groups) + corner;
            let here = core::array::from_fn(row);
            rows.pack_preprocessed(&here, &mut self.preprocessed[at * pre..][..pre]);
            rows.pack_main(&here, &mut self.main[at * main..][..main]);
        }
        let behind = core::array::from_fn(|lane| (GROUP * ((LANES * j + lane) % groups) + GROUP) % height);
        for corner in 0..GROUP {
            let at = place(corner);
            let following = (corner + 1 < GROUP).then(|| place(corner + 1));
            for &c in &self.next[0] {
                self.next_preprocessed[at * pre + c] = match following {
                    Some(next) => self.preprocessed[next * pre + c],
                    None => rows.pack_one(c, &behind),
                };
            }
            for &c in &self.next[1] {
                self.next_main[at * main + c] = match following {
                    Some(next) => self.main[next * main + c],
                    None => rows.pack_one(shape.preprocessed() + c, &behind),
                };
            }
        }
    }

    fn linear(&self, corner: usize, weights: &[PackedExt]) -> PackedExt {
        let at = place(corner);
        let [pre, main] = self.widths;
        let preprocessed = self.preprocessed[at * pre..][..pre].iter();
        let cells = preprocessed.chain(&self.main[at * main..][..main]).copied();
        PackedExt::weighted(weights.iter().zip(cells))
    }

    /// From the corners to the whole grid.
    #[inline(never)]
    fn extend(&mut self) {
        let [pre, main] = self.widths;
        extend_columns(&mut self.preprocessed, pre);
        extend_columns(&mut self.main, main);
        for &c in &self.next[0] {
            extend_column(&mut self.next_preprocessed, pre, c);
        }
        for &c in &self.next[1] {
            extend_column(&mut self.next_main, main, c);
        }
    }

    fn selectors(&mut self, j: usize, groups: usize) {
        let vectors = groups.div_ceil(LANES);
        if j > 1 && j + 1 < vectors {
            return;
        }
        for g in 0..GRID {
            let first: Val = (0..SMALL).map(|v| Val::ONE - coordinate(g, v)).product();
            let last: Val = (0..SMALL).map(|v| coordinate(g, v)).product();
            let at = |group: usize, value: Val| {
                PackedVal::from_fn(|lane| if LANES * j + lane == group { value } else { Val::ZERO })
            };
            self.first[g] = at(0, first);
            self.last[g] = at(groups - 1, last);
        }
    }

    #[inline]
    fn evaluate<T, const CONSTRAINTS: bool>(&mut self, table: &T, g: usize, publics: &[Val], terms: &Terms) -> PackedExt
    where
        T: for<'w> p3_air::Air<BaseFolder<'w, CONSTRAINTS>>,
    {
        let [pre, main] = self.widths;
        let window = Window {
            main: RowWindow::from_two_rows(&self.main[g * main..][..main], &self.next_main[g * main..][..main]),
            preprocessed: RowWindow::from_two_rows(
                &self.preprocessed[g * pre..][..pre],
                &self.next_preprocessed[g * pre..][..pre],
            ),
            first: self.first[g],
            last: self.last[g],
            transition: PackedVal::ONE - self.last[g],
        };
        let mut folder = BaseFolder::<CONSTRAINTS>::new(window, publics, terms, &mut self.values);
        table.eval(&mut folder);
        folder.sum()
    }
}

/// Extends one variable after the other: -1 is 2a - b, 2 is 2b - a.
#[inline(always)]
fn extend_with(mut extend: impl FnMut(usize, usize, usize, usize)) {
    for variable in 0..SMALL {
        let step = 1 << (2 * variable);
        for g in 0..GRID {
            let earlier_done = digit(g, variable) == 0 && (variable + 1..SMALL).all(|later| digit(g, later) < 2);
            if earlier_done {
                extend(g, g + step, g + 2 * step, g + 3 * step);
            }
        }
    }
}

fn extend_columns(cells: &mut [PackedVal], width: usize) {
    extend_with(|a, b, minus, two| {
        for c in 0..width {
            let (x, y) = (cells[a * width + c], cells[b * width + c]);
            let d = y - x;
            cells[minus * width + c] = x - d;
            cells[two * width + c] = y + d;
        }
    });
}

fn extend_column(cells: &mut [PackedVal], width: usize, c: usize) {
    extend_with(|a, b, minus, two| {
        let (x, y) = (cells[a * width + c], cells[b * width + c]);
        let d = y - x;
        cells[minus * width + c] = x - d;
        cells[two * width + c] = y + d;
    });
}

/// Shows that the leaves are those of the rows and that all constraints hold.
pub fn prove<'a, T: Table>(
    machine: &'a Machine<T>,
    tables: &[TableRows<'a>],
    publics: &'a [Vec<Val>],
    foldings: &[Folding],
    leaf: &LeafClaim,
    transcript: &mut Transcript,
    mut lap: impl FnMut(&'static str),
) -> Outcome {
    let (lambda, alpha) = (transcript.challenge(), transcript.challenge());
    let challenges = Challenges { lambda, alpha, slot: &leaf.slot };
    let point = &leaf.row;
    let n = point.len();
    let one = Challenge::ONE;
    let scale = |log_height: usize| -> Challenge { point[log_height..].iter().map(|&x| one - x).product() };
    let mut provers: Vec<Prover<'_, T>> = (0..tables.len())
        .map(|t| {
            let (table, shape) = (&machine.tables[t], &machine.shapes[t]);
            Prover {
                table,
                shape,
                rows: tables[t],
                publics: &publics[t],
                weights: weights(table, shape, &foldings[t], &challenges, &publics[t]),
                log_height: tables[t].log_height(),
                claim: Challenge::ZERO,
                grid: Vec::new(),
                folded: Vec::new(),
                scalars: Vec::new(),
                eq: Vec::new(),
                first: one,
                last: one,
                buffers: Buffers { here: Vec::new(), next: vec![PackedExt::ZERO; shape.width()] },
            }
        })
        .collect();
    lap("staged weights");
    for prover in &mut provers {
        let log_height = prover.log_height;
        prover.sum_grid(point, scale(log_height));
        let [v0, v1, ..] = prover.grid_round(point, 0);
        prover.claim = v0 + point[0] * (v1 - v0);
    }
    lap("staged grid");
    let claim: Challenge = provers.iter().map(|prover| prover.claim).sum();
    assert_eq!(claim, leaf.p + lambda * (leaf.q - one), "the leaves are not those of the rows");

    let mut bound = Vec::with_capacity(n);
    for i in 0..n {
        let mut sum = [Challenge::ZERO; 4];
        let mut polynomials = Vec::with_capacity(provers.len());
        for prover in &mut provers {
            let (h, x) = (prover.log_height, point[i]);
            let values = if i < SMALL {
                prover.grid_round(point, i)
            } else if i < h {
                prover.folded_round(x, &point[i + 1..h], scale(h))
            } else {
                // Only row 0 of the further variables counts.
                let at_zero = prover.claim * (one - x).inverse();
                [at_zero, Challenge::ZERO, at_zero.double(), -at_zero]
            };
            sum.iter_mut().zip(cubic_coefficients(values)).for_each(|(sum, c)| *sum += c);
            polynomials.push(values);
        }
        transcript.absorb_ext(&sum[1..]);
        let r = transcript.challenge();
        bound.push(r);
        for (prover, values) in provers.iter_mut().zip(polynomials) {
            prover.claim = cubic_at(values, r);
            if i + 1 < SMALL {
                prover.bind_grid(r);
            } else if i + 1 == SMALL {
                let scale = scale(prover.log_height);
                prover.fold_trace(&bound, point, scale);
            } else if i < prover.log_height {
                prover.bind(r);
            }
        }
        if i + 1 == SMALL {
            lap("staged fold");
        }
    }
    let mut claims = Vec::with_capacity(provers.len());
    for prover in &mut provers {
        let (own, value) = prover.finish();
        let above: Challenge = bound[prover.log_height..].iter().map(|&r| one - r).product();
        assert_eq!(value * above, prover.claim, "table {}: the rounds do not end in its value", prover.shape.name);
        claims.push(own);
    }
    lap("staged rounds");
    Outcome { point: bound, claims }
}

/// Folds vectors; here for the reduction's sake.
pub fn fold(rows: &mut Vec<PackedExt>, z: Challenge) {
    fold_rows(rows, PackedExt::splat(z));
}
