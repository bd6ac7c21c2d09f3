import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Job } from '../../src/client/job.js';
import { ProofloomClient, type ProofRequest } from '../../src/client/proofloom-client.js';
import { eventually } from '../support/calls.js';
import { Program, ROOT, scratchFolder } from '../support/program.js';

const COORDINATOR = 'dist/coordinator/main.js';
const PROVER = 'dist/prover/main.js';
const CLI = 'dist/cli/main.js';

/** Proving takes minutes on a machine that has other things to do. */
export const DEADLINE_MS = 600_000;
/** Short times, so that a test does not sit waiting for a lease to end. */
export const HEARTBEAT_MS = 500;
export const LEASE_MS = 3000;
export const GRACE_MS = 500;

const TIMES = {
  DISTRIBUTED_HEARTBEAT_INTERVAL: `${HEARTBEAT_MS}ms`,
  DISTRIBUTED_LEASE: `${LEASE_MS}ms`,
  DISTRIBUTED_DISCONNECT_GRACE_MS: String(GRACE_MS),
};

export interface ProverOptions {
  readonly url?: string;
  /** A module of `preload/` that is loaded before the program, and what it is told. */
  readonly preload?: Preload;
  readonly folder?: string;
}

export interface Preload {
  readonly file: 'faulty-prover.mjs' | 'dying-coordinator.mjs';
  readonly environment: Readonly<Record<string, string>>;
}

/** A coordinator that can be killed and started again where it was, and provers of every kind. */
export class FaultNetwork {
  readonly provers = new Map<string, Program>();
  readonly folder = scratchFolder();
  coordinator!: Program;
  client!: ProofloomClient;
  url = '';
  private ports: readonly [grpc: number, http: number] = [0, 0];

  private constructor(private readonly settings: Readonly<Record<string, string>>) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<FaultNetwork> {
    const network = new FaultNetwork({ ...TIMES, ...settings });
    await network.startCoordinator();
    network.client = new ProofloomClient(network.url);
    return network;
  }

  get dataDir(): string {
    return join(this.folder, 'coordinator');
  }

  /** `host:port` of the coordinator's gRPC side. */
  get address(): string {
    return new URL(this.url).host;
  }

  /** On the ports and the files of before, where there was one before. */
  async startCoordinator(preload?: Preload): Promise<void> {
    this.launchCoordinator(preload);
    const { grpcPort, httpPort } = await this.coordinator.message('ready');
    this.ports = [Number(grpcPort), Number(httpPort)];
    this.url = `http://127.0.0.1:${String(grpcPort)}`;
  }

  /** Starts it without waiting until it is ready: it may never be. */
  launchCoordinator(preload?: Preload): void {
    const [grpc, http] = this.ports.map(String);
    const where = [
      '--host',
      '127.0.0.1',
      '--http-host',
      '127.0.0.1',
      '--port',
      grpc ?? '0',
      '--http-port',
      http ?? '0',
    ];
    const args = [...where, '--data-dir', this.dataDir];
    this.coordinator = Program.start(COORDINATOR, args, { ...this.settings, ...preloading(preload) });
  }

  /** Starts a prover and returns once it is connected. */
  async addProver(id: string, { url = this.url, preload, folder }: ProverOptions = {}): Promise<Program> {
    const environment = {
      DISTRIBUTED_DATA_DIR: folder ?? join(this.folder, id),
      DISTRIBUTED_SHUTDOWN_GRACE: '20s',
      ...preloading(preload),
    };
    const prover = Program.start(PROVER, ['--url', url, '--id', id, '--compute-units', '1'], environment);
    this.provers.set(id, prover);
    await prover.message('connected');
    return prover;
  }

  async addProvers(...ids: string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.addProver(id)));
  }

  /** Ends everything, stopped processes included. */
  async stop(): Promise<void> {
    this.client.close();
    for (const prover of this.provers.values()) prover.signal('SIGKILL');
    this.coordinator.signal('SIGKILL');
    await Promise.all([this.coordinator, ...this.provers.values()].map(({ exited }) => exited));
  }

  /** Resolves with the job as soon as it satisfies the condition; fails when it ends without. */
  async until(jobId: string, condition: (job: Job) => boolean): Promise<Job> {
    const job = await eventually(async () => {
      const now = await this.client.get(jobId).catch(() => null);
      return now && (condition(now) || now.endedAtMs !== null) ? now : undefined;
    }, DEADLINE_MS);
    if (!condition(job)) throw new Error(`the job ended before: ${job.state} ${job.failure?.message ?? ''}`);
    return job;
  }

  /** Submits a job and returns its id once its segments are being proven. */
  async proving(request: ProofRequest): Promise<string> {
    const { jobId } = await this.client.submit(request);
    await this.until(jobId, ({ phase }) => phase === 'prove');
    return jobId;
  }

  /** The digest of the completed job's final proof. */
  async proofOf(jobId: string): Promise<string> {
    const job = await this.client.wait(jobId);
    if (job.state !== 'completed') throw new Error(`${job.state}: ${job.failure?.message ?? ''}`);
    return digestOf(await this.client.downloadProof(job));
  }

  /** The sentences of a job's events, those that were and those to come. */
  messages(jobId: string): JobMessages {
    return new JobMessages(this.client, jobId);
  }

  /** Lines `task done` of a prover about a job, as task keys. */
  made(prover: Program | undefined, jobId: string): string[] {
    const lines = prover?.lines ?? [];
    return lines.filter(({ message, job }) => message === 'task done' && job === jobId).map(({ task }) => String(task));
  }

  async cli(...args: readonly string[]): Promise<{ code: number | null; facts: Record<string, unknown> }> {
    const command = Program.start(CLI, [...args, '--json']);
    const { code } = await command.exited;
    return { code, facts: command.lines[0] ?? {} };
  }
}

/** Follows a job's events from its first. */
export class JobMessages {
  readonly seen: string[] = [];
  private over = false;

  constructor(client: ProofloomClient, jobId: string) {
    void this.follow(client, jobId).finally(() => (this.over = true));
  }

  /** Resolves with the first that matches, after another where one is given; fails where the job ends without one. */
  async until(matches: (text: string) => boolean, after?: string): Promise<string> {
    return eventually(() => {
      const found = this.seen.slice(after === undefined ? 0 : this.seen.indexOf(after) + 1).find(matches);
      if (found === undefined && this.over) throw new Error(`the job ended without it: ${this.seen.join(' | ')}`);
      return found;
    }, DEADLINE_MS);
  }

  private async follow(client: ProofloomClient, jobId: string): Promise<void> {
    for await (const { message } of client.watch(jobId)) this.seen.push(message);
  }
}

function preloading(preload: Preload | undefined): Record<string, string> {
  if (!preload) return {};
  return { NODE_OPTIONS: `--import ${join(ROOT, 'test/faults/preload', preload.file)}`, ...preload.environment };
}

/** What a job of a guest asks for, and the final proof that one machine alone makes of it. */
export interface KnownJob {
  readonly request: ProofRequest;
  /** Digest of its bytes. */
  readonly proof: string;
}

/** A request and its undisturbed proof, made by the command line on this machine. */
export async function knownJob(guest: string, input: Buffer, segmentCycles: number): Promise<KnownJob> {
  const folder = scratchFolder();
  const elf = join(ROOT, 'guests/elf', `${guest}.elf`);
  const [inputPath, out] = [join(folder, 'input.bin'), join(folder, 'proof.plm')];
  writeFileSync(inputPath, input);
  const cut = ['--segment-cycles', String(segmentCycles), '--threads', '2'];
  const prove = ['prove', elf, '--local', '--input', inputPath, '--out', out, ...cut];
  await promisify(execFile)(process.execPath, [join(ROOT, CLI), ...prove]);
  return { request: { program: readFileSync(elf), input, segmentCycles }, proof: digestOf(readFileSync(out)) };
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The input with which the fibonacci guest computes the n-th number: 11 instructions each, and 60 more. */
export function fibonacciInput(n: number): Buffer {
  const input = Buffer.alloc(8);
  input.writeBigUInt64LE(BigInt(n));
  return input;
}
