//! The rows of one slot in a layer, or of several slots folded.
//!
//! Factors are those of [`super::factors`], but e and v carry eq's weight of their row, so no round multiplies by it.
//! The numerators of leaves stay in the base field until they are folded: v and u are made of them a few rows at a
//! time, whenever they are needed.

use core::ops::Range;

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Challenge;

use super::factors::Factors;
use super::layers::Fractions;
use super::leaves::SlotLeaves;
use crate::multilinear::eq_packed;
use crate::packed::{PackedChallenge, PackedVal, splat, sum_lanes};
use crate::sum::{Element, Products, multiply};

type PackedSum = <PackedChallenge as Element>::Sum;

/// Rows that are worked on while they are in the cache.
const CHUNK: usize = 64;

/// The ranges of [`CHUNK`] rows.
fn chunks(len: usize) -> impl Iterator<Item = Range<usize>> {
    (0..len).step_by(CHUNK).map(move |start| start..len.min(start + CHUNK))
}

/// Weights of a layer's rows.
#[derive(Debug)]
pub struct RowWeights<'p> {
    pub point: &'p [Challenge],
    pub lambda: Challenge,
    pub eq: Vec<PackedChallenge>,
    /// `lambda eq`
    pub scaled: Vec<PackedChallenge>,
}

impl<'p> RowWeights<'p> {
    pub fn new(point: &'p [Challenge], lambda: Challenge) -> Self {
        Self { point, lambda, eq: eq_packed(point, Challenge::ONE), scaled: eq_packed(point, lambda) }
    }
}

/// Rows whose other half is no neutral one.
#[derive(Debug)]
pub struct Tall {
    e: Vec<PackedChallenge>,
    q: Vec<PackedChallenge>,
    v: Vec<PackedChallenge>,
    u: Vec<PackedChallenge>,
    /// p0 and p1 of leaves: v and u have no rows of their own yet.
    leaves: Option<[Vec<PackedVal>; 2]>,
}

/// v and u of a few rows.
#[derive(Debug)]
struct Scratch {
    v: [PackedChallenge; CHUNK],
    u: [PackedChallenge; CHUNK],
}

impl Scratch {
    const fn new() -> Self {
        Self { v: [PackedChallenge::ZERO; CHUNK], u: [PackedChallenge::ZERO; CHUNK] }
    }
}

/// The factors of a few rows.
#[derive(Clone, Copy)]
struct View<'a> {
    e: &'a [PackedChallenge],
    v: &'a [PackedChallenge],
    u: &'a [PackedChallenge],
    q: &'a [PackedChallenge],
}

impl Tall {
    /// Of a layer that is no leaves.
    pub fn of_rows(weights: &RowWeights<'_>, fractions: Fractions) -> Self {
        let Fractions { p: [mut v, mut u], q: [mut e, q] } = fractions;
        multiply(&mut e, &weights.eq);
        multiply(&mut v, &weights.scaled);
        let lambda = splat(weights.lambda);
        u.iter_mut().zip(&q).for_each(|(p1, &q1)| *p1 = q1 + p1.times(lambda.reread()));
        Self { e, q, v, u, leaves: None }
    }

    /// Of leaves.
    pub fn of_leaves(weights: &RowWeights<'_>, leaves: SlotLeaves) -> Self {
        let [mut e, q] = leaves.q;
        multiply(&mut e, &weights.eq);
        Self { e, q, v: Vec::new(), u: Vec::new(), leaves: Some(leaves.p) }
    }

    /// As many neutral rows.
    pub fn neutral(weights: &RowWeights<'_>) -> Self {
        let vectors = weights.eq.len();
        let ones = || vec![PackedChallenge::ONE; vectors];
        Self { e: weights.eq.clone(), q: ones(), v: vec![PackedChallenge::ZERO; vectors], u: ones(), leaves: None }
    }

    fn len(&self) -> usize {
        self.e.len()
    }

    /// Some rows; those of v and u are made in `scratch` if they have to be.
    fn view<'a>(&'a self, weights: &RowWeights<'_>, rows: &Range<usize>, scratch: &'a mut Scratch) -> View<'a> {
        let r = || rows.clone();
        let (e, q) = (&self.e[r()], &self.q[r()]);
        match &self.leaves {
            None => View { e, v: &self.v[r()], u: &self.u[r()], q },
            Some([p0, p1]) => {
                let (v, u) = (&mut scratch.v[..rows.len()], &mut scratch.u[..rows.len()]);
                scale(v, &p0[r()], &weights.scaled[r()]);
                add_scaled(u, &p1[r()], q, splat(weights.lambda));
                View { e, v, u, q }
            }
        }
    }

    /// Gives v and u rows of their own.
    pub fn widen(&mut self, weights: &RowWeights<'_>) {
        if self.leaves.is_none() {
            return;
        }
        let mut scratch = Scratch::new();
        let (mut v, mut u) = (Vec::with_capacity(self.len()), Vec::with_capacity(self.len()));
        for rows in chunks(self.len()) {
            let view = self.view(weights, &rows, &mut scratch);
            v.extend_from_slice(view.v);
            u.extend_from_slice(view.u);
        }
        (self.v, self.u, self.leaves) = (v, u, None);
    }

    /// The sum of `e u + v q`.
    pub fn sum(&self, weights: &RowWeights<'_>) -> Challenge {
        let (mut scratch, mut sum) = (Scratch::new(), PackedSum::new());
        for rows in chunks(self.len()) {
            let View { e, v, u, q } = self.view(weights, &rows, &mut scratch);
            add_products(&mut sum, e, u);
            add_products(&mut sum, v, q);
        }
        sum_lanes(&sum.finish())
    }

    /// The sum of `e - eq + v + eq (u - 1)`: how the sum changes with the first step from the neutral rows.
    pub fn slope(&self, weights: &RowWeights<'_>) -> Challenge {
        let (mut scratch, mut sum, mut plain) = (Scratch::new(), PackedSum::new(), PackedChallenge::ZERO);
        for rows in chunks(self.len()) {
            let View { e, v, u, .. } = self.view(weights, &rows, &mut scratch);
            add_products(&mut sum, &weights.eq[rows], u);
            plain += e.iter().zip(v).map(|(&e, &v)| e + v).sum::<PackedChallenge>();
        }
        sum_lanes(&(sum.finish() + plain)) - Challenge::TWO
    }

    /// u and q of the first rows, less one.
    pub fn first_rows(&self, weights: &RowWeights<'_>, vectors: usize) -> [Vec<PackedChallenge>; 2] {
        let mut scratch = Scratch::new();
        let mut all = [Vec::with_capacity(vectors), Vec::with_capacity(vectors)];
        for rows in chunks(vectors) {
            let View { u, q, .. } = self.view(weights, &rows, &mut scratch);
            all[0].extend(u.iter().map(|&u| u - PackedChallenge::ONE));
            all[1].extend(q.iter().map(|&q| q - PackedChallenge::ONE));
        }
        all
    }

    /// Brings all rows nearer to the neutral ones: what is left of the difference is `scale` times as much.
    pub fn approach_neutral(&mut self, weights: &RowWeights<'_>, scale: Challenge) {
        self.widen(weights);
        let (scale, one) = (splat(scale), PackedChallenge::ONE);
        self.e.iter_mut().zip(&weights.eq).for_each(|(e, &eq)| *e = eq + (*e - eq).times(scale.reread()));
        self.v.iter_mut().for_each(|v| *v = v.times(scale.reread()));
        self.u.iter_mut().chain(&mut self.q).for_each(|x| *x = one + (*x - one).times(scale.reread()));
    }

    /// Adds to e and v of the first rows.
    pub fn add(&mut self, weights: &RowWeights<'_>, e: &[PackedChallenge], v: &[PackedChallenge]) {
        self.widen(weights);
        self.e.iter_mut().zip(e).for_each(|(sum, &e)| *sum += e);
        self.v.iter_mut().zip(v).for_each(|(sum, &v)| *sum += v);
    }

    /// The factors.
    pub fn into_factors(mut self, weights: &RowWeights<'_>) -> Factors<PackedChallenge> {
        self.widen(weights);
        let Self { e, v, u, q, .. } = self;
        Factors { e, v, u, q }
    }
}

/// The sum over rows of the products of differences.
pub fn leading(weights: &RowWeights<'_>, a: &Tall, b: &Tall) -> Challenge {
    let (mut scratch, mut sum) = ([Scratch::new(), Scratch::new()], PackedSum::new());
    for rows in chunks(a.len()) {
        let [left, right] = &mut scratch;
        add_differences(&mut sum, a.view(weights, &rows, left), b.view(weights, &rows, right));
    }
    sum_lanes(&sum.finish())
}

/// Two columns on their way to one.
struct Pair<'w, 'p> {
    weights: &'w RowWeights<'p>,
    a: Tall,
    b: Tall,
    z: PackedChallenge,
    /// v and u so far, if the columns have none of their own.
    folded: Option<[Vec<PackedChallenge>; 2]>,
    scratch: [Scratch; 2],
}

impl<'w, 'p> Pair<'w, 'p> {
    fn new(weights: &'w RowWeights<'p>, mut a: Tall, mut b: Tall, z: PackedChallenge) -> Self {
        if a.leaves.is_some() != b.leaves.is_some() {
            a.widen(weights);
            b.widen(weights);
        }
        let empty = || Vec::with_capacity(a.len());
        let folded = a.leaves.is_some().then(|| [empty(), empty()]);
        Self { weights, a, b, z, folded, scratch: [Scratch::new(), Scratch::new()] }
    }

    fn fold(&mut self, rows: &Range<usize>) {
        let (a, b, z, r) = (&mut self.a, &self.b, self.z, || rows.clone());
        match &mut self.folded {
            None => {
                Element::fold(&mut a.v[r()], &b.v[r()], z);
                Element::fold(&mut a.u[r()], &b.u[r()], z);
            }
            Some([v, u]) => {
                let [left, right] = &mut self.scratch;
                let _ = a.view(self.weights, rows, left);
                let other = b.view(self.weights, rows, right);
                Element::fold(&mut left.v[..rows.len()], other.v, z);
                Element::fold(&mut left.u[..rows.len()], other.u, z);
                v.extend_from_slice(&left.v[..rows.len()]);
                u.extend_from_slice(&left.u[..rows.len()]);
            }
        }
        Element::fold(&mut a.e[r()], &b.e[r()], z);
        Element::fold(&mut a.q[r()], &b.q[r()], z);
    }

    /// Rows that were folded.
    fn view(&self, rows: &Range<usize>) -> View<'_> {
        let r = || rows.clone();
        let (v, u) = self.folded.as_ref().map_or((&self.a.v, &self.a.u), |[v, u]| (v, u));
        View { e: &self.a.e[r()], v: &v[r()], u: &u[r()], q: &self.a.q[r()] }
    }

    fn finish(self) -> Tall {
        match self.folded {
            None => self.a,
            Some([v, u]) => Tall { v, u, leaves: None, ..self.a },
        }
    }
}

/// Folds b into a.
pub fn fold(weights: &RowWeights<'_>, a: Tall, b: Tall, z: Challenge) -> Tall {
    let mut pair = Pair::new(weights, a, b, splat(z));
    for rows in chunks(pair.a.len()) {
        pair.fold(&rows);
    }
    pair.finish()
}

/// Folds two pairs, and sums the products of differences of the two that they become: in one pass.
pub fn fold_and_sum(weights: &RowWeights<'_>, pairs: [[Tall; 2]; 2], z: Challenge) -> ([Tall; 2], Challenge) {
    let z = splat(z);
    let [mut first, mut second] = pairs.map(|[a, b]| Pair::new(weights, a, b, z));
    let mut sum = PackedSum::new();
    for rows in chunks(first.a.len()) {
        first.fold(&rows);
        second.fold(&rows);
        add_differences(&mut sum, first.view(&rows), second.view(&rows));
    }
    ([first.finish(), second.finish()], sum_lanes(&sum.finish()))
}

fn add_differences(sum: &mut PackedSum, a: View<'_>, b: View<'_>) {
    add_difference_products(sum, [a.e, b.e], [a.u, b.u]);
    add_difference_products(sum, [a.v, b.v], [a.q, b.q]);
}

#[inline(never)]
fn add_difference_products(sum: &mut PackedSum, [a, b]: [&[PackedChallenge]; 2], [c, d]: [&[PackedChallenge]; 2]) {
    for (((&a, &b), &c), &d) in a.iter().zip(b).zip(c).zip(d) {
        sum.add(b - a, d - c);
    }
}

#[inline(never)]
fn add_products(sum: &mut PackedSum, a: &[PackedChallenge], b: &[PackedChallenge]) {
    a.iter().zip(b).for_each(|(&a, &b)| sum.add(a, b));
}

#[inline(never)]
fn scale(out: &mut [PackedChallenge], p: &[PackedVal], weights: &[PackedChallenge]) {
    out.iter_mut().zip(p).zip(weights).for_each(|((out, &p), &weight)| *out = weight * p);
}

#[inline(never)]
fn add_scaled(out: &mut [PackedChallenge], p: &[PackedVal], q: &[PackedChallenge], lambda: PackedChallenge) {
    out.iter_mut().zip(p).zip(q).for_each(|((out, &p), &q)| *out = q + lambda * p);
}
