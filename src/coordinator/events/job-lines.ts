import type { JobId } from '../../domain/ids.js';
import type { JobEvent } from '../../domain/job/event.js';
import type { JobState } from '../../domain/job/job-state.js';
import type { JobRequest } from '../../domain/job/request.js';
import { counted, secondsText, type LogLine } from './log-line.js';

/** A job that was accepted, and from whom; sizes in bytes. */
export interface AcceptedJob {
  readonly job: JobId;
  readonly request: JobRequest;
  readonly programBytes: number | null;
  readonly inputBytes: number | null;
  readonly from: string;
}

const MAX_LABELS_TEXT = 200;

/** Programs and inputs are named by their digests only. */
export function acceptedLine({ job, request, programBytes, inputBytes, from }: AcceptedJob): LogLine {
  const { program, input, labels, computeUnits } = request;
  const labelsText = Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
    .slice(0, MAX_LABELS_TEXT);
  const what = `program ${program.slice(0, 12)} (${bytesText(programBytes)}), input of ${bytesText(inputBytes)}`;
  return {
    level: 'info',
    message: 'job accepted',
    sentence: `${job} accepted${from && ` from ${from}`}${labelsText && ` [${labelsText}]`}: ${what}`,
    fields: { job, labels, program, programBytes, input, inputBytes, units: computeUnits, from },
  };
}

/** A job that the store has and that cannot be read back from it. */
export function unreadableLine(job: JobId, reason: string, hint: string): LogLine {
  return {
    level: 'error',
    message: 'job unreadable',
    sentence: `${reason}; it is ended as failed (STATE_LOST) and the others go on; what to do: ${hint}`,
    fields: { job, reason, hint },
  };
}

/** What an event of a job says in the log. What happens once a segment is for debugging. */
export function jobLines(job: JobState, event: JobEvent): LogLine[] {
  const { id } = job;
  const durationMs = Math.max(0, event.atMs - job.submittedAtMs);
  const tell = (level: LogLine['level'], message: string, text: string) => [
    line(level, message, `${id}: ${text}`, job, event),
  ];
  switch (event.type) {
    case 'planned':
      return [planned(job, event), phase(job, 'contributions', 1)];
    case 'challenged':
      return [phase(job, 'prove', event.attempt)];
    case 'aggregating':
      return [phase(job, 'aggregate', event.attempt)];
    case 'attempt_started':
      return [phase(job, 'contributions', event.attempt)];
    case 'aggregating_locally':
      return tell('warn', 'coordinator aggregates', `the coordinator aggregates itself: ${event.reason}`);
    case 'taken_over':
      return tell('warn', 'coordinator does a task', `the coordinator does ${event.task} itself: ${event.reason}`);
    case 'audit_started':
      return tell('warn', 'contributions audited', `its proofs do not fit together; contributions are made again`);
    case 'prover_excluded':
      return tell('warn', 'prover excluded', `${event.prover} gets nothing more of it: ${event.reason}`);
    case 'determinism_alarm':
      return tell(
        'error',
        'determinism alarm',
        `two valid proofs of segment ${event.segment} differ (${event.prover})`,
      );
    case 'completed':
      return [completed(job, event, durationMs)];
    case 'failed':
      return [failed(job, event, durationMs)];
    case 'cancelled':
      return [cancelled(job, event, durationMs)];
    case 'submitted':
    case 'planning':
    case 'assigned':
    case 'assignment_ended':
    case 'contributed':
    case 'proven':
    case 'proven_here':
    case 'task_failed':
    case 'disputed':
    case 'dispute_resolved':
    case 'aggregated':
      return [{ level: 'debug', message: `job ${event.type}`, fields: { job: id, ...factsOf(event) } }];
  }
}

function planned({ id, request }: JobState, { cycles, segments }: Extract<JobEvent, { type: 'planned' }>): LogLine {
  const units = request.computeUnits;
  const size = `${counted(cycles, 'cycle')} in ${counted(segments, 'segment')}`;
  return {
    level: 'info',
    message: 'job planned',
    sentence: `${id} planned: ${size}, for ${counted(units, 'compute unit')}`,
    fields: { job: id, cycles, segments, units },
  };
}

function phase({ id }: JobState, name: 'contributions' | 'prove' | 'aggregate', attempt: number): LogLine {
  return {
    level: 'info',
    message: 'job phase',
    sentence: `${id} enters phase ${name}${attempt === 1 ? '' : `, attempt ${attempt}`}`,
    fields: { job: id, phase: name, attempt },
  };
}

function completed({ id }: JobState, { final }: Extract<JobEvent, { type: 'completed' }>, durationMs: number): LogLine {
  const proof = final ? `proof ${final.sha256} (${bytesText(final.size)})` : 'simulated, without a final proof';
  return {
    level: 'info',
    message: 'job completed',
    sentence: `${id} completed after ${secondsText(durationMs)}: ${proof}`,
    fields: { job: id, durationMs, proof: final?.sha256 ?? null, proofBytes: final?.size ?? null },
  };
}

function failed({ id }: JobState, { failure }: Extract<JobEvent, { type: 'failed' }>, durationMs: number): LogLine {
  return {
    level: 'warn',
    message: 'job failed',
    sentence: `${id} failed after ${secondsText(durationMs)}: ${failure.code}: ${failure.message}`,
    fields: { job: id, durationMs, code: failure.code, reason: failure.message },
  };
}

function cancelled(
  { id }: JobState,
  { reason }: Extract<JobEvent, { type: 'cancelled' }>,
  durationMs: number,
): LogLine {
  return {
    level: 'info',
    message: 'job cancelled',
    sentence: `${id} cancelled after ${secondsText(durationMs)}${reason && `: ${reason}`}`,
    fields: { job: id, durationMs, reason },
  };
}

function line(level: LogLine['level'], message: string, sentence: string, job: JobState, event: JobEvent): LogLine {
  return { level, message, sentence, fields: { job: job.id, ...factsOf(event) } };
}

function factsOf({ type: _type, seq: _seq, atMs: _atMs, ...facts }: JobEvent): Record<string, unknown> {
  return 'busy' in facts ? { ...facts, busy: undefined } : facts;
}

function bytesText(bytes: number | null): string {
  return bytes === null ? 'unknown size' : counted(bytes, 'byte');
}
