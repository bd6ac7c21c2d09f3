//! The later rounds: over the folded values that a table's products are made of.

use p3_field::{PackedFieldExtension, PrimeCharacteristicRing};
use proofloom_field::Challenge;

use super::gather::{Atoms, GROUP, Gather, SMALL};
use super::plan::{Cubic, Plan};
use crate::multilinear::{Element, drop_lowest, eq_lanes_on_top, eq_table};
use crate::packed::{LANES, PackedChallenge, PackedVal, lane, splat, sum_lanes, weighted};
use crate::trace::TableTrace;

/// Folded values of a table, row after row.
#[derive(Debug)]
pub struct Folded {
    rows: Rows,
    /// The selectors' values at the variables that are set.
    first: Challenge,
    last: Challenge,
}

#[derive(Debug)]
enum Rows {
    /// Rows that differ in the top bits in a vector; with eq's weights of the variables that are left.
    Packed {
        values: Vec<PackedChallenge>,
        eq: Vec<PackedChallenge>,
    },
    Single(Vec<Challenge>),
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
            Rows::Packed { values, eq: eq_lanes_on_top(&point[SMALL..], scale) }
        } else {
            Rows::Single(single(&values, plan.stride(), groups))
        };
        let (first, last) = (crate::multilinear::none(challenges), challenges.iter().copied().product());
        Self { rows, first, last }
    }

    /// Coefficients 0, 2, 3 of the next round's polynomial without eq's factor of its variable. `behind` are eq's
    /// coordinates of the variables after it.
    pub fn sums(&mut self, plan: &Plan, behind: &[Challenge], scale: Challenge) -> [Challenge; 3] {
        match &mut self.rows {
            Rows::Packed { values, eq } => {
                drop_lowest(eq);
                let at = |place: usize, x: Challenge| {
                    PackedChallenge::from_ext_fn(|l| if l == place { x } else { Challenge::ZERO })
                };
                sum_rows(plan, values, eq, at(0, self.first), at(LANES - 1, self.last)).map(|sum| sum_lanes(&sum))
            }
            Rows::Single(values) => sum_rows(plan, values, &eq_table(behind, scale), self.first, self.last),
        }
    }

    /// Sets the lowest variable.
    pub fn bind(&mut self, plan: &Plan, r: Challenge) {
        self.first *= Challenge::ONE - r;
        self.last *= r;
        let stride = plan.stride();
        match &mut self.rows {
            Rows::Packed { values, .. } => {
                fold_pairs(values, stride, splat(r));
                if values.len() == stride {
                    self.rows = Rows::Single(single(values, stride, LANES));
                }
            }
            Rows::Single(values) => fold_pairs(values, stride, r),
        }
    }
}

/// Rows one by one: lane l of vector j is row j + l times the number of vectors.
fn single(values: &[PackedChallenge], stride: usize, rows: usize) -> Vec<Challenge> {
    let vectors = values.len() / stride;
    let row = |i: usize| values[i % vectors * stride..][..stride].iter().map(move |x| lane(x, i / vectors));
    (0..rows).flat_map(row).collect()
}

/// Rows 2j and 2j + 1 become row j.
#[inline(never)]
fn fold_pairs<X: Element>(values: &mut Vec<X>, stride: usize, r: X) {
    let pairs = values.len() / (2 * stride);
    for j in 0..pairs {
        for c in 0..stride {
            let (a, b) = (values[2 * j * stride + c], values[(2 * j + 1) * stride + c]);
            values[j * stride + c] = a + (b - a) * r;
        }
    }
    values.truncate(pairs * stride);
}

/// The sum over all pairs of rows.
#[inline(never)]
fn sum_rows<X: Element>(plan: &Plan, values: &[X], eq: &[X], first: X, last: X) -> [X; 3] {
    let stride = plan.stride();
    let mut sums = [X::ZERO; 3];
    for (j, &weight) in eq.iter().enumerate() {
        let (a, b) = values[2 * j * stride..][..2 * stride].split_at(stride);
        let mut pair = between(plan, a, b);
        // first is first (1 - X) on the first pair, last is last X on the last one.
        let lines = [(j == 0, [first, -first]), (j + 1 == eq.len(), [X::ZERO, last])];
        for (edge, (here, line)) in plan.edges.iter().zip(lines) {
            if let Some(edge) = edge.as_ref().filter(|_| here) {
                pair.iter_mut().zip(at_edge(edge, line, a, b)).for_each(|(sum, x)| *sum += x);
            }
        }
        sums.iter_mut().zip(pair).for_each(|(sum, x)| *sum += weight * x);
    }
    sums
}

/// Coefficients 0, 2, 3 of the summand between two rows, without selectors.
fn between<X: Element>(plan: &Plan, a: &[X], b: &[X]) -> [X; 3] {
    let mut sums = [a[a.len() - 1], X::ZERO, X::ZERO];
    for &(p, w) in &plan.squares {
        sums[0] += a[p] * a[w];
        sums[1] += (b[p] - a[p]) * (b[w] - a[w]);
    }
    for cubic in &plan.cubes {
        let inner = products(&cubic.products, a, b);
        let (x, y) = (a[cubic.factor], b[cubic.factor]);
        add_cubic(&mut sums, x, y - x, inner);
    }
    sums
}

/// The same of a selector's terms; the selector is `x + d X`.
fn at_edge<X: Element>(edge: &Cubic, [x, d]: [X; 2], a: &[X], b: &[X]) -> [X; 3] {
    let mut inner = products(&edge.products, a, b);
    let constant = X::from(edge.constant);
    let alone = edge.alone.map_or([X::ZERO; 2], |slot| [a[slot], b[slot]]);
    inner[0] += constant + alone[0];
    inner[1] += constant + alone[1];
    let mut sums = [X::ZERO; 3];
    add_cubic(&mut sums, x, d, inner);
    sums
}

/// Values at 0 and 1 and the leading coefficient of a sum of products.
fn products<X: Element>(products: &[(usize, usize)], a: &[X], b: &[X]) -> [X; 3] {
    let mut sums = [X::ZERO; 3];
    for &(p, w) in products {
        sums[0] += a[p] * a[w];
        sums[1] += b[p] * b[w];
        sums[2] += (b[p] - a[p]) * (b[w] - a[w]);
    }
    sums
}

/// Adds `(x + d X) inner(X)` to coefficients 0, 2, 3.
fn add_cubic<X: Element>(sums: &mut [X; 3], x: X, d: X, [at_zero, at_one, leading]: [X; 3]) {
    let linear = at_one - at_zero - leading;
    sums[0] += x * at_zero;
    sums[1] += x * leading + d * linear;
    sums[2] += d * leading;
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
