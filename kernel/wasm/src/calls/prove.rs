//! The proof of a segment, or of the boundary.

use proofloom_executor::Trap;
use proofloom_vm::{KernelError, challenge};
use serde::Deserialize;
use serde_json::json;

use super::Answer;
use super::job::{check_segment_cycles, job};
use super::statement::{StatementFields, commitment_of, parse_commitments};
use crate::cache::proving_key;
use crate::envelope::{Request, Response};
use crate::report::{Proving, Reporter};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ProveFields {
    statement: StatementFields,
    segment_cycles: u64,
    segment: u32,
}

pub fn answer(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
    let fields: ProveFields = request.fields()?;
    let [elf, input, output, commitments] = request.exactly()?;
    check_segment_cycles(fields.segment_cycles)?;
    let key = proving_key(elf, reporter)?;
    let vk = fields.statement.check_key(&key.verifying)?;
    let (boundary, segments) = parse_commitments(commitments, fields.statement.segments)?;
    let expected = commitment_of(fields.segment, &boundary, &segments)?;
    let gamma = challenge(&vk, &fields.statement.statement(output), &boundary, &segments);
    let cycles = fields.statement.cycles.0;
    let job = job(&key, input, fields.segment_cycles, cycles);
    let proof = job.prove_for(fields.segment, gamma, &expected, &mut Proving::new(reporter));
    let proof = proof.map_err(|error| too_long(error, cycles))?;
    let fields = json!({ "logHeights": proof.log_heights });
    Ok(Response::new(fields, vec![proof.bytes]))
}

/// A run that goes on for longer than the statement says is not the statement's.
fn too_long(error: KernelError, cycles: u64) -> KernelError {
    match error {
        KernelError::Trap(Trap::CycleLimit { .. }) => KernelError::StatementMismatch {
            what: "cycles",
            expected: cycles.to_string(),
            got: format!("more than {cycles}"),
        },
        error => error,
    }
}
