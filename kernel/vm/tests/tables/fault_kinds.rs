//! Kinds of faults of one step.

use proofloom_executor::map::PROGRAM_BASE;
use proofloom_executor::{HALT_INDEX, MemAccess, Op, Step};

use crate::faulty_executor::{Effect, FaultyExecutor, covered};

/// A fault of one step.
pub struct Fault {
    pub kind: &'static str,
    /// Changes an honest step.
    pub tell: Box<dyn Fn(&FaultyExecutor<'_>, &mut Step) -> Effect>,
}

fn fault(kind: &'static str, change: impl Fn(&FaultyExecutor<'_>, &mut Step) + 'static) -> Fault {
    let tell = move |machine: &FaultyExecutor<'_>, step: &mut Step| {
        change(machine, step);
        Effect::Happens
    };
    Fault { kind, tell: Box::new(tell) }
}

/// Every fault that this module knows of `step`.
pub fn about(step: &Step) -> Vec<Fault> {
    let mut faults = vec![
        Fault { kind: "instruction skipped", tell: Box::new(|_, _| Effect::Vanishes) },
        Fault { kind: "instruction repeated", tell: Box::new(|_, _| Effect::Repeats) },
    ];
    if step.instr.writes_rd() {
        faults.extend(results());
    }
    faults.extend(next_indices(step));
    faults.extend(operands(step));
    if let Some(mem) = &step.mem {
        faults.extend(found_values(mem));
        faults.extend(left_values(mem));
        faults.extend(places(step.instr.op, mem));
    }
    faults
}

fn results() -> Vec<Fault> {
    let wrong: [fn(u64) -> u64; 10] = [
        |x| x.wrapping_add(1),
        |x| x ^ 1 << 15,
        |x| x ^ 1 << 16,
        |x| x ^ 1 << 31,
        |x| x ^ 1 << 47,
        |x| x ^ 1 << 63,
        |x| x ^ 0xffff_ffff_0000_0000,
        |x| x & 0xffff_ffff,
        |x| x as i32 as u64,
        |_| 0,
    ];
    wrong.into_iter().map(|wrong| fault("wrong result", move |_, step| step.rd = wrong(step.rd))).collect()
}

fn next_indices(step: &Step) -> Vec<Fault> {
    let after = step.index + 1;
    let mut wrong = vec![after, after + 1];
    if step.next_index != HALT_INDEX {
        wrong.extend([step.next_index + 1, HALT_INDEX]);
    }
    let goes_on = |next: u32| {
        let kind = if next == HALT_INDEX { "early halt" } else { "wrong next instruction" };
        fault(kind, move |_, step| step.next_index = next)
    };
    wrong.into_iter().map(goes_on).collect()
}

/// Operands that no register held, with all that follows from them.
fn operands(step: &Step) -> Vec<Fault> {
    let op = step.instr.op;
    // A jump must stay in the text, and an access in memory.
    let bits: &[u32] = match op {
        Op::Jalr => &[0, 2],
        _ if step.mem.is_some() => &[0, 3, 12],
        Op::Ecall => &[],
        _ => &[0, 15, 16, 31, 40, 63],
    };
    let mut faults = Vec::new();
    for &bit in bits {
        if op.reads_rs1() {
            faults.push(fault("wrong first operand", move |machine, step| {
                *step = machine.step(step.index, step.instr, step.rs1 ^ 1 << bit, step.rs2);
            }));
        }
        if op.reads_rs2() {
            faults.push(fault("wrong second operand", move |machine, step| {
                *step = machine.step(step.index, step.instr, step.rs1, step.rs2 ^ 1 << bit);
            }));
        }
    }
    if op == Op::Ecall {
        let calls = [93, 64, 0].map(|call| {
            fault("wrong call", move |machine, step| {
                *step = machine.step(step.index, step.instr, call, step.rs2);
            })
        });
        faults.extend(calls);
    }
    faults
}

/// Bits of the words of an access: some that it covers, some that it does not.
fn bits(mem: &MemAccess, inside: bool) -> Vec<u32> {
    let (covered, all) = (covered(mem), 64 * u32::from(mem.count));
    let chosen = |bit: &u32| (covered >> bit & 1 == 1) == inside;
    let found: Vec<u32> = (0..all).filter(chosen).collect();
    let ends = [found.first(), found.get(found.len() / 2), found.last()];
    ends.into_iter().flatten().copied().collect()
}

/// Values that memory did not hold, as if an older or an invented value were still there.
fn found_values(mem: &MemAccess) -> Vec<Fault> {
    let flip = |kind, bit: u32| {
        fault(kind, move |machine, step| {
            if let Some(mem) = &mut step.mem {
                let word = &mut mem.words[(bit / 64) as usize];
                word.before ^= 1 << (bit % 64);
                word.after = word.before;
            }
            machine.finish(step);
        })
    };
    let inside = bits(mem, true).into_iter().map(|bit| flip("stale value", bit));
    let beside = bits(mem, false).into_iter().map(|bit| flip("stale value beside the access", bit));
    inside.chain(beside).collect()
}

/// Values left behind that the instruction does not leave.
fn left_values(mem: &MemAccess) -> Vec<Fault> {
    let flip = |kind, bit: u32| {
        fault(kind, move |_, step| {
            if let Some(mem) = &mut step.mem {
                mem.words[(bit / 64) as usize].after ^= 1 << (bit % 64);
            }
        })
    };
    let inside = bits(mem, true).into_iter().map(|bit| flip("wrong value left", bit));
    let beside = bits(mem, false).into_iter().map(|bit| flip("wrong value left beside the access", bit));
    let lost = fault("store lost", |_, step| {
        for word in step.mem.iter_mut().flat_map(|mem| &mut mem.words) {
            word.after = word.before;
        }
    });
    inside.chain(beside).chain([lost]).collect()
}

/// Other words, other sizes.
fn places(op: Op, mem: &MemAccess) -> Vec<Fault> {
    let elsewhere = |addr: u64, size: u8| {
        fault("wrong address or size", move |machine, step| {
            step.mem = Some(machine.access(addr, size));
            machine.finish(step);
        })
    };
    let near = [mem.addr + 1, mem.addr + 8, mem.addr - 8, mem.addr + (1 << 16), PROGRAM_BASE];
    let mut faults: Vec<Fault> = near.into_iter().map(|addr| elsewhere(addr, mem.size)).collect();
    let sizes = [1u8, 2, 4, 8].into_iter().filter(|&size| size <= 4 || op.access_bytes() == 8);
    faults.extend(sizes.map(|size| elsewhere(mem.addr, size)));
    faults.push(fault("wrong word", |machine, step| {
        if let Some(mem) = &mut step.mem {
            let word = machine.access(mem.addr + 8, 1).words[0];
            mem.words[0] = word;
        }
        machine.finish(step);
    }));
    faults.push(fault("half of a crossing access", |machine, step| {
        if let Some(mem) = &mut step.mem {
            mem.count = 1;
        }
        machine.finish(step);
    }));
    faults
}
