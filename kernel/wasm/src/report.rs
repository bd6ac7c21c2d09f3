//! What a call tells its host while it runs.

use proofloom_stark::Progress;

/// Phases of the interface, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Phase {
    Setup = 0,
    Execute = 1,
    Contribute = 2,
    Prove = 3,
    Aggregate = 4,
    Verify = 5,
}

/// Receives progress and provides a clock.
pub trait Reporter: Sync {
    /// `done` of `total` steps of a phase are done.
    fn progress(&mut self, phase: Phase, done: u32, total: u32);

    /// Milliseconds on a monotonic clock.
    fn now_ms(&mut self) -> f64;

    /// A part of a proof took `ms` milliseconds.
    fn part(&mut self, name: &str, ms: f64);
}

/// Ignores all reports.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Reporter for Silent {
    fn progress(&mut self, _: Phase, _: u32, _: u32) {}
    fn now_ms(&mut self) -> f64 {
        0.0
    }
    fn part(&mut self, _: &str, _: f64) {}
}

/// Parts that proving a segment reports; the count only scales the progress.
const PARTS: u32 = 15;

/// Turns the engine's parts into progress of the prove phase.
pub struct Proving<'a> {
    reporter: &'a mut dyn Reporter,
    done: u32,
}

impl<'a> Proving<'a> {
    pub fn new(reporter: &'a mut dyn Reporter) -> Self {
        reporter.progress(Phase::Prove, 0, PARTS);
        Self { reporter, done: 0 }
    }
}

impl Progress for Proving<'_> {
    fn now_ms(&mut self) -> f64 {
        self.reporter.now_ms()
    }

    fn phase(&mut self, name: &'static str, ms: f64) {
        self.done += 1;
        self.reporter.part(name, ms);
        self.reporter.progress(Phase::Prove, self.done.min(PARTS), PARTS);
    }
}
