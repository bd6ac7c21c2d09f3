//! Heights of a proof's tables as data: one machine is one program, whatever the heights.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

use crate::arith::{Arith, Check};
use crate::machine::Shape;
use crate::profile::MAX_LOG_HEIGHT;

/// log2 heights of all tables, and what follows from them.
#[derive(Clone, Debug)]
pub struct Heights<A: Arith> {
    log: Vec<A::V>,
    flags: Vec<Vec<A::V>>,
    active: Vec<A::V>,
}

impl<A: Arith> Heights<A> {
    /// Of log2 heights, which are shown to be within the tables' ranges.
    pub fn new(a: &mut A, shapes: &[Shape], log: &[A::V]) -> Self {
        let ranges: Vec<_> = shapes.iter().map(|shape| shape.heights).collect();
        Self::of_ranges(a, &ranges, log)
    }

    /// Of log2 heights, which are shown to be within ranges: smallest and largest of each table.
    pub fn of_ranges(a: &mut A, ranges: &[(usize, usize)], log: &[A::V]) -> Self {
        let flags: Vec<Vec<A::V>> = ranges.iter().zip(log).map(|(&range, &log)| flags(a, range, log)).collect();
        let active = (0..MAX_LOG_HEIGHT).map(|bit| any(a, &flags, bit)).collect();
        Self { log: log.to_vec(), flags, active }
    }

    /// The log2 height of a table, to read arrays with.
    pub fn log(&self, table: usize) -> A::V {
        self.log[table]
    }

    /// Per bit of a row, whether a table's rows have it.
    pub fn of_table(&self, table: usize) -> &[A::V] {
        &self.flags[table]
    }

    /// Per bit of a row, whether the rows of any table have it: also of one without interactions.
    pub fn active(&self) -> &[A::V] {
        &self.active
    }
}

fn flags<A: Arith>(a: &mut A, (min, max): (usize, usize), log: A::V) -> Vec<A::V> {
    let (zero, one) = (a.konst(Val::ZERO), a.konst(Val::ONE));
    let mut flags = a.thermometer(log, max);
    let missing = a.sub_v(one, flags[min - 1]);
    a.assert_zero_v(missing, Check::Range);
    flags.resize(MAX_LOG_HEIGHT, zero);
    flags
}

/// 1 - the product of the complements.
fn any<A: Arith>(a: &mut A, flags: &[Vec<A::V>], bit: usize) -> A::V {
    let one = a.konst(Val::ONE);
    let mut none = one;
    for flags in flags {
        let not = a.sub_v(one, flags[bit]);
        none = a.mul_v(none, not);
    }
    a.sub_v(one, none)
}
