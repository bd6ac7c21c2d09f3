//! The layers' checks, from the sum of all fractions to a claim about the leaves.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

use crate::arith::{Arith, Check};

/// What is left to show: numerators and denominators of all leaves, as multilinear polynomials, at a point.
#[derive(Clone, Debug)]
pub struct LeafClaim<E> {
    pub p: E,
    pub q: E,
    /// Slot variables.
    pub slot: Vec<E>,
    /// Row variables; zero where the bit is not active.
    pub row: Vec<E>,
}

/// Claims about one layer.
struct LayerClaim<E> {
    p: E,
    q: E,
    point: Vec<E>,
}

/// Reads all layers. `active` says of each row bit whether rows have it.
pub fn verify<A: Arith>(a: &mut A, slot_variables: usize, active: &[A::V]) -> LeafClaim<A::E> {
    let mut claim = root(a);
    for layer in 1..slot_variables + active.len() {
        claim = match layer.checked_sub(slot_variables) {
            Some(bit) => row_layer(a, active[bit], claim),
            None => {
                let flag = a.konst(Val::ONE);
                let (next, _) = inner_layer(a, flag, &claim);
                next
            }
        };
    }
    let row = claim.point.split_off(slot_variables);
    LeafClaim { p: claim.p, q: claim.q, slot: claim.point, row }
}

/// Layer 0: all fractions add up to zero, and no denominator is zero.
fn root<A: Arith>(a: &mut A) -> LayerClaim<A::E> {
    let values = a.receive_challenges(4);
    let [p0, q0, p1, q1] = four(&values);
    let (left, right, product) = (a.mul(p0, q1), a.mul(p1, q0), a.mul(q0, q1));
    let sum = a.add(left, right);
    a.assert_zero(sum, Check::LookupSum);
    let _ = a.inv(product, Check::LookupDenominator);
    let rho = a.challenge();
    LayerClaim { p: a.line(p0, p1, rho), q: a.line(q0, q1, rho), point: vec![rho] }
}

/// A layer whose last variable is a row bit: all its messages are zero and claims stay if that is not active.
fn row_layer<A: Arith>(a: &mut A, flag: A::V, claim: LayerClaim<A::E>) -> LayerClaim<A::E> {
    let (next, messages) = inner_layer(a, flag, &claim);
    let one = a.konst(Val::ONE);
    let idle = a.sub_v(one, flag);
    for message in messages {
        let present = a.scale(message, idle);
        a.assert_zero(present, Check::InactiveMessage);
    }
    let zero = a.zero();
    let before = claim.point.iter().copied().chain([zero]);
    let point = next.point.iter().zip(before).map(|(&now, before)| a.select(flag, now, before)).collect();
    LayerClaim { p: a.select(flag, next.p, claim.p), q: a.select(flag, next.q, claim.q), point }
}

/// The sumcheck of one layer; checks count if the flag is 1. Returns the next claims and all messages.
fn inner_layer<A: Arith>(a: &mut A, flag: A::V, claim: &LayerClaim<A::E>) -> (LayerClaim<A::E>, Vec<A::E>) {
    let lambda = a.challenge();
    let scaled = a.mul(lambda, claim.p);
    let mut sum = a.add(scaled, claim.q);
    let (mut point, mut messages) = (Vec::with_capacity(claim.point.len() + 1), Vec::new());
    for &x in &claim.point {
        let message = a.receive_challenges(2);
        let z = a.challenge();
        sum = round(a, sum, x, &message, z);
        point.push(z);
        messages.extend(message);
    }
    let values = a.receive_challenges(4);
    let [p0, q0, p1, q1] = four(&values);
    let expected = summand(a, lambda, [p0, q0, p1, q1]);
    let difference = a.sub(sum, expected);
    let counted = a.scale(difference, flag);
    a.assert_zero(counted, Check::LookupLayer);
    messages.extend(values);
    let rho = a.challenge();
    point.push(rho);
    (LayerClaim { p: a.line(p0, p1, rho), q: a.line(q0, q1, rho), point }, messages)
}

/// The value at z of a polynomial under `eq(x, .)`: `coefficients` are all but the constant one, and
/// `sum = (1 - x) h(0) + x h(1)` gives that.
pub fn round<A: Arith>(a: &mut A, sum: A::E, x: A::E, coefficients: &[A::E], z: A::E) -> A::E {
    let (mut total, mut value) = (a.zero(), a.zero());
    for &coefficient in coefficients.iter().rev() {
        total = a.add(total, coefficient);
        // Horner, from the highest coefficient down to the linear one.
        value = a.mul(value, z);
        value = a.add(value, coefficient);
    }
    let part = a.mul(x, total);
    let constant = a.sub(sum, part);
    value = a.mul(value, z);
    a.add(constant, value)
}

/// `lambda (p0 q1 + p1 q0) + q0 q1`
fn summand<A: Arith>(a: &mut A, lambda: A::E, [p0, q0, p1, q1]: [A::E; 4]) -> A::E {
    let (left, right, product) = (a.mul(p0, q1), a.mul(p1, q0), a.mul(q0, q1));
    let sum = a.add(left, right);
    let scaled = a.mul(lambda, sum);
    a.add(scaled, product)
}

fn four<E: Copy>(values: &[E]) -> [E; 4] {
    core::array::from_fn(|i| values[i])
}
