import type { JobHeader } from '../../domain/job/changes.js';
import { assignedProvers, visiblePhase, type VisiblePhase } from '../../domain/job/progress-view.js';
import { JobStatus, type JobsList } from '../generated/zisk_distributed_api.js';
import { fitting } from '../message-size.js';
import { BLOCK_ID_LABEL } from '../stream/assignment.js';

const MS_PER_SECOND = 1000;

/** As many of the jobs as fit into a message. @param hasMore others follow */
export function toJobsList(headers: readonly JobHeader[], hasMore: boolean): JobsList {
  const jobs = headers.map(toJobStatus);
  const count = fitting(jobs, (job) => JobStatus.encode(job).finish().length);
  return { jobs: jobs.slice(0, count), hasMore: hasMore || count < jobs.length };
}

/** A job in the words of the published interface. */
export function toJobStatus(job: JobHeader): JobStatus {
  const { status, request, startedAtMs, submittedAtMs } = job;
  const phase = visiblePhase(job);
  const begunMs = startedAtMs ?? submittedAtMs;
  return {
    jobId: job.id,
    blockId: request.labels[BLOCK_ID_LABEL] ?? '',
    phase,
    state: stateText(job, phase),
    assignedProvers: assignedProvers(job),
    startTime: BigInt(Math.floor(begunMs / MS_PER_SECOND)),
    durationMs: 'endedAtMs' in status ? BigInt(Math.max(0, Math.round(status.endedAtMs - begunMs))) : 0n,
    simulated: request.simulatedNode !== null,
    failureReason: status.kind === 'FAILED' ? `${status.failure.code}: ${status.failure.message}` : '',
  };
}

function stateText({ status }: JobHeader, phase: VisiblePhase): string {
  switch (status.kind) {
    case 'QUEUED':
    case 'PLANNING':
      return 'Created';
    case 'RUNNING':
      return `Running (${phase})`;
    case 'COMPLETED':
      return 'Completed';
    case 'FAILED':
      return 'Failed';
    case 'CANCELLED':
      return 'Cancelled';
  }
}
