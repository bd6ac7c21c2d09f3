//! The machine: fetch, dispatch, control flow, halt.

use crate::accelerator::Accelerator;
use crate::alu;
use crate::initial::InitialMemory;
use crate::isa::{Instr, Op};
use crate::limits::Limits;
use crate::map::INPUT_MAX_BYTES;
use crate::memory::{Fault, Memory};
use crate::observer::{HALT_INDEX, MemAccess, Observer, Step};
use crate::program::Program;
use crate::trap::Trap;

/// How a segment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentEnd {
    /// All cycles of the segment are used; the program goes on.
    Cut,
    /// The program halted.
    Halted {
        /// Low 32 bits of a0 at the halting `ecall`.
        exit_code: u32,
    },
}

/// A program in execution.
///
/// Execution depends on program, input and limits alone: where it is cut into segments, observed,
/// saved and restored changes nothing.
pub struct Machine<'p> {
    pub(crate) initial: InitialMemory<'p>,
    pub(crate) limits: Limits,
    pub(crate) memory: Memory<'p>,
    pub(crate) state: State,
}

/// Everything about a machine that is not memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub registers: [u64; 32],
    pub index: u32,
    pub cycles: u64,
    pub segment: u32,
    pub exit_code: Option<u32>,
    /// Calls of each accelerator, in the order of [`Accelerator::ALL`].
    pub calls: [u64; Accelerator::ALL.len()],
}

/// Cycle n of a segment, counted from 1, lies in its period n / 2^14: the first has one cycle less
/// than the others. See [`Touched`](crate::Touched).
pub const PERIOD_CYCLES: u64 = 1 << 14;

/// Why an instruction was not retired. Small: traps are put together later, out of the hot loop.
#[derive(Clone, Copy)]
pub(crate) enum Stop {
    /// A load or store that cannot be done.
    Access(Fault),
    /// A jump to a place that is no slot, in bytes from the text base.
    Jump { position: u64 },
    /// An unknown call.
    Ecall,
    /// An accelerator whose words cannot be replaced.
    Accelerator(Accelerator, Fault),
    /// A halt with too long an output.
    OutputTooLong { len: u64 },
    /// A halt with bytes after the output's end in its last word.
    OutputPadding { len: u64 },
}

impl<'p> Machine<'p> {
    /// A machine about to execute the first instruction.
    ///
    /// # Errors
    /// [`Trap::InputTooLong`].
    pub fn new(program: &'p Program, input: &'p [u8], limits: Limits) -> Result<Self, Trap> {
        let (len, limit) = (input.len() as u64, limits.max_input_bytes.min(INPUT_MAX_BYTES));
        if len > limit {
            return Err(Trap::InputTooLong { len, limit });
        }
        let initial = InitialMemory::new(program, input);
        let memory = Memory::new(initial, limits.max_memory_bytes);
        let index = program.entry_index();
        let state =
            State { registers: [0; 32], index, cycles: 0, segment: 0, exit_code: None, calls: Default::default() };
        Ok(Self { initial, limits, memory, state })
    }

    /// Begins the next segment and executes at most `max_cycles` instructions of it (0 counts as
    /// 1: no segment is empty). After the halt it does nothing and reports the halt again.
    ///
    /// # Errors
    /// [`Trap`]; the instruction at fault is not retired, and calling again gives the same trap.
    pub fn run_segment<O: Observer>(&mut self, max_cycles: u64, observer: &mut O) -> Result<SegmentEnd, Trap> {
        if let Some(exit_code) = self.state.exit_code {
            return Ok(SegmentEnd::Halted { exit_code });
        }
        let left = self.limits.max_cycles.saturating_sub(self.state.cycles);
        if left == 0 {
            let pc = self.pc();
            return Err(Trap::CycleLimit { pc, limit: self.limits.max_cycles });
        }
        self.state.segment += 1;
        self.run_periods(max_cycles.clamp(1, left), observer)
    }

    fn run_periods<O: Observer>(&mut self, mut budget: u64, observer: &mut O) -> Result<SegmentEnd, Trap> {
        let mut cycles = PERIOD_CYCLES - 1;
        for period in 0.. {
            self.memory.begin_period(period);
            let part = budget.min(cycles);
            let end = self.run(part, observer)?;
            budget -= part;
            if end != SegmentEnd::Cut || budget == 0 {
                return Ok(end);
            }
            cycles = PERIOD_CYCLES;
        }
        Ok(SegmentEnd::Cut)
    }

    fn run<O: Observer>(&mut self, budget: u64, observer: &mut O) -> Result<SegmentEnd, Trap> {
        let text = self.initial.program().text();
        let mut index = self.state.index;
        let mut left = budget;
        let mut stopped = None;
        // The halt is no extra case here: no text has a slot HALT_INDEX.
        while left > 0
            && let Some(Some(instr)) = text.get(index as usize)
        {
            match self.execute(instr, index, observer) {
                Ok(next) => {
                    observer.retired(index);
                    index = next;
                }
                Err(stop) => {
                    stopped = Some((stop, *instr));
                    break;
                }
            }
            left -= 1;
        }
        self.state.index = index;
        self.state.cycles += budget - left;
        match stopped {
            Some((stop, instr)) => Err(self.stop_trap(stop, instr)),
            None if index == HALT_INDEX => Ok(self.halt()),
            None if left == 0 => Ok(SegmentEnd::Cut),
            None => Err(self.fetch_trap()),
        }
    }

    /// Executes one instruction and returns the next slot. On a stop nothing has changed.
    #[inline(always)]
    fn execute<O: Observer>(&mut self, instr: &Instr, index: u32, observer: &mut O) -> Result<u32, Stop> {
        let rs1 = self.state.registers[usize::from(instr.rs1 & 31)];
        let rs2 = self.state.registers[usize::from(instr.rs2 & 31)];
        let addr = rs1.wrapping_add(instr.imm as u64);
        let mut mem = self.before_access::<O>(instr, addr);
        let mut next = index + 1;
        let value = match instr.op {
            Op::Lb | Op::Lbu => alu::extend(instr.op, self.load::<1>(addr)?),
            Op::Lh | Op::Lhu => alu::extend(instr.op, self.load::<2>(addr)?),
            Op::Lw | Op::Lwu => alu::extend(instr.op, self.load::<4>(addr)?),
            Op::Ld => self.load::<8>(addr)?,
            Op::Sb => self.store::<1>(addr, rs2)?,
            Op::Sh => self.store::<2>(addr, rs2)?,
            Op::Sw => self.store::<4>(addr, rs2)?,
            Op::Sd => self.store::<8>(addr, rs2)?,
            Op::Beq | Op::Bne | Op::Blt | Op::Bge | Op::Bltu | Op::Bgeu => {
                if alu::taken(instr.op, rs1, rs2) {
                    next = self.slot_at(u64::from(index) * 4, instr.imm as u64)?;
                }
                0
            }
            Op::Jal => {
                next = self.slot_at(u64::from(index) * 4, instr.imm as u64)?;
                alu::result(instr, self.program().pc(index), rs1, rs2)
            }
            Op::Jalr => {
                next = self.slot_at(addr & !1, self.program().text_base().wrapping_neg())?;
                alu::result(instr, self.program().pc(index), rs1, rs2)
            }
            Op::Ecall => {
                next = self.ecall(rs1, next, observer)?;
                0
            }
            _ => alu::result(instr, self.program().pc(index), rs1, rs2),
        };
        self.state.registers[usize::from(instr.rd & 31)] = value;
        self.state.registers[0] = 0;
        if O::ENABLED {
            self.after_access(&mut mem);
            let rd = if instr.rd == 0 { 0 } else { value };
            observer.step(&Step { index, next_index: next, instr: *instr, rs1, rs2, rd, mem });
        }
        Ok(next)
    }

    #[inline(always)]
    fn load<const N: u64>(&mut self, addr: u64) -> Result<u64, Stop> {
        self.memory.load::<N>(addr).map_err(Stop::Access)
    }

    /// 0, the value of "no destination".
    #[inline(always)]
    fn store<const N: u64>(&mut self, addr: u64, value: u64) -> Result<u64, Stop> {
        self.memory.store::<N>(addr, value).map_err(Stop::Access)?;
        Ok(0)
    }

    #[inline(always)]
    fn before_access<O: Observer>(&self, instr: &Instr, addr: u64) -> Option<MemAccess> {
        match instr.op.access_bytes() {
            size if O::ENABLED && size > 0 => self.memory.access(addr, size),
            _ => None,
        }
    }

    fn after_access(&self, mem: &mut Option<MemAccess>) {
        if let Some(access) = mem {
            self.memory.complete(access);
        }
    }

    /// The slot at `base + offset` bytes from the text base.
    #[inline(always)]
    fn slot_at(&self, base: u64, offset: u64) -> Result<u32, Stop> {
        let position = base.wrapping_add(offset);
        let slot = position / 4;
        if position.is_multiple_of(4) && slot < self.program().text().len() as u64 {
            return Ok(slot as u32);
        }
        Err(Stop::Jump { position })
    }
}
