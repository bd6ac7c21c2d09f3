//! Forged calls of accelerators.

use p3_field::PrimeCharacteristicRing;
use proofloom_executor::testkit::{CALL_WORDS, accelerator_calls};
use proofloom_executor::{Accelerator, WordAccess, load_elf};
use proofloom_field::Val;
use proofloom_stark::DebugError;

use super::fixtures::{self, Fixture};
use crate::accelerators::table;
use crate::debug::{ClaimedExecution, Inspector, Violation};
use crate::tables::{VmTable, keccak, sha256};

/// Rows of one call.
const fn rounds(accelerator: Accelerator) -> usize {
    match accelerator {
        Accelerator::KeccakF => keccak::ROUNDS,
        Accelerator::Sha256 => sha256::ROUNDS,
    }
}

/// The segment's tables of a program that calls the accelerator, and where its own table is.
fn segment(accelerator: Accelerator) -> (Fixture, usize) {
    let test = accelerator_calls(accelerator, 8);
    let fixture = fixtures::of_run(&test.elf(), &[], 1 << 20).swap_remove(0);
    let tables = fixture.tables.machine.tables();
    let at = tables.iter().position(|&name| name == table(accelerator)).expect("it is called");
    (fixture, at)
}

/// Tables whose constraints an edit of the accelerator's rows violates.
fn violated(accelerator: Accelerator, edit: impl FnOnce(&mut Vec<Val>, usize)) -> Vec<&'static str> {
    let (mut fixture, at) = segment(accelerator);
    let matrix = &mut fixture.tables.main[at];
    let (length, width) = (matrix.values.len(), matrix.width);
    edit(&mut matrix.values, width);
    matrix.values.resize(length, Val::ZERO);
    let Err(DebugError::Report(report)) = fixture.tables.check(&fixture.preprocessed) else {
        panic!("the edit goes unnoticed");
    };
    let mut tables: Vec<_> = report.violations.iter().map(|violation| violation.table).collect();
    tables.dedup();
    tables
}

#[test]
fn the_rows_of_a_call_are_all_its_rounds_in_order() {
    for accelerator in Accelerator::ALL {
        let name = [proofloom_stark::Table::name(&table(accelerator))];
        let rounds = rounds(accelerator);
        // The table begins inside a call, whose first rounds are at its end.
        assert_eq!(violated(accelerator, |rows, width| rows.rotate_left(5 * width)), name);
        // A call begins with a later round, behind padding.
        assert_eq!(violated(accelerator, |rows, width| rows[..width].fill(Val::ZERO)), name);
        // It ends with an earlier round: the rest is missing, or belongs to another call.
        assert_eq!(violated(accelerator, |rows, width| rows.truncate((5 * rounds - 1) * width)), name);
        assert_eq!(violated(accelerator, |rows, width| drop(rows.drain((rounds - 9) * width..rounds * width))), name);
        // A round is left out, done twice, or changes its place with the next.
        assert_eq!(violated(accelerator, |rows, width| drop(rows.drain(7 * width..8 * width))), name);
        let twice = |rows: &mut Vec<Val>, width: usize| {
            let row = rows[7 * width..8 * width].to_vec();
            rows.splice(7 * width..7 * width, row);
            rows.truncate(rows.len() - width);
        };
        assert_eq!(violated(accelerator, twice), name);
        let exchanged = |rows: &mut Vec<Val>, width: usize| rows[7 * width..9 * width].rotate_left(width);
        assert_eq!(violated(accelerator, exchanged), name);
    }
}

#[test]
fn a_call_without_its_rows_is_refused() {
    for accelerator in Accelerator::ALL {
        let (mut fixture, at) = segment(accelerator);
        fixture.tables.main[at].values.fill(Val::ZERO);
        let Err(DebugError::Report(report)) = fixture.tables.check(&fixture.preprocessed) else {
            panic!("nobody does what the program asks for");
        };
        assert_eq!(report.violation_count, 0, "{report}");
        assert!(!fixture.preprocessed.can_balance(&report), "{report}");
    }
}

#[test]
fn calls_replace_writable_words_only() {
    for accelerator in Accelerator::ALL {
        let (mut fixture, at) = segment(accelerator);
        let first = (CALL_WORDS / 8) as u32;
        assert!(fixture.tables.check(&fixture.preprocessed).is_ok());
        // As if writable memory began behind the first words of the calls, for this table only.
        for beyond in [1, 100, 1 << 20] {
            fixture.tables.publics[at] = vec![Val::from_u32(first + beyond)];
            let bound = super::main_names(table(accelerator)).iter().position(|name| name == "bound");
            let (bound, width) = (bound.expect("a column"), fixture.tables.main[at].width);
            for row in fixture.tables.main[at].values.chunks_exact_mut(width) {
                row[bound] = Val::from_u32(0u32.wrapping_sub(beyond) & 0xffff);
            }
            let Err(DebugError::Report(report)) = fixture.tables.check(&fixture.preprocessed) else {
                panic!("a word below writable memory is replaced");
            };
            assert!(!fixture.preprocessed.can_balance(&report), "{report}");
        }
    }
}

fn inspector(accelerator: Accelerator) -> Inspector {
    Inspector::new(load_elf(&accelerator_calls(accelerator, 8).elf()).expect("ELF"))
}

/// What is found wrong when one call's words are told otherwise.
fn told(inspector: &Inspector, honest: &ClaimedExecution, fault: impl FnOnce(&mut Vec<WordAccess>)) -> Violation {
    let mut claimed = honest.clone();
    fault(&mut claimed.replaced[1]);
    inspector.check_claimed(&[], &claimed).expect_err("the fault is believed")
}

#[test]
fn no_fault_of_the_words_of_a_call_is_believed() {
    for accelerator in Accelerator::ALL {
        let inspector = inspector(accelerator);
        let honest = inspector.execution(&[], 1 << 20).expect("it halts");
        inspector.check_claimed(&[], &honest).unwrap_or_else(|violation| panic!("{violation}"));
        assert_eq!(honest.replaced.len(), 5);
        for word in [0, 3, 4, accelerator.words() - 1] {
            for bit in [0, 17, 63] {
                // What a call leaves as it was is one value in its rows.
                if honest.replaced[1][word].after != honest.replaced[1][word].before {
                    told(&inspector, &honest, |words| words[word].after ^= 1 << bit);
                }
                told(&inspector, &honest, |words| words[word].before ^= 1 << bit);
                // Consistent with the computation, but not with what was there before.
                told(&inspector, &honest, |words| recompute(accelerator, words, word, bit));
            }
            told(&inspector, &honest, |words| words[word].word += 1);
        }
        told(&inspector, &honest, |words| words.iter_mut().for_each(|word| word.after = word.before));
        told(&inspector, &honest, |words| words.iter_mut().for_each(|word| word.word += 1));
        told(&inspector, &honest, |words| words.truncate(accelerator.words() - 1));
    }
}

/// The right result of wrong words.
fn recompute(accelerator: Accelerator, words: &mut [WordAccess], changed: usize, bit: u32) {
    words[changed].before ^= 1 << bit;
    let mut values: Vec<u64> = words.iter().map(|word| word.before).collect();
    accelerator.apply(&mut values);
    words.iter_mut().zip(values).for_each(|(word, value)| word.after = value);
}

#[test]
fn a_segment_has_the_tables_of_the_accelerators_it_calls() {
    for accelerator in Accelerator::ALL {
        let test = accelerator_calls(accelerator, 8);
        let fixtures = fixtures::of_run(&test.elf(), &[], 12);
        let with: Vec<bool> =
            fixtures.iter().map(|fixture| fixture.tables.machine.tables().contains(&table(accelerator))).collect();
        assert!(with.contains(&true) && with.contains(&false), "{with:?}");
        let others = [VmTable::Keccak, VmTable::Sha256].into_iter().filter(|&other| other != table(accelerator));
        for other in others {
            assert!(fixtures.iter().all(|fixture| !fixture.tables.machine.tables().contains(&other)));
        }
    }
}
