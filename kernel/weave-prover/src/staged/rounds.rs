//! The later rounds: over the folded values that a table's products are made of.

use p3_field::{PackedFieldExtension, PrimeCharacteristicRing};
use proofloom_field::Challenge;

use super::gather::{Atoms, GROUP, Gather, SMALL};
use super::plan::{Cubic, Plan};
use crate::multilinear::{drop_lowest, eq_lanes_on_top, eq_table, none};
use crate::packed::{LANES, PackedChallenge, PackedVal, lane, splat, sum_lanes, unpack, weighted};
use crate::sum::{Element, Products};
use crate::trace::TableTrace;

/// Folded values of a table, row after row.
#[derive(Debug)]
pub struct Folded {
    rows: Rows,
    /// The selectors' values at the variables that are set.
    first: Challenge,
    last: Challenge,
    /// Coefficients 0, 2, 3 of the next round's polynomial without eq's factor of its variable.
    pub sums: [Challenge; 3],
}

#[derive(Debug)]
enum Rows {
    /// Rows that differ in the top bits in a vector.
    Packed(Part<PackedChallenge>),
    Single(Part<Challenge>),
}

/// Folded values, and eq's weights of the variables behind the lowest.
#[derive(Debug)]
struct Part<X> {
    values: Vec<X>,
    eq: Vec<X>,
}

impl Folded {
    /// Folds a table's rows with the challenges of the first rounds. `point` are eq's coordinates of all of the
    /// table's rows, `scale` is eq's part of the variables above.
    pub fn new(
        trace: TableTrace<'_>,
        next: &[usize],
        plan: &Plan,
        atoms: &Atoms,
        challenges: &[Challenge],
        point: &[Challenge],
        scale: Challenge,
    ) -> Self {
        let groups = 1usize << (trace.log_height() - SMALL);
        let values = fold_trace(trace, next, plan, atoms, challenges, groups);
        let rows = if groups >= 2 * LANES {
            Rows::Packed(Part { values, eq: eq_lanes_on_top(&point[SMALL..], scale) })
        } else {
            let values = single(&values, plan.stride(), groups);
            Rows::Single(Part { values, eq: eq_table(&point[SMALL..], scale) })
        };
        let (first, last) = (none(challenges), challenges.iter().copied().product());
        let mut folded = Self { rows, first, last, sums: [Challenge::ZERO; 3] };
        folded.sum(plan, None);
        folded
    }

    /// Sets the lowest variable.
    pub fn bind(&mut self, plan: &Plan, r: Challenge) {
        self.first *= Challenge::ONE - r;
        self.last *= r;
        match &mut self.rows {
            Rows::Packed(part) if part.eq.len() == 1 => {
                part.fold(plan.stride(), 0, splat(r));
                let values = single(&part.values[..plan.stride()], plan.stride(), LANES);
                self.rows = Rows::Single(Part { values, eq: unpack(&part.eq) });
                self.sum(plan, None);
            }
            _ => self.sum(plan, Some(r)),
        }
    }

    fn sum(&mut self, plan: &Plan, r: Option<Challenge>) {
        self.sums = match &mut self.rows {
            Rows::Packed(part) => {
                let at = |place: usize, x: Challenge| {
                    PackedChallenge::from_ext_fn(|l| if l == place { x } else { Challenge::ZERO })
                };
                let selectors = [at(0, self.first), at(LANES - 1, self.last)];
                part.fold_and_sum(plan, r.map(splat), selectors).map(|sum| sum_lanes(&sum))
            }
            Rows::Single(part) => part.fold_and_sum(plan, r, [self.first, self.last]),
        };
    }
}

/// Rows one by one: lane l of vector j is row j + l times the number of vectors.
fn single(values: &[PackedChallenge], stride: usize, rows: usize) -> Vec<Challenge> {
    let vectors = values.len() / stride;
    let row = |i: usize| values[i % vectors * stride..][..stride].iter().map(move |x| lane(x, i / vectors));
    (0..rows).flat_map(row).collect()
}

impl<X: Element> Part<X> {
    /// Rows 2j and 2j + 1 become row j. Ascending in j, nothing is overwritten that is needed.
    fn fold(&mut self, stride: usize, j: usize, r: X) {
        self.values.copy_within(2 * j * stride..(2 * j + 1) * stride, j * stride);
        let (folded, right) = self.values.split_at_mut((2 * j + 1) * stride);
        X::fold(&mut folded[j * stride..][..stride], &right[..stride], r);
    }

    /// Folds with a challenge, if there is one, and sums over all pairs of the rows that are left.
    #[inline(never)]
    fn fold_and_sum(&mut self, plan: &Plan, r: Option<X>, [first, last]: [X; 2]) -> [X; 3] {
        let stride = plan.stride();
        drop_lowest(&mut self.eq);
        if let (Some(r), true) = (r, self.eq.is_empty()) {
            self.fold(stride, 0, r);
        }
        let mut sums = [X::Sum::new(); 3];
        for j in 0..self.eq.len() {
            if let Some(r) = r {
                self.fold(stride, 2 * j, r);
                self.fold(stride, 2 * j + 1, r);
            }
            let (a, b) = self.values[2 * j * stride..][..2 * stride].split_at(stride);
            // first is first (1 - X) on the first pair, last is last X on the last one.
            let lines = [(j == 0, [first, -first]), (j + 1 == self.eq.len(), [X::ZERO, last])];
            let mut pair = between(plan, a, b);
            for (edge, (here, line)) in plan.edges.iter().zip(lines) {
                if let Some(edge) = edge.as_ref().filter(|_| here) {
                    add_edge(&mut pair, edge, line, a, b);
                }
            }
            let pair = [a[stride - 1] + pair[0].finish(), pair[1].finish(), pair[2].finish()];
            sums.iter_mut().zip(pair).for_each(|(sum, x)| sum.add(self.eq[j], x));
        }
        if r.is_some() {
            self.values.truncate((2 * self.eq.len()).max(1) * stride);
        }
        sums.map(|sum| sum.finish())
    }
}

/// Coefficients 0, 2, 3 of the summand's products between two rows, without selectors.
fn between<X: Element>(plan: &Plan, a: &[X], b: &[X]) -> [X::Sum; 3] {
    let mut sums = [X::Sum::new(); 3];
    for &(p, w) in &plan.squares {
        sums[0].add(a[p], a[w]);
        sums[1].add(b[p] - a[p], b[w] - a[w]);
    }
    for cubic in &plan.cubes {
        let inner = products(&cubic.products, a, b);
        let (x, y) = (a[cubic.factor], b[cubic.factor]);
        add_cubic(&mut sums, [x, y - x], inner);
    }
    sums
}

/// Adds a selector's terms; the selector is `x + d X`.
fn add_edge<X: Element>(sums: &mut [X::Sum; 3], edge: &Cubic, line: [X; 2], a: &[X], b: &[X]) {
    let mut inner = products(&edge.products, a, b);
    let constant = X::from(edge.constant);
    let alone = edge.alone.map_or([X::ZERO; 2], |slot| [a[slot], b[slot]]);
    inner[0] += constant + alone[0];
    inner[1] += constant + alone[1];
    add_cubic(sums, line, inner);
}

/// Values at 0 and 1 and the leading coefficient of a sum of products.
fn products<X: Element>(products: &[(usize, usize)], a: &[X], b: &[X]) -> [X; 3] {
    let mut sums = [X::Sum::new(); 3];
    for &(p, w) in products {
        sums[0].add(a[p], a[w]);
        sums[1].add(b[p], b[w]);
        sums[2].add(b[p] - a[p], b[w] - a[w]);
    }
    sums.map(|sum| sum.finish())
}

/// Adds `(x + d X) inner(X)` to coefficients 0, 2, 3.
fn add_cubic<X: Element>(sums: &mut [X::Sum; 3], [x, d]: [X; 2], [at_zero, at_one, leading]: [X; 3]) {
    sums[0].add(x, at_zero);
    sums[1].add(x, leading);
    sums[1].add(d, at_one - at_zero - leading);
    sums[2].add(d, leading);
}

/// Weights of one folded value over all corners.
struct Sum {
    terms: Vec<(u32, PackedChallenge)>,
    wide: Vec<(u32, PackedChallenge)>,
}

impl Sum {
    fn new(corners: &[Challenge], atoms: &Atoms, form: &[(u32, Challenge)]) -> Self {
        let mut sum = Self { terms: Vec::new(), wide: Vec::new() };
        for (corner, &x) in corners.iter().enumerate() {
            for &(id, w) in form {
                match atoms.place(id) {
                    Some(place) => sum.wide.push(((corner * atoms.wide() + place) as u32, splat(w * x))),
                    None => sum.terms.push(((corner * atoms.count()) as u32 + id, splat(w * x))),
                }
            }
        }
        sum
    }

    #[inline(never)]
    fn evaluate(&self, base: &[PackedVal], wide: &[PackedChallenge]) -> PackedChallenge {
        let mut sum = weighted(self.terms.iter().map(|(at, w)| (w, base[*at as usize])));
        for &(at, w) in &self.wide {
            sum += w * wide[at as usize];
        }
        sum
    }
}

/// All folded values of all groups, lanes on top.
#[inline(never)]
fn fold_trace(
    trace: TableTrace<'_>,
    next: &[usize],
    plan: &Plan,
    atoms: &Atoms,
    challenges: &[Challenge],
    groups: usize,
) -> Vec<PackedChallenge> {
    let corners = eq_table(challenges, Challenge::ONE);
    let of_atom = |&id: &u32| Sum::new(&corners, atoms, &[(id, Challenge::ONE)]);
    let of_form = |form: &Vec<(u32, Challenge)>| Sum::new(&corners, atoms, form);
    let sums: Vec<Sum> = plan.folded.iter().map(of_atom).chain(plan.forms.iter().map(of_form)).collect();
    let (constant, linear) = linear_part(plan, &corners);
    let vectors = groups.div_ceil(LANES);
    let mut gather = Gather::new(trace, next.to_vec());
    let mut base = vec![PackedVal::ZERO; GROUP * atoms.count()];
    let mut wide = vec![PackedChallenge::ZERO; GROUP * atoms.wide()];
    let mut folded = Vec::with_capacity(vectors * plan.stride());
    for j in 0..vectors {
        gather.load(core::array::from_fn(|l| (j + l * vectors) % groups));
        for corner in 0..GROUP {
            atoms.evaluate(gather.corner(corner), &mut base[corner * atoms.count()..][..atoms.count()]);
            atoms.evaluate_wide(gather.corner(corner), &mut wide[corner * atoms.wide()..][..atoms.wide()]);
        }
        folded.extend(sums.iter().map(|sum| sum.evaluate(&base, &wide)));
        folded.push(constant + weighted(linear.iter().map(|(at, w)| (w, gather.cells()[*at]))));
    }
    folded
}

/// The linear form: a constant, and weights of the cells of all corners.
fn linear_part(plan: &Plan, corners: &[Challenge]) -> (PackedChallenge, Vec<(usize, PackedChallenge)>) {
    let forms = [&plan.fractions, &plan.quadratic.form, &plan.cubic.form];
    let constant = forms.iter().map(|form| form.constant).sum();
    let width = plan.fractions.columns.len();
    let mut weights = Vec::new();
    for (corner, &x) in corners.iter().enumerate() {
        for c in 0..width {
            let weight: Challenge = forms.iter().map(|form| form.columns[c]).sum();
            if weight != Challenge::ZERO {
                weights.push((corner * width + c, splat(weight * x)));
            }
        }
    }
    (splat(constant), weights)
}
