//! The debug checker finds what was planted, and nothing in an honest witness.

use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;
use proofloom_stark::{DebugError, DebugReport, Imbalance, Place, ProveError, Traces};

use crate::fixture::{Segment, fixture};
use crate::toy::{Toy, Witness, bump, fixed_traces};

fn references(traces: &[Option<RowMajorMatrix<Val>>]) -> Vec<Option<&RowMajorMatrix<Val>>> {
    traces.iter().map(Option::as_ref).collect()
}

fn check(segment: &Segment, spoil: impl FnOnce(&mut Witness)) -> Result<(), DebugError> {
    let mut witness = segment.witness.clone();
    spoil(&mut witness);
    let fixed_traces = fixed_traces();
    let (fixed, shared) = (references(&fixed_traces), references(&witness.shared));
    fixture().machine.debug_check(&Traces {
        fixed: &fixed,
        shared: &shared,
        main: &witness.main,
        publics: &segment.publics,
    })
}

fn report(segment: &Segment, spoil: impl FnOnce(&mut Witness)) -> DebugReport {
    match check(segment, spoil) {
        Err(DebugError::Report(report)) => *report,
        other => panic!("expected a report, got {other:?}"),
    }
}

#[test]
fn honest_witnesses_are_clean() {
    for segment in &fixture().segments {
        check(segment, |_| ()).unwrap_or_else(|error| panic!("segment {}: {error}", segment.number));
    }
}

#[test]
fn a_violation_is_named_by_table_row_and_constraint() {
    // The counter's rows 40 and 41 both see the changed row.
    let report = report(&fixture().segments[0], |witness| {
        bump(&mut witness.main[Toy::Counter.index()], 41, 0, 5);
    });
    let found: Vec<_> = report.violations.iter().map(|v| (v.table, v.row, v.constraint)).collect();
    assert_eq!(found, [("counter", 40, 1), ("counter", 41, 1)]);
    assert_eq!((report.violation_count, report.imbalance_count), (2, 0));
}

#[test]
fn an_imbalance_is_named_by_bus_tuple_and_rows() {
    let segment = &fixture().segments[1];
    let count = crate::toy::canonical(segment.witness.main[Toy::Range.index()].values[7]);
    let report = report(segment, |witness| {
        bump(&mut witness.main[Toy::Range.index()], 7, 0, 3);
    });
    let [Imbalance { bus, tuple, sum, places }] = report.imbalances.as_slice() else {
        panic!("one tuple is unbalanced:\n{report}");
    };
    assert_eq!((bus.as_str(), tuple.as_slice(), *sum), ("range", [7].as_slice(), -3));
    let providing = Place { table: "range", row: 7, count: -i64::from(count) - 3 };
    assert!(places.contains(&providing), "{places:?}");
    assert!(places.iter().any(|place| place.table == "cpu" && place.count == 1), "{places:?}");
}

#[test]
fn flags_that_are_not_boolean_are_named() {
    let report = report(&fixture().segments[0], |witness| {
        bump(&mut witness.main[Toy::Cpu.index()], 12, 0, 2);
    });
    assert_eq!(report.bad_flags, [("cpu", 12, "wide".to_owned())]);
    assert!(report.violations.iter().any(|v| (v.table, v.row, v.constraint) == ("cpu", 12, 0)));
}

#[test]
fn the_report_reads_well() {
    let report = report(&fixture().segments[0], |witness| {
        bump(&mut witness.main[Toy::Mul.index()], 3, 2, 1);
    });
    let text = report.to_string();
    assert!(text.contains("mul row 3: constraint 0 is"), "{text}");
    assert!(text.contains("wide [1, 3, 98, 295]: sum"), "{text}");
}

/// Rows that count no lookup are passed over, but not the lookups of them.
#[test]
fn a_lookup_of_a_row_that_counts_none_is_found() {
    let segment = &fixture().segments[0];
    let row = 7;
    let count = crate::toy::canonical(segment.witness.main[Toy::Range.index()].values[row]);
    let report = report(segment, |witness| {
        witness.main[Toy::Range.index()].values[row] = Val::default();
    });
    let found: Vec<_> = report.imbalances.iter().map(|found| (found.tuple.clone(), found.sum)).collect();
    assert_eq!(found, [(vec![row as u32], i64::from(count))]);
}

#[test]
fn traces_of_another_shape_are_refused() {
    let result = check(&fixture().segments[0], |witness| {
        witness.main[Toy::Mul.index()].width *= 2;
    });
    assert!(matches!(result, Err(DebugError::Input(ProveError::Trace(_)))), "{result:?}");
}
