//! Sizes of all tables and every security term.

use proofloom_stark::{QUOTIENT_COLUMNS, TableStats};
use proofloom_vm::{Accelerators, boundary_machine, security_bits, security_reports, segment_machine};
use serde_json::{Value, json};

use super::{Answer, Nothing};
use crate::envelope::{Request, Response};

pub fn answer(request: &Request<'_>) -> Answer {
    let Nothing {} = request.fields()?;
    let [] = request.exactly()?;
    let machines = [("segment", segment_machine(Accelerators::ALL)), ("boundary", boundary_machine())];
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
            let terms: Vec<Value> =
                report.terms.iter().map(|term| json!({ "name": term.name, "bits": term.bits })).collect();
            json!({ "scope": name, "bits": report.bits(), "terms": terms })
        })
        .collect();
    Ok(Response::new(json!({ "proofs": proofs, "security": security, "securityBits": security_bits() }), Vec::new()))
}

fn table_json(table: &TableStats) -> Value {
    let interactions: serde_json::Map<String, Value> =
        table.interactions.iter().map(|(bus, count)| (bus.clone(), json!(count))).collect();
    json!({
        "name": table.name,
        "preprocessed": table.fixed,
        "phaseOne": table.shared,
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
