//! Turning the interactions a table emits into fractions.

use std::marker::PhantomData;

use p3_field::{Algebra, BasedVectorSpace, PackedField, PrimeCharacteristicRing};
use p3_lookup::Count;
use proofloom_field::Challenge;

use crate::config::{CHALLENGE_DEGREE, PackedChallenge, PackedVal};

/// How tuple elements are weighted and added up, for the values of one builder.
pub(crate) trait Weigh<E, EF> {
    /// The sum of `weight * element` over all terms.
    fn sum<'a>(terms: impl Iterator<Item = (&'a EF, E)>) -> EF
    where
        EF: 'a;
}

/// Packed rows: reduces once for several products.
#[derive(Debug)]
pub(crate) struct InLanes;

impl Weigh<PackedVal, PackedChallenge> for InLanes {
    #[inline]
    fn sum<'a>(terms: impl Iterator<Item = (&'a PackedChallenge, PackedVal)>) -> PackedChallenge {
        let terms = terms.map(|(weight, element)| (weight.as_basis_coefficients_slice(), element));
        let sums = PackedVal::coeffwise_dot_product(CHALLENGE_DEGREE, terms);
        PackedChallenge::from_basis_coefficients_fn(|d| sums[d])
    }
}

/// One point of the challenge field.
#[derive(Debug)]
pub(crate) struct AtPoint;

impl Weigh<Challenge, Challenge> for AtPoint {
    fn sum<'a>(terms: impl Iterator<Item = (&'a Challenge, Challenge)>) -> Challenge {
        terms.map(|(&weight, element)| weight * element).sum()
    }
}

/// Challenges of one table's interactions, in the representation of the builder that uses them.
#[derive(Clone, Debug)]
pub(crate) struct LookupChallenges<EF> {
    /// `alpha + (bus + 1) * beta^W` per slot.
    pub prefixes: Vec<EF>,
    /// Tuple width per slot.
    pub widths: Vec<usize>,
    /// `beta^0 .. beta^(W-1)`, `W` the widest tuple of the machine.
    pub beta_powers: Vec<EF>,
    /// Number of plain interactions: exclusive slots follow.
    pub plain: usize,
}

impl<EF> LookupChallenges<EF> {
    /// The same challenges in another representation (packed, for instance).
    pub fn map<T>(&self, convert: impl Fn(&EF) -> T) -> LookupChallenges<T> {
        LookupChallenges {
            prefixes: self.prefixes.iter().map(&convert).collect(),
            widths: self.widths.clone(),
            beta_powers: self.beta_powers.iter().map(&convert).collect(),
            plain: self.plain,
        }
    }
}

/// Numerators and denominators of one row (or one packed group of rows), reused row after row.
#[derive(Clone, Debug)]
pub(crate) struct LookupValues<E, EF> {
    /// Numerator per slot.
    pub numerators: Vec<E>,
    /// Denominator per slot.
    pub denominators: Vec<EF>,
}

impl<E: PrimeCharacteristicRing, EF: PrimeCharacteristicRing> LookupValues<E, EF> {
    /// Room for `slots` fractions, all 0 / 1.
    pub fn new(slots: usize) -> Self {
        Self { numerators: vec![E::ZERO; slots], denominators: vec![EF::ONE; slots] }
    }
}

/// Writes the fractions of one row while the table is evaluated.
#[derive(Debug)]
pub(crate) struct LookupSink<'a, E, EF, W> {
    challenges: &'a LookupChallenges<EF>,
    values: &'a mut LookupValues<E, EF>,
    next_plain: usize,
    next_exclusive: usize,
    weigh: PhantomData<W>,
}

impl<'a, E, EF, W> LookupSink<'a, E, EF, W>
where
    E: PrimeCharacteristicRing + Copy,
    EF: Algebra<E> + Copy,
    W: Weigh<E, EF>,
{
    /// Every slot of `values` is overwritten by one evaluation of the table.
    #[inline]
    pub fn new(challenges: &'a LookupChallenges<EF>, values: &'a mut LookupValues<E, EF>) -> Self {
        Self { challenges, values, next_plain: 0, next_exclusive: challenges.plain, weigh: PhantomData }
    }

    /// One plain interaction: `count / (prefix - combined fields)`.
    #[inline]
    pub fn plain<F: Into<E>>(&mut self, fields: impl IntoIterator<Item = F>, count: Count<E>) {
        let slot = self.next_plain;
        self.next_plain += 1;
        self.values.numerators[slot] = count.into_parts().0;
        self.values.denominators[slot] = self.denominator(slot, fields);
    }

    /// One exclusive interaction: the fraction of the branch whose flag is set, else 0 / 1.
    pub fn exclusive(&mut self, branches: impl IntoIterator<Item = (E, Count<E>, Vec<E>)>) {
        let slot = self.next_exclusive;
        self.next_exclusive += 1;
        let (mut numerator, mut denominator) = (E::ZERO, EF::ONE);
        for (flag, count, fields) in branches {
            numerator += flag * count.into_parts().0;
            denominator += (self.denominator(slot, fields) - EF::ONE) * flag;
        }
        self.values.numerators[slot] = numerator;
        self.values.denominators[slot] = denominator;
    }

    #[inline]
    fn denominator<F: Into<E>>(&self, slot: usize, fields: impl IntoIterator<Item = F>) -> EF {
        let powers = &self.challenges.beta_powers[..self.challenges.widths[slot]];
        let terms = powers.iter().rev().zip(fields.into_iter().map(F::into));
        self.challenges.prefixes[slot] - W::sum(terms)
    }
}

/// Sums the fractions of one group: returns numerator and denominator.
#[inline]
pub(crate) fn group_fraction<E, EF>(group: &[usize], values: &LookupValues<E, EF>) -> (EF, EF)
where
    E: PrimeCharacteristicRing + Copy,
    EF: Algebra<E> + Copy,
{
    let (numerators, denominators) = (&values.numerators, &values.denominators);
    match *group {
        [only] => (EF::from(numerators[only]), denominators[only]),
        [a, b] => {
            (denominators[b] * numerators[a] + denominators[a] * numerators[b], denominators[a] * denominators[b])
        }
        _ => {
            let (mut numerator, mut denominator) = (EF::ZERO, EF::ONE);
            for &slot in group {
                numerator = numerator * denominators[slot] + denominator * numerators[slot];
                denominator *= denominators[slot];
            }
            (numerator, denominator)
        }
    }
}
