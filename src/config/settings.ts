import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { SettingsSchema } from './settings.schema.js';

/** The proof that a job waits for does not wait for a verification that is under way. */
const LEAST_KERNEL_THREADS = 2;

/** Half of the CPUs: the other half keeps the machine and its other programs usable. */
function defaultThreads(): number {
  return Math.max(1, Math.floor(availableParallelism() / 2));
}

/** All settings, complete and typed, and their injection token. Durations are milliseconds, sizes bytes. */
export class Settings {
  readonly server;
  readonly http;
  readonly access;
  readonly tls;
  readonly prover;
  readonly launch;
  readonly dataDir: string;
  readonly storeUrl: string;
  readonly jobs;
  readonly leases;
  /** Threads for everything but plans. */
  readonly kernelThreads: number;
  readonly planning;
  readonly shutdownGraceMs: number;
  readonly logging;

  constructor(schema: SettingsSchema) {
    this.server = { host: schema.SERVER_HOST, port: schema.SERVER_PORT, url: schema.SERVER_URL };
    this.access = { mode: schema.AUTH };
    this.tls = {
      paths: { cert: schema.TLS_CERT, key: schema.TLS_KEY, ca: schema.TLS_CA },
      clientCertificates: schema.TLS_CLIENT_AUTH,
    };
    this.http = { host: schema.HTTP_HOST, port: schema.HTTP_PORT };
    this.prover = {
      id: schema.PROVER_ID,
      computeUnits: schema.PROVER_COMPUTE_UNITS ?? defaultThreads(),
      transport: schema.PROVER_TRANSPORT,
      key: schema.KEY,
      keyFile: schema.KEY_FILE,
      enrolmentTokenFile: schema.ENROLMENT_TOKEN_FILE,
    };
    this.launch = {
      program: schema.PROGRAM,
      inputRoots: schema.INPUT_ROOTS,
      sharedInputDir: schema.SHARED_INPUT_DIR,
    };
    this.dataDir = schema.DATA_DIR;
    this.storeUrl = schema.STORE_URL ?? `sqlite:${join(schema.DATA_DIR, 'coordinator.sqlite')}`;
    this.jobs = {
      retentionMs: schema.JOB_RETENTION,
      segmentCycles: schema.SEGMENT_CYCLES,
      maxOpen: schema.LIMIT_JOBS,
      maxArtifactBytes: schema.LIMIT_ARTIFACT,
      maxProofBytes: schema.LIMIT_PROOF,
      limits: {
        maxCycles: BigInt(schema.LIMIT_CYCLES),
        maxMemoryBytes: schema.LIMIT_MEMORY,
        maxOutputBytes: schema.LIMIT_OUTPUT,
      },
    };
    this.leases = {
      heartbeatIntervalMs: schema.HEARTBEAT_INTERVAL,
      leaseMs: schema.LEASE,
      disconnectGraceMs: schema.DISCONNECT_GRACE_MS,
      taskTimeoutMs: schema.TASK_TIMEOUT,
      proverWaitMs: schema.PROVER_WAIT,
    };
    this.kernelThreads = schema.KERNEL_THREADS ?? Math.max(LEAST_KERNEL_THREADS, defaultThreads());
    this.planning = { threads: schema.PLANNING_THREADS, timeoutMs: schema.PLANNING_TIMEOUT };
    this.shutdownGraceMs = schema.SHUTDOWN_GRACE;
    this.logging = { level: schema.LOGGING_LEVEL, format: schema.LOGGING_FORMAT };
  }
}
