//! A table's weighted sum of constraints and fractions as a short list of products.
//!
//! Products that share an atom are joined: `sum of w_i a b_i = a W`, where W is a sum of weighted atoms (a form)
//! that is folded like a column.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Challenge, Val};
use proofloom_weave::Shape;
use proofloom_weave::staged::TableWeights;

use crate::lower::{FIRST, LAST, Linear, Lowering, NONE, Poly, Product, degree};

/// A weighted product of two or three atoms.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    pub weight: Challenge,
    pub atoms: Product,
}

/// A linear form of all columns and next columns.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub constant: Challenge,
    pub columns: Vec<Challenge>,
    pub selectors: [Challenge; 2],
}

impl Form {
    fn new(columns: usize) -> Self {
        Self { columns: vec![Challenge::ZERO; columns], ..Self::default() }
    }

    fn add(&mut self, weight: Challenge, poly: &Poly) {
        self.constant += weight * poly.linear.constant;
        poly.linear.columns.iter().for_each(|&(c, x)| self.columns[c as usize] += weight * x);
        self.selectors.iter_mut().zip(&poly.selectors).for_each(|(sum, &x)| *sum += weight * x);
    }
}

/// Products with a common factor. Numbers are of folded values: atoms, then forms.
#[derive(Clone, Debug, Default)]
pub struct Cubic {
    /// The common factor; unused where that is a selector.
    pub factor: usize,
    /// A form that the factor multiplies alone.
    pub alone: Option<usize>,
    pub constant: Challenge,
    pub products: Vec<(usize, usize)>,
}

/// Constraints by what is known of them beyond the rows, where each of them is zero as a whole.
///
/// Those of degree 2 without selectors are given by three points a variable, all others need four.
#[derive(Clone, Debug, Default)]
pub struct Constraints {
    pub form: Form,
    /// Products of atoms without selectors.
    pub terms: Vec<Term>,
}

/// A table's summand.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// All atoms, two places for the selectors first.
    pub atoms: Vec<Linear>,
    pub quadratic: Constraints,
    pub cubic: Constraints,
    /// Counts and tuples' elements: their linear part, and products of two and of three atoms.
    pub fractions: Form,
    pub fraction_pairs: Vec<Term>,
    pub fraction_triples: Vec<Term>,
    /// Terms with a selector.
    pub edge: Vec<Term>,
    /// Atoms that are folded.
    pub folded: Vec<u32>,
    /// Sums of weighted atoms that are folded.
    pub forms: Vec<Vec<(u32, Challenge)>>,
    /// Products of two folded values.
    pub squares: Vec<(usize, usize)>,
    pub cubes: Vec<Cubic>,
    /// Groups of the two selectors.
    pub edges: [Option<Cubic>; 2],
}

impl Plan {
    /// The plan of a table, for a proof's challenges and public values.
    pub fn new(shape: &Shape, publics: &[Val], weights: &TableWeights<Challenge>) -> Self {
        let counts = shape.slots.iter().map(|slot| slot.count).zip(weights.counts.iter().copied());
        let tuples = shape.slots.iter().zip(&weights.tuples);
        let elements = tuples.flat_map(|(slot, weights)| slot.tuple.iter().copied().zip(weights.iter().copied()));
        let fractions: Vec<_> = counts.chain(elements).collect();
        let constraints: Vec<_> = shape.constraints.iter().copied().zip(weights.constraints.iter().copied()).collect();
        let roots = fractions.iter().chain(&constraints).map(|&(node, _)| node);
        let lowering = Lowering::new(shape, publics, roots);
        let form = || Form::new(2 * shape.width());
        let mut plan = Self { fractions: form(), ..Self::default() };
        (plan.quadratic.form, plan.cubic.form) = (form(), form());
        let mut terms: [HashMap<Product, Challenge>; 3] = Default::default();
        for (node, weight) in constraints {
            plan.add_constraint(&lowering, lowering.poly(node), weight, &mut terms);
        }
        for (node, weight) in fractions {
            plan.fractions.add(weight, lowering.poly(node));
            collect(&mut terms[2], weight, lowering.poly(node));
        }
        plan.fractions.constant += weights.constant;
        let [quadratic, cubic, fractions] = terms.map(sorted);
        plan.quadratic.terms = quadratic;
        (plan.edge, plan.cubic.terms) = cubic.into_iter().partition(|term| term.atoms[0] <= LAST);
        (plan.fraction_pairs, plan.fraction_triples) = fractions.into_iter().partition(|t| degree(&t.atoms) == 2);
        plan.atoms = lowering.atoms;
        plan.group();
        plan
    }

    fn add_constraint(
        &mut self,
        lowering: &Lowering,
        poly: &Poly,
        weight: Challenge,
        terms: &mut [HashMap<Product, Challenge>; 3],
    ) {
        // Linear, and zero on all rows: so it is zero everywhere.
        if poly.terms.is_empty() && !poly.has_selectors() {
            return;
        }
        let base = |atom: u32| atom == NONE || lowering.atoms[atom as usize].is_base();
        let simple =
            |(_, product): &(Challenge, Product)| degree(product) == 2 && product.iter().all(|&atom| base(atom));
        let quadratic = !poly.has_selectors() && poly.terms.iter().all(simple);
        let [quadratic_terms, cubic_terms, _] = terms;
        let (constraints, terms) =
            if quadratic { (&mut self.quadratic, quadratic_terms) } else { (&mut self.cubic, cubic_terms) };
        constraints.form.add(weight, poly);
        collect(terms, weight, poly);
    }

    /// All products without selectors, of a degree.
    fn of_degree(&self, wanted: usize) -> Vec<Term> {
        let lists = [&self.quadratic.terms, &self.cubic.terms, &self.fraction_pairs, &self.fraction_triples];
        let mut joined: HashMap<Product, Challenge> = HashMap::new();
        for term in lists.into_iter().flatten().filter(|term| degree(&term.atoms) == wanted) {
            *joined.entry(term.atoms).or_default() += term.weight;
        }
        sorted(joined)
    }

    /// Joins products that share an atom.
    fn group(&mut self) {
        let mut slots = Slots::default();
        let pairs = self.of_degree(2).iter().map(|t| (t.atoms[0], t.atoms[1], t.weight)).collect();
        self.squares = slots.join(pairs);
        self.cubes = self.group_triples(&mut slots);
        self.edges = [FIRST, LAST].map(|selector| self.group_edge(selector, &mut slots));
        // Forms come behind the atoms.
        let atoms = slots.atoms.len();
        let place = |at: &mut usize| *at = if *at >= FORMS { *at - FORMS + atoms } else { *at };
        let cubics = self.cubes.iter_mut().chain(self.edges.iter_mut().flatten());
        let mut products: Vec<&mut (usize, usize)> = self.squares.iter_mut().collect();
        for cubic in cubics {
            place(&mut cubic.factor);
            cubic.alone.iter_mut().for_each(place);
            products.extend(&mut cubic.products);
        }
        for (a, b) in products {
            place(a);
            place(b);
        }
        (self.folded, self.forms) = (slots.atoms, slots.forms);
    }

    fn group_triples(&self, slots: &mut Slots) -> Vec<Cubic> {
        let triples = self.of_degree(3);
        let products: Vec<Product> = triples.iter().map(|term| term.atoms).collect();
        let cubic = |(factor, own): (u32, Vec<usize>)| {
            let without = |at: usize| {
                let [left, right] = without(&products[at], factor);
                (left, right, triples[at].weight)
            };
            let pairs = own.into_iter().map(without).collect();
            Cubic { factor: slots.atom(factor), products: slots.join(pairs), ..Cubic::default() }
        };
        by_common_atom(&products).into_iter().map(cubic).collect()
    }

    fn group_edge(&self, selector: u32, slots: &mut Slots) -> Option<Cubic> {
        let own: Vec<&Term> = self.edge.iter().filter(|term| term.atoms[0] == selector).collect();
        let constant = self.cubic.form.selectors[selector as usize];
        if own.is_empty() && constant == Challenge::ZERO {
            return None;
        }
        assert!(own.iter().all(|term| term.atoms[1] > LAST), "a term has one selector at most");
        let alone: Vec<_> = own.iter().filter(|t| degree(&t.atoms) == 2).map(|t| (t.atoms[1], t.weight)).collect();
        let pairs = own.iter().filter(|t| degree(&t.atoms) == 3).map(|t| (t.atoms[1], t.atoms[2], t.weight)).collect();
        let products = slots.join(pairs);
        let alone = (!alone.is_empty()).then(|| slots.form(alone));
        Some(Cubic { factor: 0, alone, constant, products })
    }

    /// Folded values of a row: atoms, forms, the linear form.
    pub fn stride(&self) -> usize {
        self.folded.len() + self.forms.len() + 1
    }
}

/// In an order that does not depend on the map's.
fn sorted(terms: HashMap<Product, Challenge>) -> Vec<Term> {
    let mut terms: Vec<Term> = terms.into_iter().map(|(atoms, weight)| Term { weight, atoms }).collect();
    terms.sort_unstable_by_key(|term| term.atoms);
    terms
}

fn collect(terms: &mut HashMap<Product, Challenge>, weight: Challenge, poly: &Poly) {
    for &(x, product) in &poly.terms {
        *terms.entry(product).or_default() += weight * x;
    }
}

/// Numbers of forms while the count of atoms is not known.
const FORMS: usize = 1 << 24;

#[derive(Default)]
struct Slots {
    atoms: Vec<u32>,
    places: HashMap<u32, usize>,
    forms: Vec<Vec<(u32, Challenge)>>,
}

impl Slots {
    fn atom(&mut self, id: u32) -> usize {
        let next = self.atoms.len();
        let place = *self.places.entry(id).or_insert(next);
        if place == next {
            self.atoms.push(id);
        }
        place
    }

    fn form(&mut self, form: Vec<(u32, Challenge)>) -> usize {
        self.forms.push(form);
        FORMS + self.forms.len() - 1
    }

    /// Weighted products of two atoms as products of an atom and a form.
    fn join(&mut self, pairs: Vec<(u32, u32, Challenge)>) -> Vec<(usize, usize)> {
        let products: Vec<Product> = pairs.iter().map(|&(a, b, _)| [a, b, NONE]).collect();
        let mut out = Vec::new();
        for (factor, own) in by_common_atom(&products) {
            let form = own.into_iter().map(|at| (without(&products[at], factor)[0], pairs[at].2)).collect();
            out.push((self.atom(factor), self.form(form)));
        }
        out
    }
}

/// The two places of a product that an atom leaves; the atom is in it.
fn without(product: &Product, atom: u32) -> [u32; 2] {
    let [a, b, c] = *product;
    if a == atom {
        [b, c]
    } else if b == atom {
        [a, c]
    } else {
        [a, b]
    }
}

/// Parts the products by an atom that they have in common, the most frequent one first. Each product is in one
/// part; all are given by their numbers.
fn by_common_atom(products: &[Product]) -> Vec<(u32, Vec<usize>)> {
    let mut of_atom: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, product) in products.iter().enumerate() {
        for (place, &atom) in product.iter().enumerate() {
            if atom != NONE && !product[..place].contains(&atom) {
                of_atom.entry(atom).or_default().push(at);
            }
        }
    }
    let mut taken = vec![false; products.len()];
    // Counts only fall: one that is out of date is put back with what is left.
    let mut queue: BinaryHeap<(usize, Reverse<u32>)> =
        of_atom.iter().map(|(&atom, own)| (own.len(), Reverse(atom))).collect();
    let mut parts = Vec::new();
    while let Some((count, Reverse(atom))) = queue.pop() {
        let own: Vec<usize> = of_atom[&atom].iter().copied().filter(|&at| !taken[at]).collect();
        if own.len() < count {
            if !own.is_empty() {
                queue.push((own.len(), Reverse(atom)));
            }
            of_atom.insert(atom, own);
            continue;
        }
        own.iter().for_each(|&at| taken[at] = true);
        parts.push((atom, own));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_parted_by_their_most_frequent_atoms() {
        let products = [[2, 3, NONE], [3, 4, NONE], [4, 4, NONE], [5, 6, NONE], [3, 5, 7], [2, 4, NONE]];
        let parts = by_common_atom(&products);
        // 3 is in three, then 4 in two of what is left, then 5.
        assert_eq!(parts, [(3, vec![0, 1, 4]), (4, vec![2, 5]), (5, vec![3])]);
        assert_eq!(without(&products[4], 5), [3, 7]);
        assert_eq!(without(&products[2], 4), [4, NONE]);
    }

    #[test]
    fn nothing_has_no_parts() {
        assert_eq!(by_common_atom(&[]), []);
    }
}
