import type { JobId } from '../../domain/ids.js';
import type { TaskKind } from '../../domain/job/task.js';

/** Results remembered per job and phase. */
const REMEMBERED = 32;
/** With fewer results nothing is called usual. */
const ENOUGH = 3;

/** How long results usually take: the median of the latest ones of a job's phase. */
export class TaskLatency {
  private readonly samples = new Map<string, number[]>();

  add(job: JobId, phase: TaskKind, tookMs: number): void {
    const key = `${job} ${phase}`;
    const samples = [...(this.samples.get(key) ?? []), tookMs].slice(-REMEMBERED);
    this.samples.set(key, samples);
  }

  medianMs(job: JobId, phase: TaskKind): number | null {
    const samples = this.samples.get(`${job} ${phase}`) ?? [];
    if (samples.length < ENOUGH) return null;
    const sorted = [...samples].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? null;
  }

  forget(job: JobId): void {
    for (const phase of ['contribute', 'prove', 'aggregate']) this.samples.delete(`${job} ${phase}`);
  }
}
