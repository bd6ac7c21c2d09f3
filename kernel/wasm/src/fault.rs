//! Failures as the interface reports them.

use proofloom_vm::{KernelError, VerifyError};
use serde_json::{Map, Value, json};

use crate::envelope::encode;

/// An error response.
#[derive(Clone, Debug)]
pub struct Fault {
    code: &'static str,
    message: String,
    details: Map<String, Value>,
}

impl Fault {
    /// The request is not as the interface says.
    pub fn request(message: impl Into<String>) -> Self {
        Self { code: "invalid_request", message: message.into(), details: Map::new() }
    }

    /// The kernel contradicts itself.
    pub fn internal(message: impl Into<String>) -> Self {
        Self { code: "internal", message: message.into(), details: Map::new() }
    }

    fn detail(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }

    /// The error response.
    pub fn encode(self) -> Vec<u8> {
        let error = json!({ "code": self.code, "message": self.message, "details": self.details });
        encode(&json!({ "ok": false, "error": error }), &[])
    }
}

impl From<VerifyError> for Fault {
    fn from(error: VerifyError) -> Self {
        let malformed =
            matches!(error, VerifyError::Malformed { .. } | VerifyError::Version { .. } | VerifyError::Tables { .. });
        let code = if malformed { "invalid_proof" } else { "verification_failed" };
        let fault = Self { code, message: error.to_string(), details: Map::new() }.detail("rule", error.code());
        match error.compared() {
            Some((expected, got)) => fault.detail("expected", expected).detail("got", got),
            None => fault,
        }
    }
}

impl From<KernelError> for Fault {
    fn from(error: KernelError) -> Self {
        let message = error.to_string();
        let with = |code| Self { code, message: message.clone(), details: Map::new() };
        match error {
            KernelError::Verify(error) => error.into(),
            KernelError::Elf(_) => with("invalid_elf"),
            KernelError::Trap(trap) => with("guest_failed").detail("failure", trap.code()),
            KernelError::OverLimit(over) => with("limit_exceeded")
                .detail("limit", over.limit.name())
                .detail("value", over.value.to_string())
                .detail("allowed", over.limit.allowed().to_string()),
            KernelError::Argument { what, allowed, got } => {
                with("invalid_request").detail("field", what).detail("expected", allowed).detail("got", got)
            }
            KernelError::StatementMismatch { what, expected, got } => {
                with("invalid_request").detail("field", what).detail("expected", expected).detail("got", got)
            }
            KernelError::Prover(_) => with("internal"),
        }
    }
}
