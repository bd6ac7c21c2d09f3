//! Every table of every run, checked row by row and tuple by tuple without making a proof.

use proofloom_vm::Account;

mod completeness;
mod documented;
mod faults;
mod liar;
mod lies;
mod support;
mod trials;
