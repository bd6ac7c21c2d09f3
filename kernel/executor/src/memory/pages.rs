//! Lazily made page frames, their table, and copies of changed pages for snapshots.

use core::ops::Range;
use std::sync::Arc;

use super::{Fault, PAGE_BYTES};
use crate::initial::InitialMemory;
use crate::map::{ADDRESS_SPACE_END, WORD_BYTES};

const PAGE_WORDS: usize = (PAGE_BYTES / WORD_BYTES) as usize;
const TABLE_LEN: usize = (ADDRESS_SPACE_END / PAGE_BYTES) as usize;

/// Table entry of a page that has a frame; the low bits are the frame's number.
const PRESENT: u32 = 1 << 31;
/// Every word of the page may be loaded, and the frame is on the list of touched ones.
const LOADABLE: u32 = 1 << 30;
/// Every word of the page may be stored to, and the frame is on the lists of changed and of touched ones.
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
        Box::new(Self { words: [0; PAGE_WORDS], marks: [0; PAGE_WORDS], touched: [0; PAGE_WORDS / 64] })
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
    /// Every word of the page may be loaded.
    whole: bool,
    /// The whole page is RAM.
    ram: bool,
    /// Whether the frame is on the list of touched ones: others have no marks.
    touched: bool,
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
    /// Frames accessed since the marks were taken.
    touched: Vec<u32>,
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
    slice.try_into().unwrap_or_else(|_| unreachable!("made with this length"))
}

impl<'p> Pages<'p> {
    pub(super) fn new(initial: InitialMemory<'p>, max_frames: u64) -> Self {
        Self {
            initial,
            table: zeroed(),
            frames: Vec::new(),
            mark: 1,
            infos: Vec::new(),
            changed: Vec::new(),
            touched: Vec::new(),
            max_frames,
        }
    }

    /// From now on accesses leave this mark, or 255 instead of a higher one.
    pub(super) fn mark_with(&mut self, mark: u32) {
        self.mark = mark.clamp(1, 255) as u8;
    }

    /// Takes all marks: number of the words that have one, sum of what the marks exceed 1 by.
    ///
    /// Looks at the frames accessed in between and at no others: who asks often asks for little.
    pub(super) fn take_marks(&mut self) -> (u64, u64) {
        let (mut words, mut sum) = (0, 0);
        for frame in self.touched.drain(..) {
            let info = &mut self.infos[frame as usize];
            info.touched = false;
            self.table[info.page as usize] &= !(LOADABLE | STORABLE);
            let (more, marks) = self.frames[frame as usize].take_marks();
            (words, sum) = (words + more, sum + marks);
        }
        (words, sum)
    }

    /// Number of the words ever accessed whose marks were taken.
    pub(super) fn touched_words(&self) -> u64 {
        let bits = self.frames.iter().flat_map(|frame| frame.touched);
        bits.map(|bits| u64::from(bits.count_ones())).sum()
    }

    /// Whether a word of the range was ever accessed.
    pub(super) fn is_any_touched(&self, words: Range<u32>) -> bool {
        let pages = page_of(words.start)..=page_of(words.end.saturating_sub(1));
        let mut present = self.infos.iter().filter(|info| pages.contains(&info.page));
        present.any(|info| {
            let first = info.page * PAGE_WORDS as u32;
            let here = words.start.max(first)..words.end.min(first + PAGE_WORDS as u32);
            { here }.any(|word| self.is_touched(word))
        })
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

    /// Whether a word may be stored to.
    pub(super) fn check_store(&self, word: u32) -> Result<(), Fault> {
        if !self.initial.program().is_ram(word) {
            return Err(Fault::ReadOnly);
        }
        Ok(())
    }

    /// Notes a load of a word whose page is present.
    pub(super) fn mark_loaded(&mut self, word: u32) {
        let frame = self.frame_of(word);
        self.frames[frame].marks[place_in_page(word)] = self.mark;
        let info = &mut self.infos[frame];
        if !info.touched {
            info.touched = true;
            self.touched.push(frame as u32);
        }
        if info.whole {
            self.table[info.page as usize] |= LOADABLE;
        }
    }

    /// Notes a store to a word whose page is present.
    pub(super) fn mark_stored(&mut self, word: u32) {
        self.mark_loaded(word);
        let frame = self.frame_of(word);
        let info = &mut self.infos[frame];
        if !info.changed {
            info.changed = true;
            self.changed.push(frame as u32);
        }
        if info.ram {
            self.table[info.page as usize] |= STORABLE;
        }
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
        Some(if entry & PRESENT == 0 { initial } else { self.get(word) })
    }

    fn make_frame(&mut self, page: u32) -> Result<(), Fault> {
        if self.frames.len() as u64 >= self.max_frames {
            return Err(Fault::MemoryLimit);
        }
        let (frame, info) = self.frame_at_start(page);
        self.table[page as usize] = PRESENT | self.frames.len() as u32;
        self.frames.push(frame);
        self.infos.push(info);
        Ok(())
    }

    /// A page's frame with its initial contents.
    fn frame_at_start(&self, page: u32) -> (Box<Frame>, FrameInfo) {
        let mut frame = Frame::zeroed();
        let info = FrameInfo {
            page,
            whole: self.fill_initial(page, &mut frame.words),
            ram: self.initial.program().is_ram(page * PAGE_WORDS as u32),
            touched: false,
            changed: false,
            saved: None,
        };
        (frame, info)
    }

    /// Writes a page's initial contents into a zeroed frame and says whether all of it is mapped.
    fn fill_initial(&self, page: u32, frame: &mut Page) -> bool {
        let first = page * PAGE_WORDS as u32;
        let last = first + PAGE_WORDS as u32 - 1;
        let filled = self.initial.fill(first, frame);
        match (self.initial.program().is_ram(first), self.initial.program().is_ram(last)) {
            (true, _) => true,
            (false, false) => filled == PAGE_WORDS,
            (false, true) => (first..=last).all(|word| self.initial.is_mapped(word)),
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
        let copies = self.infos.iter().map(|info| (info.page, info.saved.clone()));
        PagesSnapshot(copies.collect())
    }

    /// Goes back to a snapshot of the same program and input. No word counts as accessed afterwards.
    pub(super) fn restore(&mut self, snapshot: &PagesSnapshot) {
        for info in &self.infos {
            self.table[info.page as usize] = 0;
        }
        self.frames.truncate(snapshot.0.len());
        self.infos.truncate(snapshot.0.len());
        self.changed.clear();
        self.touched.clear();
        for (number, (page, copy)) in snapshot.0.iter().enumerate() {
            self.restore_frame(number, *page, copy);
        }
    }

    fn restore_frame(&mut self, number: usize, page: u32, copy: &Option<Arc<Page>>) {
        let (mut frame, mut info) = self.frame_at_start(page);
        if let Some(copy) = copy {
            frame.words.copy_from_slice(&**copy);
        }
        info.saved.clone_from(copy);
        self.table[page as usize] = PRESENT | number as u32;
        if number < self.frames.len() {
            self.frames[number] = frame;
            self.infos[number] = info;
        } else {
            self.frames.push(frame);
            self.infos.push(info);
        }
    }
}
