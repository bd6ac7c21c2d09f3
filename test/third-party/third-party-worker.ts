import { readFileSync } from 'node:fs';
import { credentials, makeGenericClientConstructor, type ClientDuplexStream, type ServiceError } from '@grpc/grpc-js';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { join } from 'node:path';
import {
  CoordinatorMessage,
  ExecuteTaskResponse,
  ProverMessage,
  ZiskDistributedApiService,
  type AggParams,
  type Challenges,
  type ContributionParams,
  type ExecuteTaskRequest,
  type Proof,
  type TaskType,
} from '../../src/wire/generated/zisk_distributed_api.js';
import type { Statement } from '../../src/kernel/kernel.types.js';
import { eventually } from '../support/calls.js';
import { ROOT } from '../support/program.js';
import type { NetworkKernel } from './scripted-coordinator.js';

type Payload = NonNullable<CoordinatorMessage['payload']>;
type ValueOf<Case extends Payload['$case']> = Extract<Payload, { $case: Case }>['value'];
type Sent = NonNullable<ProverMessage['payload']>;
type Stream = ClientDuplexStream<ProverMessage, CoordinatorMessage>;

const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, readFileSync(join(ROOT, 'proto/descriptor.binpb'))),
);
const FIRST_EXTENSION = 100;

/** Every field of ours that a message carries, at whatever depth. */
export function extensionsIn(bytes: Uint8Array): string[] {
  const schema = registry.getMessage('zisk.distributed.api.v1.CoordinatorMessage');
  if (!schema) throw new Error('the schema has no CoordinatorMessage');
  return extensionsOf(reflect(schema, fromBinary(schema, bytes)));
}

function extensionsOf(message: ReflectMessage): string[] {
  return message.fields
    .filter((field) => message.isSet(field))
    .flatMap((field) => {
      const own = field.number >= FIRST_EXTENSION ? [`${message.desc.name}.${field.name}`] : [];
      return field.fieldKind === 'message' ? [...own, ...extensionsOf(message.get(field))] : own;
    });
}

export type TaskHandler = (request: ExecuteTaskRequest) => Promise<readonly Partial<ExecuteTaskResponse>[]>;

/** A prover that knows nothing but the published schema: a stream, and answers in values. */
export class ThirdPartyWorker {
  readonly received: Payload[] = [];
  readonly requests: ExecuteTaskRequest[] = [];
  /** Fields of ours that came in any message; there must be none. */
  readonly extensions: string[] = [];
  readonly over: Promise<ServiceError | null>;
  private readonly stream: Stream;
  private readonly headers: Promise<unknown>;

  constructor(
    address: string,
    readonly id: string,
    readonly onTask: TaskHandler = async () => [],
    call: 'ProverStream' | 'WorkerStream' = 'ProverStream',
  ) {
    const definition = ZiskDistributedApiService[call === 'ProverStream' ? 'proverStream' : 'workerStream'];
    const raw = { ...definition, responseDeserialize: (bytes: Buffer) => this.decode(bytes) };
    const Client = makeGenericClientConstructor({ open: raw }, 'Worker');
    const client = new Client(address, credentials.createInsecure());
    this.stream = (client['open'] as () => Stream).call(client);
    this.headers = new Promise((resolve) => this.stream.once('metadata', resolve));
    this.stream.on('data', ({ payload }: CoordinatorMessage) => payload && this.take(payload));
    this.over = new Promise<ServiceError | null>((resolve) => {
      this.stream.on('error', resolve);
      this.stream.on('end', () => resolve(null));
    }).finally(() => client.close());
  }

  /** Waits for response headers, then registers, as workers do. */
  async register(computeUnits: number): Promise<this> {
    await this.headers;
    const value = { proverId: this.id, computeCapacity: { computeUnits }, description: undefined };
    this.send({ $case: 'register', value });
    await this.next('registerResponse');
    this.send({ $case: 'heartbeatAck', value: { proverId: this.id, heldGrants: [] } });
    return this;
  }

  /** Any message at all, as it is. */
  send(payload: Sent): void {
    this.stream.write({ payload });
  }

  respond(answer: Partial<ExecuteTaskResponse>): void {
    this.send({ $case: 'executeTaskResponse', value: ExecuteTaskResponse.create({ proverId: this.id, ...answer }) });
  }

  async next<Case extends Payload['$case']>(kind: Case): Promise<ValueOf<Case>> {
    const payload: unknown = await eventually(() => this.received.find(({ $case }) => $case === kind));
    return (payload as { value: ValueOf<Case> }).value;
  }

  /** The request of that type that came after so many others of it. */
  async request(type: TaskType, after = 0): Promise<ExecuteTaskRequest> {
    return eventually(() => this.requests.filter(({ taskType }) => taskType === type)[after]);
  }

  disconnect(): void {
    this.stream.cancel();
  }

  private decode(bytes: Buffer): CoordinatorMessage {
    this.extensions.push(...extensionsIn(bytes));
    return CoordinatorMessage.decode(bytes);
  }

  private take(payload: Payload): void {
    this.received.push(payload);
    if (payload.$case === 'heartbeat') {
      this.send({ $case: 'heartbeatAck', value: { proverId: this.id, heldGrants: [] } });
    }
    if (payload.$case !== 'executeTask') return;
    this.requests.push(payload.value);
    void this.onTask(payload.value).then((answers) => {
      const { jobId, taskType } = payload.value;
      for (const answer of answers) this.respond({ jobId, taskType, success: true, ...answer });
    });
  }
}

export const words = (bytes: Uint8Array): bigint[] => {
  const padded = Buffer.alloc(Math.ceil(bytes.length / 8) * 8);
  padded.set(bytes);
  return [BigInt(bytes.length), ...Array.from({ length: padded.length / 8 }, (_, i) => padded.readBigUInt64LE(i * 8))];
};

export const bytesOf = ([size = 0n, ...rest]: readonly bigint[]): Buffer => {
  const padded = Buffer.alloc(rest.length * 8);
  for (const [index, word] of rest.entries()) padded.writeBigUInt64LE(word, index * 8);
  return padded.subarray(0, Number(size));
};

/** Does its tasks rightly with the scripted kernel; it remembers its partition, as third-party workers do. */
export class HonestWork {
  private segments: readonly number[] = [];
  private rank = 0;
  private proofs: Proof[] = [];

  constructor(
    private readonly kernel: NetworkKernel,
    private readonly elf: Uint8Array,
    /** Proofs in one answer. */
    private readonly perAnswer = 4,
  ) {}

  readonly handle: TaskHandler = async (request) => {
    switch (request.params?.$case) {
      case 'contributionParams':
        return [await this.contribute(request.params.value)];
      case 'proveParams':
        return this.prove(request.params.value.challenges);
      case 'aggParams':
        return [await this.aggregate(request.params.value)];
      case undefined:
        throw new Error('a task without parameters');
    }
  };

  private async contribute(params: ContributionParams) {
    const { inputPath, rankId, proverAllocation, jobComputeUnits } = params;
    const input = readFileSync(inputPath);
    const all = Array.from({ length: this.kernel.segments + 1 }, (_, segment) => segment);
    this.segments = all.filter((segment) => proverAllocation.includes(segment % jobComputeUnits));
    this.rank = rankId;
    const made = await this.kernel.contribute({ elf: this.elf, input, segmentCycles: 1024, segments: this.segments });
    const challenges = made.map(({ segment, commitment }) => ({
      workerIndex: this.rank,
      airgroupId: segment,
      challenge: Array.from({ length: 8 }, (_, i) => BigInt(Buffer.from(commitment).readUInt32LE(i * 4))),
    }));
    return { resultData: { $case: 'challenges' as const, value: { challenges } } };
  }

  private async prove(challenges: readonly Challenges[]) {
    const commitments = challenges.map(({ challenge }) => {
      const commitment = Buffer.alloc(32);
      for (const [index, element] of challenge.entries()) commitment.writeUInt32LE(Number(element), index * 4);
      return commitment;
    });
    const run = {
      elf: this.elf,
      input: Buffer.alloc(0),
      segmentCycles: 1024,
      statement: this.statement(),
      commitments: Buffer.concat(commitments),
    };
    const proofs: Proof[] = [];
    for (const segment of this.segments) {
      const { proof } = await this.kernel.prove({ ...run, segment });
      proofs.push({ workerIdx: this.rank, airgroupId: BigInt(segment), values: words(proof) });
    }
    return inGroups(proofs, this.perAnswer).map((group) => ({
      resultData: { $case: 'proofs' as const, value: { proofs: group } },
    }));
  }

  /** The answers before the last carry nothing. */
  private async aggregate({ aggProofs, finalProof, verifyProofs }: AggParams): Promise<Partial<ExecuteTaskResponse>> {
    this.proofs.push(...(aggProofs?.proofs ?? []));
    if (!finalProof) return {};
    const inOrder = this.proofs.toSorted((a, b) => Number(a.airgroupId - b.airgroupId));
    const statement = this.statement();
    const vk = Buffer.from(statement.vkDigest, 'hex');
    const proofs = inOrder.map(({ values }) => bytesOf(values));
    const final = await this.kernel.aggregate({ vk, statement, commitments: new Uint8Array(), proofs, verifyProofs });
    return { resultData: { $case: 'finalProof', value: { finalProofs: [{ values: words(final) }] } } };
  }

  private statement(): Statement {
    if (!this.kernel.statement) throw new Error('nothing was planned yet');
    return this.kernel.statement;
  }
}

function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
