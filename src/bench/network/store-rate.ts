import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobId, Commitment, ProverId, SessionId, Sha256 } from '../../domain/ids.js';
import { DEFAULT_ASSIGNMENT } from '../../domain/assignment/options.js';
import { decide } from '../../domain/job/decide.js';
import type { AssignmentContent } from '../../domain/job/effect.js';
import { newJob } from '../../domain/job/job-state.js';
import { DEFAULT_RULES } from '../../domain/job/request.js';
import { taskKey } from '../../domain/job/task.js';
import { SystemClock } from '../../lifecycle/clock.js';
import { SystemTimers } from '../../lifecycle/timers.js';
import { AfterTick } from '../../coordinator/jobs/defer.js';
import { JobCommandBus } from '../../coordinator/jobs/job-command-bus.js';
import type { ProverChannel } from '../../coordinator/scheduler/prover-channel.js';
import { TaskScheduler } from '../../coordinator/scheduler/task-scheduler.js';
import { MemoryStore } from '../../coordinator/store/memory/memory-store.js';
import { SqliteStore } from '../../coordinator/store/sqlite/sqlite-store.js';
import type { StoreBatch, TaskStore } from '../../coordinator/store/task-store.js';
import type { StoreRate } from './figures.js';
import { SEGMENTS_LABEL, SimulatedWork } from './simulated-work.js';

const SEGMENTS = 1_000;
const PROVERS = 32;
/** No lease, grace or acknowledgement ends while this runs. */
const LONG_MS = 3_600_000;

/** Rate of each store: one job of many segments, given to provers that answer at once. */
export async function storeRates(): Promise<StoreRate[]> {
  const folder = mkdtempSync(join(tmpdir(), 'proofloom-bench-'));
  try {
    return [
      await rateOf('memory', new MemoryStore()),
      await rateOf('sqlite', new SqliteStore(join(folder, 'bench.sqlite'))),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rateOf(name: StoreRate['store'], store: TaskStore): Promise<StoreRate> {
  let commits = 0;
  const commit = store.commit.bind(store);
  store.commit = (batch: StoreBatch) => {
    commits += 1;
    return commit(batch);
  };
  const started = performance.now();
  const tasks = await runOneJob(store);
  const seconds = (performance.now() - started) / 1000;
  await store.close();
  return { store: name, tasksPerSecond: Math.round(tasks / seconds), commitsPerSecond: Math.round(commits / seconds) };
}

/** Returns how many tasks were assigned and completed. */
async function runOneJob(store: TaskStore): Promise<number> {
  const parts = { store, clock: new SystemClock(), timers: new SystemTimers(), defer: new AfterTick() };
  const bus = new JobCommandBus({ ...parts, work: new SimulatedWork(), decide, options: JOBS });
  const scheduler = new TaskScheduler({ ...parts, bus, options: SCHEDULER });
  await scheduler.start();
  await bus.start();
  const done = completion(bus);
  for (let index = 0; index < PROVERS; index += 1) attach(bus, scheduler, `prover-${index}`);
  await bus.submit(newJob('bench' as JobId, REQUEST, DEFAULT_RULES, Date.now()), null);
  const tasks = await done;
  scheduler.stop();
  await bus.close();
  return tasks;
}

function completion(bus: JobCommandBus): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let tasks = 0;
  bus.listen({
    stalled: reject,
    committed: (decided) => {
      for (const event of decided.flatMap(({ decision }) => decision.events)) {
        if (event.type === 'contributed' || event.type === 'proven' || event.type === 'aggregated') tasks += 1;
        if (event.type === 'completed') resolve(tasks);
      }
    },
  });
  return promise;
}

function attach(bus: JobCommandBus, scheduler: TaskScheduler, name: string): void {
  const prover = name as ProverId;
  const description = {
    prover,
    computeUnits: 1,
    protocol: 'extended',
    hostname: '',
    pid: null,
    softwareVersion: '',
  } as const;
  const channel: ProverChannel = {
    accepts: () => true,
    hasRoom: () => true,
    assign: (assignment) => {
      setImmediate(() => void answer(bus, assignment));
      return true;
    },
    revoke: () => undefined,
    jobOver: () => undefined,
    drain: () => undefined,
    close: () => undefined,
  };
  scheduler.attach(name as SessionId, description, channel, { assignments: [], restarted: true });
}

async function answer(bus: JobCommandBus, { job, epoch, prover, tasks }: AssignmentContent): Promise<void> {
  const verdicts = tasks.map((task) => {
    const report = { prover, epoch, task };
    if (task.kind === 'contribute') {
      const commitment = taskKey(task) as string as Commitment;
      return bus.report(job, { kind: 'report_commitment', report, commitment, totals: null });
    }
    return bus.reportProof(job, report, { sha256: taskKey(task) as string as Sha256, size: 1 });
  });
  await Promise.all(verdicts);
}

const JOBS = {
  maxOpen: 10,
  maxActive: 10,
  retentionMs: LONG_MS,
  coordinatorTasks: { plans: 1, others: 1, planTimeoutMs: 600_000 },
  checks: { concurrency: PROVERS, maxWaiting: SEGMENTS },
  rules: DEFAULT_RULES,
};

const SCHEDULER = {
  assignment: { ...DEFAULT_ASSIGNMENT, leaseMs: LONG_MS },
  session: { quietMs: LONG_MS, graceMs: LONG_MS },
  taskTimeoutMs: LONG_MS,
  proverWaitMs: LONG_MS,
  acknowledgeMs: LONG_MS,
  sweepMs: 1_000,
};

const REQUEST = {
  program: 'program' as Sha256,
  input: 'input' as Sha256,
  computeUnits: PROVERS,
  priority: 0,
  segmentCycles: 1,
  limits: { maxCycles: 1, maxMemoryBytes: 1, maxOutputBytes: 1 },
  deadlineMs: null,
  labels: { [SEGMENTS_LABEL]: String(SEGMENTS) },
  simulatedNode: null,
};
