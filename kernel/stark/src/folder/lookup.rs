//! Turning the interactions a table emits into fractions.

use p3_field::{Algebra, PrimeCharacteristicRing};
use p3_lookup::Count;

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
        Self {
            numerators: vec![E::ZERO; slots],
            denominators: vec![EF::ONE; slots],
        }
    }
}

/// Writes the fractions of one row while the table is evaluated.
#[derive(Debug)]
pub(crate) struct LookupSink<'a, E, EF> {
    challenges: &'a LookupChallenges<EF>,
    values: &'a mut LookupValues<E, EF>,
    next_plain: usize,
    next_exclusive: usize,
}

impl<'a, E, EF> LookupSink<'a, E, EF>
where
    E: PrimeCharacteristicRing + Copy,
    EF: Algebra<E> + Copy,
{
    /// Every slot of `values` is overwritten by one evaluation of the table.
    #[inline]
    pub fn new(challenges: &'a LookupChallenges<EF>, values: &'a mut LookupValues<E, EF>) -> Self {
        Self {
            challenges,
            values,
            next_plain: 0,
            next_exclusive: challenges.plain,
        }
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
        let mut denominator = self.challenges.prefixes[slot];
        let width = self.challenges.widths[slot];
        let mut power = width;
        for field in fields.into_iter().take(width) {
            power -= 1;
            // The last element carries beta^0 and needs no multiplication.
            if power == 0 {
                denominator -= field.into();
            } else {
                denominator -= self.challenges.beta_powers[power] * field.into();
            }
        }
        denominator
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
        [a, b] => (
            denominators[b] * numerators[a] + denominators[a] * numerators[b],
            denominators[a] * denominators[b],
        ),
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
