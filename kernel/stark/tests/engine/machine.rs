//! What a machine derives from its tables, and the tables it refuses.

use p3_air::{Air, BaseAir, WindowAccess};
use p3_lookup::Count;
use proofloom_field::Val;
use proofloom_stark::{Machine, MachineError, NextColumns, Table, TableBuilder};

use crate::fixture::machine;
use crate::toy::Toy;

#[test]
fn statistics_describe_the_toy_machine() {
    let stats = machine().stats();
    let widths: Vec<_> = stats.iter().map(|s| (s.name, s.fixed, s.shared, s.main, s.aux, s.max_degree)).collect();
    let expected = [
        // One column for the exclusive interaction, one for the two range checks.
        ("cpu", 0, 0, 4, 10, 3),
        ("mul", 0, 0, 4, 5, 2),
        ("add", 0, 0, 4, 5, 2),
        ("memory", 0, 4, 11, 5, 3),
        ("range", 1, 0, 1, 5, 2),
        ("counter", 0, 0, 1, 0, 2),
    ];
    assert_eq!(widths, expected);
    assert_eq!(stats[Toy::Cpu.index()].interactions, [("range".to_owned(), 2), ("wide".to_owned(), 1)]);
    assert_eq!(stats[Toy::Memory.index()].committed_per_row(), 20);
    assert_eq!(stats[Toy::Memory.index()].constraints, 6);
}

#[test]
fn next_rows_are_found_in_base_and_extension_constraints() {
    let next: Vec<_> = machine().stats().into_iter().map(|s| s.next).collect();
    let none = NextColumns::default();
    let memory = NextColumns { shared: vec![0], main: (6..11).collect(), ..none.clone() };
    let range = NextColumns { fixed: vec![0], ..none.clone() };
    let counter = NextColumns { main: vec![0], ..none.clone() };
    assert_eq!(next, [none.clone(), none.clone(), none, memory, range, counter]);
}

#[test]
fn buses_have_one_width_each() {
    let machine = machine();
    let buses: Vec<_> = machine.buses().iter().map(|b| (b.name.as_str(), b.width)).collect();
    assert_eq!(buses, [("range", 1), ("wide", 4)]);
}

#[test]
fn count_bound_adds_weights_times_heights() {
    // cpu: two range checks and one exclusive lookup; memory: one range check.
    let bound = machine().count_bound(&[9, 8, 8, 8, 8, 8]);
    assert_eq!(bound, 3 * 512 + 256);
}

/// A table with one mistake.
#[derive(Clone, Copy, Debug)]
enum Wrong {
    NoMain,
    Preprocessed,
    Heights,
    Low,
    Degree,
    WideFields,
    Local,
    Narrow,
    Wide,
}

impl BaseAir<Val> for Wrong {
    fn width(&self) -> usize {
        if matches!(self, Self::NoMain) { 0 } else { 2 }
    }

    fn preprocessed_width(&self) -> usize {
        if matches!(self, Self::Preprocessed) { 3 } else { 0 }
    }
}

impl Table for Wrong {
    fn name(&self) -> &'static str {
        "wrong"
    }

    fn fixed_width(&self) -> usize {
        0
    }

    fn shared_width(&self) -> usize {
        0
    }

    fn height_range(&self) -> (usize, usize) {
        match self {
            Self::Heights => (3, 21),
            Self::Low => (4, 20),
            _ => (8, 20),
        }
    }
}

impl<AB: TableBuilder> Air<AB> for Wrong {
    fn eval(&self, builder: &mut AB) {
        let main = builder.main();
        let Some(x) = main.current(0) else { return };
        let square = || x * x;
        match self {
            Self::Degree => {
                builder.assert_zero(square());
                builder.assert_zero(square() * square());
            }
            Self::WideFields => builder.push_interaction("bus", [square() * x], 1),
            Self::Local => builder.push_local_interaction([(vec![x.into()], Count::from(1))]),
            Self::Narrow => builder.push_interaction("bus", [x], 1),
            Self::Wide => builder.push_interaction("bus", [x, x], 1),
            Self::NoMain | Self::Preprocessed | Self::Heights | Self::Low => {}
        }
    }
}

fn refusal(tables: Vec<Wrong>) -> MachineError {
    Machine::new(tables).expect_err("the tables are wrong")
}

#[test]
fn wrong_tables_are_refused() {
    let table = "wrong";
    assert_eq!(refusal(vec![]), MachineError::NoTables);
    assert_eq!(refusal(vec![Wrong::NoMain]), MachineError::EmptyMain { table });
    let width = MachineError::PreprocessedWidth { table, expected: 0, got: 3 };
    assert_eq!(refusal(vec![Wrong::Preprocessed]), width);
    let heights = MachineError::HeightRange { table, min: 3, max: 21 };
    assert_eq!(refusal(vec![Wrong::Heights]), heights);
    assert_eq!(refusal(vec![Wrong::Low, Wrong::Low]), MachineError::AllLow);
    assert_eq!(refusal(vec![Wrong::Local]), MachineError::LocalInteraction { table });
}

#[test]
fn degrees_beyond_the_blowup_are_refused() {
    let (table, degree, limit) = ("wrong", 4, 3);
    let constraint = MachineError::DegreeTooHigh { table, constraint: Some(1), degree, limit };
    assert_eq!(refusal(vec![Wrong::Degree]), constraint);
    assert_eq!(constraint.to_string(), "table wrong: constraint 1 has degree 4, the limit is 3");
    let interaction = MachineError::DegreeTooHigh { table, constraint: None, degree, limit };
    assert_eq!(refusal(vec![Wrong::WideFields]), interaction);
}

#[test]
fn tuples_of_two_widths_on_one_bus_are_refused() {
    let width = MachineError::BusWidth { table: "wrong", bus: "bus".to_owned(), expected: 1, got: 2 };
    assert_eq!(refusal(vec![Wrong::Narrow, Wrong::Wide]), width);
}
