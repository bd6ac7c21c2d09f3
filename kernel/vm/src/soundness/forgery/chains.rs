//! A word's tokens form one path through the segments, in their order.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

use super::*;
use crate::debug::Tables;
use crate::layout::STAMP_MEM;
use crate::tables::aligned::AlignedCols;
use crate::tables::{LOW_BITS, VmTable};

/// Changes a word by itself as a segment begins.
fn at_start_of(segment: usize, word: u32, value: u64) -> impl FnMut(usize, &mut FaultyExecutor<'_>, &mut Step) {
    move |at, machine, _| {
        if at == (segment - 1) * CYCLES {
            machine.memory.insert(word, value);
        }
    }
}

/// A word that starts again from zero in the second segment, by a second first token.
fn initialised_twice(inspector: &Inspector) -> Claim<'_> {
    let mut claim = claim(inspector, at_start_of(2, COUNTER, 0));
    claim.local(2, COUNTER).cols.before = Val::ZERO;
    let at = position(&claim, COUNTER);
    // The first chain ends with the first segment, the second goes on to the end.
    claim.words.insert(at, ram(COUNTER, 0, 5, 1));
    claim
}

#[test]
fn a_word_has_one_row_of_first_and_last_value() {
    let inspector = inspector();
    let claim = initialised_twice(&inspector);
    // The distance to the row before would be -1.
    assert_broken(&claim.broken(), &["boundary: narrow bus of INITFIN"]);
    let mut claim = initialised_twice(&inspector);
    let at = position(&claim, COUNTER);
    claim.words.swap(at, at + 2);
    let broken = claim.broken();
    assert!(broken.iter().all(|reason| reason.starts_with("boundary: narrow bus of INITFIN")), "{broken:?}");
    assert!(!broken.is_empty());
}

#[test]
fn a_gap_that_fits_its_range_does_not_fit_the_addresses() {
    let inspector = inspector();
    let claim = initialised_twice(&inspector);
    let at = position(&claim, COUNTER) + 1;
    let broken = claim.broken_with(|part, tables| {
        if part == 0 {
            let main = &mut tables.main[0];
            let row = &mut main.values[at * main.width..][..main.width];
            row[..2].fill(Val::ZERO);
        }
    });
    assert_broken(&broken, &["boundary: INITFIN constraint"]);
}

#[test]
fn rows_after_padding_do_not_count_again() {
    let inspector = inspector();
    let mut claim = initialised_twice(&inspector);
    let at = position(&claim, COUNTER);
    let second = claim.words.remove(at + 1);
    claim.words.extend([WordRow::default(), second]);
    assert_broken(&claim.broken(), &["boundary: INITFIN constraint"]);
}

#[test]
fn a_register_has_one_row_of_first_and_last_value() {
    let inspector = inspector();
    let mut claim = claim(&inspector, |at, machine, _| {
        if at == CYCLES {
            machine.registers[usize::from(T1)] = 0;
        }
    });
    claim.local_register(2, T1).cols.before = Val::ZERO;
    let first = WordRow {
        register: Val::ONE,
        low: Val::from_u8(T1),
        last: limbs_of(0xc000),
        segment: Val::ONE,
        ..WordRow::default()
    };
    claim.words.push(first);
    let out_of_order = if SHARDS { "boundary: narrow bus of INITFIN" } else { "boundary: INITFIN constraint" };
    assert_broken(&claim.broken(), &[out_of_order]);
}

#[test]
fn a_segment_does_not_take_what_a_later_one_leaves() {
    let inspector = inspector();
    // In the order 1, 3, 2: 5, then 6, then 7.
    let (mut second, mut third) = (at_start_of(2, COUNTER, 6), at_start_of(3, COUNTER, 5));
    let mut claim = claim(&inspector, |at, machine, step| {
        second(at, machine, step);
        third(at, machine, step);
    });
    claim.local(2, COUNTER).cols.before = Val::from_u32(3);
    claim.local(3, COUNTER).cols.before = Val::ONE;
    (claim.word(COUNTER).last, claim.word(COUNTER).segment) = (limbs_of(7), Val::TWO);
    assert_broken(&claim.broken(), &["segment 2: narrow bus of LOCAL"]);
}

#[test]
fn a_segment_does_not_take_what_it_leaves_itself() {
    let inspector = inspector();
    // The word is read only: what enters also leaves, and could be anything.
    let mut claim = claim(&inspector, at_start_of(2, READ, 777));
    claim.local(2, READ).cols.before = Val::TWO;
    *claim.word(READ) = ram(READ, 0, 0, 0);
    assert_broken(&claim.broken(), &["segment 2: narrow bus of LOCAL"]);
}

#[test]
fn a_value_does_not_change_between_segments() {
    let inspector = inspector();
    for segment in [2, 3] {
        let claim = claim(&inspector, at_start_of(segment, COUNTER, 100));
        assert_broken(&claim.broken(), &["sum"]);
    }
}

#[test]
fn a_word_touched_twice_in_a_segment_has_one_chain() {
    let inspector = inspector();
    let mut claim = claim(&inspector, at_start_of(2, READ, 777));
    // A second chain of the same word that begins with another token of the same segment.
    let extra = *claim.local(2, READ);
    claim.segments[1].local.push(extra);
    assert_broken(&claim.broken(), &["segment 2: memory bus of ALIGNED and LOCAL", "sum"]);
}

/// The one freedom that is left: a token may be passed on unchanged. It says nothing false.
#[test]
fn a_segment_may_pass_on_a_word_that_it_does_not_access() {
    let inspector = inspector();
    let mut claim = honest(&inspector);
    let mut passed = *claim.local(2, READ);
    (passed.cols.before, passed.last) = (Val::TWO, 0);
    claim.segments[2].local.push(passed);
    claim.word(READ).segment = Val::from_u32(3);
    assert_broken(&claim.broken(), &[]);
}

#[test]
fn two_segments_do_not_share_a_number() {
    let inspector = inspector();
    let mut twice = honest(&inspector);
    twice.segments[2].publics.number = 2;
    let broken = twice.broken();
    assert!(broken.contains("SEGMENT_NUMBER") && broken.contains("sum"), "{broken:?}");
    let mut swapped = honest(&inspector);
    (swapped.segments[1].publics.number, swapped.segments[2].publics.number) = (3, 2);
    let broken = swapped.broken();
    assert!(broken.contains("SEGMENT_NUMBER") && broken.contains("sum"), "{broken:?}");
}

/// A load takes the token that a later store leaves.
#[test]
fn a_load_does_not_see_the_future() {
    let inspector = inspector();
    let mut claim = claim(&inspector, |at, machine, _| {
        if at == CYCLES {
            machine.memory.insert(SWAPPED, 0x7777);
        }
    });
    // By the rules the load comes first; here it takes what the store leaves.
    claim.local(2, SWAPPED).cols.entering = limbs_of(0);
    let broken = claim.broken_with(|part, tables| {
        if part == 2 {
            let at = tables.machine.tables().iter().position(|&table| table == VmTable::Aligned);
            swap_accesses(tables, at.expect("a segment has the table"));
        }
    });
    assert_broken(&broken, &["segment 2: narrow bus of ALIGNED"]);
}

/// Reverses the chain of [`SWAPPED`], which is loaded and then stored.
fn swap_accesses(tables: &mut Tables, aligned: usize) {
    let width = tables.main[aligned].width;
    let rows: Vec<_> = tables.main[aligned].row_slices().map(AlignedCols::<Val>::read).collect();
    let is_it = |row: &AlignedCols<Val>| row.low + row.high * Val::from_u32(1 << LOW_BITS) == Val::from_u32(SWAPPED);
    let at: Vec<usize> = (0..rows.len()).filter(|&row| is_it(&rows[row])).collect();
    let [load, store] = at[..] else { panic!("two accesses, not {at:?}") };
    let stamp = |row: usize| stamp_of(&rows[row]);
    let mut write = |row: usize, cols: AlignedCols<Val>| cols.write(&mut tables.main[aligned].values[row * width..]);
    write(load, AlignedCols { previous: stamp(store), ..rows[load] });
    write(store, AlignedCols { previous: Val::ZERO, before: limbs_of(0), ..rows[store] });
    // The chain ends with the load.
    let local = tables.machine.tables().len() - 1;
    let closing = stamp(store);
    let main = &mut tables.main[local];
    let row = main.values.chunks_exact_mut(main.width).find(|cells| cells[0] == closing);
    row.expect("the chain ends with the store by the rules")[0] = stamp(load);
}

fn stamp_of(row: &AlignedCols<Val>) -> Val {
    row.clk + Val::from_u32(STAMP_MEM)
}
