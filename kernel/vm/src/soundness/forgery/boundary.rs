//! Where words may lie, what they hold at first, and what is shown of them in the end.

use p3_field::PrimeCharacteristicRing;
use proofloom_executor::map::PROGRAM_BASE;
use proofloom_field::Val;

use super::*;
use crate::layout::{SPACE_OUT, WORD_BITS};
use crate::tables::initfin::{InitfinMain, InitfinPhaseOne};

/// What is left if nobody takes a word of the image.
const NOT_TAKEN: &[&str] = if SHARDS { &["sum"] } else { &["boundary: wide bus of IMAGE"] };

/// The second segment finds 777 in a word that nobody wrote.
fn found<'a>(inspector: &'a Inspector, word: u32) -> Claim<'a> {
    claim(inspector, move |at, machine, _| {
        if at == 0 {
            machine.memory.insert(word, 777);
        }
    })
}

#[test]
fn ram_begins_with_zeros() {
    let inspector = inspector();
    assert_broken(&found(&inspector, READ).broken(), &["sum"]);
    let mut claim = found(&inspector, READ);
    claim.word(READ).first = limbs_of(777);
    assert_broken(&claim.broken(), &["boundary: INITFIN constraint"]);
}

#[test]
fn ram_is_not_input() {
    let inspector = inspector();
    let mut claim = found(&inspector, READ);
    let row = claim.word(READ);
    (row.first, row.ram, row.input) = (limbs_of(777), Val::ZERO, Val::ONE);
    // It is neither behind another word of the input nor within the input's length.
    assert_broken(&claim.broken(), &["boundary: INITFIN constraint", "boundary: narrow bus of INITFIN"]);
}

#[test]
fn ram_is_not_image() {
    let inspector = inspector();
    let mut claim = found(&inspector, READ);
    let row = claim.word(READ);
    (row.first, row.ram, row.image) = (limbs_of(777), Val::ZERO, Val::ONE);
    assert_broken(&claim.broken(), if SHARDS { &["sum"] } else { &["boundary: wide bus of INITFIN"] });
}

#[test]
fn memory_is_not_registers() {
    let inspector = inspector();
    let mut claim = found(&inspector, READ);
    let row = claim.word(READ);
    (row.ram, row.register) = (Val::ZERO, Val::ONE);
    let broken = claim.broken();
    // The key of a register is less by as many keys as registers have.
    let out_of_order = if SHARDS { "boundary: narrow bus of INITFIN" } else { "boundary: INITFIN constraint" };
    assert!(broken.contains(out_of_order) && broken.contains("sum"), "{broken:?}");
}

#[test]
fn registers_begin_with_zeros() {
    let inspector = inspector();
    for register in [ZERO, T1] {
        let mut claim = honest(&inspector);
        claim.register(register).first = limbs_of(1);
        let broken = claim.broken();
        assert!(broken.contains("boundary: INITFIN constraint"), "{broken:?}");
    }
}

#[test]
fn an_image_word_is_not_ram() {
    let inspector = inspector();
    let mut claim = claim(&inspector, |at, machine, _| {
        if at == 0 {
            machine.memory.insert(FILE, 0);
        }
    });
    let row = claim.word(FILE);
    (row.first, row.image, row.ram) = (limbs_of(0), Val::ZERO, Val::ONE);
    assert_broken(&claim.broken(), NOT_TAKEN);
}

#[test]
fn every_image_word_has_one_row() {
    let inspector = inspector();
    // Nobody reads the second word of the file.
    let mut missing = honest(&inspector);
    let at = position(&missing, FILE + 1);
    missing.words.remove(at);
    assert_broken(&missing.broken(), NOT_TAKEN);
    let mut twice = honest(&inspector);
    let at = position(&twice, FILE + 1);
    twice.words.insert(at, twice.words[at]);
    let left_over = if SHARDS { "sum" } else { "boundary: wide bus of IMAGE and INITFIN" };
    let expected = ["boundary: narrow bus of INITFIN", left_over];
    assert_broken(&twice.broken(), &expected);
}

#[test]
fn an_image_word_begins_as_the_file_says() {
    let inspector = inspector();
    let mut claim = found(&inspector, FILE);
    claim.word(FILE).first = limbs_of(777);
    let broken = claim.broken();
    let buses = &["boundary: wide bus of IMAGE", "boundary: wide bus of INITFIN"];
    assert_broken(&broken, if SHARDS { &["sum"] } else { buses });
}

#[test]
fn the_input_may_hold_anything_but_lies_in_its_region() {
    let inspector = inspector();
    let mut other = found(&inspector, GIVEN);
    other.word(GIVEN).first = limbs_of(777);
    assert_broken(&other.broken(), &[]);
    // One row more, for an untouched word before the region, behind the input, and behind the region.
    for (addr, expected) in [
        (INPUT_BASE - 8, &["boundary: INITFIN constraint"][..]),
        (INPUT_BASE + (100 << 20), &["boundary: narrow bus of INITFIN"]),
        (PROGRAM_BASE - (512 << 20), &["boundary: narrow bus of INITFIN"]),
    ] {
        let mut claim = honest(&inspector);
        let untouched = ram(word(addr), 9, 9, 0);
        let row = WordRow { ram: Val::ZERO, input: Val::ONE, ..untouched };
        let before = |row: &WordRow| row.register == Val::ONE || address(row).as_canonical_u32() < word(addr);
        let at = claim.words.iter().take_while(|row| before(row)).count();
        claim.words.insert(at, row);
        assert_broken(&claim.broken(), expected);
    }
}

#[test]
fn ram_lies_above_the_start_of_writable_memory() {
    let inspector = inspector();
    for addr in [8, INPUT_BASE + (1 << 20), DATA_BASE - 8] {
        let mut claim = honest(&inspector);
        let before = |row: &WordRow| row.register == Val::ONE || address(row).as_canonical_u32() < word(addr);
        let at = claim.words.iter().take_while(|row| before(row)).count();
        claim.words.insert(at, ram(word(addr), 0, 0, 0));
        assert_broken(&claim.broken(), &["boundary: narrow bus of INITFIN"]);
    }
}

/// The field's order more than a word's address is the same address in another notation.
#[test]
fn addresses_have_one_notation() {
    let inspector = inspector();
    let mut claim = honest(&inspector);
    let row = claim.word(COUNTER);
    // p - 1 = 2^16 * 32512.
    (row.low, row.high) = (row.low + Val::ONE, row.high + Val::from_u32(32_512));
    assert_eq!(address(row), Val::from_u32(COUNTER));
    assert!(row.high.as_canonical_u32() >> (WORD_BITS - 16) != 0);
    assert_broken(&claim.broken(), &["boundary: narrow bus of INITFIN"]);
}

#[test]
fn the_output_is_shown_by_the_words_of_its_region_alone() {
    let inspector = inspector();
    // Another word with the value that one would like to show: the address is in the token.
    let mut moved = honest(&inspector);
    (moved.word(SHOWN).output, moved.word(READ).output) = (Val::ZERO, Val::ONE);
    moved.output = vec![0; 8];
    assert_broken(&moved.broken(), &["sum"]);
    // A register with the number of the word, never touched: zeros.
    let mut register = honest(&inspector);
    register.word(SHOWN).output = Val::ZERO;
    let untouched = ram(SHOWN, 0, 0, 0);
    let at = register.words.iter().take_while(|row| row.register == Val::ONE).count();
    register.words.insert(at, WordRow { ram: Val::ZERO, register: Val::ONE, output: Val::ONE, ..untouched });
    register.output = vec![0; 8];
    // Keys of registers lie before those of memory.
    let broken = ["boundary: INITFIN constraint", "boundary: narrow bus of INITFIN"];
    assert_broken(&register.broken(), if SHARDS { &broken } else { &broken[..1] });
}

#[test]
fn an_output_word_is_shown_once() {
    let inspector = inspector();
    let mut hidden = honest(&inspector);
    hidden.word(SHOWN).output = Val::ZERO;
    assert_broken(&hidden.broken(), &["sum"]);
    let mut twice = honest(&inspector);
    twice.word(SHOWN).output = Val::TWO;
    let broken = twice.broken();
    assert!(broken.contains("boundary: INITFIN constraint") && broken.contains("sum"), "{broken:?}");
    let mut length = honest(&inspector);
    length.output = vec![7, 0, 0, 0, 0, 0, 0, 0, 0];
    assert_broken(&length.broken(), &["sum"]);
}

/// A share of the bus that belongs to no row: more in one part, less in another.
#[test]
fn the_sum_holds_nothing_but_the_rows_tokens() {
    let inspector = inspector();
    let shift = Val::from_u32(12_345);
    let broken = honest(&inspector).broken_with(|part, tables| {
        let amount = match part {
            1 => shift,
            2 => -shift,
            _ => return,
        };
        // The last row is padding: its fraction enters the sum.
        let local = tables.machine.tables().len() - 1;
        let main = &mut tables.main[local];
        let last = main.values.len() - main.width;
        main.values[last + 1] += amount;
        tables.publics[local][crate::cross::public::SUM] += amount;
        tables.sum += proofloom_field::Challenge::from(amount);
    });
    assert_broken(&broken, &["segment 1: LOCAL constraint", "segment 2: LOCAL constraint"]);
}

/// The same without a row for it: the accumulator jumps, or does not end where it should.
#[test]
fn the_accumulator_starts_at_zero_and_grows_by_the_rows_fractions() {
    let inspector = inspector();
    let sum_column = 1 + crate::cross::DEGREE;
    for row in [0, 3, 255] {
        let broken = honest(&inspector).broken_with(|part, tables| {
            if part == 1 {
                let local = tables.machine.tables().len() - 1;
                let main = &mut tables.main[local];
                // All sums from this row on, and the public sum.
                for cells in main.values.chunks_exact_mut(main.width).skip(row) {
                    cells[sum_column] += Val::ONE;
                }
                tables.publics[local][crate::cross::public::SUM] += Val::ONE;
                tables.sum += proofloom_field::Challenge::ONE;
            }
        });
        assert_broken(&broken, &["segment 1: LOCAL constraint", "sum"]);
    }
}

#[test]
fn spaces_and_columns_are_where_these_tests_expect_them() {
    assert_eq!(SPACE_OUT, 2);
    assert_eq!(InitfinPhaseOne::<Val>::names()[0], "register");
    assert_eq!(InitfinMain::<Val>::names()[..2], ["gap[0]", "gap[1]"]);
    assert_eq!(crate::tables::local::LocalMain::<Val>::names()[1 + crate::cross::DEGREE], "sum[0]");
}
