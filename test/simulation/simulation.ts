import type { JobId, ProverId, Segment, Sha256 } from '../../src/domain/ids.js';
import { decide as realDecide, type Decide } from '../../src/domain/job/decide.js';
import type { JobFailureCode } from '../../src/domain/job/failure.js';
import type { JobsOptions } from '../../src/coordinator/jobs/jobs.options.js';
import type { JobState, JobStatus } from '../../src/domain/job/job-state.js';
import { segmentOf } from '../../src/domain/job/task.js';
import { Connection, type NetworkConditions } from './connection.js';
import type { Coverage } from './coverage.js';
import { EventQueue } from './event-queue.js';
import type { Fault } from './faults.js';
import { Host } from './host.js';
import { FaultInjector } from './fault-injector.js';
import { hasty, mutated, type Mutant } from './mutants.js';
import { drawSchedule, type Crowd, type JobPlan, type SchedulePlan } from './schedule.js';
import { SeededRandom } from './seeded-random.js';
import { SimCoordinator } from './sim-coordinator.js';
import { SimProver } from './sim-prover.js';
import { Disk, SimStore } from './sim-store.js';
import { SimWork } from './sim-work.js';
import { CROWDED_JOBS, JOBS, SCHEDULER, UNFAIR } from './times.js';
import { rightFinal } from './reference-model.js';
import { InvariantChecker } from './invariant-checker.js';

/**
 * After faults stop, every job must have ended within this much virtual time. The slowest ends are those of tasks at which
 * the only prover dies: nine times with a rest of six seconds each, in more than one attempt, and such jobs one after another.
 */
const DEADLINE_MS = 300_000;
const MAX_STEPS = 400_000;

export interface ScheduleResult {
  readonly seed: number;
  readonly violation: string | null;
  readonly steps: number;
  readonly virtualMs: number;
  readonly ends: readonly string[];
}

interface Client {
  readonly plan: JobPlan;
  job: JobId | null;
  cancelled: boolean;
}

const NO_TRACE = (): void => undefined;

/** One schedule: a coordinator on a disk, some provers, some jobs, and everything that goes wrong. */
export class Simulation {
  readonly queue = new EventQueue();
  readonly plan: SchedulePlan;
  private readonly random: SeededRandom;
  private readonly checker = new InvariantChecker();
  private readonly conditions: NetworkConditions = { drop: 0, duplicate: 0, delay: 0 };
  private readonly disk = new Disk((batch) => this.checker.written(batch));
  private readonly provers: SimProver[];
  private readonly clients: Client[];
  private readonly decide: Decide;
  private host: Host;
  private coordinator: SimCoordinator | null = null;
  private readonly faultInjector: FaultInjector;
  private quiet = false;

  constructor(
    seed: number,
    private readonly coverage: Coverage,
    private readonly mutant: Mutant | null = null,
    /** Hears what happens, for following one schedule. */
    private readonly trace: (line: string) => void = NO_TRACE,
  ) {
    this.plan = drawSchedule(seed);
    this.random = new SeededRandom(seed ^ 0x5bd1e995);
    this.host = new Host(this.queue);
    this.decide = this.watched(mutated(realDecide, mutant));
    this.provers = this.plan.provers.map((prover) => this.newProver(prover));
    this.clients = this.plan.jobs.map((plan) => ({ plan, job: null, cancelled: false }));
    this.faultInjector = new FaultInjector({
      queue: this.queue,
      random: this.random,
      plan: this.plan,
      conditions: this.conditions,
      disk: this.disk,
      provers: this.provers,
      coordinator: () => this.coordinator,
      host: () => this.host,
      killCoordinator: () => this.killCoordinator(),
      startCoordinator: () => this.restartCoordinator(),
      cancelSome: () => this.cancel(this.random.oneOf(this.clients)),
      noted: (fault) => void this.noted(fault, true),
    });
  }

  async run(): Promise<ScheduleResult> {
    this.coverage.nextSchedule();
    this.startCoordinator();
    this.startProvers();
    for (const client of this.clients) this.queue.at(client.plan.submitAtMs, () => this.submit(client));
    this.faultInjector.start();
    this.queue.at(this.plan.chaosMs, () => this.calmDown());
    const steps = await this.steps();
    const ends = this.clients.map(({ job }) => (job && this.checker.terminalOf(job)) ?? 'open');
    return { seed: this.plan.seed, violation: this.checker.violation, steps, virtualMs: this.queue.nowMs, ends };
  }

  private startProvers(): void {
    for (const [index, prover] of this.provers.entries()) {
      const comesAfterMs = this.plan.provers[index]?.comesAfterMs ?? null;
      if (comesAfterMs === null) prover.start();
      else {
        prover.crash();
        this.queue.at(this.plan.chaosMs + comesAfterMs, () => prover.start());
      }
    }
  }

  private async steps(): Promise<number> {
    let over = false;
    for (let steps = 1; ; steps += 1) {
      if (!this.queue.step() || steps > MAX_STEPS) return this.stop(steps, 'nothing happens any more');
      await settled();
      if (this.checker.takeNews()) {
        const active = this.coordinator && this.host.alive ? this.coordinator.bus.active() : [];
        this.checker.capacity(active, this.jobsOptions.maxActive);
        this.keepCrowd();
        over = this.clients.every((client) => this.isOver(client));
      }
      if (this.checker.violation !== null || (this.quiet && over)) return steps;
      if (this.queue.nowMs > this.plan.chaosMs + DEADLINE_MS) return this.stop(steps, 'jobs have not ended');
    }
  }

  private get jobsOptions(): JobsOptions {
    return this.plan.crowd ? CROWDED_JOBS : JOBS;
  }

  /** Whoever came before is served all the same. */
  private keepCrowd(): void {
    const { crowd } = this.plan;
    const [first, ...others] = this.clients;
    if (!crowd || !first || this.isOver(first)) return;
    const ended = others.filter((client) => this.isOver(client)).length;
    if (ended > crowd.mayEnd) {
      this.checker.violation ??= `${first.plan.key} starves: ${ended} jobs that came later have ended`;
      return;
    }
    for (let open = others.length - ended; open < crowd.atOnce; open += 1) this.addToCrowd(crowd);
  }

  private addToCrowd({ segments }: Crowd): void {
    const plan: JobPlan = {
      key: `crowd-${this.clients.length}`,
      segments,
      computeUnits: 2,
      priority: 1,
      deadlineMs: null,
      submitAtMs: this.queue.nowMs,
      poison: null,
      refused: null,
    };
    const client = { plan, job: null, cancelled: false };
    this.clients.push(client);
    this.queue.after(0, () => this.submit(client));
  }

  private stop(steps: number, why: string): number {
    const open = this.clients.filter((client) => !this.isOver(client)).map(({ plan, job }) => `${plan.key} (${job})`);
    this.checker.violation ??= `${why}: ${open.join(', ')}`;
    return steps;
  }

  private isOver({ job, plan }: Client): boolean {
    if (!job) return false;
    const terminal = this.checker.terminalOf(job);
    if (terminal === null) return false;
    this.checkEnd(job, plan, JSON.parse(terminal) as JobStatus);
    return true;
  }

  /** A completed job has the one right proof; a failed one has a reason that this schedule gave it. */
  private checkEnd(job: JobId, plan: JobPlan, status: JobStatus): void {
    if (status.kind === 'COMPLETED' && status.final?.sha256 !== rightFinal(job, plan.segments).sha256) {
      this.checker.violation ??= `${job} completed with a wrong proof`;
    }
    if (status.kind === 'COMPLETED' && plan.refused?.hopeless) {
      this.checker.violation ??= `${job} completed though nobody could do a task of it`;
    }
    if (status.kind === 'FAILED' && !this.mayFail(plan, status.failure.code)) {
      this.checker.violation ??= `${job} failed for no reason of this schedule: ${status.failure.message}`;
    }
  }

  private mayFail(plan: JobPlan, code: JobFailureCode): boolean {
    const any = (...faults: readonly Fault[]) => faults.some((fault) => this.plan.faults.has(fault));
    if (code === 'DEADLINE_EXCEEDED') return plan.deadlineMs !== null;
    if (code === 'FAULTY_PROVERS') return this.isHonestAbsent || any('wrong_commitment', 'other_input');
    if (code === 'KERNEL_FAILED') return plan.refused?.hopeless === true;
    if (code === 'COORDINATOR_FAILED') return any('coordinator_task_failure');
    return (
      code === 'TASK_QUARANTINED' &&
      any(
        'poison_task',
        'drop_work',
        'failure_report',
        'crash_prover',
        'pause_prover',
        'cut_connection',
        'half_open',
        'drop_message',
      )
    );
  }

  /** Nobody who does right was there while the faults lasted. */
  private get isHonestAbsent(): boolean {
    return this.plan.provers.every(({ faults, comesAfterMs }) => faults.length > 0 || comesAfterMs !== null);
  }

  // ---- the parts ----

  private startCoordinator(): void {
    this.host = new Host(this.queue);
    const host = this.host;
    const times = { reachMs: () => this.random.between(0.1, 3), confirmMs: () => this.random.between(0.05, 1) };
    const store = new SimStore(this.disk, host, times);
    const coordinator = new SimCoordinator({
      host,
      store: this.mutant === 'effect_before_commit' ? hasty(store) : store,
      work: this.work(host),
      decide: this.decide,
      random: this.random,
      jobsOptions: this.jobsOptions,
      schedulerOptions: this.mutant === 'starved_phase' ? UNFAIR : SCHEDULER,
      onAssign: (assignment) => this.checker.assigned(assignment),
      onVerdict: (_prover, report, verdict) => this.checker.answered(report, verdict),
    });
    coordinator.start().then(
      () => {
        if (host.alive) this.coordinator = coordinator;
      },
      () => host.after(200, () => this.restartCoordinator()),
    );
  }

  private killCoordinator(): void {
    this.host.kill();
    this.coordinator = null;
  }

  private restartCoordinator(): void {
    this.killCoordinator();
    this.startCoordinator();
  }

  private work(host: Host): SimWork {
    return new SimWork(host, {
      tookMs: () => this.random.between(1, 40),
      fails: () =>
        this.faultInjector.coordinatorTaskFails && this.noted('coordinator_task_failure', this.random.chance(0.3)),
      lostProof: (job) => this.lostProof(job),
      isHopeless: (job, phase, segment) => {
        const { refused } = this.planOf(job.request.labels['key'] ?? '');
        const isIt = refused?.hopeless === true && refused.phase === phase && refused.segment === segment;
        return this.noted('hopeless_task', isIt);
      },
      segments: (job) => this.planOf(job.request.labels['key'] ?? '').segments,
    });
  }

  private lostProof({ run }: JobState): Segment | null {
    const lost = !this.quiet && this.plan.faults.has('lost_proof') && this.random.chance(0.4);
    return run && this.noted('lost_proof', lost) ? (this.random.below(run.proofs.length) as Segment) : null;
  }

  private planOf(key: string): JobPlan {
    const client = this.clients.find((entry) => entry.plan.key === key);
    if (!client) throw new Error(`no job of this schedule has key ${key}`);
    return client.plan;
  }

  private newProver({ id, computeUnits, faults, faultRate }: SchedulePlan['provers'][number]): SimProver {
    this.checker.prover(id as ProverId, computeUnits, faults.length === 0);
    return new SimProver({
      queue: this.queue,
      random: this.random,
      id: id as ProverId,
      computeUnits,
      faults,
      faultRate,
      connect: (prover) => this.connect(prover),
      isPoison: ({ labels }, task) =>
        task.kind === 'prove' && this.planOf(labels['key'] ?? '').poison === segmentOf(task),
      isRefused: ({ labels }, task) => {
        const { refused } = this.planOf(labels['key'] ?? '');
        return this.noted('refused_task', refused?.phase === task.kind && refused.segment === segmentOf(task));
      },
      onFault: (fault) => {
        this.noted(fault, true);
        if (fault !== 'poison_task') this.noted('no_honest_prover', this.isHonestAbsent);
        if (fault === 'poison_task' || fault === 'drop_work') this.faultInjector.reviveLater(id);
      },
    });
  }

  private connect(prover: SimProver): Connection | null {
    const coordinator = this.coordinator;
    if (!coordinator || !this.host.alive) return null;
    const parts = {
      queue: this.queue,
      random: this.random,
      conditions: this.conditions,
      onFault: (fault: Fault) => this.noted(fault, true),
    };
    const connection: Connection = new Connection(
      parts,
      { receive: (message) => coordinator.receive(connection, message), closed: () => coordinator.closed(connection) },
      { receive: (message) => prover.receive(connection, message), closed: () => prover.closed(connection) },
    );
    coordinator.opened(connection);
    return connection;
  }

  private watched(inner: Decide): Decide {
    return (job, command, now) => {
      const decision = inner(job, command, now);
      this.coverage.command(job, command.kind, this.queue.nowMs);
      this.checker.decided(job, command, decision);
      this.say(() => `${job.id.slice(-4)} ${JSON.stringify(command)} -> ${JSON.stringify(decision.outcome)}`);
      return decision;
    };
  }

  // ---- the clients ----

  private submit(client: Client): void {
    const again = () => this.queue.after(150, () => this.submit(client));
    const { plan } = client;
    const request = {
      program: 'program' as Sha256,
      input: 'input' as Sha256,
      computeUnits: plan.computeUnits,
      priority: plan.priority,
      segmentCycles: 1000,
      limits: { maxCycles: 1e9, maxMemoryBytes: 1e6, maxOutputBytes: 1e3 },
      deadlineMs: plan.deadlineMs,
      labels: { key: plan.key },
      simulatedNode: null,
    };
    const host = this.host;
    if (!this.coordinator || !host.alive) return void again();
    this.queue.after(1_000, () => (client.job ? undefined : again()));
    this.coordinator.jobs.submit(request, plan.key).then(({ job }) => this.accepted(client, job), again);
  }

  /** Durable accept, and one job per key. */
  private accepted(client: Client, job: JobId): void {
    if (!this.checker.knows(job)) this.checker.violation ??= `${job} was accepted before it was written`;
    if (client.job && client.job !== job) this.checker.violation ??= `${client.plan.key} has two jobs`;
    client.job = job;
    this.checker.news();
  }

  private cancel(client: Client): void {
    const { job } = client;
    if (!job || client.cancelled || !this.coordinator) return;
    client.cancelled = true;
    this.coordinator.jobs.cancel(job, 'not needed').then(
      () => {
        const open = this.checker.terminalOf(job) === null;
        if (open) this.checker.violation ??= `${job} is open after its cancellation`;
      },
      () => undefined,
    );
  }

  // ---- the faults ----

  private say(line: () => string): void {
    if (this.trace !== NO_TRACE) this.trace(`${this.queue.nowMs.toFixed(1).padStart(9)} ${line()}`);
  }

  /** Counts a fault if it happened; returns whether it did. */
  private noted(fault: Fault, happened: boolean): boolean {
    if (happened) {
      this.coverage.fault(fault, this.queue.nowMs);
      this.say(() => `!! ${fault}`);
    }
    return happened;
  }

  /** Faults stop: everything that was broken is mended, and everybody gets the time to finish. */
  private calmDown(): void {
    this.quiet = true;
    this.say(() => 'faults stop');
    this.faultInjector.stop();
    for (const connection of this.coordinator?.connections ?? []) {
      if (connection.swallows.toCoordinator || connection.swallows.toProver) connection.cut();
    }
  }
}

/** Lets everything that was promised in this step come true before the next. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
