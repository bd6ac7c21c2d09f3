import { BOUNDARY, type Epoch, type ProverId, type Segment } from '../ids.js';
import { segmentOf } from '../job/task.js';
import type { JobIndex } from './job-index.js';

/** The slowest outstanding task that has one holder only, and that is somebody else; none while others are ready. */
export function straggler(job: JobIndex, prover: ProverId): Segment | null {
  if (!job.exhausted) return null;
  for (const epoch of job.late) {
    const assignment = job.live.get(epoch);
    if (!assignment || assignment.prover === prover || assignment.phase !== job.phase) continue;
    const segments = assignment.tasks.map((ref) => segmentOf(ref) ?? BOUNDARY);
    const found = segments.find((segment) => isSlow(job, segment, epoch, prover));
    if (found !== undefined) return found;
  }
  return null;
}

function isSlow(job: JobIndex, segment: Segment, epoch: Epoch, prover: ProverId): boolean {
  const task = job.task(segment);
  if (task?.state.kind !== 'ASSIGNED' || job.doubled.has(segment)) return false;
  return task.state.primary === epoch && task.state.speculative === null && !task.barred.includes(prover);
}
