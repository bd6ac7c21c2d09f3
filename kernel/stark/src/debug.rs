//! Finding out why a proof would not verify: row by row, tuple by tuple.

use std::collections::HashMap;
use std::fmt;

use p3_air::RowWindow;
use p3_field::{PrimeCharacteristicRing, PrimeField32};
use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, Val};

use crate::commit::{Fixed, Shared};
use crate::folder::{DebugFolder, DebugInteraction, DebugRow};
use crate::machine::Machine;
use crate::prove::ProveError;
use crate::table::Table;

/// Findings kept per kind; the rest is only counted.
const KEPT: usize = 100;

/// Places kept per unbalanced tuple and sign of the count.
const KEPT_PLACES: usize = 4;

/// A constraint that is not zero on a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub table: &'static str,
    pub row: usize,
    /// Index in emission order, as in `MachineError::DegreeTooHigh`.
    pub constraint: usize,
    pub value: Challenge,
}

/// Where a tuple was put on a bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub table: &'static str,
    pub row: usize,
    /// Signed count: small negative numbers are shown as such.
    pub count: i64,
}

/// A tuple whose counts do not add up to zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imbalance {
    pub bus: String,
    /// Canonical values; by convention the first element is the tuple's kind.
    pub tuple: Vec<u32>,
    /// Sum of all counts, signed as in [`Place`].
    pub sum: i64,
    /// The first rows that contributed, of either sign.
    pub places: Vec<Place>,
}

/// Everything that is wrong with a set of traces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DebugReport {
    /// The first violations, in table and row order.
    pub violations: Vec<Violation>,
    pub violation_count: usize,
    /// The first unbalanced tuples, sorted by bus and tuple.
    pub imbalances: Vec<Imbalance>,
    pub imbalance_count: usize,
    /// The first rows (table, row, bus) whose exclusive flags are not boolean or not exclusive.
    pub bad_flags: Vec<(&'static str, usize, String)>,
}

impl fmt::Display for DebugReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} constraint violations", self.violation_count)?;
        for v in &self.violations {
            writeln!(
                f,
                "  {} row {}: constraint {} is {:?}",
                v.table, v.row, v.constraint, v.value
            )?;
        }
        writeln!(f, "{} unbalanced tuples", self.imbalance_count)?;
        for imbalance in &self.imbalances {
            writeln!(
                f,
                "  {} {:?}: sum {:+}",
                imbalance.bus, imbalance.tuple, imbalance.sum
            )?;
            for place in &imbalance.places {
                writeln!(
                    f,
                    "    {} row {}: {:+}",
                    place.table, place.row, place.count
                )?;
            }
        }
        for (table, row, bus) in &self.bad_flags {
            writeln!(
                f,
                "  {table} row {row}: flags of the exclusive interaction on {bus}"
            )?;
        }
        Ok(())
    }
}

/// Why `debug_check` did not say "all is well".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DebugError {
    /// The traces do not even fit the machine.
    #[error(transparent)]
    Input(#[from] ProveError),
    /// Constraints or buses fail.
    #[error("{0}")]
    Report(Box<DebugReport>),
}

impl<T: Table> Machine<T> {
    /// Checks every constraint on every row and every tuple on every bus. Slow.
    ///
    /// # Errors
    /// [`DebugError::Report`] with the findings, [`DebugError::Input`] for traces of wrong shape.
    pub fn debug_check(
        &self,
        fixed: &Fixed,
        shared: &Shared,
        main: &[RowMajorMatrix<Val>],
        publics: &[Vec<Val>],
    ) -> Result<(), DebugError> {
        self.check_inputs(fixed, shared, main, publics)?;
        let mut findings = Findings::default();
        for (i, table) in self.tables().iter().enumerate() {
            let preprocessed = [fixed.0.traces[i].as_ref(), shared.0.traces[i].as_ref()];
            findings.table(table, preprocessed, &main[i], &publics[i]);
        }
        let report = findings.finish();
        if report == DebugReport::default() {
            return Ok(());
        }
        Err(DebugError::Report(Box::new(report)))
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
    buses: HashMap<(String, Vec<u32>), Balance>,
}

impl Findings {
    fn table<T: Table>(
        &mut self,
        table: &T,
        preprocessed: [Option<&RowMajorMatrix<Val>>; 2],
        main: &RowMajorMatrix<Val>,
        publics: &[Val],
    ) {
        let height = main.height();
        let side_by_side = |row: usize| -> Vec<Val> {
            preprocessed
                .into_iter()
                .flatten()
                .flat_map(|matrix| row_of(matrix, row))
                .copied()
                .collect()
        };
        let first = side_by_side(0);
        let mut here = first.clone();
        for row in 0..height {
            let next = if row + 1 == height {
                first.clone()
            } else {
                side_by_side(row + 1)
            };
            let values = DebugRow {
                main: RowWindow::from_two_rows(row_of(main, row), row_of(main, (row + 1) % height)),
                preprocessed: RowWindow::from_two_rows(&here, &next),
                is_first_row: Val::from_bool(row == 0),
                is_last_row: Val::from_bool(row + 1 == height),
                is_transition: Val::from_bool(row + 1 < height),
            };
            let mut folder = DebugFolder::new(values, publics);
            table.eval(&mut folder);
            self.row(table.name(), row, folder);
            here = next;
        }
    }

    fn row(&mut self, table: &'static str, row: usize, folder: DebugFolder<'_>) {
        let DebugFolder {
            violations,
            interactions,
            bad_flags,
            ..
        } = folder;
        self.report.violation_count += violations.len();
        for (constraint, value) in violations {
            if self.report.violations.len() < KEPT {
                self.report.violations.push(Violation {
                    table,
                    row,
                    constraint,
                    value,
                });
            }
        }
        let room = KEPT.saturating_sub(self.report.bad_flags.len());
        let bad_flags = bad_flags.into_iter().map(|bus| (table, row, bus));
        self.report.bad_flags.extend(bad_flags.take(room));
        interactions
            .into_iter()
            .for_each(|interaction| self.interaction(table, row, interaction));
    }

    fn interaction(&mut self, table: &'static str, row: usize, interaction: DebugInteraction) {
        let DebugInteraction { bus, tuple, count } = interaction;
        let tuple = tuple.iter().map(PrimeField32::as_canonical_u32).collect();
        let balance = self.buses.entry((bus, tuple)).or_default();
        balance.sum += count;
        let count = signed(count);
        let same_sign = |place: &&Place| (place.count > 0) == (count > 0);
        if balance.places.iter().filter(same_sign).count() < KEPT_PLACES {
            balance.places.push(Place { table, row, count });
        }
    }

    fn finish(mut self) -> DebugReport {
        let unbalanced = self
            .buses
            .into_iter()
            .filter(|(_, balance)| balance.sum != Val::ZERO);
        let mut imbalances: Vec<_> = unbalanced
            .map(|((bus, tuple), Balance { sum, places })| Imbalance {
                bus,
                tuple,
                sum: signed(sum),
                places,
            })
            .collect();
        imbalances.sort_by(|a, b| (&a.bus, &a.tuple).cmp(&(&b.bus, &b.tuple)));
        self.report.imbalance_count = imbalances.len();
        imbalances.truncate(KEPT);
        self.report.imbalances = imbalances;
        self.report
    }
}

fn row_of(matrix: &RowMajorMatrix<Val>, row: usize) -> &[Val] {
    &matrix.values[row * matrix.width..][..matrix.width]
}

/// The representative of smallest magnitude.
fn signed(value: Val) -> i64 {
    let (value, order) = (
        i64::from(value.as_canonical_u32()),
        i64::from(Val::ORDER_U32),
    );
    if value > order / 2 {
        value - order
    } else {
        value
    }
}
