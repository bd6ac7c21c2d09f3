//! One proof, its time and memory by part, its size and digest.

use p3_field::PrimeField32;
use proofloom_weave::{Encoder, Group, WeaveProof, verify_proof};
use proofloom_weave_prover::{GroupCommitment, Inputs, Progress, prove};

use crate::memory;
use crate::runs::{Run, Segment};

/// A clock.
pub trait Host {
    /// Milliseconds on any monotonic clock, best of the thread's own time.
    fn now_ms(&mut self) -> f64;
}

/// A part of a proof.
#[derive(Clone, Debug)]
pub struct Part {
    pub name: &'static str,
    pub ms: f64,
    /// The most bytes that were allocated during it.
    pub peak: usize,
}

/// What a proof took.
#[derive(Clone, Debug)]
pub struct Measured {
    pub parts: Vec<Part>,
    pub rows_bytes: usize,
    pub fractions: usize,
    pub columns: usize,
    pub bytes: usize,
    /// First element of the digest of its bytes.
    pub digest: u32,
    pub verify_ms: f64,
}

struct Laps<'h> {
    host: &'h mut dyn Host,
    last: f64,
    parts: Vec<Part>,
}

impl Progress for Laps<'_> {
    fn done(&mut self, name: &'static str) {
        let now = self.host.now_ms();
        let (ms, peak) = (now - self.last, memory::take_peak());
        self.last = now;
        match self.parts.iter_mut().find(|part| part.name == name) {
            Some(part) => {
                part.ms += ms;
                part.peak = part.peak.max(peak);
            }
            None => self.parts.push(Part { name, ms, peak }),
        }
    }
}

/// Proves a run and verifies the proof.
///
/// # Errors
/// What was refused, in words: a fault of the engine or of this crate.
pub fn measure(run: &Run, host: &mut dyn Host) -> Result<Measured, String> {
    let before = memory::now();
    let segment = Segment::new(run).map_err(|error| error.to_string())?;
    let rows_bytes = memory::now() - before;
    let (traces, machine) = (segment.traces(), &segment.machine);
    let commit = |group| GroupCommitment::new(machine, group, &traces).map_err(|error| error.to_string());
    // Made once for a program.
    let fixed = commit(Group::Fixed)?;
    memory::take_peak();
    let mut laps = Laps { last: host.now_ms(), host, parts: Vec::new() };
    let shared = commit(Group::Shared)?;
    laps.done("commit: shared");
    let instance = segment.instance(fixed.root(), shared.root());
    let inputs = Inputs { machine, instance: &instance, traces: &traces, fixed: &fixed, shared: &shared };
    let proof = prove(&inputs, &mut laps).map_err(|error| error.to_string())?;
    let Laps { host, parts, .. } = laps;
    let bytes = proof.encode();
    let begun = host.now_ms();
    let decoded = WeaveProof::decode(machine, &bytes).map_err(|error| error.to_string())?;
    verify_proof(machine, &instance, &decoded).map_err(|error| error.to_string())?;
    Ok(Measured {
        parts,
        rows_bytes,
        fractions: segment.fractions(),
        columns: usize::from(proof.main.width),
        bytes: bytes.len(),
        digest: Encoder::default().bytes(&bytes).digest("weave/bench")[0].as_canonical_u32(),
        verify_ms: host.now_ms() - begun,
    })
}

impl std::fmt::Display for Measured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mib = |bytes: usize| bytes as f64 / f64::from(1 << 20);
        writeln!(
            f,
            "{} fractions, {} stacked columns, {:.0} MiB of rows; {} bytes, digest {}; verified in {:.1} ms",
            self.fractions,
            self.columns,
            mib(self.rows_bytes),
            self.bytes,
            self.digest,
            self.verify_ms
        )?;
        for part in &self.parts {
            writeln!(f, "  {:28} {:8.1} ms {:6.0} MiB", part.name, part.ms, mib(part.peak))?;
        }
        let (ms, peak) = self.parts.iter().fold((0.0, 0), |(ms, peak), part| (ms + part.ms, peak.max(part.peak)));
        write!(f, "  {:28} {ms:8.1} ms {:6.0} MiB", "all", mib(peak))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::CHECKED;

    struct NoClock;

    impl Host for NoClock {
        fn now_ms(&mut self) -> f64 {
            0.0
        }
    }

    /// The module for WebAssembly compares its proof with the same record: `check` in `wasm.rs`.
    #[test]
    fn the_bytes_of_a_proof_are_those_of_every_target() {
        let measured = measure(&CHECKED, &mut NoClock).expect("a run with a proof");
        assert_eq!(Some(measured.digest), CHECKED.digest);
    }
}
