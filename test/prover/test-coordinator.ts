import { createHash } from 'node:crypto';
import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import {
  ArtifactsService,
  type GetArtifactRequest,
  type GetArtifactResponse,
  type PutRequest,
  type PutResponse,
  type StatRequest,
  type StatResponse,
} from '../../src/wire/generated/proofloom/v1/artifacts.js';
import {
  ProverRegisterResponse,
  ZiskDistributedApiService,
  type CoordinatorMessage,
  type ProverMessage,
} from '../../src/wire/generated/zisk_distributed_api.js';

type Call = ServerDuplexStream<ProverMessage, CoordinatorMessage>;
type Said = NonNullable<ProverMessage['payload']>;
type Told = NonNullable<CoordinatorMessage['payload']>;
type CaseOf<K extends Said['$case']> = Extract<Said, { $case: K }>['value'];

const DEADLINE_MS = 100_000;

export const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What one connected prover says, and a way to answer. */
export class Conversation {
  readonly said: Said[] = [];
  private readonly waiters = new Set<() => void>();
  private taken = 0;
  ended = false;

  constructor(private readonly call: Call) {
    call.on('data', ({ payload }: ProverMessage) => {
      if (payload) this.said.push(payload);
      this.wake();
    });
    call.on('end', () => this.over());
    call.on('cancelled', () => this.over());
    call.on('error', () => this.over());
  }

  tell(payload: Told): void {
    this.call.write({ payload });
  }

  accept(response: Partial<ProverRegisterResponse> = {}): void {
    const value = ProverRegisterResponse.create({ accepted: true, heartbeatIntervalMs: 1000, ...response });
    this.tell({ $case: 'registerResponse', value });
  }

  end(): void {
    this.call.end();
  }

  /** Breaks the connection off, without a word. */
  breakOff(): void {
    this.call.emit('error', { code: status.UNAVAILABLE, details: 'broken off' });
  }

  fail(code: status, details: string): void {
    this.call.emit('error', { code, details });
  }

  /** The next message of a kind; others before it are passed over. */
  async next<K extends Said['$case']>(
    kind: K,
    matches: (value: CaseOf<K>) => boolean = () => true,
  ): Promise<CaseOf<K>> {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    for (;;) {
      while (this.taken < this.said.length) {
        const payload = this.said[this.taken++];
        if (payload?.$case === kind && matches(payload.value as CaseOf<K>)) return payload.value as CaseOf<K>;
      }
      if (deadline.aborted) throw new Error(`no ${kind}; said: ${this.said.map(({ $case }) => $case).join(' ')}`);
      await this.change(deadline);
    }
  }

  async untilEnded(): Promise<void> {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    while (!this.ended && !deadline.aborted) await this.change(deadline);
    if (!this.ended) throw new Error('the prover did not end the connection');
  }

  private change(deadline: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.waiters.add(resolve);
      deadline.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  private over(): void {
    this.ended = true;
    this.wake();
  }

  private wake(): void {
    for (const waiter of this.waiters) waiter();
    this.waiters.clear();
  }
}

/** A real gRPC server that plays the coordinator's part word by word, and keeps artifacts in memory. */
export class TestCoordinator {
  readonly artifacts = new Map<string, Uint8Array>();
  /** How often each artifact was fetched. */
  readonly fetched = new Map<string, number>();
  /** While set, nothing can be uploaded. */
  refuseUploads = false;
  /** Every upload is over the limit: it would be another time as well. */
  takesNoSuchSize = false;
  url = '';
  protected readonly server = new Server();
  private readonly arrived: Conversation[] = [];
  private waiting: ((conversation: Conversation) => void) | undefined;

  async start(): Promise<void> {
    this.server.addService(ZiskDistributedApiService, { proverStream: (call: Call) => this.greet(call) });
    this.server.addService(ArtifactsService, { put: this.put, get: this.get, stat: this.stat });
    const port = await new Promise<number>((resolve, reject) => {
      const done = (error: Error | null, bound: number) => (error ? reject(error) : resolve(bound));
      this.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), done);
    });
    this.url = `http://127.0.0.1:${port}`;
  }

  stop(): void {
    this.server.forceShutdown();
  }

  keep(bytes: Uint8Array): { sha256: string; size: bigint } {
    this.artifacts.set(digestOf(bytes), bytes);
    return { sha256: digestOf(bytes), size: 0n };
  }

  /** The next prover that connects. */
  connection(): Promise<Conversation> {
    const arrived = this.arrived.shift();
    if (arrived) return Promise.resolve(arrived);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no prover connected')), DEADLINE_MS);
      this.waiting = (conversation) => {
        clearTimeout(timer);
        resolve(conversation);
      };
    });
  }

  private greet(call: Call): void {
    const conversation = new Conversation(call);
    call.sendMetadata(new Metadata());
    if (this.waiting) this.waiting(conversation);
    else this.arrived.push(conversation);
    this.waiting = undefined;
  }

  private readonly put = (call: ServerReadableStream<PutRequest, PutResponse>, answer: sendUnaryData<PutResponse>) => {
    if (this.takesNoSuchSize) {
      const metadata = new Metadata();
      metadata.set('content-error', 'too_large');
      return answer({ code: status.RESOURCE_EXHAUSTED, details: 'allowed: at most 8', metadata });
    }
    if (this.refuseUploads) return answer({ code: status.RESOURCE_EXHAUSTED, details: 'no space' });
    const chunks: Uint8Array[] = [];
    call.on('data', ({ part }: PutRequest) => part?.$case === 'chunk' && chunks.push(part.value));
    call.on('end', () => {
      const { sha256, size } = { ...this.keep(Buffer.concat(chunks)), size: 0n };
      answer(null, { sha256, size, existing: false });
    });
  };

  private readonly get = (call: ServerWritableStream<GetArtifactRequest, GetArtifactResponse>) => {
    const { sha256 } = call.request;
    const bytes = this.artifacts.get(sha256);
    this.fetched.set(sha256, (this.fetched.get(sha256) ?? 0) + 1);
    if (!bytes) return call.emit('error', { code: status.NOT_FOUND, details: `no artifact ${sha256}` });
    call.write({ part: { $case: 'declaration', value: { sha256, size: BigInt(bytes.length), kind: 0 } } });
    call.write({ part: { $case: 'chunk', value: Buffer.from(bytes) } });
    return call.end();
  };

  private readonly stat = (call: ServerUnaryCall<StatRequest, StatResponse>, answer: sendUnaryData<StatResponse>) => {
    const bytes = this.artifacts.get(call.request.sha256);
    answer(null, { exists: bytes !== undefined, size: BigInt(bytes?.length ?? 0) });
  };
}
