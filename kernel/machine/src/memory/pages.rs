//! Lazily made page frames, their table, and copies of changed pages for snapshots.

use std::sync::Arc;

use super::{Fault, PAGE_BYTES};
use crate::initial::InitialMemory;
use crate::map::{ADDRESS_SPACE_END, WORD_BYTES};

const PAGE_WORDS: usize = (PAGE_BYTES / WORD_BYTES) as usize;
const TABLE_LEN: usize = (ADDRESS_SPACE_END / PAGE_BYTES) as usize;

/// Table entry of a page that has a frame; the low bits are the frame's number.
const PRESENT: u32 = 1 << 31;
/// Every word of the page may be loaded.
const LOADABLE: u32 = 1 << 30;
/// Every word of the page may be stored to, and the frame is on the list of changed ones.
const STORABLE: u32 = 1 << 29;
const FRAME: u32 = STORABLE - 1;

type Page = [u64; PAGE_WORDS];

/// A page's words, and which of them were accessed.
struct Frame {
    words: Page,
    /// For each word the mark of its last access since the marks were taken, 0 for none.
    marks: [u8; PAGE_WORDS],
    /// The words accessed before that, one bit each.
    touched: [u64; PAGE_WORDS / 64],
}

impl Frame {
    fn zeroed() -> Box<Self> {
        Box::new(Self {
            words: [0; PAGE_WORDS],
            marks: [0; PAGE_WORDS],
            touched: [0; PAGE_WORDS / 64],
        })
    }

    /// Takes the marks: number of the words that have one, sum of what the marks exceed 1 by.
    fn take_marks(&mut self) -> (u64, u64) {
        let (mut words, mut sum) = (0, 0);
        for (bits, marks) in self.touched.iter_mut().zip(self.marks.as_chunks_mut::<64>().0) {
            for (bit, mark) in marks.iter_mut().enumerate().filter(|(_, mark)| **mark != 0) {
                words += 1;
                sum += u64::from(*mark) - 1;
                *bits |= 1 << bit;
                *mark = 0;
            }
        }
        (words, sum)
    }

    fn is_touched(&self, place: usize) -> bool {
        self.marks[place] != 0 || self.touched[place / 64] >> (place % 64) & 1 == 1
    }
}

struct FrameInfo {
    page: u32,
    /// The whole page is RAM.
    ram: bool,
    /// Whether the frame differs, or may differ, from `saved`.
    changed: bool,
    /// Contents at the last snapshot; `None` as long as they are the initial ones.
    saved: Option<Arc<Page>>,
}

/// The pages of a running program. Frames are numbered in the order of their first touch.
pub(super) struct Pages<'p> {
    initial: InitialMemory<'p>,
    table: Box<[u32; TABLE_LEN]>,
    frames: Vec<Box<Frame>>,
    /// What an access leaves with its word; never 0.
    mark: u8,
    infos: Vec<FrameInfo>,
    changed: Vec<u32>,
    max_frames: u64,
}

/// The touched pages in order, with copies of those ever changed. Copies are shared between
/// snapshots that saw the same contents.
#[derive(Clone, Debug)]
pub(crate) struct PagesSnapshot(Vec<(u32, Option<Arc<Page>>)>);

impl PagesSnapshot {
    pub(super) fn copies(&self) -> usize {
        self.0.iter().filter(|(_, copy)| copy.is_some()).count()
    }
}

const fn page_of(word: u32) -> u32 {
    word / PAGE_WORDS as u32
}

const fn place_in_page(word: u32) -> usize {
    word as usize % PAGE_WORDS
}

fn zeroed<T: Copy + Default, const LEN: usize>() -> Box<[T; LEN]> {
    let slice = vec![T::default(); LEN].into_boxed_slice();
    slice
        .try_into()
        .unwrap_or_else(|_| unreachable!("made with this length"))
}

impl<'p> Pages<'p> {
    pub(super) fn new(initial: InitialMemory<'p>, max_frames: u64) -> Self {
        let (frames, infos, changed) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            initial,
            table: zeroed(),
            frames,
            mark: 1,
            infos,
            changed,
            max_frames,
        }
    }

    /// From now on accesses leave this mark, or 255 instead of a higher one.
    pub(super) fn mark_with(&mut self, mark: u32) {
        self.mark = mark.clamp(1, 255) as u8;
    }

    /// Takes all marks: number of the words that have one, sum of what the marks exceed 1 by.
    pub(super) fn take_marks(&mut self) -> (u64, u64) {
        let taken = self.frames.iter_mut().map(|frame| frame.take_marks());
        taken.fold((0, 0), |(words, sum), (more, marks)| (words + more, sum + marks))
    }

    /// Number of the words ever accessed whose marks were taken.
    pub(super) fn touched_words(&self) -> u64 {
        let bits = self.frames.iter().flat_map(|frame| frame.touched);
        bits.map(|bits| u64::from(bits.count_ones())).sum()
    }

    /// Whether a word was ever accessed.
    pub(super) fn is_touched(&self, word: u32) -> bool {
        let entry = self.table[page_of(word) as usize];
        entry & PRESENT != 0 && self.frames[(entry & FRAME) as usize].is_touched(place_in_page(word))
    }

    pub(super) fn count(&self) -> usize {
        self.frames.len()
    }

    /// The word around an address, if it may be loaded without further ado.
    #[inline(always)]
    pub(super) fn loadable(&mut self, addr: u64) -> Option<u64> {
        if addr >= ADDRESS_SPACE_END {
            return None;
        }
        let entry = self.table[(addr / PAGE_BYTES) as usize];
        if entry & LOADABLE == 0 {
            return None;
        }
        let frame = &mut self.frames[(entry & FRAME) as usize];
        let place = (addr / WORD_BYTES) as usize % PAGE_WORDS;
        frame.marks[place] = self.mark;
        Some(frame.words[place])
    }

    /// The word around an address, if it may be stored to without further ado.
    #[inline(always)]
    pub(super) fn storable(&mut self, addr: u64) -> Option<&mut u64> {
        if addr >= ADDRESS_SPACE_END {
            return None;
        }
        let entry = self.table[(addr / PAGE_BYTES) as usize];
        if entry & STORABLE == 0 {
            return None;
        }
        let frame = &mut self.frames[(entry & FRAME) as usize];
        let place = (addr / WORD_BYTES) as usize % PAGE_WORDS;
        frame.marks[place] = self.mark;
        Some(&mut frame.words[place])
    }

    /// Makes a word's page present, or says why the word cannot be loaded.
    pub(super) fn prepare_load(&mut self, word: u32) -> Result<(), Fault> {
        let entry = self.table[page_of(word) as usize];
        if entry & LOADABLE != 0 {
            return Ok(());
        }
        if !self.initial.is_mapped(word) {
            return Err(Fault::Unmapped);
        }
        if entry & PRESENT == 0 {
            self.make_frame(page_of(word))?;
        }
        Ok(())
    }

    /// Marks the page of a word, already present, as changed, unless the word is read-only.
    pub(super) fn prepare_store(&mut self, word: u32) -> Result<(), Fault> {
        if !self.initial.program().is_ram(word) {
            return Err(Fault::ReadOnly);
        }
        self.mark_changed(page_of(word));
        Ok(())
    }

    /// Notes an access to a word whose page is present.
    pub(super) fn mark(&mut self, word: u32) {
        let frame = self.frame_of(word);
        self.frames[frame].marks[place_in_page(word)] = self.mark;
    }

    /// Value of a word whose page is present.
    pub(super) fn get(&self, word: u32) -> u64 {
        self.frames[self.frame_of(word)].words[place_in_page(word)]
    }

    /// A word whose page is present and marked as changed.
    pub(super) fn get_mut(&mut self, word: u32) -> &mut u64 {
        let frame = self.frame_of(word);
        &mut self.frames[frame].words[place_in_page(word)]
    }

    fn frame_of(&self, word: u32) -> usize {
        (self.table[page_of(word) as usize] & FRAME) as usize
    }

    pub(super) fn peek(&self, word: u32) -> Option<u64> {
        let entry = *self.table.get(page_of(word) as usize)?;
        if entry & LOADABLE != 0 {
            return Some(self.get(word));
        }
        let (_, initial) = self.initial.word(word)?;
        Some(if entry & PRESENT == 0 {
            initial
        } else {
            self.get(word)
        })
    }

    fn make_frame(&mut self, page: u32) -> Result<(), Fault> {
        if self.frames.len() as u64 >= self.max_frames {
            return Err(Fault::MemoryLimit);
        }
        let mut frame = Frame::zeroed();
        let flags = self.fill_initial(page, &mut frame.words);
        let ram = self.initial.program().is_ram(page * PAGE_WORDS as u32);
        self.table[page as usize] = PRESENT | flags | self.frames.len() as u32;
        self.frames.push(frame);
        self.infos.push(FrameInfo {
            page,
            ram,
            changed: false,
            saved: None,
        });
        Ok(())
    }

    /// Writes a page's initial contents into a zeroed frame and says whether all of it is mapped.
    fn fill_initial(&self, page: u32, frame: &mut Page) -> u32 {
        let first = page * PAGE_WORDS as u32;
        let last = first + PAGE_WORDS as u32 - 1;
        let filled = self.initial.fill(first, frame);
        let whole = match (
            self.initial.program().is_ram(first),
            self.initial.program().is_ram(last),
        ) {
            (true, _) => true,
            (false, false) => filled == PAGE_WORDS,
            (false, true) => (first..=last).all(|word| self.initial.is_mapped(word)),
        };
        if whole { LOADABLE } else { 0 }
    }

    fn mark_changed(&mut self, page: u32) {
        let frame = self.table[page as usize] & FRAME;
        let info = &mut self.infos[frame as usize];
        if !info.changed {
            info.changed = true;
            self.changed.push(frame);
        }
        if info.ram {
            self.table[page as usize] |= STORABLE;
        }
    }

    /// Copies the pages changed since the last call.
    pub(super) fn save(&mut self) -> PagesSnapshot {
        for frame in self.changed.drain(..) {
            let info = &mut self.infos[frame as usize];
            info.saved = Some(Arc::new(self.frames[frame as usize].words));
            info.changed = false;
            self.table[info.page as usize] &= !STORABLE;
        }
        let copies = self
            .infos
            .iter()
            .map(|info| (info.page, info.saved.clone()));
        PagesSnapshot(copies.collect())
    }

    /// Goes back to a snapshot of the same program and input. No word counts as accessed afterwards.
    pub(super) fn restore(&mut self, snapshot: &PagesSnapshot) {
        for info in &self.infos {
            self.table[info.page as usize] = 0;
        }
        self.frames.resize_with(snapshot.0.len(), Frame::zeroed);
        self.infos.truncate(snapshot.0.len());
        self.changed.clear();
        for (number, (page, copy)) in snapshot.0.iter().enumerate() {
            self.restore_frame(number, *page, copy);
        }
    }

    fn restore_frame(&mut self, number: usize, page: u32, copy: &Option<Arc<Page>>) {
        let mut frame = Frame::zeroed();
        let flags = self.fill_initial(page, &mut frame.words);
        if let Some(copy) = copy {
            frame.words.copy_from_slice(&**copy);
        }
        self.frames[number] = frame;
        self.table[page as usize] = PRESENT | flags | number as u32;
        let ram = self.initial.program().is_ram(page * PAGE_WORDS as u32);
        let info = FrameInfo {
            page,
            ram,
            changed: false,
            saved: copy.clone(),
        };
        match self.infos.get_mut(number) {
            Some(slot) => *slot = info,
            None => self.infos.push(info),
        }
    }
}
