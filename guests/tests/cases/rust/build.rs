//! Tells the oracle how the machine ends a guest that it must stop.

fn main() {
    println!("cargo::rustc-link-arg-bin=stack-into-statics=--defsym=expect_STACK_OVERFLOW=0");
}
