//! Honest proving of dishonest traces: what the constraints and the buses must catch.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Challenge, Val};
use proofloom_stark::{CHALLENGE_DEGREE, Silent, StarkError, VerifyInput};

use crate::fixture::{Fixture, LOG_HEIGHT, Segment, build, fixture, seeded};
use crate::toy::{self, Toy, bump};

/// Proofs made from changed witnesses.
fn dishonest(spoil: impl Fn(&mut toy::Witness, u32)) -> Fixture {
    dishonest_at(8, spoil)
}

/// The same with a cpu table of the given log2 height.
fn dishonest_at(log_height: usize, spoil: impl Fn(&mut toy::Witness, u32)) -> Fixture {
    build([0, 1].map(|segment| {
        let mut witness = toy::witness(segment, log_height);
        spoil(&mut witness, segment);
        witness
    }))
}

fn verdicts(fixture: &Fixture) -> [Result<(), StarkError>; 2] {
    let verdict = |segment: &Segment| fixture.verify(segment, &segment.proof);
    fixture.segments.each_ref().map(verdict)
}

#[test]
fn opposite_imbalances_in_two_segments_are_both_refused() {
    // +1 of value 7 in one segment, -1 in the other: over both segments the bus balances.
    let fixture = dishonest(|witness, segment| {
        let by = if segment == 0 { 1 } else { -1 };
        bump(&mut witness.main[Toy::Range.index()], 7, 0, by);
    });
    assert_eq!(verdicts(&fixture), [Err(StarkError::Unbalanced), Err(StarkError::Unbalanced)]);
}

/// Makes the product of one row one too large, where the cpu looks it up as well.
fn wrong_product(witness: &mut toy::Witness) -> usize {
    let a = toy::canonical(witness.main[Toy::Cpu.index()].values[4 + 1]) as usize;
    for row in 0..256 {
        let cpu = &mut witness.main[Toy::Cpu.index()];
        let [op, found] = [cpu.values[4 * row], cpu.values[4 * row + 1]].map(toy::canonical);
        if op == 1 && found as usize == a {
            bump(cpu, row, 3, 1);
        }
    }
    bump(&mut witness.main[Toy::Mul.index()], a, 2, 1);
    a
}

#[test]
fn a_wrong_result_that_balances_is_refused_by_its_constraint() {
    // The cpu and the multiplication table agree on a wrong product.
    let fixture = dishonest(|witness, _| {
        wrong_product(witness);
    });
    let refused = Err(StarkError::Constraints);
    assert!(verdicts(&fixture).contains(&refused), "{:?}", verdicts(&fixture));
}

#[test]
fn violations_of_two_tables_do_not_cancel() {
    // A product one too large and a sum one too small, in the same row of tables of one height:
    // without weights of their own the constraints would add up to zero. Nothing looks the sum up.
    let fixture = dishonest(|witness, segment| {
        if segment == 0 {
            let row = wrong_product(witness);
            let sums = &mut witness.main[Toy::Add.index()];
            assert_eq!(sums.values[4 * row + 3], Val::ZERO);
            bump(sums, row, 2, -1);
        }
    });
    assert_eq!(verdicts(&fixture), [Err(StarkError::Constraints), Ok(())]);
}

#[test]
fn a_violation_in_a_low_table_alone_is_refused() {
    // The cpu is twice as high as the table whose row is wrong; nothing looks that row up.
    let fixture = dishonest_at(LOG_HEIGHT, |witness, _| {
        let products = &mut witness.main[Toy::Mul.index()];
        let unused = |&row: &usize| products.values[4 * row + 3] == Val::ZERO;
        let row = (0..256).find(unused).expect("half of them");
        bump(products, row, 2, 1);
    });
    let refused = || Err(StarkError::Constraints);
    assert_eq!(verdicts(&fixture), [refused(), refused()]);
}

#[test]
fn a_broken_chain_shows_only_in_the_sum_over_all_segments() {
    let fixture = dishonest(|witness, segment| {
        // The memory rows of segment 0 claim another outgoing value: f and acc follow, the chain
        // breaks only in the sum over both segments.
        let shared = witness.shared[Toy::Memory.index()].as_mut().expect("memory is shared");
        if segment == 0 {
            bump(shared, 5, 2, 1);
        }
    });
    assert_eq!(verdicts(&fixture), [Ok(()), Ok(())]);
    let [first, second] = fixture.segments.each_ref().map(|s| toy::claimed_sum(&s.publics));
    assert_ne!(first + second, Challenge::ZERO);
}

#[test]
fn a_claimed_sum_that_is_not_the_accumulators_is_refused() {
    let (fixture, segment) = (fixture(), &fixture().segments[0]);
    let mut publics = segment.publics.clone();
    publics[Toy::Memory.index()][2 * CHALLENGE_DEGREE] += Val::ONE;
    let shared = fixture.machine.commit_shared(segment.witness.shared.clone()).expect("fits");
    let transcript = || seeded(fixture.gamma, segment.number, segment.shared_root);
    let main = segment.witness.main.clone();
    let proof = fixture
        .machine
        .prove(&fixture.fixed, shared, main, &publics, transcript(), &mut Silent)
        .expect("the prover does not check constraints");
    let heights = fixture.fixed.log_heights();
    let input = VerifyInput { publics: &publics, ..fixture.input(segment, &heights) };
    let refused = Err(StarkError::Constraints);
    assert_eq!(fixture.machine.verify(&input, transcript(), &proof), refused);
}
