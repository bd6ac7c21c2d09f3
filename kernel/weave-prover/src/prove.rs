//! One proof from the rows of its tables (the specification's "Transcript of one proof").

use std::fmt;

use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, Digest, Val};
use proofloom_weave::gkr::{Folding, LeafClaim};
use proofloom_weave::{
    DOMAIN, Group, Instance, LayoutError, Machine, Native, Placement, Shape, Table, Transcript, WeaveProof, number,
    place,
};

use crate::commit::{Committed, encode, stack};
use crate::gkr::{self, Unbalanced};
use crate::progress::Progress;
use crate::reduce::{self, Columns};
use crate::staged::{self, StagedProof, Violated};
use crate::trace::TableTrace;
use crate::whir;

/// Rows that there is no proof of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProveError {
    /// Columns that do not fit their stack.
    Layout(LayoutError),
    /// Interactions that do not balance.
    Unbalanced(Unbalanced),
    /// A constraint that does not hold.
    Violated(Violated),
}

impl fmt::Display for ProveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layout(error) => error.fmt(f),
            Self::Unbalanced(error) => error.fmt(f),
            Self::Violated(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ProveError {}

impl From<LayoutError> for ProveError {
    fn from(error: LayoutError) -> Self {
        Self::Layout(error)
    }
}

impl From<Unbalanced> for ProveError {
    fn from(error: Unbalanced) -> Self {
        Self::Unbalanced(error)
    }
}

impl From<Violated> for ProveError {
    fn from(error: Violated) -> Self {
        Self::Violated(error)
    }
}

/// A tree over the columns of one group: made before a proof for fixed and shared ones.
#[derive(Debug)]
pub struct GroupCommitment {
    placement: Placement,
    tree: Option<Committed>,
}

impl GroupCommitment {
    /// Commits one group's columns of all tables, at their canonical places.
    ///
    /// # Errors
    /// [`LayoutError::TooWide`].
    pub fn new<T>(machine: &Machine<T>, group: Group, traces: &[TableTrace<'_>]) -> Result<Self, LayoutError> {
        Self::reported(machine, group, traces, &mut ())
    }

    fn reported<T>(
        machine: &Machine<T>,
        group: Group,
        traces: &[TableTrace<'_>],
        progress: &mut dyn Progress,
    ) -> Result<Self, LayoutError> {
        let log_heights: Vec<usize> = traces.iter().map(TableTrace::log_height).collect();
        let placement = place(machine.chunks(), group, &log_heights, machine.profile())?;
        Ok(Self::commit(machine, group, traces, placement, progress))
    }

    /// The same at other places, which have to hold the columns.
    pub fn placed<T>(machine: &Machine<T>, group: Group, traces: &[TableTrace<'_>], placement: Placement) -> Self {
        Self::commit(machine, group, traces, placement, &mut ())
    }

    fn commit<T>(
        machine: &Machine<T>,
        group: Group,
        traces: &[TableTrace<'_>],
        placement: Placement,
        progress: &mut dyn Progress,
    ) -> Self {
        if placement.width == 0 {
            return Self { placement, tree: None };
        }
        let profile = machine.profile();
        let columns = columns_of(machine.shapes(), traces, group);
        let stack = stack(machine.chunks(), group, &placement, &columns, profile);
        progress.done("commit: stack");
        let codewords = encode(stack, profile.oracles[0].log_inverse_rate);
        progress.done("commit: code");
        let tree = Committed::of_codewords(codewords);
        progress.done("commit: tree");
        Self { placement, tree: Some(tree) }
    }

    /// Zeros if there are no such columns.
    pub fn root(&self) -> Digest {
        self.tree.as_ref().map_or(Digest::default(), Committed::root)
    }
}

/// The committed columns of one group by table.
fn columns_of<'a>(shapes: &[Shape], traces: &[TableTrace<'a>], group: Group) -> Vec<Option<&'a RowMajorMatrix<Val>>> {
    let columns = |(shape, trace): (&Shape, &TableTrace<'a>)| match group {
        _ if shape.committed(group) == 0 => None,
        Group::Fixed => trace.fixed,
        Group::Shared => trace.shared,
        Group::Main => Some(trace.main),
    };
    shapes.iter().zip(traces).map(columns).collect()
}

/// What a proof is made of.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a, T> {
    pub machine: &'a Machine<T>,
    pub instance: &'a Instance<Val>,
    pub traces: &'a [TableTrace<'a>],
    pub fixed: &'a GroupCommitment,
    pub shared: &'a GroupCommitment,
}

/// Makes a proof, main columns at their canonical places.
///
/// # Errors
/// [`ProveError`].
pub fn prove<T: Table>(inputs: &Inputs<'_, T>, progress: &mut dyn Progress) -> Result<WeaveProof, ProveError> {
    let main = GroupCommitment::reported(inputs.machine, Group::Main, inputs.traces, progress)?;
    prove_placed(inputs, main, progress)
}

/// The same with main columns that are committed already.
///
/// # Errors
/// [`ProveError`], but for the layout.
pub fn prove_placed<T: Table>(
    inputs: &Inputs<'_, T>,
    main: GroupCommitment,
    progress: &mut dyn Progress,
) -> Result<WeaveProof, ProveError> {
    let publics = &inputs.instance.publics;
    prove_following(inputs, main, progress, |folding, leaf, transcript, progress| {
        staged::prove(inputs.machine, inputs.traces, publics, folding, leaf, transcript, progress)
    })
}

/// The same with staged rounds that `staged` follows: a test may do so although a constraint is violated.
pub(crate) fn prove_following<T: Table>(
    inputs: &Inputs<'_, T>,
    main: GroupCommitment,
    progress: &mut dyn Progress,
    staged: impl FnOnce(
        &Folding<Challenge>,
        &LeafClaim<Challenge>,
        &mut Transcript,
        &mut dyn Progress,
    ) -> Result<StagedProof, Violated>,
) -> Result<WeaveProof, ProveError> {
    let Inputs { machine, instance, traces, .. } = *inputs;
    let profile = machine.profile();
    let log_heights: Vec<usize> = traces.iter().map(TableTrace::log_height).collect();
    let mut transcript = begin(machine, instance, &log_heights, &main);
    let (alpha, beta) = (transcript.challenge(), transcript.challenge());
    let folding = Folding::new(&mut Native::new(DOMAIN, &[], ()), machine.buses(), alpha, beta);
    let lookups = gkr::prove(machine, traces, &instance.publics, &folding, &mut transcript, progress)?;
    let staged = staged(&folding, &lookups.leaf, &mut transcript, progress)?;
    let groups = [inputs.fixed, inputs.shared, &main];
    let placements = groups.map(|group| group.placement.clone());
    let columns = Group::ALL.map(|group| columns_of(machine.shapes(), traces, group));
    let reduction = {
        // Made again: they were given up for the memory of the rounds before.
        let stacks = Group::ALL.map(|group| {
            let at = group as usize;
            stack(machine.chunks(), group, &placements[at], &columns[at], profile)
        });
        progress.done("reduction: stacks");
        let columns = Columns {
            profile,
            chunks: machine.chunks(),
            log_heights: &log_heights,
            placements: &placements,
            traces: &columns,
            stacks: &stacks,
        };
        reduce::prove(&columns, &staged.point, &staged.values, &mut transcript)
    };
    progress.done("reduction");
    let trees = groups.map(|group| group.tree.as_ref());
    let (sent, y) = (reduction.sent.clone(), reduction.reduced.value);
    let opening = whir::prove(profile, trees, reduction, &mut transcript, progress);
    Ok(WeaveProof {
        log_heights: log_heights.iter().map(|&h| h as u8).collect(),
        main_root: main.root(),
        main: main.placement,
        gkr: lookups.list,
        staged: staged.list,
        values: staged.values,
        reduction: sent,
        y,
        roots: opening.roots,
        nonces: opening.nonces,
        final_poly: opening.last,
        folds: opening.folds,
        openings: opening.openings,
    })
}

/// The transcript up to the challenges of the lookups.
fn begin<T: Table>(
    machine: &Machine<T>,
    instance: &Instance<Val>,
    log_heights: &[usize],
    main: &GroupCommitment,
) -> Transcript {
    let mut transcript = Transcript::new(DOMAIN);
    transcript.absorb(&machine.digest());
    transcript.absorb(&instance.gamma);
    let part =
        [instance.kind, instance.number, instance.set].map(|x| [x, Val::default(), Val::default(), Val::default()]);
    transcript.absorb(&part.concat());
    transcript.absorb(&instance.leaf);
    let heights = log_heights.iter().map(|&h| h as u64);
    let offsets = main.placement.offsets.iter().map(|&offset| u64::from(offset));
    let layout = heights.chain([u64::from(main.placement.width)]).chain(offsets).flat_map(number);
    transcript.absorb(&layout.collect::<Vec<_>>());
    transcript.absorb(&instance.fixed_root);
    transcript.absorb(&instance.shared_root);
    transcript.absorb(&main.root());
    transcript.absorb(&instance.publics.concat());
    transcript
}
