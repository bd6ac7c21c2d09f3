//! A table's weighted sum of constraints and elements as a short list of products.
//!
//! Expressions are expanded as far as products of *atoms*: linear forms of columns with base-field
//! coefficients. A selector is an atom of its own and is never mixed with columns, so inner rows can
//! leave its terms out. Products that share an atom are joined: `sum of w_i a b_i = a W`, where W is a
//! linear form with challenge-field coefficients that is folded like a column.

use std::collections::HashMap;

use p3_air::symbolic::{BaseEntry, BaseLeaf, ExtLeaf, SymbolicExpr, SymbolicExpression, SymbolicExpressionExt};
use p3_field::{BasedVectorSpace, Field, PrimeCharacteristicRing};
use proofloom_field::{Challenge, Val};

use crate::machine::Shape;

type Base = SymbolicExpression<Val>;
type Ext = SymbolicExpressionExt<Val, Challenge>;

/// A constraint as the table emits it.
#[derive(Clone, Debug)]
pub enum Constraint {
    Base(Base),
    Ext(Ext),
}

/// Expressions of one table in emission order.
#[derive(Clone, Debug, Default)]
pub struct Expressions {
    pub constraints: Vec<Constraint>,
    /// Per interaction the elements of its tuple, then its count.
    pub elements: Vec<Base>,
}

/// Numbers of the selectors among the atoms.
pub const FIRST: u32 = 0;
pub const LAST: u32 = 1;

/// A linear form of columns: numbered through fixed, shared, main, next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Linear {
    pub constant: Val,
    pub columns: Vec<(u32, Val)>,
}

impl Linear {
    fn scaled(&self, factor: Val) -> Self {
        if factor == Val::ZERO {
            return Self::default();
        }
        Self {
            constant: self.constant * factor,
            columns: self.columns.iter().map(|&(c, x)| (c, x * factor)).collect(),
        }
    }

    fn plus(&self, other: &Self) -> Self {
        let mut columns = Vec::with_capacity(self.columns.len() + other.columns.len());
        let (mut a, mut b) = (self.columns.iter().peekable(), other.columns.iter().peekable());
        while let Some(&&(c, x)) = a.peek() {
            match b.peek() {
                Some(&&(d, y)) if d < c => {
                    columns.push((d, y));
                    b.next();
                }
                Some(&&(d, y)) if d == c => {
                    if x + y != Val::ZERO {
                        columns.push((c, x + y));
                    }
                    a.next();
                    b.next();
                }
                _ => {
                    columns.push((c, x));
                    a.next();
                }
            }
        }
        columns.extend(b);
        Self { constant: self.constant + other.constant, columns }
    }
}

/// A product of atoms; unused places hold `NONE`.
type Product = [u32; 3];
const NONE: u32 = u32::MAX;

fn degree(product: &Product) -> usize {
    product.iter().filter(|&&x| x != NONE).count()
}

#[derive(Clone, Debug, Default)]
struct Poly {
    linear: Linear,
    /// Coefficients of the two selectors.
    selectors: [Val; 2],
    terms: Vec<(Val, Product)>,
}

impl Poly {
    fn constant(value: Val) -> Self {
        Self { linear: Linear { constant: value, columns: Vec::new() }, ..Self::default() }
    }
    fn plus(&self, other: &Self) -> Self {
        Self {
            linear: self.linear.plus(&other.linear),
            selectors: core::array::from_fn(|i| self.selectors[i] + other.selectors[i]),
            terms: self.terms.iter().chain(&other.terms).copied().collect(),
        }
    }
    fn scaled(&self, factor: Val) -> Self {
        if factor == Val::ZERO {
            return Self::default();
        }
        Self {
            linear: self.linear.scaled(factor),
            selectors: self.selectors.map(|x| x * factor),
            terms: self.terms.iter().map(|&(x, product)| (x * factor, product)).collect(),
        }
    }
    fn as_constant(&self) -> Option<Val> {
        let plain = self.terms.is_empty() && self.selectors == [Val::ZERO; 2] && self.linear.columns.is_empty();
        plain.then_some(self.linear.constant)
    }
}

struct Compiler<'a> {
    shape: &'a Shape,
    publics: &'a [Val],
    atoms: Vec<Linear>,
    index: HashMap<Linear, u32>,
    memo: HashMap<*const Base, Poly>,
}

impl Compiler<'_> {
    fn column(&self, column: usize, offset: usize) -> Poly {
        let at = if offset == 0 {
            column
        } else {
            let place = self.shape.next.iter().position(|&next| next == column);
            self.shape.width() + place.expect("columns read at the next row are known")
        };
        let linear = Linear { constant: Val::ZERO, columns: vec![(at as u32, Val::ONE)] };
        Poly { linear, ..Poly::default() }
    }

    fn leaf(&self, leaf: &BaseLeaf<Val>) -> Poly {
        let selector = |which: usize, value: Val| {
            let mut poly = Poly::default();
            poly.selectors[which] = value;
            poly
        };
        match leaf {
            BaseLeaf::Constant(value) => Poly::constant(*value),
            BaseLeaf::IsFirstRow => selector(0, Val::ONE),
            BaseLeaf::IsLastRow => selector(1, Val::ONE),
            BaseLeaf::IsTransition => Poly::constant(Val::ONE).plus(&selector(1, Val::NEG_ONE)),
            BaseLeaf::Variable(variable) => match variable.entry {
                BaseEntry::Preprocessed { offset } => self.column(variable.index, offset),
                BaseEntry::Main { offset } => self.column(self.shape.preprocessed() + variable.index, offset),
                BaseEntry::Public => Poly::constant(self.publics[variable.index]),
                BaseEntry::Periodic => unreachable!("tables have no periodic columns"),
            },
        }
    }

    fn base(&mut self, e: &Base) -> Poly {
        if let SymbolicExpr::Leaf(leaf) = e {
            return self.leaf(leaf);
        }
        let key: *const Base = e;
        if let Some(known) = self.memo.get(&key) {
            return known.clone();
        }
        let poly = match e {
            SymbolicExpr::Leaf(_) => unreachable!(),
            SymbolicExpr::Add { x, y, .. } => self.base(x).plus(&self.base(y)),
            SymbolicExpr::Sub { x, y, .. } => self.base(x).plus(&self.base(y).scaled(Val::NEG_ONE)),
            SymbolicExpr::Neg { x, .. } => self.base(x).scaled(Val::NEG_ONE),
            SymbolicExpr::Mul { x, y, .. } => {
                let (x, y) = (self.base(x), self.base(y));
                self.product(&x, &y)
            }
        };
        self.memo.insert(key, poly.clone());
        poly
    }

    fn atom(&mut self, linear: &Linear) -> (Val, u32) {
        let lead = linear.columns[0].1;
        let normal = linear.scaled(lead.inverse());
        if let Some(&id) = self.index.get(&normal) {
            return (lead, id);
        }
        let id = self.atoms.len() as u32;
        self.atoms.push(normal.clone());
        self.index.insert(normal, id);
        (lead, id)
    }

    /// What is not constant of a polynomial, as scaled products.
    fn products(&mut self, poly: &Poly) -> (Val, Vec<(Val, Product)>) {
        let mut out = poly.terms.clone();
        let mut constant = poly.linear.constant;
        for (id, &x) in [FIRST, LAST].iter().zip(&poly.selectors) {
            if x != Val::ZERO {
                out.push((x, [*id, NONE, NONE]));
            }
        }
        if !poly.linear.columns.is_empty() {
            let (scale, id) = self.atom(&poly.linear);
            constant = Val::ZERO;
            out.push((scale, [id, NONE, NONE]));
        }
        (constant, out)
    }

    fn product(&mut self, x: &Poly, y: &Poly) -> Poly {
        if let Some(constant) = x.as_constant() {
            return y.scaled(constant);
        }
        if let Some(constant) = y.as_constant() {
            return x.scaled(constant);
        }
        let (constant_x, products_x) = self.products(x);
        let (constant_y, products_y) = self.products(y);
        let mut out = Poly::constant(constant_x * constant_y);
        // A constant that is in no atom: it multiplies what is not constant of the other side.
        let beside = |constant: Val, of: &Poly| {
            let mut poly = of.clone();
            if of.linear.columns.is_empty() {
                poly.linear.constant = Val::ZERO;
            }
            poly.scaled(constant)
        };
        out = out.plus(&beside(constant_x, y)).plus(&beside(constant_y, x));
        for &(a, left) in &products_x {
            for &(b, right) in &products_y {
                let mut joined: Vec<u32> = left.iter().chain(&right).copied().filter(|&id| id != NONE).collect();
                assert!(joined.len() <= 3, "table {}: a term of degree {}", self.shape.name, joined.len());
                joined.sort_unstable();
                joined.resize(3, NONE);
                out.terms.push((a * b, [joined[0], joined[1], joined[2]]));
            }
        }
        out
    }

    /// Coefficients of an extension expression over the basis.
    fn ext(&mut self, e: &Ext) -> [Poly; 5] {
        match e {
            SymbolicExpr::Leaf(ExtLeaf::Base(base)) => {
                let mut out: [Poly; 5] = Default::default();
                out[0] = self.base(base);
                out
            }
            SymbolicExpr::Leaf(ExtLeaf::ExtConstant(value)) => {
                let coefficients: &[Val] = value.as_basis_coefficients_slice();
                core::array::from_fn(|d| Poly::constant(coefficients[d]))
            }
            SymbolicExpr::Leaf(ExtLeaf::ExtVariable(_)) => unreachable!("tables have no extension columns"),
            SymbolicExpr::Add { x, y, .. } => {
                let (x, y) = (self.ext(x), self.ext(y));
                core::array::from_fn(|d| x[d].plus(&y[d]))
            }
            SymbolicExpr::Sub { x, y, .. } => {
                let (x, y) = (self.ext(x), self.ext(y));
                core::array::from_fn(|d| x[d].plus(&y[d].scaled(Val::NEG_ONE)))
            }
            SymbolicExpr::Neg { x, .. } => self.ext(x).map(|poly| poly.scaled(Val::NEG_ONE)),
            SymbolicExpr::Mul { x, y, .. } => {
                let (x, y) = (self.ext(x), self.ext(y));
                let mut out: [Poly; 5] = Default::default();
                for (i, x) in x.iter().enumerate() {
                    for (j, y) in y.iter().enumerate() {
                        let zero = |poly: &Poly| poly.as_constant() == Some(Val::ZERO);
                        if zero(x) || zero(y) {
                            continue;
                        }
                        let product = self.product(x, y);
                        // X^i X^j over the basis.
                        let basis = |k: usize| Challenge::from_basis_coefficients_fn(|d| Val::from_bool(d == k));
                        let power = basis(i) * basis(j);
                        let coefficients: &[Val] = power.as_basis_coefficients_slice();
                        for (d, &coefficient) in coefficients.iter().enumerate() {
                            out[d] = out[d].plus(&product.scaled(coefficient));
                        }
                    }
                }
                out
            }
        }
    }
}

/// A linear form with challenge-field coefficients.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub constant: Challenge,
    /// Per column: fixed, shared, main, next.
    pub columns: Vec<Challenge>,
    pub selectors: [Challenge; 2],
}

impl Form {
    fn new(columns: usize) -> Self {
        Self { columns: vec![Challenge::ZERO; columns], ..Self::default() }
    }
    fn add(&mut self, weight: Challenge, poly: &Poly) {
        self.constant += weight * poly.linear.constant;
        for &(c, x) in &poly.linear.columns {
            self.columns[c as usize] += weight * x;
        }
        for (sum, &x) in self.selectors.iter_mut().zip(&poly.selectors) {
            *sum += weight * x;
        }
    }
}

/// A weighted product of two or three atoms.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    pub weight: Challenge,
    pub atoms: Product,
}

/// Products for the rounds over folded columns, numbered by slot: folded atoms, then forms.
#[derive(Clone, Debug, Default)]
pub struct Cubic {
    /// Slot of the common factor; for a selector's group unused.
    pub factor: usize,
    /// A linear form that the factor multiplies (selectors).
    pub alone: Option<usize>,
    pub constant: Challenge,
    pub products: Vec<(usize, usize)>,
}

/// How an atom is computed: from an earlier one, and from columns.
#[derive(Clone, Debug, Default)]
pub struct Recipe {
    pub from: Option<(u32, Val)>,
    pub own: Linear,
}

/// The shortest way to each atom.
fn recipes(atoms: &[Linear]) -> Vec<Recipe> {
    let recipe = |id: usize| {
        let atom = &atoms[id];
        let mut best = Recipe { from: None, own: atom.clone() };
        if atom.columns.len() <= 3 {
            return best;
        }
        for (other, earlier) in atoms[..id].iter().enumerate().skip(2).filter(|(_, a)| a.columns.len() > 2) {
            for &(c, x) in [earlier.columns.first(), earlier.columns.last()].into_iter().flatten() {
                let Some(&(_, own)) = atom.columns.iter().find(|(d, _)| *d == c) else { continue };
                let factor = own * x.inverse();
                let rest = atom.plus(&earlier.scaled(-factor));
                if rest.columns.len() + 1 < best.own.columns.len() + usize::from(best.from.is_some()) {
                    best = Recipe { from: Some((other as u32, factor)), own: rest };
                }
            }
        }
        best
    };
    (0..atoms.len()).map(recipe).collect()
}

/// A table's summand.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub atoms: Vec<Linear>,
    pub recipes: Vec<Recipe>,
    /// Terms without selectors: of constraints of degree at most 2, and of all others (each constraint is
    /// zero on rows as a whole); of interactions' elements by degree.
    pub constraints: [Vec<Term>; 2],
    pub elements: [Vec<Term>; 2],
    /// Terms with a selector.
    pub edge: Vec<Term>,
    pub constraint_forms: [Form; 2],
    pub element_form: Form,
    /// Atoms that are folded.
    pub folded: Vec<u32>,
    /// Sums of weighted atoms that are folded.
    pub forms: Vec<Vec<(u32, Challenge)>>,
    pub quads: Vec<(usize, usize)>,
    pub cubics: Vec<Cubic>,
    /// Groups of the two selectors.
    pub edges: [Option<Cubic>; 2],
}

impl Plan {
    /// Weights: per constraint, then per element.
    pub fn new(
        shape: &Shape,
        expressions: &Expressions,
        publics: &[Val],
        constraint_weights: &[Challenge],
        element_weights: &[Challenge],
    ) -> Self {
        let mut compiler = Compiler {
            shape,
            publics,
            // Places of the selectors.
            atoms: vec![Linear::default(); 2],
            index: HashMap::new(),
            memo: HashMap::new(),
        };
        let columns = shape.width() + shape.next.len();
        let mut plan = Self {
            constraint_forms: [Form::new(columns), Form::new(columns)],
            element_form: Form::new(columns),
            ..Self::default()
        };
        let mut constraints: [Terms; 2] = Default::default();
        let mut elements: Terms = HashMap::new();
        for (constraint, &weight) in expressions.constraints.iter().zip(constraint_weights) {
            match constraint {
                Constraint::Base(e) => {
                    let poly = compiler.base(e);
                    // Linear on the rows and zero there: the extension is zero.
                    if poly.terms.is_empty() && poly.selectors == [Val::ZERO; 2] {
                        continue;
                    }
                    let class = class(&poly);
                    plan.constraint_forms[class].add(weight, &poly);
                    collect(&mut constraints[class], weight, &poly);
                }
                Constraint::Ext(e) => {
                    for (k, poly) in compiler.ext(e).iter().enumerate() {
                        let weight = weight * Challenge::from_basis_coefficients_fn(|d| Val::from_bool(d == k));
                        let class = class(poly);
                        plan.constraint_forms[class].add(weight, poly);
                        collect(&mut constraints[class], weight, poly);
                    }
                }
            }
        }
        for (e, &weight) in expressions.elements.iter().zip(element_weights) {
            let poly = compiler.base(e);
            plan.element_form.add(weight, &poly);
            collect(&mut elements, weight, &poly);
        }
        for (class, terms) in constraints.into_iter().enumerate() {
            for term in sorted(terms) {
                if term.atoms[0] <= LAST {
                    plan.edge.push(term);
                } else {
                    plan.constraints[class].push(term);
                }
            }
        }
        for term in sorted(elements) {
            assert!(term.atoms[0] > LAST, "table {}: a selector in an interaction", shape.name);
            plan.elements[degree(&term.atoms) - 2].push(term);
        }
        plan.atoms = compiler.atoms;
        plan.recipes = recipes(&plan.atoms);
        plan.group();
        plan
    }

    /// Joins products that share an atom.
    fn group(&mut self) {
        let mut slots = Slots::default();
        let of_degree = |plan: &Self, d: usize| -> Vec<Term> {
            let lists = plan.constraints.iter().chain(&plan.elements).flatten();
            let mut joined: Terms = HashMap::new();
            for term in lists.filter(|term| degree(&term.atoms) == d + 2) {
                *joined.entry(term.atoms).or_default() += term.weight;
            }
            sorted(joined)
        };
        let pairs: Vec<(u32, u32, Challenge)> =
            of_degree(self, 0).iter().map(|t| (t.atoms[0], t.atoms[1], t.weight)).collect();
        self.quads = slots.join(pairs);
        let mut triples: Vec<(Product, Challenge)> =
            of_degree(self, 1).iter().map(|t| (t.atoms, t.weight)).collect();
        while !triples.is_empty() {
            let factor = most_frequent(triples.iter().flat_map(|(atoms, _)| {
                let mut atoms = atoms.to_vec();
                atoms.dedup();
                atoms
            }));
            let (own, rest): (Vec<_>, Vec<_>) = triples.into_iter().partition(|(atoms, _)| atoms.contains(&factor));
            triples = rest;
            let pairs = own
                .iter()
                .map(|(atoms, weight)| {
                    let mut left = atoms.to_vec();
                    let at = left.iter().position(|&id| id == factor).unwrap_or_default();
                    left.remove(at);
                    (left[0], left[1], *weight)
                })
                .collect();
            let factor = slots.atom(factor);
            self.cubics.push(Cubic { factor, products: slots.join(pairs), ..Cubic::default() });
        }
        for selector in [FIRST, LAST] {
            let own: Vec<Term> = self.edge.iter().copied().filter(|t| t.atoms[0] == selector).collect();
            let constant = self.constraint_forms.iter().map(|form| form.selectors[selector as usize]).sum::<Challenge>() + self.element_form.selectors[selector as usize];
            if own.is_empty() && constant == Challenge::ZERO {
                continue;
            }
            assert!(own.iter().all(|t| t.atoms[1] > LAST), "one selector a term");
            let alone: Vec<(u32, Challenge)> =
                own.iter().filter(|t| degree(&t.atoms) == 2).map(|t| (t.atoms[1], t.weight)).collect();
            let pairs = own
                .iter()
                .filter(|t| degree(&t.atoms) == 3)
                .map(|t| (t.atoms[1], t.atoms[2], t.weight))
                .collect();
            let products = slots.join(pairs);
            let alone = (!alone.is_empty()).then(|| slots.form(alone));
            self.edges[selector as usize] = Some(Cubic { factor: 0, alone, constant, products });
        }
        // Forms come behind the atoms.
        let atoms = slots.atoms.len();
        let at = |slot: &mut usize| *slot = if *slot >= FORMS { *slot - FORMS + atoms } else { *slot };
        for (a, b) in &mut self.quads {
            at(a);
            at(b);
        }
        for cubic in self.cubics.iter_mut().chain(self.edges.iter_mut().flatten()) {
            at(&mut cubic.factor);
            cubic.alone.iter_mut().for_each(at);
            for (a, b) in &mut cubic.products {
                at(a);
                at(b);
            }
        }
        (self.folded, self.forms) = (slots.atoms, slots.forms);
    }

    /// Folded values of a row: atoms, forms, the linear form.
    pub fn stride(&self) -> usize {
        self.folded.len() + self.forms.len() + 1
    }
}

type Terms = HashMap<Product, Challenge>;

fn sorted(terms: Terms) -> Vec<Term> {
    let mut terms: Vec<Term> = terms.into_iter().map(|(atoms, weight)| Term { weight, atoms }).collect();
    terms.sort_unstable_by_key(|term| term.atoms);
    terms
}

/// 0 for a constraint of degree at most 2 without selectors, else 1.
fn class(poly: &Poly) -> usize {
    let simple = |(_, product): &(Val, Product)| degree(product) <= 2 && product[0] > LAST;
    usize::from(poly.selectors != [Val::ZERO; 2] || !poly.terms.iter().all(simple))
}

fn collect(terms: &mut Terms, weight: Challenge, poly: &Poly) {
    for &(x, product) in &poly.terms {
        *terms.entry(product).or_default() += weight * x;
    }
}

const FORMS: usize = 1 << 20;

#[derive(Default)]
struct Slots {
    atoms: Vec<u32>,
    forms: Vec<Vec<(u32, Challenge)>>,
}

impl Slots {
    fn atom(&mut self, id: u32) -> usize {
        self.atoms.iter().position(|&known| known == id).unwrap_or_else(|| {
            self.atoms.push(id);
            self.atoms.len() - 1
        })
    }
    fn form(&mut self, form: Vec<(u32, Challenge)>) -> usize {
        self.forms.push(form);
        FORMS + self.forms.len() - 1
    }
    /// Weighted products of two atoms as products of an atom and a form.
    fn join(&mut self, mut pairs: Vec<(u32, u32, Challenge)>) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        while !pairs.is_empty() {
            let factor = most_frequent(pairs.iter().flat_map(|&(a, b, _)| if a == b { vec![a] } else { vec![a, b] }));
            let (own, rest): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|&(a, b, _)| a == factor || b == factor);
            pairs = rest;
            let form = own.iter().map(|&(a, b, w)| (if a == factor { b } else { a }, w)).collect();
            out.push((self.atom(factor), self.form(form)));
        }
        out
    }
}

fn most_frequent(ids: impl Iterator<Item = u32>) -> u32 {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    for id in ids {
        *counts.entry(id).or_default() += 1;
    }
    counts.into_iter().max_by_key(|&(id, count)| (count, core::cmp::Reverse(id))).map_or(NONE, |(id, _)| id)
}
