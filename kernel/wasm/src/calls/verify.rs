//! Whether a final proof holds.

use proofloom_vm::{hex, security_bits, verify};
use serde::Deserialize;
use serde_json::json;

use super::Answer;
use super::statement::statement_json;
use crate::cache::proving_key;
use crate::envelope::{Request, Response, parse_hex};
use crate::fault::Fault;
use crate::report::{Phase, Reporter};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct VerifyFields {
    expect: Expect,
    vk_digest: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Expect {
    Elf,
    Vk,
}

pub fn answer(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
    let fields: VerifyFields = request.fields()?;
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
    let statement = statement_json(&verified.statement, hex(&verified.key.program_digest()), hex(&vk));
    let fields = json!({ "statement": statement, "securityBits": security_bits() });
    Ok(Response::new(fields, vec![verified.statement.output]))
}
