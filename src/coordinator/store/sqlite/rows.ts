import type { Epoch, JobId, Commitment, ProverId, Attempt, Segment, Sha256 } from '../../../domain/ids.js';
import type { JobHeader, CommitmentEntry, ProofEntry, RunHeader } from '../../../domain/job/changes.js';
import type { JobEvent } from '../../../domain/job/event.js';
import type { Assignment, AssignmentEnd, AssignmentGrade } from '../../../domain/job/assignment.js';
import type { JobStatus, CommitmentSlot, Plan } from '../../../domain/job/job-state.js';
import type { TaskCount, TaskCounts } from '../../../domain/job/progress-view.js';
import { stateLost } from '../../../domain/job/failure.js';
import { DEFAULT_RULES, type JobRequest, type JobRules } from '../../../domain/job/request.js';
import { parseTaskKey, taskKey, type Task, type TaskKind, type TaskState } from '../../../domain/job/task.js';
import type { QuarantineEntry } from '../task-store.js';

/** The columns of each table as the driver gives them; what it gives was written by this program. */
export interface JobRow {
  position: number;
  id: string;
  version: number;
  status: string;
  status_detail: string;
  submitted_at_ms: number;
  started_at_ms: number | null;
  ended_at_ms: number | null;
  priority: number;
  request: string;
  rules: string;
  last_event: number;
  own_failures: number;
  excluded: string;
  plan: string | null;
  run: string | null;
}

/** What changes with nearly every commit of a job, as columns. */
export function jobColumns(header: JobHeader) {
  const { status } = header;
  const { kind, ...detail } = status;
  return {
    id: header.id,
    version: header.version,
    status: kind,
    status_detail: JSON.stringify(detail),
    started_at_ms: header.startedAtMs,
    ended_at_ms: 'endedAtMs' in status ? status.endedAtMs : null,
    last_event: header.lastEvent,
    own_failures: header.ownFailures,
    excluded: JSON.stringify(header.excluded),
  };
}

export function runColumns(job: JobId, { plan, ...run }: RunHeader) {
  return { job_id: job, plan: JSON.stringify(plan), run: JSON.stringify(run) };
}

export function headerOfRow(row: JobRow): JobHeader {
  const plan = row.plan === null ? null : (JSON.parse(row.plan) as Omit<Plan, 'output'>);
  const run = row.run === null ? null : (JSON.parse(row.run) as Omit<RunHeader, 'plan'>);
  return {
    id: row.id as JobId,
    version: row.version,
    status: { kind: row.status, ...JSON.parse(row.status_detail) } as JobStatus,
    submittedAtMs: row.submitted_at_ms,
    startedAtMs: row.started_at_ms,
    request: JSON.parse(row.request) as JobRequest,
    rules: JSON.parse(row.rules) as JobRules,
    lastEvent: row.last_event,
    ownFailures: row.own_failures,
    excluded: JSON.parse(row.excluded) as ProverId[],
    run: plan && run && { ...run, plan },
  };
}

/**
 * What can still be said of a job whose row, or rows, cannot be read: how it ended if it has, else that it is lost.
 *
 * @param why what is wrong with it
 */
export function remainsOfRow(row: JobRow, why: string): JobHeader {
  const request = parsed<JobRequest>(row.request);
  const status = parsed<object>(row.status_detail);
  const lost = { kind: 'FAILED', endedAtMs: row.ended_at_ms ?? row.submitted_at_ms, failure: stateLost(why) } as const;
  return {
    id: row.id as JobId,
    version: row.version,
    status: row.ended_at_ms !== null && status ? ({ kind: row.status, ...status } as JobStatus) : lost,
    submittedAtMs: row.submitted_at_ms,
    startedAtMs: row.started_at_ms,
    request: request ?? UNKNOWN_REQUEST,
    rules: DEFAULT_RULES,
    lastEvent: row.last_event,
    ownFailures: row.own_failures,
    excluded: [],
    run: null,
  };
}

/** Stands for a request that cannot be read. */
const UNKNOWN_REQUEST: JobRequest = {
  program: '' as Sha256,
  input: '' as Sha256,
  computeUnits: 1,
  priority: 0,
  segmentCycles: 0,
  limits: { maxCycles: 0, maxMemoryBytes: 0, maxOutputBytes: 0 },
  deadlineMs: null,
  labels: {},
  simulatedNode: null,
};

/** null where the text is no JSON object. */
function parsed<T extends object>(text: string): T | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? (value as T | null) : null;
  } catch {
    return null;
  }
}

export interface TaskRow {
  task_key: string;
  state: string;
  state_detail: string;
  failed_by: string;
  losses: string;
  barred: string;
  reopened_at: number;
}

export function taskColumns(job: JobId, task: Task) {
  const { kind, ...detail } = task.state;
  return {
    job_id: job,
    task_key: taskKey(task.ref),
    kind: task.ref.kind,
    attempt: 'attempt' in task.ref ? task.ref.attempt : null,
    segment: 'segment' in task.ref ? task.ref.segment : null,
    state: kind,
    state_detail: JSON.stringify(detail),
    failed_by: JSON.stringify(task.failedBy),
    losses: JSON.stringify(task.losses),
    barred: JSON.stringify(task.barred),
    reopened_at: task.reopenedAt,
  };
}

export function taskOfRow(row: TaskRow): Task {
  return {
    ref: parseTaskKey(row.task_key),
    state: { kind: row.state, ...JSON.parse(row.state_detail) } as TaskState,
    failedBy: JSON.parse(row.failed_by) as ProverId[],
    losses: JSON.parse(row.losses) as ProverId[],
    barred: JSON.parse(row.barred) as ProverId[],
    reopenedAt: row.reopened_at as Epoch,
  };
}

/** So many tasks of a kind are in a state. */
export interface TaskCountRow {
  kind: string;
  state: string;
  tasks: number;
}

/** @param rows of the job's contributions, and of its tasks of the current attempt */
export function taskCountsOf({ run }: JobHeader, rows: readonly TaskCountRow[]): TaskCounts {
  const count = (kind: TaskKind): TaskCount => {
    const ofKind = rows.filter((row) => row.kind === kind);
    const inState = (state: TaskState['kind']) => ofKind.find((row) => row.state === state)?.tasks ?? 0;
    const total = ofKind.reduce((sum, { tasks }) => sum + tasks, 0);
    return { total, done: inState('DONE'), cancelled: inState('CANCELLED') };
  };
  // A contribution that nobody was given yet has no row.
  const contribute = { ...count('contribute'), total: run ? run.plan.segments + 1 : 0 };
  return { contribute, prove: count('prove'), aggregate: count('aggregate') };
}

export interface AssignmentRow {
  epoch: number;
  prover_id: string;
  phase: string;
  grade: string;
  tasks: string;
  lease_ms: number;
  ended_as: string | null;
}

export function assignmentColumns(job: JobId, assignment: Assignment) {
  return {
    job_id: job,
    epoch: assignment.epoch,
    prover_id: assignment.prover,
    phase: assignment.phase,
    grade: assignment.grade,
    tasks: JSON.stringify(assignment.tasks.map(taskKey)),
    lease_ms: assignment.leaseMs,
    ended_as: assignment.state.kind === 'ENDED' ? assignment.state.cause : null,
  };
}

export function assignmentOfRow(row: AssignmentRow): Assignment {
  return {
    epoch: row.epoch as Epoch,
    prover: row.prover_id as ProverId,
    phase: row.phase as TaskKind,
    grade: row.grade as AssignmentGrade,
    tasks: (JSON.parse(row.tasks) as string[]).map(parseTaskKey),
    leaseMs: row.lease_ms,
    state: row.ended_as === null ? { kind: 'LIVE' } : { kind: 'ENDED', cause: row.ended_as as AssignmentEnd },
  };
}

export interface CommitmentRow {
  segment: number;
  kind: string;
  commitment: string | null;
  author: string | null;
}

export function commitmentColumns(job: JobId, { segment, slot }: CommitmentEntry) {
  return {
    job_id: job,
    segment,
    kind: slot.kind,
    commitment: slot.kind === 'missing' ? null : slot.commitment,
    author: slot.kind === 'claimed' ? slot.author : null,
  };
}

export function commitmentOfRow(row: CommitmentRow): CommitmentEntry {
  const commitment = row.commitment as Commitment;
  const slots: Record<string, CommitmentSlot> = {
    claimed: { kind: 'claimed', commitment, author: row.author as ProverId },
    recomputed: { kind: 'recomputed', commitment },
  };
  return { segment: row.segment as Segment, slot: slots[row.kind] ?? { kind: 'missing' } };
}

export interface ProofRow {
  attempt: number;
  segment: number;
  sha256: string;
  size: number;
  prover_id: string;
  epoch: number;
}

export function proofOfRow(row: ProofRow): ProofEntry {
  const artifact = { sha256: row.sha256 as Sha256, size: row.size };
  const proof = { artifact, prover: row.prover_id as ProverId, epoch: row.epoch as Epoch };
  return { attempt: row.attempt as Attempt, segment: row.segment as Segment, proof };
}

export interface EventRow {
  seq: number;
  at_ms: number;
  type: string;
  detail: string;
}

export function eventColumns(job: JobId, event: JobEvent) {
  const { seq, atMs, type, ...detail } = event;
  return { job_id: job, seq, at_ms: atMs, type, detail: JSON.stringify(detail) };
}

export function eventOfRow(row: EventRow): JobEvent {
  return { type: row.type, ...JSON.parse(row.detail), seq: row.seq, atMs: row.at_ms } as JobEvent;
}

export interface QuarantineRow {
  prover_id: string;
  cause: string;
  reason: string;
  job_id: string | null;
  since_ms: number;
}

export function quarantineOfRow(row: QuarantineRow): QuarantineEntry {
  return {
    prover: row.prover_id as ProverId,
    cause: row.cause as QuarantineEntry['cause'],
    reason: row.reason,
    job: row.job_id as JobId | null,
    sinceMs: row.since_ms,
  };
}
