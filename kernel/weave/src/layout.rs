//! Where the columns of all tables lie in the stacks.

use proofloom_field::Val;
use p3_matrix::dense::RowMajorMatrix;
use p3_field::PrimeCharacteristicRing;

use crate::machine::Shape;
use crate::rows::TableRows;

/// log2 of the rows of a stack.
pub const LOG_ROWS: usize = 17;
/// log2 of the most columns a stack can have.
pub const LOG_COLUMNS: usize = 8;

/// The three oracles, in the order of their points (0, 0), (1, 0), (0, 1).
pub const MAIN: usize = 0;
pub const SHARED: usize = 1;
pub const FIXED: usize = 2;

/// Columns of one height that lie side by side.
#[derive(Clone, Debug)]
pub struct Chunk {
    pub table: usize,
    pub oracle: usize,
    /// Columns, numbered through the table's fixed, shared, main.
    pub columns: Vec<usize>,
    pub log_height: usize,
    /// Whether the columns are claimed at the next row too.
    pub next: bool,
    pub offset: usize,
    /// Number of the first claim.
    pub claim: usize,
}

impl Chunk {
    pub fn cells(&self) -> usize {
        self.columns.len() << self.log_height
    }
}

/// All chunks in claim order, and the widths of the oracles.
pub struct Layout {
    pub chunks: Vec<Chunk>,
    pub widths: [usize; 3],
    pub claims: usize,
}

impl Layout {
    pub fn new(shapes: &[Shape], log_heights: &[usize]) -> Self {
        let mut chunks = Vec::new();
        for (table, shape) in shapes.iter().enumerate() {
            let groups = [
                (FIXED, 0..shape.fixed),
                (SHARED, shape.fixed..shape.preprocessed()),
                (MAIN, shape.preprocessed()..shape.width()),
            ];
            for (oracle, columns) in groups {
                if oracle == FIXED && shape.virtual_fixed {
                    continue;
                }
                let (next, here): (Vec<_>, Vec<_>) =
                    columns.partition(|column| shape.next.contains(column));
                for (next, mut list) in [(true, next), (false, here)] {
                    while !list.is_empty() {
                        let rest = list.split_off(1 << list.len().ilog2());
                        chunks.push(Chunk {
                            table,
                            oracle,
                            columns: list,
                            log_height: log_heights[table],
                            next,
                            offset: 0,
                            claim: 0,
                        });
                        list = rest;
                    }
                }
            }
        }
        let mut claims = 0;
        for chunk in &mut chunks {
            chunk.claim = claims;
            claims += chunk.columns.len() << usize::from(chunk.next);
        }
        let widths = core::array::from_fn(|oracle| place(&mut chunks, oracle));
        Self { chunks, widths, claims }
    }

    /// The stack of one oracle, row by row.
    pub fn stack(&self, oracle: usize, tables: &[TableRows<'_>]) -> RowMajorMatrix<Val> {
        let width = self.widths[oracle];
        let mut stack = Val::zero_vec(width << LOG_ROWS);
        for chunk in self.chunks.iter().filter(|chunk| chunk.oracle == oracle) {
            let rows = &tables[chunk.table];
            let fixed = rows.fixed.map_or(0, |m| m.width);
            let shared = rows.shared.map_or(0, |m| m.width);
            let (matrix, skip) = match oracle {
                FIXED => (rows.fixed, 0),
                SHARED => (rows.shared, fixed),
                _ => (Some(rows.main), fixed + shared),
            };
            let Some(matrix) = matrix else { continue };
            copy_chunk(chunk, matrix, skip, &mut stack, width);
        }
        RowMajorMatrix::new(stack, width)
    }
}

/// Canonical placement: by size, largest first. Returns the width.
fn place(chunks: &mut [Chunk], oracle: usize) -> usize {
    let mut order: Vec<usize> = (0..chunks.len()).filter(|&i| chunks[i].oracle == oracle).collect();
    order.sort_by_key(|&i| core::cmp::Reverse(chunks[i].cells()));
    let mut cells = 0;
    for i in order {
        chunks[i].offset = cells;
        cells += chunks[i].cells();
    }
    8 * cells.div_ceil(8 << LOG_ROWS)
}

fn copy_chunk(chunk: &Chunk, matrix: &RowMajorMatrix<Val>, skip: usize, stack: &mut [Val], width: usize) {
    let mask = (1 << LOG_ROWS) - 1;
    let contiguous = chunk.columns.windows(2).all(|pair| pair[1] == pair[0] + 1);
    for row in 0..1usize << chunk.log_height {
        let from = &matrix.values[row * matrix.width..][..matrix.width];
        let mut at = chunk.offset + row;
        let step = 1 << chunk.log_height;
        if contiguous {
            let first = chunk.columns[0] - skip;
            for &cell in &from[first..first + chunk.columns.len()] {
                stack[(at & mask) * width + (at >> LOG_ROWS)] = cell;
                at += step;
            }
        } else {
            for &column in &chunk.columns {
                stack[(at & mask) * width + (at >> LOG_ROWS)] = from[column - skip];
                at += step;
            }
        }
    }
}
