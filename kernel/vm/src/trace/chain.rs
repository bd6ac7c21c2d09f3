//! Which words a segment touches, and the stamps of their accesses.

use std::collections::HashMap;

/// Words per page of a [`WordMap`].
const PAGE: usize = 512;

/// A map from word numbers to `T`, paged: neighbouring words share an allocation.
#[derive(Clone, Debug, Default)]
pub struct WordMap<T> {
    pages: HashMap<u32, usize>,
    cells: Vec<Box<[T]>>,
    /// Page looked up last, with its position: most accesses stay on it.
    recent: Option<(u32, usize)>,
}

impl<T: Copy + Default> WordMap<T> {
    /// The cell of `word`, created with the default value.
    pub fn entry(&mut self, word: u32) -> &mut T {
        let page = word / PAGE as u32;
        let at = match self.recent {
            Some((recent, at)) if recent == page => at,
            _ => {
                let fresh = self.cells.len();
                let at = *self.pages.entry(page).or_insert(fresh);
                if at == fresh {
                    self.cells.push(vec![T::default(); PAGE].into_boxed_slice());
                }
                self.recent = Some((page, at));
                at
            }
        };
        &mut self.cells[at][word as usize % PAGE]
    }

    /// The value of `word`; the default if it was never set.
    pub fn get(&self, word: u32) -> T {
        match self.pages.get(&(word / PAGE as u32)) {
            Some(&at) => self.cells[at][word as usize % PAGE],
            None => T::default(),
        }
    }

    /// Bytes of all cells.
    pub fn bytes(&self) -> u64 {
        (self.cells.len() * PAGE * size_of::<T>()) as u64
    }

    /// All cells of all pages, by increasing word number.
    pub fn iter(&self) -> impl Iterator<Item = (u32, T)> + '_ {
        let mut pages: Vec<(u32, usize)> =
            self.pages.iter().map(|(&page, &at)| (page, at)).collect();
        pages.sort_unstable();
        pages.into_iter().flat_map(|(page, at)| {
            let first = page * PAGE as u32;
            self.cells[at]
                .iter()
                .enumerate()
                .map(move |(i, &cell)| (first + i as u32, cell))
        })
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
        let registers = (0u8..)
            .zip(self.registers)
            .map(|(i, cell)| (Place::Register(i), cell));
        registers.chain(
            self.memory
                .iter()
                .map(|(word, cell)| (Place::Memory(word), cell)),
        )
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
