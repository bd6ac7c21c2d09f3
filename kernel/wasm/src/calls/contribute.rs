//! What the segments of a run commit to.

use serde::Deserialize;
use serde_json::json;

use super::Answer;
use super::job::{check_segment_cycles, job};
use crate::cache::proving_key;
use crate::envelope::{Request, Response, digest_bytes};
use crate::fault::Fault;
use crate::report::{Phase, Reporter};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ContributeFields {
    segment_cycles: u64,
    segments: Vec<u32>,
}

pub fn answer(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
    let fields: ContributeFields = request.fields()?;
    let [elf, input] = request.exactly()?;
    check_segment_cycles(fields.segment_cycles)?;
    let key = proving_key(elf, reporter)?;
    reporter.progress(Phase::Contribute, 0, 1);
    // As many segments as a proof has at most are an end as well.
    let job = job(&key, input, fields.segment_cycles, u64::MAX);
    let found = job.contribute(&fields.segments)?;
    let commitment =
        |segment: &u32| found.iter().find(|one| one.segment == *segment).map(|one| digest_bytes(&one.commitment));
    let commitments: Option<Vec<Vec<u8>>> = fields.segments.iter().map(commitment).collect();
    reporter.progress(Phase::Contribute, 1, 1);
    let commitments = commitments.ok_or_else(|| Fault::internal("a contribution is missing"))?;
    Ok(Response::new(json!({}), vec![commitments.concat()]))
}
