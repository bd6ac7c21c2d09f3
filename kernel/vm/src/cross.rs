//! The cross-segment bus: memory tokens handed from segment to segment.
//!
//! Its challenges come from gamma alone, so every segment folds tokens alike; its sum is not part
//! of the segment's own lookup argument but an accumulator constrained here by hand. The public
//! values of a table on this bus begin with the fields of [`public`].

use p3_field::{BasedVectorSpace, Field, PrimeCharacteristicRing};
use proofloom_field::{Challenge, Val};

use crate::bus::VmBuilder;
use crate::layout::LIMBS;

/// Base elements of an extension element.
pub const DEGREE: usize = proofloom_stark::CHALLENGE_DEGREE;
/// Elements of a token: space, address, four limbs, segment.
const TOKEN: usize = 3 + LIMBS;

/// Public values shared by all tables on the bus.
pub mod public {
    use super::{DEGREE, TOKEN};
    /// alpha.
    pub const ALPHA: usize = 0;
    /// beta^1 .. beta^6.
    pub const BETAS: usize = DEGREE;
    /// The table's sum S.
    pub const SUM: usize = DEGREE * TOKEN;
    /// First free index.
    pub const END: usize = DEGREE * (TOKEN + 1);
}

/// A token of the cross-segment bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<E> {
    pub space: E,
    pub address: E,
    pub value: [E; LIMBS],
    pub segment: E,
}

impl<E> Token<E> {
    fn elements(self) -> [E; TOKEN] {
        let [v0, v1, v2, v3] = self.value;
        [self.space, self.address, v0, v1, v2, v3, self.segment]
    }
}

/// The pair of challenges that every segment shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrossPair {
    alpha: Challenge,
    /// beta^0 .. beta^6.
    betas: [Challenge; TOKEN],
}

impl CrossPair {
    /// From the two challenges drawn from gamma.
    pub fn new(alpha: Challenge, beta: Challenge) -> Self {
        let mut betas = [Challenge::ONE; TOKEN];
        for i in 1..TOKEN {
            betas[i] = betas[i - 1] * beta;
        }
        Self { alpha, betas }
    }

    /// alpha - sum beta^j e_j.
    pub fn denominator(&self, token: Token<Val>) -> Challenge {
        let folded: Challenge = self.betas.iter().zip(token.elements()).map(|(&beta, element)| beta * element).sum();
        self.alpha - folded
    }

    /// The public values [`public::ALPHA`] to [`public::END`] for a table whose sum is `sum`.
    pub fn publics(&self, sum: Challenge) -> Vec<Val> {
        let parts = [self.alpha].into_iter().chain(self.betas[1..].iter().copied()).chain([sum]);
        parts.flat_map(|part| part.as_basis_coefficients_slice().to_vec()).collect()
    }
}

pub use proofloom_stark::join_ext as extension;

fn public_extension<B: VmBuilder>(b: &B, at: usize) -> B::ExprEF {
    extension::<B>(core::array::from_fn(|i| b.public_values()[at + i].into()))
}

/// alpha - sum beta^j e_j over the row's expressions.
pub fn denominator<B: VmBuilder>(b: &B, token: Token<B::Expr>) -> B::ExprEF {
    let mut folded = public_extension::<B>(b, public::ALPHA);
    let [first, rest @ ..] = token.elements();
    folded -= B::ExprEF::from(first);
    for (j, element) in rest.into_iter().enumerate() {
        folded -= public_extension::<B>(b, public::BETAS + DEGREE * j) * element;
    }
    folded
}

/// Constrains `fraction` = times (1 / D(sent) - 1 / D(received)).
pub fn exchange<B: VmBuilder>(
    b: &mut B,
    fraction: B::ExprEF,
    sent: Token<B::Expr>,
    received: Token<B::Expr>,
    times: B::Expr,
) {
    let (out, into) = (denominator(b, sent), denominator(b, received));
    let numerator = (into.clone() - out.clone()) * times;
    b.assert_zero_ext(fraction * out * into - numerator);
}

/// Constrains `fraction` = times / D(sent).
pub fn send<B: VmBuilder>(b: &mut B, fraction: B::ExprEF, sent: Token<B::Expr>, times: B::Expr) {
    let out = denominator(b, sent);
    b.assert_zero_ext(fraction * out - B::ExprEF::from(times));
}

/// Constrains the accumulator: 0 at first, grows by `step` each row, ends in the public sum.
pub fn accumulate<B: VmBuilder>(b: &mut B, now: B::ExprEF, next: B::ExprEF, step: B::ExprEF) {
    let sum = public_extension::<B>(b, public::SUM);
    let (first, transition, last) = (b.is_first_row(), b.is_transition(), b.is_last_row());
    let after = now.clone() + step;
    b.assert_zero_ext(now * first);
    b.assert_zero_ext((next - after.clone()) * transition);
    b.assert_zero_ext((after - sum) * last);
}

/// Fractions times (1 / D(sent) - 1 / D(received)) of many rows with one batched inversion.
pub fn exchange_fractions(pair: &CrossPair, rows: &[(Token<Val>, Token<Val>)]) -> Vec<Challenge> {
    let denominators: Vec<Challenge> =
        rows.iter().flat_map(|&(sent, received)| [pair.denominator(sent), pair.denominator(received)]).collect();
    let inverses = batch_inverse(&denominators);
    inverses.as_chunks::<2>().0.iter().map(|[out, into]| *out - *into).collect()
}

/// Inverses of all elements; a zero (probability 2^-155 per token) stays zero.
pub fn batch_inverse(elements: &[Challenge]) -> Vec<Challenge> {
    let mut prefix = Vec::with_capacity(elements.len());
    let mut product = Challenge::ONE;
    for &element in elements {
        prefix.push(product);
        if element != Challenge::ZERO {
            product *= element;
        }
    }
    let mut inverse = product.inverse();
    let mut inverses = vec![Challenge::ZERO; elements.len()];
    for (i, &element) in elements.iter().enumerate().rev() {
        if element != Challenge::ZERO {
            inverses[i] = inverse * prefix[i];
            inverse *= element;
        }
    }
    inverses
}
