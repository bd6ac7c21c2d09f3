import { status } from '@grpc/grpc-js';
import { ProofloomClient } from '../../src/client/proofloom-client.js';
import { eventually } from '../support/calls.js';
import { cleanUp, Program } from '../support/program.js';
import { commitmentOf, commitmentsFor, RawServices, RawWorker, segmentsOf } from '../support/raw-worker.js';
import type { Message, ServiceClient } from '../support/service-client.js';

/** The product's coordinator, but for the work it computes itself: it takes no time, and every proof verifies. */
const COORDINATOR = 'dist/bench/network/simulated-coordinator.js';
/** Longer than any test: these workers beat when their test has the time, which on a busy machine is not every second. */
const LEASE_MS = 600_000;

let coordinator: Program;
let services: RawServices;
let service: ServiceClient;
let client: ProofloomClient;
let kernelDigest: string;

async function start(
  leaseMs: number,
  more: Record<string, string> = {},
): Promise<{ program: Program; address: string; raw: RawServices }> {
  const program = Program.start(COORDINATOR, [], {
    DISTRIBUTED_SERVER_HOST: '127.0.0.1',
    DISTRIBUTED_SERVER_PORT: '0',
    DISTRIBUTED_HTTP_HOST: '127.0.0.1',
    DISTRIBUTED_HTTP_PORT: '0',
    DISTRIBUTED_LEASE: `${leaseMs}ms`,
    ...more,
  });
  const { grpcPort, httpPort } = await program.message('ready');
  const address = `127.0.0.1:${String(grpcPort)}`;
  return { program, address, raw: new RawServices(address, `http://127.0.0.1:${String(httpPort)}`) };
}

beforeAll(async () => {
  const { program, address, raw } = await start(LEASE_MS);
  [coordinator, services, service] = [program, raw, raw.workers];
  client = new ProofloomClient(`http://${address}`);
  kernelDigest = await services.kernelDigest();
});

afterAll(async () => {
  for (const one of [services, client]) one.close();
  await coordinator.stop();
  cleanUp();
});

function submit(segments: number) {
  return client.submit({ program: Buffer.from('simulated'), labels: { segments: String(segments) } });
}

describe('RegisterWorker', () => {
  it('answers with the session and the interval of heartbeats, five seconds, and ProversList shows the worker', async () => {
    const request = { worker_id: 'a-worker', compute_units: 3, kernel_digest: kernelDigest, hostname: 'host' };
    const response = await service.call('RegisterWorker', request);
    expect(response).toMatchObject({ success: true, worker_id: 'a-worker', heartbeat_interval_ms: 5000 });
    const worker = await RawWorker.register(services, 'a-worker');
    expect(await worker.listed()).toMatchObject({
      state: 'Idle',
      ineligible_reason: expect.stringContaining('stream'),
    });
    await worker.leave();
  });

  it.each([
    ['compute_units', { compute_units: 0 }],
    ['compute_units', { compute_units: 4_000_000_000 }],
    ['worker_id', { worker_id: '../x' }],
    ['hostname', { hostname: 'h'.repeat(1000) }],
    ['kernel_digest', { kernel_digest: 'no digest' }],
    ['epoch', { holdings: { held: [{ job_id: 'job', epoch: '0' }] } }],
  ])('refuses a wrong %s with INVALID_ARGUMENT, naming it', async (field, change) => {
    const request = { worker_id: 'wrong', compute_units: 1, kernel_digest: kernelDigest, ...change };
    await expect(service.call('RegisterWorker', request)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining(field),
    });
  });

  it('refuses another kernel in words', async () => {
    const request = { worker_id: 'other', compute_units: 1, kernel_digest: 'a'.repeat(64) };
    await expect(service.call('RegisterWorker', request)).resolves.toMatchObject({
      success: false,
      session_token: '',
      message: expect.stringContaining(kernelDigest),
    });
  });

  it('of a name in use makes the older session ABORTED on every call', async () => {
    const older = await RawWorker.register(services, 'twin');
    await older.receive();
    const newer = await RawWorker.register(services, 'twin');
    await expect(older.beat()).rejects.toMatchObject({ code: status.ABORTED });
    await expect(eventually(() => older.over)).resolves.toMatchObject({ error: { code: status.ABORTED } });
    await expect(newer.beat()).resolves.toMatchObject({ success: true });
    await newer.leave();
  });
});

describe('a session that is not known', () => {
  const about = { job_id: 'job-1', assignment_id: 'job-1/1', epoch: '1' };

  it.each([
    ['SendHeartbeat', {}],
    ['ReportCompletion', { ...about, leaves: [{ segment: 0, leaf: commitmentOf(0) }] }],
    ['ReportFailure', about],
  ])('is NOT_FOUND on %s: the worker registers again', async (rpc, more) => {
    const worker = await RawWorker.register(services);
    for (const session of [
      { worker_id: 'nobody', session_token: 'made-up' },
      { ...worker.session, session_token: 'made-up' },
      { ...worker.session, worker_id: 'nobody' },
      { ...worker.session, session_token: '' },
    ]) {
      await expect(service.call(rpc, { ...session, ...more })).rejects.toMatchObject({ code: status.NOT_FOUND });
    }
    await worker.leave();
    await expect(service.call(rpc, { ...worker.session, ...more })).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  it('is NOT_FOUND on ReceiveTasks', async () => {
    const over = new Promise((resolve) => {
      const stream = service.receive('ReceiveTasks', { worker_id: 'nobody', session_token: 'made-up' });
      stream.on('error', resolve);
      stream.resume();
    });
    await expect(over).resolves.toMatchObject({ code: status.NOT_FOUND });
  });

  it('is one that said nothing for a lease', async () => {
    const { program, raw } = await start(2000, { DISTRIBUTED_HEARTBEAT_INTERVAL: '1s' });
    const worker = await RawWorker.register(raw);
    const gone = eventually(async () => {
      const ids = (await raw.provers()).map(({ prover_id }) => prover_id);
      return ids.includes(worker.session.worker_id) ? undefined : true;
    });
    await expect(gone).resolves.toBe(true);
    await expect(worker.beat()).rejects.toMatchObject({ code: status.NOT_FOUND });
    raw.close();
    await program.stop();
  });
});

describe('SendHeartbeat', () => {
  it('is shown by ProversList as the last sign of life', async () => {
    const worker = await RawWorker.register(services);
    const before = await worker.listed();
    await eventually(async () => {
      await worker.beat();
      const now = await worker.listed();
      return JSON.stringify(now['last_heartbeat']) === JSON.stringify(before['last_heartbeat']) ? undefined : true;
    });
    expect((await worker.listed())['connected_at']).toEqual(before['connected_at']);
    await worker.leave();
  });

  it('names what the worker should abandon, and asks it to leave', async () => {
    const worker = await RawWorker.register(services);
    const made = { job_id: 'job-none', task_id: 'prove/1/1', epoch: '4' };
    await expect(worker.beat([made])).resolves.toMatchObject({ success: true, abandon: [made], drain: false });
    await services.admin.call('Drain', { prover_id: worker.session.worker_id, reason: 'maintenance' });
    await expect(worker.beat()).resolves.toMatchObject({ success: true, abandon: [], drain: true });
    await worker.leave();
  });

  it.each([
    ['job_id', [{ job_id: '', epoch: '1' }]],
    ['epoch', [{ job_id: 'job', epoch: '18446744073709551615' }]],
  ])('refuses a wrong %s in what is held', async (field, heldTasks) => {
    const worker = await RawWorker.register(services);
    await expect(worker.beat(heldTasks)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining(field),
    });
    await worker.leave();
  });

  it('of more than eight MiB is refused, and the coordinator lives', async () => {
    const worker = await RawWorker.register(services);
    const heldTasks = Array.from({ length: 100_000 }, () => ({ job_id: 'j'.repeat(100), epoch: '1' }));
    await expect(worker.beat(heldTasks)).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    await expect(worker.beat()).resolves.toMatchObject({ success: true });
    await worker.leave();
  });
});

describe('a job', () => {
  it('is done by one worker: tasks are pushed, each report is judged, proofs go up over HTTP', async () => {
    const worker = await RawWorker.connect(services);
    const { jobId } = await submit(2);
    const contribute = await worker.next('TASK_KIND_PARTIAL_CONTRIBUTION');
    expect(contribute).toMatchObject({ job_id: jobId, epoch: '1', lease_ms: LEASE_MS, challenge: { segments: 2 } });
    expect(segmentsOf(contribute)).toEqual([0, 1, 2]);
    const accepted = { success: true, verdict: 'VERDICT_ACCEPTED' };
    await expect(worker.complete(contribute, commitmentsFor(contribute))).resolves.toMatchObject(accepted);

    const done = new Set<number>();
    while (done.size < 3) {
      const prove = await eventually(() =>
        worker.assignments.find((a) => a['type'] === 'TASK_KIND_PROVE' && segmentsOf(a).some((s) => !done.has(s))),
      );
      for (const segment of segmentsOf(prove)) {
        const proof = await services.put(`proof ${segment}`);
        await expect(worker.complete(prove, { proofs: [{ segment, proof }] })).resolves.toMatchObject(accepted);
        done.add(segment);
      }
    }
    const aggregate = await worker.next('TASK_KIND_AGGREGATE');
    expect((aggregate['proofs'] as Message[]).map(({ segment }) => segment)).toEqual([0, 1, 2]);
    const context = aggregate['challenge'] as { leaves: Buffer };
    expect(context.leaves.equals(Buffer.concat([0, 1, 2].map(commitmentOf)))).toBe(true);
    const final = { final_proof: await services.put('the final proof') };
    await expect(worker.complete(aggregate, final)).resolves.toMatchObject(accepted);
    await expect(client.wait(jobId)).resolves.toMatchObject({ state: 'completed', failure: null });
    await expect(worker.complete(aggregate, final)).resolves.toMatchObject({
      success: false,
      verdict: 'VERDICT_STALE',
    });
    await worker.leave();
  });

  it('is told to a worker whose work it is no more: a cancellation, then stale reports', async () => {
    const worker = await RawWorker.connect(services);
    const { jobId } = await submit(1);
    const assignment = await worker.next('TASK_KIND_PARTIAL_CONTRIBUTION');
    await client.cancel(jobId, 'not wanted');
    const cancellation = await eventually(() => worker.cancellations[0]);
    expect(cancellation).toMatchObject({ job_id: jobId });
    await expect(worker.complete(assignment, commitmentsFor(assignment))).resolves.toMatchObject({
      success: false,
      verdict: 'VERDICT_STALE',
    });
    const { abandon } = await worker.beat();
    expect(abandon).toEqual(worker.heldTasks);
    await worker.leave();
  });
});

describe('ReceiveTasks', () => {
  it('sends its headers at once, and begins with what the worker holds when it is opened again', async () => {
    const worker = await RawWorker.register(services);
    await expect(worker.receive()).resolves.toBeDefined();
    const { jobId } = await submit(1);
    const assignment = await worker.next('TASK_KIND_PARTIAL_CONTRIBUTION');
    worker.stream?.cancel();
    await worker.beat();
    worker.assignments.splice(0);
    await worker.receive();
    await expect(worker.next('TASK_KIND_PARTIAL_CONTRIBUTION')).resolves.toEqual(assignment);
    await expect(worker.complete(assignment, commitmentsFor(assignment))).resolves.toMatchObject({ success: true });
    await client.cancel(jobId, 'the test is over');
    await worker.leave();
  });
});

describe('a report', () => {
  let worker: RawWorker;
  let jobId: string;
  let otherId: string;
  let assignment: Message;

  beforeAll(async () => {
    worker = await RawWorker.connect(services);
    ({ jobId } = await submit(2));
    assignment = await worker.next('TASK_KIND_PARTIAL_CONTRIBUTION');
    // Says what it holds before tests keep this process too busy to say anything for the time in which it must.
    await worker.beat();
    ({ jobId: otherId } = await submit(1));
  });

  afterAll(async () => {
    for (const id of [jobId, otherId]) await client.cancel(id, 'the test is over');
    await worker.leave();
  });

  const rejected = { success: false, verdict: 'VERDICT_REJECTED', message: expect.stringMatching(/./) };

  it.each<[string, (given: Message) => Message]>([
    ['of a made-up assignment', (given) => ({ ...given, assignment_id: 'made up' })],
    [
      'of an epoch that there never was',
      ({ job_id }) => ({ job_id, epoch: '99', assignment_id: `${String(job_id)}/99` }),
    ],
    ['that names the assignment of another job', (given) => ({ ...given, job_id: otherId })],
  ])('%s is rejected by its verdict', async (_what, change) => {
    const made = change(assignment);
    await expect(worker.complete(made, commitmentsFor(assignment))).resolves.toMatchObject(rejected);
    await expect(worker.fail(made)).resolves.toMatchObject(rejected);
  });

  it('for a job that there is not is stale', async () => {
    const made = { job_id: 'job-none', epoch: '1', assignment_id: 'job-none/1' };
    const stale = { success: false, verdict: 'VERDICT_STALE' };
    await expect(worker.complete(made, commitmentsFor(assignment))).resolves.toMatchObject(stale);
    await expect(worker.fail(made)).resolves.toMatchObject(stale);
  });

  it("of another worker's assignment is rejected", async () => {
    const thief = await RawWorker.register(services);
    await expect(thief.complete(assignment, commitmentsFor(assignment))).resolves.toMatchObject(rejected);
    await expect(thief.fail(assignment)).resolves.toMatchObject(rejected);
    await thief.leave();
  });

  it('with data of another type of task, or of segments that were not assigned, is rejected', async () => {
    const proof = { sha256: 'a'.repeat(64), size: '1' };
    await expect(worker.complete(assignment, { proofs: [{ segment: 1, proof }] })).resolves.toMatchObject(rejected);
    await expect(worker.complete(assignment, { final_proof: proof })).resolves.toMatchObject(rejected);
    const leaves = [{ segment: 77, leaf: commitmentOf(7) }];
    await expect(worker.complete(assignment, { leaves })).resolves.toMatchObject(rejected);
  });

  it.each<[string, Message, Message]>([
    ['leaves', {}, {}],
    ['final_proof', {}, { final_proof: { sha256: 'x', size: '1' } }],
    ['proofs', {}, { proofs: [{ segment: 1 }] }],
    ['task', {}, { leaves: [{ task_id: 'what/1', segment: 1, leaf: commitmentOf(1) }] }],
    ['epoch', { epoch: '0' }, { leaves: [{ segment: 1, leaf: commitmentOf(1) }] }],
    ['job_id', { job_id: '' }, { leaves: [{ segment: 1, leaf: commitmentOf(1) }] }],
    ['assignment_id', { assignment_id: '' }, { leaves: [{ segment: 1, leaf: commitmentOf(1) }] }],
  ])('with a wrong %s is INVALID_ARGUMENT, naming it', async (field, change, results) => {
    await expect(worker.complete({ ...assignment, ...change }, results)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining(field),
    });
  });

  it.each([
    [5000, status.INVALID_ARGUMENT],
    [400_000, status.RESOURCE_EXHAUSTED],
  ])('of %d results is refused', async (count, code) => {
    const leaves = Array.from({ length: count }, (_, segment) => ({ segment, leaf: commitmentOf(1) }));
    await expect(worker.complete(assignment, { leaves })).rejects.toMatchObject({ code });
  });

  it('twice is done already; a failure counts for what is left, and gives it a larger epoch', async () => {
    const first = { leaves: [{ segment: 0, leaf: commitmentOf(0) }] };
    await expect(worker.complete(assignment, first)).resolves.toMatchObject({ verdict: 'VERDICT_ACCEPTED' });
    await expect(worker.complete(assignment, first)).resolves.toMatchObject({
      success: true,
      verdict: 'VERDICT_ALREADY_DONE',
    });
    await expect(worker.fail(assignment)).resolves.toMatchObject({ success: true, verdict: 'VERDICT_ACCEPTED' });
    const again = await eventually(() =>
      worker.assignments.find(({ job_id, epoch }) => job_id === jobId && epoch !== '1'),
    );
    expect(Number(again['epoch'])).toBeGreaterThan(1);
    expect(segmentsOf(again)).toEqual(expect.not.arrayContaining([0]));
    const late = { leaves: [{ segment: 1, leaf: commitmentOf(1) }] };
    await expect(worker.complete(assignment, late)).resolves.toMatchObject({
      success: false,
      verdict: 'VERDICT_STALE',
    });
    await expect(worker.complete(again, late)).resolves.toMatchObject({ success: true });
  });
});

describe('a coordinator that stops', () => {
  it('ends the streams of workers in good order', async () => {
    const worker = await RawWorker.connect(services);
    const stopped = coordinator.stop();
    await expect(eventually(() => worker.over)).resolves.toEqual({ error: null });
    await expect(stopped).resolves.toMatchObject({ code: 0 });
    await expect(worker.leave()).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });
});
