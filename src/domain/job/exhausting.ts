import type { JobCommand } from './command.js';
import { APPLIED, ignored, type Outcome } from './decision.js';
import { failJob } from './ending.js';
import { openPhase } from './assigning.js';
import { pendingCoordinatorTasks } from './coordinator-tasks.js';
import { isLive } from './assignment.js';
import type { JobState } from './job-state.js';
import type { DecisionBuilder } from './decision-builder.js';

/**
 * Whether everybody who was assigned something of the job is quarantined, and nothing of it is under way. To wait for
 * provers as such is no fault of a job; this one has had some, and all of them were wrong.
 */
export function isExhausted(job: JobState): boolean {
  const { run, excluded, assignments } = job;
  if (job.status.kind !== 'RUNNING' || !run || excluded.length === 0 || openPhase(run) === null) return false;
  if (pendingCoordinatorTasks(job).length > 0) return false;
  const out = new Set(excluded);
  return [...assignments].every((assignment) => out.has(assignment.prover) && !isLive(assignment));
}

/** Provers that a message names; of more, how many. */
const NAMED = 5;

type Exhausted = Extract<JobCommand, { kind: 'provers_exhausted' }>;

export function proversExhausted(builder: DecisionBuilder, { waitedMs }: Exhausted): Outcome {
  if (!isExhausted(builder.job)) return ignored('somebody is left who may work on the job');
  const { excluded } = builder.job;
  const more = excluded.length > NAMED ? ` and ${excluded.length - NAMED} more` : '';
  const who = `${excluded.slice(0, NAMED).join(', ')}${more}`;
  const message = `every prover that worked on it was quarantined (${who}), and no other came within ${waitedMs} ms`;
  failJob(builder, { code: 'FAULTY_PROVERS', message });
  return APPLIED;
}
