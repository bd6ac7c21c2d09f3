//! From the machine's start to `main` and to the exit code.

use core::arch::global_asm;

// The machine starts with all registers zero and memory zeroed.
global_asm!(
    ".section .text.start, \"ax\", @progbits",
    ".globl _start",
    "_start:",
    ".option push",
    ".option norelax",
    "la gp, __global_pointer$",
    ".option pop",
    "la sp, __stack_top",
    "call __proofloom_main",
    "unimp",
);

/// What `main` may return.
pub trait Outcome {
    /// The exit code; 0 is success.
    fn exit_code(self) -> i32;
}

impl Outcome for () {
    fn exit_code(self) -> i32 {
        0
    }
}

/// The exit code itself.
impl Outcome for i32 {
    fn exit_code(self) -> i32 {
        self
    }
}

/// An error is its exit code, or 1 if that is 0: it never passes for success.
impl<E: Into<i32>> Outcome for Result<(), E> {
    fn exit_code(self) -> i32 {
        match self.map_err(Into::into) {
            Ok(()) => 0,
            Err(0) => 1,
            Err(code) => code,
        }
    }
}

/// Names the function that the guest begins with. It takes nothing and returns an
/// [`Outcome`](crate::Outcome).
#[macro_export]
macro_rules! entry {
    ($main:path) => {
        #[unsafe(no_mangle)]
        extern "C" fn __proofloom_main() -> ! {
            $crate::exit($crate::Outcome::exit_code($main()))
        }
    };
}
