import type { ProverId } from '../../src/domain/ids.js';
import type { AssignmentContent } from '../../src/domain/job/effect.js';
import { taskKey, type TaskRef } from '../../src/domain/job/task.js';
import type { AssignmentId } from '../../src/domain/session/lease-table.js';
import type { Connection } from './connection.js';
import type { ProverFault } from './faults.js';
import { Host } from './host.js';
import type { EventQueue } from './event-queue.js';
import type { ReportedResult, Report, ToProver } from './messages.js';
import type { SeededRandom } from './seeded-random.js';
import { HEARTBEAT_MS, RESEND_MS, SILENCE_MS, TASK_MS } from './times.js';
import { artifact, challengeOf, finalOf, commitmentOf, proofOf } from './reference-model.js';

export interface ProverParts {
  readonly queue: EventQueue;
  readonly random: SeededRandom;
  readonly id: ProverId;
  readonly computeUnits: number;
  /** What it does wrong, each now and then; empty for an honest prover. */
  readonly faults: readonly ProverFault[];
  /** How often it does each of them. */
  readonly faultRate: number;
  /** Opens a connection to the coordinator, if one is there. */
  readonly connect: (prover: SimProver) => Connection | null;
  /** The task kills whatever prover starts it. */
  readonly isPoison: (assignment: AssignmentContent, task: TaskRef) => boolean;
  /** The task is one that no prover can do. */
  readonly isRefused: (assignment: AssignmentContent, task: TaskRef) => boolean;
  readonly onFault: (fault: ProverFault | 'poison_task') => void;
}

interface HeldTask {
  readonly assignment: AssignmentContent;
  readonly task: TaskRef;
  started: boolean;
}

/** One prover: holds assignments, works on as many tasks as it has units, and keeps each result until a verdict comes. */
export class SimProver {
  host: Host;
  connection: Connection | null = null;
  private tasks = new Map<string, HeldTask>();
  private reports = new Map<string, Report>();
  private lastHeardMs = 0;
  private restarted = true;
  private paused: (() => void)[] | null = null;

  constructor(readonly parts: ProverParts) {
    this.host = new Host(parts.queue);
  }

  get isAlive(): boolean {
    return this.host.alive;
  }

  start(): void {
    this.host = new Host(this.parts.queue);
    this.tasks = new Map();
    this.reports = new Map();
    this.paused = null;
    this.restarted = true;
    this.connect();
    this.host.timers.every(HEARTBEAT_MS, () => this.whenAwake(() => this.heartbeat()));
    this.host.timers.every(RESEND_MS, () => this.whenAwake(() => this.resend()));
  }

  crash(): void {
    this.host.kill();
    this.connection?.cut();
    this.connection = null;
  }

  /** As with SIGSTOP: what arrives waits, nothing is sent, the connection stays. */
  pause(forMs: number): void {
    if (this.paused) return;
    this.paused = [];
    this.host.after(forMs, () => {
      const missed = this.paused ?? [];
      this.paused = null;
      for (const action of missed) action();
    });
  }

  receive(connection: Connection, message: ToProver): void {
    this.whenAwake(() => {
      if (!this.host.alive || connection !== this.connection) return;
      this.lastHeardMs = this.parts.queue.nowMs;
      this.handle(message);
    });
  }

  closed(connection: Connection): void {
    if (connection !== this.connection) return;
    this.connection = null;
    this.host.after(this.parts.random.between(0, 300), () => this.whenAwake(() => this.connect()));
  }

  private whenAwake(action: () => void): void {
    if (this.paused) this.paused.push(action);
    else action();
  }

  private connect(): void {
    if (this.connection || !this.host.alive) return;
    this.connection = this.parts.connect(this);
    if (!this.connection) {
      this.host.after(this.parts.random.between(50, 400), () => this.whenAwake(() => this.connect()));
      return;
    }
    this.lastHeardMs = this.parts.queue.nowMs;
    const { id, computeUnits } = this.parts;
    const description = {
      prover: id,
      computeUnits,
      protocol: 'extended',
      hostname: '',
      pid: 1,
      softwareVersion: '',
    } as const;
    this.connection.toCoordinator({
      kind: 'register',
      description,
      heldAssignments: { assignments: this.heldAssignments(), restarted: this.restarted },
    });
    this.restarted = false;
  }

  /** Assignments with unfinished tasks, or with results that were not acknowledged. */
  private heldAssignments(): AssignmentId[] {
    const assignments = new Map<string, AssignmentId>();
    for (const { assignment } of this.tasks.values()) {
      assignments.set(`${assignment.job}#${assignment.epoch}`, assignment);
    }
    for (const report of this.reports.values()) assignments.set(`${report.job}#${report.epoch}`, report);
    return [...assignments.values()].map(({ job, epoch }) => ({ job, epoch }));
  }

  private heartbeat(): void {
    if (!this.connection) return;
    if (this.parts.queue.nowMs - this.lastHeardMs > SILENCE_MS) {
      this.connection.cut();
      return;
    }
    this.connection.toCoordinator({ kind: 'heartbeat', assignments: this.heldAssignments() });
  }

  private resend(): void {
    for (const report of this.reports.values()) this.connection?.toCoordinator({ kind: 'report', report });
  }

  private handle(message: ToProver): void {
    switch (message.kind) {
      case 'registered':
      case 'heartbeat':
        for (const assignment of message.abandon) {
          this.drop((task) => task.job === assignment.job && task.epoch === assignment.epoch);
        }
        return;
      case 'assign':
        this.take(message.assignment);
        return;
      case 'revoke': {
        const keys = new Set(message.tasks.map(taskKey));
        const { job, epoch } = message.assignment;
        this.drop((task) => task.job === job && task.epoch === epoch && keys.has(taskKey(task.task)));
        return;
      }
      case 'job_over':
        this.drop((task) => task.job === message.job);
        return;
      case 'verdict':
        this.reports.delete(keyOf(message.report));
    }
  }

  private drop(test: (task: AssignmentId & { task: TaskRef }) => boolean): void {
    for (const [key, { assignment, task }] of this.tasks) if (test({ ...assignment, task })) this.tasks.delete(key);
    for (const [key, report] of this.reports) if (test(report)) this.reports.delete(key);
    this.work();
  }

  private take(assignment: AssignmentContent): void {
    for (const task of assignment.tasks) {
      const key = keyOf({ ...assignment, task });
      if (!this.tasks.has(key) && !this.reports.has(key)) this.tasks.set(key, { assignment, task, started: false });
    }
    this.connection?.toCoordinator({ kind: 'heartbeat', assignments: this.heldAssignments() });
    this.work();
  }

  private work(): void {
    const tasks = [...this.tasks.values()];
    const free = this.parts.computeUnits - tasks.filter((task) => task.started).length;
    for (const task of tasks.filter((entry) => !entry.started).slice(0, Math.max(0, free))) this.startTask(task);
  }

  private startTask(entry: HeldTask): void {
    entry.started = true;
    const { assignment, task } = entry;
    if (this.parts.isPoison(assignment, task)) {
      this.parts.onFault('poison_task');
      this.crash();
      return;
    }
    if (this.errs('drop_work')) return this.crash();
    const [least, most] = TASK_MS[task.kind];
    this.host.after(this.parts.random.between(least, most), () => this.whenAwake(() => this.finish(entry)));
  }

  private finish(entry: HeldTask): void {
    const { assignment, task } = entry;
    const key = keyOf({ ...assignment, task });
    if (this.tasks.get(key) !== entry) return;
    const reported = this.find(assignment, task);
    if (!reported) return;
    this.tasks.delete(key);
    const report = { job: assignment.job, epoch: assignment.epoch, task, reported };
    this.reports.set(key, report);
    this.connection?.toCoordinator({ kind: 'report', report });
    this.work();
  }

  /** Whether the prover does this wrong now. */
  private errs(fault: ProverFault): boolean {
    if (!this.parts.faults.includes(fault) || !this.parts.random.chance(this.parts.faultRate)) return false;
    this.parts.onFault(fault);
    return true;
  }

  /** null: the prover sits on the task for ever. */
  private find(assignment: AssignmentContent, task: TaskRef): ReportedResult | null {
    if (this.errs('silence')) return null;
    if (this.parts.isRefused(assignment, task)) return { kind: 'failure', retryable: false };
    if (this.errs('failure_report')) return { kind: 'failure', retryable: this.parts.random.chance(0.5) };
    if (task.kind === 'contribute') return this.contribution(assignment, task);
    return task.kind === 'prove' ? this.proof(assignment, task) : this.aggregation(assignment);
  }

  private contribution(
    { job, statement }: AssignmentContent,
    { segment }: Extract<TaskRef, { kind: 'contribute' }>,
  ): ReportedResult {
    const { segments, cycles, exitCode } = statement;
    const totals = { segments, exitCode, cycles: this.errs('wrong_totals') ? cycles + 1 : cycles };
    const flavour = this.errs('wrong_commitment') ? 'wrong' : this.errs('other_input') ? 'other' : 'right';
    return { kind: 'commitment', commitment: commitmentOf(job, segment, flavour), totals };
  }

  /** An honest prover proves only what it would have committed to itself; one with the other input proves that too. */
  private proof(assignment: AssignmentContent, task: Extract<TaskRef, { kind: 'prove' }>): ReportedResult {
    const { job, commitments, challenge } = assignment;
    const known = commitments[task.segment] ?? commitmentOf(job, task.segment, 'wrong');
    if (this.errs('bad_proof')) return { kind: 'proof', artifact: artifact(`nonsense ${job} ${taskKey(task)}`) };
    if (this.errs('false_dispute')) return { kind: 'dispute', commitment: commitmentOf(job, task.segment, 'wrong') };
    const right = commitmentOf(job, task.segment, 'right');
    const other = commitmentOf(job, task.segment, 'other');
    const able = known === right || (known === other && this.parts.faults.includes('other_input'));
    if (!able && !this.cheats()) return { kind: 'dispute', commitment: right };
    if (challenge !== challengeOf(commitments)) return { kind: 'failure', retryable: false };
    return { kind: 'proof', artifact: proofOf(job, task, challenge, able ? known : right) };
  }

  /** Whether the prover would rather make up a proof than say that a commitment is wrong. */
  private cheats(): boolean {
    return this.parts.faults.some((fault) => fault === 'wrong_commitment' || fault === 'other_input');
  }

  private aggregation({ job, commitments, challenge }: AssignmentContent): ReportedResult {
    if (this.errs('bad_final')) return { kind: 'proof', artifact: artifact(`nonsense final ${job}`) };
    const fits = commitments.every(
      (commitment, segment) => commitment === commitmentOf(job, segment as never, 'right'),
    );
    return fits ? { kind: 'proof', artifact: finalOf(job, challenge) } : { kind: 'failure', retryable: false };
  }
}

function keyOf({ job, epoch, task }: AssignmentId & { readonly task: TaskRef }): string {
  return `${job}#${epoch} ${taskKey(task)}`;
}
