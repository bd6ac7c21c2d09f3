//! Numerators and denominators of a table's interactions, from its rows.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Challenge, Val};
use proofloom_weave::gkr::Folding;
use proofloom_weave::{Shape, Slot};

use crate::lower::{Linear, Lowering, NONE, Poly, Product, as_base};
use crate::packed::{LANES, PackedChallenge, PackedVal, linear, splat, weighted};
use crate::trace::TableTrace;

/// How the fractions of one table follow from a row.
#[derive(Debug)]
pub struct LeafPlan {
    /// Atoms of the products, as (column, coefficient) and a constant.
    atoms: Vec<(Val, Vec<(u32, Val)>)>,
    slots: Vec<SlotPlan>,
}

#[derive(Debug)]
struct SlotPlan {
    numerator: Numerator,
    denominator: Denominator,
}

#[derive(Debug)]
struct Numerator {
    constant: Val,
    columns: Vec<(u32, Val)>,
    products: Vec<(Val, Product)>,
}

#[derive(Debug)]
struct Denominator {
    constant: PackedChallenge,
    columns: Vec<(u32, PackedChallenge)>,
    products: Vec<(PackedChallenge, Product)>,
}

/// An element of the base field, which expressions of interactions are over.
fn base(x: Challenge) -> Val {
    as_base(x).expect("interactions are over the base field")
}

impl LeafPlan {
    /// The plan of a table, for a proof's challenges and public values.
    pub fn new(shape: &Shape, publics: &[Val], folding: &Folding<Challenge>) -> Self {
        let roots = shape.slots.iter().flat_map(|slot| slot.tuple.iter().copied().chain([slot.count]));
        let lowering = Lowering::new(shape, publics, roots);
        let slots = shape.slots.iter().map(|slot| SlotPlan {
            numerator: Numerator::new(lowering.poly(slot.count)),
            denominator: Denominator::new(&lowering, slot, folding),
        });
        let slots = slots.collect();
        let atom = |linear: &Linear| {
            let columns = linear.columns.iter().map(|&(c, x)| (c, base(x))).collect();
            (base(linear.constant), columns)
        };
        Self { atoms: lowering.atoms.iter().map(atom).collect(), slots }
    }

    /// Interactions of the table.
    fn slots(&self) -> usize {
        self.slots.len()
    }
}

impl Numerator {
    fn new(poly: &Poly) -> Self {
        Self {
            constant: base(poly.linear.constant),
            columns: poly.linear.columns.iter().map(|&(c, x)| (c, base(x))).collect(),
            products: poly.terms.iter().map(|&(x, product)| (base(x), product)).collect(),
        }
    }

    #[inline]
    fn evaluate(&self, cells: &[PackedVal], atoms: &[PackedVal]) -> PackedVal {
        let mut sum = linear(self.constant, &self.columns, cells);
        for &(x, product) in &self.products {
            sum += product_of(atoms, &product) * x;
        }
        sum
    }
}

impl Denominator {
    fn new(lowering: &Lowering, slot: &Slot, folding: &Folding<Challenge>) -> Self {
        let len = slot.tuple.len();
        let mut constant = folding.prefixes[slot.bus];
        let (mut columns, mut products) = (std::collections::BTreeMap::new(), Vec::new());
        for (j, &node) in slot.tuple.iter().enumerate() {
            let (poly, weight) = (lowering.poly(node), -folding.weight(len, j));
            constant += weight * poly.linear.constant;
            for &(c, x) in &poly.linear.columns {
                *columns.entry(c).or_insert(Challenge::ZERO) += weight * x;
            }
            products.extend(poly.terms.iter().map(|&(x, product)| (splat(weight * x), product)));
        }
        let columns = columns.into_iter().map(|(c, x)| (c, splat(x))).collect();
        Self { constant: splat(constant), columns, products }
    }

    #[inline]
    fn evaluate(&self, cells: &[PackedVal], atoms: &[PackedVal]) -> PackedChallenge {
        let columns = self.columns.iter().map(|(c, x)| (x, cells[*c as usize]));
        let products = self.products.iter().map(|(x, product)| (x, product_of(atoms, product)));
        self.constant + weighted(columns.chain(products))
    }
}

#[inline]
fn product_of(atoms: &[PackedVal], product: &Product) -> PackedVal {
    let [a, b, c] = *product;
    let two = atoms[a as usize] * atoms[b as usize];
    if c == NONE { two } else { two * atoms[c as usize] }
}

/// The fractions of all rows of one slot, in halves that differ in the row's top bit. A single vector of rows is no
/// two halves: it is all in the lower one.
#[derive(Clone, Debug, Default)]
pub struct SlotLeaves {
    /// Numerators are of the base field.
    pub p: [Vec<PackedVal>; 2],
    pub q: [Vec<PackedChallenge>; 2],
}

impl SlotLeaves {
    /// Both halves, each with its numerators, denominators and the number of its first vector.
    pub fn halves(&self) -> impl Iterator<Item = (usize, &[PackedVal], &[PackedChallenge])> {
        let halves = self.p.iter().zip(&self.q).zip([0, self.p[0].len()]);
        halves.map(|((p, q), first)| (first, &p[..], &q[..]))
    }

    /// Vectors of rows.
    pub fn vectors(&self) -> usize {
        self.p[0].len() + self.p[1].len()
    }
}

/// The fractions of all slots of a table.
pub fn leaves(plan: &LeafPlan, trace: TableTrace<'_>) -> Vec<SlotLeaves> {
    let vectors = (1usize << trace.log_height()) / LANES;
    let mut evaluator = LeafEvaluator::new(plan, trace);
    let mut slots = vec![SlotLeaves::default(); plan.slots()];
    let lower = vectors.div_ceil(2);
    for (half, range) in [0..lower, lower..vectors].into_iter().enumerate() {
        for slot in &mut slots {
            slot.p[half].reserve_exact(range.len());
            slot.q[half].reserve_exact(range.len());
        }
        for j in range {
            evaluator.evaluate(j * LANES);
            for ((slot, &p), &q) in slots.iter_mut().zip(&evaluator.p).zip(&evaluator.q) {
                slot.p[half].push(p);
                slot.q[half].push(q);
            }
        }
    }
    slots
}

/// Evaluates a table's fractions, a vector of rows at a time.
#[derive(Debug)]
struct LeafEvaluator<'a> {
    plan: &'a LeafPlan,
    trace: TableTrace<'a>,
    cells: Vec<PackedVal>,
    atoms: Vec<PackedVal>,
    /// Numerators of the rows evaluated last.
    p: Vec<PackedVal>,
    /// Denominators.
    q: Vec<PackedChallenge>,
}

impl<'a> LeafEvaluator<'a> {
    fn new(plan: &'a LeafPlan, trace: TableTrace<'a>) -> Self {
        Self {
            plan,
            trace,
            cells: vec![PackedVal::ZERO; trace.width()],
            atoms: vec![PackedVal::ZERO; plan.atoms.len()],
            p: vec![PackedVal::ZERO; plan.slots()],
            q: vec![PackedChallenge::ZERO; plan.slots()],
        }
    }

    /// Fractions of all slots in the rows `row..row + LANES`.
    #[inline(never)]
    fn evaluate(&mut self, row: usize) {
        self.trace.gather(&core::array::from_fn(|lane| row + lane), &mut self.cells);
        for (value, (constant, columns)) in self.atoms.iter_mut().zip(&self.plan.atoms) {
            *value = linear(*constant, columns, &self.cells);
        }
        for ((slot, p), q) in self.plan.slots.iter().zip(&mut self.p).zip(&mut self.q) {
            *p = slot.numerator.evaluate(&self.cells, &self.atoms);
            *q = slot.denominator.evaluate(&self.cells, &self.atoms);
        }
    }
}
