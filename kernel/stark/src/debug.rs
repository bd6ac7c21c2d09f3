//! Finding out why a proof would not verify: row by row, tuple by tuple.

mod report;

use std::collections::HashMap;

use p3_air::RowWindow;
use p3_air::symbolic::{BaseEntry, BaseLeaf, SymbolicExpr, SymbolicExpression};
use p3_field::{PrimeCharacteristicRing, PrimeField32};
use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use p3_util::log2_strict_usize;
use proofloom_field::{Challenge, Val};

pub use self::report::{DebugError, DebugReport, Imbalance, Place, Violation};
use crate::commit::{Group, check_group};
use crate::folder::{DebugFolder, DebugRow};
use crate::machine::{Bus, Machine};
use crate::prove::ProveError;
use crate::shape::TableShape;
use crate::table::{SymbolicBuilder, Table};

/// Findings kept per kind; the rest is only counted.
const KEPT: usize = 100;

/// Rows that are looked at together for whether any of them is used.
const BLOCK: usize = 64;

/// Places kept per unbalanced tuple and sign of the count.
const KEPT_PLACES: usize = 4;

/// Columns and public values of all tables, nothing of them committed. One entry per table;
/// `None` for a group that a table does not have.
#[derive(Clone, Copy, Debug)]
pub struct Traces<'a> {
    pub fixed: &'a [Option<&'a RowMajorMatrix<Val>>],
    pub shared: &'a [Option<&'a RowMajorMatrix<Val>>],
    pub main: &'a [RowMajorMatrix<Val>],
    pub publics: &'a [Vec<Val>],
}

/// One tuple that a row puts on a bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Index of the bus in [`Machine::buses`].
    pub bus: usize,
    pub tuple: Vec<Val>,
    /// Never zero; negative where the row receives.
    pub count: Val,
}

/// What one row does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowReport {
    /// Index and value of every violated constraint.
    pub violations: Vec<(usize, Challenge)>,
    pub sent: Vec<Sent>,
    /// Buses of exclusive interactions whose flags are not boolean or not exclusive.
    pub bad_flags: Vec<usize>,
}

impl RowReport {
    /// Whether nothing is wrong and nothing is sent.
    fn is_idle(&self) -> bool {
        self.violations.is_empty() && self.sent.is_empty() && self.bad_flags.is_empty()
    }
}

impl<T: Table> Machine<T> {
    /// Checks every constraint on every row and every tuple on every bus. Slow.
    ///
    /// # Errors
    /// [`DebugError::Report`] with the findings, [`DebugError::Input`] for traces of wrong shape.
    pub fn debug_check(&self, traces: &Traces<'_>) -> Result<(), DebugError> {
        self.check_traces(traces)?;
        let mut findings = Findings::default();
        self.each_row(traces, |table, row, found| {
            findings.row(self.tables()[table].name(), row, found);
        });
        findings.keep_unbalanced();
        if findings.is_empty() {
            return Ok(());
        }
        // Who put the unbalanced tuples there is only worth noting when there are some.
        self.each_row(traces, |table, row, found| {
            findings.places(self.tables()[table].name(), row, found);
        });
        Err(DebugError::Report(Box::new(findings.finish(self.buses()))))
    }

    /// Evaluates table `table` on one of its rows. The traces must have the machine's shape.
    pub fn debug_row(&self, traces: &Traces<'_>, table: usize, row: usize) -> RowReport {
        let (main, publics) = (&traces.main[table], &traces.publics[table]);
        let height = main.height();
        let next = (row + 1) % height;
        let preprocessed = [row, next].map(|row| side_by_side(traces, table, row));
        let values = DebugRow {
            main: RowWindow::from_two_rows(row_of(main, row), row_of(main, next)),
            preprocessed: RowWindow::from_two_rows(&preprocessed[0], &preprocessed[1]),
            is_first_row: Val::from_bool(row == 0),
            is_last_row: Val::from_bool(row + 1 == height),
            is_transition: Val::from_bool(row + 1 < height),
        };
        let mut folder = DebugFolder::new(values, publics, self.buses());
        self.tables()[table].eval(&mut folder);
        folder.report
    }

    fn check_traces(&self, traces: &Traces<'_>) -> Result<(), ProveError> {
        check_group(&self.shapes, traces.main.iter().map(Some), Group::Main)?;
        let log_height = |trace: &RowMajorMatrix<Val>| log2_strict_usize(trace.height());
        let log_heights: Vec<_> = traces.main.iter().map(log_height).collect();
        for (group, kind) in [(traces.fixed, Group::Fixed), (traces.shared, Group::Shared)] {
            check_group(&self.shapes, group.iter().copied(), kind)?;
            let given: Vec<_> = group.iter().map(|trace| trace.map(log_height)).collect();
            self.check_heights(kind, &log_heights, &given)?;
        }
        self.check_publics(traces.publics)
    }

    /// Evaluates every row that may do something.
    fn each_row(&self, traces: &Traces<'_>, mut visit: impl FnMut(usize, usize, RowReport)) {
        for (table, shape) in self.shapes.iter().enumerate() {
            let mut idle = false;
            for row in candidates(shape, &traces.main[table]) {
                if idle && is_repeated(traces, table, row) {
                    continue;
                }
                let report = self.debug_row(traces, table, row);
                idle = report.is_idle();
                visit(table, row, report);
            }
        }
    }
}

/// Rows that may do something: most rows of a large lookup table are never looked up.
fn candidates(shape: &TableShape, main: &RowMajorMatrix<Val>) -> Vec<usize> {
    if !shape.idle_without_main {
        return (0..main.height()).collect();
    }
    // A fold without early exit looks at many elements at a time.
    let any = |values: &[Val]| values.iter().fold(false, |any, &x| any | (x != Val::ZERO));
    let blocks = main.values.chunks(BLOCK * main.width).enumerate();
    let used = |(block, values): (usize, &[Val])| {
        let rows = values.chunks(main.width).enumerate();
        let rows = rows.filter(|(_, row)| any(row)).map(move |(row, _)| block * BLOCK + row);
        rows.collect::<Vec<_>>()
    };
    blocks.filter(|(_, values)| any(values)).flat_map(used).collect()
}

/// Whether a row and both its neighbours are equal: what the row before did, it does.
fn is_repeated(traces: &Traces<'_>, table: usize, row: usize) -> bool {
    let same = |trace: &RowMajorMatrix<Val>| {
        let here = row_of(trace, row);
        row_of(trace, row - 1) == here && row_of(trace, row + 1) == here
    };
    let groups = [traces.fixed[table], traces.shared[table], Some(&traces.main[table])];
    let inner = row > 1 && row + 1 < traces.main[table].height();
    inner && groups.into_iter().flatten().all(same)
}

/// Fixed and shared columns of a row.
fn side_by_side(traces: &Traces<'_>, table: usize, row: usize) -> Vec<Val> {
    let groups = [traces.fixed[table], traces.shared[table]];
    groups.into_iter().flatten().flat_map(|matrix| row_of(matrix, row)).copied().collect()
}

fn row_of(matrix: &RowMajorMatrix<Val>, row: usize) -> &[Val] {
    &matrix.values[row * matrix.width..][..matrix.width]
}

/// Whether a table has no constraints and sends nothing from a row whose main columns are zero.
pub(crate) fn idle_without_main(builder: &SymbolicBuilder) -> bool {
    let constraints = builder.base_constraints().len() + builder.extension_constraints().len();
    let mut counts = builder.global_interactions().iter().map(|sent| &sent.count);
    constraints == 0 && builder.exclusive_interactions().is_empty() && counts.all(vanishes)
}

/// Whether an expression is zero wherever the row's main columns are, by its form.
fn vanishes(expr: &SymbolicExpression<Val>) -> bool {
    match expr {
        SymbolicExpr::Leaf(BaseLeaf::Variable(variable)) => variable.entry == BaseEntry::Main { offset: 0 },
        SymbolicExpr::Leaf(BaseLeaf::Constant(value)) => *value == Val::ZERO,
        SymbolicExpr::Leaf(_) => false,
        SymbolicExpr::Neg { x, .. } => vanishes(x),
        SymbolicExpr::Add { x, y, .. } | SymbolicExpr::Sub { x, y, .. } => vanishes(x) && vanishes(y),
        SymbolicExpr::Mul { x, y, .. } => vanishes(x) || vanishes(y),
    }
}

/// Counts of one tuple.
#[derive(Default)]
struct Balance {
    sum: Val,
    places: Vec<Place>,
}

#[derive(Default)]
struct Findings {
    report: DebugReport,
    /// Bus and tuple.
    tuples: HashMap<(usize, Vec<Val>), Balance>,
    /// Table, row and bus.
    bad_flags: Vec<(&'static str, usize, usize)>,
}

impl Findings {
    fn row(&mut self, table: &'static str, row: usize, found: RowReport) {
        self.report.violation_count += found.violations.len();
        let room = KEPT.saturating_sub(self.report.violations.len());
        let violation = |(constraint, value)| Violation { table, row, constraint, value };
        self.report.violations.extend(found.violations.into_iter().take(room).map(violation));
        let room = KEPT.saturating_sub(self.bad_flags.len());
        let bad_flags = found.bad_flags.into_iter().map(|bus| (table, row, bus));
        self.bad_flags.extend(bad_flags.take(room));
        for Sent { bus, tuple, count } in found.sent {
            self.tuples.entry((bus, tuple)).or_default().sum += count;
        }
    }

    fn keep_unbalanced(&mut self) {
        self.tuples.retain(|_, balance| balance.sum != Val::ZERO);
    }

    fn is_empty(&self) -> bool {
        self.report.violation_count == 0 && self.tuples.is_empty() && self.bad_flags.is_empty()
    }

    /// Notes the first rows that contributed to an unbalanced tuple.
    fn places(&mut self, table: &'static str, row: usize, found: RowReport) {
        for Sent { bus, tuple, count } in found.sent {
            let Some(balance) = self.tuples.get_mut(&(bus, tuple)) else {
                continue;
            };
            let count = signed(count);
            let same_sign = |place: &&Place| (place.count > 0) == (count > 0);
            if balance.places.iter().filter(same_sign).count() < KEPT_PLACES {
                balance.places.push(Place { table, row, count });
            }
        }
    }

    fn finish(mut self, buses: &[Bus]) -> DebugReport {
        let name = |bus: usize| buses[bus].name.clone();
        let canonical = |tuple: Vec<Val>| tuple.iter().map(PrimeField32::as_canonical_u32).collect();
        let imbalance = |((bus, tuple), balance): ((usize, Vec<Val>), Balance)| Imbalance {
            bus: name(bus),
            tuple: canonical(tuple),
            sum: signed(balance.sum),
            places: balance.places,
        };
        let mut imbalances: Vec<_> = self.tuples.into_iter().map(imbalance).collect();
        imbalances.sort_by(|a, b| (&a.bus, &a.tuple).cmp(&(&b.bus, &b.tuple)));
        self.report.imbalance_count = imbalances.len();
        imbalances.truncate(KEPT);
        self.report.imbalances = imbalances;
        self.report.bad_flags = self.bad_flags.into_iter().map(|(table, row, bus)| (table, row, name(bus))).collect();
        self.report
    }
}

/// The representative of smallest magnitude.
fn signed(value: Val) -> i64 {
    let (value, order) = (i64::from(value.as_canonical_u32()), i64::from(Val::ORDER_U32));
    if value > order / 2 { value - order } else { value }
}
