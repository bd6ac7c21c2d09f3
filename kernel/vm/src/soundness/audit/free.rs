//! Cells that may hold anything, and why that harms nobody.

use super::Cells;

/// Columns of a table that are free on some rows.
pub struct Free {
    table: &'static str,
    /// Names, without index where the whole group is meant.
    columns: &'static [&'static str],
    /// Which rows.
    on: fn(&Cells) -> bool,
    /// Why it does not matter.
    #[expect(dead_code, reason = "for the reader")]
    because: &'static str,
}

/// A padding row counts nothing on any bus: nobody reads what it says.
const PADDING: &str = "padding: the row is on no bus";

/// All cells that may be free.
///
/// Two of the tables, LOCAL and INITFIN, are committed to by segment commitments. Whoever fills their padding
/// otherwise gets another commitment, another gamma and another proof of the same statement: a new draw
/// of challenges, which the security count allows for each hash.
pub const LIST: &[Free] = &[
    Free {
        table: "CPU",
        columns: &["opcode", "rd", "rs1", "rs2", "t", "a", "b", "c", "old", "previous"],
        on: |row| row.get("real") == 0,
        because: PADDING,
    },
    Free {
        table: "CPU",
        columns: &["old", "previous[2]"],
        on: |row| row.get("real") == 1 && row.get("writes_rd") == 0,
        because: "nothing is written: there is no access to rd",
    },
    Free {
        table: "CPU",
        columns: &["previous[1]"],
        on: |row| row.get("real") == 1 && row.get("uses_rs2") == 0,
        because: "the operand is the immediate: there is no access to rs2",
    },
    Free { table: "LOGIC", columns: &["a", "b", "both"], on: |row| !row.any(&["and", "or", "xor"]), because: PADDING },
    Free { table: "NOT", columns: &["a"], on: |row| row.get("real") == 0, because: PADDING },
    Free { table: "WORD", columns: &["a", "b", "c", "sign"], on: |row| !row.any(&["add", "sub"]), because: PADDING },
    Free {
        table: "COMPARE",
        columns: &["signed", "branch", "t", "gap"],
        on: |row| row.get("real") == 0,
        because: PADDING,
    },
    Free {
        table: "COMPARE",
        columns: &["gap"],
        on: |row| row.get("real") == 1 && !row.any(&["mark[0]", "mark[1]", "mark[2]", "mark[3]"]),
        because: "equal operands have no gap: it is compared with nothing",
    },
    Free {
        table: "SHIFT",
        columns: &["b", "cut", "high", "high_size", "low_size"],
        on: |row| !row.any(&["sll", "srl", "sllw", "srlw"]),
        because: PADDING,
    },
    Free {
        table: "JUMP",
        columns: &["a", "b", "c0", "t", "x", "odd", "distance"],
        on: |row| !row.any(&["jalr", "halt", "write"]),
        because: PADDING,
    },
    Free {
        table: "JUMP",
        columns: &["odd", "distance"],
        on: |row| row.any(&["halt", "write"]),
        because: "a call has no address: the columns are read for jumps only",
    },
    Free {
        table: "ALIGNED",
        columns: &["a", "high", "clk", "previous", "bound"],
        on: |row| !row.any(&["load", "store"]),
        because: PADDING,
    },
    Free {
        table: "ALIGNED",
        columns: &["bound"],
        on: |row| row.get("load") == 1,
        because: "loads may read below writable memory",
    },
    Free {
        table: "NARROW",
        columns: &["a", "high", "clk", "previous", "b_high", "bound"],
        on: |row| !row.any(&["byte", "half", "word"]),
        because: PADDING,
    },
    Free {
        table: "NARROW",
        columns: &["bound"],
        on: |row| row.any(&["byte", "half", "word"]) && row.get("store") == 0,
        because: "loads may read below writable memory",
    },
    Free {
        table: "CROSSING",
        columns: &["a", "high", "clk", "previous", "bound"],
        on: |row| !row.any(&["half", "word", "double"]),
        because: PADDING,
    },
    Free {
        table: "CROSSING",
        columns: &["bound"],
        on: |row| row.any(&["half", "word", "double"]) && row.get("store") == 0,
        because: "loads may read below writable memory",
    },
    Free { table: "MUL", columns: &["a", "b"], on: |row| !row.any(&["mul", "mulw"]), because: PADDING },
    Free { table: "MULH", columns: &["a", "b"], on: |row| !row.any(&["mulh", "mulhsu", "mulhu"]), because: PADDING },
    Free {
        table: "REFRESH",
        columns: &["space", "address", "value", "previous", "epoch"],
        on: |row| row.get("real") == 0,
        because: PADDING,
    },
    Free {
        table: "KECCAK",
        columns: &["clk", "low", "high", "t", "bound", "previous"],
        on: |row| !in_round(row),
        because: PADDING,
    },
    Free {
        table: "KECCAK",
        columns: &["t", "bound", "previous"],
        on: |row| in_round(row) && row.get("round[0]") == 0,
        because: "the call is received and the old tokens are taken in the first round",
    },
    Free {
        table: "SHA256",
        columns: &["clk", "low", "high", "at", "b", "c", "f", "window", "hash", "result"],
        on: |row| !in_group(row),
        because: PADDING,
    },
    Free {
        table: "SHA256",
        columns: &["t", "bound"],
        on: |row| row.get("first") == 0,
        because: "the call is received in the first round",
    },
    Free {
        table: "SHA256",
        columns: &["previous_hash"],
        on: |row| row.get("reads_hash") == 0,
        because: "no word of the hash is accessed",
    },
    Free {
        table: "SHA256",
        columns: &["previous_block"],
        on: |row| row.get("reads_block") == 0,
        because: "no word of the block is accessed",
    },
    Free {
        table: "SHA256",
        columns: &["carry_result"],
        on: |row| row.get("last") == 0,
        because: "the result is computed in the last round",
    },
    Free {
        table: "LOCAL",
        columns: &["space", "address", "entering", "leaving", "before", "last"],
        on: |row| row.get("real") == 0,
        because: PADDING,
    },
    Free {
        table: "INITFIN",
        // A shard's padding repeats the last key.
        #[cfg(feature = "multilinear")]
        columns: &["first", "last", "segment", "gap", "bound", "room"],
        #[cfg(not(feature = "multilinear"))]
        columns: &["low", "high", "first", "last", "segment", "gap", "bound", "room"],
        on: |row| !row.any(&["register", "ram", "input", "image"]),
        because: PADDING,
    },
    Free {
        table: "INITFIN",
        columns: &["bound"],
        on: |row| row.any(&["register", "input", "image"]),
        because: "only RAM has to lie in writable memory",
    },
    Free {
        table: "INITFIN",
        columns: &["room"],
        on: |row| row.any(&["register", "ram", "image"]),
        because: "only words of the input have to lie within its length",
    },
    #[cfg(not(feature = "multilinear"))]
    Free {
        table: "INITFIN",
        columns: &["gap"],
        on: |row| row.get(super::FIRST_IN_SPACE) == 1,
        because: "the first row of a space is compared with none",
    },
];

fn in_round(row: &Cells) -> bool {
    (0..24).any(|i| row.get(&format!("round[{i}]")) == 1)
}

fn in_group(row: &Cells) -> bool {
    (0..8).any(|i| row.get(&format!("group[{i}]")) == 1)
}

/// Position in [`LIST`] of what allows a column of a row to be free.
pub fn reason(table: &str, column: &str, cells: &Cells) -> Option<usize> {
    let group = column.split('[').next().unwrap_or(column);
    let named = |free: &Free| free.columns.iter().any(|&name| name == column || name == group);
    LIST.iter().position(|free| free.table == table && named(free) && (free.on)(cells))
}
