import type { JobId } from '../../src/domain/ids.js';
import type { WatchStep } from '../../src/coordinator/jobs/jobs.service.js';
import { proofOf, prover, REQUEST, sha } from '../domain/job-driver.js';
import { FlakyStore, JobKit, settled, type FakeProver } from './job-kit.js';

const ALL = { states: [], labels: {}, after: null, limit: 100 } as const;

describe('submitting', () => {
  it('gives an id only when the job is stored', async () => {
    const store = new FlakyStore();
    const kit = await new JobKit(store).start();
    let id: JobId | null = null;
    void kit.jobs.submit(REQUEST, null).then(({ job }) => (id = job));
    await settled();
    expect([id, store.commits.length]).toEqual([null, 0]);
    await kit.soon();
    expect(await store.header(id as unknown as JobId)).not.toBeNull();
  });

  it('commits everything of one turn in one transaction', async () => {
    const store = new FlakyStore();
    const kit = await new JobKit(store, { maxActive: 0 }).start();
    const submitted = Array.from({ length: 50 }, () => kit.jobs.submit(REQUEST, null));
    await kit.soon();
    expect(new Set((await Promise.all(submitted)).map(({ job }) => job)).size).toBe(50);
    expect(store.commits.map((batch) => batch.jobs.length)).toEqual([50]);
  });

  it('takes a job up in the transaction that accepts it where nobody waits before it', async () => {
    const store = new FlakyStore();
    const kit = await new JobKit(store, { maxActive: 1 }).start();
    const [first, second] = [kit.jobs.submit(REQUEST, null), kit.jobs.submit(REQUEST, null)];
    await kit.soon();
    const { job } = await first;
    const types = async (id: JobId) => (await store.events({ job: id, after: 0, limit: 2 })).map(({ type }) => type);
    expect(await types(job)).toEqual(['submitted', 'planning']);
    expect(await types((await second).job)).toEqual(['submitted']);
    expect(store.commits[0]?.jobs.map(({ changes }) => changes.events.length)).toEqual([2, 1]);
  });

  it('under the same key gives the same job, also when both come at once', async () => {
    const kit = await new JobKit().start();
    const both = Promise.all([kit.jobs.submit(REQUEST, 'key'), kit.jobs.submit({ ...REQUEST }, 'key')]);
    const [first, second] = await kit.during(both, 10);
    expect(second).toEqual({ job: first.job, existing: true });
    expect(await kit.during(kit.jobs.submit(REQUEST, 'key'))).toEqual({ job: first.job, existing: true });
  });

  it('under the same key with another request names the field that differs', async () => {
    const kit = await new JobKit().start();
    await kit.submit({}, 'key');
    const other = kit.during(kit.jobs.submit({ ...REQUEST, priority: 3, computeUnits: 1 }, 'key'));
    await expect(other).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
      message: expect.stringContaining('priority'),
    });
  });

  it.each([
    ['a value out of range', { computeUnits: 0 }, 'INVALID_ARGUMENT', 'compute_units'],
    ['a program nobody uploaded', { program: sha('unknown') }, 'INVALID_ARGUMENT', 'program_digest'],
    ['an input nobody uploaded', { input: sha('unknown') }, 'INVALID_ARGUMENT', 'input_digest'],
  ])('refuses %s', async (_what, change, code, field) => {
    const kit = await new JobKit().start();
    kit.work.missing.add(sha('unknown'));
    await expect(kit.submit(change)).rejects.toMatchObject({ code, message: expect.stringContaining(field) });
  });

  it('refuses more jobs than may be open, and takes them again when some have ended', async () => {
    const kit = await new JobKit(new FlakyStore(), { maxOpen: 2 }).start();
    const [first] = [await kit.submit(), await kit.submit()];
    await expect(kit.submit()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    await kit.during(kit.jobs.cancel(first.job, ''));
    await expect(kit.submit()).resolves.toMatchObject({ existing: false });
  });

  it('accepts nothing while the store fails, says so, and goes on when it is back', async () => {
    const store = new FlakyStore();
    const kit = await new JobKit(store).start();
    store.broken = true;
    await expect(kit.submit({}, 'key')).rejects.toMatchObject({ code: 'SYSTEM_UNAVAILABLE', hint: 'make room' });
    await expect(kit.submit()).rejects.toMatchObject({ code: 'SYSTEM_UNAVAILABLE' });
    store.broken = false;
    await kit.pass(10_000);
    await expect(kit.submit({}, 'key')).resolves.toMatchObject({ existing: false });
    expect((await kit.jobs.list(ALL)).jobs).toHaveLength(1);
  });
});

describe('waiting jobs', () => {
  it('are planned as room comes, the larger priority first', async () => {
    const kit = await new JobKit(new FlakyStore(), { maxActive: 1 }).start();
    const running = await kit.submit();
    const low = await kit.submit();
    const high = await kit.submit({ priority: 1 });
    const states = async () => (await kit.jobs.list(ALL)).jobs.map(({ id, status }) => [id, status.kind]);
    await kit.soon();
    expect(await states()).toEqual([
      [high.job, 'QUEUED'],
      [low.job, 'QUEUED'],
      [running.job, 'RUNNING'],
    ]);
    await kit.during(kit.jobs.cancel(running.job, ''), 10);
    expect((await states())[0]).toEqual([high.job, 'RUNNING']);
  });

  it('fail with the guest’s own reason when the plan finds one', async () => {
    const kit = await new JobKit().start();
    kit.work.outcome = { kind: 'guest_failed', reason: 'illegal instruction at 0x80000010' };
    const { job } = await kit.submit();
    await kit.pass(10);
    expect((await kit.jobs.get(job)).header.status).toMatchObject({
      kind: 'FAILED',
      failure: { code: 'GUEST_FAILED', message: 'illegal instruction at 0x80000010' },
    });
  });

  it('end at their deadline, whatever the wall clock does', async () => {
    const kit = await new JobKit(new FlakyStore(), { maxActive: 0 }).start();
    const { job } = await kit.submit({ deadlineMs: 500 });
    kit.host.skewMs = -3_600_000;
    await kit.pass(400);
    expect((await kit.jobs.get(job)).header.status.kind).toBe('QUEUED');
    await kit.pass(200);
    expect((await kit.jobs.get(job)).header.status).toMatchObject({ failure: { code: 'DEADLINE_EXCEEDED' } });
  });

  it('go on after a restart, deadline and all', async () => {
    const store = new FlakyStore();
    const before = await new JobKit(store).start();
    const { job } = await before.submit({ deadlineMs: 60_000 });
    await before.pass(10);
    before.host.kill();
    const after = await new JobKit(store).start();
    await after.pass(10);
    expect((await after.jobs.get(job)).header.status.kind).toBe('RUNNING');
    await after.pass(60_000);
    expect((await after.jobs.get(job)).header.status.kind).toBe('FAILED');
  });
});

describe('ended jobs', () => {
  it('are forgotten after their time, open ones never', async () => {
    const kit = await new JobKit(new FlakyStore(), { retentionMs: 3_600_000 }).start();
    const ended = await kit.submit();
    await kit.during(kit.jobs.cancel(ended.job, ''));
    const open = await kit.submit();
    await kit.pass(3_000_000);
    expect((await kit.jobs.list(ALL)).jobs).toHaveLength(2);
    await kit.pass(1_200_000);
    expect((await kit.jobs.list(ALL)).jobs.map((job) => job.id)).toEqual([open.job]);
  }, 30_000);
});

describe('cancelling', () => {
  it('is final, also for a job that waits', async () => {
    const kit = await new JobKit(new FlakyStore(), { maxActive: 0 }).start();
    const { job } = await kit.submit();
    const view = await kit.during(kit.jobs.cancel(job, 'not needed'));
    expect(view.header.status).toMatchObject({ kind: 'CANCELLED', reason: 'not needed' });
    const again = await kit.during(kit.jobs.cancel(job, 'twice'));
    expect(again.header.status).toMatchObject({ reason: 'not needed' });
  });

  it('of an unknown job says that there is none', async () => {
    const kit = await new JobKit().start();
    await expect(kit.during(kit.jobs.cancel('nobody' as JobId, ''))).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    await expect(kit.jobs.get('nobody' as JobId)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });
});

describe('watching', () => {
  async function collect(kit: JobKit, job: JobId, after: number): Promise<string[]> {
    const types: string[] = [];
    for await (const step of kit.jobs.watch(job, after, new AbortController().signal)) {
      types.push(...step.events.map((event) => event.type));
    }
    return types;
  }

  it('gives all events from the start, then live, and ends with the job', async () => {
    const kit = await new JobKit().start();
    const { job } = await kit.submit();
    const all = collect(kit, job, 0);
    await kit.pass(10);
    await kit.during(kit.jobs.cancel(job, ''), 10);
    expect(await all).toEqual(['submitted', 'planning', 'planned', 'cancelled']);
    expect(await collect(kit, job, 2)).toEqual(['planned', 'cancelled']);
    expect(await collect(kit, job, 99)).toEqual([]);
  });

  it('tells how far running tasks are, at most twice a second, from their holders only', async () => {
    const kit = await new JobKit().start();
    const { job } = await kit.submit();
    await kit.pass(5);
    const anna = kit.connect('anna');
    await kit.soon();
    const steps: WatchStep[] = [];
    const stop = new AbortController();
    const watching = (async () => {
      for await (const step of kit.jobs.watch(job, 4, stop.signal)) steps.push(step);
    })();
    const report = anna.header('contribute/0');
    for (const permille of [10, 20, 30]) kit.jobs.noteProgress(job, report, 'contribute', permille);
    kit.jobs.noteProgress(job, { ...report, prover: prover('mallory') }, 'contribute', 999);
    await kit.pass(600);
    stop.abort();
    await watching;
    const seen = steps.flatMap((step) => step.progress).map((progress) => progress.permille);
    expect(seen.at(-1)).toBe(30);
    expect(seen.length).toBeLessThan(4);
  });

  it('of an unknown job says that there is none', async () => {
    const kit = await new JobKit().start();
    await expect(collect(kit, 'nobody' as JobId, 0)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });
});

describe('reports', () => {
  /** A job of which anna has the proofs to make. */
  async function proving(kit: JobKit): Promise<{ job: JobId; anna: FakeProver }> {
    const anna = kit.connect('anna');
    const { job } = await kit.submit();
    await kit.pass(5);
    for (const segment of [0, 1]) await anna.commitment(job, segment);
    await kit.pass(5);
    expect(anna.given.slice(2)).toEqual(['prove/1/1', 'prove/1/0']);
    return { job, anna };
  }

  it('of a proof are answered when it is verified and the verdict stored', async () => {
    const kit = await new JobKit().start();
    const { job, anna } = await proving(kit);
    kit.work.waiting = [];
    const verdict = kit.jobs.reportProof(job, anna.header('prove/1/0'), proofOf('p'));
    const twin = kit.jobs.reportProof(job, anna.header('prove/1/0'), proofOf('p'));
    await kit.soon();
    expect(kit.work.waiting).toHaveLength(1);
    kit.work.waiting[0]?.();
    expect(await kit.during(Promise.all([verdict, twin]))).toEqual([
      { kind: 'accepted', late: false },
      { kind: 'accepted', late: false },
    ]);
    expect(await kit.during(kit.jobs.reportProof(job, anna.header('prove/1/0'), proofOf('p')))).toEqual({
      kind: 'already_done',
    });
  });

  it('of a bad proof quarantine the prover everywhere', async () => {
    const store = new FlakyStore();
    const kit = await new JobKit(store).start();
    const { job, anna } = await proving(kit);
    kit.work.bad.add(proofOf('bad').sha256);
    const verdict = await anna.proof(job, 'prove/1/0', 'bad');
    expect(verdict).toEqual({ kind: 'rejected', reason: 'garbage' });
    expect(await store.quarantines()).toMatchObject([{ prover: 'anna', job }]);
    expect(kit.scheduler.quarantineOf(prover('anna'))).toEqual({
      cause: 'fault',
      reason: expect.stringContaining('garbage') as string,
    });
  });

  it('of a proof that is not there are rejected without blame', async () => {
    const store = new FlakyStore();
    const kit = await new JobKit(store).start();
    const { job, anna } = await proving(kit);
    kit.work.missing.add(proofOf('gone').sha256);
    const verdict = await anna.proof(job, 'prove/1/0', 'gone');
    expect(verdict).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('upload') });
    expect(await store.quarantines()).toEqual([]);
  });

  it('beyond what may wait are refused for now', async () => {
    const kit = await new JobKit(new FlakyStore(), { checks: { concurrency: 1, maxWaiting: 0 } }).start();
    const { job, anna } = await proving(kit);
    await expect(kit.during(kit.jobs.reportProof(job, anna.header('prove/1/0'), proofOf('p')))).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
    });
  });

  it('that cannot be stored get no verdict, so that the prover sends them again', async () => {
    const store = new FlakyStore();
    const kit = await new JobKit(store).start();
    const { job, anna } = await proving(kit);
    store.broken = true;
    await expect(kit.during(kit.jobs.reportProof(job, anna.header('prove/1/0'), proofOf('p')))).rejects.toMatchObject({
      code: 'SYSTEM_UNAVAILABLE',
    });
    store.broken = false;
    await kit.pass(10_000);
    const task = (await store.loadJob(job))?.run?.prove.at(0);
    expect(task?.state.kind).not.toBe('DONE');
  });
});
