import type { ProverId } from '../ids.js';
import type { TaskRef } from '../job/task.js';
import type { Move } from './assignment-input.js';
import type { JobIndex } from './job-index.js';

/** Tasks chosen for provers: one assignment for each job and prover, and one for each task that is assigned once more. */
export class AssignmentBuilder {
  private readonly primary = new Map<string, { job: JobIndex; prover: ProverId; tasks: TaskRef[] }>();
  private readonly speculative: Move[] = [];

  constructor(private readonly leaseMs: number) {}

  add(job: JobIndex, prover: ProverId, task: TaskRef): void {
    const key = `${job.id} ${prover}`;
    const entry = this.primary.get(key) ?? { job, prover, tasks: [] };
    entry.tasks.push(task);
    this.primary.set(key, entry);
  }

  addSpeculative(job: JobIndex, prover: ProverId, task: TaskRef): void {
    const { leaseMs } = this;
    const command = { kind: 'assign', prover, tasks: [task], grade: 'speculative', leaseMs } as const;
    this.speculative.push({ job: job.id, command });
  }

  moves(): Move[] {
    const { leaseMs } = this;
    const primary = [...this.primary.values()].map(({ job, prover, tasks }): Move => {
      return { job: job.id, command: { kind: 'assign', prover, tasks, grade: 'primary', leaseMs } };
    });
    return [...primary, ...this.speculative];
  }
}
