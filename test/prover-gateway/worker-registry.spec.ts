import type { Sha256 } from '../../src/domain/ids.js';
import { status } from '@grpc/grpc-js';
import { Logger } from '@nestjs/common';
import { Verdict } from '../../src/wire/generated/coordinator/coordinator.js';
import { ANYONE } from '../../src/domain/access/caller.js';
import { toNamedSession } from '../../src/wire/unary/worker-message.js';
import { StatusError, statusOf } from '../../src/coordinator/transport/status-error.js';
import { defined, commitmentOf } from '../domain/job-driver.js';
import { HEARTBEAT_MS, SCHEDULER } from '../simulation/times.js';
import { LEASE_MS, WorkerKit } from './worker-kit.js';

const { graceMs } = SCHEDULER.session;
const { acknowledgeMs, sweepMs } = SCHEDULER;

beforeAll(() => Logger.overrideLogger(false));

/** What a call fails with. */
function failureOf(call: () => unknown): StatusError | undefined {
  try {
    call();
  } catch (error) {
    return statusOf(error) ?? new StatusError(status.INTERNAL, String(error));
  }
  return undefined;
}

/** The status that a call ends with. */
function codeOf(call: () => unknown): status {
  return failureOf(call)?.code ?? status.OK;
}

describe('registering', () => {
  it('gives a session and the interval of heartbeats', async () => {
    const kit = await new WorkerKit().start();
    const { registered } = await kit.register('anna');
    expect(registered).toMatchObject({ success: true, workerId: 'anna', heartbeatIntervalMs: HEARTBEAT_MS });
    expect(registered.sessionToken).not.toBe('');
  });

  it('gives a name to a worker that has none', async () => {
    const kit = await new WorkerKit().start();
    const { workerId } = (await kit.register('')).registered;
    expect(workerId).toMatch(/^worker-[0-9a-f]+$/);
    expect(kit.jobs.scheduler.sessions().map(({ prover }) => prover)).toEqual([workerId]);
  });

  it('refuses another kernel in words, and nobody is registered', async () => {
    const kit = await new WorkerKit().start();
    const { registered } = await kit.register('anna', { kernelDigest: 'e'.repeat(64) });
    expect(registered).toMatchObject({ success: false, sessionToken: '' });
    expect(registered.message).toContain("the prover's kernel is eee");
    expect(kit.registry.size).toBe(0);
  });

  it('is refused while the coordinator stops', async () => {
    const kit = await new WorkerKit().start();
    kit.registry.beforeApplicationShutdown();
    await expect(kit.register('anna')).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });

  it('is bounded: the worker after the last one learns when to try again', async () => {
    const kit = await new WorkerKit().start();
    for (let worker = 0; worker < 10_000; worker += 1) await kit.register(`w${worker}`);
    const refusal = await kit.register('one-too-many').then(
      () => undefined,
      (error: unknown) => statusOf(error),
    );
    expect(refusal?.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(refusal?.metadata.get('retry-after')).toEqual(['1']);
    await expect(kit.register('w17')).resolves.toMatchObject({ registered: { success: true } });
  });
});

describe('a worker', () => {
  it('is given nothing before it receives, and its partition as soon as it does', async () => {
    const kit = await new WorkerKit().start(1);
    const anna = await kit.register('anna');
    await kit.jobs.submit();
    await kit.jobs.pass(5);
    expect(kit.jobs.scheduler.phaseOf('anna' as never)).toBeUndefined();
    anna.receive();
    await kit.jobs.soon();
    expect(anna.assignments).toMatchObject([{ epoch: 1n, leaseMs: LEASE_MS, challenge: { round: 1, segments: 1 } }]);
    expect(anna.given).toEqual(['contribute/0', 'contribute/1']);
  });

  it('keeps what it holds by heartbeats, and what it never named is given out again', async () => {
    const kit = await new WorkerKit().start(1);
    const anna = await kit.connect('anna');
    await kit.jobs.submit();
    for (let beat = 0; beat < 8; beat += 1) {
      await kit.jobs.pass(LEASE_MS / 3);
      expect(anna.beat().abandon).toEqual([]);
    }
    expect(await kit.causes()).toEqual([]);
    const silent = await new WorkerKit().start(1);
    const bert = await silent.connect('bert');
    await silent.jobs.submit();
    await silent.jobs.pass(acknowledgeMs / 2);
    bert.beat([]);
    await silent.jobs.pass(acknowledgeMs + sweepMs);
    expect((await silent.causes())[0]).toBe('unacknowledged');
  });

  it('is told by its heartbeat what is not its own any more', async () => {
    const kit = await new WorkerKit().start(1);
    const anna = await kit.connect('anna');
    const made = { jobId: 'no-such-job', taskId: 'prove/1/1', epoch: 7n };
    expect(anna.beat([made]).abandon).toEqual([made]);
  });

  it('that loses its stream is still there, and the next stream begins with what it holds', async () => {
    const kit = await new WorkerKit().start(1);
    const anna = await kit.connect('anna');
    await kit.jobs.submit();
    await kit.jobs.pass(5);
    anna.streams[0]?.lose();
    anna.beat();
    await kit.jobs.pass(LEASE_MS * 0.9);
    anna.beat();
    expect(await kit.causes()).toEqual([]);
    expect(anna.receive().assignments).toEqual(anna.streams[0]?.assignments);
  });

  it('that gets no stream back for a lease is lost, though it beats: it would keep its partition from others', async () => {
    const kit = await new WorkerKit().start(1);
    const anna = await kit.connect('anna');
    const bert = await kit.connect('bert');
    await kit.jobs.submit();
    await kit.jobs.pass(5);
    anna.streams[0]?.lose();
    for (let beat = 0; beat < 3; beat += 1) {
      anna.beat();
      bert.beat();
      await kit.jobs.pass(LEASE_MS / 3);
    }
    await kit.jobs.pass(graceMs + sweepMs + HEARTBEAT_MS);
    expect(codeOf(() => anna.beat())).toBe(status.NOT_FOUND);
    expect(await kit.causes()).toEqual(['disconnected']);
    expect(bert.given).toEqual(['contribute/0', 'contribute/1']);
  });

  it('that registers and never receives is given up after a lease, though it beats', async () => {
    const kit = await new WorkerKit().start(1);
    const anna = await kit.register('anna');
    for (let beat = 0; beat < 5; beat += 1) {
      if (beat < 3) anna.beat([]);
      await kit.jobs.pass(LEASE_MS / 3);
    }
    expect(codeOf(() => anna.beat([]))).toBe(status.NOT_FOUND);
  });

  it('has one stream, the newest', async () => {
    const kit = await new WorkerKit().start(1);
    const anna = await kit.connect('anna');
    const second = anna.receive();
    expect(anna.streams[0]?.end).toEqual({ error: null });
    await kit.jobs.submit();
    await kit.jobs.pass(5);
    expect(second.assignments).toHaveLength(1);
  });

  it('that says nothing for a lease is lost with what it holds, and must register again', async () => {
    const kit = await new WorkerKit().start(1);
    const anna = await kit.connect('anna');
    await kit.jobs.submit();
    await kit.jobs.pass(5);
    anna.beat();
    await kit.jobs.pass(LEASE_MS + HEARTBEAT_MS + graceMs + sweepMs);
    expect((await kit.causes()).length).toBeGreaterThan(0);
    expect(anna.streams[0]?.end?.error).toMatchObject({ code: status.DEADLINE_EXCEEDED });
    expect(codeOf(() => anna.beat())).toBe(status.NOT_FOUND);
    expect(kit.jobs.scheduler.sessions()).toEqual([]);
  });

  it('that leaves is gone after the grace, not after a lease', async () => {
    const kit = await new WorkerKit().start(1);
    const anna = await kit.connect('anna');
    await kit.jobs.submit();
    await kit.jobs.pass(5);
    anna.beat([], true);
    await kit.jobs.pass(graceMs + sweepMs);
    expect(await kit.causes()).toEqual(['disconnected']);
    expect(codeOf(() => anna.beat())).toBe(status.NOT_FOUND);
  });

  it('that reads too slowly is given nothing more, and again once it has read', async () => {
    const kit = await new WorkerKit().start(1);
    const anna = await kit.connect('anna');
    const [stream] = anna.streams;
    if (!stream) throw new Error('a connected worker has a stream');
    stream.reads = false;
    const { channel } = kit.registry.session(toNamedSession(anna.registered), ANYONE);
    for (let message = 0; message < 1000; message += 1) channel.jobOver('job-1' as never, 'over');
    expect(channel.hasRoom()).toBe(false);
    await kit.jobs.submit();
    await kit.jobs.pass(5);
    expect(stream.assignments).toEqual([]);
    expect(stream.events.length).toBeLessThan(10);
    stream.drain();
    await kit.jobs.pass(5);
    expect(stream.assignments).toHaveLength(1);
    expect(stream.events.length).toBeLessThan(100);
  });

  it('is asked to leave by its heartbeat', async () => {
    const kit = await new WorkerKit().start();
    const anna = await kit.connect('anna');
    expect(anna.beat().drain).toBe(false);
    kit.jobs.scheduler.drain('anna' as never, 'maintenance');
    expect(anna.beat().drain).toBe(true);
  });
});

describe('registering again', () => {
  it('under a name in use, by workers that do not say which process they are: the newest wins, and the older one learns that it must not come back', async () => {
    const kit = await new WorkerKit().start();
    const older = await kit.connect('anna');
    const newer = await kit.connect('anna');
    expect(older.streams[0]?.end?.error).toMatchObject({ code: status.ABORTED });
    expect(codeOf(() => older.beat())).toBe(status.ABORTED);
    expect(codeOf(() => older.receive())).toBe(status.ABORTED);
    expect(newer.beat().success).toBe(true);
  });

  it('[case: two-processes-one-id] as another process is refused while the first is there, which is not disturbed', async () => {
    const kit = await new WorkerKit().start(1);
    const first = await kit.connect('anna', { instance: 'one', hostname: 'host-1', pid: 7 });
    await kit.jobs.submit();
    await kit.jobs.pass(5);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const { registered } = await kit.register('anna', { instance: `other-${attempt}` });
      expect(registered).toMatchObject({ success: false, idInUse: true, sessionToken: '' });
      expect(registered.message).toContain('host-1, process 7');
      await kit.jobs.pass(HEARTBEAT_MS);
      expect(first.beat()).toMatchObject({ success: true, abandon: [] });
    }
    expect(first.streams[0]?.end).toBeUndefined();
    expect(await kit.causes()).toEqual([]);
  });

  it('as the same process takes over at once, though its old stream still looks open', async () => {
    const kit = await new WorkerKit().start();
    const older = await kit.connect('anna', { instance: 'one' });
    const newer = await kit.connect('anna', { instance: 'one', holdings: { held: [] } });
    expect(newer.beat().success).toBe(true);
    expect(codeOf(() => older.beat())).toBe(status.ABORTED);
  });

  it('as another process is admitted once the first has lost its stream, or does not beat', async () => {
    const kit = await new WorkerKit().start();
    const killed = await kit.connect('anna', { instance: 'one' });
    killed.streams[0]?.lose();
    await kit.connect('anna', { instance: 'two' });
    await kit.jobs.pass(2 * HEARTBEAT_MS + 1);
    const third = await kit.register('anna', { instance: 'three' });
    expect(third.registered).toMatchObject({ success: true });
  });

  it('as a new process gives what the old one held to others, and counts as its loss', async () => {
    const kit = await new WorkerKit().start(1);
    await kit.connect('anna');
    const { job } = await kit.jobs.submit();
    await kit.jobs.pass(5);
    const again = await kit.connect('anna');
    expect(await kit.causes()).toEqual(['not_held']);
    expect(again.assignments.map(({ epoch }) => epoch)).toEqual([2n]);
    expect((await kit.jobs.store.loadJob(job))?.run?.contribute.at(0)?.losses).toEqual(['anna']);
  });

  it('as the same process keeps what it names', async () => {
    const kit = await new WorkerKit().start(1);
    const before = await kit.connect('anna');
    await kit.jobs.submit();
    await kit.jobs.pass(5);
    const after = await kit.connect('anna', { holdings: { held: before.heldTasks() } });
    expect(await kit.causes()).toEqual([]);
    expect(after.assignments.map(({ epoch }) => epoch)).toEqual([1n]);
  });

  it('at a coordinator that was started anew keeps what it holds, even where it does not say what', async () => {
    const kit = await new WorkerKit().start(1);
    const before = await kit.connect('anna');
    await kit.jobs.submit();
    await kit.jobs.pass(5);
    const restarted = await new WorkerKit(kit.jobs.store).start(1);
    expect(codeOf(() => restarted.registry.session(toNamedSession(before.registered), ANYONE))).toBe(status.NOT_FOUND);
    const after = await restarted.connect('anna');
    expect(after.assignments).toEqual(before.assignments);
  });
});

describe('reports', () => {
  it('count for the assignment, all at once or one by one; a second time they are done already', async () => {
    const kit = await new WorkerKit().start(2);
    const anna = await kit.connect('anna');
    await kit.jobs.submit();
    await kit.jobs.pass(5);
    const accepted = { success: true, message: '', verdict: Verdict.VERDICT_ACCEPTED };
    await expect(anna.commitments(0)).resolves.toEqual(accepted);
    await expect(anna.commitments(0, 1, 2)).resolves.toEqual(accepted);
    await expect(anna.commitments(1)).resolves.toMatchObject({ success: true, verdict: Verdict.VERDICT_ALREADY_DONE });
    await kit.jobs.pass(20);
    expect(anna.given).toContain('prove/1/1');
    const prove = anna.assignments.at(-1);
    expect(prove?.challenge?.leaves).toHaveLength(3 * 32);
  });

  it.each([
    ['has them sent where it does not say that it fetches them', [], 3 * 32],
    ['is told the artifact of them where it does', ['commitment-list'], 0],
  ])('a worker that is to prove under many commitments %s', async (_what, features, sent) => {
    const kit = await new WorkerKit().start(2);
    const list = { sha256: 'c'.repeat(64) as Sha256, size: 3 * 32 };
    kit.jobs.work.commitmentList = list;
    const anna = await kit.connect('anna', { features });
    await kit.jobs.submit();
    await kit.jobs.pass(5);
    await anna.commitments(0, 1, 2);
    await kit.jobs.pass(20);
    const { challenge } = anna.assignments.at(-1) ?? {};
    expect(challenge?.leaves).toHaveLength(sent);
    expect(challenge?.commitmentList).toEqual(sent === 0 ? { ...list, size: BigInt(list.size) } : undefined);
  });

  it('after the task went to another are stale or done already, and change nothing', async () => {
    const kit = await new WorkerKit().start(1);
    const anna = await kit.connect('anna');
    await kit.jobs.submit();
    await kit.jobs.pass(5);
    const { assignmentId, jobId, epoch } = defined(anna.assignments[0]);
    const leaves = [{ taskId: 'contribute/0', segment: 0, leaf: Buffer.from(commitmentOf(0), 'hex') }];
    const late = async () => {
      const back = await kit.register('anna', { holdings: { held: anna.heldTasks() } });
      expect(back.beat(anna.heldTasks()).abandon).toEqual(anna.heldTasks());
      return back.report({ leaves, jobId, epoch, assignmentId });
    };
    await kit.jobs.pass(LEASE_MS + graceMs + sweepMs + HEARTBEAT_MS);
    await expect(late()).resolves.toMatchObject({ success: false, verdict: Verdict.VERDICT_STALE });
    const bert = await kit.connect('bert');
    for (let beat = 0; beat < 5; beat += 1) {
      await kit.jobs.pass(LEASE_MS / 3);
      bert.beat();
    }
    await expect(bert.commitments(0, 1)).resolves.toMatchObject({ verdict: Verdict.VERDICT_ACCEPTED });
    await expect(late()).resolves.toMatchObject({ success: true, verdict: Verdict.VERDICT_ALREADY_DONE });
  });

  it('of a failure give the task to another try, and of a worker that stops give everything back', async () => {
    const kit = await new WorkerKit().start(1);
    const anna = await kit.connect('anna');
    await kit.jobs.submit();
    await kit.jobs.pass(5);
    await expect(anna.fail('out of memory')).resolves.toMatchObject({ verdict: Verdict.VERDICT_ACCEPTED });
    expect(await kit.causes()).toEqual(['failed']);
    await expect(anna.fail('again')).resolves.toMatchObject({ success: false, verdict: Verdict.VERDICT_STALE });
    const other = await new WorkerKit().start(1);
    const bert = await other.connect('bert');
    await other.jobs.submit();
    await other.jobs.pass(5);
    await expect(bert.fail('the prover stops', true)).resolves.toMatchObject({ verdict: Verdict.VERDICT_ACCEPTED });
    expect(await other.causes()).toEqual(['handed_back']);
  });
});
