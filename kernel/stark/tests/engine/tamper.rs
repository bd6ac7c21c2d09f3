//! Every part of a proof and of what its verifier knows, changed one at a time.

use p3_field::PrimeCharacteristicRing;
use p3_symmetric::MerkleCap;
use proofloom_field::{Challenge, Digest, Val};
use proofloom_stark::{StarkError, StarkProof, TableOpening, VerifyInput};

use crate::fixture::{Fixture, Segment, build, fixture, seeded};
use crate::toy::{self, LOG_HEIGHT_MEMORY, Toy, bump};

/// What the verifier says when the first segment's proof is changed.
fn spoiled(spoil: impl FnOnce(&mut StarkProof)) -> StarkError {
    let (fixture, segment) = (fixture(), &fixture().segments[0]);
    let mut proof = segment.proof.clone();
    spoil(&mut proof);
    fixture
        .verify(segment, &proof)
        .expect_err("a changed proof must be refused")
}

/// What the verifier says when its knowledge is changed.
fn misled(spoil: impl FnOnce(&mut VerifyInput<'_>)) -> StarkError {
    let (fixture, segment) = (fixture(), &fixture().segments[0]);
    let heights = fixture.fixed.log_heights();
    let mut input = fixture.input(segment, &heights);
    spoil(&mut input);
    let transcript = seeded(fixture.gamma, segment.number, segment.shared_root);
    fixture
        .machine
        .verify(&input, transcript, &segment.proof)
        .expect_err("must be refused")
}

fn change(digest: &mut Digest) {
    digest[3] += Val::ONE;
}

/// A change to a proof.
type Change = Box<dyn FnOnce(&mut StarkProof)>;

fn shorten<T>(list: &mut Vec<T>) {
    list.pop();
}

/// A change that only shows after the transcript or the openings are recomputed.
fn opening_refused(error: &StarkError) -> bool {
    matches!(error, StarkError::Opening { .. })
}

#[test]
fn every_root_is_bound() {
    assert!(opening_refused(&spoiled(|proof| change(
        &mut proof.main_root
    ))));
    assert!(opening_refused(&spoiled(|proof| change(
        proof.aux_root.as_mut().expect("present")
    ))));
    assert!(opening_refused(&spoiled(|proof| change(
        &mut proof.quotient_root
    ))));
    assert!(opening_refused(&misled(|input| change(
        input.fixed_root.as_mut().expect("present")
    ))));
    assert!(opening_refused(&misled(|input| change(
        input.shared_root.as_mut().expect("present")
    ))));
}

#[test]
fn a_root_from_the_other_segment_is_refused() {
    let other = fixture().segments[1].shared_root;
    assert!(opening_refused(&misled(
        |input| input.shared_root = Some(other)
    )));
    let main = fixture().segments[1].proof.main_root;
    assert!(opening_refused(&spoiled(|proof| proof.main_root = main)));
}

#[test]
fn missing_or_surplus_roots_are_named() {
    let absent = |root, expected| StarkError::RootPresence { root, expected };
    assert_eq!(
        spoiled(|proof| proof.aux_root = None),
        absent("auxiliary", true)
    );
    assert_eq!(
        misled(|input| input.fixed_root = None),
        absent("fixed", true)
    );
    assert_eq!(
        misled(|input| input.shared_root = None),
        absent("shared", true)
    );
}

#[test]
fn every_height_is_checked() {
    for (i, table) in toy::TABLES.iter().enumerate() {
        let error = spoiled(|proof| proof.log_heights[i] += 1);
        let expected = match table {
            Toy::Range => matches!(
                error,
                StarkError::Height {
                    table: "range",
                    got: 9,
                    ..
                }
            ),
            Toy::Memory => matches!(
                error,
                StarkError::HeightMismatch {
                    table: "memory",
                    group: "shared",
                    got: 9,
                    ..
                }
            ),
            _ => opening_refused(&error),
        };
        assert!(expected, "{table:?}: {error}");
    }
}

#[test]
fn heights_beyond_the_limits_are_named() {
    let height = |got| StarkError::Height {
        table: "cpu",
        min: 8,
        max: 20,
        got,
    };
    for got in [0, 7, 21, 31, 32, 63, 64, 255] {
        assert_eq!(
            spoiled(|proof| proof.log_heights[0] = got),
            height(usize::from(got))
        );
    }
}

#[test]
fn heights_the_caller_knows_must_agree() {
    let expected = Some(LOG_HEIGHT_MEMORY + 1);
    let mut shared = fixture().segments[0].shared_log_heights.clone();
    shared[Toy::Memory.index()] = expected;
    let error = StarkError::HeightMismatch {
        table: "memory",
        group: "shared",
        expected,
        got: 8,
    };
    assert_eq!(misled_heights(&shared), error);
    shared[Toy::Memory.index()] = None;
    let error = StarkError::HeightMismatch {
        table: "memory",
        group: "shared",
        expected: None,
        got: 8,
    };
    assert_eq!(misled_heights(&shared), error);
    shared.pop();
    let error = StarkError::Count {
        list: "shared log heights",
        expected: 6,
        got: 5,
    };
    assert_eq!(misled_heights(&shared), error);
}

fn misled_heights(shared: &[Option<usize>]) -> StarkError {
    let (fixture, segment) = (fixture(), &fixture().segments[0]);
    let heights = fixture.fixed.log_heights();
    let input = VerifyInput {
        shared_log_heights: shared,
        ..fixture.input(segment, &heights)
    };
    let transcript = seeded(fixture.gamma, segment.number, segment.shared_root);
    fixture
        .machine
        .verify(&input, transcript, &segment.proof)
        .expect_err("must be refused")
}

#[test]
fn counts_that_could_wrap_are_refused() {
    // 3 counts per cpu row and 1 per memory row stay below the characteristic at every admitted
    // height, so the bound is checked where it is computed.
    let machine = crate::fixture::machine();
    assert!(machine.count_bound(&[20; 6]) < 1 << 31);
    assert!(machine.count_bound(&[30; 6]) > 1 << 31);
}

#[test]
fn list_lengths_are_named() {
    let count = |list, expected, got| StarkError::Count {
        list,
        expected,
        got,
    };
    assert_eq!(
        spoiled(|p| p.log_heights.push(8)),
        count("log heights", 6, 7)
    );
    assert_eq!(
        spoiled(|p| shorten(&mut p.openings)),
        count("table openings", 6, 5)
    );
    assert_eq!(
        spoiled(|p| p.terminals.push(Challenge::ZERO)),
        count("terminals", 5, 6)
    );
    assert_eq!(
        spoiled(|p| shorten(&mut p.terminals)),
        count("terminals", 5, 4)
    );
    let none: &[Vec<Val>] = &[];
    assert_eq!(
        misled(|input| input.publics = none),
        count("public value lists", 6, 0)
    );
}

#[test]
fn every_terminal_is_bound() {
    for i in 0..5 {
        assert!(opening_refused(&spoiled(
            |proof| proof.terminals[i] += Challenge::ONE
        )));
    }
    assert!(opening_refused(&spoiled(|proof| proof
        .terminals
        .swap(0, 1))));
}

/// The lists of one opening, by the name the verifier uses.
fn lists(opening: &mut TableOpening) -> Vec<(&'static str, &mut Vec<Challenge>)> {
    let TableOpening {
        fixed,
        fixed_next,
        shared,
        shared_next,
        main,
        main_next,
        aux,
        aux_next,
        quotient,
    } = opening;
    let mut lists = vec![
        ("fixed", fixed),
        ("fixed next", fixed_next),
        ("shared", shared),
        ("shared next", shared_next),
        ("main", main),
        ("main next", main_next),
        ("auxiliary", aux),
        ("auxiliary next", aux_next),
    ];
    lists.extend(quotient.iter_mut().map(|chunk| ("quotient", chunk)));
    lists
}

/// Runs `test` on every list of every table's opening.
fn for_every_list(test: impl Fn(&'static str, &'static str, usize, usize)) {
    for (i, table) in fixture().machine.stats().iter().enumerate() {
        let mut opening = fixture().segments[0].proof.openings[i].clone();
        for (j, (group, _)) in lists(&mut opening).iter().enumerate() {
            test(table.name, group, i, j);
        }
    }
}

#[test]
fn every_opened_value_is_bound() {
    for_every_list(|table, group, i, j| {
        let length = lists(&mut fixture().segments[0].proof.openings[i].clone())[j]
            .1
            .len();
        for k in [0, length / 2, length.saturating_sub(1)] {
            if k < length {
                let error = spoiled(|p| lists(&mut p.openings[i])[j].1[k] += Challenge::ONE);
                assert!(opening_refused(&error), "{table} {group} {k}: {error}");
            }
        }
    });
}

#[test]
fn every_opened_width_is_named() {
    for_every_list(|table, group, i, j| {
        let longer = spoiled(|p| lists(&mut p.openings[i])[j].1.push(Challenge::ONE));
        let names = |error: &StarkError| matches!(error, StarkError::OpenedWidth { table: t, group: g, .. } if (*t, *g) == (table, group));
        assert!(names(&longer), "{table} {group}: {longer}");
        let length = lists(&mut fixture().segments[0].proof.openings[i].clone())[j]
            .1
            .len();
        if length > 0 {
            let shorter = spoiled(|p| shorten(lists(&mut p.openings[i])[j].1));
            assert!(names(&shorter), "{table} {group}: {shorter}");
        }
    });
    let chunks = spoiled(|proof| proof.openings[0].quotient.push(vec![Challenge::ONE; 5]));
    assert!(matches!(
        chunks,
        StarkError::OpenedWidth {
            group: "quotient chunk",
            got: 3,
            ..
        }
    ));
}

#[test]
fn every_part_of_the_fri_proof_is_bound() {
    let one = Challenge::ONE;
    let changes: Vec<(&str, Change)> = vec![
        (
            "batch pow",
            Box::new(|p| p.fri.batch_pow_witness += Val::ONE),
        ),
        (
            "query pow",
            Box::new(|p| p.fri.query_pow_witness += Val::ONE),
        ),
        (
            "commit pow",
            Box::new(|p| p.fri.commit_pow_witnesses[0] += Val::ONE),
        ),
        (
            "commit pow count",
            Box::new(|p| shorten(&mut p.fri.commit_pow_witnesses)),
        ),
        (
            "final polynomial",
            Box::new(move |p| p.fri.final_poly[3] += one),
        ),
        (
            "final length",
            Box::new(move |p| p.fri.final_poly.push(one)),
        ),
        (
            "layer count",
            Box::new(|p| shorten(&mut p.fri.commit_phase_commits)),
        ),
        (
            "layer openings",
            Box::new(|p| shorten(&mut p.fri.commit_phase_openings)),
        ),
        (
            "sibling",
            Box::new(move |p| p.fri.commit_phase_openings[0].sibling_values[5][0] += one),
        ),
        (
            "siblings",
            Box::new(|p| shorten(&mut p.fri.commit_phase_openings[0].sibling_values)),
        ),
        (
            "arity",
            Box::new(|p| shorten(&mut p.fri.commit_phase_openings[0].sibling_values[9])),
        ),
        (
            "layer path",
            Box::new(|p| {
                change(&mut p.fri.commit_phase_openings[0].opening_proof.sibling_hashes[0]);
            }),
        ),
        (
            "row",
            Box::new(|p| p.fri.input_openings[2].opened_values[7][0][1] += Val::ONE),
        ),
        (
            "row length",
            Box::new(|p| p.fri.input_openings[2].opened_values[7][0].push(Val::ONE)),
        ),
        (
            "rows",
            Box::new(|p| shorten(&mut p.fri.input_openings[2].opened_values[7])),
        ),
        (
            "queries",
            Box::new(|p| shorten(&mut p.fri.input_openings[2].opened_values)),
        ),
        ("rounds", Box::new(|p| shorten(&mut p.fri.input_openings))),
        (
            "path",
            Box::new(|p| change(&mut p.fri.input_openings[1].opening_proof.sibling_hashes[4])),
        ),
        (
            "path length",
            Box::new(|p| shorten(&mut p.fri.input_openings[1].opening_proof.sibling_hashes)),
        ),
        (
            "path surplus",
            Box::new(|p| {
                p.fri.input_openings[1]
                    .opening_proof
                    .sibling_hashes
                    .push([Val::ONE; 8]);
            }),
        ),
    ];
    for (name, spoil) in changes {
        let error = spoiled(spoil);
        assert!(opening_refused(&error), "{name}: {error}");
    }
}

#[test]
fn a_layer_root_is_bound_and_single() {
    let changed = spoiled(|proof| {
        let mut root = proof.fri.commit_phase_commits[0].roots()[0];
        change(&mut root);
        proof.fri.commit_phase_commits[0] = MerkleCap::new(vec![root]);
    });
    assert!(opening_refused(&changed));
    let doubled = spoiled(|proof| {
        let root = proof.fri.commit_phase_commits[1].roots()[0];
        proof.fri.commit_phase_commits[1] = MerkleCap::new(vec![root, root]);
    });
    assert_eq!(doubled, StarkError::CapSize { layer: 1, got: 2 });
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
    let error = StarkError::PublicValues {
        table: "counter",
        expected: 1,
        got: 2,
    };
    assert_eq!(with_publics(&longer), error);
}

fn with_publics(publics: &[Vec<Val>]) -> StarkError {
    let (fixture, segment) = (fixture(), &fixture().segments[0]);
    let heights = fixture.fixed.log_heights();
    let input = VerifyInput {
        publics,
        ..fixture.input(segment, &heights)
    };
    let transcript = seeded(fixture.gamma, segment.number, segment.shared_root);
    fixture
        .machine
        .verify(&input, transcript, &segment.proof)
        .expect_err("must be refused")
}

#[test]
fn gamma_segment_number_and_leaf_are_bound() {
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
        let error = fixture
            .machine
            .verify(&input, seed, &segment.proof)
            .expect_err("refused");
        assert!(opening_refused(&error), "{error}");
    }
}

#[test]
fn a_proof_does_not_serve_the_other_segment() {
    let fixture = fixture();
    let [first, second] = &fixture.segments;
    assert!(opening_refused(
        &fixture.verify(second, &first.proof).expect_err("refused")
    ));
}

/// Proofs made from changed witnesses.
fn dishonest(spoil: impl Fn(&mut toy::Witness, u32)) -> Fixture {
    build([0, 1].map(|segment| {
        let mut witness = toy::witness(segment, 8);
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
    assert_eq!(
        verdicts(&fixture),
        [Err(StarkError::Unbalanced), Err(StarkError::Unbalanced)]
    );
}

#[test]
fn a_wrong_result_that_balances_is_refused_by_its_constraint() {
    // The cpu and the multiplication table agree on a wrong product.
    let fixture = dishonest(|witness, _| {
        let a = toy::canonical(witness.main[Toy::Cpu.index()].values[4 + 1]) as usize;
        for row in 0..256 {
            let cpu = &mut witness.main[Toy::Cpu.index()];
            let [op, found] = [cpu.values[4 * row], cpu.values[4 * row + 1]].map(toy::canonical);
            if op == 1 && found as usize == a {
                bump(cpu, row, 3, 1);
            }
        }
        bump(&mut witness.main[Toy::Mul.index()], a, 2, 1);
    });
    let refused = Err(StarkError::Constraints { table: "mul" });
    assert!(
        verdicts(&fixture).contains(&refused),
        "{:?}",
        verdicts(&fixture)
    );
}

#[test]
fn a_claimed_sum_that_is_not_the_accumulators_is_refused() {
    let fixture = dishonest(|witness, segment| {
        // The memory rows of segment 0 claim another outgoing value: f and acc follow, the chain
        // breaks only in the sum over both segments.
        let shared = witness.shared[Toy::Memory.index()]
            .as_mut()
            .expect("memory is shared");
        if segment == 0 {
            bump(shared, 5, 2, 1);
        }
    });
    assert_eq!(verdicts(&fixture), [Ok(()), Ok(())]);
    let [first, second] = fixture
        .segments
        .each_ref()
        .map(|s| toy::claimed_sum(&s.publics));
    assert_ne!(first + second, Challenge::ZERO);
}
