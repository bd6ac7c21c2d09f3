//! A bump allocator: a guest runs once and for a short time, so nothing is ever freed.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::ptr;

unsafe extern "C" {
    static _heap_start: u8;
    static _heap_end: u8;
}

struct Bump {
    /// Address of the first unused byte; 0 before the first allocation.
    next: Cell<usize>,
}

// SAFETY: there is one thread.
unsafe impl Sync for Bump {}

#[global_allocator]
static HEAP: Bump = Bump { next: Cell::new(0) };

impl Bump {
    fn next(&self) -> usize {
        match self.next.get() {
            0 => &raw const _heap_start as usize,
            next => next,
        }
    }

    /// Takes everything up to `end`; false if the heap does not reach so far.
    fn take_up_to(&self, end: Option<usize>) -> bool {
        match end {
            Some(end) if end <= &raw const _heap_end as usize => {
                self.next.set(end);
                true
            }
            _ => false,
        }
    }
}

// SAFETY: blocks are aligned, inside the heap, and never handed out twice.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.next().next_multiple_of(layout.align());
        if self.take_up_to(start.checked_add(layout.size())) {
            start as *mut u8
        } else {
            ptr::null_mut()
        }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    /// Memory starts zeroed and is used once.
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        unsafe { self.alloc(layout) }
    }

    /// The newest block grows where it is: a growing `Vec` is not copied. Shrinking keeps the block.
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if new_size <= layout.size() {
            return block;
        }
        if block as usize + layout.size() == self.next() {
            let grown = self.take_up_to((block as usize).checked_add(new_size));
            return if grown { block } else { ptr::null_mut() };
        }
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(new_size, layout.align()));
            if !moved.is_null() {
                ptr::copy_nonoverlapping(block, moved, layout.size());
            }
            moved
        }
    }
}
