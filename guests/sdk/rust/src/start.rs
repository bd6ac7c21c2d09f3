//! From the machine's start to `main` and to the exit code.

use core::arch::global_asm;

// The machine starts with all registers zero and memory zeroed. The tables of constructors and
// destructors are those of C code that is linked in.
global_asm!(
    ".section .text.start, \"ax\", @progbits",
    ".globl _start",
    "_start:",
    ".option push",
    ".option norelax",
    "la gp, __global_pointer$",
    ".option pop",
    "la sp, __stack_top",
    "la tp, __tls_base",
    "call __proofloom_start",
    "unimp",
);

type Function = extern "C" fn();

unsafe extern "C" {
    static __init_array_start: [Function; 0];
    static __init_array_end: [Function; 0];
    static __fini_array_start: [Function; 0];
    static __fini_array_end: [Function; 0];

    /// [`entry!`](crate::entry)'s, or the one that rustc makes of a `main` with `std`.
    fn main(argc: i32, argv: *const *const u8) -> i32;
}

#[unsafe(no_mangle)]
extern "C" fn __proofloom_start() -> ! {
    // SAFETY: the linker script puts whole tables of functions between these symbols.
    unsafe {
        run((&raw const __init_array_start).cast(), (&raw const __init_array_end).cast());
        #[cfg(feature = "std")]
        crate::std_platform::prepare();
        let code = main(0, core::ptr::null());
        run((&raw const __fini_array_start).cast(), (&raw const __fini_array_end).cast());
        crate::exit(code)
    }
}

/// Calls the functions of a table.
unsafe fn run(mut next: *const Function, end: *const Function) {
    while next < end {
        unsafe {
            (*next)();
            next = next.add(1);
        }
    }
}

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

/// Names the function that a guest without `std` begins with. It takes nothing and returns an
/// [`Outcome`](crate::Outcome). With `std` an ordinary `main` is enough.
#[macro_export]
macro_rules! entry {
    ($main:path) => {
        #[unsafe(export_name = "main")]
        extern "C" fn __proofloom_main(_: i32, _: *const *const u8) -> i32 {
            $crate::Outcome::exit_code($main())
        }
    };
}
