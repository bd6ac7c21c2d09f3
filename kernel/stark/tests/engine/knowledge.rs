//! What the verifier knows besides the proof, changed one thing at a time.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;
use proofloom_stark::{StarkError, VerifyInput};

use crate::fixture::{fixture, seeded};
use crate::tamper::{change, opening_refused};
use crate::toy::{LOG_HEIGHT_MEMORY, Toy};

#[test]
fn heights_the_caller_knows_must_agree() {
    let expected = Some(LOG_HEIGHT_MEMORY + 1);
    let mut shared = fixture().segments[0].shared_log_heights.clone();
    shared[Toy::Memory.index()] = expected;
    let error = StarkError::HeightMismatch { table: "memory", group: "shared", expected, got: 8 };
    assert_eq!(misled_heights(&shared), error);
    shared[Toy::Memory.index()] = None;
    let error = StarkError::HeightMismatch { table: "memory", group: "shared", expected: None, got: 8 };
    assert_eq!(misled_heights(&shared), error);
    shared.pop();
    let error = StarkError::Count { list: "shared log heights", expected: 6, got: 5 };
    assert_eq!(misled_heights(&shared), error);
}

fn misled_heights(shared: &[Option<usize>]) -> StarkError {
    let (fixture, segment) = (fixture(), &fixture().segments[0]);
    let heights = fixture.fixed.log_heights();
    let input = VerifyInput { shared_log_heights: shared, ..fixture.input(segment, &heights) };
    let transcript = seeded(fixture.gamma, segment.number, segment.shared_root);
    fixture.machine.verify(&input, transcript, &segment.proof).expect_err("must be refused")
}

#[test]
fn public_values_are_bound() {
    let publics = &fixture().segments[0].publics;
    for table in [Toy::Memory, Toy::Counter] {
        for i in 0..publics[table.index()].len() {
            let mut changed = publics.clone();
            changed[table.index()][i] += Val::ONE;
            let error = with_publics(&changed);
            assert!(opening_refused(&error), "{table:?} {i}: {error}");
        }
    }
    let mut longer = publics.clone();
    longer[Toy::Counter.index()].push(Val::ZERO);
    let error = StarkError::PublicValues { table: "counter", expected: 1, got: 2 };
    assert_eq!(with_publics(&longer), error);
}

fn with_publics(publics: &[Vec<Val>]) -> StarkError {
    let (fixture, segment) = (fixture(), &fixture().segments[0]);
    let heights = fixture.fixed.log_heights();
    let input = VerifyInput { publics, ..fixture.input(segment, &heights) };
    let transcript = seeded(fixture.gamma, segment.number, segment.shared_root);
    fixture.machine.verify(&input, transcript, &segment.proof).expect_err("must be refused")
}

#[test]
fn gamma_segment_number_and_commitment_are_bound() {
    let (fixture, segment) = (fixture(), &fixture().segments[0]);
    let heights = fixture.fixed.log_heights();
    let mut other_gamma = fixture.gamma;
    change(&mut other_gamma);
    let other_leaf = fixture.segments[1].shared_root;
    let seeds = [
        seeded(other_gamma, segment.number, segment.shared_root),
        seeded(fixture.gamma, segment.number + 1, segment.shared_root),
        seeded(fixture.gamma, segment.number, other_leaf),
    ];
    for seed in seeds {
        let input = fixture.input(segment, &heights);
        let error = fixture.machine.verify(&input, seed, &segment.proof).expect_err("refused");
        assert!(opening_refused(&error), "{error}");
    }
}

#[test]
fn a_proof_does_not_serve_the_other_segment() {
    let fixture = fixture();
    let [first, second] = &fixture.segments;
    assert!(opening_refused(&fixture.verify(second, &first.proof).expect_err("refused")));
}
