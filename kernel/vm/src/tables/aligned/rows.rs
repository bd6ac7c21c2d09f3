//! Rows of ALIGNED.

use super::AlignedCols;
use crate::opcode;
use crate::trace::memory::{Common, Request};
use crate::trace::rows::Rows;
use crate::trace::values::{bit, limb_vals, val};

#[inline(never)]
pub fn push(rows: &mut Rows, request: &Request<'_>, common: &Common) {
    let access = request.mem.words[0];
    let cols = AlignedCols {
        load: bit(request.code == opcode::LD),
        store: bit(request.code == opcode::SD),
        a: common.a,
        t: common.t,
        clk: common.clk,
        low: common.low,
        high: common.high,
        before: limb_vals(access.before),
        after: limb_vals(access.after),
        previous: val(request.previous[0]),
        bound: common.bound,
    };
    cols.write(rows.push());
}
