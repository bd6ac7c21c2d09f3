//! Rows of ALIGNED.

use super::AlignedCols;
use crate::opcode;
use crate::trace::counts::Counts;
use crate::trace::memory::{Address, Request};
use crate::trace::rows::Rows;
use crate::trace::values::{bit, limb_vals, val};

/// LD and SD of a whole word.
#[inline(never)]
pub fn fill(rows: &mut Rows, counts: &mut Counts, request: &Request<'_>) {
    let address = Address::new(counts, request);
    let access = request.mem.words[0];
    let cols = AlignedCols {
        load: bit(request.code == opcode::LD),
        store: bit(request.code == opcode::SD),
        a: address.a,
        t: address.t,
        clk: address.clk,
        low: address.low,
        high: address.high,
        before: limb_vals(access.before),
        after: limb_vals(access.after),
        previous: val(request.previous[0]),
        bound: address.bound,
    };
    cols.write(rows.push());
}
