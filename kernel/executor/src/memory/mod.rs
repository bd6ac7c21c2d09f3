//! Paged memory with a fast path for aligned accesses to pages already touched.

mod pages;

use core::ops::Range;

pub(crate) use pages::PagesSnapshot;

use crate::initial::InitialMemory;
use crate::map::{ADDRESS_SPACE_END, WORD_BYTES};
use crate::observer::{MemAccess, WordAccess};
use pages::Pages;

/// Bytes per page, the unit of the memory limit and of snapshots.
pub const PAGE_BYTES: u64 = 4096;

/// Why an access cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Unmapped,
    ReadOnly,
    MemoryLimit,
}

/// The words that loads, stores and accelerators touched in a while.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// How many.
    pub words: u64,
    /// The sum, over these words, of the numbers of the periods they were touched in last.
    pub periods: u64,
}

/// Loads and stores that reach into two words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unaligned {
    /// Those of 8 bytes.
    pub wide: u64,
    /// Those of fewer.
    pub narrow: u64,
}

/// The memory of a running program.
pub(crate) struct Memory<'p> {
    pages: Pages<'p>,
    misaligned: u64,
    unaligned: Unaligned,
}

/// All ones in the lowest `bytes` bytes.
const fn mask(bytes: u64) -> u64 {
    u64::MAX >> (64 - 8 * bytes)
}

/// Bit position of an address in its word.
const fn bit(addr: u64) -> u64 {
    8 * (addr % WORD_BYTES)
}

/// The words that hold the first and the last byte of an access.
fn words_of(addr: u64, bytes: u64) -> Result<(u32, u32), Fault> {
    let end = addr.checked_add(bytes).filter(|&end| end <= ADDRESS_SPACE_END);
    let last = end.ok_or(Fault::Unmapped)? - 1;
    Ok(((addr / WORD_BYTES) as u32, (last / WORD_BYTES) as u32))
}

impl<'p> Memory<'p> {
    pub(crate) fn new(initial: InitialMemory<'p>, max_bytes: u64) -> Self {
        let pages = Pages::new(initial, max_bytes / PAGE_BYTES);
        Self { pages, misaligned: 0, unaligned: Unaligned::default() }
    }

    /// Loads and stores so far whose address was no multiple of their size.
    pub(crate) fn misaligned(&self) -> u64 {
        self.misaligned
    }

    /// Loads and stores that reached into two words, since this machine was made.
    pub(crate) fn unaligned(&self) -> Unaligned {
        self.unaligned
    }

    /// Bytes of the pages touched so far.
    pub(crate) fn touched_bytes(&self) -> u64 {
        self.pages.count() as u64 * PAGE_BYTES
    }

    /// Current value of a word, without touching it; `None` if it is not mapped.
    pub(crate) fn peek(&self, word: u32) -> Option<u64> {
        self.pages.peek(word)
    }

    /// Marks accesses from now on as of this period of a segment.
    pub(crate) fn begin_period(&mut self, period: u32) {
        self.pages.mark_with(period.saturating_add(1));
    }

    /// What was touched since this was asked last.
    pub(crate) fn take_touched(&mut self) -> Touched {
        let (words, periods) = self.pages.take_marks();
        Touched { words, periods }
    }

    /// Words touched ever, up to when [`Self::take_touched`] was called last.
    pub(crate) fn touched_words(&self) -> u64 {
        self.pages.touched_words()
    }

    /// Whether a word of the range was ever touched.
    pub(crate) fn is_any_touched(&self, words: Range<u32>) -> bool {
        self.pages.is_any_touched(words)
    }

    /// Whether a word was ever touched.
    pub(crate) fn is_touched(&self, word: u32) -> bool {
        self.pages.is_touched(word)
    }

    /// The `N` bytes at an address, zero-extended.
    #[inline(always)]
    pub(crate) fn load<const N: u64>(&mut self, addr: u64) -> Result<u64, Fault> {
        if addr.is_multiple_of(N)
            && let Some(word) = self.pages.loadable(addr)
        {
            return Ok(word >> bit(addr) & mask(N));
        }
        self.load_slow(addr, N)
    }

    /// Stores the low `N` bytes of `value`.
    #[inline(always)]
    pub(crate) fn store<const N: u64>(&mut self, addr: u64, value: u64) -> Result<(), Fault> {
        if addr.is_multiple_of(N)
            && let Some(word) = self.pages.storable(addr)
        {
            let mask = mask(N) << bit(addr);
            *word = *word & !mask | value << bit(addr) & mask;
            return Ok(());
        }
        self.store_slow(addr, N, value)
    }

    /// First touch of a page, partly mapped pages, misaligned accesses, faults.
    #[cold]
    #[inline(never)]
    fn load_slow(&mut self, addr: u64, bytes: u64) -> Result<u64, Fault> {
        let (first, last) = words_of(addr, bytes)?;
        self.pages.prepare_load(first)?;
        self.pages.prepare_load(last)?;
        self.pages.mark_loaded(first);
        self.pages.mark_loaded(last);
        self.count(addr, bytes);
        let pair = u128::from(self.pages.get(last)) << 64 | u128::from(self.pages.get(first));
        Ok((pair >> bit(addr)) as u64 & mask(bytes))
    }

    #[cold]
    #[inline(never)]
    fn store_slow(&mut self, addr: u64, bytes: u64, value: u64) -> Result<(), Fault> {
        let (first, last) = words_of(addr, bytes)?;
        // All checks come before the first change.
        self.pages.prepare_load(first)?;
        self.pages.prepare_load(last)?;
        self.pages.check_store(first)?;
        self.pages.check_store(last)?;
        self.pages.mark_stored(first);
        self.pages.mark_stored(last);
        self.count(addr, bytes);
        let mask = u128::from(mask(bytes)) << bit(addr);
        let value = u128::from(value) << bit(addr) & mask;
        // Inside one word the second round changes nothing: its part of the mask is empty.
        for (word, shift) in [(first, 0), (last, 64)] {
            let slot = self.pages.get_mut(word);
            *slot = *slot & !((mask >> shift) as u64) | (value >> shift) as u64;
        }
        Ok(())
    }

    /// Lets `change` replace `count` whole words from an address on; returns what they were and are.
    /// On a fault nothing has changed.
    #[cold]
    pub(crate) fn replace(
        &mut self,
        addr: u64,
        count: usize,
        change: impl FnOnce(&mut [u64]),
    ) -> Result<Vec<WordAccess>, Fault> {
        // Only a multiple of the word size is the address of whole words.
        if !addr.is_multiple_of(WORD_BYTES) {
            return Err(Fault::Unmapped);
        }
        let (first, last) = words_of(addr, count as u64 * WORD_BYTES)?;
        for word in first..=last {
            self.pages.prepare_load(word)?;
        }
        for word in first..=last {
            self.pages.check_store(word)?;
        }
        (first..=last).for_each(|word| self.pages.mark_stored(word));
        let mut values: Vec<u64> = (first..=last).map(|word| self.pages.get(word)).collect();
        let before = values.clone();
        change(&mut values);
        let words = (first..=last).zip(before.into_iter().zip(values));
        let touched = words.map(|(word, (before, after))| {
            *self.pages.get_mut(word) = after;
            WordAccess { word, before, after }
        });
        Ok(touched.collect())
    }

    fn count(&mut self, addr: u64, bytes: u64) {
        self.misaligned += u64::from(!addr.is_multiple_of(bytes));
        let crosses = addr % WORD_BYTES + bytes > WORD_BYTES;
        self.unaligned.wide += u64::from(crosses && bytes == WORD_BYTES);
        self.unaligned.narrow += u64::from(crosses && bytes < WORD_BYTES);
    }

    /// The words an access will touch, with their current values as `before` and `after`. Words
    /// that are not mapped read as 0: the access itself will fault.
    pub(crate) fn access(&self, addr: u64, size: u8) -> Option<MemAccess> {
        let (first, last) = words_of(addr, u64::from(size)).ok()?;
        let mut access = MemAccess { addr, size, words: Default::default(), count: 1 };
        access.words[0] = self.observe(first);
        if last != first {
            access.words[1] = self.observe(last);
            access.count = 2;
        }
        Some(access)
    }

    /// Reads the words of an access again, after a store.
    pub(crate) fn complete(&self, access: &mut MemAccess) {
        for touched in &mut access.words[..usize::from(access.count)] {
            touched.after = self.peek(touched.word).unwrap_or(0);
        }
    }

    fn observe(&self, word: u32) -> WordAccess {
        let value = self.peek(word).unwrap_or(0);
        WordAccess { word, before: value, after: value }
    }

    pub(crate) fn save(&mut self) -> MemorySnapshot {
        MemorySnapshot { pages: self.pages.save(), misaligned: self.misaligned }
    }

    pub(crate) fn restore(&mut self, snapshot: &MemorySnapshot) {
        self.pages.restore(&snapshot.pages);
        self.misaligned = snapshot.misaligned;
    }
}

/// The memory's part of a snapshot.
#[derive(Clone, Debug)]
pub(crate) struct MemorySnapshot {
    pages: PagesSnapshot,
    misaligned: u64,
}

impl MemorySnapshot {
    /// Bytes of page copies referred to, shared ones included.
    pub(crate) fn copied_bytes(&self) -> u64 {
        self.pages.copies() as u64 * PAGE_BYTES
    }
}
