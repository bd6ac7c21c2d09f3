//! The order in which column values are claimed: runs of columns of a power of two.

use crate::table::Group;

/// Columns that a table reads at the next row: per group, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NextColumns {
    pub fixed: Vec<usize>,
    pub shared: Vec<usize>,
    pub main: Vec<usize>,
}

impl NextColumns {
    /// Those of one group, numbered within it.
    pub fn of(&self, group: Group) -> &[usize] {
        match group {
            Group::Fixed => &self.fixed,
            Group::Shared => &self.shared,
            Group::Main => &self.main,
        }
    }
}

/// Columns of one table and group that lie in one block of the stack, column after column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    pub table: usize,
    pub group: Group,
    /// log2 of the number of columns.
    pub log_columns: usize,
    /// The columns, numbered within the group.
    pub columns: Vec<usize>,
    /// Whether their next-row values are claimed as well, behind the values of all of them.
    pub next: bool,
    /// Number of the first claim.
    pub first_claim: usize,
}

impl Chunk {
    /// Values that are claimed of the chunk.
    pub const fn claims(&self) -> usize {
        (1 + self.next as usize) << self.log_columns
    }

    /// Number of the first claim of a next-row value.
    pub const fn first_next_claim(&self) -> usize {
        self.first_claim + (1 << self.log_columns)
    }
}

/// The chunks of one table's group: columns read at the next row, then the others, each list cut by the
/// binary digits of its length, largest first. `first_claim` counts on.
pub fn cut(table: usize, group: Group, width: usize, next: &[usize], first_claim: &mut usize) -> Vec<Chunk> {
    let others: Vec<usize> = (0..width).filter(|column| !next.contains(column)).collect();
    let mut chunks = Vec::new();
    for (list, next) in [(next, true), (&others[..], false)] {
        let mut rest = list;
        while let Some(log_columns) = rest.len().checked_ilog2() {
            let (columns, behind) = rest.split_at(1 << log_columns);
            let log_columns = log_columns as usize;
            let chunk = Chunk { table, group, log_columns, columns: columns.to_vec(), next, first_claim: *first_claim };
            *first_claim += chunk.claims();
            chunks.push(chunk);
            rest = behind;
        }
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_cut_by_binary_digits_and_claims_are_counted() {
        let mut claim = 10;
        let chunks = cut(3, Group::Main, 8, &[2, 5, 7], &mut claim);
        let shape: Vec<_> = chunks.iter().map(|c| (c.columns.clone(), c.next, c.first_claim)).collect();
        let expected =
            [(vec![2, 5], true, 10), (vec![7], true, 14), (vec![0, 1, 3, 4], false, 16), (vec![6], false, 20)];
        assert_eq!(shape, expected);
        assert_eq!(claim, 21);
        assert_eq!(chunks[0].first_next_claim(), 12);
        assert!(chunks.iter().all(|c| c.table == 3 && c.group == Group::Main));
    }

    #[test]
    fn thirty_five_columns_are_three_chunks() {
        let chunks = cut(0, Group::Fixed, 35, &[], &mut 0);
        assert_eq!(chunks.iter().map(|c| c.log_columns).collect::<Vec<_>>(), [5, 1, 0]);
    }
}
