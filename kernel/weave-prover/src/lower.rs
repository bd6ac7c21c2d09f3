//! Expressions as short sums of products of *atoms*: linear forms of columns, expanded no further.
//!
//! A selector is an atom of its own and is never mixed with columns, so inner rows can leave its terms out.
//! Coefficients are of the challenge field, since public values and constants of extension constraints are;
//! an atom whose coefficients are of the base field is evaluated there.

use std::collections::HashMap;
use std::rc::Rc;

use p3_field::{BasedVectorSpace, Field, PrimeCharacteristicRing};
use proofloom_field::{Challenge, Val};
use proofloom_weave::{Node, NodeId, Shape};

/// Numbers of the selectors among the atoms.
pub const FIRST: u32 = 0;
pub const LAST: u32 = 1;

/// An unused place of a product.
pub const NONE: u32 = u32::MAX;

/// Up to three atoms, ascending.
pub type Product = [u32; 3];

/// Atoms of a product.
pub fn degree(product: &Product) -> usize {
    product.iter().filter(|&&atom| atom != NONE).count()
}

/// An element of the base field, if it is one.
pub fn as_base(x: Challenge) -> Option<Val> {
    let coefficients: &[Val] = x.as_basis_coefficients_slice();
    coefficients[1..].iter().all(|&c| c == Val::ZERO).then_some(coefficients[0])
}

/// A linear form of columns: fixed, shared and main ones, then the same at the next row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Linear {
    pub constant: Challenge,
    /// Ascending, no coefficient is zero.
    pub columns: Vec<(u32, Challenge)>,
}

impl Linear {
    fn scaled(&self, factor: Challenge) -> Self {
        if factor == Challenge::ZERO {
            return Self::default();
        }
        let columns = self.columns.iter().map(|&(c, x)| (c, x * factor)).collect();
        Self { constant: self.constant * factor, columns }
    }

    fn plus(&self, other: &Self) -> Self {
        let mut columns = Vec::with_capacity(self.columns.len() + other.columns.len());
        let (mut a, mut b) = (self.columns.iter().copied().peekable(), other.columns.iter().copied().peekable());
        while let (Some(&(c, x)), Some(&(d, y))) = (a.peek(), b.peek()) {
            if c <= d {
                a.next();
            }
            if d <= c {
                b.next();
            }
            let sum = if c == d {
                x + y
            } else if c < d {
                x
            } else {
                y
            };
            if sum != Challenge::ZERO {
                columns.push((c.min(d), sum));
            }
        }
        columns.extend(a.chain(b));
        Self { constant: self.constant + other.constant, columns }
    }

    /// Whether all coefficients are of the base field.
    pub fn is_base(&self) -> bool {
        self.columns.iter().map(|&(_, x)| x).chain([self.constant]).all(|x| as_base(x).is_some())
    }
}

/// A polynomial of degree at most 3 in columns and selectors.
#[derive(Clone, Debug, Default)]
pub struct Poly {
    pub linear: Linear,
    /// Coefficients of the two selectors.
    pub selectors: [Challenge; 2],
    /// Products of two or three atoms.
    pub terms: Vec<(Challenge, Product)>,
}

impl Poly {
    fn constant(constant: Challenge) -> Self {
        Self { linear: Linear { constant, columns: Vec::new() }, ..Self::default() }
    }

    fn column(column: usize) -> Self {
        let linear = Linear { constant: Challenge::ZERO, columns: vec![(column as u32, Challenge::ONE)] };
        Self { linear, ..Self::default() }
    }

    fn selector(which: u32) -> Self {
        let mut selectors = [Challenge::ZERO; 2];
        selectors[which as usize] = Challenge::ONE;
        Self { selectors, ..Self::default() }
    }

    /// self + factor other
    fn plus_scaled(&self, other: &Self, factor: Challenge) -> Self {
        let scaled = other.terms.iter().map(|&(x, product)| (x * factor, product));
        Self {
            linear: self.linear.plus(&other.linear.scaled(factor)),
            selectors: core::array::from_fn(|i| self.selectors[i] + other.selectors[i] * factor),
            terms: self.terms.iter().copied().chain(scaled).filter(|&(x, _)| x != Challenge::ZERO).collect(),
        }
    }

    fn as_constant(&self) -> Option<Challenge> {
        let plain = self.terms.is_empty() && self.selectors == [Challenge::ZERO; 2] && self.linear.columns.is_empty();
        plain.then_some(self.linear.constant)
    }

    /// Whether it has selectors, alone or in products.
    pub fn has_selectors(&self) -> bool {
        self.selectors != [Challenge::ZERO; 2] || self.terms.iter().any(|(_, product)| product[0] <= LAST)
    }
}

/// The atoms of one table, and expressions in terms of them.
#[derive(Debug)]
pub struct Lowering {
    /// Atoms behind the selectors' places.
    pub atoms: Vec<Linear>,
    index: HashMap<Linear, u32>,
    polys: Vec<Option<Rc<Poly>>>,
}

impl Lowering {
    /// Expressions for the nodes that `roots` are made of, with a proof's public values.
    pub fn new(shape: &Shape, publics: &[Val], roots: impl IntoIterator<Item = NodeId>) -> Self {
        let mut lowering = Self { atoms: vec![Linear::default(); 2], index: HashMap::new(), polys: Vec::new() };
        let needed = shape.dag.reachable(roots);
        for (node, needed) in shape.dag.nodes().iter().zip(needed) {
            let poly = needed.then(|| Rc::new(lowering.lower(node, shape, publics)));
            lowering.polys.push(poly);
        }
        lowering
    }

    /// The expression of a node that was asked for.
    ///
    /// # Panics
    /// If it was not.
    pub fn poly(&self, node: NodeId) -> &Poly {
        self.polys[node].as_deref().expect("operands of what is needed are lowered")
    }

    fn lower(&mut self, node: &Node, shape: &Shape, publics: &[Val]) -> Poly {
        match *node {
            Node::Constant(x) => Poly::constant(x),
            Node::Public(i) => Poly::constant(publics[i].into()),
            Node::Column(c) => Poly::column(c),
            Node::Next(c) => Poly::column(shape.width() + c),
            Node::First => Poly::selector(FIRST),
            Node::Last => Poly::selector(LAST),
            Node::Add(x, y) => self.poly(x).plus_scaled(self.poly(y), Challenge::ONE),
            Node::Sub(x, y) => self.poly(x).plus_scaled(self.poly(y), Challenge::NEG_ONE),
            Node::Mul(x, y) => {
                let (x, y) = (self.shared(x), self.shared(y));
                self.product(&x, &y)
            }
        }
    }

    fn shared(&self, node: NodeId) -> Rc<Poly> {
        self.polys[node].clone().expect("operands of what is needed are lowered")
    }

    /// The atom of a linear form that has columns, and what it has to be multiplied with.
    fn atom(&mut self, linear: &Linear) -> (Challenge, u32) {
        let lead = linear.columns[0].1;
        let normal = linear.scaled(lead.inverse());
        let next = self.atoms.len() as u32;
        let id = *self.index.entry(normal.clone()).or_insert(next);
        if id == next {
            self.atoms.push(normal);
        }
        (lead, id)
    }

    /// A polynomial as a constant and scaled products. A constant beside columns is in their atom.
    fn products(&mut self, poly: &Poly) -> (Challenge, Vec<(Challenge, Product)>) {
        let mut out = poly.terms.clone();
        let selectors = [FIRST, LAST].into_iter().zip(poly.selectors).filter(|&(_, x)| x != Challenge::ZERO);
        out.extend(selectors.map(|(id, x)| (x, [id, NONE, NONE])));
        if poly.linear.columns.is_empty() {
            return (poly.linear.constant, out);
        }
        let (scale, id) = self.atom(&poly.linear);
        out.push((scale, [id, NONE, NONE]));
        (Challenge::ZERO, out)
    }

    fn product(&mut self, x: &Poly, y: &Poly) -> Poly {
        let zero = Poly::default();
        if let Some(constant) = x.as_constant() {
            return zero.plus_scaled(y, constant);
        }
        if let Some(constant) = y.as_constant() {
            return zero.plus_scaled(x, constant);
        }
        let ((constant_x, products_x), (constant_y, products_y)) = (self.products(x), self.products(y));
        // A constant that is in no atom multiplies what is not constant of the other side.
        let beside = |of: &Poly| {
            let mut poly = of.clone();
            if of.linear.columns.is_empty() {
                poly.linear.constant = Challenge::ZERO;
            }
            poly
        };
        let mut out = Poly::constant(constant_x * constant_y)
            .plus_scaled(&beside(y), constant_x)
            .plus_scaled(&beside(x), constant_y);
        for &(a, left) in &products_x {
            out.terms.extend(products_y.iter().map(|&(b, right)| (a * b, join(left, right))));
        }
        out
    }
}

/// The atoms of both products: a machine's expressions have at most three.
fn join(left: Product, right: Product) -> Product {
    let mut atoms: Vec<u32> = left.into_iter().chain(right).filter(|&atom| atom != NONE).collect();
    atoms.sort_unstable();
    atoms.resize(3, NONE);
    [atoms[0], atoms[1], atoms[2]]
}
