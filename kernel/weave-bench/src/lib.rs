//! Proofs of a made-up machine as large as the kernel's, measured part by part.
//!
//! | | |
//! |---|---|
//! | native | `cargo run --release -p proofloom-weave-bench -- RUN [REPEAT]` |
//! | WebAssembly | `node measure.mjs $(./build-wasm.sh) [REPEAT [RUN..]]` |
//! | the same bytes on both | `cargo test --release -p proofloom-weave-bench`, `node measure.mjs $(./build-wasm.sh) check` |

mod measure;
mod memory;
mod runs;
mod table;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use measure::{Host, Measured, measure};
pub use runs::{CHECKED, RUNS, Run, Segment};

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;
