// Each of the ten kinds of message on ProverStream, between a coordinator process and a prover that is only a stream.
import { join } from 'node:path';
import { credentials, type ClientDuplexStream } from '@grpc/grpc-js';
import { ProofloomClient } from '../../src/client/proofloom-client.js';
import {
  ExecuteTaskResponse,
  ZiskDistributedApiClient,
  type CoordinatorMessage,
  type LaunchProofResponse,
  type ProverDescription,
  type ProverMessage,
  type StatusInfoResponse,
} from '../../src/wire/generated/zisk_distributed_api.js';
import { answer, eventually } from '../support/calls.js';
import { TestNetwork } from '../support/network.js';
import { cleanUp, ROOT } from '../support/program.js';

type Received = NonNullable<CoordinatorMessage['payload']>;
type Sent = NonNullable<ProverMessage['payload']>;

const PROVER = 'prover_001';

let network: TestNetwork;
let api: ZiskDistributedApiClient;
let client: ProofloomClient;
let description: ProverDescription;
let stream: ClientDuplexStream<ProverMessage, CoordinatorMessage>;
let received: Received[];

/** The first message of a kind, past or to come. */
function first<Kind extends Received['$case']>($case: Kind): Promise<Extract<Received, { $case: Kind }>> {
  const isIt = (message: Received): message is Extract<Received, { $case: Kind }> => message.$case === $case;
  return eventually(() => received.find(isIt));
}

function send(payload: Sent): void {
  stream.write({ payload });
}

function open(): void {
  stream = api.proverStream();
  received = [];
  stream.on('data', ({ payload }: CoordinatorMessage) => {
    if (payload) received.push(payload);
    if (payload?.$case === 'heartbeat') send({ $case: 'heartbeatAck', value: { proverId: PROVER, heldGrants: [] } });
  });
  stream.on('error', () => undefined);
}

async function launch(): Promise<string> {
  const request = { blockId: 'block', computeCapacity: 1, inputPath: 'fibonacci-1000.bin', simulatedNode: undefined };
  const { result } = await answer<LaunchProofResponse>((done) => api.launchProof(request, done));
  if (result?.$case !== 'jobId') throw new Error(JSON.stringify(result));
  return result.value;
}

beforeAll(async () => {
  network = await TestNetwork.start(0, {
    DISTRIBUTED_PROGRAM: join(ROOT, 'guests/elf/fibonacci.elf'),
    DISTRIBUTED_INPUT_ROOTS: join(ROOT, 'guests/inputs'),
    DISTRIBUTED_HEARTBEAT_INTERVAL: '1s',
  });
  api = new ZiskDistributedApiClient(network.address, credentials.createInsecure());
  client = new ProofloomClient(network.url);
  const { kernelDigest } = await answer<StatusInfoResponse>((done) => api.statusInfo({}, done));
  const features = ['result-ack', 'revoke', 'drain', 'artifacts'];
  const holdings = { heldGrants: [], unacknowledgedResults: [] };
  description = {
    protocolVersion: 1,
    softwareVersion: '0',
    kernelDigest,
    features,
    ...holdings,
    hostname: '',
    pid: 1,
    instance: '',
  };
  open();
});

afterAll(async () => {
  api.close();
  client.close();
  await network.stop();
  cleanUp();
});

describe('ProverStream', () => {
  const computeCapacity = { computeUnits: 1 };

  it('takes ProverRegisterRequest and answers ProverRegisterResponse with the assigned prover ID', async () => {
    send({ $case: 'register', value: { proverId: PROVER, computeCapacity, description } });
    await expect(first('registerResponse')).resolves.toMatchObject({ value: { proverId: PROVER, accepted: true } });
  });

  it('sends Heartbeat and takes HeartbeatAck, which ProversList shows', async () => {
    expect((await first('heartbeat')).value.timestamp).toBeDefined();
    const lastHeard = async () => {
      const { seconds = 0n, nanos = 0 } = (await client.provers())[0]?.lastHeartbeat ?? {};
      return `${seconds}.${nanos}`;
    };
    const before = await lastHeard();
    await eventually(async () => ((await lastHeard()) === before ? undefined : true));
  });

  it('sends ExecuteTaskRequest and takes ProverError and a failed ExecuteTaskResponse: the task is given again', async () => {
    const jobId = await launch();
    const { value: task } = await first('executeTask');
    expect(task).toMatchObject({ jobId, proverId: PROVER, taskType: 0 });
    send({ $case: 'error', value: { proverId: PROVER, jobId, errorMessage: 'the disk is slow' } });
    const { epoch } = task;
    const failed = {
      jobId,
      proverId: PROVER,
      taskType: task.taskType,
      success: false,
      errorMessage: 'no memory left',
      epoch,
    };
    send({ $case: 'executeTaskResponse', value: ExecuteTaskResponse.create(failed) });
    const again = await eventually(() =>
      received.find((message) => message.$case === 'executeTask' && message.value.epoch !== epoch),
    );
    expect(again).toMatchObject({ value: { jobId } });
  });

  it('sends JobCancelled when the job is cancelled', async () => {
    const jobId = (await first('executeTask')).value.jobId;
    await client.cancel(jobId, 'not wanted');
    await expect(first('jobCancelled')).resolves.toMatchObject({ value: { jobId } });
  });

  it('takes ProverReconnectRequest with the last known state', async () => {
    const lastKnownJobId = (await first('executeTask')).value.jobId;
    stream.cancel();
    open();
    send({ $case: 'reconnect', value: { proverId: PROVER, computeCapacity, lastKnownJobId, description } });
    await expect(first('registerResponse')).resolves.toMatchObject({ value: { proverId: PROVER, accepted: true } });
  });

  it('sends Shutdown, and ends in good order, when the coordinator stops', async () => {
    const ended = new Promise((resolve) => stream.once('end', () => resolve('ended')));
    const stopped = network.coordinator.stop();
    await expect(first('shutdown')).resolves.toMatchObject({ value: { reason: expect.stringContaining('stops') } });
    await expect(ended).resolves.toBe('ended');
    await stopped;
  });
});
