//! Exports and imports of the WASM build.

use std::alloc::{Layout, alloc, dealloc};

use crate::answer;
use crate::report::{Phase, Reporter};

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn pl_progress(phase: u32, done: u32, total: u32);
    fn pl_log(ptr: *const u8, len: usize);
    fn pl_now() -> f64;
}

fn log(line: &str) {
    // SAFETY: the host reads `len` bytes at `ptr` before it returns.
    unsafe { pl_log(line.as_ptr(), line.len()) }
}

struct Host;

impl Reporter for Host {
    fn progress(&mut self, phase: Phase, done: u32, total: u32) {
        // SAFETY: plain numbers; the host does not touch memory.
        unsafe { pl_progress(phase as u32, done, total) }
    }

    fn now_ms(&mut self) -> f64 {
        // SAFETY: as above.
        unsafe { pl_now() }
    }

    fn part(&mut self, name: &str, ms: f64) {
        log(&format!("part {name}: {ms:.1} ms"));
    }
}

/// Alignment of every buffer that crosses the interface.
const ALIGN: usize = 8;

fn layout(len: usize) -> Option<Layout> {
    Layout::from_size_align(len.max(1), ALIGN).ok()
}

/// Room for `len` bytes; null when there is none.
#[unsafe(no_mangle)]
pub extern "C" fn pl_alloc(len: usize) -> *mut u8 {
    // SAFETY: the layout's size is not zero.
    layout(len).map_or(std::ptr::null_mut(), |layout| unsafe { alloc(layout) })
}

/// Gives back a buffer.
///
/// # Safety
/// `ptr` and `len` are those of a buffer from [`pl_alloc`] or [`pl_call`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pl_free(ptr: *mut u8, len: usize) {
    if let Some(layout) = layout(len) {
        // SAFETY: the caller's promise.
        unsafe { dealloc(ptr, layout) }
    }
}

/// Runs the request in `[ptr, ptr + len)`; the answer is `(ptr << 32) | len` of the response.
///
/// # Safety
/// `ptr` and `len` are those of an initialised buffer from [`pl_alloc`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pl_call(ptr: *const u8, len: usize) -> i64 {
    std::panic::set_hook(Box::new(|info| log(&info.to_string())));
    // SAFETY: the caller's promise.
    let request = unsafe { std::slice::from_raw_parts(ptr, len) };
    let response = answer(request, &mut Host);
    let out = pl_alloc(response.len());
    if out.is_null() {
        log("no memory for the response");
        std::process::abort();
    }
    // SAFETY: `out` has room for the response and cannot overlap it.
    unsafe { std::ptr::copy_nonoverlapping(response.as_ptr(), out, response.len()) };
    (((out as usize as u64) << 32) | response.len() as u64) as i64
}
