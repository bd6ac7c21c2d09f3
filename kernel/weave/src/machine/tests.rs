use p3_air::{Air, AirBuilder, WindowAccess};
use p3_lookup::Count;

use super::*;
use crate::table::TableBuilder;

/// What is wrong with a table of two main columns, one fixed one and one interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// None, and no fixed column: one table alone may have some.
    WithoutFixed,
    NoMain,
    Preprocessed,
    Heights(usize, usize),
    /// A constraint of degree 4, of columns.
    Product,
    /// The same, one factor being a selector.
    Transition,
    /// A constraint with a product of two selectors.
    Selectors,
    TupleDegree,
    CountDegree,
    NoInteraction,
    OtherWidth,
    Exclusive,
    NextInTuple,
    SelectorInCount,
    /// What one row may count, at most.
    Weight(u32),
    ClosedFormsOfAnyHeight,
    ClosedFormsWithNext,
    Shared,
}

impl BaseAir<Val> for Fault {
    fn width(&self) -> usize {
        if *self == Self::NoMain { 0 } else { 2 }
    }

    fn preprocessed_width(&self) -> usize {
        if *self == Self::Preprocessed { 3 } else { self.fixed_width() + self.shared_width() }
    }
}

impl Table for Fault {
    fn name(&self) -> &'static str {
        "table"
    }

    fn fixed_width(&self) -> usize {
        usize::from(*self != Self::WithoutFixed)
    }

    fn shared_width(&self) -> usize {
        usize::from(*self == Self::Shared)
    }

    fn height_range(&self) -> (usize, usize) {
        match *self {
            Self::Heights(min, max) => (min, max),
            Self::ClosedFormsWithNext => (6, 6),
            _ => (4, 20),
        }
    }

    fn has_closed_forms(&self) -> bool {
        matches!(self, Self::ClosedFormsOfAnyHeight | Self::ClosedFormsWithNext)
    }
}

impl<AB: TableBuilder> Air<AB> for Fault {
    fn eval(&self, b: &mut AB) {
        let (main, fixed) = (b.main(), b.preprocessed().clone());
        if *self == Self::NoMain {
            return;
        }
        let [x, y]: [AB::Expr; 2] = std::array::from_fn(|i| main.current_slice()[i].into());
        let next: AB::Expr = main.next_slice()[1].into();
        b.assert_zero(x.clone() * y.clone() * y.clone());
        match self {
            Self::Product => b.assert_zero(x.clone() * x.clone() * y.clone() * y.clone()),
            Self::Transition => b.when_transition().assert_zero(x.clone() * x.clone() * y.clone()),
            Self::Selectors => b.when_first_row().when_transition().assert_zero(x.clone()),
            Self::ClosedFormsWithNext => b.assert_zero(fixed.next_slice()[0].into()),
            _ => b.when_transition().assert_eq(next.clone(), x.clone() * y.clone()),
        }
        let cube = x.clone() * x.clone() * x.clone();
        let (mut tuple, mut count) = (vec![x.clone(), cube.clone()], cube.clone());
        match self {
            Self::NoInteraction => return,
            Self::TupleDegree => tuple[1] = cube * y,
            Self::CountDegree => count = cube * y,
            Self::NextInTuple => tuple[0] = next,
            Self::SelectorInCount => count = b.is_first_row(),
            Self::Exclusive => {
                b.push_exclusive_interaction("bus", [(x, Count::from(1), tuple)]);
                return;
            }
            Self::OtherWidth => b.push_interaction("bus", vec![x], Count::bounded(y, 1)),
            _ => {}
        }
        let weight = if let Self::Weight(weight) = self { *weight } else { 1 };
        b.push_interaction("bus", tuple, Count::bounded(count, weight));
    }
}

fn refusal(fault: Fault) -> Option<MachineError> {
    Machine::new(vec![fault]).err()
}

#[test]
fn a_table_without_faults_is_described() {
    let machine = Machine::new(vec![Fault::None, Fault::WithoutFixed]).expect("no fault");
    let [first, second] = machine.shapes() else { panic!("two tables") };
    assert_eq!((first.fixed, first.shared, first.main, first.degree), (1, 0, 2, 3));
    assert_eq!(first.next, NextColumns { main: vec![1], ..NextColumns::default() });
    assert_eq!((second.first_constraint, second.first_slot), (2, 1));
    assert_eq!(machine.buses(), [Bus { name: "bus".to_owned(), width: 2 }]);
    assert_eq!((machine.slots(), machine.slot_variables(), machine.widest()), (2, 1, 2));
    // The fixed column; of each table main's next-row column with its next row, and the other.
    assert_eq!(machine.claims(), 7);
    let one = Machine::new(vec![Fault::None]).expect("no fault");
    assert_eq!(one.slot_variables(), 1, "one interaction has a slot variable as well");
    assert_ne!(one.digest(), machine.digest());
    let both = Machine::new(vec![Fault::None, Fault::None]).err();
    let several = MachineError::SeveralHeights { group: Group::Fixed, first: "table", second: "table" };
    assert_eq!(both, Some(several));
}

#[test]
fn what_a_proof_could_not_carry_is_refused() {
    let table = "table";
    let too_high = |part, index, degree| Some(MachineError::DegreeTooHigh { table, part, index, degree });
    let heights = |min, max| Some(MachineError::HeightRange { table, min, max });
    let cases = [
        (Fault::NoMain, Some(MachineError::EmptyMain { table })),
        (Fault::Preprocessed, Some(MachineError::PreprocessedWidth { table, expected: 1, got: 3 })),
        (Fault::Heights(3, 10), heights(3, 10)),
        (Fault::Heights(4, 21), heights(4, 21)),
        (Fault::Heights(9, 8), heights(9, 8)),
        (Fault::Product, too_high("constraint", 1, 4)),
        (Fault::Transition, too_high("constraint", 1, 4)),
        (Fault::Selectors, Some(MachineError::SelectorProduct { table, constraint: 1 })),
        (Fault::TupleDegree, too_high("interaction", 0, 4)),
        (Fault::CountDegree, too_high("interaction", 0, 4)),
        (Fault::NoInteraction, Some(MachineError::NoInteractions)),
        (Fault::OtherWidth, Some(MachineError::BusWidth { table, bus: "bus".to_owned(), expected: 1, got: 2 })),
        (Fault::Exclusive, Some(MachineError::UnsupportedInteraction { table })),
        (Fault::NextInTuple, Some(MachineError::InteractionScope { table, interaction: 0 })),
        (Fault::SelectorInCount, Some(MachineError::InteractionScope { table, interaction: 0 })),
        (Fault::ClosedFormsOfAnyHeight, Some(MachineError::ClosedForms { table })),
        (Fault::ClosedFormsWithNext, Some(MachineError::ClosedForms { table })),
    ];
    for (fault, expected) in cases {
        assert_eq!(refusal(fault), expected, "{fault:?}");
    }
    assert_eq!(Machine::<Fault>::new(Vec::new()).err(), Some(MachineError::NoTables));
}

#[test]
fn counts_must_not_wrap_at_the_largest_heights() {
    // The order is 2^31 - 2^24 + 1: 2,032 rows' weights of 2^20 fit.
    assert_eq!(refusal(Fault::Weight(2_032)), None);
    assert_eq!(refusal(Fault::Weight(2_033)), Some(MachineError::CountsWrap { bound: 2_033 << 20 }));
}

#[test]
fn shared_columns_need_a_profile_that_decodes_uniquely() {
    let other = Profile { id: "other", ..RELEASED };
    let refused = Machine::with_profile(vec![Fault::WithoutFixed, Fault::Shared], other).err();
    assert_eq!(refused, Some(MachineError::ProfileOfShared { table: "table", profile: "other" }));
    assert!(Machine::with_profile(vec![Fault::None], other).is_ok());
    assert!(Machine::new(vec![Fault::Shared]).is_ok());
}
