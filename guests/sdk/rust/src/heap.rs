//! Free lists by size class over a heap that is used from its start upwards.
//!
//! A block belongs to its class for good: it is never split or joined, so taking and giving are a
//! few instructions, and a program whose sizes keep changing holds at most the largest use of each
//! class.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::ptr;

unsafe extern "C" {
    static _heap_start: u8;
    static _heap_end: u8;
}

/// Every block's alignment and the step between the small classes.
const GRAIN: usize = 16;
/// Up to here each multiple of [`GRAIN`] is a class; above there are four to each doubling.
const SMALL: usize = 1024;
const SMALL_CLASSES: usize = SMALL / GRAIN;
/// More than all addresses there are.
const LARGEST: usize = 1 << 32;
const CLASSES: usize = SMALL_CLASSES + 4 * 22;

/// What a free block begins with.
struct Free {
    next: Cell<*mut Free>,
}

pub(crate) struct Heap {
    /// Address of the first byte that was never used; 0 before the first allocation.
    frontier: Cell<usize>,
    free: [Cell<*mut Free>; CLASSES],
}

// SAFETY: there is one thread.
unsafe impl Sync for Heap {}

#[global_allocator]
pub(crate) static HEAP: Heap = Heap {
    frontier: Cell::new(0),
    free: [const { Cell::new(ptr::null_mut()) }; CLASSES],
};

/// The class whose blocks have room for `size` bytes (1 to [`LARGEST`]), and that room.
#[inline]
const fn class_of(size: usize) -> (usize, usize) {
    if size <= SMALL {
        let index = (size - 1) / GRAIN;
        return (index, (index + 1) * GRAIN);
    }
    large_class_of(size)
}

const fn large_class_of(size: usize) -> (usize, usize) {
    let (mut base, mut index) = (SMALL, SMALL_CLASSES);
    while size > 2 * base {
        base *= 2;
        index += 4;
    }
    let step = base / 4;
    let mut room = base + step;
    while size > room {
        room += step;
        index += 1;
    }
    (index, room)
}

impl Heap {
    fn frontier(&self) -> usize {
        match self.frontier.get() {
            0 => &raw const _heap_start as usize,
            address => address,
        }
    }

    /// Whether the heap reaches to `end`, which is then the first unused address.
    fn advance(&self, end: usize) -> bool {
        let fits = end <= &raw const _heap_end as usize;
        if fits {
            self.frontier.set(end);
        }
        fits
    }

    /// Memory that was never used, so all zero.
    fn take_fresh(&self, room: usize, align: usize) -> *mut u8 {
        let start = self.frontier().next_multiple_of(align.max(GRAIN));
        if self.advance(start + room) {
            start as *mut u8
        } else {
            ptr::null_mut()
        }
    }

    /// A block for `layout`, and whether it is all zero. Null if there is none.
    #[inline]
    fn take(&self, layout: Layout) -> (*mut u8, bool) {
        if layout.size() > LARGEST || layout.align() > LARGEST {
            return (ptr::null_mut(), true);
        }
        let (class, room) = class_of(layout.size());
        let mut link: *const Cell<*mut Free> = &raw const self.free[class];
        // SAFETY: the list's blocks were given back, so they begin with a `Free`.
        unsafe {
            // The first one will do, unless its alignment is not enough.
            let mut found = (*link).get();
            while !found.is_null() && !(found as usize).is_multiple_of(layout.align()) {
                link = &raw const (*found).next;
                found = (*link).get();
            }
            if found.is_null() {
                return (self.take_fresh(room, layout.align()), true);
            }
            (*link).set((*found).next.get());
            (found.cast(), false)
        }
    }

    /// Whether the newest block now has room for `new_size` bytes: it grows where it is.
    fn stretch(&self, block: *mut u8, room: usize, new_size: usize) -> bool {
        block as usize + room == self.frontier()
            && new_size <= LARGEST
            && self.advance(block as usize + class_of(new_size).1)
    }
}

// SAFETY: blocks are aligned, inside the heap, as large as their class, and in use once at a time.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.take(layout).0
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let (class, _) = class_of(layout.size());
        let block: *mut Free = block.cast();
        unsafe { (&raw mut (*block).next).write(Cell::new(self.free[class].get())) };
        self.free[class].set(block);
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let (block, zero) = self.take(layout);
        if !zero {
            unsafe { ptr::write_bytes(block, 0, layout.size()) };
        }
        block
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let (class, room) = class_of(layout.size());
        // A block keeps its class, or `dealloc` would look for it in another.
        if new_size <= LARGEST && class_of(new_size).0 == class {
            return block;
        }
        if new_size > room && self.stretch(block, room, new_size) {
            return block;
        }
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(new_size, layout.align()));
            if !moved.is_null() {
                ptr::copy_nonoverlapping(block, moved, layout.size().min(new_size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}
