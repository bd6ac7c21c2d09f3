//! Input, output and halting, as the machine defines them.

use core::arch::asm;
use core::{ptr, slice};

use crate::EXIT_PANIC;

const INPUT_BASE: usize = 0x4000_0000;
const INPUT_MAX_BYTES: usize = 256 << 20;
const OUTPUT_BASE: usize = 0xf000_0000;
/// Both regions begin with their length in bytes.
const LENGTH_BYTES: usize = 8;
/// Linux numbers: an emulator of Linux programs runs the same file and shows the same output.
const ECALL_WRITE: usize = 64;
const ECALL_EXIT: usize = 93;
const STDOUT: usize = 1;
#[cfg(feature = "std")]
pub(crate) const STDERR: usize = 2;

/// The private input, without copying it; its first byte is 8-byte aligned. Halts with
/// [`EXIT_PANIC`] if its length is said to be more than the 256 MiB that an input may have.
#[must_use]
pub fn read_input() -> &'static [u8] {
    // SAFETY: the machine maps the length word, read-only, for the whole run.
    let length = unsafe { ptr::read(INPUT_BASE as *const usize) };
    // It comes from the prover. Behind a greater one there is no memory to go with it.
    if length > INPUT_MAX_BYTES {
        exit(EXIT_PANIC);
    }
    // SAFETY: the machine maps as many bytes, read-only, for the whole run.
    unsafe { slice::from_raw_parts((INPUT_BASE + LENGTH_BYTES) as *const u8, length) }
}

/// Appends to the public output. A run whose whole output exceeds the machine's limit (1 MiB
/// unless set otherwise) is refused when it halts.
pub fn write_output(bytes: &[u8]) {
    let length = OUTPUT_BASE as *mut usize;
    // SAFETY: nothing else uses the output region, and there is one thread. Output that does not
    // fit ends at the end of memory, where the machine stops the run.
    unsafe {
        let end = (OUTPUT_BASE + LENGTH_BYTES + ptr::read(length)) as *mut u8;
        ptr::copy_nonoverlapping(bytes.as_ptr(), end, bytes.len());
        ptr::write(length, ptr::read(length) + bytes.len());
    }
    show_under_linux(STDOUT, bytes);
}

/// A no-op in the machine.
pub(crate) fn show_under_linux(file: usize, bytes: &[u8]) {
    // SAFETY: reads `bytes` and changes a0 alone.
    unsafe {
        asm!("ecall", inlateout("a0") file => _, in("a1") bytes.as_ptr(), in("a2") bytes.len(),
             in("a7") ECALL_WRITE, options(nostack));
    }
}

/// Halts. Code 0 is success; any other code says that the run failed.
pub fn exit(code: i32) -> ! {
    // SAFETY: the machine does not go on after this call.
    unsafe { asm!("ecall", in("a0") code, in("a7") ECALL_EXIT, options(noreturn, nostack)) }
}
