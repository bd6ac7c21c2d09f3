//! Every table of every run, checked row by row and tuple by tuple without making a proof.

use proofloom_vm::ClaimedExecution;

mod completeness;
mod documented;
mod fault_kinds;
mod faults;
mod faulty_executor;
mod support;
mod trials;
