//! Lookups and staged rounds as one proof: who makes the messages, and what the verifier says.

use p3_field::{BasedVectorSpace, PrimeCharacteristicRing};
use proofloom_field::{Challenge, Val};
use proofloom_weave::gkr::{self, Folding};
use proofloom_weave::messages::{all_lookup_messages, all_staged_messages};
use proofloom_weave::staged::{self, Statement};
use proofloom_weave::{Arith, Check, Heights, Machine, Native, Transcript};

use super::direct::{self, Leaves, Shift, plain};
use super::toy::{self, Run, Sizes, Toy};

const DOMAIN: &str = "test/rounds";
const SIZES: Sizes = Sizes { cpu: 7, providers: 5, memory: 4, counter: 9 };

/// Messages of one proof, all rounds.
#[derive(Clone)]
struct Messages(Vec<Challenge>);

struct Parts {
    lookups: Vec<Challenge>,
    staged: Vec<Challenge>,
    values: Vec<Challenge>,
}

impl Parts {
    fn messages(&self, sigma: usize) -> Messages {
        Messages(
            [all_lookup_messages(&self.lookups, sigma), all_staged_messages(&self.staged), self.values.clone()]
                .concat(),
        )
    }
}

fn challenges(transcript: &mut Transcript, machine: &Machine<Toy>) -> Folding<Challenge> {
    let (alpha, beta) = (transcript.challenge(), transcript.challenge());
    Folding::new(&mut plain(), machine.buses(), alpha, beta)
}

/// By direct summation over leaves that a cheat may change, and next rows that it may choose.
fn prove_with(
    machine: &Machine<Toy>,
    run: &Run,
    shift: Shift<'_>,
    cheat: impl FnOnce(&mut Leaves, &Folding<Challenge>),
) -> Parts {
    let mut transcript = Transcript::new(DOMAIN);
    let folding = challenges(&mut transcript, machine);
    let traces = run.traces();
    let mut leaves = direct::leaves(machine, &traces, &run.publics, &folding);
    cheat(&mut leaves, &folding);
    let (lookups, leaf) = direct::prove_lookups(machine.slot_variables(), &leaves, &mut transcript);
    let staged = direct::prove_staged(machine, &traces, &run.publics, &folding, &leaf, shift, &mut transcript);
    Parts { lookups, staged: staged.list, values: staged.values }
}

/// Honest but for the run and the leaves.
fn prove_direct(machine: &Machine<Toy>, run: &Run, cheat: impl FnOnce(&mut Leaves, &Folding<Challenge>)) -> Parts {
    prove_with(machine, run, &direct::shifted, cheat)
}

/// What is claimed of the columns must be their value: the rest of the protocol shows that, a test looks.
fn verify(machine: &Machine<Toy>, run: &Run, heights: &[usize], Messages(messages): &Messages) -> Result<(), Check> {
    let tape: Vec<Val> =
        messages.iter().flat_map(|x| -> Vec<Val> { x.as_basis_coefficients_slice().to_vec() }).collect();
    let mut a = Native::new(DOMAIN, &tape, ());
    let log: Vec<Val> = heights.iter().map(|&h| Val::from_usize(h)).collect();
    let heights = Heights::new(&mut a, machine.shapes(), &log);
    let (alpha, beta) = (a.challenge(), a.challenge());
    let folding = Folding::new(&mut a, machine.buses(), alpha, beta);
    let leaf = gkr::verify(&mut a, machine.slot_variables(), heights.active());
    let statement = Statement { machine, heights: &heights, publics: &run.publics, folding: &folding };
    let outcome = staged::verify(&mut a, &statement, &leaf);
    a.finish()?;
    let true_values = true_values(machine, run, &outcome.point);
    if outcome.claims == true_values { Ok(()) } else { Err(Check::Reduction) }
}

fn true_values(machine: &Machine<Toy>, run: &Run, point: &[Challenge]) -> Vec<Challenge> {
    let traces = run.traces();
    let mut values = Vec::new();
    for chunk in machine.chunks() {
        let trace = &traces[chunk.table];
        let first = machine.shapes()[chunk.table].first_column(chunk.group);
        let columns = direct::columns(trace);
        let point = &point[..trace.log_height()];
        values.extend(chunk.columns.iter().map(|c| direct::evaluate(&columns[first + c], point)));
        if chunk.next {
            let next = |c: &usize| direct::evaluate(&direct::shifted(&columns[first + c]), point);
            values.extend(chunk.columns.iter().map(next));
        }
    }
    values
}

fn check(run: &Run, parts: &Parts) -> Result<(), Check> {
    let machine = toy::machine();
    verify(&machine, run, &run.log_heights(), &parts.messages(machine.slot_variables()))
}

fn honest(_: &mut Leaves, _: &Folding<Challenge>) {}

#[test]
fn honest_rounds_are_accepted_whatever_the_heights() {
    let machine = toy::machine();
    for (cpu, providers, memory, counter) in [(7, 5, 4, 9), (4, 4, 4, 4), (9, 8, 5, 4), (5, 4, 9, 6)] {
        let run = Run::new(Sizes { cpu, providers, memory, counter });
        let parts = prove_direct(&machine, &run, honest);
        assert_eq!(check(&run, &parts), Ok(()), "{cpu} {providers} {memory} {counter}");
    }
}

/// The verdict on a run whose rows were changed, all else by the protocol.
fn verdict(change: impl FnOnce(&mut Run)) -> Result<(), Check> {
    let mut run = Run::new(SIZES);
    change(&mut run);
    check(&run, &prove_direct(&toy::machine(), &run, honest))
}

/// The verdict on an honest run whose leaves were changed.
fn verdict_on_leaves(cheat: impl FnOnce(&mut Leaves, usize)) -> Result<(), Check> {
    let (run, machine) = (Run::new(SIZES), toy::machine());
    let parts = prove_direct(&machine, &run, |leaves, _| cheat(leaves, machine.slot_variables()));
    check(&run, &parts)
}

#[test]
fn a_violated_constraint_is_refused_in_whatever_row_and_table() {
    let one = Val::ONE;
    // (table, row, column), each in no tuple of an interaction.
    let last = |log_height: usize| (1usize << log_height) - 1;
    let cells = [
        (Toy::Cpu, 0, 4),
        (Toy::Cpu, last(SIZES.cpu), 4),
        (Toy::Memory, 3, 1),
        (Toy::Memory, 0, 6),
        (Toy::Memory, last(SIZES.memory), 10),
        (Toy::Counter, 0, 0),
        (Toy::Counter, 100, 0),
        // The tallest table has no interactions.
        (Toy::Counter, last(SIZES.counter), 0),
    ];
    for (table, row, column) in cells {
        let verdict = verdict(|run| *run.cell(table, row, column) += one);
        assert_eq!(verdict, Err(Check::Constraints), "{table:?} {row} {column}");
    }
}

#[test]
fn public_values_are_bound() {
    for (table, index) in [(Toy::Memory, 0), (Toy::Memory, 7), (Toy::Memory, 14), (Toy::Counter, 0), (Toy::Counter, 1)]
    {
        let mut run = Run::new(SIZES);
        let parts = prove_direct(&toy::machine(), &run, honest);
        run.publics[table as usize][index] += Val::ONE;
        assert_eq!(check(&run, &parts), Err(Check::Constraints), "{table:?} {index}");
    }
}

#[test]
fn fractions_that_do_not_add_up_are_refused() {
    assert_eq!(verdict(|run| *run.cell(Toy::Range, 7, 0) += Val::ONE), Err(Check::LookupSum));
    assert_eq!(verdict(|run| *run.cell(Toy::Cpu, 5, 5) += Val::ONE), Err(Check::LookupSum));
    assert_eq!(verdict_on_leaves(|leaves, _| leaves.p[0] += Challenge::ONE), Err(Check::LookupSum));
}

#[test]
fn a_violation_hidden_in_the_leaves_is_refused() {
    // Two rows carry the same tuples; the first constraint is violated by v and -v there. Leaves p + C_0, in
    // all slots, add up to zero: the tables of other slots have fewer rows. So all layers hold, and with weight
    // 1 for C_0 the staged sum would hold as well.
    let mut run = Run::new(Sizes { cpu: 9, ..SIZES });
    let rows = [300, 301];
    for column in 0..run.main[Toy::Cpu as usize].width {
        let value = *run.cell(Toy::Cpu, rows[0], column);
        *run.cell(Toy::Cpu, rows[1], column) = value;
    }
    recount(&mut run);
    let v = Val::from_u32(7);
    *run.cell(Toy::Cpu, rows[0], 4) += v;
    *run.cell(Toy::Cpu, rows[1], 4) -= v;
    let machine = toy::machine();
    let sigma = machine.slot_variables();
    let parts = prove_direct(&machine, &run, |leaves, _| {
        for slot in 0..1 << sigma {
            leaves.p[slot + (rows[0] << sigma)] += v;
            leaves.p[slot + (rows[1] << sigma)] -= v;
        }
    });
    assert_eq!(check(&run, &parts), Err(Check::Constraints));
    let without = prove_direct(&machine, &run, honest);
    assert_eq!(check(&run, &without), Err(Check::Constraints), "the rows' own fractions add up");
}

/// Counts of all providers, from the rows of the cpu and memory tables.
fn recount(run: &mut Run) {
    for table in [Toy::Mul, Toy::Add] {
        let rows = run.main[table as usize].values.len() / 4;
        (0..rows).for_each(|row| *run.cell(table, row, 3) = Val::ZERO);
    }
    for table in [Toy::Range, Toy::Parity] {
        run.main[table as usize].values.fill(Val::ZERO);
    }
    let cpu = run.main[Toy::Cpu as usize].clone();
    let gaps = run.main[Toy::Memory as usize].clone();
    let index = |x: Val| p3_field::PrimeField32::as_canonical_u32(&x) as usize;
    for row in cpu.values.chunks(cpu.width) {
        let provider = if row[0] == Val::ONE { Toy::Mul } else { Toy::Add };
        *run.cell(provider, index(row[1]), 3) += Val::ONE;
        for value in [row[1], row[2], row[0] * row[1]] {
            *run.cell(Toy::Range, index(value), 0) += Val::ONE;
        }
        *run.cell(Toy::Parity, index(row[5]), 0) += Val::ONE;
    }
    for row in gaps.values.chunks(gaps.width) {
        *run.cell(Toy::Range, index(row[0]), 0) += Val::ONE;
    }
}

#[test]
fn a_fraction_above_its_table_is_refused() {
    let machine = toy::machine();
    let shape = &machine.shapes()[Toy::Mul as usize];
    let rows = 1usize << SIZES.providers;
    let verdict = verdict_on_leaves(|leaves, sigma| {
        leaves.p[shape.first_slot + (rows << sigma)] += Challenge::ONE;
        leaves.p[shape.first_slot + ((rows + 1) << sigma)] -= Challenge::ONE;
    });
    assert_eq!(verdict, Err(Check::Constraints));
}

#[test]
fn a_fraction_in_an_unused_slot_is_refused() {
    let unused = toy::machine().slots();
    let verdict = verdict_on_leaves(|leaves, sigma| {
        assert!(unused < 1 << sigma);
        leaves.p[unused] += Challenge::ONE;
        leaves.p[unused + (1 << sigma)] -= Challenge::ONE;
    });
    assert_eq!(verdict, Err(Check::Constraints));
}

#[test]
fn leaves_that_are_not_those_of_their_rows_are_refused() {
    // Two rows of a slot change places.
    let verdict = verdict_on_leaves(|leaves, sigma| {
        let (a, b) = (3 << sigma, 9 << sigma);
        leaves.p.swap(a, b);
        leaves.q.swap(a, b);
    });
    assert_eq!(verdict, Err(Check::Constraints));
    // A fraction is enlarged: p/q is the same.
    let verdict = verdict_on_leaves(|leaves, _| {
        leaves.p[0] *= Challenge::TWO;
        leaves.q[0] *= Challenge::TWO;
    });
    assert_eq!(verdict, Err(Check::Constraints));
}

#[test]
fn a_root_without_a_denominator_is_refused() {
    let verdict = verdict_on_leaves(|leaves, _| (leaves.p[0], leaves.q[0]) = (Challenge::ZERO, Challenge::ZERO));
    assert_eq!(verdict, Err(Check::LookupDenominator));
    // 0/0 hides any imbalance.
    let verdict = verdict_on_leaves(|leaves, _| {
        leaves.p[1] += Challenge::ONE;
        (leaves.p[0], leaves.q[0]) = (Challenge::ZERO, Challenge::ZERO);
    });
    assert_eq!(verdict, Err(Check::LookupDenominator));
}

#[test]
fn the_next_row_of_the_last_one_is_the_first() {
    // The public end is wrong: only another next row than the first would make the cyclic constraint hold.
    let change = |run: &mut Run| run.publics[Toy::Counter as usize][1] += Val::ONE;
    assert_eq!(verdict(change), Err(Check::Constraints));
    let mut run = Run::new(SIZES);
    change(&mut run);
    let (height, end) = (1usize << SIZES.counter, run.publics[Toy::Counter as usize][1]);
    let start = run.publics[Toy::Counter as usize][0];
    let shift = move |column: &[Challenge]| {
        let mut next = direct::shifted(column);
        if column.len() == height {
            // What the constraint asks for: next = n + 1 + (start - end - 1).
            next[height - 1] = column[height - 1] + (start - end);
        }
        next
    };
    let parts = prove_with(&toy::machine(), &run, &shift, honest);
    assert_eq!(check(&run, &parts), Err(Check::Reduction), "the rounds hold, the claimed next row is not the shift");
}

#[test]
fn a_message_of_an_idle_round_is_refused() {
    let (run, machine) = (Run::new(SIZES), toy::machine());
    let sigma = machine.slot_variables();
    let parts = prove_direct(&machine, &run, honest);
    let messages = parts.messages(sigma);
    assert_eq!(verify(&machine, &run, &run.log_heights(), &messages), Ok(()));
    let lookups = all_lookup_messages(&parts.lookups, sigma).len();
    let staged = all_staged_messages(&parts.staged).len();
    for at in [parts.lookups.len(), lookups - 1, lookups + parts.staged.len(), lookups + staged - 1] {
        let mut bent = messages.clone();
        assert_eq!(bent.0[at], Challenge::ZERO);
        bent.0[at] += Challenge::ONE;
        assert_eq!(verify(&machine, &run, &run.log_heights(), &bent), Err(Check::InactiveMessage), "element {at}");
    }
}

#[test]
fn every_element_of_every_message_is_bound() {
    let (run, machine) = (Run::new(SIZES), toy::machine());
    let messages = prove_direct(&machine, &run, honest).messages(machine.slot_variables());
    for at in 0..messages.0.len() {
        let mut bent = messages.clone();
        bent.0[at] += Challenge::from_basis_coefficients_fn(|d| Val::from_bool(d == at % 5));
        assert!(verify(&machine, &run, &run.log_heights(), &bent).is_err(), "element {at}");
    }
    let mut short = messages.clone();
    short.0.pop();
    assert_eq!(verify(&machine, &run, &run.log_heights(), &short), Err(Check::Tape));
    let mut long = messages;
    long.0.push(Challenge::ZERO);
    assert_eq!(verify(&machine, &run, &run.log_heights(), &long), Err(Check::Tape));
}

#[test]
fn other_heights_are_refused() {
    let (run, machine) = (Run::new(SIZES), toy::machine());
    let messages = prove_direct(&machine, &run, honest).messages(machine.slot_variables());
    for table in 0..machine.tables().len() {
        for log_height in 0..=21 {
            let mut heights = run.log_heights();
            if heights[table] == log_height {
                continue;
            }
            heights[table] = log_height;
            let verdict = verify(&machine, &run, &heights, &messages);
            let (min, max) = machine.shapes()[table].heights;
            if (min..=max).contains(&log_height) {
                assert!(verdict.is_err(), "table {table} with 2^{log_height} rows");
            } else {
                assert_eq!(verdict, Err(Check::Range), "table {table} with 2^{log_height} rows");
            }
        }
    }
}

/// By the product's prover.
fn prove(machine: &Machine<Toy>, run: &Run) -> Parts {
    let mut transcript = Transcript::new(DOMAIN);
    let folding = challenges(&mut transcript, machine);
    let (traces, publics) = (run.traces(), &run.publics);
    let lookups =
        crate::gkr::prove(machine, &traces, publics, &folding, &mut transcript, &mut ()).expect("rows balance");
    let staged = crate::staged::prove(machine, &traces, publics, &folding, &lookups.leaf, &mut transcript, &mut ());
    let staged = staged.expect("constraints hold");
    Parts { lookups: lookups.list, staged: staged.list, values: staged.values }
}

#[test]
fn rounds_are_those_of_direct_summation() {
    let machine = toy::machine();
    for (cpu, providers, memory, counter) in [(7, 5, 4, 9), (4, 4, 4, 4), (9, 8, 5, 4), (5, 4, 10, 6), (8, 6, 6, 8)] {
        let run = Run::new(Sizes { cpu, providers, memory, counter });
        let (fast, direct) = (prove(&machine, &run), prove_direct(&machine, &run, honest));
        let sizes = format!("{cpu} {providers} {memory} {counter}");
        assert!(fast.lookups == direct.lookups, "lookups, {sizes}");
        assert!(fast.staged == direct.staged, "staged rounds, {sizes}");
        assert!(fast.values == direct.values, "values, {sizes}");
        assert_eq!(check(&run, &fast), Ok(()), "{sizes}");
    }
}

#[test]
fn rows_on_which_a_constraint_fails_have_no_proof() {
    let machine = toy::machine();
    for (table, row, column) in [(Toy::Cpu, 3, 4), (Toy::Memory, 5, 2), (Toy::Counter, 0, 0), (Toy::Counter, 511, 0)] {
        let mut run = Run::new(SIZES);
        *run.cell(table, row, column) += Val::ONE;
        let mut transcript = Transcript::new(DOMAIN);
        let folding = challenges(&mut transcript, &machine);
        let (traces, publics) = (run.traces(), &run.publics);
        let lookups =
            crate::gkr::prove(&machine, &traces, publics, &folding, &mut transcript, &mut ()).expect("rows balance");
        let staged =
            crate::staged::prove(&machine, &traces, publics, &folding, &lookups.leaf, &mut transcript, &mut ());
        let name = machine.shapes()[table as usize].name;
        assert_eq!(staged.err(), Some(crate::staged::Violated { table: name }), "{table:?} {row} {column}");
    }
}

#[test]
fn rows_that_do_not_balance_have_no_proof() {
    let machine = toy::machine();
    let mut run = Run::new(SIZES);
    *run.cell(Toy::Range, 3, 0) += Val::ONE;
    let mut transcript = Transcript::new(DOMAIN);
    let folding = challenges(&mut transcript, &machine);
    let proof = crate::gkr::prove(&machine, &run.traces(), &run.publics, &folding, &mut transcript, &mut ());
    assert_eq!(proof.err(), Some(crate::gkr::Unbalanced));
}
