//! Rows of the boundary proof: INITFIN and IMAGE.

use std::collections::BTreeSet;

use p3_field::PrimeCharacteristicRing;
use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_executor::{InitialMemory, WordOrigin};
use proofloom_field::{Challenge, Val};

use super::{Initfin, InitfinMain, InitfinPhaseOne, REGISTER_KEYS};
use crate::cross::{self, CrossPair, Token};
use crate::engine::Engine;
use crate::layout::{
    INPUT_LENGTH_BITS, INPUT_ROOM_BITS, INPUT_WORD, OUTPUT_WORD, SPACE_IMAGE, SPACE_OUT, WORD_BITS, limbs,
};
use crate::statement::output_words;
use crate::tables::local::rows::{accumulate, coefficients};
use crate::tables::{Definition, VmTable, contributed, range};
use crate::trace::chain::Place;
use crate::trace::counts::Counts;
use crate::trace::record::{Finish, Run};
use crate::trace::rows::Rows;
use crate::trace::values::{bit, limb_vals, val};

/// A word of the run.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    place: Place,
    /// `None` for a register.
    origin: Option<WordOrigin>,
    output: bool,
    first: u64,
    last: u64,
    segment: u32,
}

impl Word {
    /// Registers come before memory.
    const fn key(&self) -> u32 {
        match self.place {
            Place::Register(register) => register as u32,
            Place::Memory(word) => word + REGISTER_KEYS,
        }
    }

    const fn address(&self) -> u32 {
        match self.place {
            Place::Register(register) => register as u32,
            Place::Memory(word) => word,
        }
    }
}

/// Columns of a row that are range-checked, or say what is.
#[derive(Clone, Copy, Debug, Default)]
struct LookedUp {
    gap: [u32; 2],
    bound: u32,
    length: bool,
    longest: bool,
    room: [u32; 2],
}

/// The rows of the boundary, before the columns that depend on gamma.
pub struct BoundaryTrace {
    /// Phase-one columns of INITFIN.
    pub phase_one: RowMajorMatrix<Val>,
    words: Vec<Word>,
    writable: u32,
    /// Length of the input in bytes.
    input: u64,
    /// Where it stands among the shards; `None` for all rows as one table.
    shard: Option<ShardPublics>,
}

/// What a shard of the boundary says of its place among all shards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShardPublics {
    /// From 1.
    pub number: u32,
    /// Largest key of the shards before; `None` if there are none.
    pub lo: Option<u32>,
    /// Largest key of the shard.
    pub hi: u32,
    /// Word behind the input, if the last row of the shard before is one of input.
    pub input_before: Option<u32>,
    /// The same of this shard's last row.
    pub input_after: Option<u32>,
}

/// Builds the rows of a finished run.
pub fn build(run: &Run<'_>, finish: &Finish) -> BoundaryTrace {
    let words = words(run, finish);
    let phase_one = contributed::<Initfin>(words.iter().copied(), |_| {});
    BoundaryTrace { phase_one, words, writable: writable(run), input: run.start.input.len() as u64, shard: None }
}

fn writable(run: &Run<'_>) -> u32 {
    (run.start.program.writable_start() / 8) as u32
}

/// Builds the rows of a finished run as shards of 2^`log_rows` words.
pub fn shards(run: &Run<'_>, finish: &Finish, log_rows: usize) -> Vec<BoundaryTrace> {
    let all = words(run, finish);
    let input = run.start.input.len() as u64;
    let end = INPUT_WORD + input.div_ceil(8) as u32;
    let input_after = |word: &Word| (word.origin == Some(WordOrigin::Input)).then_some(end);
    let (mut lo, mut input_before) = (None, None);
    let mut shards = Vec::new();
    for (number, words) in (1..).zip(all.chunks(1 << log_rows)) {
        let last = &words[words.len() - 1];
        let after = if words.len() == 1 << log_rows { input_after(last) } else { None };
        let shard = ShardPublics { number, lo, hi: last.key(), input_before, input_after: after };
        let pad = |row: &mut [Val]| key_columns(last.key()).write(row);
        let phase_one = contributed::<Initfin>(words.iter().copied(), pad);
        shards.push(BoundaryTrace {
            phase_one,
            words: words.to_vec(),
            writable: writable(run),
            input,
            shard: Some(shard),
        });
        (lo, input_before) = (Some(shard.hi), after);
    }
    shards
}

/// A row of padding: its address is a key.
pub fn key_columns(key: u32) -> InitfinPhaseOne<Val> {
    InitfinPhaseOne { low: val(key & 0xffff), high: val(key >> 16), ..InitfinPhaseOne::default() }
}

/// Appends the phase-one columns of a word.
pub fn contribute(rows: &mut Rows, word: &Word) {
    let [low, high] = [word.address() & 0xffff, word.address() >> 16];
    let cols = InitfinPhaseOne {
        register: bit(word.origin.is_none()),
        ram: bit(word.origin == Some(WordOrigin::Ram)),
        input: bit(word.origin == Some(WordOrigin::Input)),
        image: bit(word.origin == Some(WordOrigin::Image)),
        output: bit(word.output),
        low: val(low),
        high: val(high),
        first: limb_vals(word.first),
        last: limb_vals(word.last),
        segment: val(word.segment),
    };
    cols.write(rows.push());
}

/// A row with what its main columns are made of.
pub struct Known<'a> {
    trace: &'a BoundaryTrace,
    row: usize,
    fraction: Challenge,
    output_fraction: Challenge,
    /// Sum of the fractions of the rows before.
    sum: Challenge,
}

/// Appends the main columns of a row.
pub fn fill(rows: &mut Rows, counts: &mut Counts, known: &Known<'_>) {
    let looked_up = known.trace.lookups(counts, known.row);
    let cols = InitfinMain {
        gap: looked_up.gap.map(val),
        bound: val(looked_up.bound),
        length: bit(looked_up.length),
        longest: bit(looked_up.longest),
        room: looked_up.room.map(val),
        fraction: coefficients(known.fraction),
        output_fraction: coefficients(known.output_fraction),
        sum: coefficients(known.sum),
    };
    cols.write(rows.push());
}

/// Touched words, all image words and all output words, and the input's length if any of its words is
/// among them, in the order of the table.
fn words(run: &Run<'_>, finish: &Finish) -> Vec<Word> {
    let initial = InitialMemory::new(run.start.program, run.start.input);
    let shown = output_words(&finish.output);
    let output = OUTPUT_WORD..OUTPUT_WORD + shown.len() as u32;
    let touched = finish.history.iter().filter(|&(_, segment)| segment != 0).map(|(place, _)| place);
    let image = run.start.program.image().iter().flat_map(|interval| interval.start..interval.end());
    let mut places: BTreeSet<Place> = touched.chain(image.chain(output.clone()).map(Place::Memory)).collect();
    let input = initial.input_words();
    if places.range(Place::Memory(input.start)..Place::Memory(input.end)).next().is_some() {
        places.insert(Place::Memory(INPUT_WORD));
    }
    let row = |place: Place| {
        let segment = finish.history.get(place);
        let (origin, first) = match place {
            Place::Register(_) => (None, 0),
            Place::Memory(word) => {
                let (origin, first) = initial.word(word).unwrap_or((WordOrigin::Ram, 0));
                (Some(origin), first)
            }
        };
        let last = if segment == 0 { first } else { finish.last.get(place) };
        let output = matches!(place, Place::Memory(word) if output.contains(&word));
        Word { place, origin, output, first, last, segment }
    };
    places.into_iter().map(row).collect()
}

impl BoundaryTrace {
    /// Main columns of INITFIN and RANGE, and the boundary's cross-segment sum.
    pub fn mains(&self, pair: &CrossPair) -> (Vec<(VmTable, RowMajorMatrix<Val>)>, Challenge) {
        let mut counts = Counts::new(0);
        let (fractions, shown, sums, total) = self.sums(pair);
        let known = |row: usize| Known {
            trace: self,
            row,
            fraction: fractions[row],
            output_fraction: shown[row],
            sum: sums[row],
        };
        let initfin = Initfin::all_rows(&mut counts, (0..self.phase_one.height()).map(known));
        let range = range::rows::main(&counts, self.engine());
        let tables = [VmTable::Initfin, VmTable::Range].map(|table| table.of(self.engine()));
        (tables.into_iter().zip([initfin, range]).collect(), total)
    }

    /// The engine that the table or shard is for.
    pub const fn engine(&self) -> Engine {
        if self.shard.is_some() { Engine::Multilinear } else { Engine::Univariate }
    }

    /// The shard's place among all.
    pub const fn shard(&self) -> Option<&ShardPublics> {
        self.shard.as_ref()
    }

    /// How far a word is from the one before, that one not counted.
    fn distance(&self, word: &Word, previous: Option<&Word>) -> u32 {
        if let Some(shard) = self.shard {
            let before = previous.map(Word::key).or(shard.lo);
            return before.map_or(word.key(), |before| word.key() - before - 1);
        }
        let same_space = previous.filter(|previous| previous.origin.is_none() == word.origin.is_none());
        same_space.map_or(0, |previous| word.address() - previous.address() - 1)
    }

    /// Counts the range checks of a row; returns the columns that they are about.
    fn lookups(&self, counts: &mut Counts, row: usize) -> LookedUp {
        let Some(word) = self.words.get(row) else { return LookedUp::default() };
        let previous = row.checked_sub(1).map(|row| &self.words[row]);
        let address = word.address();
        counts.u16(address & 0xffff);
        counts.range(address >> 16, WORD_BITS - 16);
        let distance = self.distance(word, previous);
        let gap = [distance & 0xffff, distance >> 16];
        counts.u16(gap[0]);
        counts.range(gap[1], WORD_BITS - 16);
        let columns = LookedUp { gap, ..LookedUp::default() };
        match word.origin {
            Some(WordOrigin::Input) => self.input_lookups(counts, word, columns),
            Some(WordOrigin::Ram) => {
                let distance = address - self.writable;
                let bound = distance & 0xffff;
                counts.u16(bound);
                counts.range(distance >> 16, WORD_BITS - 16);
                LookedUp { bound, ..columns }
            }
            _ => columns,
        }
    }

    fn input_lookups(&self, counts: &mut Counts, word: &Word, columns: LookedUp) -> LookedUp {
        let first = limbs(word.first);
        counts.u16s(first);
        // Of a row that lies about its place, too: it has no proof.
        let words = self.input.div_ceil(8) as u32;
        let room = (INPUT_WORD + words).wrapping_sub(word.address());
        let room = [room & 0xffff, room >> 16];
        counts.u16(room[0]);
        counts.range(room[1], INPUT_ROOM_BITS);
        let length = word.address() == INPUT_WORD;
        let longest = length && first[1] >> INPUT_LENGTH_BITS == 1;
        if length {
            counts.range(first[1] - u32::from(longest), INPUT_LENGTH_BITS);
            counts.range(self.input.wrapping_neg() as u32 & 7, 3);
        }
        LookedUp { length, longest, room, ..columns }
    }

    /// Space, value and count of what a word sends besides: it is shown, or takes what the image holds.
    fn other_token(&self, word: &Word) -> Option<(u32, u64, Val)> {
        if word.output {
            return Some((SPACE_OUT, word.last, Val::ONE));
        }
        let takes_image = self.shard.is_some() && word.origin == Some(WordOrigin::Image);
        takes_image.then_some((SPACE_IMAGE, word.first, -Val::ONE))
    }

    /// (exchange fractions, output fractions, sums before each row, total).
    fn sums(&self, pair: &CrossPair) -> (Vec<Challenge>, Vec<Challenge>, Vec<Challenge>, Challenge) {
        let height = self.phase_one.height();
        let space = |word: &Word| bit(word.origin.is_some());
        let token = |word: &Word, space, value, segment| Token {
            space,
            address: val(word.address()),
            value: limb_vals(value),
            segment: val(segment),
        };
        let exchanged: Vec<_> = self
            .words
            .iter()
            .map(|w| (token(w, space(w), w.first, 0), token(w, space(w), w.last, w.segment)))
            .collect();
        let mut fractions = cross::exchange_fractions(pair, &exchanged);
        fractions.resize(height, Challenge::ZERO);
        let mut shown = vec![Challenge::ZERO; height];
        for (word, fraction) in self.words.iter().zip(&mut shown) {
            if let Some((space, value, times)) = self.other_token(word) {
                *fraction = cross::batch_inverse(&[pair.denominator(token(word, val(space), value, 0))])[0] * times;
            }
        }
        let steps: Vec<Challenge> = fractions.iter().zip(&shown).map(|(&x, &y)| x + y).collect();
        let (sums, total) = accumulate(&steps);
        (fractions, shown, sums, total)
    }
}
