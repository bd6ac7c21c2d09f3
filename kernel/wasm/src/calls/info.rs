//! What this kernel is.

use proofloom_stark::PROOF_PARAMETERS;
use proofloom_vm::layout::MAX_SEGMENT_CYCLES;
use proofloom_vm::{FORMAT_VERSION, TABLES_REVISION, security_bits};
use serde_json::json;

use super::{Answer, Nothing};
use crate::envelope::{Request, Response};

pub fn answer(request: &Request<'_>) -> Answer {
    let Nothing {} = request.fields()?;
    let [] = request.exactly()?;
    let fields = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "proofParameters": PROOF_PARAMETERS.id,
        "proofFormat": FORMAT_VERSION,
        "tablesRevision": TABLES_REVISION,
        "sourceDigest": option_env!("PROOFLOOM_SOURCE_DIGEST").unwrap_or(""),
        "minSegmentCycles": 1,
        "maxSegmentCycles": MAX_SEGMENT_CYCLES,
        "securityBits": security_bits(),
    });
    Ok(Response::new(fields, Vec::new()))
}
