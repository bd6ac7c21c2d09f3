//! The machine's tables as the engine takes them.

use p3_air::{Air, BaseAir};
use proofloom_field::Val;
use proofloom_vm::VmTable;
use proofloom_vm::rows::Engine;
use proofloom_weave::closed::{ByteEntries, RangeEntries, byte_entries, range_entries, row_number};
use proofloom_weave::{Arith, SymbolicBuilder, Table};

/// A table of the machine. Those of fixed numbers have closed forms in place of fixed columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MachineTable(pub(crate) VmTable);

impl MachineTable {
    /// The table for this engine.
    pub const fn new(table: VmTable) -> Self {
        Self(table.of(Engine::Multilinear))
    }

    /// What its rows are called.
    pub const fn rows(self) -> VmTable {
        self.0
    }
}

impl BaseAir<Val> for MachineTable {
    fn width(&self) -> usize {
        BaseAir::<Val>::width(&self.0)
    }

    fn preprocessed_width(&self) -> usize {
        BaseAir::<Val>::preprocessed_width(&self.0)
    }

    fn num_public_values(&self) -> usize {
        BaseAir::<Val>::num_public_values(&self.0)
    }
}

impl Air<SymbolicBuilder> for MachineTable {
    fn eval(&self, builder: &mut SymbolicBuilder) {
        self.0.eval(builder);
    }
}

impl Table for MachineTable {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn fixed_width(&self) -> usize {
        self.0.fixed_width()
    }

    fn shared_width(&self) -> usize {
        self.0.shared_width()
    }

    fn height_range(&self) -> (usize, usize) {
        self.0.height_range()
    }

    fn has_closed_forms(&self) -> bool {
        matches!(self.0, VmTable::LogRange | VmTable::Byte)
    }

    fn closed_forms<A: Arith>(&self, a: &mut A, point: &[A::E]) -> Vec<A::E> {
        match self.0 {
            VmTable::LogRange => {
                let RangeEntries { values, bits, powers } = range_entries(a, point);
                let u16 = row_number(a, point, 4);
                [values, bits, powers].concat().into_iter().chain([u16]).collect()
            }
            VmTable::Byte => {
                let ByteEntries { x, y, and } = byte_entries(a, point);
                [x, y].into_iter().chain(and).collect()
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use p3_field::{BasedVectorSpace, PrimeCharacteristicRing};
    use proofloom_field::Challenge;
    use proofloom_vm::rows::Decoded;
    use proofloom_weave::{Native, eq_table};

    use super::*;
    use crate::machine::tests::program;

    /// Closed forms are the extensions of the columns that rows are looked up in.
    #[test]
    fn closed_forms_are_the_extensions_of_the_fixed_columns() {
        let program = program();
        let mut a = Native::new("test", &[], ());
        for table in [VmTable::Range, VmTable::Byte].map(MachineTable::new) {
            let fixed = table.rows().fixed(&Decoded { program: &program, rows: &[] }).expect("fixed columns");
            let (log_height, _) = table.height_range();
            let point: Vec<Challenge> = (0..log_height as u32)
                .map(|i| Challenge::from_basis_coefficients_fn(|d| Val::from_u32(7919 * i + 104_729 * (d as u32 + 1))))
                .map(|x| x.cube() + Challenge::TWO)
                .collect();
            let weights = eq_table(&mut a, &point);
            let mut expected = vec![Challenge::ZERO; fixed.width];
            for (row, &weight) in fixed.row_slices().zip(&weights) {
                expected.iter_mut().zip(row).for_each(|(sum, &cell)| *sum += weight * cell);
            }
            assert_eq!(table.closed_forms(&mut a, &point), expected, "{}", table.name());
        }
    }
}
