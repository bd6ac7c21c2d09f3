//! Everything the verifier compares before it computes.

use proofloom_field::Digest;

use super::{StarkError, VerifyInput};
use crate::config::CHALLENGE_DEGREE;
use crate::lift::QUOTIENT_CHUNKS;
use crate::machine::Machine;
use crate::proof::{StarkProof, TableOpening};
use crate::shape::TableShape;
use crate::table::Table;

impl<T: Table> Machine<T> {
    /// All checks that need no arithmetic. Returns the log2 heights.
    pub(super) fn check_shape(&self, input: &VerifyInput<'_>, proof: &StarkProof) -> Result<Vec<usize>, StarkError> {
        self.check_input(input)?;
        let tables = self.shapes.len();
        let with_terminal = self.shapes.iter().filter(|shape| !shape.plan.is_empty()).count();
        count("log heights", tables, proof.log_heights.len())?;
        count("table openings", tables, proof.openings.len())?;
        count("terminals", with_terminal, proof.terminals.len())?;
        root("auxiliary", with_terminal > 0, proof.aux_root)?;
        let log_heights: Vec<_> = proof.log_heights.iter().map(|&h| usize::from(h)).collect();
        for (i, shape) in self.shapes.iter().enumerate() {
            check_height(shape, log_heights[i], input.fixed_log_heights[i], input.shared_log_heights[i])?;
            check_widths(shape, &proof.openings[i])?;
        }
        count("quotient chunks", QUOTIENT_CHUNKS, proof.quotient.len())?;
        for chunk in &proof.quotient {
            count("quotient columns", CHALLENGE_DEGREE, chunk.len())?;
        }
        if !self.counts_fit(&log_heights) {
            return Err(StarkError::CountBound { bound: self.count_bound(&log_heights) });
        }
        for (layer, cap) in proof.fri.commit_phase_commits.iter().enumerate() {
            if cap.num_roots() != 1 {
                return Err(StarkError::CapSize { layer, got: cap.num_roots() });
            }
        }
        Ok(log_heights)
    }

    fn check_input(&self, input: &VerifyInput<'_>) -> Result<(), StarkError> {
        let tables = self.shapes.len();
        count("fixed log heights", tables, input.fixed_log_heights.len())?;
        count("shared log heights", tables, input.shared_log_heights.len())?;
        count("public value lists", tables, input.publics.len())?;
        let any = |width: fn(&TableShape) -> usize| self.shapes.iter().any(|s| width(s) > 0);
        root("fixed", any(|shape| shape.fixed_width), input.fixed_root)?;
        root("shared", any(|shape| shape.shared_width), input.shared_root)?;
        for (shape, values) in self.shapes.iter().zip(input.publics) {
            if values.len() != shape.publics {
                let (table, expected, got) = (shape.name, shape.publics, values.len());
                return Err(StarkError::PublicValues { table, expected, got });
            }
        }
        Ok(())
    }
}

fn count(list: &'static str, expected: usize, got: usize) -> Result<(), StarkError> {
    if expected == got { Ok(()) } else { Err(StarkError::Count { list, expected, got }) }
}

fn root(root: &'static str, expected: bool, got: Option<Digest>) -> Result<(), StarkError> {
    if expected == got.is_some() { Ok(()) } else { Err(StarkError::RootPresence { root, expected }) }
}

fn check_height(shape: &TableShape, got: usize, fixed: Option<usize>, shared: Option<usize>) -> Result<(), StarkError> {
    let (table, (min, max)) = (shape.name, shape.height_range);
    if got < min || got > max {
        return Err(StarkError::Height { table, min, max, got });
    }
    let groups = [("fixed", shape.fixed_width, fixed), ("shared", shape.shared_width, shared)];
    for (group, width, expected) in groups {
        if expected != (width > 0).then_some(got) {
            return Err(StarkError::HeightMismatch { table, group, expected, got });
        }
    }
    Ok(())
}

fn check_widths(shape: &TableShape, opening: &TableOpening) -> Result<(), StarkError> {
    let next = &shape.next;
    let aux_next = shape.aux_next().len();
    let expected = [
        ("fixed", shape.fixed_width, opening.fixed.len()),
        ("fixed next", next.fixed.len(), opening.fixed_next.len()),
        ("shared", shape.shared_width, opening.shared.len()),
        ("shared next", next.shared.len(), opening.shared_next.len()),
        ("main", shape.main_width, opening.main.len()),
        ("main next", next.main.len(), opening.main_next.len()),
        ("auxiliary", shape.aux_width(), opening.aux.len()),
        ("auxiliary next", aux_next, opening.aux_next.len()),
    ];
    for (group, expected, got) in expected {
        if expected != got {
            return Err(StarkError::OpenedWidth { table: shape.name, group, expected, got });
        }
    }
    Ok(())
}
