//! Crates and parts of `alloc` that need compare-and-swap.
//!
//! - output: a text made with them
//! - exit: 0, or the number of the check that failed

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;
use alloc::sync::{Arc, Weak};
use core::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};

use bytes::{Buf, BufMut, Bytes, BytesMut};

proofloom_guest::entry!(main);

static TOTAL: spin::Mutex<u64> = spin::Mutex::new(40);
static GREETING: spin::Once<&str> = spin::Once::new();

fn main() -> Result<(), i32> {
    let shared = Arc::new(AtomicU32::new(5));
    let other: Weak<_> = Arc::downgrade(&shared);
    shared.fetch_add(2, Ordering::SeqCst);
    let swapped = shared.compare_exchange(7, 9, Ordering::AcqRel, Ordering::Acquire);
    let refused = shared.compare_exchange(7, 1, Ordering::AcqRel, Ordering::Acquire);
    if (swapped, refused) != (Ok(7), Err(9)) || Arc::strong_count(&shared) != 1 {
        return Err(1);
    }
    drop(shared);
    if other.upgrade().is_some() {
        return Err(2);
    }
    narrow_and_wide()?;
    *TOTAL.lock() += 2;
    let mut buffer = BytesMut::with_capacity(64);
    buffer.put_slice(GREETING.call_once(|| "total").as_bytes());
    buffer.put_u32(7);
    let mut frozen: Bytes = buffer.freeze();
    let word = frozen.split_to(5);
    proofloom_guest::write_output(format!("{:?} {} {}", word, TOTAL.lock(), frozen.get_u32()).as_bytes());
    Ok(())
}

/// Other widths than a register's half.
fn narrow_and_wide() -> Result<(), i32> {
    let (byte, word) = (AtomicU8::new(250), AtomicU64::new(u64::MAX));
    let byte_before = byte.fetch_add(10, Ordering::SeqCst);
    let word_before = word.fetch_and(0xff, Ordering::SeqCst);
    let now = (byte.into_inner(), word.into_inner());
    if (byte_before, word_before, now) == (250, u64::MAX, (4, 0xff)) { Ok(()) } else { Err(3) }
}
