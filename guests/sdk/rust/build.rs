//! Puts the linker script where the linker looks for it, so that a guest needs no settings of its own.

use std::path::Path;
use std::{env, fs};

fn main() {
    let script = "../c/link.ld";
    println!("cargo::rerun-if-changed={script}");
    let folder = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::copy(script, Path::new(&folder).join("proofloom.ld")).expect("the C SDK lies next to this crate");
    println!("cargo::rustc-link-search={folder}");
}
