//! What `std` asks of the machine: rustc's `zkvm` platform.
//!
//! There are no files, arguments, environment variables, clocks, threads or random numbers.

use core::alloc::{GlobalAlloc, Layout};
use core::{ptr, slice};

use crate::heap::HEAP;
use crate::io::{self, STDERR};
use crate::{EXIT_PANIC, exit};

extern crate std;

/// What `sys_getenv` answers for a variable that is not set.
const NOT_SET: usize = usize::MAX;

/// Before `main`: a panic prints and halts with [`EXIT_PANIC`], as it does without `std`.
pub(crate) fn prepare() {
    std::panic::set_hook(std::boxed::Box::new(|panic| {
        std::eprintln!("{panic}");
        exit(EXIT_PANIC)
    }));
}

/// For those who ask for `std::alloc::System`, which never gives back; other memory comes from the
/// same heap without it.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_alloc_aligned(bytes: usize, align: usize) -> *mut u8 {
    match Layout::from_size_align(bytes, align) {
        // SAFETY: std asks for no empty block.
        Ok(layout) => unsafe { HEAP.alloc(layout) },
        Err(_) => ptr::null_mut(),
    }
}

/// Both stdout and stderr: no output of the machine, but Linux shows it on stderr.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_write(_fd: u32, bytes: *const u8, length: usize) {
    // SAFETY: std gives a slice's parts.
    io::show_under_linux(STDERR, unsafe { slice::from_raw_parts(bytes, length) });
}

/// stdin is empty: the input is what `read_input` gives.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_read(_fd: u32, _bytes: *mut u8, _length: usize) -> usize {
    0
}

/// Zeros, and no secret: every run must be the same. `HashMap` needs it for its keys.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_rand(words: *mut u32, count: usize) {
    // SAFETY: std gives a slice's parts.
    unsafe { ptr::write_bytes(words, 0, count) };
}

#[unsafe(no_mangle)]
unsafe extern "C" fn sys_panic(message: *const u8, length: usize) -> ! {
    unsafe { sys_write(STDERR as u32, message, length) };
    exit(EXIT_PANIC)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn sys_halt(code: u8, _: *const [u32; 8]) -> ! {
    exit(i32::from(code))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn sys_getenv(_: *mut u32, _: usize, _: *const u8, _: usize) -> usize {
    NOT_SET
}

#[unsafe(no_mangle)]
unsafe extern "C" fn sys_argc() -> usize {
    0
}

/// Never called: there is no argument to ask for.
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_argv(_: *mut u32, _: usize, _: usize) -> usize {
    0
}
