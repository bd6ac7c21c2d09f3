//! The kernel's binary interface, as `docs/kernel-abi.md` describes it.
//!
//! [`answer`] turns one request into one response; on WASM the exports in `host` wrap it. It is an
//! ordinary function natively, so that both builds answer the same bytes to the same bytes.

mod cache;
mod calls;
mod envelope;
mod fault;
#[cfg(target_arch = "wasm32")]
mod host;
mod report;

pub use report::{Phase, Reporter, Silent};

/// Answers one request. Every failure is a response too.
pub fn answer(request: &[u8], reporter: &mut dyn Reporter) -> Vec<u8> {
    let outcome = envelope::Request::parse(request).and_then(|request| calls::dispatch(&request, reporter));
    match outcome {
        Ok(response) => response.encode(),
        Err(fault) => fault.encode(),
    }
}
