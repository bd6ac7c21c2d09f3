//! What a cheating prover can do: write any rows into the tables of memory, and fill in everything
//! that follows from them as well as can be.

use std::collections::{BTreeMap, BTreeSet};

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, Val};
use proofloom_stark::{DebugError, DebugReport};

use super::fixtures::pair;
use crate::bus;
use crate::cross::{CrossPair, Token, batch_inverse, exchange_fractions};
use crate::debug::{ClaimedExecution, Inspector, PreprocessedTables, Tables};
use crate::engine::Engine;
use crate::gamma::SegmentPublics;
use crate::layout::{INPUT_LENGTH_BITS, INPUT_WORD, LOG_MIN_HEIGHT, SPACE_IMAGE, SPACE_OUT};
use crate::statement::Statement;
use crate::tables::initfin::rows as boundary;
use crate::tables::initfin::{InitfinMain, InitfinPhaseOne, REGISTER_KEYS, ShardPublics};
use crate::tables::local::LocalPhaseOne;
use crate::tables::local::rows::{accumulate, coefficients};
use crate::tables::{VmTable, range};
use crate::trace::counts::{Counts, count_cell, log_range_entry, range_entry};
use crate::trace::record::Run;
use crate::trace::segment::{self, SegmentTrace};
use crate::verifier::{check_chain, output_terms};

pub type WordRow = InitfinPhaseOne<Val>;

/// A row of LOCAL before the columns that depend on gamma.
#[derive(Clone, Copy)]
pub struct LocalRow {
    pub cols: LocalPhaseOne<Val>,
    /// Stamp of the last access.
    pub last: u32,
}

/// A segment as the prover would have it.
pub struct Segment {
    pub publics: SegmentPublics,
    pub local: Vec<LocalRow>,
    trace: SegmentTrace,
}

/// A whole proof as the prover would have it.
pub struct Claim<'a> {
    inspector: &'a Inspector,
    pub segments: Vec<Segment>,
    /// Rows of INITFIN, padding included where a test wants some in between.
    pub words: Vec<WordRow>,
    pub output: Vec<u8>,
    pub exit_code: u32,
}

impl<'a> Claim<'a> {
    /// What a claimed execution leads to if everything is done by the rules.
    pub fn of(inspector: &'a Inspector, input: &[u8], claimed: &ClaimedExecution) -> Self {
        let (records, finish) = claimed.records(&inspector.rows, inspector.program.entry_index());
        let run: Run<'_> = inspector.run(input, 1);
        let segments = records
            .iter()
            .map(|record| {
                let trace = segment::build(&run, record, inspector.engine).expect("low tables");
                let rows = trace.local.row_slices().zip(&trace.lasts);
                let local = rows.map(|(row, &last)| LocalRow { cols: LocalPhaseOne::read(row), last }).collect();
                Segment { publics: record.publics(), local, trace }
            })
            .collect();
        let phase_one = boundary::build(&run, &finish).phase_one;
        let words = phase_one.row_slices().map(WordRow::read).filter(is_real).collect();
        let (output, exit_code) = (finish.output, claimed.exit_code);
        Self { inspector, segments, words, output, exit_code }
    }

    /// Row of INITFIN of a memory word.
    pub fn word(&mut self, word: u32) -> &mut WordRow {
        let at = self.words.iter().position(|row| address(row) == Val::from_u32(word) && row.register == Val::ZERO);
        &mut self.words[at.expect("the word is in the table")]
    }

    /// Row of INITFIN of a register.
    pub fn register(&mut self, register: u8) -> &mut WordRow {
        let is_it = |row: &&mut WordRow| row.register == Val::ONE && row.low == Val::from_u8(register);
        self.words.iter_mut().find(is_it).expect("the run uses the register")
    }

    /// Row of LOCAL of a register in segment `number`.
    pub fn local_register(&mut self, number: usize, register: u8) -> &mut LocalRow {
        let rows = &mut self.segments[number - 1].local;
        let is_it = |row: &&mut LocalRow| row.cols.space == Val::ZERO && row.cols.address == Val::from_u8(register);
        rows.iter_mut().find(is_it).expect("the segment uses the register")
    }

    /// Row of LOCAL of a memory word in segment `number`.
    pub fn local(&mut self, number: usize, word: u32) -> &mut LocalRow {
        let rows = &mut self.segments[number - 1].local;
        let is_it = |row: &&mut LocalRow| row.cols.space == Val::ONE && row.cols.address == Val::from_u32(word);
        rows.iter_mut().find(is_it).expect("the segment touches the word")
    }

    /// Every rule that the claim breaks.
    pub fn broken(self) -> BTreeSet<String> {
        self.broken_with(|_, _| {})
    }

    /// As [`Self::broken`], after `edit` has changed cells of a segment (or of the boundary, 0).
    /// Multiplicities are set right afterwards.
    pub fn broken_with(self, mut edit: impl FnMut(u32, &mut Tables)) -> BTreeSet<String> {
        let mut broken = BTreeSet::new();
        let preprocessed = &self.inspector.preprocessed;
        let chain: Vec<SegmentPublics> = self.segments.iter().map(|segment| segment.publics).collect();
        let mut parts = vec![(0, boundary_tables(self.inspector, &self.words))];
        for (number, segment) in (1..).zip(self.segments) {
            parts.push((number, segment_tables(self.inspector, segment)));
        }
        let mut sum = Challenge::ZERO;
        for (number, tables) in &mut parts {
            edit(*number, tables);
            recount(tables, preprocessed);
            sum += tables.sum;
            if let Err(error) = tables.check(preprocessed) {
                broken.extend(reasons(*number, &error));
            }
        }
        if sum != output_terms(&pair(), &self.output) {
            broken.insert("sum".to_owned());
        }
        let cycles = chain.iter().map(|publics| u64::from(publics.cycles)).sum();
        let (exit_code, segments) = (self.exit_code, chain.len() as u32);
        let statement = Statement { exit_code, cycles, output: self.output, segments };
        if let Err(error) = check_chain(&self.inspector.key, &statement, &chain) {
            broken.insert(error.code().to_owned());
        }
        broken
    }
}

fn is_real(row: &WordRow) -> bool {
    [row.register, row.ram, row.input, row.image].contains(&Val::ONE)
}

/// What orders rows of all spaces.
fn key(row: &WordRow) -> Val {
    address(row) + (row.ram + row.input + row.image) * Val::from_u32(REGISTER_KEYS)
}

pub fn address(row: &WordRow) -> Val {
    row.low + row.high * Val::from_u32(1 << 16)
}

/// Part, and the tables whose constraints fail or whose tuples are left over.
fn reasons(part: u32, error: &DebugError) -> Vec<String> {
    let report: &DebugReport = match error {
        DebugError::Report(report) => report,
        DebugError::Input(error) => panic!("{error}"),
    };
    let part = if part == 0 { "boundary".to_owned() } else { format!("segment {part}") };
    let failed = report.violations.iter().map(|found| format!("{part}: {} constraint", found.table));
    let left = report.imbalances.iter().map(|found| {
        let by: BTreeSet<&str> = found.places.iter().map(|place| place.table).collect();
        let by: Vec<&str> = by.into_iter().collect();
        format!("{part}: {} bus of {}", found.bus, by.join(" and "))
    });
    failed.chain(left).collect()
}

/// A matrix of equally long rows, padded with zeros to an admitted height.
fn matrix(width: usize, rows: impl ExactSizeIterator<Item = Vec<Val>>) -> RowMajorMatrix<Val> {
    let height = rows.len().next_power_of_two().max(1 << LOG_MIN_HEIGHT);
    let mut values: Vec<Val> = rows.flatten().collect();
    values.resize(height * width, Val::ZERO);
    RowMajorMatrix::new(values, width)
}

fn segment_tables(inspector: &Inspector, segment: Segment) -> Tables {
    let Segment { publics, local, mut trace } = segment;
    let row = |row: &LocalRow| {
        let mut cells = vec![Val::ZERO; LocalPhaseOne::<Val>::WIDTH];
        row.cols.write(&mut cells);
        cells
    };
    trace.local = matrix(LocalPhaseOne::<Val>::WIDTH, local.iter().map(row));
    trace.lasts = local.iter().map(|row| row.last).collect();
    Tables::segment(trace, &inspector.key, &publics, &pair())
}

/// The tables of the boundary for any rows of INITFIN.
pub fn boundary_tables(inspector: &Inspector, words: &[WordRow]) -> Tables {
    let row = |row: &WordRow| {
        let mut cells = vec![Val::ZERO; WordRow::WIDTH];
        row.write(&mut cells);
        cells
    };
    let (engine, pair) = (inspector.engine, pair());
    let mut phase_one = matrix(WordRow::WIDTH, words.iter().map(row));
    let last = words.last().map_or(Val::ZERO, key);
    let shard = (engine == Engine::Multilinear).then(|| {
        // Padding repeats the last key.
        let padding = boundary::key_columns(last.as_canonical_u32());
        phase_one.rows_mut().skip(words.len()).for_each(|row| padding.write(row));
        ShardPublics { number: 1, lo: None, hi: last.as_canonical_u32(), input_before: None, input_after: None }
    });
    let (initfin, sum) = initfin_main(&phase_one, inspector, &pair);
    let range = range::rows::main(&Counts::new(0), engine);
    let contents = vec![(VmTable::Initfin.of(engine), initfin), (VmTable::Range.of(engine), range)];
    Tables::of_boundary(contents, phase_one, sum, shard, &inspector.key, &inspector.preprocessed, &pair)
}

/// The columns of INITFIN that depend on gamma, for any phase-one columns.
fn initfin_main(
    phase_one: &RowMajorMatrix<Val>,
    inspector: &Inspector,
    pair: &CrossPair,
) -> (RowMajorMatrix<Val>, Challenge) {
    let rows: Vec<WordRow> = phase_one.row_slices().map(WordRow::read).collect();
    let token = |space, row: &WordRow, value, segment| Token { space, address: address(row), value, segment };
    let memory = |row: &WordRow| row.ram + row.input + row.image;
    let exchanged: Vec<_> = rows
        .iter()
        .map(|row| {
            let space = memory(row);
            (token(space, row, row.first, Val::ZERO), token(space, row, row.last, row.segment))
        })
        .collect();
    let real = rows.iter().map(|row| memory(row) + row.register);
    let fractions: Vec<Challenge> =
        exchange_fractions(pair, &exchanged).into_iter().zip(real).map(|(fraction, real)| fraction * real).collect();
    let sharded = inspector.engine == Engine::Multilinear;
    // Shards take the words of the image as well.
    let image = |row: &WordRow| if sharded { row.image } else { Val::ZERO };
    let other = |row: &WordRow| {
        let (output, image) = if sharded { (row.output, row.image) } else { (Val::ONE, Val::ZERO) };
        let space = output * Val::from_u32(SPACE_OUT) + image * Val::from_u32(SPACE_IMAGE);
        let value = core::array::from_fn(|i| output * row.last[i] + image * row.first[i]);
        pair.denominator(token(space, row, value, Val::ZERO))
    };
    let shown = batch_inverse(&rows.iter().map(other).collect::<Vec<_>>());
    let shown: Vec<Challenge> = shown.into_iter().zip(&rows).map(|(x, row)| x * (row.output - image(row))).collect();
    let steps: Vec<Challenge> = fractions.iter().zip(&shown).map(|(&x, &y)| x + y).collect();
    let (sums, total) = accumulate(&steps);
    let writable = Val::from_u32(inspector.key.writable_word);
    // Where the words of the input would end if its length were what the table says.
    let is_length = |row: &&WordRow| row.input == Val::ONE && address(row) == Val::from_u32(INPUT_WORD);
    let length = rows.iter().find(is_length).map_or(0, |row| {
        let limbs = row.first.map(|limb| u64::from(limb.as_canonical_u32()));
        limbs[0] + (limbs[1] << 16)
    });
    let end = Val::from_u32(INPUT_WORD) + Val::from_u64(length.div_ceil(8));
    let cells = rows.iter().enumerate().map(|(i, row)| {
        let distance = match (sharded, i) {
            (false, 0) => Val::ZERO,
            (false, _) => address(row) - address(&rows[i - 1]) - Val::ONE,
            (true, 0) => key(row),
            (true, _) => key(row) - key(&rows[i - 1]) - Val::ONE,
        };
        let is_length = is_length(&row);
        let room = end - address(row);
        let (distance, above) = (distance.as_canonical_u32(), (address(row) - writable).as_canonical_u32());
        let cols = InitfinMain {
            gap: [distance & 0xffff, distance >> 16].map(Val::from_u32),
            bound: Val::from_u32(above & 0xffff),
            length: Val::from_bool(is_length),
            longest: Val::from_bool(is_length && row.first[1] == Val::from_u32(1 << INPUT_LENGTH_BITS)),
            room: [room.as_canonical_u32() & 0xffff, room.as_canonical_u32() >> 16].map(Val::from_u32),
            fraction: coefficients(fractions[i]),
            output_fraction: coefficients(shown[i]),
            sum: coefficients(sums[i]),
        };
        let mut cells = vec![Val::ZERO; InitfinMain::<Val>::WIDTH];
        cols.write(&mut cells);
        // The first row of a space is compared with none: small numbers will do.
        if !sharded && (i == 0 || rows[i - 1].register != row.register) {
            cells[..2].fill(Val::ZERO);
        }
        cells
    });
    (matrix(InitfinMain::<Val>::WIDTH, cells.collect::<Vec<_>>().into_iter()), total)
}

/// Sets the multiplicities of RANGE and BYTE to what the other tables look up.
fn recount(tables: &mut Tables, preprocessed: &PreprocessedTables) {
    let (machine, mut counts) = (tables.machine, BTreeMap::<Vec<u32>, Val>::new());
    let lookups = |table: &VmTable| !matches!(table.base(), VmTable::Range | VmTable::Byte | VmTable::Program);
    tables.with(preprocessed, |traces| {
        for (table, _) in machine.tables().iter().enumerate().filter(|(_, table)| lookups(table)) {
            for row in 0..traces.main[table].height() {
                for sent in machine.debug_row(traces, table, row).sent {
                    let tuple: Vec<u32> = sent.tuple.iter().map(PrimeField32::as_canonical_u32).collect();
                    if machine.buses()[sent.bus].name == bus::NARROW && preprocessed.has(bus::NARROW, &tuple) {
                        *counts.entry(tuple).or_default() += sent.count;
                    }
                }
            }
        }
    });
    for (table, main) in machine.tables().iter().zip(&mut tables.main) {
        if matches!(table.base(), VmTable::Range | VmTable::Byte) {
            main.values.fill(Val::ZERO);
        }
        for (tuple, &count) in &counts {
            let is_log = *table == VmTable::LogRange;
            match (table.base(), tuple[0], &tuple[1..]) {
                (VmTable::Range, bus::KIND_RANGE, &[value, 16, _]) => {
                    main.values[count_cell(value as usize, 1)] = count
                }
                (VmTable::Range, bus::KIND_RANGE, &[value, bits, _]) => {
                    let entry = if is_log { log_range_entry(value, bits) } else { range_entry(value, bits) };
                    main.values[count_cell(entry, 0)] = count;
                }
                (VmTable::Byte, bus::KIND_AND, &[x, y, _]) => main.values[count_cell((x << 8 | y) as usize, 0)] = count,
                (VmTable::Byte, bus::KIND_BYTES, &[x, y, _]) => {
                    main.values[count_cell((x << 8 | y) as usize, 1)] = count
                }
                _ => {}
            }
        }
    }
}
