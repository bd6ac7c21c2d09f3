import type { Challenge, JobId, ProverId, Segment, SessionId, Sha256 } from '../../src/domain/ids.js';
import type { ReportHeader } from '../../src/domain/job/command.js';
import { decide } from '../../src/domain/job/decide.js';
import type { AssignmentContent } from '../../src/domain/job/effect.js';
import type { ArtifactRef, JobState } from '../../src/domain/job/job-state.js';
import type { JobRequest } from '../../src/domain/job/request.js';
import { JobCommandBus } from '../../src/coordinator/jobs/job-command-bus.js';
import { JobViews } from '../../src/coordinator/jobs/job-views.js';
import { JobsService } from '../../src/coordinator/jobs/jobs.service.js';
import {
  JobWork,
  type CheckOutcome,
  type LocalAggregation,
  type PlanOutcome,
  type PlanRun,
  type UnfinishedPlan,
} from '../../src/coordinator/jobs/job-work.js';
import { parseTaskKey, taskKey } from '../../src/domain/job/task.js';
import type { AssignmentId } from '../../src/domain/session/lease-table.js';
import type { Verdict } from '../../src/domain/verdict.js';
import type { ProverChannel } from '../../src/coordinator/scheduler/prover-channel.js';
import type { Attached, HeldAssignments } from '../../src/coordinator/scheduler/held-assignments.js';
import { TaskScheduler } from '../../src/coordinator/scheduler/task-scheduler.js';
import { MemoryStore } from '../../src/coordinator/store/memory/memory-store.js';
import { StoreError } from '../../src/coordinator/store/store.error.js';
import type { StoreBatch, TaskStore } from '../../src/coordinator/store/task-store.js';
import { commitmentOf, planOf, proofOf, REQUEST, sha } from '../domain/job-driver.js';
import { EventQueue } from '../simulation/event-queue.js';
import { Host } from '../simulation/host.js';
import { SeededRandom } from '../simulation/seeded-random.js';
import { JOBS, SCHEDULER } from '../simulation/times.js';

/** Coordinator tasks, done at once and always right, unless a test says otherwise. */
export class FakeWork extends JobWork {
  segments = 1;
  outcome: PlanOutcome | null = null;
  readonly missing = new Set<string>();
  /** Proofs wait here until the test lets them through; null: checked at once. */
  waiting: (() => void)[] | null = null;
  readonly bad = new Set<string>();
  /** The artifact of a job's commitments. */
  commitmentList: ArtifactRef | null = null;
  /** What the coordinator's own tries at a task come to, where not a result. */
  refuses: Error | null = null;

  /** What a run of a job's program comes to, where a test has it take time. */
  planning: ((job: JobState, run: PlanRun) => Promise<PlanOutcome | UnfinishedPlan>) | null = null;

  override async plan(job: JobState, run: PlanRun): Promise<PlanOutcome | UnfinishedPlan> {
    if (this.planning) return this.planning(job, run);
    return this.outcome ?? { kind: 'planned', plan: planOf(this.segments) };
  }

  override async challenge() {
    return { challenge: sha('challenge') as string as Challenge, commitmentList: this.commitmentList };
  }

  override async recompute(_job: unknown, segment: Segment) {
    if (this.refuses) throw this.refuses;
    return commitmentOf(segment);
  }

  override async prove(_job: unknown, segment: Segment): Promise<ArtifactRef | null> {
    if (this.refuses) throw this.refuses;
    return proofOf(`own proof ${segment}`);
  }

  override async lostArtifact({ request }: JobState): Promise<string | null> {
    const names = (['program', 'input'] as const).filter((name) => this.missing.has(request[name]));
    return names.length === 0 ? null : `the ${names[0]} is gone`;
  }

  override async aggregateLocally(): Promise<LocalAggregation> {
    return { kind: 'aggregated_locally', final: proofOf('final') };
  }

  override async check(
    _job: unknown,
    _task: unknown,
    artifact: { sha256: Sha256; size: number },
  ): Promise<CheckOutcome> {
    const { waiting } = this;
    if (waiting) await new Promise<void>((resolve) => void waiting.push(resolve));
    if (this.missing.has(artifact.sha256)) return { kind: 'missing' };
    return this.bad.has(artifact.sha256) ? { kind: 'refused', reason: 'garbage' } : { kind: 'verified', artifact };
  }

  override async sizeOf(artifact: Sha256) {
    return this.missing.has(artifact) ? null : 1;
  }
}

/** A memory store that counts its transactions and can be told to fail. */
export class FlakyStore extends MemoryStore {
  commits: StoreBatch[] = [];
  broken = false;

  override async commit(batch: StoreBatch): Promise<void> {
    if (this.broken) throw new StoreError('unavailable', 'disk full', 'make room');
    await super.commit(batch);
    this.commits.push(batch);
  }

  override activeJobs() {
    if (this.broken) return Promise.reject(new StoreError('unavailable', 'disk full', 'make room'));
    return super.activeJobs();
  }
}

/** Command bus, scheduler and service over fakes, with time in the test's hands. */
export class JobKit {
  readonly queue = new EventQueue();
  readonly host = new Host(this.queue);
  readonly work = new FakeWork();
  readonly bus: JobCommandBus;
  readonly scheduler: TaskScheduler;
  readonly jobs: JobsService;
  private readonly parts;

  constructor(
    readonly store: TaskStore = new FlakyStore(),
    change: Partial<typeof JOBS> = {},
  ) {
    const { clock, timers, defer } = this.host;
    const options = { ...JOBS, ...change };
    this.parts = { store, clock, timers, defer };
    this.bus = new JobCommandBus({ ...this.parts, work: this.work, decide, options });
    this.scheduler = new TaskScheduler({ ...this.parts, bus: this.bus, options: SCHEDULER });
    const views = new JobViews(this.bus, store, clock, defer);
    this.jobs = new JobsService(this.bus, store, this.work, options, clock, new SeededRandom(1), views);
  }

  async start(): Promise<this> {
    await this.scheduler.start();
    await this.bus.start();
    return this;
  }

  /** Lets virtual time pass, with everything that happens in it. */
  async pass(ms: number): Promise<void> {
    const end = { reached: false };
    this.queue.after(ms, () => {
      end.reached = true;
    });
    await settled();
    while (!end.reached && this.queue.step()) await settled();
  }

  /** Lets everything happen that is due now. */
  soon(): Promise<void> {
    return this.pass(1);
  }

  /** The result of something that needs time to pass. */
  async during<T>(promise: Promise<T>, ms = 1): Promise<T> {
    promise.catch(() => undefined);
    await this.pass(ms);
    return promise;
  }

  /** Connects a prover whose messages are kept for the test. */
  connect(
    name: string,
    computeUnits = 1,
    heldAssignments: HeldAssignments = { assignments: [], restarted: true },
    protocol: 'extended' | 'baseline' = 'extended',
  ): FakeProver {
    const fake = new FakeProver(this, name);
    const description = { computeUnits, protocol, hostname: '', pid: null, softwareVersion: '' };
    fake.attached = this.scheduler.attach(
      fake.session,
      { ...description, prover: fake.id },
      fake.channel,
      heldAssignments,
    );
    return fake;
  }

  submit(change: Partial<JobRequest> = {}, key: string | null = null) {
    return this.during(this.jobs.submit({ ...REQUEST, computeUnits: 1, ...change }, key));
  }
}

/** A connected prover: does nothing by itself. */
export class FakeProver {
  readonly id: ProverId;
  readonly session: SessionId;
  readonly assignments: AssignmentContent[] = [];
  readonly said: string[] = [];
  attached: Attached | null = null;
  room = true;
  takes = true;

  constructor(
    private readonly kit: JobKit,
    name: string,
  ) {
    this.id = name as ProverId;
    this.session = `${name}-${(sessions += 1)}` as SessionId;
  }

  readonly channel: ProverChannel = {
    accepts: () => true,
    hasRoom: () => this.room,
    assign: (assignment) => {
      if (this.takes) this.assignments.push(assignment);
      return this.takes;
    },
    revoke: (assignment, tasks) => void this.said.push(`revoke ${assignment.epoch} ${tasks.map(taskKey).join(' ')}`),
    jobOver: () => void this.said.push('job over'),
    drain: () => void this.said.push('drain'),
    close: (reason) => void this.said.push(`close ${reason}`),
  };

  /** Every task it was given and not yet reported, newest assignment last. */
  get given(): string[] {
    return this.assignments.flatMap(({ tasks }) => tasks.map(taskKey));
  }

  header(key: string): ReportHeader {
    const assignment = this.assignments.findLast(({ tasks }) => tasks.some((ref) => taskKey(ref) === key));
    if (!assignment) throw new Error(`${this.id} was never given ${key}`);
    return { prover: this.id, epoch: assignment.epoch, task: parseTaskKey(key) };
  }

  /** A heartbeat that names everything it was given. */
  beat(): readonly AssignmentId[] {
    return this.kit.scheduler.heard(this.session, this.assignments);
  }

  commitment(job: JobId, segment: number): Promise<Verdict> {
    const report = this.header(`contribute/${segment}`);
    const command = { kind: 'report_commitment', report, commitment: commitmentOf(segment), totals: null } as const;
    return this.kit.during(this.kit.jobs.report(job, command), 5);
  }

  proof(job: JobId, key: string, text = `proof ${key}`): Promise<Verdict> {
    return this.kit.during(this.kit.jobs.reportProof(job, this.header(key), proofOf(text)), 5);
  }
}

let sessions = 0;

export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
