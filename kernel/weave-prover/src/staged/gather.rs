//! Groups of rows that the first rounds join, and their atoms.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

use super::plan::Plan;
use crate::lower::as_base;
use crate::packed::{LANES, PackedChallenge, PackedVal, linear, splat, weighted};
use crate::trace::TableTrace;

/// Rounds made from the trace itself.
pub const SMALL: usize = 2;

/// Rows that those rounds join.
pub const GROUP: usize = 1 << SMALL;

/// An atom with coefficients of the base field.
#[derive(Debug)]
struct BaseAtom {
    id: usize,
    constant: Val,
    columns: Vec<(u32, Val)>,
}

/// An atom with coefficients of the challenge field.
#[derive(Debug)]
struct WideAtom {
    constant: PackedChallenge,
    columns: Vec<(u32, PackedChallenge)>,
}

/// Atoms of one table by field.
#[derive(Debug)]
pub struct Atoms {
    base: Vec<BaseAtom>,
    wide: Vec<WideAtom>,
    /// Place of an atom among the wide ones.
    place: Vec<Option<u32>>,
}

impl Atoms {
    pub fn new(plan: &Plan) -> Self {
        let mut atoms = Self { base: Vec::new(), wide: Vec::new(), place: vec![None; plan.atoms.len()] };
        // The selectors' places are no linear forms.
        for (id, linear) in plan.atoms.iter().enumerate().skip(2) {
            if linear.is_base() {
                let value = |x| as_base(x).unwrap_or_default();
                let columns = linear.columns.iter().map(|&(c, x)| (c, value(x))).collect();
                atoms.base.push(BaseAtom { id, constant: value(linear.constant), columns });
            } else {
                atoms.place[id] = Some(atoms.wide.len() as u32);
                let columns = linear.columns.iter().map(|&(c, x)| (c, splat(x))).collect();
                atoms.wide.push(WideAtom { constant: splat(linear.constant), columns });
            }
        }
        atoms
    }

    /// Atoms of both kinds and selectors.
    pub fn count(&self) -> usize {
        self.place.len()
    }

    /// Atoms with coefficients of the challenge field.
    pub fn wide(&self) -> usize {
        self.wide.len()
    }

    /// Where a wide atom's value is.
    pub fn place(&self, atom: u32) -> Option<usize> {
        self.place[atom as usize].map(|place| place as usize)
    }

    /// Values of the atoms of the base field, each at its number.
    #[inline(never)]
    pub fn evaluate(&self, cells: &[PackedVal], out: &mut [PackedVal]) {
        for atom in &self.base {
            out[atom.id] = match &atom.columns[..] {
                [(c, one)] if *one == Val::ONE && atom.constant == Val::ZERO => cells[*c as usize],
                columns => linear(atom.constant, columns, cells),
            };
        }
    }

    /// Values of the wide atoms.
    pub fn evaluate_wide(&self, cells: &[PackedVal], out: &mut [PackedChallenge]) {
        for (atom, out) in self.wide.iter().zip(out) {
            *out = atom.constant + weighted(atom.columns.iter().map(|(c, x)| (x, cells[*c as usize])));
        }
    }
}

/// The cells of as many groups as a vector has lanes.
#[derive(Debug)]
pub struct Gather<'a> {
    trace: TableTrace<'a>,
    /// Columns read at the next row.
    next: Vec<usize>,
    width: usize,
    cells: Vec<PackedVal>,
}

impl<'a> Gather<'a> {
    /// `next` are columns of all groups, by their number.
    pub fn new(trace: TableTrace<'a>, next: Vec<usize>) -> Self {
        let width = trace.width();
        Self { trace, next, width, cells: vec![PackedVal::ZERO; GROUP * 2 * width] }
    }

    /// Loads the groups in the lanes.
    #[inline(never)]
    pub fn load(&mut self, groups: [usize; LANES]) {
        let width = self.width;
        for corner in 0..GROUP {
            let rows = groups.map(|group| GROUP * group + corner);
            self.trace.gather(&rows, &mut self.cells[2 * corner * width..][..width]);
        }
        let height = 1usize << self.trace.log_height();
        let behind = groups.map(|group| (GROUP * group + GROUP) % height);
        for &c in &self.next {
            for corner in 0..GROUP - 1 {
                self.cells[(2 * corner + 1) * width + c] = self.cells[(2 * corner + 2) * width + c];
            }
            self.cells[(2 * GROUP - 1) * width + c] = self.trace.gather_one(c, &behind);
        }
    }

    /// Columns and next columns at a corner: its rows are those with these low bits.
    pub fn corner(&self, corner: usize) -> &[PackedVal] {
        &self.cells[2 * corner * self.width..][..2 * self.width]
    }

    /// The cells of all corners.
    pub fn cells(&self) -> &[PackedVal] {
        &self.cells
    }
}
