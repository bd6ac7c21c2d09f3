import { Logger } from '@nestjs/common';
import { DomainError } from '../../domain/errors.js';
import type { JobId } from '../../domain/ids.js';
import type { AssignedWork } from '../../domain/job/assigned-work.js';
import type { BusySpan, FailureReport, ProverReport, ResultId, TaskProgress } from '../../domain/job/prover-report.js';
import type { TaskKey } from '../../domain/job/task.js';
import type { AssignmentId } from '../../domain/session/lease-table.js';
import type { Verdict } from '../../domain/verdict.js';
import type { KernelProgress } from '../../kernel/kernel.types.js';
import type { Random } from '../../lifecycle/random.js';
import type { Timers } from '../../lifecycle/timers.js';
import { AssignmentWork, type WorkFailure, type WorkTools } from './assignment-work.js';
import { ResultOutbox } from './result-outbox.js';
import type { ComputedResult } from './task-runner.js';
import { assignmentKey, toLocalAssignment, type LocalTask, type LocalAssignment } from './local-assignment.js';

/** The way to the coordinator while there is one. */
export interface Sender {
  /** False where the report could not be sent. */
  readonly send: (report: ProverReport) => boolean;
  /** For what may be lost: sent only while nothing waits to be sent. */
  readonly offer: (progress: TaskProgress) => void;
}

export interface TaskManagerParts extends WorkTools {
  readonly timers: Timers;
  readonly random: Random;
}

/** Assignments taken on at once; the coordinator never assigns nearly as many. */
const MAX_ASSIGNMENTS = 1024;
const PERMILLE = 1000;

/** Everything this prover has taken on: assignments being worked on and results not yet acknowledged. */
export class TaskManager {
  private readonly log = new Logger(TaskManager.name);
  private readonly works = new Map<string, AssignmentWork>();
  private readonly outbox: ResultOutbox;
  /** Failures of assignments still held; told again on every new connection. */
  private readonly failures = new Map<string, FailureReport[]>();
  private readonly idleWaiters = new Set<() => void>();
  private sender: Sender | undefined;
  private closing = false;

  constructor(private readonly parts: TaskManagerParts) {
    const { artifacts, timers, random } = parts;
    const send = (report: ProverReport) => this.send(report);
    this.outbox = new ResultOutbox({ artifacts, timers, random, send, onRemoved: () => this.tellIfIdle() });
  }

  get isIdle(): boolean {
    return this.works.size === 0 && this.outbox.unacknowledged().length === 0;
  }

  /** Compute units in use. */
  get load(): number {
    return this.parts.slots.taken;
  }

  /** A connection is there: what the coordinator may not have heard is said again. */
  connected(sender: Sender): void {
    this.sender = sender;
    for (const failure of [...this.failures.values()].flat()) this.send(failure);
    this.outbox.resend();
  }

  disconnected(): void {
    this.sender = undefined;
  }

  /**
   * Takes on an assignment, confirms it, and begins. The same again is only confirmed again.
   * @param jobId as the coordinator wrote it, for where the assignment cannot be read
   * @param read throws DomainError where it cannot
   */
  execute(jobId: string, read: () => AssignedWork): void {
    const assignment = this.read(jobId, read);
    if (!assignment) return;
    const { job, epoch, localTasks: tasks } = assignment;
    this.send({ kind: 'received', job, epoch });
    if (this.works.has(assignment.key) || this.hasResultOf(assignment)) return;
    if (this.closing) return this.handBack(assignment, 'stopping');
    if (this.works.size >= MAX_ASSIGNMENTS) return this.handBack(assignment, 'full');
    this.log.log({ message: 'work begins', job, epoch, first: tasks[0]?.key, tasks: tasks.length });
    const work = new AssignmentWork(assignment, this.parts, {
      result: this.takeResult,
      failure: this.takeFailure,
      progress: this.showProgress,
      over: this.forget,
    });
    this.works.set(assignment.key, work);
    work.start();
  }

  /** Stops working on tasks of an assignment, or on all where none is named. Results of finished ones may still count. */
  revoke(assignment: AssignmentId, tasks: readonly TaskKey[]): void {
    const work = this.works.get(assignmentKey(assignment));
    if (!work) return;
    const { job, epoch } = assignment;
    this.log.log({ message: 'work taken back', job, epoch, tasks: tasks.join(' ') || 'all' });
    work.revoke(tasks);
  }

  jobCancelled(job: JobId): void {
    const works = [...this.works.values()].filter(({ assignment }) => assignment.job === job);
    if (works.length > 0) this.log.log({ message: 'job cancelled, its work stops', job });
    for (const work of works) work.revoke([]);
    this.outbox.forget(job);
  }

  acknowledge(result: ResultId, verdict: Verdict): void {
    this.outbox.acknowledge(result, verdict);
  }

  /** The assignments that the coordinator is told to be held here. */
  heldAssignments(): AssignmentId[] {
    const working = [...this.works.values()].map(({ assignment }) => assignment);
    const heldAssignments = [...working, ...this.outbox.unacknowledged()].map(({ job, epoch }) => ({ job, epoch }));
    return [...new Map(heldAssignments.map((assignment) => [assignmentKey(assignment), assignment])).values()];
  }

  unacknowledged(): ResultId[] {
    return this.outbox.unacknowledged();
  }

  /** Resolves when nothing is being worked on and every result is acknowledged. */
  async idle(): Promise<void> {
    while (!this.isIdle) await new Promise<void>((resolve) => void this.idleWaiters.add(resolve));
  }

  /** Finishes the segments that are being worked on, delivers them, and gives the rest back. */
  async finishRunning(): Promise<void> {
    this.closing = true;
    await Promise.all([...this.works.values()].map((work) => this.finishOne(work)));
    await this.idle();
  }

  /** Gives back at once what is not finished, and forgets everything. */
  close(): void {
    this.closing = true;
    for (const work of this.works.values()) this.giveUp(work);
    this.outbox.close();
  }

  private async finishOne(work: AssignmentWork): Promise<void> {
    await work.finishRunning();
    if (!work.isOver) this.giveUp(work);
  }

  private giveUp(work: AssignmentWork): void {
    this.handBack(work.assignment, 'the prover stops');
    work.revoke([]);
  }

  private read(jobId: string, read: () => AssignedWork): LocalAssignment | undefined {
    try {
      return toLocalAssignment(read());
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const reason = `${error.message}; ${error.hint}`;
      this.log.error({ message: 'an assignment of the coordinator cannot be read', reason });
      this.send({ kind: 'unreadable', job: jobId, reason });
      return undefined;
    }
  }

  private hasResultOf({ key }: LocalAssignment): boolean {
    return this.outbox.unacknowledged().some((result) => assignmentKey(result) === key);
  }

  private readonly takeResult = (
    assignment: LocalAssignment,
    task: LocalTask,
    computed: ComputedResult,
    busy: BusySpan,
  ): void => {
    const { job, epoch, phase } = assignment;
    this.log.log({ message: 'task done', job, task: task.key, ms: busy.endMs - busy.startMs });
    this.outbox.add({
      job,
      epoch,
      task: task.key,
      computed,
      report: (result) => ({ kind: 'result', job, epoch, phase, task: task.ref, result, busy }),
      onRefused: ({ code, message }) => this.takeRefusal(assignment, task, code, message),
    });
  };

  private readonly takeFailure = (assignment: LocalAssignment, failure: WorkFailure): void => {
    const { job } = assignment;
    const tasks = failure.tasks.map(({ key }) => key).join(' ');
    this.log.warn({ message: 'tasks failed', job, tasks, code: failure.code, reason: failure.message });
    const report = failureOf(assignment, failure);
    this.failures.set(assignment.key, [...(this.failures.get(assignment.key) ?? []), report]);
    this.send(report);
  };

  /** Said once: where that is lost, the coordinator sees that the assignment is not held any more. */
  private takeRefusal(assignment: LocalAssignment, task: LocalTask, code: string, message: string): void {
    this.log.warn({ message: 'result refused', job: assignment.job, task: task.key, code, reason: message });
    this.send(failureOf(assignment, { tasks: [task], code, message, retryable: false }));
  }

  private readonly showProgress = (
    { job, epoch }: LocalAssignment,
    task: LocalTask,
    progress: KernelProgress,
  ): void => {
    const { phase, fraction } = progress;
    this.sender?.offer({ job, epoch, task: task.key, phase, permille: Math.round(fraction * PERMILLE) });
  };

  private readonly forget = ({ key }: LocalAssignment): void => {
    this.works.delete(key);
    this.failures.delete(key);
    this.tellIfIdle();
  };

  private handBack({ job, epoch, phase }: LocalAssignment, reason: string): void {
    this.send({ kind: 'handed_back', job, epoch, phase, reason });
  }

  private send(report: ProverReport): boolean {
    return this.sender?.send(report) ?? false;
  }

  private tellIfIdle(): void {
    if (!this.isIdle) return;
    for (const tell of this.idleWaiters) tell();
    this.idleWaiters.clear();
  }
}

function failureOf({ job, epoch, phase }: LocalAssignment, { tasks, ...failure }: WorkFailure): FailureReport {
  return { kind: 'failure', job, epoch, phase, tasks: tasks.map(({ ref }) => ref), ...failure };
}
