import { status } from '@grpc/grpc-js';
import { Logger } from '@nestjs/common';
import { Verdict } from '../../src/wire/generated/coordinator/coordinator.js';
import { eventually } from '../support/calls.js';
import { cleanUp } from '../support/program.js';
import { KERNEL_DIGEST, TestAssignments, ProverKit, UNITS } from './prover-kit.js';
import { digestOf } from './test-coordinator.js';
import { HEARTBEAT_MS, UnaryCoordinator } from './unary-coordinator.js';

let coordinator: UnaryCoordinator;
let kit: ProverKit;
let assignments: TestAssignments;

beforeAll(() => Logger.overrideLogger(false));

beforeEach(async () => {
  coordinator = new UnaryCoordinator();
  await coordinator.start();
  kit = new ProverKit(coordinator, 'unary');
  assignments = new TestAssignments(coordinator, kit.kernel);
});

afterEach(async () => {
  kit.kernel.paused.clear();
  const stopped = kit.service.beforeApplicationShutdown();
  const advancing = setInterval(() => kit.time.advance(60_000), 5);
  await stopped;
  clearInterval(advancing);
  coordinator.stop();
});

afterAll(cleanUp);

/** Starts the prover; resolves once it is registered, has sent a heartbeat and receives. */
async function connect(): Promise<void> {
  kit.service.onApplicationBootstrap();
  await eventually(() => (coordinator.heartbeats.length > 0 ? coordinator.streams[0] : undefined));
}

/** Lets heartbeats come until one names so many assignments. */
async function untilHolds(count: number): Promise<void> {
  await eventually(() => {
    kit.time.advance(HEARTBEAT_MS);
    return coordinator.heartbeats.at(-1)?.held.length === count ? true : undefined;
  });
}

/** The tasks of the reports that came, each time that they came. */
function reported(): string[] {
  return coordinator.completions.flatMap(({ leaves, proofs, finalProof }) => [
    ...leaves.map(({ taskId }) => taskId),
    ...proofs.map(({ segment }) => `proof ${segment}`),
    ...(finalProof ? ['final'] : []),
  ]);
}

const untilReported = (...tasks: string[]) =>
  eventually(() => (tasks.every((task) => reported().includes(task)) ? true : undefined));

describe('connecting', () => {
  it('registers with its name, its units, its kernel and its features, beats at once and opens its stream', async () => {
    await connect();
    expect(coordinator.registrations).toEqual([
      expect.objectContaining({
        workerId: 'prover-1',
        computeUnits: UNITS,
        kernelDigest: KERNEL_DIGEST,
        hostname: 'host',
        pid: 7,
        holdings: undefined,
      }),
    ]);
    expect(coordinator.heartbeats[0]).toMatchObject({ workerId: 'prover-1', held: [], load: 0, leaving: false });
    const before = coordinator.heartbeats.length;
    await eventually(() => {
      kit.time.advance(HEARTBEAT_MS);
      return coordinator.heartbeats.length > before ? true : undefined;
    });
  });

  it("leaves for good where it is refused, with the coordinator's reason", async () => {
    coordinator.registration = { success: false, message: 'another kernel' };
    kit.service.onApplicationBootstrap();
    await expect(kit.service.stopReason).resolves.toEqual({ kind: 'rejected', reason: 'another kernel' });
    expect(coordinator.registrations).toHaveLength(1);
  });

  it('leaves for good where another process that is there has its name', async () => {
    coordinator.registration = { success: false, message: 'in use', idInUse: true };
    kit.service.onApplicationBootstrap();
    await expect(kit.service.stopReason).resolves.toEqual({ kind: 'name_in_use', reason: 'in use' });
    expect(coordinator.registrations).toHaveLength(1);
  });

  it('leaves for good where another process has taken its name', async () => {
    await connect();
    coordinator.streams[0]?.emit('error', { code: status.ABORTED, details: 'prover-1 has connected again' });
    const why = { kind: 'name_in_use', reason: 'prover-1 has connected again' };
    await expect(kit.service.stopReason).resolves.toEqual(why);
    expect(coordinator.registrations).toHaveLength(1);
  });

  it('is asked to leave by the answer to a heartbeat', async () => {
    coordinator.heartbeat = { drain: true };
    kit.service.onApplicationBootstrap();
    await expect(kit.service.stopReason).resolves.toMatchObject({ kind: 'drained' });
  });
});

describe('working', () => {
  it('reports the commitments of a contribution, and holds them until they are judged', async () => {
    coordinator.reportRefusal = { code: status.UNAVAILABLE, details: 'not now' };
    await connect();
    await coordinator.assign(assignments.contribute([0, 1, 2]));
    await untilReported('contribute/0', 'contribute/1', 'contribute/2');
    await untilHolds(1);
    expect(coordinator.heartbeats.at(-1)?.held).toMatchObject([{ jobId: 'job-1', taskId: '', epoch: 1n }]);
    coordinator.reportRefusal = undefined;
    await untilHolds(0);
    const [report] = coordinator.completions;
    expect(report).toMatchObject({ jobId: 'job-1', assignmentId: 'job-1/1', epoch: 1n });
    expect(report?.leaves[0]?.leaf).toHaveLength(32);
    expect(report?.busy).toHaveLength(1);
  });

  it('uploads each proof before it reports it, and the final one', async () => {
    await connect();
    await coordinator.assign(await assignments.prove([0, 1, 2, 3]));
    await untilReported('proof 0', 'proof 1', 'proof 2', 'proof 3');
    for (const { proofs } of coordinator.completions) {
      const { sha256 = '' } = proofs[0]?.proof ?? {};
      expect(digestOf(coordinator.artifacts.get(sha256) ?? Buffer.alloc(0))).toBe(sha256);
    }
    await coordinator.assign(await assignments.aggregate(['p0', 'p1', 'p2', 'p3'].map((text) => Buffer.from(text))));
    await untilReported('final');
    await untilHolds(0);
    expect(kit.kernel.calls).toContain('aggregate 4');
  });

  it.each([Verdict.VERDICT_ALREADY_DONE, Verdict.VERDICT_STALE, Verdict.VERDICT_REJECTED])(
    'drops a result that was judged, whatever the verdict (%d)',
    async (verdict) => {
      coordinator.verdict = verdict;
      await connect();
      await coordinator.assign(assignments.contribute([1]));
      await untilReported('contribute/1');
      await untilHolds(0);
      expect(reported()).toEqual(['contribute/1']);
    },
  );

  it('drops a result that the coordinator cannot read, instead of sending it for ever', async () => {
    coordinator.reportRefusal = { code: status.INVALID_ARGUMENT, details: 'leaves.leaf is no commitment' };
    await connect();
    await coordinator.assign(assignments.contribute([1]));
    await untilReported('contribute/1');
    await expect(untilHolds(0)).resolves.toBeUndefined();
  });

  it('reports what failed, again until it is heard, and the others all the same', async () => {
    kit.kernel.failing.add(2);
    coordinator.reportRefusal = { code: status.UNAVAILABLE, details: 'not now' };
    await connect();
    await coordinator.assign(await assignments.prove([1, 2]));
    await eventually(() => {
      kit.time.advance(1000);
      return coordinator.failures.length > 1 ? true : undefined;
    });
    expect(coordinator.failures[0]).toMatchObject({
      jobId: 'job-1',
      assignmentId: 'job-1/1',
      epoch: 1n,
      retryable: true,
      taskIds: ['prove/1/2'],
      handedBack: false,
      reason: expect.stringContaining('trapped'),
    });
    coordinator.reportRefusal = undefined;
    await untilReported('proof 1');
    await untilHolds(0);
  });

  it('stops what is cancelled, task by task, by assignment or by job', async () => {
    for (const segment of [1, 2, 3]) kit.kernel.paused.add(segment);
    await connect();
    await coordinator.assign(await assignments.prove([1, 2, 3]));
    await untilHolds(1);
    await coordinator.cancel(['prove/1/1', 'prove/1/2']);
    await untilHolds(1);
    await coordinator.cancel([]);
    await untilHolds(0);
    await coordinator.assign(await assignments.prove([1]));
    await untilHolds(1);
    await coordinator.cancel([], '');
    await expect(untilHolds(0)).resolves.toBeUndefined();
  });

  it('abandons what the answer to a heartbeat names', async () => {
    kit.kernel.paused.add(1);
    await connect();
    await coordinator.assign(await assignments.prove([1]));
    await untilHolds(1);
    coordinator.heartbeat = { abandon: [{ jobId: 'job-1', taskId: '', epoch: 1n }] };
    await expect(untilHolds(0)).resolves.toBeUndefined();
  });
});

describe('losing the coordinator', () => {
  it('opens its stream again, and does not do again what it is given again', async () => {
    kit.kernel.paused.add(1);
    await connect();
    const assignment = await assignments.prove([1]);
    await coordinator.assign(assignment);
    await untilHolds(1);
    coordinator.streams[0]?.emit('error', { code: status.UNAVAILABLE, details: 'broken off' });
    await eventually(() => {
      kit.time.advance(1000);
      return coordinator.streams[1];
    });
    await coordinator.assign(assignment);
    kit.kernel.release(1);
    await untilReported('proof 1');
    await untilHolds(0);
    expect(kit.kernel.calls.filter((call) => call === 'prove 1')).toHaveLength(1);
    expect(coordinator.registrations).toHaveLength(1);
  });

  it('registers again where its session is not known any more, names what it holds, and reports again', async () => {
    kit.kernel.paused.add(2);
    coordinator.reportRefusal = { code: status.UNAVAILABLE, details: 'not now' };
    await connect();
    await coordinator.assign(await assignments.prove([1, 2]));
    await untilReported('proof 1');
    coordinator.forget();
    await eventually(() => {
      kit.time.advance(1000);
      return coordinator.registrations[1];
    });
    expect(coordinator.registrations[1]?.holdings).toMatchObject({ held: [{ jobId: 'job-1', taskId: '', epoch: 1n }] });
    coordinator.reportRefusal = undefined;
    coordinator.completions.splice(0);
    kit.kernel.release(2);
    // A report that came before the refusal was lifted waits for its next try.
    await eventually(() => {
      kit.time.advance(1000);
      return ['proof 1', 'proof 2'].every((task) => reported().includes(task)) ? true : undefined;
    });
    await untilHolds(0);
    expect(new Set(coordinator.completions.map(({ sessionToken }) => sessionToken))).toEqual(new Set(['token-2']));
  });

  it('bears a heartbeat that fails, and connects anew after the second', async () => {
    await connect();
    coordinator.refusal = { code: status.UNAVAILABLE, details: 'try again soon' };
    kit.time.advance(HEARTBEAT_MS);
    await eventually(() => (coordinator.registrations.length === 1 ? true : undefined));
    await eventually(() => {
      kit.time.advance(HEARTBEAT_MS);
      return coordinator.registrations[1];
    });
    coordinator.refusal = undefined;
    // The registration that came while calls were refused may have been refused as well: then the next one is due.
    const another = () => {
      kit.time.advance(HEARTBEAT_MS);
      return coordinator.heartbeats.at(-1)?.sessionToken === 'token-1' ? undefined : true;
    };
    await expect(eventually(another)).resolves.toBe(true);
  });
});

describe('leaving', () => {
  it('finishes the segments in work, gives the rest back, and says that it leaves', async () => {
    for (const segment of [1, 2]) kit.kernel.paused.add(segment);
    await connect();
    await coordinator.assign(await assignments.prove([1, 2, 3]));
    await untilHolds(1);
    const stopped = kit.service.beforeApplicationShutdown();
    for (const segment of [1, 2]) kit.kernel.release(segment);
    await untilReported('proof 1', 'proof 2');
    await stopped;
    expect(coordinator.failures).toEqual([expect.objectContaining({ handedBack: true, taskIds: [], epoch: 1n })]);
    expect(coordinator.heartbeats.at(-1)).toMatchObject({ leaving: true });
    await eventually(() => (coordinator.streams[0]?.cancelled ? true : undefined));
  });
});
