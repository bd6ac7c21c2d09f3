import type { Segment } from '../ids.js';
import type { OwnWork } from './command.js';
import type { Effect } from './effect.js';
import type { JobState } from './job-state.js';

/** The effect that asks the coordinator for a piece of its own work. */
export function ownWork(work: OwnWork, segment: Segment | null = null, delayMs = 0): Effect {
  return { kind: 'own_work', work, segment, delayMs };
}

/**
 * What the coordinator itself owes a job in this state. Asked for again after a restart or a failure: the answers
 * are commands that do nothing when they come twice.
 */
export function owedWork(job: JobState, delayMs = 0): Effect[] {
  if (job.status.kind === 'PLANNING') return [ownWork('plan', null, delayMs)];
  if (job.status.kind !== 'RUNNING' || !job.run) return [];
  const { run } = job;
  const settling = run.disputes.map(({ segment }) => ownWork('settle', segment, delayMs));
  if (run.stage === 'CHALLENGING') return [...settling, ownWork('challenge', null, delayMs)];
  if (run.stage === 'PROVING') {
    return [...settling, ...run.ownProofs.map((segment) => ownWork('prove', segment, delayMs))];
  }
  if (run.stage === 'COMBINING') return [...settling, ownWork('combine', null, delayMs)];
  return settling;
}
