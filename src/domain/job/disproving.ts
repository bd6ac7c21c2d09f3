import { quarantineProver } from './quarantining.js';
import type { ProverId } from '../ids.js';
import type { Run } from './job-state.js';
import type { Task } from './task.js';
import type { DecisionBuilder } from './decision-builder.js';

/** Tasks of a job that a prover may fail at although they can be done: also an honest one is once out of memory. */
const MAX_DISPROVED = 8;

/**
 * The coordinator has done a task that provers failed at: so it can be done, and their word is disproved. Who is
 * disproved again and again is quarantined, or the coordinator would end up doing the provers' work for them.
 */
export function disprove(builder: DecisionBuilder, { failedBy }: Task): void {
  for (const prover of new Set(failedBy)) {
    const disproved = disprovedTasks(builder.run, prover);
    if (disproved >= MAX_DISPROVED) {
      quarantineProver(builder, prover, `failed at ${disproved} tasks that the coordinator then did`);
    }
  }
}

function disprovedTasks({ contribute, prove }: Run, prover: ProverId): number {
  const isDisproved = ({ state, failedBy }: Task) =>
    state.kind === 'DONE' && state.by === 'coordinator' && failedBy.includes(prover);
  return [...contribute, ...prove].filter(isDisproved).length;
}
