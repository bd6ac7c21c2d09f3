//! How the prover reports what it spends its time on.

/// Receives the phases of a proof. The clock comes from the caller: WASM has none of its own.
///
/// `Sync` because it travels inside the transcript, of which upstream demands it.
pub trait Progress: Sync {
    /// Milliseconds on any monotonic clock.
    fn now_ms(&mut self) -> f64 {
        0.0
    }

    /// One phase has ended and took `ms` milliseconds.
    fn phase(&mut self, name: &'static str, ms: f64);
}

/// Ignores all reports.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn phase(&mut self, _name: &'static str, _ms: f64) {}
}

/// Measures consecutive phases.
pub(crate) struct Stopwatch<'a> {
    progress: &'a mut dyn Progress,
    last: f64,
}

impl<'a> Stopwatch<'a> {
    pub fn start(progress: &'a mut dyn Progress) -> Self {
        let last = progress.now_ms();
        Self { progress, last }
    }

    /// Reports the time since the previous lap as phase `name`.
    pub fn lap(&mut self, name: &'static str) {
        let now = self.progress.now_ms();
        self.progress.phase(name, now - self.last);
        self.last = now;
    }
}
