//! Which cells could hold something else, and nobody would notice?
//!
//! Single cells of honest rows are changed; a change is noticed if a constraint fails or a bus is
//! out of balance. Lookups of rows that a preprocessed table has never count: the prover would count them
//! along. What goes unnoticed must be on the list of cells that may be free, with the reason.

mod free;

use std::collections::{BTreeMap, BTreeSet};

use p3_field::{Field, PrimeCharacteristicRing, PrimeField32};
use p3_matrix::Matrix;
use proofloom_field::Val;
use proofloom_stark::{RowReport, Sent, Traces};

use super::fixtures::{self, Fixture};
use super::gating::{Column, Selectors, symbolic};
use super::{main_names, preprocessed_names};
use crate::debug::Tables;
use crate::tables::VmTable;

/// Rows tried of each combination of selectors.
const ROWS_PER_KIND: usize = 3;

/// Made-up column of INITFIN: whether no row of the same space comes before.
const FIRST_IN_SPACE: &str = "first in its space";

/// A row of one of the fixtures.
#[derive(Clone, Copy)]
struct Place {
    fixture: usize,
    table: usize,
    row: usize,
}

/// Cells of a row by column name, before anything was changed.
pub struct Cells(BTreeMap<String, Val>);

impl Cells {
    /// The cell of a column, if the table has it.
    pub fn get(&self, name: &str) -> u32 {
        self.0.get(name).unwrap_or_else(|| panic!("no column {name}")).as_canonical_u32()
    }

    /// Whether any of the columns is not zero.
    pub fn any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.get(name) != 0)
    }
}

fn cells(fixture: &Fixture, place: Place) -> Cells {
    let table = fixture.tables.machine.tables()[place.table];
    let main = fixture.tables.main[place.table].row_slice(place.row).expect("a row").to_vec();
    let mut cells: BTreeMap<String, Val> = main_names(table).into_iter().zip(main).collect();
    if let Some(phase_one) = &fixture.tables.phase_one[place.table] {
        let row = |row: usize| phase_one.row_slice(row).expect("a row").to_vec();
        cells.extend(preprocessed_names(table).into_iter().zip(row(place.row)));
        // The first column tells registers from memory.
        let is_first =
            table.base() == VmTable::Initfin && (place.row == 0 || row(place.row)[0] != row(place.row - 1)[0]);
        cells.insert(FIRST_IN_SPACE.to_owned(), Val::from_bool(is_first));
    }
    Cells(cells)
}

/// A few rows of every kind: by table and by which of its boolean columns are set.
fn sample(fixtures: &[Fixture]) -> Vec<Place> {
    let mut kinds: BTreeMap<(&str, Vec<u32>), usize> = BTreeMap::new();
    let mut places = Vec::new();
    for (fixture, Fixture { tables, .. }) in fixtures.iter().enumerate() {
        for (table, name) in tables.machine.tables().iter().enumerate() {
            let booleans = kind_columns(*name);
            let rows_per_kind = if is_wide(*name) { 1 } else { ROWS_PER_KIND };
            let height = tables.main[table].height();
            for row in 0..height {
                let kind = booleans.iter().map(|&column| cell(tables, table, row, column).as_canonical_u32()).collect();
                let seen = kinds.entry((name.name(), kind)).or_default();
                *seen += 1;
                if *seen <= rows_per_kind || row + 1 == height {
                    places.push(Place { fixture, table, row });
                }
            }
        }
    }
    places
}

/// The tables of accelerators: most of their columns are bits of numbers, not selectors.
const fn is_wide(table: VmTable) -> bool {
    matches!(table, VmTable::Keccak | VmTable::Sha256)
}

/// The columns that tell kinds of rows apart.
fn kind_columns(table: VmTable) -> Vec<Column> {
    let names = main_names(table);
    let columns = |selectors: &[&str]| {
        let named = (0..names.len()).filter(|&i| selectors.contains(&&*names[i]));
        named.map(Column::Main).collect()
    };
    match table {
        VmTable::Keccak => columns(&["round[0]", "round[1]", "round[22]", "round[23]"]),
        VmTable::Sha256 => columns(&["first", "last", "reads_hash", "reads_block", "group[5]"]),
        _ => Selectors::new(table, &symbolic(table)).booleans.into_iter().collect(),
    }
}

fn cell(tables: &Tables, table: usize, row: usize, column: Column) -> Val {
    let (matrix, column) = match column {
        Column::Main(column) => (&tables.main[table], column),
        Column::Preprocessed(column) => (tables.phase_one[table].as_ref().expect("phase-one columns"), column),
    };
    matrix.values[row * matrix.width + column]
}

fn cell_mut(tables: &mut Tables, table: usize, row: usize, column: Column) -> &mut Val {
    let (matrix, column) = match column {
        Column::Main(column) => (&mut tables.main[table], column),
        Column::Preprocessed(column) => (tables.phase_one[table].as_mut().expect("phase-one columns"), column),
    };
    &mut matrix.values[row * matrix.width + column]
}

/// What the row and the row before it (which may read it) do.
fn reports(fixture: &Fixture, place: Place) -> [RowReport; 2] {
    let Place { table, row, .. } = place;
    let height = fixture.tables.main[table].height();
    fixture.tables.with(&fixture.preprocessed, |traces: &Traces<'_>| {
        [(row + height - 1) % height, row].map(|row| fixture.tables.machine.debug_row(traces, table, row))
    })
}

/// Tuples sent more or less often than before.
fn difference(before: &[RowReport], after: &[RowReport]) -> BTreeMap<(usize, Vec<u32>), Val> {
    let mut counts: BTreeMap<(usize, Vec<u32>), Val> = BTreeMap::new();
    let mut add = |reports: &[RowReport], sign: Val| {
        for Sent { bus, tuple, count } in reports.iter().flat_map(|report| &report.sent) {
            let tuple = tuple.iter().map(PrimeField32::as_canonical_u32).collect();
            *counts.entry((*bus, tuple)).or_default() += *count * sign;
        }
    };
    add(after, Val::ONE);
    add(before, -Val::ONE);
    counts.retain(|_, count| *count != Val::ZERO);
    counts
}

/// Whether nobody notices that a row does what `after` says instead of what `before` says.
fn unnoticed(fixture: &Fixture, place: Place, before: &[RowReport], after: &[RowReport]) -> bool {
    if after.iter().any(|report| !report.violations.is_empty()) {
        return false;
    }
    // The entries of a preprocessed table are what the prover would count along.
    let provider = is_provider(fixture.tables.machine.tables()[place.table]);
    let buses = fixture.tables.machine.buses();
    difference(before, after).keys().all(|(bus, tuple)| !provider && fixture.preprocessed.has(&buses[*bus].name, tuple))
}

const fn is_provider(table: VmTable) -> bool {
    matches!(table.base(), VmTable::Program | VmTable::Range | VmTable::Byte | VmTable::Image)
}

/// Other values for a cell: near, far, and those that fit the usual constraints.
fn others(cell: Val) -> Vec<Val> {
    let numbers = [1, 2, 255, 256, 1 << 13, 1 << 15, 0xffff, 1 << 16, 123_456_789].map(Val::from_u32);
    let near = numbers.into_iter().flat_map(|x| [cell + x, cell - x]);
    let fitting = numbers.into_iter().chain([Val::ZERO, -Val::ONE, cell.double(), cell.halve(), Val::ONE - cell]);
    let mut others: Vec<Val> = near.chain(fitting).filter(|&other| other != cell).collect();
    others.sort_unstable_by_key(PrimeField32::as_canonical_u32);
    others.dedup();
    others
}

fn columns(tables: &Tables, table: usize) -> Vec<Column> {
    let phase_one = tables.phase_one[table].as_ref().map_or(0, |matrix| matrix.width);
    let main = (0..tables.main[table].width).map(Column::Main);
    (0..phase_one).map(Column::Preprocessed).chain(main).collect()
}

/// Whether the row goes unnoticed with some cells changed.
fn is_free(fixture: &mut Fixture, place: Place, before: &[RowReport], changes: &[(Column, Val)]) -> bool {
    let Place { table, row, .. } = place;
    let swap = |fixture: &mut Fixture, changes: &[(Column, Val)]| -> Vec<(Column, Val)> {
        let swap_one = |&(column, value): &(Column, Val)| {
            (column, std::mem::replace(cell_mut(&mut fixture.tables, table, row, column), value))
        };
        changes.iter().map(swap_one).collect()
    };
    let honest = swap(fixture, changes);
    let after = reports(fixture, place);
    swap(fixture, &honest);
    unnoticed(fixture, place, before, &after)
}

/// Names of the columns of a row that can be changed without notice.
fn free_columns(fixture: &mut Fixture, place: Place) -> BTreeSet<String> {
    let before = reports(fixture, place);
    assert!(before.iter().all(|report| report.violations.is_empty()), "the fixtures are honest");
    let Place { table, row, .. } = place;
    let name = fixture.tables.machine.tables()[table];
    let mut free = BTreeSet::new();
    for column in columns(&fixture.tables, table) {
        let mut others = others(cell(&fixture.tables, table, row, column));
        if is_wide(name) {
            // Every number is tied to bits in the same row: a few others tell as much as many.
            others = others.into_iter().step_by(9).collect();
        }
        if others.into_iter().any(|other| is_free(fixture, place, &before, &[(column, other)])) {
            free.insert(column.name(name));
        }
    }
    free
}

#[test]
fn every_cell_that_could_change_unnoticed_is_on_the_list_of_free_cells() {
    let mut fixtures = fixtures::all();
    let places = sample(&fixtures);
    let (mut tried, mut found) = (0, BTreeMap::<(&str, String), usize>::new());
    let mut unlisted = BTreeMap::<(&str, String), String>::new();
    let mut used = BTreeSet::new();
    for &place in &places {
        let fixture = &mut fixtures[place.fixture];
        let name = fixture.tables.machine.tables()[place.table].name();
        let cells = cells(fixture, place);
        tried += cells.0.len();
        for column in free_columns(fixture, place) {
            *found.entry((name, column.clone())).or_default() += 1;
            match free::reason(name, &column, &cells) {
                Some(reason) => drop(used.insert(reason)),
                None => {
                    let set: Vec<_> = cells.0.iter().filter(|(_, value)| !value.is_zero()).collect();
                    unlisted.entry((name, column)).or_insert_with(|| format!("row {}: {set:?}", place.row));
                }
            }
        }
    }
    println!("{tried} cells of {} rows changed, free at times:", places.len());
    found.iter().for_each(|((table, column), rows)| println!("    {table}.{column}: in {rows} rows"));
    let unlisted: Vec<_> = unlisted.iter().map(|(cell, row)| format!("{cell:?}: {row}")).collect();
    assert!(unlisted.is_empty(), "not on the list:\n{}", unlisted.join("\n"));
    assert_eq!(used, (0..free::LIST.len()).collect(), "the list names cells that are not free");
}

/// Changes that may cancel one another: carries and limbs, bytes and limbs, complements.
fn paired(first: Val) -> Vec<Val> {
    let weights = [1, 1 << 8, 1 << 15, 1 << 16].map(Val::from_u32);
    let weights = weights.into_iter().flat_map(|weight| [weight, weight.inverse()]);
    weights.flat_map(|weight| [first * weight, -first * weight]).collect()
}

/// No two cells of a real row can change together without notice, in ways that carries suggest.
#[test]
fn no_two_cells_of_a_row_can_change_together_unnoticed() {
    let mut fixtures = fixtures::all();
    let mut seen = BTreeSet::new();
    let (mut tried, mut found) = (0, BTreeSet::new());
    for place in sample(&fixtures) {
        let fixture = &mut fixtures[place.fixture];
        let table = fixture.tables.machine.tables()[place.table];
        let cells = cells(fixture, place);
        // One row for each set of flags that the table's code names: few kinds, but all.
        let flags: Vec<u32> = FLAGS.iter().filter_map(|flag| cells.0.get(*flag)).map(Val::as_canonical_u32).collect();
        if flags.iter().all(|&flag| flag == 0) || !seen.insert((table.name(), flags)) {
            continue;
        }
        let before = reports(fixture, place);
        let listed = |column: &Column| free::reason(table.name(), &column.name(table), &cells).is_some();
        let mut columns: Vec<Column> =
            columns(&fixture.tables, place.table).into_iter().filter(|c| !listed(c)).collect();
        if is_wide(table) {
            // Bits are tied by constraints that make them bits, and limbs of states are made of bits of
            // this row or of rows around it; pairs of the others are tried.
            let bits = Selectors::new(table, &symbolic(table)).booleans;
            let states = ["state", "mixed", "iota", "after", "hash", "result", "window"];
            let is_state = |name: String| states.iter().any(|state| name.starts_with(state));
            columns.retain(|column| !bits.contains(column) && !is_state(column.name(table)));
        }
        for (i, &first) in columns.iter().enumerate() {
            for &second in &columns[i + 1..] {
                let [x, y] = [first, second].map(|column| cell(&fixture.tables, place.table, place.row, column));
                for change in paired(Val::ONE) {
                    tried += 1;
                    if is_free(fixture, place, &before, &[(first, x + Val::ONE), (second, y + change)]) {
                        found.insert((table.name(), first.name(table), second.name(table), place.row));
                    }
                }
            }
        }
    }
    println!("{tried} changes of two cells on {} kinds of rows", seen.len());
    assert!(found.is_empty(), "{found:#?}");
}

/// Columns that tell kinds of rows apart.
const FLAGS: [&str; 45] = [
    "round[0]",
    "round[23]",
    "reads_hash",
    "reads_block",
    "real",
    "add",
    "sub",
    "branch",
    "dynamic",
    "memory",
    "writes_rd",
    "uses_rs2",
    "and",
    "or",
    "xor",
    "signed",
    "equal",
    "negated",
    "sll",
    "srl",
    "sllw",
    "srlw",
    "arithmetic",
    "jalr",
    "halt",
    "write",
    "load",
    "store",
    "byte",
    "half",
    "word",
    "double",
    "unsigned",
    "extend",
    "mul",
    "mulh",
    "mulhsu",
    "mulhu",
    "mulw",
    "remainder",
    "by_zero",
    "x_sign",
    "d_sign",
    "negate",
    "register",
];
