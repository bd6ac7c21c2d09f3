//! Constraints and leaves of all tables: one sumcheck over the rows.
//!
//! A table's summand is a [`Plan`]: a linear form of its columns and a list of products. The first
//! [`SMALL`] rounds come from one pass over the trace, as sums of the terms at all points of a grid
//! while columns are still base-field values; terms of degree 2 are needed at three points a variable,
//! those of degree 3 at four. Then what the products are made of is folded, and no other column.
//! Columns are claimed in a pass of its own at the end.

use p3_field::{Field, PackedValue, PrimeCharacteristicRing};
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, LANES, PackedExt, PackedVal, Val};

use crate::folder::{ExtFolder, Folding, Terms, Window};
use crate::gkr::LeafClaim;
use crate::machine::{Machine, Shape, Table};
use crate::mle::{cubic_at, cubic_coefficients, drop_lowest, eq_lanes_on_top, eq_packed, eq_table};
use crate::rows::TableRows;
use crate::sponge::Transcript;
use crate::sum::fold;
use crate::terms::{Cubic, FIRST, Form, LAST, Plan, Term};
use p3_air::RowWindow;

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

/// What all tables' weights are made from.
pub struct Challenges<'a> {
    pub lambda: Challenge,
    pub alpha: Challenge,
    pub slot: &'a [Challenge],
}

/// The weights of one table's terms.
pub struct Weights {
    pub constraints: Vec<Challenge>,
    /// Per element of an interaction and its count, in emission order.
    pub elements: Vec<Challenge>,
    /// What of the denominators depends on no column, less one.
    pub constant: Challenge,
}

impl Weights {
    /// Number of the first constraint's power of alpha is one: no constraint has weight 1.
    pub fn new(shape: &Shape, folding: &Folding, challenges: &Challenges<'_>) -> Self {
        let eq = eq_table(challenges.slot, Challenge::ONE);
        let first = challenges.alpha.exp_u64(shape.first_constraint as u64 + 1);
        let constraints = challenges.alpha.powers().take(shape.constraints.len()).map(|x| x * first).collect();
        let mut constant = Challenge::ZERO;
        let mut elements = Vec::new();
        for (k, slot) in shape.slots.iter().enumerate() {
            let weight = eq[shape.first_slot + k];
            let scaled = weight * challenges.lambda;
            constant += scaled * (folding.prefixes[k].lane(0) - Challenge::ONE);
            let len = slot.linear.len() - 1;
            elements.extend((0..len).map(|j| -scaled * folding.betas[len - 1 - j].lane(0)));
            elements.push(weight);
        }
        Self { constraints, elements, constant }
    }

    /// The summand at one point, from the table's own expressions.
    pub fn summand<T: Table>(
        &self,
        table: &T,
        shape: &Shape,
        publics: &[Val],
        claims: &TableClaims,
        [first, last]: [Challenge; 2],
    ) -> Challenge {
        let mut terms = Terms {
            constraints: vec![true; shape.constraints.len()],
            elements: vec![true; self.elements.len()],
            element_weights: self.elements.iter().copied().map(PackedExt::splat).collect(),
            ..Terms::default()
        };
        for (&(_, ext), &weight) in shape.constraints.iter().zip(&self.constraints) {
            let list = if ext { &mut terms.ext_weights } else { &mut terms.base_weights };
            list.push(PackedExt::splat(weight));
        }
        let columns: Vec<PackedExt> = claims.columns.iter().copied().map(PackedExt::splat).collect();
        let mut next = vec![PackedExt::ZERO; shape.width()];
        for (&c, &value) in shape.next.iter().zip(&claims.next) {
            next[c] = PackedExt::splat(value);
        }
        let (preprocessed, main) = columns.split_at(shape.preprocessed());
        let (next_pre, next_main) = next.split_at(shape.preprocessed());
        let window = Window {
            main: RowWindow::from_two_rows(main, next_main),
            preprocessed: RowWindow::from_two_rows(preprocessed, next_pre),
            first: PackedExt::splat(first),
            last: PackedExt::splat(last),
            transition: PackedExt::splat(Challenge::ONE - last),
        };
        let mut folder = ExtFolder::new(window, publics, &terms);
        table.eval(&mut folder);
        folder.sum.lane(0) + self.constant
    }
}

/// What rows are made of: vectors of challenges, or challenges one by one.
trait Element: PrimeCharacteristicRing + Copy {
    fn dot(a: Self, b: Self, c: Self, d: Self) -> Self;
}

impl Element for PackedExt {
    #[inline(always)]
    fn dot(a: Self, b: Self, c: Self, d: Self) -> Self {
        a.dot2(b, c, d)
    }
}

impl Element for Challenge {
    #[inline(always)]
    fn dot(a: Self, b: Self, c: Self, d: Self) -> Self {
        a * b + c * d
    }
}

/// Values at 0 and 1 and the leading coefficient of a sum of products.
#[inline(never)]
fn sum_products<E: Element>(products: &[(usize, usize)], a: &[E], b: &[E]) -> [E; 3] {
    let mut sums = [E::ZERO; 3];
    let (pairs, rest) = products.as_chunks::<2>();
    for &[(p, w), (q, v)] in pairs {
        sums[0] += E::dot(a[p], a[w], a[q], a[v]);
        sums[1] += E::dot(b[p], b[w], b[q], b[v]);
        sums[2] += E::dot(b[p] - a[p], b[w] - a[w], b[q] - a[q], b[v] - a[v]);
    }
    for &(p, w) in rest {
        sums[0] += a[p] * a[w];
        sums[1] += b[p] * b[w];
        sums[2] += (b[p] - a[p]) * (b[w] - a[w]);
    }
    sums
}

/// As [`sum_products`] without the value at 1.
#[inline(never)]
fn sum_quads<E: Element>(products: &[(usize, usize)], a: &[E], b: &[E]) -> [E; 2] {
    let mut sums = [E::ZERO; 2];
    let (pairs, rest) = products.as_chunks::<2>();
    for &[(p, w), (q, v)] in pairs {
        sums[0] += E::dot(a[p], a[w], a[q], a[v]);
        sums[1] += E::dot(b[p] - a[p], b[w] - a[w], b[q] - a[q], b[v] - a[v]);
    }
    for &(p, w) in rest {
        sums[0] += a[p] * a[w];
        sums[1] += (b[p] - a[p]) * (b[w] - a[w]);
    }
    sums
}

/// Adds `(x + d X) inner(X)` to coefficients 0, 2, 3.
#[inline(always)]
fn add_cubic<E: Element>(sums: &mut [E; 3], x: E, d: E, [q0, q1, q2]: [E; 3]) {
    let middle = q1 - q0 - q2;
    sums[0] += x * q0;
    sums[1] += E::dot(x, q2, d, middle);
    sums[2] += d * q2;
}

impl Plan {
    /// Coefficients 0, 2, 3 of the summand between two rows, without selectors.
    fn between<E: Element>(&self, a: &[E], b: &[E]) -> [E; 3] {
        let quads = sum_quads(&self.quads, a, b);
        let mut sums = [a[a.len() - 1] + quads[0], quads[1], E::ZERO];
        for cubic in &self.cubics {
            let inner = sum_products(&cubic.products, a, b);
            let (x, y) = (a[cubic.factor], b[cubic.factor]);
            add_cubic(&mut sums, x, y - x, inner);
        }
        sums
    }

    /// The same of a selector's terms; the selector is `x + d X`.
    fn edge<E: Element>(&self, edge: &Cubic, constant: E, [x, d]: [E; 2], a: &[E], b: &[E]) -> [E; 3] {
        let mut inner = sum_products(&edge.products, a, b);
        let alone = edge.alone.map_or([E::ZERO; 2], |slot| [a[slot], b[slot]]);
        inner[0] += constant + alone[0];
        inner[1] += constant + alone[1];
        let mut sums = [E::ZERO; 3];
        add_cubic(&mut sums, x, d, inner);
        sums
    }
}

/// One table on its way through the rounds.
struct Prover<'a, T> {
    table: &'a T,
    shape: &'a Shape,
    rows: TableRows<'a>,
    publics: &'a [Val],
    weights: Weights,
    plan: Plan,
    log_height: usize,
    /// Claim of this table alone.
    claim: Challenge,
    /// Sums at the grid's points; later empty.
    grid: Vec<Challenge>,
    /// Slots of the plan row by row, lanes on top.
    folded: Vec<PackedExt>,
    /// The same when a vector holds all rows.
    scalars: Vec<Vec<Challenge>>,
    eq: Vec<PackedExt>,
    first: Challenge,
    last: Challenge,
    /// Coefficients 0, 2, 3 of the next round's polynomial without eq.
    sums: [Challenge; 3],
}

/// Terms of one list as the grid's pass reads them.
struct List(Vec<(PackedExt, [u32; 3])>);

impl List {
    fn new(terms: &[Term]) -> Self {
        Self(terms.iter().map(|t| (PackedExt::splat(t.weight), t.atoms)).collect())
    }
    #[inline(never)]
    fn squares(&self, values: &[PackedVal]) -> PackedExt {
        PackedExt::weighted(self.0.iter().map(|(w, [a, b, _])| (w, values[*a as usize] * values[*b as usize])))
    }
    /// Terms of two atoms come first.
    #[inline(never)]
    fn mixed(&self, values: &[PackedVal], split: usize) -> PackedExt {
        let (squares, cubes) = self.0.split_at(split);
        PackedExt::weighted(
            squares
                .iter()
                .map(|(w, [a, b, _])| (w, values[*a as usize] * values[*b as usize]))
                .chain(cubes.iter().map(|(w, [a, b, c])| {
                    (w, values[*a as usize] * values[*b as usize] * values[*c as usize])
                })),
        )
    }
    #[inline(never)]
    fn cubes(&self, values: &[PackedVal]) -> PackedExt {
        PackedExt::weighted(
            self.0
                .iter()
                .map(|(w, [a, b, c])| (w, values[*a as usize] * values[*b as usize] * values[*c as usize])),
        )
    }
    fn any(&self, values: &[PackedVal]) -> PackedExt {
        let mut sum = PackedExt::ZERO;
        for (w, atoms) in &self.0 {
            let product = atoms.iter().filter(|&&id| id != u32::MAX).map(|&id| values[id as usize]);
            sum += *w * product.fold(PackedVal::ONE, |x, y| x * y);
        }
        sum
    }
}

/// Gathers rows and evaluates atoms.
struct Gather<'a> {
    plan: &'a Plan,
    pre: usize,
    own: usize,
    /// Columns and next columns of the corners.
    cells: Vec<PackedVal>,
    width: usize,
}

impl<'a> Gather<'a> {
    fn new(plan: &'a Plan, shape: &Shape) -> Self {
        let width = shape.width() + shape.next.len();
        Self {
            plan,
            pre: shape.preprocessed(),
            own: shape.width(),
            cells: PackedVal::zero_vec(GROUP * width),
            width,
        }
    }

    /// Cells of the groups in the lanes.
    #[inline(never)]
    fn load(&mut self, rows: &TableRows<'_>, shape: &Shape, groups: [usize; LANES], height: usize) {
        for corner in 0..GROUP {
            let at = groups.map(|group| GROUP * group + corner);
            let (preprocessed, main) = self.cells[corner * self.width..][..self.own].split_at_mut(self.pre);
            rows.pack_preprocessed(&at, preprocessed);
            rows.pack_main(&at, main);
        }
        if shape.next.is_empty() {
            return;
        }
        let behind = groups.map(|group| (GROUP * group + GROUP) % height);
        for (i, &c) in shape.next.iter().enumerate() {
            for corner in 0..GROUP - 1 {
                self.cells[corner * self.width + self.own + i] = self.cells[(corner + 1) * self.width + c];
            }
            self.cells[(GROUP - 1) * self.width + self.own + i] = rows.pack_one(c, &behind);
        }
    }

    fn corner(&self, corner: usize) -> &[PackedVal] {
        &self.cells[corner * self.width..][..self.width]
    }

    /// Atoms at a corner, written behind the selectors' places.
    #[inline(never)]
    fn atoms(&self, corner: usize, out: &mut [PackedVal]) {
        let cells = self.corner(corner);
        for (id, recipe) in self.plan.recipes.iter().enumerate().skip(2) {
            out[id] = match (&recipe.own.columns[..], recipe.from) {
                ([(c, one)], None) if *one == Val::ONE && recipe.own.constant == Val::ZERO => cells[*c as usize],
                (columns, from) => {
                    let mut sum = PackedVal::from(recipe.own.constant);
                    if let Some((other, x)) = from {
                        sum += out[other as usize] * x;
                    }
                    for &(c, x) in columns {
                        let cell = cells[c as usize];
                        if x == Val::ONE {
                            sum += cell;
                        } else if x == Val::NEG_ONE {
                            sum -= cell;
                        } else {
                            sum += cell * x;
                        }
                    }
                    sum
                }
            };
        }
    }
}

/// The columns of a form that have a weight.
fn sparse(form: &Form) -> Vec<(u32, PackedExt)> {
    let columns = form.columns.iter().enumerate().filter(|(_, w)| **w != Challenge::ZERO);
    columns.map(|(c, &w)| (c as u32, PackedExt::splat(w))).collect()
}

#[inline(never)]
fn sparse_sum(weights: &[(u32, PackedExt)], cells: &[PackedVal]) -> PackedExt {
    PackedExt::weighted(weights.iter().map(|(c, w)| (w, cells[*c as usize])))
}

fn dense_sum(weights: &[PackedExt], cells: &[PackedVal]) -> PackedExt {
    PackedExt::weighted(weights.iter().zip(cells.iter().copied()))
}

impl<'a, T: Table> Prover<'a, T> {
    /// Sums over groups of rows at the points of the grid.
    #[inline(never)]
    fn sum_grid(&mut self, point: &[Challenge], scale: Challenge) {
        let plan = &self.plan;
        let groups = 1usize << (self.log_height - SMALL);
        let vectors = groups.div_ceil(LANES);
        let eq = if groups >= LANES {
            eq_packed(&point[SMALL..self.log_height], scale)
        } else {
            let table = eq_table(&point[SMALL..self.log_height], scale);
            vec![PackedExt::from_fn(|lane| table.get(lane).copied().unwrap_or_default())]
        };
        let active = self.rows.active();
        let atoms = plan.atoms.len();
        let mut gather = Gather::new(plan, self.shape);
        let mut values = PackedVal::zero_vec(GRID * atoms);
        let [c2, mut c3] = plan.constraints.each_ref().map(|list| List::new(list));
        c3.0.sort_by_key(|(_, atoms)| atoms[2] != u32::MAX);
        let split = c3.0.iter().filter(|(_, atoms)| atoms[2] == u32::MAX).count();
        let [e2, e3] = plan.elements.each_ref().map(|list| List::new(list));
        let edge = List::new(&plan.edge);
        let has_cubes = !c3.0.is_empty() || !e3.0.is_empty();
        // Sums of elements and constraints of degree 2 and of all others, zero where their grid has no point.
        let mut squares_e = vec![PackedExt::ZERO; GRID];
        let mut squares_c = vec![PackedExt::ZERO; GRID];
        let mut cubes = vec![PackedExt::ZERO; GRID];
        let mut linear = vec![PackedExt::ZERO; GROUP];
        let mut linear_c = [vec![PackedExt::ZERO; GROUP], vec![PackedExt::ZERO; GROUP]];
        let weights_e = sparse(&plan.element_form);
        let weights_c = plan.constraint_forms.each_ref().map(sparse);
        let constants_c = plan.constraint_forms.each_ref().map(|form| PackedExt::splat(form.constant));
        let has_constraints = !(c2.0.is_empty() && c3.0.is_empty() && edge.0.is_empty());
        let has_elements = !(e2.0.is_empty() && e3.0.is_empty());
        for (j, &weight) in eq.iter().enumerate() {
            let lanes = core::array::from_fn(|lane| (LANES * j + lane) % groups);
            gather.load(&self.rows, self.shape, lanes, groups * GROUP);
            for corner in 0..GROUP {
                linear[corner] += weight * sparse_sum(&weights_e, gather.corner(corner));
            }
            let at_edge = j == 0 || j + 1 == vectors;
            let idle = !at_edge && j * LANES * GROUP >= active;
            let with_constraints = has_constraints && !idle;
            if !with_constraints && !has_elements {
                continue;
            }
            for corner in 0..GROUP {
                gather.atoms(corner, &mut values[place(corner) * atoms..][..atoms]);
            }
            extend(&mut values, atoms, if has_cubes || at_edge { 4 } else { 3 });
            for g in 0..GRID {
                let values = &values[g * atoms..][..atoms];
                let on_cube = corner_at(g).is_some();
                let small = (0..SMALL).all(|v| digit(g, v) < 3);
                if small && !e2.0.is_empty() {
                    squares_e[g] += weight * e2.squares(values);
                }
                if small && with_constraints && !on_cube {
                    squares_c[g] += weight * c2.squares(values);
                }
                if has_cubes || (at_edge && !c3.0.is_empty()) {
                    let mut sum = PackedExt::ZERO;
                    if !e3.0.is_empty() {
                        sum += e3.cubes(values);
                    }
                    if with_constraints && !on_cube {
                        sum += c3.mixed(values, split);
                    }
                    cubes[g] += weight * sum;
                }
            }
            if with_constraints {
                for class in 0..2 {
                    for corner in 0..GROUP {
                        let sum = sparse_sum(&weights_c[class], gather.corner(corner)) + constants_c[class];
                        linear_c[class][corner] += weight * sum;
                    }
                }
                if at_edge {
                    self.add_edges(j, groups, &edge, &mut values, weight, &mut cubes, &mut linear_c[1]);
                }
            }
        }
        // The constant's weight is the sum of all the others', which is this scale.
        let constant = (plan.element_form.constant + self.weights.constant) * scale;
        let corners: Vec<Challenge> = linear.iter().map(|sum| sum.sum_lanes() + constant).collect();
        let elements = extend_scalars(&corners);
        let of_class = |class: usize| {
            let corners: Vec<Challenge> = linear_c[class].iter().map(PackedExt::sum_lanes).collect();
            extend_scalars(&corners)
        };
        // Each constraint is zero on the cube, so those of degree 2 are known at three points a variable.
        let (low, high) = (of_class(0), of_class(1));
        let off_cube = |g: usize, value: Challenge| if corner_at(g).is_some() { Challenge::ZERO } else { value };
        let scalars = |sums: &[PackedExt]| sums.iter().map(PackedExt::sum_lanes).collect::<Vec<_>>();
        let squares_e = extend_squares(scalars(&squares_e));
        let squares_c = extend_squares(
            scalars(&squares_c).into_iter().enumerate().map(|(g, sum)| off_cube(g, sum + low[g])).collect(),
        );
        let cubes = scalars(&cubes);
        self.grid = (0..GRID)
            .map(|g| squares_e[g] + squares_c[g] + cubes[g] + elements[g] + off_cube(g, high[g]))
            .collect();
    }

    /// Terms with a selector, at the first and the last group.
    #[allow(clippy::too_many_arguments)]
    fn add_edges(
        &self,
        j: usize,
        groups: usize,
        edge: &List,
        values: &mut [PackedVal],
        weight: PackedExt,
        cubes: &mut [PackedExt],
        linear: &mut [PackedExt],
    ) {
        let atoms = self.plan.atoms.len();
        let at = |group: usize, value: Val| {
            PackedVal::from_fn(|lane| if LANES * j + lane == group { value } else { Val::ZERO })
        };
        let [first, last] = self.plan.constraint_forms[1].selectors.map(PackedExt::splat);
        linear[0] += weight * (first * at(0, Val::ONE));
        linear[GROUP - 1] += weight * (last * at(groups - 1, Val::ONE));
        for g in (0..GRID).filter(|&g| corner_at(g).is_none()) {
            let first: Val = (0..SMALL).map(|v| Val::ONE - coordinate(g, v)).product();
            let last: Val = (0..SMALL).map(|v| coordinate(g, v)).product();
            let values = &mut values[g * atoms..][..atoms];
            values[FIRST as usize] = at(0, first);
            values[LAST as usize] = at(groups - 1, last);
            cubes[g] += weight * edge.any(values);
        }
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

    /// Folds what the products are made of with the challenges of the first rounds.
    #[inline(never)]
    fn fold_trace(&mut self, challenges: &[Challenge], point: &[Challenge], scale: Challenge) {
        let plan = &self.plan;
        let eq_group = eq_table(challenges, Challenge::ONE);
        let eq_packed: Vec<PackedExt> = eq_group.iter().copied().map(PackedExt::splat).collect();
        let groups = 1usize << (self.log_height - SMALL);
        let vectors = groups.div_ceil(LANES);
        let atoms = plan.atoms.len();
        let stride = plan.stride();
        let forms: Vec<Vec<(u32, PackedExt)>> = plan
            .forms
            .iter()
            .map(|form| {
                (0..GROUP)
                    .flat_map(|g| form.iter().map(move |&(id, w)| (g, id, w)))
                    .map(|(g, id, w)| ((g * atoms) as u32 + id, PackedExt::splat(w * eq_group[g])))
                    .collect()
            })
            .collect();
        let linear: Vec<PackedExt> = (0..GROUP)
            .flat_map(|g| {
                let [low, high] = &plan.constraint_forms;
                let columns = plan.element_form.columns.iter().zip(&low.columns).zip(&high.columns);
                columns.map(move |((&e, &c), &d)| (g, e + c + d))
            })
            .map(|(g, w)| PackedExt::splat(w * eq_group[g]))
            .collect();
        let constraints: Challenge = plan.constraint_forms.iter().map(|form| form.constant).sum();
        let constant = PackedExt::splat(plan.element_form.constant + constraints + self.weights.constant);
        let mut gather = Gather::new(plan, self.shape);
        let mut values = PackedVal::zero_vec(GROUP * atoms);
        let mut folded = Vec::with_capacity(vectors * stride);
        for j in 0..vectors {
            let lanes = core::array::from_fn(|lane| (j + lane * vectors) % groups);
            gather.load(&self.rows, self.shape, lanes, groups * GROUP);
            for g in 0..GROUP {
                gather.atoms(g, &mut values[g * atoms..][..atoms]);
            }
            fold_atoms(plan, &eq_packed, &values, atoms, &mut folded);
            for form in &forms {
                folded.push(PackedExt::weighted(form.iter().map(|(at, w)| (w, values[*at as usize]))));
            }
            folded.push(constant + dense_sum(&linear, &gather.cells));
        }
        self.first = challenges.iter().map(|&r| Challenge::ONE - r).product();
        self.last = challenges.iter().copied().product();
        self.grid = Vec::new();
        if groups >= 2 * LANES {
            self.folded = folded;
            self.eq = eq_lanes_on_top(&point[SMALL..self.log_height], scale);
            self.sum_vectors(None);
        } else {
            self.scalars = (0..groups)
                .map(|i| {
                    let (j, lane) = (i % vectors, i / vectors);
                    (0..stride).map(|c| folded[j * stride + c].lane(lane)).collect()
                })
                .collect();
            self.sum_scalars(&point[SMALL..self.log_height], scale);
        }
    }

    /// Folds with the last challenge, if there is one, and sums the next round.
    #[inline(never)]
    fn sum_vectors(&mut self, r: Option<PackedExt>) {
        drop_lowest(&mut self.eq);
        let stride = self.plan.stride();
        let mut sums = [PackedExt::ZERO; 3];
        let pairs = self.eq.len();
        for (j, &weight) in self.eq.iter().enumerate() {
            if let Some(r) = r {
                fold_pair(&mut self.folded, stride, 2 * j, r);
                fold_pair(&mut self.folded, stride, 2 * j + 1, r);
            }
            let (a, b) = self.folded[2 * j * stride..][..2 * stride].split_at(stride);
            let mut between = self.plan.between(a, b);
            let lane = |at: usize, value: Challenge| {
                PackedExt::from_fn(|l| if l == at { value } else { Challenge::ZERO })
            };
            let at_edge = [j == 0, j + 1 == pairs];
            for selector in 0..2 {
                let Some(edge) = self.plan.edges[selector].as_ref().filter(|_| at_edge[selector]) else { continue };
                // (1 - X) first, X last.
                let line = if selector == 0 {
                    let first = lane(0, self.first);
                    [first, -first]
                } else {
                    [PackedExt::ZERO, lane(LANES - 1, self.last)]
                };
                let own = self.plan.edge(edge, PackedExt::splat(edge.constant), line, a, b);
                between.iter_mut().zip(own).for_each(|(sum, x)| *sum += x);
            }
            for (sum, x) in sums.iter_mut().zip(between) {
                *sum += weight * x;
            }
        }
        if r.is_some() {
            self.folded.truncate(2 * pairs * stride);
        }
        self.sums = sums.map(|sum| sum.sum_lanes());
    }

    fn sum_scalars(&mut self, point: &[Challenge], scale: Challenge) {
        if point.is_empty() {
            return;
        }
        let eq = eq_table(&point[1..], scale);
        let pairs = eq.len();
        let mut sums = [Challenge::ZERO; 3];
        for (j, &weight) in eq.iter().enumerate() {
            let (a, b) = (&self.scalars[2 * j][..], &self.scalars[2 * j + 1][..]);
            let mut between = self.plan.between(a, b);
            let lines = [[self.first, -self.first], [Challenge::ZERO, self.last]];
            let at_edge = [j == 0, j + 1 == pairs];
            for selector in 0..2 {
                let Some(edge) = self.plan.edges[selector].as_ref().filter(|_| at_edge[selector]) else { continue };
                let own = self.plan.edge(edge, edge.constant, lines[selector], a, b);
                between.iter_mut().zip(own).for_each(|(sum, x)| *sum += x);
            }
            sums.iter_mut().zip(between).for_each(|(sum, x)| *sum += weight * x);
        }
        self.sums = sums;
    }

    /// Coefficients of the round polynomial, from the sums.
    fn folded_round(&self, x: Challenge) -> [Challenge; 4] {
        let [a, c, d] = self.sums;
        // claim = (1 - x) h(0) + x h(1) = a + x (b + c + d)
        let b = (self.claim - a) * x.inverse() - c - d;
        [a, b, c, d]
    }

    /// Folds with a round's challenge; `after` are eq's coordinates that are left.
    fn bind(&mut self, r: Challenge, after: &[Challenge], scale: Challenge) {
        self.first *= Challenge::ONE - r;
        self.last *= r;
        let stride = self.plan.stride();
        if !self.scalars.is_empty() {
            let half = self.scalars.len() / 2;
            self.scalars = (0..half)
                .map(|i| {
                    let (a, b) = (&self.scalars[2 * i], &self.scalars[2 * i + 1]);
                    a.iter().zip(b).map(|(&a, &b)| a + (b - a) * r).collect()
                })
                .collect();
            self.sum_scalars(after, scale);
            return;
        }
        let r = PackedExt::splat(r);
        if self.folded.len() > 2 * stride {
            self.sum_vectors(Some(r));
            return;
        }
        fold_pair(&mut self.folded, stride, 0, r);
        self.scalars = (0..LANES).map(|lane| self.folded[..stride].iter().map(|x| x.lane(lane)).collect()).collect();
        self.folded = Vec::new();
        self.sum_scalars(after, scale);
    }

    /// The claims of all columns; the summand there must be what the rounds ended in.
    fn finish(&mut self, point: &[Challenge]) -> (TableClaims, Challenge) {
        let claims = claim_columns(&self.rows, self.shape, &point[..self.log_height]);
        let value = self.weights.summand(self.table, self.shape, self.publics, &claims, [self.first, self.last]);
        (claims, value)
    }
}

#[inline(never)]
fn fold_atoms(plan: &Plan, eq: &[PackedExt], values: &[PackedVal], atoms: usize, out: &mut Vec<PackedExt>) {
    for &id in &plan.folded {
        let value = |g: usize| values[g * atoms + id as usize];
        out.push(PackedExt::weighted((0..GROUP).map(|g| (&eq[g], value(g)))));
    }
}

/// Folds rows 2j and 2j + 1 into row j.
#[inline(never)]
fn fold_pair(rows: &mut [PackedExt], stride: usize, j: usize, r: PackedExt) {
    if j == 0 {
        let (a, b) = rows[..2 * stride].split_at_mut(stride);
        fold(a, b, r);
        return;
    }
    let (out, pair) = rows[j * stride..(2 * j + 2) * stride].split_at_mut(j * stride);
    let (a, b) = pair.split_at(stride);
    let out = &mut out[..stride];
    out.copy_from_slice(a);
    fold(out, b, r);
}

/// Values of all columns of a table at a point, and of the next rows.
fn claim_columns(rows: &TableRows<'_>, shape: &Shape, point: &[Challenge]) -> TableClaims {
    let mut columns = Vec::with_capacity(shape.width());
    for matrix in [rows.fixed, rows.shared, Some(rows.main)].into_iter().flatten() {
        columns.extend(evaluate_columns(matrix, point));
    }
    let height = 1usize << point.len();
    // eq(r, row - 1) is what a row weighs as the next one.
    let next = if shape.next.is_empty() {
        Vec::new()
    } else {
        let eq = eq_packed(point, Challenge::ONE);
        let value = |c: usize| {
            let mut sum = PackedExt::ZERO;
            for (j, &weight) in eq.iter().enumerate() {
                let at = core::array::from_fn(|lane| (LANES * j + lane + 1) % height);
                sum += weight * rows.pack_one(c, &at);
            }
            sum.sum_lanes()
        };
        shape.next.iter().map(|&c| value(c)).collect()
    };
    TableClaims { columns, next }
}

/// Values of all columns of a matrix at a point, low rows of a block with one weight each.
#[inline(never)]
pub fn evaluate_columns(matrix: &RowMajorMatrix<Val>, point: &[Challenge]) -> Vec<Challenge> {
    let width = matrix.width;
    let low = point.len().min(8);
    let eq_low: Vec<PackedExt> = eq_table(&point[..low], Challenge::ONE).into_iter().map(PackedExt::splat).collect();
    let eq_high = eq_table(&point[low..], Challenge::ONE);
    let vectors = width.div_ceil(LANES);
    let mut sums = vec![PackedExt::ZERO; vectors];
    for (block, &weight) in eq_high.iter().enumerate() {
        let weight = PackedExt::splat(weight);
        let rows = &matrix.values[(block * width) << low..][..width << low];
        for (group, sum) in sums.iter_mut().enumerate() {
            let first = group * LANES;
            let own = if first + LANES <= width {
                let cells = (0..1usize << low).map(|i| *PackedVal::from_slice(&rows[i * width + first..][..LANES]));
                PackedExt::weighted(eq_low.iter().zip(cells))
            } else {
                let cells = (0..1usize << low).map(|i| {
                    PackedVal::from_fn(|lane| if first + lane < width { rows[i * width + first + lane] } else { Val::ZERO })
                });
                PackedExt::weighted(eq_low.iter().zip(cells))
            };
            *sum += own * weight;
        }
    }
    (0..width).map(|c| sums[c / LANES].lane(c % LANES)).collect()
}

/// The corner of the cube at a point of the grid, if it is one.
fn corner_at(g: usize) -> Option<usize> {
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

/// Completes a grid of degree 2 in each variable: f(2) = f(-1) + 3 (f(1) - f(0)).
fn extend_squares(mut grid: Vec<Challenge>) -> Vec<Challenge> {
    for variable in 0..SMALL {
        let step = 1 << (2 * variable);
        for g in (0..GRID).filter(|&g| digit(g, variable) == 0) {
            let d = grid[g + step] - grid[g];
            grid[g + 3 * step] = grid[g + 2 * step] + d.double() + d;
        }
    }
    grid
}

/// Extends one variable after the other: -1 is 2a - b, 2 is 2b - a (with four points).
#[inline(never)]
fn extend(cells: &mut [PackedVal], width: usize, points: usize) {
    for variable in 0..SMALL {
        let step = 1 << (2 * variable);
        for g in 0..GRID {
            let due = digit(g, variable) == 0
                && (variable + 1..SMALL).all(|later| digit(g, later) < 2)
                && (0..variable).all(|earlier| digit(g, earlier) < points);
            if !due {
                continue;
            }
            for c in 0..width {
                let (x, y) = (cells[g * width + c], cells[(g + step) * width + c]);
                let d = y - x;
                cells[(g + 2 * step) * width + c] = x - d;
                if points == 4 {
                    cells[(g + 3 * step) * width + c] = y + d;
                }
            }
        }
    }
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
            let weights = Weights::new(shape, &foldings[t], &challenges);
            let plan =
                Plan::new(shape, &machine.expressions[t], &publics[t], &weights.constraints, &weights.elements);
            Prover {
                table,
                shape,
                rows: tables[t],
                publics: &publics[t],
                weights,
                plan,
                log_height: tables[t].log_height(),
                claim: Challenge::ZERO,
                grid: Vec::new(),
                folded: Vec::new(),
                scalars: Vec::new(),
                eq: Vec::new(),
                first: one,
                last: one,
                sums: [Challenge::ZERO; 3],
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
            let coefficients = if i < SMALL {
                cubic_coefficients(prover.grid_round(point, i))
            } else if i < h {
                prover.folded_round(x)
            } else {
                // Only row 0 of the further variables counts.
                let at_zero = prover.claim * (one - x).inverse();
                [at_zero, -at_zero, Challenge::ZERO, Challenge::ZERO]
            };
            sum.iter_mut().zip(coefficients).for_each(|(sum, c)| *sum += c);
            polynomials.push(coefficients);
        }
        transcript.absorb_ext(&sum[1..]);
        let r = transcript.challenge();
        bound.push(r);
        for (prover, [a, b, c, d]) in provers.iter_mut().zip(polynomials) {
            prover.claim = a + r * (b + r * (c + r * d));
            let h = prover.log_height;
            if i + 1 < SMALL {
                prover.bind_grid(r);
            } else if i + 1 == SMALL {
                prover.fold_trace(&bound, point, scale(h));
            } else if i < h {
                prover.bind(r, &point[i + 1..h], scale(h));
            }
        }
        if i + 1 == SMALL {
            lap("staged fold");
        }
    }
    lap("staged rounds");
    let mut claims = Vec::with_capacity(provers.len());
    for prover in &mut provers {
        let (own, value) = prover.finish(&bound);
        let above: Challenge = bound[prover.log_height..].iter().map(|&r| one - r).product();
        assert_eq!(value * above, prover.claim, "table {}: the rounds do not end in its value", prover.shape.name);
        claims.push(own);
    }
    lap("staged claims");
    Outcome { point: bound, claims }
}
