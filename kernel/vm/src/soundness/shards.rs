//! The boundary in shards: each key has one row in all of them, and what goes on from one to the next does.

use std::collections::BTreeSet;

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use proofloom_executor::map::{INPUT_BASE, OUTPUT_BASE};
use proofloom_executor::testkit::reg::{A0, S0, S1, SP};
use proofloom_executor::testkit::{Assembler, DATA_BASE, TEXT_BASE, elf};
use proofloom_executor::{Op, load_elf};
use proofloom_field::{Challenge, Val};
use proofloom_stark::DebugError;

use super::fixtures::pair;
use crate::cross::public::SUM;
use crate::debug::{Inspector, Tables};
use crate::layout::INPUT_WORD;
use crate::tables::image;
use crate::tables::initfin::rows::{BoundaryTrace, shards};
use crate::tables::initfin::{InitfinMain, InitfinPhaseOne, REGISTER_KEYS, shard};
use crate::trace::record::Runner;

/// log2 rows of a shard: the lowest table.
const LOG_ROWS: usize = 4;
/// Words of input that the program reads: they fill more than two shards.
const READ: u64 = 40;
/// Where INITFIN and IMAGE stand among the tables.
const INITFIN: usize = 0;
const IMAGE: usize = 1;

/// Reads its input, writes a word of RAM and shows one.
fn reader() -> Inspector {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(S0, INPUT_BASE).li(S1, OUTPUT_BASE).li(SP, DATA_BASE);
    for word in 0..READ {
        asm.load(Op::Ld, A0, 8 * (1 + word as i64), S0);
    }
    asm.store(Op::Sd, A0, 64, SP).store(Op::Sd, A0, 8, S1).li(A0, 8).store(Op::Sd, A0, 0, S1).exit(0);
    Inspector::new(load_elf(&elf(asm, 128)).expect("ELF"))
}

fn traces(inspector: &Inspector) -> Vec<BoundaryTrace> {
    let input: Vec<u8> = (0..8 * READ as u32).map(|i| i as u8).collect();
    let run = inspector.run(&input, 1 << 20);
    let mut runner = Runner::new(run).expect("a short input");
    runner.record().expect("no trap");
    shards(&run, &runner.finish().expect("a run that halts"), LOG_ROWS)
}

fn tables(inspector: &Inspector) -> Vec<Tables> {
    let of = |trace| Tables::boundary(trace, &inspector.key, &inspector.preprocessed, &pair());
    traces(inspector).into_iter().map(of).collect()
}

/// Tables whose constraints fail, and whose lookups no count would put right.
fn broken(inspector: &Inspector, tables: &Tables) -> BTreeSet<String> {
    let report = match tables.check(&inspector.preprocessed) {
        Ok(()) => return BTreeSet::new(),
        Err(DebugError::Report(report)) => report,
        Err(DebugError::Input(error)) => panic!("{error}"),
    };
    let failed = report.violations.iter().map(|found| format!("{} constraint", found.table));
    let left = report.imbalances.iter().filter(|found| !inspector.preprocessed.has(&found.bus, &found.tuple));
    failed.chain(left.map(|found| format!("{} bus", found.bus))).collect()
}

fn assert_broken(inspector: &Inspector, tables: &Tables, expected: &[&str]) {
    let broken = broken(inspector, tables);
    assert_eq!(broken.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

const CONSTRAINT: &[&str] = &["INITFIN constraint"];

fn words(tables: &Tables) -> Vec<InitfinPhaseOne<Val>> {
    tables.phase_one[INITFIN].as_ref().expect("phase-one columns").row_slices().map(InitfinPhaseOne::read).collect()
}

/// Changes a row of INITFIN.
fn edit(tables: &mut Tables, row: usize, change: impl FnOnce(&mut InitfinPhaseOne<Val>, &mut InitfinMain<Val>)) {
    let shared = tables.phase_one[INITFIN].as_mut().expect("phase-one columns");
    let (shared, main) = (shared.row_mut(row), tables.main[INITFIN].row_mut(row));
    let (mut word, mut cols) = (InitfinPhaseOne::read(shared), InitfinMain::read(main));
    change(&mut word, &mut cols);
    word.write(shared);
    cols.write(main);
}

fn key(word: &InitfinPhaseOne<Val>) -> Val {
    let memory = word.ram + word.input + word.image;
    word.low + word.high * Val::from_u32(1 << 16) + memory * Val::from_u32(REGISTER_KEYS)
}

#[test]
fn honest_shards_hold_and_follow_one_another() {
    let inspector = reader();
    let (traces, tables) = (traces(&inspector), tables(&inspector));
    assert!(tables.len() > 4, "{} shards", tables.len());
    let (mut lo, mut input, mut carried) = (None, None, 0);
    for (trace, tables) in traces.iter().zip(&tables) {
        assert_broken(&inspector, tables, &[]);
        let place = trace.shard().expect("a shard");
        assert_eq!((place.lo, place.input_before), (lo, input));
        (lo, input) = (Some(place.hi), place.input_after);
        carried += u32::from(input.is_some());
        assert!(input.is_none_or(|end| end == INPUT_WORD + READ as u32), "{input:?}");
    }
    assert!(carried >= 2, "input goes on from shard to shard");
    let keys: Vec<u32> = tables.iter().flat_map(words).map(|word| key(&word).as_canonical_u32()).collect();
    assert!(keys.is_sorted(), "padding repeats the last key");
}

#[test]
fn a_shard_begins_behind_the_one_before_and_ends_with_its_last_key() {
    let inspector = reader();
    for (public, change) in
        [(shard::LO, Val::ONE), (shard::LO, -Val::ONE), (shard::HI, Val::ONE), (shard::HI, -Val::ONE)]
    {
        for mut shard in tables(&inspector).into_iter().skip(1) {
            shard.publics[INITFIN][public] += change;
            assert_broken(&inspector, &shard, CONSTRAINT);
        }
    }
}

/// The first word of a shard in the one before as well: its key would not lie behind the largest there.
#[test]
fn a_word_is_in_one_shard() {
    let inspector = reader();
    let shards = tables(&inspector);
    let last = *words(&shards[0]).last().expect("a row");
    let mut second = tables(&inspector).swap_remove(1);
    edit(&mut second, 0, |word, cols| {
        *word = last;
        // -1, as limbs of a field element.
        let gap = (-Val::ONE).as_canonical_u32();
        cols.gap = [gap & 0xffff, gap >> 16].map(Val::from_u32);
    });
    assert!(broken(&inspector, &second).contains("narrow bus"));
}

#[test]
fn a_shard_has_a_word_and_padding_repeats_the_last_key() {
    let inspector = reader();
    let last = || tables(&inspector).pop().expect("a shard");
    let rows = words(&last());
    let is_real = |word: &InitfinPhaseOne<Val>| [word.register, word.ram, word.input, word.image].contains(&Val::ONE);
    let padding = rows.iter().position(|word| !is_real(word)).expect("the last shard is not full");
    for row in [padding, rows.len() - 1] {
        let mut other = last();
        edit(&mut other, row, |word, _| word.low += Val::ONE);
        assert_broken(&inspector, &other, CONSTRAINT);
    }
    let mut empty = last();
    let place = rows[0];
    for row in 0..rows.len() {
        edit(&mut empty, row, |word, cols| {
            *word = InitfinPhaseOne { low: place.low, high: place.high, ..InitfinPhaseOne::default() };
            *cols = InitfinMain { gap: [Val::ZERO; 2], ..InitfinMain::default() };
        });
    }
    let hi = place.low + place.high * Val::from_u32(1 << 16);
    empty.publics[INITFIN][shard::HI] = hi;
    empty.publics[INITFIN][shard::LO] = hi - Val::ONE;
    empty.publics[INITFIN][SUM..SUM + 5].fill(Val::ZERO);
    assert_broken(&inspector, &empty, CONSTRAINT);
}

/// Keys are below 2^30 and no gap is longer: a difference does not wrap to one that is.
#[test]
fn no_gap_leads_back() {
    let inspector = reader();
    let mut shards = tables(&inspector);
    let words = words(&shards[1]);
    // From a key to the one before it, all around.
    let back = (key(&words[2]) - key(&words[3]) - Val::ONE).as_canonical_u32();
    assert!(back >> 29 != 0);
    edit(&mut shards[1], 3, |word, cols| {
        *word = words[2];
        cols.gap = [back & 0xffff, back >> 16].map(Val::from_u32);
    });
    assert!(!broken(&inspector, &shards[1]).is_empty());
}

/// The image's words are sent by the first shard alone.
#[test]
fn the_image_is_sent_where_the_verifier_says() {
    let inspector = reader();
    for (at, sent) in [(0, false), (1, true)] {
        let mut tables = tables(&inspector).swap_remove(at);
        let (main, sum) = image::rows::sent(inspector.preprocessed.image(), sent, &pair());
        tables.main[IMAGE] = main;
        let publics = pair().publics(sum);
        tables.publics[IMAGE][..publics.len()].copy_from_slice(&publics);
        assert_broken(&inspector, &tables, &["IMAGE constraint"]);
        // Said where it is sent, the rows hold: that it is said by the first shard alone is the verifier's rule.
        tables.publics[IMAGE][image::public::HERE] = Val::from_bool(sent);
        assert_broken(&inspector, &tables, &[]);
        assert_eq!(sum == Challenge::ZERO, !sent);
    }
}

/// Input that goes on in the next shard has the end that it had: no word is added behind its length.
#[test]
fn input_has_one_end_in_all_shards() {
    let inspector = reader();
    let traces = traces(&inspector);
    let goes_on = traces.iter().position(|trace| trace.shard().is_some_and(|place| place.input_before.is_some()));
    let at = goes_on.expect("input goes on");
    let fresh = || tables(&inspector).swap_remove(at);
    let longer = |tables: &mut Tables| {
        for row in 0..1 << LOG_ROWS {
            edit(tables, row, |word, cols| cols.room[0] += word.input);
        }
    };
    let mut lies = fresh();
    longer(&mut lies);
    assert_broken(&inspector, &lies, CONSTRAINT);
    // With public values that agree the shard holds; the one before it ends with another value.
    for public in [shard::INPUT_BEFORE, shard::INPUT_AFTER] {
        let mut lies = fresh();
        lies.publics[INITFIN][public] += Val::ONE;
        assert_broken(&inspector, &lies, CONSTRAINT);
    }
    // Not said to go on, it would have to begin with its length.
    let mut begins = fresh();
    begins.publics[INITFIN][shard::INPUT_BEFORE] = -Val::ONE;
    assert_broken(&inspector, &begins, CONSTRAINT);
    let mut ends = tables(&inspector).swap_remove(at - 1);
    ends.publics[INITFIN][shard::INPUT_AFTER] = -Val::ONE;
    assert_broken(&inspector, &ends, CONSTRAINT);
}
