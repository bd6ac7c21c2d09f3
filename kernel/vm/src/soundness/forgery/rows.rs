//! Rows of the CPU table: as many as the segment has cycles, from its first row on, none after.

use p3_field::PrimeCharacteristicRing;
use p3_matrix::Matrix;
use proofloom_field::Val;

use super::*;
use crate::tables::cpu::CpuCols;

type Row = CpuCols<Val>;

/// What is broken after `edit` has changed the CPU rows of a segment; it is told the segment's cycles.
fn broken_by(segment: u32, edit: impl Fn(&mut [Row], usize)) -> BTreeSet<String> {
    let inspector = inspector();
    let claim = honest(&inspector);
    let cycles = claim.segments[segment as usize - 1].publics.cycles as usize;
    claim.broken_with(|part, tables| {
        if part == segment {
            let cpu = &mut tables.main[0];
            assert_eq!(cpu.width(), Row::WIDTH);
            let mut rows: Vec<Row> = cpu.row_slices().map(Row::read).collect();
            edit(&mut rows, cycles);
            let cells = cpu.values.chunks_exact_mut(Row::WIDTH);
            cells.zip(&rows).for_each(|(cells, row)| row.write(cells));
        }
    })
}

fn assert_refused(broken: &BTreeSet<String>, segment: u32) {
    assert!(broken.contains(&format!("segment {segment}: CPU constraint")), "{broken:?}");
}

/// One cycle more in one segment and one less in the next: the sum is right.
#[test]
fn cycles_are_counted_by_rows() {
    let inspector = inspector();
    let mut claim = honest(&inspector);
    claim.segments[0].publics.cycles += 1;
    claim.segments[1].publics.cycles -= 1;
    assert_broken(&claim.broken(), &["segment 1: CPU constraint", "segment 2: CPU constraint"]);
}

/// A cycle that does nothing, so that no bus tells: a row is real from the first to the last cycle.
#[test]
fn no_cycle_follows_padding() {
    for segment in [1, 3] {
        for gap in [1, 2, usize::MAX] {
            let broken = broken_by(segment, |rows, cycles| {
                let row = cycles.saturating_add(gap).min(rows.len() - 1);
                rows[row].real = Val::ONE;
            });
            assert_refused(&broken, segment);
        }
    }
}

#[test]
fn a_segment_begins_with_a_cycle_and_ends_with_padding() {
    let first = broken_by(2, |rows, _| rows[0].real = Val::ZERO);
    assert_refused(&first, 2);
    let last = broken_by(2, |rows, cycles| rows[cycles..].iter_mut().for_each(|row| row.real = Val::ONE));
    assert_refused(&last, 2);
}

/// The index after the last cycle is frozen: a segment does not end elsewhere than it stopped.
#[test]
fn the_index_does_not_move_on_padding() {
    let broken = broken_by(3, |rows, cycles| rows[cycles + 3].pc += Val::ONE);
    assert_broken(&broken, &["segment 3: CPU constraint"]);
    let inspector = inspector();
    let mut claim = honest(&inspector);
    claim.segments[0].publics.pc_out += 1;
    claim.segments[1].publics.pc_in += 1;
    assert_broken(&claim.broken(), &["segment 1: CPU constraint", "segment 2: CPU constraint"]);
}

/// The exit code is a0 of the halting call.
#[test]
fn the_exit_code_is_that_of_the_halting_call() {
    let inspector = inspector();
    let mut claim = honest(&inspector);
    (claim.segments[2].publics.exit, claim.exit_code) = (7, 7);
    assert_broken(&claim.broken(), &["segment 3: JUMP constraint"]);
}
