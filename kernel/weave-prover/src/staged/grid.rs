//! The first rounds: sums of a table's terms at all points of a grid, from base-field values.

use p3_field::{Field, PackedFieldExtension, PackedValue, PrimeCharacteristicRing};
use proofloom_field::{Challenge, Val};

use super::gather::{Atoms, GROUP, Gather, SMALL};
use super::plan::{Form, Plan, Term};
use crate::lower::{FIRST, LAST, NONE, Product};
use crate::multilinear::{eq_packed, eq_table, horner};
use crate::packed::{LANES, PackedChallenge, PackedVal, splat, sum_lanes, weighted};
use crate::sum::{Element, Products};
use crate::trace::TableTrace;

type PackedSum = <PackedChallenge as Element>::Sum;

/// Points of a round polynomial: 0, 1, -1, 2.
const POINTS: usize = 4;
/// Points of the grid, the first variable in the lowest digit.
const GRID: usize = POINTS.pow(SMALL as u32);

/// Sums at the grid's points; one variable less after each round.
#[derive(Clone, Debug)]
pub struct Grid(Vec<Challenge>);

impl Grid {
    /// Coefficients of the round polynomial of the lowest variable; `behind` are eq's coordinates of the others.
    pub fn round(&self, behind: &[Challenge]) -> [Challenge; 4] {
        let mut values = self.0.clone();
        for &x in behind.iter().rev() {
            let len = values.len() / POINTS;
            values = (0..len).map(|i| values[i] + x * (values[i + len] - values[i])).collect();
        }
        cubic([values[0], values[1], values[2], values[3]])
    }

    /// Sets the lowest variable.
    pub fn bind(&mut self, r: Challenge) {
        self.0 = self.0.as_chunks::<POINTS>().0.iter().map(|&values| horner(&cubic(values), r)).collect();
    }
}

/// Coefficients of the cubic with these values at 0, 1, -1, 2.
fn cubic([at_zero, at_one, at_minus, at_two]: [Challenge; 4]) -> [Challenge; 4] {
    let even = (at_one + at_minus).halve() - at_zero;
    let odd = (at_one - at_minus).halve();
    // a + 2 b + 4 c + 8 d = a + 4 c + 2 (b + d) + 6 d
    let six = at_two - at_zero - even.double().double() - odd.double();
    let d = six * Val::from_u32(6).inverse();
    [at_zero, odd - d, even, d]
}

/// Terms of atoms of the base field.
struct List(Vec<(PackedChallenge, Product)>);

impl List {
    /// Shorter products first.
    fn new<'t>(terms: impl Iterator<Item = &'t Term>) -> Self {
        let mut list: Vec<_> = terms.map(|term| (splat(term.weight), term.atoms)).collect();
        list.sort_by_key(|(_, product)| product[2] != NONE);
        Self(list)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline(never)]
    fn sum(&self, values: &[PackedVal]) -> PackedChallenge {
        let split = self.0.partition_point(|(_, product)| product[2] == NONE);
        let (pairs, triples) = self.0.split_at(split);
        let value = |id: u32| values[id as usize];
        let pairs = pairs.iter().map(|(w, [a, b, _])| (w, value(*a) * value(*b)));
        weighted(pairs.chain(triples.iter().map(|(w, [a, b, c])| (w, value(*a) * value(*b) * value(*c)))))
    }
}

/// Terms with an atom of the challenge field, or with a selector.
fn sum_wide(terms: &[Term], atoms: &Atoms, base: &[PackedVal], wide: &[PackedChallenge]) -> PackedChallenge {
    let mut sum = PackedChallenge::ZERO;
    for term in terms {
        let mut product = splat(term.weight);
        for &atom in term.atoms.iter().filter(|&&atom| atom != NONE) {
            match atoms.place(atom) {
                Some(place) => product *= wide[place],
                None => product *= base[atom as usize],
            }
        }
        sum += product;
    }
    sum
}

/// A table's pass over its trace.
struct Pass<'a> {
    plan: &'a Plan,
    atoms: &'a Atoms,
    quadratic: List,
    cubic: List,
    /// Terms of cubic constraints with wide atoms.
    wide: Vec<Term>,
    pairs: List,
    triples: List,
    groups: usize,
    base: Vec<PackedVal>,
    wide_values: Vec<PackedChallenge>,
    sums: Sums,
}

/// Sums so far. Constraints are zero on the cube, so their sums are left out there.
struct Sums {
    /// At points of degree 2: fractions, and quadratic constraints.
    pairs: Vec<PackedSum>,
    quadratic: Vec<PackedSum>,
    /// At all points: all else.
    rest: Vec<PackedSum>,
    /// Linear parts at the corners: of fractions, quadratic and cubic constraints.
    linear: [Vec<PackedSum>; 3],
}

/// Sums a table's terms over its groups of rows. `point` are eq's coordinates of the table's rows, `scale` is eq's
/// part of the variables above.
pub fn sum(
    trace: TableTrace<'_>,
    next: &[usize],
    plan: &Plan,
    atoms: &Atoms,
    point: &[Challenge],
    scale: Challenge,
) -> Grid {
    let groups = 1usize << (point.len() - SMALL);
    let eq = if groups >= LANES {
        eq_packed(&point[SMALL..], scale)
    } else {
        let table = eq_table(&point[SMALL..], scale);
        vec![lanes_of(|lane| table.get(lane).copied().unwrap_or_default())]
    };
    let (wide, cubic): (Vec<Term>, Vec<Term>) =
        plan.cubic.terms.iter().partition(|t| t.atoms.iter().any(|&a| a != NONE && atoms.place(a).is_some()));
    let mut pass = Pass {
        plan,
        atoms,
        quadratic: List::new(plan.quadratic.terms.iter()),
        cubic: List::new(cubic.iter()),
        wide,
        pairs: List::new(plan.fraction_pairs.iter()),
        triples: List::new(plan.fraction_triples.iter()),
        groups,
        base: vec![PackedVal::ZERO; GRID * atoms.count()],
        wide_values: vec![PackedChallenge::ZERO; GRID * atoms.wide()],
        sums: Sums::new(),
    };
    let forms = [&plan.fractions, &plan.quadratic.form, &plan.cubic.form].map(PackedForm::new);
    let varying = trace.first_of_equal_rows();
    let mut gather = Gather::new(trace, next.to_vec());
    for (j, &weight) in eq.iter().enumerate() {
        gather.load(core::array::from_fn(|lane| (LANES * j + lane) % groups));
        let at_edge = j == 0 || j + 1 == eq.len();
        // Where all rows are alike, extensions of constraints are zero as well.
        let constraints = at_edge || j * LANES * GROUP < varying;
        pass.add(&gather, &forms, weight, j, at_edge, constraints);
    }
    pass.finish()
}

/// A vector of these lanes.
fn lanes_of(f: impl Fn(usize) -> Challenge) -> PackedChallenge {
    PackedChallenge::from_ext_fn(f)
}

struct PackedForm {
    constant: PackedChallenge,
    columns: Vec<(usize, PackedChallenge)>,
}

impl PackedForm {
    fn new(form: &Form) -> Self {
        let columns = form.columns.iter().enumerate().filter(|&(_, &x)| x != Challenge::ZERO);
        Self { constant: splat(form.constant), columns: columns.map(|(c, &x)| (c, splat(x))).collect() }
    }

    fn evaluate(&self, cells: &[PackedVal]) -> PackedChallenge {
        self.constant + weighted(self.columns.iter().map(|(c, x)| (x, cells[*c])))
    }
}

impl Sums {
    fn new() -> Self {
        let zeros = |len| vec![PackedSum::new(); len];
        Self { pairs: zeros(GRID), quadratic: zeros(GRID), rest: zeros(GRID), linear: [(); 3].map(|()| zeros(GROUP)) }
    }
}

impl Pass<'_> {
    /// Adds as many groups as there are lanes.
    fn add(
        &mut self,
        gather: &Gather<'_>,
        forms: &[PackedForm; 3],
        weight: PackedChallenge,
        j: usize,
        at_edge: bool,
        constraints: bool,
    ) {
        for (form, linear) in forms.iter().zip(&mut self.sums.linear).take(if constraints { 3 } else { 1 }) {
            for (corner, sum) in linear.iter_mut().enumerate() {
                sum.add(weight, form.evaluate(gather.corner(corner)));
            }
        }
        let has_constraints =
            !(self.quadratic.is_empty() && self.cubic.is_empty() && self.wide.is_empty() && self.plan.edge.is_empty());
        if !(constraints && has_constraints) && self.pairs.is_empty() && self.triples.is_empty() {
            return;
        }
        let cubes = at_edge || self.has_cubes();
        self.extend_atoms(gather, cubes, constraints);
        for g in 0..GRID {
            self.add_point(g, weight, cubes, constraints);
        }
        if at_edge {
            self.add_edges(j, weight);
        }
    }

    fn has_cubes(&self) -> bool {
        !(self.cubic.is_empty() && self.wide.is_empty() && self.triples.is_empty())
    }

    fn extend_atoms(&mut self, gather: &Gather<'_>, cubes: bool, constraints: bool) {
        let (base, wide) = (self.atoms.count(), self.atoms.wide());
        for corner in 0..GROUP {
            self.atoms.evaluate(gather.corner(corner), &mut self.base[place(corner) * base..][..base]);
        }
        extend(&mut self.base, base, if cubes { POINTS } else { POINTS - 1 });
        if constraints && wide > 0 {
            for corner in 0..GROUP {
                let out = &mut self.wide_values[place(corner) * wide..][..wide];
                self.atoms.evaluate_wide(gather.corner(corner), out);
            }
            extend(&mut self.wide_values, wide, POINTS);
        }
    }

    fn add_point(&mut self, g: usize, weight: PackedChallenge, cubes: bool, constraints: bool) {
        let base = &self.base[g * self.atoms.count()..][..self.atoms.count()];
        let off_cube = constraints && corner_at(g).is_none();
        if (0..SMALL).all(|v| digit(g, v) < POINTS - 1) {
            if !self.pairs.is_empty() {
                self.sums.pairs[g].add(weight, self.pairs.sum(base));
            }
            if off_cube && !self.quadratic.is_empty() {
                self.sums.quadratic[g].add(weight, self.quadratic.sum(base));
            }
        }
        if !cubes {
            return;
        }
        let mut sum = PackedChallenge::ZERO;
        if !self.triples.is_empty() {
            sum += self.triples.sum(base);
        }
        if off_cube {
            let wide = &self.wide_values[g * self.atoms.wide()..][..self.atoms.wide()];
            sum += self.cubic.sum(base) + sum_wide(&self.wide, self.atoms, base, wide);
        }
        self.sums.rest[g].add(weight, sum);
    }

    /// Terms with a selector, at the first and the last group.
    fn add_edges(&mut self, j: usize, weight: PackedChallenge) {
        let last_group = self.groups - 1;
        let at = |group: usize, value: Val| {
            PackedVal::from_fn(|lane| if LANES * j + lane == group { value } else { Val::ZERO })
        };
        let [first, last] = self.plan.cubic.form.selectors.map(splat);
        self.sums.linear[2][0].add(weight, first * at(0, Val::ONE));
        self.sums.linear[2][GROUP - 1].add(weight, last * at(last_group, Val::ONE));
        let (count, wide) = (self.atoms.count(), self.atoms.wide());
        for g in (0..GRID).filter(|&g| corner_at(g).is_none()) {
            let coordinates = || (0..SMALL).map(|v| coordinate(g, v));
            let base = &mut self.base[g * count..][..count];
            base[FIRST as usize] = at(0, coordinates().map(|x| Val::ONE - x).product());
            base[LAST as usize] = at(last_group, coordinates().product());
            let wide = &self.wide_values[g * wide..][..wide];
            self.sums.rest[g].add(weight, sum_wide(&self.plan.edge, self.atoms, base, wide));
        }
    }

    fn finish(self) -> Grid {
        let scalars = |sums: &[PackedSum]| sums.iter().map(|sum| sum_lanes(&sum.finish())).collect::<Vec<_>>();
        let [fractions, low, high] = self.sums.linear.each_ref().map(|sums| extend_scalars(&scalars(sums)));
        let off_cube = |values: Vec<Challenge>| -> Vec<Challenge> {
            let clear = |(g, value)| if corner_at(g).is_some() { Challenge::ZERO } else { value };
            values.into_iter().enumerate().map(clear).collect()
        };
        let low = scalars(&self.sums.quadratic).iter().zip(low).map(|(&sum, low)| sum + low).collect();
        let parts = [
            extend_squares(scalars(&self.sums.pairs)),
            extend_squares(off_cube(low)),
            scalars(&self.sums.rest),
            fractions,
            off_cube(high),
        ];
        Grid((0..GRID).map(|g| parts.iter().map(|part| part[g]).sum()).collect())
    }
}

/// The digit of a grid point in one variable.
const fn digit(g: usize, variable: usize) -> usize {
    g >> (2 * variable) & 3
}

/// The corner of the cube at a point of the grid, if it is one.
fn corner_at(g: usize) -> Option<usize> {
    (0..GROUP).find(|&corner| place(corner) == g)
}

/// The grid's point at a corner.
const fn place(corner: usize) -> usize {
    let (mut at, mut variable) = (0, 0);
    while variable < SMALL {
        at |= (corner >> variable & 1) << (2 * variable);
        variable += 1;
    }
    at
}

/// Coordinate of a grid point in one variable.
fn coordinate(g: usize, variable: usize) -> Val {
    [Val::ZERO, Val::ONE, Val::NEG_ONE, Val::TWO][digit(g, variable)]
}

/// From the corners to the grid, linear in each variable.
fn extend_scalars(corners: &[Challenge]) -> Vec<Challenge> {
    let weight = |g: usize, corner: usize| -> Val {
        let factor = |v: usize| if corner >> v & 1 == 1 { coordinate(g, v) } else { Val::ONE - coordinate(g, v) };
        (0..SMALL).map(factor).product()
    };
    (0..GRID).map(|g| corners.iter().enumerate().map(|(corner, &x)| x * weight(g, corner)).sum()).collect()
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

/// Extends one variable after the other: -1 is 2 a - b, 2 is 2 b - a (with four points).
#[inline(never)]
fn extend<X: PrimeCharacteristicRing + Copy>(values: &mut [X], width: usize, points: usize) {
    for variable in 0..SMALL {
        let step = 1 << (2 * variable);
        let due = |g: usize| {
            digit(g, variable) == 0
                && (variable + 1..SMALL).all(|later| digit(g, later) < 2)
                && (0..variable).all(|earlier| digit(g, earlier) < points)
        };
        for g in (0..GRID).filter(|&g| due(g)) {
            for c in 0..width {
                let (x, y) = (values[g * width + c], values[(g + step) * width + c]);
                values[(g + 2 * step) * width + c] = x - (y - x);
                if points == POINTS {
                    values[(g + 3 * step) * width + c] = y + (y - x);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cubic_has_the_given_values() {
        let coefficients = [3, 5, 7, 11].map(Challenge::from_u32);
        let at = |x: i32| horner(&coefficients, Challenge::from_i32(x));
        assert_eq!(cubic([at(0), at(1), at(-1), at(2)]), coefficients);
    }

    #[test]
    fn extensions_agree_with_their_polynomials() {
        // f = (1 + 2 x + 3 y + 5 x y), and its square.
        let value = |g: usize| {
            let [x, y] = [0, 1].map(|v| Challenge::from(coordinate(g, v)));
            Challenge::ONE + x.double() + y * Val::from_u32(3) + x * y * Val::from_u32(5)
        };
        let corners: Vec<Challenge> = (0..GROUP).map(|corner| value(place(corner))).collect();
        let all: Vec<Challenge> = (0..GRID).map(value).collect();
        assert_eq!(extend_scalars(&corners), all);
        let mut grid = vec![Challenge::ZERO; GRID];
        (0..GROUP).for_each(|corner| grid[place(corner)] = corners[corner]);
        extend(&mut grid, 1, POINTS);
        assert_eq!(grid, all);
        let squares: Vec<Challenge> = all.iter().map(|x| x.square()).collect();
        let known = |g: usize| (0..SMALL).all(|v| digit(g, v) < POINTS - 1);
        let partial = (0..GRID).map(|g| if known(g) { squares[g] } else { Challenge::ZERO }).collect();
        assert_eq!(extend_squares(partial), squares);
    }
}
