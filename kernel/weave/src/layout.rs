//! Where the columns of all tables lie in the stacks (the specification's "Commitment").
//!
//! Units: a *cell* is one base-field element. A stack has columns of `2^stack_variables` cells, and
//! cell A lies in row `A mod 2^stack_variables` of stacked column `A >> stack_variables`. Offsets
//! and sizes count cells; they are 64-bit numbers while they are not known to be small, whatever
//! the target's word is.
//!
//! A machine has chunks of columns in claim order; what a proof adds is a [`Placement`] for each
//! group: the chunks' offsets, and how many columns the stack has.

use core::cmp::Reverse;

use thiserror::Error;

use crate::chunk::Chunk;
use crate::profile::Profile;
use crate::table::Group;

/// Stacked columns of main, at most: the recursive verifier schedules 24 blocks a row.
pub const MAX_MAIN_WIDTH: u16 = 192;

/// A row of a stack is hashed in whole blocks, so widths are multiples of this.
pub const WIDTH_UNIT: u16 = 8;

/// Where the chunks of one group lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// One for each chunk of the group, in claim order.
    pub offsets: Vec<u32>,
    /// Columns of the stack, a multiple of [`WIDTH_UNIT`]; 0 if the group has no chunks.
    pub width: u16,
}

/// Heights or offsets that no stack can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LayoutError {
    /// More cells than the stack may hold.
    #[error("the {group} columns need {needed} stacked columns, at most {limit} are allowed: lower the heights")]
    TooWide { group: Group, needed: u64, limit: u64 },
    /// A width that is none.
    #[error(
        "a stack of {got} main columns: allowed are the multiples of {WIDTH_UNIT} from {WIDTH_UNIT} to {MAX_MAIN_WIDTH}"
    )]
    Width { got: u16 },
    /// One offset for each chunk of main.
    #[error("{got} offsets for {expected} chunks of main columns")]
    Count { expected: usize, got: usize },
    /// A chunk begins at a multiple of its size.
    #[error("chunk {chunk} of main columns at cell {offset}: its 2^{log_cells} cells begin at a multiple of that")]
    Misaligned { chunk: usize, offset: u32, log_cells: usize },
    /// A chunk ends beyond the stack.
    #[error(
        "chunk {chunk} of main columns, 2^{log_cells} cells from cell {offset} on, ends beyond the stack of {width} \
         columns"
    )]
    Beyond { chunk: usize, offset: u32, log_cells: usize, width: u16 },
}

/// The chunks of one group, in claim order.
pub fn chunks_of(chunks: &[Chunk], group: Group) -> impl Iterator<Item = &Chunk> {
    chunks.iter().filter(move |chunk| chunk.group == group)
}

/// Canonical placement: by size, largest first, ties in claim order, each at the running sum.
///
/// # Errors
/// [`LayoutError::TooWide`] for more cells than the group's stack may have.
pub fn place(
    chunks: &[Chunk],
    group: Group,
    log_heights: &[usize],
    profile: &Profile,
) -> Result<Placement, LayoutError> {
    let sizes: Vec<u64> =
        chunks_of(chunks, group).map(|chunk| 1 << log_cells(chunk, log_heights[chunk.table])).collect();
    let width = stacked_columns(sizes.iter().sum(), profile);
    let limit = if group == Group::Main { u64::from(MAX_MAIN_WIDTH) } else { 1 << profile.column_variables };
    if width > limit {
        return Err(LayoutError::TooWide { group, needed: width, limit });
    }
    let mut offsets = vec![0; sizes.len()];
    let mut cells = 0;
    for chunk in by_size(&sizes) {
        // The limit leaves no more than 2^25 cells.
        offsets[chunk] = cells as u32;
        cells += sizes[chunk];
    }
    Ok(Placement { offsets, width: width as u16 })
}

/// Columns before each chunk of a group whose columns all have one height: the canonical offset of a
/// chunk is so many columns.
pub fn columns_before(chunks: &[Chunk], group: Group) -> Vec<usize> {
    let sizes: Vec<u64> = chunks_of(chunks, group).map(|chunk| 1 << chunk.log_columns).collect();
    let (mut before, mut columns) = (vec![0; sizes.len()], 0);
    for chunk in by_size(&sizes) {
        before[chunk] = columns;
        columns += sizes[chunk] as usize;
    }
    before
}

/// The order of canonical placement.
fn by_size(sizes: &[u64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&chunk| Reverse(sizes[chunk]));
    order
}

/// The integer checks that main's placement, which a proof brings along, has to pass.
///
/// Overlaps and cells that no chunk has are harmless: a column is the block at its offset.
///
/// # Errors
/// Every [`LayoutError`] but [`LayoutError::TooWide`].
pub fn check_main(
    chunks: &[Chunk],
    placement: &Placement,
    log_heights: &[usize],
    profile: &Profile,
) -> Result<(), LayoutError> {
    let Placement { offsets, width } = placement;
    check_main_width(*width)?;
    let expected = chunks_of(chunks, Group::Main).count();
    if offsets.len() != expected {
        return Err(LayoutError::Count { expected, got: offsets.len() });
    }
    let end = u64::from(*width) << profile.stack_variables;
    for (chunk, (&offset, shape)) in offsets.iter().zip(chunks_of(chunks, Group::Main)).enumerate() {
        let log_cells = log_cells(shape, log_heights[shape.table]);
        let cells = 1u64 << log_cells;
        if !u64::from(offset).is_multiple_of(cells) {
            return Err(LayoutError::Misaligned { chunk, offset, log_cells });
        }
        if u64::from(offset) + cells > end {
            return Err(LayoutError::Beyond { chunk, offset, log_cells, width: *width });
        }
    }
    Ok(())
}

/// Whether main's stack may have so many columns.
///
/// # Errors
/// [`LayoutError::Width`].
pub const fn check_main_width(width: u16) -> Result<(), LayoutError> {
    if width == 0 || width > MAX_MAIN_WIDTH || !width.is_multiple_of(WIDTH_UNIT) {
        return Err(LayoutError::Width { got: width });
    }
    Ok(())
}

/// log2 of the cells of a chunk.
const fn log_cells(chunk: &Chunk, log_height: usize) -> usize {
    chunk.log_columns + log_height
}

/// Columns of a stack of so many cells, in whole units.
const fn stacked_columns(cells: u64, profile: &Profile) -> u64 {
    let unit = WIDTH_UNIT as u64;
    unit * cells.div_ceil(unit << profile.stack_variables)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chunk::cut;
    use crate::profile::{RELEASED, TESTS};

    /// Two tables; the first has columns in all groups.
    fn chunks() -> Vec<Chunk> {
        let mut claim = 0;
        let first = [(Group::Fixed, 3, &[0][..]), (Group::Shared, 6, &[]), (Group::Main, 35, &[1, 3, 34])];
        let mut chunks: Vec<_> =
            first.iter().flat_map(|&(group, width, next)| cut(0, group, width, next, &mut claim)).collect();
        chunks.extend(cut(1, Group::Main, 1, &[], &mut claim));
        assert_eq!(claim, 49);
        chunks
    }

    #[test]
    fn the_largest_chunks_come_first_and_every_offset_is_a_multiple_of_its_size() {
        let chunks = chunks();
        // Sizes of main's chunks: 2^11, 2^10, 2^15, 2^14.
        let placement = place(&chunks, Group::Main, &[10, 14], &RELEASED).expect("few cells");
        assert_eq!(placement, Placement { offsets: vec![49_152, 51_200, 0, 32_768], width: 8 });
        check_main(&chunks, &placement, &[10, 14], &RELEASED).expect("canonical");
        let low = place(&chunks, Group::Main, &[10, 14], &TESTS).expect("few cells");
        // 52,224 cells in columns of 2^12.
        assert_eq!((low.offsets, low.width), (placement.offsets, 16));
    }

    #[test]
    fn columns_of_one_height_are_placed_by_their_number_whatever_the_height() {
        let chunks = chunks();
        assert_eq!(columns_before(&chunks, Group::Fixed), [2, 0]);
        assert_eq!(columns_before(&chunks, Group::Shared), [0, 4]);
        for log_height in 4..=18 {
            for group in [Group::Fixed, Group::Shared] {
                let placed = place(&chunks, group, &[log_height, 14], &RELEASED).expect("few cells");
                let before = columns_before(&chunks, group);
                assert!(placed.offsets.iter().zip(before).all(|(&o, columns)| o as usize == columns << log_height));
            }
        }
    }

    #[test]
    fn equal_sizes_keep_their_order_and_an_absent_group_has_no_width() {
        let chunks = [cut(0, Group::Main, 2, &[], &mut 0), cut(1, Group::Main, 2, &[], &mut 2)].concat();
        assert_eq!(place(&chunks, Group::Main, &[4, 4], &RELEASED).expect("few").offsets, [0, 32]);
        let absent = place(&chunks, Group::Shared, &[4, 4], &RELEASED).expect("none");
        assert_eq!(absent, Placement { offsets: vec![], width: 0 });
    }

    #[test]
    fn more_cells_than_main_may_have_are_refused() {
        let columns = |count| cut(0, Group::Main, count, &[], &mut 0);
        let refused = place(&columns(25), Group::Main, &[20], &RELEASED);
        assert_eq!(refused, Err(LayoutError::TooWide { group: Group::Main, needed: 200, limit: 192 }));
        let most = place(&columns(24), Group::Main, &[20], &RELEASED);
        assert_eq!(most.map(|placement| placement.width), Ok(192));
    }

    #[test]
    fn what_a_proof_may_not_place_is_refused() {
        let (chunks, heights) = (chunks(), [10, 14]);
        let honest = place(&chunks, Group::Main, &heights, &RELEASED).expect("few cells");
        let check = |change: &dyn Fn(&mut Placement)| {
            let mut placement = honest.clone();
            change(&mut placement);
            check_main(&chunks, &placement, &heights, &RELEASED)
        };
        for width in [0, 4, 12, 200, 256, u16::MAX] {
            assert_eq!(check(&|p| p.width = width), Err(LayoutError::Width { got: width }));
        }
        assert_eq!(check(&|p| p.width = 192), Ok(()));
        assert_eq!(check(&|p| p.offsets.truncate(3)), Err(LayoutError::Count { expected: 4, got: 3 }));
        let misaligned = LayoutError::Misaligned { chunk: 0, offset: 49_153, log_cells: 11 };
        assert_eq!(check(&|p| p.offsets[0] += 1), Err(misaligned));
        let end = 8 << 17;
        assert_eq!(check(&|p| p.offsets[1] = end - (1 << 10)), Ok(()));
        for offset in [end, 0xffff_fc00] {
            let beyond = LayoutError::Beyond { chunk: 1, offset, log_cells: 10, width: 8 };
            assert_eq!(check(&|p| p.offsets[1] = offset), Err(beyond));
        }
        // Overlaps are harmless.
        assert_eq!(check(&|p| p.offsets[1] = 0), Ok(()));
    }
}
