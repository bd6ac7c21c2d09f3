//! The key of a program.

use proofloom_vm::hex;
use serde_json::json;

use super::{Answer, Nothing};
use crate::cache::proving_key;
use crate::envelope::{Request, Response};
use crate::fault::Fault;
use crate::report::Reporter;

pub fn answer(request: &Request<'_>, reporter: &mut dyn Reporter) -> Answer {
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
