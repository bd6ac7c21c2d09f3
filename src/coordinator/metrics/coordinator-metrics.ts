import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';

/** Seconds; from a contribution of a short segment to a job of a day. */
const DURATIONS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 10_800, 86_400];
/** Seconds; what the coordinator itself does. */
const LATENCIES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/**
 * All metrics of a coordinator, in the text format of Prometheus: names after the convention of the field, seconds and
 * bytes. Values that are states are read when they are asked for.
 */
export class CoordinatorMetrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];

  readonly info = new Gauge({
    name: 'coordinator_info',
    help: 'Always 1; the version of the coordinator and the digest of its kernel.',
    labelNames: ['version', 'kernel'],
    registers: this.registers,
  });
  readonly jobs = new Counter({
    name: 'coordinator_jobs_total',
    help: 'Jobs that have ended since the start, by how: completed, failed, cancelled.',
    labelNames: ['result'],
    registers: this.registers,
  });
  readonly jobsSubmitted = new Counter({
    name: 'coordinator_jobs_submitted_total',
    help: 'Jobs that were accepted since the start.',
    registers: this.registers,
  });
  readonly jobFailures = new Counter({
    name: 'coordinator_job_failures_total',
    help: 'Failed jobs by the code of the failure.',
    labelNames: ['code'],
    registers: this.registers,
  });
  readonly jobDuration = new Histogram({
    name: 'coordinator_job_duration_seconds',
    help: 'From submission to the end of a job, by how it ended.',
    labelNames: ['result'],
    buckets: DURATIONS,
    registers: this.registers,
  });
  readonly jobCycles = new Counter({
    name: 'coordinator_job_cycles_total',
    help: 'Instructions of completed jobs.',
    registers: this.registers,
  });
  readonly phaseDuration = new Histogram({
    name: 'coordinator_phase_duration_seconds',
    help: 'How long a phase of a job took: planning, contributions, prove, aggregate. A later attempt counts anew.',
    labelNames: ['phase'],
    buckets: DURATIONS,
    registers: this.registers,
  });
  readonly attempts = new Counter({
    name: 'coordinator_job_attempts_total',
    help: 'Further attempts of jobs: contributions that were wrong were made again.',
    registers: this.registers,
  });
  readonly taskResults = new Counter({
    name: 'coordinator_task_results_total',
    help: 'Results of tasks by phase (contributions, prove, aggregate), and failures that provers reported.',
    labelNames: ['phase', 'result'],
    registers: this.registers,
  });
  readonly taskDuration = new Histogram({
    name: 'coordinator_task_duration_seconds',
    help: 'How long provers say they worked on a result.',
    labelNames: ['phase'],
    buckets: DURATIONS,
    registers: this.registers,
  });
  readonly ownTasks = new Counter({
    name: 'coordinator_own_tasks_total',
    help: 'Tasks of provers that the coordinator did itself.',
    registers: this.registers,
  });
  readonly assignmentsEnded = new Counter({
    name: 'coordinator_assignments_ended_total',
    help: 'Assignments that ended before they were done, by cause.',
    labelNames: ['cause'],
    registers: this.registers,
  });
  readonly workerEvents = new Counter({
    name: 'coordinator_worker_events_total',
    help: 'What happened to provers: registered, replaced, refused, disconnected, lost, draining, drained, quarantined, released.',
    labelNames: ['event'],
    registers: this.registers,
  });
  readonly workersByStatus = new Gauge({
    name: 'coordinator_workers_by_status',
    help: 'Provers: connecting, idle, computing, draining, quarantined, disconnected.',
    labelNames: ['status'],
    registers: this.registers,
  });
  readonly heartbeatLag = new Gauge({
    name: 'coordinator_worker_heartbeat_lag_seconds',
    help: 'Time since the connected prover that has been silent for longest was heard.',
    registers: this.registers,
  });
  readonly computeUnits = new Gauge({
    name: 'coordinator_compute_units',
    help: 'Compute units of connected provers that may work.',
    registers: this.registers,
  });
  readonly pendingComputeUnits = new Gauge({
    name: 'coordinator_pending_compute_units',
    help: 'Compute units that planned and running jobs could use at once, those in use included: the signal to scale provers by.',
    registers: this.registers,
  });
  readonly activeJobs = new Gauge({
    name: 'coordinator_active_jobs',
    help: 'Jobs that are planned or run, by state.',
    labelNames: ['state'],
    registers: this.registers,
  });
  readonly queueDepth = new Gauge({
    name: 'coordinator_queue_depth',
    help: 'Jobs that wait to be planned.',
    registers: this.registers,
  });
  readonly ready = new Gauge({
    name: 'coordinator_ready',
    help: '1 while new work is taken, else 0: a store cannot be used, or the coordinator stops.',
    registers: this.registers,
  });
  readonly diskFree = new Gauge({
    name: 'coordinator_disk_free_bytes',
    help: 'Free space where the data directory lies.',
    registers: this.registers,
  });
  readonly commitDuration = new Histogram({
    name: 'coordinator_store_commit_duration_seconds',
    help: 'How long the store took for a transaction of job changes.',
    buckets: LATENCIES,
    registers: this.registers,
  });
  readonly kernelThreads = new Gauge({
    name: 'coordinator_kernel_threads',
    help: 'Threads of the kernel, by whether they are busy.',
    labelNames: ['state'],
    registers: this.registers,
  });
  readonly kernelCallsWaiting = new Gauge({
    name: 'coordinator_kernel_calls_waiting',
    help: 'Kernel calls that wait for a thread.',
    registers: this.registers,
  });
  readonly kernelMemory = new Gauge({
    name: 'coordinator_kernel_memory_bytes',
    help: 'Linear memory of all instances of the kernel.',
    registers: this.registers,
  });

  constructor() {
    // Process and runtime: CPU, memory, file descriptors, garbage collection, delay of the event loop.
    collectDefaultMetrics({ register: this.registry });
    // A rate needs a first value.
    for (const result of ['completed', 'failed', 'cancelled']) this.jobs.inc({ result }, 0);
  }
}
