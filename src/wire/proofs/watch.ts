import type { ProverId } from '../../domain/ids.js';
import type { JobEvent } from '../../domain/job/event.js';
import { segmentOf, type TaskRef } from '../../domain/job/task.js';
import type { Job, SegmentProgress, WatchResponse } from '../generated/proofloom/v1/proofs.js';
import { toTimestamp } from '../timestamps.js';
import { eventText } from './event-text.js';

/** How far a prover says it is with a task. */
export interface WatchedTask {
  readonly task: TaskRef;
  readonly prover: ProverId;
  readonly phase: string;
  readonly permille: number;
}

/** What is new of a job. */
export interface JobNews {
  readonly events: readonly JobEvent[];
  readonly progress: readonly WatchedTask[];
}

/**
 * One message per event, the newest with the job as it is now; only progress: one message without an event.
 * @param sequence of the last event that the watcher knows
 */
export function toWatchResponses({ events, progress }: JobNews, job: Job, sequence: number): WatchResponse[] {
  const running = progress.map(toSegmentProgress);
  if (events.length === 0) return [{ sequence: BigInt(sequence), at: undefined, job, message: '', running }];
  return events.map((event, index) => {
    const isNewest = index === events.length - 1;
    const newest = isNewest ? { job, running } : { job: undefined, running: [] };
    return { sequence: BigInt(event.seq), at: toTimestamp(event.atMs), message: eventText(event), ...newest };
  });
}

function toSegmentProgress({ task, prover, phase, permille }: WatchedTask): SegmentProgress {
  return { segment: segmentOf(task) ?? 0, phase, proverId: prover, permille };
}
