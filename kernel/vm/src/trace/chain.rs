//! Which words a segment touches, and the stamps of their accesses.

use crate::layout::{SPACE_MEM, SPACE_REG};

/// log2 of the words of a block: neighbours that share an allocation.
const LOG_BLOCK: u32 = 3;
const BLOCK: usize = 1 << LOG_BLOCK;
/// log2 of the children of a node.
const LOG_NODE: u32 = 9;
const NODE: usize = 1 << LOG_NODE;
/// Levels of nodes over the blocks.
const LEVELS: u32 = 3;
const _: () = assert!(LOG_BLOCK + LEVELS * LOG_NODE >= crate::layout::WORD_BITS);
/// No child. Node 0 is the root and nobody's child, block 0 nobody's either.
const NONE: u32 = 0;

/// A map from word numbers to `T`, as a tree: neighbouring words share a block, and a word far from all
/// others costs no more than a block and a part of a node. So the map is about as large as the number of
/// words allows, wherever they lie.
#[derive(Clone, Debug, Default)]
pub struct WordMap<T> {
    #[expect(clippy::vec_box, reason = "growing moves pointers, not nodes: there may be a hundred thousand")]
    nodes: Vec<Box<[u32; NODE]>>,
    blocks: Vec<[T; BLOCK]>,
    /// Block looked up last, with its position: many accesses stay on it.
    recent: Option<(u32, u32)>,
}

/// Position of a word's child in a node of this level, the lowest being 0.
const fn slot(word: u32, level: u32) -> usize {
    (word >> (LOG_BLOCK + LOG_NODE * level)) as usize % NODE
}

impl<T: Copy + Default> WordMap<T> {
    /// The cell of `word`, created with the default value.
    pub fn entry(&mut self, word: u32) -> &mut T {
        let block = match self.recent {
            Some((recent, block)) if recent == word >> LOG_BLOCK => block,
            _ => self.block(word),
        };
        &mut self.blocks[block as usize][word as usize % BLOCK]
    }

    fn block(&mut self, word: u32) -> u32 {
        if self.nodes.is_empty() {
            self.nodes.push(Box::new([NONE; NODE]));
            self.blocks.push(Default::default());
        }
        let mut at = 0;
        for level in (0..LEVELS).rev() {
            let child = self.nodes[at as usize][slot(word, level)];
            at = if child == NONE { self.add(at, word, level) } else { child };
        }
        self.recent = Some((word >> LOG_BLOCK, at));
        at
    }

    /// Gives a node a child for `word`: another node, or, on the lowest level, a block.
    #[cold]
    fn add(&mut self, node: u32, word: u32, level: u32) -> u32 {
        let child = if level == 0 {
            self.blocks.push(Default::default());
            self.blocks.len() - 1
        } else {
            self.nodes.push(Box::new([NONE; NODE]));
            self.nodes.len() - 1
        };
        self.nodes[node as usize][slot(word, level)] = child as u32;
        child as u32
    }

    /// The value of `word`; the default if it was never set.
    pub fn get(&self, word: u32) -> T {
        let mut at = 0;
        for level in (0..LEVELS).rev() {
            match self.nodes.get(at as usize).map_or(NONE, |node| node[slot(word, level)]) {
                NONE => return T::default(),
                child => at = child,
            }
        }
        self.blocks[at as usize][word as usize % BLOCK]
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> u64 {
        (self.nodes.len() * size_of::<[u32; NODE]>() + self.blocks.len() * size_of::<[T; BLOCK]>()) as u64
    }

    /// Most bytes that a map of so many words on so many pages takes while it grows.
    pub fn most_bytes(words: u64, pages: u64) -> u64 {
        const PAGE: u64 = (proofloom_executor::PAGE_BYTES / 8) >> LOG_BLOCK;
        const LOWEST: u64 = 1 << (crate::layout::WORD_BITS - LOG_BLOCK - LOG_NODE);
        let (nodes, blocks) = (pages.min(LOWEST) + LOWEST.isqrt(), words.min(pages * PAGE));
        // Growing doubles the room for blocks, and the old ones are there until they are copied.
        nodes * size_of::<[u32; NODE]>() as u64 + 3 * blocks * size_of::<[T; BLOCK]>() as u64
    }

    /// All cells of all blocks, by increasing word number.
    pub fn iter(&self) -> impl Iterator<Item = (u32, T)> + '_ {
        let root = self.nodes.first().map(|_| (0, 0));
        let children = |level: u32| {
            move |(node, first): (u32, u32)| {
                let child = move |(slot, &child): (usize, &u32)| {
                    (child, first | (slot as u32) << (LOG_BLOCK + LOG_NODE * level))
                };
                self.nodes[node as usize].iter().enumerate().map(child).filter(|&(child, _)| child != NONE)
            }
        };
        let blocks = root.into_iter().flat_map(children(2)).flat_map(children(1)).flat_map(children(0));
        blocks.flat_map(|(block, first)| (first..).zip(self.blocks[block as usize]))
    }
}

/// Something for each of the 32 registers and for each memory word.
#[derive(Clone, Debug, Default)]
pub struct Words<T> {
    pub registers: [T; 32],
    pub memory: WordMap<T>,
}

/// Where a token lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Register(u8),
    Memory(u32),
}

impl Place {
    /// Space and address.
    pub const fn coordinates(self) -> (u32, u32) {
        match self {
            Self::Register(register) => (SPACE_REG, register as u32),
            Self::Memory(word) => (SPACE_MEM, word),
        }
    }
}

impl<T: Copy + Default> Words<T> {
    /// The cell of a place.
    pub fn entry(&mut self, place: Place) -> &mut T {
        match place {
            Place::Register(register) => &mut self.registers[usize::from(register)],
            Place::Memory(word) => self.memory.entry(word),
        }
    }

    /// The value at a place.
    pub fn get(&self, place: Place) -> T {
        match place {
            Place::Register(register) => self.registers[usize::from(register)],
            Place::Memory(word) => self.memory.get(word),
        }
    }

    /// Registers, then memory words, each by increasing address.
    pub fn iter(&self) -> impl Iterator<Item = (Place, T)> + '_ {
        let registers = (0u8..).zip(self.registers).map(|(i, cell)| (Place::Register(i), cell));
        registers.chain(self.memory.iter().map(|(word, cell)| (Place::Memory(word), cell)))
    }
}

/// What a segment did to one word.
#[derive(Clone, Copy, Debug, Default)]
pub struct Touch {
    /// Value when the segment began.
    pub entering: u64,
    /// Value after the last access.
    pub leaving: u64,
    /// Stamp of the last access; 0 if there was none.
    pub last: u32,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Words at the borders of blocks and nodes and between, in no order.
    fn words() -> Vec<u32> {
        let borders = (0..29).flat_map(|bit| [1u32 << bit, (1 << bit) - 1]);
        let others = (1..2000u32).map(|i| i.wrapping_mul(2_654_435_761) >> 3);
        borders.chain(others).chain([(1 << 29) - 1]).collect()
    }

    #[test]
    fn a_map_has_what_was_put_there_in_the_order_of_words() {
        let (mut map, mut expected) = (WordMap::<u64>::default(), BTreeMap::new());
        assert_eq!((map.get(7), map.iter().count()), (0, 0));
        for (i, word) in (1..).zip(words()) {
            *map.entry(word) += i;
            *expected.entry(word).or_insert(0) += i;
        }
        let found: Vec<_> = map.iter().filter(|&(_, cell)| cell != 0).collect();
        assert_eq!(found, expected.clone().into_iter().collect::<Vec<_>>());
        assert!(expected.iter().all(|(&word, &cell)| map.get(word) == cell));
        assert_eq!(map.get(3 << 20 | 5), 0);
    }

    #[test]
    fn a_map_is_as_large_as_its_words_allow() {
        let on_pages = |words: u32, stride: u32| {
            let mut map = WordMap::<Touch>::default();
            (0..words).for_each(|i| map.entry(i * stride).last = 1);
            map.bytes()
        };
        // One word on each of 2^17 pages, and as many side by side.
        let (sparse, dense) = (on_pages(1 << 17, 512), on_pages(1 << 17, 1));
        assert!(sparse < 64 << 20 && dense < 4 << 20, "{sparse} {dense}");
        assert!(sparse <= WordMap::<Touch>::most_bytes(1 << 17, 1 << 17));
        assert!(dense <= WordMap::<Touch>::most_bytes(1 << 17, 1 << 8));
        // Pages as far apart as they can be.
        assert!(on_pages(1 << 13, 1 << 16) <= WordMap::<Touch>::most_bytes(1 << 13, 1 << 13));
    }
}
