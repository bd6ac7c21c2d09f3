//! Provable soundness of a proof, computed from the live parameters.
//!
//! Unique-decoding regime only, round by round: an attacker has to win at least one round, so the
//! level is the smallest term. Nothing conjectured enters. All columns are lifted to the tallest
//! table (`lift.rs`), so its height stands for every table's.

use p3_security::air;
use p3_security::assumption::SecurityAssumption;
use p3_security::deep::deep_ali_error;
use p3_security::error::ErrorBits;
use p3_security::fri::{FriRegime, commit_phase_error_udr, query_phase_error};
use p3_security::logup::{LogUpAir, fingerprint_error};
use p3_security::proximity::alpha_udr;
use p3_security::shape::{InstanceShape, StarkAirParams};

use crate::config::{PROOF_PARAMETERS, engine};
use crate::lift::QUOTIENT_CHUNKS;
use crate::machine::Machine;
use crate::opening::{RoundKind, round_matrices};
use crate::shape::TableShape;
use crate::table::Table;

/// log2 of the challenge field's size, rounded down: 5 log2(2^31 - 2^24 + 1) = 154.9.
pub const CHALLENGE_BITS: usize = 154;

/// Collision resistance of an 8-element digest, rounded down: 8 log2(p) / 2 = 123.9.
pub const DIGEST_BITS: usize = 123;

/// Points a column is opened at, at most: the out-of-domain point and the next row.
const MAX_COMBO: usize = 2;

/// What one round of the protocol is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SecurityTerm {
    /// Which round.
    pub name: &'static str,
    /// `-log2` of the round's error.
    pub bits: f64,
}

/// Provable security of proofs of one machine at given heights.
#[derive(Clone, Debug, PartialEq)]
pub struct SecurityReport {
    /// Every term, in protocol order.
    pub terms: Vec<SecurityTerm>,
}

impl SecurityReport {
    /// Provable bits: the smallest term.
    pub fn bits(&self) -> f64 {
        self.terms.iter().map(|term| term.bits).fold(f64::INFINITY, f64::min)
    }
}

impl std::fmt::Display for SecurityReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for term in &self.terms {
            writeln!(f, "{:<24}{:>8.2} bits", term.name, term.bits)?;
        }
        write!(f, "{:<24}{:>8.2} bits", "provable (minimum)", self.bits())
    }
}

impl<T: Table> Machine<T> {
    /// Provable security of a proof whose tables have these log2 heights, one per table.
    pub fn security(&self, log_heights: &[usize]) -> SecurityReport {
        let tallest = log_heights.iter().copied().max().unwrap_or(0);
        let regime = engine().fri_regime;
        let shape = self.instance_shape(tallest);
        let terms = vec![
            term("lookups", self.lookup_bits(log_heights)),
            term("constraint combination", self.composition_bits()),
            term("out-of-domain point", self.deep_bits(&shape)),
            term("opening combination", opening_bits(&shape)),
            term("FRI folding", folding_bits(&regime, &shape)),
            term("FRI queries", query_bits(&regime, tallest)),
            term("hash collisions", DIGEST_BITS as f64),
        ];
        SecurityReport { terms }
    }

    fn instance_shape(&self, log_trace_length: usize) -> InstanceShape {
        InstanceShape {
            log_trace_length,
            modulus_bits: CHALLENGE_BITS,
            collision_resistance: DIGEST_BITS,
            num_batched_functions: self.opened_columns(),
        }
    }

    /// Columns opened by a proof, counted once per point.
    pub fn opened_columns(&self) -> usize {
        let round = |kind| round_matrices(&self.shapes, kind);
        let matrices = RoundKind::ALL.into_iter().flat_map(round);
        matrices.map(|m| m.width + m.next.len()).sum()
    }

    /// A root of the fingerprint polynomial or a vanishing denominator.
    fn lookup_bits(&self, log_heights: &[usize]) -> f64 {
        let slots = self.shapes.iter().map(|shape| shape.plan.slots.len());
        let denominators: usize = slots.zip(log_heights).map(|(n, &h)| n << h).sum();
        if denominators == 0 {
            return f64::INFINITY;
        }
        // All denominators of the proof at once: heights differ from table to table.
        let air = LogUpAir {
            num_interactions: denominators,
            max_message_width: self.buses().iter().map(|bus| bus.width).max().unwrap_or(0),
        };
        fingerprint_error(&air, &self.instance_shape(0)).bits()
    }

    /// One challenge folds the constraints of all tables: each has a power of its own.
    fn composition_bits(&self) -> f64 {
        air::composition_error(self.constraints(), fri_list_size(), CHALLENGE_BITS).bits()
    }

    fn constraints(&self) -> usize {
        let of_table = |shape: &TableShape| shape.constraints.total_constraints();
        self.shapes.iter().map(of_table).sum()
    }

    /// A false identity holds at the point. There is one for all tables, lifted to the tallest:
    /// every table counts with its degree in multiples of that height.
    fn deep_bits(&self, shape: &InstanceShape) -> f64 {
        let degrees = self.shapes.iter().map(|table| table.max_degree);
        let params = StarkAirParams {
            num_constraints: self.constraints(),
            max_constraint_degree: degrees.max().unwrap_or(0),
            num_quotient_chunks: QUOTIENT_CHUNKS,
            max_combo: MAX_COMBO,
        };
        deep_ali_error(&params, shape, fri_list_size()).bits()
    }
}

/// One candidate codeword in the unique-decoding regime.
const fn fri_list_size() -> f64 {
    p3_security::proximity::list_size_udr()
}

const fn term(name: &'static str, bits: f64) -> SecurityTerm {
    SecurityTerm { name, bits }
}

fn opening_bits(shape: &InstanceShape) -> f64 {
    let bits = SecurityAssumption::UniqueDecoding.prox_gaps_error(
        shape.log_trace_length,
        PROOF_PARAMETERS.log_blowup,
        shape.modulus_bits,
        shape.num_batched_functions.max(2),
    );
    bits + PROOF_PARAMETERS.batch_pow_bits as f64
}

fn folding_bits(regime: &FriRegime, shape: &InstanceShape) -> f64 {
    commit_phase_error_udr(regime, shape).map_or(0.0, ErrorBits::bits)
}

/// All columns are lifted to the tallest table: its code alone is queried. The rate counts the
/// opened points as well, which weighs most on small heights.
fn query_bits(regime: &FriRegime, log_height: usize) -> f64 {
    let agreement = alpha_udr(log_height, regime.log_blowup, MAX_COMBO);
    query_phase_error(agreement, regime.num_queries, regime.query_pow_bits).bits()
}
