//! The input's length, and words that lie behind it.

use std::path::Path;

use proofloom_executor::map::INPUT_MAX_BYTES;
use proofloom_executor::{Limits, execute};

use super::*;
use crate::layout::INPUT_WORD;
use crate::tables::initfin::InitfinMain;

const CONSTRAINT: &str = "boundary: INITFIN constraint";
const NARROW: &str = "boundary: narrow bus of INITFIN";
const ORDER: u64 = Val::ORDER_U32 as u64;

/// The honest claim, but for the length of the input, which the run does not look at.
fn of_length(inspector: &Inspector, length: u64) -> Claim<'_> {
    let mut claim = honest(inspector);
    fault(&mut claim, length);
    claim
}

fn fault(claim: &mut Claim<'_>, length: u64) {
    let row = claim.word(INPUT_WORD);
    (row.first, row.last) = (limbs_of(length), limbs_of(length));
}

/// What is broken after `edit` has changed the main columns of INITFIN's rows; it is told what a row is about.
fn broken_by(claim: Claim<'_>, edit: impl Fn(&WordRow, &mut InitfinMain<Val>)) -> BTreeSet<String> {
    let words = claim.words.clone();
    claim.broken_with(|part, tables| {
        if part == 0 {
            let cells = tables.main[0].values.chunks_exact_mut(InitfinMain::<Val>::WIDTH);
            for (word, cells) in words.iter().zip(cells) {
                let mut row = InitfinMain::read(cells);
                edit(word, &mut row);
                row.write(cells);
            }
        }
    })
}

fn is(word: u32) -> impl Fn(&WordRow) -> bool {
    move |row| row.register == Val::ZERO && address(row) == Val::from_u32(word)
}

/// One input row more, `words` behind that of the length.
fn with_row(mut claim: Claim<'_>, words: u32) -> Claim<'_> {
    let untouched = ram(INPUT_WORD + words, 9, 9, 0);
    let at = position(&claim, INPUT_WORD) + claim.words.iter().filter(|row| row.input == Val::ONE).count();
    claim.words.insert(at, WordRow { ram: Val::ZERO, input: Val::ONE, ..untouched });
    claim
}

/// The prover chooses the input: any length that has room for the words that were read will do.
#[test]
fn the_input_may_have_any_length_up_to_256_mib() {
    let inspector = inspector();
    for length in [1, 7, 8, 9, 4096, 1 << 16, INPUT_MAX_BYTES - 8, INPUT_MAX_BYTES - 1, INPUT_MAX_BYTES] {
        assert_broken(&of_length(&inspector, length).broken(), &[]);
    }
}

#[test]
fn a_length_beyond_256_mib_is_refused() {
    let inspector = inspector();
    for length in [INPUT_MAX_BYTES + (1 << 16), 2 * INPUT_MAX_BYTES, 1 << 30, 1 << 31, u64::from(u32::MAX)] {
        let broken = of_length(&inspector, length).broken();
        assert!(broken.contains(NARROW), "{length}: {broken:?}");
    }
    // Just above: the one limb that may be 2^12 has no others below it.
    assert_broken(&of_length(&inspector, INPUT_MAX_BYTES + 1).broken(), &[CONSTRAINT]);
    let unmarked = |_: &WordRow, row: &mut InitfinMain<Val>| row.longest = Val::ZERO;
    assert_broken(&broken_by(of_length(&inspector, INPUT_MAX_BYTES + 1), unmarked), &[NARROW]);
    // Upper limbs, with an honest length below them.
    for upper in [1 << 32, 1 << 40, 1 << 48, 1 << 63] {
        assert_broken(&of_length(&inspector, upper + 8).broken(), &[CONSTRAINT]);
    }
}

/// A number that is congruent to an honest length has room for as many words.
#[test]
fn a_length_is_no_other_number_modulo_the_fields_order() {
    let inspector = inspector();
    for length in [ORDER + 8, ORDER + 1, 2 * ORDER + 8].into_iter().filter(|length| length >> 32 == 0) {
        let broken = broken_by(of_length(&inspector, length), |word, row| {
            if word.input == Val::ONE {
                let room = Val::from_u32(INPUT_WORD + 1) - address(word);
                row.room = [room, Val::ZERO];
            }
        });
        assert_broken(&broken, &[NARROW]);
    }
}

#[test]
fn words_of_the_input_lie_within_its_length() {
    let inspector = inspector();
    // Eight bytes are one word; nine are two.
    assert_broken(&with_row(of_length(&inspector, 9), 2).broken(), &[]);
    assert_broken(&with_row(honest(&inspector), 2).broken(), &[NARROW]);
    assert_broken(&with_row(of_length(&inspector, INPUT_MAX_BYTES), 1 << 25).broken(), &[]);
    assert_broken(&with_row(of_length(&inspector, INPUT_MAX_BYTES), (1 << 25) + 1).broken(), &[NARROW]);
    assert_broken(&of_length(&inspector, 0).broken(), &[NARROW]);
    // Room that this one row says it has.
    let broken = broken_by(with_row(honest(&inspector), 2), |word, row| {
        if is(INPUT_WORD + 2)(word) {
            row.room = [Val::ZERO; 2];
        }
    });
    assert_broken(&broken, &[CONSTRAINT]);
    // One word more, said by all rows alike.
    let broken = broken_by(with_row(honest(&inspector), 2), |word, row| {
        if word.input == Val::ONE {
            row.room = [Val::from_u32(INPUT_WORD + 2) - address(word), Val::ZERO];
        }
    });
    assert_broken(&broken, &[NARROW]);
    // Limbs of the room are limbs.
    let broken = broken_by(honest(&inspector), |word, row| {
        if is(GIVEN)(word) {
            row.room = [row.room[0] - Val::from_u32(1 << 16), Val::ONE];
        }
    });
    assert_broken(&broken, &[NARROW]);
}

#[test]
fn a_word_of_the_input_comes_with_its_length() {
    let inspector = inspector();
    let without = || {
        let mut claim = honest(&inspector);
        let at = position(&claim, INPUT_WORD);
        claim.words.remove(at);
        claim
    };
    let room = |word: &WordRow, row: &mut InitfinMain<Val>| {
        if is(GIVEN)(word) {
            row.room = [Val::ZERO; 2];
        }
    };
    assert_broken(&broken_by(without(), room), &[CONSTRAINT]);
    // Another word in the place of the length's.
    let claimed = broken_by(without(), |word, row| {
        room(word, row);
        row.length = Val::from_bool(is(GIVEN)(word));
    });
    assert_broken(&claimed, &[CONSTRAINT, NARROW]);
    // The length's row without its mark, so that its value is free.
    for length in [8, 1 << 40] {
        let unmarked = broken_by(of_length(&inspector, length), |_, row| {
            (row.length, row.longest) = (Val::ZERO, Val::ZERO);
        });
        assert!(unmarked.contains(CONSTRAINT), "{unmarked:?}");
    }
    // Nor may the table begin with another word.
    for (first, refused) in [(INPUT_WORD, false), (GIVEN, true)] {
        let mut claim = honest(&inspector);
        let at = position(&claim, first);
        claim.words.drain(..at);
        let broken = broken_by(claim, |word, row| {
            if first == GIVEN {
                room(word, row)
            }
        });
        assert_eq!(broken.contains(CONSTRAINT), refused, "{broken:?}");
    }
}

#[test]
fn marks_of_the_length_are_bits_on_its_row() {
    let inspector = inspector();
    let edits: [fn(&WordRow, &mut InitfinMain<Val>); 4] = [
        |word, row| {
            if is(COUNTER)(word) {
                row.length = Val::ONE
            }
        },
        |word, row| {
            if is(GIVEN)(word) {
                row.longest = Val::ONE
            }
        },
        |word, row| {
            if is(INPUT_WORD)(word) {
                row.length = Val::TWO
            }
        },
        |word, row| {
            if is(INPUT_WORD)(word) {
                row.longest = Val::TWO
            }
        },
    ];
    for edit in edits {
        let broken = broken_by(honest(&inspector), edit);
        assert!(broken.contains(CONSTRAINT), "{broken:?}");
    }
}

/// Words in front of the length, which the order of addresses alone would admit.
#[test]
fn no_word_of_the_input_lies_before_its_length() {
    let inspector = inspector();
    let mut claim = honest(&inspector);
    let at = position(&claim, INPUT_WORD);
    let untouched = ram(INPUT_WORD - 1, 9, 9, 0);
    claim.words.insert(at, WordRow { ram: Val::ZERO, input: Val::ONE, ..untouched });
    assert_broken(&broken_by(claim, |_, _| {}), &[CONSTRAINT]);
}

/// What the program of `guests/tests/limits/notary.c` is to show, and what the faulty_executor would like it to show.
const DOCUMENT: &[u8; 32] = b"the document that is to be shown";
const FORGED: &[u8; 32] = b"a document that nobody approved.";

/// A static of the program, where it keeps the note that it is working on.
const LINE: u64 = 0xa003_0008;

fn notary() -> Inspector {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests/tests/limits/elf/notary.elf");
    Inspector::new(load_elf(&std::fs::read(path).expect("a prebuilt program")).expect("ELF"))
}

/// Two notes, and an offset of the document that leads out of the input to where the notes are copied.
fn input_of(offset: u64) -> Vec<u8> {
    [&offset.to_le_bytes()[..], DOCUMENT, FORGED].concat()
}

/// A program that checks every access against the length of its input, and a prover who says that the length is one
/// which no input can have: the document is checked, then overwritten, then shown.
#[test]
fn the_notary_shows_no_other_document() {
    let inspector = notary();
    let run = |input: &[u8]| execute(&inspector.program, input, Limits::default(), 1 << 18).expect("it halts");
    let honest = run(&input_of(8));
    assert_eq!((honest.exit_code, &*honest.output), (0, &DOCUMENT[..]));
    let input = input_of(LINE - (INPUT_BASE + 8));
    assert_eq!(run(&input).exit_code, 2, "the document lies outside the input");

    let length = input.len() as u64;
    for (lie_about_it, expected) in [
        ((1 << 40) + length, CONSTRAINT),
        ((1 << 63) + length, CONSTRAINT),
        (1 << 31, NARROW),
        (ORDER + length, NARROW),
    ] {
        let mut machine = FaultyExecutor::new(&inspector.program, &input);
        machine.memory.insert(INPUT_WORD, lie_about_it);
        let claimed = machine.run(1 << 18, |_, _, _| Effect::Happens);
        assert_eq!((claimed.exit_code, &*claimed.output), (0, &FORGED[..]));
        let mut claim = Claim::of(&inspector, &input, &claimed);
        fault(&mut claim, lie_about_it);
        // The room that the words which were read need.
        let broken = broken_by(claim, |word, row| {
            if word.input == Val::ONE {
                row.room = [Val::from_u64(u64::from(INPUT_WORD) + length.div_ceil(8)) - address(word), Val::ZERO];
            }
        });
        assert_broken(&broken, &[expected]);
    }
}
