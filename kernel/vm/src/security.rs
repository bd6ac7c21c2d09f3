//! Provable security of a final proof, from the live parameters.

use p3_field::PrimeField32;
use proofloom_field::Val;
use proofloom_stark::{Machine, SecurityReport, SecurityTerm};

use crate::accelerators::Accelerators;
use crate::system::{boundary_machine, segment_machine};
use crate::tables::VmTable;

/// Bits of the challenge field's order, rounded down.
const CHALLENGE_BITS: f64 = 154.0;
/// Elements of a cross-segment token: the degree of the polynomial that folds two of them apart.
const TOKEN_ELEMENTS: f64 = 7.0;

/// Security of one machine with all tables at the smallest, or all at the largest, heights.
fn report(machine: &Machine<VmTable>, largest: bool) -> SecurityReport {
    let heights: Vec<usize> =
        machine.stats().iter().map(|table| if largest { table.height_range.1 } else { table.height_range.0 }).collect();
    machine.security(&heights)
}

/// The cross-segment bus: some fold of two different tokens collides, or a denominator vanishes.
/// The verifier refuses as many tokens as the field has elements.
fn cross_term() -> SecurityTerm {
    let tokens = f64::from(Val::ORDER_U32).log2();
    SecurityTerm { name: "cross-segment bus", bits: CHALLENGE_BITS - tokens - (TOKEN_ELEMENTS + 2.0).log2() }
}

/// Every error term of segment and boundary proofs, at the smallest and the largest heights.
pub fn security_reports() -> Vec<(String, SecurityReport)> {
    let machines = [("segment", segment_machine(Accelerators::ALL)), ("boundary", boundary_machine())];
    let mut reports: Vec<_> = machines
        .into_iter()
        .flat_map(|(name, machine)| {
            [false, true].map(|largest| {
                let heights = if largest { "largest heights" } else { "smallest heights" };
                (format!("{name}, {heights}"), report(machine, largest))
            })
        })
        .collect();
    reports.push(("all segments".to_owned(), SecurityReport { terms: vec![cross_term()] }));
    reports
}

/// Provable bits at every admitted height.
pub fn security_bits() -> f64 {
    security_reports().iter().map(|(_, report)| report.bits()).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_bits_are_provable_at_both_height_limits() {
        for (name, report) in security_reports() {
            assert!(report.bits() >= 100.0, "{name}: {report}");
        }
    }
}
