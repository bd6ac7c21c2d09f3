//! 10,000 vectors of 1 KB, one after the other; never more than one in use. Then blocks with other
//! alignments, and one that grows.
//!
//! - output: bytes of the heap between the lowest and the highest vector (u64)

#![no_std]
#![no_main]

extern crate alloc;

use alloc::alloc::{Layout, alloc_zeroed, dealloc};
use alloc::vec::Vec;
use core::hint::black_box;

proofloom_guest::entry!(main);

const VECTORS: u64 = 10_000;

fn main() -> Result<(), i32> {
    let (mut lowest, mut highest) = (usize::MAX, 0);
    for i in 0..VECTORS {
        let vector: Vec<u64> = (0..130).map(|j| i * j).collect();
        let addresses = black_box(&vector).as_ptr_range();
        lowest = lowest.min(addresses.start as usize);
        highest = highest.max(addresses.end as usize);
        if vector[129] != i * 129 {
            return Err(1);
        }
    }
    aligned()?;
    growing()?;
    proofloom_guest::write_output(&((highest - lowest) as u64).to_le_bytes());
    Ok(())
}

/// Zeroed memory is zero and aligned, also where it was used before.
fn aligned() -> Result<(), i32> {
    for round in 0..100 {
        for align in [1, 8, 64, 4096] {
            let layout = Layout::from_size_align(1000, align).map_err(|_| 2)?;
            // SAFETY: the block is given back with its layout.
            unsafe {
                let block = alloc_zeroed(layout);
                let bytes = core::slice::from_raw_parts_mut(block, layout.size());
                if !(block as usize).is_multiple_of(align) || bytes.iter().any(|&byte| byte != 0) {
                    return Err(3);
                }
                bytes.fill(round | 1);
                dealloc(black_box(block), layout);
            }
        }
    }
    Ok(())
}

/// A vector keeps its content when it grows, in place and not, and when it shrinks.
fn growing() -> Result<(), i32> {
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for i in 0..5_000_u32 {
        a.push(i);
        b.push(!i);
    }
    a.truncate(1_000);
    a.shrink_to_fit();
    let right = a.iter().enumerate().all(|(i, &value)| value == i as u32)
        && b.iter().enumerate().all(|(i, &value)| value == !(i as u32));
    if right && a.len() == 1_000 && b.len() == 5_000 { Ok(()) } else { Err(4) }
}
