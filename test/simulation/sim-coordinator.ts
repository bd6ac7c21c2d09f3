import type { SessionId } from '../../src/domain/ids.js';
import type { Decide } from '../../src/domain/job/decide.js';
import type { AssignmentContent } from '../../src/domain/job/effect.js';
import type { Verdict } from '../../src/domain/verdict.js';
import { JobCommandBus } from '../../src/coordinator/jobs/job-command-bus.js';
import type { JobsOptions } from '../../src/coordinator/jobs/jobs.options.js';
import { JobViews } from '../../src/coordinator/jobs/job-views.js';
import { JobsService } from '../../src/coordinator/jobs/jobs.service.js';
import type { JobWork } from '../../src/coordinator/jobs/job-work.js';
import type { SchedulerOptions } from '../../src/coordinator/scheduler/scheduler.options.js';
import { TaskScheduler } from '../../src/coordinator/scheduler/task-scheduler.js';
import type { TaskStore } from '../../src/coordinator/store/task-store.js';
import type { Connection } from './connection.js';
import type { Host } from './host.js';
import type { FromProver, Report, ToProver } from './messages.js';
import type { SeededRandom } from './seeded-random.js';
import { HEARTBEAT_MS, SILENCE_MS } from './times.js';

export interface CoordinatorParts {
  readonly host: Host;
  readonly store: TaskStore;
  readonly work: JobWork;
  readonly decide: Decide;
  readonly random: SeededRandom;
  readonly jobsOptions: JobsOptions;
  readonly schedulerOptions: SchedulerOptions;
  /** Sees an assignment as it is handed to the way out, and a verdict as it is given. */
  readonly onAssign: (assignment: AssignmentContent) => void;
  readonly onVerdict: (prover: string, report: Report, verdict: Verdict) => void;
}

interface Session {
  readonly connection: Connection;
  id: SessionId | null;
  prover: string;
  lastHeardMs: number;
}

/** One life of the coordinator: the product's command bus and scheduler behind a gateway as thin as can be. */
export class SimCoordinator {
  readonly bus: JobCommandBus;
  readonly scheduler: TaskScheduler;
  readonly jobs: JobsService;
  private readonly sessions = new Map<Connection, Session>();
  private ids = 0;

  constructor(private readonly parts: CoordinatorParts) {
    const { host, store, work, decide, random, jobsOptions, schedulerOptions } = parts;
    const { clock, timers, defer } = host;
    this.bus = new JobCommandBus({ store, work, decide, clock, timers, defer, options: jobsOptions });
    this.scheduler = new TaskScheduler({ bus: this.bus, store, clock, timers, defer, options: schedulerOptions });
    const views = new JobViews(this.bus, store, clock, defer);
    this.jobs = new JobsService(this.bus, store, work, jobsOptions, clock, random, views);
  }

  async start(): Promise<void> {
    await this.scheduler.start();
    await this.bus.start();
    this.parts.host.timers.every(HEARTBEAT_MS, () => this.heartbeat());
  }

  get connections(): Connection[] {
    return [...this.sessions.keys()];
  }

  opened(connection: Connection): void {
    this.sessions.set(connection, { connection, id: null, prover: '', lastHeardMs: this.parts.host.queue.nowMs });
  }

  closed(connection: Connection): void {
    const session = this.sessions.get(connection);
    this.sessions.delete(connection);
    if (this.parts.host.alive && session?.id) this.scheduler.detach(session.id, 'its connection broke');
  }

  receive(connection: Connection, message: FromProver): void {
    const session = this.sessions.get(connection);
    if (!this.parts.host.alive || !session) return;
    session.lastHeardMs = this.parts.host.queue.nowMs;
    if (message.kind === 'register') this.register(session, message);
    else if (session.id === null) connection.cut();
    else if (message.kind === 'heartbeat') this.heard(session, session.id, message.assignments);
    else this.report(session, session.id, message.report);
  }

  private register(
    session: Session,
    { description, heldAssignments }: Extract<FromProver, { kind: 'register' }>,
  ): void {
    if (session.id !== null) return;
    this.ids += 1;
    const id = `session-${this.ids}` as SessionId;
    session.id = id;
    session.prover = description.prover;
    const { connection } = session;
    const send = (message: ToProver) => connection.toProver(message);
    const { abandon } = this.scheduler.attach(
      id,
      description,
      {
        accepts: () => true,
        hasRoom: () => connection.open,
        assign: (assignment) => {
          this.parts.onAssign(assignment);
          send({ kind: 'assign', assignment });
          return true;
        },
        revoke: (assignment, tasks) => send({ kind: 'revoke', assignment, tasks }),
        jobOver: (job) => send({ kind: 'job_over', job }),
        drain: () => undefined,
        close: () => connection.cut(),
      },
      heldAssignments,
    );
    send({ kind: 'registered', abandon });
  }

  private heard(
    session: Session,
    id: SessionId,
    assignments: Extract<FromProver, { kind: 'heartbeat' }>['assignments'],
  ): void {
    const abandon = this.scheduler.heard(id, assignments);
    if (abandon.length > 0) session.connection.toProver({ kind: 'heartbeat', abandon });
  }

  private report({ connection, prover }: Session, id: SessionId, report: Report): void {
    this.scheduler.heard(id);
    this.judge(prover, report).then(
      (verdict) => {
        this.parts.onVerdict(prover, report, verdict);
        connection.toProver({ kind: 'verdict', report, verdict });
      },
      // Not stored, or too busy: without a verdict the prover reports again.
      () => undefined,
    );
  }

  private judge(prover: string, { job, epoch, task, reported }: Report): Promise<Verdict> {
    const header = { prover: prover as never, epoch, task };
    switch (reported.kind) {
      case 'commitment':
        return this.jobs.report(job, {
          kind: 'report_commitment',
          report: header,
          commitment: reported.commitment,
          totals: reported.totals,
        });
      case 'proof':
        return this.jobs.reportProof(job, header, reported.artifact);
      case 'dispute':
        return this.jobs.report(job, { kind: 'dispute_commitment', report: header, commitment: reported.commitment });
      case 'failure': {
        const { retryable } = reported;
        return this.jobs.report(job, { kind: 'report_failure', report: header, reason: 'simulated', retryable });
      }
    }
  }

  private heartbeat(): void {
    const { nowMs } = this.parts.host.queue;
    for (const { connection, lastHeardMs } of this.sessions.values()) {
      if (nowMs - lastHeardMs > SILENCE_MS) connection.cut();
      else connection.toProver({ kind: 'heartbeat', abandon: [] });
    }
  }
}
