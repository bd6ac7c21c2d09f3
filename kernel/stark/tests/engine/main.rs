//! Tests of the whole engine on a small machine.

mod encoding;
mod fixture;
mod honest;
mod machine;
mod report;
mod security;
mod tamper;
mod toy;
