//! Tests of the whole engine on a small machine.

mod dishonest;
mod encoding;
mod fixture;
mod honest;
mod knowledge;
mod machine;
mod report;
mod security;
mod tamper;
mod toy;
