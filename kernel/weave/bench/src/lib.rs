//! One segment proven by the multilinear prover, phase by phase.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Digest, Val};
use proofloom_machine::{Limits, load_elf};
use proofloom_stark::Progress;
use proofloom_vm::{Job, ProvingKey, VmTable, setup};
use proofloom_weave::prove::{Fixed, Phases, Summary, fixed, prove};
use proofloom_weave::rows::TableRows;
use proofloom_weave::verify::{Known, Proof, verify};
use proofloom_weave::Machine;

/// A clock and somewhere to write lines.
pub trait Host: Sync {
    fn now_ms(&mut self) -> f64;
    fn log(&mut self, line: &str);
}

struct Laps<'a> {
    host: &'a mut dyn Host,
    last: f64,
    totals: Vec<(&'static str, f64)>,
}

impl Laps<'_> {
    fn add(&mut self, name: &'static str, ms: f64) {
        match self.totals.iter_mut().find(|(own, _)| *own == name) {
            Some((_, total)) => *total += ms,
            None => self.totals.push((name, ms)),
        }
    }
}

impl Phases for Laps<'_> {
    fn lap(&mut self, name: &'static str) {
        let now = self.host.now_ms();
        let ms = now - self.last;
        self.last = now;
        self.add(name, ms);
    }
}

impl Progress for Laps<'_> {
    fn now_ms(&mut self) -> f64 {
        self.host.now_ms()
    }
    fn phase(&mut self, name: &'static str, ms: f64) {
        self.add(name, ms);
    }
}

/// A program with its fixed oracle.
pub struct Bench {
    key: ProvingKey,
    machine: Option<Machine<VmTable>>,
    fixed: Option<Fixed>,
    /// Whether proofs are verified, and bent ones refused.
    pub check: bool,
}

/// Every message and opening bent in turn, one element each: all must be refused.
fn bend(machine: &Machine<VmTable>, known: &Known<'_>, proof: &Proof, host: &mut dyn Host) -> Result<(), String> {
    let mut refused = 0;
    let mut refuse = |what: String, bent: &Proof| match verify(machine, known, bent) {
        Ok(()) => Err(format!("accepted with {what} bent")),
        Err(_) => {
            refused += 1;
            Ok(())
        }
    };
    // Few of the many rounds alike, spread over all: each verification takes its time.
    let step = proof.messages.len().div_ceil(60);
    for m in (0..proof.messages.len()).step_by(step).chain(proof.messages.len() - 12..proof.messages.len()) {
        let mut bent = proof.clone();
        let len = bent.messages[m].len();
        bent.messages[m][(7 * m) % len] += Val::ONE;
        refuse(format!("message {m}"), &bent)?;
    }
    for o in 0..proof.openings.len() {
        for tree in 0..proof.openings[o][0].len() {
            for part in 0..2 {
                let mut bent = proof.clone();
                let query = bent.openings[o].len() / 2;
                let opening = &mut bent.openings[o][query][tree];
                if part == 0 { opening.row[1] += Val::ONE } else { opening.path[2][3] += Val::ONE }
                refuse(format!("oracle {o}, tree {tree}, part {part}"), &bent)?;
            }
        }
    }
    host.log(&format!("bent proofs refused: {refused}"));
    Ok(())
}

impl Bench {
    pub fn new(elf: &[u8]) -> Result<Self, String> {
        let program = load_elf(elf).map_err(|e| e.to_string())?;
        let key = setup(program).map_err(|e| e.to_string())?;
        Ok(Self { key, machine: None, fixed: None, check: false })
    }

    /// Proves segment `number`.
    pub fn run(&mut self, input: &[u8], number: u32, cycles: u64, host: &mut dyn Host) -> Result<Summary, String> {
        let job = Job { key: &self.key, input, limits: Limits::default(), segment_cycles: cycles };
        let started = host.now_ms();
        let mut laps = Laps { host, last: started, totals: Vec::new() };
        let witness = job.witness(number, Digest::default(), &mut laps).map_err(|e| e.to_string())?;
        let tables: Vec<TableRows<'_>> = (0..witness.mains.len())
            .map(|t| TableRows {
                fixed: witness.fixed.get(t).and_then(Option::as_ref),
                shared: witness.shared[t].as_ref(),
                main: &witness.mains[t],
            })
            .collect();
        if self.machine.is_none() {
            let machine = Machine::new(witness.machine);
            self.fixed = Some(fixed(&machine, &tables, &mut laps));
            self.machine = Some(machine);
            laps.totals.retain(|(name, _)| !name.starts_with("commit"));
        }
        let (Some(machine), Some(fixed)) = (&self.machine, &self.fixed) else {
            return Err("no machine".to_owned());
        };
        let begun = laps.host.now_ms();
        laps.last = begun;
        let (summary, proof) = prove(machine, fixed, &tables, &witness.publics, &mut laps);
        let ended = laps.host.now_ms();
        let Laps { host, totals, .. } = laps;
        if self.check {
            let known = Known {
                fixed_root: fixed.root(),
                log_heights: tables.iter().map(TableRows::log_height).collect(),
                publics: &witness.publics,
                tables: &tables,
            };
            let outcome = verify(machine, &known, &proof);
            let took = host.now_ms() - ended;
            host.log(&format!("verify: {outcome:?}, {took:.1} ms"));
            outcome?;
            bend(machine, &known, &proof, host)?;
        }
        let heights: Vec<String> =
            tables.iter().zip(&machine.shapes).map(|(t, s)| format!("{} {}", s.name, t.log_height())).collect();
        host.log(&format!("heights {}", heights.join(", ")));
        for (name, ms) in totals {
            host.log(&format!("part {name}: {ms:.1} ms"));
        }
        host.log(&format!("prove {:.1} ms", ended - begun));
        host.log(&format!("{summary:?}"));
        Ok(summary)
    }
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    use super::{Bench, Host};
    use std::cell::RefCell;

    #[link(wasm_import_module = "env")]
    unsafe extern "C" {
        fn pl_log(ptr: *const u8, len: usize);
        fn pl_now() -> f64;
    }

    struct Js;

    impl Host for Js {
        fn now_ms(&mut self) -> f64 {
            // SAFETY: plain numbers.
            unsafe { pl_now() }
        }
        fn log(&mut self, line: &str) {
            // SAFETY: the host reads the bytes before it returns.
            unsafe { pl_log(line.as_ptr(), line.len()) }
        }
    }

    thread_local! {
        static BENCH: RefCell<Option<Bench>> = const { RefCell::new(None) };
    }

    #[unsafe(no_mangle)]
    pub extern "C" fn pl_alloc(len: usize) -> *mut u8 {
        Vec::<u8>::with_capacity(len.max(1)).leak().as_mut_ptr()
    }

    /// # Safety
    /// `ptr` and `len` are those of an initialised buffer.
    #[unsafe(no_mangle)]
    pub unsafe extern "C" fn bench_setup(ptr: *const u8, len: usize) {
        std::panic::set_hook(Box::new(|info| Js.log(&info.to_string())));
        // SAFETY: the caller's promise.
        let elf = unsafe { std::slice::from_raw_parts(ptr, len) };
        match Bench::new(elf) {
            Ok(bench) => BENCH.with(|slot| *slot.borrow_mut() = Some(bench)),
            Err(error) => Js.log(&error),
        }
    }

    /// From now on folds are made by the field's product.
    #[unsafe(no_mangle)]
    pub extern "C" fn bench_plain() {
        proofloom_weave::sum::PLAIN.store(true, core::sync::atomic::Ordering::Relaxed);
    }

    /// From now on proofs are verified.
    #[unsafe(no_mangle)]
    pub extern "C" fn bench_check() {
        BENCH.with(|slot| {
            if let Some(bench) = slot.borrow_mut().as_mut() {
                bench.check = true;
            }
        });
    }

    /// # Safety
    /// `ptr` and `len` are those of an initialised buffer.
    #[unsafe(no_mangle)]
    pub unsafe extern "C" fn bench_run(ptr: *const u8, len: usize, number: u32, cycles: u32) {
        // SAFETY: the caller's promise.
        let input = unsafe { std::slice::from_raw_parts(ptr, len) };
        BENCH.with(|slot| {
            if let Some(bench) = slot.borrow_mut().as_mut() {
                if let Err(error) = bench.run(input, number, u64::from(cycles), &mut Js) {
                    Js.log(&error);
                }
            }
        });
    }
}
