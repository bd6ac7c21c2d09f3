//! The global challenge of a run.

use proofloom_vm::challenge;
use serde::Deserialize;
use serde_json::json;

use super::Answer;
use super::statement::{StatementFields, parse_commitments};
use crate::envelope::{Request, Response, digest_bytes, parse_hex};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChallengeFields {
    statement: StatementFields,
}

pub fn answer(request: &Request<'_>) -> Answer {
    let ChallengeFields { statement: fields } = request.fields()?;
    let [output, commitments] = request.exactly()?;
    let vk = parse_hex(&fields.vk_digest, "statement.vkDigest")?;
    let (boundary, segments) = parse_commitments(commitments, fields.segments)?;
    let gamma = challenge(&vk, &fields.statement(output), &boundary, &segments);
    Ok(Response::new(json!({}), vec![digest_bytes(&gamma)]))
}
