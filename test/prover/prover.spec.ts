import { status } from '@grpc/grpc-js';
import { Logger } from '@nestjs/common';
import { KernelError } from '../../src/kernel/kernel.error.js';
import { ResultVerdict } from '../../src/wire/generated/zisk_distributed_api.js';
import { cleanUp } from '../support/program.js';
import {
  acknowledgeTask,
  KERNEL_DIGEST,
  TestAssignments,
  ProverKit,
  results,
  UNITS,
  untilHolds,
} from './prover-kit.js';
import { digestOf, TestCoordinator } from './test-coordinator.js';

let coordinator: TestCoordinator;
let kit: ProverKit;
let assignments: TestAssignments;

beforeAll(() => Logger.overrideLogger(false));

beforeEach(async () => {
  coordinator = new TestCoordinator();
  await coordinator.start();
  kit = new ProverKit(coordinator);
  assignments = new TestAssignments(coordinator, kit.kernel);
});

afterEach(async () => {
  kit.kernel.paused.clear();
  const stopped = kit.service.beforeApplicationShutdown();
  kit.time.advance(60_000);
  await stopped;
  coordinator.stop();
});

afterAll(cleanUp);

describe('connecting', () => {
  it('registers with its name, its units, its kernel and its features, once the coordinator serves the call', async () => {
    const connection = coordinator.connection();
    kit.service.onApplicationBootstrap();
    const register = await (await connection).next('register');
    expect(register).toMatchObject({
      proverId: 'prover-1',
      computeCapacity: { computeUnits: UNITS },
      description: { kernelDigest: KERNEL_DIGEST, hostname: 'host', pid: 7, heldGrants: [], unacknowledgedResults: [] },
    });
    expect(register.description?.features).toEqual(expect.arrayContaining(['result-ack', 'revoke', 'drain']));
  });

  it("leaves for good where it is refused, with the coordinator's reason", async () => {
    const connection = coordinator.connection();
    kit.service.onApplicationBootstrap();
    const conversation = await connection;
    await conversation.next('register');
    conversation.accept({ accepted: false, message: 'another kernel' });
    await expect(kit.service.stopReason).resolves.toEqual({ kind: 'rejected', reason: 'another kernel' });
    await conversation.untilEnded();
  });

  it('leaves for good where another process that answers has its name', async () => {
    const connection = coordinator.connection();
    kit.service.onApplicationBootstrap();
    const conversation = await connection;
    await conversation.next('register');
    conversation.accept({ accepted: false, message: 'in use', idInUse: true });
    await expect(kit.service.stopReason).resolves.toEqual({ kind: 'name_in_use', reason: 'in use' });
    await conversation.untilEnded();
  });

  it('leaves for good where another process has taken its name', async () => {
    const conversation = await kit.connect();
    conversation.fail(status.ABORTED, 'prover-1 has connected again');
    const why = { kind: 'name_in_use', reason: 'prover-1 has connected again' };
    await expect(kit.service.stopReason).resolves.toEqual(why);
  });

  it('connects again where the coordinator falls silent for two heartbeats', async () => {
    const conversation = await kit.connect(1000);
    const next = coordinator.connection();
    kit.time.advance(3000);
    await conversation.untilEnded();
    await expect((await next).next('reconnect')).resolves.toMatchObject({ proverId: 'prover-1' });
  });
});

describe('working', () => {
  it('makes the commitments of a contribution with one fetch of program and input, and holds them until acknowledged', async () => {
    const conversation = await kit.connect();
    const assignment = assignments.contribute([0, 1, 2, 3]);
    conversation.tell({ $case: 'executeTask', value: assignment });
    await expect(conversation.next('taskAck')).resolves.toMatchObject({ jobId: 'job-1', epoch: 1n });
    const commitments = await results(conversation, 4, false);
    expect([...commitments.keys()].sort()).toEqual(['contribute/0', 'contribute/1', 'contribute/2', 'contribute/3']);
    expect(commitments.get('contribute/2')?.value).toHaveLength(32);
    expect(coordinator.fetched.get(assignment.program?.sha256 ?? '')).toBe(1);
    await expect(untilHolds(conversation, 1)).resolves.toBeUndefined();
    const answer = { jobId: 'job-1', epoch: 1n };
    for (const task of commitments.keys()) acknowledgeTask(conversation, answer, task);
    await expect(untilHolds(conversation, 0)).resolves.toBeUndefined();
  });

  it('proves segments at once up to its units, and uploads each proof before it answers', async () => {
    const conversation = await kit.connect();
    conversation.tell({ $case: 'executeTask', value: await assignments.prove([0, 1, 2, 3]) });
    const proofs = await results(conversation, 4);
    for (const proof of proofs.values()) {
      if (proof?.$case !== 'artifact') throw new Error('a proof is an artifact');
      expect(digestOf(coordinator.artifacts.get(proof.value.sha256) ?? Buffer.alloc(0))).toBe(proof.value.sha256);
    }
    expect(kit.kernel.peak).toBeLessThanOrEqual(UNITS);
    await expect(untilHolds(conversation, 0)).resolves.toBeUndefined();
  });

  it('fetches the commitments once where the coordinator names their artifact', async () => {
    const conversation = await kit.connect();
    const assignment = await assignments.prove([1, 2]);
    const commitmentList = coordinator.keep(assignment.leaves);
    conversation.tell({ $case: 'executeTask', value: { ...assignment, leaves: Buffer.alloc(0), commitmentList } });
    await results(conversation, 2);
    expect(coordinator.fetched.get(commitmentList.sha256)).toBe(1);
  });

  it('refuses to prove under another challenge than the commitments give', async () => {
    const conversation = await kit.connect();
    const assignment = await assignments.prove([1]);
    conversation.tell({ $case: 'executeTask', value: { ...assignment, challenge: Buffer.alloc(32) } });
    const { success, failure } = await conversation.next('executeTaskResponse');
    expect({ success, failure }).toMatchObject({
      success: false,
      failure: { taskIds: ['prove/1/1'], code: 'verification_failed', retryable: false },
    });
    expect(kit.kernel.calls).not.toContain('prove 1');
  });

  it('answers with its own commitment where the challenge is bound to another: one of the two is wrong', async () => {
    const conversation = await kit.connect();
    const got = 'ab'.repeat(32);
    const refusal = new KernelError('invalid_request', 'another commitment', {
      field: "the segment's commitment",
      got,
    });
    kit.kernel.prove = () => Promise.reject(refusal);
    conversation.tell({ $case: 'executeTask', value: await assignments.prove([2]) });
    const found = await results(conversation, 1);
    expect(found.get('prove/1/2')).toEqual({ $case: 'leaf', value: Buffer.from(got, 'hex') });
  });

  it("aggregates the segments' proofs", async () => {
    const conversation = await kit.connect();
    const proofs = [Buffer.from('p0'), Buffer.from('p1'), Buffer.from('p2'), Buffer.from('p3')];
    conversation.tell({ $case: 'executeTask', value: await assignments.aggregate(proofs) });
    const result = (await results(conversation, 1)).get('aggregate/1');
    const bytes = coordinator.artifacts.get(result?.$case === 'artifact' ? result.value.sha256 : '');
    expect(
      Buffer.from(bytes ?? [])
        .subarray(32)
        .toString(),
    ).toBe('p0p1p2p3');
  });

  it.each([
    [true, 'verify and aggregate 2'],
    [false, 'aggregate 2'],
  ])('verifies the proofs before it aggregates them where it is asked to (%s)', async (verifyProofs, call) => {
    const conversation = await kit.connect();
    const assignment = await assignments.aggregate([Buffer.from('p0'), Buffer.from('p1')], verifyProofs);
    conversation.tell({ $case: 'executeTask', value: assignment });
    await results(conversation, 1);
    expect(kit.kernel.calls).toContain(call);
  });

  it('says which of many proofs it could not fetch, and asks for no others', async () => {
    const conversation = await kit.connect();
    const assignment = await assignments.aggregate(Array.from({ length: 40 }, (_, index) => Buffer.from(`p${index}`)));
    const missing = { segment: 0, artifact: { sha256: 'f'.repeat(64), size: 0n } };
    conversation.tell({
      $case: 'executeTask',
      value: { ...assignment, segmentProofs: [missing, ...assignment.segmentProofs] },
    });
    const { failure } = await conversation.next('executeTaskResponse');
    expect(failure).toMatchObject({ taskIds: ['aggregate/1'], code: 'artifact_missing', retryable: true });
  });

  it('reports a task that failed, and the others all the same', async () => {
    kit.kernel.failing.add(2);
    const conversation = await kit.connect();
    conversation.tell({ $case: 'executeTask', value: await assignments.prove([1, 2]) });
    const { failure } = await conversation.next('executeTaskResponse', ({ success }) => !success);
    expect(failure).toMatchObject({ taskIds: ['prove/1/2'], code: 'trapped', retryable: true });
    await expect(untilHolds(conversation, 1)).resolves.toBeUndefined();
  });

  it('[case: proof-limit] says of a proof that the coordinator will never take that it has none, once', async () => {
    const conversation = await kit.connect();
    coordinator.takesNoSuchSize = true;
    conversation.tell({ $case: 'executeTask', value: await assignments.prove([1]) });
    const { failure, errorMessage } = await conversation.next('executeTaskResponse');
    coordinator.takesNoSuchSize = false;
    expect(failure).toMatchObject({ taskIds: ['prove/1/1'], code: 'artifact_too_large', retryable: false });
    expect(errorMessage).toContain('allowed: at most 8');
    await expect(untilHolds(conversation, 0)).resolves.toBeUndefined();
  });

  it('says of an artifact that the coordinator does not have that it is missing', async () => {
    const conversation = await kit.connect();
    const program = { sha256: 'f'.repeat(64), size: 0n };
    conversation.tell({ $case: 'executeTask', value: { ...assignments.contribute([1]), program } });
    const { failure } = await conversation.next('executeTaskResponse');
    expect(failure).toMatchObject({ code: 'artifact_missing', retryable: true });
  });

  it('takes the same assignment only once, and answers an assignment that it cannot follow', async () => {
    const conversation = await kit.connect();
    const assignment = assignments.contribute([1]);
    conversation.tell({ $case: 'executeTask', value: assignment });
    conversation.tell({ $case: 'executeTask', value: assignment });
    await conversation.next('taskAck');
    await conversation.next('taskAck');
    await results(conversation, 1);
    expect(kit.kernel.calls.filter((call) => call.startsWith('contribute'))).toEqual(['contribute 1']);
    conversation.tell({
      $case: 'executeTask',
      value: { ...assignment, epoch: 9n, tasks: [{ taskId: 'what/1', segment: 1 }] },
    });
    await expect(conversation.next('error')).resolves.toMatchObject({ jobId: 'job-1' });
  });
});

describe('work that is not wanted any more', () => {
  it('stops revoked segments at once and goes on with the others', async () => {
    kit.kernel.paused.add(1);
    const conversation = await kit.connect();
    conversation.tell({ $case: 'executeTask', value: await assignments.prove([1, 2]) });
    await results(conversation, 1);
    await expect(untilHolds(conversation, 1)).resolves.toBeUndefined();
    const revoke = { jobId: 'job-1', epoch: 1n, taskIds: ['prove/1/1'], reason: 'done by another prover' };
    conversation.tell({ $case: 'revoke', value: revoke });
    await expect(untilHolds(conversation, 0)).resolves.toBeUndefined();
  });

  it('forgets a job that has ended, results included', async () => {
    kit.kernel.paused.add(1);
    const conversation = await kit.connect();
    conversation.tell({ $case: 'executeTask', value: await assignments.prove([1, 2]) });
    await results(conversation, 1, false);
    conversation.tell({ $case: 'jobCancelled', value: { jobId: 'job-1', reason: 'cancelled' } });
    await expect(untilHolds(conversation, 0)).resolves.toBeUndefined();
  });
});

describe('losing the coordinator', () => {
  it('goes on working, comes back with what it holds, and sends again what was not acknowledged', async () => {
    kit.kernel.paused.add(2);
    const first = await kit.connect();
    first.tell({ $case: 'executeTask', value: await assignments.prove([1, 2]) });
    await results(first, 1, false);
    const connection = coordinator.connection();
    first.breakOff();
    const second = await connection;
    const { description, lastKnownJobId } = await second.next('reconnect');
    expect(lastKnownJobId).toBe('job-1');
    expect(description?.heldGrants).toMatchObject([{ jobId: 'job-1', epoch: 1n, taskIds: [] }]);
    expect(description?.unacknowledgedResults).toMatchObject([{ jobId: 'job-1', taskId: 'prove/1/1', epoch: 1n }]);
    second.accept();
    kit.kernel.release(2);
    const again = await results(second, 2);
    expect([...again.keys()].sort()).toEqual(['prove/1/1', 'prove/1/2']);
    await expect(untilHolds(second, 0)).resolves.toBeUndefined();
  });

  it('sends a result again that is not acknowledged, and one that could not be uploaded once it can be', async () => {
    coordinator.refuseUploads = true;
    const conversation = await kit.connect();
    conversation.tell({ $case: 'executeTask', value: await assignments.prove([1]) });
    await conversation.next('taskAck');
    await expect(untilHolds(conversation, 1)).resolves.toBeUndefined();
    coordinator.refuseUploads = false;
    const advancing = setInterval(() => kit.time.advance(100), 1);
    await results(conversation, 1, false).finally(() => clearInterval(advancing));
    kit.time.advance(10_000);
    const again = await conversation.next('executeTaskResponse');
    acknowledgeTask(conversation, again, 'prove/1/1', ResultVerdict.RESULT_VERDICT_ALREADY_DONE);
    await expect(untilHolds(conversation, 0)).resolves.toBeUndefined();
  });
});

describe('leaving', () => {
  it('finishes the segments in work, gives the rest back, and then ends the connection', async () => {
    for (const segment of [1, 2]) kit.kernel.paused.add(segment);
    const conversation = await kit.connect();
    conversation.tell({ $case: 'executeTask', value: await assignments.prove([1, 2, 3]) });
    await conversation.next('taskAck');
    await expect(untilHolds(conversation, 1)).resolves.toBeUndefined();
    const stopped = kit.service.beforeApplicationShutdown();
    for (const segment of [1, 2]) kit.kernel.release(segment);
    const finished = await results(conversation, 2);
    expect([...finished.keys()].sort()).toEqual(['prove/1/1', 'prove/1/2']);
    await stopped;
    await conversation.untilEnded();
    const failures = conversation.said.filter(({ $case }) => $case === 'executeTaskResponse');
    expect(failures).toContainEqual(
      expect.objectContaining({
        value: expect.objectContaining({ failure: expect.objectContaining({ code: 'handed_back' }) }),
      }),
    );
  });

  it('gives everything back where the segments in work take longer than a stop may', async () => {
    kit.kernel.paused.add(1);
    const conversation = await kit.connect();
    conversation.tell({ $case: 'executeTask', value: await assignments.prove([1]) });
    await expect(untilHolds(conversation, 1)).resolves.toBeUndefined();
    const stopped = kit.service.beforeApplicationShutdown();
    kit.time.advance(20_000);
    await stopped;
    await expect(conversation.next('executeTaskResponse')).resolves.toMatchObject({ failure: { code: 'handed_back' } });
  });

  it('is asked to leave: it has reason to end', async () => {
    const conversation = await kit.connect();
    conversation.tell({ $case: 'drain', value: { reason: 'maintenance' } });
    await expect(kit.service.stopReason).resolves.toEqual({ kind: 'drained', reason: 'maintenance' });
  });
});
