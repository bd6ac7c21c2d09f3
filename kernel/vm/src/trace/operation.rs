//! Operations, as the rows of the tables that do them need them.

/// An operation that a CPU row asks for. The result is what the run says, not computed here: a wrong one
/// makes rows that cannot be proven.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Code of `crate::opcode`.
    pub code: u32,
    /// First operand.
    pub a: u64,
    /// Second operand.
    pub b: u64,
    /// Result.
    pub c: u64,
    /// Branch target.
    pub t: i64,
}
