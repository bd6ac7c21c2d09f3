//! Reports of what a proof is at.

/// Receives the parts of a proof as they end.
pub trait Progress {
    /// A part has ended. One that is done for several tables or layers ends several times.
    fn done(&mut self, part: &'static str);
}

/// Ignores all reports.
impl Progress for () {
    fn done(&mut self, _: &'static str) {}
}
