//! Provable soundness of a proof, computed from the live parameters (the specification's "Error terms").
//!
//! Unique decoding alone, round by round. Two measures are published together: the smallest term, which is
//! the security per hash in the random-oracle model, and the sum of all terms of one proof.

use p3_field::PrimeField32;
use proofloom_field::{DIGEST_ELEMS, Val};

use crate::EXTENSION;
use crate::machine::{Machine, Shape};
use crate::profile::{MAX_LOG_HEIGHT, Profile};

/// What the terms depend on besides the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofSize {
    /// Fractions of all rows.
    pub fractions: u64,
    /// Variables that number the interactions.
    pub slot_variables: usize,
    /// Elements of the widest tuple.
    pub widest: usize,
    pub constraints: usize,
    /// Column values and next-row values.
    pub claims: usize,
}

/// One kind of challenge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SecurityTerm {
    pub name: &'static str,
    /// Probability that one such challenge serves a false proof.
    pub error: f64,
    /// How many there are in a proof.
    pub count: usize,
}

impl SecurityTerm {
    /// Bits of one challenge.
    pub fn bits(&self) -> f64 {
        -self.error.log2()
    }

    /// Bits of all of them together.
    pub fn bits_together(&self) -> f64 {
        -(self.error * self.count as f64).log2()
    }
}

/// Provable security of proofs of one size.
#[derive(Clone, Debug, PartialEq)]
pub struct SecurityReport {
    /// In protocol order.
    pub terms: Vec<SecurityTerm>,
}

impl SecurityReport {
    /// Bits of the smallest term.
    pub fn smallest(&self) -> f64 {
        self.terms.iter().map(SecurityTerm::bits).fold(f64::INFINITY, f64::min)
    }

    /// Bits of the sum of all terms of one proof.
    pub fn one_proof(&self) -> f64 {
        self.proofs(1)
    }

    /// Bits of the sum of all terms of so many proofs.
    pub fn proofs(&self, count: usize) -> f64 {
        let sum: f64 = self.terms.iter().map(|term| term.error * term.count as f64).sum();
        -(sum * count as f64).log2()
    }
}

impl std::fmt::Display for SecurityReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{:<44}{:>8}{:>10}{:>10}", "term", "count", "each", "together")?;
        for term in &self.terms {
            let (each, together) = (term.bits(), term.bits_together());
            writeln!(f, "{:<44}{:>8}{each:>10.2}{together:>10.2}", term.name, term.count)?;
        }
        writeln!(f, "{:<44}{:>18.2}", "smallest term", self.smallest())?;
        writeln!(f, "{:<44}{:>18.2}", "one proof", self.one_proof())?;
        write!(f, "{:<44}{:>18.2}", "2^14 segments and 2^10 shards", self.proofs((1 << 14) + (1 << 10)))
    }
}

/// log2 of the field's order.
fn log_order() -> f64 {
    f64::from(Val::ORDER_U32).log2()
}

/// The probability that a challenge is one of `count` elements.
fn chance(count: f64) -> f64 {
    count * (-(EXTENSION as f64) * log_order()).exp2()
}

/// Names by oracle: of its queries, its delta, and its folds.
const ORACLES: [[&str; 3]; 4] = [
    ["oracle 0: queries", "oracle 0: delta", "oracle 0: folds (v, w)"],
    ["oracle 1: queries", "oracle 1: delta", "oracle 1: folds"],
    ["oracle 2: queries", "oracle 2: delta", "oracle 2: folds"],
    ["oracle 3: queries", "oracle 3: delta", "oracle 3: folds"],
];

/// All terms of a proof.
pub fn report(profile: &Profile, size: &ProofSize) -> SecurityReport {
    let term = |name, elements: f64, count| SecurityTerm { name, error: chance(elements), count };
    let layers = size.slot_variables + MAX_LOG_HEIGHT;
    let rounds = layers * (layers - 1) / 2;
    let reduction = profile.address_variables() + profile.oracle_variables;
    let mut terms = vec![
        term("lookups: equal folds, zero denominators", (size.widest + 2) as f64 * size.fractions as f64, 1),
        term("lookups: lambda of a layer", 1.0, layers - 1),
        term("lookups: round", 2.0, rounds),
        term("lookups: rho of a layer", 1.0, layers),
        term("point of the zero check: coordinate", 1.0, MAX_LOG_HEIGHT),
        term("alpha, lambda", (size.constraints + 1) as f64, 1),
        term("staged round", 3.0, MAX_LOG_HEIGHT),
        term("lambda_c", size.claims.saturating_sub(1) as f64, 1),
        term("reduction: round", 2.0, reduction),
    ];
    for (oracle, (shape, [queries, delta, folds])) in profile.oracles.iter().zip(ORACLES).enumerate() {
        let domain = (profile.depth(oracle) as f64).exp2();
        terms.push(term(folds, domain + 2.0, shape.folded));
        // Half the distance of the code is what one position misses.
        let misses = f64::midpoint(1.0, (-(shape.log_inverse_rate as f64)).exp2());
        let error = misses.powi(shape.queries as i32) * (-(profile.grinding_bits as f64)).exp2();
        terms.push(SecurityTerm { name: queries, error, count: 1 });
        terms.push(term(delta, (shape.queries + 1) as f64, 1));
    }
    terms.push(term("last rounds", 2.0, profile.log_final_length));
    let digest = DIGEST_ELEMS as f64 * log_order() / 2.0;
    terms.push(SecurityTerm { name: "collisions of digests and transcript", error: (-digest).exp2(), count: 1 });
    SecurityReport { terms }
}

impl<T> Machine<T> {
    /// What the terms depend on, at these log2 heights.
    pub fn proof_size(&self, log_heights: &[usize]) -> ProofSize {
        let fractions = |(shape, &log_height): (&Shape, &usize)| (shape.slots.len() as u64) << log_height;
        ProofSize {
            fractions: self.shapes().iter().zip(log_heights).map(fractions).sum(),
            slot_variables: self.slot_variables(),
            widest: self.widest(),
            constraints: self.constraints(),
            claims: self.claims(),
        }
    }

    /// All terms at the largest heights.
    pub fn security(&self) -> SecurityReport {
        let largest: Vec<usize> = self.shapes().iter().map(|shape| shape.heights.1).collect();
        report(self.profile(), &self.proof_size(&largest))
    }
}

/// Segments with both accelerators at the largest heights, as the specification counts them.
pub const LARGEST_SEGMENT: ProofSize =
    ProofSize { fractions: 278 << 20, slot_variables: 9, widest: 16, constraints: 4096, claims: 4300 };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{RELEASED, TESTS};

    fn bits(report: &SecurityReport, name: &str) -> (f64, f64) {
        let term = report.terms.iter().find(|term| term.name == name).expect("a term of that name");
        (term.bits(), term.bits_together())
    }

    fn near(got: f64, expected: f64) {
        assert!((got - expected).abs() < 0.06, "{got} is not about {expected}");
    }

    #[test]
    fn terms_are_those_of_the_specification() {
        let report = report(&RELEASED, &LARGEST_SEGMENT);
        near(bits(&report, "lookups: equal folds, zero denominators").0, 122.65);
        near(bits(&report, "lookups: round").0, 153.94);
        near(bits(&report, "point of the zero check: coordinate").1, 150.6);
        near(bits(&report, "alpha, lambda").0, 142.9);
        near(bits(&report, "staged round").0, 153.36);
        near(bits(&report, "lambda_c").0, 142.87);
        near(bits(&report, "oracle 0: folds (v, w)").0, 136.94);
        near(bits(&report, "oracle 0: folds (v, w)").1, 133.62);
        near(bits(&report, "oracle 0: queries").0, 102.33);
        near(bits(&report, "oracle 1: queries").0, 102.33);
        near(bits(&report, "oracle 2: queries").0, 102.79);
        near(bits(&report, "oracle 3: queries").0, 102.79);
        near(bits(&report, "oracle 0: delta").0, 147.23);
        assert!(bits(&report, "oracle 1: folds").0 > 140.9);
        near(bits(&report, "collisions of digests and transcript").0, 123.95);
    }

    #[test]
    fn both_measures_reach_a_hundred_bits() {
        let report = report(&RELEASED, &LARGEST_SEGMENT);
        assert!(report.smallest() >= 100.0, "{report}");
        assert!(report.one_proof() >= 100.0, "{report}");
        near(report.smallest(), 102.33);
        near(report.one_proof(), 100.54);
        near(report.proofs((1 << 14) + (1 << 10)), 86.45);
    }

    #[test]
    fn the_profile_of_tests_is_worth_nothing() {
        assert!(report(&TESTS, &LARGEST_SEGMENT).smallest() < 10.0);
    }

    #[test]
    fn all_variables_are_folded() {
        for profile in [RELEASED, TESTS] {
            let last = profile.oracles.len() - 1;
            assert_eq!(profile.variables_after(last), profile.log_final_length, "{}", profile.id);
            assert_eq!(profile.oracles[0].folded, profile.column_variables + profile.oracle_variables);
            let whole_blocks = |oracle: &crate::OracleProfile| (EXTENSION << oracle.folded).is_multiple_of(8);
            assert!(profile.oracles[1..].iter().all(whole_blocks));
        }
    }
}
