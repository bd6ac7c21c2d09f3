//! The final proof, of the proofs of all segments.

use proofloom_vm::{aggregate, aggregate_verified};
use serde::Deserialize;
use serde_json::json;

use super::Answer;
use super::statement::{StatementFields, parse_commitments, parse_key};
use crate::envelope::{Request, Response};
use crate::fault::Fault;
use crate::report::{Phase, Reporter};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AggregateFields {
    statement: StatementFields,
    /// Whether the proofs are to be verified; if not, that was done one by one.
    verify_proofs: bool,
}

pub fn answer(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
    let AggregateFields { statement: fields, verify_proofs } = request.fields()?;
    let [vk, output, commitments, boundary, segments @ ..] = request.blobs.as_slice() else {
        return Err(Fault::request("aggregate: fewer than four blobs"));
    };
    let key = parse_key(vk)?;
    let _ = fields.check_key(&key)?;
    let (boundary_commitment, segment_commitments) = parse_commitments(commitments, fields.segments)?;
    reporter.progress(Phase::Aggregate, 0, 1);
    let segments: Vec<Vec<u8>> = segments.iter().map(|bytes| bytes.to_vec()).collect();
    let statement = fields.statement(output);
    let bytes = if verify_proofs {
        aggregate(&key, &statement, boundary, &segments)?
    } else {
        let commitments = [vec![boundary_commitment], segment_commitments].concat();
        aggregate_verified(&key, &statement, &commitments, boundary, &segments)?
    };
    reporter.progress(Phase::Aggregate, 1, 1);
    Ok(Response::new(json!({}), vec![bytes]))
}
