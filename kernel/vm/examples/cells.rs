//! Counts committed cells per cycle on real programs, for this arithmetization and for the other
//! one considered (docs/adr/0003): `cells ELF[:INPUT]...`.

use std::collections::HashMap;

use proofloom_executor::{Limits, Step, execute_observed, load_elf};
use proofloom_stark::{QUOTIENT_COLUMNS, TableStats};
use proofloom_vm::{Accelerators, segment_machine, table_of};

/// Cells of an auxiliary column shared by two interactions.
const HALF_COLUMN: f64 = 2.5;
/// Limbs a, b, c that the CPU row and the operation row both hold.
const COPIED: f64 = 12.0;
/// CPU columns that only the operation bus needs: opcode, x, and the flags of other families.
const DISPATCH: f64 = 8.0;
/// Range checks of c in the CPU row, which only ADD and SUB need.
const SUM_CHECKS: f64 = 4.0 * HALF_COLUMN;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let stats = segment_machine(Accelerators::NONE).stats();
    let cells: HashMap<&str, f64> = stats.iter().map(|t| (t.name, t.committed_per_row() as f64)).collect();
    println!("| program | cycles | CPU + operation tables | instruction families |\n|---|---|---|---|");
    for argument in std::env::args().skip(1) {
        let (elf, input) = argument.split_once(':').unwrap_or((&argument, ""));
        let input = if input.is_empty() { Vec::new() } else { std::fs::read(input)? };
        let program = load_elf(&std::fs::read(elf)?)?;
        let mut counts: HashMap<Option<&str>, u64> = HashMap::new();
        let mut observer = |step: &Step| *counts.entry(table_of(&step.instr)).or_default() += 1;
        let run = execute_observed(&program, &input, Limits::default(), u64::MAX, &mut observer)?;
        // The quotient has a row for each of the tallest table, which has one for each cycle.
        let (mut ours, mut families) = (QUOTIENT_COLUMNS as f64, QUOTIENT_COLUMNS as f64);
        for (&table, &count) in &counts {
            let share = count as f64 / run.cycles as f64;
            ours += share * (cells["CPU"] + table.map_or(0.0, |table| cells[table]));
            families += share * family(&cells, table);
        }
        let name = elf.rsplit('/').next().unwrap_or(elf);
        println!("| {name} | {} | {ours:.0} | {families:.0} |", run.cycles);
    }
    let width = |t: &TableStats| (t.fixed + t.committed_per_row()) as f64;
    let ours = QUOTIENT_COLUMNS as f64 + stats.iter().map(width).sum::<f64>();
    // Twelve families repeat the fetch and the three register accesses.
    let shared = cells["CPU"] - DISPATCH - SUM_CHECKS - HALF_COLUMN;
    let repeated = 11.0 * (shared - COPIED);
    println!("total width: {ours:.0} against {:.0}", ours + repeated);
    Ok(())
}

/// Cells of a family's row: the operation's columns with fetch and register accesses of their own.
fn family(cells: &HashMap<&str, f64>, table: Option<&str>) -> f64 {
    let cpu = cells["CPU"] - DISPATCH;
    table.map_or(cpu - HALF_COLUMN, |table| {
        // One accumulator (5 cells) for both halves of the row.
        cpu - SUM_CHECKS + cells[table] - COPIED - 2.0 * HALF_COLUMN - 5.0
    })
}
