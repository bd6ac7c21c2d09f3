// What a prover or administrator may send that is wrong: each gets the documented code or verdict, other provers never
// notice, and a job with an honest prover completes.
import { status } from '@grpc/grpc-js';
import { TaskType, type ExecuteTaskResponse } from '../../src/wire/generated/zisk_distributed_api.js';
import { cleanUp } from '../support/program.js';
import { words, type TaskHandler } from './third-party-worker.js';
import { honest, network, stopNetworks } from './network.js';
import type { ScriptedCoordinator } from './scripted-coordinator.js';

afterEach(stopNetworks);
afterAll(cleanUp);

type Answers = readonly Partial<ExecuteTaskResponse>[];

/** Honest work, with the answers to one type of task replaced. */
function bent(type: TaskType, bend: (answers: Answers) => Answers) {
  return (coordinator: ScriptedCoordinator): TaskHandler => {
    const work = honest(coordinator, 100);
    return async (request) => {
      const answers = await work.handle(request);
      return request.taskType === type ? bend(answers) : answers;
    };
  };
}

const challenges = (change: (values: bigint[], segment: number) => bigint[]) =>
  bent(TaskType.PARTIAL_CONTRIBUTION, (answers) =>
    answers.map((answer) => {
      if (answer.resultData?.$case !== 'challenges') return answer;
      const bentOnes = answer.resultData.value.challenges.map((entry) => ({
        ...entry,
        challenge: change(entry.challenge, entry.airgroupId),
      }));
      return { resultData: { $case: 'challenges', value: { challenges: bentOnes } } };
    }),
  );
const proofs = (change: (values: bigint[], segment: bigint) => { values: bigint[]; airgroupId: bigint }) =>
  bent(TaskType.PROVE, (answers) =>
    answers.map((answer) => {
      if (answer.resultData?.$case !== 'proofs') return answer;
      const bentOnes = answer.resultData.value.proofs.map((proof) => ({
        ...proof,
        ...change(proof.values, proof.airgroupId),
      }));
      return { resultData: { $case: 'proofs', value: { proofs: bentOnes } } };
    }),
  );
const NOTHING: Answers = [{ resultData: undefined }];
const A_COMMITMENT = { workerIndex: 0, airgroupId: 0, challenge: Array<bigint>(8).fill(1n) };

describe('a prover that answers with what is no result', () => {
  it.each([
    ['a commitment with a value that is no field element', challenges((values) => [...values.slice(1), 2130706433n])],
    ['a commitment of nine values', challenges((values) => [...values, 1n])],
    ['a commitment with a value beyond 32 bits', challenges((values) => [...values.slice(1), 2n ** 63n])],
    ['no commitments', bent(TaskType.PARTIAL_CONTRIBUTION, () => NOTHING)],
    [
      'commitments of another partition',
      bent(TaskType.PARTIAL_CONTRIBUTION, () => [
        { resultData: { $case: 'challenges', value: { challenges: [{ ...A_COMMITMENT, airgroupId: 77 }] } } },
      ]),
    ],
    [
      'proofs to a contribution',
      bent(TaskType.PARTIAL_CONTRIBUTION, () => [{ resultData: { $case: 'proofs', value: { proofs: [] } } }]),
    ],
    [
      'commitments to PROVE',
      bent(TaskType.PROVE, () => [{ resultData: { $case: 'challenges', value: { challenges: [A_COMMITMENT] } } }]),
    ],
    ['no proofs', bent(TaskType.PROVE, () => [{ resultData: { $case: 'proofs', value: { proofs: [] } } }])],
    ['proofs that are no bytes', proofs((_, airgroupId) => ({ values: [2n ** 40n, 1n], airgroupId }))],
    ['made-up proofs', proofs((_, airgroupId) => ({ values: words(Buffer.from('made up')), airgroupId }))],
    ['proofs of another partition', proofs((values, segment) => ({ values, airgroupId: segment + 1n }))],
  ])('is quarantined for %s, and the job completes', async (_what, work) => {
    const { coordinator, worker, launch, ended, provers } = await network({ segments: 4 });
    const good = await worker('good', 1);
    const bad = await worker('bad', 1, work(coordinator));
    await expect(ended(await launch(2))).resolves.toMatchObject({ state: 'Completed' });
    const states = (await provers()).map(({ proverId, state }) => [proverId, state]);
    expect(states).toEqual([
      ['bad', 'Error'],
      ['good', expect.stringMatching(/Idle|Computing/)],
    ]);
    await expect(stillOpen(bad)).resolves.toBe(true);
    await expect(stillOpen(good)).resolves.toBe(true);
  });
});

/** Whether a stream has not ended yet. */
async function stillOpen({ over }: { readonly over: Promise<unknown> }): Promise<boolean> {
  const pause = new Promise<boolean>((resolve) => void setTimeout(() => resolve(true), 50));
  return Promise.race([over.then(() => false), pause]);
}

describe('a prover whose answers belong to nothing', () => {
  it.each([
    ['of a job that there is not', { jobId: 'job_123', taskType: TaskType.PARTIAL_CONTRIBUTION }],
    ['of a name that is none', { jobId: '../x', taskType: TaskType.PARTIAL_CONTRIBUTION }],
    ['of a task type that nobody asked for', { taskType: TaskType.AGGREGATE }],
    ['of a task type that there is not', { taskType: 77 as TaskType }],
  ])('goes on: an answer %s is dropped', async (_what, change) => {
    const { coordinator, worker, launch, ended, provers } = await network({ segments: 4 });
    const work = honest(coordinator);
    const odd = await worker('odd', 1, async (request) => {
      if (request.taskType === TaskType.PARTIAL_CONTRIBUTION) {
        odd.respond({ jobId: request.jobId, success: true, ...change });
      }
      return work.handle(request);
    });
    await expect(ended(await launch(1))).resolves.toMatchObject({ state: 'Completed' });
    await expect(provers()).resolves.toMatchObject([{ proverId: 'odd', ineligibleReason: '' }]);
    expect(coordinator.logLines.filter((line) => line.includes('answer to nothing')).length).toBeGreaterThan(0);
  });
});

describe('a prover that cannot', () => {
  it.each([
    ['answers without success', true],
    ['sends an error of the job', false],
  ])('and %s leaves its partition to others', async (_how, isAnswer) => {
    const { worker, launch, ended } = await network({ segments: 4 });
    await worker('good', 1);
    const weak = await worker('weak', 1, async ({ jobId }) => {
      if (isAnswer) return [{ success: false, errorMessage: 'out of memory' }];
      weak.send({ $case: 'error', value: { proverId: 'weak', jobId, errorMessage: 'out of memory' } });
      return [];
    });
    await expect(ended(await launch(2))).resolves.toMatchObject({ state: 'Completed' });
  });
});

describe('a message that is too large', () => {
  it('ends its own stream and no other', async () => {
    const { coordinator, worker, launch, ended } = await network({ segments: 4 });
    const good = await worker('good', 1);
    const large = await worker('large', 1, async () => [
      {
        resultData: {
          $case: 'finalProof',
          value: { finalProofs: [{ values: Array<bigint>(1_000_000).fill(2n ** 63n) }] },
        },
      },
    ]);
    const jobId = await launch(2);
    await expect(large.over).resolves.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    await expect(ended(jobId)).resolves.toMatchObject({ state: 'Completed' });
    await expect(stillOpen(good)).resolves.toBe(true);
    expect(coordinator.logLines.some((line) => line.includes('"level":"error"'))).toBe(false);
  });
});

describe('LaunchProof', () => {
  it('refuses more capacity than is connected, a node that is not there, and what is too long', async () => {
    const { worker, launched } = await network({ segments: 1 });
    await worker('zisk', 2);
    const code = (expected: string) => ({ $case: 'error', value: { code: expected } });
    await expect(launched(3)).resolves.toMatchObject(code('PROVER_UNAVAILABLE'));
    await expect(launched(2, 'b', 2)).resolves.toMatchObject(code('INVALID_ARGUMENT'));
    await expect(launched(2, 'b'.repeat(201))).resolves.toMatchObject(code('INVALID_ARGUMENT'));
  });

  it('says QUOTA_EXCEEDED when no other job may wait, but only after PROVER_UNAVAILABLE', async () => {
    const { worker, launch, launched } = await network({ segments: 1, settings: { LIMIT_JOBS: '1' } });
    await worker('zisk', 1, async () => []);
    await launch(1);
    await expect(launched(1)).resolves.toMatchObject({ value: { code: 'QUOTA_EXCEEDED' } });
    await expect(launched(2)).resolves.toMatchObject({ value: { code: 'PROVER_UNAVAILABLE' } });
  });

  it('of a simulated node proves its partition on the first prover alone, and says so', async () => {
    const { coordinator, worker, launch, ended } = await network({ segments: 6 });
    const zisk = await worker('zisk', 2);
    const idle = await worker('idle', 1);
    await expect(ended(await launch(3, 'b', 1))).resolves.toMatchObject({ state: 'Completed', simulated: true });
    expect(zisk.requests.map(({ taskType }) => taskType)).toEqual([TaskType.PARTIAL_CONTRIBUTION, TaskType.PROVE]);
    expect(idle.requests).toEqual([]);
    expect(coordinator.kernel.calls.filter((call) => call.startsWith('aggregate'))).toEqual([]);
    const proven = coordinator.kernel.calls.filter((call) => call.startsWith('prove '));
    expect(proven).toEqual(['prove 1', 'prove 4']);
  });
});
