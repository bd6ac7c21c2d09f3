import type { JobId } from '../ids.js';
import type { Task, TaskRef } from '../job/task.js';
import type { JobView } from './scheduling-view.js';
import type { Move, ProverView } from './assignment-input.js';

/** Tasks chosen for one prover, to go out as one assignment per job. */
export class AssignmentBuilder {
  readonly #tasks = new Map<string, { job: JobId; prover: ProverView; tasks: TaskRef[] }>();

  add(job: JobView, prover: ProverView, task: Task): void {
    const key = `${job.job.id} ${prover.prover}`;
    const entry = this.#tasks.get(key) ?? { job: job.job.id, prover, tasks: [] };
    entry.tasks.push(task.ref);
    this.#tasks.set(key, entry);
  }

  moves(leaseMs: number): Move[] {
    return [...this.#tasks.values()].map(({ job, prover, tasks }) => ({
      job,
      command: { kind: 'assign', prover: prover.prover, tasks, grade: 'primary', leaseMs },
    }));
  }
}
