//! The calls of the interface.

use proofloom_field::Digest;
use proofloom_machine::{Limits, Trap, load_elf};
use proofloom_stark::{PROFILE, QUOTIENT_COLUMNS, TableStats};
use proofloom_vm::layout::MAX_SEGMENT_CYCLES;
use proofloom_vm::{
    Accelerators, BOUNDARY, BoundaryProof, Context, FORMAT_VERSION, Job, KernelError, Measures, Plan, ProvingKey,
    SegmentProof, Start, Statement, Stopped, TABLES_REVISION, Unprovable, VerifyingKey, aggregate, boundary_machine, challenge, hex, join,
    security_bits, security_reports, segment_machine, verify, verify_boundary, verify_segment,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cache::proving_key;
use crate::envelope::{DIGEST_BYTES, Request, Response, digest_bytes, parse_digest, parse_hex};
use crate::fault::Fault;
use crate::report::{Phase, Proving, Reporter};

type Answer = Result<Response, Fault>;

/// Runs one call.
pub fn dispatch(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
    match request.op.as_str() {
        "info" => info(request),
        "tables" => tables(request),
        "setup" => setup(request, reporter),
        "plan" => plan(request, reporter),
        "contribute" => contribute(request, reporter),
        "challenge" => gamma(request),
        "prove" => prove(request, reporter),
        "aggregate" => combine(request, reporter),
        "verify_segment" => check_segment(request, reporter),
        "verify" => check(request, reporter),
        other => Err(Fault::request(format!("no call named {other:?}"))),
    }
}

/// A 64-bit number as decimal text.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Decimal(u64);

impl TryFrom<String> for Decimal {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
            .map(Self)
            .map_err(|error| format!("{text:?}: {error}"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct StatementFields {
    program_digest: String,
    vk_digest: String,
    exit_code: u32,
    cycles: Decimal,
    segments: u32,
}

impl StatementFields {
    fn statement(&self, output: &[u8]) -> Statement {
        Statement {
            exit_code: self.exit_code,
            cycles: self.cycles.0,
            output: output.to_vec(),
            segments: self.segments,
        }
    }

    /// The statement must be about the program at hand.
    fn check_key(&self, key: &VerifyingKey) -> Result<Digest, Fault> {
        let digest = key.digest();
        let got = [
            (&self.vk_digest, hex(&digest), "vkDigest"),
            (
                &self.program_digest,
                hex(&key.program_digest()),
                "programDigest",
            ),
        ];
        for (said, is, field) in got {
            if *said != is {
                return Err(Fault::request(format!(
                    "statement.{field} is {said}, the program's is {is}"
                )));
            }
        }
        Ok(digest)
    }
}

fn statement_json(statement: &Statement, program_digest: String, vk_digest: String) -> Value {
    json!({
        "programDigest": program_digest,
        "vkDigest": vk_digest,
        "exitCode": statement.exit_code,
        "cycles": statement.cycles.to_string(),
        "segments": statement.segments,
    })
}

/// Bytes of all leaves of a statement, however many segments it claims: in 32 bits they would wrap.
const fn leaves_bytes(segments: u32) -> u64 {
    (segments as u64 + 1) * DIGEST_BYTES as u64
}

/// The boundary's leaf and the segments' leaves.
fn parse_leaves(bytes: &[u8], segments: u32) -> Result<(Digest, Vec<Digest>), Fault> {
    let expected = leaves_bytes(segments);
    if bytes.len() as u64 != expected {
        return Err(Fault::request(format!(
            "leaves: {} bytes, expected {expected}",
            bytes.len()
        )));
    }
    let mut leaves = bytes
        .chunks(DIGEST_BYTES)
        .map(|bytes| parse_digest(bytes, "leaf"));
    let boundary = leaves
        .next()
        .ok_or_else(|| Fault::request("leaves: none"))??;
    Ok((boundary, leaves.collect::<Result<_, _>>()?))
}

fn parse_key(bytes: &[u8]) -> Result<VerifyingKey, Fault> {
    bcs::from_bytes(bytes).map_err(|error| Fault::request(format!("vk: {error}")))
}

fn info(request: &Request<'_>) -> Answer {
    let Nothing {} = request.fields()?;
    let [] = request.exactly()?;
    let fields = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "profile": PROFILE.id,
        "proofFormat": FORMAT_VERSION,
        "tablesRevision": TABLES_REVISION,
        "sourceDigest": option_env!("PROOFLOOM_SOURCE_DIGEST").unwrap_or(""),
        "minSegmentCycles": 1,
        "maxSegmentCycles": MAX_SEGMENT_CYCLES,
        "securityBits": security_bits(),
    });
    Ok(Response::new(fields, Vec::new()))
}

/// Sizes of all tables and every security term.
fn tables(request: &Request<'_>) -> Answer {
    let Nothing {} = request.fields()?;
    let [] = request.exactly()?;
    let machines = [
        ("segment", segment_machine(Accelerators::ALL)),
        ("boundary", boundary_machine()),
    ];
    let proofs: Vec<Value> = machines
        .into_iter()
        .map(|(name, machine)| {
            let tables: Vec<_> = machine.stats().iter().map(table_json).collect();
            json!({ "proof": name, "quotient": QUOTIENT_COLUMNS, "tables": tables })
        })
        .collect();
    let security: Vec<Value> = security_reports()
        .into_iter()
        .map(|(name, report)| {
            let terms: Vec<Value> = report
                .terms
                .iter()
                .map(|term| json!({ "name": term.name, "bits": term.bits }))
                .collect();
            json!({ "scope": name, "bits": report.bits(), "terms": terms })
        })
        .collect();
    Ok(Response::new(
        json!({ "proofs": proofs, "security": security, "securityBits": security_bits() }),
        Vec::new(),
    ))
}

fn table_json(table: &TableStats) -> Value {
    let interactions: serde_json::Map<String, Value> = table
        .interactions
        .iter()
        .map(|(bus, count)| (bus.clone(), json!(count)))
        .collect();
    json!({
        "name": table.name,
        "fixed": table.fixed,
        "shared": table.shared,
        "main": table.main,
        "aux": table.aux,
        "committedPerRow": table.committed_per_row(),
        "constraints": table.constraints,
        "maxDegree": table.max_degree,
        "publics": table.publics,
        "logHeight": [table.height_range.0, table.height_range.1],
        "interactions": interactions,
    })
}

fn setup(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
    let Nothing {} = request.fields()?;
    let [elf] = request.exactly()?;
    let key = proving_key(elf, reporter)?;
    let vk = bcs::to_bytes(&key.verifying).map_err(|error| Fault::internal(error.to_string()))?;
    let fields = json!({
        "programDigest": hex(&key.verifying.program_digest()),
        "vkDigest": hex(&key.verifying.digest()),
    });
    Ok(Response::new(fields, vec![vk]))
}

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

fn plan(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
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
            (
                hex(&key.verifying.program_digest()),
                hex(&key.verifying.digest()),
            )
        }
    };
    Ok(planned(plan, measures, digests))
}

/// The answer about a run that halts.
fn planned(
    plan: Plan,
    measures: Option<Measures>,
    (program_digest, vk_digest): (String, String),
) -> Response {
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
    Response::new(
        json!({ "outcome": "failed", "failure": failure }),
        Vec::new(),
    )
}

fn check_segment_cycles(got: u64) -> Result<(), Fault> {
    if (1..=MAX_SEGMENT_CYCLES).contains(&got) {
        return Ok(());
    }
    Err(Fault::request(format!(
        "segmentCycles is {got}, allowed is 1 to {MAX_SEGMENT_CYCLES}"
    )))
}

/// A run that the coordinator has planned under its limits needs none of its own, but an end.
fn job<'a>(key: &'a ProvingKey, input: &'a [u8], segment_cycles: u64, max_cycles: u64) -> Job<'a> {
    let limits = Limits {
        max_cycles,
        max_memory_bytes: u64::MAX,
        max_output_bytes: u64::from(u32::MAX),
        ..Limits::default()
    };
    key.job(input, limits, segment_cycles)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ContributeFields {
    segment_cycles: u64,
    segments: Vec<u32>,
}

fn contribute(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
    let fields: ContributeFields = request.fields()?;
    let [elf, input] = request.exactly()?;
    check_segment_cycles(fields.segment_cycles)?;
    let key = proving_key(elf, reporter)?;
    reporter.progress(Phase::Contribute, 0, 1);
    // As many segments as a proof has at most are an end as well.
    let job = job(&key, input, fields.segment_cycles, u64::MAX);
    let found = job.contribute(&fields.segments)?;
    let leaf = |segment: &u32| {
        found
            .iter()
            .find(|one| one.segment == *segment)
            .map(|one| digest_bytes(&one.leaf))
    };
    let leaves: Option<Vec<Vec<u8>>> = fields.segments.iter().map(leaf).collect();
    reporter.progress(Phase::Contribute, 1, 1);
    let leaves = leaves.ok_or_else(|| Fault::internal("a contribution is missing"))?;
    Ok(Response::new(json!({}), vec![leaves.concat()]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChallengeFields {
    statement: StatementFields,
}

fn gamma(request: &Request<'_>) -> Answer {
    let ChallengeFields { statement: fields } = request.fields()?;
    let [output, leaves] = request.exactly()?;
    let vk = parse_hex(&fields.vk_digest, "statement.vkDigest")?;
    let (boundary, segments) = parse_leaves(leaves, fields.segments)?;
    let gamma = challenge(&vk, &fields.statement(output), &boundary, &segments);
    Ok(Response::new(json!({}), vec![digest_bytes(&gamma)]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ProveFields {
    statement: StatementFields,
    segment_cycles: u64,
    segment: u32,
}

fn prove(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
    let fields: ProveFields = request.fields()?;
    let [elf, input, output, leaves] = request.exactly()?;
    check_segment_cycles(fields.segment_cycles)?;
    let key = proving_key(elf, reporter)?;
    let vk = fields.statement.check_key(&key.verifying)?;
    let (boundary, segments) = parse_leaves(leaves, fields.statement.segments)?;
    let expected = leaf_of(fields.segment, &boundary, &segments)?;
    let gamma = challenge(
        &vk,
        &fields.statement.statement(output),
        &boundary,
        &segments,
    );
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

fn leaf_of(segment: u32, boundary: &Digest, segments: &[Digest]) -> Result<Digest, Fault> {
    let leaf = match segment.checked_sub(BOUNDARY + 1) {
        None => Some(*boundary),
        Some(before) => segments.get(before as usize).copied(),
    };
    leaf.ok_or_else(|| Fault::request(format!("segment {segment} of {}", segments.len())))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AggregateFields {
    statement: StatementFields,
    /// Whether the proofs are to be verified; if not, that was done one by one.
    verify_proofs: bool,
}

fn combine(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
    let AggregateFields {
        statement: fields,
        verify_proofs,
    } = request.fields()?;
    let [vk, output, leaves, boundary, segments @ ..] = request.blobs.as_slice() else {
        return Err(Fault::request("aggregate: fewer than four blobs"));
    };
    let key = parse_key(vk)?;
    let _ = fields.check_key(&key)?;
    let (boundary_leaf, segment_leaves) = parse_leaves(leaves, fields.segments)?;
    reporter.progress(Phase::Aggregate, 0, 1);
    let segments: Vec<Vec<u8>> = segments.iter().map(|bytes| bytes.to_vec()).collect();
    let statement = fields.statement(output);
    let bytes = if verify_proofs {
        aggregate(&key, &statement, boundary, &segments)?
    } else {
        let leaves = [vec![boundary_leaf], segment_leaves].concat();
        join(&key, &statement, &leaves, boundary, &segments)?
    };
    reporter.progress(Phase::Aggregate, 1, 1);
    Ok(Response::new(json!({}), vec![bytes]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckSegmentFields {
    statement: StatementFields,
    segment: u32,
}

fn check_segment(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
    let CheckSegmentFields {
        statement: fields,
        segment,
    } = request.fields()?;
    let [vk, output, leaves, proof] = request.exactly()?;
    let key = parse_key(vk)?;
    let digest = fields.check_key(&key)?;
    let (boundary, segments) = parse_leaves(leaves, fields.segments)?;
    let leaf = leaf_of(segment, &boundary, &segments)?;
    let context = Context::new(
        &key,
        challenge(&digest, &fields.statement(output), &boundary, &segments),
    );
    reporter.progress(Phase::Verify, 0, 1);
    let sum = if segment == BOUNDARY {
        let proof = BoundaryProof::decode(proof)?;
        verify_boundary(&context, &leaf, &proof)?;
        proof.sum
    } else {
        let proof = SegmentProof::decode(proof)?;
        verify_segment(&context, &leaf, &proof)?;
        proof.sum
    };
    reporter.progress(Phase::Verify, 1, 1);
    let sum = bcs::to_bytes(&sum).map_err(|error| Fault::internal(error.to_string()))?;
    Ok(Response::new(json!({}), vec![sum]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct CheckFields {
    expect: Expect,
    vk_digest: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Expect {
    Elf,
    Vk,
}

fn check(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
    let fields: CheckFields = request.fields()?;
    let (vk, proof) = match (fields.expect, fields.vk_digest) {
        (Expect::Elf, None) => {
            let [proof, elf] = request.exactly()?;
            (proving_key(elf, reporter)?.verifying.digest(), proof)
        }
        (Expect::Vk, Some(digest)) => {
            let [proof] = request.exactly()?;
            (parse_hex(&digest, "vkDigest")?, proof)
        }
        _ => return Err(Fault::request("verify: vkDigest goes with expect = vk")),
    };
    reporter.progress(Phase::Verify, 0, 1);
    let verified = verify(&vk, proof)?;
    reporter.progress(Phase::Verify, 1, 1);
    let statement = statement_json(
        &verified.statement,
        hex(&verified.key.program_digest()),
        hex(&vk),
    );
    let fields = json!({ "statement": statement, "securityBits": security_bits() });
    Ok(Response::new(fields, vec![verified.statement.output]))
}

#[cfg(test)]
mod tests {
    use p3_field::PrimeCharacteristicRing;

    use super::*;

    /// On a machine of 32 bits, 2^27 segments would need 2^32 bytes, that is none.
    #[test]
    fn no_number_of_segments_makes_the_leaves_look_short() {
        assert_eq!(leaves_bytes(0), 32);
        assert_eq!(leaves_bytes((1 << 27) - 1), 1 << 32);
        assert_eq!(leaves_bytes(u32::MAX), 1 << 37);
        for segments in [1, (1 << 27) - 1, (1 << 27) - 2, u32::MAX] {
            let refused = parse_leaves(&[], segments).map(|_| ());
            assert!(refused.is_err(), "{segments}");
        }
    }

    #[test]
    fn a_segment_beyond_the_last_has_no_leaf() {
        let leaf = |x| [proofloom_field::Val::from_u32(x); 8];
        let segments = [leaf(1), leaf(2)];
        let found = |segment| leaf_of(segment, &leaf(0), &segments).ok();
        assert_eq!([0, 1, 2].map(found), [Some(leaf(0)), Some(leaf(1)), Some(leaf(2))]);
        assert_eq!([3, u32::MAX].map(found), [None, None]);
    }
}
