import type { Epoch } from '../../src/domain/ids.js';
import type { JobCommand } from '../../src/domain/job/command.js';
import { ignored } from '../../src/domain/job/decision.js';
import type { Decide } from '../../src/domain/job/decide.js';
import type { JobState, Run } from '../../src/domain/job/job-state.js';
import type { Task } from '../../src/domain/job/task.js';
import type { StoreBatch, TaskStore } from '../../src/coordinator/store/task-store.js';

/** Bugs put in on purpose: a simulation that does not find them would not find real ones either. */
export type Mutant =
  | 'no_fencing_check'
  | 'effect_before_commit'
  | 'double_assignment'
  | 'open_to_nobody'
  | 'no_timeout'
  | 'endless_wait'
  | 'starved_phase';

export const MUTANTS: readonly Mutant[] = [
  'no_fencing_check',
  'effect_before_commit',
  'double_assignment',
  'open_to_nobody',
  'no_timeout',
  'endless_wait',
  'starved_phase',
];

export function mutated(decide: Decide, mutant: Mutant | null): Decide {
  if (mutant === 'no_fencing_check') return (job, command, now) => decide(job, withCurrentEpoch(job, command), now);
  if (mutant === 'double_assignment') return (job, command, now) => forgetful(job, command, decide(job, command, now));
  if (mutant === 'open_to_nobody') return without(decide, ({ kind }) => kind === 'take_over');
  if (mutant === 'endless_wait') return without(decide, ({ kind }) => kind === 'provers_exhausted');
  if (mutant === 'no_timeout') {
    return without(decide, (command) => command.kind === 'end_assignment' && command.cause === 'timed_out');
  }
  return decide;
}

/** Nothing comes of these commands. */
function without(decide: Decide, dropped: (command: JobCommand) => boolean): Decide {
  return (job, command, now) =>
    dropped(command)
      ? { job, outcome: ignored('dropped on purpose'), events: [], quarantines: [], effects: [] }
      : decide(job, command, now);
}

/** Forgets to ask whether a report comes from the present holder of its task. */
function withCurrentEpoch(job: JobState, command: JobCommand): JobCommand {
  if (command.kind !== 'report_commitment' && command.kind !== 'report_failure') return command;
  const { task: ref } = command.report;
  const task = ref.kind === 'contribute' ? job.run?.contribute.at(ref.segment) : undefined;
  if (task?.state.kind !== 'ASSIGNED') return command;
  const epoch = task.state.primary;
  const holder = job.assignments.at(epoch - 1)?.prover ?? command.report.prover;
  return { ...command, report: { ...command.report, epoch, prover: holder } };
}

/** Every third assignment is given without a note that its tasks are taken. */
function forgetful(job: JobState, command: JobCommand, decision: ReturnType<Decide>): ReturnType<Decide> {
  const { outcome } = decision;
  if (command.kind !== 'assign' || outcome.kind !== 'assigned' || outcome.epoch % 3 !== 0) return decision;
  return {
    ...decision,
    job: { ...decision.job, run: decision.job.run && stillReady(decision.job.run, outcome.epoch) },
  };
}

function stillReady(run: Run, epoch: Epoch): Run {
  const ready = (task: Task): Task =>
    task.state.kind === 'ASSIGNED' && task.state.primary === epoch ? { ...task, state: { kind: 'READY' } } : task;
  return {
    ...run,
    contribute: run.contribute.transformed(ready),
    prove: run.prove.transformed(ready),
    aggregate: run.aggregate && ready(run.aggregate),
  };
}

/** Says that a commit is done before it is. */
export function hasty(store: TaskStore): TaskStore {
  const commit = (batch: StoreBatch) => {
    void store.commit(batch).catch(() => undefined);
    return Promise.resolve();
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'commit') return commit;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
