import { setTimeout as sleep } from 'node:timers/promises';
import { Metadata, type ClientReadableStream } from '@grpc/grpc-js';
import { Backoff } from '../lifecycle/backoff.js';
import { SystemRandom } from '../lifecycle/random.js';
import {
  ProofsClient,
  SubmitRequest,
  type SubmitResponse,
  type GetResponse,
  type ListResponse,
  type WatchResponse,
} from '../wire/generated/proofloom/v1/proofs.js';
import {
  ZiskDistributedApiClient,
  type ProverInfo,
  type ProversList,
  type ProversListResponse,
  type StatusInfoResponse,
  type SystemStatus,
  type SystemStatusResponse,
} from '../wire/generated/zisk_distributed_api.js';
import {
  checkFlag,
  checkId,
  checkJob,
  checkListener,
  checkListOptions,
  checkProofRequest,
  checkReason,
  checkSignal,
  checkWatch,
} from './arguments.js';
import { ArtifactClient, type DownloadOptions } from './artifact-client.js';
import { unaryAnswer } from './call.js';
import { soon, targetOf } from './channel.js';
import { connected } from './connected.js';
import { ClientError, toClientError } from './client.error.js';
import type { ConnectionOptions } from './connection-options.js';
import { StreamPool } from './stream-pool.js';
import {
  fromWatchResponse,
  fromWireJob,
  hasEnded,
  JOB_STATES,
  toWireStates,
  type Job,
  type JobStateName,
  type JobUpdate,
} from './job.js';

/** What is to be proven. Programs and inputs are uploaded unless the coordinator has them. */
export interface ProofRequest {
  /** The ELF. */
  readonly program: Uint8Array;
  /** The private input. Default: empty. */
  readonly input?: Uint8Array;
  /** The same key and request give the same job, however often they are sent. Default: every call is a new job. */
  readonly idempotencyKey?: string;
  /** Most compute units to use at a time. Default: all that there are. */
  readonly computeCapacity?: number;
  /** Larger runs first among jobs that wait, from -100 to 100. Default: 0. */
  readonly priority?: number;
  /** Ends the job as failed when it is not done within so many milliseconds. Default: never. */
  readonly deadlineMs?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** Most instructions in one segment. Default: the coordinator's. */
  readonly segmentCycles?: number;
  /** Ends the program after so many instructions. Default: the coordinator's limit. */
  readonly maxCycles?: bigint;
}

export interface WatchOptions {
  /** Only what happened after this sequence number. Default: everything. */
  readonly after?: number;
  /** Ends the watching; the job goes on. */
  readonly signal?: AbortSignal;
}

export interface ListOptions {
  /** Default: all states. */
  readonly states?: readonly JobStateName[];
  /** Jobs that carry all of these. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface NetworkStatus extends SystemStatus {
  readonly serviceName: string;
  readonly version: string;
  readonly kernelDigest: string;
  readonly uptimeSeconds: number;
}

const PAGE = 100;
const LATE_END_MS = 1_000;
/** A coordinator that starts again on a slow machine is back within it. */
const DOWNLOAD_IDLE_MS = 120_000;

/**
 * A coordinator, for applications. Every call rejects with {@link ClientError}, or with a TypeError that names the
 * argument that is wrong; close the client when done.
 *
 * @example
 * const client = new ProofloomClient('http://127.0.0.1:8080');
 * const job = await client.prove({ program, input });
 * const proof = await client.downloadProof(job);
 */
export class ProofloomClient {
  readonly artifacts: ArtifactClient;
  private readonly proofs: ProofsClient;
  private readonly api: ZiskDistributedApiClient;
  /** For watching alone: however many jobs are watched, other calls find room. */
  private readonly watches: StreamPool<ProofsClient>;

  /** @param url `http://host:port`, or `https://host:port` */
  constructor(
    readonly url: string,
    options: ConnectionOptions = {},
  ) {
    const target = targetOf(url, options);
    this.artifacts = new ArtifactClient(target);
    this.proofs = new ProofsClient(target.address, target.credentials, target.options);
    this.api = new ZiskDistributedApiClient(target.address, target.credentials, target.options);
    this.watches = new StreamPool(() => new ProofsClient(target.address, target.credentials, target.options));
  }

  /**
   * Uploads program and input and submits a job. Resolves once the job is kept by the coordinator.
   * @param signal ends the waiting (`aborted`); the coordinator may have accepted the job all the same
   */
  async submit(
    request: ProofRequest,
    signal?: AbortSignal,
  ): Promise<{ readonly jobId: string; readonly existing: boolean }> {
    checkProofRequest(request);
    checkSignal(signal);
    const { program: elf, input: bytes = new Uint8Array() } = request;
    const [program, input] = await Promise.all([this.uploaded(elf, signal), this.uploaded(bytes, signal)]);
    const message = SubmitRequest.create({
      programDigest: program,
      input: { $case: 'inputDigest', value: input },
      idempotencyKey: request.idempotencyKey ?? '',
      computeCapacity: request.computeCapacity ?? 0,
      priority: request.priority ?? 0,
      deadlineMs: BigInt(request.deadlineMs ?? 0),
      labels: { ...request.labels },
      segmentCycles: request.segmentCycles ?? 0,
      limits: { maxCycles: request.maxCycles ?? 0n, maxMemoryBytes: 0, maxOutputBytes: 0 },
    });
    const answer = await unaryAnswer<SubmitResponse>((done) => this.proofs.submit(message, ...soon(), done), signal);
    return { jobId: answer.jobId, existing: answer.existing };
  }

  /** Submits a job and waits until it has ended. A failed or cancelled job is a result. */
  async prove(request: ProofRequest, onUpdate?: (update: JobUpdate) => void, signal?: AbortSignal): Promise<Job> {
    checkListener('onUpdate', onUpdate);
    checkSignal(signal);
    const { jobId } = await this.submit(request, signal);
    return this.wait(jobId, onUpdate, signal);
  }

  /** Waits until a job has ended. */
  async wait(jobId: string, onUpdate?: (update: JobUpdate) => void, signal?: AbortSignal): Promise<Job> {
    checkListener('onUpdate', onUpdate);
    let last: Job | null = null;
    for await (const update of this.watch(jobId, { ...(signal && { signal }) })) {
      last = update.job;
      onUpdate?.(update);
    }
    if (signal?.aborted) throw new ClientError('aborted', `waiting for ${jobId} was ended; the job goes on`);
    return last ?? this.get(jobId);
  }

  async get(jobId: string): Promise<Job> {
    checkId('jobId', jobId);
    const { job } = await unaryAnswer<GetResponse>((done) => this.proofs.get({ jobId }, ...soon(), done));
    if (!job) throw new ClientError('failed', 'the coordinator answered without a job');
    return fromWireJob(job);
  }

  /** Jobs, newest first. */
  async *list(options: ListOptions = {}): AsyncGenerator<Job> {
    checkListOptions(options, JOB_STATES);
    const { states = [], labels = {} } = options;
    let pageToken = '';
    do {
      const request = { states: toWireStates(states), labels: { ...labels }, pageSize: PAGE, pageToken };
      const page = await unaryAnswer<ListResponse>((done) => this.proofs.list(request, ...soon(), done));
      yield* page.jobs.map(fromWireJob);
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
  }

  /** What happens to a job, until it has ended. A lost connection is taken up again where it broke. */
  async *watch(jobId: string, options: WatchOptions = {}): AsyncGenerator<JobUpdate> {
    checkWatch(jobId, options);
    const { after = 0, signal } = options;
    const backoff = new Backoff(new SystemRandom());
    let sequence = after;
    for (;;) {
      try {
        for await (const update of this.watchOnce(jobId, sequence, signal)) {
          backoff.reset();
          sequence = update.sequence;
          yield update;
          if (update.job && hasEnded(update.job)) return;
        }
      } catch (error) {
        const failure = toClientError(error);
        if (signal?.aborted) return;
        if (!(failure instanceof ClientError && failure.isPassing)) throw failure;
      }
      await sleep(backoff.next(), undefined, { ...(signal && { signal }) }).catch(() => undefined);
      if (signal?.aborted) return;
    }
  }

  /** Ends a job for good. One that has ended stays as it is. */
  async cancel(jobId: string, reason = ''): Promise<Job> {
    checkId('jobId', jobId);
    checkReason(reason);
    await unaryAnswer((done) => this.proofs.cancel({ jobId, reason }, ...soon(), done));
    return this.get(jobId);
  }

  /**
   * The final proof of a completed job. It is not verified: that is the caller's to do, with the kernel. A download that
   * breaks off goes on where it was, and is given up (`unreachable`) when nothing came for `idleTimeoutMs`, two
   * minutes unless told otherwise.
   */
  async downloadProof(job: Job, options: DownloadOptions = {}): Promise<Uint8Array> {
    checkJob(job);
    const { id, proof, state, simulated } = job;
    const why = simulated ? 'it is simulated, one partition of it was proven' : `it is ${state}`;
    if (!proof) throw new ClientError('not_found', `job ${id} has no final proof: ${why}`);
    return this.artifacts
      .download(proof.sha256, { idleTimeoutMs: DOWNLOAD_IDLE_MS, ...options })
      .catch((error: unknown) => {
        const failure = toClientError(error);
        // A coordinator that stops cancels its calls; `aborted` is for what the caller ends.
        const isCutOff = failure instanceof ClientError && failure.code === 'aborted' && !options.signal?.aborted;
        throw isCutOff ? new ClientError('unreachable', failure.message, { cause: error }) : failure;
      });
  }

  async provers(availableOnly = false): Promise<readonly ProverInfo[]> {
    checkFlag('availableOnly', availableOnly);
    const provers: ProverInfo[] = [];
    let after = '';
    do {
      const page = await this.proversAfter(after, availableOnly);
      provers.push(...page.provers);
      // Ids only grow: a coordinator that says otherwise would be asked for ever.
      after = page.next > after ? page.next : '';
    } while (after !== '');
    return provers;
  }

  private async proversAfter(after: string, availableOnly: boolean): Promise<ProversList> {
    const { result } = await unaryAnswer<ProversListResponse>((done) =>
      this.api.proversList({ availableOnly, after }, ...soon(), done),
    );
    if (result?.$case === 'proversList') return result.value;
    throw new ClientError('failed', result?.value.message ?? 'the coordinator answered without provers');
  }

  async status(): Promise<NetworkStatus> {
    const info = await unaryAnswer<StatusInfoResponse>((done) => this.api.statusInfo({}, ...soon(), done));
    const { result } = await unaryAnswer<SystemStatusResponse>((done) => this.api.systemStatus({}, ...soon(), done));
    if (result?.$case !== 'status') throw new ClientError('failed', result?.value.message ?? 'no status came');
    const { serviceName, version, kernelDigest, uptimeSeconds } = info;
    const { totalProvers, computeCapacity, idleProvers, busyProvers, activeJobs } = result.value;
    const system = { totalProvers, computeCapacity, idleProvers, busyProvers, activeJobs };
    return { ...system, serviceName, version, kernelDigest, uptimeSeconds: Number(uptimeSeconds) };
  }

  close(): void {
    this.artifacts.close();
    this.proofs.close();
    this.api.close();
    this.watches.close();
  }

  private async *watchOnce(jobId: string, after: number, signal: AbortSignal | undefined): AsyncGenerator<JobUpdate> {
    const { client, release } = this.watches.take();
    await connected(client, signal).catch((error: unknown) => {
      release();
      throw error;
    });
    const call = client.watch({ jobId, afterSequence: BigInt(after) }, new Metadata());
    call.once('status', release);
    call.on('error', () => undefined);
    const cancel = () => call.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    let isOver = false;
    try {
      const responses: AsyncIterable<WatchResponse> = call.iterator({ destroyOnReturn: false });
      for await (const response of responses) {
        const update = fromWatchResponse(response);
        isOver = update.job !== null && hasEnded(update.job);
        yield update;
      }
    } finally {
      signal?.removeEventListener('abort', cancel);
      if (isOver) letEnd(call);
      else call.cancel();
    }
  }

  private async uploaded(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<string> {
    return (await this.artifacts.upload(bytes, true, 'upload', signal).catch(rethrow)).sha256;
  }
}

/** Nothing more comes, and the coordinator ends the call: cancelling it would look like one of many resets. */
function letEnd(call: ClientReadableStream<WatchResponse>): void {
  const late = setTimeout(() => call.cancel(), LATE_END_MS);
  call.once('status', () => clearTimeout(late));
  call.resume();
}

function rethrow(error: unknown): never {
  throw toClientError(error);
}
