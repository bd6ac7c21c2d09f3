// A prover that knows only the published schema: 1a of the protocol, message by message, over real gRPC. Only the
// kernel is scripted; test/python-worker does the same with another language and real proofs.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { ProofsClient } from '../../src/wire/generated/proofloom/v1/proofs.js';
import { TaskType, type ExecuteTaskRequest } from '../../src/wire/generated/zisk_distributed_api.js';
import { answer, eventually } from '../support/calls.js';
import { cleanUp } from '../support/program.js';
import { ThirdPartyWorker } from './third-party-worker.js';
import { honest, network, ours, stopNetworks } from './network.js';
import type { ScriptedCoordinator } from './scripted-coordinator.js';

afterEach(stopNetworks);
afterAll(cleanUp);

const typesOf = (requests: readonly ExecuteTaskRequest[]) => requests.map(({ taskType }) => taskType);
const paramsOf = <Case extends string>(request: ExecuteTaskRequest, kind: Case) => {
  if (request.params?.$case !== (kind as string)) throw new Error(`a request without ${kind}`);
  return request.params.value as Extract<NonNullable<ExecuteTaskRequest['params']>, { $case: Case }>['value'];
};

async function cancelled(coordinator: ScriptedCoordinator, jobId: string): Promise<void> {
  const proofs = new ProofsClient(coordinator.address, credentials.createInsecure());
  await answer((done) => proofs.cancel({ jobId, reason: 'not wanted' }, done));
  proofs.close();
}

describe('a third-party worker', () => {
  it.each(['ProverStream', 'WorkerStream'] as const)('completes a job of 20 segments alone, over %s', async (call) => {
    const { coordinator, worker, launch, ended } = await network({ segments: 20 });
    const zisk = await worker('zisk', 2, honest(coordinator, 3).handle, call);
    const jobId = await launch(2, 'block_7');
    await expect(ended(jobId)).resolves.toMatchObject({
      state: 'Completed',
      blockId: 'block_7',
      assignedProvers: ['zisk'],
      simulated: false,
    });
    expect(typesOf(zisk.requests)).toEqual([
      TaskType.PARTIAL_CONTRIBUTION,
      TaskType.PROVE,
      TaskType.AGGREGATE,
      TaskType.AGGREGATE,
    ]);
    expect(zisk.extensions).toEqual([]);
    expect(new Set(zisk.requests.map((request) => request.jobId))).toEqual(new Set([jobId]));
  });

  it('is told its partition, and finds the input under its digest', async () => {
    const { coordinator, worker, launch } = await network({ segments: 3 });
    const zisk = await worker('zisk', 1);
    const other = await worker('other', 1);
    await launch(2);
    const [mine, others] = [await zisk.request(0), await other.request(0)];
    const params = paramsOf(mine, 'contributionParams');
    expect(params).toMatchObject({ blockId: 'block', totalProvers: 2, jobComputeUnits: 2, proverAllocation: [0] });
    expect(paramsOf(others, 'contributionParams')).toMatchObject({ rankId: 1, proverAllocation: [1] });
    expect(params.inputPath.startsWith(coordinator.sharedFolder)).toBe(true);
    expect(params.inputPath).toMatch(/\/[0-9a-f]{64}$/);
    expect(readFileSync(params.inputPath)).toEqual(coordinator.input);
  });

  it('gets every commitment in order, the boundary’s first, and the proof sets unit by unit', async () => {
    const { coordinator, worker, launch, ended } = await network({ segments: 4 });
    const zisk = await worker('zisk', 1);
    const other = await worker('other', 1);
    await ended(await launch(2));
    const { challenges } = paramsOf(await zisk.request(TaskType.PROVE), 'proveParams');
    expect(challenges.map(({ airgroupId, workerIndex }) => [airgroupId, workerIndex])).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
      [3, 1],
      [4, 0],
    ]);
    const [commitment] = await coordinator.kernel.contribute({
      elf: coordinator.program,
      input: coordinator.input,
      segmentCycles: 1024,
      segments: [3],
    });
    expect(challenges[3]?.challenge).toEqual(
      Array.from({ length: 8 }, (_, i) => BigInt(Buffer.from(commitment?.commitment ?? []).readUInt32LE(i * 4))),
    );
    const sets = [...zisk.requests, ...other.requests]
      .filter(({ taskType }) => taskType === TaskType.AGGREGATE)
      .map((request) => paramsOf(request, 'aggParams'));
    expect(
      sets.map(({ aggProofs, lastProof, finalProof, verifyProofs }) => [
        aggProofs?.proofs.map(({ airgroupId }) => Number(airgroupId)),
        lastProof,
        finalProof,
        verifyProofs,
      ]),
    ).toEqual([
      [[0, 2, 4], false, false, true],
      [[1, 3], true, true, true],
    ]);
  });

  it('works with provers of ours in one job, which aggregate', async () => {
    const { coordinator, api, worker, launch, ended } = await network({ segments: 20 });
    const zisk = await worker('zisk', 1);
    await ours(coordinator, api, 'ours', 1);
    await expect(ended(await launch(2))).resolves.toMatchObject({
      state: 'Completed',
      assignedProvers: ['zisk', 'ours'],
    });
    expect(typesOf(zisk.requests)).toEqual([TaskType.PARTIAL_CONTRIBUTION, TaskType.PROVE]);
    expect(zisk.extensions).toEqual([]);
  });

  it('takes over the partition of a lost worker whole, contribution first, after its own', async () => {
    const { coordinator, worker, launch, ended } = await network({ segments: 5 });
    const zisk = await worker('zisk', 1);
    const work = honest(coordinator);
    let lose = () => undefined as void;
    const lost = await worker('lost', 1, async (request) => {
      if (request.taskType === TaskType.PROVE) lose();
      return request.taskType === TaskType.PROVE ? [] : work.handle(request);
    });
    lose = () => lost.disconnect();
    await expect(ended(await launch(2))).resolves.toMatchObject({ state: 'Completed' });
    expect(typesOf(zisk.requests).slice(0, 4)).toEqual([
      TaskType.PARTIAL_CONTRIBUTION,
      TaskType.PROVE,
      TaskType.PARTIAL_CONTRIBUTION,
      TaskType.PROVE,
    ]);
    expect(paramsOf(await zisk.request(0, 1), 'contributionParams')).toMatchObject({ proverAllocation: [1] });
  });

  it('begins its partition anew after a reconnect, and keeps it', async () => {
    const { coordinator, worker, launch, ended, adopt } = await network({ segments: 3 });
    const first = await worker('zisk', 1, async () => []);
    const jobId = await launch(1);
    await first.request(TaskType.PARTIAL_CONTRIBUTION);
    first.disconnect();
    const second = adopt(new ThirdPartyWorker(coordinator.address, 'zisk', honest(coordinator).handle));
    const value = {
      proverId: 'zisk',
      computeCapacity: { computeUnits: 1 },
      lastKnownJobId: jobId,
      description: undefined,
    };
    second.send({ $case: 'reconnect', value });
    await expect(ended(jobId)).resolves.toMatchObject({ state: 'Completed', assignedProvers: ['zisk'] });
    expect(second.requests[0]?.taskType).toBe(TaskType.PARTIAL_CONTRIBUTION);
  });

  it('works on one job at a time', async () => {
    const { worker, launch, ended } = await network({ segments: 3 });
    const zisk = await worker('zisk', 2);
    const [one, two] = [await launch(1), await launch(1)];
    await Promise.all([ended(one), ended(two)]);
    const jobs = zisk.requests.map(({ jobId }) => jobId);
    expect(jobs).toEqual([...jobs.filter((id) => id === one), ...jobs.filter((id) => id === two)]);
  });

  it('is told that a job is cancelled, and works on the next', async () => {
    const { coordinator, worker, launch, ended } = await network({ segments: 3 });
    let isIdle = true;
    const work = honest(coordinator);
    const zisk = await worker('zisk', 1, async (request) => (isIdle ? [] : work.handle(request)));
    const jobId = await launch(1);
    await zisk.request(TaskType.PARTIAL_CONTRIBUTION);
    await cancelled(coordinator, jobId);
    await expect(zisk.next('jobCancelled')).resolves.toMatchObject({ jobId, reason: 'not wanted' });
    isIdle = false;
    await expect(ended(await launch(1))).resolves.toMatchObject({ state: 'Completed' });
  });
});

describe('who gets work', () => {
  it('no third-party worker without a shared folder, and everybody is told why', async () => {
    const { coordinator, worker, launch, provers } = await network({ segments: 3, isSharing: false });
    const zisk = await worker('zisk', 1);
    const why = expect.stringContaining('DISTRIBUTED_SHARED_INPUT_DIR is not set');
    await expect(zisk.next('registerResponse')).resolves.toMatchObject({ accepted: true, message: why });
    await expect(provers()).resolves.toMatchObject([{ state: 'Idle', ineligibleReason: why }]);
    await expect(provers(true)).resolves.toEqual([]);
    await expect(launch(1)).rejects.toThrow('PROVER_UNAVAILABLE');
    expect(coordinator.logLines.join('\n')).toContain('DISTRIBUTED_SHARED_INPUT_DIR is not set');
  });

  it('a worker gets no work while inputs cannot be copied, and the job waits without failing', async () => {
    const { coordinator, worker, launch, status, provers } = await network({
      segments: 3,
      settings: { SHARED_INPUT_DIR: join(import.meta.filename, 'below-a-file') },
    });
    const zisk = await worker('zisk', 1);
    const jobId = await launch(1);
    const [listed] = await eventually(async () => {
      const list = await provers();
      return list[0]?.ineligibleReason ? list : undefined;
    });
    expect(listed?.ineligibleReason).toContain('cannot be copied to DISTRIBUTED_SHARED_INPUT_DIR');
    expect(zisk.requests).toEqual([]);
    await expect(status(jobId)).resolves.toMatchObject({ state: 'Running (Contributions)' });
    expect(existsSync(coordinator.sharedFolder)).toBe(false);
  });
});
