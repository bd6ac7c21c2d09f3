//! Whether the proof of a segment holds.

use proofloom_vm::{BOUNDARY, BoundaryProof, Context, SegmentProof, challenge, verify_boundary, verify_segment};
use serde::Deserialize;
use serde_json::json;

use super::Answer;
use super::statement::{StatementFields, commitment_of, parse_commitments, parse_key};
use crate::envelope::{Request, Response};
use crate::fault::Fault;
use crate::report::{Phase, Reporter};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerifySegmentFields {
    statement: StatementFields,
    segment: u32,
}

pub fn answer(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
    let VerifySegmentFields { statement: fields, segment } = request.fields()?;
    let [vk, output, commitments, proof] = request.exactly()?;
    let key = parse_key(vk)?;
    let digest = fields.check_key(&key)?;
    let (boundary, segments) = parse_commitments(commitments, fields.segments)?;
    let commitment = commitment_of(segment, &boundary, &segments)?;
    let context = Context::new(&key, challenge(&digest, &fields.statement(output), &boundary, &segments));
    reporter.progress(Phase::Verify, 0, 1);
    let sum = if segment == BOUNDARY {
        let proof = BoundaryProof::decode(proof)?;
        verify_boundary(&context, &commitment, &proof)?;
        proof.sum
    } else {
        let proof = SegmentProof::decode(proof)?;
        verify_segment(&context, &commitment, &proof)?;
        proof.sum
    };
    reporter.progress(Phase::Verify, 1, 1);
    let sum = bcs::to_bytes(&sum).map_err(|error| Fault::internal(error.to_string()))?;
    Ok(Response::new(json!({}), vec![sum]))
}
