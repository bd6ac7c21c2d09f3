//! Checks tables row by row, without a proof: for tests and for work on the tables.

use proofloom_machine::Step;

use crate::cross::CrossPair;
use crate::error::KernelError;
use crate::gamma;
use crate::key::by_table;
use crate::prover::{BOUNDARY, Job};
use crate::publics;
use crate::system::{boundary_machine, segment_machine};
use crate::tables::VmTable;
use crate::trace::record::{Record, Runner};
use crate::trace::{boundary, local, segment};

/// What [`Job::debug`] found.
#[derive(Debug)]
pub enum Finding {
    /// The run itself failed.
    Kernel(KernelError),
    /// Violated constraints or unbalanced buses of a segment.
    Tables { segment: u32, report: String },
    /// The cross-segment sums do not cancel.
    Sum,
}

impl From<KernelError> for Finding {
    fn from(error: KernelError) -> Self {
        Self::Kernel(error)
    }
}

impl Job<'_> {
    /// Builds all tables of all segments and of the boundary and checks them; `fault` may change
    /// the recorded steps of a segment first.
    ///
    /// # Errors
    /// [`Finding`].
    pub fn debug(&self, mut fault: impl FnMut(u32, &mut Vec<Step>)) -> Result<(), Finding> {
        let run = self.run()?;
        let mut runner = Runner::new(run).map_err(KernelError::from)?;
        let pair = gamma::cross_pair(&gamma::segment_leaf(
            &Default::default(),
            &Default::default(),
        ));
        let mut sum = proofloom_field::Challenge::default();
        let mut number = 0;
        while runner.exit().is_none() {
            let mut record = runner.record().map_err(KernelError::from)?;
            fault(record.number, &mut record.steps);
            number = record.number;
            sum += self.debug_segment(&run, &record, &pair)?;
        }
        let statement = self.plan()?.statement;
        debug_assert_eq!(number, statement.segments);
        let Some(finish) = runner.finish() else {
            return Err(Finding::Sum);
        };
        let trace = boundary::build(&run, &finish);
        let machine = boundary_machine();
        let (mut contents, share) = trace.mains(&pair);
        let mut shared = vec![(VmTable::Initfin, trace.shared.clone())];
        let shared = machine
            .commit_shared(by_table(machine, &mut shared))
            .map_err(KernelError::from)?;
        contents.push((
            VmTable::Image,
            boundary::image_main(1 << self.key.verifying.image_log_height),
        ));
        let mains: Vec<_> = by_table(machine, &mut contents)
            .into_iter()
            .flatten()
            .collect();
        let values = publics::boundary(machine, &self.key.verifying, &pair, share);
        machine
            .debug_check(&self.key.boundary_fixed, &shared, &mains, &values)
            .map_err(|report| Finding::Tables {
                segment: BOUNDARY,
                report: report.to_string(),
            })?;
        sum += share;
        if sum == crate::verifier::output_terms(&pair, &statement.output) {
            Ok(())
        } else {
            Err(Finding::Sum)
        }
    }

    fn debug_segment(
        &self,
        run: &crate::trace::record::Run<'_>,
        record: &Record,
        pair: &CrossPair,
    ) -> Result<proofloom_field::Challenge, Finding> {
        let machine = segment_machine();
        let mut trace = segment::build(run, record);
        let (local, sum) = local::main(&trace.local, &trace.lasts, record.number, pair);
        let mut contents = vec![(VmTable::Local, trace.local.clone())];
        let shared = machine
            .commit_shared(by_table(machine, &mut contents))
            .map_err(KernelError::from)?;
        let mut local = Some(local);
        let mains: Vec<_> = machine
            .tables()
            .iter()
            .filter_map(|&table| {
                if table == VmTable::Local {
                    local.take()
                } else {
                    trace.take_main(table)
                }
            })
            .collect();
        let publics = gamma::SegmentPublics {
            number: record.number,
            pc_in: record.pc_in,
            pc_out: record.pc_out,
            cycles: record.steps.len() as u32,
            exit: record.exit.unwrap_or(0),
        };
        let values = publics::segment(machine, &self.key.verifying, &publics, pair, sum);
        machine
            .debug_check(&self.key.segment_fixed, &shared, &mains, &values)
            .map_err(|report| Finding::Tables {
                segment: record.number,
                report: report.to_string(),
            })?;
        Ok(sum)
    }
}
