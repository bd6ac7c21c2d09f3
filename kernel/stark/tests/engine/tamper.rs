//! Every part of a proof and of what its verifier knows, changed one at a time.

use std::sync::OnceLock;

use p3_field::PrimeCharacteristicRing;
use p3_symmetric::MerkleCap;
use proofloom_field::{Challenge, Digest, Val};
use proofloom_stark::{StarkError, StarkProof, TableOpening, VerifyInput};

use crate::fixture::{Fixture, build, fixture, seeded};
use crate::toy::{self, Toy};

/// What the verifier says when the first segment's proof is changed.
fn spoiled(spoil: impl FnOnce(&mut StarkProof)) -> StarkError {
    let (fixture, segment) = (fixture(), &fixture().segments[0]);
    let mut proof = segment.proof.clone();
    spoil(&mut proof);
    fixture.verify(segment, &proof).expect_err("a changed proof must be refused")
}

/// What the verifier says when its knowledge is changed.
fn misled(spoil: impl FnOnce(&mut VerifyInput<'_>)) -> StarkError {
    let (fixture, segment) = (fixture(), &fixture().segments[0]);
    let heights = fixture.fixed.log_heights();
    let mut input = fixture.input(segment, &heights);
    spoil(&mut input);
    let transcript = seeded(fixture.gamma, segment.number, segment.shared_root);
    fixture.machine.verify(&input, transcript, &segment.proof).expect_err("must be refused")
}

pub fn change(digest: &mut Digest) {
    digest[3] += Val::ONE;
}

/// A change to a proof.
type Change = Box<dyn FnOnce(&mut StarkProof)>;

fn shorten<T>(list: &mut Vec<T>) {
    list.pop();
}

/// A change that only shows after the transcript or the openings are recomputed.
pub fn opening_refused(error: &StarkError) -> bool {
    matches!(error, StarkError::Opening { .. })
}

#[test]
fn every_root_is_bound() {
    assert!(opening_refused(&spoiled(|proof| change(&mut proof.main_root))));
    assert!(opening_refused(&spoiled(|proof| change(proof.aux_root.as_mut().expect("present")))));
    assert!(opening_refused(&spoiled(|proof| change(&mut proof.quotient_root))));
    assert!(opening_refused(&misled(|input| change(input.fixed_root.as_mut().expect("present")))));
    assert!(opening_refused(&misled(|input| change(input.shared_root.as_mut().expect("present")))));
}

#[test]
fn a_root_from_the_other_segment_is_refused() {
    let other = fixture().segments[1].shared_root;
    assert!(opening_refused(&misled(|input| input.shared_root = Some(other))));
    let main = fixture().segments[1].proof.main_root;
    assert!(opening_refused(&spoiled(|proof| proof.main_root = main)));
}

#[test]
fn missing_or_surplus_roots_are_named() {
    let absent = |root, expected| StarkError::RootPresence { root, expected };
    assert_eq!(spoiled(|proof| proof.aux_root = None), absent("auxiliary", true));
    assert_eq!(misled(|input| input.fixed_root = None), absent("fixed", true));
    assert_eq!(misled(|input| input.shared_root = None), absent("shared", true));
}

#[test]
fn every_height_is_checked() {
    for (i, table) in toy::TABLES.iter().enumerate() {
        let error = spoiled(|proof| proof.log_heights[i] += 1);
        let expected = match table {
            Toy::Range => matches!(error, StarkError::Height { table: "range", got: 9, .. }),
            Toy::Memory => matches!(error, StarkError::HeightMismatch { table: "memory", group: "shared", got: 9, .. }),
            _ => opening_refused(&error),
        };
        assert!(expected, "{table:?}: {error}");
    }
}

#[test]
fn heights_beyond_the_limits_are_named() {
    let height = |got| StarkError::Height { table: "cpu", min: 4, max: 20, got };
    for got in [0, 3, 21, 31, 32, 63, 64, 255] {
        assert_eq!(spoiled(|proof| proof.log_heights[0] = got), height(usize::from(got)));
    }
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
    let count = |list, expected, got| StarkError::Count { list, expected, got };
    assert_eq!(spoiled(|p| p.log_heights.push(8)), count("log heights", 6, 7));
    assert_eq!(spoiled(|p| shorten(&mut p.openings)), count("table openings", 6, 5));
    assert_eq!(spoiled(|p| p.terminals.push(Challenge::ZERO)), count("terminals", 5, 6));
    assert_eq!(spoiled(|p| shorten(&mut p.terminals)), count("terminals", 5, 4));
    let none: &[Vec<Val>] = &[];
    assert_eq!(misled(|input| input.publics = none), count("public value lists", 6, 0));
}

#[test]
fn every_terminal_is_bound() {
    for i in 0..5 {
        assert!(opening_refused(&spoiled(|proof| proof.terminals[i] += Challenge::ONE)));
    }
    assert!(opening_refused(&spoiled(|proof| proof.terminals.swap(0, 1))));
}

/// The lists of one opening, by the name the verifier uses.
fn lists(opening: &mut TableOpening) -> Vec<(&'static str, &mut Vec<Challenge>)> {
    let TableOpening { fixed, fixed_next, shared, shared_next, main, main_next, aux, aux_next } = opening;
    vec![
        ("fixed", fixed),
        ("fixed next", fixed_next),
        ("shared", shared),
        ("shared next", shared_next),
        ("main", main),
        ("main next", main_next),
        ("auxiliary", aux),
        ("auxiliary next", aux_next),
    ]
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
        let length = lists(&mut fixture().segments[0].proof.openings[i].clone())[j].1.len();
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
        let length = lists(&mut fixture().segments[0].proof.openings[i].clone())[j].1.len();
        if length > 0 {
            let shorter = spoiled(|p| shorten(lists(&mut p.openings[i])[j].1));
            assert!(names(&shorter), "{table} {group}: {shorter}");
        }
    });
}

#[test]
fn the_opened_quotient_is_bound_and_of_fixed_size() {
    for chunk in 0..2 {
        for column in 0..5 {
            let error = spoiled(|p| p.quotient[chunk][column] += Challenge::ONE);
            assert!(opening_refused(&error), "{chunk} {column}: {error}");
        }
    }
    assert!(opening_refused(&spoiled(|p| p.quotient.swap(0, 1))));
    let count = |list, expected, got| StarkError::Count { list, expected, got };
    assert_eq!(spoiled(|p| p.quotient.push(vec![Challenge::ONE; 5])), count("quotient chunks", 2, 3));
    assert_eq!(spoiled(|p| shorten(&mut p.quotient)), count("quotient chunks", 2, 1));
    assert_eq!(spoiled(|p| shorten(&mut p.quotient[1])), count("quotient columns", 5, 4));
    assert_eq!(spoiled(|p| p.quotient[0].push(Challenge::ONE)), count("quotient columns", 5, 6));
}

#[test]
fn heights_cannot_be_swapped() {
    // The cpu has twice the rows of the other tables.
    let range = Toy::Range.index();
    for table in 1..toy::TABLES.len() {
        let error = spoiled(|proof| proof.log_heights.swap(Toy::Cpu.index(), table));
        let known = matches!(error, StarkError::Height { .. } | StarkError::HeightMismatch { .. });
        let bounded = table == range || table == Toy::Memory.index();
        assert_eq!(known, bounded, "{table}: {error}");
        assert!(known || opening_refused(&error), "{table}: {error}");
    }
}

#[test]
fn a_quotient_of_another_height_is_refused() {
    // A valid proof of the same machine whose tallest table is lower, and its whole quotient.
    static LOWER: OnceLock<Fixture> = OnceLock::new();
    let lower = LOWER.get_or_init(|| build([toy::witness(0, 8), toy::witness(1, 8)]));
    let other = &lower.segments[0].proof;
    assert!(opening_refused(&spoiled(|proof| {
        proof.quotient_root = other.quotient_root;
        proof.quotient = other.quotient.clone();
        *proof.fri.input_openings.last_mut().expect("quotient") =
            other.fri.input_openings.last().expect("quotient").clone();
    })));
    assert!(opening_refused(&spoiled(|proof| {
        proof.fri = other.fri.clone();
    })));
}

#[test]
fn every_part_of_the_fri_proof_is_bound() {
    let one = Challenge::ONE;
    let changes: Vec<(&str, Change)> = vec![
        ("batch pow", Box::new(|p| p.fri.batch_pow_witness += Val::ONE)),
        ("query pow", Box::new(|p| p.fri.query_pow_witness += Val::ONE)),
        ("commit pow", Box::new(|p| p.fri.commit_pow_witnesses[0] += Val::ONE)),
        ("commit pow count", Box::new(|p| shorten(&mut p.fri.commit_pow_witnesses))),
        ("final polynomial", Box::new(move |p| p.fri.final_poly[3] += one)),
        ("final length", Box::new(move |p| p.fri.final_poly.push(one))),
        ("layer count", Box::new(|p| shorten(&mut p.fri.commit_phase_commits))),
        ("layer openings", Box::new(|p| shorten(&mut p.fri.commit_phase_openings))),
        ("sibling", Box::new(move |p| p.fri.commit_phase_openings[0].sibling_values[5][0] += one)),
        ("siblings", Box::new(|p| shorten(&mut p.fri.commit_phase_openings[0].sibling_values))),
        ("arity", Box::new(|p| shorten(&mut p.fri.commit_phase_openings[0].sibling_values[9]))),
        (
            "layer path",
            Box::new(|p| {
                change(&mut p.fri.commit_phase_openings[0].opening_proof.sibling_hashes[0]);
            }),
        ),
        ("row", Box::new(|p| p.fri.input_openings[2].rows[70] += Val::ONE)),
        ("row length", Box::new(|p| p.fri.input_openings[2].rows.push(Val::ONE))),
        ("rows", Box::new(|p| shorten(&mut p.fri.input_openings[2].rows))),
        ("queries", Box::new(|p| p.fri.input_openings[2].rows.clear())),
        ("rounds", Box::new(|p| shorten(&mut p.fri.input_openings))),
        ("path", Box::new(|p| change(&mut p.fri.input_openings[1].path.sibling_hashes[4]))),
        ("path length", Box::new(|p| shorten(&mut p.fri.input_openings[1].path.sibling_hashes))),
        (
            "path surplus",
            Box::new(|p| {
                p.fri.input_openings[1].path.sibling_hashes.push([Val::ONE; 8]);
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
