//! A run of a program, and what a proof of it would carry.

use proofloom_executor::{Limits, load_elf};
use proofloom_vm::{KernelError, Measures, Plan, Start, Stopped, Unprovable, hex};
use serde::Deserialize;
use serde_json::json;

use super::Answer;
use super::job::check_segment_cycles;
use super::statement::{Decimal, statement_json};
use crate::cache::proving_key;
use crate::envelope::{Request, Response};
use crate::report::{Phase, Reporter};

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Purpose {
    /// Only the result.
    Execute,
    /// And what a proof has to carry, but not the digests of the program, which take a key.
    Measure,
    /// All of it.
    Prove,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct LimitFields {
    max_cycles: Decimal,
    max_memory_bytes: u32,
    max_output_bytes: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PlanFields {
    purpose: Purpose,
    segment_cycles: u64,
    limits: LimitFields,
}

pub fn answer(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
    let fields: PlanFields = request.fields()?;
    let [elf, input] = request.exactly()?;
    let limits = Limits {
        max_cycles: fields.limits.max_cycles.0,
        max_memory_bytes: u64::from(fields.limits.max_memory_bytes),
        max_output_bytes: u64::from(fields.limits.max_output_bytes),
        ..Limits::default()
    };
    check_segment_cycles(fields.segment_cycles)?;
    let program = load_elf(elf).map_err(KernelError::from)?;
    let start = Start { program: &program, input, limits, segment_cycles: fields.segment_cycles };
    reporter.progress(Phase::Execute, 0, 1);
    let ran = match fields.purpose {
        Purpose::Execute => start.execute().map(|plan| (plan, None)).map_err(Unprovable::from),
        Purpose::Measure | Purpose::Prove => {
            // What proves the run is asked with the same program and input.
            let request = elf.len() + input.len();
            start.plan(request as u64).map(|(plan, measures)| (plan, Some(measures)))
        }
    };
    let (plan, measures) = match ran {
        Ok(ran) => ran,
        Err(Unprovable::Stopped(stopped)) => return Ok(failed(&stopped)),
        Err(Unprovable::OverLimit(over)) => return Err(KernelError::from(over).into()),
    };
    reporter.progress(Phase::Execute, 1, 1);
    let digests = match fields.purpose {
        Purpose::Execute | Purpose::Measure => Default::default(),
        Purpose::Prove => {
            let key = proving_key(elf, reporter)?;
            (hex(&key.verifying.program_digest()), hex(&key.verifying.digest()))
        }
    };
    Ok(planned(plan, measures, digests))
}

/// The answer about a run that halts.
fn planned(plan: Plan, measures: Option<Measures>, (program_digest, vk_digest): (String, String)) -> Response {
    let measure = |of: fn(Measures) -> u64| measures.map(|measures| of(measures).to_string());
    let fields = json!({
        "outcome": "halted",
        "statement": statement_json(&plan.statement, program_digest, vk_digest),
        "misalignedAccesses": plan.misaligned_accesses.to_string(),
        "wordsTouched": measure(|measures| measures.words),
        "acceleratorCalls": measure(|measures| measures.calls),
        "proofBytes": measure(|measures| measures.proof_bytes),
        "memoryBytes": measure(|measures| measures.memory_bytes),
    });
    Response::new(fields, vec![plan.statement.output])
}

fn failed(Stopped { trap, cycles }: &Stopped) -> Response {
    let failure = json!({
        "code": trap.code(),
        "message": trap.to_string(),
        "pc": trap.pc().map(|pc| pc.to_string()),
        "cycles": cycles.to_string(),
    });
    Response::new(json!({ "outcome": "failed", "failure": failure }), Vec::new())
}
