//! At least 100 provable bits at both ends of the admitted heights.

use proofloom_stark::{CHALLENGE_BITS, PROOF_PARAMETERS, SecurityReport};

use crate::fixture::machine;

/// Level with every table at its smallest, or every table at its largest height.
fn report(pick: fn((usize, usize)) -> usize) -> SecurityReport {
    let machine = machine();
    let heights: Vec<_> = machine.stats().iter().map(|s| pick(s.height_range)).collect();
    machine.security(&heights)
}

#[test]
fn both_height_limits_reach_one_hundred_provable_bits() {
    for pick in [|(min, _)| min, |(_, max)| max] {
        let report = report(pick);
        assert!(report.bits() >= 100.0, "{report}");
        assert_eq!(report.terms.len(), 7);
        assert!(report.terms.iter().all(|term| term.bits >= 100.0), "{report}");
    }
}

#[test]
fn the_queries_decide_and_small_proofs_are_the_worst_case() {
    let (small, large) = (report(|(min, _)| min), machine().security(&[20; 6]));
    let queries = |report: &SecurityReport| report.terms[5].bits;
    assert_eq!(small.terms[5].name, "FRI queries");
    assert_eq!((small.bits(), large.bits()), (queries(&small), queries(&large)));
    assert!(queries(&small) < queries(&large), "{small}\n{large}");
    // (1 + 1/2 + 2/512) / 2 to the power of 206, and the grinding.
    let expected = 16.0 - 206.0 * ((1.0 + 258.0 / 512.0) / 2.0_f64).log2();
    assert!((queries(&small) - expected).abs() < 1e-9);
}

#[test]
fn terms_follow_the_live_parameters() {
    assert_eq!((PROOF_PARAMETERS.queries, PROOF_PARAMETERS.query_pow_bits), (206, 16));
    let report = machine().security(&[9, 8, 8, 8, 8, 8]);
    // 3 interactions on 512 cpu rows, one on 256 rows of four tables; tuples of up to 4.
    let denominators = f64::from(3 * 512 + 4 * 256);
    let lookups = CHALLENGE_BITS as f64 - denominators.log2() - 6.0_f64.log2();
    assert!((report.terms[0].bits - lookups).abs() < 1e-9, "{report}");
}

#[test]
fn opened_columns_count_every_point() {
    // Of the next row, the accumulators of five tables, and: memory's word and own
    // accumulator, range's value, counter's number.
    let here = (4 + 10) + 2 * (4 + 5) + (4 + 11 + 5) + (1 + 1 + 5) + 1 + 2 * 5;
    let next = 5 * 5 + (1 + 5) + 1 + 1;
    assert_eq!(machine().opened_columns(), here + next);
}
