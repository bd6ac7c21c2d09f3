//! The calls of the interface: each in a file of its name.

mod aggregate;
mod challenge;
mod contribute;
mod info;
mod job;
mod plan;
mod prove;
mod setup;
mod statement;
mod tables;
mod verify;
mod verify_segment;

use serde::Deserialize;

use crate::envelope::{Request, Response};
use crate::fault::Fault;
use crate::report::Reporter;

type Answer = Result<Response, Fault>;

/// Runs one call.
pub fn dispatch(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
    match request.op.as_str() {
        "info" => info::answer(request),
        "tables" => tables::answer(request),
        "setup" => setup::answer(request, reporter),
        "plan" => plan::answer(request, reporter),
        "contribute" => contribute::answer(request, reporter),
        "challenge" => challenge::answer(request),
        "prove" => prove::answer(request, reporter),
        "aggregate" => aggregate::answer(request, reporter),
        "verify_segment" => verify_segment::answer(request, reporter),
        "verify" => verify::answer(request, reporter),
        other => Err(Fault::request(format!("no call named {other:?}"))),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}
